"""Finding text in all files of a folder. No widgets; meant for a process of its own, since a folder may be large.

Looked at are texts: no file with zero bytes, none above ``MOST_BYTES``, none in a folder that tools make (``.git``,
``__pycache__``, environments). What was left out, is said.
"""

from __future__ import annotations

import io
import os
import tokenize
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

from tasktonic_studio.analysis.made_folders import is_made
from tasktonic_studio.analysis.text_search import Query, find_all

MOST_BYTES: Final = 2_000_000
MOST_FILES: Final = 20_000
MOST_HITS: Final = 2_000
_LONGEST: Final = 200
"""Characters of a line that are shown."""
_WHOLE: Final = 2_000
"""Characters of a line that are handed on."""
_NOT_TEXT: Final = frozenset(
    [
        ".pyc",
        ".pyo",
        ".so",
        ".dll",
        ".exe",
        ".png",
        ".jpg",
        ".jpeg",
        ".gif",
        ".ico",
        ".pdf",
        ".zip",
        ".gz",
        ".xz",
        ".whl",
        ".tar",
        ".db",
        ".sqlite",
        ".woff",
        ".ttf",
    ]
)
NO_TEXT, TOO_LARGE, NOT_READ = "it is no text", "it is too large", "it cannot be read"


class Hit(NamedTuple):
    """One place. `line` from 1, `column` and `end` from 0, counted from the begin of its first line."""

    file: str
    line: int
    column: int
    end: int
    text: str
    """The line, or the first one, shortened around the hit when it is very long."""
    found: str
    start: int
    """Of the hit in the whole text, in characters."""
    whole: str
    """Its line or lines as they are: what stands around a hit may decide whether it is one. Empty where that is very long."""


@dataclass(slots=True)
class Found:
    """All of a search. `left` are files that were not looked at, each with why."""

    hits: list[Hit] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)
    files: int = 0
    """How many were looked at."""
    is_all: bool = True

    def as_json(self) -> dict[str, Any]:
        """For the way to another process."""
        return {
            "hits": [list(hit) for hit in self.hits], "left": [list(it) for it in self.left],
            "files": self.files, "is_all": self.is_all,
        }  # fmt: skip


def search(folder: str, query: Query, texts: Mapping[str, str]) -> Found:
    """Look through a folder.

    Args:
        folder: with all that is below it.
        query: what is looked for.
        texts: those of open files, which may differ from what is on disk; looked through wherever they lie.

    Raises:
        QueryProblem: it is no regular expression.
    """
    found = Found()
    for file, text in texts.items():
        _look(found, file, text, query)
    for path in files_of(folder):
        if len(found.hits) >= MOST_HITS or found.files >= MOST_FILES:
            found.is_all = False
            break
        file = str(path)
        if file not in texts:
            text, why = _text_of(path)
            if why:
                found.left.append((file, why))
            else:
                _look(found, file, text, query)
    return found


def files_of(folder: str) -> Iterator[Path]:
    """The files of a folder in the order of their names, without those that tools make."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not is_made(Path(place, name)))
        for name in sorted(names):
            if Path(name).suffix.lower() not in _NOT_TEXT:
                yield Path(place, name)


def _text_of(path: Path) -> tuple[str, str]:
    """The text of a file, or why it has none."""
    try:
        if not path.is_file() or path.stat().st_size > MOST_BYTES:
            return "", TOO_LARGE if path.is_file() else NOT_READ
        data = path.read_bytes()
    except OSError:
        return "", NOT_READ
    if b"\0" in data:
        return "", NO_TEXT
    try:
        # As the editor reads it: by byte order mark and by what the first two lines declare.
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = data.decode(encoding)
    except (SyntaxError, LookupError, UnicodeError):
        return "", NO_TEXT
    return text.replace("\r\n", "\n").replace("\r", "\n"), ""


def _look(found: Found, file: str, text: str, query: Query) -> None:
    found.files += 1
    line, counted = 1, 0
    for start, end in find_all(text, query, MOST_HITS - len(found.hits) + 1):
        line += text.count("\n", counted, start)
        counted = start
        if len(found.hits) >= MOST_HITS:
            found.is_all = False
            return
        begin = text.rfind("\n", 0, start) + 1
        first, last = text.find("\n", start), text.find("\n", end)
        own = text[begin : first if first >= 0 else len(text)]
        whole = text[begin : last if last >= 0 else len(text)]
        column = start - begin
        shown = own if len(own) <= _LONGEST else "…" + own[max(0, column - 60) : column + 120] + "…"
        kept = whole if len(whole) <= _WHOLE else ""
        found.hits.append(Hit(file, line, column, column + end - start, shown.strip(), text[start:end], start, kept))
