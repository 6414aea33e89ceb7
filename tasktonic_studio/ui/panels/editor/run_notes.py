"""Beside the code what a run did there: how often each handler ran, how long the last time, and the one that runs."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QObject

from tasktonic.events import NO_ESSENCE
from tasktonic_studio.analysis.outline import Item
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.handler_figures import Figures, HandlerFigures
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor
from tasktonic_studio.ui.panels.editor.documents import real_path
from tasktonic_studio.ui.panels.editor.hints import LineNote
from tasktonic_studio.ui.panels.editor.marks import Mark, runs_mark
from tasktonic_studio.ui.panels.editor.outlines import Outlines
from tasktonic_studio.ui.panels.editor.page import EditorPage
from tasktonic_studio.ui.panels.editor.view import EditorView
from tasktonic_studio.ui.widgets.figures import duration, moment
from tasktonic_studio.ui.widgets.throttle import Throttle

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

FRAME_MS: Final = 33
SETTING: Final = "editor.figures"


class _Handler(NamedTuple):
    """A method that the app told of, as it can be found in a source."""

    file: str
    classes: tuple[str, ...]
    """The class and its bases, nearest first: the method may stand in any of them."""
    method: str
    state: str
    """In which the tonic was, for the tip."""


class RunNotes(QObject):
    """Notes behind the handlers on screen, for the moment that is shown. Made by the editor panel with its view."""

    def __init__(self, view: EditorView, context: PanelContext, outlines: Outlines) -> None:
        super().__init__(view)
        self._view = view
        self._context = context
        self._outlines = outlines
        self._figures = HandlerFigures()
        self._handlers: dict[tuple[int, int], _Handler | None] = {}
        self._marked: EditorPage | None = None
        self._look = Throttle(FRAME_MS, self.show_all, self)
        view.editor_made.connect(self._on_editor)
        view.tabs.currentChanged.connect(self._look.ask)
        outlines.changed.connect(self._look.ask)

    def _on_editor(self, _page: object, editor: CodeEditor) -> None:
        editor.scrolled.connect(self._look.ask)
        self._look.ask()

    def finish(self) -> None:
        """The window closes for good."""
        self._look.stop()

    def on_changes(self, changes: Changes) -> None:
        """Something ran, or another moment is shown."""
        if changes.everything or changes.names or changes.app:
            self._handlers.clear()
        if changes.everything or changes.runs or changes.catalysts or changes.names or changes.app:
            self._look.ask()

    def show_all(self) -> None:
        """Bring the notes of the file in front up to date; only lines on screen get one."""
        page = self._view.page()
        if page is None:
            return
        if not self._context.settings.flag(SETTING):
            self._show(page, {}, [])
            return
        known = self._context.known()
        if not len(known.runs) and not known.catalysts:
            # Nothing ran: the text need not be looked through.
            self._show(page, {}, [])
            return
        counted = self._figures.at(known)
        items = self._items(page)
        path = str(page.document.path)
        by_item: dict[Item, list[tuple[str, Figures]]] = {}
        for key in counted.keys():  # noqa: SIM118 - it is no mapping
            handler = self._handler(known, key)
            item = _found(items, handler, path)
            if item is not None and handler is not None:
                by_item.setdefault(item, []).append((handler.state, counted[key]))
        began_ns = known.app.began_ns
        notes = {item.line: _note(item, parts, began_ns) for item, parts in by_item.items()}
        self._show(page, notes, self._running(known, items, path))
        if not counted.is_all:
            self._look.ask()

    def _show(self, page: EditorPage, notes: dict[int, LineNote], marks: list[Mark]) -> None:
        page.editor.set_line_notes(notes)
        page.show_run_marks(marks)

    def _items(self, page: EditorPage) -> dict[tuple[str, str], Item]:
        """The handlers on screen by class and method; of several with one name Python takes the last."""
        shown: set[int] = set()
        for editor in page.editors:
            first = editor.first_visible_line()
            shown.update(range(first, first + editor.visible_line_count() + 2))
        items = self._outlines.of(page) or ()
        return {(item.cls, item.name): item for item in items if item.kind == "sparkle" and item.line in shown}

    def _handler(self, known: Knowledge, key: tuple[int, int]) -> _Handler | None:
        """What ran, for a sparkle and the state before."""
        if key not in self._handlers:
            self._handlers[key] = _handler_of(known, *key)
        return self._handlers[key]

    def _running(self, known: Knowledge, items: dict[tuple[str, str], Item], path: str) -> list[Mark]:
        marks: list[Mark] = []
        for catalyst in known.catalysts.values():
            facts = known.essences.get(catalyst.inside) if catalyst.inside != NO_ESSENCE else None
            if facts is None or not catalyst.alive:
                continue
            item = _found(items, _handler_of(known, catalyst.inside_sparkle, facts.state), path)
            if item is not None:
                marks.append(runs_mark(item.line, facts.name, item.called))
        return marks


def _handler_of(known: Knowledge, sparkle: int, state: int) -> _Handler | None:
    defined = known.names.sparkles.get(sparkle)
    cls = known.names.classes.get(defined.cls) if defined is not None else None
    if defined is None or cls is None:
        return None
    name = known.names.state(cls.cls, state) if state >= 0 else ""
    mine = [handler for handler in known.names.handlers(cls.cls) if handler.sparkle == sparkle]
    handler = next((it for it in mine if name and it.state == name), next((it for it in mine if not it.state), None))
    if handler is None:
        return None
    bases = tuple(base.strip() for base in cls.bases.split(",") if base.strip())
    return _Handler(_real(handler.file), (cls.name, *bases), handler.method, name)


def _found(items: dict[tuple[str, str], Item], handler: _Handler | None, path: str) -> Item | None:
    if handler is None or handler.file != path:
        return None
    found = (items.get((name, handler.method)) for name in handler.classes)
    return next((item for item in found if item is not None), None)


def _note(item: Item, parts: Iterable[tuple[str, Figures]], began_ns: int) -> LineNote:
    by_state: dict[str, Figures] = {}
    for state, figures in parts:
        by_state[state] = by_state[state].with_(figures) if state in by_state else figures
    total: Figures | None = None
    for figures in by_state.values():
        total = total.with_(figures) if total is not None else figures
    assert total is not None
    took = total.last_end_ns - total.last_begin_ns
    words = [f"{total.runs:,}×", f"last {duration(took)}"]
    if total.errors:
        words.append(_counted(total.errors, "error"))
    when = moment(total.last_begin_ns, began_ns)
    tip = [f"{item.called} ran {_counted(total.runs, 'time')}, the last time for {duration(took)} at {when}."]
    if total.errors:
        tip.append(f"It raised in {total.errors} of them.")
    if len(by_state) > 1:
        tip += [
            f"In state {state or '--'}: {_counted(figures.runs, 'time')}, the last time for "
            f"{duration(figures.last_end_ns - figures.last_begin_ns)}."
            for state, figures in sorted(by_state.items())
        ]
    return LineNote("  ".join(words), "\n".join(tip))


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


_REAL: Final[dict[str, str]] = {}


def _real(file: str) -> str:
    if file not in _REAL:
        _REAL[file] = str(real_path(Path(file))) if file else ""
    return _REAL[file]
