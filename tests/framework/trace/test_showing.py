"""A trace as lines, and which of its events are selected."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tasktonic.blocks import COLUMNS
from tasktonic.events import ByHand, Name, Text, type_by_code
from tasktonic.trace import TraceReader, perfetto
from tasktonic.trace.naming import Names
from tasktonic.trace.selecting import Selection, walk
from tasktonic.trace.showing import by_hand_words, duration, is_usual, line_of, object_of, printable

KEPT = Path(__file__).resolve().parents[2] / "data" / "traces"


def sample(kind: Any) -> Any:
    """An event of a kind with something in every field, none of it known by name."""
    values = {"q": 7, "b": True, "N": "a\x1b[31mname", "T": "a\x07text"}
    return kind(**{field: values[type_] for field, type_ in COLUMNS[kind]})


@pytest.mark.parametrize("kind", type_by_code.values(), ids=lambda kind: kind.__name__)
def test_every_kind_of_event_has_a_line_that_does_nothing_to_a_terminal(kind: Any) -> None:
    line = line_of(3, sample(kind), Names(), 0)

    assert line.split()[0] == "3"
    assert len(line.split()) > 1
    assert all(character.isprintable() or character == "\n" for character in line)


@pytest.mark.parametrize("kind", type_by_code.values(), ids=lambda kind: kind.__name__)
def test_every_kind_of_event_is_an_object_with_its_fields(kind: Any) -> None:
    event = sample(kind)

    row = json.loads(json.dumps(object_of(3, event, Names())))

    assert (row["n"], row["kind"]) == (3, kind.__name__)
    assert set(kind._fields) <= set(row)


@pytest.mark.parametrize(
    "nanoseconds, text", [(0, "0 ns"), (1_500, "1.5 µs"), (2_000_000, "2 ms"), (12_345_678_900, "12.346 s")]
)
def test_lengths_of_time_are_told_in_their_unit(nanoseconds: int, text: str) -> None:
    assert duration(nanoseconds) == text


def test_what_would_do_something_to_a_terminal_is_escaped() -> None:
    assert printable("ok \x1b[2J\r\n") == r"ok \x1b[2J\x0d\x0a"


def selected(name: str, **wanted: Any) -> list[Any]:
    with TraceReader(KEPT / name) as reader:
        return [
            (number, event, names.essence(getattr(event, "essence", -1)))
            for number, event, names in walk(reader, Selection(**wanted))
        ]


def test_nothing_wanted_selects_everything() -> None:
    with TraceReader(KEPT / "door.ttt") as reader:
        everything = [number for number, _ in reader.happened()]

    assert [number for number, _, _ in selected("door.ttt")] == everything


def test_tonics_are_selected_by_name() -> None:
    assert {name for _, event, name in selected("door.ttt", tonics=("bel?", "door")) if hasattr(event, "essence")} == {
        "bell",
        "door",
    }


def test_sparkles_are_selected_by_name() -> None:
    kinds = {type(event).__name__ for _, event, _ in selected("door.ttt", sparkles=("ttsc__ring",))}

    assert kinds == {"Ordered", "Ran", "Raised"}


def test_a_time_is_selected_without_reading_from_the_begin() -> None:
    late = selected("keyframes.ttt", from_s=0.0009)
    whole = selected("keyframes.ttt")

    assert late
    assert late[0][2] in ("pump", "")
    wanted = [number for number, event, _ in whole if _time(event) >= 1_000 + 900_000]
    assert [number for number, _, _ in late] == wanted


def _time(event: Any) -> int:
    return int(getattr(event, "t_ns", 0) or getattr(event, "begin_ns", 0))


def test_system_sparkles_are_not_usual() -> None:
    with TraceReader(KEPT / "door.ttt") as reader:
        usual = [
            line_of(number, event, names, 0)
            for number, event, names in walk(reader, Selection())
            if is_usual(event, names)
        ]

    assert not [line for line in usual if "_ttss__" in line]
    assert [line for line in usual if "(ignored)" in line]


# ---- for perfetto


def entries(name: str, **wanted: Any) -> list[dict[str, Any]]:
    with TraceReader(KEPT / name) as reader:
        return list(perfetto.entries(reader, Selection(**wanted)))


@pytest.mark.parametrize("name", ["door.ttt", "flight.ttt", "keyframes.ttt", "gap.ttt", "names.ttt", "cut.ttt"])
def test_every_entry_has_what_the_format_demands(name: str) -> None:
    for entry in entries(name):
        assert {"ph", "pid", "tid", "name"} <= set(entry)
        if entry["ph"] != "M":
            assert isinstance(entry["ts"], float)
        if entry["ph"] == "X":
            assert entry["dur"] >= 0
        json.dumps(entry)


def test_hooks_lie_inside_of_the_run_that_caused_them() -> None:
    runs = {entry["args"]["run"]: entry for entry in entries("door.ttt") if entry["ph"] == "X"}
    hooks = [entry for entry in runs.values() if "hook" in entry["args"]]

    assert hooks
    for hook in hooks:
        outer = runs[hook["args"]["order"]]
        assert outer["ts"] <= hook["ts"]
        assert hook["ts"] + hook["dur"] <= outer["ts"] + outer["dur"]


def test_every_arrow_has_two_ends() -> None:
    begins = [entry["id"] for entry in entries("door.ttt") if entry["ph"] == "s"]
    ends = [entry["id"] for entry in entries("door.ttt") if entry["ph"] == "f"]

    assert begins
    assert sorted(begins) == sorted(ends)


def test_depths_of_a_queue_are_counted_in_the_order_of_time() -> None:
    counted = [entry for entry in entries("keyframes.ttt") if entry["ph"] == "C"]

    assert [entry["ts"] for entry in counted] == sorted(entry["ts"] for entry in counted)
    assert {entry["args"]["orders"] for entry in counted} == {0, 1}


def test_a_counter_tells_the_first_the_most_and_the_last_of_a_millisecond() -> None:
    queue = perfetto._Queue()
    queue.queued.extend([*range(2_000_000, 2_000_500), 4_000_000])

    told = [*queue.until(2_000_200)]
    for time_ns in range(2_000_501, 2_000_900):
        told += queue.taken(time_ns)
    told += [*queue.until(5_000_000), *queue.rest()]

    assert told == [(2_000_000, 1), (2_000_499, 500), (2_000_899, 101), (4_000_000, 102)]


def test_a_counter_tells_every_change_of_a_queue_that_changes_seldom() -> None:
    queue = perfetto._Queue()
    queue.queued.extend([1_000_000, 3_000_000])

    told = [*queue.taken(1_000_010), *queue.taken(3_000_010), *queue.taken(4_500_000), *queue.rest()]

    assert told == [(1_000_000, 1), (1_000_010, 0), (3_000_000, 1), (3_000_010, 0), (4_500_000, 0)]


def test_lost_flow_is_a_bar_on_a_track_of_its_own() -> None:
    told = entries("gap.ttt")
    [bar] = [entry for entry in told if entry.get("cat") == "gap"]
    [title] = [entry for entry in told if entry["name"] == "thread_name" and entry["tid"] == bar["tid"]]

    assert bar["name"] == "70 orders and 71 runs"
    assert title["args"]["name"] == "not recorded"


def test_tracks_have_names_whatever_is_selected() -> None:
    told = entries("door.ttt", tonics=("bell",))

    names = {entry["tid"]: entry["args"]["name"] for entry in told if entry["name"] == "thread_name"}
    assert "hall" in names.values()
    assert {entry["tid"] for entry in told if entry["ph"] != "M"} == set(names)


def test_a_run_by_hand_says_so_once() -> None:
    event = ByHand(7, -1, Name("run by hand"), Text("sparkle(sparkle_count=1)"), Text("studio 0.1.0"))

    assert by_hand_words(event) == "by hand: run sparkle(sparkle_count=1) (studio 0.1.0)"
