"""A row of the ledger's tree."""

from __future__ import annotations

from tasktonic_studio.ui.item_models.tree import Node
from tasktonic_studio.ui.panels.ledger.arrangement import Key
from tasktonic_studio.ui.panels.ledger.rows import LedgerRow


class LedgerNode(Node):
    """A row: an essence, or a group. ``hit`` is false for what stands there only because of something below it."""

    __slots__ = ("active", "figures_version", "hit", "rate", "row_now", "version")

    def __init__(self, key: Key, order: tuple[int | str, ...], *, hit: bool) -> None:
        super().__init__(key, order)
        self.hit = hit
        self.version = -1
        self.figures_version = -1
        self.rate = 0.0
        self.active = ""
        self.row_now: LedgerRow | None = None


def key_of(node: LedgerNode) -> Key:
    """The identity of a row, as what it is."""
    key = node.key
    assert isinstance(key, (int, tuple))
    return key


def is_within(node: Node | None, above: Node) -> bool:
    """Whether a row stands below another, or is it: a row cannot move into itself."""
    while node is not None:
        if node is above:
            return True
        node = node.parent
    return False


def essence_below(place: Key) -> int:
    """The essence that a place is below, for a group too."""
    return place if isinstance(place, int) else place[1]
