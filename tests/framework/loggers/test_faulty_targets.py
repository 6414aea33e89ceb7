"""Log targets that raise: they are told of once, closed once, and harm nobody."""

from __future__ import annotations

import re
import sys

import pytest

from tasktonic import ttLogService, ttTonic
from tasktonic.loggers import LogRecord
from tasktonic.stream import Level, stream
from tests.framework.loggers.speaker import Speaker
from tests.helpers.logged_apps import run_logged


class Faulty(ttLogService):
    """Raises at what is said, or where it is told to."""

    def __init__(self, where: str = "write", error: BaseException | None = None) -> None:
        super().__init__()
        self.where = where
        self.error = error or LookupError("cannot write")
        self.writes = 0
        self.closes = 0

    def write(self, record: LogRecord) -> None:
        self.writes += 1
        if self.where == "write" and record.event == "said":
            raise self.error

    def flush(self) -> None:
        if self.where == "flush":
            raise self.error

    def close(self) -> None:
        self.closes += 1
        if self.where == "close":
            raise self.error


class Stubborn(ttTonic):
    """Says much, then raises, then says more."""

    def ttse__on_start(self) -> None:
        for _ in range(100):
            self.log("hello")
        self.ttsc__fail()
        self.ttsc__end()

    def ttsc__fail(self) -> None:
        raise ZeroDivisionError("by nought")

    def ttsc__end(self) -> None:
        self.log("done")
        self.finish()


@pytest.mark.parametrize("where", ["write", "flush"])
def test_target_that_raises_is_told_once_in_a_sentence(where: str, capsys: pytest.CaptureFixture[str]) -> None:
    formula = run_logged(Stubborn, Faulty(where), to="kept")

    err = capsys.readouterr().err
    first, *rest = err.splitlines()
    assert re.fullmatch(
        r"tasktonic: the log target kept failed: LookupError: cannot write \(.*test_faulty_targets\.py, line \d+\)\. "
        r"It writes no more; the app goes on\.",
        first,
    )
    assert "tasktonic:" not in "".join(rest)
    assert formula.ledger.essences == []


def test_target_that_raised_is_closed_once() -> None:
    faulty = Faulty()

    run_logged(Stubborn, faulty)

    assert faulty.closes == 1


def test_target_that_exits_is_told_too(capsys: pytest.CaptureFixture[str]) -> None:
    run_logged(Stubborn, Faulty(error=SystemExit("enough")))

    assert "the log target kept failed: SystemExit: enough" in capsys.readouterr().err


def test_target_whose_error_cannot_be_shown_is_told_too(capsys: pytest.CaptureFixture[str]) -> None:
    class Unspeakable(Exception):
        def __str__(self) -> str:
            raise LookupError

    run_logged(Stubborn, Faulty(error=Unspeakable()))

    err = capsys.readouterr().err
    assert err.startswith("tasktonic: the log target kept failed: Unspeakable: <its __str__ raised LookupError> (")
    assert "ZeroDivisionError: by nought" in err


def test_target_that_raises_when_it_is_closed_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    run_logged(Speaker, Faulty("close"))

    assert re.fullmatch(
        r"tasktonic: closing the log target kept failed: LookupError: cannot write \(.*\)\.\n", capsys.readouterr().err
    )


@pytest.mark.parametrize("where", ["write", "flush"])
def test_errors_reach_stderr_when_the_only_target_has_failed(where: str, capsys: pytest.CaptureFixture[str]) -> None:
    run_logged(lambda: Stubborn(name="stubborn"), Faulty(where))

    err = capsys.readouterr().err
    assert err.count("stubborn.ttsc__fail raised:\n") == 1
    assert "ZeroDivisionError: by nought" in err


def test_error_that_a_target_fails_to_write_reaches_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    class FailsAtErrors(ttLogService):
        def write(self, record: LogRecord) -> None:
            if record.event == "raised":
                raise OSError("too long")

    run_logged(lambda: Stubborn(name="stubborn"), FailsAtErrors())

    err = capsys.readouterr().err
    assert err.startswith(
        "tasktonic: the log target kept failed: OSError: too long. It writes no more; the app goes on.\n"
    )
    assert err.count("stubborn.ttsc__fail raised:\n") == 1


def test_other_targets_go_on_when_one_has_failed(capsys: pytest.CaptureFixture[str]) -> None:
    run_logged(lambda: Stubborn(name="stubborn"), Faulty(), to="kept, screen")

    out, err = capsys.readouterr()
    assert "done" in out
    assert "stubborn.ttsc__fail raised" not in err
    assert "ttsc__fail raised ZeroDivisionError: by nought" in out


def test_failed_target_wants_no_runs() -> None:
    faulty = Faulty()
    levels: list[Level] = []

    class Full(ttTonic):
        def ttse__on_start(self) -> None:
            self.set_log_mode("full")
            self.log("hello")
            self.ttsc__look()

        def ttsc__look(self) -> None:
            if faulty.closes == 0:
                self.ttsc__look()
                return
            self.set_log_mode("full")
            levels.append(stream.level)
            self.finish()

    run_logged(Full, faulty)

    assert levels == [Level.FACTS]


def test_stderr_that_is_gone_harms_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)

    formula = run_logged(Stubborn, Faulty())

    assert formula.ledger.essences == []
