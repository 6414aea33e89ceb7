"""Line by line through a real app, by keys and mouse in the real window: threads and Qt, launched and attached."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from tests.helpers.line_apps import FIRST, INSIDE, PUMP, QT_PUMP, SECOND, SPARKLE, THIRD, line_of, write
from tests.helpers.scripts_apart import listening

Steps = Generator[Callable[[], Any], None, None]
Key = Qt.Key
BOTH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class Lines:
    """What a person sees of lines."""

    def __init__(self, person: Any, text: str = PUMP) -> None:
        self.person, self.text = person, text

    @property
    def view(self) -> Any:
        return self.person.bench.area.dock("lines").widget()

    @property
    def status(self) -> str:
        return str(self.person.bench.session.lines.status)

    def is_at(self, code: str) -> bool:
        """Whether the window shows that the app stands in this line: calls, values, and the line marked in the source."""
        stop = self.person.bench.session.lines.stop
        line = line_of(code, self.text)
        if stop is None or not stop.locals or stop.frames[0].line != line:
            return False
        editor = self.person.bench.area.dock("editor").widget().editor()
        top = self.view.calls.topLevelItem(0)
        return (
            editor is not None
            and editor.line_of(editor.caret()) == line
            and top is not None
            and top.text(1) == f"pump.py:{line}"
            and self.view.values.topLevelItemCount() > 0
        )

    def value(self, *path: str) -> str:
        """The value under these names; empty when it is not shown."""
        item = self.item(*path)
        return str(item.text(1)) if item is not None else ""

    def item(self, *path: str) -> Any:
        """The row under these names, None when it is not shown."""
        item = self.view.values.invisibleRootItem()
        for name in path:
            item = next((it for it in map(item.child, range(item.childCount())) if it.text(0) == name), None)
            if item is None:
                return None
        return item

    def break_in(self, code: str) -> Steps:
        """Put the caret into a line of the editor and press the key."""
        editor = self.person.panel("editor")
        yield lambda: editor.editor() is not None
        editor.editor().go_to(line_of(code, self.text))
        editor.focus_text()
        self.person.press(Key.Key_B, BOTH)


def sparkle_in(person: Any, run: int) -> str:
    """Which sparkle a run is of."""
    row = person.live.run_of(run)
    return str(person.live.names.sparkle(row.sparkle)) if row is not None else ""


def why_not(person: Any, command_id: str) -> str:
    """Why a command cannot be done now."""
    return str(person.bench.registry.why_not(command_id, person.bench.context))


@pytest.mark.parametrize("text", [PUMP, QT_PUMP], ids=["threads", "qt"])
def test_a_person_steps_through_a_sparkle(run_studio: Any, tmp_path: Path, text: str) -> None:
    script = write(tmp_path, text)

    def steps(person: Any) -> Steps:
        lines = Lines(person, text)
        yield lambda: len(person.live.runs) > 3
        yield from lines.break_in(SPARKLE)
        yield lambda: lines.is_at(FIRST)
        assert "ttse__on_stroke · pump.py" in lines.view.where.whole

        person.press(Key.Key_F10, BOTH)
        yield lambda: lines.is_at(SECOND)
        number = lines.value("number")
        assert number.isdigit()
        person.press(Key.Key_F11, BOTH)
        yield lambda: lines.is_at(INSIDE)
        assert lines.view.calls.topLevelItem(1).text(0) == "ttse__on_stroke"
        person.press(Key.Key_F12, BOTH)
        yield lambda: lines.is_at(SECOND)
        person.click(lines.view.buttons["lines.next"])
        yield lambda: lines.is_at(THIRD)
        assert lines.value("left") == str(40 - int(number))

        lines.item("self").setExpanded(True)
        yield lambda: lines.value("self", "strokes") == str(int(number) - 1)

        runs = len(person.live.runs)
        person.press(Key.Key_F7, BOTH)
        yield lambda: len(person.live.runs) > runs and lines.is_at(FIRST)
        # What was unfolded stays so.
        yield lambda: lines.value("self", "strokes") == number
        person.bench.run("lines.remove_all")
        person.press(Key.Key_F7, BOTH)
        yield lambda: lines.status == "off" and len(person.live.runs) > runs + 5

    run_studio(steps, str(script))


def test_a_selected_run_is_stopped_in_and_its_calls_lead_to_the_source(run_studio: Any, tmp_path: Path) -> None:
    def steps(person: Any) -> Steps:
        lines = Lines(person)
        assert why_not(person, "lines.next") == "The app does not stand in a line."
        person.bench.selection.select(None)
        assert why_not(person, "lines.break_in_sparkle").startswith("Select a run")
        yield lambda: len(person.live.runs) > 5
        trace = person.panel("trace")
        trace.search.setText("sparkle:stroke")
        yield lambda: trace.model.count > 0 and sparkle_in(person, trace.model.run_at(0)) == "ttse__on_stroke"
        person.click(trace.table.viewport(), trace.table.visualRect(trace.model.index(0, 2)).center())
        person.bench.run("lines.break_in_sparkle")
        yield lambda: lines.is_at(FIRST)
        yield from lines.break_in(INSIDE)
        person.press(Key.Key_F7, BOTH)
        yield lambda: lines.is_at(INSIDE)

        view = lines.view
        person.click(view.calls.viewport(), view.calls.visualItemRect(view.calls.topLevelItem(1)).center())
        yield lambda: lines.value("info") != ""
        assert [view.breaks.topLevelItem(at).text(2) for at in range(2)] == [FIRST, INSIDE]

    run_studio(steps, str(write(tmp_path)))


def test_an_app_that_is_killed_in_a_line_is_told_as_ended(run_studio: Any, tmp_path: Path) -> None:
    def steps(person: Any) -> Steps:
        lines = Lines(person)
        yield lambda: len(person.live.runs) > 3
        yield from lines.break_in(FIRST)
        yield lambda: lines.is_at(FIRST)
        os.kill(person.live.target.pid, signal.SIGKILL)
        yield lambda: person.live.target.status == "ended" and lines.status == "off"
        yield lambda: lines.view.calls.topLevelItemCount() == 0
        assert not lines.view.buttons["lines.next"].isEnabled()

    run_studio(steps, str(write(tmp_path)))


def test_without_debugpy_the_panel_says_what_to_do(run_studio: Any, tmp_path: Path) -> None:
    (tmp_path / "debugpy.py").write_text("raise ImportError('not installed')\n", encoding="utf-8")

    def steps(person: Any) -> Steps:
        lines = Lines(person)
        yield lambda: len(person.live.runs) > 3
        yield from lines.break_in(FIRST)
        person.panel("lines")
        yield lambda: "python -m pip install debugpy" in lines.view.problem.text()
        assert lines.view.problem.isVisible()

    run_studio(steps, str(write(tmp_path)))


def test_a_studio_that_closes_leaves_an_attached_app_running(
    run_studio: Any, tmp_path: Path, user_folders: Path
) -> None:
    script = write(tmp_path, PUMP.replace("self.strokes = number", "self.strokes = number; print(number, flush=True)"))

    def steps(person: Any) -> Steps:
        lines = Lines(person)
        person.bench.open_source(str(script), 1)
        yield lambda: len(person.live.runs) > 3
        yield from lines.break_in(FIRST)
        yield lambda: lines.is_at(FIRST)

    with listening(script, subprocess.PIPE, text=True) as app:
        assert app.stdout is not None
        app.stdout.readline()
        run_studio(steps, "--attach", str(app.pid))
        numbers = [int(app.stdout.readline()) for _ in range(50)]
    assert numbers[-1] > numbers[0]
