"""Source texts and their syntax trees. Whatever a file holds, what comes of it is a tree or a sentence."""

from __future__ import annotations

import ast
import io
import os
import re
import stat
import tokenize
import warnings
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

MOST_CHARACTERS: Final = 3_000_000
"""Longer files are made by programs; reading one would take seconds."""

_LONE_RETURN: Final = re.compile(r"\r(?!\n)")


class Problem(Exception):
    """Why a file cannot be checked, in a sentence; `line` and `column` count from 1."""

    def __init__(self, sentence: str, line: int = 1, column: int = 1) -> None:
        super().__init__(sentence)
        self.line, self.column = line, column


@dataclass(eq=False)
class Source:
    """One file: its text and, where it is Python, its tree; else `problem` says why not."""

    file: str
    text: str
    tree: ast.Module | None = None
    problem: Problem | None = None

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their ends, as Python counts them."""
        return self.text.split("\n")

    @property
    def line_count(self) -> int:
        """How many lines there are, as people count them: a line end at the very end begins no other."""
        return self.text.count("\n") + (not self.text.endswith("\n") if self.text else 0)

    @cached_property
    def comment_lines(self) -> set[int]:
        """The lines that have a comment."""
        found: set[int] = set()
        try:
            for token in tokenize.generate_tokens(io.StringIO(self.text).readline):
                if token.type == tokenize.COMMENT:
                    found.add(token.start[0])
        except (tokenize.TokenError, SyntaxError):
            pass  # what is behind that place has no comments that count
        return found

    @cached_property
    def cut_lines(self) -> set[int]:
        """The lines whose end is inside of a text over several lines: no comment can stand there."""
        texts = (it for it in ast.walk(self.tree) if isinstance(it, ast.Constant | ast.JoinedStr)) if self.tree else ()
        return {line for it in texts for line in range(it.lineno, it.end_lineno or it.lineno)}

    def column(self, line: int, offset: int) -> int:
        """The column, from 1 in characters, of what a tree gives as a number of bytes."""
        text = self.lines[line - 1] if line <= len(self.lines) else ""
        return (offset if text.isascii() else len(text.encode(errors="replace")[:offset].decode(errors="replace"))) + 1


def read_text(file: str) -> str:
    """The text of a file in the encoding that it names, with line ends as Python sees them.

    Raises:
        Problem: it cannot be read, or is no text.
    """
    if file.endswith(".ipynb"):
        raise Problem("It is a notebook, and only Python files are checked: export it as a script, and check that.")
    try:
        if Path(file).is_dir():
            os.listdir(file)  # noqa: PTH208 - why a folder is named here: it may be closed
        status = os.stat(file)  # noqa: PTH116
        if not stat.S_ISREG(status.st_mode):
            raise Problem("It is no file.")  # a pipe may never end
        if status.st_size > 4 * MOST_CHARACTERS:
            raise Problem(f"It is too long to be checked: {status.st_size:,} bytes.")
        data = Path(file).read_bytes()
    except OSError as error:
        raise Problem(f"It cannot be read: {error.strerror or error}.") from None
    except ValueError as error:
        raise Problem(f"It cannot be read: {error}.") from None
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = data.decode(encoding)
    except (SyntaxError, LookupError) as error:
        raise Problem(f"Its encoding is not known: {error}.") from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Problem(f"It is no text in {error.encoding}: line {line} holds other bytes.", line) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def source_of(file: str, text: str) -> Source:
    """Take a text apart. Never raises: what is no Python gets a `problem`."""
    if "\r" in text:
        text = _LONE_RETURN.sub("\n", text)  # Python begins a line there too; all places stay where they are
    source = Source(file, text)
    try:
        source.tree = _parsed(text)
    except Problem as problem:
        source.problem = problem
    return source


def read_source(file: str) -> Source:
    """Read a file and take it apart. Never raises."""
    try:
        return source_of(file, read_text(file))
    except Problem as problem:
        return Source(file, "", problem=problem)


def _parsed(text: str) -> ast.Module:
    """The tree of a text.

    Raises:
        Problem: it is no Python that can be read here.
    """
    if len(text) > MOST_CHARACTERS:
        raise Problem(f"It is too long to be checked: {len(text):,} characters.")
    if "\0" in text:
        before = text[: text.index("\0")]
        raise Problem("It holds a character NUL, so it is no Python.", before.count("\n") + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of invalid escapes and the like: other tools tell of them
            return ast.parse(text)
    except SyntaxError as error:
        said = (error.msg or "invalid syntax").strip()
        sentence = f"It is no valid Python: {said}."
        raise Problem(sentence, max(error.lineno or 1, 1), max(error.offset or 1, 1)) from None
    except (RecursionError, MemoryError):
        raise Problem("It is nested too deeply to be checked.") from None
    except ValueError as error:
        raise Problem(f"It is no valid Python: {error}.") from None
