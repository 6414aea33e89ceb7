"""Where the keys lead in a diagram."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QPointF, Qt

from tasktonic_studio.ui.panels.state_machine.machine import Machine

Direction = tuple[int, int]

DIRECTIONS: Final[dict[Qt.Key, Direction]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_ASIDE: Final = 2.5
"""So much dearer than ahead is a step aside."""


def nearest_ahead(middles: Mapping[str, QPointF], current: str, direction: Direction) -> str:
    """The nearest state in a direction, by the middles of all of them; empty where there is none."""
    best, least = "", math.inf
    for name, middle in middles.items():
        way = middle - middles[current]
        ahead = way.x() * direction[0] + way.y() * direction[1]
        aside = abs(way.x() * direction[1]) + abs(way.y() * direction[0])
        if name != current and ahead > 1 and ahead + _ASIDE * aside < least:
            best, least = name, ahead + _ASIDE * aside
    return best


def arrows_from(machine: Machine, start: str) -> list[str]:
    """All arrows, those that leave a state before the others."""
    listed = sorted(machine.arrows.values(), key=lambda it: (it.tail != start, it.tail, it.head))
    return [arrow.id for arrow in listed]
