"""What one can ask the editor about a source, with keys and mouse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jedi
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.panels.editor import panel as panel_module
from tasktonic_studio.ui.panels.editor.closing import DISCARD
from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor
from tasktonic_studio.ui.panels.editor.panel import EditorPanel
from tasktonic_studio.ui.panels.editor.plain import PlainEditor
from tasktonic_studio.ui.panels.editor.view import EditorView
from tests.helpers.desk_here import DeskHere
from tests.helpers.panel_stand import PanelStand
from tests.studio.code.conftest import DOOR, HOUSE

Key = Qt.Key
_NONE = Qt.KeyboardModifier.NoModifier


class Bench:
    """An editor panel on a project of two files."""

    def __init__(self, qtbot: QtBot, folder: Path, recovery: Path) -> None:
        self.qtbot = qtbot
        self.door, self.house = folder / "door.py", folder / "house.py"
        self.panel = EditorPanel(recovery)
        self.stand = PanelStand(self.panel)
        self.stand.show(800, 500)
        self.view.activateWindow()
        self.open(self.house)

    @property
    def view(self) -> EditorView:
        view: EditorView = self.stand.view
        return view

    @property
    def editor(self) -> CodeEditor:
        editor = self.view.editor()
        assert editor is not None
        return editor

    def open(self, file: Path) -> None:
        self.view.open_place(str(file))
        self.view.focus_text()
        self.qtbot.waitUntil(self.editor.input_widget().hasFocus)

    def put_caret(self, behind: str) -> None:
        at = self.editor.text().index(behind) + len(behind)
        self.editor.go_to(self.editor.line_of(at))
        self.editor.select(at, at)

    def write_over(self, old: str, new: str) -> None:
        at = self.editor.text().index(old)
        self.editor.select(at, at + len(old))
        self.type(new)

    def type(self, text: str) -> None:
        self.qtbot.keyClicks(self.editor.input_widget(), text)

    def press(self, key: Key, held: Qt.KeyboardModifier = _NONE) -> None:
        self.qtbot.keyClick(self.editor.input_widget(), key, held)

    def until(self, fact: Callable[[], Any]) -> None:
        self.qtbot.waitUntil(lambda: bool(fact()))

    @property
    def place(self) -> tuple[str, int]:
        page = self.view.page()
        assert page is not None
        return page.document.name, self.editor.line_of(self.editor.caret())

    @property
    def tip(self) -> str:
        return self.editor.hint_windows.tip_text

    @property
    def knowing(self) -> Any:
        return self.panel.knowing

    @property
    def renaming(self) -> Any:
        return self.panel.renaming


@pytest.fixture
def bench(
    qtbot: QtBot, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Bench]:
    monkeypatch.setattr(panel_module, "CodeDesk", DeskHere)
    monkeypatch.setattr(jedi.settings, "cache_directory", str(tmp_path_factory.getbasetemp() / "jedi"))
    monkeypatch.setattr(EditorView, "ask", staticmethod(lambda *_: DISCARD))
    package = tmp_path / "pkg"
    package.mkdir()
    (tmp_path / "pyproject.toml").write_text("")
    for name, text in (("__init__", ""), ("door", DOOR), ("house", HOUSE)):
        (package / f"{name}.py").write_text(text)
    made = Bench(qtbot, package, tmp_path / "recovery")
    yield made
    made.stand.close()


def test_words_are_offered_while_somebody_types_and_taken_with_tab(bench: Bench) -> None:
    bench.write_over("self.mystery.ttsc__open()", "self.door.")
    bench.until(lambda: bench.editor.hint_windows.completions)
    first = bench.editor.hint_windows.completions[0]

    bench.type("ttsc__un")
    bench.press(Key.Key_Tab)

    assert (first.text, first.kind) == ("ttsc__close", "command")
    assert "self.door.ttsc__unlock\n" in bench.editor.text()
    assert not bench.editor.hint_windows.completions

    bench.type("(1, ")
    bench.until(lambda: bench.tip)
    assert bench.tip == "ttsc__unlock(code, *, force=False)"
    bench.type(")")
    bench.until(lambda: not bench.tip)


def test_the_plain_editor_offers_words_too(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench.panel._view, "_make_editor", PlainEditor)
    bench.open(bench.door)
    assert isinstance(bench.editor, PlainEditor)

    bench.write_over('self.to_state("closed")', "self.tts")
    bench.until(lambda: bench.editor.hint_windows.completions)
    bench.press(Key.Key_Return)

    assert "        self.ttsc__close\n" in bench.editor.text()


def test_states_are_offered_as_soon_as_a_text_begins(bench: Bench) -> None:
    bench.write_over('self.door.to_state("open")', 'self.door.to_state("')

    bench.until(lambda: bench.editor.hint_windows.completions)

    assert [it.text for it in bench.editor.hint_windows.completions] == ["closed", "jammed", "locked", "open"]
    bench.press(Key.Key_Escape)
    assert not bench.editor.hint_windows.completions
    bench.press(Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    bench.until(lambda: bench.editor.hint_windows.completions)


def test_enter_after_a_whole_word_begins_another_line(bench: Bench) -> None:
    bench.write_over("self.mystery.ttsc__open()", "self.door.ttsc__clos")
    bench.until(lambda: bench.editor.hint_windows.completions)
    bench.type("e")
    bench.stand.run("editor.complete")
    bench.qtbot.waitUntil(lambda: not bench.editor.hint_windows.completions)

    bench.press(Key.Key_Return)

    assert "self.door.ttsc__close\n        \n" in bench.editor.text()


def test_an_answer_about_an_older_text_is_not_shown(bench: Bench) -> None:
    bench.put_caret("self.door.ttsc__op")
    bench.stand.run("editor.show_meaning")
    bench.type("x")
    bench.stand.run("editor.find_callers")

    bench.until(lambda: bench.knowing.callers.title.whole.startswith("1 call of ttsc__opxen"))

    assert bench.tip == ""


def test_the_mouse_and_a_key_say_what_a_word_is(bench: Bench) -> None:
    bench.put_caret("self.door.ttsc__op")
    bench.stand.run("editor.show_meaning")
    bench.until(lambda: bench.tip)
    assert bench.tip.startswith("ttsc__open(wide: bool=False)\ncommand of Door\n")
    bench.press(Key.Key_Escape)
    assert bench.tip == ""

    at = bench.editor.text().index("ttsc_closed__open(True)") + 3
    bench.qtbot.mouseMove(bench.editor.input_widget().viewport(), bench.editor.place_of(at).center())
    bench.until(lambda: bench.tip)
    assert "command of Gate" in bench.tip


def test_f12_goes_to_the_handler_of_each_state_and_back(bench: Bench) -> None:
    bench.put_caret("self.gate.ttsc_cl")
    bench.press(Key.Key_F12)
    bench.until(lambda: bench.place == ("door.py", 30))
    bench.press(Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert bench.place == ("house.py", 23)
    bench.press(Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert bench.place == ("door.py", 30)
    bench.open(bench.house)

    at = bench.editor.text().index("self.door.ttsc__open") + 12
    centre = bench.editor.place_of(at).center()
    held = Qt.KeyboardModifier.ControlModifier
    bench.qtbot.mouseClick(bench.editor.input_widget().viewport(), Qt.MouseButton.LeftButton, held, centre)
    bench.until(lambda: bench.knowing.menu is not None)
    lines = [action.text() for action in bench.knowing.menu.actions()]
    assert lines == [
        "ttsc_closed__open — in state closed   (line 12)",
        "ttsc__open — in any state without its own   (line 16)",
    ]
    bench.qtbot.keyClick(bench.knowing.menu, Key.Key_Down)
    bench.qtbot.keyClick(bench.knowing.menu, Key.Key_Return)
    bench.until(lambda: bench.place == ("door.py", 16))


def test_what_is_defined_nowhere_is_said(bench: Bench) -> None:
    bench.put_caret("self.myst")

    bench.press(Key.Key_F12)

    bench.until(lambda: bench.tip == "It is not known where that is defined.")


def test_callers_are_listed_and_one_is_gone_to(bench: Bench) -> None:
    bench.put_caret("self.door.ttsc__op")
    bench.stand.run("editor.find_callers")
    callers = bench.knowing.callers
    bench.until(callers.tree.topLevelItemCount)
    rows = [[item.text(column) for column in range(3)] for item in map(callers.tree.topLevelItem, range(4))]

    assert callers.title.whole == "4 calls of ttsc__open of Door, Gate"
    assert rows[0] == ["Gate.ttsc_closed__open   door.py", "31", "super().ttsc_closed__open(wide)"]
    assert rows[3][2].endswith("(perhaps: what stands before the dot is not known)")
    bench.qtbot.keyClick(callers.tree, Key.Key_Return)
    bench.until(lambda: bench.place == ("door.py", 31))
    bench.qtbot.keyClick(callers.tree, Key.Key_Escape)
    assert callers.isHidden()
    assert bench.editor.input_widget().hasFocus()


def test_a_state_is_renamed_in_open_and_closed_files_and_taken_back(bench: Bench) -> None:
    bench.put_caret('self.door.to_state("op')
    bench.press(Key.Key_F2)
    bench.until(lambda: bench.renaming.dialog is not None)
    dialog = bench.renaming.dialog
    dialog.name.setText("closed")
    bench.until(lambda: dialog.sentence.text() == "✕  Door has a state closed already.")
    assert not dialog.do_it.isEnabled()

    dialog.name.setText("ajar")
    bench.until(dialog.do_it.isEnabled)
    assert dialog.sentence.text() == "5 places in 2 files will change; “Undo the rename” takes all back."
    groups = [dialog.tree.topLevelItem(index).text(0) for index in range(dialog.tree.topLevelItemCount())]
    assert groups == [
        "door.py",
        "house.py",
        "Not changed, look at it yourself: a name that is put together while the program runs",
    ]
    dialog.tree.topLevelItem(1).child(0).setCheckState(0, Qt.CheckState.Unchecked)
    dialog.do_it.click()

    assert bench.view.bar.sentence == "▲  open is ajar now: 4 places in 2 files; open files are not saved yet."
    assert bench.door.read_text() == DOOR.replace('"open"', '"ajar"').replace("_open__", "_ajar__")
    assert bench.editor.text() == HOUSE.replace('to_state("open")', 'to_state("ajar")')
    bench.editor.undo()
    assert bench.editor.text() == HOUSE
    bench.editor.redo()

    bench.view.bar.buttons()[0].click()

    assert bench.door.read_text() == DOOR
    assert bench.editor.text() == HOUSE
    assert bench.view.bar.sentence == ""


def test_a_rename_that_cannot_be_taken_back_yet_says_what_to_do_and_can_be_afterwards(bench: Bench) -> None:
    bench.put_caret('self.door.to_state("op')
    bench.press(Key.Key_F2)
    bench.until(lambda: bench.renaming.dialog is not None)
    dialog = bench.renaming.dialog
    dialog.name.setText("ajar")
    bench.until(dialog.do_it.isEnabled)
    dialog.do_it.click()
    bench.editor.replace(0, 0, "# typed since\n")

    bench.view.bar.buttons()[0].click()
    assert bench.view.bar.sentence == (
        "✕  Nothing was taken back: house.py was changed since. Undo that there, and try again."
    )
    assert "ajar" in bench.door.read_text()

    bench.editor.undo()
    bench.view.bar.buttons()[0].click()
    assert bench.door.read_text() == DOOR
    assert bench.editor.text() == HOUSE
    assert bench.view.bar.sentence == ""


def test_what_cannot_be_renamed_is_said_where_it_stands(bench: Bench) -> None:
    bench.put_caret("def ttse__on_st")

    bench.press(Key.Key_F2)

    bench.until(lambda: bench.tip == "ttse__on_start is called by the framework, under this name only.")


def test_the_open_folder_is_what_is_looked_through(bench: Bench) -> None:
    bench.stand.context.project.open(bench.house.parent)
    bench.put_caret("self.door.ttsc__op")

    bench.stand.run("editor.find_callers")
    bench.until(bench.knowing.callers.tree.topLevelItemCount)

    assert bench.knowing.surroundings()["root"] == str(bench.house.parent)
    assert bench.knowing.callers.title.whole == "4 calls of ttsc__open of Door, Gate"
