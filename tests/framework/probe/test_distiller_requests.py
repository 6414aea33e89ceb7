"""Studios and an app that is run by hand: who may, what is passed on, and what happens when nobody is there any more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import pytest

from tasktonic import steered
from tasktonic.probe import grip
from tasktonic.probe.agent import Agent
from tasktonic.protocol import Message
from tasktonic.protocol.messages import (
    Answer,
    Call,
    Detach,
    DistillerCall,
    DistillerFinish,
    DistillerRun,
    DistillerState,
    DistillerStep,
    DistillerStop,
    Hold,
    Notice,
    Step,
    WaitingOrder,
)
from tasktonic.steered import Report, Waits
from tests.framework.probe.agents import Attach
from tests.helpers.studio_end import StudioEnd, wait_for

M = TypeVar("M", bound=Message)


class Kept:
    """A steering that only writes down what is asked of it."""

    def __init__(self) -> None:
        self.report: Report | None = Report("ready", 1, waits=(Waits("main", 1, "door", "ttsc__open", "", "", 0),))
        self.steps = [steered.Step(0, {"do": "start"})]
        self.asked: list[tuple[str, dict[str, Any], str]] = []
        self.runs = False
        self.has_left = False

    def ask(self, do: str, asked: dict[str, Any], answer: Callable[[bool, str], None], who: str = "") -> None:
        self.asked.append((do, asked, who))
        answer("timeout" not in asked, "a sentence" if "timeout" in asked else "")

    def note_deed(self, what: str, text: str, essence: int = -1, code: str = "") -> None: ...

    def stop(self) -> bool:
        return self.runs

    def leave(self) -> None:
        self.has_left = True


@pytest.fixture
def kept() -> Iterator[Kept]:
    kept = steered.steering = Kept()
    yield kept
    steered.steering = None
    assert steered.listeners == [], "a probe that has ended listens no more"


@pytest.fixture
def agent(kept: Kept, make_agent: Callable[..., Agent]) -> Iterator[Agent]:
    made = make_agent()
    yield made
    made.stop("The test is over.")


def answer_to(end: StudioEnd, request: int) -> Answer:
    return end.answer(Answer, request)


def heard(end: StudioEnd, kind: type[M], where: Callable[[M], bool] = lambda message: True) -> M:
    """The first message of a kind for which this holds; waits for it."""

    def fitting() -> list[M]:
        return [message for message in end.messages if isinstance(message, kind) and where(message)]

    end.until(fitting, kind.__name__)
    return fitting()[0]


def test_who_comes_is_told_what_there_was(kept: Kept, agent: Agent, attach: Attach) -> None:
    end = attach(agent)

    step = heard(end, DistillerStep)
    state = heard(end, DistillerState)
    assert (step.number, step.done, step.call) == (0, {"do": "start"}, None)
    assert (state.status, state.waits) == ("ready", (WaitingOrder("main", 1, "door", "ttsc__open"),))


def test_wishes_are_passed_on_with_what_was_given(kept: Kept, agent: Agent, attach: Attach) -> None:
    end = attach(agent)

    end.say(DistillerRun(1))
    end.say(DistillerRun(2, 3, -1.0, ("open",), ("ttsc__x",), {"probes": ["level"]}))
    end.say(DistillerCall(3, 1, "ttsc__open", "'Eve'"))
    end.say(DistillerFinish(4, 2.0))
    end.say(DistillerStop(5))

    assert not answer_to(end, 4).ok
    assert answer_to(end, 4).text == "a sentence"
    assert answer_to(end, 1).ok
    assert answer_to(end, 5).text == "Nothing runs at the moment: the app waits for the next wish."
    asked = {
        "sparkle_count": 3,
        "till_state_in": ["open"],
        "till_sparkle_in": ["ttsc__x"],
        "contract": {"probes": ["level"]},
    }
    assert kept.asked == [
        ("sparkle", {}, "test control"),
        ("sparkle", asked, "test control"),
        ("call", {"essence": 1, "sparkle": "ttsc__open", "arguments": "'Eve'"}, "test control"),
        ("finish", {"timeout": 2.0}, "test control"),
    ]
    kept.runs = True
    end.say(DistillerStop(6))
    assert answer_to(end, 6).ok


def test_a_viewer_hears_all_and_may_nothing(kept: Kept, agent: Agent, attach: Attach) -> None:
    viewer = attach(agent, role="view")
    viewer.say(DistillerRun(1))

    assert answer_to(viewer, 1).text.startswith("'distiller run' needs control, and this studio views.")
    steered.tell(Report("running", 1, doing="sparkle()"))
    assert heard(viewer, DistillerState, lambda state: state.status == "running").doing == "sparkle()"
    assert kept.asked == []


def test_a_call_from_any_panel_is_a_step_and_nothing_is_held(kept: Kept, agent: Agent, attach: Attach) -> None:
    end = attach(agent)

    end.say(Call(1, 1, "ttsc__open", "2"))
    end.say(Hold(2))
    end.say(Step(3, 0))

    assert answer_to(end, 1).ok
    assert kept.asked == [("call", {"essence": 1, "sparkle": "ttsc__open", "arguments": "2"}, "test control")]
    for request in (2, 3):
        assert answer_to(end, request).text.startswith(
            "This app is run by hand: nothing of it runs until it is asked to"
        )


def test_an_app_that_runs_by_itself_says_so(make_agent: Callable[..., Agent], attach: Attach) -> None:
    end = attach(make_agent())

    end.say(DistillerRun(1))

    assert answer_to(end, 1).text.startswith("This app runs by itself: no distiller is its main catalyst.")


def test_it_ends_when_there_has_been_no_controller_for_long(
    kept: Kept, agent: Agent, attach: Attach, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grip, "HOLD_GRACE_NS", 1_000_000)
    end = attach(agent)
    heard(end, DistillerState)
    steered.tell(Report("ready", 1))
    heard(end, DistillerState, lambda state: not state.waits)
    assert not kept.has_left

    end.close()

    wait_for(lambda: kept.has_left, "the app is let go")


def test_a_controller_that_takes_its_leave_lets_it_end_at_once(kept: Kept, agent: Agent, attach: Attach) -> None:
    end = attach(agent)
    heard(end, DistillerState)

    end.say(Detach())

    wait_for(lambda: kept.has_left, "the app is let go")


def test_a_step_that_is_too_long_to_tell_is_told_without_what_ran(kept: Kept, agent: Agent, attach: Attach) -> None:
    end = attach(agent)
    heard(end, DistillerState)

    steered.tell(steered.Step(1, {"do": "sparkle", "count": 9, "ran": ["x" * 1000] * 300, "counts": {}}))
    step = heard(end, DistillerStep, lambda step: step.number == 1)
    assert step.done == {"do": "sparkle", "count": 9, "ran": [], "counts": {}, "more": 9}
    steered.tell(steered.Step(2, {"do": "sparkle"}, ({"call": 1, "asked": "x" * 9_000_000},)))

    notice = heard(end, Notice, lambda notice: "could not be told in full" in notice.text)
    assert notice.level == "warning"
