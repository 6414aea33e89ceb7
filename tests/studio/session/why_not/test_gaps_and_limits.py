"""Where the record cannot know, "Why not?" says so: gaps, levels, late watchers, what has been forgotten."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tasktonic import events as ev
from tasktonic.protocol.messages import ListenerRow, Listeners
from tasktonic_studio.session.answers import Answer, Reason, Role
from tasktonic_studio.session.inbox import Told
from tasktonic_studio.session.knowledge import Budget
from tasktonic_studio.session.session import Session
from tasktonic_studio.session.why_not import (
    NotChanged,
    NotFired,
    NotInState,
    NotRun,
    paths_set_to_what_they_were,
    why_not,
)
from tests.helpers.builders import MS, SECOND, EventWriter
from tests.helpers.why_apps import CASES, recorded, session_of

GAP_CASE = next(case for case in CASES if case.app == "gap")


class Door:
    """A door on a catalyst, and what is written of it."""

    def __init__(self, budget: Budget | None = None, *, level: int = 2) -> None:
        self.session = Session(budget)
        self.write = write = EventWriter()
        write.add(ev.LevelSet(write.t_ns, level))
        write.cls("ttCatalyst")
        self.catalyst = write.catalyst("main")
        write.cls("Door", states=("closed", "open"), sparkles=("ttsc__open", "ttsc__close"))
        self.door = write.born("Door", "door", -1, self.catalyst, state="closed")

    def why_not(self, sparkle: str = "ttsc__open") -> Answer:
        """Ask after all that was written has come."""
        self.session.apply_events(self.session.live.n, self.write.take())
        return why_not(self.session.live, NotRun(self.door, sparkle))

    def gap(self, orders: int, runs: int) -> None:
        begin = self.write.t_ns
        self.write.add(ev.Gap(begin, self.write.wait(10 * MS), orders, runs))


def said(answer: Answer, role: Role = Role.UNKNOWN) -> list[str]:
    return [sentence.text for sentence in answer.sentences if sentence.role is role]


def test_the_record_of_a_real_app_with_a_gap_says_what_was_lost(tmp_path: Path) -> None:
    file = recorded(GAP_CASE, tmp_path / "run.ttt")
    session = session_of(file, has_gap=True)
    known = session.live
    assert known.target.lost_runs > 0

    answer = why_not(known, GAP_CASE.question(known))

    assert not answer.is_exact
    assert Reason.LOST in answer.reasons
    assert any(GAP_CASE.says in text for text in said(answer)), answer.text


def test_a_gap_in_which_orders_were_lost_leaves_never_called_open() -> None:
    door = Door()
    door.gap(orders=12, runs=12)

    answer = door.why_not()

    assert answer.reasons == {Reason.NEVER_CALLED: 0, Reason.LOST: 1}
    assert said(answer) == ["Between 0.000000 s and 0.010000 s 12 orders and 12 runs were lost; it may be among them."]


def test_of_a_call_before_a_gap_it_is_not_known_whether_it_ran() -> None:
    door = Door()
    door.write.order(door.door, "ttsc__open")
    door.gap(orders=0, runs=5)

    answer = door.why_not()

    assert answer.reasons[Reason.LOST] >= 1
    assert Reason.WAITING not in answer.reasons
    assert said(answer, Role.REASON) == [
        "Of 1 of its calls it is not known whether they ran; the last is door.ttsc__open: runs were lost after it."
    ]


def test_while_only_facts_are_noted_a_call_may_be_missing() -> None:
    door = Door()
    door.write.wait(SECOND)
    door.write.add(ev.LevelSet(door.write.t_ns, 0))
    door.write.wait(SECOND)
    door.write.add(ev.LevelSet(door.write.t_ns, 2))

    answer = door.why_not()

    assert answer.reasons == {Reason.NEVER_CALLED: 0, Reason.UNKNOWN: 1}
    assert said(answer) == [
        "From 1.000000 s until 2.000000 s only facts were noted, no orders: nobody wanted more, or the probe saved."
    ]


def test_a_record_without_orders_knows_nothing_of_calls() -> None:
    door = Door(level=0)

    answer = door.why_not()

    assert "No order is in the record: it was made at a level that leaves them out." in said(answer)


def test_what_was_before_a_late_watcher_came_is_not_known() -> None:
    door = Door()
    begin = door.write.written[0]
    late: list[tuple[Any, ...]] = [begin, ev.LevelSet(begin[0] + 3 * SECOND, 2), *door.write.take()[2:]]
    late.append(ev.SnapshotTaken(begin[0] + 3 * SECOND, -1))
    door.write.written = late
    door.write.t_ns += 4 * SECOND

    answer = door.why_not()

    assert said(answer) == ["The record of calls begins at 3.000000 s; what was before is not known."]


def test_what_is_made_after_a_late_watcher_came_is_known_whole() -> None:
    door = Door()
    begin = door.write.written[0]
    late: list[tuple[Any, ...]] = [begin, ev.LevelSet(begin[0] + 3 * SECOND, 2), *door.write.take()[2:]]
    late.append(ev.SnapshotTaken(begin[0] + 3 * SECOND, -1))
    door.write.written = late
    door.write.t_ns += 4 * SECOND
    door.door = door.write.born("Door", "new door", -1, door.catalyst, state="closed")

    answer = door.why_not()

    assert answer.is_exact, answer.text


def test_what_has_been_forgotten_is_said() -> None:
    door = Door(Budget(orders=1, runs=1))
    for _ in range(200_000):
        door.write.sparkles(door.door, "ttsc__close", took_ns=1_000)

    answer = door.why_not()

    assert any(text.startswith("Orders before ") and "have been forgotten" in text for text in said(answer)), (
        answer.text
    )


def test_a_beat_that_says_nothing_waits_is_believed() -> None:
    door = Door()
    door.write.order(door.door, "ttsc__open")
    door.write.wait(SECOND)
    door.write.beat(door.catalyst, depth=0)

    answer = door.why_not()

    assert Reason.WAITING not in answer.reasons
    assert said(answer)[0].startswith("Of 1 of its calls it is not known whether they ran")


def test_a_sparkle_that_is_misspelt_is_named() -> None:
    answer = Door().why_not("ttsc__opne")

    assert answer.reasons == {Reason.NO_SUCH_THING: 1}
    assert answer.sentences[-1].text == "Door has no sparkle ttsc__opne: nobody can call it. Did you mean ttsc__open?"


def test_a_state_that_nobody_asked_for_names_how_others_got_there() -> None:
    door = Door()
    other = door.write.born("Door", "other door", -1, door.catalyst, state="closed")
    door.write.sparkles(other, "ttsc__open", to="open")
    door.write.sparkles(door.door, "ttsc__open", flags=ev.IGNORED)
    door.session.apply_events(0, door.write.take())

    answer = why_not(door.session.live, NotInState(door.door, "open"))

    here = "door.ttsc__open was called once: 1 ignored in state closed."
    assert answer.reasons == {Reason.NEVER_CALLED: 0}
    assert said(answer, Role.DETAIL) == [
        f"Others of its class went there by ttsc__open. Of this one: {here}",
        "It was ignored in state closed once.",
    ]


def test_a_tonic_that_is_not_known_has_no_answer() -> None:
    for question in (NotRun(99, "ttsc__open"), NotInState(99, "open"), NotFired(99), NotChanged(99, "a")):
        answer = why_not(Session().live, question)

        assert answer.reasons == {Reason.NO_SUCH_THING: 1}


def test_a_timer_that_is_not_due_says_when() -> None:
    door = Door()
    timer = door.write.timer(door.door, 250 * MS, "ttsc__open", "pulse")
    door.session.apply_events(0, door.write.take())

    answer = why_not(door.session.live, NotFired(timer))

    assert answer.reasons == {Reason.NOT_DUE: 1}
    assert answer.sentences[-1].text == "It is not due yet: it fires in 250 ms."


def test_a_sparkle_of_a_timer_that_was_stopped_says_so() -> None:
    door = Door()
    timer = door.write.timer(door.door, 250 * MS, "ttsc__open", "pulse")
    door.write.add(ev.TimerStopped(door.write.wait(MS), timer, 249 * MS, 0))

    answer = door.why_not()

    assert answer.reasons == {Reason.NEVER_CALLED: 0, Reason.TIMER_STOPPED: 1}


def test_several_reasons_are_counted_and_the_last_comes_first() -> None:
    door = Door()
    for _ in range(12):
        door.write.sparkles(door.door, "ttsc__open")
    door.write.sparkles(door.door, "ttsc__open", flags=ev.IGNORED)
    last = door.write.sparkles(door.door, "ttsc__open", flags=ev.IGNORED)

    answer = door.why_not()

    assert answer.sentences[0].text == "door.ttsc__open was called 14 times: 12 ran and 2 ignored in state closed."
    assert answer.reasons == {Reason.IGNORED: 2, Reason.IT_DID: 12}
    assert answer.sentences[1].thing is not None
    assert answer.sentences[1].thing.key == last


def test_that_it_came_late_is_never_forgotten() -> None:
    door = Door(Budget(facts=1))
    begin = door.write.written[0]
    late: list[tuple[Any, ...]] = [begin, ev.LevelSet(begin[0] + 3 * SECOND, 2), *door.write.take()[2:]]
    door.write.written = late
    door.write.t_ns += 4 * SECOND
    for _ in range(140_000):
        door.write.add(ev.Unmoved(door.write.t_ns, door.door, 0, 0))

    answer = door.why_not()

    assert "The record of calls begins at 3.000000 s; what was before is not known." in said(answer)


def test_a_state_without_a_handler_is_the_only_reason_why_a_hook_did_not_run() -> None:
    """That a run of it is not in the record is none: it may have run unseen."""
    door = Door()
    cls = door.write.cls("Door")
    enter = door.write.sparkle(cls, "ttse__on_enter")
    door.write.add(
        ev.HandlerDefined(cls, enter, ev.Name("open"), ev.Name("ttse_open__on_enter"), ev.Name("door.py"), 5)
    )
    for state in ("open", "closed", "open"):
        door.write.sparkles(door.door, "ttsc__open", to=state)

    answer = door.why_not("ttse__on_enter")

    assert answer.reasons == {Reason.IGNORED: 1}
    assert "There is no ttse__on_enter for state closed, which was entered once." in answer.text


def test_an_order_that_was_edited_by_hand_is_said_to_have_another_in_its_place() -> None:
    door = Door()
    order = door.write.order(door.door, "ttsc__open")
    sparkle = door.write.sparkle(door.write.cls("Door"), "ttsc__open")
    door.write.add(ev.Dropped(door.write.wait(MS), door.door, sparkle, order, ev.Name("edited by hand")))

    answer = door.why_not()

    assert answer.reasons == {Reason.DROPPED: 1}
    assert "a person gave it other arguments, and the order with these stands in its place" in answer.text


def test_a_timer_that_stood_still_while_its_catalyst_was_held_is_not_said_to_be_late() -> None:
    door = Door()
    timer = door.write.timer(door.door, 60 * SECOND, "ttsc__open", "pulse")
    door.write.add(ev.CatalystHeld(door.write.wait(10 * SECOND), door.catalyst, True))
    door.write.log(door.door, "later")
    door.session.apply_events(0, door.write.take())
    assert door.session.live.timers_now_ns(timer) == door.session.live.t_ns
    door.write.wait(90 * SECOND)
    door.write.add(ev.CatalystHeld(door.write.t_ns, door.catalyst, False))
    door.session.apply_events(door.session.live.n, door.write.take())

    answer = why_not(door.session.live, NotFired(timer))

    assert answer.reasons == {Reason.NOT_DUE: 1}
    assert answer.sentences[-1].text == "It is not due yet: it fires in 50 s."


def test_a_timer_that_was_let_fire_while_held_has_the_time_of_then() -> None:
    door = Door()
    timer = door.write.timer(door.door, 60 * SECOND, "ttsc__open", "pulse")
    door.write.add(ev.CatalystHeld(door.write.wait(10 * SECOND), door.catalyst, True))
    door.write.add(ev.TimerFired(door.write.wait(30 * SECOND), timer, 0))
    door.write.add(ev.TimerSet(door.write.t_ns, timer, door.write.t_ns + 60 * SECOND, 60 * SECOND, ev.Name("x"), 0))
    door.write.add(ev.CatalystHeld(door.write.wait(20 * SECOND), door.catalyst, False))
    door.session.apply_events(0, door.write.take())

    assert why_not(door.session.live, NotFired(timer)).sentences[-1].text.startswith("It did fire once")
    assert door.session.live.timers[timer].due_ns == door.write.t_ns + 60 * SECOND


def test_a_timer_that_pauses_by_itself_is_not_said_to_have_been_stopped() -> None:
    door = Door()
    timer = door.write.timer(door.door, 250 * MS, "ttsc__open", "pulse")
    door.write.add(ev.TimerFired(door.write.wait(250 * MS), timer, 0))
    door.write.add(ev.TimerStopped(door.write.t_ns, timer, 250 * MS, 0))
    door.session.apply_events(0, door.write.take())

    answer = why_not(door.session.live, NotFired(timer))

    assert answer.reasons == {Reason.TIMER_STOPPED: 1, Reason.TIMER_FIRED: 1}
    assert "It stands still since it fired, as its kind does, until somebody calls resume()." in answer.text


def test_a_listener_was_not_called_as_the_value_was_the_same() -> None:
    door = Door()
    store = door.write.born("ttStore", "store", -1, door.catalyst)
    run = door.write.sparkles(door.door, "ttsc__close")
    for _ in range(3):
        door.write.add(ev.StoreUnchanged(door.write.wait(MS), store, ev.Name("door/wanted"), run))
    assert door.why_not().reasons == {Reason.NEVER_CALLED: 0}, "nobody has said that it listens there"
    assert paths_set_to_what_they_were(door.session.live, 10) == [(store, "door/wanted")]
    rows = (ListenerRow(door.door, "door", "ttsc__open", ("door/*",)), ListenerRow(-1, "print", "print"))
    door.session.apply([Told(Listeners(store, "door/wanted", 1, rows, 2))])

    answer = door.why_not()

    assert answer.reasons == {Reason.EQUAL_VALUE: 3, Reason.NEVER_CALLED: 0}
    words = "It listens to door/wanted, which was set to the value that it had 3 times, the last time by door.ttsc__close: no"
    assert any(sentence.text.startswith(words) for sentence in answer.sentences), answer.text
    assert door.why_not("ttsc__close").reasons == {Reason.IT_DID: 1}


def test_its_own_change_is_a_reason_also_for_who_was_called_before() -> None:
    door = Door()
    store = door.write.born("ttStore", "store", -1, door.catalyst)
    run = door.write.sparkles(door.door, "ttsc__open")
    door.write.add(
        ev.StoreSilenced(door.write.wait(MS), store, ev.Name("a"), door.door, ev.Name("ttsc__open"), ev.Name("own source"), run)
    )  # fmt: skip

    assert door.why_not().reasons == {Reason.OWN_SOURCE: 1, Reason.IT_DID: 1}


def test_of_very_many_paths_the_latest_are_told_one_by_one_and_all_are_counted() -> None:
    door = Door()
    store = door.write.born("ttStore", "store", -1, door.catalyst)
    run = door.write.sparkles(door.door, "ttsc__close")
    own = (door.door, ev.Name("ttsc__open"), ev.Name("own source"), run)
    for number in [*range(30), 3]:
        path = ev.Name(f"row/{number}")
        door.write.add(ev.StoreSilenced(door.write.wait(MS), store, path, *own))
        door.write.add(ev.StoreUnchanged(door.write.wait(MS), store, path, run))

    answer = door.why_not()

    assert answer.reasons == {Reason.OWN_SOURCE: 31, Reason.EQUAL_VALUE: 31, Reason.NEVER_CALLED: 0}
    assert "It was not told twice of a change of row/3:" in answer.text
    assert "row/11:" in answer.text
    assert "row/10:" not in answer.text, "twenty paths: 3 and 29 down to 11"
    assert "It was not told 10 times of changes of 10 more paths: those were its own." in answer.text
    words = "It listens to 10 more paths that were set to the value that they had, 10 times in all: no change, no news."
    assert words in answer.text


@pytest.mark.parametrize("moved", ["not", "before it was called", "while it waits"])
def test_what_stands_before_an_order_is_not_guessed_after_somebody_moved_one_by_hand(moved: str) -> None:
    door = Door()
    deed = ("move order", "order 1, door.ttsc__close(), to the end", "a studio")

    def move() -> None:
        door.write.add(ev.ByHand(door.write.wait(MS), door.catalyst, *deed))  # type: ignore[arg-type]

    if moved == "before it was called":
        move()
    door.write.order(door.door, "ttsc__close")
    door.write.order(door.door, "ttsc__open")
    if moved == "while it waits":
        move()

    text = door.why_not().text

    known = "behind door.ttsc__close" in text
    mixed = "; another one waits there, and orders were moved by hand: what is before it is not known." in text
    assert (known, mixed) == (moved != "while it waits", moved == "while it waits"), text
