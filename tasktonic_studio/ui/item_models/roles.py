"""Our data roles, and how a column is described."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt

Index = QModelIndex | QPersistentModelIndex
"""What Qt passes as an index."""

DISPLAY: Final = int(Qt.ItemDataRole.DisplayRole)
DECORATION: Final = int(Qt.ItemDataRole.DecorationRole)
TOOL_TIP: Final = int(Qt.ItemDataRole.ToolTipRole)
FONT: Final = int(Qt.ItemDataRole.FontRole)
ALIGNMENT: Final = int(Qt.ItemDataRole.TextAlignmentRole)
FOREGROUND: Final = int(Qt.ItemDataRole.ForegroundRole)
ACCESSIBLE_TEXT: Final = int(Qt.ItemDataRole.AccessibleTextRole)
"""Roles of Qt as numbers: a view asks some thousand times per frame, and looking up a member of an enumeration is slow."""

_UNANSWERED: Final = frozenset(
    map(int, (Qt.ItemDataRole.CheckStateRole, Qt.ItemDataRole.BackgroundRole, Qt.ItemDataRole.SizeHintRole))
)
_LEFT: Final = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT: Final = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

KEY: Final = Qt.ItemDataRole.UserRole + 1
"""The identity of a row: the same for as long as the row means the same thing, whatever its row number."""

SORT: Final = Qt.ItemDataRole.UserRole + 2
"""The value behind the text of a cell."""

PLACE: Final = Qt.ItemDataRole.UserRole + 3
"""Where in the source the thing of a row is defined: ``(file, line)``."""

SHARE: Final = Qt.ItemDataRole.UserRole + 4
"""A number from 0 to 1 that a delegate may draw as a bar behind the text."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a tree or table.

    Attributes:
        id: what code and settings call it.
        title: its heading.
        help: a sentence for the tool tip of the heading.
        sample: the longest text that has to be readable without being cut; the width is measured on it.
        right: figures stand at the right edge, so that they can be compared.
        rank: the lower, the longer the column stays when the view gets narrow; 0 stays always.
        stretch: it takes the width that is left; among several each takes so many parts of it.
        roomy: for a stretched column, a longer text that has to fit before columns of rank 3 and more are shown.
        mono: figures and code in the fixed-width font.
        icon: a shape stands before the text.
        shrinks: where there is not even room for the columns that stay always, only its shape is left of it.
    """

    id: str
    title: str
    help: str
    sample: str
    right: bool = False
    rank: int = 0
    stretch: int = False
    mono: bool = False
    icon: bool = False
    roomy: str = ""
    shrinks: bool = False

    @property
    def alignment(self) -> int:
        """What the alignment role answers for its cells and its heading."""
        return _RIGHT if self.right else _LEFT


def is_unanswered(role: int) -> bool:
    """Whether no model of ours has anything for a role that views ask for again and again."""
    return role in _UNANSWERED


def heading(columns: Sequence[Column], section: int, orientation: Qt.Orientation, role: int) -> Any:
    """What the header of a tree or table shows for a column."""
    if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(columns):
        return None
    column = columns[section]
    if role == DISPLAY:
        return column.title
    if role == TOOL_TIP:
        return column.help
    if role == ALIGNMENT:
        return column.alignment
    return None
