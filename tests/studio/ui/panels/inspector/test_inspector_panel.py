"""The inspector on screen: follows the selection, changes line by line, asks for attributes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QPushButton
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tasktonic import events as ev
from tasktonic.protocol.messages import AttributeRow, Attributes, Inspect
from tasktonic.rules import Breakpoint, Term
from tasktonic_studio.session.edits import AttributeSpot, Typed
from tasktonic_studio.session.inbox import TargetStatus, Told
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.panels.inspector.panel import InspectorPanel
from tasktonic_studio.ui.widgets.command_menu import CommandMenu
from tests.helpers.builders import Plant, a_session_with_plant, plant_of
from tests.helpers.panel_stand import MakeStand, PanelStand, stands_of


@pytest.fixture
def make_stand(qtbot: QtBot) -> MakeStand:
    """Make an inspector on screen, on a session or on an empty one."""
    return stands_of(InspectorPanel, qtbot, 400, 900)


@pytest.fixture
def stand(make_stand: MakeStand) -> PanelStand:
    """An inspector on a lively plant, with nothing selected."""
    return make_stand(a_session_with_plant())


def plant_in(stand: PanelStand) -> Plant:
    return plant_of(stand.session)


def select(stand: PanelStand, essence: int) -> None:
    stand.selection.select(Thing("essence", essence))


def index_of(stand: PanelStand, *key: str, column: int = 0) -> QModelIndex:
    index: QModelIndex = stand.view.model.index_of(key, column)
    assert index.isValid(), f"no fact {key}"
    return index


def value(stand: PanelStand, *key: str) -> Any:
    return index_of(stand, *key, column=1).data()


def click(qtbot: QtBot, stand: PanelStand, *key: str, column: int = 1) -> None:
    tree = stand.view.tree
    index = index_of(stand, *key, column=column)
    tree.scrollTo(index)
    qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=tree.visualRect(index).center())


def answer(stand: PanelStand, essence: int, *rows: AttributeRow, problem: str = "") -> None:
    stand.apply(Told(Attributes(essence, 1, rows, problem)))
    stand.view.flush()


def test_without_a_selection_it_says_what_to_do(stand: PanelStand) -> None:
    assert stand.view.nothing.isVisible()
    assert stand.view.nothing.accessibleName() == "Nothing is selected"


def test_without_an_app_it_offers_one(make_stand: MakeStand, qtbot: QtBot) -> None:
    stand = make_stand()

    button = next(it for it in stand.view.findChildren(QPushButton) if it.isVisible())
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    assert stand.view.nothing_yet.isVisible()
    assert stand.ran == ["run.start_example"]


@pytest.mark.parametrize("width, words", [(600, "watch_me.py:30"), (240, "Source")])
def test_the_place_in_source_leaves_room_for_the_name(
    make_stand: MakeStand, qtbot: QtBot, width: int, words: str
) -> None:
    stand = make_stand(a_session_with_plant(), width=width)

    select(stand, plant_in(stand).plant)

    assert stand.view.heading.source.text() == words
    qtbot.waitUntil(lambda: stand.view.heading.title.text() == "plant")


def test_it_follows_the_selection(stand: PanelStand) -> None:
    select(stand, plant_in(stand).pumps[0])
    first = stand.view.heading.title.text()
    select(stand, plant_in(stand).valves[0])

    assert (first, stand.view.heading.title.text()) == ("pump 0", "valve 5")
    assert value(stand, "identity", "class") == "Valve"


def test_a_click_on_a_link_selects_it(stand: PanelStand, qtbot: QtBot) -> None:
    select(stand, plant_in(stand).pumps[0])

    click(qtbot, stand, "identity", "context")

    assert stand.selection.thing == Thing("essence", plant_in(stand).plant)
    assert stand.view.heading.title.text() == "plant"


def test_a_click_on_a_name_follows_nothing(stand: PanelStand, qtbot: QtBot) -> None:
    select(stand, plant_in(stand).pumps[0])

    click(qtbot, stand, "identity", "context", column=0)

    assert stand.selection.thing == Thing("essence", plant_in(stand).pumps[0])


def test_enter_follows_a_link(stand: PanelStand, qtbot: QtBot) -> None:
    select(stand, plant_in(stand).pumps[0])
    stand.view.tree.setCurrentIndex(index_of(stand, "identity", "catalyst"))

    qtbot.keyClick(stand.view.tree, Qt.Key.Key_Return)

    assert stand.selection.thing == Thing("essence", plant_in(stand).main)


def test_a_value_can_be_copied(stand: PanelStand, qtbot: QtBot) -> None:
    select(stand, plant_in(stand).pumps[0])
    stand.view.tree.setCurrentIndex(index_of(stand, "identity", "class"))

    qtbot.keyClick(stand.view.tree, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    assert QGuiApplication.clipboard().text() == "Pump"


def test_in_a_very_narrow_place_the_name_has_a_line_of_its_own(stand: PanelStand, qtbot: QtBot) -> None:
    select(stand, plant_in(stand).pumps[0])
    heading = stand.view.heading
    room = heading.title.fontMetrics().horizontalAdvance("pump 0") + 30

    def has_own_line(width: int) -> bool:
        # As a dock does it: with less to say it can become narrower still.
        stand.view.setMinimumSize(1, 1)
        stand.view.resize(width, 600)
        return bool(heading.title.text() == "pump 0" and heading.title.width() > heading.kind.width())

    qtbot.waitUntil(lambda: has_own_line(room))
    assert heading.source.text() == ""
    assert not heading.source.icon().isNull()
    qtbot.waitUntil(lambda: not has_own_line(500))
    assert heading.source.text() == "watch_me.py:50"


def test_the_heading_opens_the_source(stand: PanelStand, qtbot: QtBot) -> None:
    opened: list[tuple[str, int]] = []

    class Window:
        def open_source(self, file: str, line: int) -> None:
            opened.append((file.rsplit("/", 1)[-1], line))

    stand.command_context.window = Window()
    select(stand, plant_in(stand).pumps[0])

    qtbot.mouseClick(stand.view.heading.source, Qt.MouseButton.LeftButton)

    assert stand.view.heading.source.text() == "watch_me.py:50"
    assert opened == [("watch_me.py", 50)]


# ---- attributes -----------------------------------------------------------------------------------------------------------


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


# ---- staying put ------------------------------------------------------------------------------------------------------------


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


def test_a_closed_inspector_leaves_nothing_behind(qtbot: QtBot) -> None:
    stand = PanelStand(InspectorPanel(), a_session_with_plant())
    stand.show()
    view = stand.view

    stand.close()
    select(stand, plant_in(stand).plant)

    assert not shiboken6.isValid(view)


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_every_theme_can_be_painted(stand: PanelStand, theme: str) -> None:
    select(stand, plant_in(stand).pumps[1])

    stand.choose_theme(theme)

    assert not stand.widget.grab().isNull()


@pytest.mark.parametrize("width", [320, 400, 700])
def test_columns_fit_at_any_width(make_stand: MakeStand, width: int) -> None:
    stand = make_stand(a_session_with_plant(), width)
    select(stand, plant_in(stand).pumps[1])
    tree = stand.view.tree

    assert sum(tree.columnWidth(n) for n in range(3) if not tree.isColumnHidden(n)) <= tree.viewport().width()
    assert not tree.isColumnHidden(1)


# ---- plots ----------------------------------------------------------------------------------------------------------------


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


def test_once_a_program_runs_no_other_one_is_offered(make_stand: MakeStand) -> None:
    stand = make_stand()
    assert stand.view.nothing_yet.isVisible()
    plant = Plant()

    stand.feed(plant.live(1))

    assert stand.view.nothing.isVisible()
    assert not stand.view.nothing_yet.isVisible()


# ---- breakpoints ----------------------------------------------------------------------------------------------------------


def test_the_breakpoints_about_the_selected_tonic_are_told_and_open_their_form(stand: PanelStand, qtbot: QtBot) -> None:
    plant, points = plant_in(stand), stand.session.breakpoints
    points.remove([point.id for point in points.all])  # those that the plant has
    name = stand.session.live.essences.name(plant.pumps[0])
    mine = points.add(Breakpoint(0, (Term("sparkle", "*", tonic=name),), log=True))
    points.add(Breakpoint(0, (Term("sparkle", "*", tonic="nobody"),)))
    opened: list[Breakpoint] = []
    stand.command_context.window = SimpleNamespace(edit_breakpoint=opened.append)
    select(stand, plant.pumps[0])

    lines = index_of(stand, "breakpoints")
    assert [lines.model().index(row, 0, lines).data() for row in range(lines.model().rowCount(lines))] == [
        f"Breakpoint {mine.id}"
    ]
    assert value(stand, "breakpoints", f"breakpoint {mine.id}") == f"{name}.*"
    assert index_of(stand, "breakpoints", f"breakpoint {mine.id}", column=2).data() == "on, no hits, only says so"

    click(qtbot, stand, "breakpoints", f"breakpoint {mine.id}")
    stand.view.tree.setCurrentIndex(index_of(stand, "breakpoints", f"breakpoint {mine.id}"))
    qtbot.keyClick(stand.view.tree, Qt.Key.Key_Return)

    assert opened == [mine, mine]


def test_a_breakpoint_that_is_switched_off_hit_or_removed_is_told_so(stand: PanelStand) -> None:
    plant, points = plant_in(stand), stand.session.breakpoints
    points.remove([point.id for point in points.all])  # those that the plant has
    number = points.add(Breakpoint(0, (Term("sparkle", "*", tonic="pump 0"),), enabled=False)).id
    select(stand, plant.pumps[0])

    def said() -> str:
        stand.view.flush()
        return str(index_of(stand, "breakpoints", f"breakpoint {number}", column=2).data())

    assert said() == "off, no hits"
    points.enable(number, True)
    assert said() == "on, no hits"
    hit = ev.BreakpointHit(
        1, number, ev.Name("studio"), 0, 1, ev.Name(""), 0, True, 1, True, False, ev.Text("before it")
    )
    points.was_hit(5, hit)
    assert said() == "on, 1 hit"

    points.remove((number,))
    stand.view.flush()

    assert not stand.view.model.index_of(("breakpoints",), 0).isValid()
