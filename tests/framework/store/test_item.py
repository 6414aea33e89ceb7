from typing import Any

import pytest

from tasktonic.store import Item, Store
from tasktonic.store.paths import ttStorePathError


@pytest.fixture
def store() -> Store:
    return Store()


def test_an_item_reads_below_its_path(store):
    store.set({"a/b": 1, "a/b/c": 2})
    item = store["a"]["b"]

    assert (item.path, item.key, item.v, item.get("c"), item.get()) == ("a/b", "b", 1, 2, 1)
    assert item.get("none", 3) == 3
    assert item["none"].v is None
    assert store["a"].get() == {"b": {".": 1, "c": 2}}


def test_an_item_writes_below_its_path(store):
    item = store["a"]
    item["b"] = 1
    item.v = 2
    item.v = 3
    item.set({"c": 4, "d/e": 5})
    item.set("c", 6)
    del item["d"]

    assert store.dump() == [("a", 3), ("a/b", 1), ("a/c", 6)]
    assert "b" in item
    assert "d" not in item
    assert item.remove()
    assert store.dump() == []


def test_an_item_knows_what_is_above(store):
    item = store["users/#0/address/street"]

    assert item.parent == store["users/#0/address"]
    assert item.list_root == store["users/#0"]
    assert store["users/#0"].list_root == store["users/#0"]
    assert store["lamp#3/x"].list_root == store["lamp#3"]
    assert store["users"].list_root is None
    assert store["users"].parent == store.at("")


def test_items_are_equal_on_the_same_path_of_the_same_store(store):
    assert store["a/b"] == store["a"].at("/b/")
    assert len({store["a"], store.at("a"), store["b"]}) == 2
    assert store["a"] != Store()["a"]
    assert store["a"] != "a"
    assert repr(store["a"]) == "Item('a')"


def test_a_cursor_remembers_the_entry_it_made(store):
    users = store["users"]
    users.set("#/name", "ann")
    users.set("./age", 30)
    users.append({"leaf": 1})
    users["./note"] = "n"

    assert store.get("users") == [{"name": "ann", "age": 30}, {".": {"leaf": 1}, "note": "n"}]
    assert users.get("./note") == "n"
    assert users["./note"].path == "users/#1/note"
    del users["./note"]
    assert store.get("users/#1/note") is None


def test_another_cursor_does_not_know_the_entry(store):
    store["users"].set("#/name", "ann")

    with pytest.raises(ttStorePathError, match="by the same call or cursor"):
        store["users"].set("./age", 30)


def test_a_cursor_on_a_new_entry_takes_its_number_at_once(store):
    first = store["users[]"]
    second = store["users[]"]
    second.set("name", "bob")

    assert (first.path, second.path) == ("users/#0", "users/#1")
    assert store.get("users") == [{"name": "bob"}]


def test_a_cursor_forgets_lists_of_long_ago_but_not_the_newest_entry(store):
    root = store.at("")
    for number in range(1100):
        root.set(f"list{number}[]/x", number)
    root.set("./y", "last")

    assert store.get("list1099") == [{"x": 1099, "y": "last"}]
    with pytest.raises(ttStorePathError, match="below 'list0'"):
        root.set("list0/./y", 1)


def test_an_item_goes_over_its_children(store):
    store.extend("l", "ab")

    assert [child.v for child in store["l"]] == ["a", "b"]
    assert all(isinstance(child, Item) for child in store.children())


def test_an_item_subscribes_below_its_path(store):
    heard: list[Any] = []
    store["a"].subscribe(["b", "c"], heard.append)
    store["a"].set({"b": 1, "c": 2, "d": 3})
    store["a"].unsubscribe(heard.append)
    store.set("a/b", 5)

    assert heard == [[("a/b", 1, None, None), ("a/c", 2, None, None)]]


def test_groups_and_sources_open_on_an_item_too(store):
    heard: list[Any] = []
    store.subscribe("a", heard.append)
    with store["a"].group(), store["a"].source("me"):
        store["a"].set("x", 1)
        store["a"].set("y", 2)

    assert heard == [[("a/x", 1, None, "me"), ("a/y", 2, None, "me")]]
