"""The inspector on screen: it follows the selection, leads to what it names, shows breakpoints, fits anywhere."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tasktonic import events as ev
from tasktonic.rules import Breakpoint, Term
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.panels.inspector.fact import Subject
from tasktonic_studio.ui.panels.inspector.panel import InspectorPanel
from tests.helpers.builders import Plant, a_session_with_plant
from tests.helpers.panel_stand import MakeStand, PanelStand
from tests.studio.ui.panels.inspector.acting import click, index_of, plant_in, select, value


def test_without_a_selection_it_says_what_to_do(stand: PanelStand) -> None:
    assert stand.view.nothing.isVisible()
    assert stand.view.nothing.accessibleName() == "Nothing is selected"


def test_without_an_app_it_offers_one(make_stand: MakeStand, qtbot: QtBot) -> None:
    stand = make_stand()

    button = next(it for it in stand.view.findChildren(QPushButton) if it.isVisible())
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    assert stand.view.nothing_yet.isVisible()
    assert stand.ran == ["run.start_example"]


@pytest.mark.parametrize("width, words", [(600, "watch_me.py:30"), (240, "Source")])
def test_the_place_in_source_leaves_room_for_the_name(
    make_stand: MakeStand, qtbot: QtBot, width: int, words: str
) -> None:
    stand = make_stand(a_session_with_plant(), width=width)

    select(stand, plant_in(stand).plant)

    assert stand.view.heading.source.text() == words
    qtbot.waitUntil(lambda: stand.view.heading.title.text() == "plant")


def test_it_follows_the_selection(stand: PanelStand) -> None:
    select(stand, plant_in(stand).pumps[0])
    first = stand.view.heading.title.text()
    select(stand, plant_in(stand).valves[0])

    assert (first, stand.view.heading.title.text()) == ("pump 0", "valve 5")
    assert value(stand, "identity", "class") == "Valve"


def test_a_click_on_a_link_selects_it(stand: PanelStand, qtbot: QtBot) -> None:
    select(stand, plant_in(stand).pumps[0])

    click(qtbot, stand, "identity", "context")

    assert stand.selection.thing == Thing("essence", plant_in(stand).plant)
    assert stand.view.heading.title.text() == "plant"


def test_a_click_on_a_name_follows_nothing(stand: PanelStand, qtbot: QtBot) -> None:
    select(stand, plant_in(stand).pumps[0])

    click(qtbot, stand, "identity", "context", column=0)

    assert stand.selection.thing == Thing("essence", plant_in(stand).pumps[0])


def test_enter_follows_a_link(stand: PanelStand, qtbot: QtBot) -> None:
    select(stand, plant_in(stand).pumps[0])
    stand.view.tree.setCurrentIndex(index_of(stand, "identity", "catalyst"))

    qtbot.keyClick(stand.view.tree, Qt.Key.Key_Return)

    assert stand.selection.thing == Thing("essence", plant_in(stand).main)


def test_a_value_can_be_copied(stand: PanelStand, qtbot: QtBot) -> None:
    select(stand, plant_in(stand).pumps[0])
    stand.view.tree.setCurrentIndex(index_of(stand, "identity", "class"))

    qtbot.keyClick(stand.view.tree, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    assert QGuiApplication.clipboard().text() == "Pump"


def test_in_a_very_narrow_place_the_name_has_a_line_of_its_own(stand: PanelStand, qtbot: QtBot) -> None:
    select(stand, plant_in(stand).pumps[0])
    heading = stand.view.heading
    room = heading.title.fontMetrics().horizontalAdvance("pump 0") + 30

    def has_own_line(width: int) -> bool:
        # As a dock does it: with less to say it can become narrower still.
        stand.view.setMinimumSize(1, 1)
        stand.view.resize(width, 600)
        return bool(heading.title.text() == "pump 0" and heading.title.width() > heading.kind.width())

    qtbot.waitUntil(lambda: has_own_line(room))
    assert heading.source.text() == ""
    assert not heading.source.icon().isNull()
    qtbot.waitUntil(lambda: not has_own_line(500))
    assert heading.source.text() == "watch_me.py:50"


def test_where_a_long_name_stands_does_not_depend_on_what_was_selected_before(stand: PanelStand) -> None:
    select(stand, plant_in(stand).plant)
    heading, shapes = stand.view.heading, stand.view._shapes
    heading.resize(400, heading.height())
    short, long = Subject("plant", "Plant"), Subject("plant " * 50, "Plant")
    found = []

    for subject in (long, short, long):
        heading.show_subject(subject, shapes)
        found.append(heading._is_apart)

    assert found == [True, False, True]


def test_the_heading_opens_the_source(stand: PanelStand, qtbot: QtBot) -> None:
    opened: list[tuple[str, int]] = []

    class Window:
        def open_source(self, file: str, line: int) -> None:
            opened.append((file.rsplit("/", 1)[-1], line))

    stand.command_context.window = Window()
    select(stand, plant_in(stand).pumps[0])

    qtbot.mouseClick(stand.view.heading.source, Qt.MouseButton.LeftButton)

    assert stand.view.heading.source.text() == "watch_me.py:50"
    assert opened == [("watch_me.py", 50)]


def test_a_closed_inspector_leaves_nothing_behind(qtbot: QtBot) -> None:
    stand = PanelStand(InspectorPanel(), a_session_with_plant())
    stand.show()
    view = stand.view

    stand.close()
    select(stand, plant_in(stand).plant)

    assert not shiboken6.isValid(view)


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_every_theme_can_be_painted(stand: PanelStand, theme: str) -> None:
    select(stand, plant_in(stand).pumps[1])

    stand.choose_theme(theme)

    assert not stand.widget.grab().isNull()


@pytest.mark.parametrize("width", [320, 400, 700])
def test_columns_fit_at_any_width(make_stand: MakeStand, width: int) -> None:
    stand = make_stand(a_session_with_plant(), width)
    select(stand, plant_in(stand).pumps[1])
    tree = stand.view.tree

    assert sum(tree.columnWidth(n) for n in range(3) if not tree.isColumnHidden(n)) <= tree.viewport().width()
    assert not tree.isColumnHidden(1)


def test_once_a_program_runs_no_other_one_is_offered(make_stand: MakeStand) -> None:
    stand = make_stand()
    assert stand.view.nothing_yet.isVisible()
    plant = Plant()

    stand.feed(plant.live(1))

    assert stand.view.nothing.isVisible()
    assert not stand.view.nothing_yet.isVisible()


# ---- breakpoints ----------------------------------------------------------------------------------------------------------


def test_the_breakpoints_about_the_selected_tonic_are_told_and_open_their_form(stand: PanelStand, qtbot: QtBot) -> None:
    plant, points = plant_in(stand), stand.session.breakpoints
    points.remove([point.id for point in points.all])  # those that the plant has
    name = stand.session.live.essences.name(plant.pumps[0])
    mine = points.add(Breakpoint(0, (Term("sparkle", "*", tonic=name),), log=True))
    points.add(Breakpoint(0, (Term("sparkle", "*", tonic="nobody"),)))
    opened: list[Breakpoint] = []
    stand.command_context.window = SimpleNamespace(edit_breakpoint=opened.append)
    select(stand, plant.pumps[0])

    lines = index_of(stand, "breakpoints")
    assert [lines.model().index(row, 0, lines).data() for row in range(lines.model().rowCount(lines))] == [
        f"Breakpoint {mine.id}"
    ]
    assert value(stand, "breakpoints", f"breakpoint {mine.id}") == f"{name}.*"
    assert index_of(stand, "breakpoints", f"breakpoint {mine.id}", column=2).data() == "on, no hits, only says so"

    click(qtbot, stand, "breakpoints", f"breakpoint {mine.id}")
    stand.view.tree.setCurrentIndex(index_of(stand, "breakpoints", f"breakpoint {mine.id}"))
    qtbot.keyClick(stand.view.tree, Qt.Key.Key_Return)

    assert opened == [mine, mine]


def test_a_breakpoint_that_is_switched_off_hit_or_removed_is_told_so(stand: PanelStand) -> None:
    plant, points = plant_in(stand), stand.session.breakpoints
    points.remove([point.id for point in points.all])  # those that the plant has
    number = points.add(Breakpoint(0, (Term("sparkle", "*", tonic="pump 0"),), enabled=False)).id
    select(stand, plant.pumps[0])

    def said() -> str:
        stand.view.flush()
        return str(index_of(stand, "breakpoints", f"breakpoint {number}", column=2).data())

    assert said() == "off, no hits"
    points.enable(number, True)
    assert said() == "on, no hits"
    hit = ev.BreakpointHit(
        1, number, ev.Name("studio"), 0, 1, ev.Name(""), 0, True, 1, True, False, ev.Text("before it")
    )
    points.was_hit(5, hit)
    assert said() == "on, 1 hit"

    points.remove((number,))
    stand.view.flush()

    assert not stand.view.model.index_of(("breakpoints",), 0).isValid()
