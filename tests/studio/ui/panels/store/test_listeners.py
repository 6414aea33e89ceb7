"""Who listens to a path: the page of the store panel beside its history. By mouse and keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from tasktonic.protocol.messages import AskListeners, Hello, ListenerRow, Listeners
from tasktonic_studio.session.inbox import TargetBegan, TargetStatus, Told
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.panels.store.arrangement import StoreKey
from tasktonic_studio.ui.panels.store.panel import StorePanel
from tests.helpers.builders import EventWriter
from tests.helpers.panel_stand import PanelStand


class Shelf:
    """A session of an app that runs, whose boss wrote to two paths of a store."""

    def __init__(self, *capabilities: str, how: str = "launched") -> None:
        self.write = write = EventWriter()
        write.cls("ttCatalyst")
        write.cls("Boss", (), ("ttsc__write",))
        catalyst = write.catalyst("main")
        self.boss = write.born("Boss", "boss", catalyst=catalyst)
        self.store = write.born("ttStore", "store", catalyst=catalyst, service="store")
        self.session = Session()
        self.session.apply([TargetBegan(how, "plant.py", (), 4711)])
        self.session.apply([Told(Hello(1, 4711, "s", capabilities=capabilities)), TargetStatus("running")])
        for path in ("level", "other"):
            run = write.order(self.boss, "ttsc__write")
            write.store(self.store, path, "1", "", "int", run, "boss")
            write.run(self.boss, "ttsc__write", run)
        self.session.apply_events(0, write.take())

    def told(self, path: str, *rows: ListenerRow, **rest: Any) -> Told:
        rest.setdefault("total", len(rows))
        return Told(Listeners(self.store, path, 1, rows, t_ns=self.write.t_ns, **rest))


MakeStand = Callable[[Shelf], PanelStand]


@pytest.fixture
def make_stand(qtbot: QtBot) -> MakeStand:
    """Make a store panel on screen, with a path chosen and its listeners asked for by clicks."""

    def make(shelf: Shelf) -> PanelStand:
        stand = PanelStand(StorePanel(), shelf.session)
        qtbot.addWidget(stand.widget)
        stand.show(700, 600)
        choose(qtbot, stand, shelf, "level")
        qtbot.mouseClick(stand.view.detail.as_listeners, Qt.MouseButton.LeftButton)
        return stand

    return make


def choose(qtbot: QtBot, stand: PanelStand, shelf: Shelf, path: str) -> None:
    at = stand.view.tree.visualRect(stand.view.model.index_of(StoreKey(shelf.store, path))).center()
    qtbot.mouseClick(stand.view.tree.viewport(), Qt.MouseButton.LeftButton, pos=at)


def texts(stand: PanelStand) -> list[tuple[str, ...]]:
    model = stand.view.detail.listeners.model
    return [model.entry(item).texts for item in model.items.tolist()]


def words(stand: PanelStand) -> str:
    return str(stand.view.detail.listeners.words.text())


def asked(stand: PanelStand) -> list[str]:
    return [message.path for message in stand.requests.sent if isinstance(message, AskListeners)]


def test_the_app_is_asked_when_one_looks_and_for_each_path_that_is_chosen(make_stand: MakeStand, qtbot: QtBot) -> None:
    shelf = Shelf("listeners")
    stand = make_stand(shelf)
    assert asked(stand) == ["level"]
    assert words(stand) == "The app is being asked."

    choose(qtbot, stand, shelf, "other")
    stand.apply(shelf.told("other"))
    qtbot.mouseClick(stand.view.detail.listeners.ask, Qt.MouseButton.LeftButton)

    assert asked(stand) == ["level", "other", "other"]


def test_nothing_is_asked_while_one_looks_at_the_history(make_stand: MakeStand, qtbot: QtBot) -> None:
    shelf = Shelf("listeners")
    stand = make_stand(shelf)
    qtbot.mouseClick(stand.view.detail.as_listeners, Qt.MouseButton.LeftButton)

    choose(qtbot, stand, shelf, "other")

    assert asked(stand) == ["level"]
    assert stand.view.detail.table.isVisible()


def test_a_row_says_who_hears_what(make_stand: MakeStand) -> None:
    shelf = Shelf("listeners")
    stand = make_stand(shelf)
    rows = (
        ListenerRow(shelf.boss, "boss", "ttse__on_level", ("le*", "level"), ignores="its own", is_triggered=True),
        ListenerRow(-1, "Owner", "hear", ("",), excludes="a/*", extracts="unit", is_recursive=False),
        ListenerRow(shelf.boss, "boss", "print", ("alias",), "alias", ignores="those of the source 'editor'"),
        ListenerRow(shelf.boss, "boss", "all", ("**",)),
    )

    stand.apply(shelf.told("level", *rows))

    assert texts(stand) == [
        ("boss", "ttse__on_level", "le*, level", "not its own changes, told at once what was there"),
        ("Owner", "hear", "(the whole store)", "this place only, not of a/*, is given unit"),
        ("boss", "print", "alias", "not those of the source 'editor', by the link alias"),
        ("boss", "all", "**", "all changes"),
    ]
    assert words(stand).startswith("4 subscriptions at ")
    tip = stand.view.detail.listeners.model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == "boss\nttse__on_level\nle*, level\nnot its own changes, told at once what was there"


def test_a_click_on_a_row_selects_who_listens_and_leaves_the_path(make_stand: MakeStand, qtbot: QtBot) -> None:
    shelf = Shelf("listeners")
    stand = make_stand(shelf)
    stand.apply(
        shelf.told("level", ListenerRow(-1, "Owner", "hear"), ListenerRow(shelf.boss, "boss", "ttse__on_level"))
    )
    page = stand.view.detail.listeners

    at = page.table.visualRect(page.model.index(0, 0)).center()
    qtbot.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert stand.selection.thing == Thing("store", (shelf.store, "level"))

    qtbot.keyClick(page.table, Qt.Key.Key_Down)

    assert stand.selection.thing == Thing("essence", shelf.boss)
    assert stand.view.detail.path.whole == "level"
    assert page.table.isVisible()
    qtbot.keyClick(page.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().startswith("boss\tttse__on_level")


def test_an_answer_about_another_path_is_not_shown(make_stand: MakeStand) -> None:
    shelf = Shelf("listeners")
    stand = make_stand(shelf)

    stand.apply(shelf.told("other", ListenerRow(shelf.boss, "boss", "ttse__on_other")))

    assert texts(stand) == []


def test_when_nobody_listens_a_sentence_says_so(make_stand: MakeStand) -> None:
    shelf = Shelf("listeners")
    stand = make_stand(shelf)

    stand.apply(shelf.told("level"))

    assert words(stand).startswith("Nobody listened to this path at ")
    assert not stand.view.detail.listeners.table.isVisible()


def test_more_than_is_told_is_counted(make_stand: MakeStand) -> None:
    shelf = Shelf("listeners")
    stand = make_stand(shelf)

    stand.apply(shelf.told("level", ListenerRow(shelf.boss, "boss", "a"), total=1_200))

    assert words(stand).startswith("The first 1 of 1\u202f200 that listened at ")


def test_what_the_app_could_not_say_is_shown(make_stand: MakeStand) -> None:
    shelf = Shelf("listeners")
    stand = make_stand(shelf)

    stand.apply(shelf.told("level", problem="main is busy inside ttsc__write of boss."))

    assert words(stand) == "main is busy inside ttsc__write of boss."


def test_an_older_probe_and_a_recorded_run_are_not_asked(make_stand: MakeStand) -> None:
    older, recorded = make_stand(Shelf()), make_stand(Shelf("listeners", how="file"))

    assert words(older) == "The probe of this app cannot tell who listens: it is older than this Studio."
    assert words(recorded).startswith("This is a recorded run: subscriptions are not in the record")
    assert asked(older) + asked(recorded) == []
    assert not recorded.view.detail.listeners.ask.isVisible()


def test_when_the_app_has_ended_what_was_told_of_it_goes(make_stand: MakeStand) -> None:
    shelf = Shelf("listeners")
    stand = make_stand(shelf)
    stand.apply(shelf.told("level", ListenerRow(shelf.boss, "boss", "ttse__on_level")))

    stand.apply(TargetStatus("ended", "ended", 0))

    assert words(stand).startswith("The app has ended: subscriptions are not in the record")
    assert texts(stand) == []


def test_a_moment_of_the_past_says_that_it_is_not_in_the_record(make_stand: MakeStand) -> None:
    shelf = Shelf("listeners")
    stand = make_stand(shelf)
    stand.apply(shelf.told("level", ListenerRow(shelf.boss, "boss", "ttse__on_level")))

    stand.selection.look_at(stand.session.live.n - 1)
    stand.flush()
    past = words(stand)
    stand.selection.look_at(None)
    stand.flush()

    assert past == "This is a moment of the past, and subscriptions are not in the record. Go live to ask who listens."
    assert asked(stand) == ["level", "level"]


def test_plot_and_listeners_are_not_shown_at_once(make_stand: MakeStand, qtbot: QtBot) -> None:
    stand = make_stand(Shelf("listeners"))

    qtbot.mouseClick(stand.view.detail.as_plot, Qt.MouseButton.LeftButton)
    is_plot = stand.view.detail.plot.isVisible() and not stand.view.detail.as_listeners.isChecked()
    stand.registry.run("store.ask_listeners", stand.command_context)

    assert is_plot
    assert stand.view.detail.listeners.isVisible()
    assert not stand.view.detail.as_plot.isChecked()
    assert asked(stand) == ["level", "level"]


def test_only_the_listeners_that_were_asked_for_last_are_kept() -> None:
    shelf = Shelf("listeners")

    for number in range(60):
        shelf.session.apply([shelf.told(f"path {number}")])

    kept = [path for _, path in shelf.session.live.listeners]
    assert kept == [f"path {number}" for number in range(10, 60)]
