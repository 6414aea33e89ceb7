"""What is wrong in the source that is open, found without running it. Where the editor tells it, and where others read it.

No part of the stream: it is about texts, and belongs to no app. UI thread.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, NamedTuple, cast

from tasktonic_studio.session.finding_words import SEVERITIES, Severity
from tasktonic_studio.session.names import Place


class WrittenFix(NamedTuple):
    """One way to mend a fault, as one step: texts in the place of others, by the first character and the one behind, from 0."""

    title: str
    edits: tuple[tuple[int, int, str], ...]


class WrittenFault(NamedTuple):
    """One fault. Lines and columns count from 1, in characters; the end is behind the last one.

    `title` names the kind in some words, `text` says what is so, `reason` why it matters, `advice` what to do.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    severity: Severity
    code: str
    title: str
    text: str
    reason: str = ""
    advice: str = ""
    fixes: tuple[WrittenFix, ...] = ()
    key: Hashable = ()
    """The same as long as it is the same fault, wherever it stands by now."""

    @property
    def place(self) -> Place:
        return Place(self.file, self.line)

    @property
    def sentences(self) -> str:
        """All that is to be said: what is so, why it matters, what to do."""
        return " ".join(filter(None, (self.text, self.reason, self.advice)))


def faults_from(file: str, rows: Iterable[Mapping[str, Any]]) -> tuple[WrittenFault, ...]:
    """The faults of a file as the code process tells them."""
    found: list[WrittenFault] = []
    times: dict[tuple[str, str], int] = {}
    for row in rows:
        alike = (row["code"], row["text"])
        times[alike] = times.get(alike, 0) + 1
        fixes = tuple(WrittenFix(it["title"], tuple((a, b, c) for a, b, c in it["edits"])) for it in row["fixes"])
        severity = cast(Severity, row["kind"]) if row["kind"] in SEVERITIES else "warning"
        found.append(
            WrittenFault(
                file, row["line"], row["column"], row["end_line"], row["end_column"], severity, row["code"],
                row["title"] or row["code"], row["text"], row["reason"], row["advice"], fixes,
                ("written", file, *alike, times[alike]),
            )
        )  # fmt: skip
    return tuple(found)


class WrittenFaults:
    """The faults of all files that are looked at. Made by the window, shared by its panels."""

    def __init__(self) -> None:
        self._by_file: dict[str, tuple[WrittenFault, ...]] = {}
        self._watching: list[Callable[[], None]] = []

    def all(self) -> list[WrittenFault]:
        """The worst first, then by file and line."""
        found = [it for faults in self._by_file.values() for it in faults]
        return sorted(found, key=lambda it: (SEVERITIES.index(it.severity), it.file, it.line, it.column))

    def of(self, file: str) -> tuple[WrittenFault, ...]:
        """Those of one file, in the order of its lines."""
        return self._by_file.get(file, ())

    def take(self, file: str, faults: tuple[WrittenFault, ...]) -> None:
        """These are the faults of a file from now on; none take it off the list."""
        if self._by_file.get(file, ()) == faults:
            return
        if faults:
            self._by_file[file] = faults
        else:
            self._by_file.pop(file, None)
        for watcher in list(self._watching):
            watcher()

    def watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call this when they change; returns what ends it."""
        self._watching.append(changed)
        return lambda: self._watching.remove(changed) if changed in self._watching else None
