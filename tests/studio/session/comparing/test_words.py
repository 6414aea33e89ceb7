"""What a comparison says of each kind of difference."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tasktonic import events as ev
from tasktonic_studio.session.comparing.comparison import Comparison, Facet, Mark
from tasktonic_studio.session.comparing.words import explain, facet_words, reservations, verdict
from tasktonic_studio.session.inbox import TargetBegan
from tasktonic_studio.session.session import Session
from tests.helpers.builders import EventWriter
from tests.helpers.causal_runs import compared

Going = Callable[["Doors"], object]


class Doors:
    """A timer calls a door that can be closed, open or locked, and the door calls a lamp."""

    def __init__(self) -> None:
        write = self.write = EventWriter()
        write.catalyst("main")
        write.cls("Door", ("closed", "locked", "open"), ("ttsc__open", "ttsc__lock"))
        write.cls("Lamp", (), ("ttsc__light",))
        write.cls("ttTimerRepeat")
        self.house = write.born("Lamp", "house")
        self.door = write.born("Door", "door", state="closed")
        self.lamp = write.born("Lamp", "lamp")
        self.tick = write.timer(self.house, 1_000, "ttse__on_tick", "tick")
        self.write.wait(1_000)

    def ticks(self) -> int:
        """The timer fires: the house is called, and runs."""
        write = self.write
        return write.run(self.house, "ttse__on_tick", write.order(self.house, "ttse__on_tick", self.tick, 0, "timer"))

    def calls(self, tonic: int, sparkle: str, run: int, arguments: str = "") -> int:
        return self.write.order(tonic, sparkle, self.house, run, arguments=arguments)


def seen(going: Going, *, ends: bool = True) -> Session:
    doors = Doors()
    going(doors)
    if ends:
        doors.write.add(ev.AppEnded(doors.write.t_ns, 1, ev.Text("")))
    session = Session()
    session.apply_events(0, doors.write.take())
    return session


def doors(here: Going, there: Going, *, ends: bool = True) -> Comparison:
    return compared(seen(here), seen(there, ends=ends))


def opens(to: str = "", flags: int = 0, arguments: str = "", lock_first: bool = False) -> Going:
    def going(doors: Doors) -> None:
        run = doors.ticks()
        if lock_first:
            doors.write.sparkles(doors.door, "ttsc__lock", to="locked")
        order = doors.calls(doors.door, "ttsc__open", run, arguments)
        doors.write.run(doors.door, "ttsc__open", order, to=to, flags=flags)

    return going


def test_equal_runs_are_said_to_be_the_same() -> None:
    comparison = doors(opens("open"), opens("open"))

    assert verdict(comparison) == "Both are the same: 2 rows, each with the same cause, and nothing differs."
    assert reservations(comparison) == [
        "Arguments are not compared: at least one of the two was recorded without them."
    ]


def test_a_state_that_was_left_here_and_not_there_is_told() -> None:
    comparison = doors(opens("open"), opens(flags=ev.IGNORED))

    assert verdict(comparison) == (
        "First difference, by cause: run 2: door.ttsc__open was called by house.ttse__on_tick in both, "
        "but here it left state closed → open, there it was ignored in state closed."
    )
    assert facet_words(comparison, comparison.first) == "state after, handled or ignored"


def test_another_state_before_is_told_with_what_ran_before_it() -> None:
    comparison = doors(opens("open"), opens(flags=ev.IGNORED, lock_first=True))

    row = comparison.row_of_run(2)
    assert comparison.facets[row] & Facet.BEFORE
    assert "here it left state closed → open, there it was ignored in state locked." in explain(comparison, row)
    # The one that locked it is only there, and comes first.
    assert comparison.mark[comparison.first] == Mark.ONLY_THERE
    assert verdict(comparison) == "First difference, by cause: run 2: door.ttsc__lock came from outside only there."


def test_other_arguments_are_told() -> None:
    comparison = doors(opens("open", arguments="code='1'"), opens("open", arguments="code='2'"))

    assert verdict(comparison).endswith("in both, but here with code='1', there with code='2'.")


def test_arguments_that_one_side_did_not_record_are_no_difference() -> None:
    def busy(doors: Doors) -> None:
        opens("open", arguments="code='1'")(doors)
        opens("open", arguments="")(doors)

    def calm(doors: Doors) -> None:
        opens("open", arguments="code='1'")(doors)
        opens("open", arguments="code='7'")(doors)

    assert doors(busy, calm).first == -1


def test_an_exception_is_told() -> None:
    def raises(doors: Doors) -> None:
        run = doors.ticks()
        order = doors.calls(doors.door, "ttsc__open", run)
        doors.write.raised(doors.door, "ttsc__open", "ValueError", "it sticks", order)
        doors.write.run(doors.door, "ttsc__open", order, flags=ev.ERROR)

    comparison = doors(opens(), raises)

    assert "there it raised ValueError: it sticks in ttsc__open in state closed." in verdict(comparison)
    assert comparison.facets[comparison.first] == Facet.ERROR


def test_an_effect_that_is_only_here_is_told_at_its_cause() -> None:
    def lights(doors: Doors) -> None:
        run = doors.ticks()
        doors.write.run(doors.lamp, "ttsc__light", doors.calls(doors.lamp, "ttsc__light", run, "watts=5"))

    comparison = doors(lights, lambda doors: doors.ticks())

    assert verdict(comparison).endswith(
        "house.ttse__on_tick was called by timer tick in both, but here it also called lamp.ttsc__light(watts=5)."
    )
    row = comparison.row_of_run(2)
    assert explain(comparison, row) == (
        "run 2: lamp.ttsc__light was called by house.ttse__on_tick only here; there house.ttse__on_tick (run 1) did not call it."
    )


def test_an_order_that_never_ran_there_is_told() -> None:
    def waits(doors: Doors) -> None:
        doors.calls(doors.door, "ttsc__open", doors.ticks())

    comparison = doors(opens("open"), waits)

    assert "here it left state closed → open, there it was ordered and did not run." in verdict(comparison)


@pytest.mark.parametrize("here, words", [(2, "1 row more here"), (3, "2 rows more here")])
def test_what_would_still_have_come_is_no_difference(here: int, words: str) -> None:
    def ticks(times: int) -> Going:
        return lambda doors: [doors.ticks() for _ in range(times)]

    comparison = doors(ticks(here), ticks(1), ends=False)

    assert comparison.first == -1
    assert verdict(comparison) == (
        f"Both are the same as far as both go. There are {words}: the other had not gone so far."
    )
    assert explain(comparison, len(comparison) - 1).endswith("; there the run had not gone so far.")


def test_what_a_waiting_order_would_still_have_called_is_no_difference() -> None:
    def lights(doors: Doors) -> None:
        write = doors.write
        run = write.run(doors.door, "ttsc__open", doors.calls(doors.door, "ttsc__open", doors.ticks()))
        write.run(doors.lamp, "ttsc__light", write.order(doors.lamp, "ttsc__light", doors.door, run))

    def waits(doors: Doors) -> None:
        doors.calls(doors.door, "ttsc__open", doors.ticks())

    cut = doors(lights, waits, ends=False)
    ended = doors(lights, waits)

    assert cut.first == -1
    assert (
        verdict(cut) == "Both are the same as far as both go. There are 1 row more here: the other had not gone so far."
    )
    assert "here it also called lamp.ttsc__light" in verdict(ended)


def test_of_an_app_that_has_ended_the_same_is_a_difference() -> None:
    comparison = doors(lambda doors: [doors.ticks(), doors.ticks()], lambda doors: doors.ticks())

    assert verdict(comparison).endswith("house.ttse__on_tick was called by timer tick only here.")


def test_two_scripts_are_named() -> None:
    def of(script: str) -> Session:
        session = Session()
        session.apply([TargetBegan("file", script=script)])
        plant = Doors()
        opens("open", arguments="a=1")(plant)
        session.apply_events(session.live.n, plant.write.take())
        return session

    comparison = compared(of("/a/door.py"), of("/b/lamp.py"))

    assert reservations(comparison) == ["These are runs of two scripts: door.py here, lamp.py there."]


def test_a_gap_is_a_reservation() -> None:
    def with_gap(doors: Doors) -> None:
        opens("open", arguments="a=1")(doors)
        doors.write.add(ev.Gap(doors.write.t_ns, doors.write.t_ns, 3, 3))

    comparison = doors(with_gap, opens("open", arguments="a=1"))

    assert reservations(comparison) == [
        "Not all is known here: the recording began later, or flow was lost. What is missing counts as a difference."
    ]


def test_nothing_that_ran_is_said() -> None:
    assert verdict(compared(Session(), Session())) == "Nothing ran, neither here nor there."
