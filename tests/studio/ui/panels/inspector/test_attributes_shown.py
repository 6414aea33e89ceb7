"""Attributes in the inspector: when they are asked for, how they are shown and unfolded, and their plots."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tasktonic.protocol.messages import AttributeRow, Attributes, Inspect
from tasktonic_studio.session.edits import AttributeSpot, Typed
from tasktonic_studio.session.inbox import TargetStatus, Told
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.widgets.command_menu import CommandMenu
from tests.helpers.builders import a_session_with_plant
from tests.helpers.panel_stand import MakeStand, PanelStand
from tests.studio.ui.panels.inspector.acting import click, index_of, plant_in, select, value


def answer(stand: PanelStand, essence: int, *rows: AttributeRow, problem: str = "") -> None:
    stand.apply(Told(Attributes(essence, 1, rows, problem)))
    stand.view.flush()


def test_selecting_a_tonic_asks_for_its_attributes(stand: PanelStand) -> None:
    select(stand, plant_in(stand).pumps[0])

    asked = stand.requests.sent
    assert [(type(it), it.essence) for it in asked] == [(Inspect, plant_in(stand).pumps[0])]


def test_attributes_are_asked_for_again_while_they_can_be_seen(stand: PanelStand, qtbot: QtBot) -> None:
    select(stand, plant_in(stand).pumps[0])
    stand.view._ask.setInterval(0)

    qtbot.waitUntil(lambda: len(stand.requests.sent) > 2)


@pytest.mark.parametrize("why", ["ended", "past", "finished tonic", "a run", "folded"])
def test_attributes_are_not_asked_for_in_vain(stand: PanelStand, why: str, qtbot: QtBot) -> None:
    plant = plant_in(stand)
    if why == "ended":
        stand.apply(TargetStatus("ended", "ended", 0))
    elif why == "past":
        stand.selection.look_at(stand.session.live.n - 3)
    elif why == "folded":
        stand.panel.restore_state({"folded": ["attributes"]})

    things = {"finished tonic": Thing("essence", plant.guest), "a run": Thing("run", plant.first_run)}
    stand.selection.select(things.get(why, Thing("essence", plant.pumps[0])))

    assert stand.requests.sent == []


def test_attributes_are_shown_with_type_when_they_come(make_stand: MakeStand) -> None:
    stand = make_stand(a_session_with_plant(), 600)
    pump = plant_in(stand).pumps[0]
    select(stand, pump)

    answer(stand, pump, AttributeRow("level", "float", "12.5"))

    assert value(stand, "attributes", "attribute level") == "12.5"
    assert index_of(stand, "attributes", "attribute level", column=2).data() == "float"


def test_what_is_inside_a_value_unfolds(stand: PanelStand) -> None:
    pump = plant_in(stand).pumps[0]
    select(stand, pump)
    inside = (AttributeRow("0", "int", "3"), AttributeRow("1", "int", "5"))
    answer(stand, pump, AttributeRow("steps", "list", "[3, 5]", inside))
    tree = stand.view.tree
    folded_first = not tree.isExpanded(index_of(stand, "attributes", "attribute steps"))

    tree.expand(index_of(stand, "attributes", "attribute steps"))
    answer(stand, pump, AttributeRow("steps", "list", "[3, 6]", (inside[0], AttributeRow("1", "int", "6"))))

    assert folded_first
    assert tree.isExpanded(index_of(stand, "attributes", "attribute steps"))
    assert value(stand, "attributes", "attribute steps", "attribute 1") == "6"


def test_an_attribute_that_holds_a_tonic_leads_to_it(stand: PanelStand, qtbot: QtBot) -> None:
    pump, valve = plant_in(stand).pumps[0], plant_in(stand).valves[0]
    select(stand, pump)
    name = stand.session.live.essences.name(valve)
    answer(stand, pump, AttributeRow("valve", "Valve", f"{name} (Valve {valve})"))

    click(qtbot, stand, "attributes", "attribute valve")

    assert stand.selection.thing == Thing("essence", valve)


@pytest.mark.parametrize("kind", ["tasktonic.timers.ttTimerRepeat", "ttTimerRepeat"])
def test_an_attribute_that_holds_a_timer_leads_to_it(stand: PanelStand, qtbot: QtBot, kind: str) -> None:
    pump, timer = plant_in(stand).pumps[0], plant_in(stand).timers[0]
    select(stand, pump)
    name = stand.session.live.essences.name(timer)
    answer(stand, pump, AttributeRow("tick", kind, f"{name} (ttTimerRepeat {timer})"))

    click(qtbot, stand, "attributes", "attribute tick")

    assert stand.selection.thing == Thing("essence", timer)


@pytest.mark.parametrize("preview", ["valve 5 (Valve 999)", "other (Valve 9)", "valve 5 (Pump 9)", "'(Valve 9)'", ""])
def test_text_that_looks_like_a_tonic_leads_nowhere(stand: PanelStand, preview: str) -> None:
    pump = plant_in(stand).pumps[0]
    select(stand, pump)

    answer(stand, pump, AttributeRow("note", "str", preview))

    assert stand.view.model.node(("attributes", "attribute note")).fact.link is None


def test_a_problem_with_attributes_is_a_sentence(stand: PanelStand) -> None:
    pump = plant_in(stand).pumps[0]
    select(stand, pump)

    answer(stand, pump, problem="Its catalyst is busy inside a sparkle.")

    assert index_of(stand, "attributes", "problem").data() == "Its catalyst is busy inside a sparkle."


def told_level(stand: PanelStand, pump: int, level: float) -> None:
    """The app answers with the pump's level, a second later."""
    plant = plant_in(stand)
    t_ns = plant.write.wait(1_000_000_000)
    plant.write.log(pump, "a second later")
    stand.feed(plant.write.take())
    rows = (AttributeRow("level", "float", str(level)), AttributeRow("name", "str", "'pump'"))
    stand.apply(Told(Attributes(pump, 1, rows, t_ns=t_ns)))


def test_a_numeric_attribute_is_plotted_from_the_menu(stand: PanelStand) -> None:
    pump = plant_in(stand).pumps[0]
    select(stand, pump)
    for level in (1.5, 7.0, 4.0):
        told_level(stand, pump, level)
    stand.view._on_menu(stand.view.tree.visualRect(index_of(stand, "attributes", "attribute level")).center())
    menu = stand.view.findChild(CommandMenu)
    line = next(it for it in menu.actions() if it.objectName() == "inspector.plot_attribute")

    line.trigger()

    menu.close()
    assert stand.view.plot.isVisible()
    assert stand.view.plot.summary.accessibleName() == "now 4 · least 1.5 · most 7"
    told_level(stand, pump, 9.0)
    assert stand.view.plot.summary.accessibleName() == "now 9 · least 1.5 · most 9"


def test_what_is_no_number_cannot_be_plotted(stand: PanelStand) -> None:
    pump = plant_in(stand).pumps[0]
    select(stand, pump)
    told_level(stand, pump, 1.0)

    stand.view.tree.setCurrentIndex(index_of(stand, "attributes", "attribute name"))

    assert stand.view.plottable is None


def test_the_plot_goes_with_its_tonic_and_comes_back(stand: PanelStand) -> None:
    first, second = plant_in(stand).pumps[:2]
    select(stand, first)
    told_level(stand, first, 1.0)
    stand.view.tree.setCurrentIndex(index_of(stand, "attributes", "attribute level"))
    stand.run("inspector.plot_attribute")

    select(stand, second)
    assert not stand.view.plot.isVisible()

    select(stand, first)
    assert stand.view.plot.isVisible()
    stand.view.tree.setCurrentIndex(index_of(stand, "attributes", "attribute level"))
    stand.run("inspector.plot_attribute")
    assert not stand.view.plot.isVisible()


def test_the_plot_of_the_past_ends_there(stand: PanelStand) -> None:
    pump = plant_in(stand).pumps[0]
    select(stand, pump)
    told_level(stand, pump, 1.0)
    moment = stand.session.live.n
    told_level(stand, pump, 5.0)
    stand.view.tree.setCurrentIndex(index_of(stand, "attributes", "attribute level"))
    stand.run("inspector.plot_attribute")

    stand.selection.look_at(moment)

    assert stand.view.plot.summary.accessibleName() == "now 1 · least 1 · most 1"


def test_a_menu_of_a_pinned_panel_is_about_what_it_shows(stand: PanelStand, qtbot: QtBot) -> None:
    plant = plant_in(stand)
    stand.offer("change.finish")
    select(stand, plant.pumps[0])
    stand.view.pin.setChecked(True)
    select(stand, plant.pumps[1])

    stand.view.tree.customContextMenuRequested.emit(
        stand.view.tree.visualRect(index_of(stand, "identity", "class")).center()
    )

    assert stand.selection.thing == Thing("essence", plant.pumps[0])
    stand.view.findChild(CommandMenu).close()


def test_an_attribute_is_typed_where_it_stands(stand: PanelStand, qtbot: QtBot) -> None:
    pump = plant_in(stand).pumps[0]
    select(stand, pump)
    stand.apply(Told(Attributes(pump, 1, (AttributeRow("speed", "int", "1"), AttributeRow("title", "str", "'x'")))))

    stand.panel.edit()
    stand.view.editor.line.setText("2")
    qtbot.keyClick(stand.view.editor.line, Qt.Key.Key_Return)

    assert stand.session.edits.typed == Typed(AttributeSpot(pump, "speed"), "2", "1", "int")
    assert stand.ran[-1] == "change.send_typed"
