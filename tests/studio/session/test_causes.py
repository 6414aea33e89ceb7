"""Why?: the chain back to the outside, against a plain slow model and on made-up and real records."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tasktonic import events as ev
from tasktonic_studio.session.answers import Answer, Role
from tasktonic_studio.session.causes import why
from tasktonic_studio.session.chain import MOST_STEPS
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tests.helpers.builders import MS, EventWriter, a_session_with_plant, plants

SPARKLES = ("ttsc__turn", "ttse__on_news")
OUTSIDE = ("timer", "qt", "thread reader", "outside", "socket", "pool crunch", "asyncio")


def written(chance: Random) -> list[tuple[Any, ...]]:
    """A random run: orders from outside and from runs, hooks, and what was lost of it."""
    write = EventWriter()
    catalyst = write.catalyst("main")
    write.cls("Machine", sparkles=(*SPARKLES, "ttse__on_enter"))
    tonics = [write.born("Machine", f"machine {number}", -1, catalyst) for number in range(3)]
    timer = write.timer(tonics[0], MS)
    waiting: list[tuple[int, str, int]] = []
    for _ in range(chance.randrange(5, 40)):
        write.wait(chance.randrange(MS))
        if not waiting or chance.random() < 0.3:
            cause = chance.choice(OUTSIDE)
            essence, sparkle = chance.choice(tonics), chance.choice(SPARKLES)
            source = timer if cause == "timer" else -1
            waiting.append((essence, sparkle, write.order(essence, sparkle, source, cause=cause)))
            continue
        essence, sparkle, number = waiting.pop(chance.randrange(len(waiting)))
        inside = number
        hook = write.next_number if chance.random() < 0.3 else 0
        if hook:
            write.next_number += 1
        for _ in range(chance.randrange(3)):
            inside = hook if hook and chance.random() < 0.5 else number
            target, called = chance.choice(tonics), chance.choice(SPARKLES)
            waiting.append((target, called, write.order(target, called, essence, inside)))
        if hook:
            entered = write.sparkle(write.cls("Machine"), "ttse__on_enter")
            t_ns = write.t_ns
            write.add(ev.Ran(t_ns, t_ns + 1, hook, number, catalyst, essence, entered, -1, -1, ev.HOOK))
        write.run(essence, sparkle, number, chance.randrange(1, MS))
    rows = write.take()
    lost = chance.choice((0.0, 0.0, 0.1, 0.4))
    return [row for row in rows if not isinstance(row, (ev.Ran, ev.Ordered)) or chance.random() >= lost]


def model(rows: list[tuple[Any, ...]], number: int) -> tuple[list[int], bool]:
    """The numbers of the runs that led to one, the nearest first, and whether the walk came to the outside."""
    runs = {row.run: row for row in rows if isinstance(row, ev.Ran)}
    orders = {row.order: row for row in rows if isinstance(row, ev.Ordered)}
    chain: list[int] = []
    while True:
        run = runs.get(number)
        if run is not None and run.flags & ev.HOOK:
            number = run.order
        else:
            order = orders.get(number)
            if order is None:
                return chain, False
            if order.run == 0:
                return chain, True
            number = order.run
        if number not in runs and number not in orders:
            return chain, False
        chain.append(number)


def steps_of(answer: Answer) -> list[int]:
    return [
        int(str(sentence.thing.key)) for sentence in answer.sentences if sentence.role is Role.CAUSE and sentence.thing
    ]


@settings(max_examples=150, deadline=None)
@given(st.integers(min_value=0, max_value=10**9))
def test_every_chain_ends_outside_or_in_a_sentence_of_ignorance_as_the_model_does(seed: int) -> None:
    rows = written(Random(seed))
    session = Session()
    session.apply_events(0, rows)

    for run in [row.run for row in rows if isinstance(row, ev.Ran)]:
        answer = why(session.live, Thing("run", run))

        chain, is_outside = model(rows, run)
        roles = [sentence.role for sentence in answer.sentences]
        assert steps_of(answer) == chain
        assert (Role.OUTSIDE in roles) is is_outside
        assert is_outside or Role.UNKNOWN in roles


def chain_of(length: int) -> tuple[Knowledge, int]:
    """A sparkle that calls itself so many times."""
    write = EventWriter()
    catalyst = write.catalyst("main")
    write.cls("Machine", sparkles=SPARKLES)
    essence = write.born("Machine", "machine", -1, catalyst)
    number = write.order(essence, SPARKLES[0])
    for _ in range(length):
        following = write.order(essence, SPARKLES[0], essence, number)
        write.run(essence, SPARKLES[0], number)
        number = following
    write.run(essence, SPARKLES[0], number)
    session = Session()
    session.apply_events(0, write.take())
    return session.live, number


def test_a_chain_without_an_end_says_that_it_goes_on() -> None:
    known, last = chain_of(2 * MOST_STEPS)

    answer = why(known, Thing("run", last))

    assert len(steps_of(answer)) == MOST_STEPS
    assert (
        answer.sentences[-1].text == f"It goes back further than {MOST_STEPS} steps. Ask why the last one ran to go on."
    )


def test_each_step_leads_to_a_moment_at_which_its_run_is_known() -> None:
    session = a_session_with_plant()
    known = session.live
    run = known.runs.row(len(known.runs) - 1)

    answer = why(known, Thing("run", run.run))

    for sentence in answer.sentences:
        for link in sentence.links:
            if link.thing.kind == "run":
                assert session.at(link.moment).run_of(int(str(link.thing.key))) is not None


def test_a_value_names_the_run_that_wrote_it() -> None:
    session = a_session_with_plant()
    plant = plants[session]

    answer = why(session.live, Thing("store", (plant.store, f"pumps/{plant.pumps[0]}/level")))

    assert answer.question.startswith(f"Why is pumps/{plant.pumps[0]}/level = ")
    assert answer.sentences[1].text == "pump 0.ttse__on_stroke wrote it, in state open."


def test_a_value_that_was_there_before_has_no_cause_in_the_record() -> None:
    write = EventWriter()
    store = write.born("ttStore", "store", service="store")
    write.add(
        ev.StoreChanged(0, store, ev.Name("a"), ev.Text(""), ev.Text("1"), ev.Name("int"), False, True, 0, ev.Name(""))
    )
    session = Session()
    session.apply_events(0, write.take())

    answer = why(session.live, Thing("store", (store, "a")))

    assert answer.sentences[-1].text == "It was so already when the record began: who wrote it is not known."
    assert not answer.is_exact


def test_what_is_printed_is_not_tied_to_a_sparkle() -> None:
    known = a_session_with_plant().live
    line = next(index for index in range(len(known.log)) if known.log[index].level == "stdout")

    answer = why(known, Thing("log", line))

    assert [sentence.role for sentence in answer.sentences] == [Role.ASKED, Role.UNKNOWN]


def test_an_answer_as_text_has_a_line_per_sentence() -> None:
    known, last = chain_of(1)

    text = why(known, Thing("run", last)).text.splitlines()

    assert text[0] == "Why did machine.ttsc__turn run?"
    assert [line[14:].strip() for line in text[1:]] == [
        "machine.ttsc__turn ran for 20 µs.",
        "machine.ttsc__turn called it and it waited 20 µs.",
        "The main thread called it, outside of any sparkle, and it waited 0 ns.",
    ]


def test_a_damaged_record_does_not_lead_in_circles() -> None:
    write = EventWriter()
    catalyst = write.catalyst("main")
    write.cls("Machine", sparkles=SPARKLES)
    essence = write.born("Machine", "machine", -1, catalyst)
    number = write.order(essence, SPARKLES[0], essence, 1)
    write.run(essence, SPARKLES[0], number)
    session = Session()
    session.apply_events(0, write.take())

    answer = why(session.live, Thing("run", number))

    assert answer.sentences[-1].text == "The record is damaged: this order names a cause that came after it."


def test_what_a_person_did_ends_the_chain() -> None:
    write = EventWriter()
    catalyst = write.catalyst("main")
    write.cls("Machine", sparkles=SPARKLES)
    store = write.born("ttStore", "store", service="store")
    machine = write.born("Machine", "machine", -1, catalyst)
    write.by_hand(store, "store set", "a = 5")
    write.store(store, "a", "5")
    write.by_hand(machine, "call", "machine.ttsc__turn()")
    called = write.run(machine, SPARKLES[0], write.order(machine, SPARKLES[0], cause="studio 0.1.0, pid 4711"))
    added = write.run(machine, SPARKLES[0], write.order(machine, SPARKLES[0], cause="by hand"))
    write.by_hand(machine, "finish", "machine")
    write.ended(machine)
    session = Session()
    session.apply_events(0, write.take())

    ends = [
        why(session.live, thing).sentences
        for thing in (
            Thing("store", (store, "a")),
            Thing("run", called),
            Thing("run", added),
            Thing("essence", machine),
        )
    ]

    assert ends[0][-1].text == "By hand: store set: a = 5."
    assert ends[1][-1].text.startswith("By hand, from studio 0.1.0, pid 4711: call: machine.ttsc__turn()")
    assert ends[2][-1].text.startswith("A person called it from a studio")
    assert ends[3][-2].text == "By hand: finish: machine."
    assert all(any(it.role is Role.OUTSIDE for it in sentences) for sentences in ends)


def test_what_calls_from_outside_is_named_as_far_as_it_says() -> None:
    write = EventWriter()
    catalyst = write.catalyst("main")
    write.cls("Machine", sparkles=SPARKLES)
    machine = write.born("Machine", "machine", -1, catalyst)
    causes = ("http", "pool crunch", "thread reader", "something new", "timer")
    runs = [write.run(machine, SPARKLES[0], write.order(machine, SPARKLES[0], cause=cause)) for cause in causes]
    session = Session()
    session.apply_events(0, write.take())

    ends = [why(session.live, Thing("run", run)).sentences[-1] for run in runs]

    assert [sentence.text.partition(", and it waited")[0] for sentence in ends] == [
        "A request came over HTTP",
        "A worker of the pool was through with crunch",
        "The thread reader, which no catalyst turns, called it",
        "something new called it",
        "A timer fired",
    ]
    assert {sentence.role for sentence in ends} == {Role.OUTSIDE}
