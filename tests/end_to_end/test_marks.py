"""Marks in the real window: on a live app, written with it, found again in the file, and in files that cannot take them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tasktonic.trace import TraceReader
from tasktonic_studio.ui.dialogs import ask
from tests.helpers.services_app import a_pump

Steps = Generator[Callable[[], Any], None, None]
ALT = Qt.KeyboardModifier.AltModifier
TRACES = Path(__file__).parents[1] / "data" / "traces"


def type_note(person: Any, note: str) -> None:
    """Mark the shown moment, with a note."""
    person.press(Qt.Key.Key_M, ALT)
    line = person.bench.marking.bar.line
    QTest.keyClicks(line, note)
    QTest.keyClick(line, Qt.Key.Key_Return)


def test_marks_of_a_live_app_are_found_again_in_its_file(
    run_studio: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "saved.ttt"
    monkeypatch.setattr(ask, "file_to_save", lambda *_: str(file))

    def steps(person: Any) -> Steps:
        yield lambda: len(person.live.runs) > 10
        bench = person.bench
        bench.selection.look_at(person.live.runs.row(4).n + 1)
        runs, strokes = len(bench.panel_context.known().runs), sorted(bench.panel_context.known().essences)
        type_note(person, "four strokes")
        bench.run("run.stop")
        yield lambda: person.live.target.status == "ended"
        bench.run("file.save_run")
        yield lambda: person.sentence == f"The run is in {file}."
        bench.requests.open_run(str(file))
        yield lambda: person.live.target.how == "file" and person.live.target.status == "ended"
        person.press(Qt.Key.Key_PageUp, ALT)
        yield lambda: bench.selection.time is not None
        assert bench.strip.texts["mark"] == "four strokes"
        assert len(bench.panel_context.known().runs) == runs
        assert sorted(bench.panel_context.known().essences) == strokes

    run_studio(steps, a_pump(tmp_path, strokes=1_000_000))


def test_a_mark_of_a_file_is_in_the_file(run_studio: Any, tmp_path: Path) -> None:
    file = tmp_path / "door.ttt"
    shutil.copy(TRACES / "door.ttt", file)

    def marks() -> list[str]:
        with TraceReader(file) as reader:
            assert reader.condition == ""
            return [mark.note for mark in reader.marks()]

    def steps(person: Any) -> Steps:
        yield lambda: person.live.target.status == "ended"
        person.bench.selection.look_at(person.live.n // 2)
        type_note(person, "half way")
        yield lambda: marks() == ["half way"]
        person.bench.run("marks.list")
        dialog = person.bench.marking.dialog
        QTest.keyClick(dialog.table, Qt.Key.Key_Delete)
        yield lambda: marks() == []

    run_studio(steps, str(file))


def test_marks_of_a_damaged_file_lie_beside_it(run_studio: Any, tmp_path: Path) -> None:
    file = tmp_path / "cut.ttt"
    shutil.copy(TRACES / "cut.ttt", file)
    before = file.read_bytes()

    def make(person: Any) -> Steps:
        yield lambda: person.live.target.status == "ended"
        person.bench.selection.look_at(person.live.n // 2)
        type_note(person, "before the damage")
        yield (tmp_path / "cut.ttt.marks").exists

    def find(person: Any) -> Steps:
        yield lambda: person.live.target.status == "ended"
        assert [mark.note for mark in person.bench.session.marks.all] == ["before the damage"]

    run_studio(make, str(file))
    assert file.read_bytes() == before
    run_studio(find, str(file))


def test_a_file_that_cannot_be_written_is_told_of_and_the_mark_stays(run_studio: Any, tmp_path: Path) -> None:
    file = tmp_path / "runs" / "door.ttt"
    file.parent.mkdir()
    shutil.copy(TRACES / "door.ttt", file)

    def steps(person: Any) -> Steps:
        yield lambda: person.live.target.status == "ended"
        # Gone while it is shown: also who may write everywhere cannot write into it.
        shutil.rmtree(file.parent)
        person.bench.selection.look_at(person.live.n // 2)
        type_note(person, "nowhere")
        yield lambda: person.sentence.startswith(f"The marks could not be written into {file}: no such file")
        assert [mark.note for mark in person.bench.session.marks.all] == ["nowhere"]

    run_studio(steps, str(file))
    assert not os.path.lexists(file)
