"""What a person does in the state machine panel, and what is there then."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.panels.state_machine.machine import arrow_id
from tasktonic_studio.ui.panels.state_machine.view import StateMachineView
from tests.studio.ui.panels.state_machine.conftest import (
    MachineStand,
)

OPENING = arrow_id("state closed", "state open")
LOCKING = arrow_id("state closed", "state locked")


def lit(view: StateMachineView) -> tuple[str, dict[str, int]]:
    """The node where the tonic is, and the arrows of its way."""
    light = view._lights(view.pin.known())
    return light.here, dict(light.trail)


def visible_buttons(stand: MachineStand) -> list[QPushButton]:
    return [it for it in stand.widget.findChildren(QPushButton) if it.isVisible()]


def click(stand: MachineStand, qtbot: QtBot, rect: QRect, *, double: bool = False) -> None:
    viewport = stand.machine_view.diagram.viewport()
    act = qtbot.mouseDClick if double else qtbot.mouseClick
    act(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, rect.center())


def texts(table: QWidget) -> list[list[str]]:
    model = table.model()  # type: ignore[attr-defined]
    return [
        [model.index(row, column).data() for column in range(model.columnCount())] for row in range(model.rowCount())
    ]
