"""The source files of a project as syntax trees, kept from question to question; texts of open tabs come before those on disk."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from tasktonic_studio.analysis.files import Files, Import, ParsedFile, read_text
from tasktonic_studio.analysis.made_folders import is_made
from tasktonic_studio.code.mentions import Mention, mentions_in

MOST_FILES: Final = 2_500
MOST_FOLDERS: Final = 4_000
MOST_BYTES: Final = 20_000_000
"""A folder that holds more is no project, but somebody's home; what comes after these is not looked through. What is known of so
many bytes of source takes a gigabyte."""
LONGEST: Final = 1_000_000
"""Characters of one file. Longer ones are made by programs: reading one takes seconds, and half a gigabyte."""

_MENDED_LINES: Final = 4

Stamp = tuple[int, int] | str
"""What tells one version of a file from another: time and size, or the text itself of an open tab."""


class Sources(Files):
    """Files that are read again when they have changed. Kept by the code process, one for each project.

    A text that is not valid Python, as one is most of the time that somebody types, is mended: lines that keep it from being
    read are left out. Where that does not help, what was known of the file before counts.
    """

    def __init__(self, root: str) -> None:
        super().__init__({})
        self.root = root
        self._has_all = True
        self._too_long: set[str] = set()
        self._open: Mapping[str, str] = {}
        self._kept: dict[str, tuple[Stamp, ParsedFile | None, str]] = {}
        self._trees: dict[str, ast.Module] = {}
        self._mentions: dict[str, list[Mention]] = {}
        self._checked: set[str] = set()
        self._files: list[str] | None = None

    @property
    def is_whole(self) -> bool:
        """False when there are more files than are looked through, or one that is too long."""
        return self._has_all and not self._too_long

    def begin(self, texts: Mapping[str, str]) -> None:
        """Begin with another question, which brings these texts."""
        self._open = texts
        self._checked.clear()
        self._files = None
        self.problems.clear()

    def parse(self, file: str, module: str = "") -> ParsedFile | None:
        if file not in self._checked:
            self._checked.add(file)
            stamp = self._stamp(file)
            kept = self._kept.get(file)
            if kept is None or kept[0] != stamp:
                self._read_again(file, stamp)
        return self._kept[file][1]

    def text(self, file: str) -> str:
        """The text of a file as it is now; empty for one that cannot be read."""
        self.parse(file)
        return self._kept[file][2]

    def is_read(self, file: str) -> bool:
        """Whether a file was read before, as it is now or as it was."""
        return file in self._kept

    def tree(self, file: str) -> ast.Module | None:
        """The syntax tree of a file, mended where need be."""
        return self._trees.get(file) if self.parse(file) is not None else None

    def mentions(self, file: str) -> list[Mention]:
        """Where sparkles and states are mentioned in a file: looked for once, while somebody types one new name after the other."""
        tree = self.tree(file)
        if tree is not None and file not in self._mentions:
            self._mentions[file] = mentions_in(tree, self.text(file))
        return self._mentions[file] if tree is not None else []

    def exists(self, file: str) -> bool:
        return file in self._open or Path(file).is_file()

    def files(self) -> list[str]:
        """All files of the project, those of open tabs among them."""
        if self._files is None:
            found = dict.fromkeys(self._walk())
            inside = self.root.rstrip(os.sep) + os.sep
            found.update(dict.fromkeys(file for file in self._open if file.startswith(inside)))
            self._files = list(found)
            self._too_long.intersection_update(found)
        return self._files

    def imported(self, parsed: ParsedFile, what: Import) -> ParsedFile | None:
        beside = super().imported(parsed, what)
        if beside is not None or what.level or not what.module or what.module.split(".")[0] == "tasktonic":
            return beside
        for start in (Path(self.root), Path(self.root) / "src"):
            inner = start.joinpath(*what.module.split("."))
            for file in (inner / f"{what.name}.py", Path(f"{inner}.py"), inner / "__init__.py"):
                if self.exists(str(file)):
                    return self.parse(str(file))
        return None

    # ---- reading

    def _stamp(self, file: str) -> Stamp:
        if file in self._open:
            return self._open[file]
        try:
            status = Path(file).stat()
        except (OSError, ValueError):
            return (0, -1)
        return (status.st_mtime_ns, status.st_size)

    def _read_again(self, file: str, stamp: Stamp) -> None:
        self._mentions.pop(file, None)
        _stamp, before, _text = self._kept.get(file, (stamp, None, ""))
        if (len(stamp) if isinstance(stamp, str) else stamp[1]) > LONGEST:
            self._too_long.add(file)
            self._kept[file] = (stamp, None, stamp if isinstance(stamp, str) else "")
            return
        self._too_long.discard(file)
        try:
            text = stamp if isinstance(stamp, str) else read_text(file)
        except (OSError, SyntaxError, ValueError):
            self._kept[file] = (stamp, None, "")
            return
        tree = _tree_of(text)
        if tree is None and before is None and isinstance(stamp, str):
            # Unsaved and beyond mending: what is on disk is better than nothing.
            tree = _tree_on_disk(file)
        parsed = before if tree is None else self.outline(file, _module_of(file), tree)
        if tree is not None:
            self._trees[file] = tree
        self._kept[file] = (stamp, parsed, text)

    def _walk(self) -> Iterator[str]:
        count = size = 0
        self._has_all = True
        for folders, (folder, inner, names) in enumerate(os.walk(self.root), 1):
            inner[:] = sorted(it for it in inner if not is_made(Path(folder, it)))
            for name in sorted(it for it in names if it.endswith((".py", ".pyw"))):
                file = str(Path(folder, name))
                count, size = count + 1, size + _size_of(file)
                if count > MOST_FILES or size > MOST_BYTES:
                    break
                yield file
            if count > MOST_FILES or size > MOST_BYTES or folders > MOST_FOLDERS:
                self._has_all = False
                return


def _size_of(file: str) -> int:
    """What is read of a file; nothing of one that is too long, or not there."""
    try:
        size = Path(file).stat().st_size
    except OSError:
        return 0
    return size if size <= LONGEST else 0


def _module_of(file: str) -> str:
    """The name by which a file is imported, as far as folders with an ``__init__.py`` tell."""
    path = Path(file)
    parts = [] if path.stem == "__init__" else [path.stem]
    folder = path.parent
    while (folder / "__init__.py").is_file() and folder != folder.parent:
        parts.insert(0, folder.name)
        folder = folder.parent
    return ".".join(parts)


def _tree_on_disk(file: str) -> ast.Module | None:
    try:
        return _tree_of(read_text(file))
    except (OSError, SyntaxError, ValueError):
        return None


def _tree_of(text: str) -> ast.Module | None:
    """The tree of a text; lines at which Python stumbles are taken for empty statements."""
    lines: list[str] | None = None
    for _ in range(_MENDED_LINES):
        try:
            return ast.parse(text if lines is None else "\n".join(lines))
        except SyntaxError as error:
            lines = text.split("\n") if lines is None else lines
            number = min(max(1, error.lineno or 1), len(lines)) - 1
            if error.msg.startswith("expected an indented block"):
                # Told at the line after the one that opens it, which is well.
                number = _opener(lines, number)
                lines[number] = f"{lines[number]} pass"
                continue
            if _is_passed(lines[number]):
                return None
            indent = re.match(r"\s*", lines[number])
            lines[number] = f"{indent.group() if indent else ''}pass"
        except (ValueError, RecursionError, MemoryError):
            return None
    return None


def _opener(lines: list[str], number: int) -> int:
    before = [at for at in range(min(number, len(lines) - 1), -1, -1) if lines[at].rstrip().endswith(":")]
    return before[0] if before else number


def _is_passed(line: str) -> bool:
    return line.strip() == "pass"
