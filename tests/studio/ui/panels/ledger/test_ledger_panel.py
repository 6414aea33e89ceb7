"""The ledger: the tree of what lives, its groups and its filter, and the selection it shares."""

from __future__ import annotations

from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QPushButton
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tasktonic import events as ev
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.essences import Essences
from tasktonic_studio.session.inbox import TargetBegan, TargetStatus
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.item_models.roles import SORT
from tasktonic_studio.ui.panels.ledger.model import LedgerModel
from tasktonic_studio.ui.panels.ledger.node import LedgerNode
from tasktonic_studio.ui.panels.ledger.panel import LedgerPanel
from tasktonic_studio.ui.panels.ledger.rows import COLUMNS, LedgerRow
from tests.helpers.builders import MS, EventWriter, a_session_with_plant
from tests.helpers.panel_stand import MakeStand, PanelStand
from tests.studio.ui.panels.ledger.acting import cell, model_of, names, plant_in


# ---- what stands where ----------------------------------------
def test_an_empty_session_offers_the_example_plant(make_stand: MakeStand, qtbot: QtBot) -> None:
    stand = make_stand()
    button = next(it for it in stand.widget.findChildren(QPushButton) if it.isVisible())

    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    assert stand.ran == ["run.start_example"]


def test_a_running_program_without_tonics_says_that_it_waits(make_stand: MakeStand) -> None:
    stand = make_stand()

    stand.apply(TargetBegan("launched", "quiet.py"), TargetStatus("running"))

    assert stand.view.nothing_yet.accessibleName() == "Waiting for the first tonic"
    assert not [it for it in stand.view.nothing_yet.findChildren(QPushButton) if it.isVisible()]


def test_an_empty_ledger_offers_a_script_of_ones_own_too(make_stand: MakeStand, qtbot: QtBot) -> None:
    stand = make_stand()
    offered = [it for it in stand.view.nothing_yet.findChildren(QPushButton) if it.isVisible()]

    qtbot.mouseClick(offered[1], Qt.MouseButton.LeftButton)

    assert stand.ran == ["file.start_script"]


def test_to_find_the_places_of_tonics_no_look_at_all_that_is_known_of_them_is_needed(
    stand: PanelStand, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[int] = []
    monkeypatch.setattr(Essences, "get", lambda _, essence: looked_at.append(essence))
    other = LedgerModel(model_of(stand)._theme, model_of(stand)._icons, model_of(stand)._shapes)

    other.fill(stand.session.live)

    assert other.matches == model_of(stand).matches > 10
    assert looked_at == []


def test_tonics_stand_below_their_context_with_services_in_a_group(stand: PanelStand) -> None:
    assert names(model_of(stand)) == [
        "main_catalyst",
        "worker",
        ["plant", [[f"pump {n}", [f"valve {5 + n}"]] for n in range(4)] + ["guest"]],
        ["Services", ["store  ·  0 users", "historian  ·  5 users"]],
    ]


def test_a_finished_service_counts_no_users(stand: PanelStand) -> None:
    plant = plant_in(stand)
    plant.write.ended(plant.historian)
    stand.feed(plant.write.take())

    assert names(model_of(stand))[-1] == ["Services", ["store  ·  0 users", "historian"]]


def test_a_row_tells_state_class_catalyst_and_timers(stand: PanelStand) -> None:
    pump = plant_in(stand).pumps[1]

    told = [cell(stand, pump, column) for column in ("state", "type", "catalyst", "timers", "errors")]

    assert told == ["closed", "Pump", "worker", "1", "1"]


def test_a_row_tells_how_busy_a_tonic_is(stand: PanelStand) -> None:
    stand.feed(plant_in(stand).live(20))

    assert float(cell(stand, plant_in(stand).historian, "rate")) > 10
    assert cell(stand, plant_in(stand).historian, "activity") == "now"

    stand.apply(TargetStatus("ended", "it ended", exit_code=0))
    stand.panel.on_changes(Changes(everything=True))

    assert cell(stand, plant_in(stand).historian, "activity") == "at the end"


def test_a_group_is_as_busy_as_all_in_it_and_nobody_else(stand: PanelStand) -> None:
    plant = plant_in(stand)
    sensors = [plant.write.born("Sensor", f"sensor {n}", plant.plant) for n in range(51)]
    for round_ in range(30):
        plant.write.sparkles(sensors[round_ % 3], "ttse__on_tick")
        plant.write.sparkles(plant.historian, "ttse__on_tick")
        plant.write.wait(10 * MS)
    stand.feed(plant.write.take())
    model = model_of(stand)
    model.refresh_figures()
    live = stand.session.live
    crowd = ("crowd", plant.plant, live.essences.get(sensors[0]).cls)  # type: ignore[union-attr]

    figure = model.index_of(crowd, [it.id for it in COLUMNS].index("rate")).data(SORT)

    assert figure == pytest.approx(sum(live.rate(sensor) for sensor in sensors[:3]))
    assert figure > 10


def test_what_has_finished_stays_and_says_so(stand: PanelStand) -> None:
    guest = plant_in(stand).guest

    assert cell(stand, guest, "state") == "finished"
    assert cell(stand, guest, "name", Qt.ItemDataRole.ForegroundRole) == stand.theme.color("text_muted")


def test_more_than_fifty_siblings_of_a_class_become_a_group(stand: PanelStand, qtmodeltester: ModelTester) -> None:
    plant = plant_in(stand)
    qtmodeltester.check(model_of(stand))
    for n in range(51):
        plant.write.born("Sensor", f"sensor {n}", plant.plant)
        if n % 10 == 0:
            stand.feed(plant.write.take())
    stand.feed(plant.write.take())

    below_plant = names(model_of(stand), model_of(stand).index_of(plant.plant))

    assert [it if isinstance(it, str) else it[0] for it in below_plant] == [
        "pump 0",
        "pump 1",
        "pump 2",
        "pump 3",
        "guest",
        "×51 Sensor",
    ]


def test_finished_siblings_of_a_class_are_gathered_when_they_are_many(
    stand: PanelStand, qtmodeltester: ModelTester
) -> None:
    plant = plant_in(stand)
    qtmodeltester.check(model_of(stand))
    for n in range(6):
        client = plant.write.born("Client", f"client {n}", plant.plant)
        stand.feed(plant.write.take())
        plant.write.ended(client)
        stand.feed(plant.write.take())

    below_plant = names(model_of(stand), model_of(stand).index_of(plant.plant))

    assert below_plant[-1] == ["6 finished Client", [f"client {n}" for n in range(6)]]


def test_a_held_catalyst_shows_in_its_tonics(stand: PanelStand) -> None:
    plant = plant_in(stand)

    stand.feed([ev.CatalystHeld(plant.write.t_ns, plant.worker, True)])

    assert cell(stand, plant.valves[1], "state") == "held"
    assert "its catalyst is held" in cell(stand, plant.pumps[1], "name", Qt.ItemDataRole.ToolTipRole)


def test_a_sparkle_that_runs_for_long_shows_for_how_long(stand: PanelStand) -> None:
    plant = plant_in(stand)
    plant.write.beat(plant.main, inside=plant.pumps[0])
    plant.write.wait(1_800 * MS)
    plant.write.add(ev.LogLine(plant.write.t_ns, plant.plant, ev.Text("tick"), 0))

    stand.feed(plant.write.take())

    assert cell(stand, plant.pumps[0], "state") == "closed 1.80\u202fs"


def test_a_killed_target_shows_nothing_as_alive(stand: PanelStand) -> None:
    stand.apply(TargetStatus("ended", "killed", -9))

    stand.view._show_figures()

    assert cell(stand, plant_in(stand).valves[0], "state") == "ended"
    assert stand.view.counts.text().endswith(" lived at its end")
    assert cell(stand, plant_in(stand).valves[0], "rate") == ""


def test_of_a_run_in_which_all_finished_it_is_said_what_is_counted(stand: PanelStand) -> None:
    plant = plant_in(stand)
    for essence in [it for it in stand.session.live.essences if stand.session.live.essences.get(it).is_alive]:  # type: ignore[union-attr]
        plant.write.ended(essence)
    stand.feed(plant.write.take())

    stand.apply(TargetStatus("ended", "it ended", exit_code=0))

    essences = stand.session.live.essences
    assert essences.alive_count == 0
    assert stand.view.counts.text() == f"{essences.ended_count} finished"
    assert "Timers and parts of the framework are counted too" in stand.view.counts.toolTip()


def test_another_app_in_the_process_begins_anew(stand: PanelStand) -> None:
    other = EventWriter(app=2, name="Other")
    other.catalyst("only_one")

    stand.feed(other.take())

    assert names(model_of(stand)) == ["only_one"]


def test_contexts_that_run_in_a_circle_end_at_the_top(make_stand: MakeStand) -> None:
    stand = make_stand()
    write = EventWriter()
    write.cls("Odd")
    for essence, context in ((0, 1), (1, 0), (2, 2)):
        write.add(ev.Born(1, essence, ev.Name(f"odd {essence}"), 0, context, -1, ev.Name(""), 2, -1, 0))

    stand.feed(write.take())

    assert set(model_of(stand).keys()) == {0, 1, 2}


def test_children_of_a_forgotten_tonic_stay(stand: PanelStand) -> None:
    plant = plant_in(stand)
    model = model_of(stand)
    stand.session.live.essences._identities.pop(plant.pumps[0])

    model.sync(stand.session.live, [plant.pumps[0]])

    assert not model.index_of(plant.pumps[0]).isValid()
    assert not model.index_of(plant.valves[0]).parent().isValid()


# ---- identity and cost ----------------------------------------
def test_rows_keep_their_identity_over_updates(stand: PanelStand, qtmodeltester: ModelTester) -> None:
    plant, model = plant_in(stand), model_of(stand)
    qtmodeltester.check(model)
    before = {key: model.node(key) for key in list(model.keys())}

    for _ in range(5):
        stand.feed(plant.live(3))

    assert {key: model.node(key) for key in set(model.keys())} == before


def test_a_folded_row_stays_folded_while_the_plant_lives(stand: PanelStand) -> None:
    plant, tree = plant_in(stand), stand.view.tree
    tree.collapse(model_of(stand).index_of(plant.plant))

    stand.feed(plant.live(5))
    plant.write.born("Valve", "new one", plant.plant)
    stand.feed(plant.write.take())
    stand.hide()
    stand.show()

    assert not tree.isExpanded(model_of(stand).index_of(plant.plant))


def test_ten_thousand_tonics_cost_what_is_on_screen(make_stand: MakeStand, monkeypatch: pytest.MonkeyPatch) -> None:
    write = EventWriter()
    main = write.catalyst("main")
    halls = [write.born("Hall", f"hall {n}", catalyst=main) for n in range(40)]
    sensors = [write.born(f"Sensor{n % 20}", f"sensor {n}", hall) for hall in halls for n in range(250)]
    session = Session()
    session.apply_events(0, write.take())
    stand = make_stand(session)
    while len(list(model_of(stand).keys())) < 10_041:
        stand.flush()
    read: list[Any] = []
    usual = LedgerModel._row

    def counted(model: LedgerModel, node: LedgerNode) -> LedgerRow:
        read.append(node.key)
        return usual(model, node)

    monkeypatch.setattr(LedgerModel, "_row", counted)
    for sensor in sensors:
        write.sparkles(sensor, "ttsc__measure")

    stand.feed(write.take())
    stand.widget.grab()

    assert len(list(model_of(stand).keys())) == 10_041
    assert len(read) < 200


def test_rows_that_look_the_same_are_not_painted_anew(stand: PanelStand) -> None:
    plant = plant_in(stand)
    stand.feed(plant.live(20))
    spy = QSignalSpy(model_of(stand).dataChanged)

    plant.write.sparkles(plant.historian, "ttsc__record")
    plant.write.sparkles(plant.pumps[2], "ttsc__open", to="open")
    stand.session.apply_events(stand.session.live.n, plant.write.take())
    stand.view.tree.touch({plant.historian, plant.pumps[2]})

    assert [spy.at(n)[0].data() for n in range(spy.count())] == ["pump 2"]


def test_a_hidden_ledger_does_nothing_then_catches_up(stand: PanelStand) -> None:
    plant, model = plant_in(stand), model_of(stand)
    stand.hide()

    late = plant.write.born("Valve", "late", plant.plant)
    stand.feed(plant.write.take())
    stand.selection.select(Thing("essence", plant.plant))
    known_while_hidden = set(model.keys())
    stand.show()

    assert late not in known_while_hidden
    assert late in set(model.keys())
    assert model.essence_at(stand.view.tree.currentIndex()) == plant.plant


def test_a_closed_ledger_leaves_nothing_behind(qtbot: QtBot) -> None:
    stand = PanelStand(LedgerPanel(), a_session_with_plant())
    stand.show()
    view = stand.view

    stand.close()
    stand.selection.select(Thing("essence", plant_in(stand).plant))

    assert not shiboken6.isValid(view)
