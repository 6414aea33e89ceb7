"""The names that users write. They are promises: one that goes away or changes needs a change note and a reason."""

from __future__ import annotations

import importlib.metadata
import tomllib
from pathlib import Path

import pytest

import TaskTonic
import tasktonic

ROOT = Path(__file__).resolve().parents[2]


def test_every_public_name_is_there() -> None:
    assert [name for name in tasktonic.__all__ if not hasattr(tasktonic, name)] == []


def test_public_names_are_named_once() -> None:
    assert len(set(tasktonic.__all__)) == len(tasktonic.__all__)


def test_both_spellings_of_the_import_give_the_same_objects() -> None:
    assert TaskTonic.__all__ == tasktonic.__all__
    assert all(getattr(TaskTonic, name) is getattr(tasktonic, name) for name in tasktonic.__all__)


def test_star_import_brings_the_names_of_the_manual() -> None:
    names: dict[str, object] = {}

    exec("from TaskTonic import *", names)

    assert {
        *("ttEssence", "ttLedger", "ttFormula", "ttTonic", "ttCatalyst", "ttLog", "ttTimerSingleShot"),
        *("ttTimerRepeat", "ttStore", "Store", "Item", "ttShared", "ttError"),
    } <= set(names)


def test_distribution_does_not_take_the_foreign_name() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert project["name"] == "tasktonic-studio"
    assert project["dependencies"] == []


def test_no_foreign_tasktonic_is_installed_here() -> None:
    names = {(distribution.name or "").lower() for distribution in importlib.metadata.distributions()}

    assert "tasktonic" not in names


def test_names_that_are_loaded_late_are_listed_all_the_same() -> None:
    assert set(tasktonic.__all__) <= set(dir(tasktonic))


def test_a_name_that_is_none_is_refused() -> None:
    with pytest.raises(AttributeError, match="module 'tasktonic' has no attribute 'ttNothing'"):
        tasktonic.ttNothing  # type: ignore[attr-defined]  # noqa: B018
