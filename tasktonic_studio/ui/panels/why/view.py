"""The widget of the panel: the question, the sentences below it, and what to say before anything was asked."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from tasktonic_studio.session.answers import NOWHERE, Link
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.why_not import Question
from tasktonic_studio.ui.panels.why.answer_list import AnswerList
from tasktonic_studio.ui.panels.why.asked import Asked, History, ask
from tasktonic_studio.ui.panels.why.model import AnswerModel
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.widgets import accessible
from tasktonic_studio.ui.widgets.command_bar import CommandButton
from tasktonic_studio.ui.widgets.command_menu import CommandMenu
from tasktonic_studio.ui.widgets.empty_state import EmptyState
from tasktonic_studio.ui.widgets.focus import FocusLeader
from tasktonic_studio.ui.widgets.pin import Pin
from tasktonic_studio.ui.widgets.shapes import Shapes
from tasktonic_studio.ui.widgets.throttle import Throttle

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

AGAIN_MS: Final = 1_000
"""A live answer is looked at again so often at most."""
CHEAP_S: Final = 0.02
"""An answer that took longer is only looked at again when somebody asks."""

MENU: Final = ("why.again", "why.copy", "", "selection.show_in_inspector", "selection.show_in_trace", "sequence.show")
_NOTHING: Final = "Nothing was asked yet"
_TEACHES: Final = (
    "Select a tonic, a run, an order, a value or a line of the log and press \\: here stands why it is so, step by step back "
    "to where it came into the app. Shift+\\ asks why something did not happen, such as a sparkle that never ran."
)


class WhyView(FocusLeader):
    """All that the panel shows. Made by the panel; the dock owns it."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._undo_watch: Any = None
        self._thing: Thing | None = None
        self._goes = False
        self._took_s = 0.0
        self.history = History()
        self.model = AnswerModel(self)
        self._shapes = Shapes(context.theme, self)
        self.list = AnswerList(self.model, context.theme, self._shapes)
        self.pin = Pin(context)
        self.question = QLabel()
        self.question.setProperty("role", "title")
        self.question.setWordWrap(True)
        self.question.setTextFormat(Qt.TextFormat.PlainText)
        self.question.setMinimumWidth(1)
        self.note = QLabel()
        self.note.setProperty("role", "muted")
        self.note.setWordWrap(True)
        self.note.setMinimumWidth(1)
        self.buttons = tuple(
            CommandButton(picture, text, tip, command)
            for picture, text, tip, command in (
                ("back", "Back", "The question before", "why.back"),
                ("forward", "Forward", "The question after", "why.forward"),
                ("restart", "Ask again", "Ask the same at the moment that is shown", "why.again"),
                ("copy", "Copy", "Put question and answer on the clipboard as text", "why.copy"),
            )
        )
        self.nothing = EmptyState(
            _NOTHING, _TEACHES, "Why not…", "why.why_not", context.run, ("Start the example plant", "run.start_example")
        )
        self._again = Throttle(AGAIN_MS, self._ask_live_again, self)
        self._build()
        for button in self.buttons:
            button.clicked.connect(self._on_button)
        self.list.followed.connect(self.go)
        self.list.hovered.connect(self._on_hover)
        self.list.customContextMenuRequested.connect(self._on_menu)
        self.pin.changed.connect(self._on_pinned)

    def _build(self) -> None:
        space = tokens.SPACE_PX
        answer = QWidget()
        inside = QVBoxLayout(answer)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(space // 2)
        above = QVBoxLayout()
        inside.addLayout(above)
        above.setContentsMargins(space, space // 2, space // 2, 0)
        above.setSpacing(space // 2)
        tools = QHBoxLayout()
        above.addLayout(tools)
        tools.setSpacing(space // 2)
        for button in self.buttons:
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
            tools.addWidget(button)
        tools.addWidget(self.note, 1)
        tools.addWidget(self.pin)
        above.addWidget(self.question)
        inside.addWidget(self.list, 1)
        self._answer = answer
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.nothing)
        self._pages.addWidget(answer)
        accessible.tab_order([*self.buttons, self.pin, self.list])
        self.lead_focus_to(self.list)

    # ---- for the panel

    def ask(self, subject: Thing | Question, *, passing: bool = False) -> None:
        """Ask at the moment that is shown, and show the answer."""
        asked = self._answered(subject, self._context.selection.time)
        self.history.show(asked, passing=passing)
        self._thing = self._context.selection.thing
        self._show()

    def ask_again(self) -> None:
        """Ask what is shown once more, at the moment that is shown now."""
        shown = self.history.shown
        if shown is not None:
            self.history.replace(self._answered(shown.subject, self._context.selection.time))
            self._show()

    def step(self, steps: int) -> None:
        """Show the question before (-1) or after (1)."""
        self.history.step(steps)
        self._show()

    def go(self, link: Link) -> None:
        """Select what a link leads to, and show the moment at which it had just happened."""
        self._goes = True
        try:
            if link.moment == NOWHERE:
                self._context.selection.select(link.thing)
            else:
                self._context.selection.go_to(link.thing, link.moment)
        finally:
            self._goes = False
        self._thing = self._context.selection.thing

    @property
    def text(self) -> str:
        """Question and answer as text; empty before anything was asked."""
        shown = self.history.shown
        return shown.answer.text if shown is not None else ""

    def watch(self) -> None:
        """Follow the selection from now on."""
        if self._undo_watch is None:
            self._undo_watch = self._context.selection.watch(self._on_selection)

    def unwatch(self) -> None:
        """Do nothing any more until `watch`."""
        self._again.stop()
        if self._undo_watch is not None:
            self._undo_watch()
            self._undo_watch = None

    def finish(self) -> None:
        """The window closes for good."""
        self.unwatch()

    def on_changes(self, changes: Changes) -> None:
        """A live answer may be another one by now."""
        self.pin.take(changes)
        if changes.new_target or (changes.app and changes.everything):
            self.history.clear()
            self._thing = self._context.selection.thing
            self._show()
        self._on_selection()
        shown = self.history.shown
        is_followed = shown is not None and shown.time is None and not self.pin.isChecked()
        if is_followed and self._context.selection.is_live and self._took_s < CHEAP_S:
            self._again.ask()

    def retheme(self) -> None:
        """Take on the theme's colours and fonts."""
        for button in self.buttons:
            button.setIcon(self._context.icons.icon(button.picture))
        self.pin.retheme()
        self.list.retheme()

    def flush(self) -> None:
        """Do now what was put off."""
        self._again.flush()

    # ---- inside

    def _answered(self, subject: Thing | Question, at: int | None) -> Asked:
        began = time.thread_time()  # what other programs do is not in it
        asked = ask(self._context.session(), subject, at)
        self._took_s = time.thread_time() - began
        return asked

    def _ask_live_again(self) -> None:
        shown = self.history.shown
        if shown is None or shown.time is not None or not self._context.selection.is_live or self.pin.isChecked():
            return
        asked = self._answered(shown.subject, None)
        if asked.answer.sentences != shown.answer.sentences:
            self.history.replace(asked)
            self._show()

    def _show(self) -> None:
        shown = self.history.shown
        row = self.list.currentIndex().row()
        self.model.show(shown.answer if shown is not None else None)
        self._pages.setCurrentWidget(self._answer if shown is not None else self.nothing)
        if shown is None:
            return
        self.question.setText(shown.answer.question)
        self.note.setText(_note(shown))
        accessible.name(self.list, shown.answer.question, f"{len(shown.answer.sentences)} sentences. {_note(shown)}")
        self.list.setCurrentIndex(self.model.index(max(min(row, self.model.rowCount() - 1), 0), 0))
        self.buttons[0].setEnabled(self.history.can_go_back)
        self.buttons[1].setEnabled(self.history.can_go_forward)

    def _on_selection(self) -> None:
        """Unless pinned, the panel is about what is selected; what it selected itself is a part of its answer."""
        thing = self._context.selection.thing
        if self._goes or self.pin.isChecked() or thing == self._thing:
            return
        self._thing = thing
        if thing is not None and thing.kind not in ("class", "place"):
            self.ask(thing, passing=True)

    def _on_hover(self, thing: Thing | None) -> None:
        self._context.selection.hover(thing)

    def _on_pinned(self) -> None:
        if not self.pin.isChecked():
            self._on_selection()

    def _on_button(self) -> None:
        button = self.sender()
        if isinstance(button, CommandButton):
            self._context.run(button.command)

    def _on_menu(self, at: QPoint) -> None:
        index = self.list.indexAt(at)
        sentence = self.model.sentence(index.row()) if index.isValid() else None
        menu = CommandMenu(self, self._context, MENU)
        links = dict.fromkeys(sentence.links) if sentence is not None else {}
        if links:
            menu.addSeparator()
        for link in links:
            line = QAction(f"Go to {link.text}".replace("&", "&&"), menu)
            line.triggered.connect(_Goes(self, link))
            menu.addAction(line)
        menu.popup(self.list.viewport().mapToGlobal(at))


class _Goes:
    """Follows one link; a closure in a loop would see the last one."""

    def __init__(self, view: WhyView, link: Link) -> None:
        self._view, self._link = view, link

    def __call__(self, _checked: bool = False) -> None:
        self._view.go(self._link)


def _note(asked: Asked) -> str:
    if asked.answer.is_exact:
        return "" if asked.time is None else "As it was at the shown moment."
    return "Not all is in the record; see the end."
