"""What a running app runs of its files, where that is not what the disk has any more. Used by the debugger of lines only."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Final, NamedTuple

from tasktonic.protocol.address import process_started
from tasktonic_studio.analysis.files import read_text
from tasktonic_studio.analysis.line_map import LineMap

_SLACK_S: Final = 2.0
"""The system tells the start of a process and that of itself in whole seconds."""


class Place(NamedTuple):
    """A line, and a sentence when it may be another one than meant; line 0 when there is none."""

    line: int
    problem: str = ""


NOT_IN_APP: Final = "The app was started with another text of this file, which does not have this line. It stops here when it is started anew."
NOT_IN_FILE: Final = "The app was started with another text of this file: what it stands in, line {line} there, is not in the file any more."
NOT_KNOWN: Final = "The file was changed after the app was started: in the app, this line may be another one."


class RunTexts:
    """The texts that an app was started with, as far as they are known. Begun anew with each app."""

    def __init__(self) -> None:
        self._began_s = 0.0
        self._texts: dict[str, list[str | None]] = {}
        """By file: what was loaded, then what took its place. None for one that is no file, or whose text nobody knows."""
        self._unknown: set[str] = set()
        """Files that were written since the app was started, and of which nobody has the text before that."""
        self._maps: dict[str, tuple[tuple[object, ...], LineMap | None]] = {}
        """By file, with what they were made from: a stop asks for one a hundred times."""

    def begin(self, pid: int = 0) -> None:
        """Another app is there; without a number of its process it begins now."""
        self._began_s = (_began_s(pid) if pid else 0.0) or time.time()
        self._texts.clear()
        self._unknown.clear()
        self._maps.clear()

    def ran(self, file: str, text: str) -> None:
        """What a file was when the app was started, unless that is known."""
        known = self._texts.setdefault(file, [text])
        if file in self._unknown:
            known[0] = text
            self._unknown.discard(file)

    def replaced(self, file: str) -> None:
        """The app has taken what the disk has of a file."""
        self._note(file).append(text_of(file))
        self._unknown.discard(file)

    def put_back(self, file: str) -> None:
        """The app runs again what it ran before that."""
        texts = self._note(file)
        if len(texts) > 1:
            texts.pop()

    def in_app(self, file: str, line: int) -> Place:
        """Where a line of a file, as it is on disk, is in what the app runs."""
        mapped = self._map(file)
        if mapped is None or mapped.is_same:
            return Place(line, NOT_KNOWN if file in self._unknown else "")
        found = mapped.in_old(line)
        return Place(found, "" if found else NOT_IN_APP)

    def in_file(self, file: str, line: int) -> Place:
        """Where a line that the app runs is in the file, as it is on disk; what is not there is shown where it was."""
        mapped = self._map(file)
        if mapped is None or mapped.is_same:
            return Place(line, NOT_KNOWN if file in self._unknown else "")
        is_there = bool(mapped.in_new(line))
        return Place(mapped.near_in_new(line), "" if is_there else NOT_IN_FILE.format(line=line))

    def _map(self, file: str) -> LineMap | None:
        """None for what is no file, and when it is not known what the app runs."""
        ran = self._note(file)[-1]
        made_from = (ran, *_stamp(file))
        if self._maps.get(file, ((), None))[0] != made_from:
            now = text_of(file) if ran is not None else None
            self._maps[file] = (made_from, LineMap(ran, now) if ran is not None and now is not None else None)
        return self._maps[file][1]

    def _note(self, file: str) -> list[str | None]:
        """What is known of a file; one that was not written since the app was started is what the app runs."""
        if file not in self._texts:
            is_old = _stamp(file)[0] <= (self._began_s + _SLACK_S) * 1e9
            self._texts[file] = [text_of(file) if is_old else None]
            if not is_old:
                self._unknown.add(file)
        return self._texts[file]


def text_of(file: str) -> str | None:
    """What a source file has on disk; None for what cannot be read as one."""
    try:
        return read_text(file)
    except (OSError, SyntaxError, ValueError):
        return None


def _stamp(file: str) -> tuple[int, int]:
    """When a file was written, and its size."""
    try:
        facts = Path(file).stat()
    except (OSError, ValueError):
        return 0, 0
    return facts.st_mtime_ns, facts.st_size


def _began_s(pid: int) -> float:
    """When a process began, in seconds since 1970; 0 where the system does not tell."""
    started = process_started(pid)
    try:
        booted = next(line for line in Path("/proc/stat").read_text().splitlines() if line.startswith("btime "))
        return int(booted.split()[1]) + int(started) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, StopIteration, AttributeError):
        return 0.0
