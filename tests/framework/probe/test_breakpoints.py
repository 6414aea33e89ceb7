"""Breakpoints that a studio sets in an app of its own process: by request, and before the app begins."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

from tasktonic import events as ev
from tasktonic.protocol import PROTOCOL, encode_message
from tasktonic.protocol.address import Address
from tasktonic.protocol.messages import Answer, Call, Detach, Granted, Hello, Open, Release, RunUntil, SetBreakpoints
from tasktonic.rules import Breakpoint, Term
from tests.framework.probe.agents import Run
from tests.framework.probe.lamp_app import LAMP
from tests.helpers.studio_end import StudioEnd

pytestmark = [pytest.mark.end_to_end, pytest.mark.skipif(sys.platform == "win32", reason="POSIX sockets")]

TICK = Breakpoint(3, (Term("sparkle", "ttse__on_tick", cls="Lamp"),))


def _held_at(end: StudioEnd, number: int) -> ev.BreakpointHit:
    hit = end.event(ev.BreakpointHit, lambda hit: hit.hits == number)
    end.until(lambda: [fact.held for fact in end.seen(ev.CatalystHeld)].count(True) >= number, "held")
    return hit


def test_a_breakpoint_that_is_set_holds_until_it_is_let_go_and_none_is_no_deed(run_app: Run) -> None:
    with StudioEnd.of_running(run_app(LAMP).pid) as end:
        end.message(Granted)
        end.say(SetBreakpoints(9, ()))
        assert end.answer(Answer, 9).ok
        end.say(SetBreakpoints(1, (TICK,)))
        assert end.answer(Answer, 1).ok
        hit = _held_at(end, 1)
        assert hit.words.startswith("before lamp.ttse__on_tick, from ")
        end.say(Release(2))

        _held_at(end, 2)

        end.say(SetBreakpoints(3, ()))
        end.say(Release(4))
        so_far = len(end.seen(ev.Ran))
        end.until(lambda: len(end.seen(ev.Ran)) > so_far + 3, "it runs on")
        assert [deed.text for deed in end.seen(ev.ByHand) if deed.what == "breakpoints"] == [
            "1 set, 1 switched on",
            "none set any more",
        ]


def test_a_faulty_breakpoint_is_answered_with_what_is_wrong(run_app: Run) -> None:
    with StudioEnd.of_running(run_app(LAMP).pid) as end:
        end.message(Granted)
        end.say(SetBreakpoints(1, (Breakpoint(1, (Term("condition", "self."),)),)))

        answer = end.answer(Answer, 1)

        assert not answer.ok
        assert answer.text.startswith("Breakpoint 1: the condition 'self.' is no Python expression")


def test_a_viewer_may_set_none(run_app: Run) -> None:
    process = run_app(LAMP)
    with StudioEnd.of_running(process.pid, role="view") as viewer:
        viewer.message(Granted)
        viewer.say(SetBreakpoints(1, (TICK,)))

        assert (
            viewer.answer(Answer, 1).text
            == "'set breakpoints' needs control, and this studio views. Another one controls."
        )


def test_a_controller_that_detaches_takes_its_breakpoints_along(run_app: Run) -> None:
    process = run_app(LAMP)
    with StudioEnd.of_running(process.pid) as controller, StudioEnd.of_running(process.pid, role="view") as watcher:
        watcher.message(Granted)
        controller.message(Granted)
        controller.say(SetBreakpoints(1, (TICK,)))
        _held_at(controller, 1)

        controller.say(Detach())

        watcher.event(ev.CatalystHeld, lambda fact: not fact.held)
        so_far = len(watcher.seen(ev.Ran))
        watcher.until(lambda: len(watcher.seen(ev.Ran)) > so_far + 3, "it runs on")


SAY = Breakpoint(4, (Term("sparkle", "ttsc__say", cls="Lamp"),), once=True)


def _has_begun(process: subprocess.Popen[str]) -> None:
    """Wait until the lamp has said by itself what it says when it starts: SAY is meant for what is said after that."""
    assert process.stdout is not None
    assert "ready\n" in iter(process.stdout.readline, "")


def _say_hello(end: StudioEnd) -> None:
    lamp = end.event(ev.Born, lambda born: born.name == "lamp").essence
    end.say(Call(7, lamp, "ttsc__say", "'hello'"))


def test_a_controller_that_detaches_leaves_nothing_that_is_run_to(run_app: Run) -> None:
    process = run_app(LAMP)
    _has_begun(process)
    with StudioEnd.of_running(process.pid) as controller:
        controller.message(Granted)
        controller.say(RunUntil(1, SAY))
        controller.event(ev.ByHand, lambda deed: deed.what == "run until")
        controller.say(Detach())
        controller.until_closed()

    with StudioEnd.of_running(process.pid) as another:
        assert another.message(Granted).role == "control"
        _say_hello(another)
        assert another.answer(Answer, 7).ok
        so_far = len(another.seen(ev.Ran))
        another.until(lambda: len(another.seen(ev.Ran)) > so_far + 3, "it runs on")
        assert not another.seen(ev.BreakpointHit)


def test_a_probe_that_fails_at_a_hit_leaves_no_app_that_is_held(run_app: Run) -> None:
    broken = "from tasktonic.probe import grip\ngrip.Grip._is_held_at_breakpoint = lambda self: 1 / 0\n"
    process = run_app(broken + LAMP)
    _has_begun(process)
    with StudioEnd.of_running(process.pid) as controller:
        controller.message(Granted)
        controller.say(SetBreakpoints(1, (SAY,)))
        assert controller.answer(Answer, 1).ok
        _say_hello(controller)
        controller.until_closed()

    assert process.stdout is not None
    assert "hello\n" in iter(process.stdout.readline, "")


def test_a_controller_that_is_killed_leaves_no_app_that_is_held_again_and_again(run_app: Run) -> None:
    process = run_app("from tasktonic.probe import grip\ngrip.HOLD_GRACE_NS = 0\n" + LAMP)
    with StudioEnd.of_running(process.pid) as controller, StudioEnd.of_running(process.pid, role="view") as watcher:
        watcher.message(Granted)
        controller.message(Granted)
        controller.say(SetBreakpoints(1, (TICK,)))
        _held_at(controller, 1)

        controller.close()

        watcher.event(ev.CatalystHeld, lambda fact: not fact.held)
        so_far = len(watcher.seen(ev.Ran))
        watcher.until(lambda: len(watcher.seen(ev.Ran)) > so_far + 3, "it runs on")


def test_a_launched_app_does_not_run_past_a_breakpoint_before_the_studio_has_said_anything() -> None:
    points = (Breakpoint(1, (Term("sparkle", "ttse__on_start", cls="Ender"),)),)
    program = """
from tasktonic import ttFormula, ttTonic

class Ender(ttTonic):
    def ttse__on_start(self):
        print("runs", flush=True)
        self.finish()

class App(ttFormula):
    def creating_formula(self):
        return {"tasktonic/log/to": "off"}
    def creating_starting_tonics(self):
        Ender(name="ender")

App()
"""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        process = subprocess.Popen(
            [sys.executable, "-c", program],
            env={
                **os.environ,
                "TASKTONIC_STUDIO": "connect",
                "TASKTONIC_STUDIO_ADDRESS": str(Address(port=listening.getsockname()[1])),
                "TASKTONIC_STUDIO_TOKEN": "x",
                "TASKTONIC_STUDIO_BREAKPOINTS": encode_message(SetBreakpoints(0, points)).decode(),
            },
            stdout=subprocess.PIPE,
            text=True,
        )
        with process, StudioEnd(listening.accept()[0]) as end:
            end.message(Hello)
            end.say(Open(PROTOCOL, credit=1 << 20))
            hit = end.event(ev.BreakpointHit)
            end.event(ev.CatalystHeld, lambda fact: fact.held)
            end.say(Release(1))

            printed = process.communicate()[0]

    assert hit.words == "before ender.ttse__on_start, from outside (Ender.ttse__on_start)"
    assert printed == "runs\n"


def test_breakpoints_in_the_environment_that_are_none_are_said_and_left_out() -> None:
    program = "from tasktonic import probe\nprobe.start_from_environment()"
    environment = {
        **os.environ,
        "TASKTONIC_STUDIO": "connect",
        "TASKTONIC_STUDIO_ADDRESS": str(Address(port=9)),
        "TASKTONIC_STUDIO_TOKEN": "x",
        "TASKTONIC_STUDIO_BREAKPOINTS": "{",
    }
    ended = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60, check=False
    )

    assert "tasktonic: no breakpoint is set: A control message is no JSON" in ended.stderr
