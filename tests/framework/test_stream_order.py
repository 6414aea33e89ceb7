"""In which order the rows of the stream stand."""

from __future__ import annotations

import threading

import pytest

from tasktonic import ttCatalyst, ttEssence, ttTonic
from tasktonic.events import Born, ClassDefined, Finishing, LogLine
from tasktonic.states import ClassTable
from tasktonic.stream import Level
from tests.framework.chains import Chain, called
from tests.helpers.apps import WAIT_S, in_thread, reading, run_app
from tests.helpers.small_tonics import ping_pong


def test_order_stands_before_its_run_also_across_catalysts() -> None:
    with reading(Level.FLOW) as rows:
        ping_pong(300)

    ordered: set[int] = set()
    hits = 0
    for row in rows.all:
        if type(row) is tuple and type(row[0]) is not tuple:
            ordered.add(row[7])
            assert row[6] == 0 or row[6] in ordered or not called(row).startswith("ttsc")
        elif type(row) is tuple and called(row[0]) == "ttsc__hit":
            hits += 1
            assert row[6] in ordered
    assert hits == 301


def test_start_of_a_catalyst_is_an_order_like_others() -> None:
    with reading(Level.FLOW) as rows:
        run_app(Chain)

    starts = [order[0].name for order in rows.orders() if called(order) == "ttse__on_start"]
    assert starts == ["main_catalyst", "01.Chain"]


def test_birth_stands_before_the_first_order_of_a_tonic() -> None:
    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            Chain(name="here")
            self.there = Chain(name="there", catalyst=ttCatalyst(context=-1))
            self.ttsc__end()

        def ttsc__end(self) -> None:
            self.finish()

    with reading(Level.FLOW) as rows:
        run_app(Main)

    for name in ("here", "there"):
        born = rows.index(lambda row, name=name: type(row) is Born and row.name == name)
        first = rows.index(
            lambda row, name=name: type(row) is tuple and type(row[0]) is not tuple and row[0].name == name
        )
        assert born < first


def test_class_stands_before_all_that_is_born_of_it_in_whatever_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    class Part(ttEssence):
        pass

    first_is_telling, second_is_born = threading.Event(), threading.Event()
    place = ClassTable.place

    def wait_once(table: ClassTable) -> tuple[str, int]:
        if table.name == "Part" and not first_is_telling.is_set():
            first_is_telling.set()
            assert second_is_born.wait(WAIT_S)
        return place(table)

    monkeypatch.setattr(ClassTable, "place", wait_once)
    with reading() as rows:
        telling = in_thread(Part)
        assert first_is_telling.wait(WAIT_S)
        Part()
        second_is_born.set()
        telling.join(WAIT_S)

    kinds = [type(row) for row in rows.all if type(row) in (ClassDefined, Born)]
    assert kinds == [ClassDefined, Born, ClassDefined, Born]


def test_log_line_stands_between_what_was_before_and_after() -> None:
    class Speaking(Chain):
        def ttse__on_start(self) -> None:
            self.log("hello")
            super().ttse__on_start()

    with reading(Level.FLOW) as rows:
        run_app(Speaking)

    line = rows.index(lambda row: type(row) is LogLine)
    step = rows.index(lambda row: type(row) is tuple and type(row[0]) is not tuple and called(row) == "tts__step")
    assert line < step


def test_log_line_names_its_run() -> None:
    class Speaking(Chain):
        def ttse__on_start(self) -> None:
            self.log("hello")
            self.finish()

    with reading(Level.FLOW) as rows:
        run_app(Speaking)

    (line,) = rows.of(LogLine)
    assert line.run in [run[6] for run in rows.runs() if called(run[0]) == "ttse__on_start"]


def test_facts_without_flow_name_no_run() -> None:
    with reading(Level.FACTS) as rows:
        run_app(Chain)

    assert {row.run for row in [*rows.of(Finishing), *rows.of(Born)]} == {0}
