"""Below the rows of the catalysts panel: queue and stack of one catalyst; live, past and pinned."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tasktonic import events as ev
from tasktonic.protocol.messages import AskStack, Stack, StackLine
from tasktonic_studio.session.inbox import Told
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.widgets.command_menu import CommandMenu
from tests.helpers.builders import MS
from tests.helpers.panel_stand import MakeStand, PanelStand

from .acting import THIN, Works, cell, click_tab, numbers


def click_row(qtbot: QtBot, stand: PanelStand, catalyst: int) -> None:
    table, model = stand.view.table, stand.view.model
    at = table.visualRect(model.index(model.row_of(catalyst), 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)


def waiting(stand: PanelStand) -> list[tuple[str, ...]]:
    model = stand.view.below.queue.model
    return [model.entry(item).texts for item in model.items.tolist()]


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
    assert line_above == "2 catalysts · 2 waiting"
    assert (cell(stand, works.worker, "depth"), cell(stand, works.worker, "sender")) == ("0", "")
    assert stand.view.counts.text() == "2 catalysts · 0 waiting"
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


# ---- where it hangs -------------------------------------------------------------------------------------------------------


def test_a_catalyst_that_hangs_gets_a_banner(make_stand: MakeStand, works: Works) -> None:
    (order,) = works.orders(1)
    stand = make_stand(works.session)
    works.hang(order, 1_800 * MS)

    stand.feed(works.write.take())

    assert stand.view.banner.isVisible()
    assert stand.view.sentence.text() == f"worker has been inside belt · ttsc__move for 1.80{THIN}s"


@pytest.mark.parametrize("width, height, scale", [(800, 190, 1.0), (448, 350, 2.0), (300, 470, 2.0)])
def test_the_banner_is_whole_across_the_panel_and_covers_no_row(
    make_stand: MakeStand, works: Works, qtbot: QtBot, width: int, height: int, scale: float
) -> None:
    (order,) = works.orders(1)
    works.hang(order, 1_800 * MS)
    works.tell()
    stand = make_stand(works.session, width, height)
    view = stand.view

    stand.theme.set_text_scale(scale)
    stand.choose_theme("dark")

    banner, sentence, button = view.banner, view.sentence, view.show_where
    qtbot.waitUntil(lambda: sentence.height() >= sentence.heightForWidth(sentence.width()))
    assert banner.width() == width
    assert sentence.height() <= 4 * sentence.fontMetrics().lineSpacing()
    assert button.width() >= button.sizeHint().width()
    assert button.accessibleName() == "Show where"
    assert bool(button.text()) != bool(not button.icon().isNull())
    assert view.split.mapTo(view, view.split.rect().bottomLeft()).y() < banner.mapTo(view, QPoint(0, 0)).y()


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
