"""Where the breakpoints of each project are kept: a file for each script in the user's own folder, written whole.

They are not put beside the script: that folder may belong to somebody else, and what one person looks for is no part of a
program. A file that cannot be read is left as it is, under another name, and said.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

from tasktonic.errors import ttError
from tasktonic.protocol import Direction, decode_message, encode_message
from tasktonic.protocol.messages import SetBreakpoints
from tasktonic.rules import Breakpoint
from tasktonic_studio.session.breakpoints import MOST, BreakpointsRead
from tasktonic_studio.session.line_facts import LineBreak

MOST_BYTES: Final = 2_000_000
ENVIRONMENT: Final = "TASKTONIC_STUDIO_BREAKPOINTS"
MOST_IN_ENVIRONMENT: Final = 100_000
"""Bytes. A single value of an environment may have 128 KiB on Linux."""
_LAST_LINE: Final = 10_000_000


class BreakpointFiles:
    """Keeps the list of the project that is watched, and those of all others in their files. Used by one service only.

    Args:
        folder: where the files are; made when the first is written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.project = ""
        self.points: tuple[Breakpoint, ...] = ()
        self.lines: tuple[LineBreak, ...] = ()
        """The lines at which an app of the project is to stop."""

    def begin(self, project: str) -> BreakpointsRead:
        """A project is watched from now on. What was set while none was known is its own."""
        loose = self.points if not self.project else ()
        loose_lines = self.lines if not self.project else ()
        self.project = project
        self.points, self.lines, problem = self._load(project)
        self.lines = tuple(dict.fromkeys((*self.lines, *loose_lines)))
        if loose:
            known = {point.terms for point in self.points}
            first = max((point.id for point in self.points), default=0) + 1
            new = [point for point in loose if point.terms not in known]
            self.points = (*self.points, *(replace(point, id=first + at) for at, point in enumerate(new)))
        if loose or loose_lines:
            problem = problem or self._save(project)
        return BreakpointsRead(project, self.points, problem)

    def keep(self, project: str, points: tuple[Breakpoint, ...]) -> str:
        """Keep the list of a project; returns a sentence when it could not be written."""
        if project != self.project:
            _, lines, _ = self._load(project)
            return self._save(project, points, lines) if project else ""
        self.points = points
        return self._save(project) if project else ""

    def keep_lines(self, lines: tuple[LineBreak, ...]) -> str:
        """Keep the lines of the project that is watched; returns a sentence when they could not be written."""
        self.lines = tuple(it._replace(problem="") for it in lines)
        return self._save(self.project) if self.project else ""

    def environment(self) -> tuple[dict[str, str], str]:
        """What a launched app finds the list in, and a sentence when it is too long for that."""
        if not self.points:
            return {}, ""
        data = encode_message(SetBreakpoints(0, self.points))
        if len(data) > MOST_IN_ENVIRONMENT:
            return {}, (
                "There are so many breakpoints that the app gets them only when it has connected: it may run past one "
                "at its very start. Remove some that are not needed."
            )
        return {ENVIRONMENT: data.decode("utf-8", "replace")}, ""

    def file_of(self, project: str) -> Path:
        """Where the list of a project is kept."""
        number = hashlib.sha256(os.fsencode(project)).hexdigest()[:12]
        return self._folder / f"{Path(project).stem[:40] or 'script'}-{number}.json"

    def _load(self, project: str) -> tuple[tuple[Breakpoint, ...], tuple[LineBreak, ...], str]:
        file = self.file_of(project)
        try:
            with file.open("rb") as opened:
                data = opened.read(MOST_BYTES + 1)
        except FileNotFoundError:
            return (), (), ""
        except OSError as error:
            return (), (), f"The breakpoints of {project} cannot be read: {file}: {error.strerror}."
        try:
            if len(data) > MOST_BYTES:
                raise ValueError("it is far too long")
            return _points_of(data), _lines_of(data), ""
        except (ttError, ValueError, TypeError, RecursionError) as error:
            aside = file.with_suffix(".damaged.json")
            with suppress(OSError):
                file.replace(aside)
            return (
                (),
                (),
                (
                    f"The breakpoints of {Path(project).name} could not be read and are none now: {error} "
                    f"What was there is kept in {aside}."
                ),
            )

    def _save(
        self, project: str, points: tuple[Breakpoint, ...] | None = None, lines: tuple[LineBreak, ...] | None = None
    ) -> str:
        """Write the lists of a project, those of the present one when they are not given."""
        points, lines = self.points if points is None else points, self.lines if lines is None else lines
        file = self.file_of(project)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            listed = [{"file": it.file, "line": it.line, "condition": it.condition} for it in lines]
            about = {"project": project, "breakpoints": [asdict(point) for point in points], "lines": listed}
            text = json.dumps(about, indent=1)
            new = file.with_suffix(".new")
            new.write_text(text, encoding="utf-8")
            new.replace(file)
        except OSError as error:
            return f"The breakpoints of {Path(project).name} could not be kept in {file}: {error.strerror or error}."
        return ""


def _lines_of(data: bytes) -> tuple[LineBreak, ...]:
    """The lines to stop at in a file; what is none is left out."""
    listed = json.loads(data).get("lines", [])
    found = []
    for read in listed[:MOST] if isinstance(listed, list) else ():
        file, line, condition = (
            (read.get(key) for key in ("file", "line", "condition")) if isinstance(read, dict) else (0,) * 3
        )
        if isinstance(file, str) and type(line) is int and 0 < line < _LAST_LINE:
            found.append(LineBreak(file, line, condition=condition if isinstance(condition, str) else ""))
    return tuple(dict.fromkeys(found))


def _points_of(data: bytes) -> tuple[Breakpoint, ...]:
    """The list in a file, checked as if it had come over the wire.

    Raises:
        ttError, ValueError: it is none.
    """
    read: Any = json.loads(data)
    if not isinstance(read, dict) or not isinstance(read.get("breakpoints"), list):
        raise ValueError("it has no list of breakpoints.")
    wire = {"kind": SetBreakpoints.kind, "request": 0, "breakpoints": read["breakpoints"][:MOST]}
    message = decode_message(json.dumps(wire).encode(), Direction.STUDIO)
    assert isinstance(message, SetBreakpoints)
    numbers: set[int] = set()
    for point in message.breakpoints:
        point.check()
        if point.id in numbers:
            raise ValueError(f"two breakpoints have the number {point.id}.")
        numbers.add(point.id)
    return message.breakpoints
