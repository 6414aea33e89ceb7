"""The sequence panel on bad days."""

from __future__ import annotations

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from tasktonic import events as ev
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.widgets import save_file
from tests.helpers.builders import a_session_with_plant, plant_of
from tests.helpers.panel_stand import PanelStand
from tests.studio.ui.panels.sequence.acting import (
    KeptWindow,
    Key,
    names,
    settle,
    view_of,
)
from tests.studio.ui.panels.sequence.conftest import Hall, MakeStand


def test_every_command_is_harmless_without_a_session(make_stand: MakeStand, monkeypatch: pytest.MonkeyPatch) -> None:
    stand = make_stand()
    stand.command_context.window = KeptWindow()
    monkeypatch.setattr(save_file, "file_to_save", lambda *_: "")

    for command in stand.panel.commands():
        stand.run(command.id)

    assert len(view_of(stand).model.diagram) == 0


def test_long_names_and_all_fates_are_painted_in_every_theme(
    make_stand: MakeStand, hall: Hall, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults: list[Any] = []
    monkeypatch.setattr("sys.excepthook", lambda *fault: faults.append(fault))
    long = hall.born("Long" * 80, "name " * 60, hall.hall)
    start, opened, _ = hall.story()
    hall.call(long, "ttsc__" + "x" * 300, opened, hall.door, flags=ev.IGNORED)
    dropped = hall.order(long, "ttsc__never", hall.door, opened)
    hall.add(ev.Dropped(hall.t_ns, long, 0, dropped, ev.Name("finishing")))
    stand = make_stand(hall.tell(), width=300)
    stand.selection.select(Thing("run", start))
    settle(stand, qtbot)
    for theme in ("light", "contrast", "dark"):
        for scaled in (True, False):
            stand.choose_theme(theme)
            view_of(stand).set_to_scale(scaled)
            settle(stand, qtbot)
            stand.widget.grab()
            assert view_of(stand).diagram.painter.drawn > 0

    assert faults == []


def test_a_hidden_panel_does_nothing(make_stand: MakeStand, hall: Hall, qtbot: QtBot) -> None:
    hall.call(hall.boss, "ttsc__one")
    stand = make_stand(hall.tell())
    view = settle(stand, qtbot)

    stand.hide()
    stand.selection.select(Thing("run", hall.call(hall.boss, "ttsc__two")))
    stand.session.apply_events(stand.session.live.n, hall.take())

    assert names(view) == ["ttsc__one"]
    assert not view._working.isActive()


def test_many_calls_are_searched_in_pieces_with_a_share(
    make_stand: MakeStand, hall: Hall, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasktonic_studio.session.call_chain.PIECE_ROWS", 50)
    monkeypatch.setattr("tasktonic_studio.ui.panels.sequence.view._STEP_SECONDS", 0.0)
    start = hall.call(hall.boss, "ttse__on_start")
    for _ in range(1_000):
        hall.call(hall.door, "ttsc__open", start, hall.boss)
    stand = make_stand()
    stand.session.apply_events(0, hall.take())
    stand.selection.select(Thing("run", start))

    stand.panel.on_changes(Changes(everything=True))

    view = view_of(stand)
    assert view.busy.isVisible()
    settle(stand, qtbot)
    assert view.bar.heading.whole == "Chain of boss · ttse__on_start: 1\u202f001 calls in 2 rows"


def test_what_was_chosen_is_kept(make_stand: MakeStand, qtbot: QtBot) -> None:
    stand = make_stand(a_session_with_plant())
    stand.run("sequence.show_window")
    stand.run("sequence.more_lifelines")
    stand.run("sequence.fold_repeats")
    settle(stand, qtbot)
    state = stand.panel.save_state()

    other = make_stand(a_session_with_plant())
    other.panel.restore_state({"lifelines": 7, "scope": "?", "columns": 3})
    other.panel.restore_state(state)

    view = settle(other, qtbot)
    assert view.model.scope == "window"
    assert view.bar.span.isChecked()
    assert view.model.asked.wishes.most == 24
    assert not view.model.asked.repeats
    assert view.model.asked.selves


def test_a_plant_is_looked_at_from_the_ledger(plant: PanelStand, qtbot: QtBot) -> None:
    view = settle(plant, qtbot)
    pump = plant_of(plant.session).pumps[0]

    plant.selection.select(Thing("essence", pump))

    settle(plant, qtbot)
    assert view.model.diagram.lines[view.diagram.lit.lane].id == pump


def test_find_goes_to_the_filter(plant: PanelStand, qtbot: QtBot) -> None:
    plant.widget.activateWindow()
    plant.panel.find()

    qtbot.waitUntil(view_of(plant).bar.search.hasFocus)
    qtbot.keyClicks(view_of(plant).bar.search, "valve")
    qtbot.keyClick(view_of(plant).bar.search, Key.Key_Down)
    settle(plant, qtbot)
    assert view_of(plant).diagram.hasFocus()
