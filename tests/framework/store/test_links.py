from typing import Any

import pytest

from tasktonic.store import Store
from tasktonic.store.links import Link
from tasktonic.store.paths import ttStorePathError


@pytest.fixture
def store() -> Store:
    store = Store()
    store.set({"lamp/level": 3, "lamp/name": "desk"})
    return store


def heard_at(store, path):
    heard: list[Any] = []
    store.subscribe(path, heard.append)
    return heard


def test_a_link_is_another_name_for_reading(store):
    store["alias"].link_to("lamp")

    assert store.get("alias/level") == 3
    assert store.get("alias") == {"level": 3, "name": "desk"}
    assert store.get()["alias"] == {"level": 3, "name": "desk"}
    assert [item.path for item in store["alias"].children()] == ["alias/level", "alias/name"]
    assert "alias/level" in store


def test_a_link_is_another_name_for_writing(store):
    store["alias"].link_to(store["lamp"])
    store.set("alias/level", 5)
    store.set("alias", "own")
    store["alias"].append("entry")
    store["alias/name"].remove()

    assert store.get("lamp") == "own"
    assert store["lamp"].dump() == [("", "own"), ("level", 5), ("#0", "entry")]


def test_a_link_may_lead_to_what_is_not_there_yet(store):
    store["alias"].link_to("future/thing")

    assert store.get("alias", "default") == "default"
    assert "alias" not in store
    assert list(store.children()) == [store["lamp"]]
    store.set("future/thing", 1)
    assert store.get("alias") == 1


def test_a_link_replaces_what_stood_there(store):
    store.set({"alias/old": 1, "alias": 2})
    heard = heard_at(store, "alias")
    store["alias"].link_to("lamp")

    assert heard == [[("alias", None, 2, None), ("alias/old", None, 1, None)]]
    assert store.get("alias") == {"level": 3, "name": "desk"}


def test_a_link_replaces_a_link(store):
    store["alias"].link_to("lamp")
    store["alias"].link_to("other")

    assert store.dump()[-1] == ("alias", Link("other"))
    store.remove("lamp")
    assert store.dump() == [("alias", Link("other"))]


def test_a_link_inside_a_linked_branch_lands_in_the_target(store):
    store["alias"].link_to("lamp")
    store["alias/inner"].link_to("other")
    store.set("other", 1)

    assert store["lamp"].dump() == [("level", 3), ("name", "desk"), ("inner", Link("other"))]
    assert store.get("alias/inner") == 1


def test_lists_count_on_through_a_link(store):
    store.append("list", "a")
    store["alias"].link_to("list")
    store.append("alias", "b")
    store.set([("alias/#", "c"), ("other", Link("list")), ("other[]", "d")])

    assert store.get("list") == ["a", "b", "c", "d"]
    assert store["alias"].pop() == "d"


def test_without_bubbling_the_alias_path_hears_nothing(store):
    store["alias"].link_to("lamp")
    heard = heard_at(store, "alias")
    store.set("lamp/level", 5)
    store.set("alias/level", 6)

    assert heard == []


def test_with_bubbling_changes_are_delivered_on_the_alias_path_too(store):
    store["alias"].link_to("lamp", bubble_events=True)
    everything, alias = heard_at(store, ""), heard_at(store, "alias")
    store.set("lamp/level", 5)
    store.set("alias/new", 6)

    assert alias == [[("alias/level", 5, 3, None)], [("alias/new", 6, None, None)]]
    assert everything[0] == [("lamp/level", 5, 3, None), ("alias/level", 5, 3, None)]


def test_bubbling_goes_through_links_to_links(store):
    store["outer"].link_to("inner/lamp", bubble_events=True)
    store["inner/lamp"].link_to("lamp")
    outer, inner = heard_at(store, "outer"), heard_at(store, "inner")
    store.set("lamp/level", 5)

    assert outer == [[("outer/level", 5, 3, None)]]
    assert inner == []


def test_removing_an_alias_removes_the_link_only(store):
    store["alias"].link_to("lamp")
    heard = heard_at(store, "")
    del store["alias"]

    assert store.dump() == [("lamp/level", 3), ("lamp/name", "desk")]
    assert heard == [[("alias", None, {"level": 3, "name": "desk"}, None)]]


@pytest.mark.parametrize("gone", ["room/lamp", "room"])
def test_removing_the_target_removes_the_link_with_a_word(gone):
    store = Store()
    store.set("room/lamp", "on")
    store["alias"].link_to("room/lamp")
    store["second"].link_to("alias")
    heard = heard_at(store, ["alias", "second"])
    store.remove(gone)

    assert store.dump() == []
    assert heard == [[("alias", None, "on", None), ("second", None, "on", None)]]


def test_removing_the_target_of_a_bubbling_link_says_each_path_once(store):
    store.set("lamp", "own")
    store["alias"].link_to("lamp", bubble_events=True)
    heard = heard_at(store, "alias")
    del store["lamp"]

    assert heard == [[("alias", None, "own", None), ("alias/level", None, 3, None), ("alias/name", None, "desk", None)]]


def test_a_target_that_runs_empty_keeps_its_link(store):
    store.append("list", 1)
    store["alias"].link_to("list")
    store.pop("list")
    store.append("list", 2)

    assert store.get("alias") == [2]


def test_a_link_with_a_target_through_a_link_goes_with_the_place_it_means(store):
    store["alias"].link_to("lamp")
    store["level"].link_to("alias/level")
    store.remove("lamp/level")

    assert [path for path, _ in store.dump()] == ["lamp/name", "alias"]


@pytest.mark.parametrize(
    "links,alias,target",
    [
        ({}, "a", "a"),
        ({}, "a/b", "a"),
        ({}, "a", "a/b"),
        ({"a": "b"}, "b", "a"),
        ({"a": "b"}, "b", "a/x"),
        ({"a": "b", "b": "c"}, "c", "a"),
        ({"x/l": "y"}, "y/m", "x"),
        ({"t/k": "alias/s"}, "alias", "t"),
        ({"alias": "t"}, "t/k", "alias/s"),
        ({}, "a", ""),
    ],
)
def test_a_circle_is_refused_and_changes_nothing(links, alias, target):
    store = Store()
    store.set("kept", 1)
    for path, leads_to in links.items():
        store[path].link_to(leads_to)
    before = store.dump()
    heard = heard_at(store, "")

    with pytest.raises(ValueError, match=r"^Circular StoreLink detected"):
        store[alias].link_to(target)
    with pytest.raises(ValueError, match=r"^Circular StoreLink detected"):
        store.set([("kept", 2), (alias, Link(target))])

    assert store.dump() == before
    assert heard == []


def test_links_side_by_side_are_no_circle(store):
    store["a"].link_to("lamp")
    store["b"].link_to("lamp")
    store["c/a"].link_to("a")
    store["c/b"].link_to("b")

    assert store.get("c") == {"a": {"level": 3, "name": "desk"}, "b": {"level": 3, "name": "desk"}}


def test_a_link_to_no_plain_path_is_refused(store):
    for target in ("a/#", "a/*", "./x", "/a"):
        with pytest.raises(ttStorePathError):
            store["alias"].link_to(target)
    with pytest.raises(ttStorePathError, match="whole store cannot be a link"):
        store.link_to("lamp")


def test_a_link_in_a_group_shows_inside_before_it_shows_outside(store):
    heard = heard_at(store, "lamp")
    with store.group():
        store["alias"].link_to("lamp", bubble_events=True)
        store.set("alias/level", 9)
        with pytest.raises(ValueError, match="Circular"):
            store["lamp"].link_to("alias")
        assert store.get("alias/level") == 9
        assert store._tree.links.get("alias") is None

    assert store.get("alias/level") == 9
    assert heard == [[("lamp/level", 9, 3, None)]]


def test_a_value_in_the_place_of_a_link_is_heard_though_it_equals_what_was_seen(store):
    store["alias"].link_to("lamp/level")
    heard = heard_at(store, "alias")
    with store.group():
        del store["alias"]
        store.set("alias", 3)

    assert heard == [[("alias", 3, None, None)]]
