"""Which sparkle a request goes to: a tree of the segments of paths."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

from ..errors import ttArgumentError
from ..tonic import ttTonic
from ..values import preview

_METHOD: Final = re.compile(r"[A-Z]+")
_NAME: Final = re.compile(r"\{([A-Za-z_]\w*)(\.\.\.)?\}")


class Route(NamedTuple):
    """Where requests for one method and pattern go: to a sparkle, or to the files of a folder."""

    pattern: str
    names: tuple[str, ...]
    call: Callable[..., object] | None
    tonic: ttTonic | None
    slot: int
    limit: float | None
    """Seconds for the reply; ``None`` for what the server says."""
    folder: Path | None = None


class _Node:
    __slots__ = ("literal", "methods", "parameter", "tail")

    def __init__(self) -> None:
        self.literal: dict[str, _Node] = {}
        self.parameter: _Node | None = None
        self.tail: dict[str, Route] = {}
        """Routes that take all segments from here on, by method."""
        self.methods: dict[str, Route] = {}
        """Routes that end here, by method."""

    def is_bare(self) -> bool:
        return not (self.literal or self.parameter or self.tail or self.methods)


Match = tuple[Route, tuple[str, ...]]


class Routes:
    """All routes of a server. Changed from any thread, under a lock; looked up without one, in the thread of the loop."""

    def __init__(self) -> None:
        self._root = _Node()
        self._changes = threading.Lock()
        self._of_tonic: dict[int, dict[int, tuple[str, Route]]] = {}
        """By the id of the tonic, and that of the route in memory."""

    def add(self, who: str, method: str, route: Route) -> bool:
        """Enter a route; true when it is the first of its tonic, so that ``remove_all_of`` has to be called at its end.

        Raises:
            ttArgumentError: the method or the pattern means nothing, or something else is entered for them.
        """
        if not _METHOD.fullmatch(method):
            raise ttArgumentError(f"{who}: {method!r} is no method; write it in capitals: 'GET {route.pattern}'.")
        segments = segments_of(who, route.pattern)
        with self._changes:
            node = self._root
            for segment in segments:
                if segment.endswith("...}"):
                    break
                node = self._step_into(node, segment)
            place = node.tail if segments and segments[-1].endswith("...}") else node.methods
            there = place.get(method)
            if there is not None:
                raise ttArgumentError(
                    f"{who}: {method} {route.pattern} would never be asked: {method} {there.pattern} is there already. Undo that one "
                    "first (route gives a function that does), or choose another path."
                )
            place[method] = route
            if route.tonic is None:
                return False
            of_tonic = route.tonic._tt_id
            is_first = of_tonic not in self._of_tonic
            self._of_tonic.setdefault(of_tonic, {})[id(route)] = method, route
            return is_first

    @staticmethod
    def _step_into(node: _Node, segment: str) -> _Node:
        if segment.startswith("{"):
            if node.parameter is None:
                node.parameter = _Node()
            return node.parameter
        return node.literal.setdefault(segment, _Node())

    def remove(self, method: str, route: Route) -> None:
        """Take a route out; harmless when it is out already."""
        with self._changes:
            if route.tonic is not None:
                self._of_tonic.get(route.tonic._tt_id, {}).pop(id(route), None)
            self._remove(self._root, segments_of("", route.pattern), method, route)

    def remove_all_of(self, tonic_id: int) -> None:
        """A tonic has ended: take its routes out."""
        with self._changes:
            for method, route in self._of_tonic.pop(tonic_id, {}).values():
                self._remove(self._root, segments_of("", route.pattern), method, route)

    def _remove(self, node: _Node, segments: list[str], method: str, route: Route) -> None:
        if not segments or segments[0].endswith("...}"):
            place = node.tail if segments else node.methods
            if place.get(method) is route:
                del place[method]
            return
        first, *rest = segments
        child = node.parameter if first.startswith("{") else node.literal.get(first)
        if child is None:
            return
        self._remove(child, rest, method, route)
        if child.is_bare():
            if first.startswith("{"):
                node.parameter = None
            else:
                del node.literal[first]

    def find(self, method: str, segments: list[str]) -> Match | list[str]:
        """The route for a request with the values of its names; else the methods there are for the path, none when it is unknown.

        What is written out goes before a name, and a name before a rest, whatever was entered first.
        """
        allowed: set[str] = set()
        found = _find(self._root, segments, 0, (), _tries(method), allowed)
        return found or sorted(allowed | ({"HEAD"} if "GET" in allowed else set()))


def _tries(method: str) -> tuple[str, ...]:
    return ("HEAD", "GET") if method == "HEAD" else (method,)


def _find(
    node: _Node, segments: list[str], at: int, values: tuple[str, ...], methods: tuple[str, ...], allowed: set[str]
) -> Match | None:
    if at == len(segments):
        for method in methods:
            if (route := node.methods.get(method)) is not None:
                return route, values
        allowed.update(node.methods)
    else:
        segment = segments[at]
        child = node.literal.get(segment)
        if child is not None and (found := _find(child, segments, at + 1, values, methods, allowed)):
            return found
        child = node.parameter
        if (
            child is not None
            and segment
            and (found := _find(child, segments, at + 1, (*values, segment), methods, allowed))
        ):
            return found
    for method in methods:
        if (route := node.tail.get(method)) is not None:
            return route, (*values, "/".join(segments[at:]))
    allowed.update(node.tail)
    return None


def segments_of(who: str, pattern: str) -> list[str]:
    """The segments of the pattern of a route.

    Raises:
        ttArgumentError: it is no pattern.
    """
    if not pattern.startswith("/"):
        raise ttArgumentError(f"{who}: the path {pattern!r} has to begin with '/', as in 'GET /things/{{name}}'.")
    segments = pattern[1:].split("/") if pattern != "/" else [""]
    for number, segment in enumerate(segments):
        named = _NAME.fullmatch(segment)
        if named is None and ("{" in segment or "}" in segment):
            raise ttArgumentError(
                f"{who}: {segment!r} in {pattern!r} is no name; a segment is a text, one {{name}} alone, or as the last one "
                "{name...} for all that is left."
            )
        if named is not None and named[2] and number < len(segments) - 1:
            raise ttArgumentError(f"{who}: {segment!r} in {pattern!r} takes all that is left, so it has to stand last.")
    names = names_of(pattern)
    if len(set(names)) < len(names):
        raise ttArgumentError(f"{who}: a name stands twice in {pattern!r}; give each segment a name of its own.")
    return segments


def names_of(pattern: str) -> tuple[str, ...]:
    """The names in a pattern, in order."""
    return tuple(name for name, _ in _NAME.findall(pattern))


def split_asked(who: str, asked: Any) -> tuple[str, str]:
    """Method and pattern out of ``'GET /things/{name}'``.

    Raises:
        ttArgumentError: it is not in this form.
    """
    parts = asked.split() if isinstance(asked, str) else []
    if len(parts) != 2:
        raise ttArgumentError(
            f"{who}: {preview(asked)} is no route; write the method and the path: 'GET /things/{{name}}'."
        )
    return parts[0], parts[1]
