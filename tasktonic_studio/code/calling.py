"""Who calls a sparkle, who asks for a state, who uses an ordinary name: all places of the project."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

from tasktonic_studio.code.question import Question
from tasktonic_studio.code.uses import Use, Uses, subject_at

MOST: Final = 2_000


class Caller(NamedTuple):
    """One place: `line` from 1, `column` and `end` from 0. `where` is the method around, `text` the line; `is_sure` as in uses."""

    file: str
    line: int
    column: int
    end: int
    where: str
    text: str
    is_sure: bool


class Callers(NamedTuple):
    """`subject` says in words of what; empty where there is nothing at the place. `is_all`: no place is left out. `scope` is a
    sentence of what was looked through, where that is less than one would think.
    """

    subject: str
    found: list[Caller]
    is_all: bool = True
    scope: str = ""


def callers_of(question: Question) -> Callers:
    """All calls of what stands at the place, the certain ones first."""
    subject = subject_at(question)
    if subject is None:
        return _by_jedi(question)
    kind = "state" if subject.state else "attribute"
    uses = [it for it in Uses(question, subject).all() if it.mention.kind == kind]
    uses.sort(key=lambda it: (not it.is_sure, it.file, it.mention.line, it.mention.column))
    is_all = question.sources.is_whole and len(uses) <= MOST
    return Callers(subject.words, [caller(question, it) for it in uses[:MOST]], is_all, question.sources.scope)


def caller(question: Question, use: Use) -> Caller:
    """A mention with its line."""
    mention = use.mention
    where = ".".join(filter(None, (mention.cls, mention.method))) or Path(use.file).name
    text = _line(question, use.file, mention.line)
    return Caller(use.file, mention.line, mention.column, mention.end, where, text.strip()[:300], use.is_sure)


def _line(question: Question, file: str, line: int) -> str:
    lines = question.sources.text(file).split("\n")
    return lines[line - 1] if line <= len(lines) else ""


def _by_jedi(question: Question) -> Callers:
    place = question.place
    if place.quote >= 0 or place.is_comment or not place.word:
        return Callers("", [])
    # In a folder that is no project jedi would look through all of it.
    sources = question.sources
    inside = set(sources.files()) if sources.may_leave_out else None
    reach = "file" if inside is not None and len(inside) == 1 else "project"
    try:
        names = question.script.get_references(place.line, place.begin, include_builtins=False, scope=reach)
        found = []
        for it in names:
            if it.is_definition() or it.module_path is None or it.line is None or it.column is None:
                continue
            if inside is not None and str(it.module_path) not in inside:
                continue
            parent = it.parent()
            where = parent.name if parent is not None else ""
            file = str(it.module_path)
            text = _line(question, file, it.line).strip()[:300]
            found.append(Caller(file, it.line, it.column, it.column + len(it.name), where, text, True))
    except Exception:
        # What jedi stumbles over in half-written source, it does not know.
        return Callers(place.word, [])
    return Callers(place.word, found[:MOST], len(found) <= MOST, sources.scope)
