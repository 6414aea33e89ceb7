"""What a breakpoint would have hit in a recorded run is what it did hit in the app while that was recorded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tasktonic import ttFormula, ttStore
from tasktonic.breaking import breaker
from tasktonic.events import BreakpointHit
from tasktonic.rules import Breakpoint, Moment, Term, fits
from tasktonic.testing import distill
from tasktonic.trace import TraceReader
from tasktonic_studio.session import breakpoint_trial
from tasktonic_studio.session.breakpoint_trial import Trial
from tasktonic_studio.session.inbox import BlockArrived, TargetBegan
from tasktonic_studio.session.session import Session
from tests.helpers.breaking_apps import Pump

STROKE = Term("sparkle", "ttsc__stroke", "Pump")
FULL = Term("state", "full", way="entered")

RULES = {
    "sparkle": (STROKE,),
    "any sparkle": (Term("sparkle"),),
    "framework's own": (Term("sparkle", "_ttss__*"),),
    "class": (Term("sparkle", "", "Storing"),),
    "one tonic": (Term("sparkle", "", tonic="small"),),
    "sender": (Term("sender", "ttse__on_start"),),
    "sender by class": (Term("sender", "", "Storing"), Term("sparkle", "ttsc__*")),
    "not from": (Term("sparkle", "ttsc__*"), Term("sender", "ttse__on_start", negated=True)),
    "entered": (FULL,),
    "left": (Term("state", "*", way="left"),),
    "path": (Term("path", "pump/*"),),
    "exception": (Term("exception", "LookupError"),),
    "exception of the app": (Term("exception", "Trouble"),),
    "run with a state": (STROKE, FULL),
    "run without": (STROKE, Term("state", "*", way="entered", negated=True), Term("exception", negated=True)),
    "run that wrote": (STROKE, Term("path", "pump/level")),
}


class Trouble(Exception):
    """Raised on purpose."""


class Storing(Pump):
    """A pump that says its level in a store, and fails now and then."""

    strokes = 12

    def ttse__on_start(self) -> None:
        self.store = self.bind(ttStore)
        super().ttse__on_start()
        self.ttsc__stroke(0)

    def ttsc__stroke(self, by: int) -> None:
        super().ttsc__stroke(by)
        self.store.set("pump/level", self.level)
        if self.level % 4 == 3:
            self.ttsc__rest()
        if self.level == 5:
            raise KeyError("pump")
        if self.level == 6:
            raise Trouble

    def ttsc__rest(self) -> None:
        self.to_state("idle" if self.level > 6 else "full")

    def ttse__on_error(self, error: Any) -> None:
        """Takes it."""


class Plant(ttFormula):
    def creating_starting_tonics(self) -> None:
        Storing(name="pump")
        Pump(name="small")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Session, dict[int, int]]:
    """A session with the run, and how often each breakpoint was hit in it."""
    points = [Breakpoint(number, terms, log=True) for number, terms in enumerate(RULES.values())]
    breaker.put("test", points)
    try:
        distiller = distill(Plant, settings={"tasktonic/log/to": "off"})
        distiller.sparkle()
        file = Path(distiller.finish_distiller().save(tmp_path_factory.mktemp("trial") / "run.ttt"))
    finally:
        breaker.clear("test")
    session, hits = Session(), dict.fromkeys(range(len(points)), 0)
    with TraceReader(file) as reader:
        session.apply([TargetBegan("file", file=str(file), events=reader.events)])
        session.apply([BlockArrived(data) for _, data in reader.data()])
        for _, event in reader.happened():
            if isinstance(event, BreakpointHit):
                hits[event.breakpoint] += 1
    return session, hits


@pytest.mark.parametrize("name", RULES)
def test_the_past_is_asked_as_the_app_was(run: tuple[Session, dict[int, int]], name: str) -> None:
    session, hits = run
    number = list(RULES).index(name)

    trial = Trial(session.live, Breakpoint(number, RULES[name])).run()

    assert trial.count == hits[number] > 0
    assert len(trial.found) == trial.count


def test_more_than_are_listed_are_counted(run: tuple[Session, dict[int, int]], monkeypatch: pytest.MonkeyPatch) -> None:
    session, hits = run
    monkeypatch.setattr("tasktonic_studio.session.breakpoint_trial.MOST_LISTED", 3)

    trial = Trial(session.live, Breakpoint(0, RULES["sparkle"])).run()

    assert (trial.count, len(trial.found)) == (hits[0], 3)


def test_every_nth_and_once_are_counted_as_the_app_would(run: tuple[Session, dict[int, int]]) -> None:
    session, hits = run
    every = Trial(session.live, Breakpoint(0, RULES["sparkle"], every=3)).run()
    once = Trial(session.live, Breakpoint(0, RULES["sparkle"], once=True)).run()

    assert (every.count, once.count) == (hits[0] // 3, 1)


@pytest.mark.parametrize("rule", ["sender", "not from", "run that wrote"])
def test_it_may_be_paused_after_a_few_that_were_looked_at_wherever_they_stand(
    run: tuple[Session, dict[int, int]], monkeypatch: pytest.MonkeyPatch, rule: str
) -> None:
    looks = [0]

    def counted(point: Breakpoint, moment: Moment) -> bool:
        looks[-1] += 1
        return fits(point, moment)

    monkeypatch.setattr(breakpoint_trial, "fits", counted)
    monkeypatch.setattr(breakpoint_trial, "_A_FEW", 3)
    trial = Trial(run[0].live, Breakpoint(1, RULES[rule]))

    while not trial.is_done:
        looks.append(0)
        trial.step()

    assert sum(looks) > 3
    assert max(looks) == 3


def test_of_runs_only_those_are_looked_at_that_changed_a_state_as_asked(
    run: tuple[Session, dict[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[Moment] = []

    def counted(point: Breakpoint, moment: Moment) -> bool:
        looks.append(moment)
        return fits(point, moment)

    monkeypatch.setattr(breakpoint_trial, "fits", counted)
    trial = Trial(run[0].live, Breakpoint(1, RULES["run with a state"])).run()

    assert len(looks) == trial.count > 0


def test_changes_of_a_state_are_counted_and_the_first_of_them_listed(
    run: tuple[Session, dict[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    session, hits = run
    number = list(RULES).index("left")
    listed = Trial(session.live, Breakpoint(number, RULES["left"])).run().found
    monkeypatch.setattr(breakpoint_trial, "MOST_LISTED", 2)

    trial = Trial(session.live, Breakpoint(number, RULES["left"])).run()

    assert trial.count == trial.fitted == hits[number] > 2
    assert trial.found == listed[:2]
