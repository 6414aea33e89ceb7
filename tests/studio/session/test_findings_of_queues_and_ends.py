"""Queues that grow, orders that come too late, apps that die: what is found of them, and what is no finding."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from tasktonic import events as ev
from tasktonic import ttShared, ttTonic
from tasktonic.observation import Beats
from tasktonic.pool import Report
from tasktonic_studio.session.finding_words import severity_of, sparkle_of, thing_of, tonic_of
from tasktonic_studio.session.happenings import Happening
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tests.helpers.builders import MS, EventWriter
from tests.helpers.found import BY_THE_CLOCK, Recorded, by_looks, kinds, the_only, words
from tests.helpers.movable_clock import movable_clock
from tests.helpers.services_app import a_pump, services


@pytest.fixture
def recorded(recorded: Recorded) -> Recorded:
    return by_looks(recorded)


class Belt(ttTonic):
    """Each run orders some more, up to a number, and takes some time."""

    def __init__(self, clock: Any, more: int, most: int, took_ns: int = 50 * MS, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.clock, self.more, self.most, self.took_ns = clock, more, most, took_ns
        self.waiting = 0
        self.beats = Beats()

    def ttse__on_start(self) -> None:
        self.ttsc__move()
        self.waiting = 1

    def ttsc__move(self) -> None:
        self.clock.move(self.took_ns)
        self.waiting -= 1
        self.most -= 1
        for _ in range(self.more if self.most > 0 else 0):
            self.ttsc__move()
            self.waiting += 1
        self.beats.tell()
        if not self.waiting:
            self.finish()


def test_a_queue_that_grows_for_seconds_is_found(recorded: Recorded) -> None:
    with movable_clock() as clock:
        known = recorded(lambda: Belt(clock, 2, 100, name="belt")).live

    found = the_only(known)

    assert (found.kind, severity_of(found), found.times) == ("growing", "warning", 1)
    assert tonic_of(known, found) == "main_catalyst"
    assert 50 <= found.worst <= 100
    assert thing_of(known, found) == Thing("catalyst", found.catalyst)


@pytest.mark.parametrize("more, most, took_ns", [(1, 100, 50 * MS), (2, 40, 50 * MS), (2, 45, 100 * MS)])
def test_a_queue_that_keeps_its_length_or_grows_for_a_moment_or_stays_short_is_no_finding(
    recorded: Recorded, more: int, most: int, took_ns: int
) -> None:
    with movable_clock() as clock:
        assert kinds(recorded(lambda: Belt(clock, more, most, took_ns, name="belt")).live) == []


class Guest(ttTonic):
    def ttsc__eat(self) -> None:
        pass


class Host(ttTonic):
    def ttse__on_start(self) -> None:
        guest = Guest(name="guest")
        guest.finish()
        for _ in range(2):
            guest.ttsc__eat()
        self.ttsc__close()

    def ttsc__close(self) -> None:
        self.finish()


def test_orders_for_a_tonic_that_was_finishing_are_found(recorded: Recorded) -> None:
    known = recorded(lambda: Host(name="host")).live

    found = the_only(known)

    assert (found.kind, severity_of(found), found.times) == ("dropped", "hint", 2)
    assert (tonic_of(known, found), sparkle_of(known, found)) == ("guest", "ttsc__eat")


def dig(both: threading.Barrier, report: Report) -> None:
    both.wait()
    both.wait()
    report(1)
    both.wait()


class Foreman(ttTonic):
    """Asks to finish, and only then its worker tells something."""

    def ttse__on_start(self) -> None:
        both = threading.Barrier(2, timeout=30)
        self.offload(dig, ttShared(both), on_progress=self.ttse__dug)
        both.wait()
        self.finish()
        self.ttsc__rest()
        both.wait()
        both.wait()

    def ttse__dug(self, depth: int) -> None:
        pass

    def ttsc__rest(self) -> None:
        pass


class Site(ttTonic):
    def ttse__on_start(self) -> None:
        self.bind(Foreman, name="foreman")

    def binding_finished(self, essence_id: int) -> None:
        self.finish()


def test_what_offloaded_work_tells_while_its_tonic_finishes_is_no_finding(recorded: Recorded) -> None:
    known = recorded(lambda: Site(name="site")).live

    assert sparkle_of(known, the_only(known)) == "ttsc__rest"
    assert len(known.happenings.of(Happening.DROPPED)) == 2


@pytest.mark.parametrize("together", [1, 1000])
def test_work_of_others_that_tells_a_tonic_something_while_it_finishes_is_found_however_the_stream_is_cut(
    together: int,
) -> None:
    write = EventWriter()
    write.catalyst("main")
    pump = write.born("Pump", "pump")
    write.offload(pump, "dig")
    orders = [write.order(pump, "ttse__dug", cause=cause) for cause in ("pool dig", "pool pump", "thread digger")]
    write.add(ev.Finishing(write.wait(MS), pump, 0))
    for order in orders:
        write.add(
            ev.Dropped(write.t_ns, pump, write.sparkle(write.cls("Pump"), "ttse__dug"), order, ev.Name("finishing"))
        )
    session = Session()
    written = write.take()

    for first in range(0, len(written), together):
        session.apply_events(first, written[first : first + together])

    found = the_only(session.live)
    assert (found.times, found.order) == (2, orders[2])


class LastCall(ttTonic):
    def ttse__on_start(self) -> None:
        self.catalyst.finish()
        self.ttsc__more()

    def ttsc__more(self) -> None:
        pass


def test_what_is_dropped_while_all_of_the_app_finishes_is_no_finding(recorded: Recorded) -> None:
    session = recorded(lambda: LastCall(name="last"))

    assert kinds(session.live) == []


def test_a_timer_that_had_fired_when_its_tonic_finished_is_no_finding() -> None:
    write = EventWriter()
    write.catalyst("main")
    pump = write.born("Pump", "pump")
    alarm = write.timer(pump, 0)
    orders = [write.order(pump, "ttse__on_timer", cause="timer"), write.order(pump, "ttsc__fill")]
    write.add(ev.TimerFired(write.wait(MS), alarm, orders[0]))
    write.add(ev.Finishing(write.wait(MS), pump, 0))
    for order, sparkle in zip(orders, ("ttse__on_timer", "ttsc__fill"), strict=True):
        write.add(ev.Dropped(write.t_ns, pump, write.sparkle(write.cls("Pump"), sparkle), order, ev.Name("finishing")))
    session = Session()

    session.apply_events(0, write.take())

    assert sparkle_of(session.live, the_only(session.live)) == "ttsc__fill"


def test_an_app_that_dies_while_its_catalyst_turns_is_found(tmp_path: Path) -> None:
    with services() as stand:
        stand.requests.launch(a_pump(tmp_path, end="import os; os._exit(3)"))
        stand.until_status("ended")
        known = stand.known

        found = the_only(known, BY_THE_CLOCK)

        assert (found.kind, severity_of(found)) == ("dead", "error")
        assert words(known, found).startswith("ended: exit code 3")
        assert thing_of(known, found) == Thing("catalyst", found.catalyst)


def test_an_app_that_ends_by_itself_has_no_findings(tmp_path: Path) -> None:
    with services() as stand:
        stand.requests.launch(a_pump(tmp_path))
        stand.until_status("ended")

        assert kinds(stand.known, BY_THE_CLOCK) == []
