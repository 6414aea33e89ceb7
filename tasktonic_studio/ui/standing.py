"""How it stands with the target, at the edges of the window: the strip at its foot, and the bar while the app is held."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QWidget

from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.held_bar import HeldBar
from tasktonic_studio.ui.marking import Marking
from tasktonic_studio.ui.panel import PanelContext
from tasktonic_studio.ui.status_bar import StatusStrip
from tasktonic_studio.ui.widgets.command_menu import CommandMenu

STRIP_EVERY_S: Final = 0.2
"""The status strip is read, not watched: five times a second is enough."""

CATALYST_MENU: Final = (
    "run.hold_catalyst",
    "run.release_catalyst",
    "run.step",
    "run.next_timer",
    "",
    "run.hold",
    "run.start",
    "",
    "selection.show_in_inspector",
    "selection.copy_name",
)
"""What can be done to a catalyst, at its pill."""


class Standing(QObject):
    """Draws strip and bar, and does what is asked at the strip. Owned by the workbench, made with it.

    Args:
        strip: at the foot of the window.
        held_bar: over the panels.
        session: what is known of the target.
        context: of the panels: what is shown now, and how commands are run.
        marking: knows the note of the moment that is looked at.
        stop_recording: ends the recording.
        show_details: brings the panel to the front that tells about what is selected.
        window: where the menu belongs to.
    """

    def __init__(
        self,
        strip: StatusStrip,
        held_bar: HeldBar,
        session: Session,
        context: PanelContext,
        marking: Marking,
        stop_recording: Callable[[], None],
        show_details: Callable[[], None],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._strip = strip
        self._held_bar = held_bar
        self._session = session
        self._context = context
        self._marking = marking
        self._show_details = show_details
        self._window = window
        self._drawn_s = 0.0
        strip.go_live.connect(self._on_go_live)
        strip.catalyst_chosen.connect(self._on_catalyst)
        strip.catalyst_menu_wanted.connect(self._on_catalyst_menu)
        strip.recording.stop_wanted.connect(stop_recording)
        strip.recording.save_wanted.connect(self._on_save_wanted)

    def draw(self) -> None:
        """Show how it stands now."""
        self._drawn_s = time.monotonic()
        live = self._session.live
        self._strip.show_known(live, self._context.known(), is_live=self._context.selection.time is None)
        self._strip.show_mark(self._marking.note_of_moment())
        self._held_bar.show_known(live)

    def draw_now_and_then(self) -> None:
        """Show how it stands now, unless that was done a moment ago."""
        if time.monotonic() - self._drawn_s >= STRIP_EVERY_S:
            self.draw()

    def _on_go_live(self) -> None:
        self._context.run("time.go_live")

    def _on_save_wanted(self) -> None:
        self._context.run("file.save_run")

    def _on_catalyst(self, catalyst: int) -> None:
        self._context.selection.select(Thing("catalyst", catalyst))
        self._show_details()

    def _on_catalyst_menu(self, catalyst: int, at: QPoint) -> None:
        self._context.selection.select(Thing("catalyst", catalyst))
        CommandMenu(self._window, self._context, CATALYST_MENU).popup(at)
