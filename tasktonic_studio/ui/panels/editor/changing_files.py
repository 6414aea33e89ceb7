"""Changes in several files at once, open and closed: all or none, and taken back again. No widgets.

Every change is checked against what stands there now, and every text turned into bytes, before the first file is touched.
A closed file keeps its encoding and line ends and is replaced in one step; an open one changes in its editor. A link to a
file is that file: it stays a link, and what it leads to is changed once.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tasktonic_studio.ui.panels.editor.documents import reason, why_not_writable, write_in_one_step
from tasktonic_studio.ui.panels.editor.rename_dialog import TextChange
from tasktonic_studio.ui.panels.editor.text_format import CannotEncode, TextFormat, decode, encode


class CannotChange(Exception):
    """It cannot be done, and nothing was changed; the message is a sentence for the screen."""


class Edit(NamedTuple):
    """Put a text in the place of what stands from `start` to `end`, in characters of the whole text."""

    start: int
    end: int
    text: str


class Step(NamedTuple):
    """What became of one file. `form` is None for one that was open."""

    file: str
    before: str
    after: str
    form: TextFormat | None


class OpenText(NamedTuple):
    """A text in an editor: what it is, and how it is changed as one step to undo."""

    text: str
    change: Callable[[Sequence[Edit]], None]
    read_only: str


def edits_of(text: str, changes: Iterable[TextChange], name: str) -> list[Edit]:
    """The changes of one file as places of its text.

    Raises:
        CannotChange: something else stands there by now.
    """
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    found: list[Edit] = []
    for it in sorted(set(changes), key=lambda change: (change.line, change.column)):
        start = starts[it.line - 1] + it.column if it.line < len(starts) else len(text) + 1
        if not text.startswith(it.old, start) or (found and start < found[-1].end):
            raise CannotChange(f"Nothing was changed: line {it.line} of {name} was changed meanwhile. Try it again.")
        found.append(Edit(start, start + len(it.old), it.new))
    return found


def changed(text: str, edits: Iterable[Edit]) -> str:
    """The text with these edits, which are in order and do not overlap."""
    parts, at = [], 0
    for edit in edits:
        parts += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*parts, text[at:]])


def apply(changes: Sequence[TextChange], opened: Mapping[str, OpenText]) -> list[Step]:
    """Make the changes.

    Args:
        changes: in any files.
        opened: the texts of open files.

    Raises:
        CannotChange: one of the files cannot be changed; then none is.
    """
    changes = [it if it.file in opened else it._replace(file=os.path.realpath(it.file)) for it in changes]
    steps: list[Step] = []
    edits: dict[str, list[Edit]] = {}
    closed: list[tuple[Path, bytes, bytes]] = []
    for file in dict.fromkeys(it.file for it in changes):
        name, own = Path(file).name, [it for it in changes if it.file == file]
        if file in opened:
            if opened[file].read_only:
                raise CannotChange(f"Nothing was changed: {name} cannot be changed. {opened[file].read_only}")
            text, form = opened[file].text, None
            edits[file] = edits_of(text, own, name)
            steps.append(Step(file, text, changed(text, edits[file]), form))
        else:
            data, text, form = _read(file)
            after = changed(text, edits_of(text, own, name))
            steps.append(Step(file, text, after, form))
            if why := why_not_writable(Path(file)):
                raise CannotChange(f"Nothing was changed: {name} cannot be changed. {why}")
            closed.append((Path(file), data, _encoded(after, form, name)))
    _write(closed)
    for file, own_edits in edits.items():
        opened[file].change(own_edits)
    return steps


def take_back(steps: Sequence[Step], opened: Mapping[str, OpenText]) -> None:
    """Undo what `apply` did, in files that are open by now or not.

    A file that is as it was before already, because somebody has undone it there, is passed over.

    Raises:
        CannotChange: a file was changed since; then none is touched.
    """
    closed: list[tuple[Path, bytes, bytes]] = []
    in_editors: list[Step] = []
    for step in steps:
        name = Path(step.file).name
        if step.file in opened:
            now = opened[step.file].text
            if now == step.after:
                in_editors.append(step)
        else:
            data, now, form = _read(step.file)
            if now == step.after:
                closed.append((Path(step.file), data, _encoded(step.before, form, name)))
        if now not in (step.before, step.after):
            raise CannotChange(f"Nothing was taken back: {name} was changed since. Undo that there, and try again.")
    _write(closed)
    for step in in_editors:
        opened[step.file].change(_difference(step.after, step.before))


def _difference(old: str, new: str) -> list[Edit]:
    """The lines that differ, one by one while both texts have as many; else all between the first and the last of them."""
    if old.count("\n") != new.count("\n"):
        begin = _same(old, new)
        end = _same(old[begin:][::-1], new[begin:][::-1])
        return [Edit(begin, len(old) - end, new[begin : len(new) - end])]
    found, at = [], 0
    for before, after in zip(old.split("\n"), new.split("\n"), strict=True):
        if before != after:
            found.append(Edit(at, at + len(before), after))
        at += len(before) + 1
    return found


def _same(one: str, other: str) -> int:
    """How many characters at the begin are the same."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _read(file: str) -> tuple[bytes, str, TextFormat]:
    name = Path(file).name
    try:
        data = Path(file).read_bytes()
    except OSError as error:
        raise CannotChange(f"Nothing was changed: {name} cannot be read, {reason(error)}.") from error
    decoded = decode(data)
    if decoded.problem:
        raise CannotChange(f"Nothing was changed: {name} cannot be written again. {decoded.problem}")
    return data, decoded.text, decoded.format


def _encoded(text: str, form: TextFormat, name: str) -> bytes:
    try:
        return encode(text, form)
    except CannotEncode as error:
        raise CannotChange(f"Nothing was changed: {name} cannot be written. {error}") from error


def _write(files: Sequence[tuple[Path, bytes, bytes]]) -> None:
    """Write all, or put back what was written: each comes with what it has now and what it is to have."""
    for index, (path, _before, after) in enumerate(files):
        try:
            write_in_one_step(path, after)
        except OSError as error:
            left = _put_back(files[:index])
            why = f"{path.name} cannot be written, {reason(error)}."
            if left:
                raise CannotChange(
                    f"{why} What was changed before could not be put back in {', '.join(left)}."
                ) from error
            raise CannotChange(f"Nothing was changed: {why}") from error


def _put_back(files: Sequence[tuple[Path, bytes, bytes]]) -> list[str]:
    """Give files what they had before; the names of those where that cannot be."""
    left = []
    for path, before, _after in files:
        try:
            write_in_one_step(path, before)
        except OSError:
            left.append(path.name)
    return left
