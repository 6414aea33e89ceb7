"""The values by path: structure, list numbers, links. No locks, no news to anyone.

Everything hangs on flat dictionaries keyed by the whole path, so that reading or replacing a value is one
look-up at any depth, and `children` holds for each node with children its keys in order:

    values    {'lamp#0/name': 'desk', 'lamp#0/level': 3}
    children  {'': {'lamp#0': 'lamp#0'}, 'lamp#0': {'name': 'lamp#0/name', 'level': 'lamp#0/level'}}

A node exists while it has a value, a child or a link; nodes left empty are pruned upwards.
`Overlay` is the same tree seen through writes that are not committed yet: what an open group sees.
Not thread-safe: the store's lock protects it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from tasktonic.store.layers import Grown, Layer
from tasktonic.store.links import Link, Links
from tasktonic.store.paths import contains, entry_of, join, split_last


class Absent:
    """The type of `ABSENT` and `BARE`."""

    __slots__ = ()


ABSENT: Final = Absent()
"""No value, which is not the value None. Written to a place it removes the branch."""
BARE: Final = Absent()
"""Written to a place it removes the own value and leaves the children."""


class News(NamedTuple):
    """One thing that a write altered."""

    path: str
    new: Any  # ABSENT: removed
    old: Any  # ABSENT: was not there
    aliases: tuple[str, ...]  # further paths on which it is delivered
    is_value: bool  # False: a link has gone


class Tree:
    """Values, children, links and list counters of one store."""

    __slots__ = ("children", "counters", "links", "unsorted", "values")

    def __init__(self, values: dict[str, Any] | Layer | None = None) -> None:
        self.values: dict[str, Any] | Layer = {} if values is None else values
        self.children: dict[str, Any] | Layer = {}  # place -> its children, key -> place, in order
        self.links = Links()
        # 'users/list/#' -> next number. Kept when the list goes: a number is never used twice.
        self.counters: dict[str, int] = {}
        self.unsorted: set[str] = set()  # nodes that got an entry with a lower number than one already there

    # -- reading ------------------------------------------------------------------------------------

    def exists(self, place: str) -> bool:
        return place in self.values or place in self.children or place in self.links

    def get(self, place: str, default: Any) -> Any:
        """Return what `Store.get` promises for a resolved place."""
        own = self.values.get(place, ABSENT)
        if own is not ABSENT:
            return own
        found = self.plain(place)
        return default if found is ABSENT else found

    def plain(self, place: str) -> Any:
        """Return the branch at a resolved place as plain data, ABSENT when nothing is there."""
        own = self.values.get(place, ABSENT)
        if place not in self.children:
            return own
        found: dict[str, Any] = {} if own is ABSENT else {".": own}
        is_list = own is ABSENT
        for key, child in self.ordered(place):
            value = self.plain(self.links.resolve(child))
            if value is not ABSENT:
                found[key] = value
                is_list = is_list and key[0] == "#" and entry_of(key) is not None
        if not found:
            return ABSENT
        return list(found.values()) if is_list else found

    def ordered(self, place: str) -> list[tuple[str, str]]:
        """Return (key, path) of the children: as made, entries of one prefix by their number."""
        kids = self.children.get(place, {})
        pairs = [(key, kids[key]) for key in kids]
        if place in self.unsorted:
            pairs = _by_number(pairs)
            self.children[place] = dict(pairs)
            self.unsorted.discard(place)
        return pairs

    def last_entry(self, place: str) -> str | None:
        """Return the path of the plain list entry with the highest number."""
        if place in self.unsorted:
            self.ordered(place)
        kids = self.children.get(place, {})
        for key in reversed(kids):
            if key[0] == "#" and entry_of(key) is not None:
                return join(place, key)
        return None

    def walk(self, place: str) -> Iterator[tuple[str, Any]]:
        """Yield (path, value or Link) at and below a place, parents first, links not followed."""
        to_do = [place]
        while to_do:
            node = to_do.pop()
            link = self.links.get(node)
            if link is not None:
                yield node, link
                continue
            own = self.values.get(node, ABSENT)
            if own is not ABSENT:
                yield node, own
            to_do.extend(child for _, child in reversed(self.ordered(node)))

    def walk_seen(self, base: str) -> Iterator[tuple[str, Any]]:
        """Yield (path, value) at and below a path as a subscriber there sees it: through bubbling links too."""
        to_do = [(base, self.links.resolve(base))]
        while to_do:
            path, node = to_do.pop()
            own = self.values.get(node, ABSENT)
            if own is not ABSENT:
                yield path, own
            for key, child in reversed(self.ordered(node)):
                link = self.links.get(child)
                if link is None:
                    to_do.append((join(path, key), child))
                elif link.bubble_events:
                    to_do.append((join(path, key), self.links.resolve(child)))

    # -- writing ------------------------------------------------------------------------------------

    def next_number(self, place: str, prefix: str) -> int:
        """Take the next entry number of a prefix at a resolved place."""
        counter = join(place, prefix + "#")
        number = self.counters.get(counter, 0)
        self.counters[counter] = number + 1
        return number

    def counters_below(self, place: str) -> dict[str, int]:
        """Return the next numbers of all lists of a branch, keyed relative to it."""
        cut = len(place) + 1 if place else 0
        return {key[cut:]: number for key, number in self.counters.items() if contains(place, key)}

    def raise_counters(self, place: str, counters: dict[str, int]) -> None:
        """Go on counting from these numbers where they are higher."""
        for key, number in counters.items():
            counter = join(place, key)
            self.counters[counter] = max(number, self.counters.get(counter, 0))

    def put(self, place: str, value: Any) -> Any:
        """Set the value of a resolved place, return the old one or ABSENT."""
        old = self.values.get(place, ABSENT)
        self.values[place] = value
        if old is ABSENT:
            self._attach(place)
        return old

    def write(self, place: str, value: Any) -> list[News]:
        """Do one write: a value, a Link, ABSENT or BARE. The place may lead through links.

        Raises:
            ttCircularLinkError: nothing has changed.
        """
        place = self.settled(place, value)
        if type(value) is Link:
            return self.link(place, value)
        if value is ABSENT:
            return self.remove(place)
        if value is BARE:
            return self.bare(place)
        return [News(place, value, self.put(place, value), self.links.bubbled(place), True)]

    def settled(self, place: str, value: Any) -> str:
        """Return the place that this write is about: a link at the end is followed to set a value only."""
        if type(value) is Link or type(value) is Absent:
            return self.links.resolve_parent(place)
        return self.links.resolve(place)

    def bare(self, place: str) -> list[News]:
        """Remove an own value; the children stay, and so do links to this place."""
        old = self.values.pop(place, ABSENT)
        if old is ABSENT:
            return []
        self._detach(place)
        return [News(place, ABSENT, old, self.links.bubbled(place), True)]

    def remove(self, place: str) -> list[News]:
        """Remove a branch, the links in it and the links to anything in it."""
        if not self.exists(place):
            return []
        nodes = self._nodes(place)
        lost: dict[str, None] = {}
        if self.links:
            for node in nodes:
                if node in self.links:
                    lost[node] = None
                lost.update((name, None) for name in self.links.names(node) if name in self.links)
        news = self._erase(nodes, lost)
        self._detach(place)
        return news

    def link(self, place: str, link: Link) -> list[News]:
        """Put a link in the place of whatever stands there.

        Raises:
            ttCircularLinkError: nothing has changed.
        """
        if self.links.get(place) == link:
            return []
        self.links.refuse_circle(place, link.target)
        nodes = self._nodes(place)
        # Links to what stood here stay: their target is a link from now on, not gone.
        news = self._erase(nodes, {node: None for node in nodes if node in self.links and node != place})
        self._changing_links().add(place, link)
        self._attach(place)
        return news

    def _nodes(self, place: str) -> list[str]:
        """Return all existing places of a branch, parents first."""
        nodes: list[str] = []
        to_do = [place]
        while to_do:
            node = to_do.pop()
            nodes.append(node)
            if node in self.children:
                to_do.extend(child for _, child in reversed(self.ordered(node)))
        return nodes

    def _erase(self, nodes: list[str], lost: dict[str, None]) -> list[News]:
        """Empty these nodes and cut these links; says first what goes, while the links still tell its names."""
        news: list[News] = []
        for node in nodes:
            old = self.values.get(node, ABSENT)
            if old is not ABSENT:
                news.append(News(node, ABSENT, old, self.links.bubbled(node), True))
        news.extend(News(alias, ABSENT, self.get(self.links.resolve(alias), ABSENT), (), False) for alias in lost)
        for node in nodes:
            self.values.pop(node, None)
            self.children.pop(node, None)
            self.unsorted.discard(node)
        if lost:
            links = self._changing_links()
            for alias in lost:
                links.discard(alias)
            for alias in lost:
                self._detach(alias)
        return news

    def _attach(self, place: str) -> None:
        """Make a node known to its parents, up to the first one that knows."""
        while place:
            parent, key = split_last(place)
            kids = self._growing_kids(parent)
            if key in kids:
                return
            if "#" in key:
                self._note_entry(parent, key, kids)
            kids[key] = place
            place = parent

    def _note_entry(self, parent: str, key: str, kids: dict[str, str] | Grown) -> None:
        entry = entry_of(key)
        if entry is None:
            return
        prefix, number = entry
        counter = join(parent, prefix + "#")
        following = self.counters.get(counter, 0)
        self.counters[counter] = max(following, number + 1)
        # A number below the counter may still be the highest one here: a group takes numbers before it commits.
        if number < following and not (isinstance(kids, dict) and _follows(kids, prefix, number)):
            self.unsorted.add(parent)

    def _detach(self, place: str) -> None:
        """Take an empty node out of its parent, and parents that are empty then."""
        while place and not self.exists(place):
            parent, key = split_last(place)
            if parent not in self.children:
                return
            kids = self._shrinking_kids(parent)
            kids.pop(key, None)
            if not kids:
                self.children.pop(parent)
                self.unsorted.discard(parent)
            place = parent

    # -- what an overlay does otherwise ---------------------------------------------------------------

    def _growing_kids(self, parent: str) -> dict[str, str] | Grown:
        kids: dict[str, str] | Grown | None = self.children.get(parent)
        if kids is None:
            self.children[parent] = kids = {}
        return kids

    def _shrinking_kids(self, parent: str) -> dict[str, str]:
        kids: dict[str, str] = self.children[parent]
        return kids

    def _changing_links(self) -> Links:
        return self.links


class Overlay(Tree):
    """A tree as the thread of an open group sees it: its own writes on top of what is committed.

    List numbers are taken from the tree below at once, so two threads never get the same one.
    """

    __slots__ = ("_base", "_layer")

    def __init__(self, base: Tree) -> None:
        self._base = base
        self._layer = Layer(base.children)
        self.values = Layer(base.values)
        self.children = self._layer
        self.links = base.links
        self.counters = base.counters
        self.unsorted = set(base.unsorted)

    def _growing_kids(self, parent: str) -> dict[str, str] | Grown:
        kids: dict[str, str] | Grown | None = self._layer.get(parent)
        if kids is None:
            self._layer[parent] = kids = {}
        elif not self._layer.has_own(parent):
            self._layer[parent] = kids = Grown(self._base.children, parent)
        return kids

    def _shrinking_kids(self, parent: str) -> dict[str, str]:
        kids: dict[str, str] | Grown = self._layer[parent]
        if isinstance(kids, dict) and self._layer.has_own(parent):
            return kids
        copy = {key: kids[key] for key in kids}
        self._layer[parent] = copy
        return copy

    def _changing_links(self) -> Links:
        if self.links is self._base.links:
            self.links = self.links.copy()
        return self.links


def _follows(kids: dict[str, str], prefix: str, number: int) -> bool:
    """Tell whether an entry may be added last without breaking the order; quick, so it may say no in doubt."""
    if not kids:
        return True
    last = entry_of(next(reversed(kids)))
    return last is not None and last[0] == prefix and last[1] < number


def _by_number(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Put entries of one prefix in the order of their numbers, in the slots that they have."""
    numbered: dict[str, list[tuple[int, tuple[str, str]]]] = {}
    for pair in pairs:
        entry = entry_of(pair[0])
        if entry is not None:
            numbered.setdefault(entry[0], []).append((entry[1], pair))
    rows = {prefix: iter(sorted(row)) for prefix, row in numbered.items()}
    result: list[tuple[str, str]] = []
    for pair in pairs:
        entry = entry_of(pair[0])
        result.append(pair if entry is None else next(rows[entry[0]])[1])
    return result
