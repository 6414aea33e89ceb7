"""Problems that the text of one file has by itself. The file is read, never run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from pyflakes import checker, messages

from tasktonic_studio.code.columns import in_characters

MOST_CHARACTERS: Final = 1_000_000
"""Longer files are made by programs, and looking through one takes seconds."""

_hidden: Final = re.compile(r"#\s*noqa\b", re.IGNORECASE)
_quoted: Final = re.compile(r"'([^'\n]+)'")


class Problem(NamedTuple):
    """One finding. Lines and columns count from 1, columns in characters; the end is behind the last one.

    `kind` is ``error`` for what cannot work and ``warning`` for what is most likely a slip; `code` names the rule.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    kind: str
    code: str
    text: str

    def as_json(self) -> dict[str, Any]:
        return self._asdict()


def problems_of(text: str, file: str) -> list[Problem]:
    """What is wrong with a text, in the order of its lines."""
    if len(text) > MOST_CHARACTERS:
        return []
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        return [_syntax_problem(error, text)]
    except (ValueError, RecursionError, MemoryError) as error:
        return [Problem(1, 1, 1, 2, "error", "unreadable", f"This is no text that Python can read: {error}.")]
    lines = text.split("\n")
    return sorted(set(_flaws(tree, file, lines)))


def _syntax_problem(error: SyntaxError, text: str) -> Problem:
    lines = text.split("\n")
    line = min(max(1, error.lineno or 1), len(lines))
    column = min(max(1, error.offset or 1), len(lines[line - 1]) + 1)
    end_line, end_column = error.end_lineno or line, error.end_offset or 0
    if end_line != line or end_column <= column:
        end_line, end_column = line, max(column + 1, len(lines[line - 1].rstrip()) + 1)
    what = error.msg[:1].upper() + error.msg[1:]
    return Problem(line, column, end_line, end_column, "error", "syntax", f"{what}.")


def _flaws(tree: ast.Module, file: str, lines: list[str]) -> Iterator[Problem]:
    for message in checker.Checker(tree, filename=file).messages:
        if not 1 <= message.lineno <= len(lines):
            continue
        line = lines[message.lineno - 1]
        if _hidden.search(line):
            continue
        sentence = message.message % message.message_args
        column = in_characters(line, message.col)
        start, end = _extent(line, column, sentence)
        kind = "error" if isinstance(message, _ERRORS) else "warning"
        sentence = sentence[:1].upper() + sentence[1:]
        yield Problem(message.lineno, start + 1, message.lineno, end + 1, kind, type(message).__name__, f"{sentence}.")


_ERRORS: Final = (
    messages.UndefinedName,
    messages.UndefinedExport,
    messages.UndefinedLocal,
    messages.DuplicateArgument,
    messages.ReturnOutsideFunction,
    messages.YieldOutsideFunction,
    messages.ContinueOutsideLoop,
    messages.BreakOutsideLoop,
)


def _extent(line: str, column: int, sentence: str) -> tuple[int, int]:
    """What to underline: the name that the sentence is about where it stands in the line, else all from the column on."""
    quoted = _quoted.search(sentence)
    name = quoted.group(1).rpartition(" as ")[2] if quoted else ""
    if name:
        found = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)").search(line, min(column, len(line)))
        if found is not None:
            return found.start(), found.end()
    end = len(line.rstrip())
    return (column, end) if column < end else (len(line) - len(line.lstrip()), max(end, 1))
