from __future__ import annotations

import asyncio
import sys
from typing import Any

import pytest

from tasktonic import ttCatalyst, ttTimerSingleShot, ttTonic
from tasktonic.events import Raised
from tests.helpers.apps import reading, run_app


class Failing(ttTonic):
    """Raises what it is given when it is pushed, and finishes with the next sparkle."""

    def __init__(self, error: BaseException, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.error = error

    def ttse__on_start(self) -> None:
        self.ttsc__push(1, "two")
        self.ttsc__end()

    def ttsc__push(self, number: int, text: str) -> None:
        raise self.error

    def ttsc__end(self) -> None:
        self.finish()


class Taking(Failing):
    taken: list[Any]

    def ttse__on_error(self, error: Any) -> None:
        type(self).taken.append(error)

    def ttsc__end(self) -> None:
        self.ttsc__really_end()

    def ttsc__really_end(self) -> None:
        self.finish()


@pytest.fixture
def taken() -> list[Any]:
    Taking.taken = []
    return Taking.taken


@pytest.mark.parametrize(
    "error",
    [LookupError("x"), SystemExit(3), GeneratorExit(), asyncio.CancelledError(), RecursionError(), MemoryError()],
)
def test_sparkle_that_raises_does_not_stop_its_catalyst(error: BaseException, taken: list[Any]) -> None:
    run_app(lambda: Taking(error))

    assert [failure.exception for failure in taken] == [error]


def test_sys_exit_in_a_sparkle_is_an_error_like_others(taken: list[Any]) -> None:
    class Leaving(Taking):
        def ttsc__push(self, number: int, text: str) -> None:
            sys.exit("bye")

    Leaving.taken = taken
    run_app(lambda: Leaving(LookupError()))

    assert isinstance(taken[0].exception, SystemExit)


def test_error_goes_to_stderr_when_nothing_logs(capsys: pytest.CaptureFixture[str]) -> None:
    run_app(lambda: Failing(LookupError("not there"), name="pump"))

    said = capsys.readouterr().err
    assert "pump.ttsc__push(1, 'two') in state -- raised, asked for by pump.ttse__on_start:" in said
    assert "LookupError: not there" in said


@pytest.mark.parametrize("mode", ["stealth", "off", "quiet", "full"])
def test_error_is_said_in_every_log_mode(mode: str, capsys: pytest.CaptureFixture[str]) -> None:
    run_app(lambda: Failing(LookupError("not there"), log_mode=mode))

    assert "LookupError: not there" in capsys.readouterr().err


@pytest.mark.parametrize("mode", ["stealth", "off", "quiet", "full"])
def test_error_goes_to_the_log_target_in_every_log_mode(mode: str, capsys: pytest.CaptureFixture[str]) -> None:
    run_app(
        lambda: Failing(LookupError("not there"), name="pump", log_mode=mode), settings={"tasktonic/log/to": "screen"}
    )

    said = capsys.readouterr()
    assert "ttsc__push raised LookupError: not there" in said.out
    assert said.err == ""


def test_traceback_begins_in_the_code_of_the_user(taken: list[Any]) -> None:
    run_app(lambda: Taking(LookupError("x")))

    text = taken[0].traceback
    assert "test_failures.py" in text
    assert "catalyst.py" not in text


def test_error_says_everything_about_the_sparkle(taken: list[Any]) -> None:
    run_app(lambda: Taking(LookupError("x"), name="pump"))

    failure = taken[0]
    assert (failure.tonic_id, failure.tonic_name, failure.sparkle, failure.state) == (1, "pump", "ttsc__push", "--")
    assert failure.arguments == "1, 'two'"
    assert failure.source == "pump.ttse__on_start"
    assert str(failure) == "pump.ttsc__push(1, 'two') in state -- raised, asked for by pump.ttse__on_start"


def test_error_is_told_in_the_stream_with_who_takes_it(taken: list[Any]) -> None:
    with reading() as rows:
        run_app(lambda: Taking(LookupError("x")))

    (raised,) = rows.of(Raised)
    assert (raised.essence, raised.sparkle, raised.type, raised.text, raised.taken_by) == (
        1, "ttsc__push", "LookupError", "x", 1,
    )  # fmt: skip


def test_on_error_is_queued(taken: list[Any]) -> None:
    order: list[str] = []

    class Ordering(Taking):
        def ttse__on_error(self, error: Any) -> None:
            order.append("error")

        def ttsc__end(self) -> None:
            order.append("end")
            super().ttsc__end()

    run_app(lambda: Ordering(LookupError()))

    assert order == ["end", "error"]


class Parent(ttTonic):
    def __init__(self, taken: list[Any], child: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.taken, self.child = taken, child

    def ttse__on_start(self) -> None:
        self.child()

    def ttse__on_error(self, error: Any) -> None:
        self.taken.append((self.name, error.tonic_name, str(error.exception)))
        self.finish()


def test_error_goes_to_the_nearest_context_that_takes_it() -> None:
    taken: list[Any] = []

    class Between(ttTonic):
        def ttse__on_start(self) -> None:
            Failing(LookupError("x"), name="child")

    run_app(lambda: Parent(taken, Between, name="parent"))

    assert taken == [("parent", "child", "x")]


def test_context_takes_an_error_from_another_catalyst() -> None:
    taken: list[Any] = []

    run_app(
        lambda: Parent(
            taken, lambda: Failing(LookupError("x"), name="child", catalyst=ttCatalyst(context=-1)), name="parent"
        )
    )

    assert taken == [("parent", "child", "x")]


def test_error_inside_on_error_goes_to_the_next_context() -> None:
    taken: list[Any] = []

    class Worse(Failing):
        def ttse__on_error(self, error: Any) -> None:
            raise ValueError("worse")

    run_app(lambda: Parent(taken, lambda: Worse(LookupError("x"), name="child").ttsc__push(1, ""), name="parent"))

    assert taken[0] == ("parent", "child", "worse")


def test_error_inside_the_last_on_error_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    class Worse(Taking):
        def ttse__on_error(self, error: Any) -> None:
            raise ValueError("worse")

    run_app(lambda: Worse(LookupError("x")))

    assert "ValueError: worse" in capsys.readouterr().err


def test_context_that_is_finishing_takes_no_errors(capsys: pytest.CaptureFixture[str]) -> None:
    taken: list[Any] = []

    class Child(ttTonic):
        def ttse__on_start(self) -> None:
            assert isinstance(self.context, Parent)
            self.context.finish()
            raise LookupError("late")

    with reading() as rows:
        run_app(lambda: Parent(taken, Child))

    assert taken == []
    assert [row.taken_by for row in rows.of(Raised)] == [-1]
    assert "late" in capsys.readouterr().err


def test_on_error_without_a_handler_in_the_state_does_not_take_it() -> None:
    taken: list[Any] = []

    class OnlyOpen(Failing):
        def ttse_open__on_error(self, error: Any) -> None:
            taken.append("open")

    run_app(lambda: Parent(taken, lambda: OnlyOpen(LookupError("x"), name="child"), name="parent"))

    assert taken == [("parent", "child", "x")]


@pytest.mark.parametrize("hook", ["ttse__on_start", "ttse__on_finished"])
def test_error_in_a_hook_is_taken_by_the_context(hook: str) -> None:
    taken: list[Any] = []

    def fail(self: Any) -> None:
        raise LookupError(hook)

    methods = {"ttse__on_start": lambda self: self.finish(), hook: fail}
    child: Any = type(ttTonic)("Child", (ttTonic,), methods)

    run_app(lambda: Parent(taken, lambda: child(name="child"), name="parent"))

    assert taken == [("parent", "child", hook)]


def test_error_in_on_finished_does_not_stop_the_ending(capsys: pytest.CaptureFixture[str]) -> None:
    class Bad(ttTonic):
        def ttse__on_start(self) -> None:
            self.finish()

        def ttse__on_finished(self) -> None:
            raise LookupError("x")

    formula = run_app(Bad)

    assert formula.ledger.essences == []
    assert "LookupError: x" in capsys.readouterr().err


def test_error_of_an_init_inside_a_sparkle_is_an_error_of_that_sparkle(taken: list[Any]) -> None:
    class Broken(ttTonic):
        def __init__(self) -> None:
            super().__init__()
            raise LookupError("no child")

    class Maker(Taking):
        def ttsc__push(self, number: int, text: str) -> None:
            Broken()

    run_app(lambda: Maker(LookupError()))

    assert [(failure.sparkle, str(failure.exception)) for failure in taken] == [("ttsc__push", "no child")]


def test_error_in_a_plain_timer_callback_goes_to_the_tonic(taken: list[Any]) -> None:
    class Waiting(Taking):
        def ttse__on_start(self) -> None:
            ttTimerSingleShot(0, name="pulse", sparkle_back=self.plain)

        def plain(self, info: Any) -> None:
            raise LookupError("plain")

        def ttse__on_error(self, error: Any) -> None:
            super().ttse__on_error(error)
            self.finish()

    run_app(lambda: Waiting(LookupError()))

    assert [(failure.tonic_name, str(failure.exception)) for failure in taken] == [("pulse", "plain")]


# -- policies -----------------------------------------------------------------------------------------------------------


def test_policy_continue_runs_on() -> None:
    formula = run_app(lambda: Failing(LookupError("x")), settings={"tasktonic/error/policy": "continue"})

    assert formula.ledger.essences == []


def test_policy_finish_finishes_the_tonic(capsys: pytest.CaptureFixture[str]) -> None:
    class Staying(Failing):
        def ttsc__end(self) -> None: ...

    formula = run_app(lambda: Staying(LookupError("x")), settings={"tasktonic/error/policy": "finish"})

    assert formula.ledger.essences == []


def test_policy_stop_raises_the_error_from_the_formula() -> None:
    error = LookupError("stop here")

    class Staying(Failing):
        def ttsc__end(self) -> None: ...

    with pytest.raises(LookupError) as caught:
        run_app(lambda: Staying(error), settings={"tasktonic/error/policy": "stop"})

    assert caught.value is error


def test_policy_stop_works_from_another_catalyst() -> None:
    class Staying(Failing):
        def ttsc__end(self) -> None: ...

    with pytest.raises(LookupError):
        run_app(
            lambda: Staying(LookupError("x"), catalyst=ttCatalyst(name="side")),
            settings={"tasktonic/error/policy": "stop"},
        )


def test_policy_does_not_matter_when_someone_takes_the_error(taken: list[Any]) -> None:
    run_app(lambda: Taking(LookupError("x")), settings={"tasktonic/error/policy": "stop"})

    assert len(taken) == 1


def test_unknown_policy_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="no such policy; there are continue, finish, stop"):
        run_app(lambda: Failing(LookupError()), settings={"tasktonic/error/policy": "halt"})
