"""Comments that silence the checker: ``# tasktonic: ignore[blocking-call]``.

In a line of code it silences that line, alone in a line the next one with code; ``# tasktonic: ignore-file[…]`` anywhere silences
the whole file. Codes have to be named; one that silences nothing is told.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from .source import Source

_MARK: Final = re.compile(r"#\s*tasktonic\s*:\s*ignore(?P<file>-file)?\b(?:\s*\[(?P<codes>[^\]\n]*)\])?")
_TAKE_OUT: Final = "Take it out."
_DEFINITION: Final = re.compile(r"\s*(async\s+)?(def|class)\b")


class Silence(NamedTuple):
    """One comment: the line it stands in, the lines that it silences (0 for the whole file), and the codes in it."""

    line: int
    column: int
    end_column: int
    silences: int
    until: int
    codes: tuple[str, ...]

    def is_for(self, line: int, end_line: int) -> bool:
        """Whether it silences what stands in these lines: tools that lay out code put a comment behind the last of them."""
        return not self.silences or (line <= self.until and self.silences <= end_line)


@lru_cache(maxsize=4)
def silences_of(source: Source) -> tuple[Silence, ...]:
    """The comments of a file, in their order. A mark inside a text is none."""
    if "tasktonic" not in source.text or source.tree is None:
        return ()
    found = []
    for number, line in enumerate(source.lines, 1):
        mark = _MARK.search(line) if "ignore" in line else None
        if mark is None or number not in source.comment_lines:
            continue
        codes = tuple(it.strip() for it in (mark["codes"] or "").split(",") if it.strip())
        begin, until = (number, number) if line[: mark.start()].strip() else _next_code(source.lines, number)
        if mark["file"]:
            begin = until = 0
        found.append(Silence(number, mark.start() + 1, mark.end() + 1, begin, until, codes))
    return tuple(found)


def _next_code(lines: list[str], number: int) -> tuple[int, int]:
    """The first and the last line of what comes next: of a definition the decorators, and the line with its name."""
    begin = next((at for at in range(number + 1, len(lines) + 1) if _is_code(lines[at - 1])), number)
    until = begin
    if lines[begin - 1].lstrip().startswith("@"):
        until = next((at for at in range(begin, len(lines) + 1) if _DEFINITION.match(lines[at - 1])), begin)
    return begin, until


def _is_code(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def faults_of(
    silence: Silence, known: Collection[str], used: Iterable[str], unjudged: Collection[str]
) -> list[tuple[str, str]]:
    """What is to be said about a comment, each with what to do: names no code, names none that there is, or silences nothing."""
    if not silence.codes:
        so = "This comment does not say what it silences, so it silences nothing."
        return [
            (so, f"Name it, as in # tasktonic: ignore[blocking-call], or take it out. There are {', '.join(known)}.")
        ]
    said, used = [], set(used)
    for code in silence.codes:
        if code not in known:
            near = difflib.get_close_matches(code, known, 1)
            said.append(
                (f"There is no code {code}.", f"Did you mean {near[0]}? If not, take it out." if near else _TAKE_OUT)
            )
        elif code not in used and code not in unjudged:
            where = "in this file" if not silence.silences else "in its line"
            said.append((f"{code} silences nothing {where}.", _TAKE_OUT))
    return said
