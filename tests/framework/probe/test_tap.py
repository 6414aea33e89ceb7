"""Rows become blocks in the probe's thread, while the app makes more of them."""

from __future__ import annotations

from tasktonic.blocks import StringTable, decode_block
from tasktonic.events import StateChanged
from tasktonic.observation import ENOUGH_ROWS
from tasktonic.probe.tap import Tap

FULL = ENOUGH_ROWS
"""Rows of a batch that is encoded by itself."""


def changes(first: int) -> list[StateChanged]:
    return [StateChanged(1_000 + number, 1, 0, 1, 0) for number in range(first, first + FULL)]


def test_taking_ends_although_rows_come_as_fast_as_they_are_taken() -> None:
    tap = Tap(lambda: None)
    tap.on_rows(0, changes(0))
    came = FULL

    def more_come() -> bool:
        nonlocal came
        tap.on_rows(came, changes(came))
        came += FULL
        assert came < 100 * FULL, "the probe takes for ever, and sends nothing"
        return True

    blocks, _ = tap.take_blocks(more_come)

    assert rows_in(blocks) == FULL
    assert tap.has_rows, "what came meanwhile is for the next time"


def test_a_first_part_can_be_taken_and_nothing_is_lost() -> None:
    tap = Tap(lambda: None)
    for batch in range(5):
        tap.on_rows(batch * FULL, changes(batch * FULL))

    parts = []
    while tap.has_rows:
        blocks, _ = tap.take_blocks(lambda: True, 2 * FULL)
        parts.append(rows_in(blocks))

    assert parts == [2 * FULL, 2 * FULL, FULL]


def rows_in(blocks: list[bytes]) -> int:
    strings = StringTable()
    return sum(len(decode_block(block, strings).positions(StateChanged)) for block in blocks)
