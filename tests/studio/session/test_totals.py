"""Runs added up by tonic and sparkle, against sums in plain Python."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktonic.events import ERROR
from tasktonic_studio.session import columns, totals
from tasktonic_studio.session.columns import ColumnStore
from tasktonic_studio.session.timeline import RUN_COLUMNS, Runs
from tasktonic_studio.session.totals import Totals, nearest_rank


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "CHUNK_ROWS", 8)
    monkeypatch.setattr(totals, "_SUMS_PER_STEP", 2)


Ran = tuple[int, int, int, bool]
"""(essence, sparkle, nanoseconds, failed)."""


def table(runs: list[Ran], budget: int = 1_000) -> Runs:
    view = Runs(ColumnStore(RUN_COLUMNS, budget))
    rows = {name: np.zeros(len(runs), np.int64) for name in RUN_COLUMNS}
    rows["n"] = np.arange(len(runs))
    rows["essence"], rows["sparkle"], rows["end_ns"] = (np.array([run[i] for run in runs], np.int64) for i in range(3))
    rows["flags"] = np.array([ERROR if run[3] else 0 for run in runs], np.int64)
    view.append(rows, len(runs))
    return view


some_runs = st.lists(
    st.tuples(st.integers(-1, 2), st.integers(0, 2), st.integers(0, 1_000), st.booleans()), max_size=40
)


def pieces(rows: list[int], size: int = 8) -> Totals:
    """The totals of these rows, handed over so many at a time."""
    parts = [np.array(rows[at : at + size], np.int64) for at in range(0, len(rows), size)]
    return Totals(parts, len(rows))


@given(runs=some_runs, data=st.data())
def test_sums_are_those_of_plain_python(runs: list[Ran], data: st.DataObject) -> None:
    chosen = data.draw(st.permutations(range(len(runs))))[: data.draw(st.integers(0, len(runs)))]
    view = table(runs)
    adding = pieces(chosen, data.draw(st.integers(1, 9)))

    while not adding.is_done:
        adding.step(view)
    result = adding.result()

    groups: dict[tuple[int, int], list[Ran]] = {}
    for row in chosen:
        groups.setdefault(runs[row][:2], []).append(runs[row])
    assert {(it.essence, it.sparkle) for it in result} == set(groups)
    for total in result:
        group = groups[total.essence, total.sparkle]
        took = sorted(run[2] for run in group)
        assert (total.runs, total.total_ns, total.longest_ns) == (len(took), sum(took), took[-1])
        assert total.median_ns == took[-(-len(took) // 2) - 1]
        assert total.errors == sum(run[3] for run in group)
        assert runs[total.longest_row][2] == total.longest_ns
    assert [it.total_ns for it in result] == sorted((it.total_ns for it in result), reverse=True)


def test_it_is_added_up_in_pieces() -> None:
    view = table([(0, 0, took, False) for took in range(20)])
    adding = pieces(list(range(20)))

    shares = []
    while not adding.is_done:
        adding.step(view)
        shares.append(adding.share)

    assert shares == [0.4, 0.8, 1.0, 1.0, 1.0]
    assert adding.runs == 20
    assert adding.result()[0].total_ns == sum(range(20))


def test_rows_that_left_the_table_are_passed_over() -> None:
    view = table([(0, 0, 1, False)] * 40, budget=8)
    adding = pieces(list(range(40)))

    while not adding.is_done:
        adding.step(view)

    assert adding.result()[0].runs == 40 - view.first


@pytest.mark.parametrize("percent, expected", [(50, 50), (95, 95), (100, 100), (1, 1), (0, 1)])
def test_a_percentile_is_a_value_that_occurred(percent: int, expected: int) -> None:
    assert nearest_rank(np.arange(1, 101), percent) == expected
