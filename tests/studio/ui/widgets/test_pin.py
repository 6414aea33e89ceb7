"""The pin: a pinned panel keeps its thing and its moment."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tasktonic import events as ev
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.selection import Selection, Thing
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.theme.icons import Icons
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets.pin import Pin
from tests.helpers.builders import a_session_with_plant, plant_of


class Context:
    """The little of a panel's context that a pin asks for."""

    def __init__(self) -> None:
        self.live = a_session_with_plant()
        self.selection = Selection()
        self.icons = Icons(Theme("dark"))

    def session(self) -> Session:
        return self.live


@pytest.fixture
def context(qapp: object) -> Context:
    return Context()


@pytest.fixture
def pin(context: Context, qtbot: QtBot) -> Pin:
    made = Pin(context)
    qtbot.addWidget(made)
    return made


def click(pin: Pin, qtbot: QtBot) -> None:
    qtbot.mouseClick(pin, Qt.MouseButton.LeftButton)


def test_an_open_pin_follows_the_selection(pin: Pin, context: Context) -> None:
    context.selection.select(Thing("essence", 3))
    context.selection.look_at(5)

    assert (pin.thing, pin.time, pin.known().n) == (Thing("essence", 3), 5, 5)


def test_a_pinned_panel_keeps_its_thing(pin: Pin, context: Context, qtbot: QtBot) -> None:
    context.selection.select(Thing("essence", 3))

    click(pin, qtbot)
    context.selection.select(Thing("essence", 4))

    assert pin.thing == Thing("essence", 3)


def test_a_panel_pinned_in_the_past_stays_there(pin: Pin, context: Context, qtbot: QtBot) -> None:
    context.selection.look_at(7)

    click(pin, qtbot)
    context.selection.look_at(None)

    assert pin.known().n == 7


def test_a_panel_pinned_while_live_stays_live(pin: Pin, context: Context, qtbot: QtBot) -> None:
    click(pin, qtbot)
    context.selection.look_at(7)
    plant = plant_of(context.live)

    context.live.apply_events(context.live.live.n, plant.live(1))

    assert pin.known() is context.live.live


def test_letting_go_follows_again(pin: Pin, context: Context, qtbot: QtBot) -> None:
    click(pin, qtbot)
    context.selection.select(Thing("essence", 4))

    with qtbot.waitSignal(pin.changed):
        click(pin, qtbot)

    assert pin.thing == Thing("essence", 4)


@pytest.mark.parametrize(
    "thing, changes, stays",
    [
        (Thing("essence", 3), Changes(new_target=True, everything=True), False),
        (Thing("essence", 3), Changes(app=True, everything=True), False),
        (Thing("class", 3), Changes(app=True, everything=True), True),
        (Thing("class", 3), Changes(new_target=True, everything=True), False),
        (Thing("essence", 3), Changes(everything=True), True),
    ],
)
def test_a_pin_lets_go_of_what_means_nothing_any_more(
    pin: Pin, context: Context, qtbot: QtBot, thing: Thing, changes: Changes, stays: bool
) -> None:
    context.selection.select(thing)
    click(pin, qtbot)

    pin.take(changes)

    assert pin.isChecked() is stays


def test_its_name_tells_whether_it_is_down(pin: Pin, qtbot: QtBot) -> None:
    assert pin.accessibleName() == "Pin this panel"

    click(pin, qtbot)

    assert pin.accessibleName() == "Pinned"


def test_another_app_in_the_stream_lets_a_pinned_tonic_go(pin: Pin, context: Context, qtbot: QtBot) -> None:
    context.selection.select(Thing("essence", 3))
    click(pin, qtbot)
    session = context.live

    pin.take(session.apply_events(session.live.n, [ev.AppBegan(session.live.t_ns, 2, ev.Name("Next"), 0, 1)]))

    assert not pin.isChecked()
