from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QPushButton, QSpinBox, QWidget

from tasktonic import ttTonic
from tasktonic.qt import ttPysideMixin, ttPysideWidget, ttPysideWindow, ttUiFileError
from tests.framework.qt.windows import run_qt_app


class Panel(ttPysideWidget):
    ui_file = "forms/panel.ui"
    field: QLineEdit
    button: QPushButton


class Dial(QLabel):
    """A widget of one's own, promoted to in a form."""


class Lamp(ttPysideWidget):
    """The same as a tonic."""


def look_at(cls: Any, look: Callable[[Any], object]) -> None:
    """Run an app with one widget, and have it looked at when it starts."""

    class Looked(cls):  # type: ignore[misc]
        def ttse__on_start(self) -> None:
            look(self)
            self.finish()

    run_qt_app(lambda: Looked(name="panel"))


def error_of(cls: Any) -> str:
    """What is said when the widget is made."""
    said: list[str] = []

    class Making(ttTonic):
        def ttse__on_start(self) -> None:
            with pytest.raises(ttUiFileError) as caught:
                cls(name="panel")
            said.append(str(caught.value))
            self.finish()

    run_qt_app(Making)
    return said[0]


def form(inside: str, base: str = "QWidget", custom: str = "") -> str:
    customs = f"<customwidgets>{custom}</customwidgets>" if custom else ""
    return f'<ui version="4.0"><class>F</class><widget class="{base}" name="F">{inside}</widget>{customs}</ui>'


def made_from(tmp_path: Path, text: str, base: Any = ttPysideWidget) -> Any:
    file = tmp_path / "form.ui"
    file.write_text(text, encoding="utf-8")
    return type(base)("Panel", (base,), {"ui_file": file, "__module__": __name__})


def test_widgets_of_the_file_are_attributes(qapp: QApplication, notes: list[Any]) -> None:
    look_at(Panel, lambda panel: notes.extend([type(panel.field), panel.button.text(), type(panel.number)]))

    assert notes == [QLineEdit, "Press", QSpinBox]


def test_tonic_is_the_form_itself(qapp: QApplication, notes: list[Any]) -> None:
    look_at(
        Panel,
        lambda panel: notes.extend(
            [panel.windowTitle(), panel.layout() is panel.column, panel.field.parent() is panel]
        ),
    )

    assert notes == ["A panel", True, True]


def test_object_name_stays_that_of_the_tonic(qapp: QApplication, notes: list[Any]) -> None:
    look_at(Panel, lambda panel: notes.append(panel.objectName()))

    assert notes == ["panel"]


def test_file_is_relative_to_the_class_that_names_it_also_for_a_subclass(qapp: QApplication, notes: list[Any]) -> None:
    elsewhere = type(Panel)("Elsewhere", (Panel,), {"__module__": "tasktonic"})

    look_at(elsewhere, lambda panel: notes.append(panel.button.text()))

    assert notes == ["Press"]


def test_file_is_found_from_a_script_whose_module_is_not_kept(
    qapp: QApplication, tmp_path: Path, notes: list[Any]
) -> None:
    (tmp_path / "form.ui").write_text(form('<widget class="QLabel" name="label"/>'), encoding="utf-8")
    script = tmp_path / "script.py"
    script.write_text(
        "from tasktonic.qt import ttPysideWidget\n"
        "class Panel(ttPysideWidget):\n    ui_file = 'form.ui'\n    def setup_ui(self): self.label.setText('found')\n",
        encoding="utf-8",
    )

    look_at(runpy.run_path(str(script))["Panel"], lambda panel: notes.append(panel.label.text()))

    assert notes == ["found"]


def test_setup_ui_finds_what_the_file_holds(qapp: QApplication, notes: list[Any]) -> None:
    class Filled(Panel):
        def setup_ui(self) -> None:
            self.button.setText("Filled")

    look_at(Filled, lambda panel: notes.append(panel.button.text()))

    assert notes == ["Filled"]


def test_signal_of_a_widget_of_the_file_reaches_its_sparkle(qapp: QApplication, notes: list[Any]) -> None:
    class Pressed(Panel):
        def ttse__on_start(self) -> None:
            self.button.click()

        def ttqt__button__clicked(self) -> None:
            notes.append("clicked")
            self.finish()

    run_qt_app(Pressed)

    assert notes == ["clicked"]


def test_widget_may_be_named_by_its_path_in_the_file(qapp: QApplication, notes: list[Any]) -> None:
    class Nested(Panel):
        def ttse__on_start(self) -> None:
            self.number.setValue(3)

        def ttqt__box__number__valueChanged(self, number: int) -> None:
            notes.append(number)
            self.finish()

    run_qt_app(Nested)

    assert notes == [3]


def test_main_window_comes_with_its_menu(qapp: QApplication, notes: list[Any]) -> None:
    class Window(ttPysideWindow):
        ui_file = "forms/window.ui"

        def ttse__on_start(self) -> None:
            notes.append(self.centralWidget() is self.centralwidget)
            notes.append(self.menuBar() is self.menubar)
            notes.append([action.text() for action in self.menu_file.actions()])
            self.action_quit.trigger()

        def ttqt__action_quit__triggered(self) -> None:
            self.finish()

    run_qt_app(Window)

    assert notes == [True, True, ["Quit"]]


def test_widget_of_ones_own_is_found_where_the_class_is_written(
    qapp: QApplication, tmp_path: Path, notes: list[Any]
) -> None:
    row = "<customwidget><class>Dial</class><extends>QLabel</extends><header>dials</header></customwidget>"
    inside = '<widget class="Dial" name="dial"><property name="text"><string>12</string></property></widget>'

    look_at(
        made_from(tmp_path, form(inside, custom=row)),
        lambda panel: notes.extend([type(panel.dial), panel.dial.text(), panel.dial.parent() is panel]),
    )

    assert notes == [Dial, "12", True]


def test_widget_of_ones_own_is_imported_from_its_header(
    qapp: QApplication, tmp_path: Path, notes: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gauges_of_a_test.py").write_text(
        "from PySide6.QtWidgets import QLabel\nclass Gauge(QLabel): pass\n", encoding="utf-8"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    row = (
        "<customwidget><class>Gauge</class><extends>QLabel</extends><header>gauges_of_a_test.h</header></customwidget>"
    )

    look_at(
        made_from(tmp_path, form('<widget class="Gauge" name="gauge"/>', custom=row)),
        lambda panel: notes.append(type(panel.gauge).__name__),
    )

    assert notes == ["Gauge"]


def test_tonic_in_a_form_is_a_child_of_the_forms_tonic(qapp: QApplication, tmp_path: Path, notes: list[Any]) -> None:
    row = "<customwidget><class>Lamp</class><extends>QWidget</extends><header>lamps</header></customwidget>"
    inside = '<layout class="QVBoxLayout"><item><widget class="Lamp" name="lamp"/></item></layout>'

    look_at(
        made_from(tmp_path, form(inside, custom=row)),
        lambda panel: notes.extend([panel.lamp.context is panel, panel.lamp.parent() is panel, panel.lamp.name]),
    )

    assert notes == [True, True, "lamp"]


def test_dialog_loads_a_plain_form(qapp: QApplication, tmp_path: Path, notes: list[Any]) -> None:
    class Asking(ttPysideMixin, QDialog):
        ui_file = "forms/panel.ui"

    look_at(Asking, lambda dialog: notes.append((dialog.button.text(), dialog.isWindow())))

    assert notes == [("Press", True)]


def test_absent_file_is_an_error_that_lists_what_there_is(qapp: QApplication) -> None:
    class Absent(ttPysideWidget):
        ui_file = "forms/pannel.ui"

    folder = Path(__file__).parent / "forms"
    assert error_of(Absent) == (
        f"panel: ui_file {folder / 'pannel.ui'}: it cannot be read (No such file or directory). A path is relative to the file "
        "of the class that names it (Absent); the .ui files there: panel.ui, window.ui."
    )


def test_broken_file_is_an_error_that_says_where(qapp: QApplication, tmp_path: Path) -> None:
    said = error_of(made_from(tmp_path, "<ui><widget"))

    assert "form.ui: it is no XML (unclosed token: line 1, column 4). Save it anew with Qt Designer." in said


def test_file_without_a_form_is_an_error(qapp: QApplication, tmp_path: Path) -> None:
    said = error_of(made_from(tmp_path, "<html/>"))

    assert said.endswith("form.ui: it holds no form: Qt Designer writes <ui> with a <widget> in it.")


def test_form_of_another_class_is_an_error_that_says_what_to_write(qapp: QApplication) -> None:
    class Wrong(ttPysideWidget):
        ui_file = "forms/window.ui"

    assert error_of(Wrong).endswith(
        "its form is a QMainWindow, Wrong is a QWidget. Write: class Wrong(ttPysideWindow)."
    )


def test_plain_form_does_not_go_into_a_main_window(qapp: QApplication) -> None:
    class Wrong(ttPysideWindow):
        ui_file = "forms/panel.ui"

    assert error_of(Wrong).endswith(
        "its form is a QWidget, Wrong is a QMainWindow. Write: class Wrong(ttPysideWidget)."
    )


def test_dialogs_form_in_a_widget_says_what_to_write(qapp: QApplication, tmp_path: Path) -> None:
    said = error_of(made_from(tmp_path, form("", base="QDialog")))

    assert said.endswith("its form is a QDialog, Panel is a QWidget. Write: class Panel(ttPysideMixin, QDialog).")


def test_promoted_widget_that_nobody_knows_is_an_error(qapp: QApplication, tmp_path: Path) -> None:
    row = "<customwidget><class>Meter</class><extends>QLabel</extends><header>no/such.h</header></customwidget>"

    said = error_of(made_from(tmp_path, form('<widget class="Meter" name="meter"/>', custom=row)))

    assert (
        f"it has a widget of the class Meter, which is not in the module {__name__} and cannot be imported from no.such. "
        "Import Meter where Panel is written, or correct the header of the promoted widget"
    ) in said


def test_class_that_qt_does_not_know_is_an_error(qapp: QApplication, tmp_path: Path) -> None:
    said = error_of(made_from(tmp_path, form('<widget class="QWebEngineView" name="page"/>')))

    assert "it has a widget of the class QWebEngineView, which this Qt does not know." in said


def test_name_that_every_tonic_has_is_an_error(qapp: QApplication, tmp_path: Path) -> None:
    said = error_of(made_from(tmp_path, form('<widget class="QLabel" name="state"/>')))

    assert said.endswith(
        "it names something 'state', which every Panel has already. Give it another name in Qt Designer."
    )


def test_file_that_is_refused_leaves_nothing_behind(qapp: QApplication, notes: list[Any]) -> None:
    class Absent(ttPysideWidget):
        ui_file = "absent.ui"

    class Making(ttTonic):
        def ttse__on_start(self) -> None:
            with pytest.raises(ttUiFileError):
                self.bind(Absent)
            notes.append(self.bindings)
            self.finish()

    formula = run_qt_app(Making)

    assert notes == [[]]
    assert formula.ledger.essences == []


def test_widgets_of_the_file_are_qt_widgets(qapp: QApplication, notes: list[Any]) -> None:
    look_at(Panel, lambda panel: notes.append(isinstance(panel.box, QWidget)))

    assert notes == [True]
