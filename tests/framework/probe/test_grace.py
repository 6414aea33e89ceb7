"""What a controller held is let go ten seconds after it has vanished, by a clock that a test moves."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from tasktonic import clock, ttCatalyst
from tasktonic.observation import SECOND
from tasktonic.probe.agent import Agent
from tasktonic.protocol.messages import Answer, Granted, Hold
from tests.framework.probe.agents import Attach
from tests.helpers.apps import WAIT_S
from tests.helpers.studio_end import wait_for


@pytest.fixture
def agent(make_agent: Callable[..., Agent]) -> Agent:
    """A probe that listens, with nobody connected."""
    return make_agent()


class MovedClock:
    """The machine's clock, with a hand on it."""

    def __init__(self) -> None:
        self._real = clock.system_ns
        self.ahead_ns = 0

    def __call__(self) -> int:
        return self._real() + self.ahead_ns

    def move(self, agent: Agent, seconds: float) -> None:
        """Let so much time go by for the probe, and have it look."""
        self.ahead_ns += round(seconds * SECOND)
        for _ in range(2):  # what is due is done after what was called
            looked = threading.Event()
            agent.call_soon(looked.set)
            assert looked.wait(WAIT_S)


@pytest.fixture
def moved_clock(monkeypatch: pytest.MonkeyPatch) -> MovedClock:
    moved = MovedClock()
    monkeypatch.setattr(clock, "system_ns", moved)
    return moved


def hold_and_vanish(agent: Agent, attach: Attach) -> None:
    """Control the app, hold it, and be gone without a word."""
    end = attach(agent, role="control")
    end.message(Granted)
    end.say(Hold(1, -1))
    assert end.answer(Answer, 1).ok
    end.close()
    wait_for(lambda: not agent._viewers, "the probe to see that the studio is gone")


def test_an_app_is_held_for_ten_seconds_after_its_controller_has_vanished(
    agent: Agent, attach: Attach, moved_clock: MovedClock
) -> None:
    hold_and_vanish(agent, attach)

    held = [ttCatalyst.begins_held]
    for seconds in (9.0, 0.5):
        moved_clock.move(agent, seconds)
        held.append(ttCatalyst.begins_held)
    assert held == [True, True, True]

    moved_clock.move(agent, 1.0)
    wait_for(lambda: not ttCatalyst.begins_held, "the app to run on")


def test_each_controller_that_vanishes_has_ten_seconds_of_its_own(
    agent: Agent, attach: Attach, moved_clock: MovedClock
) -> None:
    hold_and_vanish(agent, attach)
    moved_clock.move(agent, 9.0)
    hold_and_vanish(agent, attach)

    moved_clock.move(agent, 2.0)  # eleven seconds after the first
    assert ttCatalyst.begins_held
    moved_clock.move(agent, 9.0)
    wait_for(lambda: not ttCatalyst.begins_held, "the app to run on")
