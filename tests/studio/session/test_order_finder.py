"""Orders found by their numbers, many at once, as one finds each of them alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tasktonic_studio.session import columns, order_finder
from tasktonic_studio.session.columns import ColumnStore
from tasktonic_studio.session.order_finder import OrderFinder
from tasktonic_studio.session.timeline import ORDER_COLUMNS, Orders, Texts


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "CHUNK_ROWS", 8)
    monkeypatch.setattr(order_finder, "CHUNK_ROWS", 8)
    monkeypatch.setattr(order_finder, "_REMEMBERED", 2)


def orders_with(numbers: list[int], budget: int = 1_000) -> Orders:
    """Orders with these numbers, each queued at a thousand times its number."""
    view = Orders(ColumnStore(ORDER_COLUMNS, budget), Texts())
    add(view, numbers)
    return view


def add(view: Orders, numbers: list[int]) -> None:
    rows = {name: np.zeros(len(numbers), np.int64) for name in ORDER_COLUMNS}
    rows["n"] = np.arange(len(view), len(view) + len(numbers))
    rows["order"] = np.array(numbers, np.int64)
    rows["t_ns"] = rows["order"] * 1_000
    view.append(rows, len(numbers))


def test_each_order_is_found_in_whatever_chunk_it_is() -> None:
    numbers = [*range(1, 30), 33, 31, 32, *range(40, 60)]
    finder = OrderFinder()

    found = finder.queued_ns(orders_with(numbers), np.array([59, 3, 31, 30, 17]))

    assert found.tolist() == [59_000, 3_000, 31_000, -1, 17_000]


def test_orders_that_come_later_are_found_too() -> None:
    orders, finder = orders_with([1, 2, 3]), OrderFinder()
    before = finder.queued_ns(orders, np.array([4]))

    add(orders, [4, 5])

    assert before.tolist() == [-1]
    assert finder.queued_ns(orders, np.array([4])).tolist() == [4_000]


def test_the_same_number_of_an_app_before_is_not_meant() -> None:
    orders = orders_with([1, 2, 3, 4, 5, 1, 2])

    assert OrderFinder(5).queued_ns(orders, np.array([1, 4])).tolist() == [1_000, -1]


def test_only_chunks_that_may_have_them_are_sorted(monkeypatch: pytest.MonkeyPatch) -> None:
    finder = OrderFinder()
    sorted_: list[int] = []
    usual = OrderFinder._sorted

    def noted(self: OrderFinder, orders: Orders, base: int, start: int) -> Any:
        sorted_.append(base)
        return usual(self, orders, base, start)

    monkeypatch.setattr(OrderFinder, "_sorted", noted)

    finder.queued_ns(orders_with(list(range(100))), np.array([42, 50]))

    assert sorted_ == [40, 48, 96]


def test_orders_that_left_the_table_are_passed_over() -> None:
    orders, finder = orders_with(list(range(60)), budget=16), OrderFinder()
    finder.queued_ns(orders, np.array([59]))
    add(orders, list(range(60, 100)))

    assert orders.first > 60
    assert finder.queued_ns(orders, np.array([30, 99])).tolist() == [-1, 99_000]


def test_no_numbers_are_no_question() -> None:
    assert len(OrderFinder().queued_ns(orders_with([]), np.empty(0, np.int64))) == 0
    assert OrderFinder().queued_ns(orders_with([]), np.array([1])).tolist() == [-1]
