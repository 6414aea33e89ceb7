"""A real app with a store, seen in the window: by keys and mouse, followed by the inspector, back in time and live again."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from PySide6.QtCore import Qt

from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.panels.store.arrangement import StoreKey

Steps = Generator[Callable[[], Any], None, None]

COUNTS = """
    from tasktonic import *

    class Counter(ttTonic):
        def ttse__on_start(self):
            self.store = self.bind(ttStore)
            self.store.set([("house/count", 0), ("house/name", "mill"), ("big", "x" * 50_000_000)])
            self.store["alias"].link_to("house/count")
            self.bind(ttTimerRepeat, seconds=0.05)

        def ttse__on_timer(self, info):
            self.store.set("house/count", self.store.get("house/count") + 1)

    class App(ttFormula):
        def creating_formula(self):
            return {"tasktonic/log/to": "off"}

        def creating_starting_tonics(self):
            Counter(name="counter")

    App()
    """


def count_chosen(person: Any) -> Generator[Callable[[], Any], None, tuple[int, Any]]:
    """Open the panel of the store by its key, and click on the count in it. Gives the store and the panel's widget."""
    yield lambda: len(person.live.store) > 0
    store = next(iter(person.live.store))
    yield lambda: "house/count" in person.live.store[store]
    person.press(Qt.Key.Key_7, Qt.KeyboardModifier.ControlModifier)
    panel = person.bench.area.dock("store").widget()
    yield panel.tree.isVisible
    yield lambda: panel.model.index_of(StoreKey(store, "house/count")).isValid()
    index = panel.model.index_of(StoreKey(store, "house/count"))
    person.click(panel.tree.viewport(), panel.tree.visualRect(index).center())
    return store, panel


def test_a_store_is_read_live_and_back_in_time(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        store, panel = yield from count_chosen(person)

        assert person.bench.selection.thing == Thing("store", (store, "house/count"))
        inspector = person.bench.area.dock("inspector").widget()
        yield lambda: inspector.heading.title.whole == "house/count"
        yield lambda: panel.detail.model.count > 5

        # The first change: choose it, look at that moment, and see the store as it was.
        panel.detail.table.selectRow(1)
        assert person.bench.selection.thing.kind == "run"
        person.press(Qt.Key.Key_Home, Qt.KeyboardModifier.AltModifier)
        assert person.bench.selection.time is not None
        yield lambda: panel.detail.value.whole == "1"
        count = panel.model.index_of(StoreKey(store, "house/count"), 1).data()
        assert count == "1"

        person.press(Qt.Key.Key_End, Qt.KeyboardModifier.AltModifier)
        yield lambda: int(panel.detail.value.whole) > 5

        big = person.live.store[store]["big"].new
        assert len(big) < 200
        alias = panel.model.index_of(StoreKey(store, "alias"), 1).data()
        assert alias == "→ house/count"

    run_studio(steps, script(COUNTS))


def test_who_listens_to_a_path_is_asked_of_the_living_app(run_studio: Any, script: Any) -> None:
    listening = COUNTS.replace(
        "self.bind(ttTimerRepeat",
        'self.store.subscribe("house/*", self.ttse__on_change, ignore_source=self.id); self.bind(ttTimerRepeat',
    ).replace(
        "        def ttse__on_timer",
        "        def ttse__on_change(self, changes):\n            pass\n\n        def ttse__on_timer",
    )

    def steps(person: Any) -> Steps:
        store, panel = yield from count_chosen(person)
        page = panel.detail.listeners

        person.click(panel.detail.as_listeners)
        yield lambda: page.model.count == 1
        counter = page.model.essence_at(0)
        assert page.model.entry(0).texts == ("counter", "ttse__on_change", "house/*", "not its own changes")

        person.click(page.table.viewport(), page.table.visualRect(page.model.index(0, 0)).center())
        assert person.bench.selection.thing == Thing("essence", counter)
        assert person.live.essences.name(counter) == "counter"
        inspector = person.bench.area.dock("inspector").widget()
        yield lambda: inspector.heading.title.whole == "counter"

        # Another path: it is asked anew.
        person.click(
            panel.tree.viewport(), panel.tree.visualRect(panel.model.index_of(StoreKey(store, "big"))).center()
        )
        yield lambda: page.words.text().startswith("Nobody listened to this path")

    run_studio(steps, script(listening))
