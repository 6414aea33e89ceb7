"""Many threads on one store, briefly: what must never happen, looked for where it would."""

import sys
import threading
from typing import Any

import pytest

from tasktonic.store import Store


@pytest.fixture(autouse=True)
def frequent_switches():
    """Let threads interrupt each other a thousand times more often than usual."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def run_together(*functions):
    """Start all at once, wait for all, raise what one of them raised."""
    barrier = threading.Barrier(len(functions))
    errors = []

    def run(function):
        barrier.wait()
        try:
            function()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(function,)) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    if errors:
        raise errors[0]


def test_no_append_is_lost():
    store = Store()
    heard: list[Any] = []
    store.subscribe("l", heard.extend)

    def append(name):
        for number in range(200):
            if number % 3:
                store.append("l", (name, number))
            else:
                with store.group():
                    store.set("l[]", (name, number))

    run_together(*(lambda name=name: append(name) for name in range(4)))

    expected = sorted((name, number) for name in range(4) for number in range(200))
    assert sorted(store.get("l")) == expected
    assert sorted(new for _, new, *_ in heard) == expected
    assert len({path for path, *_ in heard}) == 800


def test_every_popped_entry_is_popped_once():
    store = Store()
    store.extend("l", range(400))
    popped = []

    def pop_all():
        while True:
            try:
                popped.append(store.pop("l"))
            except IndexError:
                return

    run_together(*[pop_all] * 4)

    assert sorted(popped) == list(range(400))


def test_nobody_sees_half_a_group():
    store = Store()
    store.set({"pair/a": 0, "pair/b": 0})
    torn, is_over = [], threading.Event()

    def hear(changes):
        if len(changes) != 2 or changes[0][1] != changes[1][1]:
            torn.append(changes)

    def write(offset):
        for number in range(1, 300):
            with store.group():
                store.set("pair/a", number + offset)
                store.set("pair/b", number + offset)
            store.set({"pair/a": -number - offset, "pair/b": -number - offset})

    def write_all():
        run_together(lambda: write(0), lambda: write(10_000))
        is_over.set()

    def read():
        while not is_over.is_set():
            pair = store.get("pair")
            if pair["a"] != pair["b"] or len({value for _, value in store["pair"].dump()}) != 1:
                torn.append(pair)

    store.subscribe("pair", hear)
    run_together(write_all, read)

    assert torn == []


def test_single_reads_see_a_group_as_a_whole():
    store = Store()
    store.set({"flag": 0, "data": 0})
    torn = []

    def write():
        for number in range(1, 500):
            with store.group():
                store.set("flag", number)
                store.set("data", number)

    def read():
        flag = 0
        while flag < 499:
            flag = store.get("flag")
            data = store.get("data")
            if data < flag:
                torn.append((flag, data))

    run_together(write, read)

    assert torn == []


def test_callbacks_run_in_the_writers_thread_without_a_lock():
    store = Store()
    stuck = []

    def use_all_of_it(value):
        store.set("else", value)
        store.get()
        store.subscribe("x", print)

    def hear(changes):
        path, new, *_ = changes[0]
        if new != threading.get_ident():
            return
        other = threading.Thread(target=use_all_of_it, args=(new,))
        other.start()
        other.join(10)
        stuck.extend([path] if other.is_alive() else [])

    def write():
        for _ in range(5):
            store.set("a", threading.get_ident())
            store.remove("a")
            with store.group():
                store.set("b", threading.get_ident())
            store.remove("b")

    store.subscribe(["a", "b"], hear, trigger_now=True)
    run_together(write, write)

    assert stuck == []


def test_the_observer_hears_the_changes_of_a_path_in_order():
    store = Store()
    last: dict[str, Any] = {}
    broken = []

    class Chain:
        """Each old value must be the new one of before."""

        def changed(self, path, new, old, removed):
            if last.get(path) != old:
                broken.append((path, new, old))
            last[path] = new

        def unchanged(self, path):
            pass

        def silenced(self, path, subscription):
            pass

    store._observer = Chain()

    def write(name):
        for number in range(150):
            store.set("p", (name, number))
            with store.group():
                store.set("q", (name, number))
                store.set("p", (name, -number))
            if number % 10 == 0:
                store.remove("q")

    run_together(*(lambda name=name: write(name) for name in range(3)))

    assert broken == []
    assert last == {"p": store.get("p"), "q": store.get("q")}


def test_subscribing_while_others_write_misses_nothing():
    store = Store()
    seen = []

    def write():
        for number in range(200):
            store.append("l", number)

    def hearing(heard):
        return lambda changes: heard.update(new for _, new, *_ in changes)

    def subscribe():
        for _ in range(20):
            heard: set[int] = set()
            undo = store.subscribe("l", hearing(heard), trigger_now=True)
            seen.append((heard, undo))

    run_together(write, subscribe)

    assert all(heard == set(range(200)) for heard, _ in seen)
