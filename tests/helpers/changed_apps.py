"""Apps with pumps to change, and the hands of a person who changes them from the window."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.panels.store.arrangement import StoreKey
from tests.helpers.scripts_apart import QT_APP

Steps = Generator[Callable[[], Any], None, None]

PUMPS = """
    import sys
    from tasktonic import *

    LIMIT = 40

    def say(*words):
        # In one piece: two threads say things.
        sys.stdout.write(" ".join(map(str, words)) + "\\n")
        sys.stdout.flush()

    class Pump(ttTonic):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.speed = 1
            self.is_open = False

        def ttse__on_start(self):
            self.store = self.bind(ttStore)
            self.store.set([("pump/limit", 5), ("pump/open", False), ("pump/colour", "red")])
            self.store.subscribe("pump/**", self.ttse__on_news)
            self.to_state("off")

        def ttse__on_news(self, changes):
            for path, new, *_ in changes:
                say("news", self.name, path, repr(new))

        def ttsc__run(self, speed, reason="none"):
            "Turn at a speed."
            say("runs", self.name, self.speed, speed, reason)

        def ttsc__set_limit(self, limit):
            self.store.set("pump/limit", limit)

        def ttse_on__on_enter(self):
            say("enters on", self.name)

        def ttse_off__on_enter(self):
            pass

        def ttse__on_finished(self):
            say("finished", self.name)
    """

THREADS = (
    PUMPS
    + """
    class App(ttFormula):
        def creating_formula(self):
            return {"tasktonic/log/to": "off"}

        def creating_starting_tonics(self):
            Pump(name="near")
            Pump(name="far", catalyst=ttCatalyst(name="second"))

    App()
    """
)

QT = (
    PUMPS
    + """
    from tasktonic.qt import ttPyside6Ui, ttPysideWidget

    class Window(ttPysideWidget):
        def ttse__on_start(self):
            Pump(name="near")
            Pump(name="far", catalyst=ttCatalyst(name="second"))
    """
    + QT_APP.replace("FIRST", 'Window(name="window")')
)

APPS = pytest.mark.parametrize("app", [THREADS, QT], ids=["threads", "qt"])


class Hands:
    """What a person does to the app through the window, in the words of a test."""

    def __init__(self, person: Any) -> None:
        self.person = person
        self.bench = person.bench

    def id(self, name: str) -> int:
        live = self.person.live
        found = (live.essences.get(essence) for essence in live.essences)
        return next((facts.id for facts in found if facts.name == name and facts.is_alive), -1)

    def has_said(self, text: str) -> bool:
        """Whether the app has printed this line."""
        return text in self.person.log_texts()

    def by_hand(self, text: str) -> bool:
        """Whether the record says that somebody did this."""
        return any(line.startswith(f"by hand: {text} (studio ") for line in self.person.log_texts())

    @property
    def is_up(self) -> bool:
        store = next(iter(self.person.live.store), -1)
        return self.id("near") >= 0 and self.id("far") >= 0 and self.value("pump/colour") != "" and store >= 0

    def value(self, path: str) -> str:
        live = self.person.live
        entry = next((live.store.get(store, path) for store in live.store), None)
        return entry.new if entry is not None else ""

    def select(self, name: str) -> None:
        self.bench.selection.select(Thing("essence", self.id(name)))

    def hold(self) -> None:
        self.person.press(Qt.Key.Key_F6)

    def go_on(self) -> None:
        self.person.press(Qt.Key.Key_F5)

    def outside_calls(self, name: str) -> list[tuple[str, str]]:
        """The sparkles that were called from outside of the app's tonics, and the first word of who called."""
        live = self.person.live
        rows = live.orders.rows(0, len(live.orders))
        mine = [row for row in rows if row.essence == self.id(name) and row.source < 0]
        return [(live.names.sparkle(row.sparkle), row.cause.split()[0]) for row in mine if row.cause]

    def is_held(self) -> bool:
        catalysts = [it for it in self.person.live.catalysts.values() if it.alive]
        return bool(catalysts) and all(it.held for it in catalysts)

    def double_click_value(self, path: str) -> None:
        view = self.person.panel("store")
        store = next(iter(self.person.live.store))
        index = view.model.index_of(StoreKey(store, path), 1)
        view.tree.scrollTo(index)
        at = view.tree.visualRect(index).center()
        QTest.mouseClick(view.tree.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
        QTest.mouseDClick(view.tree.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)

    def row_is_there(self, path: str) -> bool:
        view = self.person.panel("store")
        store = next(iter(self.person.live.store), -1)
        return bool(view.model.index_of(StoreKey(store, path), 1).isValid() and view.tree.isVisible())

    def type(self, text: str, field: QWidget) -> None:
        field.selectAll()  # type: ignore[attr-defined]
        QTest.keyClicks(field, text)

    def menu_line(self, command_id: str) -> Any:
        """The line of a command in the menu bar, as it is now."""
        self.bench.actions_of_commands.refresh()
        return self.bench.actions_of_commands.action(command_id)


def call_by_dialog(hands: Hands, sparkle: str, arguments: str) -> Steps:
    """Call a sparkle of the selected tonic through the dialog."""
    hands.menu_line("change.call").trigger()
    yield lambda: hands.bench.changing.call_dialog is not None and hands.bench.changing.call_dialog.list.count() > 0
    dialog = hands.bench.changing.call_dialog
    row = next(row for row in range(dialog.list.count()) if dialog.list.item(row).text().startswith(sparkle))
    dialog.list.setCurrentRow(row)
    hands.type(arguments, dialog.arguments)
    QTest.keyClick(dialog.arguments, Qt.Key.Key_Return)
