"""What the heartbeat says of a catalyst."""

from __future__ import annotations

import threading
from typing import Any

from tasktonic import clock, ttCatalyst, ttTonic
from tasktonic.loops import LONG_BATCH
from tasktonic.stream import Level, stream
from tests.helpers.apps import reading, run_app, wait_for


def test_heartbeat_says_what_a_catalyst_is_inside_of() -> None:
    found: list[Any] = []
    inside, may_go_on = threading.Event(), threading.Event()

    class Busy(ttTonic):
        def ttsc__work(self) -> None:
            inside.set()
            wait_for(may_go_on)

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            side = ttCatalyst(context=-1)
            busy = Busy(catalyst=side)
            busy.ttsc__work()
            busy.ttse__on_finished()
            wait_for(inside)
            depth, essence, sparkle, *_ = side.heartbeat()
            found.append(
                (
                    depth,
                    essence == busy.id,
                    sparkle == busy._tt_class.sparkles[busy._tt_class.slot_by_name["ttsc__work"]].id,
                )
            )
            may_go_on.set()
            self.finish()

    run_app(Main)

    assert found == [(1, True, True)]


def test_heartbeat_of_a_catalyst_whose_runs_are_noted_no_more_does_not_look_as_if_it_hung() -> None:
    since: list[int] = []

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            rows.level = Level.FACTS
            stream.relevel(rows)
            self.tts__step(LONG_BATCH)

        def tts__step(self, left: int) -> None:
            if left == LONG_BATCH:
                since.append(clock.now_ns())
            if left:
                self.tts__step(left - 1)
            else:
                since.append(self._tt_catalyst.heartbeat()[3])
                self.finish()

    with reading(Level.FLOW) as rows:
        run_app(Main)

    assert since == sorted(since)


def test_idle_catalyst_is_inside_of_nothing() -> None:
    found: list[int] = []

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            found.append(ttCatalyst(context=-1, dont_start_yet=True).heartbeat()[1])
            self.finish()

    run_app(Main)

    assert found == [-1]


def test_heartbeat_seen_in_the_middle_of_a_switch_is_no_error() -> None:
    found: list[int] = []

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            side = ttCatalyst(context=-1, dont_start_yet=True)
            side.running, side.via = self, 999  # a slot of another tonic, which has more sparkles
            found.append(side.heartbeat()[1])
            self.finish()

    run_app(Main)

    assert found == [1]
