"""Lines to stop at, and where the app stands, beside a text that is being changed: always at their code, or it is said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tasktonic_studio.session.inbox import LinesTold
from tasktonic_studio.session.line_facts import LineBreak, LineFacts, LineFrame, LineStop
from tasktonic_studio.ui.panels.editor.closing import DISCARD
from tasktonic_studio.ui.panels.editor.line_following import NOT_ON_DISK
from tasktonic_studio.ui.panels.editor.marks import MarkKind
from tasktonic_studio.ui.panels.editor.panel import EditorPanel
from tasktonic_studio.ui.panels.editor.view import EditorView
from tasktonic_studio.ui.panels.lines.panel import LinesPanel
from tests.helpers.window_stand import WindowStand

TEXT = "import os\n\na = 1\nb = 2\nc = 3\n"


class Desk:
    """A window with the editor and a file in it."""

    def __init__(self, folder: Path, *, plain: bool) -> None:
        self.file = folder / "pump.py"
        self.file.write_text(TEXT)
        self.panel = EditorPanel(folder / "drafts")
        self.stand = WindowStand(
            folder, panels=[self.panel, LinesPanel()], settings={"editor.plain": plain, "editor.go_on": "off"}
        )
        self.stand.window.show()
        self.stand.bench.open_source(str(self.file), 1)

    @property
    def page(self) -> Any:
        assert self.panel._view is not None
        return self.panel._view.page()

    def told(self, *lines: int, stands: int = 0, problem: str = "") -> None:
        """The debugger tells at which lines it stops, and where it stands."""
        frame = LineFrame(1, "f", str(self.file), stands, stands, problem)
        stop = LineStop(1, "main", "breakpoint", (frame,)) if stands else None
        breaks = tuple(LineBreak(str(self.file), line) for line in lines)
        self.stand.feed(LinesTold(LineFacts(breaks=breaks, stop=stop)))

    def type_at(self, line: int, text: str) -> None:
        at = self.page.editor.line_start(line)
        self.page.editor.replace(at, at, text)

    def marks(self, kind: MarkKind = MarkKind.LINE_BREAK) -> list[int]:
        shown: list[int] = self.page.editor.marked_lines(kind)
        return shown

    def asked(self, what: str) -> list[Any]:
        return [it[1:] for it in self.stand.requests.asked if it[0] == what]


@pytest.fixture(params=[False, True], ids=["scintilla", "plain"])
def desk(
    tmp_path: Path, qapp: object, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Desk]:
    monkeypatch.setattr(EditorView, "ask", staticmethod(lambda *_: DISCARD))
    made = Desk(tmp_path, plain=request.param)
    yield made
    made.stand.close()


def test_lines_that_are_told_while_a_text_is_changed_are_marked_at_their_code(desk: Desk) -> None:
    desk.type_at(1, "x = 0\ny = 0\n")

    desk.told(3, 5, stands=4)

    assert desk.marks() == [5, 7]
    assert desk.marks(MarkKind.STANDS) == [6]


def test_a_line_of_a_changed_text_is_asked_for_as_the_file_has_it(desk: Desk) -> None:
    desk.type_at(1, "x = 0\n")
    desk.page.editor.go_to(4)  # a = 1

    desk.stand.bench.run("editor.break_in_line")
    desk.page.editor.go_to(1)
    desk.stand.bench.run("editor.break_in_line")

    assert desk.asked("toggle_line_break") == [(str(desk.file), 3)]
    problem = desk.stand.bench.banner.problem
    assert problem is not None
    assert problem.sentence == NOT_ON_DISK


def test_lines_to_stop_at_go_with_their_code_when_the_text_is_saved(desk: Desk) -> None:
    desk.told(3, 4, 5)
    desk.type_at(1, "x = 0\n")
    at = desk.page.editor.text().index("a = 1")
    desk.page.editor.replace(at + 4, at + 5, "100")  # the same line, changed
    at = desk.page.editor.text().index("b = 2")
    desk.page.editor.replace(at, at + 6, "")  # gone

    desk.stand.bench.run("editor.save")

    assert desk.asked("lines_moved") == [(str(desk.file), str(desk.file), {3: 4, 4: 0}, TEXT)]


def test_a_line_that_was_changed_is_taken_away_where_it_is_marked(desk: Desk) -> None:
    desk.told(3)
    at = desk.page.editor.text().index("a = 1")
    desk.page.editor.replace(at, at, "more_")
    desk.type_at(1, "x = 0\n")
    desk.page.editor.go_to(4)

    desk.stand.bench.run("editor.break_in_line")

    assert desk.asked("toggle_line_break") == [(str(desk.file), 3)]


def test_lines_to_stop_at_go_with_a_file_that_is_read_anew_or_renamed(desk: Desk) -> None:
    desk.told(3)
    desk.file.write_text("x = 0\n" + TEXT)
    desk.page.look_at_disk()
    desk.page.reload()
    new = desk.file.with_name("other.py")
    desk.told(4)
    desk.stand.bench.source_moved(str(desk.file), str(new))

    moved = desk.asked("lines_moved")
    assert moved == [(str(desk.file), str(desk.file), {3: 4}, TEXT), (str(desk.file), str(new), {}, None)]


def test_where_the_app_stands_is_gone_to_in_a_changed_text_and_what_differs_is_said(desk: Desk) -> None:
    desk.type_at(1, "x = 0\n")

    desk.told(stands=4, problem="It is another text.")
    desk.stand.bench.open_saved(str(desk.file), 4)

    editor = desk.page.editor
    assert (editor.line_of(editor.caret()), desk.marks(MarkKind.STANDS)) == (5, [5])
    assert desk.page.bar.sentence == "▲  It is another text."
    desk.told()
    assert desk.page.bar.sentence == ""
