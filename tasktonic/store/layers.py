"""Dictionaries seen through changes that the ones below do not have: what an overlay is made of.

Not thread-safe: the store's lock protects both.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

_GONE: Final = object()


class Layer:
    """A dictionary seen through changes that the one below does not have."""

    __slots__ = ("_below", "_own")

    def __init__(self, below: dict[str, Any] | Layer) -> None:
        self._below = below
        self._own: dict[str, Any] = {}

    def get(self, path: str, default: Any = None, /) -> Any:
        try:
            found = self._own[path]
        except KeyError:
            return self._below.get(path, default)
        return default if found is _GONE else found

    def pop(self, path: str, default: Any = None, /) -> Any:
        found = self.get(path, default)
        self._own[path] = _GONE
        return found

    def __getitem__(self, path: str, /) -> Any:
        found = self.get(path, _GONE)
        if found is _GONE:
            raise KeyError(path)
        return found

    def __contains__(self, path: object, /) -> bool:
        if path in self._own:
            return self._own[path] is not _GONE
        return path in self._below

    def __setitem__(self, path: str, value: Any, /) -> None:
        self._own[path] = value

    def has_own(self, path: str) -> bool:
        return path in self._own


class Grown:
    """The children of a node, with some more: a group that appends to a long list must not copy it."""

    __slots__ = ("_below", "_more", "_place")

    def __init__(self, below: dict[str, Any] | Layer, place: str) -> None:
        self._below = below  # looked up anew each time, as another thread may take the node away
        self._place = place
        self._more: dict[str, str] = {}

    def _base(self) -> dict[str, str]:
        base: dict[str, str] = self._below.get(self._place) or {}
        return base

    def __iter__(self) -> Iterator[str]:
        base = self._base()
        yield from base
        yield from (key for key in self._more if key not in base)

    def __reversed__(self) -> Iterator[str]:
        base = self._base()
        yield from (key for key in reversed(self._more) if key not in base)
        yield from reversed(base)

    def __contains__(self, key: object, /) -> bool:
        return key in self._more or key in self._base()

    def __getitem__(self, key: str, /) -> str:
        return self._more[key] if key in self._more else self._base()[key]

    def __setitem__(self, key: str, path: str, /) -> None:
        self._more[key] = path
