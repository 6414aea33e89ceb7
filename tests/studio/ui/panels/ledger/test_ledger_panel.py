"""The ledger: the tree of what lives, its groups and its filter, and the selection it shares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QMenu, QPushButton
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tasktonic import events as ev
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.inbox import TargetBegan, TargetStatus
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.panels.ledger import view as ledger_view
from tasktonic_studio.ui.panels.ledger.arrangement import FINISHED_SHOWN
from tasktonic_studio.ui.panels.ledger.model import LedgerModel, LedgerNode
from tasktonic_studio.ui.panels.ledger.panel import LedgerPanel
from tasktonic_studio.ui.panels.ledger.rows import COLUMNS, LedgerRow
from tasktonic_studio.ui.theme import tokens
from tests.helpers.builders import MS, EventWriter, Plant, a_session_with_plant, plant_of
from tests.helpers.panel_stand import PanelStand

MakeStand = Callable[..., PanelStand]


@pytest.fixture
def make_stand(qtbot: QtBot) -> MakeStand:
    """Make a ledger on screen, on a session or on an empty one."""

    def make(session: Session | None = None, width: int = 700, height: int = 900) -> PanelStand:
        stand = PanelStand(LedgerPanel(), session)
        qtbot.addWidget(stand.widget)
        stand.show(width, height)
        return stand

    return make


@pytest.fixture
def stand(make_stand: MakeStand) -> PanelStand:
    """A ledger that shows a lively plant."""
    return make_stand(a_session_with_plant())


def plant_in(stand: PanelStand) -> Plant:
    return plant_of(stand.session)


def model_of(stand: PanelStand) -> LedgerModel:
    return stand.view.model  # type: ignore[no-any-return]


def names(model: LedgerModel, parent: QModelIndex | None = None) -> list[Any]:
    """Names as nested lists: a name, or a name with the list of what is below it."""
    above = QModelIndex() if parent is None else parent
    found: list[Any] = []
    for row in range(model.rowCount(above)):
        index = model.index(row, 0, above)
        below = names(model, index)
        found.append([index.data(), below] if below else index.data())
    return found


def cell(stand: PanelStand, essence: Any, column: str, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
    number = [each.id for each in COLUMNS].index(column)
    return model_of(stand).index_of(essence, number).data(role)


def click(qtbot: QtBot, stand: PanelStand, essence: Any, *, double: bool = False) -> None:
    tree = stand.view.tree
    tree.scrollTo(model_of(stand).index_of(essence))
    at = tree.visualRect(model_of(stand).index_of(essence)).center()
    qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=at)
    if double:
        qtbot.mouseDClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=at)


def typed(stand: PanelStand, text: str) -> None:
    stand.view.search.setText(text)
    stand.view.apply_filter()


# ---- what stands where ---------------------------------------------------------------------------------------------------


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

    assert cell(stand, plant.valves[1], "state") == "paused"
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


# ---- identity and cost ------------------------------------------------------------------------------------------------------


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


# ---- selection ----------------------------------------------------------------------------------------------------------------


def test_a_click_selects_the_tonic_everywhere(stand: PanelStand, qtbot: QtBot) -> None:
    click(qtbot, stand, plant_in(stand).pumps[2])

    assert stand.selection.thing == Thing("essence", plant_in(stand).pumps[2])


def test_arrow_keys_select_the_next_tonic(stand: PanelStand, qtbot: QtBot) -> None:
    click(qtbot, stand, plant_in(stand).pumps[2])

    qtbot.keyClick(stand.view.tree, Qt.Key.Key_Down)

    assert stand.selection.thing == Thing("essence", plant_in(stand).valves[2])


def test_getting_the_focus_selects_nothing(stand: PanelStand, qtbot: QtBot) -> None:
    stand.view.search.setFocus()

    qtbot.keyClick(stand.view.search, Qt.Key.Key_Tab)

    assert stand.selection.thing is None


def test_a_selection_made_elsewhere_is_shown_in_a_folded_tree(stand: PanelStand) -> None:
    plant, view = plant_in(stand), stand.view
    view.tree.collapseAll()

    stand.selection.select(Thing("essence", plant.valves[3]))

    assert model_of(stand).essence_at(view.tree.currentIndex()) == plant.valves[3]
    assert view.tree.visualRect(view.tree.currentIndex()).isValid()


def test_a_selected_run_marks_its_tonic_without_replacing_the_selection(stand: PanelStand) -> None:
    plant = plant_in(stand)
    run = stand.session.live.runs.row(0)

    stand.selection.select(Thing("run", run.run))

    assert model_of(stand).essence_at(stand.view.tree.currentIndex()) == plant.plant
    assert stand.selection.thing == Thing("run", run.run)


def test_the_selection_stays_when_the_tree_changes_around_it(stand: PanelStand, qtbot: QtBot) -> None:
    plant = plant_in(stand)
    click(qtbot, stand, plant.pumps[3])
    for n in range(60):
        plant.write.born("Pump", f"new {n}", plant.plant)

    stand.feed(plant.write.take())

    assert stand.selection.thing == Thing("essence", plant.pumps[3])
    assert model_of(stand).essence_at(stand.view.tree.currentIndex()) == plant.pumps[3]


def test_a_double_click_goes_to_source(stand: PanelStand, qtbot: QtBot) -> None:
    click(qtbot, stand, plant_in(stand).valves[0], double=True)

    assert stand.ran == ["selection.go_to_source"]
    assert stand.selection.thing == Thing("essence", plant_in(stand).valves[0])


def test_enter_goes_to_source(stand: PanelStand, qtbot: QtBot) -> None:
    click(qtbot, stand, plant_in(stand).valves[0])

    qtbot.keyClick(stand.view.tree, Qt.Key.Key_Return)

    assert stand.ran == ["selection.go_to_source"]


def test_the_context_menu_offers_commands_for_the_row(stand: PanelStand, qtbot: QtBot) -> None:
    stand.offer("selection.go_to_source", "selection.copy_name")
    tree = stand.view.tree
    at: QPoint = tree.visualRect(model_of(stand).index_of(plant_in(stand).pumps[0])).center()

    tree.customContextMenuRequested.emit(at)
    menu = next(it for it in stand.widget.findChildren(QMenu) if it.isVisible())
    line = next(it for it in menu.actions() if it.objectName() == "selection.copy_name")
    menu.setActiveAction(line)
    qtbot.keyClick(menu, Qt.Key.Key_Return)

    assert stand.selection.thing == Thing("essence", plant_in(stand).pumps[0])
    assert stand.ran == ["selection.copy_name"]


def test_the_pointer_over_a_row_is_told_to_all_panels(stand: PanelStand, qtbot: QtBot) -> None:
    tree, plant = stand.view.tree, plant_in(stand)
    for pump in plant.pumps[:2]:
        qtbot.mouseMove(tree.viewport(), tree.visualRect(model_of(stand).index_of(pump)).center())

    assert stand.selection.hovered == Thing("essence", plant.pumps[1])
    assert stand.selection.thing is None


def test_what_is_pointed_at_elsewhere_is_lit(stand: PanelStand) -> None:
    tree, plant = stand.view.tree, plant_in(stand)
    row = tree.visualRect(model_of(stand).index_of(plant.pumps[3]))
    at = tree.viewport().mapTo(stand.widget, QPoint(tree.viewport().width() - 2, row.center().y()))
    before = stand.widget.grab().toImage().pixelColor(at)

    stand.selection.hover(Thing("essence", plant.pumps[3]))
    lit = stand.widget.grab().toImage().pixelColor(at)
    stand.selection.hover(None)

    assert lit == stand.theme.color("hover")
    assert stand.widget.grab().toImage().pixelColor(at) == before != lit


# ---- filter -------------------------------------------------------------------------------------------------------------------


def test_a_filter_shows_what_fits_with_what_is_above_it(stand: PanelStand, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(model_of(stand))

    typed(stand, "valve 6")

    assert names(model_of(stand)) == [["plant", [["pump 1", ["valve 6"]]]]]
    assert stand.view.counts.text() == "1 of 19"


def test_what_stands_above_a_hit_is_set_aside(stand: PanelStand) -> None:
    typed(stand, "valve 6")

    muted = stand.theme.color("text_muted")
    assert cell(stand, plant_in(stand).pumps[1], "name", Qt.ItemDataRole.ForegroundRole) == muted
    assert cell(stand, plant_in(stand).valves[1], "name", Qt.ItemDataRole.ForegroundRole) != muted


def test_typing_filters_without_a_further_key(stand: PanelStand, qtbot: QtBot) -> None:
    qtbot.keyClicks(stand.view.search, "type:Historian")

    qtbot.waitUntil(lambda: names(model_of(stand)) == [["Services", ["historian  ·  5 users"]]])


def test_a_filter_on_states_follows_the_states(stand: PanelStand, qtmodeltester: ModelTester) -> None:
    plant = plant_in(stand)
    qtmodeltester.check(model_of(stand))
    typed(stand, "state:open")
    assert names(model_of(stand)) == []

    plant.write.sparkles(plant.pumps[2], "ttsc__open", to="open")
    stand.feed(plant.write.take())
    stand.view.figures.flush()

    assert names(model_of(stand)) == [["plant", ["pump 2"]]]


def test_a_filter_on_timers_gives_them_rows(stand: PanelStand) -> None:
    typed(stand, "type:timer")

    assert plant_in(stand).timers[0] in set(model_of(stand).keys())


def test_dead_shows_what_has_finished(stand: PanelStand) -> None:
    typed(stand, "dead:")

    assert names(model_of(stand)) == [["plant", ["guest"]]]


def test_an_unknown_filter_word_is_named(stand: PanelStand) -> None:
    typed(stand, "stat:open")

    assert "Did you mean 'state:'?" in stand.view.problem.text()
    assert stand.view.problem.isVisible()


def test_a_filter_that_finds_nothing_can_be_cleared_by_its_button(stand: PanelStand, qtbot: QtBot) -> None:
    typed(stand, "no such thing")
    button = next(it for it in stand.widget.findChildren(QPushButton) if it.isVisible())

    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    assert stand.view.search.text() == ""
    assert len(names(model_of(stand))) == 4


def test_escape_in_the_search_clears_it(stand: PanelStand, qtbot: QtBot) -> None:
    typed(stand, "valve")
    with qtbot.waitActive(stand.widget):
        stand.widget.activateWindow()
    stand.panel.find()

    qtbot.keyClick(stand.view.search, Qt.Key.Key_Escape)

    assert len(names(model_of(stand))) == 4
    assert stand.view.tree.hasFocus()


def test_folds_come_back_when_the_filter_goes(stand: PanelStand) -> None:
    plant, tree = plant_in(stand), stand.view.tree
    tree.collapse(model_of(stand).index_of(plant.pumps[1]))

    typed(stand, "valve")
    open_in_filter = tree.isExpanded(model_of(stand).index_of(plant.pumps[1]))
    typed(stand, "")

    assert open_in_filter
    assert not tree.isExpanded(model_of(stand).index_of(plant.pumps[1]))
    assert tree.isExpanded(model_of(stand).index_of(plant.plant))


# ---- time and looks -----------------------------------------------------------------------------------------------------------


def test_the_past_shows_what_lived_then(stand: PanelStand) -> None:
    plant = plant_in(stand)
    before = stand.session.live.n
    plant.write.born("Valve", "late", plant.plant)
    stand.feed(plant.write.take())

    stand.selection.look_at(before)
    then = names(model_of(stand), model_of(stand).index_of(plant.plant))
    stand.selection.look_at(None)
    now = names(model_of(stand), model_of(stand).index_of(plant.plant))

    assert "late" not in then
    assert "late" in now


def moments_of_a_plant_in_which_much_is_born_and_ends(stand: PanelStand) -> list[int]:
    """Event numbers, from when nothing was known on."""
    plant, found = plant_in(stand), [0, 3]
    for name in ("a", "b", "c"):
        born = plant.write.born("Valve", name, plant.plant)
        below = plant.write.born("Flap", f"{name} flap", born)
        stand.feed(plant.write.take())
        found.append(stand.session.live.n)
        for essence in (below, born) if name != "b" else (below,):
            plant.write.ended(essence)
            stand.feed(plant.write.take())
            found.append(stand.session.live.n)
    return found


def test_every_moment_shows_what_a_ledger_filled_anew_shows(stand: PanelStand, make_stand: MakeStand) -> None:
    moments = moments_of_a_plant_in_which_much_is_born_and_ends(stand)
    other = make_stand(stand.session)
    for there, back in zip(moments, reversed(moments), strict=True):
        for moment in (there, back, None):
            stand.selection.look_at(moment)
            other.view.model.fill(stand.context.known())

            assert names(model_of(stand)) == names(model_of(other))


@pytest.fixture
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many new rows two come at a time."""
    monkeypatch.setattr(ledger_view, "AT_ONCE", 2)


def test_very_many_rows_come_some_at_a_time_and_all_in_the_end(
    few_at_once: None, make_stand: MakeStand, qtbot: QtBot
) -> None:
    stand, other = make_stand(a_session_with_plant()), make_stand()
    at_first = len(list(model_of(stand).keys()))
    other.view.model.fill(stand.session.live)

    qtbot.waitUntil(lambda: names(model_of(stand)) == names(model_of(other)))

    assert at_first < len(list(model_of(stand).keys()))


def test_rows_that_are_still_to_come_do_so_at_a_moment_of_the_past(
    few_at_once: None, stand: PanelStand, make_stand: MakeStand, qtbot: QtBot
) -> None:
    plant = plant_in(stand)
    for number in range(9):
        plant.write.born("Valve", f"late {number}", plant.plant)
    stand.feed(plant.write.take())
    moment = stand.session.live.n - 1
    stand.selection.look_at(moment)
    other = make_stand()
    other.view.model.fill(stand.session.at(moment))

    qtbot.waitUntil(lambda: names(model_of(stand)) == names(model_of(other)))


def test_going_to_another_moment_moves_only_rows_that_are_otherwise_then(stand: PanelStand) -> None:
    plant = plant_in(stand)
    before = stand.session.live.n
    plant.write.born("Valve", "late", plant.plant)
    stand.feed(plant.write.take())
    resets = QSignalSpy(model_of(stand).modelReset)
    removed = QSignalSpy(model_of(stand).rowsRemoved)

    stand.selection.look_at(before)

    assert (resets.count(), removed.count()) == (0, 1)


def test_going_to_another_moment_shows_the_states_of_then(stand: PanelStand) -> None:
    plant = plant_in(stand)
    pump = plant.pumps[0]
    before, was = stand.session.live.n, cell(stand, pump, "state")
    other = next(word for word in ("open", "closed") if word != was)
    plant.write.sparkles(pump, "ttsc__open", to=other)
    stand.feed(plant.write.take())

    stand.selection.look_at(before)
    then = cell(stand, pump, "state")
    stand.selection.look_at(None)

    assert (then, cell(stand, pump, "state")) == (was, other)


def test_what_had_finished_lives_again_at_an_earlier_moment(stand: PanelStand) -> None:
    plant = plant_in(stand)
    flaps = [plant.write.born("Flap", f"flap {number}", plant.plant) for number in range(FINISHED_SHOWN + 2)]
    stand.feed(plant.write.take())
    lived = stand.session.live.n
    for flap in flaps:
        plant.write.ended(flap)
    stand.feed(plant.write.take())
    pile = names(model_of(stand), model_of(stand).index_of(plant.plant))[-1]

    stand.selection.look_at(lived)
    then = names(model_of(stand), model_of(stand).index_of(plant.plant))

    assert pile == ["5 finished Flap", [f"flap {number}" for number in range(len(flaps))]]
    assert then[-len(flaps) :] == [f"flap {number}" for number in range(len(flaps))]


def test_nothing_moves_while_the_past_is_shown(stand: PanelStand) -> None:
    plant = plant_in(stand)
    stand.selection.look_at(stand.session.live.n - 5)
    before = names(model_of(stand))

    plant.write.born("Valve", "late", plant.plant)
    stand.feed(plant.write.take())

    assert names(model_of(stand)) == before


@pytest.mark.parametrize("width", [320, 400, 700])
def test_columns_fit_at_any_width(make_stand: MakeStand, width: int) -> None:
    tree = make_stand(a_session_with_plant(), width).view.tree

    shown = [n for n in range(len(COLUMNS)) if not tree.header().isSectionHidden(n)]

    assert sum(tree.columnWidth(n) for n in shown) <= tree.viewport().width()
    assert {"name", "state"} <= {COLUMNS[n].id for n in shown}


def test_names_have_the_room_of_a_very_narrow_ledger_and_states_their_shape(make_stand: MakeStand) -> None:
    tree = make_stand(a_session_with_plant(), 200).view.tree
    name, state = (tree.columnWidth([it.id for it in COLUMNS].index(column)) for column in ("name", "state"))

    assert name > 3 * state
    assert state > tokens.ICON_PX


@pytest.mark.parametrize("width", [230, 260, 320])
def test_the_heading_of_the_state_is_whole_in_a_narrow_ledger(make_stand: MakeStand, width: int) -> None:
    tree = make_stand(a_session_with_plant(), width).view.tree
    number = [it.id for it in COLUMNS].index("state")

    header = tree.header()
    assert header.fontMetrics().horizontalAdvance("State") + 12 <= header.sectionSize(number)


def test_the_selected_row_stays_in_sight_when_the_panel_gets_lower(stand: PanelStand) -> None:
    tree, model = stand.view.tree, model_of(stand)
    tree.expandAll()
    stand.widget.resize(400, 600)
    seen = [key for key in list(model.keys()) if tree.viewport().rect().contains(tree.visualRect(model.index_of(key)))]
    last = max(
        (key for key in seen if isinstance(key, int)), key=lambda key: tree.visualRect(model.index_of(key)).top()
    )
    stand.selection.select(Thing("essence", last))
    before = tree.visualRect(tree.currentIndex()).bottom()

    stand.widget.resize(400, 240)

    assert before > tree.viewport().height()
    assert tree.viewport().rect().contains(tree.visualRect(tree.currentIndex()))


def test_a_ledger_that_was_scrolled_away_from_the_selected_row_stays_there(stand: PanelStand) -> None:
    tree = stand.view.tree
    tree.expandAll()
    stand.widget.resize(400, 240)
    stand.selection.select(Thing("essence", plant_of(stand.session).plant))
    tree.verticalScrollBar().setValue(tree.verticalScrollBar().maximum())
    assert not tree.viewport().rect().intersects(tree.visualRect(tree.currentIndex()))

    stand.widget.resize(400, 220)

    assert not tree.viewport().rect().intersects(tree.visualRect(tree.currentIndex()))


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_every_theme_can_be_painted(stand: PanelStand, theme: str) -> None:
    stand.choose_theme(theme)

    assert not stand.widget.grab().isNull()


def test_every_cell_can_be_read_aloud(stand: PanelStand) -> None:
    model = model_of(stand)

    for key in list(model.keys()):
        for column in range(len(COLUMNS)):
            assert model.index_of(key, column).data(Qt.ItemDataRole.AccessibleTextRole)


def test_columns_and_filter_are_kept(stand: PanelStand, make_stand: MakeStand) -> None:
    stand.view.tree.columns.set_off("rate", True)
    typed(stand, "valve")
    other = make_stand(a_session_with_plant())

    other.panel.restore_state(stand.panel.save_state())

    assert other.view.search.text() == "valve"
    assert other.view.tree.header().isSectionHidden([it.id for it in COLUMNS].index("rate"))
