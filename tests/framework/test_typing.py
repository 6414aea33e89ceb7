"""What mypy says of small programs of users, with the plugin and without it.

The programs lie in tests/data/typing. A comment at the end of a line says what is wrong with it: ``! code`` always,
``plugin ! code`` and ``plain ! code`` only with the plugin, or only without it. All other lines are right, under ``strict``.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tasktonic.new import plan, write

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / "tests" / "data" / "typing"
NAMES = sorted(path.name for path in PROGRAMS.glob("*.py"))

SETTINGS = """
[mypy]
strict = true
python_version = 3.11
"""

# Mypy loads the plugin from here; the framework whose types it looks up is the installed one.
MYPY = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from mypy.__main__ import console_entry; console_entry()"


class Fault(NamedTuple):
    """What is wrong with a line."""

    file: str
    line: int
    code: str


def expected(way: str) -> set[Fault]:
    """The faults that the programs themselves tell of, for ``plugin`` or ``plain``."""
    faults = set()
    for name in NAMES:
        for number, line in enumerate((PROGRAMS / name).read_text(encoding="utf-8").splitlines(), 1):
            for only, code in re.findall(r"# (plugin|plain|)\s?! ([\w-]+)", line):
                if only in ("", way):
                    faults.add(Fault(name, number, code))
    return faults


def wheel_files() -> Iterator[tuple[Path, str]]:
    """What of the framework a wheel has, and where in it."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = settings["tool"]["hatch"]["build"]["targets"]["wheel"]
    for package in wheel["packages"]:
        yield ROOT / package, package
    for source, place in wheel["force-include"].items():
        yield ROOT / source, place


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment of a user, with the framework installed as a wheel would."""
    folder = tmp_path_factory.mktemp("user")
    venv.create(folder, with_pip=False, symlinks=True)
    packages = next(folder.glob("lib/python*/site-packages"))
    for source, place in wheel_files():
        if source.is_dir() and place.lower().startswith("tasktonic") and "studio" not in place:
            shutil.copytree(source, packages / place)
        elif source.suffix == ".py":
            shutil.copy(source, packages / place)
    return folder / "bin" / "python"


def made_from_templates(folder: Path) -> list[str]:
    """What ``tasktonic new`` makes, with its tests: all of it is right. The window is left out, for there is no Qt here."""
    for kind in ("project", "tonic", "service", "server"):
        write(plan(kind, f"new_{kind}", folder))
    return [str(path) for path in sorted(folder.rglob("*.py")) if path.name != "conftest.py"]


@pytest.fixture(scope="module", params=["plugin", "plain"])
def way_and_output(
    request: pytest.FixtureRequest, python: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, str]:
    """Run mypy once over all programs, as a user would: a process of its own, with settings of its own."""
    folder = tmp_path_factory.mktemp("typing")
    plugins = "plugins = tasktonic.mypy_plugin\n" if request.param == "plugin" else ""
    made = made_from_templates(folder / "made") if plugins else []
    (folder / "mypy.ini").write_text(SETTINGS + plugins, encoding="utf-8")
    ended = subprocess.run(
        [
            *(
                sys.executable,
                "-m",
                "mypy",
                "--config-file",
                str(folder / "mypy.ini"),
                "--python-executable",
                str(python),
            ),
            *("--cache-dir", str(folder / "cache"), "--no-error-summary", "--hide-error-context", "--no-pretty"),
            *("--show-traceback", str(PROGRAMS), *made),
        ],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (1, "")
    return request.param, ended.stdout


def test_mypy_finds_what_is_wrong_and_nothing_else(way_and_output: tuple[str, str]) -> None:
    way, output = way_and_output
    found = {
        Fault(Path(file).name, int(line), code)
        for file, line, code in re.findall(r"^(.+?):(\d+): error: .*\[([\w-]+)\]$", output, re.MULTILINE)
    }

    assert sorted(found - expected(way)) == [], output
    assert sorted(expected(way) - found) == [], output


@pytest.mark.parametrize("name", NAMES)
def test_every_program_tells_of_something_wrong(name: str) -> None:
    assert [fault for fault in expected("plain") if fault.file == name] != []


def test_message_names_the_sparkle_that_is_meant(way_and_output: tuple[str, str]) -> None:
    way, output = way_and_output

    assert ('"Door" has no attribute "ttsc__opne"; maybe "ttsc__open"' in output) == (way == "plugin")


def test_package_says_that_it_is_typed() -> None:
    assert (ROOT / "tasktonic" / "py.typed").is_file()
