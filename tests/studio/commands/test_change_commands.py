"""Commands that change the app say why they cannot be done, one by one."""

from __future__ import annotations

from typing import Any

import pytest

from tasktonic import events as ev
from tasktonic.protocol import CAPABILITIES, messages
from tasktonic_studio.commands.change_commands import NOT_HELD, change_commands
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.commands.registry import Registry
from tasktonic_studio.session.edits import StoreSpot, Typed
from tasktonic_studio.session.inbox import TargetBegan, TargetStatus, Told
from tasktonic_studio.session.selection import Selection, Thing
from tasktonic_studio.session.session import Session
from tests.helpers.builders import EventWriter


class Bench:
    """Commands on a session of one pump and one store, controlled unless told otherwise."""

    def __init__(self, *, role: str = "control", how: str = "launched", can: tuple[str, ...] = CAPABILITIES) -> None:
        self.session = Session()
        self.session.apply([TargetBegan(how)])
        if how != "file":
            hello = messages.Hello(1, 1, "s", capabilities=can)
            self.session.apply([Told(hello), Told(messages.Granted(role))])
        self.write = EventWriter()
        self.main = self.write.catalyst("main_catalyst")
        self.write.cls("Pump", ("off", "on"))
        self.pump = self.write.born("Pump", "pump", catalyst=self.main)
        self.store = self.write.born("Store", "store", catalyst=self.main)
        self.write.store(self.store, "limit", "5", type_="int")
        self.feed()
        self.selection = Selection()
        self.sent: list[Any] = []
        self.registry = Registry()
        self.registry.register_all(change_commands())
        self.context: Any = CommandContext(
            self.session,
            self.selection,
            None,  # type: ignore[arg-type]
            self,  # type: ignore[arg-type]
            None,  # type: ignore[arg-type]
        )

    def send(self, message: Any) -> None:
        self.sent.append(message)

    def feed(self) -> None:
        self.session.apply_events(self.session.live.n, self.write.take())

    def why_not(self, command: str) -> str:
        return self.registry.why_not(f"change.{command}", self.context)

    def run(self, command: str) -> bool:
        return self.registry.run(f"change.{command}", self.context)

    def select(self, essence: int) -> None:
        self.selection.select(Thing("essence", essence))

    def hold(self) -> None:
        self.write.add(ev.CatalystHeld(self.write.t_ns, self.main, True))
        self.feed()


COMMANDS = ("state", "call", "finish", "log_full", "edit_value")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_viewer_is_told_that_another_one_controls(command: str) -> None:
    bench = Bench(role="view")
    bench.select(bench.pump)

    assert bench.why_not(command) == "This Studio only views: another one controls the app."
    assert not bench.run(command)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_recorded_run_is_not_changed(command: str) -> None:
    bench = Bench(how="file")
    bench.select(bench.pump)

    assert bench.why_not(command) == "This is a recorded run: nothing in it can be changed."


@pytest.mark.parametrize("command", COMMANDS)
def test_an_app_that_has_ended_is_not_changed(command: str) -> None:
    bench = Bench()
    bench.select(bench.pump)
    bench.session.apply([TargetStatus("ended", "ended")])

    assert bench.why_not(command) == "The app has ended."


@pytest.mark.parametrize("command", COMMANDS)
def test_the_past_is_not_changed(command: str) -> None:
    bench = Bench()
    bench.select(bench.pump)
    bench.selection.look_at(3)

    assert bench.why_not(command) == "A past moment is shown: go back to live first (End)."


@pytest.mark.parametrize("command", COMMANDS)
def test_an_older_app_is_not_asked_for_what_it_does_not_know(command: str) -> None:
    bench = Bench(can=("inspect",))
    bench.select(bench.pump)

    assert bench.why_not(command) == "The app cannot do that: its tasktonic is older than this Studio."


@pytest.mark.parametrize("command", ["state", "call", "finish", "log_full"])
def test_a_tonic_has_to_be_selected(command: str) -> None:
    assert Bench().why_not(command) == "Select a tonic first."


def test_what_has_finished_is_named() -> None:
    bench = Bench()
    bench.select(bench.pump)
    bench.write.ended(bench.pump)
    bench.feed()

    assert bench.why_not("finish") == "pump has finished."


def test_what_runs_is_edited_once_that_is_switched_on() -> None:
    bench = Bench()
    bench.select(bench.pump)
    before = bench.why_not("edit_value")

    assert bench.run("live_edit")

    assert (before, bench.why_not("edit_value")) == (NOT_HELD, "")
    assert bench.registry.is_on("change.live_edit", bench.context)


def test_what_is_held_can_be_edited() -> None:
    bench = Bench()
    bench.selection.select(Thing("store", (bench.store, "limit")))
    bench.hold()

    assert bench.why_not("edit_value") == ""


def test_what_was_typed_is_sent_with_what_was_seen() -> None:
    bench = Bench()
    bench.hold()
    spot = StoreSpot(bench.store, "limit")
    bench.session.edits.typed = Typed(spot, "7", "5", "int")

    assert bench.run("send_typed")

    (sent,) = bench.sent
    assert sent == messages.StoreSet(sent.request, bench.store, "limit", None, "7", True, "5", "int")
    assert bench.session.edits.waits_for(spot) == "7"
    assert bench.why_not("send_typed") == "Nothing was typed."


def test_a_log_mode_is_set_by_its_number() -> None:
    bench = Bench()
    bench.select(bench.pump)

    assert bench.run("log_quiet")

    (sent,) = bench.sent
    assert (sent.kind, sent.essence, sent.mode) == ("set log mode", bench.pump, 2)
