"""Asking a real app who listens to a path of its store."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tasktonic import events as ev
from tasktonic.probe.listener_requests import MOST_LISTENERS
from tasktonic.protocol.messages import Answer, AskListeners, Call, Finish, ListenerRow, Listeners
from tests.framework.probe.agents import Run
from tests.helpers.studio_end import StudioEnd

pytestmark = [pytest.mark.end_to_end, pytest.mark.skipif(sys.platform == "win32", reason="apps are found as on POSIX")]

HOUSE = """
from tasktonic import ttCatalyst, ttFormula, ttStore, ttTonic

class Owner:
    def hear(self, changes):
        pass

    def __repr__(self):
        raise RuntimeError("my repr is never called")

class Hearer(ttTonic):
    def ttse__on_start(self):
        self.store = self.bind(ttStore)
        self.store.set([("house/lamp/watt", 9), ("house/lamp/secret/pin", 1), ("silent", 1)])
        self.listen()

    def listen(self):
        pass

    def ttse__on_change(self, changes):
        pass

    def ttsc__crowd(self, count):
        for number in range(count):
            self.store.subscribe("silent", lambda changes: None)

class Plain(Hearer):
    def listen(self):
        self.store.subscribe("house/*/watt", self.ttse__on_change, ignore_source=self.id, trigger_now=True)

class Choosy(Hearer):
    def listen(self):
        others = ["**/watt", "other"]
        self.store.subscribe(others, self.ttse__on_change, ignore_source="editor", recursive=False, extract=[".", "unit"])
        self.store.subscribe("house/lamp", self.ttse__on_change, exclude=["secret", "a/*"])
        self.store.subscribe("house", Owner().hear)
        self.store["named"].link_to("house/lamp", bubble_events=True)
        self.store.subscribe("named", print, owner=self)

class App(ttFormula):
    def creating_formula(self):
        return {"tasktonic/log/to": "off"}

    def creating_starting_tonics(self):
        Hearer(name="keeper")
        Plain(name="plain")
        Choosy(name="choosy", catalyst=ttCatalyst(name="second"))

App()
"""


class House:
    """The running app with a studio's end."""

    def __init__(self, process: subprocess.Popen[str], end: StudioEnd) -> None:
        self.process, self.end = process, end
        self.number = 0
        self.store = end.event(ev.StoreChanged, lambda fact: fact.path == "named").store
        self.plain, self.choosy = self.id("plain"), self.id("choosy")
        end.until(lambda: self.listeners("house/lamp/watt").total == 5, "all to listen")

    def id(self, name: str) -> int:
        return self.end.event(ev.Born, lambda born: born.name == name).essence

    def listeners(self, path: str, store: int | None = None) -> Listeners:
        self.number += 1
        self.end.say(AskListeners(self.number, self.store if store is None else store, path))
        return self.end.answer(Listeners, self.number)

    def done(self, message: type[Call] | type[Finish], *fields: object) -> None:
        self.number += 1
        self.end.say(message(self.number, *fields))  # type: ignore[arg-type]
        assert self.end.answer(Answer, self.number).ok


@pytest.fixture
def house(run_app: Run) -> Iterator[House]:
    process = run_app(HOUSE)
    with StudioEnd.of_running(process.pid) as end:
        yield House(process, end)


def by_pattern(told: Listeners) -> dict[tuple[str, ...], ListenerRow]:
    return {row.patterns: row for row in told.rows}


def test_each_that_hears_of_a_path_is_told_with_what_it_subscribed(house: House) -> None:
    told = house.listeners("house/lamp/watt")

    rows = by_pattern(told)
    assert told.total == 5
    assert told.t_ns > 0
    assert rows[("house/*/watt",)] == ListenerRow(
        house.plain, "plain", "ttse__on_change", ("house/*/watt",), ignores="its own", is_triggered=True
    )
    assert rows[("**/watt",)] == ListenerRow(
        house.choosy,
        "choosy",
        "ttse__on_change",
        ("**/watt",),
        ignores="those of the source 'editor'",
        extracts="., unit",
        is_recursive=False,
    )
    assert rows[("house/lamp",)].excludes == "secret, a/*"


def test_what_is_heard_by_a_link_says_by_which(house: House) -> None:
    row = by_pattern(house.listeners("house/lamp/watt"))[("named",)]

    assert (row.essence, row.heard_on) == (house.choosy, "named/watt")


def test_a_listener_that_is_no_essence_is_described_without_its_own_code(house: House) -> None:
    row = by_pattern(house.listeners("house/lamp/watt"))[("house",)]

    assert (row.essence, row.callback) == (-1, "hear")
    assert "Owner" in row.name


def test_an_excluded_branch_and_a_pattern_for_one_place_leave_their_listeners_out(house: House) -> None:
    assert set(by_pattern(house.listeners("house/lamp/secret/pin"))) == {("house",), ("named",)}
    assert ("**/watt",) not in by_pattern(house.listeners("house/lamp/watt/deep"))


def test_a_path_that_nobody_listens_to_has_no_listeners(house: House) -> None:
    told = house.listeners("silent")

    assert (told.rows, told.total, told.problem) == ((), 0, "")


def test_a_listener_that_has_finished_is_left_out(house: House) -> None:
    house.done(Finish, house.plain)
    house.end.event(ev.Ended, lambda ended: ended.essence == house.plain)

    told = house.listeners("house/lamp/watt")

    assert told.total == 4
    assert house.plain not in {row.essence for row in told.rows}


def test_of_a_crowd_the_first_are_told_and_all_are_counted(house: House) -> None:
    house.done(Call, house.plain, "ttsc__crowd", str(MOST_LISTENERS + 7))
    house.end.until(lambda: house.listeners("silent").total, "the crowd to listen")

    told = house.listeners("silent")

    assert (len(told.rows), told.total) == (MOST_LISTENERS, MOST_LISTENERS + 7)


def test_what_is_no_store_and_what_is_not_there_is_answered_with_a_sentence(house: House) -> None:
    assert house.listeners("a", store=house.plain).problem == "plain is no store: nobody subscribes to it."
    assert "finished" in house.listeners("a", store=123_456).problem


def test_a_viewer_may_ask_who_listens(house: House) -> None:
    with StudioEnd.of_running(house.process.pid, role="view") as viewer:
        viewer.say(AskListeners(1, house.store, "house/lamp/watt"))

        assert viewer.answer(Listeners, 1).total == 5
