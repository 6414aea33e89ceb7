"""A project of two files, and questions about places in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import jedi
import pytest

from tasktonic_studio.code.question import Question

DOOR = '''\
from tasktonic import ttTonic


class Door(ttTonic):
    """A door."""

    _tt_states = ("jammed",)

    def ttse__on_start(self):
        self.to_state("closed")

    def ttsc_closed__open(self, wide: bool = False):
        """Open it."""
        self.to_state("open")

    def ttsc__open(self, wide: bool = False):
        pass

    def ttsc_open__close(self):
        self.to_state("closed" if self.name else "locked")

    def ttse_open__on_enter(self):
        pass

    def ttsc_locked__unlock(self, code, *, force=False):
        self.to_state(self.name + "ed")


class Gate(Door):
    def ttsc_closed__open(self, wide: bool = False):
        super().ttsc_closed__open(wide)
'''

HOUSE = """\
from tasktonic import ttFormula, ttTonic

from pkg.door import Door, Gate


class Window(ttTonic):
    def ttsc__open(self):
        pass

    def ttsc_open__close(self):
        pass


class House(ttTonic):
    def __init__(self, **more):
        super().__init__(**more)
        self.door = Door()
        self.gate = self.bind(Gate)
        self.windows = [Window()]

    def ttse__on_start(self):
        self.door.ttsc__open(True)
        self.gate.ttsc_closed__open(True)
        for window in self.windows:
            window.ttsc__open()
        self.mystery.ttsc__open()
        getattr(self.door, "ttsc__" + "close")()
        if self.door.get_current_state_name() == "open":
            self.door.to_state("open")


class App(ttFormula):
    def creating_formula(self):
        return {"tasktonic/log/to": "off"}
"""


@pytest.fixture(autouse=True)
def jedi_keeps_nothing_at_home(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.setattr(jedi.settings, "cache_directory", str(tmp_path_factory.getbasetemp() / "jedi"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with a package of doors and a house."""
    package = tmp_path / "pkg"
    package.mkdir()
    (tmp_path / "pyproject.toml").write_text("")
    (package / "__init__.py").write_text("")
    (package / "door.py").write_text(DOOR)
    (package / "house.py").write_text(HOUSE)
    return package


Ask = Callable[..., Question]


@pytest.fixture
def ask(project: Path) -> Ask:
    """Ask about the place behind a piece of the text of a file, or about the ``|`` in a new text of it."""

    def ask(name: str, behind: str = "", text: str = "") -> Question:
        file = project / f"{name}.py"
        whole = text or file.read_text()
        at = whole.index("|") if "|" in text else whole.index(behind) + len(behind)
        whole = whole.replace("|", "", 1) if "|" in text else whole
        line, column = whole.count("\n", 0, at) + 1, at - (whole.rfind("\n", 0, at) + 1)
        texts = {str(file): whole} if text else {}
        return Question({"file": str(file), "line": line, "column": column, "texts": texts})

    return ask
