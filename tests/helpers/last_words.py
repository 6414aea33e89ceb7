"""What a process of a test run said as it died, told where the run tells its results.

A process that is ended by a fatal signal, or by the watchdog of a test that hangs, writes the stack of its threads. With several
processes side by side that text stands somewhere among the results, followed by names of hundreds of extension modules, and what
ends up in a log of the last lines is that "a worker crashed". So each worker writes into a file of its own. All of it is shown
when the worker is missed, and what matters of it once more at the very end.

A process that runs all tests by itself keeps its stack on the terminal: there nobody is left to tell.
"""

from __future__ import annotations

import itertools
import os
import re
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import Any, Final

import pytest
from _pytest.faulthandler import fault_handler_stderr_fd_key

LONGEST: Final = 1500
"""Signs in all that the end of a run spends on this."""

MOST_FRAMES: Final = 12

_THREAD = re.compile(r"(Current thread|Thread) 0x[0-9a-f]+.* \(most recent call first\):")
_FRAME = re.compile(r'  File "(.+)", line (\d+) in (.+)')
_SCAFFOLD = ("_pytest/", "pluggy/", "xdist/", "execnet/", "pytest/", "<")


def write_last_words_to_file(config: pytest.Config) -> None:
    """In a worker: what pytest's fault handler would write to the terminal goes to the file that is asked for."""
    folder = config.workerinput["last_words"]  # type: ignore[attr-defined]
    name = config.workerinput["workerid"]  # type: ignore[attr-defined]
    with (Path(folder) / name).open("wb") as file:
        # pytest has its own copy of the terminal's descriptor for this, and everybody who arms the watchdog takes that one.
        os.dup2(file.fileno(), config.stash[fault_handler_stderr_fd_key], inheritable=False)


class LastWords:
    """Collects and tells them, in the process where the results of the others come together."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folder: Path | None = None

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        self._folder = self._folder or Path(tempfile.mkdtemp(prefix="tt-last-words-"))
        node.workerinput["last_words"] = str(self._folder)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        text = self._said().get(node.gateway.id)
        if text:
            node.config.get_terminal_writer().line(f"\n>>> {node.gateway.id} said as it died:\n{text}")

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> Generator[None, object, object]:
        """Last of all: around everything that others tell."""
        try:
            return (yield)
        finally:
            said = self._said()
            for worker, text in said.items():
                terminalreporter.write_sep("=", f"{worker} died")
                terminalreporter.write_line(gist(text, self._root, LONGEST // len(said)))

    def pytest_unconfigure(self) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _said(self) -> dict[str, str]:
        if self._folder is None:
            return {}
        texts = {file.name: file.read_text(encoding="utf-8", errors="replace") for file in self._folder.iterdir()}
        return {worker: text.strip() for worker, text in sorted(texts.items()) if text.strip()}


def gist(text: str, root: Path, longest: int = LONGEST) -> str:
    """Give the first line of what `faulthandler` wrote, where the thread was that it is about, and where the others were.

    The watchdog names no thread; then it is the main one, which stands last.
    """
    first, _, rest = text.partition("\n")
    threads: list[list[str]] = []
    chosen = None
    for line in rest.splitlines():
        if head := _THREAD.fullmatch(line):
            if head[1] == "Current thread":
                chosen = len(threads)
            threads.append([])
        elif threads and line.startswith("  "):
            threads[-1].append(line)
        elif threads and line:
            break  # extension modules and the like
    lines = [first]
    if threads:
        ours = threads.pop(-1 if chosen is None else chosen)
        lines += [f"  {place}" for place in (_frames(ours, root) or _frames(ours, root, scaffold=()))[:MOST_FRAMES]]
        elsewhere = [_frames(thread, root)[:2] for thread in threads]
        lines += [f"another thread: {' < '.join(places)}" for places in elsewhere if places]
    told = "\n".join(lines)
    return told if len(told) <= longest else told[: longest - 2] + " …"


def _frames(thread: list[str], root: Path, scaffold: tuple[str, ...] = _SCAFFOLD) -> list[str]:
    """Short names of the places, innermost first; without what runs every test."""
    told = []
    for line in thread:
        frame = _FRAME.fullmatch(line)
        told.append(f"{_short(frame[1], root)}:{frame[2]} {frame[3]}" if frame else line.strip())
    shown = [(place, len(list(alike))) for place, alike in itertools.groupby(told) if not place.startswith(scaffold)]
    return [place if times == 1 else f"{place} ({times} times)" for place, times in shown]


def _short(path: str, root: Path) -> str:
    if "/site-packages/" in path:
        return path.rpartition("/site-packages/")[2]
    if path.startswith(f"{root}/"):
        return path[len(str(root)) + 1 :]
    return "/".join(path.split("/")[-2:])
