"""Watched apps that end, are killed, fork or are flooded: nothing of them is left behind, and nothing stops them."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from tasktonic import events as ev
from tasktonic.protocol.address import find_running
from tasktonic.protocol.messages import Call, Finish, Granted
from tests.framework.probe.agents import Run
from tests.framework.probe.lamp_app import HEAD, LAMP, id_of_lamp, runs_on
from tests.helpers.studio_end import StudioEnd

pytestmark = [pytest.mark.end_to_end, pytest.mark.skipif(sys.platform == "win32", reason="signals and forks of POSIX")]


def test_an_app_that_ends_takes_its_files_along(run_app: Run, user_folders: Path) -> None:
    process = run_app(LAMP)
    with StudioEnd.of_running(process.pid) as end:
        end.say(Finish(1, id_of_lamp(end)))
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
            "        print(word, flush=True)\n",
            """
        if word == "fork":
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
        end.say(Call(1, id_of_lamp(end), "ttsc__say", "'fork'"))
        line = end.event(ev.LogLine)
        runs_on(end)

    assert line.text == "the child ended with 7"
    assert [one.problem for one in find_running() if one.pid == process.pid] == [""]


def test_a_flood_of_sparkles_is_survived_by_app_and_probe(run_app: Run) -> None:
    process = run_app(
        HEAD
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
