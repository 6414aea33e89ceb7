"""Links: places in the store that stand for another place.

A link at `alias` to `target` makes `alias/x` another spelling of `target/x`. Links may dangle and may lead
to other links, never in a circle, so every path resolves in a finite number of steps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tasktonic.errors import ttError
from tasktonic.store.paths import contains


class ttCircularLinkError(ttError, ValueError):
    """A link that would lead to itself, by its way or by what lies below its target."""


@dataclass(frozen=True, slots=True)
class Link:
    """What stands in the store where a link is; `dump` gives it and `set` takes it back.

    Attributes:
        target: absolute path.
        bubble_events: changes of the target are delivered on the alias path too.
    """

    target: str
    bubble_events: bool = False


class Links:
    """All links of one tree, with the two indexes that make questions cost what they find.

    Not thread-safe: the store's lock protects it.
    """

    __slots__ = ("_below", "_by_alias", "_by_target", "news")

    def __init__(self) -> None:
        self._by_alias: dict[str, Link] = {}
        self._by_target: dict[str, dict[str, None]] = {}  # target as written -> aliases
        self._below: dict[str, dict[str, None]] = {}  # path -> aliases at or below it
        self.news: list[tuple[str, Link | None, Link | None]] | None = (
            None  # alias, before, after; while somebody wants it
        )

    def __bool__(self) -> bool:
        return bool(self._by_alias)

    def __contains__(self, path: str) -> bool:
        return path in self._by_alias

    def get(self, alias: str) -> Link | None:
        return self._by_alias.get(alias)

    def copy(self) -> Links:
        twin = Links()
        for alias, link in self._by_alias.items():
            twin.add(alias, link)
        return twin

    def add(self, alias: str, link: Link) -> None:
        """Put a link, or replace one. The circle test is `refuse_circle`, before."""
        self._note(alias, link)
        self._drop(alias)
        self._by_alias[alias] = link
        self._by_target.setdefault(link.target, {})[alias] = None
        for above in _prefixes(alias):
            self._below.setdefault(above, {})[alias] = None

    def discard(self, alias: str) -> None:
        self._note(alias, None)
        self._drop(alias)

    def _note(self, alias: str, after: Link | None) -> None:
        if self.news is not None:
            self.news.append((alias, self._by_alias.get(alias), after))

    def _drop(self, alias: str) -> None:
        link = self._by_alias.pop(alias, None)
        if link is None:
            return
        for index, keys in ((self._by_target, (link.target,)), (self._below, tuple(_prefixes(alias)))):
            for key in keys:
                del index[key][alias]
                if not index[key]:
                    del index[key]

    def resolve(self, path: str) -> str:
        """Return the place that a path means when all links on its way are followed."""
        links = self._by_alias
        if not links:
            return path
        start = 0
        while True:
            cut = path.find("/", start)
            head = path if cut < 0 else path[:cut]
            link = links.get(head)
            if link is not None:
                path = link.target + path[len(head) :]
                start = 0
            elif cut < 0:
                return path
            else:
                start = cut + 1

    def resolve_parent(self, path: str) -> str:
        """Like `resolve`, but a link at the very end stays: the place of the link itself."""
        parent, slash, key = path.rpartition("/")
        return f"{self.resolve(parent)}{slash}{key}"

    def names(self, place: str) -> dict[str, bool]:
        """Return all other names of a resolved place, with whether its changes are delivered there."""
        found: dict[str, bool] = {}
        if not self._by_alias:
            return found
        to_do = [place]
        while to_do:
            path = to_do.pop()
            for above in _prefixes(path):
                for alias in self._by_target.get(above, ()):
                    # Not path[len(above):] alone: a target of '' is refused as a circle, so `above` is never ''.
                    name = alias + path[len(above) :]
                    bubbles = self._by_alias[alias].bubble_events
                    if name not in found:
                        to_do.append(name)
                    found[name] = bubbles or found.get(name, False)
        return found

    def bubbled(self, place: str) -> tuple[str, ...]:
        """Return the alias paths on which a change of this place is delivered too."""
        if not self._by_alias:
            return ()
        return tuple(name for name, bubbles in self.names(place).items() if bubbles)

    def refuse_circle(self, alias: str, target: str) -> None:
        """Raise when a link at `alias` (a resolved place) to `target` would lead to itself.

        One link leads to another when the way to its target passes it, or when it lies at or below that
        target. Whether the links form a circle is then a property of the set and not of the order in which
        they were made, so that what was dumped can always be set back.

        Raises:
            ttCircularLinkError: it would; nothing has changed.
        """
        seen: set[str] = set()
        to_do = [target]
        while to_do:
            met, region = self._passed(to_do.pop(), alias)
            if met is None or contains(region, alias):
                raise ttCircularLinkError(
                    f"Circular StoreLink detected: {alias!r} cannot be a link to {target!r}, because that leads back "
                    f"to {alias!r}. Link to a place that neither holds {alias!r} nor comes back to it by a link."
                )
            for link in (*met, *self._below.get(region, ())):
                if link not in seen:
                    seen.add(link)
                    to_do.append(self._by_alias[link].target)

    def _passed(self, path: str, alias: str) -> tuple[list[str] | None, str]:
        """Resolve, noting the links on the way; None when `alias` is one of them."""
        met: list[str] = []
        while True:
            for head in _prefixes(path):
                if head == alias:
                    return None, path
                link = self._by_alias.get(head)
                if link is not None:
                    met.append(head)
                    path = link.target + path[len(head) :]
                    break
            else:
                return met, path


def _prefixes(path: str) -> Iterator[str]:
    """Yield all paths at or above this one, from the top, without the root."""
    cut = path.find("/")
    while cut >= 0:
        yield path[:cut]
        cut = path.find("/", cut + 1)
    if path:
        yield path
