"""Breakpoints beside the lines, in both editors: a click sets and removes one, and a dot is where it is and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tasktonic.rules import Breakpoint, Term
from tasktonic_studio.ui.panels.editor.breakpoint_dots import NO_HANDLER, BreakpointDots
from tasktonic_studio.ui.panels.editor.marks import MarkKind, line_break_mark, stands_mark
from tasktonic_studio.ui.panels.editor.panel import EditorPanel
from tasktonic_studio.ui.panels.editor.plain import PlainEditor
from tests.helpers.panel_stand import PanelStand

SOURCE = """\
class Door(ttTonic):
    def ttse__on_start(self):
        self.ttsc__open()

    def ttsc_shut__open(self):
        pass
"""
OPEN = Term("sparkle", "ttsc__open", "Door")


class Stand(PanelStand):
    """The editor with one file."""

    def __init__(self, file: Path, recovery: Path, *, plain: bool) -> None:
        super().__init__(EditorPanel(recovery))
        self.settings.set("editor.plain", plain)
        self.panel.open_source(str(file))  # type: ignore[attr-defined]

    @property
    def page(self):  # type: ignore[no-untyped-def]
        page = self.view.page()
        assert page is not None
        return page

    @property
    def dots(self) -> list[tuple[int, MarkKind]]:
        found = self.view.findChildren(BreakpointDots)
        found[0]._look.flush()
        return [(mark.line, mark.kind) for mark in self.page.breakpoints]

    def click_beside(self, line: int) -> None:
        """Click into the margin, as a person does."""
        editor = self.page.editor
        if isinstance(editor, PlainEditor):
            block = editor._document().findBlockByNumber(line - 1)
            box = editor._edit.blockBoundingGeometry(block).translated(editor._edit.contentOffset())
            QTest.mouseClick(editor._margin, Qt.MouseButton.LeftButton, pos=QPoint(6, round(box.center().y())))
            return
        edit = editor._edit
        height = edit.textHeight(line - 1)
        where = QPoint(6, round((line - edit.firstVisibleLine() - 0.5) * height))
        target: QWidget = edit.viewport()
        QTest.mouseClick(target, Qt.MouseButton.LeftButton, pos=where)


MakeStand = Callable[..., Stand]


@pytest.fixture(params=[False, True], ids=["scintilla", "plain"])
def stand(request: pytest.FixtureRequest, qtbot: QtBot, tmp_path: Path) -> Iterator[Stand]:
    file = tmp_path / "door.py"
    file.write_text(SOURCE)
    made = Stand(file, tmp_path / "drafts", plain=request.param)
    made.show(700, 400)
    yield made
    made.close()


def test_a_click_beside_a_handler_sets_a_breakpoint_and_shows_a_dot(stand: Stand) -> None:
    stand.click_beside(6)

    assert [point.terms for point in stand.session.breakpoints.all] == [(OPEN,)]
    assert stand.dots == [(5, MarkKind.BREAKPOINT)]


def test_a_second_click_takes_it_away(stand: Stand) -> None:
    stand.click_beside(5)
    stand.click_beside(5)

    assert stand.session.breakpoints.all == ()
    assert stand.dots == []


def test_a_click_beside_another_line_sets_nothing_and_says_so(stand: Stand) -> None:
    stand.click_beside(1)

    assert stand.session.breakpoints.all == ()
    assert stand.dots == []
    assert NO_HANDLER in stand.page.bar.sentence


def test_one_that_is_switched_off_has_a_hollow_dot(stand: Stand) -> None:
    stand.session.breakpoints.add(Breakpoint(0, (OPEN,), enabled=False))

    assert stand.dots == [(5, MarkKind.BREAKPOINT_OFF)]


def test_a_dot_is_where_its_handler_is_after_an_edit(stand: Stand) -> None:
    stand.session.breakpoints.add(Breakpoint(0, (OPEN,)))
    assert stand.dots == [(5, MarkKind.BREAKPOINT)]

    stand.page.editor.replace(0, 0, "# a line more\n\n")

    assert stand.dots == [(7, MarkKind.BREAKPOINT)]


def test_a_dot_stays_while_a_line_is_half_typed(stand: Stand) -> None:
    stand.session.breakpoints.add(Breakpoint(0, (OPEN,)))

    stand.page.editor.replace(0, 0, "x = (\n")
    assert stand.dots == [(6, MarkKind.BREAKPOINT)]
    stand.click_beside(3)

    assert len(stand.session.breakpoints.all) == 2
    assert stand.dots == [(3, MarkKind.BREAKPOINT), (6, MarkKind.BREAKPOINT)]


def test_a_dot_moves_at_once_with_its_line_and_comes_back_with_it(stand: Stand) -> None:
    stand.session.breakpoints.add(Breakpoint(0, (OPEN,)))
    assert stand.dots == [(5, MarkKind.BREAKPOINT)]
    editor = stand.page.editor
    editor.select(0, 0)

    QTest.keyClick(editor.input_widget(), Qt.Key.Key_Return)
    assert [mark.line for mark in stand.page.breakpoints] == [6]
    editor.undo()
    assert [mark.line for mark in stand.page.breakpoints] == [5]
    editor.select(0, len(editor.text()))
    editor.cut()
    editor.undo()

    assert stand.dots == [(5, MarkKind.BREAKPOINT)]
    assert dots_painted(stand) == 1


def test_marks_stay_at_their_lines_when_lines_come_somewhere_else(stand: Stand) -> None:
    stand.page.show_line_marks([line_break_mark(3), stands_mark(6)])
    editor = stand.page.editor
    editor.select(0, 0)

    end, second = len(editor.text()), editor.line_start(5)
    editor.replace_many(
        [(end, end, "\n\n    def more(self): pass\n"), (second, second, "    # a note\n    # and one\n")]
    )
    assert [mark.line for mark in stand.page.line_marks] == [3, 8]
    editor.undo()

    assert [mark.line for mark in stand.page.line_marks] == [3, 6]


def dots_painted(stand: Stand) -> int:
    """How many rows of dots there are in the margin."""
    picture = stand.page.editor.grab().toImage()
    wanted = stand.theme.color("error").rgb()
    rows = [any(picture.pixel(x, y) == wanted for x in range(16)) for y in range(picture.height())]
    return sum(row and not before for row, before in zip(rows, [False, *rows], strict=False))


def test_a_file_that_becomes_python_by_its_new_name_has_handlers(stand: Stand, tmp_path: Path) -> None:
    old, new = tmp_path / "door.txt", tmp_path / "gate.py"
    old.write_text(SOURCE)
    stand.panel.open_source(str(old))  # type: ignore[attr-defined]
    stand.click_beside(5)
    assert NO_HANDLER in stand.page.bar.sentence

    old.rename(new)
    stand.panel.source_moved(str(old), str(new))  # type: ignore[attr-defined]
    stand.click_beside(5)

    assert [point.terms for point in stand.session.breakpoints.all] == [(OPEN,)]


def test_one_of_another_class_has_no_dot(stand: Stand) -> None:
    stand.session.breakpoints.add(Breakpoint(0, (Term("sparkle", "ttsc__open", "Window"),)))
    stand.session.breakpoints.add(Breakpoint(0, (Term("sparkle", "ttsc__*", "Door", negated=True),)))

    assert stand.dots == []


def test_a_dot_is_painted(stand: Stand) -> None:
    before = stand.page.editor.grab().toImage()
    stand.session.breakpoints.add(Breakpoint(0, (OPEN,)))
    assert stand.dots

    after = stand.page.editor.grab().toImage()

    wanted = stand.theme.color("error").name()
    margin = [(x, y) for x in range(16) for y in range(after.height() // 2)]
    assert wanted not in {before.pixelColor(x, y).name() for x, y in margin}
    assert wanted in {after.pixelColor(x, y).name() for x, y in margin}
