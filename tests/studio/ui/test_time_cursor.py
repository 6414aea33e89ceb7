"""The time cursor in the real window, by its keys: a run or a change back and forth, live again, what was selected before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.timeline import RunRow
from tasktonic_studio.ui.panel_list import all_panels
from tests.helpers.builders import a_session_with_plant, plant_of
from tests.helpers.window_stand import WindowStand

from .conftest import MakeStand

ALT = Qt.KeyboardModifier.AltModifier
Key = Qt.Key
KEYS = {",": Key.Key_Comma, ".": Key.Key_Period, "[": Key.Key_BracketLeft, "]": Key.Key_BracketRight}

Press = Callable[..., None]


@pytest.fixture
def window(make_stand: MakeStand, qtbot: QtBot) -> WindowStand:
    """Every panel there is, on a lively plant, in the arrangement Run: the timeline was never on screen."""
    stand = make_stand(a_session_with_plant(), panels=all_panels())
    with qtbot.waitActive(stand.window):
        stand.window.activateWindow()
    stand.bench.show_panel("ledger")
    return stand


@pytest.fixture
def press(window: WindowStand, qtbot: QtBot) -> Press:
    """Press a key where the focus is."""

    def press_key(key: str | Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        code = KEYS[key] if isinstance(key, str) else key
        qtbot.keyClick(QApplication.focusWidget() or window.window, code, modifier)

    return press_key


def lane(stand: WindowStand) -> list[RunRow]:
    """The runs of the worker, in order."""
    runs = stand.session.live.runs
    return [run for run in runs.rows(0, len(runs)) if run.catalyst == plant_of(stand.session).worker]


def where(stand: WindowStand) -> tuple[Any, ...]:
    return stand.selection.thing, stand.selection.time


def at(run: RunRow) -> tuple[Any, ...]:
    return Thing("run", run.run), run.n + 1


@pytest.mark.parametrize("modifier", [Qt.KeyboardModifier.NoModifier, ALT])
def test_comma_and_full_stop_go_by_run_through_time(window: WindowStand, press: Press, modifier: Any) -> None:
    runs = lane(window)
    window.selection.select(Thing("run", runs[10].run))

    press(",", modifier)
    before = where(window)
    press(".", modifier)
    press(".", modifier)

    assert before == at(runs[9])
    assert where(window) == at(runs[11])
    assert len(window.bench.panel_context.known().runs) == runs[11].row + 1


def test_from_live_the_first_step_back_is_the_last_run_of_the_selected_tonic_s_catalyst(
    window: WindowStand, press: Press
) -> None:
    window.selection.select(Thing("essence", plant_of(window.session).pumps[1]))

    press(",")

    assert where(window) == at(lane(window)[-1])


def test_without_a_selection_all_runs_are_gone_through(window: WindowStand, press: Press) -> None:
    runs = window.session.live.runs

    press(",")
    press(",")

    assert where(window) == at(runs.row(len(runs) - 2))


def test_after_the_last_run_comes_live(window: WindowStand, press: Press) -> None:
    last = lane(window)[-1]
    window.selection.select(Thing("run", last.run))
    press(",")

    press(".")
    on_the_last = where(window)
    press(".")

    assert on_the_last == at(last)
    assert where(window) == (Thing("run", last.run), None)


def test_before_the_first_run_nothing_moves(window: WindowStand, press: Press) -> None:
    first = lane(window)[0]
    window.selection.go_to(Thing("run", first.run), first.n + 1)

    press(",")

    assert where(window) == at(first)


def test_a_step_begins_where_the_moment_was_moved_to_since(window: WindowStand, press: Press) -> None:
    runs = lane(window)
    window.selection.select(Thing("run", runs[3].run))
    window.selection.look_at(runs[20].n + 1)

    press(".")

    assert where(window) == at(runs[21])


def test_a_step_begins_at_the_run_that_was_picked_since(window: WindowStand, press: Press) -> None:
    runs = lane(window)
    window.selection.look_at(runs[20].n + 1)
    window.selection.select(Thing("run", runs[3].run))

    press(".")

    assert where(window) == at(runs[4])


@pytest.mark.parametrize("modifier", [Qt.KeyboardModifier.NoModifier, ALT])
def test_brackets_go_by_the_changes_of_the_selected_tonic(window: WindowStand, press: Press, modifier: Any) -> None:
    pump = plant_of(window.session).pumps[0]
    known = window.session.live
    runs, ways = known.runs.rows(0, len(known.runs)), known.transitions.rows(0, len(known.transitions))
    changes = sorted(row.n for rows in (runs, ways) for row in rows if row.essence == pump)
    window.selection.go_to(Thing("essence", pump), changes[-1] + 1)

    went = []
    for key in "[[[]":
        press(key, modifier)
        went.append(window.selection.time)

    assert went == [changes[number] + 1 for number in (-2, -3, -4, -3)]
    assert window.selection.thing == Thing("essence", pump)
    assert {row.n for row in ways} & set(changes[-4:]), "a new state is among the changes"


def test_brackets_go_by_the_writes_of_the_selected_path(window: WindowStand, press: Press) -> None:
    plant = plant_of(window.session)
    path = f"pumps/{plant.pumps[0]}/level"
    entry = window.session.live.store.get(plant.store, path)
    assert entry is not None
    writes = list(entry.history)
    window.selection.select(Thing("store", (plant.store, path)))

    for _ in range(3):
        press("[")

    assert window.selection.time == writes[-3].n + 1
    then = window.bench.panel_context.known().store.get(plant.store, path)
    assert then is not None
    assert then.new == writes[-3].new
    for _ in range(3):
        press("]")
    assert window.selection.is_live


def test_brackets_on_a_run_go_by_the_runs_of_its_tonic(window: WindowStand, press: Press) -> None:
    runs = window.session.live.runs
    pump = plant_of(window.session).pumps[2]
    own = [run for run in runs.rows(0, len(runs)) if run.essence == pump]
    window.selection.select(Thing("run", own[6].run))

    press("[")
    before = where(window)
    press("]")
    press("]")

    assert before == at(own[5])
    assert where(window) == at(own[7])


def test_brackets_need_something_that_changes(window: WindowStand) -> None:
    can = []
    for thing in (None, Thing("place", ("plant.py", 3)), Thing("essence", plant_of(window.session).pumps[0])):
        window.selection.select(thing)
        can.append(window.bench.is_enabled("time.previous_change"))

    assert can == [False, False, True]


def test_end_goes_live_on_the_strip(window: WindowStand, press: Press) -> None:
    press(",")
    pill = window.bench.strip.findChild(QPushButton, "pill")
    assert pill is not None
    pill.setFocus()

    press(Key.Key_End)

    assert window.selection.is_live


def test_end_with_alt_goes_live_anywhere(window: WindowStand, press: Press) -> None:
    press(",")
    window.bench.find()  # the focus is where somebody types

    press(Key.Key_End, ALT)

    assert window.selection.is_live


def test_alt_with_an_arrow_walks_what_was_selected(window: WindowStand, press: Press) -> None:
    runs = lane(window)
    window.selection.select(Thing("run", runs[10].run))
    press(",")
    press(",")

    press(Key.Key_Left, ALT)
    press(Key.Key_Left, ALT)
    back = window.selection.thing
    press(Key.Key_Right, ALT)

    assert back == Thing("run", runs[10].run)
    assert window.selection.thing == Thing("run", runs[9].run)


def test_steps_are_typed_where_somebody_types(window: WindowStand, qtbot: QtBot) -> None:
    window.bench.find()
    line: Any = QApplication.focusWidget()

    qtbot.keyClicks(line, "a.b,[c]")

    assert line.text() == "a.b,[c]"
    assert where(window) == (None, None)


def test_steps_are_in_the_menu_and_on_the_sheet_of_keys(window: WindowStand, press: Press) -> None:
    go = window.window.menuBar().findChild(QMenu, "menu_go")
    assert go is not None
    steps = ["Previous run", "Next run", "Previous change", "Next change", "Freeze this moment", "Go live"]
    in_menu = [action.text() for action in go.actions()]

    window.bench.run("help.keys")

    sheet = window.window.findChild(QDialog)
    assert sheet is not None
    words = [label.text() for label in sheet.findChildren(QLabel)]
    sheet.close()
    assert [title for title in in_menu if title in steps] == steps
    assert {*steps, ",  Alt+,", "[  Alt+["} <= set(words)


def test_a_step_back_on_a_live_app_lets_nothing_move_while_it_goes_on(window: WindowStand, press: Press) -> None:
    plant = plant_of(window.session)
    press(",")
    shown = where(window), len(window.bench.panel_context.known().runs)

    window.bench._on_changes(window.session.apply_events(window.session.live.n, plant.live(10)))

    assert (where(window), len(window.bench.panel_context.known().runs)) == shown
    press(".")
    runs = window.session.live.runs
    catalyst = runs.row(shown[1] - 1).catalyst
    assert where(window) == at(next(run for run in runs.rows(shown[1], len(runs)) if run.catalyst == catalyst))
