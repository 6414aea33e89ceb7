"""The pytest plugin: its fixtures, and the trace of a failed test."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tasktonic.events import Ran
from tasktonic.testing import plugin
from tasktonic.trace import TraceReader

ROOT = Path(__file__).resolve().parents[3]

DOOR = """
from tasktonic import *

class Door(ttTonic):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.to_state("closed")

    def ttsc_closed__open(self):
        self.to_state("open")

    def ttsc_open__close(self):
        self.to_state("closed")

    def ttsc__break(self):
        raise ValueError("broken")

class House(ttFormula):
    def __init__(self, doors=1):
        self.doors = doors
        super().__init__()

    def creating_formula(self):
        return (("tasktonic/log/to", "off"), ("house/doors", self.doors))

    def creating_main_catalyst(self):
        ttCatalyst(name="house")

    def creating_starting_tonics(self):
        for number in range(self.doors):
            Door(name=f"door {number}")
"""


class Ended:
    """A pytest run that has ended."""

    def __init__(self, folder, process):
        self.folder, self.text, self.code = folder, process.stdout + process.stderr, process.returncode

    @property
    def traces(self):
        return sorted(path.name for path in self.folder.rglob("*.ttt"))


@pytest.fixture
def run_pytest(user_folders):
    """Run pytest with the plugin on a file of tests, in a process of its own and a folder without any configuration."""

    def run(tests, *arguments, plugin=("-p", "tasktonic.testing.plugin"), found_in=""):
        folder = user_folders / "project"
        folder.mkdir(exist_ok=True)
        (folder / "pytest.ini").touch()
        (folder / "test_it.py").write_text(tests, encoding="utf-8")
        # Only this plugin: others of the environment have nothing to do with it.
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "COLUMNS": "200"}
        if found_in:
            environment["PYTHONPATH"] = os.pathsep.join((str(found_in), str(ROOT)))
            del environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"]
        environment.pop("TASKTONIC_STUDIO", None)
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *plugin, *arguments, "test_it.py"]
        process = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", timeout=100, check=False
        )
        return Ended(folder, process)

    return run


def test_tests_that_pass_leave_no_files(run_pytest):
    ended = run_pytest(
        DOOR
        + """
def test_opens(distiller):
    door = Door(name="door")
    door.ttsc__open()
    assert distiller.sparkle().states("door") == ["--", "closed", "open"]

def test_app_as_it_is_written(distill):
    distiller = distill(House, doors=2, settings={"house/colour": "red"}, seed=3)
    trace = distiller.sparkle()
    assert (distiller.name, distiller.ledger.formula.get("house/doors")) == ("house", 2)
    assert distiller.ledger.formula.get("house/colour") == "red"
    assert sorted(row["tonic"] for row in trace["sparkle_trace"]) == ["door 0", "door 1"]

def test_ledger_is_fresh(fresh_ledger):
    assert fresh_ledger is ttLedger()
    assert fresh_ledger.essences == []

def test_ledger_is_fresh_whatever_was_left(fresh_ledger):
    class Mine(House):
        def creating_main_catalyst(self):
            ttDistiller()
    Mine().ledger.main_catalyst.sparkle()

def test_the_app_before_has_ended(fresh_ledger, distiller):
    assert distiller.sparkling
    assert distiller.sparkle()["stop_condition"] == ["idle"]
"""
    )

    assert ended.code == 0, ended.text
    assert "5 passed" in ended.text
    assert ended.traces == []


@pytest.mark.parametrize(
    "place, command", [("bin", "tasktonic"), ("elsewhere", "{python} -m tasktonic"), (None, "{python} -m tasktonic")]
)
def test_the_command_it_tells_is_one_that_runs_this_framework(tmp_path, monkeypatch, place, command):
    for name in ("bin/python", *([f"{place}/tasktonic"] if place else [])):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.touch(mode=0o755)
    monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path / "elsewhere"), str(tmp_path / "bin")]))
    monkeypatch.setattr("sys.executable", str(tmp_path / "bin/python"))

    assert plugin._command() == command.format(python=tmp_path / "bin/python")


def test_the_trace_of_a_failed_test_is_a_file_that_can_be_read(run_pytest):
    ended = run_pytest(
        DOOR
        + """
def test_opens(distiller):
    door = Door(name="door")
    door.ttsc__open()
    assert distiller.sparkle().states("door") == ["closed"]
"""
    )

    path = ended.folder / "tasktonic-traces" / "test_it.py__test_opens.ttt"
    assert ended.code == 1
    assert f"The trace of this test: {path}\nTo look at it: {plugin._command()} trace show {path}" in ended.text
    with TraceReader(path) as reader:
        assert reader.meta["kind"] == "distiller"
        assert sum(type(event) is Ran for _, event in reader.happened()) >= 3


def test_the_kept_trace_says_what_the_test_had_asked_for(run_pytest):
    ended = run_pytest(
        DOOR
        + """
def test_opens(distiller):
    door = Door(name="door")
    door.ttsc__open()
    trace = distiller.sparkle(contract={"timeout": 5, "tonics": {"door": {"till_state_in": ["broken"], "probes": ["name"]}}})
    assert trace["stop_condition"] == ["contract_met"]
"""
    )

    with TraceReader(ended.folder / "tasktonic-traces" / "test_it.py__test_opens.ttt") as reader:
        (call,) = reader.distilled()[:1]
    assert call.contract[:2] == ("timeout after 5 s", "door: till state broken")
    assert call.stopped_by == ("idle",)
    assert (call.matched, call.target) == (0, 1)
    assert call.probes[0].after == {"name": "'door'"}


def test_an_error_that_a_sparkle_raised_keeps_the_trace_as_well(run_pytest):
    ended = run_pytest(
        DOOR
        + """
import pytest
@pytest.mark.parametrize("way", ["in/out"])
def test_breaks(distiller, way):
    Door(name="door").ttsc__break()
    distiller.sparkle()
"""
    )

    assert "ValueError: broken" in ended.text
    assert ended.traces == ["test_it.py__test_breaks_in_out.ttt"]


def test_the_trace_is_kept_when_the_app_ended_before_the_test_failed(run_pytest):
    ended = run_pytest(
        DOOR
        + """
def test_ends(distill):
    distiller = distill(House)
    trace = distiller.finish_distiller()
    assert trace["status"] == "running"
"""
    )

    assert ended.traces == ["test_it.py__test_ends.ttt"]


def test_a_distiller_that_the_test_made_itself_keeps_its_trace_too(run_pytest):
    ended = run_pytest(
        DOOR
        + """
class Mine(House):
    def creating_main_catalyst(self):
        ttDistiller()

def test_fails(fresh_ledger):
    main = Mine().ledger.main_catalyst
    main.sparkle()
    assert not main.sparkling
"""
    )

    assert ended.traces == ["test_it.py__test_fails.ttt"]


def test_a_failed_test_without_an_app_keeps_nothing(run_pytest):
    ended = run_pytest(
        DOOR
        + """
def test_uses_one(distiller):
    distiller.sparkle()

def test_uses_none():
    assert False
"""
    )

    assert "1 failed, 1 passed" in ended.text
    assert ended.traces == []


FAILS = (
    DOOR
    + """
def test_fails(distiller):
    assert distiller.sparkle() is None
"""
)


def test_the_folder_is_an_option(run_pytest, tmp_path):
    run_pytest(FAILS, "--tasktonic-traces", str(tmp_path / "kept"))

    assert [path.name for path in (tmp_path / "kept").glob("*.ttt")] == ["test_it.py__test_fails.ttt"]


def test_the_folder_is_a_setting(run_pytest):
    ended = run_pytest(FAILS, "-o", "tasktonic_traces=here")

    assert (ended.folder / "here" / "test_it.py__test_fails.ttt").exists()


def test_the_folder_keeps_itself_out_of_the_repository(run_pytest):
    ended = run_pytest(FAILS)

    assert (ended.folder / "tasktonic-traces" / ".gitignore").read_text(encoding="utf-8") == "*\n"


def test_off_keeps_nothing(run_pytest):
    ended = run_pytest(FAILS, "--tasktonic-traces", "off")

    assert ended.code == 1
    assert ended.traces == []


def test_a_folder_that_cannot_be_made_is_told_in_the_report(run_pytest, tmp_path):
    (tmp_path / "kept").write_text("a file", encoding="utf-8")

    ended = run_pytest(FAILS, "--tasktonic-traces", str(tmp_path / "kept"))

    assert "The trace of this test could not be kept: " in ended.text


def test_an_error_while_the_fixture_ends_the_app_is_an_error_of_the_test(run_pytest):
    ended = run_pytest(
        DOOR
        + """
class Bad(Door):
    def ttse__on_finished(self):
        raise KeyError("gone")

def test_bad_end(distiller):
    Bad(name="bad")
    distiller.sparkle()
"""
    )

    assert "1 passed, 1 error" in ended.text
    assert "KeyError: 'gone'" in ended.text


def test_a_formula_that_shuts_the_distiller_out_is_told_so(run_pytest):
    ended = run_pytest(
        DOOR
        + """
class Stubborn(ttFormula):
    def creating_formula(self):
        return {"tasktonic/log/to": "off"}

    def creating_main_catalyst(self):
        self.ledger.in_place_of_main = None
        super().creating_main_catalyst()

    def creating_starting_tonics(self):
        Door(name="door").finish()

def test_stubborn(distill):
    distill(Stubborn)
"""
    )

    assert (
        "Stubborn has run without a distiller: its __init__ or its settings kept the one that was asked for away."
        in ended.text
    )


def test_plugins_of_a_conftest_work_the_same(run_pytest, user_folders):
    (user_folders / "project").mkdir()
    (user_folders / "project" / "conftest.py").write_text(
        'pytest_plugins = ["tasktonic.testing.plugin"]\n', encoding="utf-8"
    )

    ended = run_pytest("def test_it(distiller):\n    assert distiller.sparkling\n", plugin=())

    assert "1 passed" in ended.text


def test_fixtures_of_a_conftest_go_before_those_of_the_plugin(run_pytest, user_folders):
    (user_folders / "project").mkdir()
    (user_folders / "project" / "conftest.py").write_text(
        "import pytest\n\n@pytest.fixture(autouse=True)\ndef fresh_ledger():\n    return 'mine'\n", encoding="utf-8"
    )

    ended = run_pytest(
        "def test_it(distiller, fresh_ledger):\n    assert fresh_ledger == 'mine' and distiller.sparkling\n"
    )

    assert "1 passed" in ended.text, ended.text


def test_tests_that_use_nothing_of_it_load_nothing_of_the_distiller(run_pytest):
    ended = run_pytest(
        """
import sys

def test_it():
    loaded = [name for name in sys.modules if name.startswith("tasktonic.")]
    assert "tasktonic.testing.plugin" in loaded
    assert not {"tasktonic.testing.distiller", "tasktonic.trace", "tasktonic.recorder", "tasktonic.probe"} & set(loaded)
    assert "PySide6" not in sys.modules
"""
    )

    assert "1 passed" in ended.text, ended.text


def test_the_help_of_pytest_tells_of_the_option(run_pytest):
    ended = run_pytest("", "--help")

    assert "--tasktonic-traces=FOLDER" in ended.text
    assert "tasktonic_traces (string)" in ended.text


@pytest.fixture
def installed(tmp_path):
    """A folder that has what pip would note of the package: its name, and the plugins that it declares."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    folder = tmp_path / "site" / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text(f"Name: {project['name']}\nVersion: {project['version']}\n", encoding="utf-8")
    plugins = "".join(f"{name} = {module}\n" for name, module in project["entry-points"]["pytest11"].items())
    (folder / "entry_points.txt").write_text(f"[pytest11]\n{plugins}", encoding="utf-8")
    return folder.parent


def test_installed_with_the_package_pytest_finds_it(run_pytest, installed):
    ended = run_pytest("def test_it(distiller):\n    assert distiller.sparkling\n", plugin=(), found_in=installed)

    assert "1 passed" in ended.text, ended.text


def test_installed_and_named_it_is_one_plugin(run_pytest, installed):
    tests = 'pytest_plugins = ["tasktonic.testing.plugin"]\n\ndef test_it(distiller):\n    assert distiller.sparkling\n'

    ended = run_pytest(tests, found_in=installed)

    assert "1 passed" in ended.text, ended.text
