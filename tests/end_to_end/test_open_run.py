"""A recorded run in the real window: opened from the command line, by dropping it, and looked at as a live one."""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

Steps = Generator[Callable[[], Any], None, None]

TRACES = Path(__file__).parents[1] / "data" / "traces"
DOOR = str(TRACES / "door.ttt")


def drop(person: Any, file: str) -> None:
    """Let go of a file over the window."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(file)])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(400, 300), copy, data, left, none)
    QApplication.sendEvent(person.window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(person.window, QDropEvent(QPointF(400, 300), copy, data, left, none))


def test_a_run_on_the_command_line_is_shown_and_can_be_gone_through(run_studio: Any) -> None:
    def steps(person: Any) -> Steps:
        yield lambda: person.live.target.status == "ended"
        assert person.window.windowTitle() == "door.ttt — TaskTonic Studio"
        assert person.sentence == ""
        trace = person.panel("trace")
        yield lambda: trace.table.model().rowCount() > 5
        trace.table.selectRow(3)
        person.bench.run("trace.look_at")
        yield lambda: person.bench.selection.time is not None
        then = person.bench.panel_context.known()
        assert 0 < len(then.runs) < len(person.live.runs)
        person.press(Qt.Key.Key_End, Qt.KeyboardModifier.AltModifier)
        yield lambda: person.bench.selection.time is None

    run_studio(steps, DOOR)


def test_a_dropped_trace_takes_the_place_of_the_one_before(run_studio: Any) -> None:
    def steps(person: Any) -> Steps:
        yield lambda: person.live.target.status == "ended"
        drop(person, str(TRACES / "cut.ttt"))
        yield lambda: person.live.target.file.endswith("cut.ttt") and person.live.target.status == "ended"
        yield lambda: "the file ends in the middle of a frame" in person.sentence
        assert person.bench.settings.texts("recent.traces") == [str(TRACES / "cut.ttt"), DOOR]

    run_studio(steps, DOOR)


def test_a_file_that_is_no_trace_is_told_of_and_what_is_shown_stays(run_studio: Any) -> None:
    def steps(person: Any) -> Steps:
        yield lambda: person.live.target.status == "ended"
        drop(person, str(TRACES / "text.ttt"))
        yield lambda: "is no trace" in person.sentence
        assert person.live.target.file == DOOR
        assert len(person.live.runs) > 5

    run_studio(steps, DOOR)
