"""Lanes against a model that looks at every run: whatever the order, the batches, the nesting and the clock."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasktonic.events import ERROR
from tasktonic_studio.session import columns, lanes, sorted_runs
from tasktonic_studio.session.columns import ColumnStore
from tasktonic_studio.session.lanes import Lane, LaneIndex
from tasktonic_studio.session.sorted_runs import SortedRuns
from tasktonic_studio.session.timeline import RUN_COLUMNS, Runs


class Ran(NamedTuple):
    key: int
    begin: int
    end: int
    flags: int = 0


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "CHUNK_ROWS", 8)
    monkeypatch.setattr(sorted_runs, "BLOCK_ROWS", 4)
    monkeypatch.setattr(sorted_runs, "REACH_BACK", 3)
    monkeypatch.setattr(lanes, "MOST_PARTS", 3)
    monkeypatch.setattr(sorted_runs, "_SMALL", 2)


def table(runs: list[Ran], budget: int = 1_000_000) -> Runs:
    view = Runs(ColumnStore(RUN_COLUMNS, budget))
    add(view, runs)
    return view


def add(view: Runs, runs: list[Ran]) -> None:
    rows = {name: np.zeros(len(runs), np.int64) for name in RUN_COLUMNS}
    rows["n"] = np.arange(len(view), len(view) + len(runs))
    for name, field in (("catalyst", "key"), ("begin_ns", "begin"), ("end_ns", "end"), ("flags", "flags")):
        rows[name] = np.array([getattr(run, field) for run in runs], np.int64)
    view.append(rows, len(runs))


def indexed(runs: list[Ran], batch: int = 1_000) -> LaneIndex:
    index = LaneIndex("catalyst")
    view = table(runs)
    while not index.extend(view, len(view), batch):
        pass
    return index


def union(runs: list[Ran], from_: int, until: int) -> int:
    """Nanoseconds in which anything ran, counted one by one."""
    covered = {t for run in runs for t in range(max(run.begin, from_), min(run.end, until))}
    return len(covered)


runs_lists = st.lists(
    st.builds(
        lambda key, begin, took, failed: Ran(key, begin, begin + took, ERROR if failed else 0),
        st.integers(0, 2),
        st.integers(0, 60),
        st.integers(0, 25),
        st.booleans(),
    ),
    max_size=40,
)


@given(runs=runs_lists, batch=st.integers(1, 12), edges=st.lists(st.integers(-5, 100), min_size=2, max_size=12))
def test_counts_and_errors_are_those_of_a_look_at_every_run(runs: list[Ran], batch: int, edges: list[int]) -> None:
    index = indexed(runs, batch)
    edges.sort()

    for key, lane in index.lanes.items():
        strip = lane.strip(np.array(edges))
        mine = [run for run in runs if run.key == key]
        inside = [[run for run in mine if low <= run.begin < high] for low, high in pairwise(edges)]
        assert strip.counts.tolist() == [len(some) for some in inside]
        assert strip.errors.tolist() == [sum(run.flags & ERROR for run in some) for some in inside]


@given(data=st.data(), batch=st.integers(1, 12), edges=st.lists(st.integers(-5, 200), min_size=2, max_size=12))
def test_busy_time_is_the_union_of_runs_while_the_clock_goes_forward(
    data: st.DataObject, batch: int, edges: list[int]
) -> None:
    runs = data.draw(nested_runs())
    index = indexed(runs, batch)
    edges.sort()

    for lane in index.lanes.values():
        assert len(lane.parts) == 1
        expected = [union(runs, low, high) for low, high in pairwise(edges)]
        assert lane.strip(np.array(edges)).busy_ns.tolist() == expected


@st.composite
def nested_runs(draw: st.DrawFn) -> list[Ran]:
    """Runs of one catalyst as it writes them: one after the other, hooks before the run that they are a part of."""
    found: list[Ran] = []
    t = 0
    for _ in range(draw(st.integers(0, 25))):
        begin = t = t + draw(st.integers(0, 6))
        for _ in range(draw(st.integers(0, 2))):
            inner = t + draw(st.integers(0, 2))
            t = inner + draw(st.integers(0, 3))
            found.append(Ran(0, inner, t))
        t += draw(st.integers(0, 4))
        found.append(Ran(0, begin, t))
    return found


@given(runs=runs_lists, batch=st.integers(1, 12), from_=st.integers(-5, 90), took=st.integers(0, 60))
def test_slices_are_the_runs_that_touch_a_time(runs: list[Ran], batch: int, from_: int, took: int) -> None:
    index = indexed(runs, batch)
    until = from_ + took

    for key, lane in index.lanes.items():
        found = lane.slices(from_, until)
        touching = [row for row, run in enumerate(runs) if run.key == key and run.end >= from_ and run.begin < until]
        assert sorted(found.row.tolist()) == touching
        in_pieces = [row for piece in lane.pieces(from_, until, 3) for row in piece.row.tolist()]
        assert in_pieces == found.row.tolist()
        for begin, end, row in zip(*(column.tolist() for column in found), strict=True):
            assert (begin, end) == (runs[row].begin, runs[row].end)


@given(data=st.data(), batch=st.integers(1, 12), t=st.integers(-2, 150))
def test_the_last_row_that_had_ended_is_found(data: st.DataObject, batch: int, t: int) -> None:
    runs = data.draw(nested_runs())
    index = indexed(runs, batch)

    for lane in index.lanes.values():
        # Hooks of a run that still goes on have ended themselves, but nothing is whole before it has.
        open_ = [row for row, run in enumerate(runs) if run.begin <= t < run.end]
        ended = [row for row, run in enumerate(runs) if run.end <= t]
        if not open_:
            assert lane.last_row_ended_by(t) == (max(ended) if ended else -1)


@given(data=st.data(), batch=st.integers(1, 12))
def test_the_next_and_the_one_before_on_a_lane_are_by_begin(data: st.DataObject, batch: int) -> None:
    runs = data.draw(nested_runs())
    index = indexed(runs, batch)

    for lane in index.lanes.values():
        order = lane.slices(-1, 1_000).row.tolist()
        for place, row in enumerate(order):
            after = order[place + 1] if place + 1 < len(order) else -1
            before = order[place - 1] if place else -1
            assert lane.neighbour(runs[row].begin, row, 1) == after
            assert lane.neighbour(runs[row].begin, row, -1) == before


def test_a_clock_that_jumps_back_begins_another_part() -> None:
    runs = [Ran(0, t, t + 1) for t in [*range(0, 40, 2), *range(0, 40, 2)]]

    lane = indexed(runs, batch=5).lanes[0]

    assert len(lane.parts) == 2
    assert lane.strip(np.array([0, 10, 40])).counts.tolist() == [10, 30]


def test_a_clock_that_jumps_again_and_again_makes_few_parts() -> None:
    runs = [Ran(0, t, t + 1) for _ in range(10) for t in range(0, 40, 2)]

    lane = indexed(runs, batch=20).lanes[0]

    assert len(lane.parts) <= 3
    assert len(lane) == 200
    assert lane.strip(np.array([0, 10, 40])).counts.tolist() == [50, 150]


def test_taking_more_rows_costs_by_these_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the rows that were there already only a few at the end are touched again, however many there are."""
    touched: list[int] = []
    usual = SortedRuns._append

    def counted(self: SortedRuns, begin: np.ndarray, *rest: np.ndarray) -> None:
        touched.append(len(begin))
        usual(self, begin, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(SortedRuns, "_append", counted)
    runs = []
    for t in range(0, 30_000, 10):
        runs += [Ran(0, t + 2, t + 3), Ran(0, t + 4, t + 5), Ran(0, t, t + 9)]

    indexed(runs, batch=7)

    assert sum(touched) < 2 * len(runs)


@settings(max_examples=30)
@given(runs=st.lists(st.integers(0, 3), min_size=60, max_size=120), batch=st.integers(1, 12))
def test_what_left_the_table_is_given_out_no_more(runs: list[int], batch: int) -> None:
    view = Runs(ColumnStore(RUN_COLUMNS, 16))
    index = LaneIndex("catalyst")
    t = 0
    for key in runs:
        add(view, [Ran(key, t, t + 1)])
        t += 2
        index.extend(view, len(view))
        index.forget_before(view.first)

    here = sorted(row for lane in index.lanes.values() for row in lane.slices(-1, t + 1).row.tolist())

    assert view.first > 0
    assert here == list(range(view.first, len(view)))


def test_a_filter_decides_which_rows_are_in_a_lane() -> None:
    view = table([Ran(0, t, t + 1, ERROR if t % 3 == 0 else 0) for t in range(20)])
    index = LaneIndex("catalyst", 2, lambda columns: columns["flags"] & ERROR != 0)

    index.extend(view, len(view))

    assert index.lanes[0].slices(0, 100).row.tolist() == [3, 6, 9, 12, 15, 18]
    assert (index.taken, index.seen) == (6, 20)


def test_it_is_extended_in_pieces() -> None:
    view = table([Ran(0, t, t + 1) for t in range(20)])
    index = LaneIndex("catalyst")

    said = [index.extend(view, 20, 8) for _ in range(3)]

    assert said == [False, False, True]


def test_times_of_a_hostile_stream_do_no_harm() -> None:
    far = (1 << 63) - 1
    index = indexed([Ran(0, far, -far), Ran(0, -far, far), Ran(0, 5, 6)])

    assert index.lanes[0].strip(np.array([0, 10])).counts.tolist() == [1]
    assert len(index.lanes[0].slices(-(1 << 62), 1 << 62).row) == 3


def test_an_empty_lane_of_parts_is_asked_without_harm() -> None:
    runs = SortedRuns()

    assert (len(runs), runs.position(5), runs.window(0, 9), runs.last_row_ended_by(3)) == (0, 0, (0, 0), -1)
    assert runs.strip(np.array([0, 1, 2])).counts.tolist() == [0, 0]
    assert len(runs.slices(0, 5).row) == 0
    assert len(Lane()) == 0


def test_lanes_that_are_alike_get_room_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sorted_runs, "BLOCK_ROWS", 256)
    monkeypatch.setattr(sorted_runs, "_LARGE", 16)
    keys, index, grown = range(4), LaneIndex("catalyst"), list[int]()
    view = table([])

    def rooms() -> list[int]:
        return [len(index.lanes[key].parts[0]._blocks[0].begin) for key in keys]

    for round_ in range(120):
        add(view, [Ran(key, round_ * 10 + key, round_ * 10 + 5) for key in keys])
        before = rooms() if round_ else [2] * 4
        index.extend(view, len(view))
        grown.append(sum(now > then and now >= 32 for then, now in zip(before, rooms(), strict=True)))

    assert rooms() == [256] * 4
    assert sum(grown) == 16, "each four times: to 32, 64, 128 and 256"
    assert max(grown) == 1
    assert [len(index.lanes[key]) for key in keys] == [120] * 4
    assert index.lanes[3].slices(0, 2_000).begin_ns.tolist() == [round_ * 10 + 3 for round_ in range(120)]


@given(
    runs=runs_lists,
    batch=st.integers(1, 6),
    looks=st.lists(st.tuples(st.integers(-3, 12), st.integers(1, 14)), min_size=1, max_size=8),
    budget=st.sampled_from([12, 1_000_000]),
)
def test_what_is_remembered_of_the_last_look_is_what_another_look_finds(
    runs: list[Ran], batch: int, looks: list[tuple[int, int]], budget: int
) -> None:
    index, view = LaneIndex("catalyst"), table([], budget)
    for number, (first, pixels) in enumerate(looks):
        add(view, runs[number * batch : (number + 1) * batch])
        index.forget_before(view.first)
        index.extend(view, len(view))
        edges = np.arange(first, first + pixels + 1) * 7
        for lane in index.lanes.values():
            anew = Lane()
            anew.parts = lane.parts
            for found, wanted in zip(lane.strip(edges), anew.strip(edges), strict=True):
                assert found.tolist() == wanted.tolist()


def test_what_is_remembered_goes_with_the_oldest_runs() -> None:
    view = table([Ran(0, at, at + 5) for at in range(0, 160, 10)], 16)
    index = LaneIndex("catalyst")
    index.extend(view, len(view))
    lane, edges = index.lanes[0], np.arange(0, 17) * 10
    assert lane.strip(edges).counts.tolist() == [1] * 16

    add(view, [Ran(0, at, at + 5) for at in range(160, 240, 10)])
    index.forget_before(view.first)

    assert view.first == 8
    assert lane.strip(edges).counts.tolist() == [0] * 8 + [1] * 8


def test_at_a_live_edge_only_what_is_new_is_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    usual = SortedRuns.strip

    def counted(part: SortedRuns, edges: Any) -> Any:
        asked.append(len(edges))
        return usual(part, edges)

    monkeypatch.setattr(SortedRuns, "strip", counted)
    view = table([Ran(0, at, at + 5) for at in range(0, 1_000, 10)])
    index = LaneIndex("catalyst")
    index.extend(view, len(view))
    lane = index.lanes[0]

    lane.strip(np.arange(0, 101) * 10)
    add(view, [Ran(0, 1_000, 1_005), Ran(0, 1_010, 1_015)])
    index.extend(view, len(view))
    lane.strip(np.arange(2, 103) * 10)
    lane.strip(np.arange(2, 103) * 10)
    lane.forget_strip()
    lane.strip(np.arange(2, 103) * 10)

    assert asked == [101, 3, 1, 101]
