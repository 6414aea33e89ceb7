"""Errors while a distiller runs an app, and how it ends one."""

from __future__ import annotations

import signal

import pytest

from tasktonic import ttCatalyst, ttDistiller, ttFormula, ttLedger, ttStore, ttTimerRepeat, ttTonic
from tasktonic.errors import ttDistillerError, ttRunningError, ttShutdownError
from tasktonic.stream import stream

from .small_apps import Chain, Door, Raises, tonic

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
