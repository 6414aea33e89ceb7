"""What the window has shown in the windows of the watched app: the widget of the tonic under the pointer, and picking by a click."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QCursor, QKeyEvent
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from tasktonic.protocol import messages
from tasktonic_studio.commands.things import essence_of
from tasktonic_studio.commands.widget_commands import CAPABILITY
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.selection import Selection, Thing
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.tips import plain_tip
from tasktonic_studio.ui.widgets.throttle import Throttle

HOVER_MS: Final = 60
"""A pointer that passes over many rows asks for few of them."""
PICKING: Final = "Click on a widget in the app's window to choose its tonic. Esc ends it, here and there."


class ShowingInApp(QObject):
    """Owned by the workbench, made with it.

    Args:
        session: what is known.
        selection: what is selected, and what is under the pointer.
        send: sends a message to the app.
        say: shows a sentence over the panels, and of which kind it is.
        unsay: takes it away again.
        refresh: has commands say anew whether they are on.
        go_to_ledger: brings the ledger to the front.
        window: the window.
    """

    def __init__(
        self,
        session: Session,
        selection: Selection,
        send: Callable[[Any], None],
        say: Callable[[str, str], None],
        unsay: Callable[[str], None],
        refresh: Callable[[], None],
        go_to_ledger: Callable[[], None],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session = session
        self._selection = selection
        self._send = send
        self._say = say
        self._unsay = unsay
        self._refresh = refresh
        self._go_to_ledger = go_to_ledger
        self._window = window
        self.kept = -1
        """The tonic that is shown until one says otherwise."""
        self._asked = -1
        """What was asked for last."""
        self._request = 0
        self._kept_request = 0
        """The request of the command: what becomes of that is said in words."""
        self.is_picking = False
        self._look = Throttle(HOVER_MS, self._ask, self)
        self._undo = selection.watch(self._look.ask)

    def finish(self) -> None:
        """The window closes for good."""
        self._undo()
        self._look.stop()
        self._listen_for_escape(False)

    def show(self, essence: int) -> None:
        """Keep the widget of this tonic outlined; the same again lets it go."""
        self.kept = -1 if self.kept == essence else essence
        self._asked = -2  # ask in any case: it may have come to the front meanwhile
        self._ask()
        self._kept_request = self._request if self.kept >= 0 else 0
        self._listen_for_escape(self.kept >= 0 or self.is_picking)
        self._refresh()

    def pick(self) -> None:
        """Begin to pick, or end it."""
        self._set_picking(not self.is_picking)
        self._send(messages.PickWidget(self._session.edits.new_number(), self.is_picking))

    def on_changes(self, changes: Changes) -> None:
        """What the app says of it."""
        if changes.new_target or changes.ended:
            self.kept = self._asked = -1
            self._set_picking(False)
        for answer in changes.answers:
            if isinstance(answer, messages.WidgetPicked):
                self._take(answer)
            elif isinstance(answer, messages.WidgetShown) and answer.request == self._kept_request and answer.problem:
                self._say(answer.problem, "info")
            elif isinstance(answer, messages.WidgetShown) and answer.request == self._request and answer.hidden:
                QToolTip.showText(QCursor.pos(), plain_tip(answer.problem), self._window)

    # ---- inside

    def _wanted(self) -> int:
        live = self._session.live
        target = live.target
        if not target.is_alive or not target.qt or CAPABILITY not in target.capabilities or self.is_picking:
            return -1
        hovered = essence_of(live, self._selection.hovered) if self._selection.hovered is not None else -1
        facts = live.essences.get(hovered)
        return hovered if facts is not None and facts.is_alive else self.kept

    def _ask(self) -> None:
        wanted = self._wanted()
        if wanted != self._asked and not self.is_picking and (wanted >= 0 or self._asked != -1):
            self._asked = wanted
            if self._session.live.target.is_alive:
                self._request = self._session.edits.new_number()
                self._send(messages.ShowWidget(self._request, wanted))

    def _take(self, picked: messages.WidgetPicked) -> None:
        if not self.is_picking:
            return
        if not picked.over:
            self._selection.hover(Thing("essence", picked.essence))
            return
        self._set_picking(False)
        self._selection.hover(None)
        if picked.essence >= 0:
            self._selection.select(Thing("essence", picked.essence))
            self._go_to_ledger()
            self._window.raise_()
            self._window.activateWindow()
        self._say(picked.words, "info")

    def _set_picking(self, on: bool) -> None:
        if on != self.is_picking:
            self.is_picking = on
            self._asked = -1
            if on:
                self._say(PICKING, "info")
            else:
                self._unsay(PICKING)
            self._listen_for_escape(on or self.kept >= 0)
            self._refresh()

    def _listen_for_escape(self, on: bool) -> None:
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
            if on:
                app.installEventFilter(self)

    @guarded(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape in the Studio ends what was begun here."""
        is_key = event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent)
        if not is_key or not isinstance(watched, QWidget) or event.key() != Qt.Key.Key_Escape:  # type: ignore[attr-defined]
            return False
        if QApplication.activeModalWidget() is not None or QApplication.activePopupWidget() is not None:
            return False  # it is for them
        if self.is_picking:
            self.pick()
        elif self.kept >= 0:
            self.show(self.kept)
        return True
