"""How often each handler ran, now and at any moment before, with the same numbers as a plain count."""

from __future__ import annotations

from collections import Counter

import pytest

from tasktonic import events as ev
from tasktonic_studio.session import columns, handler_figures
from tasktonic_studio.session.handler_figures import HandlerFigures
from tasktonic_studio.session.knowledge import Knowledge
from tests.helpers.builders import MS, EventWriter, a_session, a_session_with_plant, plant_of


def counted(known: Knowledge) -> dict[tuple[int, int], int]:
    rows = known.runs.rows(known.runs.count_at(known.app.first_n), len(known.runs))
    return dict(Counter((row.sparkle, row.before) for row in rows if not row.flags & ev.IGNORED))


def figures_of(figures: HandlerFigures, known: Knowledge) -> dict[tuple[int, int], int]:
    found = figures.at(known)
    assert found.is_all
    return {key: found[key].runs for key in found.keys()}  # noqa: SIM118


def test_live_and_past_moments_have_the_numbers_of_a_plain_count() -> None:
    session = a_session_with_plant(rounds=10)
    figures = HandlerFigures()
    half = session.at(session.live.n // 2)

    assert figures_of(figures, session.live) == counted(session.live)
    assert figures_of(figures, half) == counted(half)
    session.apply_events(session.live.n, plant_of(session).live(5))

    assert figures_of(figures, session.live) == counted(session.live)
    assert figures_of(figures, half) == counted(half)
    assert counted(half) != counted(session.live)


def test_the_last_run_and_errors_are_told_and_what_was_ignored_is_not() -> None:
    write = EventWriter()
    write.cls("Door", ("open", "closed"), ("ttsc__open",))
    door = write.born("Door", "door", state="closed")
    write.sparkles(door, "ttsc__open", took_ns=3 * MS)
    write.wait(MS)
    began_ns = write.t_ns
    write.sparkles(door, "ttsc__open", took_ns=7 * MS, flags=ev.ERROR)
    write.sparkles(door, "ttsc__open", took_ns=1, flags=ev.IGNORED)
    session = a_session()
    session.apply_events(session.live.n, write.take())

    found = HandlerFigures().at(session.live)

    (key,) = found.keys()
    only = found[key]
    assert (only.runs, only.errors) == (2, 1)
    assert only.last_end_ns - only.last_begin_ns == 7 * MS
    assert only.last_begin_ns >= began_ns


def test_another_app_begins_anew() -> None:
    session = a_session_with_plant(rounds=3)
    figures = HandlerFigures()
    figures.at(session.live)
    write = EventWriter(app=2)
    write.cls("Other", (), ("ttsc__open",))
    door = write.born("Other", "other")
    write.sparkles(door, "ttsc__open")

    session.apply_events(session.live.n, write.take())

    assert sum(figures_of(figures, session.live).values()) == 1


def test_a_long_run_is_counted_in_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (columns, handler_figures):
        monkeypatch.setattr(module, "CHUNK_ROWS", 64)
    monkeypatch.setattr(columns, "STRETCH_ROWS", 16)
    monkeypatch.setattr(handler_figures, "_CHUNKS_AT_ONCE", 2)
    session = a_session_with_plant(rounds=30)
    figures = HandlerFigures()

    turns = 1
    while not figures.at(session.live).is_all:
        turns += 1

    assert turns > 2
    assert figures_of(figures, session.live) == counted(session.live)
    early = session.at(session.live.n // 3)
    assert figures_of(figures, early) == counted(early)
