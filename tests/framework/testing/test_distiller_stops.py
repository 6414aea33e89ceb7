"""When the distiller stops: conditions, and runs that would never end."""

from __future__ import annotations

import pytest

from tasktonic import ttTimerRepeat, ttTonic
from tasktonic.errors import ttContractError, ttDistillerError

from .small_apps import Chain, Door, tonic


class Ping(ttTonic):
    other: Ping

    def ttsc__ping(self):
        self.other.ttsc__ping()


def ping_pong():
    one, two = Ping(name="one"), Ping(name="two")
    one.other, two.other = two, one
    one.ttsc__ping()


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
