from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tasktonic import ttCatalyst, ttStore, ttTonic
from tasktonic.events import Born, Dropped, Raised, StoreChanged, StoreSilenced, StoreUnchanged
from tests.helpers.apps import reading, run_app


class Writer(ttTonic):
    """Binds the store, has ``work`` done with it, and finishes."""

    def __init__(self, work: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.work = work

    def ttse__on_start(self) -> None:
        self.store = self.bind(ttStore)
        self.work(self, self.store)
        self.ttsc__end()

    def ttsc__end(self) -> None:
        self.finish()


def test_store_is_one_for_all() -> None:
    found: list[Any] = []

    def start() -> None:
        for _ in range(2):
            Writer(lambda tonic, store: found.append(store))

    run_app(start)

    assert found[0] is found[1]


def test_store_of_another_name_is_another_store() -> None:
    class Other(ttStore):
        _tt_is_service = "other"

    found: list[Any] = []
    run_app(lambda: Writer(lambda tonic, store: found.extend([store, tonic.bind(Other)])))

    assert found[0] is not found[1]


def test_source_of_a_change_is_the_tonic_that_writes() -> None:
    seen: list[Any] = []

    def work(tonic: Any, store: Any) -> None:
        store.subscribe("a", seen.extend)
        store.set("a", 1)
        seen.append(tonic.id)

    run_app(lambda: Writer(work))

    assert seen == [("a", 1, None, seen[1]), seen[1]]


def test_callback_that_is_a_sparkle_is_queued() -> None:
    seen: list[Any] = []

    class Watching(Writer):
        def ttse__on_change(self, changes: Any) -> None:
            seen.append([change[:3] for change in changes])

    def work(tonic: Any, store: Any) -> None:
        store.subscribe("a", tonic.ttse__on_change)
        store.set("a", 1)
        seen.append("set")

    run_app(lambda: Watching(work))

    assert seen == ["set", [("a", 1, None)]]


def test_sparkle_on_another_catalyst_hears_of_a_change() -> None:
    seen: list[Any] = []

    class Watching(ttTonic):
        def ttse__on_start(self) -> None:
            self.bind(ttStore).subscribe("a", self.ttse__on_change, trigger_now=True)

        def ttse__on_change(self, changes: Any) -> None:
            seen.extend(new for _, new, *_ in changes)
            self.finish()

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            self.bind(ttStore).set("a", 1)
            self.bind(Watching, name="watching", catalyst=ttCatalyst(context=-1))

        def ttse__on_watching_finished(self) -> None:
            self.finish()

    run_app(Main)

    assert seen == [1]


def test_subscriptions_of_a_finished_tonic_are_gone() -> None:
    class Watching(ttTonic):
        def ttse__on_start(self) -> None:
            self.bind(ttStore).subscribe("a", self.ttse__on_change)
            self.finish()

        def ttse__on_change(self, changes: Any) -> None: ...

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            self.bind(Watching, name="watching")

        def ttse__on_watching_finished(self) -> None:
            self.bind(ttStore).set("a", 1)
            self.finish()

    with reading() as rows:
        run_app(Main)

    assert len(rows.of(StoreChanged)) == 1
    assert rows.of(Dropped) == []  # it would be told of an order for a finished tonic


def test_changes_are_told_in_the_stream() -> None:
    def work(tonic: Any, store: Any) -> None:
        store.set("a/b", 1)
        store.set("a/b", 1)
        store.set("a/b", 2)

    with reading() as rows:
        run_app(lambda: Writer(work, name="writer"))

    assert [(row.path, row.old, row.new, row.source) for row in rows.of(StoreChanged)] == [
        ("a/b", rows.of(StoreChanged)[0].old, "1", "writer"),
        ("a/b", "1", "2", "writer"),
    ]
    assert [row.path for row in rows.of(StoreUnchanged)] == ["a/b"]


def test_a_listener_that_ignores_its_own_changes_is_told_as_silenced() -> None:
    class Echo(ttTonic):
        def ttse__on_start(self) -> None:
            store = self.bind(ttStore)
            store.subscribe("lamp/*", self.ttse__on_lamp, ignore_source=self.id)
            store.set("lamp/a", 1)
            with store.group():
                store.set("lamp/b", 2)
            self.finish()

        def ttse__on_lamp(self, changes: Any) -> None: ...

    with reading() as rows:
        run_app(lambda: Echo(name="echo"))

    told = rows.of(StoreSilenced)
    echo = next(row.essence for row in rows.of(Born) if row.name == "echo")
    assert [(row.path, row.essence, row.callback, row.reason) for row in told] == [
        ("lamp/a", echo, "ttse__on_lamp", "own source"),
        ("lamp/b", echo, "ttse__on_lamp", "own source"),
    ]


def test_a_quiet_write_is_told_as_silenced() -> None:
    def work(tonic: Any, store: Any) -> None:
        store.subscribe("a", print)
        with store.group(notify=False):
            store.set("a", 1)

    with reading() as rows:
        run_app(lambda: Writer(work))

    assert [(row.path, row.essence, row.reason) for row in rows.of(StoreSilenced)] == [("a", -1, "quiet")]


def test_plain_callback_that_raises_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    def fail(changes: Any) -> None:
        raise LookupError("subscriber")

    def work(tonic: Any, store: Any) -> None:
        store.subscribe("a", fail)
        store.set("a", 1)

    with reading() as rows:
        run_app(lambda: Writer(work))

    assert [row.type for row in rows.of(Raised)] == ["LookupError"]
    assert "LookupError: subscriber" in capsys.readouterr().err


def test_store_ends_with_the_app() -> None:
    formula = run_app(lambda: Writer(lambda tonic, store: None))

    assert formula.ledger.essences == []


def test_a_value_whose_path_names_a_secret_is_not_told() -> None:
    told = changes_told_of(lambda store: store.set([("mail/password", "swordfish"), ("mail/user", "ada")]))

    assert [(change.path, "swordfish" in change.new) for change in told] == [
        ("mail/password", False),
        ("mail/user", False),
    ]
    assert "ada" in told[1].new


def test_a_removed_value_is_told_with_what_it_was() -> None:
    def set_and_remove(store: ttStore) -> None:
        store.set("lamp", 1)
        del store["lamp"]

    told = changes_told_of(set_and_remove)

    assert [(change.path, change.old, change.new, change.removed) for change in told][1:] == [("lamp", "1", "", True)]


def changes_told_of(work: Callable[[ttStore], object]) -> list[StoreChanged]:
    """What the stream says when a tonic does something with the store."""

    class Writer(ttTonic):
        def ttse__on_start(self) -> None:
            work(self.bind(ttStore))
            self.finish()

    with reading() as rows:
        run_app(lambda: Writer(name="writer"))
    return [row for row in rows.all if isinstance(row, StoreChanged)]
