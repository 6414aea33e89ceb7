"""Widgets that are bound to places in a store: each shows what is stored, and what is edited goes there."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDial,
    QDialog,
    QDoubleSpinBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QSlider,
    QSpinBox,
)

from tasktonic import Store, ttStore, ttTonic
from tests.framework.qt.bound import choices, steps
from tests.helpers.apps import in_thread


def checkable(widget: Any) -> Any:
    widget.setCheckable(True)
    return widget


TWO_WAY = [
    (QLineEdit, "text", "setText", "here", "there"),
    (QPlainTextEdit, "toPlainText", "setPlainText", "here", "there"),
    (QSpinBox, "value", "setValue", 3, 4),
    (QDoubleSpinBox, "value", "setValue", 3.5, 4.5),
    (QSlider, "value", "setValue", 3, 4),
    (QDial, "value", "setValue", 3, 4),
    (QCheckBox, "isChecked", "setChecked", True, False),
    (QRadioButton, "isChecked", "setChecked", False, True),
    (lambda: checkable(QPushButton()), "isChecked", "setChecked", True, False),
    (lambda: checkable(QGroupBox()), "isChecked", "setChecked", False, True),
    (lambda: QAction(checkable=True), "isChecked", "setChecked", True, False),
    (lambda: choices("red", "green", "blue"), "currentText", "setCurrentText", "green", "blue"),
]
IDS = ["line", "text", "spin", "double", "slider", "dial", "check", "radio", "button", "group", "action", "combo"]


@pytest.mark.parametrize("make, read, write, first, second", TWO_WAY, ids=IDS)
def test_widget_shows_what_is_stored(
    make: Any, read: str, write: str, first: Any, second: Any, qapp: QApplication, notes: list[Any]
) -> None:
    def bind(panel: Any) -> None:
        panel.widget = make()
        panel.store.set("value", first)
        panel.bind_widget(panel.widget, "value")
        notes.append(getattr(panel.widget, read)())

    steps(
        bind,
        lambda panel: panel.store.set("value", second),
        lambda panel: notes.append(getattr(panel.widget, read)()),
    )

    assert notes == [first, second]


@pytest.mark.parametrize("make, read, write, first, second", TWO_WAY, ids=IDS)
def test_edit_goes_to_the_store(
    make: Any, read: str, write: str, first: Any, second: Any, qapp: QApplication, notes: list[Any]
) -> None:
    def bind(panel: Any) -> None:
        panel.widget = make()
        panel.store.set("value", first)
        panel.bind_widget(panel.widget, "value")
        getattr(panel.widget, write)(second)
        notes.append(panel.store.get("value"))

    steps(bind)

    assert notes == [second]


@pytest.mark.parametrize("make, read, write, first, second", TWO_WAY, ids=IDS)
def test_edit_does_not_come_back(
    make: Any, read: str, write: str, first: Any, second: Any, qapp: QApplication, notes: list[Any]
) -> None:
    def bind(panel: Any) -> None:
        panel.widget = make()
        panel.bind_widget(panel.widget, "value")
        panel.store.set("value", first)

    def edit(panel: Any) -> None:
        panel.store.subscribe("value", lambda changes: notes.extend(change[1] for change in changes))
        getattr(panel.widget, write)(second)

    steps(bind, edit, lambda panel: notes.append("turned"), lambda panel: notes.append(panel.store.get("value")))

    assert notes == [second, "turned", second]


def test_cursor_stays_where_one_types_in_the_middle(qapp: QApplication, notes: list[Any]) -> None:
    def bind(panel: Any) -> None:
        panel.field = QLineEdit(panel)
        panel.store.set("value", "one three")
        panel.bind_widget(panel.field, "value")
        panel.field.setCursorPosition(4)
        QTest.keyClicks(panel.field, "two ")

    steps(
        bind,
        lambda panel: notes.append((panel.field.text(), panel.field.cursorPosition(), panel.store.get("value"))),
    )

    assert notes == [("one two three", 8, "one two three")]


def test_value_of_the_widget_goes_where_none_is(qapp: QApplication, notes: list[Any]) -> None:
    def bind(panel: Any) -> None:
        panel.number = QSpinBox()
        panel.number.setValue(7)
        panel.bind_widget(panel.number, "value")
        notes.append(panel.store.get("value"))

    steps(bind)

    assert notes == [7]


def test_edit_is_the_tonics(qapp: QApplication, notes: list[Any]) -> None:
    def bind(panel: Any) -> None:
        panel.field = QLineEdit()
        panel.bind_widget(panel.field, "value")
        panel.store.subscribe("value", lambda changes: notes.extend((c[1], c[3] == panel.id) for c in changes))
        QTimer.singleShot(0, lambda: panel.field.setText("x"))

    steps(bind, *[lambda panel: None] * 3)

    assert notes == [("x", True)]


def test_two_widgets_on_one_path_show_the_same(qapp: QApplication, notes: list[Any]) -> None:
    def bind(panel: Any) -> None:
        panel.number, panel.slider = QSpinBox(), QSlider(Qt.Orientation.Horizontal)
        panel.bind_widget(panel.number, "value")
        panel.bind_widget(panel.slider, "value")
        panel.slider.setValue(12)

    steps(bind, lambda panel: notes.append((panel.number.value(), panel.slider.value())))

    assert notes == [(12, 12)]


def test_value_written_by_another_thread_is_shown(qapp: QApplication, notes: list[Any]) -> None:
    def bind(panel: Any) -> None:
        panel.number = QSpinBox(maximum=100_000)
        panel.shown: list[int] = []
        panel.number.valueChanged.connect(panel.shown.append)
        panel.bind_widget(panel.number, "value")
        in_thread(lambda: [panel.store.set("value", number) for number in range(1, 20_001)]).join()

    steps(bind, lambda panel: notes.append(panel.shown))

    assert notes == [[20_000]]


def test_many_writers_and_an_editor_end_up_alike(qapp: QApplication, notes: list[Any]) -> None:
    def bind(panel: Any) -> None:
        panel.number = QSpinBox(maximum=100_000)
        panel.bind_widget(panel.number, "value")
        panel.writers = [
            in_thread(lambda n=n: [panel.store.set("value", n * 1000 + i) for i in range(500)])  # type: ignore[misc]
            for n in range(3)
        ]
        for number in range(300):
            panel.number.setValue(50_000 + number)
        for writer in panel.writers:
            writer.join()

    steps(bind, lambda panel: None, lambda panel: notes.append((panel.number.value(), panel.store.get("value"))))

    assert notes[0][0] == notes[0][1]


def test_label_shows_a_value_in_words(qapp: QApplication, notes: list[Any]) -> None:
    def bind(panel: Any) -> None:
        panel.label = QLabel()
        panel.store.set("temperature", 20.04)
        panel.bind_widget(panel.label, "temperature", shown_as="{:.1f} °C")
        notes.append(panel.label.text())

    steps(
        bind,
        lambda panel: panel.store.set("temperature", 21.5),
        lambda panel: notes.append(panel.label.text()),
        lambda panel: panel.store.remove("temperature"),
        lambda panel: notes.append(panel.label.text()),
    )

    assert notes == ["20.0 °C", "21.5 °C", ""]


def test_label_writes_nothing(qapp: QApplication, notes: list[Any]) -> None:
    def bind(panel: Any) -> None:
        panel.label = QLabel("text")
        panel.bind_widget(panel.label, "value")

    steps(bind, lambda panel: notes.append("value" in panel.store))

    assert notes == [False]


def test_progress_bar_shows_a_number(qapp: QApplication, notes: list[Any]) -> None:
    def bind(panel: Any) -> None:
        panel.bar = QProgressBar()
        panel.store.set("done", 41.7)
        panel.bind_widget(panel.bar, "done")
        notes.append(panel.bar.value())

    steps(bind)

    assert notes == [42]


def test_combo_box_stores_the_data_of_a_choice(qapp: QApplication, notes: list[Any]) -> None:
    def bind(panel: Any) -> None:
        panel.box = choices(low=1, high=2)
        panel.store.set("speed", 2)
        panel.bind_widget(panel.box, "speed")
        notes.append(panel.box.currentText())
        panel.box.setCurrentIndex(0)
        notes.append(panel.store.get("speed"))

    steps(bind)

    assert notes == ["high", 1]


def test_editable_combo_box_takes_any_text(qapp: QApplication, notes: list[Any]) -> None:
    def bind(panel: Any) -> None:
        panel.box = choices("red", "green")
        panel.box.setEditable(True)
        panel.store.set("colour", "mauve")
        panel.bind_widget(panel.box, "colour")
        notes.append(panel.box.currentText())
        panel.box.setEditText("pink")
        notes.append(panel.store.get("colour"))
        panel.box.setCurrentIndex(1)
        notes.append(panel.store.get("colour"))

    steps(bind)

    assert notes == ["mauve", "pink", "green"]


def test_item_of_another_store_can_be_bound(qapp: QApplication, notes: list[Any]) -> None:
    other = Store()
    other.set("rooms/kitchen/name", "Kitchen")

    def bind(panel: Any) -> None:
        panel.field = QLineEdit()
        panel.bind_widget(panel.field, other["rooms/kitchen"].at("name"))
        panel.field.setText("Küche")

    steps(bind)

    assert other.get("rooms/kitchen/name") == "Küche"


def test_binding_ends_with_the_tonic(qapp: QApplication) -> None:
    other = Store()
    field: list[QLineEdit] = []

    def bind(panel: Any) -> None:
        field.append(QLineEdit())
        panel.bind_widget(field[0], other.at("value"))

    steps(bind)
    field[0].setText("after the end")
    other.set("value", "also after")
    qapp.processEvents()

    assert (field[0].text(), other.get("value")) == ("after the end", "also after")


def test_binding_is_undone_by_what_bind_widget_returns(qapp: QApplication, notes: list[Any]) -> None:
    def bind(panel: Any) -> None:
        panel.field = QLineEdit()
        undo = panel.bind_widget(panel.field, "value")
        panel.field.setText("bound")
        undo()
        undo()
        panel.field.setText("free")

    steps(bind, lambda panel: notes.append((panel.store.get("value"), panel.field.text())))

    assert notes == [("bound", "free")]


def test_widget_that_qt_deletes_takes_its_binding_along(qapp: QApplication, notes: list[Any]) -> None:
    def bind(panel: Any) -> None:
        panel.field = QLineEdit(panel)
        panel.bind_widget(panel.field, "value")
        panel.field.deleteLater()

    panel = steps(
        bind,
        *[lambda panel: None] * 2,
        lambda panel: panel.store.set("value", "after"),
        lambda panel: notes.append(len(panel._tt_widget_bindings)),
    )

    assert notes == [0]
    assert panel.errors == []


def test_news_while_a_modal_dialog_is_open_are_shown_in_it(qapp: QApplication, notes: list[Any]) -> None:
    def ask(panel: Any) -> None:
        dialog = QDialog()
        dialog.field = QLineEdit(dialog)  # type: ignore[attr-defined]
        panel.bind_widget(dialog.field, "value")  # type: ignore[attr-defined]
        dialog.field.textChanged.connect(lambda text: (notes.append(text), dialog.accept()))  # type: ignore[attr-defined]
        QTimer.singleShot(0, lambda: in_thread(lambda: panel.store.set("value", "news")))
        dialog.exec()
        dialog.deleteLater()

    steps(ask)

    assert notes == ["news"]


def test_store_of_a_binding_is_the_one_that_plain_tonics_bind(qapp: QApplication, notes: list[Any]) -> None:
    class Heating(ttTonic):
        def ttse__on_start(self) -> None:
            self.store = self.bind(ttStore)
            self.store.subscribe("limit", self.ttse__on_limit)

        def ttse__on_limit(self, changes: Any) -> None:
            notes.append(changes[0][1])
            self.finish()

    def bind(panel: Any) -> None:
        panel.heating = Heating()
        panel.number = QSpinBox()

    def edit(panel: Any) -> None:
        panel.bind_widget(panel.number, "limit")

    steps(bind, edit, lambda panel: None)

    assert notes == [0]
