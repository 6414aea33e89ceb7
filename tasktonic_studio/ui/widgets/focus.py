"""Giving the focus on to what is meant, without Tab losing its way."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QStackedLayout, QStackedWidget, QWidget

from tasktonic_studio.ui.widgets.empty_state import EmptyState


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


def has_focus(widget: QWidget | None) -> bool:
    """Whether the keyboard is in a widget or in something inside it."""
    focus = QApplication.focusWidget()
    return widget is not None and focus is not None and (focus is widget or widget.isAncestorOf(focus))


def turn_page(stack: QStackedWidget | QStackedLayout, page: QWidget, target: QWidget | None = None) -> None:
    """Bring a page to the front. The keyboard goes from the one before it to ``target``, or to where Qt thinks fit.

    A widget that is hidden while it has the keyboard gives it on by Tab, from panel to panel, until that comes to one in sight.
    """
    focus = QApplication.focusWidget()
    has_target = target is not None and focus is not None and has_focus(stack.currentWidget())
    if has_target and focus is not None:
        focus.clearFocus()
    stack.setCurrentWidget(page)
    if has_target and target is not None:
        target.setFocus()


def keys_go_to(widget: QWidget) -> QWidget:
    """What takes the keyboard when this widget is brought to the front."""
    target = widget.focus_target if isinstance(widget, FocusLeader) else widget
    if not target.isVisibleTo(widget):
        # It shows something else, such as what to do where there is nothing yet.
        target = widget
    return _first_focusable(target) or target


def _first_focusable(widget: QWidget) -> QWidget | None:
    """Where the keyboard goes in a panel: its list, tree or text, or what stands in their place while there is nothing yet.

    Else the first thing that Tab reaches. Not a search line while the list is still empty: what one presses next is meant
    for the window, and would be typed into it. From what is there instead Qt gives the focus on to the list when that comes.
    """
    seen = [each for each in _with_all_inside(widget) if each.isVisibleTo(widget) and each.isEnabled()]
    reachable = [each for each in seen if each.focusPolicy() & Qt.FocusPolicy.TabFocus]
    contents = [each for each in reachable if isinstance(each, QAbstractScrollArea)]
    instead = [each.first_button() or each for each in seen if isinstance(each, EmptyState)]
    return next(iter(contents or instead or reachable), None)


def _with_all_inside(widget: QWidget) -> Iterator[QWidget]:
    """A widget and what is inside of it and not hidden, in the order in which it was put there. No windows that merely belong to it.

    Not by `nextInFocusChain`: PySide takes what that returns for a child of the widget that was asked. Once the chain was
    followed all widgets of the window are children of one another for it. The next one that is deleted then takes the
    wrappers of the others with it: headers and scroll bars in use are "already deleted", and soon the process ends. Nor by
    `children`: for what is no widget and was never looked at before, PySide makes classes first, a hundredth of a second for a panel.
    """
    yield widget
    for child in widget.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
        if not child.isWindow() and not child.isHidden():
            yield from _with_all_inside(child)
