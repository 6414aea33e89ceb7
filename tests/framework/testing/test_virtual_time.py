"""Virtual time: it jumps, every event goes by it, and real time beside it."""

from __future__ import annotations

import threading
import time

import pytest

from tasktonic import clock as app_clock
from tasktonic import (
    ttCatalyst,
    ttLedger,
    ttLog,
    ttTimerEveryDay,
    ttTimerPausing,
    ttTimerRepeat,
    ttTimerSingleShot,
    ttTonic,
)
from tasktonic.driver import ThreadDriver
from tasktonic.events import AppBegan, AppEnded, Born, CatalystBegan, LogLine, TimerFired, TimerSet
from tasktonic.stream import stream

from .small_apps import Takes, tonic

HOUR_S = 3600.0


class Pulse(ttTonic):
    def __init__(self, period, **kwargs):
        super().__init__(**kwargs)
        self.period = period
        self.beats = 0

    def ttse__on_start(self):
        ttTimerRepeat(self.period, name="beat")

    def ttse__on_beat(self, info):
        self.beats += 1


def enter_times(trace, name=None, sparkle=None):
    return [row["at_enter"]["@"] for row in trace.rows(name, sparkle)]


# -- time jumps ------------------------------------------------------------------------------------------------------------------


def test_a_week_of_timers_passes_without_waiting(build):
    distiller = build(lambda: Pulse(HOUR_S, name="pulse"))

    trace = distiller.sparkle(timeout=7 * 24 * HOUR_S)

    assert tonic("pulse").beats == 7 * 24
    assert trace["end@"] == 7 * 24 * HOUR_S


def test_time_stands_while_something_is_queued(build):
    class Busy(ttTonic):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.left = 100

        def ttse__on_start(self):
            ttTimerSingleShot(0.001)
            self.tts__work()

        def tts__work(self):
            self.left -= 1
            if self.left:
                self.tts__work()

        def ttse__on_timer(self, info):
            pass

    trace = build(lambda: Busy(name="busy")).sparkle()

    assert enter_times(trace, "busy") == [0.0] * 101 + [0.001]


def test_it_jumps_to_the_next_timer_of_all_catalysts(build):
    def make():
        Pulse(3.0, name="slow", catalyst=ttCatalyst(name="other"))
        Pulse(2.0, name="quick")

    trace = build(make).sparkle(timeout=6)

    beats = [(row["at_enter"]["@"], row["tonic"]) for row in trace.rows(sparkle="ttse__on_beat")]
    assert sorted(beats) == [(2.0, "quick"), (3.0, "slow"), (4.0, "quick"), (6.0, "quick"), (6.0, "slow")]


def test_what_is_due_at_the_very_end_of_a_timeout_still_runs(build):
    trace = build(lambda: Pulse(1.0, name="pulse")).sparkle(timeout=3)

    assert enter_times(trace, "pulse", "ttse__on_beat") == [1.0, 2.0, 3.0]


def test_a_timeout_between_two_timers_ends_where_it_ends(build):
    distiller = build(lambda: Pulse(1.0, name="pulse"))

    trace = distiller.sparkle(timeout=2.5)

    assert (trace["stop_condition"], trace["start@"], trace["end@"]) == (["timeout"], 0.0, 2.5)


def test_the_next_run_begins_where_the_clock_stands(build):
    distiller = build(lambda: Pulse(1.0, name="pulse"))
    distiller.sparkle(timeout=2.5)

    trace = distiller.sparkle(timeout=1)

    assert (trace["start@"], trace["end@"], enter_times(trace)) == (2.5, 3.5, [3.0])


def test_a_timeout_of_nothing_runs_what_is_queued(build):
    trace = build(lambda: Pulse(1.0, name="pulse")).sparkle(timeout=0)

    assert (trace["stop_condition"], trace.sparkles()) == (["timeout"], ["ttse__on_start"])


def test_timers_that_go_on_for_ever_end_with_the_timeout_alone(build):
    trace = build(lambda: [Pulse(1.0, name="one"), Pulse(0.3, name="two")]).sparkle(timeout=100)

    assert trace["stop_condition"] == ["timeout"]


def test_the_earlier_of_two_timeouts_counts(build):
    distiller = build(lambda: Pulse(1.0, name="pulse"))

    assert distiller.sparkle(timeout=5, contract={"timeout": 2})["end@"] == 2.0
    assert distiller.sparkle(timeout=1, contract={"timeout": 2})["end@"] == 3.0


def test_pausing_and_repeating_timers_go_by_the_same_clock(build):
    class Shift(ttTonic):
        def ttse__on_start(self):
            self.rest = ttTimerPausing(10.0, name="rest")

        def ttse__on_rest(self, info):
            ttTimerSingleShot(5.0, name="work")

        def ttse__on_work(self, info):
            self.rest.resume()

    trace = build(lambda: Shift(name="shift")).sparkle(timeout=45)

    assert enter_times(trace, "shift") == [0.0, 10.0, 15.0, 25.0, 30.0, 40.0, 45.0]


def test_timers_of_the_calendar_go_by_the_same_clock(build):
    class Cock(ttTonic):
        def ttse__on_start(self):
            ttTimerEveryDay(hour=6, zone="UTC", name="morning")

        def ttse__on_morning(self, info):
            pass

    trace = build(lambda: Cock(name="cock")).sparkle(timeout=3 * 24 * HOUR_S)

    assert enter_times(trace, "cock", "ttse__on_morning") == [6 * HOUR_S, 30 * HOUR_S, 54 * HOUR_S]


def test_the_wall_clock_moves_with_it_from_a_moment_that_is_always_the_same(build):
    distiller = build(lambda: Pulse(1.0, name="pulse"))
    distiller.sparkle(timeout=60)

    assert app_clock.wall_ns() == (978_307_200 + 60) * 1_000_000_000


def test_the_wall_clock_may_begin_at_another_moment(build):
    build(settings={"tasktonic/testing/wall_clock": 1_700_000_000})

    assert app_clock.wall_ns() == 1_700_000_000_000_000_000
    assert ttLedger().formula.get("tasktonic/project/started@") == 1_700_000_000


def test_with_the_app_its_clock_is_gone(build):
    distiller = build(lambda: Pulse(1.0, name="pulse"))
    distiller.finish_distiller()

    assert app_clock.now_ns is time.monotonic_ns
    assert app_clock.wall_ns is time.time_ns


def test_a_formula_that_fails_leaves_the_clock_of_the_machine(build):
    with pytest.raises(ZeroDivisionError):
        build(lambda: 1 / 0)

    assert app_clock.now_ns is time.monotonic_ns


# -- every event by the same clock ------------------------------------------------------------------------------------------------


class Says(Pulse):
    def ttse__on_beat(self, info):
        self.log("beat")


def test_events_of_the_stream_carry_virtual_time(build, facts):
    distiller = build(lambda: Says(1.0, name="says"))
    distiller.sparkle(timeout=2)
    distiller.finish_distiller()

    def times(kind):
        return [distiller._hand.seconds(fact.t_ns) for fact in facts if type(fact) is kind]

    assert times(AppBegan) == [0.0]
    assert times(LogLine) == [1.0, 2.0]
    assert times(TimerFired) == [1.0, 2.0]
    assert times(TimerSet)[0] == 0.0
    assert times(AppEnded) == [2.0]
    assert set(times(Born)) == {0.0}


def test_the_begin_of_the_app_is_told_before_all_that_lives_in_it(build, facts):
    build(lambda: Says(1.0, name="says"))
    stream.settle()

    kinds = [type(fact) for fact in facts]
    assert kinds.index(AppBegan) < kinds.index(Born)
    assert kinds.count(AppBegan) == 1


def test_catalysts_are_said_to_be_driven_by_the_distiller(build, facts):
    build(lambda: ttCatalyst(name="other"))
    stream.settle()

    assert [fact.driver for fact in facts if type(fact) is CatalystBegan] == ["distiller", "distiller"]


# -- real time -----------------------------------------------------------------------------------------------------------------------


def test_by_the_real_clock_a_timer_takes_its_time(build):
    distiller = build(lambda: Pulse(0.02, name="pulse"), clock="real")
    began_ns = time.monotonic_ns()

    trace = distiller.sparkle(till_sparkle_in=["ttse__on_beat"])

    assert time.monotonic_ns() - began_ns >= 20_000_000
    assert trace["end@"] >= 0.02


def test_by_the_real_clock_a_timeout_waits_for_other_threads(build):
    distiller = build(lambda: Takes(name="takes"), clock="real")
    distiller.sparkle()
    thread = threading.Thread(target=lambda: tonic("takes").ttsc__take(1))
    thread.start()

    trace = distiller.sparkle(timeout=30, till_sparkle_in=["ttsc__take"])
    thread.join()

    assert trace["stop_condition"] == ["sparkle_trigger: [ttsc__take]"]


def test_by_the_real_clock_a_short_timeout_ends_the_run(build):
    trace = build(lambda: Takes(name="takes"), clock="real").sparkle(timeout=0.01)

    assert trace["stop_condition"] == ["timeout"]
    assert trace["end@"] >= 0.01


def test_by_the_real_clock_without_a_timeout_nothing_to_do_is_idle(build):
    assert build(lambda: Takes(name="takes"), clock="real").sparkle()["stop_condition"] == ["idle"]


class Outside(ThreadDriver):
    """Stands for a network: what comes, comes when it comes."""

    name = "radio"
    needs_outside_world = True


class Radio(ttCatalyst):
    _tt_driver_class = Outside


class Listens(ttTonic):
    def ttsc__hear(self, to):
        self.thread = threading.get_ident()
        to.ttsc__take("heard")


def with_radio():
    Takes(name="takes")
    Listens(name="listens", catalyst=Radio(name="radio"))


def test_a_catalyst_that_waits_for_the_outside_world_keeps_its_thread(build):
    distiller = build(with_radio)
    tonic("listens").ttsc__hear(tonic("takes"))

    trace = distiller.sparkle(till_sparkle_in=["ttsc__take"])

    assert tonic("listens").thread != threading.get_ident()
    assert trace["stop_condition"] == ["sparkle_trigger: [ttsc__take]"]
    distiller.finish_distiller(timeout=30)


def test_what_it_runs_is_in_the_trace_as_well(build):
    distiller = build(with_radio)
    tonic("listens").ttsc__hear(tonic("takes"))

    trace = distiller.sparkle(till_sparkle_in=["ttsc__take"])

    assert trace.sparkles("listens") == ["ttse__on_start", "ttsc__hear"]
    distiller.finish_distiller(timeout=30)


def test_while_it_is_part_of_the_app_time_is_real(build):
    distiller = build(with_radio)

    before = app_clock.now_ns()
    while app_clock.now_ns() == before:
        pass  # it moves by itself

    tonic("radio").finish()
    distiller.sparkle(timeout=30, till_state_in=["never"], contract={"stop_match_count": "all"})
    distiller.finish_distiller(timeout=30)


def test_when_it_has_finished_time_is_virtual_again(build):
    def make():
        with_radio()
        Pulse(HOUR_S, name="pulse")

    distiller = build(make)
    tonic("radio").finish()
    while tonic("radio") is not None:
        distiller.sparkle(timeout=0.01)

    trace = distiller.sparkle(till_sparkle_in=["ttse__on_beat"])

    assert 3599 < trace["end@"] < 3700


def test_with_it_and_no_timeout_a_run_waits_as_long_as_the_setting_says(build):
    distiller = build(with_radio, {"tasktonic/testing/patience": 0.02})

    trace = distiller.sparkle()

    assert trace["stop_condition"] == ["idle"]
    assert trace["end@"] >= 0.02
    distiller.finish_distiller(timeout=30)


def test_a_virtual_clock_stays_virtual_beside_it(build):
    distiller = build(lambda: [with_radio(), Pulse(HOUR_S, name="pulse")], clock="virtual")

    assert distiller.sparkle(timeout=2 * HOUR_S)["end@"] == 2 * HOUR_S
    distiller.finish_distiller(timeout=30)


# -- the brake ---------------------------------------------------------------------------------------------------------------------


def test_a_held_catalyst_waits_for_whoever_holds_it(build):
    distiller = build(lambda: Takes(name="takes"))
    distiller.sparkle()
    distiller.hold()
    tonic("takes").ttsc__take(1)
    thread = threading.Thread(target=distiller.release)
    thread.start()

    trace = distiller.sparkle()
    thread.join()

    assert trace.sparkles() == ["ttsc__take"]


# -- logs --------------------------------------------------------------------------------------------------------------------------


def test_log_targets_write_while_time_is_virtual(build, capsys):
    distiller = build(
        lambda: Says(1.0, name="says"), {"tasktonic/log/to": "screen", "tasktonic/log/default": ttLog.QUIET}
    )
    distiller.sparkle(timeout=2)
    distiller.finish_distiller()

    assert capsys.readouterr().out.count("beat") >= 2
