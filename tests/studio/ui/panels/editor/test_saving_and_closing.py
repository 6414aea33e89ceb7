"""Saving and closing files: what is asked, what is written, and what cannot be written. In both editors."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTabBar
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.panels.editor.closing import CANCEL, DISCARD, SAVE
from tasktonic_studio.ui.panels.editor.view import EditorView
from tasktonic_studio.ui.widgets.focus import has_focus
from tests.studio.ui.panels.editor.acting import Asked, click, drafts, page_of, write


def test_typing_shows_a_dot_that_saving_takes_away(view: EditorView, script: Path) -> None:
    view.open_place(str(script))

    write(view, "# ")
    assert view.tabs.tabText(0) == "● pump.py"
    assert view.unsaved() == ["pump.py"]

    assert view.save()
    assert view.tabs.tabText(0) == "pump.py"
    assert script.read_text() == "# import tasktonic\n\nx = 1\n"


def test_undoing_back_to_the_saved_text_takes_the_dot_away(view: EditorView, script: Path) -> None:
    view.open_place(str(script))
    write(view, "a")

    page_of(view).editor.undo()

    assert view.tabs.tabText(0) == "pump.py"


def test_saving_keeps_what_the_file_was_like(view: EditorView, tmp_path: Path) -> None:
    file = tmp_path / "dos.py"
    file.write_bytes("\ufeffa = 'é😀'\r\nb\r\n".encode())
    file.chmod(0o750)
    view.open_place(str(file), 2)

    write(view, "c = ")
    view.save()

    assert file.read_bytes() == "\ufeffa = 'é😀'\r\nc = b\r\n".encode()
    assert file.stat().st_mode & 0o777 == 0o750
    assert "UTF-8 with BOM · CRLF" in view.footer.whole


def test_closing_a_changed_file_asks(view: EditorView, script: Path, asked: Asked) -> None:
    view.open_place(str(script))
    write(view, "a")

    asked.answer = CANCEL
    assert not view.close_tab()
    assert view.unsaved() == ["pump.py"]

    asked.answer = SAVE
    assert view.close_tab()
    assert script.read_text().startswith("aimport")
    assert view.tabs.count() == 0
    assert asked.questions == ["Save the changes of pump.py?"] * 2


def test_discarding_leaves_the_file_as_it_was(view: EditorView, script: Path, asked: Asked, tmp_path: Path) -> None:
    view.open_place(str(script))
    write(view, "a")
    view.keep_unsaved()
    asked.answer = DISCARD

    assert view.close_tab()

    assert script.read_text().startswith("import")
    assert drafts(view, tmp_path) == []


def test_the_cross_of_a_tab_closes_it(view: EditorView, script: Path) -> None:
    view.open_place(str(script))
    cross = view.tabs.tabBar().tabButton(0, QTabBar.ButtonPosition.RightSide)

    QTest.mouseClick(cross, Qt.MouseButton.LeftButton)

    assert view.tabs.count() == 0


def test_closing_the_window_asks_for_every_changed_file(
    view: EditorView, script: Path, tmp_path: Path, asked: Asked
) -> None:
    other = tmp_path / "other.py"
    other.write_text("o\n")
    for file in (script, other):
        view.open_place(str(file))
        write(view, "x")

    asked.answer = SAVE
    assert view.may_close()

    assert len(asked.questions) == 2
    assert other.read_text() == "xo\n"


def test_saving_all_tells_whether_it_could(view: EditorView, script: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text("# coding: latin-1\n")
    view.open_place(str(bad))
    page_of(view).editor.replace(0, 0, "# 😀\n")
    view.open_place(str(script))
    write(view, "y")

    assert not view.save_all()

    assert script.read_text().startswith("yimport")
    assert page_of(view).document.name == "bad.py"
    assert "“😀” (U+1F600) in line 1 cannot be written as LATIN-1." in page_of(view).bar.sentence
    assert view.unsaved() == ["bad.py"]


def test_a_failing_save_keeps_the_text(view: EditorView, script: Path, asked: Asked, tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    file = folder / "a.py"
    file.write_text("a\n")
    view.open_place(str(file))
    write(view, "b")
    file.unlink()
    folder.rmdir()

    assert not view.save()
    assert "a.py was not saved: there is no such file or folder." in page_of(view).bar.sentence
    assert view.unsaved() == ["a.py"]

    asked.file = str(tmp_path / "kept.py")
    click(page_of(view).bar, "Save as…")
    assert (tmp_path / "kept.py").read_text() == "ba\n"
    assert view.tabs.tabText(0) == "kept.py"


@pytest.mark.parametrize(
    "data, sentence",
    [
        (b"caf\xe9 = 1\n", "is not UTF-8 (the byte 0xe9 in line 1)"),
        (b"a\0b\n", "holds zero bytes"),
        (b"# coding: nothing\n", "declares the encoding “nothing”, which is unknown"),
    ],
)
def test_what_could_not_be_written_back_is_only_shown(
    view: EditorView, tmp_path: Path, data: bytes, sentence: str
) -> None:
    file = tmp_path / "odd.py"
    file.write_bytes(data)

    view.open_place(str(file))
    write(view, "zzz")
    page_of(view).save()

    assert sentence in page_of(view).document.read_only
    assert file.read_bytes() == data
    assert "read-only" in view.footer.whole


def test_a_write_protected_file_is_only_shown(view: EditorView, script: Path) -> None:
    script.chmod(0o444)

    view.open_place(str(script))
    write(view, "zzz")

    assert page_of(view).editor.text().startswith("import")
    assert "The file is write-protected." in page_of(view).bar.sentence


def test_a_file_that_may_be_written_again_can_be_changed_again(view: EditorView, script: Path) -> None:
    script.chmod(0o444)
    view.open_place(str(script))

    script.chmod(0o644)
    view.beat()
    write(view, "y")

    assert page_of(view).bar.sentence == ""
    assert view.save()
    assert script.read_text().startswith("yimport")


def test_discarding_while_the_window_then_stays_open_loses_nothing(
    view: EditorView, script: Path, asked: Asked, tmp_path: Path
) -> None:
    view.open_place(str(script))
    write(view, "a")
    asked.answer = DISCARD

    assert view.may_close()

    assert view.unsaved() == ["pump.py"]
    assert len(drafts(view, tmp_path)) == 1


def test_when_a_tab_closes_the_text_that_comes_to_the_front_has_the_keys(
    view: EditorView, script: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "other.py").write_text("y = 1\n")
    view.open_place(str(tmp_path / "other.py"))
    view.open_place(str(script))
    view.focus_text()
    qtbot.waitUntil(page_of(view).editor.input_widget().hasFocus)

    view.close_tab()
    assert page_of(view).document.name == "other.py"
    assert page_of(view).editor.input_widget().hasFocus()

    view.close_tab()
    assert has_focus(view)
