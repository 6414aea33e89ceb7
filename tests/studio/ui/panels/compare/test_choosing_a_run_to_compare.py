"""Which run is compared with: by command, from the empty page, files that are no run; waiting, cancelling, leaving."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.comparing.comparison import Mark
from tasktonic_studio.session.comparing.task import Comparing
from tasktonic_studio.session.inbox import TargetBegan
from tasktonic_studio.ui.dialogs import ask
from tasktonic_studio.ui.panel_list import all_panels
from tests.helpers.builders import a_session_with_plant
from tests.helpers.patience import PATIENCE_S
from tests.helpers.recorded_houses import MakeWindow, Record, opens
from tests.helpers.window_stand import WindowStand
from tests.studio.ui.panels.compare.acting import LEFT, compared, view_in

TRACES = Path(__file__).parents[4] / "data" / "traces"


def button_in(page: QWidget, words: str) -> QPushButton:
    return next(it for it in page.findChildren(QPushButton) if it.text() == words)


def test_the_run_before_is_compared_by_its_command(make_window: MakeWindow, record: Record, qtbot: QtBot) -> None:
    stand = make_window(record("here", code="4712"))
    assert not stand.bench.is_enabled("run.compare_previous")
    opens(stand, record("again"))

    stand.bench.run("run.compare_previous")
    view = view_in(stand)
    qtbot.waitUntil(lambda: not view.is_busy)

    assert view.comparison.side_there.title == "the run before, here.ttt"
    assert view.comparison.count(Mark.ONLY_HERE) > 0
    assert "Here again.ttt, there the run before, here.ttt: " in view.numbers.whole


def test_without_a_run_it_says_what_to_do(make_window: MakeWindow) -> None:
    stand = make_window()
    stand.bench.show_panel("compare")
    view = view_in(stand)

    page = view.nothing_here
    assert page.isVisible()
    assert page.accessibleName() == "Nothing to compare yet"
    assert [it.text() for it in page.findChildren(QPushButton)] == ["Open a recorded run…", "Start a script…"]
    assert not stand.bench.is_enabled("run.compare_with")


def test_with_a_run_it_offers_what_to_compare_with(
    make_window: MakeWindow, record: Record, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand = make_window(record("here"))
    other = record("there")
    monkeypatch.setattr(ask, "run_to_compare", lambda parent, folder: str(other))
    stand.bench.show_panel("compare")
    view = view_in(stand)
    assert view.nothing_yet.isVisible()
    assert view.nothing_yet.accessibleName() == "Compare this run"
    assert "tasktonic record" in view.nothing_yet.accessibleDescription()

    qtbot.mouseClick(button_in(view.nothing_yet, "Compare with a recording…"), LEFT)

    qtbot.waitUntil(lambda: view.comparison is not None)


def test_a_run_that_is_watched_can_be_recorded_from_the_empty_page(tmp_path: Path, qtbot: QtBot) -> None:
    stand = WindowStand(tmp_path, a_session_with_plant(), panels=all_panels(), settings={"arrangement": "analyse"})
    stand.window.show()
    stand.bench.show_panel("compare")
    page = view_in(stand).nothing_yet
    qtbot.waitUntil(lambda: bool(page.isVisible()))

    qtbot.mouseClick(button_in(page, "Record the run"), LEFT)

    assert "Record the run" in page.accessibleDescription()
    assert "record" in [it[0] for it in stand.requests.asked]
    stand.close()


def test_a_run_that_is_over_is_not_offered_to_be_recorded(make_window: MakeWindow, record: Record) -> None:
    stand = make_window(record("here"))
    stand.bench.show_panel("compare")
    page = view_in(stand).nothing_yet

    assert page.isVisible()
    assert button_in(page, "Compare with a recording…").isVisible()
    assert not button_in(page, "Record the run").isVisible()


@pytest.mark.parametrize(
    "name, words",
    [
        ("text.ttt", "is no trace: it does not begin like one."),
        ("nothing.ttt", "There is no file"),
        ("newer.ttt", "format 2"),
    ],
)
def test_a_file_that_is_no_trace_is_told_and_leaves_what_was_compared(
    different: tuple[WindowStand, Any], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, name: str, words: str
) -> None:
    stand, view = different
    before = view.comparison

    compared(stand, qtbot, TRACES / name, monkeypatch)

    assert words in view.problem.text()
    assert view.comparison is before
    assert view.table.isVisible()


def test_a_run_of_another_script_is_compared_and_told(
    make_window: MakeWindow, record: Record, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand = make_window(record("here"))

    view = compared(stand, qtbot, TRACES / "door.ttt", monkeypatch)

    assert view.remarks.text() == "These are runs of two scripts: house.py here, door.py there."


def test_a_damaged_file_is_compared_with_reservations(
    make_window: MakeWindow, record: Record, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand = make_window(record("here"))

    view = compared(stand, qtbot, TRACES / "cut.ttt", monkeypatch)

    assert view.remarks.isVisible()
    assert "cut.ttt: From byte 1,140 on, 530 bytes are lost" in view.remarks.text()


def test_the_end_of_an_earlier_comparison_is_not_taken_for_that_of_the_next(
    make_window: MakeWindow, record: Record, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand = make_window(record("here"))
    first, second = record("first", code="4712"), record("second", code="4713")
    monkeypatch.setattr(ask, "run_to_compare", lambda parent, folder: str(first))
    stand.bench.run("run.compare_with")
    view = view_in(stand)
    view._comparing._thread.join(PATIENCE_S)  # its end is told, and not yet heard of

    monkeypatch.setattr(ask, "run_to_compare", lambda parent, folder: str(second))
    stand.bench.run("run.compare_with")
    qtbot.waitUntil(lambda: not view.is_busy)

    assert view.comparison.side_there.title == "second.ttt"


def test_a_comparison_can_be_cancelled(
    make_window: MakeWindow, record: Record, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand = make_window(record("here"))
    monkeypatch.setattr(ask, "run_to_compare", lambda parent, folder: str(TRACES / "keyframes.ttt"))
    gate = threading.Event()
    read = Comparing._read

    def reads_late(comparing: Comparing, file: str) -> Any:
        gate.wait(PATIENCE_S)
        return read(comparing, file)

    monkeypatch.setattr(Comparing, "_read", reads_late)
    stand.bench.run("run.compare_with")
    view = view_in(stand)
    thread = view._comparing
    assert view.progress.isVisible()
    assert view.progress.title.text() == "Comparing with keyframes.ttt"

    qtbot.mouseClick(view.progress.cancel, LEFT)
    gate.set()
    thread.finish()

    assert not view.is_busy
    assert view.nothing_yet.isVisible()
    assert view.comparison is None


def test_another_target_puts_the_comparison_away(different: tuple[WindowStand, Any]) -> None:
    stand, view = different

    stand.feed(TargetBegan("launched", script="/somewhere/else.py"))

    assert view.comparison is None
    assert view.model.rowCount() == 0
    assert not stand.bench.is_enabled("compare.again")


def test_it_compares_again_with_the_same_run(different: tuple[WindowStand, Any], qtbot: QtBot) -> None:
    _, view = different
    before = view.comparison

    qtbot.mouseClick(view.steps[3], LEFT)

    qtbot.waitUntil(lambda: not view.is_busy)
    assert view.comparison is not before
    assert view.comparison.side_there.title == before.side_there.title


def test_the_trace_offers_to_compare(different: tuple[WindowStand, Any]) -> None:
    stand, _ = different
    trace = next(panel for panel in stand.panels if panel.id == "trace")

    assert {"run.compare_with", "run.compare_previous"} <= set(trace.view.MENU)  # type: ignore[attr-defined]
    menu = [command.id for command in stand.bench.registry.all() if command.menu == "Run"]
    assert {"run.compare_with", "run.compare_previous"} <= set(menu)
