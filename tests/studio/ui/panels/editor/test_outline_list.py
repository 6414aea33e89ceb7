"""The outline beside the text: it shows what is there, follows the caret, filters, and goes where one says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTreeWidgetItem
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.panels.editor.outline_list import NOTHING, OutlineList
from tasktonic_studio.ui.panels.editor.panel import EditorPanel
from tasktonic_studio.ui.panels.editor.view import EditorView
from tests.helpers.panel_stand import PanelStand

SOURCE = """\
class Door(ttTonic):
    def ttse__on_start(self):
        self.ttsc__open()

    def ttsc_shut__open(self):
        pass

    def ttsc_shut__knock(self):
        pass

    def plain(self):
        pass


def main():
    pass
"""


class Stand(PanelStand):
    """The editor with one file and its outline."""

    def __init__(self, file: Path, recovery: Path, *, plain: bool) -> None:
        super().__init__(EditorPanel(recovery))
        self.settings.set("editor.plain", plain)
        self.panel.open_source(str(file))  # type: ignore[attr-defined]

    @property
    def editor_view(self) -> EditorView:
        assert isinstance(self.widget, EditorView)
        return self.widget

    @property
    def outline(self) -> OutlineList:
        return self.editor_view.outline_side.list

    def rows(self) -> list[tuple[int, str]]:
        """How deep, and the words, of each row that is shown."""
        return [(depth_of(row), row.text(0)) for row in self.outline._rows if not row.isHidden()]

    def write(self, text: str) -> None:
        """Put in another text, and let the outline look at it."""
        editor = self.editor_view.editor()
        assert editor is not None
        editor.replace(0, len(editor.text()), text)
        outlines = self.editor_view.outline_side._outlines
        assert outlines is not None
        outlines.look()


def depth_of(row: QTreeWidgetItem) -> int:
    parent = row.parent()
    return 0 if parent is None else 1 + depth_of(parent)


@pytest.fixture(params=[False, True], ids=["scintilla", "plain"])
def stand(request: pytest.FixtureRequest, qtbot: QtBot, tmp_path: Path) -> Iterator[Stand]:
    file = tmp_path / "door.py"
    file.write_text(SOURCE)
    made = Stand(file, tmp_path / "drafts", plain=request.param)
    made.show(800, 500)
    made.run("editor.outline")
    yield made
    made.close()


def test_tonics_states_and_sparkles_are_shown(stand: Stand) -> None:
    assert stand.rows() == [
        (0, "class Door"),
        (1, "ttse__on_start"),
        (1, "plain"),
        (1, "state shut"),
        (2, "ttsc__open"),
        (2, "ttsc__knock"),
        (0, "main"),
    ]


def test_it_follows_the_caret(stand: Stand, qtbot: QtBot) -> None:
    editor = stand.editor_view.editor()
    assert editor is not None
    editor.setFocus()

    editor.go_to(9)

    def chosen() -> str:
        row = stand.outline.tree.currentItem()
        return row.text(0) if row is not None else ""

    qtbot.waitUntil(lambda: chosen() == "ttsc__knock")


def test_enter_goes_to_the_first_that_the_filter_leaves_and_escape_back_to_the_text(stand: Stand) -> None:
    editor = stand.editor_view.editor()
    assert editor is not None

    QTest.keyClicks(stand.outline.filter, "KNOCK")
    assert stand.rows() == [(0, "class Door"), (1, "state shut"), (2, "ttsc__knock")]
    QTest.keyClick(stand.outline.filter, Qt.Key.Key_Return)
    assert editor.line_of(editor.caret()) == 8

    stand.outline.filter.clear()
    QTest.keyClick(stand.outline.filter, Qt.Key.Key_Down)
    QTest.keyClick(stand.outline.tree, Qt.Key.Key_Escape)
    assert len(stand.rows()) == 7


def test_what_is_half_typed_takes_nothing_away(stand: Stand) -> None:
    stand.write(SOURCE.replace("        pass\n\n    def plain", '        """half\n\n    def plain', 1))
    assert (1, "plain") in stand.rows()

    stand.write(SOURCE.replace("plain", "plainer"))
    assert (1, "plainer") in stand.rows()


def test_what_was_folded_stays_folded_when_something_else_is_typed(stand: Stand) -> None:
    group = next(row for row in stand.outline._rows if row.text(0) == "state shut")
    group.setExpanded(False)

    stand.write(SOURCE + "\n\ndef more(): pass\n")

    group = next(row for row in stand.outline._rows if row.text(0) == "state shut")
    assert not group.isExpanded()
    assert (0, "more") in stand.rows()


def test_a_text_without_anything_says_so_and_the_outline_goes_with_its_key(stand: Stand) -> None:
    stand.write("x = 1\n")
    assert stand.rows() == [(0, NOTHING)]

    stand.run("editor.outline")
    assert stand.outline.isHidden()
    stand.run("editor.outline")
    assert not stand.outline.isHidden()
    assert stand.editor_view.save_state()["outline"] is True


def test_only_what_was_changed_is_made_anew_and_all_lines_are_those_of_now(stand: Stand) -> None:
    many = "".join(f"class Door{number}(ttTonic):\n    def ttsc__go(self): ...\n\n\n" for number in range(5))
    stand.write(many)
    before = list(stand.outline._rows)

    stand.write("import os\n" + many.replace("class Door2", "class Gate", 1))

    after = list(stand.outline._rows)
    assert [one is other for one, other in zip(before, after, strict=True)] == [True] * 4 + [False] * 2 + [True] * 4
    assert [row.text(0) for row in after[4:6]] == ["class Gate", "ttsc__go"]
    assert [int(row.text(1)) for row in after] == [line for at in range(5) for line in (4 * at + 2, 4 * at + 3)]
    assert all(row.isExpanded() for row in after[::2])
    tree = stand.outline.tree
    assert [tree.topLevelItem(at) for at in range(tree.topLevelItemCount())] == after[::2]


def test_a_class_that_comes_or_goes_at_any_place_is_there_or_not(stand: Stand) -> None:
    classes = [f"class A{number}: ...\n" for number in range(4)]

    for shown in ([0, 1, 2, 3], [1, 2, 3], [1, 3], [1, 3, 2], [0], [], [0, 1], [0, 0, 1], [0, 1]):
        stand.write("".join(classes[number] for number in shown) or "x = 1\n")
        expected = [(0, f"class A{number}") for number in shown] or [(0, NOTHING)]
        assert stand.rows() == expected
        assert stand.outline.tree.topLevelItemCount() == len(expected)
