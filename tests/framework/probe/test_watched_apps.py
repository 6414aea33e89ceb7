"""Watched apps in processes of their own: how they are found, how they end, and what must never disturb them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tasktonic import events as ev
from tasktonic.probe.agent import Agent
from tasktonic.protocol import PROTOCOL
from tasktonic.protocol.address import Address, find_running
from tasktonic.protocol.messages import (
    Answer,
    AskStack,
    Attributes,
    Detach,
    Finish,
    Goodbye,
    Granted,
    Hello,
    Hold,
    Inspect,
    Open,
    Refused,
    Release,
    SetLogMode,
    Stack,
    Step,
    StoreSet,
)
from tests.helpers.studio_end import StudioEnd

Run = Callable[..., "subprocess.Popen[str]"]

pytestmark = [pytest.mark.end_to_end, pytest.mark.skipif(sys.platform == "win32", reason="signals and forks of POSIX")]

_HEAD = """
import os, sys, threading, time
from tasktonic import ttEssence, ttFormula, ttStore, ttTimerRepeat, ttTonic

class App(ttFormula):
    def creating_formula(self):
        return {"tasktonic/log/to": "off", "tasktonic/project/name": "plant"}
"""

LAMP = (
    _HEAD
    + """
class Lamp(ttTonic):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.ticks = 0
        self.password = "hunter2"
        self.parts = [1, {"colour": "red"}]
        self.store = self.bind(ttStore)
        self.store.set("level", 1)

    def ttse__on_start(self):
        self.to_state("off")
        ttTimerRepeat(seconds=0.005, name="tick")
        self.ttsc__say("ready")

    def ttsc__say(self, word):
        print(word, flush=True)

    def ttse_off__on_tick(self, info):
        self.ticks += 1
        self.to_state("on")

    def ttse_on__on_tick(self, info):
        self.to_state("off")

    def ttse__on_finished(self):
        print("the lamp has finished", flush=True)

class Plant(App):
    def creating_starting_tonics(self):
        Lamp(name="lamp")

Plant()
print("the app has ended", flush=True)
"""
)


def _lamp(end: StudioEnd) -> int:
    return end.event(ev.Born, lambda born: born.name == "lamp").essence


def _lives(process: subprocess.Popen[str]) -> bool:
    return process.poll() is None


def _turns(end: StudioEnd) -> None:
    """Wait until the app has run something more."""
    so_far = len(end.seen(ev.Ran))
    end.until(lambda: len(end.seen(ev.Ran)) > so_far, "another run")


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
        end.say(Inspect(5, _lamp(end)))
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
    _HEAD
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
        end.say(AskStack(3, _lamp(end)))

        assert end.answer(Stack, 3).problem == (
            "No catalyst with this id lives: it has ended, or belongs to an earlier app."
        )


def test_a_tonic_can_be_asked_to_finish(run_app: Run) -> None:
    process = run_app(LAMP)
    with StudioEnd.of_running(process.pid) as end:
        lamp = _lamp(end)
        end.say(Finish(1, lamp))

        assert end.answer(Answer, 1) == Answer(1, True)
        assert end.event(ev.Ended, lambda ended: ended.essence == lamp)
        end.until_closed()

    output, _ = process.communicate()
    assert output.splitlines()[-2:] == ["the lamp has finished", "the app has ended"]


def test_a_log_mode_can_be_set(run_app: Run) -> None:
    with StudioEnd.of_running(run_app(LAMP).pid) as end:
        lamp = _lamp(end)

        end.say(SetLogMode(1, lamp, 3))
        end.say(SetLogMode(2, lamp, 9))

        assert end.event(ev.LogModeSet, lambda fact: fact.essence == lamp).log_mode == 3
        assert "no log mode 9" in end.answer(Answer, 2).text


def test_a_value_in_a_store_can_be_set(run_app: Run) -> None:
    with StudioEnd.of_running(run_app(LAMP).pid) as end:
        store = end.event(ev.StoreChanged).store

        end.say(StoreSet(1, store, "level", 7))
        end.say(StoreSet(2, _lamp(end), "level", 7))

        assert end.event(ev.StoreChanged, lambda fact: fact.new == "7").path == "level"
        assert end.answer(Answer, 2) == Answer(2, False, "lamp is no store.")


def test_a_held_app_runs_nothing_but_what_is_stepped(run_app: Run) -> None:
    with StudioEnd.of_running(run_app(LAMP).pid) as end:
        catalyst = end.event(ev.CatalystBegan).catalyst
        end.say(Hold(1))
        end.event(ev.CatalystHeld, lambda fact: fact.held)
        end.say(Inspect(2, _lamp(end)))
        before = end.answer(Attributes, 2)

        end.say(Inspect(3, _lamp(end)))
        assert end.answer(Attributes, 3).rows == before.rows
        end.say(Step(4, catalyst))
        assert end.answer(Answer, 4).ok
        end.say(Release(5))
        end.event(ev.CatalystHeld, lambda fact: not fact.held)
        _turns(end)


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
        _turns(watcher)


def test_a_controller_that_is_killed_lets_go_what_it_held_after_a_while(run_app: Run) -> None:
    process = run_app("from tasktonic.probe import grip\ngrip.HOLD_GRACE_NS = 0\n" + LAMP)
    with StudioEnd.of_running(process.pid) as controller, StudioEnd.of_running(process.pid, role="view") as watcher:
        watcher.message(Granted)
        _hold(controller)

        controller.close()

        watcher.event(ev.CatalystHeld, lambda fact: not fact.held)
        _turns(watcher)


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
        _turns(heir)


def test_a_request_to_a_busy_catalyst_is_answered_with_what_it_is_inside_of(
    run_app: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = run_app(
        _HEAD
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


# ---- launched by a studio


class Desk:
    """A studio that waits for the app it launches."""

    def __init__(self, folder: Path) -> None:
        self.listener = socket.socket(socket.AF_UNIX)
        self.address = f"unix:{folder}/desk.sock"
        self.listener.bind(f"{folder}/desk.sock")
        self.listener.listen()
        self.listener.settimeout(10)

    @property
    def environment(self) -> dict[str, str]:
        return {
            "TASKTONIC_STUDIO": "connect",
            "TASKTONIC_STUDIO_ADDRESS": self.address,
            "TASKTONIC_STUDIO_TOKEN": "one-time",
        }

    def take(self) -> StudioEnd:
        return StudioEnd(self.listener.accept()[0])


@pytest.fixture
def desk(user_folders: Path) -> Iterator[Desk]:
    desk = Desk(user_folders)
    yield desk
    desk.listener.close()


def test_a_launched_app_calls_the_studio_with_its_token(run_app: Run, desk: Desk) -> None:
    process = run_app(LAMP, **desk.environment)
    with desk.take() as end:
        assert end.message(Hello).token == "one-time"
        assert end.message(Hello).pid == process.pid
        end.say(Open(PROTOCOL, role="control", credit=1 << 30))

        assert end.message(Granted).role == "control"
        _turns(end)


def test_nothing_is_missing_from_the_begin_of_a_launched_app(run_app: Run, desk: Desk) -> None:
    run_app(LAMP, **desk.environment)
    with desk.take() as end:
        end.message(Hello)
        end.say(Open(PROTOCOL, credit=1 << 30))

        lamp = _lamp(end)
        end.event(ev.StateChanged, lambda fact: fact.essence == lamp and fact.old == -1)


def test_a_script_that_ends_at_once_is_seen_whole(run_app: Run, desk: Desk) -> None:
    process = run_app(
        _HEAD
        + """
class Brief(ttTonic):
    def ttse__on_start(self):
        self.log("that was short")
        self.finish()

class Plant(App):
    def creating_starting_tonics(self):
        Brief(name="brief")

Plant()
""",
        **desk.environment,
    )
    with desk.take() as end:
        end.message(Hello)
        end.say(Open(PROTOCOL, credit=1 << 30))
        end.until_closed()

    assert end.event(ev.LogLine).text == "that was short"
    assert end.event(ev.AppEnded).problem == ""
    assert end.messages[-1] == Goodbye("The app has ended.")
    assert process.wait() == 0


def test_two_apps_one_after_the_other_are_both_seen(run_app: Run, desk: Desk) -> None:
    run_app(
        _HEAD
        + """
class Brief(ttTonic):
    def ttse__on_start(self):
        self.finish()

class Plant(App):
    def creating_starting_tonics(self):
        Brief(name="brief")

Plant()
Plant()
""",
        **desk.environment,
    )
    with desk.take() as end:
        end.message(Hello)
        end.say(Open(PROTOCOL, credit=1 << 30))
        end.until_closed()

    assert [fact.app for fact in end.seen(ev.AppEnded)] == [1, 2]


def test_an_app_that_is_over_before_it_is_connected_is_seen_all_the_same(desk: Desk) -> None:
    agent = Agent(calling=(Address.parse(desk.address), "one-time"))
    agent._stopping = "That was short."
    agent.start()
    with desk.take() as end:
        end.message(Hello)
        end.say(Open(PROTOCOL, credit=1 << 30))
        end.until_closed()

    assert end.messages[-1] == Goodbye("That was short.")


def test_children_of_a_launched_app_are_not_told_of_the_studio(run_app: Run, desk: Desk) -> None:
    process = run_app(
        _HEAD
        + """
class Brief(ttTonic):
    def ttse__on_start(self):
        print(sorted(name for name in os.environ if name.startswith("TASKTONIC")), flush=True)
        self.finish()

class Plant(App):
    def creating_starting_tonics(self):
        Brief()

Plant()
""",
        **desk.environment,
    )
    with desk.take() as end:
        end.message(Hello)
        end.say(Open(PROTOCOL, credit=1 << 30))
        end.until_closed()

    assert process.communicate()[0] == "[]\n"


def test_an_app_whose_studio_is_killed_runs_on(run_app: Run, desk: Desk) -> None:
    process = run_app(LAMP + "\n", **desk.environment)
    with desk.take() as end:
        end.message(Hello)
        end.say(Open(PROTOCOL, credit=1 << 30))
        _turns(end)

    process.send_signal(signal.SIGINT)
    output, errors = process.communicate()
    assert output.splitlines()[-2:] == ["the lamp has finished", "the app has ended"]
    assert errors == ""


def test_an_app_whose_studio_cannot_be_reached_runs_with_one_line(run_app: Run, user_folders: Path) -> None:
    process = run_app(
        LAMP,
        TASKTONIC_STUDIO="connect",
        TASKTONIC_STUDIO_ADDRESS=f"unix:{user_folders}/nobody.sock",
        TASKTONIC_STUDIO_TOKEN="x",
    )
    assert process.stderr is not None
    line = process.stderr.readline()

    assert line.startswith("tasktonic: the studio that launched this app cannot be reached")
    assert _lives(process)


def test_an_app_that_its_studio_refuses_runs_with_one_line(run_app: Run, desk: Desk) -> None:
    process = run_app(LAMP, **desk.environment)
    with desk.take() as end:
        end.message(Hello)
        end.say(Refused("This app is too new."))
        end.until_closed()

    assert process.stderr is not None
    assert process.stderr.readline() == (
        "tasktonic: the studio does not take this app: This app is too new. The app runs on without it.\n"
    )
    assert _lives(process)


def test_an_address_that_is_none_does_not_stop_the_app(run_app: Run) -> None:
    process = run_app(LAMP, TASKTONIC_STUDIO="connect", TASKTONIC_STUDIO_ADDRESS="http://example.org")
    assert process.stderr is not None

    assert "nobody can watch this app: 'http://example.org' is no address" in process.stderr.readline()
    assert _lives(process)


# ---- bad days


def test_an_app_that_ends_takes_its_files_along(run_app: Run, user_folders: Path) -> None:
    process = run_app(LAMP)
    with StudioEnd.of_running(process.pid) as end:
        end.say(Finish(1, _lamp(end)))
        end.until_closed()
    process.wait()

    assert list((user_folders / "run" / "tasktonic").iterdir()) == []


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_app_is_no_longer_listed(run_app: Run, user_folders: Path, how: signal.Signals) -> None:
    process = run_app(LAMP)
    with StudioEnd.of_running(process.pid) as end:
        end.message(Granted)
        process.send_signal(how)
        end.until_closed()
    process.wait()

    assert [one for one in find_running() if one.pid == process.pid] == []
    assert list((user_folders / "run" / "tasktonic").iterdir()) == []


def test_an_app_that_calls_os_exit_is_no_longer_listed(run_app: Run) -> None:
    process = run_app(LAMP.replace('self.to_state("off")\n        ttTimer', "os._exit(3)\n        ttTimer"))

    assert process.wait() == 3
    assert [one for one in find_running() if one.pid == process.pid] == []


def test_a_forked_child_does_not_disturb_the_connection_of_its_parent(run_app: Run) -> None:
    process = run_app(
        LAMP.replace(
            "        self.ticks += 1\n",
            """
        self.ticks += 1
        if self.ticks == 20:
            child = os.fork()
            if not child:
                stream.emit(LogLine(0, 0, "from the child", 0))
                stream.hand_over()
                atexit._run_exitfuncs()
                os._exit(7)
            self.log(f"the child ended with {os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}")
""",
        ).replace(
            "import os",
            "import atexit\nfrom tasktonic.stream import stream\nfrom tasktonic.events import LogLine\nimport os",
        )
    )
    with StudioEnd.of_running(process.pid) as end:
        line = end.event(ev.LogLine)
        _turns(end)

    assert line.text == "the child ended with 7"
    assert [one.problem for one in find_running() if one.pid == process.pid] == [""]


def test_a_flood_of_sparkles_is_survived_by_app_and_probe(run_app: Run) -> None:
    process = run_app(
        _HEAD
        + """
class Spinner(ttTonic):
    def ttse__on_start(self):
        self.left = 100_000
        self.ttsc__spin()

    def ttsc__spin(self):
        self.left -= 1
        if self.left:
            self.ttsc__spin()
        else:
            self.log("done")
            self.finish()

class Plant(App):
    def creating_starting_tonics(self):
        Spinner(name="spinner")

sys.stdin.readline()
Plant()
"""
    )
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()
    with StudioEnd.of_running(process.pid, credit=1 << 20) as end:
        end.until_closed()

    assert process.wait() == 0
    assert [line.text for line in end.seen(ev.LogLine)] in (["done"], [])


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
