"""What the timeline knows of an app: which one, its lanes, what still runs, causes and moments."""

from __future__ import annotations

import numpy as np
import pytest

from tasktonic import events as ev
from tasktonic_studio.session import knowledge
from tasktonic_studio.session.inbox import TargetBegan
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.panels.timeline import model as module
from tasktonic_studio.ui.panels.timeline.model import TimelineModel
from tasktonic_studio.ui.panels.timeline.rows import LaneRow
from tasktonic_studio.ui.panels.timeline.time_scale import TimeScale
from tests.helpers.builders import MS, EventWriter, Plant, a_session_with_plant, plant_of
from tests.studio.ui.panels.timeline.conftest import TwoCatalysts


def looking_at(session: Session, n: int | None = None) -> TimelineModel:
    """A model on the present of a session, or on the moment after n events, with all lanes filled."""
    model = TimelineModel()
    model.look_at(session, session.live if n is None else session.at(n))
    while not model.catch_up(1.0):
        pass
    return model


def rows_of(model: TimelineModel, catalyst: int, tonic: int = -1) -> list[int]:
    lane = model.lane(LaneRow(catalyst, tonic, 0, 0))
    return [] if lane is None else lane.slices(-(10**18), 10**18).row.tolist()


def plant_model() -> tuple[TimelineModel, Session, Plant]:
    session = a_session_with_plant()
    return looking_at(session), session, plant_of(session)


def test_there_is_a_lane_for_each_catalyst_with_its_runs() -> None:
    model, session, plant = plant_model()

    catalysts = session.live.runs.catalyst
    assert model.catalysts == [plant.main, plant.worker]
    assert rows_of(model, plant.main) == np.flatnonzero(catalysts == plant.main).tolist()


def test_an_unfolded_catalyst_has_lanes_of_its_tonics() -> None:
    model, session, plant = plant_model()

    model.unfold(plant.worker, unfolded=True)
    model.catch_up(1.0)

    assert set(model.tonics_of(plant.worker)) == set(
        session.live.runs.essence[session.live.runs.catalyst == plant.worker]
    )
    pump = plant.pumps[1]
    assert rows_of(model, plant.worker, pump) == np.flatnonzero(session.live.runs.essence == pump).tolist()
    model.unfold(plant.worker, unfolded=False)
    assert model.tonics_of(plant.worker) == ()


def test_of_very_many_tonics_the_busiest_have_lanes(monkeypatch: pytest.MonkeyPatch, writer: TwoCatalysts) -> None:
    monkeypatch.setattr(module, "MOST_TONICS", 3)
    tonics = [writer.born("Small", f"small {number}", catalyst=0) for number in range(6)]
    for number, tonic in enumerate(tonics):
        for _ in range(6 - number if number % 2 else 1):
            writer.sparkles(tonic, "ttsc__go")
    session = Session()
    session.apply_events(0, writer.take())
    model = looking_at(session)

    model.unfold(0, unfolded=True)
    model.catch_up(1.0)

    assert list(model.tonics_of(0)) == [tonics[0], tonics[1], tonics[3]]


def test_a_filter_leaves_runs_out_of_lanes_and_map() -> None:
    model, session, plant = plant_model()

    model.set_filter("error:")
    model.catch_up(1.0)

    assert rows_of(model, plant.main) == []
    assert rows_of(model, plant.worker) == np.flatnonzero(session.live.runs.flags & ev.ERROR).tolist()
    assert model.density.over(0, 10**18, 10)[0].sum() == 1


def test_a_long_session_is_read_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PIECE_ROWS", 50)
    model = TimelineModel()
    session = a_session_with_plant()
    model.look_at(session, session.live)

    shares = []
    while not model.catch_up(0.0):
        shares.append(model.share)

    assert len(shares) > 3
    assert shares == sorted(shares)
    assert model.share == 1.0


def test_nothing_is_taken_in_while_the_past_is_looked_at() -> None:
    model, session, plant = plant_model()
    before = model.index.taken

    model.is_open = False
    session.apply_events(session.live.n, plant.live(3))
    model.catch_up(1.0)

    assert model.index.taken == before
    model.is_open = True
    model.catch_up(1.0)
    assert model.index.taken == before + 36


def test_an_app_that_began_later_has_lanes_of_its_own(writer: TwoCatalysts) -> None:
    """The second one has the same ids and numbers, and a clock that stands far behind that of the first."""
    session = Session()
    writer.wait(3_600_000 * MS)
    writer.sparkles(writer.boss, "ttsc__work")
    session.apply_events(0, writer.take())
    first_of_second = session.live.n
    other = EventWriter(app=2, name="Second")
    other.t_ns = 5 * MS
    other.catalyst("only")
    lonely = other.born("Lonely", "lonely", catalyst=0)
    other.sparkles(lonely, "ttsc__go", took_ns=7)
    session.apply_events(session.live.n, other.take())

    model = looking_at(session)
    began, now = model.span
    earlier = looking_at(session, first_of_second)

    assert (model.catalysts, rows_of(model, 0)) == ([0], [1])
    assert model.words(lonely, session.live.runs.row(1).sparkle).startswith("lonely · ")
    assert now - began <= 10_000 * MS
    assert not earlier.is_present_app
    assert (earlier.catalysts, rows_of(earlier, 0)) == ([0, 1], [0])
    assert earlier.lane_name(LaneRow(1, -1, 0, 0)) == "side"


def test_another_target_begins_anew() -> None:
    model, session, _ = plant_model()

    session.apply([TargetBegan("launched", "x.py")])

    assert model.look_at(session, session.live)
    model.catch_up(1.0)
    assert (model.catalysts, model.index.taken) == ([], 0)


def test_a_run_that_has_not_ended_is_known(writer: TwoCatalysts) -> None:
    writer.sparkles(writer.boss, "ttsc__work")
    writer.beat(0, inside=writer.boss)
    since = writer.t_ns
    writer.wait(1_800 * MS)
    writer.beat(1)
    session = Session()
    session.apply_events(0, writer.take())

    (going,) = looking_at(session).going()

    assert (going.catalyst, going.essence, going.since_ns) == (0, writer.boss, since)


def test_what_was_inside_has_ended_once_its_run_is_there(writer: TwoCatalysts) -> None:
    boss = writer.boss
    order = writer.order(boss, "ttsc__work")
    writer.beat(0, inside=boss)
    writer.run(boss, "ttsc__work", order, 5 * MS)
    session = Session()
    session.apply_events(0, writer.take())

    assert looking_at(session).going() == []


def test_a_run_waits_from_its_order_to_its_begin(writer: TwoCatalysts) -> None:
    boss = writer.boss
    order = writer.order(boss, "ttsc__work")
    writer.wait(3 * MS)
    writer.run(boss, "ttsc__work", order)
    writer.run(boss, "ttsc__work", 999_999)
    session = Session()
    session.apply_events(0, writer.take())
    model = looking_at(session)

    waits = [model.waited_ns(session.live.runs.row(row)) for row in range(2)]

    assert waits == [3 * MS, -1]


def test_a_chain_has_cause_and_effects() -> None:
    model, session, plant = plant_model()
    stroke = plant.write.sparkles(plant.pumps[0], "ttse__on_stroke")
    turn = plant.write.order(plant.valves[0], "ttsc__turn", plant.pumps[0], stroke)
    record = plant.write.order(plant.historian, "ttsc__record", plant.pumps[0], stroke)
    plant.write.run(plant.valves[0], "ttsc__turn", turn)
    session.apply_events(session.live.n, plant.write.take())
    model.catch_up(1.0)
    run = model.run_of(stroke)
    turned = model.run_of(turn)
    assert run is not None
    assert turned is not None

    chain, effect = model.chain(run), model.chain(turned)

    assert [(link.order.order, link.run.run if link.run else None) for link in chain.effects] == [
        (turn, turn),
        (record, None),
    ]
    assert chain.cause is not None
    assert (chain.cause.source, chain.cause.order.cause) == (None, "outside")
    assert effect.cause is not None
    assert effect.cause.source is not None
    assert effect.cause.source.run == stroke


def test_very_many_effects_are_counted_and_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_EFFECTS", 3)
    model, session, plant = plant_model()
    stroke = plant.write.sparkles(plant.pumps[0], "ttse__on_stroke")
    for _ in range(8):
        plant.write.order(plant.valves[0], "ttsc__turn", plant.pumps[0], stroke)
    session.apply_events(session.live.n, plant.write.take())
    run = model.run_of(stroke)
    assert run is not None

    chain = model.chain(run)

    assert (len(chain.effects), chain.more_effects) == (3, 5)


def test_the_moment_at_a_time_is_after_the_last_run_that_had_ended() -> None:
    model, session, plant = plant_model()
    run = session.live.runs.row(40)

    moment = model.moment_at(run.end_ns)

    assert moment is not None
    known = session.at(moment)
    assert [row.end_ns <= run.end_ns for row in known.runs.rows(0, len(known.runs))] == [True] * len(known.runs)
    assert session.live.runs.row(len(known.runs)).end_ns > run.end_ns
    assert model.moment_at(plant.write.t_ns - 10**18) is None


def test_gaps_are_those_of_the_app(writer: TwoCatalysts) -> None:
    session = Session()
    session.apply_events(0, [*writer.take(), ev.Gap(1, 2, 3, 4)])
    other = EventWriter(app=2)
    session.apply_events(session.live.n, [*other.take(), ev.Gap(5, 6, 7, 8)])

    assert looking_at(session).lost(TimeScale(0, 1), 100).runs.tolist() == [8]


def test_gaps_that_come_are_added_to_those_before(writer: TwoCatalysts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(knowledge, "MOST_GAPS", 20)
    session = Session()
    session.apply_events(0, writer.take())
    model = looking_at(session)
    told: list[list[int]] = []

    for number in range(25):
        session.apply_events(session.live.n, [ev.Gap(10 * number, 10 * number + 1, 3, number + 1)])
        told.append(model.lost(TimeScale(0, 0.1), 3_000).runs.tolist())

    assert told[:3] == [[1], [1, 2], [1, 2, 3]]
    assert told[-1] == list(range(26 - len(session.live.gaps), 26))


def test_a_run_is_told_in_words(writer: TwoCatalysts) -> None:
    boss = writer.boss
    order = writer.order(boss, "ttsc__work", arguments="x=1")
    writer.wait(2 * MS)
    writer.run(boss, "ttsc__work", order, 1_500_000, flags=ev.ERROR)
    session = Session()
    session.apply_events(0, writer.take())

    told = looking_at(session).describe(session.live.runs.row(0))

    assert [(name, value.replace("\u202f", " ")) for name, value in told] == [
        ("began", "0.002 s"),
        ("took", "1.50 ms"),
        ("waited", "2.00 ms"),
        ("flags", "error"),
        ("caused by", "outside"),
        ("with", "x=1"),
    ]
