"""Typing finds commands and things; Enter runs them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.command_palette import CommandPalette, Entry, search
from tasktonic_studio.ui.theme.icons import Icons
from tasktonic_studio.ui.theme.theme import Theme


def nothing() -> None:
    pass


def titles(entries: list[Entry], typed: str) -> list[str]:
    return [hit.entry.title for hit in search(entries, typed)]


def test_what_fits_best_comes_first() -> None:
    entries = [Entry("Browse", nothing), Entry("Restart", nothing), Entry("Reset stage", nothing)]

    assert titles(entries, "rs")[0] == "Reset stage"


def test_what_cannot_be_done_now_comes_last() -> None:
    entries = [Entry("Stop", nothing, enabled=False), Entry("Step on to the top", nothing)]

    assert titles(entries, "stop") == ["Step on to the top", "Stop"]


def test_the_detail_is_searched_too() -> None:
    entries = [Entry("pump 1", nothing, "Pump · open"), Entry("pump 2", nothing, "Pump · closed")]

    assert titles(entries, "closed") == ["pump 2"]


def test_a_hit_in_the_title_beats_one_in_the_detail() -> None:
    entries = [Entry("valve", nothing, "belongs to pump"), Entry("pump", nothing, "belongs to valve")]

    assert titles(entries, "pump") == ["pump", "valve"]


@pytest.fixture
def ran() -> list[str]:
    return []


@pytest.fixture
def palette(qtbot: QtBot, ran: list[str]) -> CommandPalette:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 600)
    theme = Theme("dark")
    palette = CommandPalette(theme, Icons(theme), window)
    palette.add_source("", "things", lambda: [Entry("pump", lambda: ran.append("pump"), "tonic", icon="tonic")])
    palette.add_source(
        ">",
        "commands",
        lambda: [
            Entry("Start", lambda: ran.append("start"), key="F5", icon="start"),
            Entry("Stop", lambda: ran.append("stop"), enabled=False),
            Entry("Step", lambda: ran.append("step")),
        ],
    )
    window.show()
    with qtbot.waitActive(window):
        window.activateWindow()
    return palette


def test_enter_runs_the_best_hit(palette: CommandPalette, qtbot: QtBot, ran: list[str]) -> None:
    palette.open(">")
    qtbot.keyClicks(palette._line, "sta")

    qtbot.keyClick(palette._line, Qt.Key.Key_Return)

    assert ran == ["start"]
    assert palette.isHidden()


def test_arrows_choose_and_go_round(palette: CommandPalette, qtbot: QtBot, ran: list[str]) -> None:
    palette.open(">")

    qtbot.keyClick(palette._line, Qt.Key.Key_Down)
    qtbot.keyClick(palette._line, Qt.Key.Key_Return)

    assert ran == ["step"]


def test_what_cannot_be_done_now_does_not_run(palette: CommandPalette, ran: list[str]) -> None:
    palette.open(">", "stop")

    palette.choose(0)

    assert ran == []
    assert palette.isVisible()


def test_escape_closes_it(palette: CommandPalette, qtbot: QtBot) -> None:
    palette.open(">")

    qtbot.keyClick(palette._line, Qt.Key.Key_Escape)

    assert palette.isHidden()


def test_a_prefix_switches_to_the_commands(palette: CommandPalette, qtbot: QtBot) -> None:
    palette.open("")

    qtbot.keyClicks(palette._line, ">ste")

    assert palette.mode == ">"
    assert [hit.entry.title for hit in palette.hits] == ["Step"]


def test_backspace_in_an_empty_line_goes_back_to_things(palette: CommandPalette, qtbot: QtBot) -> None:
    palette.open(">")

    qtbot.keyClick(palette._line, Qt.Key.Key_Backspace)

    assert palette.mode == ""


def test_nothing_found_is_said(palette: CommandPalette, qtbot: QtBot) -> None:
    palette.open(">")

    qtbot.keyClicks(palette._line, "xyzzy")

    assert palette.hits == []
    assert palette._nothing.text() == "Nothing fits “xyzzy”."


def test_the_list_is_painted_with_hits(palette: CommandPalette) -> None:
    palette.open(">", "st")

    assert not palette.grab().isNull()
