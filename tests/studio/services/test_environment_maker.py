"""Making an environment for a project and installing into it: real processes, no network."""

from __future__ import annotations

import errno
import shutil
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any

import pip
import pytest

from tasktonic_studio.project.environments import EnvironmentNews
from tasktonic_studio.project.pythons import PythonFacts, packages_of
from tasktonic_studio.services import environment_maker, framework_wheel
from tasktonic_studio.services.framework_wheel import write_framework_wheel
from tasktonic_studio.services.said import Said
from tests.helpers.patience import PATIENCE_S
from tests.helpers.services_app import ServicesStand, services


@pytest.fixture
def stand(monkeypatch: pytest.MonkeyPatch) -> Iterator[ServicesStand]:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with services() as stand:
        yield stand


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "garden"
    folder.mkdir()
    return folder


@pytest.fixture
def never_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Making an environment does not come to its end by itself: only a stop is the end of it."""

    real = environment_maker.plan_of

    def plan_of(project: str) -> environment_maker.Plan:
        plan = real(project)
        making, *rest = plan.steps
        program = "import sys, time, venv; venv.main(sys.argv[1:]); time.sleep(600)"
        command = (making.command[0], "-c", program, *making.command[3:])
        return replace(plan, steps=(replace(making, command=command), *rest))

    monkeypatch.setattr(environment_maker, "plan_of", plan_of)


def a_wheel(folder: Path, name: str) -> None:
    """A package with one module of its own name."""
    info = f"{name}-99.0.dist-info"
    with zipfile.ZipFile(folder / f"{name}-99.0-py3-none-any.whl", "w") as archive:
        archive.writestr(f"{name}.py", "")
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 99.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")


def over(stand: ServicesStand) -> EnvironmentNews:
    stand.until(lambda: any(news.facts is not None for news in stand.making), "the environment is made, or not")
    return next(news for news in stand.making if news.facts is not None)


def test_environment_has_the_framework_and_what_the_project_needs(
    stand: ServicesStand, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(project / ".venv")], check=True)
    (tmp_path / "lent").mkdir()
    (tmp_path / "lent" / "pip").symlink_to(Path(pip.__file__).parent)  # to put one into it takes seconds
    (packages_of(project)[0] / "lent.pth").write_text(str(tmp_path / "lent"), encoding="utf-8")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    for name in ("pytest", "kettle", "whisk"):
        a_wheel(tmp_path, name)
    (project / "requirements.txt").write_text("kettle\ntasktonic-studio\n", encoding="utf-8")
    groups = "[dependency-groups]\ndev = ['whisk']\ndocs = ['sphinx']\n"
    (project / "pyproject.toml").write_text(groups, encoding="utf-8")

    stand.requests.make_environment(str(project))

    news = over(stand)
    assert news.facts is not None
    assert (news.facts.folder, news.facts.problem, news.facts.has_pytest) == (".venv", "", True)
    assert news.sentence == (
        f"The environment .venv is ready: Python {news.facts.version} with tasktonic, pytest, what requirements.txt lists and what "
        "pyproject.toml lists for developing. Of what the project lists, the group docs was left out: install it by hand, or write what you "
        "need of it into requirements.txt."
    )
    assert not news.is_problem
    doing = [each.doing.partition(":")[0].rstrip("…") for each in stand.making if each.doing]
    assert list(dict.fromkeys(doing)) == [
        "Installing tasktonic",
        "Installing pytest",
        "Installing what requirements.txt lists",
        "Installing what pyproject.toml lists for developing",
    ]
    alone = [news.facts.program, "-I", "-c", "import tasktonic, kettle, whisk; print(tasktonic.__file__)"]
    ran = subprocess.run(alone, capture_output=True, text=True, check=True)
    assert ran.stdout.startswith(str(project / ".venv"))


def test_environment_that_could_not_be_filled_says_so_with_what_pip_said(
    stand: ServicesStand, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment_maker, "OPTIONS", ("--without-pip",))

    stand.requests.make_environment(str(project))

    news = over(stand)
    assert news.sentence.startswith("tasktonic could not be installed: the environment has no pip.")
    assert news.is_problem
    assert "No module named pip" in news.details
    assert stand.making[0].doing == "Making the environment .venv…"
    assert news.facts is not None
    assert news.facts.folder == ".venv"


@pytest.mark.usefixtures("never_made")
def test_stopped_while_it_is_made_it_leaves_nothing(stand: ServicesStand, project: Path) -> None:
    stand.requests.make_environment(str(project))
    stand.until(lambda: any(news.doing for news in stand.making), "it is being made")
    stand.requests.make_environment("/another")
    refused = f"The environment of {project} is being made; try it again when that is done."
    stand.until(lambda: ("/another", refused) in [(it.project, it.sentence) for it in stand.making], "it is refused")

    stand.requests.stop_making()

    news = over(stand)
    assert (news.sentence, news.is_problem) == ("Making the environment was stopped.", False)
    assert not (project / ".venv").exists()
    assert news.facts is not None
    assert news.facts.folder == ""


@pytest.mark.usefixtures("never_made")
def test_stopped_twice_it_is_stopped_all_the_same(
    stand: ServicesStand, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tidying, go_on = threading.Event(), threading.Event()
    tidied = environment_maker.tidied

    def slowly(*args: Any) -> PythonFacts:
        tidying.set()
        go_on.wait(PATIENCE_S)
        return tidied(*args)

    monkeypatch.setattr(environment_maker, "tidied", slowly)
    stand.requests.make_environment(str(project))
    stand.until(lambda: any(news.doing for news in stand.making), "it is being made")
    stand.requests.stop_making()
    stand.until(tidying.is_set, "it is stopped, and tidied")

    stand.requests.stop_making()
    stand.requests.make_environment("/another")
    stand.until(lambda: any(news.project == "/another" for news in stand.making), "the second stop has come")
    go_on.set()

    assert over(stand).sentence == "Making the environment was stopped."


@pytest.mark.parametrize("what", ["needs_of", "tidied"])
def test_after_a_failure_that_nobody_foresaw_the_next_one_can_be_made(
    what: str, stand: ServicesStand, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_args: Any) -> Any:
        raise KeyError("kettle")

    (project / ".venv").mkdir()
    (project / ".venv" / "pyvenv.cfg").touch()  # nothing of it can be run: no step is taken
    with monkeypatch.context() as patched:
        patched.setattr(environment_maker, what, fails)
        stand.requests.make_environment(str(project))
        stand.until(lambda: any(news.sentence for news in stand.making), "it is over")
    assert stand.making[-1].sentence.startswith(
        "Making the environment has failed, which is a fault of the Studio: KeyError: 'kettle'. Try it again."
    )
    assert (stand.making[-1].doing, stand.making[-1].is_problem) == ("", True)
    assert "in fails" in stand.making[-1].details

    (project / ".venv" / "pyvenv.cfg").unlink()
    stand.requests.make_environment(str(project))

    stand.until(lambda: "is no environment" in stand.making[-1].sentence, "the next one is looked at")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_program_that_cannot_be_listened_to_is_ended_and_said(
    stand: ServicesStand, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_said: Any, _item: Any) -> None:
        raise RuntimeError("too loud")

    monkeypatch.setattr(Said, "put", fails)
    monkeypatch.setattr(environment_maker, "OPTIONS", ("--no-such-option",))

    stand.requests.make_environment(str(project))

    assert over(stand).sentence.startswith(f"The environment {project / '.venv'} could not be made: ")
    assert not (project / ".venv").exists()


def test_framework_that_cannot_be_packed_leaves_nothing_behind(
    stand: ServicesStand, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_folder: Path) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device")

    (tmp_path / "aside").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "aside"))
    monkeypatch.setattr(environment_maker, "write_framework_wheel", full)

    stand.requests.make_environment(str(project))

    assert over(stand).sentence == "The framework could not be packed for the environment: No space left on device."
    assert list((tmp_path / "aside").glob("tasktonic-environment-*")) == []


@pytest.mark.usefixtures("never_made")
def test_studio_that_ends_takes_what_is_half_made_with_it(project: Path) -> None:
    with services() as stand:
        stand.requests.make_environment(str(project))
        stand.until(lambda: any(news.doing for news in stand.making), "it is being made")

    assert not (project / ".venv").exists()


def test_framework_that_was_installed_by_hand_is_left_alone(project: Path) -> None:
    # With it may come the Studio that runs; pip would put the framework alone in its place.
    packages = project / ".venv" / "lib" / "python3.12" / "site-packages"
    packages.mkdir(parents=True)
    (project / ".venv" / "pyvenv.cfg").touch()

    def steps() -> list[str]:
        plan = environment_maker.plan_of(str(project))
        shutil.rmtree(plan.folder or project / "none", ignore_errors=True)
        return [step.what for step in plan.steps]

    (packages / "tasktonic_studio-0.1.0+framework.dist-info").mkdir()
    assert steps() == ["tasktonic", "pytest"]

    (packages / "tasktonic_studio-0.1.0.dist-info").mkdir()

    assert steps() == ["pytest"]


def test_folder_in_the_place_of_the_environment_is_left_alone(stand: ServicesStand, project: Path) -> None:
    (project / ".venv").mkdir()

    stand.requests.make_environment(str(project))

    news = over(stand)
    assert news.sentence == f"{project / '.venv'} is there, but is no environment. Remove it, or give it another name."
    assert (project / ".venv").is_dir()


def test_wheel_has_the_framework_and_no_studio(tmp_path: Path) -> None:
    with zipfile.ZipFile(write_framework_wheel(tmp_path)) as archive:
        names = set(archive.namelist())
        info = next(name for name in names if name.endswith("METADATA"))
        metadata = archive.read(info).decode()
        record = archive.read(info.replace("METADATA", "RECORD")).decode().splitlines()

    assert {"tasktonic/__init__.py", "tasktonic/py.typed", "TaskTonic.py", "TaskTonic-stubs/__init__.pyi"} <= names
    assert not any(name.startswith("tasktonic_studio/") or "__pycache__" in name for name in names)
    assert {line.split(",")[0] for line in record} == names
    assert 'Requires-Dist: PySide6-Essentials>=6.11,<6.12 ; extra == "qt"' in metadata
    assert "Provides-Extra: net" in metadata


@pytest.mark.parametrize("beside", ["", "[tool.black]\n", '[project]\nname = "kettle"\n', "no toml ["])
def test_extras_are_known_also_where_the_framework_was_installed_beside_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, beside: str
) -> None:
    if beside:
        (tmp_path / "pyproject.toml").write_text(beside, encoding="utf-8")
    said = [
        'PySide6-Essentials<6.12,>=6.11; extra == "qt"',
        "uvloop>=0.20; sys_platform != 'win32' and extra == 'net'",
        'numpy>=2; extra == "studio"',
    ]
    monkeypatch.setattr(metadata, "requires", lambda _name: said)

    assert framework_wheel._extras(tmp_path) == {
        "qt": ["PySide6-Essentials<6.12,>=6.11"],
        "net": ["uvloop>=0.20 ; sys_platform != 'win32'"],
    }
