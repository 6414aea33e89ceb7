"""The distiller: what it runs, what the trace says, and what it is made with."""

from __future__ import annotations

import threading

import pytest

from tasktonic import Trace, ttCatalyst, ttDistiller, ttFormula, ttLedger, ttTonic
from tasktonic.driver import ThreadDriver
from tasktonic.errors import ttDistillerError

from .small_apps import Chain, Door, Raises, tonic

# -- nothing runs until asked ----------------------------------------------------------------------------------------------


def test_the_formula_returns_before_anything_has_run(build):
    build(lambda: Chain(3, name="chain"))

    assert tonic("chain").left == 3


def test_sparkling_is_false_while_the_formula_builds(build):
    seen = []

    build(lambda: seen.append(ttLedger().main_catalyst.sparkling))

    assert seen == [False]


def test_sparkling_is_true_from_the_formulas_end_until_it_has_finished(build):
    distiller = build(lambda: Door(name="door"))

    seen = [distiller.sparkling]
    distiller.sparkle()
    seen.append(distiller.sparkling)
    tonic("door").finish()
    seen.append(distiller.sparkling)
    distiller.sparkle()
    seen.append(distiller.sparkling)

    assert seen == [True, True, True, False]


def test_sparkle_before_the_formula_is_through_is_refused(build):
    with pytest.raises(
        ttDistillerError, match=r"main_catalyst: the formula is not through yet; call sparkle\(\) when it has"
    ):
        build(lambda: [ttLedger().main_catalyst.sparkle()])

    assert not ttLedger().running


def test_a_distiller_outside_of_a_formula_is_refused():
    with pytest.raises(
        ttDistillerError, match="no formula is being built: make it in creating_main_catalyst of a ttFormula"
    ):
        ttDistiller()


def test_a_second_distiller_in_one_app_is_refused(build):
    with pytest.raises(ttDistillerError, match="the app has main_catalyst already"):
        build(ttDistiller)


def test_a_clock_that_does_not_exist_is_refused(build):
    with pytest.raises(ttDistillerError, match=r"clock='fast'\): no such clock; there are 'auto', 'virtual', 'real'\."):
        build(clock="fast")


# -- the mapping -----------------------------------------------------------------------------------------------------------


def test_a_trace_has_the_keys_that_are_promised(build):
    trace = build(lambda: Door(name="door")).sparkle()

    assert isinstance(trace, Trace)
    assert {"status", "start@", "end@", "stop_condition", "sparkle_trace", "contract_details"} <= set(trace)


def test_a_row_says_who_ran_what_when_and_why(build):
    distiller = build(lambda: Door(name="door"))
    distiller.sparkle()
    tonic("door").ttsc__open("wide", softly=True)

    (row,) = distiller.sparkle()["sparkle_trace"]

    assert row == {
        "id": 1,
        "tonic": "door",
        "sparkle": "ttsc__open",
        "handler": "ttsc_closed__open",
        "args": ("wide",),
        "kwargs": {"softly": True},
        "source": "",
        "at_enter": {"@": 0.0, "state": "closed", "probes": {}},
        "at_exit": {"@": 0.0, "state": "open", "probes": {}, "sparkling": True},
        "hooks": [
            {
                "id": 1,
                "tonic": "door",
                "sparkle": "ttse__on_exit",
                "handler": "ttse__on_exit",
                "state": "closed",
                "@": 0.0,
            },
            {
                "id": 1,
                "tonic": "door",
                "sparkle": "ttse__on_enter",
                "handler": "ttse_open__on_enter",
                "state": "open",
                "@": 0.0,
            },
        ],
    }


def test_a_row_without_states_says_two_dashes(build):
    trace = build(lambda: Chain(1, name="chain")).sparkle()

    assert [(row["at_enter"]["state"], row["at_exit"]["state"]) for row in trace.rows("chain")] == [("--", "--")] * 2


def test_an_ignored_sparkle_has_a_row_without_handler(build):
    distiller = build(lambda: Door(name="door"))
    distiller.sparkle()
    tonic("door").ttsc__close()

    (row,) = distiller.sparkle()["sparkle_trace"]

    assert (row["sparkle"], row["handler"]) == ("ttsc__close", "")


def test_the_source_of_a_row_is_the_sparkle_that_called(build):
    trace = build(lambda: Chain(2, name="chain")).sparkle()

    assert [row["source"] for row in trace.rows("chain", "tts__link")] == ["", "chain.tts__link"]


def test_arguments_stay_what_they_were_when_the_sparkle_began(build):
    class Eater(ttTonic):
        def ttsc__eat(self, food):
            food.clear()

    distiller = build(lambda: Eater(name="eater"))
    tonic("eater").ttsc__eat(["apple", {"kind": ["pear"]}])

    assert distiller.sparkle().rows(sparkle="ttsc__eat")[0]["args"] == (["apple", {"kind": ["pear"]}],)


def test_objects_among_the_arguments_stay_themselves(build):
    thing = object()
    distiller = build(lambda: Door(name="door"))
    tonic("door").ttsc__open(thing)

    assert distiller.sparkle().rows(sparkle="ttsc__open")[0]["args"] == (thing,)


def test_a_sparkle_dropped_since_its_tonic_finished_has_no_row(build):
    distiller = build(lambda: [Door(name="door"), Door(name="other")])
    distiller.sparkle()
    tonic("door").finish()
    tonic("door").ttsc__open()

    assert distiller.sparkle()["sparkle_trace"] == []


def test_system_sparkles_have_no_rows(build):
    distiller = build(lambda: Door(name="door"))
    tonic("door").finish()

    assert distiller.sparkle().sparkles() == ["ttse__on_start"]


def test_what_a_catalyst_does_by_itself_has_no_rows(build):
    trace = build(lambda: Door(name="door", catalyst=ttCatalyst(name="other"))).sparkle()

    assert {row["tonic"] for row in trace["sparkle_trace"]} == {"door"}


def test_what_a_user_adds_to_a_catalyst_has_rows(build):
    class Engine(ttCatalyst):
        def ttse__on_start(self):
            self.ttsc__warm_up()

        def ttsc__warm_up(self):
            pass

    trace = build(lambda: Engine(name="engine")).sparkle()

    assert trace.sparkles("engine") == ["ttse__on_start", "ttsc__warm_up"]


# -- hooks -------------------------------------------------------------------------------------------------------------------


def test_hooks_do_not_count(build):
    distiller = build(lambda: Door(name="door"))
    distiller.sparkle()
    tonic("door").ttsc__open()
    tonic("door").ttsc__close()

    assert distiller.sparkle(sparkle_count=2).sparkles() == ["ttsc__open", "ttsc__close"]


def test_a_count_never_cuts_a_state_change_in_half(build):
    distiller = build(lambda: Door(name="door"))
    distiller.sparkle()
    tonic("door").ttsc__open()
    tonic("door").ttsc__close()

    trace = distiller.sparkle(sparkle_count=1)

    assert tonic("door").get_current_state_name() == "open"
    assert [hook["handler"] for hook in trace.hooks()] == ["ttse__on_exit", "ttse_open__on_enter"]


def test_hooks_of_an_ending_belong_to_the_sparkle_that_finished(build):
    class Brief(Door):
        def ttsc__end(self):
            self.finish()

    distiller = build(lambda: [Brief(name="brief"), Door(name="other")])
    distiller.sparkle()
    tonic("brief").ttsc__end()

    (row,) = distiller.sparkle()["sparkle_trace"]

    assert [hook["handler"] for hook in row["hooks"]] == ["ttse__on_exit", "ttse__on_finished"]


def test_hooks_that_no_row_caused_belong_to_the_trace(build):
    distiller = build(lambda: Door(name="door"))
    distiller.sparkle()
    tonic("door").to_state("open")

    trace = distiller.sparkle()

    assert trace["sparkle_trace"] == []
    assert [hook["handler"] for hook in trace["hooks"]] == ["ttse__on_exit", "ttse_open__on_enter"]


def test_a_hook_triggers_by_the_name_of_its_sparkle(build):
    distiller = build(lambda: Door(name="door"))
    distiller.sparkle()
    tonic("door").ttsc__open()
    tonic("door").ttsc__close()

    trace = distiller.sparkle(till_sparkle_in=["ttse__on_enter"])

    assert trace["stop_condition"] == ["sparkle_trigger: [ttse__on_enter]"]
    assert trace.sparkles() == ["ttsc__open"]


# -- who calls --------------------------------------------------------------------------------------------------------------------


def test_tonics_made_between_two_runs_belong_to_the_main_catalyst(build):
    distiller = build()

    made = Door(name="late")

    assert made.catalyst is distiller
    assert made.context is None
    assert distiller.sparkle().sparkles("late") == ["ttse__on_start"]


def test_what_the_test_passes_to_the_main_catalyst_is_not_copied(build):
    thing = [1]
    distiller = build(lambda: Door(name="door"))
    tonic("door").ttsc__open(thing)
    distiller.sparkle()

    assert tonic("door").asked[0] is thing


def test_what_the_test_passes_to_another_catalyst_is_copied(build):
    thing = [1]
    distiller = build(lambda: Door(name="door", catalyst=ttCatalyst(name="other")))
    tonic("door").ttsc__open(thing)
    distiller.sparkle()

    assert tonic("door").asked == [[1]]
    assert tonic("door").asked[0] is not thing


def test_calls_from_another_thread_are_queued(build):
    distiller = build(lambda: Door(name="door"))
    distiller.sparkle()
    thread = threading.Thread(target=tonic("door").ttsc__open, name="reader")
    thread.start()
    thread.join()

    assert [row["source"] for row in distiller.sparkle()["sparkle_trace"]] == ["thread reader"]


def test_another_thread_may_do_the_sparkling(build):
    distiller = build(lambda: Chain(2, name="chain"))
    traces = []
    thread = threading.Thread(target=lambda: traces.append(distiller.sparkle()))
    thread.start()
    thread.join()

    assert traces[0].sparkles() == ["ttse__on_start", "tts__link", "tts__link"]
    assert distiller.finish_distiller()["status"] == "catalyst finished"


# -- the settings ------------------------------------------------------------------------------------------------------------------


class Asked(ttFormula):
    """An app that asks for a distiller by its settings."""

    settings: dict[str, object] = {}

    def creating_formula(self):
        return {"tasktonic/log/to": "off", "tasktonic/testing/distiller": True, **self.settings}

    def creating_starting_tonics(self):
        Chain(2, name="chain")


def test_a_setting_puts_a_distiller_in_the_place_of_the_main_catalyst(build):
    distiller = Asked().ledger.main_catalyst

    assert isinstance(distiller, ttDistiller)
    assert distiller.name == "main_catalyst"
    assert distiller.sparkle().sparkles() == ["ttse__on_start", "tts__link", "tts__link"]


def test_a_setting_of_false_leaves_the_app_as_it_is():
    class Plain(Asked):
        settings = {"tasktonic/testing/distiller": False}

        def creating_starting_tonics(self):
            Chain(1, name="chain").finish()

    assert not isinstance(Plain().ledger.main_catalyst, ttDistiller)


def test_a_catalyst_class_of_the_users_keeps_what_it_adds(build):
    class Engine(ttCatalyst):
        def __init__(self, power, **kwargs):
            super().__init__(**kwargs)
            self.power = power

        def ttsc__boost(self, by):
            self.power += by

    class App(Asked):
        def creating_main_catalyst(self):
            self.engine = Engine(5, name="engine")

    engine = App().engine
    engine.ttsc__boost(2)
    engine.sparkle()

    assert isinstance(engine, Engine)
    assert isinstance(engine, ttDistiller)
    assert (engine.name, engine.id, engine.power) == ("engine", 0, 7)


def test_settings_take_the_place_of_the_distillers_arguments(build, capsys):
    class App(Asked):
        settings = {"tasktonic/testing/distiller/raise_errors": False}

        def creating_starting_tonics(self):
            Raises(name="bad").ttsc__raise()

    assert App().ledger.main_catalyst.sparkle()["stop_condition"] == ["error"]


def test_a_main_catalyst_that_is_a_distiller_already_stays_what_it_is(build):
    class App(Asked):
        def creating_main_catalyst(self):
            ttDistiller(name="mine")

    assert App().ledger.main_catalyst.name == "mine"


def test_further_catalysts_of_the_app_stay_what_they_are(build):
    class App(Asked):
        def creating_starting_tonics(self):
            self.other = ttCatalyst(name="other")

    assert not isinstance(App().other, ttDistiller)


def test_a_main_catalyst_that_waits_for_the_outside_world_is_refused():
    class Outside(ThreadDriver):
        name = "radio"
        needs_outside_world = True

    class Radio(ttCatalyst):
        _tt_driver_class = Outside

    class App(Asked):
        def creating_main_catalyst(self):
            Radio(name="radio")

    with pytest.raises(
        ttDistillerError,
        match=r"tasktonic/testing/distiller: the main catalyst Radio waits for the outside world \(radio\), which a distiller",
    ):
        App()

    assert not ttLedger().running
