"""Pictures of work on a project in the real window: python tests/helpers/picture_of_making.py WHAT FILE.png; `PICTURES` has all of WHAT."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any, Final

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPoint, Qt  # noqa: E402 - found in this checkout from here on
from PySide6.QtGui import QPainter, QPixmap  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QTreeView, QWidget  # noqa: E402

from tasktonic.new import plan, write  # noqa: E402
from tasktonic_studio.session.selection import Thing  # noqa: E402
from tasktonic_studio.ui.panels.editor.forms import FormView  # noqa: E402
from tasktonic_studio.ui.panels.editor.project_search import ProjectSearch  # noqa: E402
from tasktonic_studio.ui.panels.editor.rename_dialog import RenameDialog  # noqa: E402
from tests.helpers.picture_of_a_project import WRONG  # noqa: E402
from tests.helpers.real_studio import Person, run_studio  # noqa: E402

Steps = Generator[Callable[[], Any], None, None]
CONTROL: Final = Qt.KeyboardModifier.ControlModifier
SIZE: Final = (1280, 800)
RIGHT_PART_ON_SCREEN: Final = QPoint(-480, 0)
"""The screen without a display is 800 pixels wide; lists and tips of the editor are kept on it."""

HOUSE: Final = '''\
"""A counter in a window."""

import os

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from tasktonic import *
from tasktonic.qt import ttPyside6Ui, ttPysideWidget, ttPysideWindow


class Counter(ttPysideWidget):
    def setup_ui(self):
        self.count = 0
        self.shown = QLabel("0")
        self.plus = QPushButton("Plus")
        layout = QVBoxLayout(self)
        layout.addWidget(self.shown)
        layout.addWidget(self.plus)

    def ttqt__plus__clicked(self):
        self.count += 1
        self.shown.setText(str(self.count))

    def ttqt__pluss__clicked(self):
        self.log("nobody calls this")


class Desk(ttPysideWindow):
    def setup_ui(self):
        self.resize(320, 195)
        self.setCentralWidget(QWidget())
        self.pages = QVBoxLayout(self.centralWidget())
        self.looking = QTimer(self)
        self.looking.timeout.connect(self.take)
        self.looking.start(100)

    def ttse__on_start(self):
        for name in ("apples", "pears"):
            self.pages.addWidget(Counter(name=name, context=self))
        self.show()

    def take(self):
        if any(it.isVisible() for it in self.findChildren(QWidget, "tasktonic_outline")):
            self.grab().save("../taken.tmp.png")
            os.replace("../taken.tmp.png", "../taken.png")
            self.looking.stop()


class App(ttFormula):
    def creating_formula(self):
        return {"tasktonic/log/to": "off"}

    def creating_main_catalyst(self):
        ttPyside6Ui()

    def creating_starting_tonics(self):
        Desk(name="desk")


if __name__ == "__main__":
    App()
'''

FORM: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<ui version="4.0">
 <class>Thermostat</class>
 <widget class="QWidget" name="Thermostat">
  <property name="geometry"><rect><x>0</x><y>0</y><width>380</width><height>250</height></rect></property>
  <layout class="QFormLayout" name="page">
   <item row="0" column="0"><widget class="QLabel" name="what"><property name="text"><string>Wanted</string></property></widget></item>
   <item row="0" column="1"><widget class="QDoubleSpinBox" name="wanted"><property name="value"><double>20.5</double></property></widget></item>
   <item row="1" column="0"><widget class="QLabel" name="now"><property name="text"><string>Now</string></property></widget></item>
   <item row="1" column="1"><widget class="Gauge" name="gauge"/></item>
   <item row="2" column="1"><widget class="QPushButton" name="heat"><property name="text"><string>Heat</string></property></widget></item>
  </layout>
 </widget>
 <customwidgets>
  <customwidget><class>Gauge</class><extends>QWidget</extends><header>gauges</header></customwidget>
 </customwidgets>
</ui>
"""


def main(what: str, picture: str) -> None:
    """Make a project, do in the window what is to be seen, and take the picture."""
    place = Path(tempfile.mkdtemp())
    os.environ["HOME"] = str(place)  # what is shown of a path begins there
    write(plan("project", "garden", place))
    folder = place / "garden"
    write(plan("tonic", "water_pump", folder))
    tests = folder / "tests" / "test_kettle.py"
    tests.write_text(tests.read_text(encoding="utf-8") + WRONG, encoding="utf-8")
    (folder / "house.py").write_text(HOUSE, encoding="utf-8")
    (folder / "thermostat.ui").write_text(FORM, encoding="utf-8")

    def steps(person: Person) -> Steps:
        person.window.resize(*SIZE)
        person.window.move(RIGHT_PART_ON_SCREEN)
        yield lambda: person.bench.project.python.version
        yield from PICTURES[what](person, folder)
        make_room(person, what)
        settled = iter(range(60))
        yield lambda: next(settled, 99) >= 59
        taken = grab(person)
        if (folder.parent / "taken.png").exists():
            put_beside(taken, QPixmap(str(folder.parent / "taken.png")))
        taken.save(picture)
        for dialog in QApplication.topLevelWidgets():
            if isinstance(dialog, RenameDialog):
                dialog.reject()

    with tempfile.TemporaryDirectory() as own:
        os.environ["TASKTONIC_STUDIO_FOLDER"] = own
        theme = "light" if what in ("in-app", "form", "rename") else "dark"
        run_studio(["--theme", theme, str(folder)], steps, Path(own, "failed.png"))


def make_room(person: Person, what: str) -> None:
    """Give the editor most of the window."""
    area = person.bench.area
    inner: Any = area.dock("editor").parent()
    inner.resizeDocks([area.dock("project"), area.dock("editor")], [300, 980], Qt.Orientation.Horizontal)
    below = 330 if what == "failed" else 170
    inner.resizeDocks([area.dock("editor"), area.dock("log")], [660 - below, below], Qt.Orientation.Vertical)


def grab(person: Person) -> QPixmap:
    """The window, with the lists, tips and dialogs that stand over it."""
    taken: QPixmap = person.window.grab()
    painter = QPainter(taken)
    for over in QApplication.topLevelWidgets():
        if over is not person.window and over.isVisible() and over.isWindow():
            at = person.window.mapFromGlobal(over.mapToGlobal(QPoint(0, 0)))
            painter.drawPixmap(at, over.grab())
            painter.setPen(Qt.GlobalColor.gray)
            painter.drawRect(at.x(), at.y(), over.width() - 1, over.height() - 1)
    painter.end()
    return taken


def put_beside(taken: QPixmap, other: QPixmap) -> None:
    """Draw the window of the app into that of the Studio, where it is empty."""
    painter = QPainter(taken)
    at = QPoint(taken.width() - other.width() - 30, taken.height() - other.height() - 218)
    painter.drawPixmap(at, other)
    painter.setPen(Qt.GlobalColor.gray)
    painter.drawRect(at.x() - 1, at.y() - 1, other.width() + 1, other.height() + 1)
    painter.end()


def edit(person: Person, file: Path, old: str = "", new: str = "") -> Any:
    """Open a file and type something over a text of it. Returns the editor."""
    person.bench.open_source(str(file), 1)
    editor = person.panel("editor").editor()
    if old:
        start = editor.text().index(old)
        editor.select(start, start + len(old))
        keys = editor.input_widget()
        QWidget.setFocus(keys)
        if new:
            QTest.keyClicks(keys, new)
    return editor


def id_of(person: Person, name: str) -> int:
    """The id of a tonic that the Studio knows; -1 as long as it does not."""
    essences = person.live.essences
    return next((it for it in essences if essences.name(it) == name), -1)


def completion(person: Person, folder: Path) -> Steps:
    """The states of a tonic, offered."""
    editor = edit(person, folder / "kettle.py", 'self.to_state("boiling")', 'self.to_state("')
    person.bench.run("editor.complete")
    yield lambda: editor.hint_windows.completions


def rename(person: Person, folder: Path) -> Steps:
    """Every change, before it is made."""
    edit(person, folder / "kettle.py", '"heating"')
    editor = person.panel("editor").editor()
    start = editor.text().index('"heating"') + 3
    editor.select(start, start)
    person.bench.run("editor.rename")

    def dialog() -> Any:
        return next((it for it in QApplication.topLevelWidgets() if isinstance(it, RenameDialog)), None)

    yield dialog
    dialog().name.setText("warming")
    dialog().resize(760, 480)
    yield dialog().do_it.isEnabled


def run_notes(person: Person, folder: Path) -> Steps:
    """What a run did, beside the outline, in two views."""
    person.press(Qt.Key.Key_F5)
    yield lambda: person.live.target.status == "ended"
    person.bench.open_source(str(folder / "kettle.py"), 12)
    yield lambda: person.panel("editor").page()
    person.bench.run("editor.split_below")
    person.bench.open_source(str(folder / "kettle.py"), 34)
    person.bench.run("editor.outline")


def find(person: Person, folder: Path) -> Steps:
    """A word in all files, as it is and as it would be."""
    edit(person, folder / "kettle.py")
    person.bench.run("editor.find_in_project")
    search = person.panel("editor").findChildren(ProjectSearch)[0]
    search.query.setText("degrees")
    search.replacement.setText("celsius")
    search.look()
    yield lambda: not search.is_busy and search.tree.topLevelItemCount()


def in_app(person: Person, folder: Path) -> Steps:
    """A widget, outlined in the window of the app."""
    person.bench.open_source(str(folder / "house.py"), 20)
    yield lambda: person.panel("editor").page()
    person.bench.run("run.this_file")
    yield lambda: id_of(person, "apples") >= 0
    apples = id_of(person, "apples")
    person.bench.selection.select(Thing("essence", apples))
    view = person.panel("inspector")
    yield lambda: person.live.signals.get(apples) is not None
    person.bench.selection.hover(Thing("essence", apples))
    yield (folder.parent / "taken.png").exists
    facts: QTreeView = view.tree
    facts.collapseAll()

    def section() -> Any:
        for row in range(facts.model().rowCount()):
            index = facts.model().index(row, 0)
            if "Signals of widgets" in str(index.data()):
                return index
        return None

    yield section
    facts.expandRecursively(section())
    facts.scrollTo(section(), QTreeView.ScrollHint.PositionAtTop)


def form(person: Person, folder: Path) -> Steps:
    """A form of Qt Designer, and its picture."""
    person.bench.open_source(str(folder / "thermostat.ui"), 1)
    view = person.panel("editor")
    yield view.page
    made = view.page().findChildren(FormView)[0]
    yield lambda: not made.picture.pixmap().isNull()


def replaced(person: Person, folder: Path) -> Steps:
    """A handler that was changed while the app runs."""
    kettle = folder / "kettle.py"
    kettle.write_text(kettle.read_text(encoding="utf-8").replace("self.degrees += 20", "self.degrees += 0"), "utf-8")
    person.press(Qt.Key.Key_F5)
    yield lambda: any("degrees" in text for text in person.log_texts())
    editor = edit(person, kettle, "{self.degrees} degrees", "{self.degrees} degrees now")
    QTest.keyClick(editor.input_widget(), Qt.Key.Key_S, CONTROL)
    yield lambda: "replaced" in str(person.panel("editor").page().bar.sentence)
    yield lambda: any("degrees now" in text for text in person.log_texts())


def failed(person: Person, folder: Path) -> Steps:
    """A test that failed, and the trace it has kept."""
    project = person.bench.project
    person.bench.run("tests.run_all")
    yield lambda: not project.tests.is_running and project.tests.bad()
    view = person.panel("tests")
    yield lambda: ("test_it_boils_at_once", "failed") in view.tree.rows
    view.tree.choose(("tests/test_kettle.py", "test_it_boils_at_once"))
    person.click(view.trace)
    yield lambda: person.live.target.how == "file" and person.live.target.status == "ended"
    yield lambda: id_of(person, "kettle") >= 0
    person.bench.selection.select(Thing("essence", id_of(person, "kettle")))
    person.panel("inspector")
    person.panel("tests")


PICTURES: Final[dict[str, Callable[[Person, Path], Steps]]] = {
    "completion": completion,
    "rename": rename,
    "run-notes": run_notes,
    "find": find,
    "in-app": in_app,
    "form": form,
    "replaced": replaced,
    "failed": failed,
}


if __name__ == "__main__":
    main(*sys.argv[1:])
