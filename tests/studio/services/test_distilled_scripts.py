"""A real script under a distiller, run by hand through the real services."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tasktonic.protocol.messages import DistillerCall, DistillerFinish, DistillerRun, DistillerStop
from tasktonic_studio.session.distiller import DistillerFacts
from tests.helpers.patience import PATIENCE_S
from tests.helpers.services_app import ServicesStand, services

pytestmark = pytest.mark.end_to_end

DOOR = """
    import sys

    from tasktonic import *


    class Door(ttTonic):
        def ttse__on_start(self):
            self.opened = 0
            self.store = self.bind(ttStore)
            self.to_state("closed")

        def ttsc_closed__open(self, who):
            self.opened += 1
            self.store.set("doors/opened", self.opened)
            self.to_state("open")

        def ttse_open__on_enter(self):
            ttTimerSingleShot(3, name="closer")

        def ttse_open__on_closer(self, info):
            self.to_state("closed")


    class Guest(ttTonic):
        def __init__(self, door, **kwargs):
            super().__init__(**kwargs)
            self.door = door

        def ttse__on_start(self):
            self.door.ttsc__open("Ada")


    class House(ttFormula):
        def creating_starting_tonics(self):
            Guest(Door(name="door"), name="guest", catalyst=ttCatalyst(name="street"))


    print(f"the script begins {sys.argv[1:]}", flush=True)
    House()
    print("the app has ended", flush=True)
    """


@pytest.fixture
def running() -> Iterator[ServicesStand]:
    with services() as stand:
        yield stand


@pytest.fixture
def patient() -> Iterator[ServicesStand]:
    """An app that is asked to end has all the time that it needs on a busy machine."""
    with services(grace_s=2 * PATIENCE_S) as stand:
        yield stand


def write(folder: Path, text: str, name: str = "doors.py") -> str:
    path = folder / name
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return str(path)


def facts(stand: ServicesStand) -> DistillerFacts:
    return stand.known.distiller


def begin(stand: ServicesStand, script: str, *arguments: str, seed: int = 0) -> None:
    stand.requests.distil(script, arguments, seed)
    stand.until(lambda: facts(stand).is_ready, "the distiller is ready")


def run(stand: ServicesStand, **wishes: Any) -> dict[str, Any]:
    """Let it run, and give what came of it."""
    steps = len(facts(stand).steps)
    stand.requests.send(DistillerRun(1, **wishes))
    stand.until(lambda: len(facts(stand).steps) > steps and not facts(stand).runs, f"it ran {wishes}")
    return facts(stand).steps[-1]


def call(stand: ServicesStand, tonic: str, sparkle: str, arguments: str = "") -> None:
    """Call a sparkle by hand, and wait until it is queued."""
    steps = len(facts(stand).steps)
    stand.requests.send(DistillerCall(1, known_id(stand, tonic), sparkle, arguments))
    stand.until(lambda: len(facts(stand).steps) > steps, f"{tonic}.{sparkle} was called")


def id_of(stand: ServicesStand, name: str) -> int:
    return next((it for it in stand.known.essences if stand.known.essences.name(it) == name), -1)


def known_id(stand: ServicesStand, name: str) -> int:
    stand.until(lambda: id_of(stand, name) >= 0, f"{name} is known")
    return id_of(stand, name)


def test_nothing_runs_until_it_is_asked_to(running: ServicesStand, tmp_path: Path) -> None:
    begin(running, write(tmp_path, DOOR), "--fast")

    state = facts(running).state
    assert state is not None
    assert (state.sparkles, state.clock, state.seed) == (0, "virtual", 0)
    assert [(it.tonic, it.sparkle) for it in state.waits] == [("door", "ttse__on_start"), ("guest", "ttse__on_start")]
    running.until_line("the script begins ['--fast']")
    assert not any(running.known.last_sparkle().endswith(it) for it in ("on_start", "open"))

    done = run(running, sparkle_count=1)

    assert done["ran"] == ["door.ttse__on_start"]
    assert done["states"] == [["door", "closed"]]
    assert facts(running).state.sparkles == 1  # type: ignore[union-attr]
    running.until(lambda: running.known.state_name(id_of(running, "door")) == "closed", "it is known")


def test_an_hour_of_timers_takes_no_time(running: ServicesStand, tmp_path: Path) -> None:
    begin(running, write(tmp_path, DOOR))

    done = run(running, till_state_in=("open",))
    assert done["stopped_by"] == ["state_trigger: [open]"]
    assert done["stored"] == [["store", "doors/opened", "1"]]
    done = run(running, timeout=2.5)
    assert (done["stopped_by"], done["ended_s"], facts(running).seconds) == (["timeout"], 2.5, 2.5)
    done = run(running, timeout=3600.0)
    assert (done["stopped_by"], done["ended_s"], done["states"]) == (["idle"], 3.0, [["door", "closed"]])


def test_a_sparkle_is_called_by_hand_as_a_test_would(running: ServicesStand, tmp_path: Path) -> None:
    begin(running, write(tmp_path, DOOR))
    run(running)

    running.requests.send(DistillerCall(1, known_id(running, "door"), "ttsc__open", "'Eve'"))
    running.until(lambda: bool(facts(running).state.waits), "the call is queued")  # type: ignore[union-attr]
    state = facts(running).state
    assert state is not None
    assert [(it.sparkle, it.arguments) for it in state.waits] == [("ttsc__open", "who='Eve'")]
    assert run(running, till_sparkle_in=("ttsc__open",))["ran"] == ["door.ttsc__open"]
    running.until_line("call")


def test_a_contract_stops_the_run_and_its_probes_are_told(running: ServicesStand, tmp_path: Path) -> None:
    begin(running, write(tmp_path, DOOR))

    contract = {"tonics": {"door": {"stop_on_probe": {"opened": 1}, "probes": ["opened"]}}}
    done = run(running, contract=contract)

    assert done["stopped_by"] == ["contract_met"]
    assert done["probes"] == [["door", "opened", "1"]]
    (call,) = running.known.distillation.calls
    assert call.contract == ("door: till opened == 1", "door: probes opened", "stops when 1 of 1 is met")
    opened = next(
        it for it in running.known.runs.rows(0, 99) if running.known.names.sparkle(it.sparkle) == "ttsc__open"
    )
    assert running.known.distillation.probe_words(opened.run) == "opened = 0 → 1"


def test_the_script_goes_on_when_its_app_has_ended(running: ServicesStand, tmp_path: Path) -> None:
    begin(running, write(tmp_path, DOOR))

    running.requests.send(DistillerFinish(1))

    running.until_line("the app has ended")
    running.until_status("ended", "exit code 0")
    assert facts(running).is_over


def test_a_viewer_may_not_and_an_ordinary_app_cannot(running: ServicesStand, tmp_path: Path) -> None:
    script = write(tmp_path, DOOR)
    running.requests.launch(script)
    running.until(lambda: running.known.app.has_begun and running.known.target.role == "control", "it runs")

    running.requests.send(DistillerRun(1))

    running.until_line("This app runs by itself: no distiller is its main catalyst.")
    assert not facts(running).is_there


def test_a_run_without_end_is_stopped_with_a_sentence(running: ServicesStand, tmp_path: Path) -> None:
    script = write(
        tmp_path,
        """
        from tasktonic import *

        class Loop(ttTonic):
            def ttse__on_start(self):
                self.ttsc__again()

            def ttsc__again(self):
                self.ttsc__again()

        class App(ttFormula):
            def creating_formula(self):
                return {"tasktonic/testing/most_turns": 300}

            def creating_starting_tonics(self):
                Loop(name="loop")

        App()
        """,
    )
    begin(running, script)

    done = run(running)

    assert (done["stopped_by"], done["error"]) == (["error"], "ttDistillerError")
    state = facts(running).state
    assert state is not None
    assert state.problem.startswith("301 turns at one moment (0 s) and no end in sight; at work: loop.ttsc__again.")
    assert run(running, sparkle_count=2)["count"] == 2, "it can be run on"


def test_a_run_is_stopped_by_hand(running: ServicesStand, tmp_path: Path) -> None:
    script = write(
        tmp_path,
        """
        import threading

        from tasktonic import *

        class Pulse(ttTonic):
            def ttse__on_start(self):
                ttTimerRepeat(1, name="beat")

            def ttse__on_beat(self, info):
                threading.Event().wait(0.01)  # it shall not fill the memory, however late it is stopped

        class App(ttFormula):
            def creating_formula(self):
                return {"tasktonic/testing/most_turns": 10**9}

            def creating_starting_tonics(self):
                Pulse(name="pulse")

        App()
        """,
    )
    begin(running, script)
    running.requests.send(DistillerRun(1, contract={"tonics": {"pulse": {"till_state_in": ["never"]}}}))
    running.until(lambda: facts(running).runs, "it runs")

    running.requests.send(DistillerStop(2))

    running.until(lambda: facts(running).is_ready, "it has stopped")
    assert facts(running).steps[-1]["stopped_by"] == ["by hand"]


def test_a_contract_that_is_never_met_stops_when_nothing_is_left(running: ServicesStand, tmp_path: Path) -> None:
    begin(running, write(tmp_path, DOOR))

    done = run(running, contract={"tonics": {"door": {"till_state_in": ["ajar"]}, "nobody": {"till_state_in": ["x"]}}})

    assert done["stopped_by"] == ["idle"]
    assert running.known.distillation.calls[-1].outcome == "stopped by idle; 0 of 2 conditions met"


def test_stopping_the_script_ends_its_app_in_order(patient: ServicesStand, tmp_path: Path) -> None:
    begin(patient, write(tmp_path, DOOR))
    run(patient, sparkle_count=1)

    patient.requests.stop()

    patient.until_line("the app has ended")
    patient.until_status("ended", "stopped")
    assert facts(patient).steps[-1]["status"] == "catalyst finished"


@pytest.mark.parametrize("what", ["ttPyside6Ui", "ttDistiller"])
def test_a_main_catalyst_that_cannot_be_turned_is_refused(running: ServicesStand, tmp_path: Path, what: str) -> None:
    source = "from tasktonic.qt import ttPyside6Ui" if what == "ttPyside6Ui" else "from tasktonic import ttDistiller"
    script = write(
        tmp_path,
        f"""
        from tasktonic import ttFormula
        {source}

        class App(ttFormula):
            def creating_main_catalyst(self):
                {what}(name="main")

        App()
        """,
    )
    running.requests.distil(script)
    running.until_status("ended", "exit code 1")

    state = facts(running).state
    assert state is not None
    assert state.status == "refused"
    assert state.problem.startswith(f"doors.py, line 7, App makes a {what}")
    assert "Start" in state.problem


def test_two_formulas_after_each_other_are_both_run_by_hand(running: ServicesStand, tmp_path: Path) -> None:
    script = write(tmp_path, DOOR.replace("    House()\n", "    House()\n    House()\n"))
    begin(running, script)
    run(running, sparkle_count=1)

    running.requests.send(DistillerFinish(1))

    running.until(lambda: facts(running).is_ready and facts(running).state.app == 2, "the second app is there")  # type: ignore[union-attr]
    assert [step["do"] for step in facts(running).steps] == ["start"]
    assert run(running, sparkle_count=1)["ran"] == ["door.ttse__on_start"]


def test_a_script_that_ends_the_process_is_told_of(running: ServicesStand, tmp_path: Path) -> None:
    script = write(
        tmp_path,
        """
        import os

        from tasktonic import *

        class Bad(ttTonic):
            def ttse__on_start(self):
                os._exit(7)

        class App(ttFormula):
            def creating_starting_tonics(self):
                Bad(name="bad")

        App()
        """,
    )
    begin(running, script)

    running.requests.send(DistillerRun(1))

    running.until_status("ended", "exit code 7")


def test_a_sparkle_that_blocks_is_seen_and_the_script_can_be_stopped(running: ServicesStand, tmp_path: Path) -> None:
    script = write(
        tmp_path,
        """
        import threading

        from tasktonic import *

        class Slow(ttTonic):
            def ttse__on_start(self):
                print("it blocks", flush=True)
                threading.Event().wait()

        class App(ttFormula):
            def creating_starting_tonics(self):
                Slow(name="slow")

        App()
        """,
    )
    begin(running, script)
    running.requests.send(DistillerRun(1))
    running.until_line("it blocks")
    running.until(lambda: bool(facts(running).runs), "it is known that it runs")

    running.requests.stop()

    running.until_status("ended")
