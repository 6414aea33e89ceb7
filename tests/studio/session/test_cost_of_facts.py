"""What a fact costs the fold, counted: no look at all that is known of a tonic, and nothing for rows that are there already."""

from __future__ import annotations

from typing import Any

import pytest

from tasktonic import events as ev
from tasktonic_studio.session import happenings
from tasktonic_studio.session.essences import EssenceFacts, Essences
from tasktonic_studio.session.happenings import Happening
from tasktonic_studio.session.session import Session
from tasktonic_studio.session.store_mirror import StoreHistories
from tests.helpers.builders import MS, EventWriter

FIRINGS = 500


def writer_with_owner() -> tuple[EventWriter, int]:
    writer = EventWriter()
    catalyst = writer.catalyst("main")
    return writer, writer.born("owner", "Owner", context=catalyst, catalyst=catalyst)


def test_timers_that_come_and_fire_in_time_need_no_look_at_all_that_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    writer, owner = writer_with_owner()
    ticking = writer.timer(owner, 10 * MS, "ttse__on_tick")
    for _ in range(FIRINGS):
        writer.add(ev.TimerFired(writer.wait(10 * MS), ticking, 0))
        once = writer.timer(owner, 0, "ttse__on_once")
        writer.add(ev.TimerFired(writer.t_ns, once, 0))
        writer.ended(once)
    looked_at: list[int] = []
    get = Essences.get

    def counted(self: Essences, essence: int) -> EssenceFacts | None:
        looked_at.append(essence)
        return get(self, essence)

    monkeypatch.setattr(Essences, "get", counted)
    session = Session()
    session.apply_events(0, writer.take())
    assert session.live.timers[ticking].fired == FIRINGS
    assert looked_at == []


def test_what_is_in_the_table_is_only_counted_when_a_moment_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    writer, owner = writer_with_owner()
    for _ in range(FIRINGS):
        writer.wait(MS)
        writer.add(ev.Unmoved(writer.t_ns, owner, 0, 0))
    session = Session()
    session.apply_events(0, writer.take())
    packed: list[Any] = []
    pack = happenings._PACK[ev.Unmoved]

    def counted(event: Any, number: happenings.Number) -> happenings.Packed:
        packed.append(event)
        return pack(event, number)

    monkeypatch.setitem(happenings._PACK, ev.Unmoved, counted)
    halfway = session.at(session.live.n - FIRINGS // 2)
    assert len(halfway.happenings.of(Happening.UNMOVED)) == FIRINGS // 2
    assert packed == []
    writer.add(ev.Unmoved(writer.t_ns, owner, 0, 0))
    session.apply_events(session.live.n, writer.take())
    assert len(packed) == 1, "what is new is put into the table"
    assert len(session.live.happenings.of(Happening.UNMOVED)) == FIRINGS + 1


def test_a_moment_that_is_looked_up_leaves_the_histories_of_a_store_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    writer, owner = writer_with_owner()
    for number in range(FIRINGS):
        writer.wait(MS)
        writer.store(owner, f"place {number % 7}", str(number))
    session = Session()
    session.apply_events(0, writer.take())
    added: list[str] = []
    add = StoreHistories.add

    def counted(self: StoreHistories, app: int, store: int, path: str, known: int, change: tuple[Any, ...]) -> None:
        added.append(path)
        add(self, app, store, path, known, change)

    monkeypatch.setattr(StoreHistories, "add", counted)
    halfway = session.at(session.live.n - FIRINGS // 2)
    entry = halfway.store[owner]["place 3"]
    assert (entry.new, entry.history[-1].new) == ("248", "248")
    assert len(entry.history) == entry.changes == 36
    assert added == []
    writer.store(owner, "place 3", "new")
    session.apply_events(session.live.n, writer.take())
    assert added == ["place 3"]
    assert session.live.store[owner]["place 3"].history[-1].new == "new"
