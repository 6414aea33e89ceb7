"""Why? and Why not? on records of real apps that act at random, against plain slow models."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tasktonic import events as ev
from tasktonic import ttTonic
from tasktonic.recorder import record
from tasktonic_studio.session.answers import Reason, Role
from tasktonic_studio.session.causes import why
from tasktonic_studio.session.chain import MOST_STEPS
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.why_not import NotInState, NotRun, why_not
from tests.helpers.apps import run_app
from tests.helpers.random_apps import events_of, random_run
from tests.helpers.why_apps import session_of
from tests.studio.session.test_causes import model, steps_of

SEEDS = range(6)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_run_of_a_random_app_leads_to_the_outside(seed: int, tmp_path: Path) -> None:
    file = random_run(seed, tmp_path / "run.ttt")
    known, rows = session_of(file).live, events_of(file)
    runs = [row.run for row in rows if isinstance(row, ev.Ran)]
    assert len(runs) > 100

    for run in runs:
        answer = why(known, Thing("run", run))

        chain, _ = model(rows, run)
        told = steps_of(answer)
        assert told == chain[:MOST_STEPS]
        assert any(it.role is Role.OUTSIDE for it in answer.sentences) or len(told) == MOST_STEPS, answer.text
        assert answer.is_exact or len(told) == MOST_STEPS, answer.text


@pytest.mark.parametrize("seed", SEEDS)
def test_what_became_of_the_calls_of_a_random_app_is_counted_exactly(seed: int, tmp_path: Path) -> None:
    file = random_run(seed, tmp_path / "run.ttt")
    known, rows = session_of(file).live, events_of(file)
    names = {row.sparkle: row.name for row in rows if isinstance(row, ev.SparkleDefined)}

    for essence in {row.essence for row in rows if isinstance(row, ev.Ordered)}:
        for sparkle in {row.sparkle for row in rows if isinstance(row, ev.Ordered) and row.essence == essence}:
            answer = why_not(known, NotRun(essence, names[sparkle]))

            assert counted(answer.reasons) == fates(rows, essence, sparkle), answer.text
            assert answer.is_exact, answer.text


@pytest.mark.parametrize("seed", SEEDS)
def test_states_that_a_random_app_went_to_are_counted_exactly(seed: int, tmp_path: Path) -> None:
    file = random_run(seed, tmp_path / "run.ttt")
    known, rows = session_of(file).live, events_of(file)
    states = {(row.cls, row.index): row.name for row in rows if isinstance(row, ev.StateDefined)}

    for born in [row for row in rows if isinstance(row, ev.Born) and (row.cls, 0) in states]:
        for index in (0, 1):
            answer = why_not(known, NotInState(born.essence, states[born.cls, index]))

            mine = [row for row in rows if getattr(row, "essence", -1) == born.essence]
            went = sum(isinstance(row, ev.StateChanged) and row.new == index for row in mine)
            already = sum(isinstance(row, ev.Unmoved) and row.state == index for row in mine)
            assert answer.reasons.get(Reason.IT_DID, 0) == went
            assert answer.reasons.get(Reason.ALREADY, 0) == already


def fates(rows: list[Any], essence: int, sparkle: int) -> Counter[Reason]:
    """What became of the calls of a sparkle, by looking at every event."""
    found: Counter[Reason] = Counter()
    for row in rows:
        if getattr(row, "essence", -1) != essence or getattr(row, "sparkle", -1) != sparkle:
            continue
        if isinstance(row, ev.Ran) and not row.flags & ev.HOOK:
            found[Reason.IGNORED if row.flags & ev.IGNORED else Reason.IT_DID] += 1
        elif isinstance(row, ev.Dropped):
            found[Reason.DEAD if row.reason == "ended" else Reason.DROPPED] += 1
    return found


def counted(reasons: dict[Reason, int]) -> Counter[Reason]:
    fate = (Reason.IGNORED, Reason.IT_DID, Reason.DROPPED, Reason.DEAD, Reason.WAITING)
    return Counter({reason: count for reason, count in reasons.items() if reason in fate and count})


def test_who_comes_late_to_a_real_app_does_not_know_what_was_before(tmp_path: Path) -> None:
    class Door(ttTonic):
        def ttsc__open(self) -> None: ...

    class Guest(ttTonic):
        def ttse__on_start(self) -> None:
            self.door = Door(name="old door")
            self.door.ttsc__open()
            self.ttsc__look()

        def ttsc__look(self) -> None:
            recorders.append(record(tmp_path / "run.ttt"))
            Door(name="new door", context=self)
            self.ttsc__leave()

        def ttsc__leave(self) -> None:
            recorders.pop().stop()
            self.door.finish()
            self.finish()

    recorders: list[Any] = []
    run_app(lambda: Guest(name="guest"))
    known = session_of(tmp_path / "run.ttt").live
    doors = {known.essences.name(it): it for it in known.essences}

    old = why_not(known, NotRun(doors["old door"], "ttsc__open"))
    new = why_not(known, NotRun(doors["new door"], "ttsc__open"))

    assert not old.is_exact
    assert "what was before is not known." in old.text
    assert new.is_exact, new.text
    assert new.reasons == {Reason.NEVER_CALLED: 0}
