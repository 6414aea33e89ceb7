"""What a person does in a timeline, for the tests of its parts."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.session import Session
from tasktonic_studio.session.timeline import RunRow
from tests.helpers.builders import EventWriter, Plant, plant_of
from tests.helpers.panel_stand import PanelStand
from tests.studio.ui.panels.timeline.conftest import MakeStand

LEFT = Qt.MouseButton.LeftButton
Key = Qt.Key


def plant_in(stand: PanelStand) -> Plant:
    return plant_of(stand.session)


def run_in(stand: PanelStand, number: int) -> RunRow:
    run: RunRow | None = stand.view.model.run_of(number)
    assert run is not None
    return run


def a_stroke(stand: PanelStand, round_: int = 10) -> RunRow:
    """A stroke of pump 0, in the middle of the plant's life."""
    known = stand.session.live
    strokes = [row for row in known.runs.rows(0, len(known.runs)) if row.essence == plant_in(stand).pumps[0]]
    return strokes[round_]


def zoom_to(stand: PanelStand, run: RunRow, around_ns: int = 100_000) -> None:
    stand.view.time.fit(run.begin_ns - around_ns, run.end_ns + around_ns)
    QApplication.processEvents()


def click(qtbot: QtBot, stand: PanelStand, at: QPoint) -> None:
    qtbot.mouseClick(stand.view.lanes.viewport(), LEFT, pos=at)


def press(
    qtbot: QtBot, stand: PanelStand, key: Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    qtbot.keyClick(stand.view.lanes, key, modifier)


def drag(qtbot: QtBot, widget: QWidget, from_: QPoint, to: QPoint) -> None:
    qtbot.mousePress(widget, LEFT, pos=from_)
    qtbot.mouseMove(widget, (from_ + to) / 2)
    qtbot.mouseMove(widget, to)
    qtbot.mouseRelease(widget, LEFT, pos=to)


def colours_in(image: QImage, x: int, top: int, bottom: int) -> set[int]:
    return {image.pixel(x, y) for y in range(top, bottom)}


def add_up(qtbot: QtBot, stand: PanelStand) -> None:
    """Have all that is on screen added up."""
    stand.run("timeline.add_up")
    qtbot.waitUntil(lambda: not stand.view.area.is_busy)


def mark(qtbot: QtBot, stand: PanelStand, from_ns: int, until_ns: int, first: int, last: int) -> None:
    view = stand.view.lanes
    xs = [view.gutter_px + round(stand.view.time.scale.x_of(t)) for t in (from_ns, until_ns)]
    drag(qtbot, view.viewport(), QPoint(xs[0], view.lanes[first].top + 5), QPoint(xs[1], view.lanes[last].bottom - 5))
    qtbot.waitUntil(lambda: not stand.view.area.is_busy)


def on_screen(make_stand: MakeStand, write: EventWriter, **more: int) -> PanelStand:
    session = Session()
    session.apply_events(0, write.take())
    stand = make_stand(session, **more)
    stand.widget.grab()
    return stand
