"""Environments of projects: what is installed into one, what is told while that goes on, and why it did not work."""

from __future__ import annotations

import re
import tomllib
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tasktonic_studio.project.pythons import PythonFacts

FOLDER: Final = ".venv"
"""The environment that is made where there is none."""
REQUIREMENTS: Final = "requirements.txt"
_NAME: Final = re.compile(r"\s*([A-Za-z0-9][\w.-]*)")
_FOREIGN: Final = "tasktonic"
"""Under this name the package index has something else; this framework is installed as ``tasktonic-studio``."""
_NO_NETWORK: Final = re.compile(
    r"NewConnectionError|NameResolutionError|name resolution|ConnectTimeout|ReadTimeout|Connection refused|Network is unreachable"
    r"|ProxyError|getaddrinfo failed|Max retries exceeded",
)
_NOT_THERE: Final = re.compile(r"No matching distribution found for ([^\n]+)")


@dataclass(frozen=True, slots=True)
class EnvironmentNews:
    """How it stands with making the environment of a project.

    Attributes:
        project: its folder.
        doing: what goes on, in words; empty when it is over.
        sentence: how it ended.
        is_problem: whether something of it could not be done.
        details: what the program said that could not do it.
        facts: what the project's Python is now; None while it goes on, or when it did not begin.
    """

    project: str
    doing: str = ""
    sentence: str = ""
    is_problem: bool = False
    details: str = ""
    facts: PythonFacts | None = None


@dataclass(frozen=True, slots=True)
class Needs:
    """What a project says that it needs: `arguments` for pip, `words` where it says so, `problem` why that cannot be installed."""

    arguments: tuple[str, ...] = ()
    words: str = ""
    problem: str = ""


def needs_of(project: Path) -> Needs:
    """What is to be installed for a project: what its ``requirements.txt`` and its ``pyproject.toml`` list."""
    arguments: list[str] = []
    words: list[str] = []
    try:
        listed = _listed(project / REQUIREMENTS)
        if listed is not None:
            arguments += ["-r", str(project / REQUIREMENTS)]
            words.append(REQUIREMENTS)
        stated = _stated(project / "pyproject.toml")
        if stated:
            arguments += stated
            words.append("pyproject.toml")
    except (OSError, ValueError, RecursionError) as error:
        return Needs(problem=f"What the project needs cannot be read: {error}.")
    for where, lines in ((REQUIREMENTS, listed or ()), ("pyproject.toml", stated)):
        if any(_name_of(line) == _FOREIGN for line in lines):
            return Needs(
                problem=f"{where} asks for {_FOREIGN}, and the package of that name is not this framework. Write tasktonic-studio, or "
                "take the line out: the framework is installed already."
            )
    return Needs(tuple(arguments), " and ".join(words))


def _listed(file: Path) -> list[str] | None:
    if not file.is_file():
        return None
    return file.read_text(encoding="utf-8-sig").splitlines()


def _stated(file: Path) -> list[str]:
    if not file.is_file():
        return []
    content: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    table = content.get("project", {})
    stated = table.get("dependencies", []) if isinstance(table, dict) else []
    if not isinstance(stated, list) or not all(isinstance(it, str) for it in stated):
        raise ValueError(f"'dependencies' in {file} is no list of texts")
    # What begins with a dash would be taken for an option.
    return [it for it in stated if not it.lstrip().startswith("-")]


def _name_of(requirement: str) -> str:
    """The name of a package as the index compares them; empty for an option, a comment, a path."""
    found = _NAME.match(requirement)
    if found is None or requirement[found.end() : found.end() + 1] in ("/", ":"):
        return ""
    return re.sub(r"[-_.]+", "-", found[1]).lower()


def why_not_installed(what: str, said: str, ending: str) -> str:
    """Why something could not be installed, in a sentence that says what to do.

    Args:
        what: what it was.
        said: what pip printed.
        ending: how it ended, in words.
    """
    if "No module named pip" in said:
        return f"{what} could not be installed: the environment has no pip. Remove it and make it anew, or add pip with ensurepip."
    if _NO_NETWORK.search(said):
        return (
            f"{what} could not be installed: the package index cannot be reached from here. Try again when there is a network, or "
            "name another index in the variable PIP_INDEX_URL."
        )
    if "No space left on device" in said:
        return f"{what} could not be installed: the disk is full."
    missing = _NOT_THERE.search(said)
    if missing is not None:
        return f"{what} could not be installed: there is no {missing[1].strip()} for this Python. Mend the line that asks for it."
    errors = [line.removeprefix("ERROR: ") for line in said.splitlines() if line.startswith("ERROR: ")]
    why = errors[0].rstrip(".") if errors else f"pip {ending}"
    return f"{what} could not be installed: {why}."


def why_not_made(folder: Path, said: str) -> str:
    """Why an environment could not be made, in a sentence that says what to do."""
    hint = " On Debian and Ubuntu it needs: apt install python3-venv" if "ensurepip" in said else ""
    return f"The environment {folder} could not be made: {said.strip()[-300:] or 'venv said nothing'}.{hint}"


def why_failed(error: BaseException) -> str:
    """That it failed by a fault of the Studio, in a sentence that says what to do."""
    what = traceback.format_exception_only(error)[-1].strip()
    return f"Making the environment has failed, which is a fault of the Studio: {what.rstrip('.')}. Try it again."


def ready_words(facts: PythonFacts, installed: Iterable[str]) -> str:
    """That an environment is ready, and what is in it now."""
    what = list(installed)
    with_it = f" with {', '.join(what[:-1])} and {what[-1]}" if len(what) > 1 else f" with {what[0]}" if what else ""
    return f"The environment {facts.folder or FOLDER} is ready: Python {facts.version}{with_it}."


__all__ = ["EnvironmentNews", "Needs", "needs_of", "ready_words", "why_failed", "why_not_installed", "why_not_made"]
