"""The trace file, written and read back: its events, its keyframes, and where it cannot be written."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tasktonic.events import Born, ClassDefined, Gap, Ordered, Ran, StoreChanged, TimerFired, TimerSet
from tasktonic.trace import TraceReader, TraceWriter, ttTraceFileError
from tasktonic.trace.facts import Facts
from tests.helpers.stream_rows import PLANT, made, order, run, steps
from tests.helpers.trace_bytes import write

# ---- there and back


def test_events_come_back_with_their_numbers(path: Path) -> None:
    write(path, PLANT, [order(1), run(1)])

    with TraceReader(path) as reader:
        happened = list(reader.happened())

    assert happened[:3] == list(enumerate(PLANT))
    assert [type(event) for _, event in happened[3:]] == [Ordered, Ran]
    assert [number for number, _ in happened] == [0, 1, 2, 3, 4]


def test_a_closed_file_says_how_it_ended(path: Path) -> None:
    write(path, PLANT)

    with TraceReader(path) as reader:
        assert reader.is_closed
        assert reader.condition == ""
        assert reader.meta["end"]["reason"] == "The app has ended."


def test_meta_says_what_was_recorded(path: Path) -> None:
    write(path, PLANT, [made.AppEnded(90, 1, "ValueError: no")])

    with TraceReader(path) as reader:
        assert reader.meta["kind"] == "recording"
        [app] = reader.meta["apps"]
    assert (app["name"], app["pid"], app["problem"]) == ("plant", 77, "ValueError: no")


def test_reading_can_begin_at_an_event_in_the_middle(path: Path) -> None:
    write(path, PLANT, *(steps(n, 50) for n in range(0, 500, 50)), keyframe_events=200)

    with TraceReader(path) as reader:
        all_events = list(reader.happened())
        late = list(reader.happened(777))
        blocks_read = sum(1 for _ in reader.blocks(777))

    assert late == all_events[777:]
    assert blocks_read < 10, "it was read from the begin"


def test_keyframe_states_what_the_facts_before_it_have_made_so(path: Path) -> None:
    write(path, PLANT, *(steps(n, 50) for n in range(0, 500, 50)), keyframe_events=200)

    with TraceReader(path) as reader:
        assert len(reader.keyframes) > 2
        for event in (3, 200, 203, 555, 1_003):
            facts = Facts()
            facts.take(row for n, row in reader.happened() if n < event)
            assert reader.facts_at(event).present(0) == facts.present(0)


def test_source_of_the_defining_files_goes_along(path: Path, tmp_path: Path) -> None:
    script = tmp_path / "plänt.py"
    script.write_text("# -*- coding: latin-1 -*-\nclass Pump: 'ä'\n", encoding="latin-1")
    write(path, [made.ClassDefined(1, "Pump", "plant", str(script), 2, "", "")])
    script.write_text("class Other: ...\n")

    with TraceReader(path) as reader:
        [source] = reader.sources()

    assert source.file == str(script)
    assert "class Pump: 'ä'" in source.text


def test_source_can_be_left_out(path: Path) -> None:
    write(path, [made.ClassDefined(1, "Pump", "plant", __file__, 2, "", "")], with_sources=False)

    with TraceReader(path) as reader:
        assert list(reader.sources()) == []


def test_lost_flow_is_found_again_as_a_gap(path: Path) -> None:
    write(path, PLANT, [Gap(5, 9, 30, 40), None, None])

    with TraceReader(path) as reader:
        assert list(reader.gaps()) == [(3, Gap(5, 9, 30, 40))]
        assert (reader.meta["end"]["lost_orders"], reader.meta["end"]["lost_runs"]) == (30, 40)
        assert reader.events == 6


def test_spans_tell_numbers_and_times_without_reading_the_blocks(path: Path) -> None:
    write(path, PLANT, [order(4), run(4)])

    with TraceReader(path) as reader:
        first, second = reader.spans

    assert (first.first, first.count, first.begin_ns, first.end_ns) == (0, 3, 10, 20)
    assert (second.first, second.orders, second.runs) == (3, 1, 1)
    assert (second.begin_ns, second.end_ns) == (4_000, 4_500)


def test_very_long_texts_are_written_in_several_blocks(path: Path) -> None:
    lines: list[Any] = [made.LogLine(n, 1, f"{n} " + "x" * 30_000, 0) for n in range(400)]
    write(path, lines)

    with TraceReader(path) as reader:
        assert [event for _, event in reader.happened()] == lines
        assert len(reader.spans) > 1


def test_events_take_about_ten_bytes_each(path: Path) -> None:
    rows = [row for n in range(1, 20_000) for row in (order(n), run(n))]
    write(path, rows)

    assert path.stat().st_size / len(rows) < 12


def test_string_tables_that_are_full_begin_anew(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasktonic.blocks.strings.FULL_STRINGS", 40)
    parts: list[list[Any]] = [[made.Born(1, n, f"name {n}", 1, -1, 0, "", 2, -1, 0)] for n in range(200)]
    write(path, *parts)

    with TraceReader(path) as reader:
        assert [event.name for _, event in reader.happened()] == [f"name {n}" for n in range(200)]  # type: ignore[attr-defined]


# ---- the facts of a keyframe


def test_what_has_ended_is_in_no_keyframe() -> None:
    facts = Facts()
    facts.take(PLANT)
    facts.take([made.AppBegan(500, 2, "other", 9, 77)])

    present = facts.present(600)

    assert not [fact for fact in present if isinstance(fact, Born)]
    assert [fact for fact in present if isinstance(fact, ClassDefined)], "classes hold for the whole process"


def test_store_values_are_stated_as_present() -> None:
    facts = Facts()
    facts.take(
        [
            made.StoreChanged(1, 5, "a", "1", "2", "int", False, False, 3, "pump"),
            made.StoreChanged(2, 5, "b", "", "1", "int", False, False, 3, "pump"),
            made.StoreChanged(3, 5, "b", "1", "", "", True, False, 3, "pump"),
        ]
    )

    [value] = [fact for fact in facts.present(9) if isinstance(fact, StoreChanged)]

    assert (value.path, value.old, value.new, value.present) == ("a", "", "2", True)


def test_a_repeating_timer_is_stated_with_its_next_time() -> None:
    facts = Facts()
    facts.take([made.TimerSet(0, 4, 100, 50, "ttse__on_timer", 0), TimerFired(161, 4, 0)])

    [timer] = [fact for fact in facts.present(170) if isinstance(fact, TimerSet)]

    assert timer.due_ns == 200


# ---- written where it cannot be


def test_a_missing_folder_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ttTraceFileError, match=r"nowhere/run\.ttt cannot be written: no such file or directory\."):
        TraceWriter(tmp_path / "nowhere" / "run.ttt", {})


def test_another_file_is_not_overwritten(tmp_path: Path) -> None:
    script = tmp_path / "app.py"
    script.write_text("print()\n")

    with pytest.raises(ttTraceFileError, match="no trace; it was left alone"):
        TraceWriter(script, {})
    assert script.read_text() == "print()\n"


def test_an_older_trace_is_replaced_under_the_eyes_of_its_reader(path: Path) -> None:
    write(path, PLANT)
    with TraceReader(path) as old:
        write(path, PLANT, steps(0, 5))
        with TraceReader(path) as new:
            assert new.events == 13
        assert len(list(old.happened())) == 3


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")  # noqa: PTH110
def test_a_full_disk_is_said_in_a_sentence() -> None:
    with pytest.raises(ttTraceFileError, match="/dev/full cannot be written: no space left on device"):
        TraceWriter("/dev/full", {})


def test_nothing_is_written_after_a_failure(path: Path) -> None:
    writer = TraceWriter(path, {})
    writer.abandon()

    with pytest.raises(ttTraceFileError, match="is closed"):
        writer.add_rows(0, PLANT)
