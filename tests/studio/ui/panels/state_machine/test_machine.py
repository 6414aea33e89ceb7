"""A class's machine out of three sources: names, source, what was seen; its table, its words, its exports."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tasktonic import events as ev
from tasktonic_studio.analysis.files import Files
from tasktonic_studio.analysis.machine_source import SourceMachine, read_machine
from tasktonic_studio.session.names import Place
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.panels.state_machine.exporting import mermaid, table_csv
from tasktonic_studio.ui.panels.state_machine.machine import (
    Machine,
    arrow_id,
    class_of,
    instance_of,
    machine_of,
    passages,
    trail_of,
    words_of,
)
from tasktonic_studio.ui.panels.state_machine.matching import matches_of
from tasktonic_studio.ui.panels.state_machine.telling import busiest, heading_words, nothing_words
from tests.helpers.builders import MS
from tests.helpers.machines import CLOSED, LOCKED, OPEN, Doors, Machinery


@pytest.fixture
def doors(tmp_path: Path) -> Doors:
    return Doors(tmp_path)


def source_of(doors: Doors) -> SourceMachine:
    defined = doors.session.live.names.classes[doors.cls]
    return read_machine(Files(), defined.file, "Door", states=["closed", "locked", "open"])


def machine(doors: Doors, *, with_source: bool = True) -> Machine:
    return machine_of(doors.session.live, doors.cls, source_of(doors) if with_source else None)


def how(made: Machine, tail: str, head: str) -> str:
    return made.arrows[arrow_id(tail, head)].how


def test_what_was_seen_is_counted_with_its_sparkle(doors: Doors) -> None:
    arrow = machine(doors).arrows[arrow_id("state closed", "state open")]

    assert (arrow.how, arrow.count) == ("seen", 2)
    assert [(it.sparkle, it.count) for it in arrow.labels] == [("ttsc__open", 2)]


def test_each_source_has_its_own_kind_of_arrow(doors: Doors) -> None:
    made = machine(doors)

    assert how(made, "begin", "state closed") == "seen"
    assert how(made, "state closed", "state locked") == "source"
    assert how(made, "state locked", "state closed") == "computed"
    assert how(made, "state open", "computed") == "computed"
    assert how(made, "state locked", "unknown brokn") == "unknown"
    assert how(made, "any", "state locked") == "source"


def test_without_source_there_is_what_was_seen(doors: Doors) -> None:
    made = machine(doors, with_source=False)

    assert set(made.arrows) == {
        arrow_id("begin", "state closed"),
        arrow_id("state closed", "state open"),
        arrow_id("state open", "state closed"),
    }
    assert set(made.nodes) == {"begin", "state closed", "state locked", "state open"}


def test_what_a_source_says_is_seen_once_it_happens(doors: Doors) -> None:
    doors.do(doors.doors[1], "ttsc__lock", "locked")
    doors.take()

    arrow = machine(doors).arrows[arrow_id("state closed", "state locked")]

    assert arrow.how == "seen"
    assert [(it.sparkle, it.count, it.how) for it in arrow.labels] == [("ttsc__lock", 1, "seen")]
    assert arrow.labels[0].place == Place(doors.session.live.names.classes[doors.cls].file, 15)


def test_a_way_from_any_state_is_seen_when_it_was_gone_from_one(doors: Doors) -> None:
    doors.do(doors.doors[1], "ttsc__alarm", "locked")
    doors.take()

    made = machine(doors)

    assert how(made, "any", "state locked") == "seen"
    labels = made.arrows[arrow_id("state closed", "state locked")].labels
    assert {it.sparkle for it in labels} == {"ttsc__alarm", "ttsc__lock"}


def test_a_way_whose_cause_was_lost_is_seen(doors: Doors) -> None:
    doors.write.add(ev.StateChanged(doors.write.t_ns, doors.doors[1], CLOSED, LOCKED, 999_999))
    doors.take()

    arrow = machine(doors, with_source=False).arrows[arrow_id("state closed", "state locked")]

    assert (arrow.how, arrow.count, arrow.labels, arrow.lost) == ("seen", 1, (), 1)


def test_stopping_the_machine_leads_to_the_end(doors: Doors) -> None:
    doors.write.add(ev.StateChanged(doors.write.t_ns, doors.doors[1], CLOSED, ev.NO_STATE, 0))
    doors.take()

    assert how(machine(doors), "state closed", "end") == "seen"


def test_the_end_of_a_tonic_needs_no_other_cause(doors: Doors) -> None:
    doors.write.add(ev.StateChanged(doors.write.t_ns, doors.doors[1], CLOSED, ev.NO_STATE, 0))
    doors.write.add(ev.StateChanged(doors.write.t_ns, doors.doors[2], CLOSED, LOCKED, 999_999))
    doors.take()

    arrows = machine(doors, with_source=False).arrows

    assert arrows[arrow_id("state closed", "end")].without_cause == "it finished"
    assert arrows[arrow_id("state closed", "state locked")].without_cause == "cause not seen"


def test_a_change_asked_for_while_entering_is_named_for_that(doors: Doors) -> None:
    enter = doors.write.sparkle(doors.cls, "ttse__on_enter")
    method = ev.Name("ttse_open__on_enter")
    doors.write.add(ev.HandlerDefined(doors.cls, enter, ev.Name("open"), method, ev.Name(""), 0))
    opened = doors.write.sparkle(doors.cls, "ttsc__open")
    doors.write.add(ev.StateChanged(1, doors.doors[1], CLOSED, OPEN, 77))
    doors.write.add(ev.StateChanged(1, doors.doors[1], OPEN, LOCKED, 77))
    doors.write.add(ev.Ran(1, 2, 77, 77, 0, doors.doors[1], opened, CLOSED, LOCKED, 0))
    doors.take()

    arrow = machine(doors, with_source=False).arrows[arrow_id("state open", "state locked")]

    assert [it.sparkle for it in arrow.labels] == ["ttse__on_enter"]


def test_entering_anew_counts_as_seen_when_its_sparkle_ran() -> None:
    text = "class Loop:\n def ttsc_on__again(self): self.reenter_current_state()\n"
    made = Machinery()
    cls = made.define("Loop", ("on",), [("ttsc__again", "on")])
    loop = made.write.born("Loop", state="on")
    source = read_machine(Files({"/loop.py": text}), "/loop.py", "Loop")
    made.take()
    before = machine_of(made.session.live, cls, source).arrows[arrow_id("state on", "state on")].how
    made.write.sparkles(loop, "ttsc__again")
    made.take()

    after = machine_of(made.session.live, cls, source).arrows[arrow_id("state on", "state on")].how

    assert (before, after) == ("source", "seen")


def test_living_tonics_are_counted_per_state(doors: Doors) -> None:
    assert machine(doors).instances == {CLOSED: 2, OPEN: 1}


# ---- the table -------------------------------------------------------------------------------------------------------


def test_the_table_says_what_is_handled_generic_and_ignored(doors: Doors) -> None:
    made = machine(doors)

    assert made.cells[CLOSED, "ttsc__open"].words == "handled 2×"
    assert made.cells[OPEN, "ttsc__open"].words == ""
    assert made.cells[OPEN, "ttsc__alarm"].words == "generic"
    assert made.cells[OPEN, "ttsc__lock"].words == "ignored 1×"
    assert made.cells[-1, "ttse__on_start"].words == "generic 3×"
    assert made.rows == [-1, CLOSED, LOCKED, OPEN]


def test_the_frameworks_own_sparkles_are_not_in_the_table(doors: Doors) -> None:
    doors.write.sparkle(doors.cls, "_ttss__finish")
    doors.write.sparkle(doors.cls, "ttsc_open__close")
    doors.take()

    commands = ["alarm", "break", "close", "lock", "open", "paint", "unlock"]
    assert machine(doors).sparkles == [*(f"ttsc__{it}" for it in commands), "ttse__on_start"]


# ---- one tonic -------------------------------------------------------------------------------------------------------


def test_the_trail_is_the_newest_first(doors: Doors) -> None:
    trail = trail_of(doors.session.live, doors.doors[0], 3)

    assert [(it.old, it.new) for it in trail] == [(CLOSED, OPEN), (OPEN, CLOSED), (CLOSED, OPEN)]


def test_the_trail_is_found_behind_what_others_did(doors: Doors) -> None:
    for run in range(60_000):
        doors.write.add(ev.StateChanged(1, doors.doors[1], run % 2 * 2, 2 - run % 2 * 2, run))
    doors.take()

    assert len(trail_of(doors.session.live, doors.doors[0])) == 4


def test_passages_are_those_of_the_class_the_newest_first(doors: Doors) -> None:
    doors.write.cls("Gate", ("a", "b", "c"))
    gate = doors.write.born("Gate", state="a")
    doors.write.add(ev.StateChanged(doors.write.wait(MS), gate, CLOSED, OPEN, 0))
    doors.take()
    made = machine(doors)

    found = passages(doors.session.live, made, made.arrows[arrow_id("state closed", "state open")])

    assert [it.essence for it in found] == [doors.doors[0]] * 2
    assert found[0].n > found[1].n


@pytest.mark.parametrize("kind", ["essence", "run", "state", "class"])
def test_a_thing_leads_to_its_class(doors: Doors, kind: str) -> None:
    key = {"essence": doors.doors[0], "run": 1, "state": (doors.cls, 1), "class": doors.cls}[kind]
    thing = Thing(kind, key)  # type: ignore[arg-type]

    assert class_of(doors.session.live, thing) == doors.cls
    assert (instance_of(doors.session.live, thing) is not None) is (kind in ("essence", "run"))


@pytest.mark.parametrize("thing", [None, Thing("essence", 4711), Thing("place", ("a.py", 1)), Thing("class", 99)])
def test_a_thing_without_a_class_leads_to_none(doors: Doors, thing: Thing | None) -> None:
    assert class_of(doors.session.live, thing) == -1


# ---- words -----------------------------------------------------------------------------------------------------------


def test_the_heading_says_where_a_tonic_is_and_how_it_came(doors: Doors) -> None:
    known = doors.session.live

    words = heading_words(known, machine(doors), known.essences.get(doors.doors[0]))

    assert words == "door 0 (Door) · is in open · came no state → closed → open → closed → open"


def test_the_heading_tells_a_pace_that_cannot_be_read(doors: Doors) -> None:
    for run in range(50):
        doors.write.wait(20_000)
        doors.write.add(ev.StateChanged(doors.write.t_ns, doors.doors[1], run % 2 * 2, 2 - run % 2 * 2, run))
    doors.take()
    known = doors.session.live

    words = heading_words(known, machine(doors), known.essences.get(doors.doors[1]))

    assert words.endswith("about 50.0\u202fk changes a second")


def test_the_heading_of_a_class_counts_its_tonics(doors: Doors) -> None:
    assert heading_words(doors.session.live, machine(doors), None) == "Door · 3 tonics"


def test_the_heading_of_a_finished_tonic_says_so(doors: Doors) -> None:
    doors.write.ended(doors.doors[0])
    doors.take()
    known = doors.session.live

    assert heading_words(known, machine(doors), known.essences.get(doors.doors[0])) == "door 0 (Door) · has finished"


def test_an_arrow_is_a_sentence(doors: Doors) -> None:
    made = machine(doors)

    ways = [made.arrows[arrow_id(*it)] for it in (("state closed", "state open"), ("state locked", "unknown brokn"))]

    assert [words_of(way, made.nodes) for way in ways] == [
        "closed → open: seen 2 times; ttsc__open 2×",
        "locked → brokn: unknown state; ttsc__break",
    ]


def test_the_busiest_class_is_the_one_with_most_changes(doors: Doors) -> None:
    doors.write.cls("Gate", ("a", "b"))
    doors.take()

    assert busiest(doors.session.live) == doors.cls


def test_without_states_there_is_nothing_to_choose() -> None:
    made = Machinery()
    made.take()

    assert busiest(made.session.live) == -1
    assert nothing_words(made.session.live)[2] is False


# ---- search ----------------------------------------------------------------------------------------------------------


def test_what_is_nowhere_is_said(doors: Doors) -> None:
    assert matches_of(machine(doors), "LOCK on").problems == ("No state and no sparkle has “LOCK on” in its name.",)


def test_a_sparkle_that_is_looked_for_leaves_its_way_bright(doors: Doors) -> None:
    made = machine(doors)

    found = matches_of(made, "UNlock")

    assert made.arrows.keys() - found.dim_arrows == {arrow_id("state locked", "state closed")}
    assert made.nodes.keys() - found.dim_nodes == {"state locked", "state closed"}
    assert found.shown_sparkles == {"ttsc__unlock"}


def test_a_state_that_is_looked_for_leaves_its_ways_bright(doors: Doors) -> None:
    made = machine(doors)

    found = matches_of(made, "brokn")

    assert made.arrows.keys() - found.dim_arrows == {arrow_id("state locked", "unknown brokn")}
    assert matches_of(made, "open").shown_states == {OPEN}


# ---- exports ---------------------------------------------------------------------------------------------------------


def test_mermaid_has_every_state_and_way(doors: Doors) -> None:
    lines = mermaid(machine(doors)).splitlines()

    assert lines[:2] == ["stateDiagram-v2", "    %% Door"]
    assert "    [*] --> closed : ttse__on_start 3×" in lines
    assert "    closed --> open : ttsc__open 2×" in lines
    assert "    closed --> locked : ttsc__lock (source)" in lines
    assert any(line.startswith('    state "brokn (no such state)" as s') for line in lines)
    assert len([line for line in lines if "-->" in line]) == len(machine(doors).arrows)


def test_mermaid_keeps_out_what_would_mean_something() -> None:
    made = Machinery()
    cls = made.define('Odd"\n%%', ('say "hi"; #1: x', "end"), [])
    made.take()

    text = mermaid(machine_of(made.session.live, cls))

    assert 'state "say #34;hi#34;#59; #35;1#58; x" as s' in text
    assert 'state "end" as s' in text


def test_the_table_as_csv_has_a_line_per_pair(doors: Doors) -> None:
    made = machine(doors)

    rows = list(csv.DictReader(io.StringIO(table_csv(made))))

    assert len(rows) == 4 * len(made.sparkles)
    assert list(rows[0]) == ["class", "state", "sparkle", "handler", "method", "ran", "ignored"]
    (one,) = [row for row in rows if row["state"] == "closed" and row["sparkle"] == "ttsc__open"]
    assert (one["handler"], one["method"], one["ran"], one["ignored"]) == ("handled", "ttsc_closed__open", "2", "0")
