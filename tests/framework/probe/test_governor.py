"""What the probe may spend, and when it asks for less."""

from __future__ import annotations

import pytest

from tasktonic.observation import Meter
from tasktonic.probe.governor import Throttle
from tasktonic.stream import Level


class Clocks:
    """The clocks of the meter, moved by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.wall = self.thread = self.process = 0
        monkeypatch.setattr("tasktonic.observation.system_ns", lambda: self.wall)
        monkeypatch.setattr("time.thread_time_ns", lambda: self.thread)
        monkeypatch.setattr("time.process_time_ns", lambda: self.process)


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> Clocks:
    return Clocks(monkeypatch)


def test_a_burst_is_paid_from_what_was_saved(clocks: Clocks) -> None:
    meter = Meter(ceiling_percent=3)

    clocks.thread = 200_000_000

    assert meter.may_spend()


def test_beyond_the_ceiling_nothing_may_be_spent_until_time_has_passed(clocks: Clocks) -> None:
    meter = Meter(ceiling_percent=3)
    clocks.thread = 280_000_000
    assert not meter.may_spend()

    clocks.wall = 1_100_000_000

    assert meter.may_spend()


def test_percentages_are_of_one_core_since_the_last_call(clocks: Clocks) -> None:
    meter = Meter()
    clocks.wall, clocks.thread, clocks.process = 1_000, 20, 500
    assert meter.percentages() == (2.0, 50.0)

    clocks.wall, clocks.process = 2_000, 1_500

    assert meter.percentages() == (0.0, 100.0)


def test_one_second_of_pressure_changes_nothing() -> None:
    throttle = Throttle()

    assert not throttle.judge(True, Level.FLOW)
    assert not throttle.judge(False, Level.FLOW)
    assert not throttle.judge(True, Level.FLOW)


@pytest.mark.parametrize(
    "wanted, then", [(Level.PREVIEWS, Level.FLOW), (Level.FLOW, Level.FACTS), (Level.RUNS, Level.FACTS)]
)
def test_two_seconds_of_pressure_step_down(wanted: Level, then: Level) -> None:
    throttle = Throttle()
    throttle.judge(True, wanted)

    assert throttle.judge(True, wanted)
    assert throttle.level == then


def test_facts_are_never_given_up() -> None:
    throttle = Throttle()

    assert not any(throttle.judge(True, Level.FACTS) for _ in range(10))


def _seconds_until_up(throttle: Throttle) -> int:
    return next(second for second in range(1, 100) if throttle.judge(False, Level.FLOW))


def test_calm_steps_up_again_and_each_relapse_takes_longer() -> None:
    throttle = Throttle()
    waits = []
    for _ in range(7):
        throttle.judge(True, Level.FLOW)
        throttle.judge(True, Level.FLOW)
        waits.append(_seconds_until_up(throttle))

    assert waits == [3, 6, 12, 24, 48, 60, 60]


def test_lasting_calm_forgives() -> None:
    throttle = Throttle()
    for _ in range(2):
        throttle.judge(True, Level.FLOW)
        throttle.judge(True, Level.FLOW)
        _seconds_until_up(throttle)

    for _ in range(20):
        throttle.judge(False, Level.FLOW)
    throttle.judge(True, Level.FLOW)
    throttle.judge(True, Level.FLOW)

    assert _seconds_until_up(throttle) == 3
