"""Functions to offload. They stand in a module, so that worker processes find them too."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any


def square(number: int) -> int:
    return number * number


def where_it_ran() -> tuple[int, str]:
    return os.getpid(), threading.current_thread().name


def fails(text: str) -> None:
    raise ValueError(text)


class Stubborn(Exception):
    """Cannot be pickled there and back: it is made with two arguments and keeps one."""

    def __init__(self, what: str, why: str) -> None:
        super().__init__(f"{what}: {why}")


def fails_stubbornly() -> None:
    raise Stubborn("door", "locked")


def leaves_at_once(code: int) -> None:
    os._exit(code)


def leaves_by_sys_exit() -> None:
    raise SystemExit(3)


def kills_itself() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def tells_pid_and_waits(report: Callable[..., None]) -> None:
    report(os.getpid())
    while True:
        signal.pause()


def leaves_a_child_that_keeps_the_pipe(fifo: str, report: Callable[..., None]) -> None:
    child = os.fork()
    if child == 0:
        Path(fifo).read_bytes()  # until the test is through
        os._exit(0)
    report(child)
    os._exit(9)


def counts_to(number: int, report: Callable[..., None]) -> str:
    for count in range(number):
        report(count, number)
    return "counted"


def counts_until_told(report: Callable[..., None]) -> None:
    count = 0
    while True:
        report(count)
        count += 1


def gives_a_lock() -> Any:
    return threading.Lock()


def reports_a_lock(report: Callable[..., None]) -> None:
    report(threading.Lock())


def appends(numbers: list[int]) -> list[int]:
    numbers.append(99)
    return numbers


async def is_a_coroutine() -> None:
    return
