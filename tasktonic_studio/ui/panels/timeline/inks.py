"""The colours of the timeline, made from the roles of the theme. Whatever has a colour here also has a shape."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from tasktonic_studio.ui.theme.theme import Theme

SHADES: Final = 16
TOOTH_PX: Final = 3

KINDS: Final = {
    "run": "running",
    "hook": "state_change",
    "aside": "text_muted",
    "ignored": "text_muted",
    "error": "error",
}
"""Kinds of runs with the role they are drawn in: hooks lower, ignored ones hatched, failed ones with a mark."""


class Inks:
    """Made anew for each theme."""

    def __init__(self, theme: Theme) -> None:
        panel = theme.color("panel")
        self.panel = panel
        self.edges = {kind: theme.color(role) for kind, role in KINDS.items()}
        self.fills = {kind: mixed(colour, panel, 0.22) for kind, colour in self.edges.items()}
        self.teeth = {kind: _teeth(colour) for kind, colour in self.edges.items()}
        self.error_argb = theme.color("error").rgba()
        self.shades: npt.NDArray[np.uint32] = np.array(
            [
                mixed(theme.color("running"), panel, 0.35 + 0.65 * shade / (SHADES - 1)).rgba()
                for shade in range(SHADES)
            ],
            np.uint32,
        )


def _teeth(colour: QColor) -> QPixmap:
    """A tile of the upper edge of a box that stands for several runs."""
    tile = QPixmap(2 * TOOTH_PX, TOOTH_PX)
    tile.fill(Qt.GlobalColor.transparent)
    painter = QPainter(tile)
    try:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawPolygon([QPoint(0, TOOTH_PX), QPoint(TOOTH_PX, 0), QPoint(2 * TOOTH_PX, TOOTH_PX)])
    finally:
        painter.end()
    return tile


def mixed(colour: QColor, ground: QColor, share: float) -> QColor:
    """So much of a colour on a ground, as one colour without transparency."""
    parts = zip(colour.getRgb()[:3], ground.getRgb()[:3], strict=True)  # type: ignore[index]
    return QColor(*(round(one * share + other * (1 - share)) for one, other in parts))
