"""Apps with one tonic that offloads work, and keeps what comes of it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pytest

from tasktonic import ttTonic
from tasktonic.errors import ttWorkCancelledError
from tasktonic.failures import Failure
from tasktonic.pool import Work
from tests.helpers.apps import run_app, wait_for

ROOT = Path(__file__).resolve().parents[2]

Where = Literal["thread", "process"]

both = pytest.mark.parametrize("where", ["thread", "process"])


class Asker(ttTonic):
    """Offloads what it is told to and keeps what comes; ends when all of it has come."""

    def __init__(self, begin: Callable[[Asker], object], name: str = "asker", **kwargs: Any) -> None:
        super().__init__(name=name, **kwargs)
        self.begin = begin
        self.waits_for = 0
        self.results: list[Any] = []
        self.errors: list[Failure] = []
        self.heard: list[Any] = []

    def ttse__on_start(self) -> None:
        self.begin(self)

    def ask(self, function: Callable[..., Any], *args: Any, where: Where = "thread", **kwargs: Any) -> Work:
        self.waits_for += 1
        return self.offload(
            function, *args, on_result=self.ttse__got, on_error=self.ttse__failed, where=where, **kwargs
        )

    def ttse__got(self, result: Any) -> None:
        self.results.append(result)
        self.heard.append(("result", result))
        self.one_less()

    def ttse__failed(self, error: Failure) -> None:
        self.errors.append(error)
        self.heard.append(("error", error))
        self.one_less()

    def ttse__progress(self, *values: Any) -> None:
        self.heard.append(values)

    def one_less(self) -> None:
        self.waits_for -= 1
        if self.waits_for == 0:
            self.finish()


def run(begin: Callable[[Asker], object], **settings: Any) -> Asker:
    """An app with one asker, run to its end."""
    made = []
    paths = {f"tasktonic/pool/{name}": value for name, value in settings.items()}
    run_app(lambda: made.append(Asker(begin)), settings=paths)
    return made[0]


def error_of(begin: Callable[[Asker], object], **settings: Any) -> Failure:
    """The one error that an asker got."""
    asker = run(begin, **settings)
    assert asker.results == []
    (error,) = asker.errors
    return error


def refusal_of(offload: Callable[[Asker], object], **settings: Any) -> str:
    """What a call of ``offload`` raised, at the call."""
    texts = []

    def begin(asker: Asker) -> None:
        with pytest.raises((TypeError, ValueError, RuntimeError)) as raised:
            offload(asker)
        texts.append(str(raised.value))
        asker.finish()

    run(begin, **settings)
    return texts[0]


class Blocked:
    """The only thread of a pool, kept busy until the gate opens."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.begun = threading.Event()
        self.raised: list[BaseException] = []
        self.ran: list[int] = []

    def blocks(self) -> str:
        self.begun.set()
        wait_for(self.gate)
        return "late"

    def asks_at_the_gate(self, report: Callable[..., None]) -> None:
        self.begun.set()
        wait_for(self.gate)
        try:
            report("still there?")
        except ttWorkCancelledError as error:
            self.raised.append(error)
            raise


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "TASKTONIC_STUDIO": ""}


def output_of(*arguments: str) -> str:
    """What another Python prints; it must end well and say nothing else."""
    ended = subprocess.run(
        [sys.executable, *arguments], env=environment(), capture_output=True, encoding="utf-8", timeout=60, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout
