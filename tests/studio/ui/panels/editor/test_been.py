"""The places before each jump, to go back to and forward again."""

from __future__ import annotations

from tasktonic_studio.ui.panels.editor.been import MOST, Been, Spot

A, B, C = Spot("a.py", 1, 1), Spot("b.py", 5, 2), Spot("a.py", 9, 1)


def test_back_leads_to_where_one_jumped_from_and_forward_to_where_one_was() -> None:
    been = Been()
    been.jumped(A, B)
    been.jumped(B, C)

    assert [been.back(C), been.back(B), been.back(A)] == [B, A, None]
    assert [been.forward(A), been.forward(B), been.forward(C)] == [B, C, None]


def test_another_jump_forgets_the_way_forward() -> None:
    been = Been()
    been.jumped(A, B)
    been.back(B)

    been.jumped(A, C)

    assert been.forward(C) is None


def test_a_jump_within_a_line_is_none() -> None:
    been = Been()
    been.jumped(A, A._replace(column=7))

    assert been.back(A) is None


def test_only_so_many_places_are_kept() -> None:
    been = Been()
    for line in range(1, MOST + 9):
        been.jumped(Spot("a.py", line, 1), Spot("a.py", line + 1, 1))

    count = 0
    while been.back(None) is not None:
        count += 1
    assert count == MOST
