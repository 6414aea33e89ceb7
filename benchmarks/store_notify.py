"""What the store costs, as ratios measured side by side in one run.

    python benchmarks/store_notify.py [--quick]

Two tables. The first compares `set` and `get` at depth 3 with a bare three-level nested dict (how many times per
second, as a part of the floor: higher is better). The second compares the cost of one delivered change with
subscriptions elsewhere, of appending to long lists, of unsubscribing in a crowd and of dumping a small branch in a
large store (as a multiple of the small case: lower is better). What is compared runs side by side: each round runs
the cases of one comparison in a new order, and the figures are medians over the rounds of the ratio within a round, so
that a machine that is busy for a while disturbs both sides alike.
"""

from __future__ import annotations

import argparse
import gc
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tasktonic.store import Store

Case = Callable[[int], float]
"""Runs so many times and returns the seconds it took."""


def nested_set(count: int) -> float:
    nested = {"app": {"config": {"level": -1}}}
    started = time.perf_counter()
    for number in range(count):
        nested["app"]["config"]["level"] = number
    return time.perf_counter() - started


def nested_get(count: int) -> float:
    nested = {"app": {"config": {"level": -1}}}
    started = time.perf_counter()
    for _ in range(count):
        nested["app"]["config"]["level"]
    return time.perf_counter() - started


def store_set(count: int) -> float:
    return _set(filled_store(0), count)


def store_get(count: int) -> float:
    store = filled_store(0)
    started = time.perf_counter()
    for _ in range(count):
        store.get("app/config/level")
    return time.perf_counter() - started


def filled_store(values: int) -> Store:
    store = Store()
    store.set("app/config/level", -1)
    store.set([(f"devices/dev{number}/level", number) for number in range(values)])
    return store


def _set(store: Store, count: int) -> float:
    started = time.perf_counter()
    for number in range(count):
        store.set("app/config/level", number)
    return time.perf_counter() - started


def _heard(changes: object) -> None:
    """What is called per change: nothing to do, so that the store's own cost shows."""


def _elsewhere(changes: object) -> None:
    raise AssertionError("this subscription is elsewhere")


def changing_with(patterns: tuple[str, ...], count_of_subscriptions: int) -> Case:
    """Return a case of delivered changes with so many subscriptions that do not match."""
    store = filled_store(0)
    store.subscribe("app/config/level", _heard)
    for number in range(count_of_subscriptions):
        store.subscribe(patterns[number % len(patterns)].format(number), _elsewhere)
    return lambda count: _set(store, count)


def new_paths_with(patterns: tuple[str, ...], count_of_subscriptions: int) -> Case:
    """The same where each change is of a path that was never written before, so that nothing is remembered."""
    store = filled_store(0)
    store.subscribe("log/*/line", _heard)
    for number in range(count_of_subscriptions):
        store.subscribe(patterns[number % len(patterns)].format(number), _elsewhere)
    written = 0

    def run(count: int) -> float:
        nonlocal written
        started = time.perf_counter()
        for number in range(written, written + count):
            store.set(f"log/{number}/line", number)
        taken = time.perf_counter() - started
        written += count
        return taken

    return run


def appending_to(length: int, heard: bool) -> Case:
    store = Store()
    store.extend("list", range(length))
    if heard:
        store.subscribe("list", _heard)

    def run(count: int) -> float:
        started = time.perf_counter()
        for number in range(count):
            store.append("list", number)
        taken = time.perf_counter() - started
        for _ in range(count):
            store.pop("list")
        return taken

    return run


def unsubscribing_among(others: int) -> Case:
    store = Store()
    for number in range(others):
        store.subscribe(f"crowd/dev{number}/**/level", _elsewhere, owner=f"owner {number}")

    def run(count: int) -> float:
        owners = [object() for _ in range(count)]
        for number, owner in enumerate(owners):
            store.subscribe(f"own/dev{number}/*", _heard, owner=owner)
        started = time.perf_counter()
        for owner in owners:
            store.unsubscribe(owner)
        return time.perf_counter() - started

    return run


def dumping_in(values: int) -> Case:
    store = filled_store(values)
    branch = store["app"]

    def run(count: int) -> float:
        started = time.perf_counter()
        for _ in range(count):
            branch.dump()
        return time.perf_counter() - started

    return run


NAMED = ("elsewhere/dev{}/level",)
WILD = ("elsewhere/dev{}/*", "*/dev{}/level", "**/dev{}", "app/*/dev{}", "elsewhere/**/dev{}/*")


def measure(name: str, goal: str, floor: tuple[Case, int], cases: dict[str, tuple[Case, int]], rounds: int) -> None:
    """Print, for each case, its median time and its median ratio to the floor of the same round."""
    everything = {"": floor, **cases}
    taken: dict[str, list[float]] = {label: [] for label in everything}
    gc.collect()
    gc.freeze()  # the crowds are there to be in the way of the store, not of the collector
    for _ in range(rounds):
        for label in random.sample(list(everything), len(everything)):
            case, count = everything[label]
            gc.collect()
            gc.disable()
            taken[label].append(case(count) / count)
            gc.enable()
    gc.unfreeze()
    print(f"{name:<48}{statistics.median(taken['']) * 1e9:>9.0f}")
    for label in cases:
        if goal.startswith(">="):
            ratios = [base / own for base, own in zip(taken[""], taken[label], strict=True)]
        else:
            ratios = [own / base for base, own in zip(taken[""], taken[label], strict=True)]
        nanoseconds = statistics.median(taken[label]) * 1e9
        print(f"    {label:<44}{nanoseconds:>9.0f}{statistics.median(ratios):>9.2f}{goal:>9}")


def main() -> None:
    parser = argparse.ArgumentParser(description="What the store costs, as ratios.")
    parser.add_argument("--quick", action="store_true", help="few runs, small crowds: does it work at all")
    quick = parser.parse_args().quick
    many, few, rounds = (20_000, 500, 5) if quick else (100_000, 2_000, 9)
    crowds = (1_000,) if quick else (10_000, 100_000)

    print(f"Python {sys.version.split()[0]}, medians of {rounds} shuffled rounds")
    print(f"\n{'':<48}{'ns each':>9}{'ratio':>9}{'goal':>9}")
    measure(
        "set in a bare nested dict", ">= 0.06", (nested_set, many), {"store set, depth 3": (store_set, many)}, rounds
    )
    measure(
        "get from a bare nested dict", ">= 0.37", (nested_get, many), {"store get, depth 3": (store_get, many)}, rounds
    )
    for what, make in (("change", changing_with), ("change of a new path", new_paths_with)):
        cases = {
            f"with {crowd:,} {kind} subscriptions elsewhere": (make(patterns, crowd), few)
            for crowd in crowds
            for kind, patterns in (("named", NAMED), ("wildcard", WILD))
        }
        measure(f"{what}, one subscription", "<= 1.2", (make(NAMED, 0), few), cases, rounds)
    for heard in (False, True):
        cases = {f"append to {crowd:,}": (appending_to(crowd, heard), few) for crowd in crowds}
        name = "append to a list of 10" + (", one subscription" if heard else "")
        measure(name, "~ 1", (appending_to(10, heard), few), cases, rounds)
    cases = {f"unsubscribe among {crowd:,} others": (unsubscribing_among(crowd), few) for crowd in crowds}
    measure("unsubscribe", "~ 1", (unsubscribing_among(0), few), cases, rounds)
    cases = {f"dump a branch in a store of {crowd:,}": (dumping_in(crowd), few) for crowd in crowds}
    measure("dump a branch", "~ 1", (dumping_in(0), few), cases, rounds)


if __name__ == "__main__":
    main()
