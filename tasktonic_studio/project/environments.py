"""Environments of projects: what is told while one is made, and why it did not work."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tasktonic_studio.project.pythons import PythonFacts

FOLDER: Final = ".venv"
"""The environment that is made where there is none."""
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


__all__ = ["EnvironmentNews", "ready_words", "why_failed", "why_not_installed", "why_not_made"]
