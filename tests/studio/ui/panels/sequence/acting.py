"""What a person does in the sequence panel, and what is there then."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.panels.sequence.view import SequenceView
from tests.helpers.panel_stand import PanelStand, ToldWindow

LEFT = Qt.MouseButton.LeftButton
Key = Qt.Key


class KeptWindow(ToldWindow):
    """Keeps what commands ask of the window."""

    def __init__(self) -> None:
        super().__init__()
        self.copied = ""
        self.shown: list[str] = []

    def copy_text(self, text: str) -> None:
        self.copied = text

    def show_panel(self, panel_id: str) -> None:
        self.shown.append(panel_id)


def view_of(stand: PanelStand) -> SequenceView:
    view: SequenceView = stand.view
    return view


def settle(stand: PanelStand, qtbot: QtBot) -> SequenceView:
    """Until the diagram is that of what was asked for."""
    view = view_of(stand)
    stand.flush()
    qtbot.waitUntil(lambda: view.model.is_done and not view._working.isActive())
    return view


def names(view: SequenceView) -> list[str]:
    diagram = view.model.diagram
    return ["gap" if row.gap else row.name for row in map(diagram.row, range(len(diagram)))]


def lines(view: SequenceView) -> list[str]:
    return [line.words for line in view.model.diagram.lines]


def row_point(view: SequenceView, row: int) -> QPoint:
    """A point on the arrow of a row."""
    picture, found = view.diagram.picture(), view.model.diagram.row(row)
    x = (picture.sizes.x(found.sender) + picture.sizes.x(found.receiver)) / 2 - picture.left
    return QPoint(int(x) + 12, int(picture.places.came[row]) - picture.top + picture.sizes.head)


def head_point(view: SequenceView, lane: int) -> QPoint:
    box = view.diagram.painter.head_box(view.diagram.picture(), lane)
    return QPoint(int(box.left()) + 12, int(box.top()) + 6)


def sign_point(view: SequenceView, lane: int) -> QPoint:
    box = view.diagram.painter.head_box(view.diagram.picture(), lane)
    return view.diagram.painter.sign_box(box).center().toPoint()


def click(stand: PanelStand, qtbot: QtBot, at: QPoint, *, double: bool = False) -> None:
    act = qtbot.mouseDClick if double else qtbot.mouseClick
    act(view_of(stand).diagram.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, at)
