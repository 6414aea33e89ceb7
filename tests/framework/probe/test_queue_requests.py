"""The orders of a held app, seen and changed over a real connection, in an app of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tasktonic import events as ev
from tasktonic.protocol import Message
from tasktonic.protocol.messages import (
    AddOrder,
    Answer,
    AskOrders,
    DropOrder,
    DuplicateOrder,
    EditOrder,
    Granted,
    Hold,
    MoveOrder,
    NextOrder,
    NextOrders,
    RanOn,
    Release,
    RunOn,
    RunUntil,
    Step,
)
from tasktonic.rules import Breakpoint, Term
from tests.framework.probe.agents import Run
from tests.helpers.studio_end import StudioEnd

pytestmark = [pytest.mark.end_to_end, pytest.mark.skipif(sys.platform == "win32", reason="signals and forks of POSIX")]

PAINTER = """
from tasktonic import ttCatalyst, ttFormula, ttLedger, ttTonic

class Painter(ttTonic):
    def ttsc__paint(self, colour, coats=1, password="x"):
        print(colour, coats, flush=True)

    def ttsc__end(self):
        ttLedger().get_essence_by_name("boss").finish()

class Boss(ttTonic):
    def ttse__on_start(self):
        self.painter = Painter(name="painter", context=-1, catalyst=ttCatalyst(name="side", context=-1))
        print("ready", flush=True)
        input()
        self.ttsc__go()

    def ttsc__go(self):
        for colour in ("red", "green", "blue"):
            self.painter.ttsc__paint(colour, password="hunter2")
        self.painter.ttsc__end()

class App(ttFormula):
    def creating_formula(self):
        return {"tasktonic/log/to": "off"}

    def creating_starting_tonics(self):
        Boss(name="boss")

App()
"""


class Held:
    """A painter whose catalyst is held with three orders to paint, and one to end."""

    def __init__(self, process: subprocess.Popen[str], end: StudioEnd) -> None:
        self.process = process
        self.end = end
        self._request = 10
        self.last_request = 0
        end.message(Granted)
        self.painter = end.event(ev.Born, lambda born: born.name == "painter").essence
        self.side = end.event(ev.Born, lambda born: born.name == "side").essence

    def ask(self, message: Callable[[int], Message]) -> Answer:
        self._request += 1
        request = self._request
        self.end.say(message(request))
        self.last_request = request
        return self.end.answer(Answer, request)

    def orders(self, **page: int) -> NextOrders:
        self._request += 1
        self.end.say(AskOrders(self._request, self.side, **page))
        return self.end.answer(NextOrders, self._request)

    def number(self, place: int) -> int:
        return self.orders().orders[place].number

    def painted(self) -> list[str]:
        """What the app prints when it is let go, to its end."""
        assert self.ask(Release).ok
        out, err = self.process.communicate(timeout=30)
        assert err == ""
        return out.splitlines()


@pytest.fixture
def held(run_app: Run) -> Iterator[Held]:
    with holding(run_app(PAINTER)) as held:
        yield held


@contextmanager
def holding(process: subprocess.Popen[str]) -> Iterator[Held]:
    assert process.stdout is not None
    assert process.stdin is not None
    assert process.stdout.readline() == "ready\n"
    with StudioEnd.of_running(process.pid) as end:
        held = Held(process, end)
        assert held.ask(lambda request: Hold(request, held.side)).ok
        end.event(ev.CatalystHeld, lambda fact: fact.held)
        process.stdin.write("\n")
        process.stdin.flush()
        end.until(lambda: held.orders().total == 4, "four orders that wait")
        yield held


def test_the_next_orders_are_told_with_sender_and_arguments(held: Held) -> None:
    answer = held.orders()

    first = answer.orders[0]
    assert (first.name, first.sparkle, first.sender) == ("painter", "ttsc__paint", "boss · ttsc__go")
    assert first.essence == held.painter
    assert first.run > 0
    assert [(row.name, row.preview) for row in first.arguments] == [
        ("colour", "'red'"),
        ("coats", "1"),
        ("password", "(hidden)"),
    ]
    assert first.typed == "'red', 1, ..."
    assert 0 < first.queued_ns <= answer.t_ns
    assert (answer.total, answer.held, answer.problem) == (4, True, "")
    assert len({order.number for order in answer.orders}) == 4


def test_the_next_orders_come_page_by_page(held: Held) -> None:
    assert [order.typed for order in held.orders(first=1, count=2).orders] == ["'green', 1, ...", "'blue', 1, ..."]
    assert held.orders(first=9).orders == ()


def test_a_viewer_may_look_and_not_change(held: Held) -> None:
    with StudioEnd.of_running(held.process.pid, role="view") as viewer:
        viewer.message(Granted)
        viewer.say(AskOrders(1, held.side))
        orders = viewer.answer(NextOrders, 1).orders
        viewer.say(DropOrder(2, held.side, orders[0].number))

        answer = viewer.answer(Answer, 2)

    assert answer == Answer(2, False, "'drop order' needs control, and this studio views. Another one controls.")
    assert held.painted() == ["red 1", "green 1", "blue 1"]


CHANGES: dict[str, tuple[Callable[[int, Held, list[NextOrder]], Message], list[str], str, str]] = {
    "drop": (
        lambda request, held, orders: DropOrder(request, held.side, orders[1].number),
        ["red 1", "blue 1"],
        "drop order",
        "order {1}, painter.ttsc__paint(colour='green', coats=1, password=(hidden))",
    ),
    "edit": (
        lambda request, held, orders: EditOrder(request, held.side, orders[1].number, "..., 3, password=..."),
        ["red 1", "green 3", "blue 1"],
        "edit order",
        "order {1}, painter.ttsc__paint(colour='green', coats=1, password=(hidden)), to (..., 3, password=...)",
    ),
    "move": (
        lambda request, held, orders: MoveOrder(request, held.side, orders[2].number, orders[0].number),
        ["blue 1", "red 1", "green 1"],
        "move order",
        "order {2}, painter.ttsc__paint(colour='blue', coats=1, password=(hidden)), before order {0}",
    ),
    "duplicate": (
        lambda request, held, orders: DuplicateOrder(request, held.side, orders[0].number),
        ["red 1", "red 1", "green 1", "blue 1"],
        "duplicate order",
        "order {0}, painter.ttsc__paint(colour='red', coats=1, password=(hidden))",
    ),
    "add": (
        lambda request, held, orders: AddOrder(request, held.painter, "ttsc__paint", "'white', coats=2"),
        ["white 2", "red 1", "green 1", "blue 1"],
        "add order",
        "painter.ttsc__paint('white', coats=2)",
    ),
    "edit a secret": (
        lambda request, held, orders: EditOrder(request, held.side, orders[1].number, "..., 3, 'swordfish'"),
        ["red 1", "green 3", "blue 1"],
        "edit order",
        "order {1}, painter.ttsc__paint(colour='green', coats=1, password=(hidden)), to (..., 3, (hidden))",
    ),
    "add a secret": (
        lambda request, held, orders: AddOrder(request, held.painter, "ttsc__paint", "'white', password='swordfish'"),
        ["white 1", "red 1", "green 1", "blue 1"],
        "add order",
        "painter.ttsc__paint('white', password=(hidden))",
    ),
}


@pytest.mark.parametrize("change, painted, what, text", CHANGES.values(), ids=CHANGES)
def test_a_change_of_the_queue_is_done_and_told_as_done_by_hand(
    held: Held, change: Callable[[int, Held, list[NextOrder]], Message], painted: list[str], what: str, text: str
) -> None:
    orders = list(held.orders().orders)

    assert held.ask(lambda request: change(request, held, orders)).ok

    told = held.end.event(ev.ByHand, lambda deed: deed.what == what)
    assert told.text == text.format(*(order.number for order in orders))
    assert told.who == "test control"
    assert held.painted() == painted


def test_an_order_that_has_run_meanwhile_is_refused_with_a_sentence(held: Held) -> None:
    number = held.number(0)
    assert held.ask(lambda request: Step(request, held.side)).ok
    held.end.until(lambda: held.orders().total == 3, "the first one to run")

    answer = held.ask(lambda request: EditOrder(request, held.side, number, "'black'"))

    assert (answer.ok, answer.text) == (
        False,
        f"Order {number} waits for side no longer: it has run meanwhile, or was taken away.",
    )
    assert not [deed for deed in held.end.seen(ev.ByHand) if deed.what == "edit order"]
    assert held.painted() == ["red 1", "green 1", "blue 1"]


def test_an_edit_of_what_somebody_else_has_edited_is_refused(held: Held) -> None:
    number = held.number(0)
    assert held.ask(lambda request: EditOrder(request, held.side, number, "'pink', ..., ...")).ok

    answer = held.ask(lambda request: EditOrder(request, held.side, number, "'black', ..., ..."))

    assert not answer.ok
    assert held.painted() == ["pink 1", "green 1", "blue 1"]


@pytest.mark.parametrize(
    "message, sentence",
    [
        (
            lambda r, h: EditOrder(r, h.side, h.number(0), "colour"),
            "'colour' is no Python literal. Did you mean 'colour' in quotes?",
        ),
        (lambda r, h: EditOrder(r, h.side, h.number(0), ""), "painter.ttsc__paint: the arguments fit no handler."),
        (lambda r, h: DropOrder(r, 99, 1), "No catalyst with the id 99 lives: it has ended."),
        (lambda r, h: AddOrder(r, h.painter, "ttsc__sing"), "painter: no sparkle 'ttsc__sing' can be added; there are"),
        (lambda r, h: AddOrder(r, h.painter, "ttsc__paint", "..."), "An order that is new has no arguments"),
        (lambda r, h: AddOrder(r, 999, "ttsc__paint"), "Nothing that lives has the id 999"),
        (lambda r, h: DropOrder(r, 0, 1), "is not held: its queue is changed only while it is. Hold it first."),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_sentence(
    held: Held, message: Callable[[int, Held], Message], sentence: str
) -> None:
    answer = held.ask(lambda request: message(request, held))

    assert not answer.ok
    assert sentence in answer.text
    assert held.painted() == ["red 1", "green 1", "blue 1"]


def test_the_orders_of_what_has_ended_are_none_with_a_sentence(held: Held) -> None:
    held.end.say(AskOrders(1, 99))

    assert held.end.answer(NextOrders, 1).problem.startswith("No catalyst with the id 99 lives: it has ended.")


# ---- running on


def run_on(held: Held, until: str, *orders: int, **more: int) -> RanOn:
    held.last_request += 1_000
    held.end.say(RunOn(held.last_request, until, orders=orders, **more))
    return held.end.answer(RanOn, held.last_request)


def test_a_step_tells_the_run_that_ran(held: Held) -> None:
    number = held.number(0)

    assert run_on(held, "steps", catalyst=held.side) == RanOn(held.last_request, True, number)

    assert held.end.event(ev.Ran, lambda run: run.run == number).essence == held.painter
    assert [deed.text for deed in held.end.seen(ev.ByHand) if deed.what == "step"] == ["side, 1 order"]


def test_an_app_runs_up_to_an_order(held: Held) -> None:
    number = held.number(2)

    assert run_on(held, "before", number) == RanOn(held.last_request, True, number, is_next=True)

    assert held.number(0) == number
    assert held.end.event(ev.ByHand, lambda deed: deed.what == "run on").text == f"until order {number} is the next"


def test_an_order_that_has_run_cannot_be_run_to(held: Held) -> None:
    number = held.number(0)
    run_on(held, "run", number)

    assert run_on(held, "run", number) == RanOn(
        held.last_request,
        False,
        text="What was to be reached waits no longer: it has run meanwhile, or was taken away.",
    )


@pytest.mark.parametrize(
    "message, sentence",
    [
        (lambda r, h: RunOn(r, "noon"), "There is no running until 'noon'; there are steps, before, run, cascade."),
        (lambda r, h: RunOn(r, "run"), "0 orders cannot be run to; 1 to 100,000 can."),
        (lambda r, h: RunOn(r, "steps", h.side, count=0), "0 orders cannot be stepped; 1 to 1,000,000 can."),
        (lambda r, h: RunOn(r, "steps", 0), "Nothing is held: hold first, then step."),
        (lambda r, h: RunOn(r, "steps", 99), "No catalyst with the id 99 lives: it has ended."),
    ],
)
def test_what_cannot_be_run_to_is_refused_with_a_sentence(
    held: Held, message: Callable[[int, Held], Message], sentence: str
) -> None:
    answer = held.ask(lambda request: message(request, held))

    assert not answer.ok
    assert answer.text.startswith(sentence)


def test_an_app_runs_until_something_happens_and_is_held_there(held: Held) -> None:
    third = held.number(2)
    held.last_request += 1_000
    held.end.say(RunUntil(held.last_request, Breakpoint(1, (Term("sparkle", "ttsc__paint"),), every=3)))

    assert held.end.answer(RanOn, held.last_request) == RanOn(held.last_request, True, third, is_next=True)
    assert held.number(0) == third
    told = held.end.event(ev.ByHand, lambda deed: deed.what == "run until")
    assert told.text == "*.ttsc__paint"
    assert held.painted() == ["red 1", "green 1", "blue 1"]  # it is hit once


def test_holding_ends_running_until_something_happens(held: Held) -> None:
    end = held.number(3)  # else the app might have come to its end by the time it is asked to hold
    assert held.ask(lambda request: DropOrder(request, held.side, end)).ok
    held.last_request += 1_000
    held.end.say(RunUntil(held.last_request, Breakpoint(1, (Term("sparkle", "ttsc__never"),))))
    assert held.ask(lambda request: Hold(request, held.side)).ok
    held.end.event(ev.CatalystHeld, lambda fact: fact.held)

    assert not [told for told in held.end.messages if isinstance(told, RanOn)]


def test_a_breakpoint_that_cannot_be_is_not_run_to(held: Held) -> None:
    answer = held.ask(lambda request: RunUntil(request, Breakpoint(1, ())))

    assert (answer.ok, answer.text) == (
        False, "Breakpoint 1 says nothing: it needs at least one term, such as a sparkle."
    )  # fmt: skip
    assert held.orders().held


def test_where_nothing_waits_there_is_no_step(held: Held) -> None:
    for order in held.orders().orders[:3]:
        assert held.ask(lambda request, order=order: DropOrder(request, held.side, order.number)).ok  # type: ignore[misc]
    last = held.number(0)
    assert held.ask(lambda request: EditOrder(request, held.side, last, "")).ok
    assert held.ask(lambda request: DropOrder(request, held.side, held.number(0))).ok

    answer = held.ask(lambda request: RunOn(request, "steps", held.side))

    assert answer.text == (
        "Nothing waits for side, so there is no next sparkle. Timers stand still while it is held: "
        "let the next timer fire, or let the app go on."
    )
