"""Layers: a table of which copies are cheap, however large it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Generic, TypeVar

_STEP: Final = 4
"""A layer has less than a quarter of what the one below it has: of a hundred thousand there are some six at most."""

K = TypeVar("K")
V = TypeVar("V")


class Layers(Generic[K, V]):
    """A table that only grows: entries are put and replaced, none is taken out. `None` cannot be an entry.

    Copies share layers that nobody changes any more. What is put after a copy was made goes into a layer of its own, so a copy
    costs what has changed since the one before, and not what is there. (A plain copy per keyframe of a store of 100,000 paths is
    some megabytes each time, and all of them together were what the garbage collector looked at for 170 ms.) Layers that have
    become nearly as large as the one below are laid together with it.
    """

    __slots__ = ("_below", "_count", "_top")

    def __init__(self) -> None:
        self._top: dict[K, V] = {}
        self._below: tuple[dict[K, V], ...] = ()
        """The newest first. What is the same in several is as the first of them says."""
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[K]:
        """The keys in the order in which they came."""
        oldest, *newer = (*reversed(self._below), self._top)
        yield from oldest
        older = [oldest]
        for layer in newer:
            for key in layer:
                if not any(key in each for each in older):
                    yield key
            older.append(layer)

    def get(self, key: K) -> V | None:
        """The entry with this key, None for none."""
        found = self._top.get(key)
        if found is None:
            for layer in self._below:
                found = layer.get(key)
                if found is not None:
                    break
        return found

    def put(self, key: K, entry: V, is_new: bool) -> None:
        """Set an entry; who asked `get` before knows whether there was none with this key."""
        self._top[key] = entry
        self._count += is_new

    def fork(self) -> Layers[K, V]:
        """The same, to be changed apart from this one."""
        if self._top:
            self._below = _laid_together(self._top, self._below)
            self._top = {}
        other = Layers[K, V]()
        other._below, other._count = self._below, self._count
        return other


def _laid_together(top: dict[K, V], below: tuple[dict[K, V], ...]) -> tuple[dict[K, V], ...]:
    """With a new layer on top; none of those that are there is changed."""
    merged = 0
    while merged < len(below) and len(top) * _STEP >= len(below[merged]):
        top = {**below[merged], **top}
        merged += 1
    return (top, *below[merged:])
