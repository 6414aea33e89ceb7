"""The tests panel: the tree while tests run, what they said, links, traces, and what is run. Records as the plugin writes them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tasktonic_studio.project.pythons import PythonFacts
from tasktonic_studio.project.tests import TestNews, TestOrder
from tasktonic_studio.ui.panels.project.panel import ProjectPanel
from tasktonic_studio.ui.panels.tests.panel import TestsPanel
from tasktonic_studio.ui.panels.tests.tree import OUTCOME, TEST, TestsTree
from tasktonic_studio.ui.panels.tests.view import TestsView
from tests.helpers.window_stand import NotingEditor, WindowStand

MakeStand = Callable[..., WindowStand]


class Told:
    """A window with a project, and what pytest says of it."""

    def __init__(self, stand: WindowStand, folder: Path) -> None:
        self.stand = stand
        self.folder = folder
        self.file = str(folder / "test_pump.py")
        self.panel: Any = stand.bench.area.panel("tests")
        self.editor: Any = stand.bench.area.panel("editor")

    @property
    def view(self) -> TestsView:
        view: TestsView = self.panel.view
        return view

    def news(self, **news: Any) -> None:
        self.stand.bench.projecting.show_tests(TestNews(str(self.folder), **news))
        self.view.draw()

    def records(self, *records: dict[str, Any]) -> None:
        self.news(records=records)

    def begin(self, *names: str) -> None:
        self.news(began=TestOrder(str(self.folder), ""))
        self.records({"kind": "tests", "tests": [self.place(name) for name in names]}, {"kind": "collected"})

    def place(self, name: str) -> dict[str, Any]:
        return {"id": f"test_pump.py::{name}", "file": self.file, "line": 3}

    def result(self, name: str, outcome: str, **more: Any) -> dict[str, Any]:
        usual = {"seconds": 0.25, "text": "", "sections": [], "places": [], "trace": ""}
        return {"kind": "result", "outcome": outcome, **self.place(name), **usual, **more}

    def asked(self, what: str) -> list[Any]:
        return [each[1] for each in self.stand.requests.asked if each[0] == what]

    def choose(self, *path: str) -> None:
        self.view.tree.choose(("test_pump.py", *path))


@pytest.fixture
def bare(make_stand: MakeStand, tmp_path: Path) -> Told:
    folder = tmp_path / "garden"
    folder.mkdir()
    (folder / "test_pump.py").write_text("x\n" * 40, encoding="utf-8")
    return Told(make_stand(panels=[ProjectPanel(), TestsPanel(), NotingEditor()]), folder)


@pytest.fixture
def told(bare: Told) -> Told:
    bare.stand.bench.open_project(str(bare.folder))
    bare.stand.bench.project.know_python(PythonFacts("/p/python", ".venv", "3.12.4", True, was_asked=True))
    bare.stand.bench.show_panel("tests")
    return bare


def test_without_a_project_it_says_what_to_do(bare: Told) -> None:
    bare.stand.bench.show_panel("tests")

    button = bare.view.no_project.first_button()
    assert button is not None
    assert button.text() == "Open a folder…"
    assert bare.stand.bench.context.project.folder is None
    assert not bare.stand.bench.is_enabled("tests.run_all")


def test_tests_are_run_with_the_python_of_the_project_if_it_has_pytest(told: Told) -> None:
    button = told.view.no_tests.first_button()
    assert button is not None

    button.click()
    told.stand.bench.run("tests.find")

    assert told.asked("run_tests") == [
        TestOrder(str(told.folder), "/p/python"),
        TestOrder(str(told.folder), "/p/python", collect=True),
    ]

    told.stand.bench.project.know_python(PythonFacts("/p/python", ".venv", "3.12.4", False, was_asked=True))

    told.stand.bench.run("tests.run_all")
    told.view.draw()

    assert len(told.asked("run_tests")) == 2
    assert "or install it: /p/python -m pip install pytest" in told.view.problem.text()
    assert told.view.problem.isVisible()
    assert told.asked("look_at_python")[-1] == str(told.folder)


def test_tree_says_of_each_how_it_goes(told: Told) -> None:
    told.begin("TestPump::test_a", "TestPump::test_b", "test_c[x::y]")
    told.records({"kind": "start", **told.place("TestPump::test_a")})
    assert dict(told.view.tree.rows)["test_a"] == "running"
    assert told.view.sentence.text() == "running: 1 running, 2 not run"
    assert told.stand.bench.is_enabled("tests.stop")

    told.records(told.result("TestPump::test_a", "passed"), told.result("TestPump::test_b", "failed"))
    told.records(told.result("test_c[x::y]", "skipped"))
    told.news(ending="exit code 1", code=1)

    assert told.view.chosen_one is not None
    assert told.view.chosen_one.id.endswith("test_b")
    assert told.view.tree.rows == [
        ("test_pump.py", "failed"),
        ("TestPump", "failed"),
        ("test_a", "passed"),
        ("test_b", "failed"),
        ("test_c[x::y]", "skipped"),
    ]
    assert told.view.sentence.text() == "1 failed, 1 passed, 1 skipped"
    assert told.stand.bench.area.dock("tests").windowTitle() == "Tests (1)"
    assert told.stand.bench.actions_of_commands.action("tests.run_failed").isEnabled()
    assert told.stand.bench.project.marks == {told.file: "1 test failed"}
    assert not told.stand.bench.is_enabled("tests.stop")


def test_nothing_is_chosen_but_what_somebody_chose(told: Told) -> None:
    told.begin("TestPump::test_a", "test_b")

    assert told.view.chosen == []
    assert not told.stand.bench.is_enabled("tests.run_chosen")
    assert told.view.title.whole == "Choose a test to see what it said."

    told.choose("test_b")
    told.records({"kind": "tests", "tests": [told.place("test_c")]}, {"kind": "collected"})

    assert [each.id for each in told.view.chosen] == ["test_pump.py::test_b"]


def test_what_was_folded_stays_so_when_the_filter_brings_it_back(told: Told) -> None:
    told.begin("TestPump::test_a", "test_b")
    tree = told.view.tree

    def is_open(*path: str) -> bool:
        return tree._items[("test_pump.py", *path)].isExpanded()

    tree._items["test_pump.py", "TestPump"].setExpanded(False)

    told.view.search.setText("test_b")
    told.view.search.clear()

    assert (is_open(), is_open("TestPump")) == (True, False)


def test_a_file_that_cannot_be_read_any_more_says_so_over_the_tests_it_had(told: Told) -> None:
    told.begin("test_a")
    told.news(began=TestOrder(str(told.folder), ""))
    told.records(
        {"kind": "broken", "id": "test_pump.py", "file": told.file, "text": "SyntaxError", "places": []},
        {"kind": "collected"},
    )

    assert dict(told.view.tree.rows) == {"test_pump.py": "error", "test_a": "not run"}


def test_thousands_of_tests_are_each_drawn_once(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    say = TestsTree._say
    monkeypatch.setattr(
        TestsTree, "_say", lambda tree, item, *of: [drawn.append(item.text(TEST)), say(tree, item, *of)]
    )
    names = [f"test_it[{number}]" for number in range(1_000)]
    told.begin(*names)
    assert len(drawn) == 1_001
    drawn.clear()

    told.records(*(told.result(name, "passed") for name in names))

    assert len(drawn) == 1_001
    drawn.clear()
    told.news(began=TestOrder(str(told.folder), "", tuple(f"test_pump.py::{name}" for name in names)))
    assert len(drawn) == 1_001


def test_failed_chosen_and_the_one_at_the_cursor_are_run(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    told.begin("TestPump::test_a", "TestPump::test_b")
    told.records(told.result("TestPump::test_a", "passed"), told.result("TestPump::test_b", "failed"))
    told.news(ending="exit code 1", code=1)
    bench = told.stand.bench

    bench.run("tests.run_failed")
    told.choose("TestPump")
    bench.run("tests.run_chosen")
    monkeypatch.setattr(told.editor, "source_place", lambda: (told.file, 9))
    monkeypatch.setattr(told.editor, "names_at_caret", lambda: ("TestPump", "test_a"))
    bench.run("tests.run_at_caret")

    a, b = "test_pump.py::TestPump::test_a", "test_pump.py::TestPump::test_b"
    orders = told.asked("run_tests")
    assert [order.only for order in orders] == [(b,), (a, b), (a,)]
    assert orders[0].arguments == (f"{told.file}::TestPump::test_b",)


def test_links_and_enter_lead_to_lines(told: Told) -> None:
    text = "def test_a():\n>   assert 0 < pump('<b>')\n\ntest_pump.py:7: \n_ _ _\nother.py:3: AssertionError\n"
    told.begin("test_a")
    told.records(told.result("test_a", "failed", text=text, places=[[told.file, 7]], sections=[["Captured", "<i>x"]]))
    told.choose("test_a")

    shown = told.view.detail.toPlainText()
    told.view.detail.anchorClicked.emit(QUrl("place:0"))

    assert "assert 0 < pump('<b>')" in shown
    assert "<i>x" in shown
    assert told.view.detail.places == [(told.file, 7)], "there is no other.py"
    assert "place:0" in told.view.detail.toHtml()
    assert told.editor.opened == [(told.file, 7)]

    told.begin("test_a", "test_b")
    told.records(told.result("test_a", "failed", places=[[told.file, 7], ["/lib/other.py", 90]]))

    told.choose("test_a")
    QTest.keyClick(told.view.tree, Qt.Key.Key_Return)
    told.choose("test_b")
    QTest.keyClick(told.view.tree, Qt.Key.Key_Return)

    assert told.editor.opened[1:] == [(told.file, 7), (told.file, 3)]


def test_kept_trace_opens_as_a_run_and_the_filter_leaves_those_that_failed(told: Told, qtbot: QtBot) -> None:
    told.begin("test_a", "test_b")
    told.records(told.result("test_a", "failed", trace="/tmp/a.ttt"), told.result("test_b", "failed"))
    told.choose("test_a")
    assert told.view.trace.isVisible()

    told.view.trace.click()
    told.choose("test_b")

    assert told.asked("open_run") == ["/tmp/a.ttt"]
    assert not told.view.trace.isVisible()
    assert "only one that fails under a distiller" in told.stand.bench.registry.why_not(
        "tests.open_trace", told.stand.bench.context
    )

    told.begin("test_a", "test_b")
    told.records(told.result("test_a", "failed"), told.result("test_b", "passed"))

    told.view.only_bad.click()
    assert told.view.tree.rows == [("test_pump.py", "failed"), ("test_a", "failed")]
    told.view.only_bad.click()
    told.view.search.setText("b")
    qtbot.waitUntil(lambda: told.view.tree.rows == [("test_pump.py", "passed"), ("test_b", "passed")])


def test_test_that_was_made_of_a_run_is_looked_for(told: Told) -> None:
    made = told.folder / "tests" / "test_app_from_studio.py"

    told.stand.bench.projecting.look_for_tests(str(made))
    told.stand.bench.projecting.look_for_tests("/elsewhere/test_x.py")

    assert told.asked("run_tests") == [
        TestOrder(str(told.folder), "/p/python", ("tests/test_app_from_studio.py",), (str(made),), collect=True)
    ]


def test_what_pytest_says_is_shown_and_what_is_no_record_of_ours_left_out(told: Told) -> None:
    told.news(began=TestOrder(str(told.folder), ""))
    told.news(ending="exit code 4", code=4, output="ERROR: unrecognized arguments: --nope\n")

    assert told.view.problem.text() == "Pytest could not run (exit code 4). What it said is below."
    assert "--nope" in told.view.detail.toPlainText()
    told.news(began=TestOrder(str(told.folder), ""))
    told.news(ending="exit code 1", code=1, output="/p/python: No module named pytest\n")
    assert told.view.problem.text().startswith("The Python of the project has no pytest.")

    told.begin("test_a")
    told.records({}, {"kind": "result"}, {"kind": "tests", "tests": 3}, told.result("test_a", "splendid"))

    assert dict(told.view.tree.rows)["test_a"] == "not run"

    told.news(ending="exit code 1", code=1)
    told.stand.bench.projecting.show_tests(TestNews("/other", began=TestOrder("/other", "")))

    assert not told.stand.bench.project.tests.is_running


def test_tests_run_again_when_a_file_is_saved_if_that_is_wanted(told: Told, qtbot: QtBot) -> None:
    told.stand.bench.project.note_saved(told.file)
    told.stand.bench.run("tests.on_save")
    assert told.stand.settings.flag("tests.run_on_save")

    told.stand.bench.project.note_saved(str(told.folder / "x.py"))
    told.stand.bench.project.note_saved("/somewhere/else.py")

    qtbot.waitUntil(lambda: len(told.asked("run_tests")) == 1)

    told.begin("test_a")
    told.stand.bench.project.note_saved(str(told.folder / "x.py"))
    qtbot.waitUntil(lambda: told.stand.bench.projecting._saved_meanwhile)
    assert len(told.asked("run_tests")) == 1
    told.news(ending="exit code 0")

    qtbot.waitUntil(lambda: len(told.asked("run_tests")) == 2)


def test_in_a_low_and_narrow_place_the_buttons_stay_and_the_sentence_goes(told: Told, qtbot: QtBot) -> None:
    told.begin("test_a", "test_b")
    told.records(told.result("test_a", "passed"), told.result("test_b", "failed"))
    view, line = told.view, told.view.fontMetrics().height()
    assert view.sentence.isVisible()

    view.setFixedSize(20 * line, 9 * line)
    qtbot.waitUntil(lambda: view.height() == 9 * line and not view.sentence.isVisible())

    assert view.sentence.text() in view.bar.counts.toolTip()
    qtbot.waitUntil(lambda: all(it.visibleRegion().boundingRect() == it.rect() for it in view.buttons))
    qtbot.waitUntil(lambda: view.tree.viewport().height() > 2 * view.tree.sizeHintForRow(0))


def test_in_a_narrow_place_the_names_get_the_room_of_the_word_passed(told: Told, qtbot: QtBot) -> None:
    told.begin("test_a")
    told.records(told.result("test_a", "passed"))
    view, letter = told.view, told.view.fontMetrics().horizontalAdvance("x")
    view.setFixedSize(40 * letter, 400)
    qtbot.waitUntil(lambda: view.tree.columnWidth(OUTCOME) > view.tree.fontMetrics().horizontalAdvance("passed"))

    view.setFixedSize(22 * letter, 400)

    qtbot.waitUntil(lambda: view.tree.columnWidth(TEST) > 4 * view.tree.columnWidth(OUTCOME))
    assert [it.toolTip(OUTCOME) for it in view.tree.findItems("test_a", Qt.MatchFlag.MatchRecursive)] == ["passed"]


def test_side_by_side_the_names_of_tests_have_more_room_than_what_one_said(told: Told, qtbot: QtBot) -> None:
    told.begin("test_a")
    view, letter, line = told.view, told.view.fontMetrics().horizontalAdvance("x"), told.view.fontMetrics().height()
    view.setFixedSize(100 * letter, 40 * line)
    qtbot.waitUntil(lambda: view.tree.isVisible() and sum(view.split.sizes()) > 30 * line)
    view.split.setSizes([10 * line, 20 * line])

    view.setFixedSize(100 * letter, 18 * line)

    qtbot.waitUntil(lambda: view.split.orientation() == Qt.Orientation.Horizontal)
    tree, below = view.split.sizes()
    assert tree > below
