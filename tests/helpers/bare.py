"""A pytest plugin: run as if nothing were installed but the standard library and the test tools.

``python -m pytest -p no:pytest-qt -p no:xdist -p no:xdist.looponfail -p tests.helpers.bare tests/framework`` shows that the framework and its tests need nothing else. What is
about a toolkit says so by ``pytest.importorskip`` and is skipped.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

import pytest

TOOLS = {
    # pytest and what it stands on
    "_pytest", "pytest", "pluggy", "iniconfig", "packaging", "pygments", "py",
    # hypothesis and what it stands on
    "hypothesis", "_hypothesis_pytestplugin", "_hypothesis_ftz_detector", "_hypothesis_globals", "attr", "attrs",
    "sortedcontainers",
    "psutil",
}  # fmt: skip
OURS = {"tasktonic", "TaskTonic", "tasktonic_studio", "tests", "tool", "conftest", "benchmarks"}
ALLOWED = {*sys.stdlib_module_names, *TOOLS, *OURS}


def pytest_addoption(parser: pytest.Parser) -> None:
    """The settings of the plugin for Qt stand in pyproject.toml; without it they mean nothing."""
    for setting in ("qt_api", "qt_log_level_fail", "qt_log_ignore"):
        parser.addini(setting, "not used here")


class OnlyTheStandardLibrary:
    """First among the finders: refuses what is neither of the language, nor ours, nor a test tool."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        top = name.partition(".")[0]
        if path is not None or top in ALLOWED or top.startswith(("test_", "_sysconfigdata")):
            return None
        raise ModuleNotFoundError(
            f"No module named {name!r} (this run has nothing but the standard library)", name=name
        )


sys.meta_path.insert(0, OnlyTheStandardLibrary())
