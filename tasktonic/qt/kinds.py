"""What each kind of widget shows: how its value is read, written and checked, and which signal tells of an edit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from PySide6.QtCore import SignalInstance
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QComboBox,
    QDoubleSpinBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QSpinBox,
)


class Kind(NamedTuple):
    """One kind of widget. ``misfit`` says in words why a value cannot be shown, else it is empty."""

    signal: Callable[[Any], SignalInstance] | None
    """What tells that its value has changed; ``None`` for what only shows."""
    read: Callable[[Any], Any]
    write: Callable[[Any, Any], None]
    misfit: Callable[[Any, Any], str]
    empty: Any = None
    """What it shows when there is no value; ``None``: what it showed before."""


def kind_of(widget: object) -> Kind | None:
    """The kind of a widget; ``None`` for one that cannot be bound."""
    for classes, kind in _KINDS:
        if isinstance(widget, classes):
            return None if kind is _TOGGLE and not widget.isCheckable() else kind
    return None


KNOWN = "QLineEdit, QPlainTextEdit, QSpinBox, QDoubleSpinBox, QSlider, QDial, QComboBox, QLabel, QProgressBar, and whatever is checkable"


def _no_text(widget: object, value: object) -> str:
    return "" if isinstance(value, str) else "it shows text (str)"


def _no_bool(widget: object, value: object) -> str:
    return "" if isinstance(value, bool) else "it shows True or False"


def _no_integer(widget: Any, value: object) -> str:
    if not isinstance(value, int) or isinstance(value, bool):
        return "it shows whole numbers (int)"
    return _out_of_range(widget, value)


def _no_number(widget: Any, value: object) -> str:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return "it shows numbers (int, float)"
    return _out_of_range(widget, value)


def _out_of_range(widget: Any, value: float) -> str:
    lowest, highest = widget.minimum(), widget.maximum()
    if lowest <= value <= highest or (isinstance(widget, QProgressBar) and lowest == highest):
        return ""
    return f"it goes from {lowest} to {highest}"


def _no_choice(box: QComboBox, value: object) -> str:
    if (box.isEditable() and isinstance(value, str)) or _index_of(box, value) >= 0:
        return ""
    choices = [repr(_choice(box, index)) for index in range(box.count())]
    return f"its choices are {', '.join(choices) or 'none yet: fill it first'}"


def _choice(box: QComboBox, index: int) -> Any:
    data = box.itemData(index)
    return box.itemText(index) if data is None else data


def _index_of(box: QComboBox, value: object) -> int:
    """Compared in Python: Qt holds 1 and True, and 1 and '1', for the same."""
    found = (
        index
        for index in range(box.count())
        if type(_choice(box, index)) is type(value) and _choice(box, index) == value
    )
    return next(found, -1)


def _read_choice(box: QComboBox) -> Any:
    index = box.currentIndex()
    is_typed = box.isEditable() and box.currentText() != box.itemText(index)
    return box.currentText() if is_typed else _choice(box, index) if index >= 0 else None


def _chosen(box: QComboBox) -> SignalInstance:
    # Two choices may look alike; only what is typed has no index.
    return box.currentTextChanged if box.isEditable() else box.currentIndexChanged


def _choose(box: QComboBox, value: Any) -> None:
    index = _index_of(box, value)
    if index >= 0:
        box.setCurrentIndex(index)
        if box.isEditable():
            box.setEditText(box.itemText(index))
    else:
        box.setEditText(value)


def _write_text(field: QLineEdit, text: str) -> None:
    at = field.cursorPosition()  # whoever types there goes on where they were
    field.setText(text)
    field.setCursorPosition(min(at, len(text)) if field.hasFocus() else len(text))


def _anything(widget: object, value: object) -> str:
    return ""


_TEXT = Kind(lambda w: w.textChanged, lambda w: w.text(), _write_text, _no_text, "")
_LONG_TEXT = Kind(lambda w: w.textChanged, lambda w: w.toPlainText(), lambda w, v: w.setPlainText(v), _no_text, "")
_TOGGLE = Kind(lambda w: w.toggled, lambda w: w.isChecked(), lambda w, v: w.setChecked(v), _no_bool)
_INTEGER = Kind(lambda w: w.valueChanged, lambda w: w.value(), lambda w, v: w.setValue(v), _no_integer)
_NUMBER = Kind(lambda w: w.valueChanged, lambda w: w.value(), lambda w, v: w.setValue(v), _no_number)
_CHOICE = Kind(_chosen, _read_choice, _choose, _no_choice)
SHOWN = Kind(None, lambda w: w.text(), lambda w, v: w.setText(v), _anything, "")
_PROGRESS = Kind(None, lambda w: w.value(), lambda w, v: w.setValue(round(v)), _no_number)

_KINDS: tuple[tuple[Any, Kind], ...] = (
    (QLineEdit, _TEXT),
    (QPlainTextEdit, _LONG_TEXT),
    (QSpinBox, _INTEGER),
    (QDoubleSpinBox, _NUMBER),
    (QAbstractSlider, _INTEGER),
    (QComboBox, _CHOICE),
    (QLabel, SHOWN),
    (QProgressBar, _PROGRESS),
    ((QAbstractButton, QGroupBox, QAction), _TOGGLE),
)
