"""What the store does for one thing does not grow with what it holds otherwise: counted in steps, not in seconds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tasktonic.store import Store
from tasktonic.store.subscriptions import Subscriptions
from tests.helpers.steps import steps_of

FEW, MANY = 10, 3_000
NAMED = ("elsewhere/dev{}/level",)
WILD = ("elsewhere/dev{}/*", "*/dev{}/level", "**/dev{}", "app/*/dev{}", "elsewhere/**/dev{}/*")

crowds = pytest.mark.parametrize("patterns", [NAMED, WILD], ids=["named", "wild"])


def steps_in(store: Store, work: Callable[[Store], object]) -> int:
    """The steps of some work on a store, when the paths in it have been read before: that is remembered, wherever it was."""
    work(filled_with(FEW))
    return steps_of(lambda: work(store))


def filled_with(count: int) -> Store:
    store = Store()
    store.extend("list", range(count))
    store.set({f"devices/dev{number}/level": number for number in range(count)})
    store.set({"app/config/level": 3, "app/config/unit": "dB", "app/name": "pump"})
    return store


def unheard(changes: Any) -> None:
    raise AssertionError("this subscription is elsewhere")


def store_among(patterns: tuple[str, ...], count: int) -> tuple[Store, list[Any]]:
    """A store with one subscription that hears, what it heard, and a crowd that does not."""
    heard: list[Any] = []
    store = Store()
    store.set("app/config/level", -1)
    store.subscribe("app/config/level", heard.extend, owner="listener")
    store.subscribe("log/*/line", heard.extend, owner="listener")
    for number in range(count):
        store.subscribe(patterns[number % len(patterns)].format(number), unheard, owner=f"owner {number}")
    return store, heard


def test_steps_count_every_turn_of_a_loop() -> None:
    def turns(count: int) -> int:
        return steps_of(lambda: [number for number in range(count)])  # noqa: C416 - a loop of Python's is the point

    assert turns(200) - turns(100) == turns(300) - turns(200) > 100


@crowds
def test_a_change_takes_the_same_steps_whatever_is_subscribed_elsewhere(patterns: tuple[str, ...]) -> None:
    def steps_among(count: int) -> int:
        store, heard = store_among(patterns, count)
        store.set("app/config/level", 0)
        steps = steps_in(store, lambda store: store.set("app/config/level", 1))
        assert len(heard) == 2
        return steps

    assert steps_among(MANY) == steps_among(FEW)


@crowds
def test_a_change_of_a_new_path_takes_the_same_steps_whatever_is_subscribed_elsewhere(
    patterns: tuple[str, ...],
) -> None:
    def steps_among(count: int) -> int:
        store, heard = store_among(patterns, count)
        store.set("log/0/line", 0)
        steps = steps_in(store, lambda store: store.set("log/1/line", 1))
        assert len(heard) == 2
        return steps

    assert steps_among(MANY) == steps_among(FEW)


@crowds
def test_a_change_visits_none_of_the_subscriptions_elsewhere(
    patterns: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[int] = []
    find = Subscriptions._find

    def counting(self: Subscriptions, path: str) -> Any:
        matches = find(self, path)
        found.append(len(matches))
        return matches

    monkeypatch.setattr(Subscriptions, "_find", counting)
    store, heard = store_among(patterns, MANY)

    store.set("app/config/level", 1)

    assert found == [1]
    assert [path for path, *_ in heard] == ["app/config/level"]


@crowds
def test_unsubscribing_takes_the_same_steps_whoever_else_has_subscribed(patterns: tuple[str, ...]) -> None:
    def steps_among(count: int) -> int:
        store, heard = store_among(patterns, count)
        steps = steps_in(store, lambda store: store.unsubscribe("listener"))
        store.set("app/config/level", 1)
        assert heard == []
        return steps

    assert steps_among(MANY) == steps_among(FEW)


@crowds
def test_subscribing_takes_the_same_steps_whoever_else_has_subscribed(patterns: tuple[str, ...]) -> None:
    def steps_among(count: int) -> int:
        store, heard = store_among(patterns, count)
        return steps_in(store, lambda store: store.subscribe("app/*/level", heard.extend, owner="one more"))

    assert steps_among(MANY) == steps_among(FEW)


def append_in_group(store: Store) -> None:
    with store.group():
        store.append("list", "new")


WORKS: dict[str, Callable[[Store], object]] = {
    "append": lambda store: store.append("list", "new"),
    "append with #": lambda store: store.set("list/#", "new"),
    "append in a group": append_in_group,
    "pop": lambda store: store.pop("list"),
    "remove an entry": lambda store: store.remove("list/#3"),
    "dump a branch": lambda store: store["app"].dump(),
    "get a branch": lambda store: store.get("app/config"),
    "remove a branch": lambda store: store.remove("app"),
    "link": lambda store: store["alias"].link_to("app/config"),
    "subscribe to a branch now": lambda store: store.subscribe("app", lambda changes: None, trigger_now=True),
}


@pytest.mark.parametrize("work", WORKS.values(), ids=list(WORKS))
def test_takes_the_same_steps_in_a_small_store_as_in_a_large_one(work: Callable[[Store], object]) -> None:
    assert steps_in(filled_with(MANY), work) == steps_in(filled_with(FEW), work)
