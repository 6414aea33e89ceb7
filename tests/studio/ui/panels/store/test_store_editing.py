"""Typing a value into the store panel."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tasktonic.protocol.messages import Answer
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.edits import StoreSpot, Typed
from tasktonic_studio.session.inbox import Told
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.panels.store.arrangement import StoreKey
from tests.helpers.panel_stand import MakeStand, PanelStand
from tests.studio.ui.panels.store.acting import NUMBER, Shelf


def editing(make_stand: MakeStand, path: str = "a/count", **size: int) -> tuple[Shelf, PanelStand]:
    """A store panel in which the value of a path is being typed."""
    shelf = Shelf("a/count", "a/other")
    stand = make_stand(shelf.session, **size)
    stand.selection.select(Thing("store", (shelf.store, path)))
    stand.panel.edit()
    assert stand.view.editor.is_open
    return shelf, stand


def test_what_is_typed_is_handed_on_with_what_was_seen(make_stand: MakeStand, qtbot: QtBot) -> None:
    shelf, stand = editing(make_stand)

    stand.view.editor.line.setText("[1, 2]")
    qtbot.keyClick(stand.view.editor.line, Qt.Key.Key_Return)

    assert stand.session.edits.typed == Typed(StoreSpot(shelf.store, "a/count"), "[1, 2]", "1", "int")
    assert stand.ran == ["change.send_typed"]
    assert not stand.view.editor.is_open


def test_a_value_that_was_not_changed_is_not_sent(make_stand: MakeStand, qtbot: QtBot) -> None:
    _, stand = editing(make_stand)

    qtbot.keyClick(stand.view.editor.line, Qt.Key.Key_Return)

    assert stand.ran == []


def test_what_is_being_typed_stays_over_its_row_when_the_panel_becomes_narrow(make_stand: MakeStand) -> None:
    _, stand = editing(make_stand)

    stand.widget.resize(300, 500)

    editor, ground = stand.view.editor.geometry(), stand.view.tree.viewport().rect()
    row = stand.view.tree.visualRect(stand.view.model.index_of(stand.view.detail.key, NUMBER["value"]))
    assert ground.contains(editor)
    assert editor.top() == row.top()
    assert editor.right() == ground.right()


def test_nothing_is_typed_for_a_path_that_goes_away(make_stand: MakeStand) -> None:
    shelf, stand = editing(make_stand)

    shelf.remove("a/count")
    stand.feed(shelf.write.take())

    assert not stand.view.editor.is_open


def test_what_was_sent_is_shown_beside_the_value_until_it_comes_back(make_stand: MakeStand) -> None:
    shelf, stand = editing(make_stand)
    stand.view.editor.cancel()
    index = stand.view.model.index_of(StoreKey(shelf.store, "a/count"), NUMBER["value"])
    stand.session.edits.sent(StoreSpot(shelf.store, "a/count"), 1, "7")
    before = index.data()

    shelf.put("a/count", "7", "1")
    stand.feed(shelf.write.take())
    stand.session.apply([Told(Answer(1, True))])
    stand.session.edits.take(Changes(store={(shelf.store, "a/count")}))

    assert (before, index.data()) == ("1 → 7, sent", "7")
