"""The start page: what is offered on it, and what brings the panels in its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tasktonic_studio import resources
from tasktonic_studio.commands.running import RecentRun, RecentScript, RunningApp
from tasktonic_studio.session.inbox import TargetBegan, TargetStatus
from tasktonic_studio.ui.dialogs import ask
from tests.helpers.window_stand import WindowStand


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
