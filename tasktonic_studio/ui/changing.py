"""What the window does with changes to the app: the dialogs that ask for them, and saying what became of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from tasktonic.protocol import messages
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.dialogs.change_state import ChangeStateDialog
from tasktonic_studio.ui.dialogs.sparkles import EarlierCall, SparklesDialog
from tasktonic_studio.ui.theme.theme import Theme


class Changing(QObject):
    """Owned by the workbench, made with it.

    Args:
        session: what is known.
        send: sends a message to the app.
        tell: shows a sentence over the panels, and of which kind it is.
        theme: fonts.
        window: where dialogs belong to.
    """

    def __init__(
        self,
        session: Session,
        send: Callable[[Any], None],
        tell: Callable[[str, str], None],
        theme: Theme,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session = session
        self._send = send
        self._tell = tell
        self._theme = theme
        self._window = window
        self._earlier: list[EarlierCall] = []
        self.state_dialog: ChangeStateDialog | None = None
        self.call_dialog: SparklesDialog | None = None
        self._essence = -1
        self._asked = 0
        self._called = 0

    def ask_state(self, essence: int) -> None:
        """Let a state be chosen, then send the tonic there."""
        live = self._session.live
        facts = live.essences.get(essence)
        if facts is None:
            return
        self._essence = essence
        dialog = ChangeStateDialog(
            facts.name, live.names.states(facts.cls), live.names.state(facts.cls, facts.state), self._window
        )
        dialog.chosen.connect(self._on_state)
        dialog.finished.connect(self._on_state_closed)
        self.state_dialog = dialog
        dialog.open()

    def ask_sparkle(self, essence: int) -> None:
        """Let a sparkle be chosen and its arguments be typed, then call it."""
        live = self._session.live
        facts = live.essences.get(essence)
        if facts is None:
            return
        if self.call_dialog is not None:
            self.call_dialog.reject()
        self._essence, self._called = essence, 0
        cls = live.names.cls(facts.cls)
        dialog = SparklesDialog(facts.name, cls, self._earlier, self._on_call, self._theme, self._window)
        dialog.finished.connect(self._on_call_closed)
        self.call_dialog = dialog
        dialog.show()
        self._asked = self._session.edits.new_number()
        self._send(messages.AskSparkles(self._asked, essence))

    def on_changes(self, changes: Changes) -> None:
        """Say what became of requests: a refusal is never silent."""
        if changes.new_target:
            for dialog in (self.state_dialog, self.call_dialog):
                if dialog is not None:
                    dialog.reject()
        for answer in changes.answers:
            if isinstance(answer, messages.Sparkles):
                if self.call_dialog is not None and answer.request == self._asked:
                    self.call_dialog.show_sparkles(answer.rows, answer.problem)
            elif isinstance(answer, messages.Answer):
                self._take(answer)

    def _take(self, answer: messages.Answer) -> None:
        if self.call_dialog is not None and answer.request == self._called and self._called:
            self.call_dialog.say(answer.text or "It was called.", is_problem=not answer.ok)
        elif answer.text:
            self._tell(answer.text, "info" if answer.ok else "warning")

    def _on_state(self, state: str) -> None:
        self._send(messages.ChangeState(self._session.edits.new_number(), self._essence, state))

    def _on_call(self, sparkle: str, arguments: str) -> None:
        self._called = self._session.edits.new_number()
        self._send(messages.Call(self._called, self._essence, sparkle, arguments))

    def _on_state_closed(self) -> None:
        self.state_dialog = None

    def _on_call_closed(self) -> None:
        if self.sender() is self.call_dialog:
            self.call_dialog = None
