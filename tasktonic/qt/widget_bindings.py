"""A widget bound to a place in a store: it shows what is there, and an edit goes there.

Both ways end in Qt's thread and look at what is there *now*: an edit is written before the next one can be made, and news of
the store, from whatever thread, makes the widget show the store's value at the time the loop comes to it. So the two end up
alike however writes cross, an edit does not come back to the widget (it has that value), and a thousand changes while
the loop is busy are shown once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import shiboken6

from ..current import acting
from ..failures import report_failure
from ..store import Item
from .errors import ttWidgetBindingError
from .kinds import KNOWN, SHOWN, Kind, kind_of


def _nothing() -> None:
    """There is nothing to undo yet."""


AS_IT_IS = "{}"


class WidgetBinding:
    """One widget and one place in a store. Made by ``bind_widget``; ends with the tonic, with the widget, or by ``close``.

    Args:
        tonic: in whose name edits are written, and whose ``ttse__on_error`` hears of values that cannot be shown.
        widget: any of ``KNOWN``.
        item: the place.
        shown_as: for a label, how a value becomes text.
        in_loop: has something called in Qt's thread; may be called from any thread.

    Raises:
        ttWidgetBindingError: the widget cannot be bound, or what is there now cannot be shown.
    """

    def __init__(
        self, tonic: Any, widget: Any, item: Item, shown_as: str, in_loop: Callable[[Callable[[], None]], None]
    ) -> None:
        self._tonic, self._widget, self._item = tonic, widget, item
        self._in_loop = in_loop
        self._kind = self._checked_kind()
        self._shown_as = self._checked_text(shown_as)
        self._is_called_for = False
        """Whether the loop has been asked to show what is there. Any thread."""
        self._is_showing = False
        self._said = ""
        """What was said of a value that cannot be shown; it is said once."""
        self._is_open = False
        self._undo: Callable[[], object] = _nothing

    def open(self) -> None:
        """Begin: the store's value is shown; where there is none, the widget's goes there. In Qt's thread."""
        value = self._item.v
        if value is not None:
            self._show(value)
        self._is_open = True
        self._undo = self._item.subscribe("", self._on_news, recursive=False)
        self._widget.destroyed.connect(self._on_destroyed)
        if self._kind.signal is not None:
            self._kind.signal(self._widget).connect(self._on_edit)
            if value is None:
                self._on_edit()
        self._on_news([])  # there may be some that was written since we looked

    def close(self) -> None:
        """Bind no longer; both keep what they have. Harmless when it is closed. In Qt's thread."""
        if self._is_open and shiboken6.isValid(self._widget):
            self._widget.destroyed.disconnect(self._on_destroyed)
            if self._kind.signal is not None:
                self._kind.signal(self._widget).disconnect(self._on_edit)
        self._on_destroyed()

    def _on_destroyed(self, *_: object) -> None:
        """The widget goes: from here on nothing touches it. In Qt's thread."""
        self._is_open = False
        self._undo()
        self._tonic._tt_widget_bindings.discard(self)

    def _checked_kind(self) -> Kind:
        kind = kind_of(self._widget)
        if kind is None:
            is_button = hasattr(self._widget, "isCheckable") and not self._widget.isCheckable()
            why = "is not checkable" if is_button else "has no value that could be bound"
            raise ttWidgetBindingError(
                f"{self._tonic.name}: {self._named()} {why}. Bind one of these: {KNOWN}. Or subscribe to the store and set the "
                "widget in a sparkle."
            )
        return kind

    def _checked_text(self, shown_as: str) -> str:
        if shown_as != AS_IT_IS and self._kind is not SHOWN:
            raise ttWidgetBindingError(
                f"{self._tonic.name}: {self._named()} shows values as they are; shown_as={shown_as!r} is for a QLabel."
            )
        return shown_as

    def _named(self) -> str:
        name = getattr(self._widget, "objectName", str)()
        return f"{name} (a {type(self._widget).__name__})" if name else f"a {type(self._widget).__name__}"

    def _on_news(self, changes: object) -> None:
        """The store has changed. In the thread of whoever wrote."""
        if not self._is_called_for and self._is_open:
            self._is_called_for = True
            self._in_loop(self._look)

    def _look(self) -> None:
        """Show what the store holds now. In Qt's thread."""
        self._is_called_for = False
        if not self._is_open or not shiboken6.isValid(self._widget):
            return
        try:
            self._show(self._item.v)
        except Exception as error:  # it runs in Qt's loop, which would only mutter
            if str(error) != self._said:
                self._said = str(error)
                order: Any = (self._tonic, "bind_widget", 0, None, None, "outside")
                report_failure(self._tonic.ledger, order, error)

    def _show(self, value: Any) -> None:
        kind = self._kind
        if value is None:
            value = kind.empty
            if value is None:
                return
        else:
            value = self._fitting(value)
        self._said = ""
        shown = kind.read(self._widget)
        if shown == value and type(shown) is type(value):
            return
        self._is_showing = True
        try:
            kind.write(self._widget, value)
        finally:
            self._is_showing = False

    def _fitting(self, value: Any) -> Any:
        """What the widget shows for a value that is there.

        Raises:
            ttWidgetBindingError: it cannot show that.
        """
        misfit = self._kind.misfit(self._widget, value)
        if self._kind is SHOWN:
            try:
                return self._shown_as.format(value)
            except (ValueError, TypeError, LookupError, AttributeError) as error:
                misfit = f"shown_as={self._shown_as!r} does not take it ({error})"
        if not misfit:
            return value
        raise ttWidgetBindingError(
            f"{self._tonic.name}: {self._named()} is bound to {self._item.path!r} and cannot show what is there, {value!r:.60} "
            f"(a {type(value).__name__}): {misfit}. It keeps what it shows; store a value that fits, or bind another widget."
        )

    def _on_edit(self, *_: object) -> None:
        """The widget has changed. In Qt's thread."""
        if self._is_showing or not self._is_open:
            return
        value = self._kind.read(self._widget)
        if value is not None:
            with acting(self._tonic):
                self._item.v = value
