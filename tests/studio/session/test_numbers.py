"""Numbers out of descriptions, and attributes that were looked at again and again."""

from __future__ import annotations

import pytest

from tasktonic.protocol.messages import AttributeRow
from tasktonic_studio.session.numbers import MOST_POINTS, AttributeNumbers, number_of


@pytest.mark.parametrize(
    "kind, text, number",
    [
        ("int", "7", 7.0),
        ("float", "-1.5e3", -1500.0),
        ("bool", "True", 1.0),
        ("int", "123456789…", None),
        ("str", "7", None),
        ("float", "nan", None),
        ("float", "inf", None),
    ],
)
def test_a_description_is_read_as_a_number(kind: str, text: str, number: float | None) -> None:
    assert number_of(kind, text) == number


def answer(numbers: AttributeNumbers, n: int, value: float) -> None:
    numbers.take(1, 7, n, 1_000 * n, [AttributeRow("level", "float", str(value))])


def test_an_attribute_is_known_as_far_as_it_was_told() -> None:
    numbers = AttributeNumbers()
    for n in (3, 5, 9):
        answer(numbers, n, n / 2)

    times, values = numbers.of(1, 7, "level", 9)

    assert (times.tolist(), values.tolist()) == ([3_000, 5_000], [1.5, 2.5])


def test_an_answer_that_is_folded_again_counts_once() -> None:
    numbers = AttributeNumbers()
    for n in (3, 5, 3, 5):
        answer(numbers, n, n)

    assert numbers.of(1, 7, "level", 100)[1].tolist() == [3, 5]


def test_the_oldest_points_go() -> None:
    numbers = AttributeNumbers()
    for n in range(2 * MOST_POINTS):
        answer(numbers, n, n)

    assert len(numbers.of(1, 7, "level", 10 * MOST_POINTS)[0]) <= MOST_POINTS
