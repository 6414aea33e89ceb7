"""The inside of the window: its parts together, on an empty and on a filled session."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QMenu, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from tasktonic import events as ev
from tasktonic.protocol import messages
from tasktonic_studio.session.inbox import Output, TargetBegan, TargetStatus, Told
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.dialogs import ask
from tasktonic_studio.ui.dialogs.crash_report import CrashReport
from tests.helpers.builders import plant_of
from tests.helpers.window_stand import NotingPanel, WindowStand

from .conftest import MakeStand

# ---- changes reach panels


def test_a_visible_panel_catches_up_when_it_is_shown(plant_stand: WindowStand) -> None:
    assert plant_stand.ledger.noted[0] == "shown"
    assert plant_stand.ledger.changes[0].everything


def test_a_hidden_panel_is_left_in_peace(plant_stand: WindowStand) -> None:
    assert plant_stand.trace.changes == []

    plant_stand.feed(Output("stdout", "hello"))

    assert plant_stand.trace.changes == []


def test_a_panel_catches_up_when_its_tab_comes_to_the_front(plant_stand: WindowStand) -> None:
    plant_stand.bench.show_panel("trace")

    assert plant_stand.trace.changes[-1].everything
    assert plant_stand.log.noted[-1] == "hidden"


def test_a_visible_panel_is_handed_what_changed(plant_stand: WindowStand) -> None:
    plant_stand.feed(Output("stdout", "hello"))

    assert plant_stand.log.changes[-1].log
    assert not plant_stand.log.changes[-1].everything


def test_nothing_moves_while_a_person_looks_at_the_past(plant_stand: WindowStand) -> None:
    plant_stand.selection.look_at(plant_stand.session.first_n + 10)
    before = len(plant_stand.log.changes)

    plant_stand.feed(Output("stdout", "hello"))

    assert len(plant_stand.log.changes) == before


def test_going_back_in_time_shows_everything_anew(plant_stand: WindowStand) -> None:
    plant_stand.selection.look_at(plant_stand.session.first_n + 10)

    assert plant_stand.ledger.changes[-1].everything
    assert plant_stand.bench.strip.texts["pill"].endswith("ago")


def test_go_live_leaves_the_past(plant_stand: WindowStand) -> None:
    plant_stand.bench.run("time.freeze")

    plant_stand.bench.run("time.go_live")

    assert plant_stand.selection.time is None
    assert plant_stand.bench.strip.texts["pill"].startswith("LIVE")


def test_a_panel_that_fails_does_not_stop_the_others(plant_stand: WindowStand, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr("sys.excepthook", lambda _kind, problem, _trace: told.append(str(problem)))
    plant_stand.ledger.fails = True

    for _ in range(3):
        plant_stand.feed(Output("stdout", "hello"))

    assert told == ["ledger cannot show this"]
    assert plant_stand.log.changes[-1].log


def test_a_panel_that_cannot_be_built_says_so_in_its_place(
    make_stand: MakeStand, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr("sys.excepthook", lambda _kind, problem, _trace: told.append(str(problem)))

    class Broken(NotingPanel):
        def build(self, context: object) -> QWidget:
            raise RuntimeError("no widget today")

    stand = make_stand(panels=[Broken("ledger"), NotingPanel("log")])

    assert told == ["no widget today"]
    assert stand.bench.area.dock("ledger").widget().accessibleName() == "Ledger is not available"


class Failing(NotingPanel):
    """Fails at all that the window asks of it at its begin and its end."""

    def restore_state(self, state: Mapping[str, Any]) -> None:
        raise RuntimeError("cannot restore")

    def save_state(self) -> dict[str, Any]:
        raise RuntimeError("cannot save")

    def may_close(self) -> bool:
        raise RuntimeError("cannot say")

    def finish(self) -> None:
        raise RuntimeError("cannot finish")


def test_a_panel_that_fails_keeps_the_window_neither_shut_nor_open(
    make_stand: MakeStand, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr("sys.excepthook", lambda _kind, problem, _trace: told.append(str(problem)))
    ledger, log = NotingPanel("ledger"), NotingPanel("log")
    ledger.state = log.state = {"filter": "state:open"}
    make_stand(panels=[ledger, log]).window.close()

    log = NotingPanel("log")
    second = make_stand(panels=[Failing("ledger"), log])
    assert log.state == {"filter": "state:open"}
    log.state = {"filter": "state:shut"}
    assert second.window.close()

    assert told == ["cannot restore", "cannot say", "cannot save", "cannot finish"]
    assert log.noted[-1] == "finish"
    kept = json.loads((second.folder / "layouts.json").read_text())["panels"]
    assert kept == {"ledger": {"filter": "state:open"}, "log": {"filter": "state:shut"}}


# ---- endings


def test_an_exit_with_an_error_is_told_with_its_traceback_and_a_way_on(stand: WindowStand) -> None:
    stand.feed(
        TargetBegan("launched", "/tmp/plant.py", (), 1), Output("stderr", "Traceback …\nSyntaxError: invalid syntax")
    )

    stand.feed(TargetStatus("ended", "ended with exit code 1", 1))

    problem = stand.bench.banner.problem
    assert problem is not None
    assert problem.sentence == "plant.py: ended with exit code 1, the script started no formula."
    assert "SyntaxError: invalid syntax" in problem.details
    assert stand.bench.banner.step_words == ["Restart"]


def test_a_good_end_is_no_problem(plant_stand: WindowStand) -> None:
    plant_stand.feed(TargetStatus("ended", "ended", 0))

    assert plant_stand.bench.banner.problem is None


def test_losses_are_said_and_no_command_is_asked_whether_it_can_be_run(
    plant_stand: WindowStand, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    session, plant = plant_stand.session, plant_of(plant_stand.session)

    with monkeypatch.context() as patch:
        patch.setattr(plant_stand.bench.actions_of_commands, "refresh", lambda: asked.append("all commands"))
        for _ in range(3):
            gap = ev.Gap(plant.write.t_ns, plant.write.t_ns + 5, 10, 20)
            plant_stand.bench._on_changes(session.apply_events(session.live.n, [gap]))
        plant_stand.feed(Told(messages.Cost(percent=2.5, level=2)))

    plant_stand.bench.clock.settled.emit()
    assert plant_stand.bench.strip.texts["loss"] == "⤫ 90 lost"
    assert plant_stand.bench.strip.texts["cost"] == "cost 2.5 %"
    assert asked == []


def test_a_lost_connection_is_told(plant_stand: WindowStand) -> None:
    plant_stand.feed(TargetStatus("lost", "the app does not answer any more"))

    assert plant_stand.bench.banner.problem is not None
    assert plant_stand.bench.banner.problem.sentence == "watch_me.py: the app does not answer any more."


def test_a_new_start_clears_old_problems_and_the_selection(plant_stand: WindowStand) -> None:
    plant_stand.selection.select(Thing("essence", 3))
    plant_stand.feed(TargetStatus("ended", "ended", 1))

    plant_stand.feed(TargetBegan("launched", "/tmp/plant.py", (), 2))

    assert plant_stand.bench.banner.problem is None
    assert plant_stand.selection.thing is None


# ---- theme, text, closing


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_a_theme_reaches_window_and_panels_at_once(plant_stand: WindowStand, theme: str) -> None:
    plant_stand.bench.run("view.theme_light" if theme != "light" else "view.theme_dark")
    plant_stand.ledger.noted.clear()

    plant_stand.bench.run(f"view.theme_{theme}")

    assert plant_stand.theme.name == theme
    assert plant_stand.settings.text("theme") == theme
    assert "theme" in plant_stand.ledger.noted
    assert plant_stand.window.palette().window().color() == plant_stand.theme.color("window")


def test_text_grows_and_shrinks(plant_stand: WindowStand) -> None:
    usual = plant_stand.theme.font().pointSizeF()

    plant_stand.bench.run("view.text_larger")
    larger = plant_stand.theme.font().pointSizeF()
    plant_stand.bench.run("view.text_usual")

    assert larger > usual
    assert plant_stand.theme.font().pointSizeF() == usual


def test_bars_grow_with_the_text(plant_stand: WindowStand, qtbot: QtBot) -> None:
    plant_stand.settings.set("ui.scale_percent", 200)

    title = plant_stand.bench.area.dock("ledger").titleBarWidget()
    strip = plant_stand.bench.strip
    qtbot.waitUntil(lambda: title.height() > 28)
    qtbot.waitUntil(lambda: strip.height() >= strip.fontMetrics().height())


def test_a_panel_that_would_rather_stay_keeps_the_window_open(plant_stand: WindowStand) -> None:
    plant_stand.ledger.willing_to_close = False

    assert plant_stand.window.close() is False

    plant_stand.ledger.willing_to_close = True


def test_a_running_script_is_not_stopped_unasked(plant_stand: WindowStand, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(ask, "confirm", lambda *words: bool(asked.append(words[2])))
    plant_stand.settings.set("confirm.stop_on_close", True)
    plant_stand.feed(TargetStatus("running", "running"))

    assert plant_stand.window.close() is False

    assert asked == ["watch_me.py is still running. It is stopped when the Studio closes."]
    plant_stand.settings.set("confirm.stop_on_close", False)


def test_settings_that_could_not_be_read_are_told(make_stand: MakeStand, tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text("{")
    stand = make_stand()

    assert stand.bench.banner.problem is not None
    assert "are not readable" in stand.bench.banner.problem.sentence


def test_every_control_one_can_tab_to_has_a_name(plant_stand: WindowStand) -> None:
    for widget in plant_stand.window.findChildren(QWidget):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible():
            named = widget.accessibleName() or getattr(widget, "text", lambda: "")()
            assert named or isinstance(widget, QMenu), widget


def test_tool_bar_buttons_can_be_reached_by_tab(plant_stand: WindowStand) -> None:
    buttons = [each for each in plant_stand.window.findChildren(QToolButton) if each.defaultAction() is not None]

    assert len(buttons) == 12
    assert all(button.focusPolicy() & Qt.FocusPolicy.TabFocus for button in buttons)


def test_the_window_survives_being_narrow(plant_stand: WindowStand) -> None:
    plant_stand.window.resize(700, 420)

    assert not plant_stand.window.grab().isNull()


def test_the_way_to_anything_leaves_its_key_out_where_it_has_no_room(plant_stand: WindowStand, qtbot: QtBot) -> None:
    button = plant_stand.window.findChild(QPushButton, "go_to_button")
    assert button is not None
    plant_stand.window.resize(1200, 600)
    qtbot.waitUntil(lambda: button.text() == "Go to anything…   Ctrl+P")

    plant_stand.window.resize(700, 420)

    qtbot.waitUntil(lambda: button.text() == "Go to anything…")
    assert button.toolTip() == "Go to anything… (Ctrl+P)"


def test_a_low_window_scrolls_the_start_page_and_does_not_squeeze_it(stand: WindowStand, qtbot: QtBot) -> None:
    stand.window.resize(800, 420)
    rows = stand.bench.start_page.rows

    qtbot.waitUntil(lambda: all(row.height() >= row.sizeHint().height() > 40 for row in rows))
    assert stand.bench.start_page.verticalScrollBar().maximum() > 0


def test_a_fault_of_the_studio_is_told_once_and_added_to(plant_stand: WindowStand) -> None:
    plant_stand.bench.show_crash("Traceback: first")
    plant_stand.bench.show_crash("Traceback: second")

    (dialog,) = plant_stand.window.findChildren(CrashReport)
    assert "first" in dialog.details.toPlainText()
    assert "second" in dialog.details.toPlainText()
    dialog.reject()


def test_the_line_of_a_panel_gets_the_focus_when_it_is_shown(plant_stand: WindowStand, qtbot: QtBot) -> None:
    with qtbot.waitActive(plant_stand.window):
        plant_stand.window.activateWindow()

    plant_stand.bench.run("panel.log")

    focus = plant_stand.window.focusWidget()
    assert isinstance(focus, QLineEdit)
    assert focus is plant_stand.log.line
