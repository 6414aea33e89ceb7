"""The distiller: what it runs, when it stops, what the trace says."""

from __future__ import annotations

import signal
import threading

import pytest

from tasktonic import Trace, ttCatalyst, ttDistiller, ttFormula, ttLedger, ttStore, ttTimerRepeat, ttTonic
from tasktonic.driver import ThreadDriver
from tasktonic.errors import ttContractError, ttDistillerError, ttRunningError, ttShutdownError
from tasktonic.stream import stream


class Door(ttTonic):
    """Closed or open; keeps what it was asked."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.asked = []
        self.to_state("closed")

    def ttsc_closed__open(self, how=None, *, softly=False):
        self.asked.append(how)
        self.to_state("open")

    def ttsc_open__close(self):
        self.to_state("closed")

    def ttse_open__on_enter(self):
        pass

    def ttse__on_exit(self):
        pass


class Chain(ttTonic):
    """Calls itself a number of times."""

    def __init__(self, length, **kwargs):
        super().__init__(**kwargs)
        self.left = length
        self.tts__link()

    def tts__link(self):
        self.left -= 1
        if self.left > 0:
            self.tts__link()


class Ping(ttTonic):
    other: Ping

    def ttsc__ping(self):
        self.other.ttsc__ping()


def ping_pong():
    one, two = Ping(name="one"), Ping(name="two")
    one.other, two.other = two, one
    one.ttsc__ping()


class Raises(ttTonic):
    def ttsc__raise(self):
        raise ValueError("oh")

    def ttsc__work(self):
        pass


def tonic(name):
    return ttLedger().get_essence_by_name(name)


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


# -- conditions ---------------------------------------------------------------------------------------------------------------


def test_a_count_stops_after_so_many_sparkles(build):
    distiller = build(lambda: Chain(10, name="chain"))

    trace = distiller.sparkle(sparkle_count=4)

    assert (trace["stop_condition"], trace["status"], len(trace.rows())) == (["sparkle_count"], "running", 4)


def test_a_count_of_nothing_runs_nothing(build):
    trace = build(lambda: Chain(10, name="chain")).sparkle(sparkle_count=0)

    assert (trace["stop_condition"], trace.rows()) == (["sparkle_count"], [])


def test_the_next_call_goes_on_where_the_last_one_stopped(build):
    distiller = build(lambda: Chain(3, name="chain"))

    sparkles = [distiller.sparkle(sparkle_count=1).sparkles() for _ in range(4)]

    assert sparkles == [["ttse__on_start"], ["tts__link"], ["tts__link"], ["tts__link"]]


def test_with_nothing_left_to_do_it_is_idle(build):
    assert build(lambda: Chain(3, name="chain")).sparkle()["stop_condition"] == ["idle"]


def test_an_idle_app_stands_where_it_is_also_with_a_timeout(build):
    trace = build(lambda: Chain(3, name="chain")).sparkle(timeout=10)

    assert (trace["stop_condition"], trace["end@"]) == (["idle"], 0.0)


def test_a_state_stops(build):
    distiller = build(lambda: Door(name="door"))
    distiller.sparkle()
    for call in ("ttsc__open", "ttsc__close", "ttsc__open"):
        getattr(tonic("door"), call)()

    trace = distiller.sparkle(till_state_in=["open", "broken"])

    assert (trace["stop_condition"], trace.sparkles()) == (["state_trigger: [open]"], ["ttsc__open"])


def test_a_state_that_was_asked_for_from_outside_stops(build):
    distiller = build(lambda: Door(name="door"))
    distiller.sparkle()
    tonic("door").to_state("open")
    tonic("door").ttsc__close()

    trace = distiller.sparkle(till_state_in="open")

    assert (trace["stop_condition"], trace.sparkles()) == (["state_trigger: [open]"], [])


def test_a_sparkle_stops_by_the_name_of_the_call(build):
    distiller = build(lambda: Door(name="door"))
    tonic("door").ttsc__open()
    tonic("door").ttsc__close()

    trace = distiller.sparkle(till_sparkle_in=["ttsc__open"])

    assert trace["stop_condition"] == ["sparkle_trigger: [ttsc__open]"]
    assert trace.sparkles() == ["ttse__on_start", "ttsc__open"]


def test_a_sparkle_stops_by_the_name_of_its_method(build):
    distiller = build(lambda: Door(name="door"))
    tonic("door").ttsc__open()
    tonic("door").ttsc__close()

    trace = distiller.sparkle(till_sparkle_in=["ttsc_open__close"])

    assert trace["stop_condition"] == ["sparkle_trigger: [ttsc_open__close]"]


def test_all_reasons_to_stop_are_told(build):
    distiller = build(lambda: Door(name="door"))
    distiller.sparkle()
    tonic("door").ttsc__open()

    trace = distiller.sparkle(
        sparkle_count=1,
        till_state_in=["open"],
        till_sparkle_in=["ttsc__open"],
        contract={"tonics": {"door": {"till_state_in": ["open"]}}},
    )

    assert trace["stop_condition"] == [
        "sparkle_count",
        "sparkle_trigger: [ttsc__open]",
        "state_trigger: [open]",
        "contract_met",
    ]


@pytest.mark.parametrize("count", [-1, 1.5, "3"])
def test_a_count_that_is_none_is_refused(build, count):
    with pytest.raises(ttContractError, match=r"sparkle_count=.*: it must be a whole number, 0 or more\."):
        build().sparkle(sparkle_count=count)


@pytest.mark.parametrize("timeout", [-1, "3", float("nan"), float("inf"), True])
def test_a_timeout_that_is_none_is_refused(build, timeout):
    with pytest.raises(ttContractError, match=r"timeout=.*: it must be a number of seconds, 0 or more\."):
        build().sparkle(timeout=timeout)


def test_names_that_are_none_are_refused(build):
    with pytest.raises(ttContractError, match=r"till_state_in = 3: it must be a list of names\."):
        build().sparkle(till_state_in=3)


# -- runs that would never end ------------------------------------------------------------------------------------------------


def test_tonics_that_call_each_other_for_ever_are_stopped_with_a_sentence(build):
    distiller = build(ping_pong, {"tasktonic/testing/most_turns": 50})

    with pytest.raises(ttDistillerError, match=r"51 turns at one moment \(0 s\) and no end in sight; at work: "):
        distiller.sparkle(timeout=1)


def test_the_sentence_about_an_endless_run_names_who_is_at_work(build):
    distiller = build(ping_pong, {"tasktonic/testing/most_turns": 50})

    with pytest.raises(
        ttDistillerError, match=r"one\.ttsc__ping, two\.ttsc__ping\. They call each other without end"
    ) as caught:
        distiller.sparkle()

    assert caught.value.trace["stop_condition"] == ["error"]


def test_tonics_that_call_each_other_for_ever_can_be_counted(build):
    distiller = build(ping_pong, {"tasktonic/testing/most_turns": 50})

    assert len(distiller.sparkle(sparkle_count=200).rows()) == 200


def test_a_timer_that_repeats_for_ever_without_any_limit_is_stopped(build):
    class Pulse(ttTonic):
        def ttse__on_start(self):
            ttTimerRepeat(1.0)

        def ttse__on_timer(self, info):
            pass

    distiller = build(lambda: Pulse(name="pulse"), {"tasktonic/testing/most_turns": 50})

    with pytest.raises(
        ttDistillerError, match=r"51 turns in one run \(49 s\).*Give the run a sparkle_count, a timeout or a"
    ):
        distiller.sparkle()


def test_a_timer_function_that_repeats_for_ever_is_stopped_although_no_sparkle_runs(build):
    distiller = build(lambda: ttTimerRepeat(1.0, sparkle_back=lambda info: None), {"tasktonic/testing/most_turns": 50})

    with pytest.raises(ttDistillerError, match="at work: no sparkle"):
        distiller.sparkle(sparkle_count=10)


def test_a_timeout_bounds_time_and_not_the_number_of_sparkles(build):
    class Pulse(ttTonic):
        def ttse__on_start(self):
            ttTimerRepeat(1.0)

        def ttse__on_timer(self, info):
            pass

    distiller = build(lambda: Pulse(name="pulse"), {"tasktonic/testing/most_turns": 50})

    assert len(distiller.sparkle(timeout=200).rows()) == 201


# -- errors --------------------------------------------------------------------------------------------------------------------


def test_an_error_that_nobody_took_is_raised_with_the_trace_so_far(build, capsys):
    distiller = build(lambda: Raises(name="bad"))
    tonic("bad").ttsc__work()
    tonic("bad").ttsc__raise()
    tonic("bad").ttsc__work()

    with pytest.raises(ValueError, match="oh") as caught:
        distiller.sparkle()

    trace = caught.value.trace
    assert trace["stop_condition"] == ["error"]
    assert trace.sparkles() == ["ttse__on_start", "ttsc__work", "ttsc__raise"]


def test_after_an_error_the_app_can_go_on(build, capsys):
    distiller = build(lambda: Raises(name="bad"))
    tonic("bad").ttsc__raise()
    tonic("bad").ttsc__work()

    with pytest.raises(ValueError, match="oh"):
        distiller.sparkle()

    assert distiller.sparkle().sparkles() == ["ttsc__work"]


def test_without_raise_errors_an_error_only_stops_the_run(build, capsys):
    distiller = build(lambda: Raises(name="bad"), raise_errors=False)
    tonic("bad").ttsc__raise()
    tonic("bad").ttsc__work()

    traces = [distiller.sparkle(), distiller.sparkle()]

    assert [trace["stop_condition"] for trace in traces] == [["error"], ["idle"]]


def test_an_error_that_somebody_takes_does_not_stop_the_run(build):
    class Takes(Raises):
        def ttse__on_error(self, error):
            self.took = error.exception

    distiller = build(lambda: Takes(name="bad"), {"tasktonic/log/to": "off"})
    tonic("bad").ttsc__raise()

    trace = distiller.sparkle()

    assert trace["stop_condition"] == ["idle"]
    assert trace.sparkles()[-1] == "ttse__on_error"


def test_an_error_in_a_hook_is_raised_as_well(build, capsys):
    class Stuck(Door):
        def ttse__on_exit(self):
            raise OSError("stuck")

    distiller = build(lambda: Stuck(name="door"))
    distiller.sparkle()
    tonic("door").ttsc__open()

    with pytest.raises(OSError, match="stuck") as caught:
        distiller.sparkle()

    assert [row["at_exit"]["state"] for row in caught.value.trace.rows()] == ["open"]


def test_what_a_test_framework_raises_is_raised(build, capsys):
    class Fails(ttTonic):
        def ttse__on_start(self):
            pytest.fail("as a test does")

    with pytest.raises(pytest.fail.Exception, match="as a test does") as caught:
        build(lambda: Fails(name="fails")).sparkle()

    assert caught.value.trace.sparkles() == ["ttse__on_start"]


def test_an_error_in_a_subscriber_of_a_store_is_raised_as_well(build, capsys):
    class Writes(ttTonic):
        def ttse__on_start(self):
            store = self.bind(ttStore)
            store.subscribe("level", lambda changes: 1 / 0)
            store.set("level", 5)

    with pytest.raises(ZeroDivisionError) as caught:
        build(lambda: Writes(name="writes")).sparkle()

    assert caught.value.trace["stop_condition"] == ["error"]


def test_an_error_in_the_function_of_a_timer_is_raised_as_well(build, capsys):
    distiller = build(lambda: ttTimerRepeat(1.0, sparkle_back=lambda info: 1 / 0))

    with pytest.raises(ZeroDivisionError) as caught:
        distiller.sparkle(timeout=10)

    assert caught.value.trace["end@"] == 1.0


def test_with_the_policy_finish_the_tonic_finishes(build, capsys):
    distiller = build(lambda: [Raises(name="bad"), Door(name="door")], {"tasktonic/error/policy": "finish"})
    tonic("bad").ttsc__raise()

    with pytest.raises(ValueError, match="oh"):
        distiller.sparkle()
    distiller.sparkle()

    assert tonic("bad") is None
    assert tonic("door") is not None


def test_with_the_policy_stop_the_app_ends_after_the_error(build, capsys):
    distiller = build(lambda: Raises(name="bad"), {"tasktonic/error/policy": "stop"})
    tonic("bad").ttsc__raise()

    with pytest.raises(ValueError, match="oh"):
        distiller.sparkle()
    trace = distiller.sparkle()

    assert (trace["status"], trace["stop_condition"]) == ("catalyst finished", ["catalyst finished"])
    assert not distiller.sparkling


# -- endings ---------------------------------------------------------------------------------------------------------------------


def test_when_the_last_tonic_has_finished_the_catalyst_has(build):
    distiller = build(lambda: Door(name="door"))
    tonic("door").finish()

    trace = distiller.sparkle()

    assert (trace["status"], trace["stop_condition"]) == ("catalyst finished", ["catalyst finished"])


def test_a_finished_distiller_has_nothing_to_run(build):
    distiller = build(lambda: Door(name="door"))
    distiller.finish_distiller()

    trace = distiller.sparkle()

    assert (trace["status"], trace["stop_condition"], trace.rows()) == ("catalyst finished", ["catalyst finished"], [])


def test_finish_distiller_ends_everything_in_order(build):
    class Last(Door):
        def ttse__on_finished(self):
            pass

    def make():
        Last(name="one")
        Last(name="two", catalyst=ttCatalyst(name="other"))

    distiller = build(make)
    distiller.sparkle()

    trace = distiller.finish_distiller()

    assert sorted(hook["tonic"] for hook in trace.hooks(sparkle="ttse__on_finished")) == ["one", "two"]
    assert ttLedger().essences == []
    assert not distiller.sparkling
    assert not stream.active


def test_finish_distiller_twice_is_harmless(build):
    distiller = build(lambda: Door(name="door"))
    distiller.finish_distiller()

    assert distiller.finish_distiller()["stop_condition"] == ["catalyst finished"]


def test_finish_distiller_ends_an_app_with_timers_and_a_queue(build):
    class Pulse(Chain):
        def ttse__on_start(self):
            ttTimerRepeat(0.001)

        def ttse__on_timer(self, info):
            pass

    distiller = build(lambda: Pulse(1000, name="pulse"))
    distiller.sparkle(timeout=0.01)

    assert distiller.finish_distiller()["status"] == "catalyst finished"


class Stays(ttCatalyst):
    """Does not take part in the end of the app."""

    def _ttss__main_catalyst_finished(self):
        pass


def test_finish_distiller_names_what_does_not_end(build):
    distiller = build(lambda: Door(name="door", catalyst=Stays(name="stays")))

    with pytest.raises(
        ttShutdownError, match=r"these did not finish within 0\.5 seconds of the distiller's clock: stays, door\."
    ):
        distiller.finish_distiller()

    assert not distiller.sparkling
    assert not ttLedger().running


def test_finish_distiller_raises_an_error_of_the_end_when_all_has_ended(build, capsys):
    class Bad(Door):
        def ttse__on_finished(self):
            raise KeyError("gone")

    distiller = build(lambda: [Bad(name="bad"), Door(name="good")])
    distiller.sparkle()

    with pytest.raises(KeyError, match="gone"):
        distiller.finish_distiller()

    assert not ttLedger().running


def test_an_app_that_cannot_end_by_itself_is_named_by_the_run(build):
    distiller = build(lambda: Door(name="door", catalyst=Stays(name="stays")))
    distiller.finish()

    with pytest.raises(ttShutdownError, match=r"did not end within 5\.0 seconds") as caught:
        distiller.sparkle()

    assert caught.value.trace["end@"] == 5.0


def test_finish_in_the_middle_of_a_run_ends_it(build):
    class Ends(ttTonic):
        def ttse__on_start(self):
            ttLedger().main_catalyst.finish()
            self.ttsc__more()

        def ttsc__more(self):
            pass

    trace = build(lambda: Ends(name="ends")).sparkle()

    assert trace["status"] == "catalyst finished"


def test_the_formula_can_finish_the_app(build):
    formulas = []

    class App(ttFormula):
        def creating_formula(self):
            return {"tasktonic/log/to": "off"}

        def creating_main_catalyst(self):
            formulas.append(ttDistiller())

        def creating_starting_tonics(self):
            Door(name="door")

    App().finish()

    assert formulas[0].sparkle()["status"] == "catalyst finished"


def test_several_distillers_after_each_other(build):
    first = build(lambda: Chain(2, name="chain"))
    trace = first.sparkle()
    first.finish_distiller()

    second = build(lambda: Chain(2, name="chain"))

    assert second.sparkle() == trace


def test_a_second_app_while_a_distiller_sparkles_is_refused(build):
    build()

    with pytest.raises(ttRunningError, match=r"an app is running in this process.*distiller\.finish_distiller\(\)"):
        build()


def test_an_exception_in_a_hook_of_the_formula_leaves_nothing_behind(build):
    def make():
        Door(name="door")
        raise LookupError("no such plan")

    with pytest.raises(LookupError, match="no such plan"):
        build(make)

    assert not ttLedger().running
    assert ttLedger().essences == []
    assert not stream.active


def test_built_without_being_started_there_is_nothing_to_run(build):
    distiller = build(lambda: Door(name="door"), {"tasktonic/testing/dont_start_catalysts": True})

    assert not distiller.sparkling
    assert not stream.active


def test_sparkle_inside_a_sparkle_is_refused(build, capsys):
    class Greedy(ttTonic):
        def ttse__on_start(self):
            ttLedger().main_catalyst.sparkle()

    with pytest.raises(
        ttDistillerError, match=r"sparkle\(\) was called while it runs\. Call it from the test, not from a sparkle"
    ):
        build(lambda: Greedy(name="greedy")).sparkle()


def test_ctrl_c_inside_a_sparkle_reaches_the_test(build):
    class Slow(ttTonic):
        def ttse__on_start(self):
            signal.raise_signal(signal.SIGINT)

    distiller = build(lambda: Slow(name="slow"))

    with pytest.raises(KeyboardInterrupt):
        distiller.sparkle()

    assert distiller.finish_distiller()["status"] == "catalyst finished"


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
