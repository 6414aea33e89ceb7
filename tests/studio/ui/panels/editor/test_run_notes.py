"""Beside the handlers stands what a run did in them: now, and at a moment before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tasktonic import events as ev
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor
from tasktonic_studio.ui.panels.editor.marks import MarkKind
from tasktonic_studio.ui.panels.editor.page import EditorPage
from tasktonic_studio.ui.panels.editor.panel import EditorPanel
from tasktonic_studio.ui.panels.editor.run_notes import RunNotes
from tests.helpers.builders import MS, EventWriter
from tests.helpers.panel_stand import PanelStand

SOURCE = (
    """\
class Base(ttTonic):
    def ttse__on_start(self):
        pass


class Door(Base):
    def ttsc__open(self):
        pass

    def ttsc_shut__open(self):
        pass
"""
    + "\n" * 200
    + "    def ttsc__far(self): pass\n"
)


class Stand(PanelStand):
    """The editor, with a file whose tonics run."""

    def __init__(self, file: Path, recovery: Path, *, plain: bool) -> None:
        super().__init__(EditorPanel(recovery))
        self.settings.set("editor.plain", plain)
        self.panel.open_source(str(file))  # type: ignore[attr-defined]
        self.write = EventWriter()
        self._define(ev.Name(str(file)))
        self.main = self.write.catalyst("main")
        self.door = self.write.born("Door", "door", catalyst=self.main, state="open")

    def _define(self, file: ev.Name) -> None:
        write, cls = self.write, len(self.write._classes)
        write._classes["Door"] = cls
        name = ev.Name
        write.add(ev.ClassDefined(cls, name("Door"), name("m"), file, 6, name(""), name("Base,ttTonic")))
        for index, state in enumerate(("open", "shut")):
            write._states[cls, state] = index
            write.add(ev.StateDefined(cls, index, name(state)))
        for method, state, line in (
            ("ttse__on_start", "", 2),
            ("ttsc__open", "", 7),
            ("ttsc_shut__open", "shut", 10),
            ("ttsc__far", "", 212),
        ):
            called = "ttsc__open" if "open" in method else method
            write.add(ev.HandlerDefined(cls, write.sparkle(cls, called), name(state), name(method), file, line))

    def tell(self) -> None:
        """Hand over what was written."""
        self.feed(self.write.take())
        self.notes._look.flush()

    @property
    def notes(self) -> RunNotes:
        return self.view.findChildren(RunNotes)[0]  # type: ignore[no-any-return]

    @property
    def page(self) -> EditorPage:
        page = self.view.page()
        assert isinstance(page, EditorPage)
        return page

    @property
    def editor(self) -> CodeEditor:
        return self.page.editor

    def words(self, line: int) -> str:
        note = self.editor.line_note(line)
        return note.text.replace("\u202f", " ") if note is not None else ""

    def tip(self, line: int) -> str:
        note = self.editor.line_note(line)
        return note.tip.replace("\u202f", " ") if note is not None else ""


@pytest.fixture(params=[False, True], ids=["scintilla", "plain"])
def stand(request: pytest.FixtureRequest, qtbot: QtBot, tmp_path: Path) -> Iterator[Stand]:
    file = tmp_path / "door.py"
    file.write_text(SOURCE)
    made = Stand(file, tmp_path / "drafts", plain=request.param)
    made.show(800, 500)
    QApplication.processEvents()
    yield made
    made.close()


def test_how_often_and_how_long_stands_behind_each_handler_also_an_inherited_one(stand: Stand) -> None:
    stand.write.sparkles(stand.door, "ttse__on_start", took_ns=2 * MS)
    stand.write.sparkles(stand.door, "ttsc__open", took_ns=3 * MS)
    stand.write.sparkles(stand.door, "ttsc__open", took_ns=5 * MS, to="shut")
    stand.write.sparkles(stand.door, "ttsc__open", took_ns=7 * MS, flags=ev.ERROR)
    stand.tell()

    assert stand.words(2) == "1×  last 2.00 ms"
    assert stand.words(7) == "2×  last 5.00 ms"
    assert stand.words(10) == "1×  last 7.00 ms  1 error"
    assert stand.tip(10).endswith("It raised in 1 of them.")
    assert stand.tip(7).startswith("ttsc__open ran 2 times, the last time for 5.00 ms at ")
    assert not stand.page.document.changed


def test_a_generic_handler_tells_its_states_apart_in_the_tip(stand: Stand) -> None:
    stand.write.sparkles(stand.door, "ttse__on_start", took_ns=MS, to="shut")
    stand.write.sparkles(stand.door, "ttse__on_start", took_ns=4 * MS)
    stand.tell()

    assert stand.words(2) == "2×  last 4.00 ms"
    assert "In state open: 1 time, the last time for 1.00 ms." in stand.tip(2)
    assert "In state shut: 1 time, the last time for 4.00 ms." in stand.tip(2)


def test_a_moment_before_has_its_own_figures(stand: Stand) -> None:
    stand.write.sparkles(stand.door, "ttsc__open", took_ns=3 * MS)
    stand.tell()
    before = stand.session.live.n
    stand.write.sparkles(stand.door, "ttsc__open", took_ns=9 * MS)
    stand.tell()
    assert stand.words(7) == "2×  last 9.00 ms"

    stand.selection.look_at(before)
    stand.panel.on_changes(Changes(everything=True))
    stand.notes._look.flush()

    assert stand.words(7) == "1×  last 3.00 ms"


def test_figures_stay_with_their_handler_when_lines_move(stand: Stand) -> None:
    stand.write.sparkles(stand.door, "ttsc__open", took_ns=3 * MS)
    stand.tell()

    stand.editor.replace(0, 0, "# one\n# two\n")
    stand.view.outline_side._outlines.look()
    stand.notes._look.flush()

    assert stand.words(9) == "1×  last 3.00 ms"
    assert stand.words(7) == ""


def test_only_lines_on_screen_have_a_note(stand: Stand, qtbot: QtBot) -> None:
    stand.write.sparkles(stand.door, "ttsc__far")
    stand.write.sparkles(stand.door, "ttsc__open")
    stand.tell()
    assert stand.words(7)
    assert not stand.words(212)

    stand.editor.go_to(212)

    qtbot.waitUntil(lambda: bool(stand.words(212)) and not stand.words(7))


def test_the_handler_that_runs_has_an_arrow(stand: Stand) -> None:
    write = stand.write
    sparkle = write.sparkle(write._classes["Door"], "ttsc__open")
    write.add(ev.Beat(write.t_ns, stand.main, 0, stand.door, sparkle, write.t_ns, 1, 0))
    stand.tell()
    assert [(mark.line, mark.kind, mark.why) for mark in stand.page.run_marks] == [
        (7, MarkKind.RUNS, "door runs ttsc__open.")
    ]

    write.beat(stand.main)
    stand.tell()
    assert stand.page.run_marks == []


def test_figures_can_be_switched_off(stand: Stand) -> None:
    stand.write.sparkles(stand.door, "ttsc__open")
    stand.tell()

    stand.run("editor.figures")
    assert stand.words(7) == ""
    stand.run("editor.figures")
    assert stand.words(7) != ""
