"""The framework as a wheel, made of the files it runs from: so that it can be installed elsewhere, without a network and whatever
it was installed from.

Only the framework: it is standard library alone. The studio is not in it. Its extras are, so that a project may ask for
``tasktonic-studio[qt]``.
"""

from __future__ import annotations

import base64
import hashlib
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import tasktonic

_DIST: Final = "tasktonic-studio"
_LABEL: Final = "+framework"
"""Of the version: what has another one was not installed by the Studio."""
_EXTRAS: Final = ("qt", "net", "debug")
_MODULES: Final = ("tasktonic", "TaskTonic.py", "TaskTonic-stubs")
_ENTRY_POINTS: Final = """\
[console_scripts]
tasktonic = tasktonic.cli:console

[pytest11]
tasktonic.testing.plugin = tasktonic.testing.plugin
"""


def write_framework_wheel(folder: Path) -> Path:
    """Write the wheel into a folder and give its path. Any thread; about a tenth of a second.

    Raises:
        OSError: it cannot be written.
    """
    import zipfile  # not at every start

    home = Path(tasktonic.__file__).resolve().parents[1]
    version = f"{tasktonic.__version__}{_LABEL}"
    base = f"{_DIST.replace('-', '_')}-{version}"
    info = f"{base}.dist-info"
    made = {
        f"{info}/METADATA": _metadata(home, version),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tasktonic-studio\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": _ENTRY_POINTS,
    }
    wheel = folder / f"{base}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        record = []
        for name, data in [*_files(home), *((name, text.encode()) for name, text in made.items())]:
            archive.writestr(name, data)
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            record.append(f"{name},sha256={digest},{len(data)}\n")
        archive.writestr(f"{info}/RECORD", "".join([*record, f"{info}/RECORD,,\n"]))
    return wheel


def is_installed_by_hand(places: Iterable[Path]) -> bool:
    """Whether somebody else has installed the framework where these packages are, perhaps with the Studio.

    That is theirs: the wheel of the same name would take the Studio away, and it may be the one that runs.
    """
    found = (info.name for place in places for info in place.glob(f"{_DIST.replace('-', '_')}-*.dist-info"))
    return any(not name.endswith(f"{_LABEL}.dist-info") for name in found)


def _files(home: Path) -> Iterator[tuple[str, bytes]]:
    for module in _MODULES:
        top = home / module
        for file in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if file.is_file() and "__pycache__" not in file.parts:
                yield file.relative_to(home).as_posix(), file.read_bytes()


def _metadata(home: Path, version: str) -> str:
    lines = ["Metadata-Version: 2.1", f"Name: {_DIST}", f"Version: {version}", "Requires-Python: >=3.11"]
    for extra, requirements in _extras(home).items():
        lines.append(f"Provides-Extra: {extra}")
        for requirement in requirements:
            what, sign, marker = requirement.partition(";")
            also = f"({marker.strip()}) and " if sign else ""
            lines.append(f'Requires-Dist: {what.strip()} ; {also}extra == "{extra}"')
    return "\n".join([*lines, ""])


def _extras(home: Path) -> dict[str, list[str]]:
    """What the extras of the framework ask for: as the clone says, or what was installed."""
    optional = _optional_in(home / "pyproject.toml")
    if optional:
        return {extra: optional[extra] for extra in _EXTRAS}
    from importlib import metadata  # takes a twentieth of a start

    try:
        required = metadata.requires(_DIST) or []
    except metadata.PackageNotFoundError:
        return {}
    found: dict[str, list[str]] = {}
    for line in required:
        what, _, marker = line.partition(";")
        for extra in _EXTRAS:
            for sign in ("'", '"'):
                condition = f"extra == {sign}{extra}{sign}"
                if condition in marker:
                    rest = marker.replace(condition, "").strip().removesuffix("and").strip()
                    found.setdefault(extra, []).append(f"{what} ; {rest}" if rest else what)
    return found


def _optional_in(file: Path) -> dict[str, list[str]]:
    """The optional dependencies in the clone's own file; none in one that another package has left among what is installed."""
    try:
        project: Any = tomllib.loads(file.read_text(encoding="utf-8")).get("project")
    except (OSError, ValueError):
        return {}
    is_ours = isinstance(project, dict) and project.get("name") == _DIST
    found: dict[str, list[str]] = project["optional-dependencies"] if is_ours else {}
    return found


__all__ = ["is_installed_by_hand", "write_framework_wheel"]
