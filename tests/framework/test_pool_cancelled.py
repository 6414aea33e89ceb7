"""Heavy work that nobody waits for any more."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import pytest

from tasktonic import ttTonic
from tasktonic.events import Dropped, Ended
from tests.helpers import heavy
from tests.helpers.apps import reading, run_app, wait_for
from tests.helpers.pool_askers import (
    Asker,
    Blocked,
    run,
)


def test_cancelled_work_that_waits_never_begins() -> None:
    blocked = Blocked()

    def begin(asker: Asker) -> None:
        asker.ask(blocked.blocks)
        wait_for(blocked.begun)
        work = asker.ask(blocked.ran.append, 1)
        asker.ask(blocked.ran.append, 2)
        work.cancel()
        assert work.state == "cancelled"
        asker.one_less()
        blocked.gate.set()

    run(begin, threads=1)

    assert blocked.ran == [2]


def test_cancelled_work_makes_room_for_other_work() -> None:
    blocked = Blocked()

    def begin(asker: Asker) -> None:
        asker.ask(blocked.blocks)
        wait_for(blocked.begun)
        asker.ask(blocked.ran.append, 1).cancel()
        asker.one_less()
        asker.ask(blocked.ran.append, 2)
        blocked.gate.set()

    run(begin, threads=1, queue=1)

    assert blocked.ran == [2]


def test_cancelling_twice_is_harmless() -> None:
    blocked = Blocked()

    def begin(asker: Asker) -> None:
        works = [asker.ask(blocked.blocks), *(asker.ask(blocked.ran.append, n) for n in range(3))]
        wait_for(blocked.begun)
        for work in works * 2:
            work.cancel()
        blocked.gate.set()
        asker.finish()

    asker = run(begin, threads=1)

    assert (asker.heard, blocked.ran) == ([], [])


class Short(ttTonic):
    """Offloads with its only thread blocked, and finishes at once. Somebody else keeps the app alive."""

    def __init__(self, blocked: Blocked, **kwargs: Any) -> None:
        super().__init__(name="short", **kwargs)
        self.blocked = blocked
        self.got: list[Any] = []

    def ttse__on_start(self) -> None:
        self.offload(self.blocked.blocks, on_result=self.ttse__got)
        wait_for(self.blocked.begun)
        self.offload(self.blocked.ran.append, 1, on_result=self.ttse__got)
        self.finish()

    def ttse__got(self, result: Any) -> None:
        self.got.append(result)


class Boss(ttTonic):
    """Opens the gate when the short one has ended, and ends when the pool has done something else."""

    def __init__(self, blocked: Blocked) -> None:
        super().__init__(name="boss")
        self.blocked = blocked

    def ttse__on_start(self) -> None:
        self.short = self.bind(Short, self.blocked)

    def ttse__on_short_finished(self) -> None:
        self.offload(heavy.square, 2, on_result=self.ttse__pool_goes_on)
        self.blocked.gate.set()

    def ttse__pool_goes_on(self, result: int) -> None:
        self.finish()


def test_work_of_a_finished_tonic_never_begins_or_is_dropped() -> None:
    blocked = Blocked()
    made: list[Boss] = []
    with reading() as rows:
        run_app(lambda: made.append(Boss(blocked)), settings={"tasktonic/pool/threads": 1})

    short = made[0].short
    assert blocked.ran == []
    assert short.got == []
    dropped = [row for row in rows.of(Dropped) if row.reason == "cancelled"]
    assert [row.essence for row in dropped] == [short._tt_id] * 2
    ended = next(row for row in rows.of(Ended) if row.essence == short._tt_id)
    assert all(rows.all.index(row) < rows.all.index(ended) for row in dropped)


def test_finished_tonic_is_not_kept_alive_by_its_work() -> None:
    blocked = Blocked()
    found: list[bool] = []

    class Looker(Boss):
        def ttse__on_short_finished(self) -> None:
            self.seen = weakref.ref(self.short)
            del self.short
            self.tts__look()  # the order that runs now has it as its source

        def tts__look(self) -> None:
            gc.collect()
            found.append(self.seen() is None)
            super().ttse__on_short_finished()

    run_app(lambda: Looker(blocked), settings={"tasktonic/pool/threads": 1})

    assert found == [True]


def test_report_raises_in_a_thread_when_nobody_waits() -> None:
    blocked = Blocked()

    def begin(asker: Asker) -> None:
        work = asker.ask(blocked.asks_at_the_gate, on_progress=asker.ttse__progress)
        wait_for(blocked.begun)
        work.cancel()
        blocked.gate.set()
        asker.finish()

    asker = run(begin)

    assert [str(error) for error in blocked.raised] == [
        (
            "asks_at_the_gate: nobody waits for this work any more (asker has finished or has cancelled it). "
            "Let this error through, so that it ends."
        )
    ]
    assert asker.heard == []


def test_report_raises_in_a_process_when_nobody_waits() -> None:
    class Bored(Asker):
        def ttse__progress(self, *values: Any) -> None:
            if values == (10,):
                self.work.cancel()
                self.waits_for = 0
                self.ask(heavy.square, 3, where="process")

    def begin(asker: Bored) -> None:
        asker.work = asker.ask(heavy.counts_until_told, where="process", on_progress=asker.ttse__progress)

    made = []
    run_app(lambda: made.append(Bored(begin)), settings={"tasktonic/pool/processes": 1})  # type: ignore[arg-type]

    assert made[0].results == [9]
    assert made[0].errors == []


def test_work_of_an_init_that_raises_never_begins() -> None:
    blocked = Blocked()

    class Fragile(ttTonic):
        def __init__(self) -> None:
            super().__init__()
            self.offload(blocked.ran.append, 1)
            raise ValueError("fragile")

    def begin(asker: Asker) -> None:
        asker.ask(blocked.blocks)
        wait_for(blocked.begun)
        with pytest.raises(ValueError, match="fragile"):
            Fragile()
        blocked.gate.set()

    run(begin, threads=1)

    assert blocked.ran == []
