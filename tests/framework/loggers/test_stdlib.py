"""The standard library's logging as a target."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tasktonic import ttTonic
from tests.helpers.apps import run_app
from tests.helpers.logged_apps import run_program


class Speaker(ttTonic):
    def ttse__on_start(self) -> None:
        self.log("100 % hello")
        self.finish()


class Failing(ttTonic):
    def ttse__on_start(self) -> None:
        self.finish()
        raise LookupError("lost")


class Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []
        self.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    @property
    def lines(self) -> list[str]:
        return [self.format(record) for record in self.records]


@pytest.fixture
def kept() -> Iterator[Kept]:
    """A handler of the root logger that lets everything through."""
    root, handler = logging.getLogger(), Kept()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield handler
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def made_by_the_program() -> Iterator[list[str]]:
    """Names of loggers that a test makes; taken out of the library afterwards."""
    before = set(logging.Logger.manager.loggerDict)
    yield []
    for name in set(logging.Logger.manager.loggerDict) - before:
        del logging.Logger.manager.loggerDict[name]


def run_to_logging(start: Any, default: str = "quiet") -> None:
    run_app(start, settings={"tasktonic/log/to": "logging", "tasktonic/log/default": default})


def test_each_tonic_logs_under_its_name(kept: Kept) -> None:
    run_to_logging(lambda: Speaker(name="speaker"))

    assert kept.lines == [
        "INFO tasktonic.main_catalyst created",
        "INFO tasktonic.speaker created",
        "INFO tasktonic.speaker 100 % hello",
        "INFO tasktonic.speaker finished",
        "INFO tasktonic.main_catalyst finished",
    ]


def test_sparkles_have_the_level_debug(kept: Kept) -> None:
    run_to_logging(lambda: Speaker(name="speaker"), default="full")

    assert "DEBUG tasktonic.speaker ttse__on_start" in kept.lines


def test_errors_have_the_level_error(kept: Kept, caplog: pytest.LogCaptureFixture) -> None:
    run_to_logging(lambda: Failing(name="failing"))

    error = next(record for record in kept.records if record.levelno == logging.ERROR)
    first, *others = kept.format(error).splitlines()
    assert first == "ERROR tasktonic.failing ttse__on_start raised LookupError: lost"
    assert others[0] == "Traceback (most recent call last):"
    assert others[-1] == "LookupError: lost"


def test_record_has_fields_of_its_own(kept: Kept) -> None:
    class Door(ttTonic):
        def ttse__on_start(self) -> None:
            self.to_state("open")
            self.finish()

        def ttse_open__on_exit(self) -> None: ...

    run_to_logging(lambda: Door(name="door"), default="full")

    record: Any = next(r for r in kept.records if r.name == "tasktonic.door" and r.funcName == "ttse__on_start")
    assert (record.tonic, record.event, record.sparkle, record.state_before, record.state_after) == (
        "door",
        "ran",
        "ttse__on_start",
        "--",
        "open",
    )
    assert record.tonic_id > 0


def test_record_has_the_time_when_it_happened(kept: Kept) -> None:
    before = time.time()

    run_to_logging(Speaker)

    assert all(before - 1 <= record.created <= time.time() + 1 for record in kept.records)
    assert all(0 <= record.msecs < 1000 for record in kept.records)


def test_level_of_a_logger_that_the_program_made_holds(kept: Kept, made_by_the_program: list[str]) -> None:
    logging.getLogger("tasktonic.speaker").setLevel(logging.WARNING)

    run_to_logging(lambda: Speaker(name="speaker"))

    assert not any("speaker" in line for line in kept.lines)
    assert any("main_catalyst" in line for line in kept.lines)


def test_filter_of_a_logger_that_the_program_made_holds(kept: Kept, made_by_the_program: list[str]) -> None:
    logging.getLogger("tasktonic.speaker").addFilter(lambda record: "hello" in record.getMessage())

    run_to_logging(lambda: Speaker(name="speaker"))

    assert [line for line in kept.lines if "speaker" in line] == ["INFO tasktonic.speaker 100 % hello"]


def test_level_of_the_logger_above_holds(kept: Kept, made_by_the_program: list[str]) -> None:
    logging.getLogger("tasktonic").setLevel(logging.WARNING)

    run_to_logging(Speaker)

    assert kept.lines == []


def test_handler_of_the_logger_above_gets_all(made_by_the_program: list[str]) -> None:
    handler = Kept()
    above = logging.getLogger("tasktonic")
    above.setLevel(logging.INFO)
    above.addHandler(handler)

    run_to_logging(lambda: Speaker(name="speaker"))

    assert "INFO tasktonic.speaker 100 % hello" in handler.lines


def test_filter_of_the_logger_above_is_for_its_own_records(kept: Kept, made_by_the_program: list[str]) -> None:
    logging.getLogger("tasktonic").addFilter(lambda record: False)

    run_to_logging(lambda: Speaker(name="speaker"))

    assert "INFO tasktonic.speaker 100 % hello" in kept.lines


def test_loggers_of_finished_tonics_are_not_kept(kept: Kept) -> None:
    before = len(logging.Logger.manager.loggerDict)

    class Parent(ttTonic):
        def ttse__on_start(self) -> None:
            for _ in range(500):
                self.bind(Speaker)
            self.ttsc__wait()

        def ttsc__wait(self) -> None:
            if self.bindings:
                self.ttsc__wait()
            else:
                self.finish()

    run_to_logging(Parent)

    assert len({record.name for record in kept.records}) == 502
    assert len(logging.Logger.manager.loggerDict) == before


def test_without_set_up_only_errors_are_seen() -> None:
    program = (
        "from tasktonic import *\n"
        "class Failing(ttTonic):\n"
        "    def ttse__on_start(self):\n"
        "        self.log('hello')\n"
        "        self.finish()\n"
        "        raise LookupError('lost')\n"
        "class App(ttFormula):\n"
        "    def creating_formula(self): return {'tasktonic/log/to': 'logging'}\n"
        "    def creating_starting_tonics(self): Failing(name='failing')\n"
        "App()\n"
    )

    out, err = run_program(program)

    assert out == ""
    assert err.startswith("ttse__on_start raised LookupError: lost\nTraceback")
