"""The inside of the window: its parts together, on an empty and on a filled session."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QDialog, QLineEdit, QMenu, QPushButton, QTabBar, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from tasktonic import events as ev
from tasktonic.protocol import messages
from tasktonic_studio import resources
from tasktonic_studio.commands.running import RecentRun, RecentScript, RunningApp
from tasktonic_studio.session.inbox import Output, TargetBegan, TargetStatus, Told
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.dialogs import ask
from tasktonic_studio.ui.dialogs.crash_report import CrashReport
from tasktonic_studio.ui.dialogs.keys import KeySheet
from tasktonic_studio.ui.panels.editor.panel import EditorPanel
from tests.helpers.builders import a_session_with_plant, plant_of
from tests.helpers.window_stand import NotingPanel, WindowStand

from .conftest import MakeStand

ASKING = {"file.start_script"}
"""Commands that open a window of the system."""


def close_dialogs(stand: WindowStand) -> None:
    for dialog in stand.window.findChildren(QDialog):
        dialog.reject()


# ---- commands


@pytest.mark.parametrize("filled", [False, True])
def test_every_command_can_be_run(make_stand: MakeStand, monkeypatch: pytest.MonkeyPatch, filled: bool) -> None:
    monkeypatch.setattr(ask, "script_to_open", lambda *_: "")
    monkeypatch.setattr(ask, "run_to_open", lambda *_: "")
    monkeypatch.setattr(ask, "folder_to_open", lambda *_: "")
    stand = make_stand(a_session_with_plant() if filled else None)
    if filled:
        stand.selection.select(Thing("essence", plant_of(stand.session).pumps[0]))

    for command in stand.bench.registry.all():
        if command.id != "file.quit":
            stand.bench.run(command.id)
            close_dialogs(stand)

    assert stand.window.isVisible()


@pytest.mark.parametrize("filled", [False, True])
def test_every_command_says_whether_it_can_be_done(make_stand: MakeStand, filled: bool) -> None:
    stand = make_stand(a_session_with_plant() if filled else None)

    for command in stand.bench.registry.all():
        assert command.enabled_when(stand.bench.context) in (True, False), command.id
        if command.checked_when is not None:
            assert command.checked_when(stand.bench.context) in (True, False), command.id


def test_every_command_is_worded(stand: WindowStand) -> None:
    for command in stand.bench.registry.all():
        assert command.title[0].isupper(), command.id
        assert command.help.endswith("."), command.id
        assert command.id == command.id.lower(), command.id


def test_every_icon_that_is_named_is_there(stand: WindowStand) -> None:
    there = set(resources.names("icons"))

    named = {command.icon for command in stand.bench.registry.all() if command.icon}

    assert named <= there


def test_every_key_is_one_that_qt_knows(stand: WindowStand) -> None:
    for command in stand.bench.registry.all():
        for key in command.keys:
            assert QKeySequence(key).toString(), f"{command.id}: {key}"


def test_every_command_of_a_menu_is_in_the_menu_bar(stand: WindowStand) -> None:
    in_menus = {action.objectName() for menu in stand.window.menuBar().findChildren(QMenu) for action in menu.actions()}

    for command in stand.bench.registry.all():
        assert (command.id in in_menus) == bool(command.menu), command.id


def test_the_menus_stand_in_the_usual_order(stand: WindowStand) -> None:
    titles = [action.text() for action in stand.window.menuBar().actions()]

    assert titles == ["File", "Edit", "Go", "Project", "Run", "Change", "View", "Help"]


@pytest.mark.parametrize(
    "key, command_id",
    [
        ("F5", "run.start"),
        ("Shift+F5", "run.stop"),
        ("Ctrl+Shift+F5", "run.restart"),
        ("F6", "run.hold"),
        ("F10", "run.step"),
        ("F11", "run.follow"),
        ("Shift+F11", "run.cascade"),
        ("Ctrl+F10", "run.to_order"),
        ("Ctrl+P", "go.anything"),
        ("Ctrl+Shift+P", "go.commands"),
        ("F1", "help.here"),
        ("Alt+Left", "go.back"),
        ("Alt+Right", "go.forward"),
        ("Ctrl+F", "edit.find"),
        ("Alt+End", "time.go_live"),
        ("Alt+1", "view.arrange_run"),
        ("Alt+2", "view.arrange_debug"),
        ("Alt+3", "view.arrange_analyse"),
        ("Alt+4", "view.arrange_learn"),
        ("Ctrl+1", "panel.ledger"),
    ],
)
def test_keys_are_where_people_expect_them(stand: WindowStand, key: str, command_id: str) -> None:
    command = stand.bench.registry.with_key(key)

    assert command is not None
    assert command.id == command_id


def test_a_key_runs_its_command(plant_stand: WindowStand, qtbot: QtBot) -> None:
    with qtbot.waitActive(plant_stand.window):
        plant_stand.window.activateWindow()

    qtbot.keyClick(plant_stand.window, Qt.Key.Key_F6)

    what, message = plant_stand.requests.asked[-1]
    assert (what, replace(message, request=0)) == ("send", messages.Hold(0, -1))


def test_a_single_key_is_typed_where_somebody_types(stand: WindowStand, qtbot: QtBot) -> None:
    stand.bench.show_panel("ledger")
    with qtbot.waitActive(stand.window):
        stand.window.activateWindow()
    stand.ledger.line.setFocus()

    qtbot.keyClicks(stand.ledger.line, "?")

    assert stand.ledger.line.text() == "?"
    assert not stand.window.findChildren(QDialog)


@pytest.mark.parametrize("plain", [False, True])
def test_a_single_key_is_typed_into_source(make_stand: MakeStand, qtbot: QtBot, tmp_path: Path, plain: bool) -> None:
    source = tmp_path / "app.py"
    source.write_text("x = 1\n")
    editor = EditorPanel(tmp_path / "drafts")
    stand = make_stand(panels=[NotingPanel("ledger"), editor], settings={"editor.plain": plain})
    with qtbot.waitActive(stand.window):
        stand.window.activateWindow()
    stand.bench.open_source(str(source), 1)

    qtbot.keyClicks(stand.window.focusWidget(), "?")

    assert editor.unsaved()
    assert not stand.window.findChildren(KeySheet)
    editor.save_source()


def test_a_single_key_is_heard_while_nobody_types(plant_stand: WindowStand, qtbot: QtBot) -> None:
    with qtbot.waitActive(plant_stand.window):
        plant_stand.window.activateWindow()
    plant_stand.bench.strip.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    plant_stand.bench.strip.setFocus()

    qtbot.keyClicks(plant_stand.bench.strip, "?")

    assert plant_stand.window.findChildren(KeySheet)
    close_dialogs(plant_stand)


def test_own_keys_take_the_place_of_the_usual_ones(make_stand: MakeStand) -> None:
    stand = make_stand(settings={"keys": {"run.hold": "F7 Ctrl+H"}})

    keys = [key.toString() for key in stand.bench.actions_of_commands.action("run.hold").shortcuts()]

    assert keys == ["F7", "Ctrl+H"]


def test_commands_of_the_target_are_grey_without_one(stand: WindowStand) -> None:
    for command_id in ("run.stop", "run.hold", "run.step", "run.restart", "file.detach", "time.go_live"):
        assert not stand.bench.actions_of_commands.action(command_id).isEnabled(), command_id


def test_commands_of_the_target_wake_up_with_it(plant_stand: WindowStand) -> None:
    plant_stand.feed(TargetStatus("running", "running"))

    assert plant_stand.bench.actions_of_commands.action("run.stop").isEnabled()
    assert not plant_stand.bench.actions_of_commands.action("run.start").isEnabled()


# ---- start, continue, step


def test_start_asks_for_a_script_when_there_is_none(stand: WindowStand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ask, "script_to_open", lambda *_: "/tmp/some_app.py")

    stand.bench.run("run.start")

    assert stand.requests.asked[-1] == ("launch", "/tmp/some_app.py", ())


def test_start_starts_again_what_has_ended(plant_stand: WindowStand) -> None:
    plant_stand.feed(TargetStatus("ended", "ended", 0))

    plant_stand.bench.run("run.start")

    assert plant_stand.requests.asked[-1] == ("restart",)


def test_start_lets_a_held_app_go_on(plant_stand: WindowStand) -> None:
    plant_stand.feed(TargetStatus("held", "held"))

    plant_stand.bench.run("run.start")

    what, message = plant_stand.requests.asked[-1]
    assert (what, replace(message, request=0)) == ("send", messages.Release(0, -1))


def test_changed_files_are_saved_before_a_start(plant_stand: WindowStand) -> None:
    plant_stand.editor.dirty = ["plant.py"]

    plant_stand.bench.run("run.restart")

    assert plant_stand.editor.saved == 1
    assert plant_stand.requests.asked[-1] == ("restart",)


def test_changed_files_are_left_alone_when_the_user_wants_it_so(plant_stand: WindowStand) -> None:
    plant_stand.settings.set("editor.save_before_run", False)
    plant_stand.editor.dirty = ["plant.py"]

    plant_stand.bench.run("run.restart")

    assert plant_stand.editor.saved == 0


# ---- start page


def test_the_start_page_looks_for_running_apps_while_it_is_shown(stand: WindowStand, qtbot: QtBot) -> None:
    page = stand.bench.start_page
    page._look.setInterval(1)

    with qtbot.waitSignal(page.refresh_wanted):
        page.hide()
        page.show()
    page.hide()

    assert not page._look.isActive()


def test_what_is_listed_already_is_left_alone(stand: WindowStand) -> None:
    page = stand.bench.start_page
    app = RunningApp(34, "plant.py")
    stand.bench.show_running([app])
    row = page.row("plant.py  ·  pid 34")

    stand.bench.show_running([app])

    assert page.row("plant.py  ·  pid 34") is row


def test_a_new_window_shows_the_start_page(stand: WindowStand) -> None:
    assert stand.bench.start_page.isVisible()
    assert not stand.bench.area.isVisible()


def test_the_plant_is_the_first_thing_offered(stand: WindowStand, tmp_path: Path) -> None:
    if resources.example("watch_me.py") is None:
        pytest.skip("the examples are not there")

    stand.bench.start_page.rows[0].click()

    assert stand.bench.start_page.rows[0].title == "Start the example plant"
    assert stand.requests.asked[-1][0] == "launch"
    assert stand.requests.asked[-1][1].endswith("watch_me.py")


def test_running_apps_are_listed_with_the_reason_why_one_cannot_be_watched(stand: WindowStand) -> None:
    apps = [
        RunningApp(12, "old.py", problem="It speaks protocol 0, this Studio speaks 1."),
        RunningApp(34, "plant.py", detail="/home/me/plant.py", address="there"),
    ]

    stand.bench.show_running(apps)

    page = stand.bench.start_page
    assert [row.title for row in page.rows if "pid" in row.title] == ["plant.py  ·  pid 34", "old.py  ·  pid 12"]
    assert not page.row("old.py  ·  pid 12").isEnabled()
    assert page.row("old.py  ·  pid 12").detail == "It speaks protocol 0, this Studio speaks 1."


def test_a_running_app_is_one_click_away(stand: WindowStand) -> None:
    stand.bench.show_running([RunningApp(34, "plant.py", address="there")])

    stand.bench.start_page.row("plant.py  ·  pid 34").click()

    assert stand.requests.asked[-1] == ("attach", "there")


def test_a_launched_script_is_among_the_recent_ones_with_its_arguments(stand: WindowStand, tmp_path: Path) -> None:
    script = tmp_path / "plant.py"
    script.write_text("")
    stand.feed(TargetBegan("launched", str(script), ("--fast", "2"), 1))
    stand.bench.run("file.start_page")

    stand.bench.start_page.row("plant.py --fast 2").click()

    assert stand.requests.asked[-1] == ("launch", str(script), ("--fast", "2"))


def test_the_user_is_asked_which_run_to_open(stand: WindowStand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ask, "run_to_open", lambda *_: "/tmp/run.ttt")
    stand.bench.run("file.open_run")

    assert stand.requests.asked[-1] == ("open_run", "/tmp/run.ttt")


def test_an_opened_trace_is_among_the_recent_ones(stand: WindowStand, tmp_path: Path) -> None:
    run = tmp_path / "run.ttt"
    run.write_bytes(b"")
    stand.feed(TargetBegan("file", "plant.py", file=str(run)))
    stand.bench.run("file.start_page")

    stand.bench.start_page.row("run.ttt").click()

    assert stand.requests.asked[-1] == ("open_run", str(run))
    assert not any(row.title == "plant.py" for row in stand.bench.start_page.rows), "nobody started it"


def test_scripts_leave_room_for_traces_among_the_recent_ones(stand: WindowStand) -> None:
    scripts = [RecentScript(f"/s{number}.py") for number in range(9)]
    runs = [RecentRun(f"/r{number}.ttt") for number in range(9)]

    stand.bench.start_page.show_recent(scripts, runs)
    recent = [row.title for row in stand.bench.start_page.rows if row.title.endswith((".py", ".ttt"))]
    assert recent == ["s0.py", "s1.py", "s2.py", "r0.ttt", "r1.ttt", "r2.ttt"]

    stand.bench.start_page.show_recent(scripts[:1], runs)
    recent = [row.title for row in stand.bench.start_page.rows if row.title.endswith((".py", ".ttt"))]
    assert recent == ["s0.py", "r0.ttt", "r1.ttt", "r2.ttt", "r3.ttt", "r4.ttt"]


def test_of_dropped_files_a_trace_is_shown_and_scripts_are_opened(stand: WindowStand) -> None:
    assert stand.bench.open_dropped(["/a.txt", "/run.ttt"])
    assert stand.requests.asked[-1] == ("open_run", "/run.ttt")
    assert not stand.bench.open_dropped(["/a.txt"])


def test_a_recorded_run_is_neither_held_nor_started_again(stand: WindowStand) -> None:
    stand.feed(TargetBegan("file", "plant.py", file="/run.ttt"))
    assert not stand.bench.is_enabled("run.hold")
    stand.feed(TargetStatus("ended", "recorded"))
    assert not stand.bench.is_enabled("run.restart")
    assert not stand.bench.is_enabled("run.stop")


def test_a_recent_script_that_is_gone_says_so(stand: WindowStand, tmp_path: Path) -> None:
    stand.bench.start_page.show_recent([RecentScript(str(tmp_path / "gone.py"))])

    row = stand.bench.start_page.row("gone.py")

    assert not row.isEnabled()
    assert row.detail.endswith("gone.py is not there any more")


def test_the_start_page_asks_discovery_to_look(stand: WindowStand) -> None:
    assert ("refresh_running",) in stand.requests.asked


def test_a_target_that_begins_brings_the_panels(stand: WindowStand) -> None:
    stand.feed(TargetBegan("launched", "/tmp/plant.py", (), 1))

    assert stand.bench.area.isVisible()
    assert stand.window.windowTitle() == "plant.py — TaskTonic Studio"


def test_a_target_that_begins_gives_the_first_panel_the_focus(stand: WindowStand, qtbot: QtBot) -> None:
    with qtbot.waitActive(stand.window):
        stand.window.activateWindow()

    stand.feed(TargetBegan("launched", "/tmp/plant.py", (), 1))

    qtbot.waitUntil(lambda: stand.window.focusWidget() is stand.ledger.line)


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


# ---- arrangements


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


# ---- find, go, palette


def test_find_reaches_the_panel_that_has_the_focus(plant_stand: WindowStand, qtbot: QtBot) -> None:
    with qtbot.waitActive(plant_stand.window):
        plant_stand.window.activateWindow()
    plant_stand.bench.show_panel("log")

    plant_stand.bench.run("edit.find")

    assert "find" in plant_stand.log.noted
    assert "find" not in plant_stand.ledger.noted


def test_next_panel_goes_round(plant_stand: WindowStand, qtbot: QtBot) -> None:
    with qtbot.waitActive(plant_stand.window):
        plant_stand.window.activateWindow()
    plant_stand.bench.show_panel("ledger")
    seen = []

    for _ in range(3):
        plant_stand.bench.run("view.next_panel")
        seen.append(plant_stand.bench.area._focused)

    assert sorted(seen) == ["inspector", "ledger", "log"]


def test_the_palette_lists_every_command(plant_stand: WindowStand) -> None:
    plant_stand.bench.run("go.commands")

    assert len(plant_stand.bench.palette_box.hits) == len(plant_stand.bench.registry.all())


def test_go_to_anything_finds_a_tonic_and_selects_it(plant_stand: WindowStand) -> None:
    plant_stand.bench.run("go.anything")
    plant_stand.bench.palette_box._line.setText("pump 2")

    plant_stand.bench.palette_box.choose(0)

    assert plant_stand.selection.thing == Thing("essence", plant_of(plant_stand.session).pumps[2])


def test_go_to_anything_opens_the_source_of_a_sparkle(plant_stand: WindowStand) -> None:
    plant_stand.bench.run("go.anything")
    plant_stand.bench.palette_box._line.setText("Pump.ttsc__open")

    plant_stand.bench.palette_box.choose(0)

    assert plant_stand.editor.opened[-1][0].endswith("watch_me.py")


def test_go_to_anything_selects_a_store_path(plant_stand: WindowStand) -> None:
    plant = plant_of(plant_stand.session)
    plant_stand.bench.run("go.anything")
    plant_stand.bench.palette_box._line.setText(f"pumps/{plant.pumps[1]}/level")

    plant_stand.bench.palette_box.choose(0)

    assert plant_stand.selection.thing == Thing("store", (plant.store, f"pumps/{plant.pumps[1]}/level"))


def test_go_to_source_opens_the_class_of_the_selected_tonic(plant_stand: WindowStand) -> None:
    plant_stand.selection.select(Thing("essence", plant_of(plant_stand.session).pumps[0]))

    plant_stand.bench.run("selection.go_to_source")

    file, line = plant_stand.editor.opened[-1]
    assert file.endswith("watch_me.py")
    assert line == plant_stand.session.live.names.classes[2].line


def test_copy_puts_the_name_on_the_clipboard(plant_stand: WindowStand) -> None:
    plant_stand.selection.select(Thing("essence", plant_of(plant_stand.session).pumps[0]))

    plant_stand.bench.run("selection.copy_name")

    assert QGuiApplication.clipboard().text() == "pump 0"


def test_back_and_forward_walk_the_selections(plant_stand: WindowStand) -> None:
    pumps = plant_of(plant_stand.session).pumps
    plant_stand.selection.select(Thing("essence", pumps[0]))
    plant_stand.selection.select(Thing("essence", pumps[1]))

    plant_stand.bench.run("go.back")
    assert plant_stand.selection.thing == Thing("essence", pumps[0])
    plant_stand.bench.run("go.forward")
    assert plant_stand.selection.thing == Thing("essence", pumps[1])


def test_a_catalyst_pill_selects_its_catalyst(plant_stand: WindowStand) -> None:
    plant = plant_of(plant_stand.session)

    plant_stand.bench.strip.catalyst_chosen.emit(plant.worker)

    assert plant_stand.selection.thing == Thing("catalyst", plant.worker)


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
