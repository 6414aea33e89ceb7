"""Stores by path: the shape of the tree, how many values there are below a path, and both in the past."""

from __future__ import annotations

from tasktonic import events as ev
from tasktonic_studio.session.session import Session
from tasktonic_studio.session.store_mirror import LEVELS, above
from tests.helpers.builders import EventWriter

STORE = 0


class Shelf:
    """A session with one store."""

    def __init__(self) -> None:
        self.write = EventWriter()
        self.write.born("ttStore", "store", service="store")
        self.session = Session()

    def put(self, *paths: str) -> None:
        for path in paths:
            self.write.store(STORE, path, "1")
        self.tell()

    def remove(self, path: str) -> None:
        name, none = ev.Name, ev.Text("")
        self.write.add(
            ev.StoreChanged(self.write.t_ns, STORE, name(path), none, none, name(""), True, False, 0, name(""))
        )
        self.tell()

    def tell(self) -> None:
        self.session.apply_events(self.session.live.n, self.write.take())


def test_a_path_between_stands_in_the_tree() -> None:
    shelf = Shelf()
    shelf.put("house/lamp/watt", "house/door", "garden")
    store = shelf.session.live.store

    assert store.below(STORE, "") == ["house", "garden"]
    assert store.below(STORE, "house") == ["house/lamp", "house/door"]
    assert store.below(STORE, "house/lamp") == ["house/lamp/watt"]


def test_a_path_keeps_the_number_it_came_as() -> None:
    shelf = Shelf()
    shelf.put("a", "b/x", "c")
    shelf.remove("a")
    shelf.put("d", "a")

    assert [shelf.session.live.store.ordinal(STORE, path) for path in ("a", "b", "c", "d")] == [0, 1, 2, 3]


def test_values_below_a_path_are_counted() -> None:
    shelf = Shelf()
    shelf.put("house", "house/lamp", "house/lamp/watt", "garden", "house/lamp")
    store = shelf.session.live.store

    assert [store.values_below(STORE, path) for path in ("", "house", "house/lamp", "garden")] == [4, 2, 1, 0]


def test_a_removed_path_is_no_longer_there_but_was_in_the_past() -> None:
    shelf = Shelf()
    shelf.put("house/lamp")
    moment = shelf.session.live.n
    shelf.remove("house/lamp")
    shelf.remove("house/lamp")

    assert not shelf.session.live.store.is_there(STORE, "house")
    assert shelf.session.at(moment).store.is_there(STORE, "house")
    assert shelf.session.at(moment).store.values_below(STORE, "") == 1


def test_the_past_does_not_know_what_came_later() -> None:
    shelf = Shelf()
    shelf.put("a")
    moment = shelf.session.live.n
    shelf.put("b/c")

    past = shelf.session.at(moment).store
    assert [path for path in past.below(STORE, "") if past.is_there(STORE, path)] == ["a"]


def test_a_path_five_hundred_deep_hangs_below_the_last_level_with_the_rest_of_its_name() -> None:
    shelf = Shelf()
    deep = "/".join(f"d{number}" for number in range(500))
    shelf.put(deep)
    store = shelf.session.live.store

    path, levels = "", 0
    while below := store.below(STORE, path):
        path, levels = below[0], levels + 1
    assert path == deep
    assert levels == LEVELS + 1
    assert store.values_below(STORE, "d0") == 1


def test_odd_paths_have_a_place_too() -> None:
    shelf = Shelf()
    odd = ["/", "//", "a//b", "a/", "ü/🦊/\n", " ", "#3", "x" * 5_000]
    shelf.put(*odd)
    store = shelf.session.live.store

    assert store.values_below(STORE, "") == len(odd)
    for path in odd:
        assert path in store.below(STORE, above(path))
