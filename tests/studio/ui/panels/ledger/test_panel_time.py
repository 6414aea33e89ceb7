"""The ledger at other moments, and what it looks like."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.panels.ledger import view as ledger_view
from tasktonic_studio.ui.panels.ledger.arrangement import FINISHED_SHOWN
from tasktonic_studio.ui.panels.ledger.rows import COLUMNS
from tasktonic_studio.ui.theme import tokens
from tests.helpers.builders import a_session_with_plant, plant_of
from tests.helpers.panel_stand import MakeStand, PanelStand
from tests.studio.ui.panels.ledger.acting import cell, model_of, names, plant_in, typed


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


@pytest.mark.parametrize("words", [8, 9, 11])
def test_the_heading_of_the_state_is_whole_in_a_narrow_ledger(make_stand: MakeStand, words: int) -> None:
    stand = make_stand(a_session_with_plant())
    header = stand.view.tree.header()
    number = [it.id for it in COLUMNS].index("state")

    stand.widget.resize(words * header.fontMetrics().horizontalAdvance("State"), 600)

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


def test_a_narrow_ledger_gives_the_state_what_the_names_do_not_need(make_stand: MakeStand) -> None:
    stand = make_stand(a_session_with_plant(), 228)
    tree = stand.view.tree
    name, state = (tree.columnWidth([it.id for it in COLUMNS].index(column)) for column in ("name", "state"))
    heading = tree.header().fontMetrics().horizontalAdvance("State")

    assert name + state == tree.viewport().width()
    assert state > 2 * heading, (name, state, heading)
