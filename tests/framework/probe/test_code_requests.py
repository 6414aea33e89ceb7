"""Replacing code of a real app that runs, from the studio's end."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tasktonic import events as ev
from tasktonic.protocol.messages import Answer, Call, CodeReplaced, Finish, Hold, Release, ReplaceCode
from tasktonic.trace import TraceReader
from tests.framework.probe.agents import Run
from tests.helpers.patience import PATIENCE_S
from tests.helpers.studio_end import StudioEnd

pytestmark = [pytest.mark.end_to_end, pytest.mark.skipif(sys.platform == "win32", reason="apps are found as on POSIX")]

HOUSE = """
import threading

from tasktonic import ttCatalyst, ttFormula, ttTonic

gate = threading.Event()


class Base(ttTonic):
    def ttsc__say(self):
        self.log(f"{self.name} says old")


class Door(Base):
    pass


class Lamp(Base):
    def ttsc__wait(self):
        self.log("waits")
        gate.wait()
        self.log("goes on")

    def ttsc__fail(self):
        raise ValueError("old")


class Keeper(ttTonic):
    def ttsc__let_go(self):
        gate.set()


class App(ttFormula):
    def creating_formula(self):
        return {"tasktonic/log/to": "off", "tasktonic/record/to": RECORD}

    def creating_starting_tonics(self):
        Door(name="door", log_mode="full")
        Keeper(name="keeper")
        Lamp(name="lamp", log_mode="full", catalyst=ttCatalyst(name="second"))


App()
"""


class House:
    """The running app with a studio's end."""

    def __init__(self, run_app: Run, tmp_path: Path) -> None:
        self.record = tmp_path / "run.ttrace"
        self.text = HOUSE.replace("RECORD", repr(str(self.record)))
        self.process = run_app(self.text)
        self.file = str(tmp_path / "app_0.py")
        self.end = StudioEnd.of_running(self.process.pid)
        self.number = 0

    def id(self, name: str) -> int:
        return self.end.event(ev.Born, lambda born: born.name == name).essence

    def replace(self, *edits: tuple[str, str], undo: bool = False) -> CodeReplaced:
        text = self.text
        for old, new in edits:
            assert old in text
            text = text.replace(old, new)
        self.number += 1
        self.end.say(ReplaceCode(self.number, self.file, text, self.text, undo))
        return self.end.answer(CodeReplaced, self.number)

    def call(self, name: str, sparkle: str) -> None:
        self.number += 1
        self.end.say(Call(self.number, self.id(name), sparkle))
        assert self.end.answer(Answer, self.number).ok

    def says(self, words: str) -> None:
        self.end.event(ev.LogLine, lambda line: line.text == words)


def test_handlers_are_replaced_in_all_threads_at_once_or_not_at_all_and_the_record_says_so(
    run_app: Run, tmp_path: Path
) -> None:
    house = House(run_app, tmp_path)
    with house.end:
        house.call("door", "ttsc__say")
        house.says("door says old")

        # One of the two stands in a sparkle: nothing is replaced.
        house.call("lamp", "ttsc__wait")
        house.says("waits")
        told = house.replace(("says old", "says new"))
        assert (
            told.problem
            == "second is inside a sparkle that takes long: nothing was replaced. Try again when it has ended."
        )
        house.call("keeper", "ttsc__let_go")
        house.says("goes on")

        # While held as well.
        house.number += 1
        house.end.say(Hold(house.number))
        assert house.end.answer(Answer, house.number).ok
        told = house.replace(
            ("says old", "says new"), ('ValueError("old")', 'ValueError("new")'), ("gate =", "\n\ngate =")
        )
        assert (told.replaced, told.kept, told.problem, told.more) == (("Base.ttsc__say", "Lamp.ttsc__fail"), (), "", 1)
        house.number += 1
        house.end.say(Release(house.number))
        for name in ("door", "lamp"):
            house.call(name, "ttsc__say")
            house.says(f"{name} says new")
        house.call("lamp", "ttsc__fail")
        raised = house.end.event(ev.Raised)
        assert 'raise ValueError("new")' in raised.traceback

        # It is an event of its own, and then the classes are told again, with the new lines.
        by_hand = house.end.event(ev.ByHand, lambda fact: fact.what == "replace code")
        assert by_hand.text.startswith("app_0.py: Base.ttsc__say, Lamp.ttsc__fail (text ")
        assert by_hand.who == "test control"
        lines = {told.line for told in house.end.seen(ev.HandlerDefined) if told.method == "ttsc__fail"}
        assert len(lines) == 2

        told = house.replace(("says old", "says ("), ('old")', "old"))
        assert (told.problem[:8], told.line) == ("Line 25:", 25)

        told = house.replace(undo=True)
        assert (told.undone, told.more) == (True, 0)
        house.call("lamp", "ttsc__say")
        house.says("lamp says old")
        assert house.replace(undo=True).problem == "Nothing of app_0.py was replaced: there is nothing to put back."

        for name in ("door", "keeper", "lamp"):
            house.end.say(Finish(0, house.id(name)))
        assert house.process.wait(PATIENCE_S) == 0
    # The trace has each text that has run: the first, the new one, and the first again.
    with TraceReader(house.record) as reader:
        texts = [source.text for source in reader.sources() if source.file == house.file]
    assert ["says old" in text for text in texts] == [True, False, True]
