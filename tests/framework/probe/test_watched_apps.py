"""Watched apps in processes of their own, attached to while they run: what they tell, and what they can be asked for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tasktonic import events as ev
from tasktonic.protocol.messages import (
    Answer,
    AskStack,
    Attributes,
    Detach,
    Finish,
    Granted,
    Hello,
    Hold,
    Inspect,
    Release,
    SetLogMode,
    Stack,
    Step,
    StoreSet,
)
from tests.framework.probe.agents import Run
from tests.framework.probe.lamp_app import HEAD, LAMP, id_of_lamp, runs_on
from tests.helpers.studio_end import StudioEnd

pytestmark = [pytest.mark.end_to_end, pytest.mark.skipif(sys.platform == "win32", reason="signals and forks of POSIX")]


# ---- attached to an app that listens


def test_all_that_lives_is_told_to_who_attaches(run_app: Run) -> None:
    process = run_app(LAMP)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"

    with StudioEnd.of_running(process.pid) as end:
        catalyst = end.event(ev.Born, lambda born: born.name == "main_catalyst").essence
        end.event(ev.SnapshotTaken, lambda taken: taken.catalyst == catalyst)

        assert {born.name for born in end.seen(ev.Born)} >= {"main_catalyst", "lamp"}
        assert {state.name for state in end.seen(ev.StateDefined)} >= {"off", "on"}
        assert end.event(ev.AppBegan).name == "plant"
        assert end.event(ev.CatalystBegan).driver == "thread"
        assert [(fact.path, fact.new, fact.present) for fact in end.seen(ev.StoreChanged)] == [("level", "1", True)]
        assert end.event(ev.TimerSet).period_ns == 5_000_000


def test_orders_and_runs_belong_together(run_app: Run) -> None:
    with StudioEnd.of_running(run_app(LAMP).pid) as end:
        ordered = end.event(ev.Ordered, lambda order: order.cause == "timer")

        ran = end.event(ev.Ran, lambda run: run.run == ordered.order)

    assert ran.essence == ordered.essence
    assert ran.begin_ns >= ordered.t_ns


def test_beats_tell_what_each_catalyst_does(run_app: Run) -> None:
    with StudioEnd.of_running(run_app(LAMP).pid) as end:
        beat = end.event(ev.Beat)

        assert beat.catalyst == end.event(ev.CatalystBegan).catalyst


def test_the_attributes_of_a_tonic_can_be_seen_without_its_secrets(run_app: Run) -> None:
    with StudioEnd.of_running(run_app(LAMP).pid, role="view") as end:
        end.say(Inspect(5, id_of_lamp(end)))
        rows = {row.name: row for row in end.answer(Attributes, 5).rows}

    assert rows["password"].preview == "(hidden)"
    assert rows["parts"].preview == "[1, {'colour': 'red'}]"
    assert rows["parts"].children[1].children[0].preview == "'red'"
    assert "ledger" not in rows
    assert not any(name.startswith("_tt") for name in rows)


def test_a_finished_essence_has_no_attributes(run_app: Run) -> None:
    with StudioEnd.of_running(run_app(LAMP).pid) as end:
        end.say(Inspect(5, 4_711))

        assert end.answer(Attributes, 5).problem == (
            "Nothing that lives has the id 4711: it has finished, or belongs to an earlier app."
        )


STUCK = (
    HEAD
    + """
class Stuck(ttTonic):
    def ttse__on_start(self):
        self.dig()

    def dig(self):
        threading.Event().wait()

class Main(App):
    def creating_starting_tonics(self):
        Stuck(name="stuck")

Main()
"""
)


def test_a_catalyst_that_hangs_tells_where(run_app: Run) -> None:
    with StudioEnd.of_running(run_app(STUCK).pid) as end:
        catalyst = end.event(ev.CatalystBegan).catalyst
        end.event(ev.Beat, lambda beat: beat.inside >= 0)

        end.say(AskStack(3, catalyst))

        stack = end.answer(Stack, 3)
        assert (stack.catalyst, stack.problem) == (catalyst, "")
        assert [line.function for line in stack.lines if "Stuck" in line.function] == [
            "Stuck.ttse__on_start",
            "Stuck.dig",
        ]


def test_what_is_no_catalyst_has_no_stack(run_app: Run) -> None:
    with StudioEnd.of_running(run_app(LAMP).pid) as end:
        end.say(AskStack(3, id_of_lamp(end)))

        assert end.answer(Stack, 3).problem == (
            "No catalyst with this id lives: it has ended, or belongs to an earlier app."
        )


def test_a_tonic_can_be_asked_to_finish(run_app: Run) -> None:
    process = run_app(LAMP)
    with StudioEnd.of_running(process.pid) as end:
        lamp = id_of_lamp(end)
        end.say(Finish(1, lamp))

        assert end.answer(Answer, 1) == Answer(1, True)
        assert end.event(ev.Ended, lambda ended: ended.essence == lamp)
        end.until_closed()

    output, _ = process.communicate()
    assert output.splitlines()[-2:] == ["the lamp has finished", "the app has ended"]


def test_a_log_mode_can_be_set(run_app: Run) -> None:
    with StudioEnd.of_running(run_app(LAMP).pid) as end:
        lamp = id_of_lamp(end)

        end.say(SetLogMode(1, lamp, 3))
        end.say(SetLogMode(2, lamp, 9))

        assert end.event(ev.LogModeSet, lambda fact: fact.essence == lamp).log_mode == 3
        assert "no log mode 9" in end.answer(Answer, 2).text


def test_a_value_in_a_store_can_be_set(run_app: Run) -> None:
    with StudioEnd.of_running(run_app(LAMP).pid) as end:
        store = end.event(ev.StoreChanged).store

        end.say(StoreSet(1, store, "level", 7))
        end.say(StoreSet(2, id_of_lamp(end), "level", 7))

        assert end.event(ev.StoreChanged, lambda fact: fact.new == "7").path == "level"
        assert end.answer(Answer, 2) == Answer(2, False, "lamp is no store.")


def test_a_held_app_runs_nothing_but_what_is_stepped(run_app: Run) -> None:
    with StudioEnd.of_running(run_app(LAMP).pid) as end:
        catalyst = end.event(ev.CatalystBegan).catalyst
        end.say(Hold(1))
        end.event(ev.CatalystHeld, lambda fact: fact.held)
        end.say(Inspect(2, id_of_lamp(end)))
        before = end.answer(Attributes, 2)

        end.say(Inspect(3, id_of_lamp(end)))
        assert end.answer(Attributes, 3).rows == before.rows
        end.say(Step(4, catalyst))
        assert end.answer(Answer, 4).ok
        end.say(Release(5))
        end.event(ev.CatalystHeld, lambda fact: not fact.held)
        runs_on(end)


def _hold(end: StudioEnd) -> None:
    end.message(Granted)
    end.event(ev.CatalystBegan)  # before that there is nothing to hold
    end.say(Hold(1))
    end.event(ev.CatalystHeld, lambda fact: fact.held)


def test_a_controller_that_detaches_lets_go_what_it_held(run_app: Run) -> None:
    process = run_app(LAMP)
    with StudioEnd.of_running(process.pid) as controller, StudioEnd.of_running(process.pid, role="view") as watcher:
        watcher.message(Granted)
        _hold(controller)

        controller.say(Detach())

        watcher.event(ev.CatalystHeld, lambda fact: not fact.held)
        runs_on(watcher)


def test_a_controller_that_is_killed_lets_go_what_it_held_after_a_while(run_app: Run) -> None:
    process = run_app("from tasktonic.probe import grip\ngrip.HOLD_GRACE_NS = 0\n" + LAMP)
    with StudioEnd.of_running(process.pid) as controller, StudioEnd.of_running(process.pid, role="view") as watcher:
        watcher.message(Granted)
        _hold(controller)

        controller.close()

        watcher.event(ev.CatalystHeld, lambda fact: not fact.held)
        runs_on(watcher)


def test_an_heir_of_control_finds_the_app_as_it_was_held(run_app: Run) -> None:
    process = run_app("from tasktonic.probe import grip\ngrip.HOLD_GRACE_NS = 0\n" + LAMP)
    with StudioEnd.of_running(process.pid) as controller:
        _hold(controller)
        heir = StudioEnd.of_running(process.pid)
        heir.message(Granted)
    with heir:
        heir.until(lambda: heir.message(Granted).role == "control", "control")

        heir.say(Release(2))

        heir.event(ev.CatalystHeld, lambda fact: not fact.held)
        runs_on(heir)


def test_a_request_to_a_busy_catalyst_is_answered_with_what_it_is_inside_of(
    run_app: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = run_app(
        HEAD
        + """
from tasktonic.probe import requests
requests.PATIENCE_NS = 0

class Pump(ttTonic):
    def ttse__on_start(self):
        self.ttsc__block()

    def ttsc__block(self):
        sys.stdin.readline()

class Plant(App):
    def creating_starting_tonics(self):
        Pump(name="pump")

Plant()
"""
    )
    with StudioEnd.of_running(process.pid) as end:
        beat = end.event(ev.Beat, lambda beat: beat.inside >= 0)
        end.say(Inspect(1, beat.inside))

        assert "is busy inside ttsc__block of pump" in end.answer(Attributes, 1).problem


# ---- python -m tasktonic.probe


def test_the_module_runs_a_script_that_can_be_attached_to(tmp_path: Path) -> None:
    script = tmp_path / "plant.py"
    script.write_text(LAMP, encoding="utf-8")
    root = str(Path(__file__).resolve().parents[3])
    process = subprocess.Popen(
        [sys.executable, "-m", "tasktonic.probe", str(script), "--fast"],
        env={**os.environ, "PYTHONPATH": root},
        stdout=subprocess.DEVNULL,
    )
    try:
        with StudioEnd.of_running(process.pid) as end:
            hello = end.message(Hello)

        assert (hello.script, hello.argv) == (str(script), ("--fast",))
    finally:
        process.kill()
        process.wait()


def test_the_module_without_a_script_tells_its_usage() -> None:
    root = str(Path(__file__).resolve().parents[3])

    done = subprocess.run(
        [sys.executable, "-m", "tasktonic.probe"],
        env={**os.environ, "PYTHONPATH": root},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert done.stderr.startswith("Usage: python -m tasktonic.probe SCRIPT")
