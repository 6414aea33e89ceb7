"""Keeping what is watched, in the real window with real apps: record, save after the end, open what was written."""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from tasktonic_studio import locations
from tasktonic_studio.ui.dialogs import ask
from tests.helpers.services_app import a_pump

Steps = Generator[Callable[[], Any], None, None]
CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def seen(person: Any) -> tuple[Any, ...]:
    """What the window shows of a run: ledger, runs, log."""
    live = person.live
    names = sorted(live.essences.name(each) for each in live.essences)
    output = [line.text for line in live.log if line.level in ("stdout", "log", "error")]
    return names, len(live.runs), len(live.orders), output, live.app.name


def test_a_run_is_recorded_by_key_and_opens_as_it_was(run_studio: Any, tmp_path: Path) -> None:
    def steps(person: Any) -> Steps:
        yield lambda: len(person.live.runs) > 5
        person.press(Qt.Key.Key_R, CTRL_SHIFT)
        yield lambda: person.bench.strip.texts["recording"].startswith("● REC")
        person.press(Qt.Key.Key_F5, Qt.KeyboardModifier.ShiftModifier)
        yield lambda: person.live.target.status == "ended"
        yield lambda: person.sentence.startswith("The run is in ")
        assert person.bench.strip.texts["recording"] == ""
        before = seen(person)
        file = person.bench.settings.texts("recent.traces")[0]
        assert Path(file).parent == locations.data_folder()
        person.bench.requests.open_run(file)
        yield lambda: person.live.target.how == "file" and person.live.target.status == "ended"
        assert seen(person) == before
        assert person.sentence == ""

    run_studio(steps, a_pump(tmp_path, strokes=1_000_000, before="print('hello')"))


def test_what_was_seen_is_saved_after_the_app_has_died(
    run_studio: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "saved.ttt"
    monkeypatch.setattr(ask, "file_to_save", lambda *_: str(file))

    def steps(person: Any) -> Steps:
        yield lambda: person.live.target.died
        yield lambda: "Save what was seen…" in person.bench.banner.step_words
        before = seen(person)
        sign = person.bench.strip.recording
        yield sign.save.isVisible
        person.click(sign.save)
        yield lambda: person.sentence == f"The run is in {file}."
        yield lambda: not sign.save.isVisible()
        person.bench.requests.open_run(str(file))
        yield lambda: person.live.target.how == "file" and person.live.target.status == "ended"
        assert seen(person) == before
        assert person.live.target.exit_code == 7
        yield lambda: person.bench.strip.texts["shape"] == "✕"

    run_studio(steps, a_pump(tmp_path, end="import os; os._exit(7)", before="print('hello')"))


def test_closing_the_window_keeps_the_recording(run_studio: Any, tmp_path: Path) -> None:
    from tasktonic.trace import TraceReader

    def steps(person: Any) -> Steps:
        yield lambda: len(person.live.runs) > 5
        person.bench.run("run.record")
        yield lambda: person.bench.recording().is_on

    run_studio(steps, a_pump(tmp_path, strokes=1_000_000))

    (file,) = locations.data_folder().glob("app-*.ttt")
    with TraceReader(file) as reader:
        assert reader.condition == ""
        assert sum(span.runs for span in reader.spans) > 5
