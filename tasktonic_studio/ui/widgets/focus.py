"""Giving the focus on to what is meant, without Tab losing its way."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


class FocusLeader(QWidget):
    """A widget that gives the focus on to one inside it: who gives it to a panel means the list in it.

    Qt's focus proxy does so as well, but then Tab comes to the proxy first and goes on from there: the search line and all else
    that stands before it is never reached.
    """

    _leads_to: QWidget | None = None

    def lead_focus_to(self, target: QWidget) -> None:
        """Give the focus to this from now on."""
        self._leads_to = target

    @property
    def focus_target(self) -> QWidget:
        """What gets the focus in the end."""
        target = self._leads_to
        if target is None:
            return self
        return target.focus_target if isinstance(target, FocusLeader) else target

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        # Not target.setFocus: Scintilla has a method of its own under that name.
        QWidget.setFocus(self.focus_target, reason)
