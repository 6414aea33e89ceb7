"""What Poetry calls a dependency, as pip calls it: ``^1.2`` is ``>=1.2,<2``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

_VERSION: Final = re.compile(r"v?\d+(\.\d+)*([.-]?(a|b|c|rc|alpha|beta|pre|dev|post)[.-]?\d*)*")
_BOUND: Final = re.compile(r"(\^|~=|~|===|==|!=|<=|>=|<|>|=)?\s*(\S+)")
_SSH: Final = re.compile(r"^([\w.-]+@[\w.-]+):(?!//)(.*)")
_PLACES: Final = ("git", "path", "url", "file")


def requirements_of(name: str, wanted: Any, folder: Path) -> list[str]:
    """What pip takes for one entry of a table of dependencies; without anything where pip has no word for it.

    Args:
        name: of the package.
        wanted: a version, a table, or a list of these.
        folder: what paths begin from.
    """
    found: list[str] = []
    for each in wanted if isinstance(wanted, list) else [wanted]:
        said = _requirement(name, {"version": each} if isinstance(each, str) else each, folder)
        if not said:
            return []
        found.append(said)
    return found


def is_optional(wanted: Any) -> bool:
    """Whether an entry is only for who asks for it."""
    return isinstance(wanted, dict) and wanted.get("optional") is True


def place_of(name: str, table: Mapping[str, Any], folder: Path, extras: str = "") -> str:
    """Where a package comes from that comes from no index, as pip says it; empty for one that cannot be had so."""
    subdirectory = f"#subdirectory={table['subdirectory']}" if "subdirectory" in table else ""
    if "git" in table:
        revision = next((str(table[it]) for it in ("rev", "tag", "branch") if it in table), "")
        repository = _SSH.sub(r"ssh://\1/\2", str(table["git"]))
        return f"{name}{extras} @ git+{repository}{'@' if revision else ''}{revision}{subdirectory}"
    if "url" in table:
        return f"{name}{extras} @ {table['url']}{subdirectory}"
    place = table.get("path", table.get("file"))
    return f"{name}{extras} @ {(folder / str(place)).resolve().as_uri()}{subdirectory}" if place else ""


def _requirement(name: str, table: Any, folder: Path) -> str:
    if not isinstance(table, dict) or "source" in table:
        return ""
    extras = f"[{','.join(map(str, table['extras']))}]" if table.get("extras") else ""
    if any(it in table for it in _PLACES):
        said = place_of(name, table, folder, extras)
    else:
        bounds = _bounds(str(table.get("version", "*")))
        said = f"{name}{extras}{','.join(bounds)}" if bounds is not None else ""
    markers = _markers(table)
    return "" if not said or markers is None else f"{said} ; {markers}" if markers else said


def _markers(table: Mapping[str, Any]) -> str | None:
    """When it is needed at all; None where pip has no word for it."""
    found = [f"({table['markers']})"] if "markers" in table else []
    if "platform" in table:
        found.append(f"sys_platform == {str(table['platform'])!r}")
    if "python" in table:
        bounds = _bounds(str(table["python"]))
        if bounds is None:
            return None
        for bound in bounds:
            version = bound.lstrip("=!<>~")
            found.append(f"python_full_version {bound.removesuffix(version)} '{version}'")
    return " and ".join(found)


def _bounds(wanted: str) -> list[str] | None:
    """The bounds of a version as pip writes them, none for any; None where it has no word for them."""
    if "|" in wanted:
        return None
    found: list[str] = []
    for part in filter(None, re.split(r"\s*,\s*|(?<=[\w*])\s+", wanted.strip())):
        match = _BOUND.fullmatch(part)
        if match is None:
            return None
        sign, version = match[1] or "", match[2]
        if version == "*":
            continue
        if re.fullmatch(r"\d+(\.\d+)*\.\*", version):
            if sign not in ("", "==", "=", "!="):
                return None
            found.append(f"{'!=' if sign == '!=' else '=='}{version}")
        elif _VERSION.fullmatch(version) is None:
            return None
        elif sign in ("^", "~"):
            found += [f">={version}", f"<{_end_of(version, is_caret=sign == '^')}"]
        else:
            found.append(f"{'==' if sign in ('', '=') else sign}{version}")
    return found


def _end_of(version: str, *, is_caret: bool) -> str:
    """The first version that is too new: behind the leftmost number that is not 0 for a caret, behind the second one for a tilde."""
    numbers = [int(it) for it in re.match(r"v?(\d+(?:\.\d+)*)", version)[1].split(".")]  # type: ignore[index]
    at = min(1, len(numbers) - 1)
    if is_caret:
        at = next((place for place, number in enumerate(numbers) if number), len(numbers) - 1)
    return ".".join(map(str, [*numbers[:at], numbers[at] + 1]))


__all__ = ["is_optional", "place_of", "requirements_of"]
