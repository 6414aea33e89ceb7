"""Whatever bytes and numbers come, the session stays usable: a broken app must not take the window with it."""

from __future__ import annotations

import random
from typing import Any, get_type_hints

import pytest

from tasktonic import events as ev
from tasktonic.blocks import StringTable, encode_block
from tasktonic_studio.session.filters import LedgerFilter, RunFilter
from tasktonic_studio.session.inbox import BlockArrived
from tasktonic_studio.session.session import Session
from tests.helpers.broken_blocks import break_some_bytes
from tests.helpers.builders import Plant, a_session

EXTREMES = (-(1 << 63), -1, 0, (1 << 31), (1 << 63) - 1)


def ask_everything(session: Session) -> None:
    """What panels ask, of the present and of the past."""
    for known in (session.live, session.at(session.live.n // 2)):
        for essence in known.essences:
            known.essences.get(essence)
            known.essences.path(essence)
            known.state_name(essence)
            known.timers_of(essence)
            known.heavy_work.open_of(essence)
            known.heavy_work.ended_of(essence)
        known.essences.rates()
        LedgerFilter("busy: -state:x").matching(known)
        RunFilter("-longer:1ms -tonic:x").rows(known)
        for row in known.runs.rows(0, len(known.runs)):
            known.cause_of(row)
            known.effects_of(row.run)
            known.names.handler_place(row.sparkle, "x")
        for catalyst in known.catalysts.values():
            catalyst.inside_for_ns(known.t_ns)
        assert list(known.log) is not None
        known.last_sparkle()


@pytest.mark.parametrize("kind", ev.type_by_code.values(), ids=lambda kind: kind.__name__)
def test_numbers_beyond_all_measure_do_no_harm(kind: Any) -> None:
    hints = get_type_hints(kind)
    rows = [
        kind(*(value if hint is int else bool(value & 1) if hint is bool else "x" for hint in hints.values()))
        for value in EXTREMES
    ]
    plant = Plant(2)
    lively = plant.live(2)

    for batch in (rows, [*lively, *rows, *plant.live(1)], [row for row in rows for _ in range(2)]):
        session = a_session()
        session.apply_events(0, batch)

        ask_everything(session)
        assert session.live.n == len(batch)


@pytest.mark.parametrize("seed", range(40))
def test_blocks_with_some_bytes_changed_do_no_harm(seed: int) -> None:
    chance = random.Random(seed)
    plant, strings, blocks, n = Plant(2), StringTable(), [], 0
    for _ in range(4):
        rows: list[Any] = plant.live(2) + plant.trouble()
        blocks.append(bytearray(encode_block(n, rows, strings, previews=True)))
        n += len(rows)
    break_some_bytes(chance, chance.choice(blocks))

    session = a_session()
    session.apply([BlockArrived(bytes(block)) for block in blocks])

    ask_everything(session)
