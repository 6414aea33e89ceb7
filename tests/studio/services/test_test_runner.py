"""Tests of a project, run from the Studio: real pytest, real files, and processes that die in the middle."""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tasktonic_studio.project.tests import TestOrder, Tests
from tasktonic_studio.services.test_runner import TestRunner
from tests.helpers.services_app import ServicesStand, services

pytestmark = pytest.mark.end_to_end

MIXED = """
import pytest
from tasktonic import ttTonic


class Door(ttTonic):
    def ttse__on_start(self):
        self.to_state("shut")

    def ttse_shut__on_enter(self):
        pass


class TestDoor:
    @pytest.mark.parametrize("n", [1, 2])
    def test_passes(self, n):
        pass

    def test_fails_under_a_distiller(self, distiller):
        Door(name="door")
        distiller.sparkle()
        print("what was printed")
        assert helper(3) == 4


def helper(n):
    if n > 2:
        raise ValueError("too many doors")
    return n


@pytest.mark.skip(reason="not today")
def test_is_skipped():
    pass


@pytest.mark.xfail
def test_fails_as_expected():
    assert 0


@pytest.fixture
def broken():
    raise OSError("no disk")


def test_has_a_broken_fixture(broken):
    pass
"""


@pytest.fixture
def stand(monkeypatch: pytest.MonkeyPatch) -> Iterator[ServicesStand]:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # none of ours is needed, and all take their time
    with services() as stand:
        yield stand


def a_project(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return folder


def run(stand: ServicesStand, project: Path, *arguments: str, collect: bool = False) -> Tests:
    order = TestOrder(str(project), "", tuple(arguments), tuple(arguments), collect)
    stand.tests_ended = False
    stand.requests.run_tests(order)
    stand.until(lambda: stand.tests_ended, "the tests have ended")
    return stand.tests


def outcomes(tests: Tests) -> dict[str, str]:
    return {each.path[-1]: each.outcome for each in tests.all}


def test_each_outcome_is_told_with_its_place_and_words(stand: ServicesStand, tmp_path: Path) -> None:
    project = a_project(tmp_path, test_mixed=MIXED, test_broken="def test_x(:\n")

    tests = run(stand, project)

    assert outcomes(tests) == {
        "test_broken.py": "error",
        "test_passes[1]": "not run",
        "test_passes[2]": "not run",
        "test_fails_under_a_distiller": "not run",
        "test_is_skipped": "not run",
        "test_fails_as_expected": "not run",
        "test_has_a_broken_fixture": "not run",
    }
    assert tests.all[0].text.splitlines()[0].startswith("E  ")
    assert "SyntaxError" in tests.all[0].text
    assert tests.sentence == "nothing was run, for 1 file cannot be read: 1 error, 6 not run"
    (project / "test_broken.py").unlink()
    tests = run(stand, project)
    assert outcomes(tests) == {
        "test_passes[1]": "passed",
        "test_passes[2]": "passed",
        "test_fails_under_a_distiller": "failed",
        "test_is_skipped": "skipped",
        "test_fails_as_expected": "failed as expected",
        "test_has_a_broken_fixture": "error",
    }
    assert tests.sentence == "1 error, 1 failed, 2 passed, 1 failed as expected, 1 skipped"
    failed = next(each for each in tests.all if each.outcome == "failed")
    assert failed.path == ("test_mixed.py", "TestDoor", "test_fails_under_a_distiller")
    assert "ValueError: too many doors" in failed.text
    text = MIXED.splitlines()
    assert failed.places == (
        (str(project / "test_mixed.py"), text.index("        assert helper(3) == 4") + 1),
        (str(project / "test_mixed.py"), text.index('        raise ValueError("too many doors")') + 1),
    )
    assert ("Captured stdout call", "what was printed\n") in failed.sections
    assert Path(failed.trace).is_file()
    assert failed.trace.endswith(".ttt")
    skipped = next(each for each in tests.all if each.outcome == "skipped")
    assert "not today" in skipped.text
    assert tests.at(failed.file, failed.path[1:]) == [failed]
    assert tests.at(failed.file, ("helper",)) == []

    again = run(stand, project, *[each.id for each in tests.all if each.path[:2] == ("test_mixed.py", "TestDoor")][:1])
    assert outcomes(again)["test_passes[1]"] == "passed"
    assert outcomes(again)["test_fails_under_a_distiller"] == "failed"


def test_a_test_of_a_base_class_elsewhere_is_run_again_on_its_own(stand: ServicesStand, tmp_path: Path) -> None:
    base = "class Shared:\n    def test_it(self):\n        assert self.n == 1\n"
    project = a_project(tmp_path, base=base, test_two="from base import Shared\n\nclass TestTwo(Shared):\n    n = 2\n")
    tests = run(stand, project)
    (only,) = tests.all
    assert (only.file, only.line, only.outcome) == (str(project / "base.py"), 2, "failed")

    (project / "test_two.py").write_text(
        "from base import Shared\n\nclass TestTwo(Shared):\n    n = 1\n", encoding="utf-8"
    )
    order = TestOrder(str(project), "", (only.id,), (only.argument,))
    stand.tests_ended = False
    stand.requests.run_tests(order)
    stand.until(lambda: stand.tests_ended, "the tests have ended")

    assert (stand.tests.sentence, stand.tests.problem) == ("1 passed", "")


def test_a_test_that_ends_the_run_is_said_with_its_reason(stand: ServicesStand, tmp_path: Path) -> None:
    text = "import pytest\n\ndef test_one():\n    pytest.exit('no camera')\n\ndef test_two():\n    pass\n"

    tests = run(stand, a_project(tmp_path, test_it=text))

    assert tests.sentence == "ended by Exit: no camera: 1 crashed, 1 not run"
    assert tests.all[0].text == "Pytest ended while this one ran: Exit: no camera."


def test_packages_in_the_src_folder_of_a_project_are_found_without_installing_them(
    stand: ServicesStand, tmp_path: Path
) -> None:
    package = tmp_path / "src" / "mill"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("SAILS = 4\n")
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'mill'\n")

    tests = run(stand, a_project(tmp_path, test_mill="import mill\n\ndef test_sails():\n    assert mill.SAILS == 4\n"))

    assert outcomes(tests) == {"test_sails": "passed"}


def test_tests_are_found_without_being_run(stand: ServicesStand, tmp_path: Path) -> None:
    tests = run(stand, a_project(tmp_path, test_it="raised = []\n\ndef test_one():\n    assert 0\n"), collect=True)

    assert outcomes(tests) == {"test_one": "not run"}
    assert (tests.sentence, tests.all[0].line) == ("1 test found", 3)


def test_project_without_tests_says_so(stand: ServicesStand, tmp_path: Path) -> None:
    assert run(stand, tmp_path).sentence == "no tests found"


def test_process_that_dies_in_a_test_is_said_at_that_test(stand: ServicesStand, tmp_path: Path) -> None:
    text = (
        "import os\n\ndef test_first():\n    pass\n\ndef test_dies():\n    os._exit(0)\n\ndef test_never():\n    pass\n"
    )

    tests = run(stand, a_project(tmp_path, test_it=text))

    assert outcomes(tests) == {"test_first": "passed", "test_dies": "crashed", "test_never": "not run"}
    assert "The process of the tests ended while this one ran: exit code 0" in tests.all[1].text
    assert tests.sentence == "the process of the tests died: exit code 0"


def test_test_that_hangs_can_be_stopped(stand: ServicesStand, tmp_path: Path) -> None:
    hangs = "import signal, time\n\ndef test_hangs():\n    signal.signal(signal.SIGINT, signal.SIG_IGN)\n    print(7)\n    time.sleep(600)\n"
    stand.requests.run_tests(TestOrder(str(a_project(tmp_path, test_it=hangs)), ""))
    stand.until(lambda: "running" in outcomes(stand.tests).values(), "it runs")

    stand.requests.stop_tests()
    stand.until(lambda: not stand.tests.is_running, "it was stopped")

    assert outcomes(stand.tests) == {"test_hangs": "stopped"}
    assert stand.tests.sentence == "stopped: 1 stopped"


def test_setting_of_pytest_that_is_wrong_is_said_with_its_words(stand: ServicesStand, tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n", encoding="utf-8")

    tests = run(stand, a_project(tmp_path, test_it="def test_one(): pass\n"))

    assert tests.problem == "Pytest could not run (exit code 4). What it said is below."
    assert "--no-such-option" in tests.output


def test_python_that_cannot_be_started_is_said(stand: ServicesStand, tmp_path: Path) -> None:
    stand.requests.run_tests(TestOrder(str(tmp_path), "/no/where/python"))
    stand.until(lambda: bool(stand.tests.problem), "it is said")

    assert stand.tests.problem == "pytest could not be started: No such file or directory."


def test_disk_without_room_for_what_is_told_is_said(
    stand: ServicesStand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(prefix: str) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(tempfile, "mkdtemp", full)
        stand.requests.run_tests(TestOrder(str(tmp_path), ""))
        stand.until(lambda: bool(stand.tests.problem), "it is said")

    assert stand.tests.problem == "pytest could not be started: No space left on device."
    assert not stand.tests.is_running


def test_what_is_told_cannot_be_read_and_the_tests_end_all_the_same(
    stand: ServicesStand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TestRunner, "_file", tmp_path)  # a folder, which nobody can read as a file

    tests = run(stand, tmp_path)

    assert not tests.is_running


def test_argument_that_no_program_can_take_is_said(stand: ServicesStand, tmp_path: Path) -> None:
    stand.requests.run_tests(TestOrder(str(tmp_path), "", arguments=("a\0b",)))
    stand.until(lambda: bool(stand.tests.problem), "it is said")

    assert stand.tests.problem == "pytest could not be started: embedded null byte."
