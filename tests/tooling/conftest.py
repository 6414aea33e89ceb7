"""Small checkouts with the real tool.py, whose environments are filled from a folder instead of the network."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

import tool

REPOSITORY = Path(__file__).resolve().parents[2]

# Tells what it was started with, and has an exit code of its own.
STUDIO = """\
import json, os, sys
print(json.dumps({"arguments": sys.argv[1:], "platform": os.environ.get("QT_QPA_PLATFORM"), "file": __file__}))
sys.exit(7)
"""

# Stands in for ruff, mypy and pytest: says who it is, fails if it is told to.
CHECKER = """\
import os, sys
name = os.path.basename(sys.argv[0])
print("CALLED", name, sys.argv[1:])
sys.exit(1 if os.environ.get("FAIL") == name else 0)
"""

CONTRACTS = 'def lint_imports_command():\n    print("CALLED contracts")\n'


@dataclass(frozen=True)
class Checkout:
    """A folder with the two commands in it, and the packages that its lock files ask for beside it."""

    root: Path
    packages: Path

    def environ(self, changes: Mapping[str, str] | None = None) -> dict[str, str]:
        """Give an environment without a display, without network, with the packages in reach."""
        environ = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "QT_"))}
        for name in ("DISPLAY", "WAYLAND_DISPLAY"):
            environ.pop(name, None)
        environ.update(PIP_NO_INDEX="1", PIP_FIND_LINKS=str(self.packages), PIP_CONFIG_FILE=os.devnull)
        return environ | dict(changes or {})

    def command(self, arguments: Sequence[str]) -> list[str]:
        return [sys.executable, str(self.root / "tool.py"), *arguments]

    def tool(self, *arguments: str, cwd: Path | None = None, **changes: str) -> subprocess.CompletedProcess[str]:
        """Run tool.py to its end."""
        return subprocess.run(
            self.command(arguments),
            cwd=cwd or self.root,
            env=self.environ(changes),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def start(self, *arguments: str, **changes: str) -> subprocess.Popen[str]:
        """Start tool.py in a process group of its own, as a terminal does; stderr can be read line by line."""
        return subprocess.Popen(
            self.command(arguments),
            cwd=self.root,
            env=self.environ(changes),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def why_not(self) -> str | None:
        """Ask tool.py whether the environment is good for the studio."""
        return tool.Environment(str(self.root), str(self.root)).why_not(["requirements.lock"])

    def lock(self, name: str, *packages: str) -> None:
        """Write a lock file that asks for some of the packages, with their hashes."""
        lines = []
        for package in packages:
            (wheel,) = self.packages.glob(f"{package}-*.whl")
            digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
            lines.append(f"{package}=={wheel.name.split('-')[1]} \\\n    --hash=sha256:{digest}\n")
        (self.root / name).write_text("".join(lines))

    @property
    def environment(self) -> Path:
        return self.root / ".venv"


def write_wheel(folder: Path, name: str, files: Mapping[str, str]) -> None:
    """Write the smallest package that pip takes."""
    info = f"{name}-1.0.dist-info"
    content = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: by hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
        for path, text in content.items():
            wheel.writestr(path, text)
        wheel.writestr(f"{info}/RECORD", "".join(f"{path},,\n" for path in [*content, f"{info}/RECORD"]))


def make_checkout(folder: Path) -> Checkout:
    """Lay out a checkout that has no environment yet."""
    root, packages = folder / "check out", folder / "packages"  # the blank is on purpose
    (root / "tasktonic_studio").mkdir(parents=True)
    packages.mkdir()
    for name in ("tool.py", "studio", "check"):
        shutil.copy(REPOSITORY / name, root / name)
    (root / "tasktonic_studio" / "__init__.py").write_text("")
    (root / "tasktonic_studio" / "__main__.py").write_text(STUDIO)
    (root / "pyproject.toml").write_text('[project]\nname = "small"\n\n[tool.ruff]\nline-length = 100\n')
    write_wheel(packages, "small", {"small.py": "VALUE = 1\n"})
    checkers = {f"{name}.py": CHECKER for name in ("ruff", "mypy", "pytest")}
    write_wheel(packages, "checkers", checkers | {"importlinter/cli.py": CONTRACTS})
    checkout = Checkout(root, packages)
    checkout.lock("requirements.lock", "small")
    checkout.lock("requirements-test.lock", "small", "checkers")
    return checkout


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A checkout that was never started."""
    return make_checkout(tmp_path)


@pytest.fixture
def prepared_copy(prepared: Checkout, tmp_path: Path) -> Checkout:
    """The same, in another place and free to be changed."""
    copy = Checkout(tmp_path / "copy", prepared.packages)
    shutil.copytree(prepared.root, copy.root, symlinks=True)
    return copy


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A checkout with its environment, tests and all. Made once for all tests of a file: they leave it as it is."""
    checkout = make_checkout(tmp_path_factory.mktemp("prepared"))
    done = checkout.tool("test")
    assert done.returncode == 0, done.stderr
    return checkout
