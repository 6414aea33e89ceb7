"""The history of a path below the tree: each change, who made it, its plot, and what can be copied."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from tasktonic import events as ev
from tasktonic_studio.session.selection import Thing
from tests.helpers.builders import MS, SECOND
from tests.helpers.panel_stand import MakeStand, PanelStand
from tests.studio.ui.panels.store.acting import Shelf, click, rows


def history(stand: PanelStand) -> list[tuple[str, ...]]:
    model = stand.view.detail.model
    return [model.entry(item).texts for item in model.items.tolist()]


def test_the_history_tells_each_change_and_who_made_it(make_stand: MakeStand, qtbot: QtBot) -> None:
    shelf = Shelf("a")
    shelf.write.wait(500 * MS)
    shelf.put("a", "2", "1")
    shelf.session.apply_events(shelf.session.live.n, shelf.write.take())
    stand = make_stand(shelf.session)

    click(qtbot, stand, "a", shelf.store)

    assert history(stand) == [
        ("0.000\u202fs", "", "→ 1", "boss", "ttsc__write"),
        ("0.500\u202fs", "1", "→ 2", "boss", "ttsc__write"),
    ]


def test_a_click_on_a_change_selects_the_run_that_made_it(make_stand: MakeStand, qtbot: QtBot) -> None:
    shelf = Shelf("a")
    run = shelf.put("a", "2", "1")
    shelf.session.apply_events(shelf.session.live.n, shelf.write.take())
    stand = make_stand(shelf.session)
    click(qtbot, stand, "a", shelf.store)
    table = stand.view.detail.table

    qtbot.mouseClick(
        table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(stand.view.detail.model.index(1, 0)).center()
    )

    assert stand.selection.thing == Thing("run", run)
    assert stand.view.detail.path.whole == "a"


def test_the_history_goes_on_while_the_path_changes(make_stand: MakeStand, qtbot: QtBot) -> None:
    shelf = Shelf("a")
    stand = make_stand(shelf.session)
    click(qtbot, stand, "a", shelf.store)

    for value in range(2, 5):
        shelf.put("a", str(value), str(value - 1))
    stand.feed(shelf.write.take())

    assert [row[2] for row in history(stand)] == ["→ 1", "→ 2", "→ 3", "→ 4"]
    assert stand.view.detail.value.whole == "4"


def test_a_removal_stands_in_the_history(make_stand: MakeStand, qtbot: QtBot) -> None:
    shelf = Shelf("a")
    stand = make_stand(shelf.session)
    click(qtbot, stand, "a", shelf.store)
    shelf.remove("a")

    stand.feed(shelf.write.take())

    assert history(stand)[-1][2] == "→ removed"
    assert stand.view.detail.value.whole == "removed"


def test_values_that_were_there_before_say_so(make_stand: MakeStand) -> None:
    shelf = Shelf()
    name = ev.Name
    present = ev.StoreChanged(
        0, shelf.store, name("a"), ev.Text(""), ev.Text("5"), name("int"), False, True, 0, name("")
    )
    shelf.write.add(present)
    shelf.session.apply_events(shelf.session.live.n, shelf.write.take())
    stand = make_stand(shelf.session)

    stand.selection.select(Thing("store", (shelf.store, "a")))

    assert history(stand) == [("before", "", "5", "", "")]
    assert rows(stand, "value", "age")[1] == ("  a", "5", "")


def test_a_link_leads_to_its_target(make_stand: MakeStand, qtbot: QtBot) -> None:
    shelf = Shelf("rooms/kitchen")
    shelf.put("alias", "→ rooms/kitchen", type_="link")
    shelf.session.apply_events(shelf.session.live.n, shelf.write.take())
    stand = make_stand(shelf.session)
    click(qtbot, stand, "alias", shelf.store)
    assert rows(stand, "value")[1] == ("  alias", "→ rooms/kitchen")

    qtbot.mouseClick(stand.view.detail.link, Qt.MouseButton.LeftButton)

    assert stand.selection.thing == Thing("store", (shelf.store, "rooms/kitchen"))


def test_a_number_is_plotted_on_request(make_stand: MakeStand, qtbot: QtBot) -> None:
    shelf = Shelf("a", "text")
    for value in range(2, 30):
        shelf.write.wait(SECOND)
        shelf.put("a", str(value), str(value - 1))
    shelf.put("text", "'words'", "1", "str")
    shelf.session.apply_events(shelf.session.live.n, shelf.write.take())
    stand = make_stand(shelf.session)
    click(qtbot, stand, "a", shelf.store)

    qtbot.mouseClick(stand.view.detail.as_plot, Qt.MouseButton.LeftButton)

    assert stand.view.detail.plot.isVisible()
    assert stand.view.detail.plot.summary.accessibleName() == "now 29 · least 1 · most 29"
    click(qtbot, stand, "text", shelf.store)
    assert not stand.view.detail.plot.isVisible()
    assert not stand.view.detail.as_plot.isVisible()


def test_the_value_and_the_changes_can_be_copied(make_stand: MakeStand, qtbot: QtBot) -> None:
    shelf = Shelf("a")
    stand = make_stand(shelf.session)
    click(qtbot, stand, "a", shelf.store)

    stand.run("store.copy_value")
    assert QGuiApplication.clipboard().text() == "1"

    stand.view.detail.table.selectRow(0)
    stand.run("store.copy_history")
    assert QGuiApplication.clipboard().text() == "0.000 s\t\t→ 1\tboss\tttsc__write"
