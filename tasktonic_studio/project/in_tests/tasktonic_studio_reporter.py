"""A plugin for pytest that writes what happens into a file, a line of JSON each, for the Studio to read along.

It runs in the Python of a project, where the Studio is not: it needs nothing but the standard library. Each line
is in the file before the next thing happens, so that whoever reads it knows where a process was that died.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

_FILE = "TASKTONIC_STUDIO_TESTS"
_LONGEST = 100_000
_AT_ONCE = 200
_OWN = re.compile(r"E  |(?![</])(?!.*site-packages)[^\s:][^:]*:\d+: in ")
_TRACE = re.compile(r"The trace of this test: (.+\.ttt)$", re.MULTILINE)


def pytest_configure(config: Any) -> None:
    """Begin to write, where the Studio asked for it. A worker of pytest-xdist leaves it to the process that started it."""
    place = os.environ.get(_FILE)
    if place and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Reporter(place, config), "tasktonic_studio_writer")


class _Reporter:
    def __init__(self, place: str, config: Any) -> None:
        self._file = os.open(place, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._root = Path(config.rootpath)
        self._parts: dict[str, list[Any]] = {}
        self._write("begin", root=str(self._root))

    def _write(self, kind: str, **fields: Any) -> None:
        line = json.dumps({"kind": kind, **fields}, default=str) + "\n"
        os.write(self._file, line.encode("utf-8", "replace"))

    def pytest_collection_finish(self, session: Any) -> None:
        tests = [self._place(item.nodeid, item.location) for item in session.items]
        for begin in range(0, len(tests), _AT_ONCE):
            self._write("tests", tests=tests[begin : begin + _AT_ONCE])
        self._write("collected", count=len(tests))

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed:
            where = report.nodeid or "collection"
            text = _own_part(_text(report))
            self._write("broken", id=where, file=str(self._root / where), text=text, places=_places(report, self._root))

    def pytest_runtest_logstart(self, nodeid: str, location: tuple[Any, ...]) -> None:
        self._parts[nodeid] = []
        self._write("start", **self._place(nodeid, location))

    def pytest_runtest_logreport(self, report: Any) -> None:
        parts = self._parts.setdefault(report.nodeid, [])
        parts.append(report)
        if report.when != "teardown":
            return
        del self._parts[report.nodeid]
        worst = max(parts, key=lambda part: (part.failed, part.skipped, part.when == "call"))
        # What is printed in a part is also in the reports of those after it: the last one has all of it.
        sections = [[title, text[-_LONGEST:]] for title, text in parts[-1].sections]
        told = [text for part in parts for title, text in part.sections if title == "tasktonic"]
        traces = _TRACE.findall("\n".join(told))
        sections = [section for section in sections if section[0] != "tasktonic"]
        self._write(
            "result",
            outcome=_outcome(worst),
            seconds=sum(part.duration for part in parts),
            text=_text(worst),
            sections=sections,
            places=_places(worst, self._root),
            trace=traces[-1] if traces else "",
            **self._place(report.nodeid, report.location),
        )

    def pytest_keyboard_interrupt(self, excinfo: Any) -> None:
        # Also of pytest.exit, which a test may call, and of pytest itself, when files cannot be read: those are told already.
        if excinfo.typename != "Interrupted":
            self._write("interrupted", why=f"{excinfo.typename}: {excinfo.value}"[:300].rstrip(": "))

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        self._write("end", code=int(exitstatus))

    def _place(self, node: str, location: tuple[Any, ...]) -> dict[str, Any]:
        file, line = str(self._root / location[0]), location[1]
        # Where the function stands; a test of a base class, or one under a decorator, is found by the file of its id.
        module = str(self._root / node.partition("::")[0])
        return {"id": node, "file": file, "line": (line or 0) + 1, "module": module if module != file else ""}


def _outcome(report: Any) -> str:
    if hasattr(report, "wasxfail"):
        return "failed as expected" if report.skipped else "passed unexpectedly"
    if report.failed:
        return "failed" if report.when == "call" else "error"
    return "skipped" if report.skipped else "passed"


def _text(report: Any) -> str:
    if report.outcome == "passed":
        return ""
    told = report.longrepr
    if isinstance(told, tuple) and len(told) == 3:
        return f"{told[2]} ({told[0]}, line {told[1]})"
    return str(report.longreprtext)[-_LONGEST:]


def _own_part(text: str) -> str:
    """Of why a file cannot be read, what comes after the calls inside of pytest and of Python's own importing."""
    lines = text.splitlines()
    own = next((at for at, line in enumerate(lines) if _OWN.match(line)), 0)
    return "\n".join(lines[own:])


def _places(report: Any, root: Path) -> list[list[Any]]:
    """Where it went wrong, the test first and the innermost call last: file and line."""
    told = report.longrepr
    chain = getattr(told, "chain", None)
    entries = chain[-1][0].reprentries if chain else getattr(getattr(told, "reprtraceback", None), "reprentries", [])
    found = []
    for entry in entries:
        place = getattr(entry, "reprfileloc", None)
        if place is not None and place.path:
            found.append([str(root / str(place.path)), place.lineno])
    return found
