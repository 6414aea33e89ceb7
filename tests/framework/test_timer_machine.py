"""Any order at any moment: timers against a plain model, with a clock that the test moves."""

from __future__ import annotations

from typing import Any

import hypothesis
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tasktonic import ttTimerPausing, ttTimerRepeat, ttTimerSingleShot, ttTonic
from tests.helpers.apps import in_thread, run_app
from tests.helpers.movable_clock import SECOND_NS, MovableClock, movable_clock

ORDERS = ["start", "stop", "restart", "pause", "resume", "change_period", "finish"]
orders = st.tuples(st.sampled_from(ORDERS), st.integers(1, 20))
"""What can be asked of a timer, and with which period in seconds when one is asked for."""


class Model:
    """What a timer should do, written down without queues, heaps and threads. Times in seconds."""

    def __init__(self, kind: type, period: int, now: int) -> None:
        self.kind, self.period = kind, period
        self.due: int | None = now + period
        self.left: int | None = None
        self.fired: list[int] = []
        self.has_finished = False

    def order(self, order: str, period: int, now: int) -> None:
        if self.has_finished:
            return
        is_running = self.due is not None
        if order == "finish":
            self.has_finished, self.due, self.left = True, None, None
        elif order == "restart" or (order == "start" and not is_running):
            self.due, self.left = now + self.period, None
        elif order == "stop":
            self.due = self.left = None
        elif order == "pause" and self.due is not None:
            self.left, self.due = max(0, self.due - now), None
        elif order == "resume" and self.left is not None:
            self.due, self.left = now + self.left, None
        elif order == "change_period":
            whole, self.period = self.period, period
            if is_running:
                self.due = now + period
            elif self.left == whole:
                self.left = period

    def fire(self, now: int, answer: tuple[str, int] | None) -> None:
        """It is due; ``answer`` is what its callback asks of it."""
        assert self.due is not None
        due, self.due = self.due, None
        self.fired.append(now)
        if self.kind is ttTimerRepeat:
            self.due = due + ((now - due) // self.period + 1) * self.period
        elif self.kind is ttTimerPausing:
            self.left = self.period
        if answer is not None:
            self.order(*answer, now)
        if self.kind is ttTimerSingleShot:
            self.order("finish", 0, now)


def machine_for(tonic: Any, clock: MovableClock) -> type[RuleBasedStateMachine]:
    """The machine, for timers of this tonic. It runs inside a sparkle of it, so the thread is the catalyst's."""
    catalyst = tonic.catalyst

    class TimerMachine(RuleBasedStateMachine):
        @initialize(
            kind=st.sampled_from([ttTimerSingleShot, ttTimerRepeat, ttTimerPausing]),
            period=st.integers(1, 20),
            at_birth=st.lists(orders.filter(lambda order: order[0] != "finish"), max_size=3),
        )
        def make(self, kind: Any, period: int, at_birth: list[tuple[str, int]]) -> None:
            self.began = clock.now
            self.answer: tuple[str, int] | None = None
            self.fired: list[int] = []
            machine = self

            class Timer(kind):  # type: ignore[misc, valid-type]
                def __init__(self) -> None:
                    super().__init__(period, sparkle_back=machine.call_back)
                    for order in at_birth:
                        machine.give(order, self)

            self.timer: Any = Timer()
            self.model = Model(kind, period, 0)
            for order in at_birth:
                self.model.order(*order, 0)

        @property
        def now(self) -> int:
            return (clock.now - self.began) // SECOND_NS

        def give(self, order: tuple[str, int], timer: Any) -> None:
            name, period = order
            if name == "finish":
                timer.finish()
            else:
                assert getattr(timer, name)(*([period] if name == "change_period" else [])) is timer

        def call_back(self, info: Any) -> None:
            assert info == {"id": self.timer.id, "name": self.timer.name}
            self.fired.append(self.now)
            if self.answer is not None:
                self.give(self.answer, self.timer)

        @rule(order=orders)
        def ask(self, order: tuple[str, int]) -> None:
            self.give(order, self.timer)
            self.model.order(*order, self.now)

        @rule(order=orders.filter(lambda order: order[0] != "finish"))
        def ask_from_another_thread(self, order: tuple[str, int]) -> None:
            in_thread(lambda: self.give(order, self.timer)).join()
            while catalyst.errands:
                catalyst.errands.popleft()()
            self.model.order(*order, self.now)

        @rule(answer=st.none() | orders)
        def from_now_on_its_callback_answers(self, answer: tuple[str, int] | None) -> None:
            self.answer = answer

        @rule(seconds=st.integers(1, 50))
        def time_goes_by(self, seconds: int) -> None:
            until = self.now + seconds
            clock.pass_s(catalyst, seconds)
            while self.model.due is not None and self.model.due <= until:
                self.model.fire(self.model.due, self.answer)

        @rule(seconds=st.integers(1, 200))
        def catalyst_stalls(self, seconds: int) -> None:
            clock.move(seconds * SECOND_NS)
            clock.fire_due(catalyst)
            if self.model.due is not None and self.model.due <= self.now:
                self.model.fire(self.now, self.answer)

        @precondition(lambda self: not self.model.has_finished)
        @rule()
        def it_tells_what_it_is_now(self) -> None:
            assert self.timer.id in tonic.bindings

        @invariant()
        def is_as_the_model_says(self) -> None:
            if not hasattr(self, "model"):
                return
            model, timer = self.model, self.timer
            assert self.fired == model.fired
            assert timer.is_running == (model.due is not None)
            assert (timer.id == -1) == model.has_finished
            assert len(catalyst.timers) == (0 if model.due is None else 1)
            if model.due is not None:
                assert catalyst.timers.next_due_ns() == self.began + model.due * SECOND_NS
            if not model.has_finished:
                assert timer._remaining_ns == (None if model.left is None else model.left * SECOND_NS)

        def teardown(self) -> None:
            if hasattr(self, "timer"):
                self.timer.finish()
            assert len(catalyst.timers) == 0

    return TimerMachine


def test_timers_do_what_the_model_does_whatever_is_asked_of_them() -> None:
    problems: list[BaseException] = []

    class Waiter(ttTonic):
        def ttse__on_start(self) -> None:
            try:
                with movable_clock() as clock:
                    run_state_machine_as_test(
                        machine_for(self, clock), settings=hypothesis.settings(max_examples=150, stateful_step_count=30)
                    )
            except BaseException as problem:
                problems.append(problem)
            self.finish()

    run_app(Waiter)

    for problem in problems:
        raise problem
