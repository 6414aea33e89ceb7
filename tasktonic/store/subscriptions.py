"""Who hears of which path: a tree of patterns, so that a change costs what it matches.

Each segment of a subscribed path is one step in the tree; `*` and `**` are steps of their own kind beside
the named ones. A change walks down with its own segments, so ten thousand subscriptions elsewhere, with or
without wildcards, are branches that it never enters. What a path matched is kept until the next
`add` or `remove`.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable
from typing import Any

from tasktonic.errors import ttArgumentError
from tasktonic.store.paths import join, parse, parse_pattern, pattern_covers, pattern_is

Entry = tuple[str, Any, Any, Any]
"""What a callback hears of one path: path, new value, old value, source. None stands for "no value"."""

Callback = Callable[[list[Entry]], object]


class Subscription:
    """One call of `subscribe`. Created and owned by the store, alive until it is unsubscribed."""

    __slots__ = (
        "callback",
        "excludes",
        "extract",
        "ignore_source",
        "is_alive",
        "is_recursive",
        "is_triggered",
        "number",
        "owner",
        "patterns",
    )

    def __init__(
        self,
        paths: Iterable[str],
        callback: Callback,
        *,
        owner: object,
        ignore_source: object,
        recursive: bool,
        exclude: str | Iterable[str] | None,
        extract: str | Iterable[str] | None,
        triggered: bool = False,
    ) -> None:
        if not callable(callback):
            raise ttArgumentError(
                f"subscribe needs something to call, not {type(callback).__name__} ({callback!r:.60})."
            )
        self.patterns = tuple(dict.fromkeys(parse_pattern(path) for path in paths))
        self.callback = callback
        self.owner = owner_of(callback) if owner is None else owner
        self.ignore_source = ignore_source
        self.is_recursive = recursive
        self.is_triggered = triggered  # it was told what was there when it subscribed
        self.excludes = tuple(parse_pattern(path) for path in _as_paths(exclude))
        self.extract = None if extract is None else tuple(_extracted(name) for name in _as_paths(extract))
        self.is_alive = True
        self.number = -1

    def is_excluded(self, segments: tuple[str, ...]) -> bool:
        """Tell whether the segments below the subscribed path are in an excluded branch."""
        return any(pattern_covers(pattern, segments) for pattern in self.excludes)

    def fitting(self, path: str) -> list[tuple[str, ...]]:
        """Return those of the subscribed patterns by which it hears of a path."""
        segments = tuple(path.split("/")) if path else ()
        fits = pattern_covers if self.is_recursive else pattern_is
        return [pattern for pattern in self.patterns if fits(pattern, segments)]


class _Step:
    """One segment in the tree of patterns."""

    __slots__ = ("any_depth", "branch", "exact", "is_any_depth", "named", "one")

    def __init__(self, is_any_depth: bool = False) -> None:
        self.is_any_depth = is_any_depth  # this step is a `**`: it stays where it is, whatever comes
        self.named: dict[str, _Step] = {}
        self.one: _Step | None = None  # `*`
        self.any_depth: _Step | None = None  # `**`
        self.exact: dict[Subscription, None] = {}  # hear of this place only
        self.branch: dict[Subscription, None] = {}  # hear of everything below too

    def is_empty(self) -> bool:
        return not (self.named or self.one or self.any_depth or self.exact or self.branch)

    def next(self, segment: str) -> _Step | None:
        if segment == "*":
            return self.one
        return self.any_depth if segment == "**" else self.named.get(segment)

    def make_next(self, segment: str) -> _Step:
        step = self.next(segment)
        if step is None:
            step = _Step(is_any_depth=segment == "**")
            self._put(segment, step)
        return step

    def drop_next(self, segment: str) -> None:
        if segment in ("*", "**"):
            self._put(segment, None)
        else:
            del self.named[segment]

    def _put(self, segment: str, step: _Step | None) -> None:
        if segment == "*":
            self.one = step
        elif segment == "**":
            self.any_depth = step
        elif step is not None:
            self.named[segment] = step


Match = tuple[Subscription, str]
"""A subscription and the node that its path matched (for `**` the lowest one)."""


class Subscriptions:
    """All subscriptions of a store. Not thread-safe: the store's lock protects it."""

    _PLANS_KEPT = 8192  # paths whose matches are remembered; a store that only appends must not remember all

    def __init__(self) -> None:
        self._root = _Step()
        self._by_owner: dict[int, dict[Subscription, None]] = {}
        self._by_callback: dict[object, dict[Subscription, None]] = {}
        self._plans: dict[str, tuple[Match, ...]] = {}
        self._next_number = 0

    def __bool__(self) -> bool:
        return bool(self._by_owner)

    def add(self, subscription: Subscription) -> None:
        subscription.number = self._next_number
        self._next_number += 1
        for pattern in subscription.patterns:
            step = self._root
            for segment in pattern:
                step = step.make_next(segment)
            (step.branch if subscription.is_recursive else step.exact)[subscription] = None
        self._by_owner.setdefault(id(subscription.owner), {})[subscription] = None
        self._by_callback.setdefault(callback_key(subscription.callback), {})[subscription] = None
        self._plans = {}

    def remove(self, subscription: Subscription) -> None:
        """Take one out. Costs the length of its paths. Once is enough, twice is harmless."""
        if not subscription.is_alive:
            return
        subscription.is_alive = False
        for pattern in subscription.patterns:
            steps = [self._root]
            for segment in pattern:
                step = steps[-1].next(segment)
                if step is None:
                    break
                steps.append(step)
            else:
                steps[-1].branch.pop(subscription, None)
                steps[-1].exact.pop(subscription, None)
                for above, segment, step in zip(reversed(steps[:-1]), reversed(pattern), reversed(steps), strict=False):
                    if not step.is_empty():
                        break
                    above.drop_next(segment)
        _discard(self._by_owner, id(subscription.owner), subscription)
        _discard(self._by_callback, callback_key(subscription.callback), subscription)
        self._plans = {}

    def of(self, owner_or_callback: object) -> list[Subscription]:
        """Return the living subscriptions of an owner (by identity) or of a callback."""
        found = dict(self._by_owner.get(id(owner_or_callback), {}))
        if callable(owner_or_callback):
            found.update(self._by_callback.get(callback_key(owner_or_callback), {}))
        return list(found)

    def matches(self, path: str) -> tuple[Match, ...]:
        """Return who hears of a change of this path, in the order of subscribing."""
        plan = self._plans.get(path)
        if plan is None:
            if len(self._plans) >= self._PLANS_KEPT:
                self._plans = {}
            plan = self._plans[path] = tuple(self._find(path))
        return plan

    def _find(self, path: str) -> list[Match]:
        segments = tuple(path.split("/")) if path else ()
        highest: dict[Subscription, int] = {}
        lowest: dict[Subscription, int] = {}
        active = _with_any_depth(self._root)
        for depth in range(len(segments) + 1):
            for step in active:
                for subscription in step.branch:
                    highest.setdefault(subscription, depth)
                    lowest[subscription] = depth
            if depth < len(segments):
                active = _after(active, segments[depth])
        for step in active:
            for subscription in step.exact:
                highest.setdefault(subscription, len(segments))
                lowest[subscription] = len(segments)
        if not highest:
            return []
        return [
            (subscription, "/".join(segments[: lowest[subscription]]))
            for subscription in sorted(highest, key=lambda each: each.number)
            if not (subscription.excludes and subscription.is_excluded(segments[highest[subscription] :]))
        ]


def owner_of(callback: Any) -> object:
    """Return the instance of a bound method, else the callback itself."""
    owner = getattr(callback, "__self__", None)
    return callback if owner is None or isinstance(owner, types.ModuleType) else owner


def callback_key(callback: Any) -> object:
    """Return what makes two callbacks the same one: a bound method is a new object at each look-up."""
    if isinstance(callback, types.MethodType):
        return (id(callback.__self__), id(callback.__func__))
    if isinstance(callback, types.BuiltinMethodType):
        return (id(callback.__self__), callback.__name__)
    return id(callback)


def _as_paths(paths: str | Iterable[str] | None) -> Iterable[str]:
    if paths is None:
        return ()
    return (paths,) if isinstance(paths, str) else paths


def _extracted(name: str) -> str:
    return name if name == "." else join("", "/".join(parse_pattern(name)))


def _discard(index: dict[Any, dict[Subscription, None]], key: object, subscription: Subscription) -> None:
    row = index[key]
    del row[subscription]
    if not row:
        del index[key]


def _with_any_depth(step: _Step) -> list[_Step]:
    """Return a step and the `**` steps after it, which match no segment as well."""
    steps = [step]
    while step.any_depth is not None:
        step = step.any_depth
        steps.append(step)
    return steps


def _after(active: list[_Step], segment: str) -> list[_Step]:
    """Return the steps that one more segment leads to."""
    steps: list[_Step] = []
    for step in active:
        named = step.named.get(segment)
        if named is not None:
            steps += _with_any_depth(named) if named.any_depth is not None else (named,)
        one = step.one
        if one is not None:
            steps += _with_any_depth(one) if one.any_depth is not None else (one,)
        if step.is_any_depth:
            steps.append(step)
    # Several `**` in one pattern can lead to the same step by many ways.
    return list(dict.fromkeys(steps)) if len(steps) > 8 else steps


def literal_part(pattern: tuple[str, ...]) -> str:
    """Return the part of a pattern before its first wildcard, as a path."""
    named: list[str] = []
    for segment in pattern:
        if segment in ("*", "**"):
            break
        named.append(segment)
    return parse("/".join(named)).path
