"""Marks of a session, and which event of the stream has which number there."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tasktonic import events
from tasktonic.blocks import StringTable, encode_block
from tasktonic.trace import Mark
from tasktonic.trace.marks import MAX_NOTE, MOST_MARKS, MOST_TEXT
from tasktonic_studio.session.inbox import BlockArrived, InboxItem, MarksRead, Notice, TargetBegan
from tasktonic_studio.session.marks import Marks, Numbering
from tasktonic_studio.session.session import Session

made: Any = events


def block(first: int, count: int, strings: StringTable) -> BlockArrived:
    rows = [made.LogLine(1_000 + first + n, 1, f"event {first + n}", 0) for n in range(count)]
    return BlockArrived(encode_block(first, rows, strings))


def texts_at(session: Session, n: int) -> list[str]:
    return [line.text for line in session.at(n).log if line.level == "log"]


def a_stream(seed: int) -> list[InboxItem]:
    """Blocks with notices between, as from an app to which somebody attached late."""
    chance, strings = random.Random(seed), StringTable()
    items: list[InboxItem] = [TargetBegan("attached")]
    first = chance.randrange(1_000)
    for _ in range(12):
        items += [Notice("something else") for _ in range(chance.randrange(3))]
        count = chance.randrange(1, 6)
        items.append(block(first, count, strings))
        first += count
    return items


@pytest.mark.parametrize("seed", range(10))
def test_a_moment_has_one_event_that_has_not_come_and_leads_back(seed: int) -> None:
    session = Session()
    session.apply(a_stream(seed))
    numbering = session.marks.numbering
    for n in range(2, session.live.n + 1):
        event = numbering.event_at(n)
        back = numbering.moment_before(event)

        assert f"event {event}" not in texts_at(session, n)
        assert texts_at(session, back) == texts_at(session, n)


@pytest.mark.parametrize("seed", range(5))
def test_a_mark_is_found_in_another_session_of_the_same_run(seed: int) -> None:
    live, again = Session(), Session()
    items = a_stream(seed)
    for item in items:
        live.apply([item])
    n = live.live.n * 2 // 3
    mark = live.marks.add(n, live.at(n).t_ns)
    assert mark is not None

    again.apply([items[0], MarksRead((mark,)), *(it for it in items[1:] if isinstance(it, BlockArrived))])

    assert texts_at(again, again.marks.moment(again.marks.all[0])) == texts_at(live, n)


def test_marks_of_a_file_get_no_number() -> None:
    session = Session()
    session.apply([TargetBegan("file"), MarksRead((Mark("a", 1, 1),))])

    assert session.live.n == 1
    assert [mark.id for mark in session.marks.all] == ["a"]


def test_another_target_has_no_marks_of_the_one_before() -> None:
    session = Session()
    session.apply(a_stream(1))
    session.marks.add(5, 100)
    told: list[int] = []
    session.marks.watch(lambda: told.append(len(session.marks.all)))

    session.apply([TargetBegan("launched")])

    assert told == [0]
    assert session.marks.take_changed() == []


def test_what_changed_is_given_once_and_the_last_word_of_each() -> None:
    marks = Marks()
    one, other = marks.add(1, 10), marks.add(2, 20, "other")
    assert one is not None
    assert other is not None
    marks.write(one.id, "first")
    marks.write(one.id, "second")
    marks.remove(other.id)

    changed = {mark.id: mark for mark in marks.take_changed()}

    assert changed[one.id].note == "second"
    assert changed[other.id].gone
    assert marks.take_changed() == []
    assert [mark.note for mark in marks.all] == ["second"]


def test_the_mark_beside_a_moment_is_the_next_one_in_time() -> None:
    marks = Marks()
    marks.numbering.note(0, 0, 100)
    for n in (10, 20, 30):
        marks.add(n, n)

    def beside(n: int, steps: int) -> int:
        mark = marks.beside(n, steps)
        return -1 if mark is None else mark.event

    assert [beside(n, 1) for n in (5, 10, 29, 30)] == [10, 20, 30, -1]
    assert [beside(n, -1) for n in (10, 11, 20, 100)] == [-1, 10, 10, 30]


def test_no_more_marks_than_a_file_takes() -> None:
    marks = Marks()
    marks.read(Mark(str(number), number, number) for number in range(MOST_MARKS))

    assert marks.add(1, 1) is None
    assert len(marks.all) == MOST_MARKS


def test_notes_are_no_longer_than_a_file_takes_together() -> None:
    marks = Marks()
    marks.read(Mark(str(number), number, number, "n" * MAX_NOTE) for number in range(MOST_TEXT // MAX_NOTE - 1))
    roomy, full = marks.add(1, 1, "n" * (MAX_NOTE - 3)), marks.add(2, 2, "four")

    assert (roomy is not None, full is not None) == (True, True)
    assert roomy is not None
    assert full is not None
    assert full.note == "fou"
    assert marks.room(full.id) == 3
    marks.write(roomy.id, "")
    assert marks.room(full.id) == MAX_NOTE


def test_the_numbering_of_a_very_long_run_stays_small() -> None:
    numbering = Numbering()
    for step in range(250_000):
        numbering.note(step * 3, step * 2, 2)

    assert numbering.event_at(749_997) == 499_998
    assert len(numbering._numbers) <= 100_001
