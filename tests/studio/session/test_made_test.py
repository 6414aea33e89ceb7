"""Tests that are made of a run by hand: each is really run by pytest, on the script as it was and on a changed one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tasktonic.protocol import messages
from tasktonic.protocol.messages import DistillerFinish, DistillerRun, DistillerStop
from tasktonic_studio.session.inbox import TargetBegan, TargetStatus
from tasktonic_studio.session.made_test import make_test, proposed_place, why_no_test
from tasktonic_studio.session.session import Session
from tests.helpers.scripts_apart import run_pytest
from tests.helpers.services_app import ServicesStand, services
from tests.studio.services.test_distilled_scripts import DOOR, begin, call, facts, known_id, run, write

pytestmark = pytest.mark.end_to_end


@pytest.fixture
def running() -> Iterator[ServicesStand]:
    with services() as stand:
        yield stand


def stepped_through(running: ServicesStand, script: str, seed: int = 0) -> None:
    """Opens the door by hand and has it close by itself; then by a contract."""
    begin(running, script, "--fast", seed=seed)
    run(running, sparkle_count=2)
    run(running)
    call(running, "door", "ttsc__open", "who='Eve'")
    run(running, timeout=1.5)
    run(running, till_state_in=("closed",))
    call(running, "door", "ttsc__open", "'Kim'")
    run(running, contract={"tonics": {"door": {"stop_on_probe": {"opened": 3}, "probes": ["opened"]}}})


def save(running: ServicesStand, folder: Path) -> Path:
    script = running.known.target.script
    file = proposed_place(script)
    assert file == folder / "tests" / "test_doors_from_studio.py"
    file.parent.mkdir(exist_ok=True)
    made = make_test(running.known, str(file))
    assert made.problem == ""
    file.write_text(made.text, encoding="utf-8")
    return file


CHANGES = {
    "sooner": ("ttTimerSingleShot(3,", "ttTimerSingleShot(2,", "assert 2.0 == 3.0"),
    "other_state": ("open__on_enter", "open__on_entry", "assert"),
    "other_value": ("self.opened += 1", "self.opened += 2", "assert 2 == 1"),
    "no_call": ('self.door.ttsc__open("Ada")', "pass", "assert"),
}
"""What is changed in the app, and what the test says of it."""


@pytest.mark.parametrize("seed", [0, 5])
def test_it_passes_as_it_stands_and_fails_when_the_app_changes(
    running: ServicesStand, tmp_path: Path, seed: int
) -> None:
    stepped_through(running, write(tmp_path, DOOR), seed)
    made = save(running, tmp_path).read_text(encoding="utf-8")
    for name, (before, after, _) in {"same": ("", "", ""), **CHANGES}.items():
        folder = tmp_path / name
        (folder / "tests").mkdir(parents=True)
        write(folder, DOOR.replace(before, after) if before else DOOR)
        (folder / "tests" / f"test_{name}.py").write_text(made, encoding="utf-8")

    ended = run_pytest(tmp_path, "--tasktonic-traces", "off")

    assert "2 passed" in ended.stdout, ended.stdout
    assert f"{len(CHANGES)} failed" in ended.stdout, ended.stdout
    for name, (_, _, seen) in CHANGES.items():
        assert f"{name}.py" in ended.stdout
        assert seen in ended.stdout, ended.stdout


def test_it_is_written_as_a_formatter_leaves_it(running: ServicesStand, tmp_path: Path) -> None:
    stepped_through(running, write(tmp_path, DOOR))
    many = {name: {"till_state_in": ["open", "closed"], "probes": ["opened"]} for name in ("door", "guest", "another")}
    run(running, timeout=1.0, contract={"tonics": many, "stop_match_count": 1})

    file = save(running, tmp_path)

    text = file.read_text(encoding="utf-8")
    checked = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--line-length", "120", "--diff", "--isolated", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout
    assert 'SCRIPT = Path(__file__).resolve().parents[1] / "doors.py"' in text
    assert 'distiller = distill_script(SCRIPT, "--fast")' in text
    assert 'distiller.ledger.get_essence_by_name("door").ttsc__open(who="Eve")' in text
    assert "    # 5. until state closed" in text
    assert "0x" not in text
    assert max(map(len, text.splitlines())) <= 100
    assert run_pytest(file).returncode == 0


def test_a_run_that_was_stopped_by_hand_runs_as_far_again(running: ServicesStand, tmp_path: Path) -> None:
    text = DOOR.replace(
        'self.to_state("closed")\n\n        def ttsc',
        'self.to_state("closed")\n            ttTimerRepeat(1, name="beat")\n\n        def ttse__on_beat(self, info):\n            __import__("threading").Event().wait(0.01)\n\n        def ttsc',
    )
    text = text.replace(
        "def creating_starting_tonics",
        'def creating_formula(self):\n            return {"tasktonic/testing/most_turns": 10**9}\n\n        def creating_starting_tonics',
    )
    begin(running, write(tmp_path, text))
    call(running, "door", "ttse__on_beat", "None")
    running.requests.send(DistillerRun(1))
    running.until(lambda: facts(running).runs, "it runs")
    running.requests.send(DistillerStop(1))
    running.until(lambda: facts(running).is_ready and facts(running).steps[-1]["do"] == "sparkle", "it has stopped")

    file = save(running, tmp_path)

    assert f"distiller.sparkle(sparkle_count={facts(running).steps[-1]['count']})" in file.read_text(encoding="utf-8")
    ended = run_pytest(file)
    assert ended.returncode == 0, ended.stdout


def test_errors_and_the_end_are_part_of_it(running: ServicesStand, tmp_path: Path) -> None:
    begin(
        running,
        write(tmp_path, DOOR.replace("self.opened += 1\n", "self.opened += 1\n            1 / (self.opened - 1)\n")),
    )
    assert run(running)["error"] == "ZeroDivisionError"
    run(running)
    running.requests.send(DistillerFinish(1))
    running.until_status("ended", "exit code 0")

    file = save(running, tmp_path)

    text = file.read_text(encoding="utf-8")
    assert "raise_errors=False" in text
    assert 'assert trace["status"] == "catalyst finished"' in text
    ended = run_pytest(file)
    assert ended.returncode == 0, ended.stdout


def test_a_run_that_was_saved_gives_the_same_test(running: ServicesStand, tmp_path: Path) -> None:
    stepped_through(running, write(tmp_path, DOOR))
    live = make_test(running.known, str(tmp_path / "test_x.py"))
    file = tmp_path / "run.ttt"
    running.requests.save_run(str(file))
    running.until(lambda: bool(running.saved), "it is saved")

    running.requests.open_run(str(file))
    running.until(lambda: running.known.target.how == "file" and running.known.target.status == "ended", "it is open")

    assert len(running.known.distillation.calls) == 5
    assert running.known.distillation.calls[-1].stopped_by == ("contract_met",)
    assert make_test(running.known, str(tmp_path / "test_x.py")) == live


def test_an_ordinary_run_says_what_it_would_take(running: ServicesStand, tmp_path: Path) -> None:
    running.requests.launch(write(tmp_path, DOOR))
    running.until(lambda: len(running.known.runs) > 2, "it runs")

    assert why_no_test(running.known) == (
        "This run cannot be made into a test: its catalysts ran by themselves, each in its own time, and nobody can have them do "
        "the same again. Start the script under a distiller and do there what is to be tested."
    )


def test_without_a_run_and_without_a_step_there_is_nothing_to_test(running: ServicesStand, tmp_path: Path) -> None:
    assert why_no_test(running.known).startswith("There is no run to make a test of.")
    begin(running, write(tmp_path, DOOR))
    assert why_no_test(running.known) == "Nothing has run yet, so that there is nothing to test. Run a step first."


def test_what_varies_is_refused(running: ServicesStand, tmp_path: Path) -> None:
    text = DOOR.replace('self.door.ttsc__open("Ada")', "self.offload(sorted, [2, 1])")
    begin(running, write(tmp_path, text))
    run(running)

    problem = why_no_test(running.known)
    assert problem.startswith("Step 1 would not always go the same way: the app does heavy work")


def test_the_trace_of_a_test_is_a_test_already() -> None:
    session = Session()
    session.apply([TargetBegan("file", "/x/app.py", file="/x/run.ttt"), TargetStatus("ended", "recorded")])
    assert "its catalysts ran by themselves" in why_no_test(session.live)


def test_deeds_from_other_panels_are_done_by_the_test_as_well(running: ServicesStand, tmp_path: Path) -> None:
    begin(running, write(tmp_path, DOOR))
    run(running)
    deeds = [
        messages.SetAttribute(1, known_id(running, "door"), "opened", "4"),
        messages.StoreSet(2, next(iter(running.known.store)), "doors/note", None, literal="'by hand'"),
        messages.ChangeState(3, known_id(running, "door"), "open"),
        messages.SetLogMode(4, known_id(running, "door"), 3),
        messages.Finish(5, known_id(running, "door")),
    ]
    for number, deed in enumerate(deeds):
        running.requests.send(deed)
        running.until(lambda number=number: len(facts(running).steps) == 3 + number, "it is done")  # type: ignore[misc]
    run(running)

    file = save(running, tmp_path)

    text = file.read_text(encoding="utf-8")
    assert 'distiller.ledger.get_essence_by_name("door").opened = 4' in text
    assert 'distiller.ledger.get_service_essence("store").set("doors/note", "by hand")' in text
    assert 'distiller.ledger.get_essence_by_name("door").to_state("open")' in text
    assert 'distiller.ledger.get_essence_by_name("door").finish()' in text
    ended = run_pytest(file)
    assert ended.returncode == 0, ended.stdout
