"""What a person does with the catalysts panel, and reads in it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tasktonic import events as ev
from tasktonic.protocol.messages import Hello
from tasktonic_studio.session.inbox import TargetBegan, TargetStatus, Told
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.panels.catalysts.rows import NUMBER
from tests.helpers.builders import MS, EventWriter
from tests.helpers.panel_stand import PanelStand

THIN = "\u202f"


class Works:
    """Two catalysts: `main` runs the boss, `worker` runs the belt that the boss gives orders to."""

    def __init__(self, *capabilities: str) -> None:
        self.write = write = EventWriter()
        write.cls("ttCatalyst")
        self.main = write.catalyst("main_catalyst", "qt")
        self.worker = write.catalyst("worker")
        self.boss = write.born("Boss", "boss", catalyst=self.main)
        self.belt = write.born("Belt", "belt", catalyst=self.worker)
        self.session = Session()
        self.session.apply([TargetBegan("launched", "plant.py", (), 4711)])
        hello = Hello(1, 4711, "s", capabilities=capabilities)
        self.session.apply([Told(hello), TargetStatus("running")])
        self.run = write.sparkles(self.boss, "ttse__on_go")
        self.tell()

    def orders(self, count: int, sparkle: str = "ttsc__move", arguments: str = "") -> list[int]:
        """So many orders from the boss to the belt, a millisecond apart."""
        found = []
        for _ in range(count):
            found.append(self.write.order(self.belt, sparkle, self.boss, self.run, arguments=arguments))
            self.write.wait(MS)
        return found

    def beat(self, catalyst: int, depth: int, **rest: Any) -> None:
        self.write.beat(catalyst, depth, **rest)

    def hang(self, order: int, for_ns: int) -> None:
        """The belt is inside the sparkle of an order for so long, and goes on."""
        since = self.write.t_ns
        sparkle = self.write.sparkle(self.write.cls("Belt"), "ttsc__move")
        self.write.wait(for_ns)
        self.write.add(ev.Beat(self.write.t_ns, self.worker, 2, self.belt, sparkle, since, 0, 0))

    def tell(self) -> None:
        """Let the session know, up to now."""
        self.write.log(self.boss, "so far")
        self.session.apply_events(self.session.live.n, self.write.take())


def cell(stand: PanelStand, catalyst: int, column: str) -> str:
    model = stand.view.model
    return str(model.index(model.row_of(catalyst), NUMBER[column]).data())


def click_tab(qtbot: QtBot, stand: PanelStand, page: Any) -> None:
    bar, below = stand.view.below.tabBar(), stand.view.below
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(below.indexOf(page)).center())


def numbers(stand: PanelStand) -> list[int]:
    model = stand.view.below.queue.model
    return [model.order_at(row) for row in range(model.count)]
