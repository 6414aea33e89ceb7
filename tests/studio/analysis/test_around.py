"""Which classes and functions a line stands in."""

from __future__ import annotations

import pytest

from tasktonic_studio.analysis.around import names_around

TEXT = """\
import pytest


def helper():
    return 1


@pytest.mark.slow
@pytest.mark.parametrize("a", [1, 2])
def test_one(a):
    def inside():
        return a

    assert inside()


class TestDoor:
    async def test_two(self):
        if 1:
            pass

    def other(self):
        pass


print(helper())
"""


@pytest.mark.parametrize(
    "line, names",
    [
        (1, ()),
        (5, ("helper",)),
        (6, ()),
        (8, ("test_one",)),
        (12, ("test_one", "inside")),
        (13, ("test_one",)),
        (15, ()),
        (17, ("TestDoor",)),
        (20, ("TestDoor", "test_two")),
        (21, ("TestDoor",)),
        (23, ("TestDoor", "other")),
        (26, ()),
    ],
)
def test_a_line_is_in_what_its_lines_hold_and_between_two_in_none(line: int, names: tuple[str, ...]) -> None:
    assert names_around(TEXT, line) == names


def test_a_half_typed_text_is_looked_through_by_its_indentation() -> None:
    assert names_around(TEXT + "x = (\n", 12) == ("test_one", "inside")
