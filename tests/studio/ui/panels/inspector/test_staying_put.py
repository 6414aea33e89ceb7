"""The inspector while the app goes on: lines change where they stand, folds stay, the past is as it was."""

from __future__ import annotations

from PySide6.QtTest import QSignalSpy
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.selection import Thing
from tests.helpers.panel_stand import PanelStand
from tests.studio.ui.panels.inspector.acting import click, index_of, plant_in, select, value


def test_only_lines_that_differ_are_signalled(stand: PanelStand) -> None:
    plant = plant_in(stand)
    select(stand, plant.plant)
    spy = QSignalSpy(stand.view.model.dataChanged)
    reset = QSignalSpy(stand.view.model.modelReset)

    plant.write.sparkles(plant.plant, "ttsc__report")
    stand.feed(plant.write.take())
    stand.view.refresh()

    keys = {stand.view.model.node_at(spy.at(n)[0]).key for n in range(spy.count())}
    assert ("identity", "sparkles") in keys
    assert ("identity", "class") not in keys
    assert reset.count() == 0


def test_lines_come_and_go_in_place(stand: PanelStand, qtmodeltester: ModelTester) -> None:
    plant = plant_in(stand)
    select(stand, plant.plant)
    qtmodeltester.check(stand.view.model)

    for n in range(4):
        valve = plant.write.born("Valve", f"v{n}", plant.plant)
        plant.write.sparkles(plant.plant, "ttsc__report")
        stand.feed(plant.write.take())
        stand.view.refresh()
        if n % 2:
            plant.write.ended(valve)
            stand.feed(plant.write.take())
            stand.view.refresh()

    below = [stand.view.model.index(row, 0, index_of(stand, "children")).data() for row in range(7)]
    assert below == ["pump 0", "pump 1", "pump 2", "pump 3", "v0", "v2", "3 finished"]


def test_a_folded_section_stays_folded_for_other_tonics(stand: PanelStand, qtbot: QtBot) -> None:
    select(stand, plant_in(stand).pumps[0])
    click(qtbot, stand, "identity", column=0)

    select(stand, plant_in(stand).pumps[1])

    assert not stand.view.tree.isExpanded(index_of(stand, "identity"))
    assert stand.view.tree.isExpanded(index_of(stand, "states"))
    assert stand.panel.save_state()["folded"] == ["identity"]


def test_changes_come_together_after_a_while(stand: PanelStand, qtbot: QtBot) -> None:
    plant = plant_in(stand)
    select(stand, plant.pumps[0])

    stand.feed(plant.live(2))
    plant.write.sparkles(plant.pumps[0], "ttsc__open", to="open")
    stand.feed(plant.write.take())

    qtbot.waitUntil(lambda: value(stand, "states", "state open").startswith("since"))


def test_the_past_shows_what_was_known_then(stand: PanelStand) -> None:
    plant = plant_in(stand)
    select(stand, plant.plant)
    now = int(value(stand, "identity", "sparkles"))
    before = stand.session.live.n
    plant.write.sparkles(plant.plant, "ttsc__report")
    stand.feed(plant.write.take())

    stand.selection.look_at(before)
    then = int(value(stand, "identity", "sparkles"))
    stand.selection.look_at(None)

    assert then == now
    assert int(value(stand, "identity", "sparkles")) == now + 1


def test_heavy_work_is_followed_from_line_to_line(stand: PanelStand, qtmodeltester: ModelTester) -> None:
    plant = plant_in(stand)
    write, pump = plant.write, plant.pumps[0]
    select(stand, pump)
    qtmodeltester.check(stand.view.model)
    first, second = write.offload(pump, "survey", run=plant.first_run), write.offload(pump, "survey")

    stand.feed(write.take())
    assert value(stand, "work", f"waits {first}") == "waits for a process"
    write.work_began(first, pump, "survey")
    stand.feed(write.take())
    assert value(stand, "work", f"runs {first}").startswith("runs for ")
    write.work_ended(first, pump, "failed", "ValueError: no prime", "survey")
    stand.feed(write.take())

    section = index_of(stand, "work")
    assert [section.model().index(row, 0, section).data() for row in range(2)] == ["survey", "survey"]
    assert value(stand, "work", f"waits {second}") == "waits for a process"
    assert value(stand, "work", f"over {first}") == "failed with ValueError: no prime"
    assert stand.view.model.rowCount(section) == 2


def test_a_click_on_heavy_work_leads_to_the_run_that_handed_it_off(stand: PanelStand, qtbot: QtBot) -> None:
    plant = plant_in(stand)
    work = plant.write.offload(plant.pumps[0], run=plant.first_run)
    stand.feed(plant.write.take())
    select(stand, plant.pumps[0])

    click(qtbot, stand, "work", f"waits {work}")

    assert stand.selection.thing == Thing("run", plant.first_run)


def test_in_the_past_heavy_work_is_as_it_was_then(stand: PanelStand) -> None:
    plant = plant_in(stand)
    write, pump = plant.write, plant.pumps[0]
    work = write.offload(pump)
    write.work_began(work, pump)
    stand.feed(write.take())
    moment = stand.session.live.n
    write.work_ended(work, pump)
    stand.feed(write.take())
    select(stand, pump)

    stand.selection.look_at(moment)
    then = value(stand, "work", f"runs {work}")
    stand.selection.look_at(moment - 2)
    has_section_before = stand.view.model.index_of(("work",)).isValid()
    stand.selection.look_at(None)

    assert then.startswith("runs for ")
    assert not has_section_before
    assert value(stand, "work", f"over {work}") == "done in 0\u202fns"


def test_a_hidden_inspector_does_nothing_then_catches_up(stand: PanelStand) -> None:
    select(stand, plant_in(stand).pumps[0])
    stand.hide()
    sent = len(stand.requests.sent)

    select(stand, plant_in(stand).valves[0])
    title_while_hidden = stand.view.heading.title.text()
    stand.show()

    assert title_while_hidden == "pump 0"
    assert sent == 1
    assert stand.view.heading.title.text() == "valve 5"
