"""What a studio does to an app is an event of its own, before what comes of it, in the stream and in recorded traces."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tasktonic import events as ev
from tasktonic.protocol.messages import Answer, Finish, Hold, Release, SetLogMode, Step, StoreSet
from tests.framework.probe.agents import Run
from tests.helpers.studio_end import StudioEnd

pytestmark = [pytest.mark.end_to_end, pytest.mark.skipif(sys.platform == "win32", reason="apps are found as on POSIX")]

DOOR = """
from tasktonic import ttFormula, ttStore, ttTonic

class Door(ttTonic):
    def ttse__on_start(self):
        self.store = self.bind(ttStore)
        self.store.set("door/open", False)
        self.store.set("door/password", "old")

class App(ttFormula):
    def creating_formula(self):
        return {"tasktonic/log/to": "off", "tasktonic/record/to": RECORD}

    def creating_starting_tonics(self):
        Door(name="door")

App()
"""


def _app(run_app: Run, record: str = "") -> subprocess.Popen[str]:
    return run_app(DOOR.replace("RECORD", repr(record)))


def _ids(end: StudioEnd) -> tuple[int, int, int]:
    """Of the door, the store and the catalyst, when all are known."""
    store = end.event(ev.StoreChanged, lambda fact: fact.path == "door/password").store
    door = end.event(ev.Born, lambda born: born.name == "door").essence
    return door, store, end.event(ev.CatalystBegan).catalyst


def _by_hand(end: StudioEnd, what: str) -> ev.ByHand:
    return end.event(ev.ByHand, lambda deed: deed.what == what)


def test_every_request_that_acts_is_told_with_whom_it_was_done_to_and_by_whom(run_app: Run) -> None:
    with StudioEnd.of_running(_app(run_app).pid) as end:
        door, store, catalyst = _ids(end)
        end.say(Hold(1, catalyst))
        end.say(Step(2, catalyst, 2))
        end.say(Release(3, catalyst))
        end.say(SetLogMode(4, door, 3))
        end.say(StoreSet(5, store, "door/open", True))
        end.say(Finish(6, door))

        told = [
            (deed.essence, deed.what, deed.text, deed.who)
            for deed in (_by_hand(end, what) for what in ("hold", "step", "release", "log mode", "store set", "finish"))
        ]

    assert told == [
        (catalyst, "hold", "main_catalyst", "test control"),
        (catalyst, "step", "main_catalyst, 2 orders", "test control"),
        (catalyst, "release", "main_catalyst", "test control"),
        (door, "log mode", "door to FULL", "test control"),
        (store, "store set", "door/open = True", "test control"),
        (door, "finish", "door", "test control"),
    ]


def test_a_deed_stands_before_what_comes_of_it(run_app: Run) -> None:
    with StudioEnd.of_running(_app(run_app).pid) as end:
        _, store, _ = _ids(end)
        end.say(StoreSet(1, store, "door/open", True))
        end.event(ev.StoreChanged, lambda fact: fact.new == "True")

        kinds = [type(event) for _, event in end.events]

    assert kinds.index(ev.ByHand) == len(kinds) - 1 - kinds[::-1].index(ev.StoreChanged) - 1


def test_holding_everything_is_a_deed_to_all_catalysts(run_app: Run) -> None:
    with StudioEnd.of_running(_app(run_app).pid) as end:
        _ids(end)
        end.say(Hold(1))

        deed = _by_hand(end, "hold")

    assert (deed.essence, deed.text) == (-1, "all catalysts")


LISTENED = """
from pathlib import Path
from tasktonic import ttCatalyst, ttFormula, ttTonic
from tasktonic.events import ByHand
from tasktonic.stream import Level, stream

class Ear:
    level = Level.FACTS

    def on_rows(self, first, rows):
        for row in rows:
            if isinstance(row, ByHand):
                Path(REPORT).write_text(f"{row.what}: {ttCatalyst.begins_held}")

class App(ttFormula):
    def creating_formula(self):
        return {"tasktonic/log/to": "off"}

    def creating_starting_tonics(self):
        ttTonic(name="door")

stream.attach(Ear())
App()
"""


def test_nobody_gets_a_turn_between_the_word_of_a_hold_and_the_hold(run_app: Run, tmp_path: Path) -> None:
    report = tmp_path / "report"
    process = run_app(LISTENED.replace("REPORT", repr(str(report))))
    with StudioEnd.of_running(process.pid) as end:
        end.say(Hold(1))
        assert end.answer(Answer, 1).ok

    assert report.read_text() == "hold: True", "a reader hears of it when the catalysts have been told, and not before"


def test_a_secret_value_is_not_told(run_app: Run) -> None:
    with StudioEnd.of_running(_app(run_app).pid) as end:
        _, store, _ = _ids(end)
        end.say(StoreSet(1, store, "door/password", "hunter2"))

        assert _by_hand(end, "store set").text == "door/password = (hidden)"


def test_what_is_refused_is_no_deed(run_app: Run) -> None:
    with StudioEnd.of_running(_app(run_app).pid) as end:
        door, store, catalyst = _ids(end)
        end.say(StoreSet(1, door, "door/open", True))
        end.say(Hold(2, 99_999))
        end.say(Step(3, catalyst, 0))
        end.say(Finish(4, 99_999))
        refused = [end.answer(Answer, number).text for number in (1, 2, 3, 4)]
        end.say(StoreSet(5, store, "door/open", True))
        _by_hand(end, "store set")

        assert [deed.what for deed in end.seen(ev.ByHand)] == ["store set"]
    assert refused[1] == (
        f"No catalyst with the id 99999 lives: it has ended. Living catalysts: main_catalyst ({catalyst})."
    )


def test_a_deed_that_fails_is_told_again_with_what_went_wrong(run_app: Run) -> None:
    with StudioEnd.of_running(_app(run_app).pid) as end:
        _, store, _ = _ids(end)
        end.say(StoreSet(1, store, "door//open", 1))
        answer = end.answer(Answer, 1)
        end.event(ev.ByHand, lambda deed: "failed" in deed.text)

        assert [deed.text for deed in end.seen(ev.ByHand)] == [
            "door//open = 1",
            f"door//open = 1: failed. {answer.text}",
        ]
    assert not answer.ok


def test_a_recorded_run_says_what_was_done_by_hand(run_app: Run, tmp_path: Path) -> None:
    trace = tmp_path / "door.ttrec"
    process = _app(run_app, str(trace))
    with StudioEnd.of_running(process.pid) as end:
        door, store, _ = _ids(end)
        end.say(StoreSet(1, store, "door/open", True))
        assert end.answer(Answer, 1).ok
        end.say(Finish(2, door))
    process.communicate(timeout=10)

    shown = subprocess.run(
        [sys.executable, "-m", "tasktonic", "trace", "show", str(trace)], capture_output=True, text=True, check=True
    ).stdout

    assert "by hand: store set door/open = True (test control)" in shown
    assert "by hand: finish door (test control)" in shown
