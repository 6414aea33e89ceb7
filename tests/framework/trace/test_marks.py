"""Marks in a trace file: kept in it, or beside it where it cannot be appended to."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tasktonic import events
from tasktonic.trace import Mark, TraceReader, TraceWriter, keep_marks, ttTraceFileError
from tasktonic.trace.file import FRAME, PLACE, Kind, make_frame
from tasktonic.trace.marks import (
    MAX_BYTES,
    MAX_NOTE,
    MOST_MARKS,
    MOST_TEXT,
    file_beside,
    latest,
    pack_marks,
    unpack_marks,
)

made: Any = events
ROWS: list[Any] = [made.LogLine(10 + number, 1, f"line {number}", 0) for number in range(5)]
FIRST = Mark("a", 2, 12, "here it begins", 1_000)
SECOND = Mark("b", 4, 14, "\u00fcber \u2026", 2_000)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "run.ttt"
    with TraceWriter(path, {}, with_sources=False) as writer:
        writer.add_rows(0, ROWS)
    return path


def marks_of(path: Path) -> list[Mark]:
    with TraceReader(path) as reader:
        return reader.marks()


def lines_of(path: Path) -> list[str]:
    with TraceReader(path) as reader:
        return [event.text for _, event in reader.happened()]  # type: ignore[attr-defined]


def test_marks_are_kept_in_the_file_itself(path: Path) -> None:
    assert keep_marks(path, [FIRST]) == path
    assert keep_marks(path, [SECOND]) == path

    assert marks_of(path) == [FIRST, SECOND]
    assert not file_beside(path).exists()


def test_a_file_with_marks_still_opens_by_its_index(path: Path) -> None:
    keep_marks(path, [FIRST])

    with TraceReader(path) as reader:
        assert reader.is_closed
        assert reader.condition == ""
        assert reader.meta["end"]["events"] == 5
    assert len(lines_of(path)) == 5


def test_the_last_word_about_a_mark_counts(path: Path) -> None:
    keep_marks(path, [FIRST, SECOND])
    keep_marks(path, [FIRST._replace(note="changed"), SECOND._replace(gone=True)])

    assert marks_of(path) == [FIRST._replace(note="changed")]


def test_what_a_mark_adds_to_a_long_file_is_small(path: Path) -> None:
    before = path.stat().st_size
    keep_marks(path, [FIRST])

    assert path.stat().st_size - before < 250


def test_a_recorder_writes_marks_between_the_events(tmp_path: Path) -> None:
    path = tmp_path / "live.ttt"
    with TraceWriter(path, {}, with_sources=False) as writer:
        writer.add_rows(0, ROWS[:3])
        writer.add_marks([FIRST])
        writer.add_rows(3, ROWS[3:])

    assert marks_of(path) == [FIRST]
    assert len(lines_of(path)) == 5


def test_marks_of_a_killed_recorder_are_read(tmp_path: Path) -> None:
    path = tmp_path / "live.ttt"
    writer = TraceWriter(path, {}, with_sources=False)
    writer.add_rows(0, ROWS)
    writer.add_marks([FIRST])
    writer.abandon()

    assert marks_of(path) == [FIRST]


@pytest.mark.parametrize("cut", [1, 10, 24, 25])
def test_marks_of_a_file_that_was_cut_off_lie_beside_it(path: Path, cut: int) -> None:
    os.truncate(path, path.stat().st_size - cut)
    before = path.read_bytes()

    assert keep_marks(path, [FIRST]) == file_beside(path)
    keep_marks(path, [SECOND])

    assert path.read_bytes() == before
    assert marks_of(path) == [FIRST, SECOND]


def test_a_file_beside_has_the_last_word_about_each_mark_and_no_others(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 1)

    for number in range(3):
        keep_marks(path, [FIRST._replace(note=f"note {number}"), SECOND])

    assert unpack_marks(file_beside(path).read_bytes()) == [FIRST._replace(note="note 2"), SECOND]


def test_a_mark_cut_off_in_the_middle_loses_nothing_else(path: Path) -> None:
    keep_marks(path, [FIRST])
    whole = path.stat().st_size
    keep_marks(path, [SECOND])
    for size in range(whole + 1, path.stat().st_size):
        copy = path.with_name("copy.ttt")
        copy.write_bytes(path.read_bytes()[:size])

        assert FIRST in marks_of(copy)
        assert len(lines_of(copy)) == 5


def test_a_flipped_bit_in_a_mark_hides_no_event(path: Path) -> None:
    before = path.stat().st_size
    keep_marks(path, [FIRST])
    data = bytearray(path.read_bytes())
    data[before + FRAME.size + 3] ^= 1
    path.write_bytes(data)

    assert marks_of(path) == []
    assert len(lines_of(path)) == 5


def test_a_missing_file_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ttTraceFileError, match=r"The marks could not be written into .*gone\.ttt: no such file"):
        keep_marks(tmp_path / "gone.ttt", [FIRST])


_TOO_LARGE = """
import resource, signal, sys
from tasktonic.trace import Mark, keep_marks, ttTraceFileError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    keep_marks(sys.argv[1], [Mark("a", 1, 1, "note " * 50)])
except ttTraceFileError as error:
    print(error)
"""


def test_a_full_disk_is_said_and_leaves_the_file_as_it_was(path: Path) -> None:
    assert hasattr(resource, "RLIMIT_FSIZE")
    before = path.read_bytes()

    said = subprocess.run(
        [sys.executable, "-c", _TOO_LARGE, path, str(len(before) + 40)], capture_output=True, text=True, check=True
    )

    assert said.stdout.startswith(f"The marks could not be written into {path}: file too large")
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"marks": 1}',
        json.dumps({"marks": [1, {}, {"id": 3}, {"id": "x" * 65}, {"id": "x", "event": -1}, {"id": "x", "t_ns": "1"}]}).encode(),
        json.dumps({"marks": [{"id": "x", "event": 1 << 64, "note": "n"}]}).encode(),
    ],
)  # fmt: skip
def test_what_is_no_mark_is_left_out(payload: bytes) -> None:
    assert unpack_marks(payload) == []


def test_notes_and_numbers_of_marks_are_bounded() -> None:
    many = [Mark(str(number), number, 0, "n" * 2 * MAX_NOTE) for number in range(3)]

    assert [len(mark.note) for mark in unpack_marks(pack_marks(many))] == [MAX_NOTE] * 3
    assert len(latest(Mark(str(number), 0, 0) for number in range(MOST_MARKS + 5))) == MOST_MARKS


def test_as_many_marks_as_there_may_be_are_read_again_with_notes_in_any_script() -> None:
    for letter in ("n", "\u0001", "\N{GRINNING FACE}", "\ud800"):
        many = [Mark(f"{number:064}", number, number, letter * MAX_NOTE, number) for number in range(MOST_MARKS)]

        payload = pack_marks(many)
        read = unpack_marks(payload)

        assert len(payload) <= MAX_BYTES
        assert [mark.id for mark in read] == [mark.id for mark in many]
        assert [mark.note for mark in read[: MOST_TEXT // MAX_NOTE]] == [letter * MAX_NOTE] * (MOST_TEXT // MAX_NOTE)


def test_what_was_said_last_about_a_mark_counts_however_much_was_said_before(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasktonic.trace.reader.MAX_MARK_BYTES", 2_000)
    for number in range(30):
        keep_marks(path, [FIRST._replace(note=f"{number} " + "n" * 100), SECOND])
    keep_marks(path, [FIRST._replace(note="the last word")])

    assert marks_of(path) == [FIRST._replace(note="the last word"), SECOND]


def test_of_more_marks_than_are_kept_beside_a_file_those_said_last_stay(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 1)
    keep_marks(path, [FIRST, *(Mark(f"{number}", 0, number) for number in range(MOST_MARKS))])
    keep_marks(path, [SECOND])

    kept = unpack_marks(file_beside(path).read_bytes())
    assert (len(kept), kept[-1]) == (MOST_MARKS, SECOND)


def test_an_end_that_leads_into_the_front_of_a_file_does_no_harm(path: Path) -> None:
    with path.open("ab") as file:
        file.write(make_frame(Kind.END, PLACE.pack(16)))

    assert marks_of(path) == []
    assert len(lines_of(path)) == 5


def test_asides_stand_where_they_came(tmp_path: Path) -> None:
    path = tmp_path / "live.ttt"
    with TraceWriter(path, {}, with_sources=False) as writer:
        writer.add_rows(0, ROWS[:3])
        writer.add_aside({"notice": "between"})
        writer.add_rows(3, ROWS[3:])

    with TraceReader(path) as reader:
        parts = list(reader.parts())
        assert [kind for kind, _ in parts] == [Kind.BLOCK, Kind.ASIDE, Kind.BLOCK]
        assert json.loads(parts[1][1]) == {"notice": "between"}
        assert len(list(reader.data())) == 2


def test_info_tells_marks_and_what_was_not_kept(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from tasktonic.cli import main

    keep_marks(path, [FIRST])
    with TraceWriter(path.with_name("late.ttt"), {"not_kept": 1_200}, with_sources=False) as writer:
        writer.add_rows(1_200, ROWS)

    assert main(["trace", "info", str(path)]) == 0
    assert "here it begins" in capsys.readouterr().out
    assert main(["trace", "info", str(path.with_name("late.ttt"))]) == 0
    assert "1,200 events that came before: they had been dropped" in capsys.readouterr().out
