"""Checks files: reads them, has every rule look at each, and leaves out what is silenced."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from .finding import Edit, Finding, Fix
from .index import Index
from .moves import Moves
from .outline import Module
from .project import Shelf, python_files
from .rule import Found, Look, Rule
from .rules import CODES, RULES, UNREADABLE, UNUSED_SILENCE
from .silence import Silence, faults_of, silences_of
from .source import Problem, Source, read_source, source_of
from .tonics import Tonics

_RULE_BY_CODE: Final = {rule.code: rule for rule in reversed(RULES)}


@dataclass(slots=True)
class Report:
    """What was found in which files; `lines` counts their lines."""

    findings: list[Finding] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    lines: int = 0


def check_paths(paths: Iterable[str], *, select: Collection[str] = (), ignore: Collection[str] = ()) -> Report:
    """Check files and folders. Nothing of them is imported or run; a file that cannot be read is a finding.

    Args:
        paths: files and folders.
        select: only these codes; empty for all.
        ignore: not these.
    """
    files = list(dict.fromkeys(file for path in paths for file in python_files(path)))
    with _no_garbage_collection():
        return check_sources([read_source(file) for file in files], select=select, ignore=ignore)


def problems_of(text: str, file: str, others: Mapping[str, str] | None = None) -> list[Finding]:
    """Check one text as it stands in an editor, in milliseconds. Never raises: what cannot be read is a finding.

    Args:
        text: the text.
        file: where it is, or would be, stored: imports are looked for from there.
        others: texts of other files that are open, by file: they come before those on disk.
    """
    return check_sources([source_of(file, text)], texts=others).findings


def check_sources(
    sources: list[Source],
    *,
    select: Collection[str] = (),
    ignore: Collection[str] = (),
    texts: Mapping[str, str] | None = None,
) -> Report:
    """Check what was read already. Files that these import, and those around them, are read for what they say of these.

    Args:
        sources: what to check.
        select: only these codes; empty for all.
        ignore: not these.
        texts: texts of files that are open in an editor, by file: they come before those on disk.
    """
    index = Index(sources, Shelf({str(Path(it).absolute()): text for it, text in (texts or {}).items()}))
    tonics, moves = Tonics(index), Moves(index)
    wanted = {code for code in CODES if (not select or code in select) and code not in ignore}
    report = Report(files=[it.file for it in sources], lines=sum(it.line_count for it in sources))
    for module in index.checked:
        report.findings += _check(module, Look(module, tonics, moves), wanted)
    return report


def _check(module: Module, look: Look, wanted: set[str]) -> list[Finding]:
    source = module.source
    if source.problem is not None:
        return [_unreadable(source, source.problem)] if UNREADABLE in wanted else []
    try:
        found = [it for rule in RULES if rule.code in wanted for it in _findings(rule, look)]
    except RecursionError:
        problem = Problem("It is nested too deeply to be checked.")
        return [_unreadable(source, problem)] if UNREADABLE in wanted else []
    except Exception as error:
        # A fault of ours in one file must not keep the others from being checked, nor be taken for "nothing found".
        problem = Problem(f"The checker failed here, which is a fault of its own: {type(error).__name__}: {error}.")
        return [_unreadable(source, problem)] if UNREADABLE in wanted else []
    found = list({(it.code, it.line, it.column, it.text): it for it in found}.values())
    return sorted(_not_silenced(source, found, wanted - look.undecided), key=lambda it: (it.line, it.column, it.code))


def _findings(rule: Rule, look: Look) -> Iterator[Finding]:
    for found in rule.find(look) if rule.find is not None else ():
        yield _finding(rule, look, found)


def _finding(rule: Rule, look: Look, found: Found) -> Finding:
    place = look.piece(found.node)
    text, advice, fixes = found.text, found.advice, (*found.fixes, _silencing(look.module.source, place[0], rule.code))
    return Finding(rule.code, rule.severity, look.module.file, *place, text, rule.reason, advice, fixes)


def _silencing(source: Source, line: int, code: str) -> Fix:
    """The fix that leaves all as it is and says so; put behind the line, or into the comment that is there."""
    text = source.lines[line - 1]
    for silence in silences_of(source):
        if silence.line == line and silence.silences and silence.codes:
            at = silence.end_column - 1
            return Fix("Silence it here", (Edit(line, at, line, at, f", {code}"),))
    if text.rstrip().endswith("\\") or line in source.cut_lines:
        indentation = text[: len(text) - len(text.lstrip())]
        return Fix("Silence it here", (Edit(line, 1, line, 1, f"{indentation}# tasktonic: ignore[{code}]\n"),))
    end = len(text.rstrip()) + 1
    return Fix("Silence it here", (Edit(line, end, line, len(text) + 1, f"  # tasktonic: ignore[{code}]"),))


def _unreadable(source: Source, problem: Problem) -> Finding:
    rule = _RULE_BY_CODE[UNREADABLE]
    line = min(problem.line, len(source.lines))
    column = min(problem.column, len(source.lines[line - 1]) + 1)
    advice = "Mend it, or leave the file out."
    return Finding(
        rule.code, rule.severity, source.file, line, column, line, column + 1, str(problem), rule.reason, advice
    )


def _not_silenced(source: Source, found: list[Finding], judged: Collection[str]) -> list[Finding]:
    """What no comment silences, and the comments that silence nothing, as far as their codes were judged."""
    silences = silences_of(source)
    used: dict[Silence, set[str]] = {silence: set() for silence in silences}
    kept = []
    for finding in found:
        fitting = [it for it in silences if finding.code in it.codes and it.is_for(finding.line, finding.end_line)]
        for silence in fitting:
            used[silence].add(finding.code)
        if not fitting:
            kept.append(finding)
    if UNUSED_SILENCE in judged:
        kept += [it for silence in silences for it in _unused(source, silence, used[silence], judged)]
    return kept


def _unused(source: Source, silence: Silence, used: set[str], judged: Collection[str]) -> Iterator[Finding]:
    rule = _RULE_BY_CODE[UNUSED_SILENCE]
    unjudged = {code for code in CODES if code not in judged}
    left = [code for code in silence.codes if code in used or code in unjudged]
    line, text = silence.line, source.lines[silence.line - 1]
    for said, advice in faults_of(silence, CODES, used, unjudged):
        if left:
            mark = text[silence.column - 1 : silence.end_column - 1]
            edit = Edit(line, silence.column, line, silence.end_column, f"{mark[: mark.index('[')]}[{', '.join(left)}]")
        else:
            begin = len(text[: silence.column - 1].rstrip()) + 1
            edit = Edit(line, begin, line, silence.end_column, "")
        yield Finding(
            rule.code, rule.severity, source.file, line, silence.column, line, silence.end_column, said, rule.reason,
            advice, (Fix("Take it out", (edit,)),),
        )  # fmt: skip


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Trees are many small objects that all live: looking through them for garbage doubles the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
