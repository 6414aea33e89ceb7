"""Held catalysts run on: some orders, to a certain one, or through what comes of one; and nothing else moves."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from tasktonic import brake, held_queue, ttCatalyst, ttTimerSingleShot, ttTonic
from tasktonic.breaking import breaker
from tasktonic.errors import ttRunningError
from tasktonic.rules import Breakpoint, Term
from tasktonic.rules.breakpoint import SPARKLE, STATE
from tasktonic.stream import Level
from tasktonic.walking import BEFORE, BREAKPOINT, CASCADE, GONE, REACHED, RUN, STEPS, STOPPED, Outcome
from tests.helpers.apps import in_thread, reading, run_app, wait_for


class Stage(ttTonic):
    """Says what it does into a common list; one call leads to another, over two catalysts and a change of state."""

    done: list[str]
    other: Stage

    def ttsc__say(self, word: str) -> None:
        self.done.append(f"{self.name} {word}")

    def ttsc__begin(self) -> None:
        self.done.append(f"{self.name} begin")
        self.other.ttsc__say("first")
        self.other.ttsc__relay()
        self.ttsc__say("last")

    def ttsc__relay(self) -> None:
        self.done.append(f"{self.name} relay")
        self.to_state("busy")

    def ttse_busy__on_enter(self) -> None:
        self.other.ttsc__say("from a hook")

    def ttsc__raise(self) -> None:
        raise ValueError("on purpose")

    def ttsc__for_ever(self) -> None:
        self.ttsc__for_ever()

    def ttsc__finish_other(self) -> None:
        self.other.finish()
        self.other.ttsc__say("never")


class Play(ttTonic):
    """Two stages on two held catalysts; a thread works on them and lets go."""

    def __init__(self, work: Callable[[Play], object], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.work = work
        self.problem: BaseException | None = None
        self.done: list[str] = []

    def ttse__on_start(self) -> None:
        self.left, self.right = (
            Stage(name=name, context=-1, catalyst=ttCatalyst(name=f"{name} side", context=-1)) for name in ("a", "b")
        )
        for stage in (self.left, self.right):
            ttTonic(name=f"{stage.name} keeper", context=-1, catalyst=stage.catalyst)  # or a catalyst would end
        self.left.other, self.right.other = self.right, self.left
        self.left.done = self.right.done = self.done
        self.helper = in_thread(self.do_work)

    def do_work(self) -> None:
        try:
            for stage in (self.left, self.right):
                self.in_catalyst(stage, lambda: None)
                brake.hold(stage.catalyst.id)
                self.in_catalyst(stage, lambda: None)
            self.work(self)
        except BaseException as problem:
            self.problem = problem
        finally:
            brake.release()
            self.finish()

    def in_catalyst(self, stage: Stage, act: Callable[[], Any]) -> Any:
        results: list[Any] = []
        done = threading.Event()

        def errand() -> None:
            results.append(act())
            done.set()

        brake.at_boundary(stage.catalyst.id, errand)
        wait_for(done)
        return results[0]

    def numbers(self, stage: Stage) -> list[int]:
        """The numbers of the orders that wait."""
        orders, _ = self.in_catalyst(stage, lambda: held_queue.look(stage.catalyst))
        return [order.number for order in orders if not order.sparkle.is_system]

    def walk(self, until: str, *orders: int, **more: Any) -> Outcome:
        """Walk, and wait for the end."""
        outcomes: list[Outcome] = []
        ended = threading.Event()
        brake.walk(until, lambda outcome: (outcomes.append(outcome), ended.set()), orders, **more)
        wait_for(ended)
        self.rest()
        assert len(outcomes) == 1
        return outcomes[0]

    def rest(self) -> None:
        """Wait until both catalysts have run what they may."""
        for stage in (self.left, self.right) * 2:
            self.in_catalyst(stage, lambda: None)


def play(work: Callable[[Play], object]) -> Play:
    made: list[Play] = []
    run_app(lambda: made.append(Play(work)))
    made[0].helper.join()
    if made[0].problem is not None:
        raise made[0].problem
    return made[0]


def seen_after(work: Callable[[Play], object]) -> list[str]:
    """What was done while all was held."""
    seen: list[str] = []

    def work_and_look(it: Play) -> None:
        work(it)
        seen.extend(it.done)

    play(work_and_look)
    return seen


@pytest.mark.parametrize("level", [None, Level.RUNS, Level.FLOW])
def test_steps_run_so_many_orders_and_tell_the_last_one(level: Level | None) -> None:
    outcomes: list[Any] = []

    def work(it: Play) -> None:
        for word in ("one", "two", "three"):
            it.left.ttsc__say(word)
        numbers = it.numbers(it.left)
        outcomes.append(it.walk(STEPS, catalyst_id=it.left.catalyst.id, count=2))
        outcomes.append(Outcome(REACHED, numbers[1]))

    if level is None:
        assert seen_after(work) == ["a one", "a two"]
    else:
        with reading(level):
            assert seen_after(work) == ["a one", "a two"]
    assert outcomes[0] == outcomes[1]


def test_orders_of_the_framework_are_no_steps() -> None:
    def work(it: Play) -> None:
        it.left.to_state("busy")  # from another thread: an order of the framework's own
        it.left.ttsc__say("one")
        it.left.ttsc__say("two")
        it.walk(STEPS, catalyst_id=it.left.catalyst.id)

    assert seen_after(work) == ["a one"]


def test_it_stops_before_an_order() -> None:
    def work(it: Play) -> None:
        for word in ("one", "two", "three"):
            it.left.ttsc__say(word)
        it.right.ttsc__say("not me")
        wanted = it.numbers(it.left)[2]
        assert it.walk(BEFORE, wanted) == Outcome(REACHED, wanted)
        assert it.numbers(it.left) == [wanted]

    assert seen_after(work) == ["a one", "a two"]


def test_it_stops_after_an_order() -> None:
    def work(it: Play) -> None:
        for word in ("one", "two", "three"):
            it.left.ttsc__say(word)
        it.right.ttsc__say("not me")
        wanted = it.numbers(it.left)[1]
        assert it.walk(RUN, wanted) == Outcome(REACHED, wanted)

    assert seen_after(work) == ["a one", "a two"]


def test_of_several_orders_the_first_to_run_stops_it() -> None:
    def work(it: Play) -> None:
        for word in ("one", "two", "three"):
            it.left.ttsc__say(word)
        numbers = it.numbers(it.left)
        assert it.walk(RUN, numbers[2], numbers[0]) == Outcome(REACHED, numbers[0])

    assert seen_after(work) == ["a one"]


def test_a_cascade_runs_through_all_catalysts_and_hooks_and_nothing_else_does() -> None:
    def work(it: Play) -> None:
        it.left.ttsc__begin()
        it.left.ttsc__say("not part of it")
        it.left.ttsc__say("nor this")
        it.right.ttsc__say("before")
        assert it.walk(CASCADE, it.numbers(it.left)[0]).how == REACHED
        assert it.numbers(it.left) == []  # "from a hook" came last, and what stood before it has run

    done = seen_after(work)

    assert set(done) == {
        "a begin", "b before", "b first", "b relay", "a last", "a from a hook", "a not part of it", "a nor this",
    }  # fmt: skip
    assert done.index("b first") < done.index("b relay") < done.index("a from a hook")


def test_what_stands_behind_a_cascade_waits() -> None:
    def work(it: Play) -> None:
        it.left.ttsc__relay()
        it.right.ttsc__say("ahead")
        number = it.numbers(it.left)[0]
        it.left.ttsc__say("behind")
        assert it.walk(CASCADE, number).how == REACHED
        it.right.ttsc__say("later")
        it.rest()
        assert len(it.numbers(it.left)) == 1

    assert seen_after(work) == ["a relay", "b ahead", "b from a hook"]


def test_a_cascade_that_drops_what_it_calls_ends() -> None:
    def work(it: Play) -> None:
        it.left.ttsc__finish_other()
        assert it.walk(CASCADE, it.numbers(it.left)[0]).how == REACHED

    assert seen_after(work) == []


def test_a_cascade_that_raises_ends() -> None:
    def work(it: Play) -> None:
        it.left.ttsc__raise()
        it.left.ttsc__say("behind")
        assert it.walk(CASCADE, it.numbers(it.left)[0]).how == REACHED

    assert seen_after(work) == []


def test_an_order_that_waits_no_longer_is_said_to_be_gone() -> None:
    def work(it: Play) -> None:
        it.left.ttsc__say("one")
        number = it.numbers(it.left)[0]
        it.walk(RUN, number)
        for until in (BEFORE, RUN, CASCADE):
            assert it.walk(until, number) == Outcome(GONE, 0)

    assert seen_after(work) == ["a one"]


@pytest.mark.parametrize("stop", [brake.hold, brake.release, brake.step])
def test_a_walk_that_never_ends_is_stopped(stop: Callable[[int], object]) -> None:
    def work(it: Play) -> None:
        it.left.ttsc__for_ever()
        outcomes: list[Outcome] = []
        ended = threading.Event()
        number = it.numbers(it.left)[0]
        brake.walk(CASCADE, lambda outcome: (outcomes.append(outcome), ended.set()), [number])
        it.in_catalyst(it.left, lambda: None)

        stop(it.left.catalyst.id)

        wait_for(ended)
        assert outcomes == [Outcome(STOPPED, 0)]
        it.left.finish()

    play(work)


def test_a_walk_begun_anew_ends_the_one_before() -> None:
    def work(it: Play) -> None:
        it.left.ttsc__say("one")
        outcomes: list[Outcome] = []
        ended = threading.Event()
        brake.walk(STEPS, lambda outcome: (outcomes.append(outcome), ended.set()), (), it.left.catalyst.id, 5)
        it.rest()
        it.left.ttsc__say("two")
        it.rest()
        it.right.ttsc__say("three")
        it.walk(RUN, *it.numbers(it.right))
        wait_for(ended)
        assert outcomes == [Outcome(STOPPED, 0)]

    assert seen_after(work) == ["a one", "a two", "b three"]


def test_a_walk_that_is_over_already_ends_the_one_before_as_well() -> None:
    def work(it: Play) -> None:
        first: list[Outcome] = []
        second: list[Outcome] = []
        first_ended, second_ended = threading.Event(), threading.Event()
        brake.walk(STEPS, lambda outcome: (first.append(outcome), first_ended.set()), (), it.left.catalyst.id, 5)
        it.rest()
        it.right.ttsc__say("three")
        orders = it.numbers(it.right)
        it.left.catalyst.at_boundary(lambda: wait_for(second_ended))  # so it hears of the second when that is over
        brake.walk(RUN, lambda outcome: (second.append(outcome), second_ended.set()), orders)
        wait_for(first_ended)
        assert (first, second) == ([Outcome(STOPPED, 0)], [Outcome(REACHED, orders[0])])

    assert seen_after(work) == ["b three"]


def test_no_timer_fires_during_a_walk() -> None:
    def work(it: Play) -> None:
        it.in_catalyst(
            it.left, lambda: ttTimerSingleShot(0, context=it.left, sparkle_back=lambda info: it.done.append("timer"))
        )
        for _ in range(50):
            it.left.ttsc__say("x")
        assert it.walk(RUN, it.numbers(it.left)[-1]).how == REACHED

    assert seen_after(work) == ["a x"] * 50


def test_nothing_walks_where_nothing_is_held() -> None:
    def work(it: Play) -> None:
        brake.release(it.left.catalyst.id)
        it.rest()
        with pytest.raises(ttRunningError, match=r"^Nothing is held: hold first, then step\.$"):
            brake.walk(STEPS, print, (), it.left.catalyst.id)

    play(work)


def with_breakpoint(term: Term, work: Callable[[Play], object]) -> list[str]:
    """What was done while all was held and this breakpoint was set."""

    def work_and_clear(it: Play) -> None:
        breaker.put("walk", [Breakpoint(1, (term,))])
        try:
            work(it)
        finally:
            breaker.clear("walk")

    return seen_after(work_and_clear)


def test_a_breakpoint_ends_a_walk_before_it_is_there() -> None:
    def work(it: Play) -> None:
        it.left.ttsc__relay()
        it.left.ttsc__say("one")
        it.left.ttsc__relay()
        assert it.walk(RUN, it.numbers(it.left)[2]).how == BREAKPOINT

    assert with_breakpoint(Term(SPARKLE, "ttsc__say"), work) == ["a relay"]


def test_a_step_runs_the_order_at_a_breakpoint() -> None:
    def work(it: Play) -> None:
        it.left.ttsc__say("one")
        it.left.ttsc__say("two")
        number = it.numbers(it.left)[0]
        assert it.walk(STEPS, catalyst_id=it.left.catalyst.id) == Outcome(REACHED, number)

    assert with_breakpoint(Term(SPARKLE, "ttsc__say"), work) == ["a one"]


def test_a_step_onto_which_a_breakpoint_follows_is_told_as_reached() -> None:
    def work(it: Play) -> None:
        it.left.ttsc__relay()
        it.left.ttsc__say("later")
        number = it.numbers(it.left)[0]
        assert it.walk(STEPS, catalyst_id=it.left.catalyst.id) == Outcome(REACHED, number)

    assert with_breakpoint(Term(STATE, "busy", way="entered"), work) == ["a relay"]
