"""The catalysts panel: rows, queues, plot, stack, errors, banner; live, past and pinned. By mouse and keys."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from tasktonic import events as ev
from tasktonic.protocol.messages import AskStack, Hello, Stack, StackLine
from tasktonic_studio.session.inbox import TargetBegan, TargetStatus, Told
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.panels.catalysts import queue
from tasktonic_studio.ui.panels.catalysts.panel import CatalystsPanel
from tasktonic_studio.ui.panels.catalysts.rows import COLUMNS, NUMBER, Trend
from tasktonic_studio.ui.panels.catalysts.trend_delegate import peaks
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.widgets.command_menu import CommandMenu
from tests.helpers.builders import MS, SECOND, EventWriter, a_session_with_plant
from tests.helpers.panel_stand import PanelStand

MakeStand = Callable[..., PanelStand]
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


@pytest.fixture
def works() -> Works:
    return Works("stack")


@pytest.fixture
def make_stand(qtbot: QtBot) -> MakeStand:
    """Make a catalysts panel on screen, on a session or on an empty one."""

    def make(session: Session | None = None, width: int = 1000, height: int = 600) -> PanelStand:
        stand = PanelStand(CatalystsPanel(), session)
        qtbot.addWidget(stand.widget)
        stand.show(width, height)
        return stand

    return make


def cell(stand: PanelStand, catalyst: int, column: str) -> str:
    model = stand.view.model
    return str(model.index(model.row_of(catalyst), NUMBER[column]).data())


def click_row(qtbot: QtBot, stand: PanelStand, catalyst: int) -> None:
    table, model = stand.view.table, stand.view.model
    at = table.visualRect(model.index(model.row_of(catalyst), 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)


def click_tab(qtbot: QtBot, stand: PanelStand, page: Any) -> None:
    bar, below = stand.view.below.tabBar(), stand.view.below
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(below.indexOf(page)).center())


def waiting(stand: PanelStand) -> list[tuple[str, ...]]:
    model = stand.view.below.queue.model
    return [model.entry(item).texts for item in model.items.tolist()]


def numbers(stand: PanelStand) -> list[int]:
    model = stand.view.below.queue.model
    return [model.order_at(row) for row in range(model.count)]


# ---- the rows -------------------------------------------------------------------------------------------------------------


def test_an_empty_panel_offers_the_example_plant(make_stand: MakeStand, qtbot: QtBot) -> None:
    stand = make_stand()
    button = next(it for it in stand.widget.findChildren(QPushButton) if it.isVisible())

    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    assert stand.ran == ["run.start_example"]


def test_each_catalyst_has_a_row(make_stand: MakeStand, works: Works) -> None:
    stand = make_stand(works.session)

    names = [cell(stand, catalyst, "name") for catalyst in (works.main, works.worker)]

    assert names == ["main_catalyst", "worker"]
    assert cell(stand, works.main, "thread") == "main_catalyst (qt)"
    assert cell(stand, works.main, "status") == "idle"


def test_a_row_tells_what_waits_and_since_when(make_stand: MakeStand, works: Works) -> None:
    works.orders(3)
    works.beat(works.worker, 3)
    works.tell()

    stand = make_stand(works.session)

    assert cell(stand, works.worker, "depth") == "3"
    assert cell(stand, works.worker, "oldest") == f"3.00{THIN}ms"
    assert cell(stand, works.worker, "sender") == "boss"
    assert cell(stand, works.main, "oldest") == ""


def test_a_row_tells_how_busy_it_is_and_what_runs(make_stand: MakeStand, works: Works) -> None:
    (order,) = works.orders(1)
    works.beat(works.worker, 1)
    works.hang(order, 250 * MS)
    works.tell()

    stand = make_stand(works.session)

    assert cell(stand, works.worker, "now") == f"belt · ttsc__move  250{THIN}ms"
    assert cell(stand, works.worker, "status") == "running"
    assert cell(stand, works.worker, "busy") == "0%"


def test_a_held_catalyst_says_so(make_stand: MakeStand, works: Works) -> None:
    stand = make_stand(works.session)
    works.write.add(ev.CatalystHeld(works.write.t_ns, works.worker, True))

    stand.feed(works.write.take())

    assert (cell(stand, works.main, "status"), cell(stand, works.worker, "status")) == ("idle", "held")


def test_a_catalyst_of_a_process_that_died_is_dead(make_stand: MakeStand, works: Works) -> None:
    stand = make_stand(works.session)

    stand.apply(TargetStatus("ended", "killed", exit_code=-9, died=True))

    assert cell(stand, works.worker, "status") == "dead"


def test_a_catalyst_that_ended_in_order_has_ended(make_stand: MakeStand, works: Works) -> None:
    stand = make_stand(works.session)
    works.write.add(ev.CatalystEnded(works.write.t_ns, works.worker))
    works.write.ended(works.worker)

    stand.feed(works.write.take())

    assert cell(stand, works.worker, "status") == "ended"


def test_the_last_minute_is_drawn_and_told_in_words(make_stand: MakeStand, works: Works) -> None:
    for depth in (1, 40, 2):
        works.write.wait(SECOND)
        works.beat(works.worker, depth)
    works.tell()
    stand = make_stand(works.session)

    index = stand.view.model.index(stand.view.model.row_of(works.worker), NUMBER["trend"])

    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "2 waiting, most in the last minute 40"
    assert stand.view.model.row_for(works.worker).trend.depths.tolist() == [1, 40, 2]


def test_a_trend_keeps_the_deepest_of_a_pixel_and_holds_it_until_the_next() -> None:
    trend = Trend(np.array([0.5, 0.51, 0.9]), np.array([7, 3, 1]))

    assert peaks(trend, 10).tolist() == [-1, -1, -1, -1, -1, 7, 7, 7, 7, 1]


# ---- the queue ------------------------------------------------------------------------------------------------------------


def test_the_queue_stands_in_order_with_sender_age_and_arguments(make_stand: MakeStand, works: Works) -> None:
    works.orders(1, arguments="angle=45")
    works.orders(1, "ttsc__stop")
    works.tell()
    stand = make_stand(works.session)

    stand.selection.select(Thing("catalyst", works.worker))

    assert waiting(stand) == [
        ("1", f"2.00{THIN}ms", "belt", "ttsc__move", "boss · ttse__on_go", "angle=45"),
        ("2", f"1.00{THIN}ms", "belt", "ttsc__stop", "boss · ttse__on_go", ""),
    ]


def test_what_has_run_leaves_the_queue(make_stand: MakeStand, works: Works) -> None:
    first, second = works.orders(2)
    works.tell()
    stand = make_stand(works.session)
    stand.selection.select(Thing("catalyst", works.worker))
    works.write.run(works.belt, "ttsc__move", first)

    stand.feed(works.write.take())

    assert numbers(stand) == [second]


def test_a_dropped_order_leaves_the_queue(make_stand: MakeStand, works: Works) -> None:
    first, second = works.orders(2)
    works.tell()
    stand = make_stand(works.session)
    stand.selection.select(Thing("catalyst", works.worker))
    works.write.add(ev.Dropped(works.write.t_ns, works.belt, 0, first, ev.Name("by hand")))

    stand.feed(works.write.take())

    assert numbers(stand) == [second]


def test_the_queue_of_the_past_is_shown(make_stand: MakeStand, works: Works) -> None:
    first, second = works.orders(2)
    works.tell()
    moment = works.session.live.n
    works.write.run(works.belt, "ttsc__move", first)
    works.tell()
    stand = make_stand(works.session)
    stand.selection.select(Thing("catalyst", works.worker))
    assert numbers(stand) == [second]

    stand.selection.look_at(moment)

    assert numbers(stand) == [first, second]


def test_a_click_on_an_order_selects_it_and_the_panel_stays_with_its_catalyst(
    make_stand: MakeStand, works: Works, qtbot: QtBot
) -> None:
    orders = works.orders(3)
    works.tell()
    stand = make_stand(works.session)
    click_row(qtbot, stand, works.worker)
    page = stand.view.below.queue

    at = page.table.visualRect(page.model.index(1, 2)).center()
    qtbot.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=at)

    assert stand.selection.thing == Thing("order", orders[1])
    assert stand.view.catalyst == works.worker
    assert page.table.selected_rows() == [1]


def test_the_chosen_order_stays_chosen_while_the_queue_moves(make_stand: MakeStand, works: Works, qtbot: QtBot) -> None:
    orders = works.orders(3)
    works.tell()
    stand = make_stand(works.session)
    stand.selection.select(Thing("order", orders[2]))
    works.write.run(works.belt, "ttsc__move", orders[0])

    stand.feed(works.write.take())

    page = stand.view.below.queue
    assert [page.model.order_at(row) for row in page.table.selected_rows()] == [orders[2]]


def test_orders_that_nobody_told_of_are_counted(make_stand: MakeStand, works: Works) -> None:
    works.orders(2)
    works.beat(works.worker, 9)
    works.tell()
    stand = make_stand(works.session)

    stand.selection.select(Thing("catalyst", works.worker))

    assert stand.view.below.queue.words.text() == "2 waiting, 9 in all"


def test_an_empty_queue_says_so(make_stand: MakeStand, works: Works) -> None:
    stand = make_stand(works.session)

    assert stand.view.below.queue.nothing.text().startswith("Nothing waits.")


@pytest.mark.parametrize(
    "text, sparkles",
    [
        ("stop", ["ttsc__stop"]),
        ("sparkle:move", ["ttsc__move", "ttsc__move"]),
        ("tonic:belt -move", ["ttsc__stop"]),
        ("type:Belt sender:boss", ["ttsc__move", "ttsc__move", "ttsc__stop"]),
        ("longer:2ms", ["ttsc__move"]),
        ("sender:nobody", []),
    ],
)
def test_a_filter_narrows_the_queue(
    make_stand: MakeStand, works: Works, qtbot: QtBot, text: str, sparkles: list[str]
) -> None:
    works.orders(2)
    works.orders(1, "ttsc__stop")
    works.tell()
    stand = make_stand(works.session)
    stand.selection.select(Thing("catalyst", works.worker))
    stand.view.below.queue.table.setFocus()
    stand.panel.find()

    qtbot.keyClicks(QApplication.focusWidget(), text)
    qtbot.keyClick(stand.view.below.queue.search, Qt.Key.Key_Return)

    assert [row[3] for row in waiting(stand)] == sparkles


def test_the_orders_can_be_copied(make_stand: MakeStand, works: Works) -> None:
    works.orders(1, arguments="angle=45")
    works.tell()
    stand = make_stand(works.session)
    stand.selection.select(Thing("catalyst", works.worker))
    stand.view.below.queue.table.selectRow(0)

    stand.run("catalysts.copy_rows")

    assert QGuiApplication.clipboard().text() == "1\t1.00 ms\tbelt\tttsc__move\tboss · ttse__on_go\tangle=45"


# ---- which catalyst -------------------------------------------------------------------------------------------------------


def test_a_click_selects_the_catalyst_for_all_panels(make_stand: MakeStand, works: Works, qtbot: QtBot) -> None:
    stand = make_stand(works.session)

    click_row(qtbot, stand, works.worker)

    assert stand.selection.thing == Thing("catalyst", works.worker)


def test_the_keys_walk_the_catalysts(make_stand: MakeStand, works: Works, qtbot: QtBot) -> None:
    stand = make_stand(works.session)
    click_row(qtbot, stand, works.main)

    qtbot.keyClick(stand.view.table, Qt.Key.Key_Down)

    assert stand.selection.thing == Thing("catalyst", works.worker)


def test_a_tonic_that_is_selected_shows_the_catalyst_that_runs_it(make_stand: MakeStand, works: Works) -> None:
    stand = make_stand(works.session)

    stand.selection.select(Thing("essence", works.belt))

    assert stand.view.catalyst == works.worker
    assert stand.view.table.selected_rows() == [stand.view.model.row_of(works.worker)]


def test_a_pinned_panel_keeps_its_catalyst(make_stand: MakeStand, works: Works, qtbot: QtBot) -> None:
    stand = make_stand(works.session)
    stand.selection.select(Thing("catalyst", works.worker))

    qtbot.mouseClick(stand.view.pin, Qt.MouseButton.LeftButton)
    stand.selection.select(Thing("catalyst", works.main))
    assert stand.view.catalyst == works.worker

    qtbot.mouseClick(stand.view.pin, Qt.MouseButton.LeftButton)
    assert stand.view.catalyst == works.main


def test_the_menu_of_a_catalyst_holds_and_steps(make_stand: MakeStand, works: Works) -> None:
    stand = make_stand(works.session)
    offered = ("run.hold_catalyst", "run.release_catalyst", "run.step", "run.hold", "run.start", "selection.copy_name")
    stand.offer(*offered)
    index = stand.view.model.index(stand.view.model.row_of(works.worker), 0)

    stand.view._on_menu(stand.view.table.visualRect(index).center())

    menu = stand.view.findChild(CommandMenu)
    names = [line.objectName() for line in menu.actions() if line.objectName()]
    menu.close()
    assert names == [*offered[:3], "order.add", *offered[3:5], "catalysts.ask_stack", offered[5]]
    assert stand.selection.thing == Thing("catalyst", works.worker)


def test_what_the_last_beat_said_is_over_with_the_catalyst(make_stand: MakeStand, works: Works) -> None:
    numbers_before = works.orders(2)
    works.beat(works.worker, 2)
    works.tell()
    stand = make_stand(works.session)
    stand.selection.select(Thing("catalyst", works.worker))
    while_it_turned = (cell(stand, works.worker, "depth"), cell(stand, works.worker, "sender"))
    line_above = stand.view.counts.text()

    for number in numbers_before:
        works.write.add(ev.Dropped(works.write.t_ns, works.belt, 0, number, ev.Name("it ended")))
    works.write.add(ev.CatalystEnded(works.write.t_ns, works.worker))
    works.write.ended(works.worker)
    stand.feed(works.write.take())

    assert while_it_turned == ("2", "boss")
    assert line_above == "2 catalysts, 2 orders waiting"
    assert (cell(stand, works.worker, "depth"), cell(stand, works.worker, "sender")) == ("0", "")
    assert stand.view.counts.text() == "2 catalysts, 0 orders waiting"
    assert stand.view.below.queue.nothing.text().startswith("Nothing waits.")


@pytest.mark.parametrize(
    "text, names",
    [
        ("work", ["worker"]),
        ("-worker", ["main_catalyst"]),
        ("waiting:", ["worker"]),
        ("held:", []),
        ("alive:", ["main_catalyst", "worker"]),
    ],
)
def test_a_filter_narrows_the_catalysts(
    make_stand: MakeStand, works: Works, qtbot: QtBot, text: str, names: list[str]
) -> None:
    works.orders(1)
    works.tell()
    stand = make_stand(works.session)
    stand.panel.find()

    qtbot.keyClicks(stand.view.search, text)
    qtbot.keyClick(stand.view.search, Qt.Key.Key_Return)

    assert sorted(stand.view.model.row_for(item).texts[0] for item in stand.view.model.items.tolist()) == names
    assert stand.view.counts.text() == f"{len(names)} of 2"
    assert stand.view.nothing_found.isVisible() == (not names)


# ---- over time ------------------------------------------------------------------------------------------------------------


def test_depth_and_busy_share_are_plotted(make_stand: MakeStand, works: Works, qtbot: QtBot) -> None:
    for second in range(10):
        works.write.wait(SECOND)
        works.beat(works.worker, second, busy_ns=second * SECOND // 4)
        works.beat(works.main, 77)
    works.tell()
    stand = make_stand(works.session)
    stand.selection.select(Thing("catalyst", works.worker))

    click_tab(qtbot, stand, stand.view.below.plot)

    plot = stand.view.below.plot
    assert plot.summary.accessibleName() == "now 9 · least 0 · most 9"
    assert plot.rows()[-1][1:] == ("9", "25")


def test_a_plot_that_is_asked_for_gets_room_to_be_read(make_stand: MakeStand, works: Works, qtbot: QtBot) -> None:
    works.beat(works.worker, 1)
    works.tell()
    stand = make_stand(works.session, height=340)
    stand.view.split.setSizes([300, 40])

    click_tab(qtbot, stand, stand.view.below.plot)

    plot = stand.view.below.plot
    qtbot.waitUntil(lambda: plot.height() >= 130)
    assert stand.view.table.isVisible()


def test_the_plot_goes_on_live(make_stand: MakeStand, works: Works, qtbot: QtBot) -> None:
    works.beat(works.worker, 1)
    works.tell()
    stand = make_stand(works.session)
    stand.selection.select(Thing("catalyst", works.worker))
    click_tab(qtbot, stand, stand.view.below.plot)
    works.write.wait(SECOND)
    works.beat(works.worker, 5)

    stand.feed(works.write.take())

    assert stand.view.below.plot.summary.accessibleName() == "now 5 · least 1 · most 5"


# ---- where it hangs -------------------------------------------------------------------------------------------------------


def test_a_catalyst_that_hangs_gets_a_banner(make_stand: MakeStand, works: Works) -> None:
    (order,) = works.orders(1)
    stand = make_stand(works.session)
    works.hang(order, 1_800 * MS)

    stand.feed(works.write.take())

    assert stand.view.banner.isVisible()
    assert stand.view.sentence.text() == f"worker has been inside belt · ttsc__move for 1.80{THIN}s"


def test_the_banner_goes_when_it_turns_again(make_stand: MakeStand, works: Works) -> None:
    (order,) = works.orders(1)
    works.hang(order, 1_800 * MS)
    works.tell()
    stand = make_stand(works.session)
    works.beat(works.worker, 0)

    stand.feed(works.write.take())

    assert not stand.view.banner.isVisible()


def test_the_button_of_the_banner_asks_where_it_is(make_stand: MakeStand, works: Works, qtbot: QtBot) -> None:
    (order,) = works.orders(1)
    works.hang(order, 1_800 * MS)
    works.tell()
    stand = make_stand(works.session)

    qtbot.mouseClick(stand.view.show_where, Qt.MouseButton.LeftButton)

    assert stand.selection.thing == Thing("catalyst", works.worker)
    asked = [message for message in stand.requests.sent if isinstance(message, AskStack)]
    assert {message.catalyst for message in asked} == {works.worker}
    assert stand.view.below.stack.isVisible()


def test_the_answer_is_shown_as_calls_with_their_places(make_stand: MakeStand, works: Works, qtbot: QtBot) -> None:
    stand = make_stand(works.session)
    stand.selection.select(Thing("catalyst", works.worker))
    click_tab(qtbot, stand, stand.view.below.stack)
    lines = (StackLine("/p/tasktonic/catalyst.py", 7, "turn"), StackLine("/p/plant.py", 88, "Belt.ttsc__move"))

    stand.apply(Told(Stack(works.worker, 1, lines, t_ns=works.write.t_ns)))

    page = stand.view.below.stack
    assert [page.model.index(row, column).data() for row in range(2) for column in range(2)] == [
        "turn",
        "catalyst.py:7",
        "Belt.ttsc__move",
        "plant.py:88",
    ]
    page.table.opened.emit(page.model.index(1, 0))
    assert stand.selection.thing == Thing("place", ("/p/plant.py", 88))
    assert stand.ran[-1] == "selection.go_to_source"


def test_a_stack_that_cannot_be_had_says_why(make_stand: MakeStand, works: Works, qtbot: QtBot) -> None:
    stand = make_stand(works.session)
    stand.selection.select(Thing("catalyst", works.worker))
    click_tab(qtbot, stand, stand.view.below.stack)

    stand.apply(Told(Stack(works.worker, 1, problem="worker is run by no thread at this moment, so it has no stack.")))

    assert stand.view.below.stack.words.text() == "worker is run by no thread at this moment, so it has no stack."


def test_an_older_probe_is_not_asked(make_stand: MakeStand, qtbot: QtBot) -> None:
    works = Works()
    stand = make_stand(works.session)

    click_tab(qtbot, stand, stand.view.below.stack)

    assert stand.view.below.stack.words.text() == "The probe of this app cannot tell: it is older than this Studio."
    assert not stand.view.below.stack.ask.isVisible()
    assert stand.requests.sent == []


# ---- errors ---------------------------------------------------------------------------------------------------------------


def test_the_last_error_stands_with_its_traceback(make_stand: MakeStand, works: Works, qtbot: QtBot) -> None:
    stand = make_stand(works.session)
    stand.selection.select(Thing("catalyst", works.worker))
    works.write.raised(works.belt, "ttsc__move", "ValueError", "the belt is torn", 3)
    works.write.add(ev.AppEnded(works.write.t_ns, 1, ev.Text("ValueError in belt")))
    works.write.add(ev.CatalystEnded(works.write.t_ns, works.worker))
    stand.feed(works.write.take())

    click_tab(qtbot, stand, stand.view.below.error)

    page = stand.view.below.error
    assert "in belt: ValueError: the belt is torn in ttsc__move The app ended: ValueError in belt." in page.words.text()
    assert 'File "plant.py", line 7, in ttsc__move' in page.traceback.toPlainText()
    assert cell(stand, works.worker, "status") == "dead"
    qtbot.mouseClick(page.show_line, Qt.MouseButton.LeftButton)
    assert stand.selection.thing is not None
    assert stand.selection.thing.kind == "log"


def test_a_catalyst_without_errors_says_so(make_stand: MakeStand, works: Works, qtbot: QtBot) -> None:
    stand = make_stand(works.session)

    click_tab(qtbot, stand, stand.view.below.error)

    assert stand.view.below.error.words.text() == "None of its tonics has raised an error."


# ---- looks and endings ----------------------------------------------------------------------------------------------------


def test_the_panel_keeps_its_tab_and_columns(make_stand: MakeStand, works: Works) -> None:
    stand = make_stand(works.session)
    stand.view.below.setCurrentIndex(3)
    stand.view.table.columns.set_off("thread", True)

    other = make_stand(works.session)
    other.panel.restore_state(json.loads(json.dumps(stand.panel.save_state())))

    assert other.view.below.currentIndex() == 3
    assert other.view.table.isColumnHidden(NUMBER["thread"])


def test_a_narrow_panel_keeps_what_matters_most(make_stand: MakeStand, works: Works) -> None:
    stand = make_stand(works.session, 300)

    shown = {column.id for column in COLUMNS if not stand.view.table.isColumnHidden(NUMBER[column.id])}

    assert {"name", "depth"} <= shown
    assert "thread" not in shown


def test_the_tabs_of_a_narrow_panel_say_less_and_cut_nothing(make_stand: MakeStand, works: Works) -> None:
    stand = make_stand(works.session, 600)
    below = stand.view.below
    roomy = [below.tabText(number) for number in range(below.count())]

    stand.widget.resize(below._tabs.needed_px() - 5, 320)

    assert roomy == ["Queue", "Over time", "Stack", "Last error"]
    assert [below.tabText(number) for number in range(below.count())] == ["Queue", "Time", "Stack", "Error"]
    assert below._tabs.needed_px() <= below.width()
    assert below.tabToolTip(3) == "Last error"
    stand.widget.resize(600, 320)
    assert [below.tabText(number) for number in range(below.count())] == roomy


@pytest.mark.parametrize("width", [300, 600])
def test_the_count_of_the_queue_keeps_off_the_edge(make_stand: MakeStand, works: Works, width: int) -> None:
    view = make_stand(works.session, width).view
    counts = view.below.queue.words

    text = counts.contentsRect().translated(counts.mapTo(view, QPoint(0, 0)))

    assert counts.text() == "0 waiting"
    assert view.width() - text.right() > tokens.SPACE_PX


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_the_panel_takes_on_a_theme(make_stand: MakeStand, works: Works, theme: str) -> None:
    stand = make_stand(works.session)

    stand.choose_theme(theme)

    index = stand.view.model.index(0, NUMBER["thread"])
    assert index.data(Qt.ItemDataRole.ForegroundRole) == stand.theme.color("text_muted")


def test_a_hidden_panel_catches_up_when_it_is_shown(make_stand: MakeStand, works: Works) -> None:
    stand = make_stand(works.session)
    stand.selection.select(Thing("catalyst", works.worker))
    stand.hide()
    orders = works.orders(2)
    stand.feed(works.write.take())
    assert numbers(stand) == []

    stand.show()

    assert numbers(stand) == orders


def test_everything_in_the_panel_has_a_name(make_stand: MakeStand) -> None:
    view = make_stand(a_session_with_plant()).view

    for widget in (view.table, view.pin, view.below.queue.table, view.below.queue.search, view.below.stack.table):
        assert widget.accessibleName()
    assert len({column.id for column in queue.COLUMNS}) == 6


def test_a_closed_panel_leaves_nothing_behind(qapp: object) -> None:
    stand = PanelStand(CatalystsPanel(), a_session_with_plant())
    stand.show()
    view = stand.view

    stand.close()
    stand.selection.select(Thing("run", 1))

    assert not shiboken6.isValid(view)


def test_a_queue_of_a_hundred_thousand_orders_reads_what_is_on_screen(make_stand: MakeStand, works: Works) -> None:
    works.orders(100_000)
    works.tell()
    stand = make_stand(works.session)

    stand.selection.select(Thing("catalyst", works.worker))

    page = stand.view.below.queue
    assert page.model.count == 100_000
    assert len(page.model._cache) < 100


@pytest.mark.parametrize("scale, width", [(1.0, 300), (2.0, 360)])
def test_the_panel_fits_into_a_narrow_place(make_stand: MakeStand, works: Works, scale: float, width: int) -> None:
    stand = make_stand(works.session, width, 320)

    stand.theme.set_text_scale(scale)
    stand.choose_theme("dark")

    least = stand.widget.minimumSizeHint()
    assert (least.width() <= width, least.height() <= 320) == (True, True)
