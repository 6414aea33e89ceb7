"""Problems that the text of one file has: what Python and pyflakes say, and the faults of tonics. The file is read, never run."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import accumulate, islice
from typing import Any, Final, NamedTuple

from pyflakes import checker, messages

import tasktonic
from tasktonic import check
from tasktonic_studio.code.columns import in_characters

MOST_CHARACTERS: Final = 1_000_000
"""Longer files are made by programs, and looking through one takes seconds."""
MOST_FILES: Final = 2_000
"""So many files of a folder are looked through."""
MOST_PROBLEMS: Final = 500
"""So many of one file are told, the worst first: an import that is gone for a moment makes thousands, which nobody reads."""

_hidden: Final = re.compile(r"#\s*noqa\b", re.IGNORECASE)
_between_words: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_TITLES: Final = {rule.code: rule.title[0].upper() + rule.title[1:] for rule in check.RULES}
_KINDS: Final = ("error", "warning", "hint")
_word: Final = re.compile(r"\w")
_quoted: Final = re.compile(r"'([^'\n]+)'")


class Fix(NamedTuple):
    """One way to mend a problem, as one step: texts that come in the place of others, by the first character and the one behind."""

    title: str
    edits: tuple[tuple[int, int, str], ...]


class Problem(NamedTuple):
    """One finding. Lines and columns count from 1, columns in characters; the end is behind the last one.

    `kind` is ``error`` for what cannot work, ``warning`` for what is most likely a slip, ``hint`` for what may be meant so; `code` names
    the rule, `title` does so in some words. `reason` says why it matters, `advice` what to do.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    kind: str
    code: str
    text: str
    title: str = ""
    reason: str = ""
    advice: str = ""
    fixes: tuple[Fix, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {**self._asdict(), "fixes": [fix._asdict() for fix in self.fixes]}


class FolderProblems(NamedTuple):
    """The problems of a folder; `left` files were not looked at, since there are too many. `remark` is a sentence why it is less than
    the folder.
    """

    folder: str
    files: int
    left: int
    problems: dict[str, list[Problem]]
    remark: str = ""


def problems_of(text: str, file: str, texts: Mapping[str, str] | None = None) -> list[Problem]:
    """What is wrong with a text, in the order of its lines.

    Args:
        text: the text.
        file: where it is stored.
        texts: of other files that are open and not saved, by file.
    """
    return _problems(text, file, lambda: check.problems_of(text, file, texts))


def problems_of_folder(folder: str, texts: Mapping[str, str] | None = None) -> FolderProblems:
    """What is wrong in all Python files of a folder and below, by file; files without problems are left out.

    Args:
        folder: where to look.
        texts: of files that are open and not saved, by file.
    """
    return _problems_of_files(folder, check.python_files(folder), texts)


def problems_of_project(file: str, texts: Mapping[str, str] | None = None) -> FolderProblems:
    """The same for the project that a file belongs to; for a file that belongs to none, of this file alone."""
    files, remark = check.files_of_project(file)
    return _problems_of_files(check.root_of(file), files, texts)._replace(remark=remark)


def _problems_of_files(folder: str, files: list[str], texts: Mapping[str, str] | None) -> FolderProblems:
    known = texts or {}
    sources = [
        check.source_of(file, known[file]) if file in known else check.read_source(file) for file in files[:MOST_FILES]
    ]
    by_file: dict[str, list[check.Finding]] = {source.file: [] for source in sources}
    for finding in check.check_sources(sources, texts=texts).findings:
        by_file[finding.file].append(finding)
    found: dict[str, list[Problem]] = {}
    for source in sources:
        problems = _problems(source.text, source.file, partial(by_file.__getitem__, source.file))
        if problems:
            found[source.file] = problems
    return FolderProblems(folder, len(sources), len(files) - len(sources), found)


def _problems(text: str, file: str, findings: Callable[[], Iterable[check.Finding]]) -> list[Problem]:
    if len(text) > MOST_CHARACTERS:
        return []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except SyntaxError as error:
        return [_syntax_problem(error, text)]
    except (ValueError, RecursionError, MemoryError) as error:
        sentence = f"This is no text that Python can read: {error}."
        return [Problem(1, 1, 1, 2, "error", "unreadable", sentence, "Not readable")]
    lines = text.split("\n")
    # A stub says what there is elsewhere: its methods are empty.
    faults = list(_faults(text, findings())) if not file.endswith(".pyi") else []
    twice = {it.line for it in faults if it.code == "overwritten-handler"}
    # The worst come first; more than are told are of no use, and take their time.
    told = set(islice(_flaws(tree, file, lines), 2 * MOST_PROBLEMS))
    # Of a handler that is there twice pyflakes says less.
    flaws = [it for it in told if it.line not in twice or it.code != "RedefinedWhileUnused"]
    return _worst(sorted([*flaws, *faults]))


def _worst(found: list[Problem]) -> list[Problem]:
    """As many as are told, in the order of their lines; where some are left out, one more says so at the first of them."""
    if len(found) <= MOST_PROBLEMS:
        return found
    by_kind = sorted(found, key=lambda it: _KINDS.index(it.kind))
    line = min(it.line for it in by_kind[MOST_PROBLEMS:])
    text = (
        f"More than {MOST_PROBLEMS} problems were found. The others are told when the ones that are shown are mended."
    )
    more = Problem(line, 1, line, 2, "hint", "too-many", text, "More problems")
    return sorted([*by_kind[:MOST_PROBLEMS], more])


def _faults(text: str, findings: Iterable[check.Finding]) -> Iterator[Problem]:
    starts = check.line_starts(text)
    for it in findings:
        fixes = tuple(
            Fix(fix.title, tuple((*check.span_of(starts, edit, len(text)), edit.text) for edit in fix.edits))
            for fix in it.fixes
        )
        title = _TITLES[it.code]
        place = (it.line, it.column, it.end_line, it.end_column)
        yield Problem(*place, it.severity, it.code, it.text, title, it.reason, it.advice, fixes)


def _syntax_problem(error: SyntaxError, text: str) -> Problem:
    lines = text.split("\n")
    line = min(max(1, error.lineno or 1), len(lines))
    column = min(max(1, error.offset or 1), len(lines[line - 1]) + 1)
    end_line, end_column = error.end_lineno or line, error.end_offset or 0
    if end_line != line or end_column <= column:
        end_line, end_column = line, max(column + 1, len(lines[line - 1].rstrip()) + 1)
    what = error.msg[:1].upper() + error.msg[1:]
    return Problem(line, column, end_line, end_column, "error", "syntax", f"{what}.", "Syntax error")


def _flaws(tree: ast.Module, file: str, lines: list[str]) -> Iterator[Problem]:
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    told = checker.Checker(tree, filename=file).messages
    told = sorted(told, key=lambda it: (type(it).__name__ not in (*_ERRORS, *_OF_STARS), it.lineno))
    closed = _closed_lines(tree, lines) if told else set()
    for message in told:
        if not 1 <= message.lineno <= len(lines):
            continue
        line = lines[message.lineno - 1]
        if _hidden.search(line):
            continue
        sentence, code = message.message % message.message_args, type(message).__name__
        if code in _OF_STARS and _is_of_tasktonic(message):
            # The manual's `from tasktonic import *`: which names come of it is known.
            name = message.message_args[0]
            if code == "ImportStarUsed" or name in _PUBLIC:
                continue
            sentence, code = f"undefined name {name!r}", "UndefinedName"
        column = in_characters(line, message.col)
        start, end = _extent(line, column, sentence)
        kind = "error" if code in _ERRORS else "warning"
        sentence = sentence[:1].upper() + sentence[1:]
        title = _between_words.sub(" ", code).capitalize()
        place = (message.lineno, start + 1, message.lineno, end + 1)
        named = message.message_args[0] if code == "UndefinedName" else ""
        fixes = _importing(tree, starts, str(named), message.lineno)
        if message.lineno not in closed:
            end = starts[message.lineno - 1] + len(line.rstrip())
            fixes = (*fixes, Fix("Silence it here", ((end, end, "  # noqa"),)))
        yield Problem(*place, kind, code, f"{sentence}.", title, fixes=fixes)


def _importing(tree: ast.Module, starts: list[int], name: str, used: int) -> tuple[Fix, ...]:
    """The fix for a name of the framework that was not imported: one more line below the imports above its use."""
    if name not in _PUBLIC:
        return ()
    above = [it for it in tree.body if isinstance(it, ast.Import | ast.ImportFrom) and it.lineno < used]
    if not above and ast.get_docstring(tree, clean=False) is not None:
        above = tree.body[:1]  # type: ignore[assignment]
    after = (above[-1].end_lineno or above[-1].lineno) if above else 0
    at = starts[after]
    return (Fix(f"Import {name} from tasktonic", ((at, at, f"from tasktonic import {name}\n"),)),)


def _closed_lines(tree: ast.Module, lines: list[str]) -> set[int]:
    """The lines behind which no comment can stand: they end inside of a text, or go on in the next one."""
    texts = [it for it in ast.walk(tree) if isinstance(it, ast.Constant | ast.JoinedStr)]
    closed = {number for it in texts for number in range(it.lineno, it.end_lineno or it.lineno)}
    return closed | {number for number, line in enumerate(lines, 1) if line.rstrip().endswith("\\")}


_ERRORS: Final = frozenset(
    {
        "UndefinedName",
        "UndefinedExport",
        "UndefinedLocal",
        "DuplicateArgument",
        "ReturnOutsideFunction",
        "YieldOutsideFunction",
        "ContinueOutsideLoop",
        "BreakOutsideLoop",
    }
)
_OF_STARS: Final = ("ImportStarUsed", "ImportStarUsage")
_PUBLIC: Final = frozenset(tasktonic.__all__)


def _is_of_tasktonic(message: messages.Message) -> bool:
    return {it.strip() for it in str(message.message_args[-1]).split(",")} <= {"tasktonic", "TaskTonic"}


def _extent(line: str, column: int, sentence: str) -> tuple[int, int]:
    """What to underline: the name that the sentence is about where it stands in the line, else all from the column on."""
    quoted = _quoted.search(sentence)
    name = quoted.group(1).rpartition(" as ")[2] if quoted else ""
    if name:
        start = line.find(name, column)
        while start >= 0:
            end = start + len(name)
            if not (_word.match(line[start - 1 : start]) or _word.match(line, end)):
                return start, end
            start = line.find(name, end)
    end = len(line.rstrip())
    return (column, end) if column < end else (len(line) - len(line.lstrip()), max(end, 1))
