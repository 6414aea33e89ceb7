"""Comments that silence the checker: ``# tasktonic: ignore[blocking-call]``.

In a line of code it silences that line, alone in a line the next one with code; ``# tasktonic: ignore-file[…]`` anywhere silences
the whole file. Codes have to be named; one that silences nothing is told.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

from .source import Source

_MARK: Final = re.compile(r"#\s*tasktonic\s*:\s*ignore(?P<file>-file)?\b(?:\s*\[(?P<codes>[^\]\n]*)\])?")


class Silence(NamedTuple):
    """One comment: the line it stands in, the line that it silences (0 for the whole file), and the codes in it."""

    line: int
    column: int
    end_column: int
    silences: int
    codes: tuple[str, ...]


def silences_of(source: Source) -> list[Silence]:
    """The comments of a file, in their order. A mark inside a text is none."""
    found = []
    if "tasktonic" not in source.text or source.tree is None:
        return []
    for number, line in enumerate(source.lines, 1):
        if "ignore" not in line:
            continue
        mark = _MARK.search(line)
        if mark is None or _is_in_a_text(source, number, mark.start()):
            continue
        codes = tuple(it.strip() for it in (mark["codes"] or "").split(",") if it.strip())
        is_alone = not line[: mark.start()].strip()
        silenced = 0 if mark["file"] else _next_code(source.lines, number) if is_alone else number
        found.append(Silence(number, mark.start() + 1, mark.end() + 1, silenced, codes))
    return found


def _next_code(lines: list[str], number: int) -> int:
    for at in range(number, len(lines)):
        text = lines[at].strip()
        if text and not text.startswith("#"):
            return at + 1
    return number


def _is_in_a_text(source: Source, line: int, column: int) -> bool:
    """Whether a place is inside a string, such as a text over several lines, and not in a comment."""
    import io
    import tokenize

    comments = source.__dict__.get("_comments")
    if comments is None:
        comments = source.__dict__["_comments"] = set()
        try:
            for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
                if token.type == tokenize.COMMENT:
                    comments.add(token.start[0])
        except (tokenize.TokenError, SyntaxError, IndentationError):
            pass  # what is behind that place has no comments that count
    return line not in comments


def faults_of(silence: Silence, known: Collection[str], used: Iterable[str], unjudged: Collection[str]) -> list[str]:
    """What is to be said about a comment, in sentences: names no code, names none that there is, or silences nothing."""
    if not silence.codes:
        return [f"Say what is silenced: # tasktonic: ignore[code]. The codes are {', '.join(known)}."]
    said, used = [], set(used)
    for code in silence.codes:
        if code not in known:
            near = difflib.get_close_matches(code, known, 1)
            said.append(f"There is no code {code}.{f' Did you mean {near[0]}?' if near else ''}")
        elif code not in used and code not in unjudged:
            where = "in this file" if not silence.silences else "in its line"
            said.append(f"{code} silences nothing {where}.")
    return said
