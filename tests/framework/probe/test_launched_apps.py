"""Apps that a studio launches: they call it, are seen from their first event, and run on without it."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tasktonic import events as ev
from tasktonic.observation import SECOND
from tasktonic.probe.agent import Agent
from tasktonic.protocol import PROTOCOL
from tasktonic.protocol.address import Address
from tasktonic.protocol.messages import Goodbye, Granted, Hello, Open, Refused
from tests.framework.probe.agents import Run
from tests.framework.probe.lamp_app import HEAD, LAMP, id_of_lamp, runs_on
from tests.helpers.patience import PATIENCE_S
from tests.helpers.studio_end import StudioEnd

pytestmark = [pytest.mark.end_to_end, pytest.mark.skipif(sys.platform == "win32", reason="signals and forks of POSIX")]


WAITS_FOR_AN_ANSWER = "from tasktonic.probe import agent\nagent.GREETING_WORDS_NS = 60 * agent.SECOND\n"
"""An app that has ended waits two seconds for the studio that launched it; this one as long as a busy machine may need."""


def _lives(process: subprocess.Popen[str]) -> bool:
    return process.poll() is None


class Desk:
    """A studio that waits for the app it launches."""

    def __init__(self, folder: Path) -> None:
        self.listener = socket.socket(socket.AF_UNIX)
        self.address = f"unix:{folder}/desk.sock"
        self.listener.bind(f"{folder}/desk.sock")
        self.listener.listen()
        self.listener.settimeout(PATIENCE_S)

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
        runs_on(end)


def test_nothing_is_missing_from_the_begin_of_a_launched_app(run_app: Run, desk: Desk) -> None:
    run_app(LAMP, **desk.environment)
    with desk.take() as end:
        end.message(Hello)
        end.say(Open(PROTOCOL, credit=1 << 30))

        lamp = id_of_lamp(end)
        end.event(ev.StateChanged, lambda fact: fact.essence == lamp and fact.old == -1)


def test_a_script_that_ends_at_once_is_seen_whole(run_app: Run, desk: Desk) -> None:
    process = run_app(
        WAITS_FOR_AN_ANSWER
        + HEAD
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
        WAITS_FOR_AN_ANSWER
        + HEAD
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


def test_an_app_that_is_over_before_it_is_connected_is_seen_all_the_same(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasktonic.probe.agent.GREETING_WORDS_NS", int(PATIENCE_S) * SECOND)
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
        HEAD
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
        runs_on(end)

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
