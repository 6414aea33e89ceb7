"""Breakpoints beside the lines of a source: dots where one is set on a handler's sparkle, and a click that sets one."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from tasktonic.rules import Breakpoint, Term, ttBreakpointError
from tasktonic_studio.analysis.handlers import Handler, handler_in, handlers_of
from tasktonic_studio.session.breakpoints import Breakpoints
from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor
from tasktonic_studio.ui.panels.editor.marks import Mark, breakpoint_mark
from tasktonic_studio.ui.panels.editor.page import EditorPage
from tasktonic_studio.ui.panels.editor.view import EditorView
from tasktonic_studio.ui.widgets.throttle import Throttle

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

LOOK_MS: Final = 300
"""After a change a text is looked through at most this often."""
NO_HANDLER: Final = "Breakpoints stand on handlers. Click beside a line of one, such as ttse__on_start."
_ABOUT: Final = "breakpoint"


class BreakpointDots(QObject):
    """Made by the editor panel with its view, let go by `finish`."""

    def __init__(self, view: EditorView, context: PanelContext) -> None:
        super().__init__(view)
        self._view = view
        self._context = context
        self._handlers: dict[EditorPage, tuple[Handler, ...]] = {}
        """Of the pages whose text was not changed since it was looked through."""
        self._look = Throttle(LOOK_MS, self.show_all, self)
        self._undo = self._points.watch(self._look.ask)
        view.texts_changed.connect(self._look.ask)
        view.page_renamed.connect(self._look.ask)
        view.margin_clicked.connect(self._on_margin)
        view.editor_made.connect(self._on_editor)
        for page in view.pages():
            for editor in page.editors:
                self._on_editor(page, editor)

    @property
    def _points(self) -> Breakpoints:
        return self._context.session().breakpoints

    def finish(self) -> None:
        """The window closes for good."""
        self._undo()
        self._look.stop()

    def show_all(self) -> None:
        """Show where breakpoints are, in every open file."""
        points, pages = self._points.all, list(self._view.pages())
        self._handlers = {page: known for page, known in self._handlers.items() if page in pages}
        for page in pages:
            page.show_breakpoints(marks_of(self._of(page), points) if points else [])

    def _on_editor(self, page: EditorPage, editor: CodeEditor) -> None:
        editor.changed.connect(partial(self._on_changed, page))

    def _on_changed(self, page: EditorPage) -> None:
        self._handlers.pop(page, None)

    def _of(self, page: EditorPage) -> tuple[Handler, ...]:
        if not page.is_python:
            return ()  # and not kept: it may get another name
        if page not in self._handlers:
            self._handlers[page] = handlers_of(page.editor.text())
        return self._handlers[page]

    def _on_margin(self, page: EditorPage, line: int) -> None:
        handler = handler_in(self._of(page), line)
        if handler is None:
            page.bar.say(_ABOUT, NO_HANDLER, (("Close", partial(page.bar.take_back, _ABOUT)),))
            return
        page.bar.take_back(_ABOUT)
        try:
            self._points.toggle(term_of(handler))
            problem = self._context.why_not("breakpoints.add")  # of the app that is watched
        except ttBreakpointError as error:
            problem = str(error)
        if problem:
            page.bar.say(_ABOUT, problem, (("Close", partial(page.bar.take_back, _ABOUT)),), problem=True)
        self.show_all()


def term_of(handler: Handler) -> Term:
    """What a breakpoint on a handler says."""
    return Term("sparkle", handler.sparkle, handler.cls)


def marks_of(handlers: Iterable[Handler], points: Iterable[Breakpoint]) -> list[Mark]:
    """A mark for each handler on whose sparkle a breakpoint is set, by class and name."""
    is_on: dict[tuple[str, str], bool] = {}
    for point in points:
        for term in point.terms:
            if term.kind == "sparkle" and not term.negated:
                key = (term.cls, term.what)
                is_on[key] = is_on.get(key, False) or point.enabled
    return [
        breakpoint_mark(handler.line, f"{handler.cls}.{handler.sparkle}", is_on=is_on[handler.cls, handler.sparkle])
        for handler in handlers
        if (handler.cls, handler.sparkle) in is_on
    ]
