"""Arrangements: three tiers, and a diagram that stays as it is when something is added."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from tasktonic_studio.diagrams.graph import Box, Graph, Line, Placed
from tasktonic_studio.ui import aside as aside_module
from tasktonic_studio.ui.aside import COMMAND, Aside
from tasktonic_studio.ui.panels.state_machine.arranger import GRAPHVIZ_UP_TO, LABELS_UP_TO, Arranger
from tests.studio.ui.panels.state_machine.conftest import DYING, HANGING, WITHOUT_GRAPHVIZ

HANGING_PROGRAM = """
import json, sys, time
from tasktonic_studio.side_process import answer_to
for line in sys.stdin.buffer:
    if b'"with_labels": true' in line:
        time.sleep(1e6)
    print(json.dumps(answer_to(line)), flush=True)
"""
HANGS_WITH_LABELS = (sys.executable, "-c", HANGING_PROGRAM)
PLAIN = "a plain layout, without Graphviz"
AFTERWARDS = "Graphviz, with labels placed afterwards"

Make = Callable[..., Arranger]


@pytest.fixture
def make(qapp: object) -> Iterator[Make]:
    asides: list[Aside] = []

    def make(command: Sequence[str] = COMMAND) -> Arranger:
        asides.append(Aside(command))
        return Arranger(asides[-1], asides[-1])

    yield make
    for aside in asides:
        aside.stop()


def a_chain(states: int, extra: Sequence[tuple[str, str]] = (), label: float = 60) -> Graph:
    names = [f"state {number}" for number in range(states)]
    ways = [*itertools.pairwise(names), *extra]
    boxes = [*names, *(end for way in extra for end in way if end not in names)]
    return Graph(
        tuple(Box(name, 80, 40) for name in dict.fromkeys(boxes)),
        tuple(Line(f"{tail} > {head}", tail, head, label, 14) for tail, head in ways),
    )


def settled(arranger: Arranger, qtbot: QtBot) -> Placed:
    qtbot.waitUntil(lambda: arranger.placed is not None and not arranger.is_busy)
    assert arranger.placed is not None
    return arranger.placed


def test_few_lines_are_arranged_with_their_labels(make: Make, qtbot: QtBot) -> None:
    arranger = make()

    arranger.show("a", a_chain(5))

    assert settled(arranger, qtbot).how == "Graphviz"
    assert arranger.problem == ""


def test_many_lines_get_their_labels_afterwards(make: Make, qtbot: QtBot) -> None:
    arranger = make()

    arranger.show("a", a_chain(LABELS_UP_TO + 2))

    assert settled(arranger, qtbot).how == AFTERWARDS


def test_very_many_lines_are_arranged_plainly_and_that_is_said(make: Make, qtbot: QtBot) -> None:
    arranger = make()

    arranger.show("a", a_chain(GRAPHVIZ_UP_TO + 2))

    assert settled(arranger, qtbot).how == PLAIN
    assert arranger.problem == f"Graphviz was not asked: {GRAPHVIZ_UP_TO + 1} arrows are too many for it."


def test_labels_that_take_too_long_are_placed_afterwards(
    make: Make, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    arranger = make(HANGS_WITH_LABELS)
    arranger.show("other", a_chain(LABELS_UP_TO + 2))
    settled(arranger, qtbot)
    ask = arranger._aside.ask

    def with_little_time_for_labels(request: dict[str, Any], answered: Any, limit_ms: int | None) -> None:
        ask(request, answered, 300 if request["with_labels"] else limit_ms)

    monkeypatch.setattr(arranger._aside, "ask", with_little_time_for_labels)
    arranger.show("a", a_chain(5))

    assert settled(arranger, qtbot).how == AFTERWARDS


def test_a_graphviz_that_hangs_is_given_up_on(make: Make, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aside_module, "_START_MS", 0)
    arranger = make(HANGING)
    arranger.limit_ms = 100

    arranger.show("a", a_chain(5))

    assert settled(arranger, qtbot).how == PLAIN
    assert arranger.problem == "Graphviz could not be used. It took longer than 0.1 s."


@pytest.mark.parametrize("command", [DYING, WITHOUT_GRAPHVIZ])
def test_a_graphviz_that_dies_or_is_not_there_is_done_without(make: Make, qtbot: QtBot, command: Sequence[str]) -> None:
    arranger = make(command)

    arranger.show("a", a_chain(5))

    assert settled(arranger, qtbot).how == PLAIN
    assert arranger.problem.startswith("Graphviz could not be used.")


def test_what_was_arranged_before_is_there_at_once(make: Make, qtbot: QtBot) -> None:
    arranger = make()
    arranger.show("a", a_chain(5))
    before = settled(arranger, qtbot)
    arranger.show("b", a_chain(3))
    settled(arranger, qtbot)

    arranger.show("a", a_chain(5))

    assert arranger.placed is before
    assert not arranger.is_busy


def test_a_line_that_comes_moves_nothing(make: Make, qtbot: QtBot) -> None:
    arranger = make()
    arranger.show("a", a_chain(8))
    before = settled(arranger, qtbot)

    arranger.show("a", a_chain(8, [("state 0", "state 5")]))
    at_once = arranger.placed
    after = settled(arranger, qtbot)

    assert at_once is not None
    assert "state 0 > state 5" in at_once.routes
    assert after.boxes == before.boxes
    assert {name: after.routes[name] for name in before.routes} == before.routes


def test_a_line_that_goes_keeps_its_place(make: Make, qtbot: QtBot) -> None:
    arranger = make()
    whole = a_chain(8, [("state 0", "state 5")])
    arranger.show("a", whole)
    before = settled(arranger, qtbot)

    arranger.show("a", a_chain(8))
    arranger.show("a", whole)

    assert arranger.placed is before


def test_a_mark_that_comes_gets_a_free_spot(make: Make, qtbot: QtBot) -> None:
    arranger = make()
    arranger.show("a", a_chain(8))
    before = settled(arranger, qtbot)

    arranger.show("a", a_chain(8, [("state 4", "end")]))

    after = settled(arranger, qtbot)
    assert {name: after.boxes[name] for name in before.boxes} == before.boxes
    end = after.boxes["end"]
    assert all(abs(end[0] - x) >= 80 or abs(end[1] - y) >= 40 for x, y in before.boxes.values())


def test_a_state_that_comes_is_arranged_for(make: Make, qtbot: QtBot) -> None:
    arranger = make()
    arranger.show("a", a_chain(4))
    settled(arranger, qtbot)

    arranger.show("a", a_chain(5))

    assert "state 4" in settled(arranger, qtbot).boxes


def test_a_label_that_grows_moves_no_box(make: Make, qtbot: QtBot) -> None:
    arranger = make()
    arranger.show("a", a_chain(8))
    before = dict(settled(arranger, qtbot).boxes)

    arranger.show("a", a_chain(8, label=130))

    assert settled(arranger, qtbot).boxes == before


def test_all_is_arranged_anew_when_most_of_it_is_new(make: Make, qtbot: QtBot) -> None:
    arranger = make()
    arranger.show("a", a_chain(6))
    before = dict(settled(arranger, qtbot).boxes)
    more = [
        (f"state {tail}", f"state {head}") for tail in range(6) for head in range(6) if head not in (tail, tail + 1)
    ]

    arranger.show("a", a_chain(6, more))

    assert settled(arranger, qtbot).boxes != before


def test_what_comes_while_arranging_is_in_it_in_the_end(make: Make, qtbot: QtBot) -> None:
    arranger = make()

    arranger.show("a", a_chain(6))
    arranger.show("a", a_chain(6, [("state 0", "state 4"), ("state 5", "end")]))

    placed = settled(arranger, qtbot)
    assert {"state 0 > state 4", "state 5 > end"} <= placed.routes.keys()


def test_arranging_anew_looks_for_better_places(make: Make, qtbot: QtBot) -> None:
    arranger = make()
    arranger.show("a", a_chain(6))
    settled(arranger, qtbot)
    arranger.show("a", a_chain(6, [("state 0", "state 4")]))
    settled(arranger, qtbot)

    arranger.again()
    assert arranger.is_busy

    assert settled(arranger, qtbot).how == "Graphviz"


def test_nothing_to_arrange_is_no_work(make: Make) -> None:
    arranger = make()

    arranger.show("a", Graph((), ()))

    assert not arranger.is_busy
