"""Recordings of a real app: whatever turn its catalysts took, the same causes are the same."""

from __future__ import annotations

import importlib
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tasktonic import ttCatalyst, ttFormula, ttTonic
from tasktonic.testing import distill
from tasktonic.testing.building import end_what_is_left
from tasktonic.trace import TraceReader
from tasktonic_studio.session.comparing import task
from tasktonic_studio.session.comparing.comparison import Comparison, Facet, Mark
from tasktonic_studio.session.comparing.side import take
from tasktonic_studio.session.comparing.task import Comparing
from tasktonic_studio.session.comparing.words import reservations, verdict
from tasktonic_studio.session.inbox import BlockArrived, TargetBegan
from tasktonic_studio.session.session import Session
from tests.helpers.patience import PATIENCE_S

tested_door: Any = importlib.import_module("examples.tested_door")
TRACES = Path(__file__).parents[3] / "data" / "traces"

Record = Callable[..., Path]


class Guest(ttTonic):
    """Makes a nameless helper for everything that it is told, and lets it work."""

    def ttsc__take(self, what: str) -> None:
        Helper(context=self).ttsc__work(what)


class Helper(ttTonic):
    def ttsc__work(self, what: str) -> None:
        self.to_state("done")

    def ttse_done__on_enter(self) -> None:
        self.finish()


class Crowd(ttFormula):
    """Two catalysts send to a third: who is first is up to the distiller's seed."""

    def creating_starting_tonics(self) -> None:
        guest = Guest(name="guest", catalyst=ttCatalyst(name="house"))
        for name in ("left", "right"):
            Sender(guest, name=name, catalyst=ttCatalyst(name=f"street {name}"))


class Sender(ttTonic):
    def __init__(self, guest: Guest, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.guest = guest

    def ttse__on_start(self) -> None:
        for number in range(3):
            self.guest.ttsc__take(f"{self.name} {number}")
        self.ttsc__again()

    def ttsc__again(self) -> None:
        self.guest.ttsc__take(f"{self.name} again")


class OtherDoor(tested_door.House):  # type: ignore[misc]  # examples are not typed
    """The same house, with another code on the door."""

    def creating_starting_tonics(self) -> None:
        door = tested_door.Door("4712", closes_after_s=0.3, name="door")
        tested_door.Guest(door, ["1234", "4711"], name="Ada", catalyst=ttCatalyst(name="street"))


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    """Runs a formula under a distiller and keeps its trace."""

    def recorded(formula: type[ttFormula], seed: int = 0) -> Path:
        distiller = distill(formula, seed=seed, settings={"tasktonic/log/to": "off"})
        distiller.sparkle(timeout=100)
        trace = distiller.finish_distiller()
        return trace.save(tmp_path / f"{formula.__name__} {seed}.ttt")

    yield recorded
    end_what_is_left()


def session_of(file: Path) -> Session:
    session = Session()
    session.apply([TargetBegan("file", file=str(file))])
    with TraceReader(file) as reader:
        session.apply([BlockArrived(data) for _, data in reader.data()])
    return session


def of_files(here: Path, there: Path | str) -> tuple[Comparison | None, str]:
    """What a comparison in its thread tells in the end."""
    told: list[tuple[Comparison | None, str]] = []
    ended = threading.Event()

    def on_end(comparison: Comparison | None, problem: str) -> None:
        told.append((comparison, problem))
        ended.set()

    comparing = Comparing(take(session_of(here).live, here.name), str(there), on_end)
    comparing.start()
    assert ended.wait(PATIENCE_S)
    comparing.finish()
    return told[0]


def test_a_door_on_two_catalysts_does_the_same_with_every_seed(record: Record) -> None:
    files = [record(tested_door.House, seed) for seed in range(4)]

    for file in files[1:]:
        comparison, _ = of_files(files[0], file)
        assert comparison is not None
        assert verdict(comparison).startswith("Both are the same: ")


def test_nameless_tonics_are_told_apart_by_who_asked_for_them(record: Record) -> None:
    orders = set()
    files = [record(Crowd, seed) for seed in range(1, 6)]

    for file in files:
        comparison, _ = of_files(files[0], file)
        assert comparison is not None
        assert comparison.first == -1
        assert comparison.count(Mark.SAME) == len(comparison) >= 20
        side = comparison.side_there
        orders.add(
            tuple(side.arguments_of(item) for item in range(len(side)) if side.sparkle_name(item) == "ttsc__work")
        )
    assert len(orders) > 1, "the seeds must make a difference in time"


def test_another_code_is_found_where_it_makes_the_first_difference(record: Record) -> None:
    comparison, _ = of_files(record(tested_door.House), record(OtherDoor))

    assert comparison is not None
    assert verdict(comparison).startswith("First difference, by cause: run ")
    first = int(comparison.here[comparison.first])
    assert comparison.side_here.arguments_of(first) == "code='4711'"
    assert comparison.facets[comparison.first] == Facet.AFTER | Facet.EFFECTS
    assert "here it left state locked → open, there it stayed in state locked" in verdict(comparison)


@pytest.mark.parametrize(
    "name, words",
    [
        ("text.ttt", "is no trace: it does not begin like one."),
        ("empty.ttt", "is empty: nothing was recorded in it."),
        ("newer.ttt", "has format 2"),
        ("nothing.ttt", "There is no file"),
    ],
)
def test_a_file_that_is_no_trace_is_a_sentence(name: str, words: str) -> None:
    comparison, problem = of_files(TRACES / "door.ttt", TRACES / name)

    assert comparison is None
    assert words in problem


@pytest.mark.parametrize("name, words", [("cut.ttt", "ends in the middle of a frame"), ("strings.ttt", "999")])
def test_a_damaged_file_is_compared_as_far_as_it_goes(name: str, words: str) -> None:
    comparison, problem = of_files(TRACES / "door.ttt", TRACES / name)

    assert problem == ""
    assert comparison is not None
    assert any(words in sentence for sentence in reservations(comparison))


def test_a_file_that_is_too_long_is_refused_with_its_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task, "MOST_EVENTS", 500)

    _, problem = of_files(TRACES / "door.ttt", TRACES / "keyframes.ttt")

    assert problem == ("keyframes.ttt has 3,008 events; at most 500 can be compared. Compare shorter recordings.")


def test_too_many_runs_are_refused_with_their_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task, "MOST_RUNS", 5)

    _, problem = of_files(TRACES / "door.ttt", TRACES / "door.ttt")

    assert "runs; at most 5 can be compared." in problem


def test_a_cancelled_comparison_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    here = take(session_of(TRACES / "door.ttt").live, "here")
    comparing = Comparing(here, str(TRACES / "keyframes.ttt"), lambda *what: told.append(what))

    comparing.cancel()
    comparing.start()
    comparing.finish()

    assert told == []


def test_a_fault_while_comparing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise ValueError("no such axis")

    monkeypatch.setattr(task, "compare", fails)

    _, problem = of_files(TRACES / "door.ttt", TRACES / "door.ttt")

    assert problem == "Comparing failed inside the Studio, ValueError: no such axis."


def test_the_run_before_is_kept_to_compare_with() -> None:
    session = session_of(TRACES / "door.ttt")

    session.apply([TargetBegan("launched", script="/somewhere/door.py")])

    assert session.previous is not None
    assert session.previous.title == "the run before, door.ttt"
    assert sum(len(columns["n"]) for columns in session.previous.runs) > 5
    session.apply([TargetBegan("launched", script="/somewhere/other.py")])
    assert session.previous.title == "the run before, door.ttt", (
        "a target of which nothing ran is nothing to compare with"
    )


def test_a_run_that_is_too_long_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    session_module = sys.modules[Session.__module__]
    monkeypatch.setattr(session_module, "PREVIOUS_ROWS", 10)
    session = session_of(TRACES / "keyframes.ttt")

    session.apply([TargetBegan("launched")])

    assert session.previous is None
