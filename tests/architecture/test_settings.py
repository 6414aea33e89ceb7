"""The page of settings says what the code knows: the same paths, and the defaults that hold."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tasktonic import ttFormula, ttLedger, ttLog

ROOT = Path(__file__).resolve().parents[2]
A_SETTING = re.compile(r"tasktonic(?:/[\w.]+[#@]?){2,}")


def in_the_code() -> set[str]:
    """Every text in the framework that is the path of a setting. Docstrings do not count."""
    found = set()
    for file in (ROOT / "tasktonic").rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
                if A_SETTING.fullmatch(node.value):
                    found.add(node.value)
    return found


def on_the_page() -> dict[str, str]:
    """The default of each setting, as the page has it."""
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("| `")
    ]
    return {path.strip("`"): default for path, _, default, _ in rows}


def test_every_setting_of_the_code_stands_on_the_page() -> None:
    assert in_the_code() - set(on_the_page()) == set()


def test_every_setting_on_the_page_is_one_of_the_code() -> None:
    assert set(on_the_page()) - in_the_code() == set()


def test_code_is_found_at_all() -> None:
    assert {"tasktonic/log/to", "tasktonic/project/started@", "tasktonic/log/service#"} <= in_the_code()


def test_defaults_on_the_page_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class ToFile(ttFormula):
        def creating_formula(self) -> dict[str, object]:
            return {"tasktonic/log/to": "file", "tasktonic/testing/dont_start_catalysts": True}

    class NotStarted(ttFormula):
        def creating_formula(self) -> dict[str, object]:
            return {"tasktonic/log/default": ttLog.STEALTH, "tasktonic/testing/dont_start_catalysts": True}

    monkeypatch.chdir(tmp_path)
    stated = {path: default.strip("`") for path, default in on_the_page().items() if default.startswith("`")}
    held = {}
    for formula in (ToFile, NotStarted):
        ttLedger.reset()
        settings = formula().ledger.formula
        given = formula.creating_formula(None)  # type: ignore[arg-type]
        held.update(
            {path: shown(settings.get(path)) for path in stated if settings.get(path) is not None and path not in given}
        )
    ttLedger.reset()

    assert held == stated


def shown(value: object) -> str:
    """A value as the page writes it."""
    if isinstance(value, ttLog):
        return value.name.lower()
    return f"{value:g}" if isinstance(value, float) else str(value)
