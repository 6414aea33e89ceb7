"""Widgets, places and values that can't be bound: each is refused or reported in a sentence."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QProgressBar,
    QPushButton,
    QSlider,
    QSpinBox,
)

from tasktonic.qt import ttWidgetBindingError
from tests.framework.qt.bound import choices, steps

MISFITS = [
    (QLineEdit, 3, "3 (a int): it shows text (str)"),
    (QSpinBox, "3", "'3' (a str): it shows whole numbers (int)"),
    (QSpinBox, True, "True (a bool): it shows whole numbers (int)"),
    (QSpinBox, 3.5, "3.5 (a float): it shows whole numbers (int)"),
    (QSpinBox, 100, "100 (a int): it goes from 0 to 99"),
    (QDoubleSpinBox, "x", "'x' (a str): it shows numbers (int, float)"),
    (QSlider, -1, "-1 (a int): it goes from 0 to 99"),
    (QCheckBox, 1, "1 (a int): it shows True or False"),
    (QProgressBar, None.__class__, "<class 'NoneType'> (a type): it shows numbers (int, float)"),
    (lambda: choices("red", "green"), "blue", "'blue' (a str): its choices are 'red', 'green'"),
    (choices, "blue", "'blue' (a str): its choices are none yet: fill it first"),
]


@pytest.mark.parametrize("make, value, says", MISFITS)
def test_value_that_does_not_fit_is_an_error_of_who_binds(
    make: Any, value: Any, says: str, qapp: QApplication, notes: list[Any]
) -> None:
    def bind(panel: Any) -> None:
        widget = make()
        widget.setObjectName("limit")
        panel.store.set("a/b", value)
        with pytest.raises(ttWidgetBindingError) as caught:
            panel.bind_widget(widget, "a/b")
        notes.append((type(widget).__name__, str(caught.value), len(panel._tt_widget_bindings)))

    steps(bind)

    kind, said, left = notes[0]
    assert said == (
        f"panel: limit (a {kind}) is bound to 'a/b' and cannot show what is there, {says}. "
        "It keeps what it shows; store a value that fits, or bind another widget."
    )
    assert left == 0


def test_value_that_comes_later_and_does_not_fit_is_reported_once(qapp: QApplication, notes: list[Any]) -> None:
    def bind(panel: Any) -> None:
        panel.number = QSpinBox()
        panel.bind_widget(panel.number, "value")
        panel.number.setValue(5)
        panel.store.set("value", "many")

    panel = steps(
        bind,
        lambda panel: panel.store.set("other", 1),
        lambda panel: panel.store.remove("value"),
        lambda panel: panel.store.set("value", "many"),
        lambda panel: notes.append(panel.number.value()),
        lambda panel: panel.store.set("value", 6),
        lambda panel: notes.append(panel.number.value()),
    )

    assert notes == [5, 6]
    assert [error.partition(" what is there")[0] for error in panel.errors] == [
        "panel: a QSpinBox is bound to 'value' and cannot show"
    ]


def test_label_that_cannot_word_a_value_says_so(qapp: QApplication, notes: list[Any]) -> None:
    def bind(panel: Any) -> None:
        panel.store.set("value", "warm")
        with pytest.raises(ttWidgetBindingError) as caught:
            panel.bind_widget(QLabel(), "value", shown_as="{:.1f} °C")
        notes.append(str(caught.value))

    steps(bind)

    assert "'warm' (a str): shown_as='{:.1f} °C' does not take it (Unknown format code 'f'" in notes[0]


def test_words_for_anything_but_a_label_are_refused(qapp: QApplication, notes: list[Any]) -> None:
    def bind(panel: Any) -> None:
        with pytest.raises(ttWidgetBindingError, match=r"shows values as they are; shown_as='\{\}%' is for a QLabel\."):
            panel.bind_widget(QSpinBox(), "value", shown_as="{}%")
        notes.append("refused")

    steps(bind)

    assert notes == ["refused"]


@pytest.mark.parametrize(
    "make, says",
    [
        (QListWidget, "a QListWidget has no value that could be bound. Bind one of these: QLineEdit, "),
        (QPushButton, "a QPushButton is not checkable. Bind one of these: QLineEdit, "),
    ],
)
def test_widget_without_a_value_is_refused(make: Any, says: str, qapp: QApplication, notes: list[Any]) -> None:
    def bind(panel: Any) -> None:
        with pytest.raises(ttWidgetBindingError) as caught:
            panel.bind_widget(make(), "value")
        notes.append(str(caught.value))

    steps(bind)

    assert notes[0].startswith(f"panel: {says}")


def test_place_that_is_neither_path_nor_item_is_refused(qapp: QApplication, notes: list[Any]) -> None:
    def bind(panel: Any) -> None:
        with pytest.raises(ttWidgetBindingError, match=r"bind_widget\(…, 3\): give a path such as 'heating/limit'"):
            panel.bind_widget(QSpinBox(), 3)
        notes.append("refused")

    steps(bind)

    assert notes == ["refused"]
