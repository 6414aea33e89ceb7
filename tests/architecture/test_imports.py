"""What may know what. The contracts themselves are in pyproject.toml."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

FOREIGN_MODULES_AFTER = """
import sys
before = set(sys.modules)
import {module}
loaded = {{name.partition(".")[0] for name in set(sys.modules) - before}}
own = {{"tasktonic", "tasktonic_studio", "TaskTonic"}}
# The module with the settings of the build is the standard library's, but its name differs with the platform.
print(*sorted(name for name in loaded - set(sys.stdlib_module_names) - own if not name.startswith("_sysconfigdata")))
"""


def run(code: str) -> subprocess.CompletedProcess[str]:
    """Run a piece of Python in a process of its own, from the root of the project."""
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)


def test_import_contracts_are_kept() -> None:
    done = run("from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_logo=True, no_cache=True))")

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "module", ["tasktonic", "TaskTonic", "tasktonic.net", "tasktonic.probe", "tasktonic.cli", "tasktonic_studio"]
)
def test_import_loads_nothing_but_the_standard_library(module: str) -> None:
    done = run(FOREIGN_MODULES_AFTER.format(module=module))

    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []


@pytest.mark.parametrize("module", ["tasktonic", "tasktonic_studio", "tasktonic.probe"])
def test_import_starts_no_thread_and_prints_nothing(module: str) -> None:
    done = run(f"import {module}, threading; raise SystemExit(threading.active_count() - 1)")

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
