"""A Trace: a mapping, questions, comparison, and the file that it is kept in."""

from __future__ import annotations

import pytest

from tasktonic import Trace
from tasktonic.events import AppBegan, Born, LevelSet, LogLine
from tasktonic.trace import TraceReader, ttTraceError, ttTraceFileError


def row(tonic, sparkle, before="--", after="--", at=0.0, **more):
    return {
        "id": 1,
        "tonic": tonic,
        "sparkle": sparkle,
        "handler": sparkle,
        "args": (),
        "kwargs": {},
        "source": "",
        "at_enter": {"@": at, "state": before, "probes": {}},
        "at_exit": {"@": at, "state": after, "probes": {}, "sparkling": True},
        "hooks": [],
        **more,
    }


def hook(tonic, sparkle, handler):
    return {"id": 1, "tonic": tonic, "sparkle": sparkle, "handler": handler, "state": "open", "@": 0.0}


def trace(*rows, **more):
    return Trace(
        {
            "status": "running",
            "start@": 0.0,
            "end@": 2.0,
            "stop_condition": ["timeout"],
            "sparkle_trace": list(rows),
            "hooks": [],
            "contract_details": {},
            **more,
        }
    )


@pytest.fixture
def door():
    return trace(
        row("door", "ttse__on_start", id=3),
        row(
            "door", "ttsc__open", "closed", "open", id=3, hooks=[hook("door", "ttse__on_enter", "ttse_open__on_enter")]
        ),
        row("bell", "ttsc__ring", handler="ttsc_on__ring"),
        row("door", "ttsc__close", "open", "closed", id=3),
        hooks=[hook("bell", "ttse__on_finished", "ttse__on_finished")],
    )


def test_a_trace_is_a_mapping(door):
    assert door["status"] == "running"
    assert "end@" in door
    assert dict(door)["stop_condition"] == ["timeout"]
    assert door.get("nothing") is None


def test_a_key_that_is_none_says_which_there_are(door):
    with pytest.raises(
        KeyError, match=r"'state'; a trace has status, start@, end@, stop_condition, sparkle_trace, hooks"
    ):
        door["state"]


def test_rows_of_one_tonic(door):
    assert [r["sparkle"] for r in door.rows("door")] == ["ttse__on_start", "ttsc__open", "ttsc__close"]
    assert door.rows(3) == door.rows("door")


def test_rows_of_one_sparkle_by_call_or_by_method(door):
    assert door.rows(sparkle="ttsc__ring") == door.rows(sparkle="ttsc_on__ring") == door.rows("bell")


def test_sparkles_in_their_order(door):
    assert door.sparkles() == ["ttse__on_start", "ttsc__open", "ttsc__ring", "ttsc__close"]
    assert door.sparkles("bell") == ["ttsc__ring"]


def test_states_that_a_tonic_went_through(door):
    assert door.states("door") == ["--", "closed", "open", "closed"]


def test_hooks_of_rows_then_of_the_trace(door):
    assert [h["handler"] for h in door.hooks()] == ["ttse_open__on_enter", "ttse__on_finished"]
    assert [h["tonic"] for h in door.hooks(sparkle="ttse__on_finished")] == ["bell"]
    assert door.hooks("nobody") == []


def test_its_text_says_how_much_and_why(door):
    assert repr(door) == "<Trace of 4 sparkles, 0 s to 2 s, stopped by timeout>"
    assert repr(trace(row("a", "tts__b"))) == "<Trace of 1 sparkle, 0 s to 2 s, stopped by timeout>"


# -- comparison ---------------------------------------------------------------------------------------------------------------


def test_traces_of_the_same_are_equal():
    assert trace(row("a", "tts__b")) == trace(row("a", "tts__b"))
    assert trace(row("a", "tts__b")).differences(trace(row("a", "tts__b"))) == []


def test_traces_of_something_else_are_not_equal():
    assert trace(row("a", "tts__b")) != trace(row("a", "tts__b", at=1.0))
    assert trace() != {"status": "running"}


def test_a_trace_cannot_be_hashed():
    with pytest.raises(TypeError, match="unhashable"):
        hash(trace())


def test_differences_say_which_row_and_what():
    (said,) = trace(row("a", "tts__b", args=(1,))).differences(trace(row("a", "tts__b", args=(2,))))

    assert said == "row 0 (a.tts__b): args is (1,) here and (2,) there."


def test_differences_say_which_row_is_too_much():
    said = trace(row("a", "tts__b")).differences(trace(row("a", "tts__b"), row("c", "tts__d")))

    assert said == ["1 rows here and 2 there; the first that only is there: c.tts__d."]


def test_differences_say_what_else_is_different():
    assert trace().differences(trace(**{"end@": 3.0})) == ["end@ is 2.0 here and 3.0 there."]


# -- the file ------------------------------------------------------------------------------------------------------------------


def test_a_trace_without_a_recording_cannot_be_saved(tmp_path):
    with pytest.raises(
        ttTraceError, match=r"this Trace has no recording to save: only one that a distiller's sparkle\(\)"
    ):
        trace().save(tmp_path / "run.ttt")


@pytest.fixture
def distiller():
    from tasktonic import ttDistiller, ttFormula, ttTimerRepeat, ttTonic

    class Clock(ttTonic):
        def ttse__on_start(self):
            ttTimerRepeat(1.0)

        def ttse__on_timer(self, info):
            self.log("tick")

    class App(ttFormula):
        def creating_formula(self):
            return {"tasktonic/log/to": "off", "tasktonic/project/name": "a clock"}

        def creating_main_catalyst(self):
            self.distiller = ttDistiller()

        def creating_starting_tonics(self):
            Clock(name="clock")

    distiller = App().distiller
    yield distiller
    distiller.finish_distiller()


def facts_of(path):
    with TraceReader(path) as reader:
        return [fact for _, fact in reader.happened()]


def test_a_saved_trace_is_the_file_of_a_recording(distiller, tmp_path):
    path = distiller.sparkle(timeout=3).save(tmp_path / "run.ttt")

    kinds = [type(fact) for fact in facts_of(path)]
    assert next(kind for kind in kinds if kind is not LevelSet) is AppBegan
    assert kinds.count(LogLine) == 3
    assert Born in kinds


def test_a_saved_trace_has_the_times_of_the_virtual_clock(distiller, tmp_path):
    path = distiller.sparkle(timeout=3).save(tmp_path / "run.ttt")

    ticks = [fact.t_ns for fact in facts_of(path) if type(fact) is LogLine]
    assert [later - ticks[0] for later in ticks] == [0, 1_000_000_000, 2_000_000_000]


def test_a_trace_can_be_saved_when_its_app_has_ended(distiller, tmp_path):
    distiller.sparkle(timeout=3)
    trace = distiller.finish_distiller()

    assert trace.save(tmp_path / "run.ttt").exists()


def test_a_file_that_cannot_be_written_is_told_in_a_sentence(distiller, tmp_path):
    with pytest.raises(ttTraceFileError):
        distiller.sparkle(timeout=3).save(tmp_path / "no such folder" / "run.ttt")
