"""Very large groups in the ledger: rows are made for what is unfolded, and nothing can be told from it that they are not there."""

from __future__ import annotations

import random
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.essences import Identity
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.item_models.roles import SORT
from tasktonic_studio.ui.panels.ledger.arrangement import Key
from tasktonic_studio.ui.panels.ledger.folded import ROWS_UNASKED
from tasktonic_studio.ui.panels.ledger.model import LedgerModel
from tests.helpers.builders import MS
from tests.helpers.panel_stand import MakeStand, PanelStand
from tests.studio.ui.panels.ledger.acting import click, model_of, names, plant_in, typed

MANY = ROWS_UNASKED + 300


def with_sensors(stand: PanelStand, *, flaps: bool = False) -> tuple[list[int], Key]:
    """Many sensors below the plant, and the group that they are in; ``flaps``: with something below each."""
    plant = plant_in(stand)
    sensors = [plant.write.born("Sensor", f"sensor {n}", plant.plant) for n in range(MANY)]
    if flaps:
        for n, sensor in enumerate(sensors):
            plant.write.born("Flap", f"flap {n}", sensor)
    stand.feed(plant.write.take())
    cls = stand.session.live.essences.get(sensors[0]).cls  # type: ignore[union-attr]
    return sensors, ("crowd", plant.plant, cls)


def open_all_groups(stand: PanelStand) -> None:
    """As a person does it, one after the other, for as long as there are folded ones."""
    tree, model = stand.view.tree, model_of(stand)
    while pending := [
        key for key in list(model.keys()) if isinstance(key, tuple) and not tree.isExpanded(model.index_of(key))
    ]:
        for key in pending:
            tree.setExpanded(model.index_of(key), True)


def test_of_a_group_that_was_never_unfolded_only_the_first_have_rows(stand: PanelStand) -> None:
    sensors, crowd = with_sensors(stand, flaps=True)
    model = model_of(stand)

    made = set(model.keys())
    assert sum(sensor in made for sensor in sensors) == ROWS_UNASKED
    assert not any(model.node(flap) for sensor in sensors[ROWS_UNASKED:] for flap in children(stand, sensor))
    assert model.index_of(crowd).data() == f"×{MANY} Sensor"
    assert model.hasChildren(model.index_of(crowd))
    groups = sum(isinstance(key, tuple) for key in made)
    assert model.matches == len(names_within(names(model))) - groups + 2 * (MANY - ROWS_UNASKED)


def children(stand: PanelStand, essence: int) -> list[int]:
    return stand.session.live.essences.children(essence)


def names_within(nested: list[Any]) -> list[str]:
    found = []
    for each in nested:
        found += [each] if isinstance(each, str) else [each[0], *names_within(each[1])]
    return found


def test_unfolding_brings_all_of_a_group_and_what_is_below_them(stand: PanelStand, qtbot: QtBot) -> None:
    _, crowd = with_sensors(stand, flaps=True)
    tree, model = stand.view.tree, model_of(stand)
    tree.setCurrentIndex(model.index_of(crowd))

    qtbot.keyClick(tree, Qt.Key.Key_Right)

    assert names(model, model.index_of(crowd)) == [[f"sensor {n}", [f"flap {n}"]] for n in range(MANY)]


def test_a_view_can_rely_on_what_is_said_of_groups_with_and_without_rows(
    stand: PanelStand, qtmodeltester: ModelTester
) -> None:
    plant, model = plant_in(stand), model_of(stand)
    model.rows_unasked = 2
    stand.view.apply_filter()
    for n in range(6):
        client = plant.write.born("Client", f"client {n}", plant.plant)
        plant.write.born("Flap", f"flap {n}", client)
        stand.feed(plant.write.take())
        plant.write.ended(client)
        stand.feed(plant.write.take())
    stand.view.apply_filter()
    assert len(model._folded) == 8
    qtmodeltester.check(model)

    open_all_groups(stand)

    assert names(model, model.index_of(plant.plant))[-1] == [
        "6 finished Client",
        [[f"client {n}", [f"flap {n}"]] for n in range(6)],
    ]


def test_of_very_many_in_a_group_the_first_come_at_once_and_all_in_the_end(
    stand: PanelStand, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    sensors, crowd = with_sensors(stand)
    monkeypatch.setattr("tasktonic_studio.ui.panels.ledger.view.AT_ONCE", 10)
    model = model_of(stand)

    stand.view.tree.setExpanded(model.index_of(crowd), True)

    assert ROWS_UNASKED + 10 <= model.rowCount(model.index_of(crowd)) < MANY
    assert model.index_of(crowd).data() == f"×{MANY} Sensor"
    qtbot.waitUntil(lambda: model.rowCount(model.index_of(crowd)) == MANY)
    assert model.node(sensors[-1]) is not None


def test_what_is_selected_elsewhere_gets_its_row_and_is_shown(stand: PanelStand) -> None:
    sensors, crowd = with_sensors(stand, flaps=True)
    flap = children(stand, sensors[-2])[0]
    model, tree = model_of(stand), stand.view.tree

    stand.selection.select(Thing("essence", flap))

    assert model.essence_at(tree.currentIndex()) == flap
    assert tree.viewport().rect().intersects(tree.visualRect(tree.currentIndex()))
    assert tree.isExpanded(model.index_of(crowd))
    assert model.rowCount(model.index_of(crowd)) == MANY


def test_a_row_of_a_group_that_was_unfolded_can_be_clicked(stand: PanelStand, qtbot: QtBot) -> None:
    sensors, crowd = with_sensors(stand)
    stand.view.tree.setExpanded(model_of(stand).index_of(crowd), True)

    click(qtbot, stand, sensors[-1])

    assert stand.selection.thing == Thing("essence", sensors[-1])


def test_a_filter_finds_who_has_no_row(stand: PanelStand) -> None:
    with_sensors(stand, flaps=True)

    typed(stand, f'"flap {MANY - 1}"')
    found = names(model_of(stand))
    typed(stand, "")

    assert names_within(found)[-1] == f"flap {MANY - 1}"
    assert model_of(stand).node(children(stand, plant_in(stand).plant)[-1]) is None


def test_a_group_is_as_busy_as_those_in_it_who_have_no_row(stand: PanelStand) -> None:
    sensors, crowd = with_sensors(stand)
    plant = plant_in(stand)
    for _ in range(30):
        plant.write.sparkles(sensors[-1], "ttse__on_tick")
        plant.write.wait(10 * MS)
    stand.feed(plant.write.take())
    model = model_of(stand)
    model.refresh_figures()
    rate = [column.id for column in model.columns].index("rate")

    assert model.node(sensors[-1]) is None
    assert model.index_of(crowd, rate).data(SORT) == pytest.approx(stand.session.live.rate(sensors[-1]))


def test_one_that_has_finished_leaves_the_folded_group_and_what_is_below_it_comes_along(stand: PanelStand) -> None:
    sensors, crowd = with_sensors(stand, flaps=True)
    plant, model = plant_in(stand), model_of(stand)
    plant.write.ended(sensors[-1])

    stand.feed(plant.write.take())

    assert [f"sensor {MANY - 1}", [f"flap {MANY - 1}"]] in names(model, model.index_of(plant.plant))
    assert model.index_of(crowd).data() == f"×{MANY - 1} Sensor"


@pytest.mark.parametrize("seed", range(3))
def test_unfolded_a_ledger_shows_what_one_with_all_rows_shows_at_every_moment(
    stand: PanelStand, make_stand: MakeStand, seed: int
) -> None:
    other = make_stand(stand.session)
    model_of(stand).rows_unasked, model_of(other).rows_unasked = 2, 10**9
    moments = moments_of_a_random_app([stand, other], random.Random(seed))
    was_folded = 0
    for number, moment in enumerate(moments):
        for each in (stand, other):
            if number % 3 == 0:
                each.view.apply_filter()
            each.selection.look_at(moment)
        assert model_of(stand).matches == model_of(other).matches
        was_folded += len(model_of(stand)._folded)
        if number % 3 == 2:
            open_all_groups(stand)
            assert names(model_of(stand)) == names(model_of(other))
            assert len(model_of(stand)._folded) == 0
    assert was_folded > 100


def moments_of_a_random_app(stands: list[PanelStand], chance: random.Random) -> list[int]:
    """Numbers of events, there and back, of an app in which siblings come and go at all levels; both look on live."""
    plant, moments = plant_in(stands[0]), []
    living = [plant.plant]
    for stand in stands:
        stand.view.apply_filter()
    for _ in range(6):
        for _ in range(14):
            context = chance.choice(living[-20:])
            living.append(plant.write.born(chance.choice(("Sensor", "Flap", "Sensor")), f"it {len(living)}", context))
            drop = plant.write.born("Drop", f"drop {len(living)}", plant.plant)
            plant.write.born("Flap", f"below {drop}", drop)
            if chance.random() < 0.5:
                plant.write.ended(chance.choice((drop, living.pop(chance.randrange(1, len(living))))))
        changes = stands[0].feed(plant.write.take())
        for stand in stands[1:]:
            stand.panel.on_changes(changes)
            stand.flush()
        moments.append(stands[0].session.live.n)
    return [*moments, *reversed(moments), *chance.sample(moments, len(moments))]


def test_a_group_within_what_is_folded_gets_no_rows_either(stand: PanelStand) -> None:
    sensors, crowd = with_sensors(stand)
    plant, model = plant_in(stand), model_of(stand)
    for n in range(60):
        plant.write.born("Flap", f"flap {n}", sensors[-1])
    stand.feed(plant.write.take())
    before = (model.node(sensors[-1]), sum(model.node(flap) is not None for flap in children(stand, sensors[-1])))

    stand.view.tree.setExpanded(model.index_of(crowd), True)

    assert before == (None, 0)
    [group] = names(model, model.index_of(sensors[-1]))
    assert group == ["×60 Flap", [f"flap {n}" for n in range(60)]]


def test_those_who_come_into_a_full_crowd_are_not_looked_at_one_by_one(
    stand: PanelStand, monkeypatch: pytest.MonkeyPatch
) -> None:
    sensors, crowd = with_sensors(stand)
    plant, model = plant_in(stand), model_of(stand)
    placed: list[int] = []
    usual = LedgerModel._place_for

    def noted(asked: LedgerModel, essence: int, facts: Identity | None) -> Key:
        placed.append(essence)
        return usual(asked, essence, facts)

    monkeypatch.setattr(LedgerModel, "_place_for", noted)

    late = [plant.write.born("Sensor", f"late {n}", plant.plant) for n in range(40)]
    stand.feed(plant.write.take())

    assert placed == []
    assert model.index_of(crowd).data() == f"×{MANY + 40} Sensor"
    stand.view.tree.setExpanded(model.index_of(crowd), True)
    assert all(model.node(sensor) is not None for sensor in (*sensors, *late))
