from typing import Any

import pytest

from tasktonic.errors import ttError
from tasktonic.store import Item, Store
from tasktonic.store.links import Link
from tasktonic.store.paths import ttStorePathError


@pytest.fixture
def store() -> Store:
    return Store()


def test_a_value_is_found_where_it_was_set(store):
    store.set("app/config/version", "1.0")

    assert store.get("app/config/version") == "1.0"
    assert store.get("/app/config/version/") == "1.0"


def test_what_is_not_there_gives_the_default(store):
    store.set("app", 1)

    assert store.get("nothing") is None
    assert store.get("nothing", 7) == 7
    assert store.get("app/below", 7) == 7
    assert Store().get("", "empty") == "empty"


def test_none_is_a_value(store):
    store.set("a", None)

    assert store.get("a", "default") is None
    assert "a" in store


def test_a_branch_is_given_as_plain_dicts(store):
    store.set({"a/b": 1, "a/c/d": 2})

    assert store.get("a") == {"b": 1, "c": {"d": 2}}
    assert store.get() == {"a": {"b": 1, "c": {"d": 2}}}


def test_a_dict_as_value_is_a_leaf(store):
    store.set("a", {"b": 1})

    assert store.get("a") == {"b": 1}
    assert store.get("a/b") is None


def test_a_node_with_value_and_children_gives_its_own_value(store):
    store.set([("lamp", "on"), ("lamp/level", 3)])

    assert store.get("lamp") == "on"
    assert store.get("lamp/level") == 3


def test_a_child_with_value_and_children_shows_both(store):
    store.set([("room/lamp", "on"), ("room/lamp/level", 3)])

    assert store.get("room") == {"lamp": {".": "on", "level": 3}}


def test_a_list_is_given_when_all_children_are_plain_entries(store):
    store.set("users/list[]", "ann")
    store.set("users/list/#", "bob")

    assert store.get("users/list") == ["ann", "bob"]
    assert store.get("users/list/#1") == "bob"


def test_a_list_with_another_child_is_given_as_a_dict(store):
    store.set([("list[]", 1), ("list/title", "t"), ("with_prefix/lamp#", 1)])

    assert store.get("list") == {"#0": 1, "title": "t"}
    assert store.get("with_prefix") == {"lamp#0": 1}


def test_a_list_with_a_value_of_its_own_shows_as_a_dict_in_its_parent(store):
    store.set([("a/list", "own"), ("a/list[]", 1)])

    assert store.get("a") == {"list": {".": "own", "#0": 1}}


def test_a_value_passes_by_reference(store):
    value = [1]
    store.set("a", value)

    assert store.get("a") is value


def test_each_prefix_counts_for_itself(store):
    store.set([("lamp#", "a"), ("lamp#", "b"), ("fan#", "c"), ("#", "d")])

    assert store.get() == {"lamp#0": "a", "lamp#1": "b", "fan#0": "c", "#0": "d"}


def test_a_number_is_never_used_again(store):
    store.extend("list", "abc")
    store.remove("list/#1")
    store.pop("list")
    store.append("list", "d")

    assert store.dump() == [("list/#0", "a"), ("list/#3", "d")]

    store.remove("list")
    store.append("list", "e")

    assert store.dump() == [("list/#4", "e")]


def test_counting_goes_on_after_a_number_that_was_written(store):
    store.set("list/#7", "seven")
    store.append("list", "next")

    assert store.dump() == [("list/#7", "seven"), ("list/#8", "next")]


def test_entries_come_in_the_order_of_their_numbers(store):
    store.set([("list/#2", "c"), ("list/x", "x"), ("list/#0", "a"), ("list/#10", "d"), ("list/#1", "b")])

    assert [item.key for item in store["list"].children("")] == ["#0", "#1", "#2", "#10"]
    assert store.pop("list") == "d"
    with store.group():
        store.set("list/#9", "i")
        store.set("list/#5", "f")
        assert [item.key for item in store["list"].children("")] == ["#0", "#1", "#2", "#5", "#9"]
        assert store.pop("list") == "i"
    assert store.pop("list") == "f"


def test_the_entry_made_last_in_the_same_call_is_meant_by_a_dot(store):
    store.set([("users[]/name", "ann"), ("./age", 30), ("users/#/name", "bob"), ("./age", 31), ("users/./city", "x")])

    assert store.get("users") == [{"name": "ann", "age": 30}, {"name": "bob", "age": 31, "city": "x"}]


def test_the_entry_made_last_of_a_prefix_is_meant_by_its_dot(store):
    store.set({"lamp#/name": "desk", "lamp./level": 3, "fan#/name": "big", "house/lamp#/x": 1, "lamp./y": 2})

    assert store.get("lamp#0") == {"name": "desk", "level": 3}
    assert store.get("house") == {"lamp#0": {"x": 1, "y": 2}}


def test_a_dot_without_plain_entry_means_the_last_entry_of_any_prefix(store):
    store.set([("lamp#/name", "desk"), ("./level", 3)])

    assert store.get("lamp#0") == {"name": "desk", "level": 3}


def test_entries_below_a_dot_leave_it_where_it_is(store):
    store.set([("users[]/name", "ann"), ("./tags[]", "x"), ("./tags[]", "y"), ("./lamp#/on", 1), ("lamp./off", 2)])

    assert store.get("users") == [{"name": "ann", "tags": ["x", "y"], "lamp#0": {"on": 1, "off": 2}}]


def test_a_dot_without_an_entry_made_is_refused_and_changes_nothing(store):
    with pytest.raises(ttStorePathError, match="means the entry made last"):
        store.set([("a", 1), ("./x", 2)])

    assert store.dump() == []


def test_a_bad_path_among_many_changes_nothing(store):
    with pytest.raises(ttError, match="empty segment"):
        store.set([("a", 1), ("b//c", 2)])

    assert store.dump() == []


def test_set_without_a_value_says_how_to_call_it(store):
    with pytest.raises(TypeError, match="has no value"):
        store.set("a")
    with pytest.raises(TypeError, match="pairs"):
        store.set(5)
    with pytest.raises(TypeError, match="A store path is text"):
        store.set(5, 5)


def test_setting_any_type_over_any_other_is_a_change(store):
    store.set("a", 1)
    store.set("a", True)

    assert store.get("a") is True


def test_values_that_cannot_be_compared_are_changes(store):
    class Odd:
        def __eq__(self, other):
            raise RuntimeError("no")

        __hash__ = None  # type: ignore[assignment]  # as Python does for a class with only __eq__

    heard: list[Any] = []
    store.set("a", Odd())
    store.subscribe("a", heard.append)
    store.set("a", Odd())

    assert len(heard) == 1


def test_removing_takes_the_branch_and_empty_parents(store):
    store.set({"a/b/c": 1, "a/b": 2, "x": 3})

    assert store.remove("a/b")
    assert store.dump() == [("x", 3)]
    assert "a" not in store
    assert not store.remove("a/b")


def test_del_removes_what_is_there_or_not(store):
    store["a/b"] = 1
    del store["a/b"]
    del store["a/b"]

    assert store.get("a") is None


def test_removing_nothing_by_name_removes_all(store):
    store.set({"": 0, "a": 1, "b/c": 2})
    store.remove()

    assert store.dump() == []


def test_pop_gives_the_last_entry_with_its_children(store):
    store.set([("l[]", 1), ("l/#/name", "n"), ("l/#", "own"), ("l/#2/x", 5)])

    assert store.pop("l") == {".": "own", "x": 5}
    assert store["l"].pop() == {"name": "n"}
    assert store.pop("l/#0") == 1
    with pytest.raises(IndexError, match="has no list entry"):
        store.pop("l")


def test_pop_leaves_other_children_alone(store):
    store.set([("l", "title"), ("l/name", "n"), ("l/lamp#", 1)])

    with pytest.raises(IndexError, match="Nothing to pop"):
        store.pop("l")


def test_append_gives_the_cursor_on_the_entry(store):
    first = store.append("l", 1)

    assert (first.path, first.key, first.v) == ("l/#0", "#0", 1)
    assert store["l"].append(2).path == "l/#1"
    assert store.append("root entry").path == "#0"


def test_append_with_too_many_arguments_says_so(store):
    with pytest.raises(TypeError, match="not 3 arguments"):
        store.append("l", 1, 2)


def test_extend_delivers_once(store):
    heard: list[Any] = []
    store.subscribe("l", heard.append)
    store.extend("l", iter([1, 2]))
    store["l"].extend([3])

    assert [len(changes) for changes in heard] == [2, 1]
    assert store.get("l") == [1, 2, 3]


def test_set_each_writes_in_every_child_of_a_prefix(store):
    heard: list[Any] = []
    store.set([("lamp#/n", 1), ("lamp#/n", 2), ("#/n", 3), ("fan/n", 4)])
    store.subscribe("", heard.append)

    store.set_each("on", True, "lamp")
    store.set_each("tags[]", "t", prefix="")
    store.set_each("n", 0)

    assert len(heard) == 3
    assert store.get("lamp#1") == {"n": 0, "on": True}
    assert store.get("#0") == {"n": 0, "tags": ["t"]}
    assert store.get("fan") == {"n": 0}


def test_children_are_filtered_by_prefix(store):
    store.set([("r/lamp#", 1), ("r/x", 2), ("r[]", 3), ("r/lamp#", 4)])

    assert [item.key for item in store["r"].children()] == ["lamp#0", "x", "#0", "lamp#1"]
    assert [item.key for item in store["r"].children("")] == ["#0"]
    assert [item.v for item in store["r"].children("lamp")] == [1, 4]
    assert list(store["nothing"].children()) == []


def test_children_can_be_changed_while_going_over_them(store):
    store.extend("l", range(4))
    seen = []
    for item in store["l"]:
        seen.append(item.v)
        store.append("l", "new")
        store.remove("l/#2")

    assert seen == [0, 1, 3]


def test_a_dump_can_be_set_back(store):
    store.set([("", "root"), ("a", 1), ("a/b", 2), ("l/#3", 3), ("l/#1", 4), ("a/lamp#", 5)])
    store["alias"].link_to("a", bubble_events=True)
    twin = Store()
    twin.set(store.dump())

    assert twin.dump() == store.dump()
    assert twin.get("alias/b") == 2
    assert store["a"].dump() == [("", 1), ("b", 2), ("lamp#0", 5)]


def test_dumps_has_a_line_for_each_value(store):
    class Shy:
        def __repr__(self):
            raise RuntimeError

    store.set([("a", 1), ("a/b", "x"), ("s", Shy())])
    store["al"].link_to("a", True)
    store["am"].link_to("a")

    assert store.dumps().splitlines() == [
        "a = 1",
        "a/b = 'x'",
        "s = <Shy, repr raised RuntimeError>",
        "al -> a (bubbles)",
        "am -> a",
    ]
    assert store["a"].dumps() == ". = 1\nb = 'x'"


def test_the_store_is_the_branch_without_parent(store):
    assert (store.path, store.key, store.parent, store.list_root) == ("", "", None, None)
    store.v = 5
    assert store.v == 5
    assert isinstance(store.at("a"), Item)


class Watcher:
    """An observer that keeps what it was told."""

    def __init__(self):
        self.told = []

    def changed(self, path, new, old, removed):
        self.told.append((path, new, old, removed))

    def unchanged(self, path):
        self.told.append(path)

    def silenced(self, path, subscription):
        self.told.append((path, subscription))


def test_the_observer_is_told_every_write(store):
    store._observer = watcher = Watcher()
    store.set("a", 1)
    store.set("a", 2)
    store.set("a", 2)
    store.set([("b", 1), ("a", 2)])
    with store.group(notify=False):
        store.set("a", 3)
        store.remove("b")
    store["al"].link_to("a", bubble_events=True)
    store.set("al", 4)

    assert watcher.told == [
        ("a", 1, None, False),
        ("a", 2, 1, False),
        "a",
        ("b", 1, None, False),
        "a",
        ("a", 3, 2, False),
        ("b", None, 1, True),
        ("al", Link("a", True), None, False),
        ("a", 4, 3, False),
    ]


def test_the_observer_is_told_of_links_that_come_and_go(store):
    store.set({"a": 1, "b": 2, "al": 3})
    store._observer = watcher = Watcher()
    store["al"].link_to("a")
    store["al"].link_to("a")
    store["al"].link_to("b")
    store.remove("al")
    with store.group():
        store["al"].link_to("a")
        store.remove("al")
        store.set("al", 5)

    assert watcher.told == [
        ("al", None, 3, True),
        ("al", Link("a"), None, False),
        ("al", Link("b"), Link("a"), False),
        ("al", None, Link("b"), True),
        ("al", 5, None, False),
    ]


def test_the_observer_is_told_of_links_that_go_with_their_target(store):
    store.set("a/b", 1)
    store["al"].link_to("a/b")
    store._observer = watcher = Watcher()

    store.remove("a")

    assert watcher.told == [("al", None, Link("a/b"), True), ("a/b", None, 1, True)]


@pytest.mark.parametrize("value", [1, 2], ids=["an equal value", "another value"])
def test_an_observer_that_raises_is_reported_once_then_dropped(value):
    class Broken(Watcher):
        def changed(self, path, new, old, removed):
            raise RuntimeError("broken observer")

        def unchanged(self, path):
            raise RuntimeError("broken observer")

    class Reporting(Store):
        def __init__(self):
            super().__init__()
            self.reports = []

        def _report(self, exc, callback):
            self.reports.append((str(exc), callback))

    store = Reporting()
    store.set("a", 1)
    store._observer = broken = Broken()
    store.set("a", value)
    store.set("a", 5)

    assert vars(store)["_observer"] is None
    assert store.reports == [("broken observer", broken)]
    assert store.get("a") == 5
