"""What the store costs: values at depth 3, changes in a crowd of subscriptions, lists, unsubscribing, dumping.

The floor of ``set`` and ``get`` is a bare dict nested three deep that is read or written by three look-ups. All other rows
compare the store with itself: the same work with a crowd around it that it should not notice. Nobody subscribes to what
``set`` and ``get`` touch there; in the crowds there is one subscription that hears each change. Times are of the thread
that works, by its own processor clock.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from side_by_side import Case, Comparison, Goal, Row, at_least, at_most, scaled

from tasktonic.store import Store


def nested_set(count: int) -> float:
    nested = {"app": {"config": {"level": -1}}}
    started = time.thread_time()
    for number in range(count):
        nested["app"]["config"]["level"] = number
    return time.thread_time() - started


def nested_get(count: int) -> float:
    nested = {"app": {"config": {"level": -1}}}
    started = time.thread_time()
    for _ in range(count):
        nested["app"]["config"]["level"]
    return time.thread_time() - started


def store_set(count: int) -> float:
    return _set(filled_store(0), count)


def store_get(count: int) -> float:
    store = filled_store(0)
    started = time.thread_time()
    for _ in range(count):
        store.get("app/config/level")
    return time.thread_time() - started


def filled_store(values: int) -> Store:
    store = Store()
    store.set("app/config/level", -1)
    store.set([(f"devices/dev{number}/level", number) for number in range(values)])
    return store


def _set(store: Store, count: int) -> float:
    started = time.thread_time()
    for number in range(count):
        store.set("app/config/level", number)
    return time.thread_time() - started


def _heard(changes: object) -> None:
    """What is called per change: nothing to do, so that the store's own cost shows."""


def _elsewhere(changes: object) -> None:
    raise AssertionError("this subscription is elsewhere")


def changing_with(patterns: tuple[str, ...], count_of_subscriptions: int) -> Callable[[int], float]:
    """Return a case of delivered changes with so many subscriptions that do not match."""
    store = filled_store(0)
    store.subscribe("app/config/level", _heard)
    for number in range(count_of_subscriptions):
        store.subscribe(patterns[number % len(patterns)].format(number), _elsewhere)
    return lambda count: _set(store, count)


def new_paths_with(patterns: tuple[str, ...], count_of_subscriptions: int) -> Callable[[int], float]:
    """The same where each change is of a path that was never written before, so that nothing is remembered."""
    store = filled_store(0)
    store.subscribe("log/*/line", _heard)
    for number in range(count_of_subscriptions):
        store.subscribe(patterns[number % len(patterns)].format(number), _elsewhere)
    written = 0

    def run(count: int) -> float:
        nonlocal written
        started = time.thread_time()
        for number in range(written, written + count):
            store.set(f"log/{number}/line", number)
        taken = time.thread_time() - started
        written += count
        return taken

    return run


def appending_to(length: int, heard: bool) -> Callable[[int], float]:
    store = Store()
    store.extend("list", range(length))
    if heard:
        store.subscribe("list", _heard)

    def run(count: int) -> float:
        started = time.thread_time()
        for number in range(count):
            store.append("list", number)
        taken = time.thread_time() - started
        for _ in range(count):
            store.pop("list")
        return taken

    return run


def unsubscribing_among(others: int) -> Callable[[int], float]:
    store = Store()
    for number in range(others):
        store.subscribe(f"crowd/dev{number}/**/level", _elsewhere, owner=f"owner {number}")

    def run(count: int) -> float:
        owners = [object() for _ in range(count)]
        for number, owner in enumerate(owners):
            store.subscribe(f"own/dev{number}/*", _heard, owner=owner)
        started = time.thread_time()
        for owner in owners:
            store.unsubscribe(owner)
        return time.thread_time() - started

    return run


def dumping_in(values: int) -> Callable[[int], float]:
    store = filled_store(values)
    branch = store["app"]

    def run(count: int) -> float:
        started = time.thread_time()
        for _ in range(count):
            branch.dump()
        return time.thread_time() - started

    return run


NAMED = ("elsewhere/dev{}/level",)
WILD = ("elsewhere/dev{}/*", "*/dev{}/level", "**/dev{}", "app/*/dev{}", "elsewhere/**/dev{}/*")


def values(scale: float) -> dict[str, Case]:
    count = scaled(100_000, scale)
    runs = {"nested set": nested_set, "set": store_set, "nested get": nested_get, "get": store_get}
    return {name: Case(run, count) for name, run in runs.items()}


def changes(make: Callable[[tuple[str, ...], int], Callable[[int], float]]) -> Callable[[float], dict[str, Case]]:
    def build(scale: float) -> dict[str, Case]:
        count = scaled(10_000, scale)
        crowd = scaled(10_000, scale)
        return {
            "alone": Case(make(NAMED, 0), count),
            "named": Case(make(NAMED, crowd), count),
            "wild": Case(make(WILD, crowd), count),
        }

    return build


def growth(make: Callable[[int], Callable[[int], float]], few: int, count: int) -> Callable[[float], dict[str, Case]]:
    """The same in a small store and in one of 100,000."""

    def build(scale: float) -> dict[str, Case]:
        times = scaled(count, scale)
        return {"small": Case(make(few), times), "large": Case(make(scaled(100_000, scale)), times)}

    return build


def appends(length: int) -> Callable[[int], float]:
    return appending_to(length, heard=True)


_FLAT = Goal(1.5, is_least=False, note="does not grow")
_ALONE = "the only subscription"

COMPARISONS = (
    Comparison(
        "values",
        values,
        (
            Row("store `set` at depth 3", "set", "nested set", at_least(0.06), "bare nested dict"),
            Row("store `get` at depth 3", "get", "nested get", at_least(0.37), "bare nested dict"),
        ),
    ),
    Comparison(
        "changes",
        changes(changing_with),
        (
            Row("a store change with 10,000 subscriptions elsewhere", "named", "alone", at_most(1.2), _ALONE),
            Row("the same, wildcards", "wild", "alone", at_most(1.2), _ALONE),
        ),
    ),
    Comparison(
        "changes of new paths",
        changes(new_paths_with),
        (
            Row("a change of a new path with 10,000 elsewhere", "named", "alone", at_most(1.2), _ALONE),
            Row("the same of a new path, wildcards", "wild", "alone", at_most(1.2), _ALONE),
        ),
    ),
    Comparison(
        "appends",
        growth(appends, 10, 10_000),
        (Row("store append, to a list of 100,000", "large", "small", _FLAT, "to a list of 10"),),
    ),
    Comparison(
        "unsubscribing",
        growth(unsubscribing_among, 0, 10_000),
        (Row("store unsubscribe, among 100,000 others", "large", "small", _FLAT, "among none"),),
    ),
    Comparison(
        "dumping",
        growth(dumping_in, 0, 10_000),
        (Row("store dump of a branch, beside 100,000 values", "large", "small", _FLAT, "beside none"),),
    ),
)
