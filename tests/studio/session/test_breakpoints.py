"""The breakpoints of a project as the window has them: what the user does, what the app tells, what is kept."""

from __future__ import annotations

import pytest

from tasktonic import events as ev
from tasktonic.rules import Breakpoint, Term, ttBreakpointError
from tasktonic_studio.session.breakpoint_offers import term_for
from tasktonic_studio.session.breakpoints import MOST, Breakpoints, BreakpointsRead
from tasktonic_studio.session.inbox import TargetBegan
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tests.helpers.builders import EventWriter

OPEN = Term("sparkle", "ttsc__open", "Door")
ONE = Breakpoint(0, (OPEN,))


def hit(
    number: int = 1, *, held: bool = True, off: bool = False, words: str = "before it", owner: str = "studio"
) -> ev.BreakpointHit:
    return ev.BreakpointHit(
        5, number, ev.Name(owner), 0, 1, ev.Name("ttsc__open"), 7, True, 1, held, off, ev.Text(words)
    )


def test_numbers_are_not_given_again() -> None:
    points = Breakpoints()
    first = points.add(ONE).id
    points.remove((first,))

    assert points.add(ONE).id == first + 1


def test_what_changed_is_taken_once() -> None:
    points = Breakpoints()
    points.add(ONE)

    assert points.take_changed() == (Breakpoint(1, (OPEN,)),)
    assert points.take_changed() is None


def test_toggling_sets_and_takes_away() -> None:
    points = Breakpoints()

    says = [points.toggle(OPEN), points.toggle(OPEN)]

    assert says == ["Breakpoint 1 is set.", "Breakpoint 1 is removed."]
    assert points.all == ()


def test_toggling_loses_no_condition() -> None:
    points = Breakpoints()
    points.add(Breakpoint(0, (OPEN, Term("condition", "self.on"))))

    says = [points.toggle(OPEN), points.toggle(OPEN)]

    assert says == ["Breakpoint 1 is switched off.", "Breakpoint 1 is switched on."]
    assert len(points.all[0].terms) == 2


def test_one_that_cannot_be_is_not_taken() -> None:
    points = Breakpoints()

    with pytest.raises(ttBreakpointError, match="Breakpoint 1: write a condition"):
        points.add(Breakpoint(0, (Term("condition"),)))

    assert points.all == ()


def test_there_are_not_too_many() -> None:
    points = Breakpoints()
    points.read(BreakpointsRead("a.py", tuple(Breakpoint(at, (OPEN,)) for at in range(MOST))))

    with pytest.raises(
        ttBreakpointError, match=r"There are 500 breakpoints already\. Remove some, in the panel Breakpoints\."
    ):
        points.add(ONE)


def test_a_hit_counts_and_one_that_is_spent_is_off() -> None:
    points = Breakpoints()
    points.add(ONE)
    points.was_hit(10, hit())
    points.was_hit(12, hit(off=True))

    assert points.hits_of(1).count == 2
    assert not points.all[0].enabled
    assert points.take_changed() is not None


def test_a_fault_is_no_hit() -> None:
    points = Breakpoints()
    points.add(ONE)
    points.was_hit(10, hit(held=False, off=True, words="The condition of this breakpoint raised NameError: x"))

    assert (points.hits_of(1).count, points.hits_of(1).is_fault) == (0, True)


def test_what_others_have_set_does_not_count() -> None:
    points = Breakpoints()
    points.add(ONE)
    points.was_hit(10, hit(owner="run until"))

    assert points.hits_of(1).count == 0


def test_breakpoints_outlive_the_run_and_hits_do_not() -> None:
    session = Session()
    session.breakpoints.add(ONE)
    session.breakpoints.was_hit(3, hit())

    session.apply([TargetBegan("launched", "b.py")])

    assert len(session.breakpoints.all) == 1
    assert session.breakpoints.hits_of(1).count == 0


def test_a_recorded_run_switches_nothing_off() -> None:
    session = Session()
    session.breakpoints.add(ONE)
    session.apply([TargetBegan("file", "b.py")])
    session.apply_events(session.live.n, [hit(off=True)])

    assert session.breakpoints.all[0].enabled


def door() -> tuple[Session, EventWriter, int, int]:
    session, writer = Session(), EventWriter()
    catalyst = writer.catalyst("main")
    writer.cls("Door", ("open", "shut"), ("ttsc__open",))
    tonic = writer.born("Door", "door", context=catalyst, state="shut")
    return session, writer, catalyst, tonic


def test_held_at_a_breakpoint_is_said_until_it_is_let_go() -> None:
    session, writer, catalyst, tonic = door()
    writer.add(hit()._replace(essence=tonic, catalyst=catalyst))
    writer.add(ev.CatalystHeld(6, catalyst, True))
    session.apply_events(0, writer.take())

    assert session.live.target.sentence == "held at Door.ttsc__open: breakpoint 1"

    session.apply_events(session.live.n, [ev.CatalystHeld(7, catalyst, False)])

    assert (session.live.target.sentence, session.live.hit) == ("running", None)


def test_a_hit_while_it_is_held_says_where_it_stands_now() -> None:
    session, writer, catalyst, tonic = door()
    writer.add(ev.CatalystHeld(6, catalyst, True))
    writer.add(hit()._replace(essence=tonic, catalyst=catalyst))
    session.apply_events(0, writer.take())

    assert session.live.target.sentence == "held at Door.ttsc__open: breakpoint 1"


def test_who_steps_on_from_a_breakpoint_is_not_said_to_be_there_any_more() -> None:
    session, writer, catalyst, tonic = door()
    other = writer.catalyst("other")
    writer.add(ev.CatalystHeld(6, catalyst, True))
    writer.add(ev.CatalystHeld(6, other, True))
    writer.add(hit()._replace(essence=tonic, catalyst=catalyst))
    session.apply_events(0, writer.take())

    def step(of: int) -> str:
        session.apply_events(
            session.live.n, [ev.ByHand(7, of, ev.Name("step"), ev.Text("1 order"), ev.Text("a studio"))]
        )
        return session.live.target.sentence

    assert [step(other), step(catalyst)] == ["held at Door.ttsc__open: breakpoint 1", "held"]
    assert session.live.hit is None


def test_each_thing_has_its_term() -> None:
    session, writer, _, tonic = door()
    order = writer.order(tonic, "ttsc__open")
    run = writer.run(tonic, "ttsc__open", order)
    writer.store(50, "limits/low", "1", run=run)
    writer.raised(tonic, "ttsc__open", "KeyError", "x", run)
    session.apply_events(0, writer.take())
    known = session.live
    cls = known.essences.get(tonic).cls  # type: ignore[union-attr]
    place = known.names.handlers(cls)[0]

    found = [
        term_for(known, Thing(*thing))  # type: ignore[arg-type]
        for thing in [
            ("run", run),
            ("order", order),
            ("essence", tonic),
            ("class", cls),
            ("state", (cls, 0)),
            ("store", (50, "limits/low")),
            ("log", len(known.log) - 1),
            ("place", (place.file, place.line + 1)),
        ]
    ]

    assert found == [
        OPEN,
        OPEN,
        Term("sparkle", "*", tonic="main/door"),
        Term("sparkle", "*", "Door"),
        Term("state", "open", "Door", way="entered"),
        Term("path", "limits/low"),
        Term("exception", "KeyError", "Door"),
        OPEN,
    ]
    assert term_for(known, None) is None
    assert term_for(known, Thing("run", 9_999)) is None
