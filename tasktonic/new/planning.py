"""What a new thing would be, file by file, and writing it: all of it or nothing, and never over a file that is there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from string import Template

from ..errors import ttNewError
from .kinds import KINDS, Source
from .words import Words, why_not_name, words_of

_TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that would be written. ``is_there``: it is there already and does as it is, so it is left alone."""

    path: Path
    text: str
    is_there: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be made, or in ``problem`` why it cannot be.

    Attributes:
        kind: a word of ``KINDS``.
        words: the name in its spellings.
        folder: where it is made; of a project its own folder.
        main: the file to run.
        files: all its files.
        problem: a sentence, empty when it can be made.
    """

    kind: str
    words: Words
    folder: Path
    main: Path
    files: tuple[NewFile, ...]
    problem: str = ""


def plan(kind: str, name: str, into: str | Path = ".") -> Plan:
    """What ``tasktonic new KIND NAME --into DIR`` would write. Nothing is written.

    Args:
        kind: a word of ``KINDS``.
        name: its name, ``water_pump`` or ``WaterPump``.
        into: the folder to make it in; need not be there yet.

    Raises:
        ttNewError: there is no such kind. All else that is wrong is the plan's ``problem``.
    """
    if kind not in KINDS:
        raise ttNewError(f"There is no new {kind!r}; there can be a new {', '.join(KINDS)}.")
    words, into = words_of(name), Path(into)
    problem = why_not_name(kind, name)
    if problem:
        return Plan(kind, words, into, into, (), problem)
    folder = into / words.given if KINDS[kind].has_folder else into
    files = tuple(_file(source, folder, words) for source in KINDS[kind].sources)
    main = folder / Template(KINDS[kind].main).substitute(module=words.module)
    return Plan(kind, words, folder, main, files, _why_not_here(kind, into, folder, files))


def write(planned: Plan) -> list[Path]:
    """Write the files of a plan; gives those that were written. Any that were there are left as they are.

    Raises:
        ttNewError: it cannot be; what was written before that is removed again.
    """
    if planned.problem:
        raise ttNewError(planned.problem)
    written: list[Path] = []
    made: list[Path] = []
    try:
        for file in planned.files:
            if file.is_there:
                continue
            _make_folder(file.path.parent, made)
            with file.path.open("x", encoding="utf-8", newline="\n") as new:
                written.append(file.path)
                new.write(file.text)
    except OSError as error:
        _undo(written, made)
        where = error.filename or planned.folder
        why = "it is there already" if isinstance(error, FileExistsError) else error.strerror or str(error)
        raise ttNewError(f"{where} could not be written: {why}. Nothing was made.") from None
    return written


def _file(source: Source, folder: Path, words: Words) -> NewFile:
    fill = {"module": words.module, "class_name": words.class_name, "app_name": words.app_name, "title": words.given}
    path = folder / Template(source.file).substitute(fill)
    text = Template((_TEMPLATES / source.template).read_text(encoding="utf-8")).substitute(fill)
    return NewFile(path, text, is_there=source.if_missing and path.is_file())


def _why_not_here(kind: str, into: Path, folder: Path, files: tuple[NewFile, ...]) -> str:
    try:
        if into.exists() and not into.is_dir():
            return f"{into} is a file; a folder is needed to make a new {kind} in."
        if folder != into and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            return f"{folder} is there already and is not empty; take another name, or another folder."
        for file in files:
            if file.path.exists() and not file.is_there:
                return f"{file.path} is there already, and nothing is written over it; take another name, or another folder."
    except OSError as error:
        return f"{error.filename or into} cannot be looked into: {error.strerror}."
    return ""


def _make_folder(folder: Path, made: list[Path]) -> None:
    """Make a folder and those above it, and keep which were new."""
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        each.mkdir()
        made.append(each)


def _undo(written: list[Path], made: list[Path]) -> None:
    for path in reversed(written):
        path.unlink(missing_ok=True)
    for folder in reversed(made):
        try:
            folder.rmdir()
        except OSError:  # somebody else has put something into it
            return


__all__ = ["NewFile", "Plan", "plan", "write"]
