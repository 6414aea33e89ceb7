"""All findings of a run: their order, their bounds, their words; and that what is right raises no alarm."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tasktonic import events as ev
from tasktonic_studio.session.finding_filter import FindingFilter
from tasktonic_studio.session.finding_words import KINDS, ranked, thing_of, tonic_of
from tasktonic_studio.session.findings import MOST
from tasktonic_studio.session.session import Session
from tests.helpers.builders import MS, EventWriter
from tests.helpers.found import BY_THE_CLOCK, kinds, session_of
from tests.helpers.patience import PATIENCE_S

ROOT = Path(__file__).resolve().parents[3]


# ---- no false alarm ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name, on_purpose",
    [
        ("hello_tonic.py", set()),
        ("calendar_alarm.py", set()),
        ("chunked_work.py", set()),
        ("heavy_work.py", set()),
        ("own_log_service.py", {"error"}),
        ("pipeline.py", set()),
        ("shared_service.py", set()),
        ("store_bindings.py", set()),
        ("tested_door.py", set()),
        ("traffic_light.py", set()),
        ("two_catalysts.py", set()),
    ],
)
def test_examples_have_only_the_problems_that_they_show_on_purpose(
    name: str, on_purpose: set[str], user_folders: Path
) -> None:
    trace = user_folders / "example.ttt"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TASKTONIC_RECORD": str(trace)}
    subprocess.run(
        [sys.executable, str(ROOT / "examples" / name)],
        env=environment,
        cwd=user_folders,
        capture_output=True,
        check=True,
        timeout=4 * PATIENCE_S,
    )

    known = session_of(trace).live

    assert len(known.runs) > 5
    assert set(kinds(known, BY_THE_CLOCK)) == on_purpose


# ---- all together -----------------------------------------------------------------------------------------------------


def test_the_worst_comes_first_and_rows_keep_their_places_while_they_count() -> None:
    write = EventWriter()
    write.cls("ttCatalyst")
    write.catalyst("main")
    pump = write.born("Pump", "pump")
    write.add(ev.Gap(write.t_ns, write.wait(MS), 1, 1))
    for text in ("late", "early"):
        write.raised(pump, "ttsc__open", "ValueError", text, 0)
    session = Session()
    session.apply_events(0, write.take())

    before = [it.key for it in ranked(session.live)]
    write.raised(pump, "ttsc__open", "ValueError", "early", 0)
    session.apply_events(session.live.n, write.take())

    assert kinds(session.live) == ["error", "error", "lost"]
    assert [it.key for it in ranked(session.live)] == before
    assert [it.times for it in ranked(session.live)] == [1, 2, 1]


def test_findings_of_an_app_before_stay_and_point_at_nothing() -> None:
    session = Session()
    for app in (1, 2):
        write = EventWriter(app=app)
        pump = write.born("Pump", "pump")
        write.raised(pump, "ttsc__open", "ValueError", "dry", 0)
        session.apply_events(session.live.n, write.take())

    first, second = ranked(session.live)

    assert (first.app, second.app) == (1, 2)
    assert thing_of(session.live, first) is None
    assert thing_of(session.live, second) is not None
    assert tonic_of(session.live, first) == "pump"


def test_a_flood_of_different_findings_is_bounded() -> None:
    write = EventWriter()
    pump = write.born("Pump", "pump")
    for number in range(MOST + 50):
        write.raised(pump, f"ttsc__open_{'x' * number}", "ValueError", "dry", 0)
    session = Session()
    session.apply_events(0, write.take())

    assert len(ranked(session.live)) == MOST


def test_every_kind_says_what_is_looked_for_and_what_to_do() -> None:
    for kind in KINDS:
        assert kind.looked_for
        assert len(kind.advice.removesuffix(".").split(". ")) >= 2, kind


def test_a_filter_that_does_not_exist_is_named() -> None:
    assert FindingFilter("knd:giant").problem.startswith("There is no filter 'knd:'. Did you mean 'kind:'?")
