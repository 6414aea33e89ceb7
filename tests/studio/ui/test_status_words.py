"""The strip says in words how the target is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tasktonic_studio.session.queues import CatalystFacts
from tasktonic_studio.session.target import TargetFacts
from tasktonic_studio.ui.status_words import (
    ago_words,
    catalyst_words,
    cost_words,
    hang_words,
    loss_words,
    rate_words,
    state_shape,
    state_words,
    target_name,
)
from tests.helpers.builders import MS, a_session_with_plant, plant_of

RUNNING = TargetFacts("running", "running", "launched", "/home/me/plant.py", (), 4711, "3.11.2")


@pytest.mark.parametrize(
    "target, words",
    [
        (TargetFacts(), "nothing is watched"),
        (TargetFacts("starting", "starting"), "starting"),
        (RUNNING, "running"),
        (replace(RUNNING, status="held", sentence="held"), "held"),
        (replace(RUNNING, status="ended", sentence="", exit_code=0), "ended, exit code 0"),
        (replace(RUNNING, status="ended", sentence="ended", exit_code=-9), "ended by signal 9"),
        (replace(RUNNING, status="ended", sentence="ended with exit code 3", exit_code=3), "ended with exit code 3"),
        (replace(RUNNING, status="lost", sentence="the connection is lost"), "the connection is lost"),
    ],
)
def test_the_state_is_told_in_words(target: TargetFacts, words: str) -> None:
    assert state_words(target) == words


@pytest.mark.parametrize(
    "target, shape",
    [
        (TargetFacts(), "○"),
        (RUNNING, "▶"),
        (replace(RUNNING, status="held"), "❚❚"),
        (replace(RUNNING, status="ended", exit_code=0), "○"),
        (replace(RUNNING, status="ended", exit_code=1), "✕"),
        (replace(RUNNING, status="lost"), "⤫"),
    ],
)
def test_every_state_has_a_shape(target: TargetFacts, shape: str) -> None:
    assert state_shape(target)[0] == shape


@pytest.mark.parametrize(
    "target, name",
    [
        (TargetFacts(), "no app"),
        (RUNNING, "plant.py"),
        (TargetFacts("running", pid=12), "process 12"),
        (replace(RUNNING, script="C:\\x\\y.py"), "y.py"),
    ],
)
def test_the_target_is_named_shortly(target: TargetFacts, name: str) -> None:
    assert target_name(target) == name


@pytest.mark.parametrize(
    "rate, words", [(0, "0 ev/s"), (949.6, "950 ev/s"), (12_400, "12.4k ev/s"), (1_250_000, "1.25M ev/s")]
)
def test_rates_are_short(rate: float, words: str) -> None:
    assert rate_words(rate) == words


@pytest.mark.parametrize(
    "span, words",
    [
        (0, "0 ms"),
        (40_000_000, "40 ms"),
        (3_200_000_000, "3.2 s"),
        (250_000_000_000, "4 min 10 s"),
        (7_500_000_000_000, "2 h 5 min"),
    ],
)
def test_spans_are_told_for_people(span: int, words: str) -> None:
    assert ago_words(span) == words


def test_losses_are_told() -> None:
    assert loss_words(RUNNING) == "nothing lost"
    assert loss_words(replace(RUNNING, lost_orders=1200, lost_runs=34)) == "⤫ 1,234 lost"


def test_the_cost_is_told_in_percent() -> None:
    assert cost_words(replace(RUNNING, cost_percent=1.26)) == "cost 1.3 %"


@pytest.mark.parametrize(
    "facts, words",
    [
        (CatalystFacts(1, "main", depth=3), "main  3"),
        (CatalystFacts(1, "main", depth=500), "◷ main  500"),
        (CatalystFacts(1, "main", held=True), "❚❚ main  0"),
        (CatalystFacts(1, "main", alive=False), "○ main"),
        (CatalystFacts(7), "catalyst 7  0"),
    ],
)
def test_a_catalyst_has_name_depth_and_a_shape(facts: CatalystFacts, words: str) -> None:
    assert catalyst_words(facts, RUNNING) == words


def test_a_catalyst_that_died_with_its_app_says_so() -> None:
    killed = replace(RUNNING, status="ended", exit_code=-9)

    assert catalyst_words(CatalystFacts(1, "main", depth=4, alive=False), killed) == "✕ main  4"


def test_a_sparkle_that_hangs_is_named() -> None:
    session = a_session_with_plant()
    plant = plant_of(session)
    plant.write.beat(plant.worker, 4, 900, 0, inside=plant.pumps[0])
    plant.write.wait(3_000 * MS)
    plant.write.beat(plant.main)

    before = hang_words(session.live)
    session.apply_events(session.live.n, plant.write.take())

    assert before == ""
    assert hang_words(session.live).startswith("inside pump 0")
