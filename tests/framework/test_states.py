from __future__ import annotations

import contextlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tasktonic import ttCatalyst, ttTonic, ttUnknownState
from tasktonic.events import ERROR, HOOK, IGNORED, StateChanged, StateRefused, Unmoved
from tasktonic.stream import Level
from tests.helpers.apps import Rows, reading, run_app


class Lamp(ttTonic):
    """Notes every hook and push with the state it is in; runs the steps it is given, then finishes."""

    def __init__(self, notes: list[Any], *steps: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.notes, self.steps = notes, list(steps)

    def note(self, what: str) -> None:
        self.notes.append(f"{what} {self.get_current_state_name()}")

    def ttse__on_start(self) -> None:
        self.tts__step()

    def tts__step(self) -> None:
        if not self.steps:
            self.finish()
            return
        self.steps.pop(0)(self)
        self.tts__step()

    def ttse__on_enter(self) -> None:
        self.note("enter")

    def ttse__on_exit(self) -> None:
        self.note("exit")

    def ttsc_on__push(self) -> None:
        self.note("push on")

    def ttsc__push(self) -> None:
        self.note("push any")

    def ttsc_off__only(self) -> None:
        self.note("only off")

    def ttse_off__on_enter(self) -> None:
        self.note("enter off")


def notes_of(*steps: Any) -> list[str]:
    notes: list[str] = []
    run_app(lambda: Lamp(notes, *steps))
    return notes


def test_states_are_listed_sorted() -> None:
    assert notes_of(lambda lamp: lamp.notes.append(lamp.states)) == [["off", "on"]]


def test_without_a_state_the_name_is_two_dashes() -> None:
    assert notes_of(lambda lamp: lamp.note(str(lamp.state))) == ["-1 --"]


def test_change_runs_exit_of_the_old_then_enter_of_the_new_state() -> None:
    assert notes_of(lambda lamp: lamp.to_state("on"), lambda lamp: lamp.to_state("off")) == [
        "enter on",
        "exit on",
        "enter off off",
        "exit off",
    ]


def test_change_happens_after_the_sparkle() -> None:
    def step(lamp: Lamp) -> None:
        lamp.to_state("on")
        lamp.note("still")

    assert notes_of(step)[:2] == ["still --", "enter on"]


def test_change_happens_before_any_other_sparkle() -> None:
    def step(lamp: Lamp) -> None:
        lamp.ttsc__push()
        lamp.to_state("on")

    assert notes_of(step)[:2] == ["enter on", "push on on"]


def test_state_handler_goes_before_the_generic_one() -> None:
    assert "push on on" in notes_of(lambda lamp: lamp.to_state("on"), lambda lamp: lamp.ttsc__push(), lambda lamp: None)


def test_generic_handler_serves_every_other_state() -> None:
    notes = notes_of(lambda lamp: lamp.to_state("off"), lambda lamp: lamp.ttsc__push(), lambda lamp: None)

    assert "push any off" in notes


def test_without_a_state_only_the_generic_handler_counts() -> None:
    assert notes_of(lambda lamp: lamp.ttsc__push(), lambda lamp: None) == ["push any --"]


def test_without_a_handler_nothing_runs() -> None:
    assert notes_of(lambda lamp: lamp.ttsc__only(), lambda lamp: None) == []


def test_handler_is_chosen_when_the_sparkle_runs() -> None:
    def step(lamp: Lamp) -> None:
        lamp.ttsc__only()
        lamp.to_state("off")

    assert "only off off" in notes_of(step, lambda lamp: None)


def test_qualified_call_runs_in_its_state() -> None:
    assert "push on on" in notes_of(
        lambda lamp: lamp.to_state("on"), lambda lamp: lamp.ttsc_on__push(), lambda lamp: None
    )


def test_qualified_call_is_ignored_in_other_states() -> None:
    assert notes_of(lambda lamp: lamp.ttsc_on__push(), lambda lamp: None) == []


def test_going_to_the_present_state_is_nothing() -> None:
    steps = [lambda lamp: lamp.to_state("on")] * 2

    assert notes_of(*steps) == ["enter on", "exit on"]


def test_going_to_the_present_state_is_told() -> None:
    with reading() as rows:
        notes_of(*[lambda lamp: lamp.to_state("on")] * 2)

    assert [row.state for row in rows.of(Unmoved)] == [1]


def test_a_state_that_is_unknown_is_told_as_refused() -> None:
    def step(lamp: Lamp) -> None:
        with contextlib.suppress(ttUnknownState):  # who swallows the error hides it from everybody but the stream
            lamp.to_state("dark")

    with reading() as rows:
        notes_of(step)

    assert [(row.state, row.reason) for row in rows.of(StateRefused)] == [("dark", "unknown")]


def test_a_state_that_comes_too_late_is_told_as_refused() -> None:
    class Late(ttTonic):
        def ttse__on_start(self) -> None:
            self.to_state("on")
            self.finish()

        def ttse__on_finished(self) -> None:
            self.to_state("off")

        def ttse_on__on_enter(self) -> None: ...
        def ttse_off__on_enter(self) -> None: ...

    with reading() as rows:
        run_app(Late)

    assert [(row.state, row.reason) for row in rows.of(StateRefused)] == [("off", "finishing")]


def test_reentering_runs_exit_then_enter() -> None:
    assert notes_of(lambda lamp: lamp.to_state("on"), lambda lamp: lamp.reenter_current_state()) == [
        "enter on",
        "exit on",
        "enter on",
        "exit on",
    ]


def test_reentering_without_a_state_is_nothing() -> None:
    assert notes_of(lambda lamp: lamp.reenter_current_state()) == []


def test_minus_one_stops_the_state_machine() -> None:
    notes = notes_of(lambda lamp: lamp.to_state("on"), lambda lamp: lamp.to_state(-1), lambda lamp: lamp.note("now"))

    assert notes == ["enter on", "exit on", "now --"]


def test_state_may_be_given_by_index() -> None:
    assert notes_of(lambda lamp: lamp.to_state(1))[0] == "enter on"


def test_several_changes_in_one_sparkle_happen_one_after_the_other() -> None:
    def step(lamp: Lamp) -> None:
        lamp.to_state("on")
        lamp.to_state("off")

    assert notes_of(step) == ["enter on", "exit on", "enter off off", "exit off"]


def test_change_asked_for_in_on_enter_follows_at_once() -> None:
    notes: list[str] = []

    class Chain(Lamp):
        def ttse_on__on_enter(self) -> None:
            self.note("enter on")
            self.to_state("off")

        def tts__other(self) -> None:
            self.note("other")

    def step(lamp: Any) -> None:
        lamp.tts__other()
        lamp.to_state("on")

    run_app(lambda: Chain(notes, step))

    assert notes == ["enter on on", "exit on", "enter off off", "other off", "exit off"]


def test_change_asked_for_in_on_exit_follows_the_one_under_way() -> None:
    notes: list[str] = []

    class Chain(Lamp):
        def ttse_on__on_exit(self) -> None:
            self.to_state("on")

    run_app(lambda: Chain(notes, lambda lamp: lamp.to_state("on"), lambda lamp: lamp.to_state("off")))

    assert notes[:3] == ["enter on", "enter off off", "exit off"]


def test_hooks_of_the_state_go_before_the_generic_ones() -> None:
    assert notes_of(lambda lamp: lamp.to_state("off"))[0] == "enter off off"


def test_unknown_state_raises_at_the_call() -> None:
    messages: list[str] = []

    def step(lamp: Lamp) -> None:
        with pytest.raises(ttUnknownState) as caught:
            lamp.to_state("of")
        messages.append(str(caught.value))

    run_app(lambda: Lamp([], step, name="lamp"))

    assert messages[0] == (
        "lamp: no state 'of'; this tonic has 'off' and 'on'. Did you mean 'off'? "
        "States come from method names such as ttse_open__on_enter, and from _tt_states."
    )


@pytest.mark.parametrize("state", [2, -2, None, 1.5, "", ("on",)])
def test_other_things_are_no_state(state: Any) -> None:
    caught: list[Any] = []

    def step(lamp: Lamp) -> None:
        with pytest.raises(ttUnknownState) as error:
            lamp.to_state(state)
        caught.append(error.value)

    notes_of(step)

    assert isinstance(caught[0], ValueError)


def test_tonic_without_states_says_so() -> None:
    messages: list[str] = []

    class Plain(ttTonic):
        def ttse__on_start(self) -> None:
            with pytest.raises(ttUnknownState) as caught:
                self.to_state("on")
            messages.append(str(caught.value))
            self.finish()

    run_app(Plain)

    assert "this tonic has no states" in messages[0]


def test_states_can_be_listed_that_no_handler_names() -> None:
    notes: list[str] = []

    class Dimmed(Lamp):
        _tt_states = ("half",)

    run_app(lambda: Dimmed(notes, lambda lamp: lamp.to_state("half"), lambda lamp: lamp.notes.append(lamp.states)))

    assert notes == ["enter half", ["half", "off", "on"], "exit half"]


def test_change_asked_for_by_another_tonic_is_queued() -> None:
    notes: list[str] = []

    class Switch(ttTonic):
        def ttse__on_start(self) -> None:
            lamp = Lamp(notes)
            lamp.ttsc__push()
            lamp.to_state("on")
            lamp.ttsc__push()
            self.ttsc__later()

        def ttsc__later(self) -> None:
            self.ttsc__end()

        def ttsc__end(self) -> None:
            self.finish()

    run_app(Switch)

    assert notes == ["push any --", "enter on", "push on on", "exit on"]


def test_change_asked_for_in_init_follows_the_start() -> None:
    notes: list[str] = []

    class Ready(Lamp):
        def __init__(self, notes: list[Any]) -> None:
            super().__init__(notes)
            self.to_state("on")

        def ttse__on_start(self) -> None:
            self.note("start")
            self.finish()

    run_app(lambda: Ready(notes))

    assert notes == ["start --", "enter on", "exit on"]


def test_change_asked_for_in_on_start_happens_directly_on_another_catalyst_too() -> None:
    notes: list[str] = []

    class Ready(Lamp):
        def ttse__on_start(self) -> None:
            self.ttsc__push()
            self.to_state("on")
            self.finish()

    class Top(ttTonic):
        def ttse__on_start(self) -> None:
            hall = ttCatalyst(context=-1, dont_start_yet=True)
            ready = Ready(notes, catalyst=hall, name="ready")
            ready.to_state("off")
            hall.start()  # so that this is asked before it starts, however the threads are scheduled

        def ttse__on_ready_finished(self) -> None:
            self.finish()

    run_app(Top)

    assert notes[:2] == ["enter on", "exit on"]


def test_changes_are_told_with_old_and_new() -> None:
    with reading() as rows:
        notes_of(lambda lamp: lamp.to_state("on"), lambda lamp: lamp.to_state("off"))

    assert [(row.old, row.new) for row in rows.of(StateChanged)] == [(-1, 1), (1, 0), (0, -1)]


def flags_of(rows: Rows, sparkle: str) -> list[int]:
    return [run[5] for run in rows.runs() if run[0][0]._tt_class.sparkles[run[0][1]].called == sparkle]


def test_hooks_are_runs_that_name_the_order_that_caused_them() -> None:
    with reading(Level.FLOW) as rows:
        notes_of(lambda lamp: lamp.to_state("on"))

    hooks = [run for run in rows.runs() if run[0][0]._tt_class.sparkles[run[0][1]].called == "ttse__on_enter"]
    causes = [run for run in rows.runs() if run[6] == hooks[0][0][7]]
    assert hooks[0][5] == HOOK
    assert [run[0][0]._tt_class.sparkles[run[0][1]].called for run in causes] == ["tts__step"]


def test_run_tells_the_states_before_and_after() -> None:
    with reading(Level.RUNS) as rows:
        notes_of(lambda lamp: lamp.to_state("on"))

    steps = [run[3:5] for run in rows.runs() if run[0][0]._tt_class.sparkles[run[0][1]].called == "tts__step"]
    assert steps[0] == (-1, 1)


def test_error_in_on_enter_leaves_the_new_state() -> None:
    notes: list[str] = []

    class Broken(Lamp):
        def ttse_on__on_enter(self) -> None:
            raise LookupError("enter")

        def ttse__on_error(self, error: Any) -> None:
            self.note(f"{error.sparkle} {error.exception}")

    with reading(Level.RUNS) as rows:
        run_app(lambda: Broken(notes, lambda lamp: lamp.to_state("on"), lambda lamp: None))

    assert notes == ["ttse__on_enter enter on", "exit on"]
    assert flags_of(rows, "ttse__on_enter") == [HOOK | ERROR]


def test_error_in_on_exit_does_not_stop_the_change() -> None:
    notes: list[str] = []

    class Broken(Lamp):
        def ttse_on__on_exit(self) -> None:
            raise LookupError("exit")

        def ttse__on_error(self, error: Any) -> None:
            self.note(str(error.exception))

    steps = [lambda lamp: lamp.to_state("on"), lambda lamp: lamp.to_state("off"), lambda lamp: None]
    run_app(lambda: Broken(notes, *steps))

    assert notes == ["enter on", "enter off off", "exit off", "exit off"]


def test_change_asked_for_by_a_sparkle_that_raises_still_happens() -> None:
    notes: list[str] = []

    class Broken(Lamp):
        def tts__fail(self) -> None:
            self.to_state("on")
            raise LookupError

        def ttse__on_error(self, error: Any) -> None:
            self.note("error")

    run_app(lambda: Broken(notes, lambda lamp: lamp.tts__fail(), lambda lamp: None, lambda lamp: None))

    assert notes == ["enter on", "error on", "exit on"]


def test_ignored_sparkle_is_a_run_that_says_so() -> None:
    with reading(Level.FLOW) as rows:
        notes_of(lambda lamp: lamp.ttsc__only(), lambda lamp: None)

    assert flags_of(rows, "ttsc__only") == [IGNORED]


TYPED = """
from tasktonic import ttTonic
class Typed(ttTonic): pass
print(Typed._tt_make_table().place())
"""


def test_a_class_typed_at_a_prompt_has_no_place() -> None:
    root = Path(__file__).resolve().parents[2]

    done = subprocess.run(
        [sys.executable, "-c", TYPED], cwd=root, capture_output=True, text=True, timeout=60, check=True
    )

    assert done.stdout == "('', 0)\n"
