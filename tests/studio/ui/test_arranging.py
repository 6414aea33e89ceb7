"""Arrangements of panels: as they are out of the box, as the user left them, and what joins them later."""

from __future__ import annotations

import json

import pytest
from PySide6.QtWidgets import QApplication, QTabBar
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.inbox import Output
from tasktonic_studio.ui import dock_places
from tests.helpers.builders import a_session_with_plant
from tests.helpers.window_stand import NotingPanel, WindowStand

from .conftest import MakeStand


def shown(stand: WindowStand) -> set[str]:
    return {panel.id for panel in stand.bench.area.visible_panels}


@pytest.mark.parametrize(
    "name, panels",
    [
        ("run", {"ledger", "inspector", "log"}),
        ("debug", {"ledger", "editor", "inspector", "trace"}),
        ("analyse", {"trace", "ledger", "inspector"}),
        ("learn", {"editor", "ledger", "log", "trace"}),
    ],
)
def test_an_arrangement_shows_its_panels(plant_stand: WindowStand, qtbot: QtBot, name: str, panels: set[str]) -> None:
    plant_stand.bench.run(f"view.arrange_{name}")

    qtbot.waitUntil(lambda: shown(plant_stand) == panels)
    assert plant_stand.bench.arrangement() == name


def test_the_panels_share_the_room_as_the_arrangement_says(plant_stand: WindowStand, qtbot: QtBot) -> None:
    area = plant_stand.bench.area

    qtbot.waitUntil(lambda: abs(area.dock("ledger").width() / area.width() - 0.47) < 0.03)


def test_the_keys_stay_in_their_panel_when_another_arrangement_is_chosen(
    plant_stand: WindowStand, qtbot: QtBot
) -> None:
    plant_stand.bench.show_panel("ledger")
    focus = QApplication.focusWidget()
    assert focus is not None

    plant_stand.bench.run("view.arrange_debug")
    plant_stand.bench.run("view.arrange_run")

    qtbot.waitUntil(focus.hasFocus)


def test_where_their_panel_is_in_sight_no_more_one_that_is_has_the_keys(plant_stand: WindowStand, qtbot: QtBot) -> None:
    area = plant_stand.bench.area
    plant_stand.bench.run("view.arrange_debug")
    plant_stand.bench.show_panel("editor")

    plant_stand.bench.run("view.arrange_analyse")

    def panels_with_keys() -> set[str]:
        focus = QApplication.focusWidget()
        return {it.id for it in plant_stand.panels if focus is not None and area.dock(it.id).isAncestorOf(focus)}

    qtbot.waitUntil(lambda: "editor" not in shown(plant_stand))
    assert panels_with_keys()
    assert panels_with_keys() <= shown(plant_stand)


LOW = (900, 420)


@pytest.fixture
def tall_panels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Panels ask for so many lines that a window that is `LOW` has no room for two above one another."""
    monkeypatch.setattr(dock_places, "LEAST_LINES", 14)


@pytest.mark.usefixtures("tall_panels")
def test_in_a_low_window_panels_stand_behind_one_another_until_there_is_room(
    plant_stand: WindowStand, qtbot: QtBot
) -> None:
    plant_stand.window.resize(*LOW)
    qtbot.waitUntil(lambda: shown(plant_stand) == {"ledger", "inspector"})
    plant_stand.bench.show_panel("log")
    qtbot.waitUntil(lambda: shown(plant_stand) == {"ledger", "log"})

    plant_stand.window.resize(1100, 700)

    qtbot.waitUntil(lambda: shown(plant_stand) == {"ledger", "inspector", "log"})
    assert not plant_stand.bench.area.has_user_changes


def test_with_large_text_in_a_small_window_the_panels_of_debug_have_room_for_names(
    plant_stand: WindowStand, qtbot: QtBot
) -> None:
    plant_stand.bench.run("view.arrange_debug")
    plant_stand.window.resize(800, 600)
    qtbot.waitUntil(lambda: {"ledger", "inspector"} <= shown(plant_stand))

    plant_stand.settings.set("ui.scale_percent", 200)

    area = plant_stand.bench.area
    qtbot.waitUntil(lambda: "inspector" not in shown(plant_stand))
    room = dock_places.LEAST_LETTERS * area.fontMetrics().averageCharWidth()
    qtbot.waitUntil(lambda: min(area.dock(it).width() for it in shown(plant_stand)) >= room)

    plant_stand.settings.set("ui.scale_percent", 100)

    qtbot.waitUntil(lambda: {"ledger", "inspector"} <= shown(plant_stand))


@pytest.mark.usefixtures("tall_panels")
def test_what_has_the_focus_stays_in_front_and_keeps_it_when_the_window_gets_low(
    plant_stand: WindowStand, qtbot: QtBot
) -> None:
    plant_stand.bench.show_panel("log")
    focus = QApplication.focusWidget()

    plant_stand.window.resize(*LOW)

    qtbot.waitUntil(lambda: shown(plant_stand) == {"ledger", "log"})
    assert focus is not None
    qtbot.waitUntil(focus.hasFocus)


@pytest.mark.usefixtures("tall_panels")
def test_what_the_user_has_arranged_stays_so_in_a_low_window(plant_stand: WindowStand, qtbot: QtBot) -> None:
    area = plant_stand.bench.area
    area.close_panel("ledger")
    qtbot.waitUntil(lambda: shown(plant_stand) == {"inspector", "log"})

    plant_stand.window.resize(*LOW)

    qtbot.waitUntil(lambda: area.height() < LOW[1])
    area._refit()
    assert shown(plant_stand) == {"inspector", "log"}


def test_an_arrangement_is_remembered_for_the_next_start(plant_stand: WindowStand) -> None:
    plant_stand.bench.run("view.arrange_analyse")

    assert plant_stand.settings.text("arrangement") == "analyse"


def test_nothing_is_kept_of_an_arrangement_that_nobody_changed(plant_stand: WindowStand) -> None:
    plant_stand.bench.run("view.arrange_debug")
    plant_stand.window.resize(1100, 700)
    plant_stand.window.close()

    kept = json.loads((plant_stand.folder / "layouts.json").read_text())
    assert kept["arrangements"] == {}


def test_what_the_user_changed_is_there_when_one_comes_back(plant_stand: WindowStand, qtbot: QtBot) -> None:
    plant_stand.bench.area.close_panel("inspector")
    plant_stand.bench.area.close_panel("editor")
    plant_stand.bench.run("view.arrange_debug")

    plant_stand.bench.run("view.arrange_run")

    qtbot.waitUntil(lambda: shown(plant_stand) == {"ledger", "log"})


def test_what_the_user_changed_survives_the_window(make_stand: MakeStand, qtbot: QtBot) -> None:
    first = make_stand(a_session_with_plant())
    first.bench.area.close_panel("log")
    first.bench.area.close_panel("trace")
    first.window.close()

    second = make_stand(a_session_with_plant())

    qtbot.waitUntil(lambda: shown(second) == {"ledger", "inspector"})


def test_reset_puts_the_arrangement_back(plant_stand: WindowStand, qtbot: QtBot) -> None:
    plant_stand.bench.area.close_panel("log")

    plant_stand.bench.run("view.reset_arrangement")

    qtbot.waitUntil(lambda: shown(plant_stand) == {"ledger", "inspector", "log"})


def test_a_panel_that_an_old_arrangement_does_not_know_stands_behind_its_neighbours(
    make_stand: MakeStand, qtbot: QtBot
) -> None:
    ids = ("ledger", "inspector", "log", "editor")
    first = make_stand(a_session_with_plant(), panels=[NotingPanel(it) for it in ids])
    first.bench.area.show_panel("editor")
    first.bench.area.close_panel("ledger")
    first.window.close()

    second = make_stand(
        a_session_with_plant(), panels=[NotingPanel(it) for it in (*ids, "trace", "store", "catalysts")]
    )

    area = second.bench.area
    qtbot.waitUntil(lambda: shown(second) == {"editor", "log"})
    behind = {it.objectName() for it in area.tabifiedDockWidgets(area.dock("log"))}
    assert behind == {"dock_trace", "dock_catalysts"}
    assert not area.is_open("store"), "the panels beside which it would stand were closed"


def test_panels_of_another_arrangement_do_not_come_along(make_stand: MakeStand, qtbot: QtBot) -> None:
    ids = ("ledger", "inspector", "log", "editor", "learn", "help", "console")
    stand = make_stand(a_session_with_plant(), panels=[NotingPanel(it) for it in ids])
    area = stand.bench.area
    for name in ("learn", "debug", "run"):
        stand.bench.set_arrangement(name)
        qtbot.waitUntil(lambda: area.is_open("ledger"))
    area.close_panel("log")
    stand.bench.set_arrangement("debug")

    stand.bench.set_arrangement("run")

    assert [it for it in ids if area.is_open(it)] == ["ledger", "inspector", "editor"]


def test_a_panel_can_say_more_on_its_tab(plant_stand: WindowStand, qtbot: QtBot) -> None:
    area = plant_stand.bench.area
    qtbot.waitUntil(lambda: bool(area.tabifiedDockWidgets(area.dock("trace"))))
    plant_stand.trace.tab_title = lambda: "Trace (3)"  # type: ignore[method-assign]

    plant_stand.feed(Output("stdout", "more\n", 5))

    tabs = [bar.tabText(index) for bar in area.findChildren(QTabBar) for index in range(bar.count())]
    assert "Trace (3)" in tabs
    assert "Trace" not in tabs


def test_tabs_stand_closer_before_their_words_are_cut_and_say_in_a_tip_what_they_are(
    plant_stand: WindowStand, qtbot: QtBot
) -> None:
    window, area = plant_stand.window, plant_stand.bench.area

    def bars() -> list[QTabBar]:
        return [it for it in area.findChildren(QTabBar) if it.parent() is area and it.count() and it.isVisible()]

    def words_px(bar: QTabBar) -> int:
        return sum(bar.fontMetrics().horizontalAdvance(bar.tabText(each)) for each in range(bar.count()))

    window.resize(1600, 900)
    qtbot.waitUntil(lambda: bool(bars()) and not any(it.property("tight") for it in bars()))
    bar = bars()[0]
    assert bar.tabToolTip(0).startswith(f"{bar.tabText(0)}\n")
    roomy = bar.tabRect(0).width()

    bar.resize(words_px(bar) + bar.count(), bar.height())
    area._settle_titles()

    assert bar.property("tight")
    qtbot.waitUntil(lambda: bar.tabRect(0).width() < roomy)


def test_a_panel_that_is_not_in_the_arrangement_finds_a_place(make_stand: MakeStand, qtbot: QtBot) -> None:
    panels = [NotingPanel("ledger"), NotingPanel("log"), NotingPanel("guest")]
    stand = make_stand(a_session_with_plant(), panels=panels)

    stand.bench.show_panel("guest")

    qtbot.waitUntil(lambda: "guest" in shown(stand))


def test_a_panel_keeps_what_it_wants_between_runs(make_stand: MakeStand) -> None:
    first = make_stand()
    first.ledger.state = {"filter": "state:open"}
    first.window.close()

    second = make_stand()

    assert second.ledger.state == {"filter": "state:open"}
    assert first.ledger.noted[-1] == "finish"
