"""Find and replace in the project: the list, the preview, the change in open and closed files, and taking it back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTreeWidgetItem
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.panels.editor.callers_list import CallersList
from tasktonic_studio.ui.panels.editor.panel import EditorPanel
from tasktonic_studio.ui.panels.editor.project_search import ProjectSearch
from tasktonic_studio.ui.panels.editor.view import EditorView
from tests.helpers.panel_stand import PanelStand


class Stand(PanelStand):
    """The editor in a project of three files, the first of which is open and changed."""

    def __init__(self, folder: Path, recovery: Path, qtbot: QtBot) -> None:
        super().__init__(EditorPanel(recovery))
        self._qtbot = qtbot
        self.folder = folder
        self.panel.open_source(str(folder / "a.py"))  # type: ignore[attr-defined]
        self.editor.replace(0, 0, "door\n")

    @property
    def editor_view(self) -> EditorView:
        assert isinstance(self.widget, EditorView)
        return self.widget

    @property
    def editor(self):  # type: ignore[no-untyped-def]
        editor = self.editor_view.editor()
        assert editor is not None
        return editor

    @property
    def search(self) -> ProjectSearch:
        return self.editor_view.findChildren(ProjectSearch)[0]

    def look_for(self, text: str) -> None:
        """Type, press Enter, and wait for the answer."""
        self.search.query.setText(text)
        QTest.keyClick(self.search.query, Qt.Key.Key_Return)
        self.wait()

    def wait(self) -> None:
        """Until all is found and shown."""
        self._qtbot.waitUntil(lambda: not self.search.is_busy, timeout=60_000)

    def rows(self) -> list[tuple[str, str, str]]:
        tops = [self.search.tree.topLevelItem(at) for at in range(self.search.tree.topLevelItemCount())]
        return [words(row) for top in tops if top is not None for row in (top, *children(top))]


def children(row: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    found = (row.child(at) for at in range(row.childCount()))
    return [child for child in found if child is not None]


def words(row: QTreeWidgetItem) -> tuple[str, str, str]:
    return row.text(0), row.text(1), row.text(2)


@pytest.fixture
def stand(qtbot: QtBot, tmp_path: Path) -> Iterator[Stand]:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "pyproject.toml").write_text("")
    (folder / "a.py").write_text("x = door\n")
    (folder / "b.py").write_bytes(b"# -*- coding: latin-1 -*-\r\ngr\xf6\xdfe = door\r\n")
    (folder / "binary.dat").write_bytes(b"door\0")
    made = Stand(folder, tmp_path / "drafts", qtbot)
    made.show(800, 600)
    made.run("editor.find_in_project")
    yield made
    made.close()


def test_all_places_are_listed_as_they_are_now_and_one_goes_there(stand: Stand) -> None:
    stand.look_for("door")

    assert stand.rows() == [
        ("a.py", "", ""),
        ("line 1", "door", ""),
        ("line 2", "x = door", ""),
        ("b.py", "", ""),
        ("line 2", "größe = door", ""),
        ("Not looked at: 1 file", "", ""),
        ("binary.dat", "it is no text", ""),
    ]
    assert stand.search.title.whole == "3 places in 2 files"
    stand.search.tree.setCurrentItem(stand.search._rows()[2])
    QTest.keyClick(stand.search.tree, Qt.Key.Key_Return)
    page = stand.editor_view.page()
    assert page is not None
    assert page.document.name == "b.py"
    assert (stand.editor.line_of(stand.editor.caret()), stand.editor.column()) == (2, 9)


def test_after_replacing_by_key_the_search_has_the_keys(stand: Stand, qtbot: QtBot) -> None:
    stand.look_for("door")
    stand.search.replacement.setText("gate")
    stand.search.replace.setFocus()
    qtbot.waitUntil(stand.search.replace.hasFocus)

    QTest.keyClick(stand.search.replace, Qt.Key.Key_Space)
    stand.wait()

    assert stand.search.title.whole.startswith("Nothing found")
    assert stand.search.query.hasFocus()


def test_what_is_ticked_is_replaced_in_open_and_closed_files_and_taken_back(stand: Stand) -> None:
    stand.look_for("door")
    stand.search.replacement.setText("gate")
    assert ("line 2", "größe = door", "größe = gate") in stand.rows()
    stand.search._rows()[0].setCheckState(0, Qt.CheckState.Unchecked)
    assert stand.search.replace.text() == "Replace 2 places"

    QTest.mouseClick(stand.search.replace, Qt.MouseButton.LeftButton)

    assert stand.editor.text() == "door\nx = gate\n"
    assert (stand.folder / "a.py").read_text() == "x = door\n"
    assert (stand.folder / "b.py").read_bytes() == b"# -*- coding: latin-1 -*-\r\ngr\xf6\xdfe = gate\r\n"
    bar = stand.editor_view.bar
    assert bar.sentence.endswith("2 places in 2 files replaced; open files are not saved yet.")

    QTest.mouseClick(bar.buttons()[0], Qt.MouseButton.LeftButton)

    assert stand.editor.text() == "door\nx = door\n"
    assert (stand.folder / "b.py").read_bytes() == b"# -*- coding: latin-1 -*-\r\ngr\xf6\xdfe = door\r\n"


def test_a_file_that_was_changed_meanwhile_is_left_alone_and_all_others_with_it(stand: Stand) -> None:
    stand.look_for("door")
    stand.search.replacement.setText("gate")
    (stand.folder / "b.py").write_text("nothing\n")

    QTest.mouseClick(stand.search.replace, Qt.MouseButton.LeftButton)

    assert "was changed meanwhile" in stand.editor_view.bar.sentence
    assert stand.editor.text() == "door\nx = door\n"


def test_a_pattern_shows_its_groups_and_a_wrong_one_is_explained(stand: Stand) -> None:
    stand.search.is_pattern.click()
    stand.look_for(r"(\w+) = (door)")
    stand.search.replacement.setText(r"\2 = \1")
    stand.wait()
    assert ("line 2", "x = door", "door = x") in stand.rows()

    stand.search.replacement.setText(r"\7")
    stand.wait()
    assert stand.search.title.whole.startswith("✕  This replacement cannot be used")
    assert not stand.search.replace.isEnabled()
    stand.look_for("(a+")
    assert stand.search.title.whole.startswith("✕  This pattern cannot be used")


def test_what_stands_around_a_hit_counts_for_what_comes_in_its_place(stand: Stand) -> None:
    stand.editor.replace(0, 0, "door(door) # door\n")
    stand.search.is_pattern.click()
    stand.look_for(r"(?<=[(])(d)oor(?=[)])|(?<== )door")
    stand.search.replacement.setText("gate")
    stand.wait()

    assert stand.rows()[1:3] == [
        ("line 1", "door(door) # door", "door(gate) # door"),
        ("line 3", "x = door", "x = gate"),
    ]
    QTest.mouseClick(stand.search.replace, Qt.MouseButton.LeftButton)

    assert stand.editor.text() == "door(gate) # door\ndoor\nx = gate\n"
    assert (stand.folder / "b.py").read_bytes().endswith(b" = gate\r\n")


def test_what_goes_over_several_lines_is_replaced_and_taken_back(stand: Stand) -> None:
    stand.search.is_pattern.click()
    stand.look_for(r"door\nx = (\w+)|-\*-\n(?P<more>\w)")
    stand.search.replacement.setText(r"gate = \1")
    stand.wait()
    assert stand.rows()[1] == ("lines 1 to 2", "door", "gate = door")
    stand.search.replacement.setText("gate")
    stand.wait()

    QTest.mouseClick(stand.search.replace, Qt.MouseButton.LeftButton)

    assert stand.editor.text() == "gate\n"
    assert (stand.folder / "b.py").read_bytes() == b"# -*- coding: latin-1 gater\xf6\xdfe = door\r\n"
    QTest.mouseClick(stand.editor_view.bar.buttons()[0], Qt.MouseButton.LeftButton)
    assert stand.editor.text() == "door\nx = door\n"
    assert (stand.folder / "b.py").read_bytes() == b"# -*- coding: latin-1 -*-\r\ngr\xf6\xdfe = door\r\n"


def test_a_pattern_that_looks_at_other_lines_is_not_replaced_and_says_why(stand: Stand) -> None:
    stand.search.is_pattern.click()
    stand.look_for(r"(?<=door\n)x = door")
    stand.search.replacement.setText("gate")
    stand.wait()

    assert stand.rows()[1] == (
        "line 2",
        "x = door",
        "Replace it in the file: the pattern looks at more than this place.",
    )
    assert not stand.search.replace.isEnabled()


def test_what_was_closed_while_it_looked_is_looked_for_when_it_is_opened_again(stand: Stand) -> None:
    stand.search.query.setText("door")
    QTest.keyClick(stand.search.query, Qt.Key.Key_Return)
    QTest.keyClick(stand.search.query, Qt.Key.Key_Escape)

    stand.run("editor.find_in_project")
    stand.wait()

    assert stand.search.title.whole.endswith("in 2 files")
    assert stand.search.replace.isEnabled()


def test_nothing_found_is_said_and_escape_closes(stand: Stand) -> None:
    stand.look_for("window")
    assert stand.search.title.whole == "Nothing found in 3 files"

    QTest.keyClick(stand.search.query, Qt.Key.Key_Escape)

    assert stand.search.isHidden()


def test_one_list_at_a_time_stands_under_the_text_and_leaves_room_for_it(stand: Stand, qtbot: QtBot) -> None:
    callers = stand.editor_view.findChildren(CallersList)[0]
    stand.editor_view.show_replace()
    found = [("/p/a.py", number, 0, 1, f"Door.ttsc__{number}", "x = door", True) for number in range(1, 9)]

    callers.show_asked()
    callers.show_found("door", found, "", "/p")
    was_search_there = stand.search.isVisible()
    stand.widget.resize(800, 300)

    assert not was_search_there
    sides = stand.editor_view._sides
    qtbot.waitUntil(lambda: stand.widget.height() == 300 and callers.tree.height() < callers.tree.sizeHint().height())
    qtbot.waitUntil(lambda: sides.height() >= sides.minimumHeight() > 0)
    stand.widget.resize(800, 600)
    qtbot.waitUntil(lambda: callers.tree.height() == callers.tree.sizeHint().height())
    stand.search.open("")
    assert not callers.isVisible()
    assert stand.search.query.hasFocus() or not stand.widget.isActiveWindow()
