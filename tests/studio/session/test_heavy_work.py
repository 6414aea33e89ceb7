"""Offloaded work as the session knows it: what waits, what runs, what is over."""

from __future__ import annotations

import pytest

from tasktonic import events as ev
from tasktonic_studio.session import heavy_work
from tasktonic_studio.session.heavy_work import EndedWork, WorkFacts
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.session import Session
from tests.helpers.builders import MS, EventWriter, tell


@pytest.fixture
def pump(session: Session, write: EventWriter) -> int:
    """A tonic that the session knows."""
    pump = write.born("Pump", "pump")
    tell(session, write)
    return pump


def how(known: Knowledge, essence: int) -> list[str]:
    """Each piece as its function and how it is: what is open, then what is over."""
    ended = known.heavy_work.ended_of(essence).last
    return [
        f"{work.function} {work.outcome or ('runs' if work.began_ns is not None else 'waits')}"
        for work in (*known.heavy_work.open_of(essence), *ended)
    ]


def test_work_waits_runs_and_is_over(session: Session, write: EventWriter, pump: int) -> None:
    handed_off, run = write.t_ns, write.sparkles(pump, "ttsc__open", took_ns=0)
    work = write.offload(pump, "survey", "thread", run)
    tell(session, write)
    (waits,) = session.live.heavy_work.open_of(pump)

    began = write.wait(MS)
    write.work_began(work, pump, "survey", "pool thread 3")
    tell(session, write)
    (runs,) = session.live.heavy_work.open_of(pump)

    ended = write.wait(MS)
    write.work_ended(work, pump, function="survey")
    changes = tell(session, write)

    assert waits == WorkFacts(work, pump, "survey", "thread", run, offloaded_ns=handed_off)
    assert (runs.began_ns, runs.worker, runs.ended_ns) == (began, "pool thread 3", None)
    assert session.live.heavy_work.open_of(pump) == []
    (over,) = session.live.heavy_work.ended_of(pump).last
    assert (over.offloaded_ns, over.began_ns, over.ended_ns) == (handed_off, began, ended)
    assert (over.outcome, over.error) == ("done", "")
    assert changes.essences == {pump}


def test_work_that_failed_says_with_what(session: Session, write: EventWriter, pump: int) -> None:
    write.work_ended(write.offload(pump), pump, "failed", "ValueError: " + "no luck " * 1_000)
    tell(session, write)

    (failed,) = session.live.heavy_work.ended_of(pump).last
    assert failed.outcome == "failed"
    assert failed.error.startswith("ValueError: no luck no luck")
    assert len(failed.error) == heavy_work.ERROR_KEPT


def test_each_tonic_has_its_own_work(session: Session, write: EventWriter, pump: int) -> None:
    other = write.born("Pump", "other")
    write.offload(pump, "survey")
    write.work_ended(write.offload(other, "render"), other, "cancelled", function="render")
    write.work_began(write.offload(other, "paint"), other, "paint")
    tell(session, write)

    assert how(session.live, pump) == ["survey waits"]
    assert how(session.live, other) == ["paint runs", "render cancelled"]


def test_work_that_a_snapshot_states_again_goes_on_as_it_was(session: Session, write: EventWriter, pump: int) -> None:
    work = write.offload(pump)
    write.work_began(work, pump)
    stated = list(write.written)
    tell(session, write)
    before = session.live.heavy_work.open_of(pump)

    write.written = stated
    tell(session, write)

    assert session.live.heavy_work.open_of(pump) == before


def test_work_is_known_also_by_its_begin_or_its_end_alone(session: Session, write: EventWriter, pump: int) -> None:
    write.work_began(7, pump, "survey")
    write.work_ended(8, pump, function="render")
    tell(session, write)

    assert how(session.live, pump) == ["survey runs", "render done"]
    assert session.live.heavy_work.open_of(pump)[0].offloaded_ns is None


def test_of_each_way_to_end_the_last_stay_and_all_are_counted(session: Session, write: EventWriter, pump: int) -> None:
    for number in range(20):
        work = write.offload(pump, f"f{number}")
        write.work_ended(work, pump, "failed" if number % 10 == 0 else "done", function=f"f{number}")
    for _ in range(50):
        write.work_ended(write.offload(pump, "spared"), pump, "cancelled", function="spared")
    tell(session, write)

    assert session.live.heavy_work.ended_of(pump).counts == (18, 2, 50)
    assert how(session.live, pump) == [
        *["spared cancelled"] * 4,
        "f19 done",
        "f18 done",
        "f17 done",
        "f16 done",
        "f10 failed",
        "f0 failed",
    ]


def test_work_that_is_over_is_forgotten_of_the_tonic_whose_last_ended_longest_ago(
    session: Session, write: EventWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heavy_work, "TONICS_KEPT", 2)
    for essence in (1, 2, 1, 3):
        write.work_ended(write.offload(essence), essence)
    tell(session, write)

    assert [session.live.heavy_work.ended_of(essence).counts[0] for essence in (1, 2, 3)] == [2, 0, 1]
    assert session.live.heavy_work.ended_of(2) == EndedWork()


def test_work_beyond_all_measure_is_forgotten_the_oldest_first(
    session: Session, write: EventWriter, pump: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heavy_work, "OPEN_KEPT", 5)
    works = [write.offload(pump) for _ in range(9)]
    tell(session, write)

    assert [work.number for work in session.live.heavy_work.open_of(pump)] == works[-5:]


def test_at_each_past_moment_work_is_as_it_was(session: Session, write: EventWriter, pump: int) -> None:
    before = session.live.n
    work = write.offload(pump)
    write.work_began(work, pump)
    write.work_ended(work, pump, "failed", "E: x")
    tell(session, write)

    pasts = [how(session.at(before + events), pump) for events in (0, 1, 2, 3)]

    assert pasts == [[], ["crunch waits"], ["crunch runs"], ["crunch failed"]]
    assert how(session.live, pump) == ["crunch failed"]


def test_another_app_in_the_process_begins_with_no_work(session: Session, write: EventWriter, pump: int) -> None:
    write.work_ended(write.offload(pump, "old"), pump, function="old")
    write.work_began(write.offload(pump, "left"), pump, "left")
    write.add(ev.AppEnded(write.t_ns, 1, ev.Text("")))
    tell(session, write)
    first = session.live.n

    second = EventWriter(app=2, name="Second")
    assert second.born("Valve", "valve") == pump
    before = (tell(session, second), how(session.live, pump))[1]
    work = second.offload(pump, "new")
    assert work == 1, "numbers begin anew"
    tell(session, second)

    assert before == []
    assert how(session.live, pump) == ["new waits"]
    assert how(session.at(first), pump) == ["left runs", "old done"]


def test_failed_work_is_one_line_of_the_log_and_only_when_nobody_took_its_error(
    session: Session, write: EventWriter, pump: int
) -> None:
    write.work_ended(write.offload(pump), pump, "failed", "ValueError: taken")
    write.work_ended(write.offload(pump), pump, "failed", "ValueError: no luck")
    write.raised(pump, "crunch", "ValueError", "no luck")
    tell(session, write)

    assert [(line.level, line.text) for line in session.live.log] == [("error", "ValueError: no luck in crunch")]
