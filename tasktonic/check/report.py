"""What was found, written down: as text for people, as JSON, as SARIF for services that show findings beside the code."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Any, Final
from urllib.parse import quote

from ..loggers.columns import visible
from .checking import Report
from .finding import Finding, Fix
from .rules import CODES, RULES

FORMATS: Final = ("text", "json", "sarif")
_LEVELS: Final = {"error": "error", "warning": "warning", "hint": "note"}
_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"


def written(report: Report, form: str) -> str:
    """A report as one of ``FORMATS``, with a line end at the end."""
    return {"text": _text, "json": _json, "sarif": _sarif}[form](report)


def _text(report: Report) -> str:
    lines = [line for finding in report.findings for line in _lines_of(finding)]
    return "\n".join([*lines, _total(report)]) + "\n"


def _lines_of(it: Finding) -> Iterator[str]:
    # A name may have a line end in it: each finding is one line all the same, for whoever reads it line by line.
    yield f"{visible(it.file)}:{it.line}:{it.column}: {it.severity}: {it.text} [{it.code}]"
    yield f"    {it.reason} {it.advice}"


def _total(report: Report) -> str:
    count, files = len(report.findings), len(report.files)
    looked = f"{files} {'file' if files == 1 else 'files'}, {report.lines:,} {'line' if report.lines == 1 else 'lines'}"
    if not files:
        return "There are no Python files there."
    if not count:
        return f"Nothing found in {looked}."
    return f"{count} {'fault' if count == 1 else 'faults'} found in {looked}."


def _json(report: Report) -> str:
    whole = {
        "tool": "tasktonic check",
        "files": len(report.files),
        "lines": report.lines,
        "findings": [_plain(it) for it in report.findings],
    }
    return _as_json(whole)


def _as_json(whole: dict[str, Any]) -> str:
    """In ASCII: whatever encoding a console or a file on the way has, it comes through."""
    return json.dumps(whole, indent=2) + "\n"


def _plain(finding: Finding) -> dict[str, Any]:
    fixes = [{"title": fix.title, "edits": [edit._asdict() for edit in fix.edits]} for fix in finding.fixes]
    return {**finding._asdict(), "fixes": fixes}


def _sarif(report: Report) -> str:
    rules = {rule.code: rule for rule in reversed(RULES)}  # of rules with one code the first describes it
    rules = {code: rules[code] for code in CODES}
    driver = {
        "name": "tasktonic check",
        "rules": [
            {
                "id": code,
                "shortDescription": {"text": rule.title},
                "fullDescription": {"text": rule.reason},
                "defaultConfiguration": {"level": _LEVELS[rule.severity]},
            }
            for code, rule in rules.items()
        ],
    }
    numbers = {code: number for number, code in enumerate(rules)}
    results = [_result(it, numbers[it.code]) for it in report.findings]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return _as_json({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _result(it: Finding, number: int) -> dict[str, Any]:
    where = {
        "artifactLocation": {"uri": _uri(it.file)},
        "region": _region(it.line, it.column, it.end_line, it.end_column),
    }
    result: dict[str, Any] = {
        "ruleId": it.code,
        "ruleIndex": number,
        "level": _LEVELS[it.severity],
        "message": {"text": f"{it.text} {it.reason} {it.advice}"},
        "locations": [{"physicalLocation": where}],
    }
    if it.fixes:
        result["fixes"] = [_fix(it.file, fix) for fix in it.fixes]
    return result


def _fix(file: str, fix: Fix) -> dict[str, Any]:
    replacements = [
        {
            "deletedRegion": _region(edit.line, edit.column, edit.end_line, edit.end_column),
            "insertedContent": {"text": edit.text},
        }
        for edit in fix.edits
    ]
    change = {"artifactLocation": {"uri": _uri(file)}, "replacements": replacements}
    return {"description": {"text": fix.title}, "artifactChanges": [change]}


def _region(line: int, column: int, end_line: int, end_column: int) -> dict[str, int]:
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}


def _uri(file: str) -> str:
    """A relative path stays one, with plain slashes; an absolute one becomes an address. What an address cannot have is escaped."""
    if PurePath(file).is_absolute():
        return Path(file).as_uri()
    return quote(os.fsencode(PurePath(file).as_posix()))
