"""Several catalysts on one thread in virtual time, and that it always goes the same way."""

from __future__ import annotations

import copy
import threading

import hypothesis
import pytest
from hypothesis import strategies as st

from tasktonic import (
    ttCatalyst,
    ttDistiller,
    ttFormula,
    ttShared,
    ttTimerSingleShot,
    ttTonic,
)

from .small_apps import Takes, tonic


class Gives(ttTonic):
    def __init__(self, to, what, **kwargs):
        super().__init__(**kwargs)
        self.to, self.what = to, what

    def ttse__on_start(self):
        self.to.ttsc__take(self.what)


# -- every event by the same clock ------------------------------------------------------------------------------------------------


# -- several catalysts ------------------------------------------------------------------------------------------------------------


class Threaded(ttTonic):
    def ttse__on_start(self):
        self.thread = threading.get_ident()


def test_all_ordinary_catalysts_run_on_the_thread_that_sparkles(build):
    before = threading.active_count()
    distiller = build(lambda: [Threaded(name=f"t{n}", catalyst=ttCatalyst(name=f"c{n}")) for n in range(3)])
    distiller.sparkle()

    assert {tonic(f"t{n}").thread for n in range(3)} == {threading.get_ident()}
    assert threading.active_count() == before


def test_a_catalyst_made_while_it_runs_is_driven_too(build):
    class Maker(ttTonic):
        def ttse__on_start(self):
            Threaded(name="late", catalyst=ttCatalyst(name="other"))

    trace = build(lambda: Maker(name="maker")).sparkle()

    assert trace.sparkles("late") == ["ttse__on_start"]
    assert tonic("late").thread == threading.get_ident()


def test_a_catalyst_that_is_started_later_runs_from_then_on(build):
    distiller = build(lambda: Threaded(name="late", catalyst=ttCatalyst(name="other", dont_start_yet=True)))

    before = distiller.sparkle().sparkles("late")
    tonic("other").start()
    after = distiller.sparkle().sparkles("late")

    assert (before, after) == ([], ["ttse__on_start"])


def test_arguments_are_copied_between_catalysts(build):
    thing = [1, [2]]

    def make():
        Gives(Takes(name="takes", catalyst=ttCatalyst(name="other")), thing, name="gives")

    build(make).sparkle()

    (got,) = tonic("takes").got
    assert got == thing
    assert got is not thing
    assert got[1] is not thing[1]


def test_arguments_are_copied_back_to_the_main_catalyst(build):
    thing = [1]

    def make():
        Gives(Takes(name="takes"), thing, name="gives", catalyst=ttCatalyst(name="other"))

    build(make).sparkle()

    assert tonic("takes").got[0] is not thing


def test_arguments_within_one_catalyst_are_not_copied(build):
    thing = [1]

    def make():
        other = ttCatalyst(name="other")
        Gives(Takes(name="takes", catalyst=other), thing, name="gives", catalyst=other)

    build(make).sparkle()

    assert tonic("takes").got[0] is thing


def test_what_is_shared_on_purpose_is_not_copied(build):
    thing = [1]

    def make():
        Gives(Takes(name="takes", catalyst=ttCatalyst(name="other")), ttShared(thing), name="gives")

    build(make).sparkle()

    assert tonic("takes").got[0] is thing


def test_what_cannot_be_copied_is_refused_at_the_call(build, capsys):
    def make():
        Gives(Takes(name="takes", catalyst=ttCatalyst(name="other")), threading.Lock(), name="gives")

    with pytest.raises(
        TypeError, match=r"takes\.ttsc__take: argument 'value' \(a lock\) cannot be copied for the other thread"
    ):
        build(make).sparkle()


def test_a_parent_waits_for_a_child_on_another_catalyst(build):
    class Child(ttTonic):
        def ttse__on_finished(self):
            pass

    class Parent(ttTonic):
        def ttse__on_start(self):
            self.bind(Child, name="child", catalyst=ttCatalyst(name="other", context=-1))

        def ttsc__end(self):
            self.finish()

    distiller = build(lambda: [Parent(name="parent"), Takes(name="stays")])
    distiller.sparkle()
    tonic("parent").ttsc__end()
    distiller.sparkle()

    assert tonic("parent") is None
    assert tonic("child") is None
    assert tonic("other") is None
    assert tonic("stays") is not None


class Counts(ttTonic):
    def __init__(self, length, **kwargs):
        super().__init__(**kwargs)
        self.left = length

    def ttse__on_start(self):
        self.tts__count()

    def tts__count(self):
        self.left -= 1
        if self.left:
            self.tts__count()


def three_counters():
    for name in "abc":
        Counts(20, name=name, catalyst=ttCatalyst(name=f"catalyst {name}"))


def order_of(build, seed):
    distiller = build(three_counters, seed=seed)
    trace = distiller.sparkle()
    distiller.finish_distiller()
    return "".join(row["tonic"] for row in trace["sparkle_trace"])


def test_the_first_seed_lets_each_catalyst_run_one_sparkle_after_the_other(build):
    assert order_of(build, 0) == "abc" * 21


def test_another_seed_gives_another_order(build):
    orders = {order_of(build, seed) for seed in range(6)}

    assert len(orders) == 6


def test_the_same_seed_gives_the_same_order(build):
    assert order_of(build, 5) == order_of(build, 5)


def test_whatever_the_seed_each_catalyst_keeps_the_order_of_its_queue(build):
    def make():
        takes = Takes(name="takes", catalyst=ttCatalyst(name="there"))
        for value in range(10):
            takes.ttsc__take(value)

    for seed in range(5):
        distiller = build(make, seed=seed)
        distiller.sparkle()
        got = tonic("takes").got
        distiller.finish_distiller()
        assert got == list(range(10))


# -- always the same ---------------------------------------------------------------------------------------------------------------


class Actor(ttTonic):
    """Follows a script: at each step it calls others, sets timers, changes state."""

    def __init__(self, script, **kwargs):
        super().__init__(**kwargs)
        self.script = list(script)
        self.said = []

    def ttsc__step(self, by, number):
        self.said.append((by, number))
        if not self.script:
            return
        kind, target, delay = self.script.pop(0)
        if kind == "call":
            other = tonic(f"actor {target}")
            if other is not None:
                other.ttsc__step(self.name, len(self.script))
        elif kind == "timer":
            ttTimerSingleShot(delay, name="next")
        elif kind == "state":
            self.to_state(("red", "green")[target % 2])
        elif kind == "new":
            self.bind(Actor, [("call", target, 0)], name=f"{self.name}+").ttsc__step(self.name, -1)
        elif kind == "finish":
            self.finish()
        if kind != "finish":
            self.ttsc__step(self.name, len(self.script))

    def ttse__on_next(self, info):
        self.ttsc__step("timer", len(self.script))

    def ttse_red__on_enter(self):
        pass

    def ttse_green__on_exit(self):
        pass


STEPS = st.tuples(
    st.sampled_from(["call", "call", "timer", "state", "new", "finish"]),
    st.integers(0, 3),
    st.sampled_from([0.0, 0.5, 1.0, 60.0]),
)


APPS = st.lists(st.tuples(st.integers(0, 2), st.lists(STEPS, max_size=6)), min_size=1, max_size=4)


def run_actors(app, seed):
    """Run an app of actors to its end, and give the trace and what each actor was told."""
    distillers = []

    class App(ttFormula):
        def creating_formula(self):
            return {"tasktonic/log/to": "off"}

        def creating_main_catalyst(self):
            distillers.append(ttDistiller(seed=seed))

        def creating_starting_tonics(self):
            others = [None, ttCatalyst(name="second"), ttCatalyst(name="third")]
            self.actors = [
                Actor(script, name=f"actor {number}", catalyst=others[where])
                for number, (where, script) in enumerate(app)
            ]
            for actor in self.actors:
                actor.ttsc__step("begin", -2)

    formula = App()
    try:
        trace = distillers[0].sparkle(timeout=600)
    finally:
        distillers[0].finish_distiller()
    return trace, {actor.name: actor.said for actor in formula.actors}


@hypothesis.given(APPS, st.integers(0, 1000))
@hypothesis.settings(max_examples=60, deadline=None)
def test_the_same_seed_always_gives_the_same_trace(app, seed):
    first, _ = run_actors(app, seed)
    second, _ = run_actors(copy.deepcopy(app), seed)

    assert first.differences(second) == []
    assert first == second


@hypothesis.given(APPS, st.integers(1, 1000))
@hypothesis.settings(max_examples=60, deadline=None)
def test_whatever_the_seed_what_one_actor_tells_another_comes_in_the_same_order(app, seed):
    """Of one caller: what comes from several may mix, that is what seeds are for."""
    no_endings = [(where, [step for step in script if step[0] not in ("finish", "new")]) for where, script in app]

    _, plain = run_actors(no_endings, 0)
    _, varied = run_actors(no_endings, seed)

    for name, said in plain.items():
        for caller in {by for by, _ in said} - {"timer"}:
            assert [n for by, n in varied[name] if by == caller] == [n for by, n in said if by == caller]
