"""When catalysts end: with their context, their last tonic, the main one; and what keeps them."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tasktonic import ttCatalyst, ttEssence, ttTimerSingleShot, ttTonic
from tasktonic.events import CatalystBegan, CatalystEnded, Dropped, Ended
from tasktonic.stream import Level
from tests.helpers.apps import WAIT_S, reading, run_app
from tests.helpers.small_tonics import Ender


def test_app_with_a_catalyst_that_was_never_started_ends() -> None:
    def start() -> None:
        ttTonic(catalyst=ttCatalyst(dont_start_yet=True))
        Ender()

    assert run_app(start).ledger.essences == []


def test_context_of_a_catalyst_that_was_never_started_ends() -> None:
    class Child(ttTonic):
        def ttse__on_start(self) -> None:
            self.bind(ttCatalyst, dont_start_yet=True)
            ttTonic(catalyst=self.bind(ttCatalyst, dont_start_yet=True))
            self.finish()

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            self.bind(Child, name="child")

        def ttse__on_child_finished(self) -> None:
            self.finish()

    assert run_app(Main).ledger.essences == []


def test_catalyst_ends_with_its_context() -> None:
    threads: list[Any] = []

    class Child(ttTonic):
        def ttse__on_start(self) -> None:
            side = self.bind(ttCatalyst, name="side")
            ttTonic(name="on side", catalyst=side, context=-1)
            threads.append(side.driver.thread())
            self.finish()

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            self.bind(Child, name="child")

        def ttse__on_child_finished(self) -> None:
            threads[0].join(WAIT_S)
            threads.append(threads[0].is_alive())
            self.finish()

    run_app(Main)

    assert threads[1] is False


def test_catalyst_ends_when_its_last_tonic_has_ended() -> None:
    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            Ender(catalyst=self.bind(ttCatalyst, name="side"))

        def ttse__on_side_finished(self) -> None:
            self.finish()

    assert run_app(Main).ledger.essences == []


def test_catalyst_that_never_had_tonics_stays() -> None:
    stays: list[bool] = []

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            self.side = self.bind(ttCatalyst)
            self.bind(Ender, name="other")

        def ttse__on_other_finished(self) -> None:
            stays.append(self.side.id >= 0)
            self.finish()

    run_app(Main)

    assert stays == [True]


class Unborn(ttTonic):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        raise ValueError("not today")


def test_birth_that_fails_does_not_end_the_catalyst() -> None:
    seen: list[str] = []

    class Echo(ttTonic):
        def ttsc__answer(self, main: Any, word: str) -> None:
            main.ttse__on_answer(word)

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            self.side = self.bind(ttCatalyst)
            with pytest.raises(ValueError, match="not today"):
                Unborn(catalyst=self.side)
            self.echo = self.bind(Echo, name="echo", catalyst=self.side)
            self.echo.ttsc__answer(self, "first")

        def ttse__on_answer(self, word: str) -> None:
            seen.append(word)
            if word == "first":
                self.echo.ttsc__answer(self, "second")  # dropped if the catalyst has told its tonics to finish
            else:
                self.finish()

        def ttse__on_echo_finished(self) -> None:
            self.finish()

    run_app(Main)

    assert seen == ["first", "second"]


def test_birth_that_fails_on_the_main_catalyst_does_not_end_the_app() -> None:
    seen: list[str] = []

    class Desk(ttTonic):
        _tt_is_service = "desk"

        def ttsc__try(self, side: Any) -> None:
            with pytest.raises(ValueError, match="not today"):
                Unborn(context=-1)
            side.ttse__on_tried("first")
            self.ttsc__try_on(side)

        def ttsc__try_on(self, side: Any) -> None:
            side.ttse__on_tried("second")

    class Side(ttTonic):
        def ttse__on_start(self) -> None:
            self.desk.ttsc__try(self)

        def ttse__on_tried(self, word: str) -> None:
            seen.append(word)
            if word == "second":
                self.finish()

    def start() -> None:
        desk = Desk()
        side = Side(catalyst=ttCatalyst())
        side.desk = desk

    run_app(start)

    assert seen == ["first", "second"]


def test_catalyst_with_a_service_stays_when_its_tonics_have_ended() -> None:
    found: list[Any] = []

    class Desk(ttTonic):
        _tt_is_service = "desk"

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            self.side = ttCatalyst(context=-1)
            Desk(catalyst=self.side)
            self.bind(Ender, name="ender", catalyst=self.side)

        def ttse__on_ender_finished(self) -> None:
            found.append(self.side.id >= 0)
            found.append(self.ledger.get_service_essence("desk") is not None)
            self.finish()

    run_app(Main)

    assert found == [True, True]


def test_app_without_tonics_on_the_main_catalyst_lives_as_long_as_others() -> None:
    seen: list[str] = []

    class Side(ttTonic):
        def ttse__on_start(self) -> None:
            ttTimerSingleShot(0)

        def ttse__on_timer(self, info: Any) -> None:
            seen.append("side")
            self.finish()

    run_app(lambda: Side(catalyst=ttCatalyst()))

    assert seen == ["side"]


def test_when_the_tonics_of_the_main_catalyst_have_ended_the_others_are_finished() -> None:
    seen: list[str] = []

    class Side(ttTonic):
        def ttse__on_finished(self) -> None:
            seen.append(self.name)

    def start() -> None:
        side = ttCatalyst()
        for name in ("first", "second"):
            Side(name=name, catalyst=side)
        Ender()

    run_app(start)

    assert seen == ["second", "first"]


def test_catalyst_may_end_in_its_own_way_when_the_main_one_ends() -> None:
    seen: list[str] = []

    class Patient(ttCatalyst):
        def _ttss__main_catalyst_finished(self) -> None:
            seen.append("told")
            self.worker.ttsc__last()

        worker: Any

    class Worker(ttTonic):
        def ttsc__last(self) -> None:
            seen.append("last")
            self.finish()

    def start() -> None:
        side = Patient()
        side.worker = Worker(catalyst=side)
        Ender()

    run_app(start)

    assert seen == ["told", "last"]


def test_finishing_the_main_catalyst_ends_the_app() -> None:
    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            ttTonic(catalyst=ttCatalyst(context=-1), context=-1)
            self.catalyst.finish()

    assert run_app(Main).ledger.essences == []


def test_finishing_a_catalyst_finishes_its_tonics() -> None:
    seen: list[str] = []

    class Side(ttTonic):
        def ttse__on_finished(self) -> None:
            seen.append(threading.current_thread().name)

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            side = self.bind(ttCatalyst, name="side")
            Side(context=-1, catalyst=side)
            Side(catalyst=side).bind(Side)
            side.finish()

        def ttse__on_side_finished(self) -> None:
            self.finish()

    run_app(Main)

    assert seen == ["side"] * 3


def test_catalyst_leaves_after_all_its_tonics() -> None:
    with reading() as rows:

        class Main(ttTonic):
            def ttse__on_start(self) -> None:
                side = self.bind(ttCatalyst, name="side")
                ttTonic(context=-1, catalyst=side)
                ttTonic(catalyst=side)
                side.finish()

            def ttse__on_side_finished(self) -> None:
                self.finish()

        run_app(Main)

    ended = [row.essence for row in rows.of(Ended)]
    assert ended.index(2) > max(ended.index(3), ended.index(4))


def test_catalysts_tell_of_their_begin_and_end() -> None:
    with reading() as rows:
        run_app(lambda: Ender(catalyst=ttCatalyst(name="side")))

    began = {row.catalyst: (row.driver, row.thread) for row in rows.of(CatalystBegan)}
    assert began == {0: ("thread", threading.current_thread().name), 1: ("thread", "side")}
    assert sorted(row.catalyst for row in rows.of(CatalystEnded)) == [0, 1]


def test_order_for_a_catalyst_that_has_ended_is_told_as_dropped() -> None:
    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            self.side = self.bind(ttCatalyst, name="side")
            self.worker = ttTonic(context=-1, catalyst=self.side)
            self.side.finish()

        def ttse__on_side_finished(self) -> None:
            self.worker.ttse__on_start()
            self.finish()

    with reading(Level.FLOW) as rows:
        run_app(Main)

    assert "ended" in [row.reason for row in rows.of(Dropped)]


def test_init_of_a_catalyst_that_raises_leaves_nothing_behind() -> None:
    from tasktonic.levels import _all

    class Broken(ttCatalyst):
        def __init__(self) -> None:
            super().__init__()
            ttTonic(catalyst=self)
            ttEssence()
            raise LookupError("broken")

    found: list[Any] = []

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            with pytest.raises(LookupError):
                Broken()
            found.append([essence.id for essence in self.ledger.essences])
            found.append(len(_all))
            self.finish()

    run_app(Main)

    assert found == [[0, 1], 1]


def test_catalyst_is_forgotten_when_its_app_has_ended() -> None:
    from tasktonic.levels import _all

    run_app(lambda: Ender(catalyst=ttCatalyst()))

    assert _all == []
