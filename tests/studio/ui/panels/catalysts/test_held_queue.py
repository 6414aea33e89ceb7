"""The queue of a held catalyst in the catalysts panel: more of it is loaded, and orders are dragged to another place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tasktonic import events as ev
from tasktonic.protocol.messages import AskOrders, Granted, Hello, MoveOrder, NextOrder, NextOrders
from tasktonic_studio.session.inbox import TargetBegan, TargetStatus, Told
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.panels.catalysts.panel import CatalystsPanel
from tests.helpers.builders import EventWriter
from tests.helpers.panel_stand import PanelStand

LEFT = Qt.MouseButton.LeftButton


class HeldStand(PanelStand):
    """A panel on a catalyst that is held with so many orders in its queue, of which the app tells as many as are asked for."""

    def __init__(self, waiting: int) -> None:
        write, session = EventWriter(), Session()
        self.catalyst = write.catalyst("worker")
        self.belt = write.born("Belt", "belt", catalyst=self.catalyst)
        session.apply([TargetBegan("launched", "plant.py", (), 4711)])
        session.apply([Told(Hello(1, 4711, "s", capabilities=("queue",))), TargetStatus("running")])
        session.apply([Told(Granted("control"))])
        write.add(ev.CatalystHeld(write.t_ns, self.catalyst, True))
        session.apply_events(session.live.n, write.take())
        self.waiting = [
            NextOrder(number, self.belt, "belt", "ttsc__move", -1, "outside", 0, 5) for number in range(1, waiting + 1)
        ]
        super().__init__(CatalystsPanel(), session)

    def answer(self) -> None:
        """Tell what was asked for last."""
        asked = [message for message in self.requests.sent if isinstance(message, AskOrders)][-1]
        told = tuple(self.waiting[: asked.count])
        self.apply(Told(NextOrders(self.catalyst, asked.request, told, 0, len(self.waiting), held=True, t_ns=5)))

    @property
    def queue(self) -> object:
        return self.view.below.queue

    def moves(self) -> list[tuple[int, int]]:
        """Which order was put before which."""
        return [(it.order, it.before) for it in self.requests.sent if isinstance(it, MoveOrder)]

    def drag(self, row: int, to: QPoint, *, let_go: bool = True) -> None:
        """Take a row with the mouse to another place, on the way over the middle."""
        table = self.view.below.queue.table
        at = table.visualRect(table.model().index(row, 2)).center()
        QTest.mousePress(table.viewport(), LEFT, pos=at)
        for place in (at + (to - at) / 2, to):
            QTest.mouseMove(table.viewport(), place)
            QApplication.processEvents()
        if let_go:
            QTest.mouseRelease(table.viewport(), LEFT, pos=to)

    def above(self, row: int) -> QPoint:
        """The upper edge of a row."""
        table = self.view.below.queue.table
        rect = table.visualRect(table.model().index(row, 2))
        return QPoint(rect.center().x(), rect.top() + 1)


@pytest.fixture
def stand(qtbot: QtBot, request: pytest.FixtureRequest) -> Iterator[HeldStand]:
    made = HeldStand(getattr(request, "param", 6))
    qtbot.addWidget(made.widget)
    made.show(1000, 700)
    made.answer()
    yield made
    made.close()


def test_an_order_is_dragged_to_another_place(stand: HeldStand) -> None:
    table = stand.view.below.queue.table

    stand.drag(4, stand.above(1), let_go=False)
    assert stand.view.below.queue.drag.is_dragging
    assert table.selected_rows() == [4], "what is on the way is not chosen"
    QTest.mouseRelease(table.viewport(), LEFT, pos=stand.above(1))
    stand.drag(0, table.visualRect(table.model().index(5, 2)).center() + QPoint(0, 60))

    assert stand.moves() == [(5, 2), (1, 0)]


def test_an_order_that_is_let_go_where_it_was_or_with_esc_stays(stand: HeldStand) -> None:
    table = stand.view.below.queue.table
    stand.drag(2, stand.above(3))
    stand.drag(2, stand.above(2))
    stand.drag(4, stand.above(0), let_go=False)
    QTest.keyClick(table, Qt.Key.Key_Escape)
    QTest.mouseRelease(table.viewport(), LEFT, pos=stand.above(0))

    assert stand.moves() == []
    assert not stand.view.below.queue.drag.is_dragging


def test_an_order_of_the_framework_and_one_of_a_filtered_queue_are_not_dragged(stand: HeldStand) -> None:
    stand.waiting[4] = replace(stand.waiting[4], is_system=True)
    stand.answer()
    stand.drag(4, stand.above(0))
    stand.view.below.queue.search.setText("belt")
    stand.view.below.queue.apply_filter()
    stand.drag(3, stand.above(0))

    assert stand.moves() == []


@pytest.mark.parametrize("stand", [450], indirect=True)
def test_scrolling_to_the_end_of_a_long_queue_loads_more_until_all_is_shown(stand: HeldStand) -> None:
    queue = stand.view.below.queue
    shown = [queue.model.count]
    for _ in range(3):
        queue.table.verticalScrollBar().setValue(queue.table.verticalScrollBar().maximum())
        stand.answer()
        shown.append(queue.model.count)

    assert shown == [200, 400, 450, 450]
    assert queue.words.text() == "450 next"
    assert stand.registry.why_not("catalysts.more_orders", stand.command_context) == "All that can be told is shown."


@pytest.mark.parametrize("stand", [450], indirect=True)
def test_nothing_is_put_behind_orders_that_are_not_shown(stand: HeldStand) -> None:
    queue = stand.view.below.queue
    queue.moved.emit(3, 0)

    reason = stand.registry.why_not("order.move_to", stand.command_context)
    assert reason == "More orders wait than are shown: show all of them first, then put it behind the last one."
    assert stand.moves() == []
    assert queue.bar.counts.toolTip().endswith("Scroll to the end for more.")
