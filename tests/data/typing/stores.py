"""The store, alone and as a service."""

from collections.abc import Callable, Iterator
from typing import Any, assert_type

from tasktonic import *


class Display(ttTonic):
    def ttse__on_start(self) -> None:
        store = self.bind(ttStore)
        store.set("app/version", "1.0")
        store.set({"app/version": "1.0"})
        store.set([("app/version", "1.0"), ("app/name", 5)])
        store.set("app/version")  # ! arg-type
        store.set(5, 6)  # ! call-overload
        assert_type(store.get("app/version"), Any)
        assert_type(store["app"], Item)
        assert_type(store["app"].v, Any)
        assert_type(store["users"].append("Ada"), Item)
        assert_type(store.append("users", "Ada"), Item)
        store.append()  # ! call-overload
        store["users"].extend(["Ada", "Grace"])
        store.extend("users", 5)  # ! call-overload
        assert_type(store.children(), Iterator[Item])
        assert_type(store["app"].parent, Item | None)
        assert_type("app" in store, bool)
        assert_type(store.dump(), list[tuple[str, Any]])
        assert_type(store.subscribe("app", self.ttse__on_change, recursive=True), Callable[[], None])
        store.subscribe(["app", "users/*"], lambda entries: print(entries[0][1]))
        store.subscribe("app", self.ttsc__other)  # ! arg-type
        with store.group(), store.source(self.id):
            store["app"]["name"].set("x", 5)
            store["app/name"] = 5
        store["app"].link_to(store["users"])
        store["app"].link_to(5)  # ! arg-type

    def ttse__on_change(self, entries: list[tuple[str, Any, Any, Any]]) -> None: ...

    def ttsc__other(self, number: int) -> None: ...


def alone(store: Store) -> None:
    assert_type(store["a"].at("b"), Item)
    assert_type(store.pop("a"), Any)
    assert_type(store.remove("a"), bool)
