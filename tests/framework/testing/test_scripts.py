"""`distill_script`: a script is run up to its formula, and left there."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from tasktonic import ttLedger
from tasktonic.errors import ttDistillerError
from tasktonic.testing.plugin import distill_script  # noqa: F401 - a fixture: pytest finds it by its name

# ruff: noqa: F811

DOOR = """
import sys
from dataclasses import dataclass
from pathlib import Path

from tasktonic import *


@dataclass
class Key:
    number: int = 7


class Door(ttTonic):
    def ttse__on_start(self):
        self.arguments = sys.argv[1:]
        self.to_state("closed")

    def ttse_closed__on_enter(self):
        pass


class House(ttFormula):
    def creating_formula(self):
        return {"tasktonic/log/to": "off"}

    def creating_starting_tonics(self):
        Door(name=sys.argv[1] if sys.argv[1:] else "door")


if __name__ == "__main__":
    House()
    Path(__file__).with_name("went_on").write_text("it went on behind the formula")
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "doors.py"
    path.write_text(DOOR, encoding="utf-8")
    return path


def test_a_script_is_run_up_to_its_formula(distill_script: Any, script: Path) -> None:
    before = sys.argv, sys.path, sys.modules["__main__"]

    distiller = distill_script(script, "front")

    assert distiller.sparkle()["stop_condition"] == ["idle"]
    door = ttLedger().get_essence_by_name("front")
    assert door is not None
    assert door.arguments == ["front"]  # type: ignore[attr-defined]
    assert sys.modules["__main__"].Key().number == 7, "the script is the main module meanwhile"
    distiller.finish_distiller()
    assert not script.with_name("went_on").exists()
    distill_script(script)
    assert ttLedger().get_essence_by_name("door") is not None, "a second one takes the place of the first"
    assert before[0] is not sys.argv


def test_afterwards_everything_is_as_it_was(distill_script: Any) -> None:
    assert "front" not in sys.argv
    assert not hasattr(sys.modules["__main__"], "Key")
    assert not ttLedger().running


def test_a_seed_and_a_clock_are_those_of_the_distiller(distill_script: Any, script: Path) -> None:
    distiller = distill_script(script, seed=4, clock="virtual", raise_errors=False)

    settings = distiller.ledger.formula.get
    assert settings("tasktonic/testing/distiller/seed") == 4
    assert settings("tasktonic/testing/distiller/clock") == "virtual"


def test_no_file_is_said(distill_script: Any, tmp_path: Path) -> None:
    with pytest.raises(
        ttDistillerError, match=r"there is no file .*nowhere\.py\. Name the script whose app is tested\."
    ):
        distill_script(tmp_path / "nowhere.py")


def test_a_script_without_a_formula_is_said(distill_script: Any, tmp_path: Path) -> None:
    path = tmp_path / "plain.py"
    path.write_text("made = 1\n", encoding="utf-8")
    with pytest.raises(
        ttDistillerError, match=r"plain\.py has come to its end without a formula\. Call the formula's class"
    ):
        distill_script(path)


def test_what_the_script_raises_comes_out(distill_script: Any, tmp_path: Path) -> None:
    path = tmp_path / "broken.py"
    path.write_text("1 / 0\n", encoding="utf-8")
    main = sys.modules["__main__"]
    with pytest.raises(ZeroDivisionError):
        distill_script(path)
    assert sys.modules["__main__"] is main


def test_a_main_catalyst_of_the_outside_world_is_refused(distill_script: Any, tmp_path: Path) -> None:
    path = tmp_path / "net.py"
    path.write_text(
        "from tasktonic import ttFormula\nfrom tasktonic.net import ttAsyncioCatalyst\n\n\n"
        "class App(ttFormula):\n    def creating_main_catalyst(self):\n        ttAsyncioCatalyst(name='net')\n\n\nApp()\n",
        encoding="utf-8",
    )
    with pytest.raises(ttDistillerError, match="which a distiller cannot turn"):
        distill_script(path)
    assert not ttLedger().running
