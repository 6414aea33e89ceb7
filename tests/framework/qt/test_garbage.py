from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from tasktonic import ttCatalyst, ttLedger, ttTonic
from tasktonic.qt import ttPyside6Ui
from tasktonic.qt.garbage import GarbageRound
from tests.helpers.apps import run_app

ROOT = Path(__file__).resolve().parents[3]

PROGRAM = """
import gc, threading
from PySide6.QtCore import QTimer
from tasktonic import ttCatalyst, ttFormula, ttTonic
from tasktonic.qt import ttPyside6Ui

died_in = []

class Part(QTimer):
    def __init__(self):
        super().__init__()
        self.owner = self
        self.start(1)

    def __del__(self):
        died_in.append(threading.current_thread())

class Ui(ttTonic):
    def ttse__on_start(self):
        global ui
        ui = self
        Busy(catalyst=ttCatalyst(name="beside"))

    def ttsc__make_part(self):
        Part()

    def ttsc__over(self):
        self.finish()

class Busy(ttTonic):
    def ttse__on_start(self):
        self.tts__make_garbage()

    def tts__make_garbage(self):
        for _ in range(5_000):
            cycle = []
            cycle.append(cycle)
        if len(died_in) < 50:
            ui.ttsc__make_part()
            self.tts__make_garbage()
        else:
            ui.ttsc__over()

class App(ttFormula):
    def creating_formula(self):
        return {"tasktonic/log/to": "off"}

    def creating_main_catalyst(self):
        ttPyside6Ui()

    def creating_starting_tonics(self):
        Ui()

App()
print({thread.name for thread in died_in}, gc.isenabled())
"""


def test_cycles_with_qt_objects_die_in_the_thread_of_the_loop_while_others_make_garbage() -> None:
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}

    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environ, capture_output=True, text=True, timeout=60, check=False
    )

    assert (ended.stderr, ended.stdout, ended.returncode) == ("", "{'MainThread'} True\n", 0)


class Part(QTimer):
    """Something of Qt that tells in which thread it dies."""

    def __init__(self, died_in: list[threading.Thread]) -> None:
        super().__init__()
        self._died_in = died_in
        self.start(60_000)

    def __del__(self) -> None:
        self._died_in.append(threading.current_thread())


def test_what_a_failed_sparkle_held_dies_in_the_thread_of_the_loop_also_when_a_tonic_elsewhere_is_told(
    qapp: QApplication,
) -> None:
    died_in: list[threading.Thread] = []
    told: list[str] = []

    class Boss(ttTonic):
        def ttse__on_error(self, error: Any) -> None:
            self.last = error
            told.append(f"{error.sparkle}: {error.exception!r}")
            if len(told) == 2:
                self.finish()

    class Ui(ttTonic):
        def ttse__on_start(self) -> None:
            self.ttsc__fail()
            self.ttsc__fail_behind_another()

        def ttsc__fail(self) -> None:
            self._fail()

        def ttsc__fail_behind_another(self) -> None:
            try:
                self._fail()
            except ValueError as error:
                raise KeyError("behind") from error

        def _fail(self) -> None:
            part = Part(died_in)
            raise ValueError(part.isActive())

    def start() -> None:
        boss = Boss(catalyst=ttCatalyst(name="beside"))
        Ui(context=boss, catalyst=ttLedger().main_catalyst)

    run_app(start, make_main=lambda: ttPyside6Ui(name="main_catalyst"))

    assert told == ["ttsc__fail: ValueError(True)", "ttsc__fail_behind_another: KeyError('behind')"]
    assert died_in == [threading.main_thread()] * 2


class Odd(Exception):
    """One that cannot be asked what is behind it."""

    exceptions = None

    @property
    def __cause__(self) -> Any:
        raise ValueError("not to be asked")


@pytest.mark.parametrize("kind", [ValueError, Odd])
def test_what_a_failed_sparkle_was_given_dies_in_the_thread_of_the_loop_too(
    qapp: QApplication, kind: type[Exception]
) -> None:
    died_in: list[threading.Thread] = []

    class Boss(ttTonic):
        def ttse__on_error(self, error: Any) -> None:
            self.last = error
            self.ttsc__let_go()

        def ttsc__let_go(self) -> None:
            if ttLedger().main_catalyst.sleeping:
                del self.last
                self.finish()
            else:
                self.ttsc__let_go()  # the loop that ran the sparkle has its order still

    class Ui(ttTonic):
        def ttse__on_start(self) -> None:
            self.ttsc__fail(Part(died_in))

        def ttsc__fail(self, part: Part) -> None:
            raise kind

    def start() -> None:
        boss = Boss(catalyst=ttCatalyst(name="beside"))
        Ui(context=boss, catalyst=ttLedger().main_catalyst)

    run_app(start, make_main=lambda: ttPyside6Ui(name="main_catalyst"))

    assert died_in == [threading.main_thread()]


@pytest.fixture
def collector_on() -> Iterator[None]:
    """As in a program of a user: the tests of Qt have it switched off."""
    was_on = gc.isenabled()
    gc.enable()
    yield
    if not was_on:
        gc.disable()


def collector_inside_an_app() -> bool:
    seen: list[bool] = []

    class Looking(ttTonic):
        def ttse__on_start(self) -> None:
            seen.append(gc.isenabled())
            self.finish()

    run_app(Looking, make_main=lambda: ttPyside6Ui(name="main_catalyst"))
    return seen[0]


def test_collector_is_off_while_a_qt_catalyst_turns_and_on_again_afterwards(
    qapp: QApplication, collector_on: None
) -> None:
    assert not collector_inside_an_app()
    assert gc.isenabled()


def test_collector_that_the_program_has_switched_off_stays_off(qapp: QApplication, collector_on: None) -> None:
    gc.disable()

    assert not collector_inside_an_app()
    assert not gc.isenabled()


def test_plain_app_leaves_the_collector_alone(collector_on: None) -> None:
    seen: list[bool] = []

    class Looking(ttTonic):
        def ttse__on_start(self) -> None:
            seen.append(gc.isenabled())
            self.finish()

    run_app(Looking)

    assert seen == [True]


@pytest.fixture
def rounds(qapp: QApplication, collector_on: None) -> Iterator[tuple[GarbageRound, list[int]]]:
    """A started round, and the generations that were collected since."""
    generations: list[int] = []

    def note(phase: str, info: dict[str, Any]) -> None:
        if phase == "start":
            generations.append(info["generation"])

    garbage = GarbageRound()
    threshold = gc.get_threshold()
    program = keep(20_000)
    gc.collect()
    garbage.start()
    gc.callbacks.append(note)
    yield garbage, generations
    gc.callbacks.remove(note)
    program.clear()
    gc.set_threshold(*threshold)
    garbage.stop()


def keep(objects: int) -> list[list[int]]:
    return [[] for _ in range(objects)]


def test_nothing_is_collected_before_the_threshold(rounds: tuple[GarbageRound, list[int]]) -> None:
    garbage, generations = rounds
    gc.set_threshold(100_000)

    garbage.look()

    assert generations == []


def test_young_objects_are_collected_beyond_the_threshold(rounds: tuple[GarbageRound, list[int]]) -> None:
    garbage, generations = rounds
    gc.set_threshold(1_000, 10, 10)
    kept = keep(2_000)

    garbage.look()

    assert generations == [0]
    assert kept


def test_middle_ones_are_collected_after_as_many_as_ten_young_rounds_would_have_seen(
    rounds: tuple[GarbageRound, list[int]],
) -> None:
    garbage, generations = rounds
    gc.set_threshold(1_000, 10, 1_000_000)
    kept = keep(12_000)

    garbage.look()

    assert generations == [1]
    assert kept


@pytest.mark.parametrize("share, generation", [(0.15, 1), (0.35, 2)])
def test_all_are_looked_at_when_a_quarter_is_new(
    rounds: tuple[GarbageRound, list[int]], share: float, generation: int
) -> None:
    garbage, generations = rounds
    gc.set_threshold(10, 10, 10)
    kept = keep(int(len(gc.get_objects()) * share))

    garbage.look()

    assert generations == [generation]
    assert kept


def test_a_program_without_thresholds_is_left_alone(rounds: tuple[GarbageRound, list[int]]) -> None:
    garbage, generations = rounds
    gc.set_threshold(0)
    kept = keep(10_000)

    garbage.look()

    assert generations == []
    assert kept


def test_look_after_the_end_does_nothing(rounds: tuple[GarbageRound, list[int]]) -> None:
    garbage, generations = rounds
    garbage.stop()
    generations.clear()
    gc.disable()
    kept = keep(10_000)

    garbage.look()

    assert generations == []
    assert kept
