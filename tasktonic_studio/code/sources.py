"""The source files of a project as far as they are known, kept from question to question; texts of open tabs come before those on disk."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from tasktonic.check import MARKS, is_marked
from tasktonic_studio.analysis.files import Files, Import, ParsedFile, read_text
from tasktonic_studio.analysis.made_folders import is_made
from tasktonic_studio.code.glance import Glance, Wanted, glance
from tasktonic_studio.code.lone import Lone, imported
from tasktonic_studio.code.mentions import Mention, mentions_in
from tasktonic_studio.code.slim import slim

MOST_FILES: Final = 2_500
MOST_FOLDERS: Final = 4_000
MOST_BYTES: Final = 20_000_000
"""A folder that holds more is no project, but somebody's home; what comes after these is not looked through."""
LONGEST: Final = 1_000_000
"""Characters of one file. Longer ones are made by programs: reading one takes seconds, and half a gigabyte."""

_MENDED_LINES: Final = 4
_TREES: Final = 8
"""Whole syntax trees that are kept."""

Stamp = tuple[int, int] | str
"""What tells one version of a file from another: time and size, or the text itself of an open tab."""

_MARKS: Final = frozenset(MARKS)
_NOTHING: Final = Glance(False)


@dataclass(slots=True)
class _Known:
    """What is known of one version of a file."""

    stamp: Stamp
    seen: Glance = _NOTHING
    text: str | None = ""
    """None for one that is read from the disk when somebody asks: it has nothing to do with tonics."""
    parsed: ParsedFile | None = None
    read_from: str = ""
    """The text that `parsed` was made from: an earlier one while somebody types what is no Python."""
    is_read: bool = False
    mentions: list[Mention] | None = None
    imported: frozenset[str] | None = None


class Sources(Files):
    """Files that are read again when they have changed. Kept by the code process, one for each project.

    Of each file as much is known as somebody has asked for: what it tells at a glance; its classes, with no more in them than is
    asked of a whole project; where it mentions sparkles. Whole syntax trees are kept of the last few files only.

    A text that is not valid Python, as one is most of the time that somebody types, is mended: lines that keep it from being
    read are left out. Where that does not help, what was known of the file before counts.
    """

    def __init__(self, root: str, lone: str = "", *, is_project: bool = True) -> None:
        super().__init__({})
        self.root = root
        self.scope = ""
        """A sentence of what is looked through, where that is less than one would think."""
        self._lone = lone
        self._is_project = is_project
        self._has_all = True
        self._too_long: set[str] = set()
        self._open: Mapping[str, str] = {}
        self._known: dict[str, _Known] = {}
        self._trees: dict[str, tuple[str, ast.Module | None]] = {}
        """The whole trees of the files that were read last, each with its text."""
        self._checked: set[str] = set()
        self._files: list[str] | None = None
        self._expected: tuple[Wanted, ...] = ()

    @property
    def may_leave_out(self) -> bool:
        """Whether there may be files in the folder that do not count: nothing says that it is a project."""
        return bool(self._lone) or not self._is_project

    @property
    def is_whole(self) -> bool:
        """False when there are more files than are looked through, or one that is too long."""
        return self._has_all and not self._too_long

    def begin(self, texts: Mapping[str, str]) -> None:
        """Begin with another question, which brings these texts."""
        self._open = texts
        self._checked.clear()
        self._files = None
        self._expected = ()
        self.problems.clear()

    def expect(self, names: Iterable[str]) -> None:
        """Mentions of these will be asked for: they are looked for in the same go in which a file is read."""
        self._expected = tuple(Wanted(name, is_state=True) for name in names)

    def parse(self, file: str, module: str = "") -> ParsedFile | None:
        known = self._look(file)
        if not known.is_read:
            known.is_read = True
            self._read_classes(file, known)
        return known.parsed

    def text(self, file: str) -> str:
        """The text of a file as it is now; empty for one that cannot be read."""
        known = self._look(file)
        return known.text if known.text is not None else _text_on_disk(file) or ""

    def glance(self, file: str) -> Glance:
        """What a file tells at a glance."""
        return self._look(file).seen

    def is_read(self, file: str) -> bool:
        """Whether a file was looked at before, as it is now or as it was, and read where it has to be."""
        known = self._known.get(file)
        return known is not None and (known.is_read or not known.seen.is_marked)

    def mentions(self, file: str) -> list[Mention]:
        """Where sparkles and states are mentioned in a file: looked for once, while somebody types one new name after the other."""
        known = self._look(file)
        if known.mentions is None:
            tree = self._whole(file)
            known.mentions = mentions_in(tree, self.text(file)) if tree is not None else []
        return known.mentions

    def exists(self, file: str) -> bool:
        return file in self._open or Path(file).is_file()

    def files(self) -> list[str]:
        """All files of the project, those of open tabs among them."""
        if self._files is None:
            found = dict.fromkeys(self._walk() if not self._lone else self._around())
            inside = self.root.rstrip(os.sep) + os.sep
            if not self._lone:
                near = [file for file in self._open if file.startswith(inside)]
                found.update(dict.fromkeys(it for it in near if self._is_project or not self._is_of_another(it)))
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

    def _look(self, file: str) -> _Known:
        """What is known of a file, looked at again when it has changed; once for each question."""
        if file not in self._checked:
            self._checked.add(file)
            stamp, before = self._stamp(file), self._known.get(file)
            if before is None or before.stamp != stamp:
                self._known[file] = self._look_again(file, stamp, before or _Known(stamp))
        return self._known[file]

    def _look_again(self, file: str, stamp: Stamp, before: _Known) -> _Known:
        if (len(stamp) if isinstance(stamp, str) else stamp[1]) > LONGEST:
            self._too_long.add(file)
            return _Known(stamp, text=stamp if isinstance(stamp, str) else "", is_read=True)
        self._too_long.discard(file)
        text = stamp if isinstance(stamp, str) else _text_on_disk(file)
        if text is None:
            return _Known(stamp, is_read=True)
        seen = glance(text)
        is_kept = seen.is_marked or isinstance(stamp, str)
        return _Known(stamp, seen, text if is_kept else None, before.parsed, before.read_from)

    def _read_classes(self, file: str, known: _Known) -> None:
        text = self.text(file)
        tree = _tree_of(text)
        if tree is None and known.parsed is None and file in self._open:
            # Unsaved and beyond mending: what is on disk is better than nothing.
            text = _text_on_disk(file) or ""
            tree = _tree_of(text)
        if tree is None:
            return
        self._keep_tree(file, text, tree)
        outline = self.outline(file, _module_of(file), tree)
        outline.classes = {name: [slim(node) for node in nodes] for name, nodes in outline.classes.items()}
        outline.values = {}
        outline.whole = partial(self._whole, file)
        known.parsed, known.read_from = outline, text
        if any(it.is_in(text, is_marked=known.seen.is_marked) for it in self._expected):
            self.mentions(file)

    def _whole(self, file: str) -> ast.Module | None:
        """The syntax tree of a file, mended where need be."""
        if self.parse(file) is None:
            return None
        text = self._known[file].read_from
        kept = self._trees.get(file)
        if kept is None or kept[0] != text:
            self._keep_tree(file, text, _tree_of(text))
        return self._trees[file][1]

    def _keep_tree(self, file: str, text: str, tree: ast.Module | None) -> None:
        self._trees.pop(file, None)
        self._trees[file] = (text, tree)
        while len(self._trees) > _TREES:
            del self._trees[next(iter(self._trees))]

    def _is_of_another(self, file: str) -> bool:
        """Whether a file is in a project that lies in the folder."""
        between = list(Path(file).relative_to(self.root).parents)[:-1]
        return any(is_marked(Path(self.root, it)) for it in between)

    def _around(self) -> list[str]:
        lone = Lone(self._lone, self.root, self._imported, self._open)
        files = lone.files()
        self._has_all, self.scope = lone.is_all and len(files) <= MOST_FILES, lone.words()
        return files[:MOST_FILES]

    def _imported(self, file: str) -> frozenset[str]:
        known = self._look(file)
        if known.imported is None:
            known.imported = imported(self.text(file))
        return known.imported

    def _walk(self) -> Iterator[str]:
        count = size = 0
        self._has_all, self.scope = True, ""
        for folders, (folder, inner, names) in enumerate(os.walk(self.root), 1):
            if not self._is_project and folder != self.root and not _MARKS.isdisjoint((*inner, *names)):
                self.scope = "Projects that lie in this folder were left out: nothing says that it is one itself."
                inner.clear()
                continue
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


def _text_on_disk(file: str) -> str | None:
    try:
        return read_text(file)
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
