"""What another process reads of a long trace: the same events, whether their columns lie in shared memory or came through a pipe."""

from __future__ import annotations

import gc
import io
import pickle
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tasktonic.trace import TraceReader
from tasktonic_studio.services import reading_ahead, shared_columns
from tasktonic_studio.services.reading_ahead import ReadingAhead, pieces_of
from tasktonic_studio.services.shared_columns import SharedColumns
from tasktonic_studio.session import columns
from tasktonic_studio.session.inbox import BlockArrived, InboxItem, TargetBegan
from tasktonic_studio.session.session import Session

TRACE = Path(__file__).parents[2] / "data" / "traces" / "keyframes.ttt"
SMALL_CHUNK = 64

needs_memory = pytest.mark.skipif(sys.platform != "linux", reason="there is no shared memory without a name here")


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A short trace counts as a long one: many pieces, and tables of many chunks."""
    monkeypatch.setattr(reading_ahead, "TOGETHER", 150)
    for module in (columns, shared_columns):
        monkeypatch.setattr(module, "CHUNK_ROWS", SMALL_CHUNK)
    monkeypatch.setattr(columns, "STRETCH_ROWS", 16)


def told(events: int) -> Iterator[InboxItem]:
    """What is told of the trace, there and back, with shared memory for so many events."""
    memory = shared_columns.new_memory()
    assert memory is not None
    mine, theirs = (SharedColumns(memory, events, is_ours=is_ours) for is_ours in (False, True))
    with TraceReader(TRACE) as reader:
        for piece in pieces_of(reader, 0, theirs):
            yield from (reading_ahead._unpacked(item, mine) for item in _there_and_back(piece))


def _there_and_back(piece: Any) -> Any:
    return pickle.loads(pickle.dumps(piece))  # noqa: S301 - of this process


def session_of(items: Iterator[InboxItem], *, together: bool) -> Session:
    session = Session()
    session.apply([TargetBegan("file")])
    for portion in [list(items)] if together else ([piece] for item in items for piece in session.opened(item)):
        session.apply(portion)
    return session


def known(session: Session) -> Any:
    live = session.live
    tables = [table.rows(0, len(table)) for table in (live.runs, live.orders, live.transitions)]
    numbers = [session.marks.numbering.event_at(row.n) for row in tables[0]]
    return tables, numbers, [live.essences.get(it) for it in live.essences], list(live.log)


@needs_memory
@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("together", [False, True], ids=["piece by piece", "all at once"])
@pytest.mark.parametrize("room", [4_000, 500, -SMALL_CHUNK + 1], ids=["enough room", "too little room", "no room"])
def test_what_lies_in_shared_memory_is_what_is_in_the_file(room: int, together: bool) -> None:
    with TraceReader(TRACE) as reader:
        blocks = iter([BlockArrived(data) for _, data in reader.parts()])

        alone = known(session_of(blocks, together=True))

    assert known(session_of(told(room), together=together)) == alone


@needs_memory
@pytest.mark.usefixtures("small")
def test_tables_take_chunks_over_where_they_lie() -> None:
    session = session_of(told(4_000), together=False)

    assert not session.live.runs.column("essence", SMALL_CHUNK, SMALL_CHUNK + 1).flags.writeable, "it is not ours"
    assert session.live.runs.column("n", SMALL_CHUNK, SMALL_CHUNK + 1).flags.writeable


@needs_memory
@pytest.mark.usefixtures("small")
def test_shared_memory_is_gone_with_the_run_that_lies_in_it() -> None:
    before = _shared_memory()

    session = session_of(told(4_000), together=False)
    gc.collect()

    used = _shared_memory() - before
    assert used, "the tables lie in it"
    assert all(place.endswith("/memfd:trace (deleted)") for place in used), "it has no name that could be left behind"
    assert len(session.live.runs) == 1_000
    del session
    gc.collect()
    assert _shared_memory() <= before


def _shared_memory() -> set[str]:
    return {line for line in Path("/proc/self/maps").read_text().splitlines() if "memfd:trace" in line}


@needs_memory
def test_a_process_that_is_told_of_no_memory_hands_columns_over() -> None:
    out = io.BytesIO()

    reading_ahead.main(str(TRACE), 0, out)

    out.seek(0)
    items = [reading_ahead._unpacked(item, None) for item in pickle.load(out)]  # noqa: S301 - of this process
    assert len(session_of(iter(items), together=True).live.runs) == 1_000


@pytest.mark.parametrize("events", [1 << 50, 1 << 62, 1 << 80])
def test_a_file_that_says_it_has_more_events_than_there_is_room_for_is_read_all_the_same(events: int) -> None:
    ahead = ReadingAhead(str(TRACE), 0, events)
    try:
        session = session_of(ahead.items(), together=True)
    finally:
        ahead.close()

    assert len(session.live.runs) == 1_000
    assert ahead.damage is None
