"""Tables that only grow, shared by present and past; rows are found by index and by number."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktonic_studio.session import columns
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.columns import Ahead, ColumnStore, RowStore, RowView


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "CHUNK_ROWS", 8)
    monkeypatch.setattr(columns, "STRETCH_ROWS", 2)


def filled(rows: int, budget: int = 1_000_000, batch: int = 3) -> ColumnStore:
    """Rows with `n` = twice their index and `number` = their index, appended in batches."""
    store = ColumnStore({"n": np.int64, "number": np.int32}, budget)
    for start in range(0, rows, batch):
        numbers = np.arange(start, min(start + batch, rows))
        store.append({"n": numbers * 2, "number": numbers}, len(numbers))
    return store


@given(rows=st.integers(0, 60), batch=st.integers(1, 25), start=st.integers(0, 60), stop=st.integers(0, 60))
def test_any_stretch_of_a_column_is_what_was_appended(rows: int, batch: int, start: int, stop: int) -> None:
    store = filled(rows, batch=batch)
    stop = min(stop, rows)

    assert store.column("number", start, stop).tolist() == list(range(start, stop))
    assert [it for _, _, part in store.chunks(start, stop) for it in part["number"].tolist()] == list(
        range(start, stop)
    )


@given(rows=st.lists(st.integers(0, 59), max_size=20))
def test_single_rows_are_taken_in_any_order(rows: list[int]) -> None:
    taken = filled(60).take(["n", "number"], np.array(rows, np.int64))

    assert taken["number"].tolist() == rows
    assert taken["n"].tolist() == [row * 2 for row in rows]


@given(rows=st.integers(0, 60), n=st.integers(-1, 130))
def test_the_count_at_an_event_is_the_number_of_rows_before_it(rows: int, n: int) -> None:
    assert filled(rows).count_at(n) == len([index for index in range(rows) if index * 2 < n])


@given(rows=st.integers(0, 60), budget=st.sampled_from([8, 1_000]), numbers=st.lists(st.integers(-5, 130)))
def test_the_counts_at_many_events_are_those_at_each(rows: int, budget: int, numbers: list[int]) -> None:
    store = filled(rows, budget)

    assert store.counts_at(np.array(numbers, np.int64)).tolist() == [store.count_at(n) for n in numbers]


@given(rows=st.integers(1, 60), value=st.integers(-5, 70))
def test_rows_are_found_by_value(rows: int, value: int) -> None:
    expected = [value] if 0 <= value < rows else []

    assert filled(rows).find("number", value, 0, rows).tolist() == expected


@given(
    values=st.lists(st.integers(0, 5), max_size=60),
    value=st.integers(0, 5),
    start=st.integers(0, 60),
    stop=st.integers(0, 60),
)
def test_all_rows_with_a_value_are_found_while_the_table_grows(
    values: list[int], value: int, start: int, stop: int
) -> None:
    store = ColumnStore({"n": np.int64, "number": np.int32}, budget_rows=1_000_000)
    for begin in range(0, len(values), 7):
        part = np.array(values[begin : begin + 7])
        store.append({"n": np.arange(begin, begin + len(part)), "number": part}, len(part))
        until = min(stop, store.total)

        expected = [row for row in range(start, until) if values[row] == value]
        assert store.find("number", value, start, until).tolist() == expected


def test_of_numbers_that_nearly_ascend_only_the_neighbours_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    store = ColumnStore({"n": np.int64, "number": np.int32}, budget_rows=1_000_000)
    numbers = [index ^ 3 for index in range(400)]  # 3, 2, 1, 0, 7, 6, 5, 4 ...
    store.append({"n": np.arange(400), "number": np.array(numbers)}, 400)
    store.find("number", 0, 0, 400)
    looked: list[int] = []
    usual = ColumnStore.column

    def counted(table: ColumnStore, name: str, start: int, stop: int) -> columns.Column:
        looked.append(stop - start)
        return usual(table, name, start, stop)

    monkeypatch.setattr(ColumnStore, "column", counted)
    found = [store.find("number", number, 0, 400).tolist() for number in (200, 399, 1_000, -1, 1 << 70)]

    assert found == [[numbers.index(200)], [numbers.index(399)], [], [], []]
    assert sum(looked) <= 2 * columns._FEW_STRETCHES * columns.STRETCH_ROWS


def test_what_is_asked_for_before_and_after_the_oldest_went_is_found() -> None:
    store = ColumnStore({"n": np.int64, "number": np.int32}, budget_rows=20)
    for number in range(100):
        store.append({"n": np.array([number]), "number": np.array([number % 10])}, 1)

        expected = [row for row in range(store.first, store.total) if row % 10 == 3]
        assert store.find("number", 3, 0, store.total).tolist() == expected


def test_past_the_budget_the_oldest_chunks_go_and_indices_stay() -> None:
    store = filled(100, budget=20)

    assert store.first == 80
    assert store.total == 100
    assert store.row(85) == {"n": 170, "number": 85}
    assert store.column("number", 0, 100).tolist() == list(range(80, 100))
    assert store.count_at(10) == 80


def test_a_wide_number_is_cut_and_not_refused() -> None:
    store = ColumnStore({"n": np.int64, "number": np.int32}, 100)

    store.append({"n": np.array([0]), "number": np.array([1 << 40])}, 1)

    assert store.total == 1


DTYPES = {"n": np.int64, "number": np.int32}


class Elsewhere:
    """Columns that somebody else fills; what is not written yet is -1."""

    def __init__(self, room: int) -> None:
        self._all = np.full(room, -1, np.int32)
        seen = self._all.view()
        seen.flags.writeable = False
        self.columns = {"number": seen}
        self.rows = 0

    def write(self, numbers: list[int]) -> tuple[dict[str, np.ndarray], Ahead]:
        """Rows with these numbers: as columns, and where they lie."""
        begin, self.rows = self.rows, self.rows + len(numbers)
        self._all[begin : self.rows] = numbers
        return {"number": self.columns["number"][begin : self.rows]}, Ahead(self.columns, begin)


@given(
    parts=st.lists(
        st.tuples(st.integers(0, 20), st.sampled_from(["there", "there", "there", "here", "other"])), max_size=12
    ),
    room=st.integers(0, 250),
    reads_ahead=st.booleans(),
)
def test_rows_that_lie_elsewhere_are_those_that_were_copied(
    parts: list[tuple[int, str]], room: int, reads_ahead: bool
) -> None:
    expected = np.random.default_rng(1).integers(0, 1_000, 250).tolist()
    places = {"there": Elsewhere(room), "other": Elsewhere(250)}
    store = ColumnStore(DTYPES, budget_rows=1_000_000)
    for rows, where in parts:
        begin = store.total
        numbers, ahead = expected[begin : begin + rows], None
        place = places.get(where)
        if place is not None and place.rows + rows <= len(place.columns["number"]):
            columns, ahead = place.write(numbers)
            if reads_ahead:
                place.write([-7] * min(5, len(place.columns["number"]) - place.rows))
                place.rows = ahead.start + rows  # written again with what comes next
        else:
            columns = {"number": np.array(numbers, np.int32)}
        columns["n"] = np.arange(begin, begin + rows) * 2
        store.append(columns, rows, ahead)

    assert store.column("number", 0, store.total).tolist() == expected[: store.total]
    assert store.column("n", 0, store.total).tolist() == [2 * row for row in range(store.total)]


def test_rows_that_lie_elsewhere_are_not_copied() -> None:
    store, place = ColumnStore(DTYPES, 1_000), Elsewhere(100)
    for begin in range(0, 60, 12):
        columns, ahead = place.write(list(range(begin, begin + 12)))
        columns["n"] = np.arange(begin, begin + 12)
        store.append(columns, 12, ahead)

    assert np.shares_memory(store.column("number", 16, 24), place.columns["number"])
    assert np.shares_memory(store.column("number", 56, 60), place.columns["number"])
    assert store.column("number", 0, 60).tolist() == list(range(60))


def test_two_views_share_the_rows_and_differ_in_what_they_know() -> None:
    store: RowStore[tuple[int, ...]] = RowStore(100, tuple)
    present = RowView(store)
    for number in range(5):
        present.append((number,))
    past = present.fork()

    present.append((5,))

    assert (len(past), len(present)) == (5, 6)
    assert past[-1] == (4,)
    with pytest.raises(IndexError, match="row 5: only rows 0 to 4 are here"):
        past[5]


def test_appending_to_a_view_of_the_past_only_advances_it() -> None:
    store: RowStore[tuple[int, ...]] = RowStore(100, tuple)
    present = RowView(store)
    for number in range(3):
        present.append((number,))
    past: RowView[tuple[int, ...]] = RowView(store)

    wrote = [past.append((number,)) for number in range(3)]

    assert wrote == [False, False, False]
    assert store.total == 3
    assert list(past) == list(present)


def test_a_row_is_taken_once_and_in_its_turn() -> None:
    store: RowStore[tuple[int, ...]] = RowStore(10, tuple)

    took = [store.take(index, (index,)) for index in (0, 0, 2, 1, *range(2, 40))]

    assert took == [True, False, False, True, *[True] * 38]
    assert store.total == 40
    assert store.get(store.first) == (store.first,)
    assert store.total - store.first <= 10, "the oldest go"


def test_rows_past_the_budget_go_and_indices_stay() -> None:
    store: RowStore[tuple[int, ...]] = RowStore(100, tuple)
    view = RowView(store)
    for number in range(1_000):
        view.append((number,))

    assert view.first >= 900
    assert view[view.first] == (view.first,)
    assert view.slice(0, 2_000) == [(number,) for number in range(view.first, 1_000)]


def test_no_change_is_false_and_any_change_is_true() -> None:
    assert not Changes()
    assert Changes(log=True)
    assert Changes(essences_forgotten={1})


def test_merging_changes_keeps_both() -> None:
    changes = Changes(essences={1}, store={(0, "a")})

    changes.merge(Changes(essences={2}, timers={3}, log=True, everything=True))

    assert changes == Changes(essences={1, 2}, store={(0, "a")}, timers={3}, log=True, everything=True)


@given(parts=st.lists(st.integers(0, 30), max_size=6), budget=st.integers(1, 20))
def test_rows_added_together_are_as_rows_added_one_by_one(parts: list[int], budget: int) -> None:
    one, other = RowStore(budget, tuple), RowStore(budget, tuple)
    rows = [(number,) for number in range(sum(parts))]

    for row in rows:
        one.append(row)
    for number, part in enumerate(parts):
        begin = sum(parts[:number])
        other.extend(rows[begin : begin + part])

    assert (other.first, other.total) == (one.first, one.total)
    assert other.fields(other.first, other.total) == one.fields(one.first, one.total)


@given(known=st.integers(0, 9), parts=st.lists(st.integers(0, 5), max_size=5))
def test_rows_that_the_store_has_already_are_passed_over_together(known: int, parts: list[int]) -> None:
    store: RowStore[tuple[int, ...]] = RowStore(100, tuple)
    rows = [(number,) for number in range(30)]
    store.extend(rows[:known])
    view: RowView[tuple[int, ...]] = RowView(store)

    for number, part in enumerate(parts):
        begin = sum(parts[:number])
        view.extend(rows[begin : begin + part])

    assert len(view) == sum(parts)
    assert store.total == max(known, sum(parts))
    assert list(view) == rows[: sum(parts)]
