import functools
import gc
import weakref
from typing import Any

import pytest

from tasktonic.store import Store


@pytest.fixture
def store() -> Store:
    return Store()


class Listener:
    """An owner with a method to call."""

    def __init__(self):
        self.heard = []

    def on_change(self, changes):
        self.heard.extend(changes)


def paths_heard(store, pattern, written, **wishes):
    listener = Listener()
    store.subscribe(pattern, listener.on_change, **wishes)
    for path in written:
        store.set(path, 1)
    return [path for path, *_ in listener.heard]


def test_a_change_is_told_with_new_old_source(store):
    listener = Listener()
    store.subscribe("a", listener.on_change)
    store.set("a", 1)
    store.set("a", 2)

    assert listener.heard == [("a", 1, None, None), ("a", 2, 1, None)]


def test_an_equal_value_is_no_change(store):
    listener = Listener()
    store.subscribe("a", listener.on_change)
    for value in (1, 1, [1], [1], None, None):
        store.set("a", value)

    assert [new for _, new, *_ in listener.heard] == [1, [1], None]


def test_removal_is_told_for_each_value(store):
    store.set([("a", 0), ("a/b", 1), ("a/l[]", 2)])
    listener = Listener()
    store.subscribe("a", listener.on_change)
    with store.source("me"):
        store.remove("a")

    assert listener.heard == [("a", None, 0, "me"), ("a/b", None, 1, "me"), ("a/l/#0", None, 2, "me")]


def test_a_call_that_sets_several_is_one_delivery(store):
    heard: list[Any] = []
    store.subscribe("", heard.append)
    store.set({"a": 1, "b/c": 2})
    store.set([("a", 3), ("a", 4), ("b/c", 2)])

    assert heard == [[("a", 1, None, None), ("b/c", 2, None, None)], [("a", 4, 1, None)]]


@pytest.mark.parametrize(
    "pattern,recursive,heard",
    [
        ("", True, ["a", "a/b", "a/b/c", "x/b", "#0/b"]),
        ("", False, []),
        ("a", True, ["a", "a/b", "a/b/c"]),
        ("a", False, ["a"]),
        ("*", False, ["a"]),
        ("*/b", False, ["a/b", "x/b", "#0/b"]),
        ("*/b", True, ["a/b", "a/b/c", "x/b", "#0/b"]),
        ("**", False, ["a", "a/b", "a/b/c", "x/b", "#0/b"]),
        ("**/b", False, ["a/b", "x/b", "#0/b"]),
        ("a/**", False, ["a", "a/b", "a/b/c"]),
        ("a/**/c", True, ["a/b/c"]),
        ("**/**/c", True, ["a/b/c"]),
        ("*/*/*", True, ["a/b/c"]),
        (["a/b", "x", "a/*"], True, ["a/b", "a/b/c", "x/b"]),
        ("ab", True, []),
    ],
)
def test_a_pattern_hears_what_it_matches(store, pattern, recursive, heard):
    written = ["a", "a/b", "a/b/c", "x/b", "#0/b"]

    assert paths_heard(store, pattern, written, recursive=recursive) == heard


@pytest.mark.parametrize(
    "pattern,exclude,heard",
    [
        ("a", "b", ["a", "a/x/b"]),
        ("a", ["b/c", "x"], ["a", "a/b"]),
        ("a", "**/c", ["a", "a/b", "a/x/b"]),
        ("*", "*", ["a"]),
        ("**/b", "c", ["a/b", "a/x/b"]),
        ("a", [], ["a", "a/b", "a/b/c", "a/x/b"]),
    ],
)
def test_excluded_branches_are_not_heard(store, pattern, exclude, heard):
    assert paths_heard(store, pattern, ["a", "a/b", "a/b/c", "a/x/b"], exclude=exclude) == heard


def test_changes_of_an_ignored_source_are_not_heard(store):
    listener = Listener()
    store.subscribe("a", listener.on_change, ignore_source="me")
    with store.source("me"):
        store.set("a", 1)
    with store.source("you"):
        store.set("a", 2)
    store.set("a", 3)
    with store.group(source_id="me"):
        store.set("a", 4)

    assert [(new, source) for _, new, _, source in listener.heard] == [(2, "you"), (3, None)]


def test_the_writer_is_the_source_when_none_is_open():
    class Owned(Store):
        def _writer(self):
            return 42

    store, listener = Owned(), Listener()
    store.subscribe("a", listener.on_change)
    store.set("a", 1)
    store.set("a", 2)
    store.set([("a", 3)])
    with store.group():
        store.set("a", 4)
    with store.source(None):
        store.set("a", 5)

    assert [source for *_, source in listener.heard] == [42, 42, 42, 42, None]


def test_trigger_now_delivers_what_is_there(store):
    store.set([("a", 0), ("a/b", 1), ("a/l[]", 2), ("x", 3)])
    everything: list[Any] = []
    exact: list[Any] = []
    named: list[Any] = []
    nothing: list[Any] = []
    store.subscribe("a", everything.append, trigger_now=True)
    store.subscribe("a", exact.append, trigger_now=True, recursive=False)
    store.subscribe(["*/b", "x"], named.append, trigger_now=True, exclude="none")
    store.subscribe("y", nothing.append, trigger_now=True)

    assert everything == [[("a", 0, None, "init"), ("a/b", 1, None, "init"), ("a/l/#0", 2, None, "init")]]
    assert exact == [[("a", 0, None, "init")]]
    assert named == [[("a/b", 1, None, "init"), ("x", 3, None, "init")]]
    assert nothing == []


def test_trigger_now_sees_an_alias_it_names_with_those_that_bubble(store):
    store.set("lamp/level", 3)
    store["alias"].link_to("lamp")
    store["room/a"].link_to("lamp", bubble_events=True)
    store["room/b"].link_to("lamp")
    heard: list[Any] = []
    store.subscribe(["alias", "room"], heard.append, trigger_now=True)

    assert heard == [[("alias/level", 3, None, "init"), ("room/a/level", 3, None, "init")]]


def test_extract_gives_the_matched_node_with_its_children(store):
    store.set({"s/t": 20, "s/t/unit": "C", "s/t/raw": 1, "s/u/unit": "V"})
    heard: list[Any] = []
    store.subscribe("s/*", heard.append, extract=[".", "unit", "no"], trigger_now=True)
    store.set("s/t", 21)
    store.set("s/t/unit", "F")
    store.set("s/t/raw", 2)
    with store.group():
        store.set({"s/t": 22, "s/u": 5, "s/t/unit": "K"})
    store.remove("s/u")

    assert heard == [
        [("s/t", {".": 20, "unit": "C"}, {}, "init"), ("s/u", {"unit": "V"}, {}, "init")],
        [("s/t", {".": 21, "unit": "C"}, {".": 20}, None)],
        [("s/t", {".": 21, "unit": "F"}, {"unit": "C"}, None)],
        [("s/t", {".": 21, "unit": "F"}, {}, None)],
        [("s/t", {".": 22, "unit": "K"}, {".": 21, "unit": "F"}, None), ("s/u", {".": 5, "unit": "V"}, {}, None)],
        [("s/u", {}, {"unit": "V", ".": 5}, None)],
    ]


def test_extract_reads_deeper_children_of_any_depth(store):
    store.set({"a/b/c/d": 1})
    heard: list[Any] = []
    store.subscribe("**/b", heard.append, extract="c")
    store.set("a/b/x", 1)

    assert heard == [[("a/b", {"c": {"d": 1}}, {}, None)]]


def test_subscribers_are_called_in_the_order_of_subscribing(store):
    order = []
    for number, pattern in enumerate(["**", "a/b", "a", "*/b", ""]):
        store.subscribe(pattern, lambda changes, number=number: order.append(number))
    store.set("a/b", 1)
    with store.group():
        store.set("z", 1)
        store.set("a/b", 2)

    assert order == [0, 1, 2, 3, 4, 0, 1, 2, 3, 4]


def test_one_subscription_hears_a_change_once(store):
    heard: list[Any] = []
    store.subscribe(["a", "a/b", "**", "a"], heard.append)
    store.set("a/b", 1)

    assert heard == [[("a/b", 1, None, None)]]


def test_the_instance_of_a_bound_method_is_the_owner(store):
    one, two = Listener(), Listener()
    for listener in (one, two):
        store.subscribe("a", listener.on_change)
        store.subscribe("b", listener.on_change)

    assert store.unsubscribe(one) == 2
    assert store.unsubscribe(one) == 0
    store.set({"a": 1, "b": 2})
    assert (len(one.heard), len(two.heard)) == (0, 2)


def test_owners_are_told_apart_by_identity(store):
    class Equal(Listener):
        def __eq__(self, other):
            return True

        __hash__ = None  # type: ignore[assignment]  # as Python does for a class with only __eq__

    one, two = Equal(), Equal()
    store.subscribe("a", one.on_change)
    store.subscribe("a", two.on_change)
    store.unsubscribe(one)
    store.set("a", 1)

    assert (len(one.heard), len(two.heard)) == (0, 1)


def test_a_callback_can_be_unsubscribed(store):
    listener = Listener()
    heard: list[Any] = []

    def function(changes):
        heard.append(changes)

    partial = functools.partial(heard.append)
    for callback in (function, partial, heard.append, listener.on_change):
        store.subscribe("a", callback)
        store.subscribe("*", callback)

    for callback in (function, partial, heard.append, listener.on_change):
        assert store.unsubscribe(callback) == 2
    store.set("a", 1)
    assert (heard, listener.heard) == ([], [])


def test_an_owner_can_be_named(store):
    owner = object()
    heard: list[Any] = []
    store.subscribe("a", heard.append, owner=owner)
    store.subscribe("b", heard.append)
    store.unsubscribe(owner)
    store.set({"a": 1, "b": 2})

    assert heard == [[("b", 2, None, None)]]


def test_subscribe_returns_its_own_undoing(store):
    heard: list[Any] = []
    undo = store.subscribe("a", heard.append)
    store.subscribe("a/b", heard.append)
    undo()
    undo()
    store.set({"a": 1, "a/b": 2})

    assert heard == [[("a/b", 2, None, None)]]


def test_unsubscribing_leaves_nothing_behind(store):
    for number in range(50):
        store.subscribe([f"a/{number}/**/x", "*/y", f"a/{number}"], print, owner=store)
    store.unsubscribe(store)

    assert store._subscriptions._root.is_empty()
    assert not store._subscriptions


def test_a_callback_unsubscribed_by_an_earlier_one_is_not_called(store):
    heard: list[Any] = []
    store.subscribe("a", lambda changes: store.unsubscribe(heard.append))
    store.subscribe("a", heard.append)
    store.set("a", 1)

    assert heard == []


def test_what_cannot_be_called_is_refused(store):
    with pytest.raises(TypeError, match="needs something to call"):
        store.subscribe("a", "callback")


def test_a_callback_that_raises_is_reported_while_the_others_are_called(store, capsys):
    heard: list[Any] = []

    def broken(changes):
        raise ValueError("broken callback")

    store.subscribe("a", broken, trigger_now=True)
    store.subscribe("a", heard.append)
    store.set("a", 1)
    store.subscribe("a", broken, trigger_now=True)

    assert len(heard) == 1
    reported = capsys.readouterr().err
    assert reported.count("ValueError: broken callback") == 2
    assert "What listens to a store raised an error, the others were told" in reported


def test_an_interrupt_in_a_callback_leaves_the_store_working(store):
    def interrupted(changes):
        raise KeyboardInterrupt

    heard: list[Any] = []
    store.subscribe("a", interrupted)
    with pytest.raises(KeyboardInterrupt):
        store.set("a", 1)
    store.unsubscribe(interrupted)
    store.subscribe("a", heard.append)
    store.set("a", 2)

    assert heard == [[("a", 2, 1, None)]]


def test_what_a_callback_writes_is_heard_after_the_change_it_answers(store):
    order = []

    def answer(changes):
        if changes[0][1] == 1:
            store.set("a", 2)
            order.append("wrote")

    store.subscribe("a", answer)
    store.subscribe("a", lambda changes: order.append(changes[0][1:3]))
    store.set("a", 1)

    assert order == ["wrote", (1, None), (2, 1)]


def test_subscribing_in_a_callback_hears_the_next_change(store):
    heard: list[Any] = []

    def once(changes):
        store.unsubscribe(once)
        store.subscribe("a", heard.append, trigger_now=True)

    store.subscribe("a", once)
    store.set("a", 1)
    store.set("a", 2)

    assert heard == [[("a", 1, None, "init")], [("a", 2, 1, None)]]


class Essence(Listener):
    """An owner that can end, as tonics do."""

    def __init__(self):
        super().__init__()
        self.undos = []

    def _tt_on_ending(self, undo):
        self.undos.append(undo)

    def end(self):
        for undo in self.undos:
            undo()


def test_an_owner_that_ends_takes_its_subscriptions_with_it(store):
    essence, other = Essence(), Store()
    for each in (store, store, other):
        each.subscribe("a", essence.on_change)
    essence.end()
    store.set("a", 1)
    other.set("a", 1)

    assert len(essence.undos) == 2
    assert essence.heard == []


def test_an_owner_is_asked_once_though_it_comes_back(store):
    essence = Essence()
    for _ in range(3):
        store.subscribe("a", essence.on_change)
        store.unsubscribe(essence)

    assert len(essence.undos) == 1


def test_an_ended_owner_is_not_kept_alive(store):
    essence = Essence()
    store.subscribe("a", essence.on_change)
    store.set("a", 1)
    essence.end()
    gone = weakref.ref(essence)
    del essence
    gc.collect()

    assert gone() is None
    assert store._known_owners == {}


def test_an_owner_that_has_ended_already_is_not_subscribed(store):
    class Ended(Essence):
        def _tt_on_ending(self, undo):
            undo()

    ended = Ended()
    store.subscribe("a", ended.on_change, trigger_now=True)
    store.set("a", 1)

    assert ended.heard == []


def test_matches_are_forgotten_when_subscriptions_come(store):
    heard: list[Any] = []
    store.subscribe("b", print)
    store.set("a", 1)
    store.set("a", 2)
    store.subscribe("*", heard.append)
    store.set("a", 3)

    assert len(heard) == 1


def test_remembered_matches_are_bounded(store):
    store._subscriptions._PLANS_KEPT = 10
    heard: list[Any] = []
    store.subscribe("**", heard.append)
    for number in range(25):
        store.set(f"a/{number}", 1)

    assert len(heard) == 25
    assert len(store._subscriptions._plans) <= 10
