"""Lines to stop at are kept with their project, each with its condition; and a condition is asked in the app."""

from __future__ import annotations

import json
from pathlib import Path

from tasktonic_studio.services.breakpoint_files import BreakpointFiles
from tasktonic_studio.session.line_facts import LineBreak
from tests.helpers.line_apps import THIRD, line_of, write
from tests.helpers.services_app import services

LINES = (LineBreak("/a/pump.py", 7), LineBreak("/a/pump.py", 12, condition="self.level > 80"))


def test_lines_are_kept_apart_by_project_and_without_what_was_wrong_with_them(tmp_path: Path) -> None:
    files = BreakpointFiles(tmp_path)
    files.begin("/a/main.py")
    files.keep_lines((LINES[0]._replace(problem="No line of code."), LINES[1]))
    files.keep("/b/main.py", ())  # of another project: those of this one stay
    files.keep("/a/main.py", ())

    later = BreakpointFiles(tmp_path)
    read = []
    for project in ("/a/main.py", "/b/main.py", "/a/main.py"):
        later.begin(project)
        read.append(later.lines)

    assert read == [LINES, (), LINES]


def test_lines_that_were_set_before_any_script_belong_to_the_first(tmp_path: Path) -> None:
    files = BreakpointFiles(tmp_path)
    files.keep_lines(LINES[:1])
    files.begin("/a/main.py")

    assert files.lines == LINES[:1]
    again = BreakpointFiles(tmp_path)
    again.begin("/a/main.py")
    assert again.lines == LINES[:1]


def test_what_is_no_line_in_a_file_is_left_out(tmp_path: Path) -> None:
    files = BreakpointFiles(tmp_path)
    good = {"file": "/a/pump.py", "line": 7, "condition": None}
    listed = [1, {}, {"file": 3, "line": 3}, {"file": "/a", "line": 0}, {"file": "/a", "line": True}, good, good]
    files.file_of("/a/main.py").write_text(json.dumps({"breakpoints": [], "lines": listed}))

    assert (files.begin("/a/main.py").problem, files.lines) == ("", LINES[:1])


def test_an_app_stops_at_a_line_only_if_also_when_the_studio_was_started_anew(tmp_path: Path) -> None:
    script, line = str(write(tmp_path)), line_of(THIRD)
    for is_first in (True, False):
        with services() as stand:
            if is_first:
                stand.requests.toggle_line_break(script, line)
                stand.requests.condition_line_break(script, line, " number % 20 == 7 ")
            stand.requests.launch(script)
            stand.until(lambda: stand.session.lines.stop is not None and bool(stand.session.lines.stop.locals))
            stop = stand.session.lines.stop
            assert stop is not None
            values = {row.name: row.value for row in stop.locals}
            assert (stop.frames[0].line, int(values["number"]) % 20) == (line, 7)
            assert stand.session.lines.breaks == (LineBreak(script, line, condition="number % 20 == 7"),)
