import threading
from typing import Any

import pytest

from tasktonic.store import Store


@pytest.fixture
def store() -> Store:
    return Store()


def in_another_thread(function):
    """Run to the end in a thread of its own, and return what it returned."""
    result = []
    thread = threading.Thread(target=lambda: result.append(function()))
    thread.start()
    thread.join(10)
    assert result, "the other thread is stuck or raised"
    return result[0]


def test_a_group_delivers_once_at_its_end(store):
    heard: list[Any] = []
    store.set("b", 0)
    store.subscribe("", heard.append)
    with store.group():
        store.set("a", 1)
        store.set("b", 2)
        store.set("a", 3)
        assert heard == []

    assert heard == [[("a", 3, None, None), ("b", 2, 0, None)]]


def test_a_value_that_is_back_where_it_was_is_no_change(store):
    heard: list[Any] = []
    store.set("a", 1)
    store.subscribe("", heard.append)
    with store.group():
        store.set("a", 2)
        store.set("b", 1)
        store.set("a", 1)
        store.remove("b")

    assert heard == []
    assert store.dump() == [("a", 1)]


def test_a_group_without_writes_delivers_nothing(store):
    heard: list[Any] = []
    store.subscribe("", heard.append)
    with store.group():
        pass

    assert heard == []
    assert store._scopes == {}


def test_a_group_in_a_group_is_part_of_it(store):
    heard: list[Any] = []
    store.subscribe("", heard.append)
    with store.group():
        store.set("a", 1)
        with store.group(source_id="inner"):
            store.set("b", 2)
        assert heard == []
        store.set("c", 3)

    assert heard == [[("a", 1, None, None), ("b", 2, None, "inner"), ("c", 3, None, None)]]


def test_a_group_without_notify_is_silent(store):
    heard: list[Any] = []
    store.subscribe("", heard.append)
    with store.group():
        with store.group(notify=False):
            store.set("quiet", 1)
            store.set("both", 1)
            with store.group():
                store.set("within", 1)
        store.set("both", 2)

    assert heard == [[("both", 2, None, None)]]
    assert store.get() == {"quiet": 1, "both": 2, "within": 1}


def test_the_source_of_a_path_is_that_of_its_last_write(store):
    heard: list[Any] = []
    store.subscribe("", heard.append)
    with store.group(source_id="one"):
        store.set("a", 1)
        with store.source("two"):
            store.set("a", 2)

    assert heard == [[("a", 2, None, "two")]]


def test_sources_end_with_their_block(store):
    heard: list[Any] = []
    store.subscribe("", heard.append)
    with store.source("outer"):
        with store.source("inner"):
            store.set("a", 1)
        store.set("a", 2)
    store.set("a", 3)

    assert [changes[0][3] for changes in heard] == ["inner", "outer", None]


def test_a_group_sees_its_own_writes(store):
    store.set({"a/x": 1, "a/y": 2, "l/#0": "one"})
    with store.group():
        store.set("a/z", 3)
        store.remove("a/x")
        store.set("a", "own")
        store.append("l", "two")
        assert store.get("a") == "own"
        assert store.get() == {"a": {".": "own", "y": 2, "z": 3}, "l": ["one", "two"]}
        assert store["a"].dump() == [("", "own"), ("y", 2), ("z", 3)]
        assert "a/x" not in store
        assert store["a/z"].v == 3
        assert store.pop("l") == "two"
        assert store.pop("l") == "one"
        with pytest.raises(IndexError):
            store.pop("l")
        store.remove()
        assert store.get() is None
        store.set("new", 1)
        assert store.get() == {"new": 1}

    assert store.dump() == [("new", 1)]


def test_another_thread_sees_nothing_of_an_open_group(store):
    store.set({"a": 1, "b": 1})
    with store.group():
        store.set("a", 2)
        store.remove("b")
        assert in_another_thread(lambda: (store.get("a"), store.get(), store["b"].v)) == (1, {"a": 1, "b": 1}, 1)

    assert in_another_thread(store.get) == {"a": 2}


def test_another_thread_is_not_part_of_the_group(store):
    heard: list[Any] = []
    store.subscribe("", heard.append)
    with store.group(source_id="me"):
        store.set("mine", 1)
        in_another_thread(lambda: store.set("theirs", 2) or True)
        assert heard == [[("theirs", 2, None, None)]]

    assert heard[1:] == [[("mine", 1, None, "me")]]


def test_groups_of_two_threads_are_delivered_apart(store):
    heard: list[Any] = []
    store.subscribe("", heard.append)

    def theirs():
        with store.group():
            store.set("x", "theirs")
            store.set("y", "theirs")
        return True

    with store.group():
        store.set("x", "mine")
        in_another_thread(theirs)
        store.set("y", "mine")

    assert heard == [
        [("x", "theirs", None, None), ("y", "theirs", None, None)],
        [("x", "mine", "theirs", None), ("y", "mine", "theirs", None)],
    ]


def test_numbers_taken_in_a_group_are_not_given_to_others(store):
    with store.group():
        store.append("l", "mine")
        in_another_thread(lambda: store.append("l", "theirs"))
        store.append("l", "mine too")

    assert store.dump() == [("l/#0", "mine"), ("l/#1", "theirs"), ("l/#2", "mine too")]


def test_a_branch_removed_by_another_thread_meanwhile_leaves_what_the_group_writes(store):
    store.set({"a/x": 1, "a/y": 2})
    with store.group():
        store.set("a/z", 3)
        in_another_thread(lambda: store.remove("a"))
        assert store.get("a/z") == 3
        store.set("a/w", 4)
        assert store.dump()[-1] == ("a/w", 4)

    assert store.dump() == [("a/z", 3), ("a/w", 4)]


def test_a_group_that_raises_delivers_what_it_wrote(store):
    heard: list[Any] = []
    store.subscribe("", heard.append)

    def fail_in_a_group():
        with store.group():
            store.set("a", 1)
            raise RuntimeError("oops")

    with pytest.raises(RuntimeError, match="oops"):
        fail_in_a_group()
    store.set("b", 2)

    assert heard == [[("a", 1, None, None)], [("b", 2, None, None)]]


def test_a_link_that_another_thread_made_a_circle_of_is_refused_at_the_end(store):
    heard: list[Any] = []
    store.subscribe("v", heard.append)

    def link_back():
        store["b"].link_to("a")
        return True

    def grouped():
        with store.group():
            store.set("v", 1)
            store["a"].link_to("b")
            in_another_thread(link_back)

    with pytest.raises(ValueError, match="Circular StoreLink detected"):
        grouped()

    assert heard == [[("v", 1, None, None)]]
    assert [path for path, _ in store.dump()] == ["b", "v"]


def test_writes_of_callbacks_are_no_part_of_the_group_that_called_them(store):
    heard: list[Any] = []
    store.subscribe("a", lambda changes: store.set("b", changes[0][1]))
    store.subscribe("b", heard.append)
    with store.group(source_id="group"):
        store.set("a", 1)

    assert heard == [[("b", 1, None, None)]]


def test_a_group_can_be_entered_again(store):
    heard: list[Any] = []
    store.subscribe("", heard.append)
    group = store.group()
    for value in (1, 2):
        with group, group:
            store.set("a", value)

    assert [changes[0][1] for changes in heard] == [1, 2]


def test_many_writes_of_one_value_are_kept_as_one(store):
    with store.group():
        for value in range(1000):
            store.set("a", value)
        (scope,) = store._scopes.values()
        assert len(scope.orders) == 1

    assert store.get("a") == 999


def test_reads_take_the_short_way_again_when_no_group_is_open(store):
    with store.group():
        store.set("a", 1)
        assert store._fast == {}

    assert store._fast is store._values
