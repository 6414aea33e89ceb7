"""The pin of a panel: a pinned panel keeps its thing and its moment, whatever is selected elsewhere."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QToolButton, QWidget

from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.selection import Selection, Thing
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.theme.icons import Icons
from tasktonic_studio.ui.widgets import accessible

_FREE = "Pin: let this panel keep what it shows, whatever is selected elsewhere"
_KEPT = "Pinned: this panel keeps what it shows. Press to follow the selection and the time again"


class PinContext(Protocol):
    """What a pin needs; a `PanelContext` has it."""

    @property
    def selection(self) -> Selection: ...
    @property
    def icons(self) -> Icons: ...
    def session(self) -> Session: ...


class Pin(QToolButton):
    """A button that is down while its panel is pinned. Ask it, not the selection, what the panel is about.

    Pinned while live a panel stays live with its thing; pinned in the past it stays at that moment. Each panel has a pin
    of its own, hands it its changes before it looks at them, and draws anew on `changed`. UI thread.
    """

    changed = Signal()
    """It was pressed or let go: what the panel has to show may be another thing now."""

    def __init__(self, context: PinContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._thing: Thing | None = None
        self._time: int | None = None
        self.setObjectName("pin")
        self.setCheckable(True)
        self.retheme()
        self.toggled.connect(self._on_toggled)
        self._describe()

    @property
    def thing(self) -> Thing | None:
        """What the panel is about: the selected thing, or the one that was when it was pinned."""
        return self._thing if self.isChecked() else self._context.selection.thing

    @property
    def time(self) -> int | None:
        """The moment the panel shows, None for live."""
        return self._time if self.isChecked() else self._context.selection.time

    @property
    def is_live(self) -> bool:
        return self.time is None

    def known(self) -> Knowledge:
        """What is known at the moment the panel shows."""
        session, time = self._context.session(), self.time
        return session.live if time is None else session.at(time)

    def take(self, changes: Changes) -> None:
        """Let go when what was pinned means nothing any more: with another target, or with the ids of another app."""
        is_of_app = self._thing is not None and self._thing.kind not in ("class", "state", "place")
        if self.isChecked() and (changes.new_target or (changes.app and changes.everything and is_of_app)):
            self.setChecked(False)

    def retheme(self) -> None:
        """Take on the theme's colours."""
        self.setIcon(self._context.icons.icon("pin", "accent" if self.isChecked() else "text"))

    def _on_toggled(self, is_pinned: bool) -> None:
        selection = self._context.selection
        self._thing, self._time = (selection.thing, selection.time) if is_pinned else (None, None)
        self._describe()
        self.retheme()
        self.changed.emit()

    def _describe(self) -> None:
        is_pinned = self.isChecked()
        self.setToolTip(_KEPT if is_pinned else _FREE)
        accessible.name(self, "Pinned" if is_pinned else "Pin this panel", self.toolTip())
