"""The hand-over between the services' threads and the window: bounded, counted, in order."""

from __future__ import annotations

import threading
from typing import Any

from tasktonic import events as ev
from tasktonic.blocks import StringTable, encode_block
from tasktonic_studio.session.batch import batch_of_events
from tasktonic_studio.session.inbox import (
    PORTION_BYTES,
    BatchArrived,
    BlockArrived,
    FlowDropped,
    Inbox,
    InboxItem,
    Notice,
    Portions,
    TargetBegan,
)
from tasktonic_studio.session.session import Session
from tests.helpers.builders import EventWriter, a_session


def test_items_come_out_in_the_order_they_went_in() -> None:
    inbox = Inbox()
    items: list[InboxItem] = [Notice("one"), BlockArrived(b"x"), Notice("two")]
    for item in items:
        inbox.put(item)

    assert list(inbox.take_all()) == items
    assert list(inbox.take_all()) == []


def test_the_first_item_wakes_the_reader_once() -> None:
    woken: list[int] = []
    inbox = Inbox(on_first=lambda: woken.append(1))

    inbox.put(Notice("one"))
    inbox.put(Notice("two"))
    inbox.take_all()
    inbox.put(Notice("three"))

    assert len(woken) == 2


def test_waiting_blocks_are_counted_in_bytes() -> None:
    inbox = Inbox()
    inbox.put(BlockArrived(b"12345"))
    inbox.put(Notice("one"))

    assert (inbox.waiting_bytes, inbox.waiting_items) == (5, 2)
    inbox.take_all()
    assert (inbox.waiting_bytes, inbox.waiting_items) == (0, 0)


def _block(write: EventWriter, first: int, strings: StringTable) -> tuple[bytes, int]:
    rows: list[Any] = write.take()
    return encode_block(first, rows, strings), first + len(rows)


def test_a_full_inbox_drops_flow_and_keeps_facts() -> None:
    write, strings, inbox = EventWriter(), StringTable(), Inbox(limit_bytes=1)
    pump = write.born("Pump", "pump")
    first, n = _block(write, 0, strings)
    for _ in range(10):
        write.sparkles(pump, "ttsc__open")
    write.log(pump, "kept")
    second, _ = _block(write, n, strings)

    inbox.put(BlockArrived(first))
    inbox.put(BlockArrived(second))
    session = a_session()
    taken = inbox.take_all()
    session.apply(taken)

    assert [item for item in taken if isinstance(item, FlowDropped)] == [FlowDropped(10, 10)]
    assert (inbox.dropped_orders, inbox.dropped_runs) == (10, 10)
    assert len(session.live.runs) == 0
    assert session.live.log[-1].text == "kept"
    assert [(gap.orders, gap.runs) for gap in session.live.gaps] == [(10, 10)]
    assert session.live.target.lost == 20


def test_a_full_inbox_keeps_a_broken_block_for_the_session_to_refuse() -> None:
    inbox = Inbox(limit_bytes=1)
    for _ in range(2):
        inbox.put(BlockArrived(b"no block"))

    session = a_session()
    session.apply(inbox.take_all())

    assert session.live.log[0].text.startswith("The events of the app cannot be read any more")


def test_many_threads_lose_nothing() -> None:
    inbox = Inbox()
    taken: list[Any] = []

    def put_many(name: int) -> None:
        for number in range(500):
            inbox.put(Notice(f"{name} {number}"))

    threads = [threading.Thread(target=put_many, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        taken.extend(inbox.take_all())
    taken.extend(inbox.take_all())

    for name in range(4):
        mine = [item.text for item in taken if item.text.startswith(f"{name} ")]
        assert mine == [f"{name} {it}" for it in range(500)]


def test_what_is_decoded_already_counts_as_the_bytes_it_was_made_from() -> None:
    inbox = Inbox()

    inbox.put(BatchArrived(batch_of_events([]), 1_000))

    assert inbox.waiting_bytes == 1_000


def test_a_portion_of_tiny_blocks_is_no_crowd_of_them() -> None:
    strings = StringTable()
    told = [encode_block(number, [ev.Gap(1, 2, 700, 700)], strings) for number in range(2_000)]
    session = Session()

    parts = taken(Portions(list(map(BlockArrived, told)), session.opened), PORTION_BYTES)

    assert sum(map(len, parts)) == 2_000
    assert max(map(len, parts)) <= 250


def taken(portions: Portions, most_bytes: int) -> list[list[InboxItem]]:
    """All of them, one after the other."""
    parts = []
    while portions:
        parts.append(portions.take(most_bytes))
    return parts


def test_portions_keep_the_order_and_hold_a_few_blocks_each() -> None:
    batch = batch_of_events([])
    items: list[InboxItem] = [
        BlockArrived(bytes(60_000)), BlockArrived(bytes(60_000)), Notice("a"), BatchArrived(batch, 180_000), Notice("b")
    ]  # fmt: skip

    parts = taken(Portions(items), 100_000)

    assert parts == [items[:2], items[2:4], items[4:]]
    assert not Portions()
    assert Portions().take(100_000) == []


def test_a_target_is_known_before_what_follows_it_is_opened() -> None:
    items: list[InboxItem] = [Notice("of the one before"), TargetBegan("file"), Notice("a"), Notice("b")]
    applied: list[InboxItem] = []
    known_when_opened: list[list[InboxItem]] = []

    def opened(item: InboxItem) -> list[InboxItem]:
        known_when_opened.append(list(applied))
        return [item, Notice("its second half")]

    portions = Portions(items, opened)
    while portions:
        applied.extend(portions.take(10_000))

    assert known_when_opened[2][-1] == items[1], "nothing of the new target was opened before it began"
    assert [item for item in applied if item in items] == items
    assert len(applied) == 2 * len(items)


def test_nothing_is_opened_before_its_turn() -> None:
    items: list[InboxItem] = [Notice(str(number)) for number in range(3)]
    opened: list[InboxItem] = []

    def pieces(item: InboxItem) -> list[InboxItem]:
        opened.append(item)
        return [item, item]

    portions = Portions(items, pieces)

    assert portions.take(1) == items[:1]
    assert opened == items[:1]
    assert portions.take(1) == items[:1], "its second half"
    assert opened == items[:1]
    assert portions.take(10_000) == [items[1], items[1], items[2], items[2]]
    assert not portions
