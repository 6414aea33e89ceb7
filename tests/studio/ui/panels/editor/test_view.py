"""Tabs, saving, closing, finding and coming back, with real files, keys and clicks, in both editors."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.panels.editor.closing import CANCEL, DISCARD, SAVE
from tasktonic_studio.ui.panels.editor.compare_dialog import SAME, CompareDialog, differences
from tasktonic_studio.ui.panels.editor.marks import breakpoint_mark
from tasktonic_studio.ui.panels.editor.page import EditorPage
from tasktonic_studio.ui.panels.editor.view import EditorView
from tests.helpers.patience import PATIENCE_S
from tests.studio.ui.panels.editor.conftest import Clock, MakeView

PATIENCE_MS = round(PATIENCE_S * 1000)


@pytest.fixture
def view(make_view: MakeView) -> EditorView:
    return make_view()


@pytest.fixture
def script(tmp_path: Path) -> Path:
    file = tmp_path / "pump.py"
    file.write_text("import tasktonic\n\nx = 1\n", encoding="utf-8")
    return file


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    return Asked(monkeypatch)


class Asked:
    """Stands in for the dialogs: what was asked, and what is answered."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.questions: list[str] = []
        self.answer = CANCEL
        self.file = ""
        monkeypatch.setattr(EditorView, "ask", staticmethod(self._ask))
        monkeypatch.setattr(EditorView, "ask_file", staticmethod(lambda *_: self.file))

    def _ask(self, _parent: QWidget, question: str, _details: str, answers: Sequence[str]) -> str:
        self.questions.append(question)
        assert self.answer in answers
        return self.answer


def page_of(view: EditorView) -> EditorPage:
    page = view.page()
    assert page is not None
    return page


def write(view: EditorView, text: str) -> None:
    QTest.keyClicks(page_of(view).editor.input_widget(), text)


def drafts(view: EditorView, tmp_path: Path) -> list[Path]:
    """The texts that are kept when all that was asked for is done."""
    view._recovery.wait()
    return list((tmp_path / "drafts").rglob("*.json"))


def click(bar_of: QWidget, words: str) -> None:
    buttons = {button.text(): button for button in bar_of.buttons()}  # type: ignore[attr-defined]
    QTest.mouseClick(buttons[words], Qt.MouseButton.LeftButton)


def test_without_a_file_the_editor_says_what_it_is_for(view: EditorView) -> None:
    assert view.page() is None
    assert view._empty.isVisible()
    assert view.unsaved() == []


def test_a_place_is_shown_in_the_middle_with_a_mark(view: EditorView, tmp_path: Path) -> None:
    file = tmp_path / "long.py"
    file.write_text("".join(f"line_{number}\n" for number in range(1, 401)))

    assert view.open_place(str(file), 200)

    editor = page_of(view).editor
    assert editor.line_of(editor.caret()) == 200
    assert abs(editor.first_visible_line() + editor.visible_line_count() / 2 - 200) <= 2
    assert [mark.line for mark in page_of(view)._marks] == [200]


def test_the_mark_of_a_place_goes_when_the_text_is_changed(view: EditorView, script: Path) -> None:
    view.open_place(str(script), 2)

    write(view, "y")

    assert page_of(view)._marks == []


def test_one_file_has_one_tab(view: EditorView, script: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.py"
    link.symlink_to(script)

    view.open_place(str(script))
    view.open_place(str(link), 3)

    assert view.tabs.count() == 1


def test_a_missing_file_is_a_sentence(view: EditorView, tmp_path: Path) -> None:
    assert not view.open_place(str(tmp_path / "no.py"), 3)

    assert "no.py cannot be opened: there is no such file or folder." in view.bar.sentence
    assert view.page() is None


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


def test_a_file_that_someone_else_changed_is_not_overwritten(view: EditorView, script: Path) -> None:
    view.open_place(str(script))
    write(view, "mine ")
    script.write_text("theirs\n")

    assert not view.save()

    assert script.read_text() == "theirs\n"
    assert "pump.py was changed on disk by another program." in page_of(view).bar.sentence


def test_reloading_shows_what_is_on_disk(view: EditorView, script: Path) -> None:
    view.open_place(str(script))
    write(view, "mine ")
    script.write_text("theirs\n")
    view.beat()

    click(page_of(view).bar, "Reload")

    assert page_of(view).editor.text() == "theirs\n"
    assert view.unsaved() == []
    assert page_of(view).bar.sentence == ""


def test_both_texts_can_be_compared_before_one_answers(view: EditorView, script: Path) -> None:
    view.open_place(str(script))
    page_of(view).editor.replace(0, 0, "# mine\n")
    script.write_text("import tasktonic\n\nx = 2\n")
    view.beat()

    click(page_of(view).bar, "Compare…")

    dialog = view.findChild(CompareDialog)
    assert dialog is not None
    assert dialog.lines.toPlainText().split("\n") == ["+# mine", " import tasktonic", " ", "−x = 2", "+x = 1", " "]
    dialog.reject()
    assert page_of(view).bar.sentence


def test_a_very_long_comparison_is_refused_with_a_way_out() -> None:
    assert differences("a", "a") == SAME
    assert differences("a\n" * 9000, "b\n" * 9000).startswith("They differ in more than 5,000 lines")


def test_reloading_can_be_undone(view: EditorView, script: Path) -> None:
    view.open_place(str(script))
    write(view, "mine ")
    script.write_text("theirs\n")
    view.beat()
    click(page_of(view).bar, "Reload")

    page_of(view).editor.undo()

    assert page_of(view).editor.text() == "mine import tasktonic\n\nx = 1\n"
    assert view.unsaved() == ["pump.py"]


def test_keeping_mine_lets_saving_overwrite(view: EditorView, script: Path) -> None:
    view.open_place(str(script))
    script.write_text("theirs\n")
    view.beat()

    click(page_of(view).bar, "Keep mine")
    assert view.unsaved() == ["pump.py"]
    assert view.save()

    assert script.read_text() == "import tasktonic\n\nx = 1\n"
    assert view.unsaved() == []


def test_a_touch_that_changes_nothing_is_not_told(view: EditorView, script: Path) -> None:
    view.open_place(str(script))
    script.write_text(script.read_text())

    view.beat()

    assert page_of(view).bar.sentence == ""


def test_what_is_said_is_not_said_anew_at_every_beat(view: EditorView, script: Path) -> None:
    view.open_place(str(script))
    script.write_text("theirs\n")
    view.beat()
    buttons = page_of(view).bar.buttons()

    view.beat()

    assert page_of(view).bar.buttons() == buttons


def test_a_file_that_is_gone_can_be_saved_again(view: EditorView, script: Path) -> None:
    view.open_place(str(script))
    script.unlink()
    view.beat()
    assert "pump.py is no longer on disk. Its text is still here." in page_of(view).bar.sentence
    assert view.unsaved() == ["pump.py"]

    click(page_of(view).bar, "Save it again")

    assert script.read_text() == "import tasktonic\n\nx = 1\n"
    assert view.unsaved() == []


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


def test_unsaved_text_is_kept_when_typing_rests(view: EditorView, script: Path, clock: Clock, tmp_path: Path) -> None:
    view.open_place(str(script))
    write(view, "a")

    view.beat()
    assert drafts(view, tmp_path) == []

    clock.now_s += 2
    view.beat()
    assert len(drafts(view, tmp_path)) == 1


def test_unsaved_text_is_kept_when_the_focus_goes(view: EditorView, script: Path, tmp_path: Path) -> None:
    view.open_place(str(script))
    write(view, "a")

    page_of(view).editor.focus_left.emit()

    assert len(drafts(view, tmp_path)) == 1


def test_unsaved_text_comes_back_after_an_unexpected_end(make_view: MakeView, script: Path) -> None:
    ended = make_view()
    ended.open_place(str(script))
    write(ended, "kept ")
    ended.finish()

    view = make_view()
    view.offer_left_texts()
    assert "unsaved changes in one file: pump.py" in view.bar.sentence
    click(view.bar, "Bring them back")

    assert page_of(view).editor.text() == "kept import tasktonic\n\nx = 1\n"
    assert view.unsaved() == ["pump.py"]
    assert view.bar.sentence == ""
    view.save()
    assert script.read_text().startswith("kept import")


def test_a_text_that_was_brought_back_is_still_kept(make_view: MakeView, script: Path) -> None:
    ended = make_view()
    ended.open_place(str(script))
    write(ended, "kept ")
    ended.finish()
    second = make_view()
    second.offer_left_texts()
    second._left_texts.bring_back()
    second.finish()

    third = make_view()
    third.offer_left_texts()
    third._left_texts.bring_back()

    assert page_of(third).editor.text().startswith("kept import")


def test_unsaved_text_of_a_file_that_is_gone_comes_back(make_view: MakeView, script: Path) -> None:
    ended = make_view()
    ended.open_place(str(script))
    write(ended, "kept ")
    ended.finish()
    script.unlink()

    view = make_view()
    view.offer_left_texts()
    view._left_texts.bring_back()

    assert page_of(view).editor.text().startswith("kept import")
    assert "no longer on disk" in page_of(view).bar.sentence
    assert view.save()
    assert script.exists()


def test_two_texts_of_one_file_are_both_offered_the_last_one_first(make_view: MakeView, script: Path) -> None:
    for words in ("older ", "newer "):
        ended = make_view()
        ended.open_place(str(script))
        write(ended, words)
        ended.finish()
    view = make_view()
    view.offer_left_texts()

    click(view.bar, "Bring them back")
    assert page_of(view).editor.text().startswith("newer import")
    assert "There is an older text of pump.py too, which another Studio left unsaved." in view.bar.sentence
    click(view.bar, "Show it instead")

    assert page_of(view).editor.text().startswith("older import")
    assert view.bar.sentence == ""
    page_of(view).editor.undo()
    assert page_of(view).editor.text().startswith("newer import")


def test_unsaved_text_of_a_file_that_is_no_text_any_more_can_be_saved_elsewhere(
    make_view: MakeView, script: Path, asked: Asked, tmp_path: Path
) -> None:
    ended = make_view()
    ended.open_place(str(script))
    write(ended, "kept ")
    ended.finish()
    script.write_bytes(b"\0\0")
    view = make_view()
    view.offer_left_texts()
    click(view.bar, "Bring them back")

    asked.file = str(tmp_path / "kept.py")
    click(page_of(view).bar, "Save as…")

    assert (tmp_path / "kept.py").read_text().startswith("kept import")
    assert script.read_bytes() == b"\0\0"


def test_a_file_that_is_no_text_any_more_is_not_written_over_by_what_was_unsaved(
    make_view: MakeView, script: Path
) -> None:
    ended = make_view()
    ended.open_place(str(script))
    write(ended, "kept ")
    ended.finish()
    script.write_bytes(b"\0\0")
    view = make_view()
    view.offer_left_texts()
    click(view.bar, "Bring them back")

    view.beat()

    assert not view.save()
    assert script.read_bytes() == b"\0\0"
    assert "Save as…" in [button.text() for button in page_of(view).bar.buttons()]


def test_a_file_that_may_be_written_again_can_be_changed_again(view: EditorView, script: Path) -> None:
    script.chmod(0o444)
    view.open_place(str(script))

    script.chmod(0o644)
    view.beat()
    write(view, "y")

    assert page_of(view).bar.sentence == ""
    assert view.save()
    assert script.read_text().startswith("yimport")


def test_reloading_moves_neither_the_caret_nor_what_stands_beside_the_lines(view: EditorView, script: Path) -> None:
    script.write_text("a\n" * 50)
    view.open_place(str(script))
    page_of(view).show_breakpoints([breakpoint_mark(40, "a", is_on=True)])
    page_of(view).editor.go_to(30)
    script.write_text("b\n" + "a\n" * 50)
    view.beat()

    click(page_of(view).bar, "Reload")

    assert [mark.line for mark in page_of(view).breakpoints] == [41]
    assert page_of(view).editor.line_of(page_of(view).editor.caret()) == 30


def test_what_was_kept_can_be_thrown_away(make_view: MakeView, script: Path, asked: Asked, tmp_path: Path) -> None:
    ended = make_view()
    ended.open_place(str(script))
    write(ended, "kept ")
    ended.finish()
    view = make_view()
    view.offer_left_texts()

    asked.answer = DISCARD
    click(view.bar, "Throw away…")

    assert view.bar.sentence == ""
    assert drafts(view, tmp_path) == []


def test_finding_goes_from_hit_to_hit_and_round(view: EditorView, tmp_path: Path) -> None:
    file = tmp_path / "f.py"
    file.write_text("é one\ntwo One\none\n", encoding="utf-8")
    view.open_place(str(file))
    editor = page_of(view).editor

    view.show_find()
    QTest.keyClicks(view.find_bar.query, "one")
    assert (editor.selection(), view.find_bar.count.text()) == ((2, 5), "1 of 3")

    QTest.keyClick(view.find_bar.query, Qt.Key.Key_Return)
    assert (editor.selection(), view.find_bar.count.text()) == ((10, 13), "2 of 3")

    view.find_next()
    view.find_next()
    assert editor.selection() == (2, 5)

    QTest.keyClick(view.find_bar.query, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert editor.selection() == (14, 17)


def test_finding_can_match_case_and_whole_words(view: EditorView, tmp_path: Path) -> None:
    file = tmp_path / "f.py"
    file.write_text("One one bone\n")
    view.open_place(str(file))
    view.show_find()
    QTest.keyClicks(view.find_bar.query, "one")

    QTest.mouseClick(view.find_bar.match_case, Qt.MouseButton.LeftButton)
    assert view.find_bar.count.text().endswith("2") or "of 2" in view.find_bar.count.text()

    QTest.mouseClick(view.find_bar.whole_word, Qt.MouseButton.LeftButton)
    assert view.find_bar.count.text() == "1 of 1"


def test_finding_nothing_says_so(view: EditorView, script: Path) -> None:
    view.open_place(str(script))
    view.show_find()

    QTest.keyClicks(view.find_bar.query, "nowhere")
    QTest.keyClick(view.find_bar.query, Qt.Key.Key_Return)

    assert view.find_bar.count.text() == "nothing found"


def test_finding_begins_with_the_selected_text(view: EditorView, script: Path) -> None:
    view.open_place(str(script))
    page_of(view).editor.select(7, 16)

    view.show_find()

    assert view.find_bar.query.text() == "tasktonic"


def test_escape_closes_the_find_bar(view: EditorView, script: Path) -> None:
    view.open_place(str(script))
    view.show_find()

    QTest.keyClick(view.find_bar.query, Qt.Key.Key_Escape)

    assert view.find_bar.isHidden()


def test_replacing_one_goes_to_the_next(view: EditorView, tmp_path: Path) -> None:
    file = tmp_path / "f.py"
    file.write_text("a b a b\n")
    view.open_place(str(file))
    view.show_replace()
    QTest.keyClicks(view.find_bar.query, "a")
    view.find_bar.replacement.setText("é")

    QTest.mouseClick(view.find_bar.replace_one, Qt.MouseButton.LeftButton)

    assert page_of(view).editor.text() == "é b a b\n"
    assert page_of(view).editor.selection() == (4, 5)


def test_replacing_all_says_how_many(view: EditorView, tmp_path: Path) -> None:
    file = tmp_path / "f.py"
    file.write_text("a b a b\n")
    view.open_place(str(file))
    view.show_replace()
    QTest.keyClicks(view.find_bar.query, "b")

    QTest.mouseClick(view.find_bar.replace_every, Qt.MouseButton.LeftButton)

    assert page_of(view).editor.text() == "a  a \n"
    assert view.find_bar.count.text() == "2 replaced"


def test_a_pattern_finds_and_replaces_with_its_groups(view: EditorView, tmp_path: Path, qtbot: QtBot) -> None:
    file = tmp_path / "a.py"
    file.write_text("self.open(1)\nself.shut(22)\n")
    view.open_place(str(file))
    view.show_replace()
    bar = view.find_bar

    bar.is_pattern.click()
    bar.query.setText(r"(\w+)\((\d+)\)")
    qtbot.waitUntil(lambda: bar.count.text() == "1 of 2", timeout=PATIENCE_MS)
    bar.replacement.setText(r"\1[\2]")
    QTest.mouseClick(bar.replace_one, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page_of(view).editor.text() == "self.open[1]\nself.shut(22)\n", timeout=PATIENCE_MS)
    QTest.mouseClick(bar.replace_every, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page_of(view).editor.text() == "self.open[1]\nself.shut[22]\n", timeout=PATIENCE_MS)


def test_a_pattern_that_is_none_is_explained_and_changes_nothing(view: EditorView, script: Path, qtbot: QtBot) -> None:
    view.open_place(str(script))
    view.show_replace()
    bar = view.find_bar
    bar.is_pattern.click()
    before = page_of(view).editor.text()

    bar.query.setText("(x")
    assert bar.problem.text().startswith("✕  This pattern cannot be used:")
    bar.query.setText("(x)")
    assert bar.problem.isHidden()
    bar.replacement.setText(r"\2")
    qtbot.waitUntil(lambda: bar.count.text() == "1 of 1", timeout=PATIENCE_MS)
    bar.query.setText("(x) =")
    QTest.mouseClick(bar.replace_every, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: bar.problem.text().startswith("✕  This replacement cannot be used:"), timeout=PATIENCE_MS)
    assert page_of(view).editor.text() == before


@pytest.mark.parametrize("width", [300, 500, 900])
def test_the_find_bar_keeps_its_words_in_any_width(view: EditorView, script: Path, width: int) -> None:
    view.open_place(str(script))
    view.show_replace()

    view.resize(width, 500)
    QApplication.processEvents()

    bar = view.find_bar
    shown = [bar.match_case, bar.whole_word, bar.is_pattern, bar.next, bar.replace_one, bar.replace_every]
    assert all(widget.width() >= widget.sizeHint().width() for widget in shown)
    assert bar.query.width() >= 90
    assert bar.width() <= width


def test_going_to_a_line_by_its_number(view: EditorView, script: Path) -> None:
    view.open_place(str(script))

    view.go_to_line()
    QTest.keyClicks(view.line_bar.number, "3:2")
    QTest.keyClick(view.line_bar.number, Qt.Key.Key_Return)

    editor = page_of(view).editor
    assert (editor.line_of(editor.caret()), editor.column()) == (3, 2)
    assert view.line_bar.isHidden()


def test_a_wrong_line_number_is_explained(view: EditorView, script: Path) -> None:
    view.open_place(str(script))
    view.go_to_line()

    QTest.keyClicks(view.line_bar.number, "three")
    QTest.keyClick(view.line_bar.number, Qt.Key.Key_Return)

    assert view.line_bar.hint.text().startswith("“three” is no line.")
    assert not view.line_bar.isHidden()


def test_the_footer_says_where_the_caret_is(view: EditorView, script: Path) -> None:
    view.open_place(str(script), 3)
    QTest.keyClick(page_of(view).editor.input_widget(), Qt.Key.Key_End)
    page_of(view).editor.grab()

    assert view.footer.whole.startswith("line 3, column 6")


def test_open_files_come_back_with_the_next_start(make_view: MakeView, script: Path, tmp_path: Path) -> None:
    first = make_view()
    other = tmp_path / "other.py"
    other.write_text("a\nb\n")
    first.open_place(str(script), 3)
    first.open_place(str(other))
    first.set_zoom(2)
    state = first.save_state()

    second = make_view()
    second.restore_state(state)

    assert [page.document.name for page in second.pages()] == ["pump.py", "other.py"]
    pages = list(second.pages())
    assert pages[0].editor.line_of(pages[0].editor.caret()) == 3
    assert pages[1].editor.zoom_level() == 2


@pytest.mark.parametrize(
    "state", [{}, {"files": 3}, {"files": [7, {"path": 1}, {"path": "/nowhere/at/all.py"}]}, {"front": "x"}]
)
def test_a_state_that_is_not_understood_is_ignored(view: EditorView, state: dict[str, object]) -> None:
    view.restore_state(state)

    assert view.tabs.count() == 0
    assert view.bar.sentence == ""


def test_two_files_of_one_name_are_told_apart(view: EditorView, script: Path, tmp_path: Path) -> None:
    folder = tmp_path / "sub"
    folder.mkdir()
    (folder / "pump.py").write_text("")

    view.open_place(str(script))
    view.open_place(str(folder / "pump.py"))

    assert view.tabs.tabText(1) == "pump.py — sub"


def test_the_keys_go_from_tab_to_tab(view: EditorView, script: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.py"
    other.write_text("")
    view.open_place(str(script))
    view.open_place(str(other))

    view.next_file()
    assert page_of(view).document.name == "pump.py"
    view.previous_file()
    assert page_of(view).document.name == "other.py"


def test_everything_with_the_focus_has_a_name(view: EditorView, script: Path) -> None:
    view.open_place(str(script))
    view.show_replace()
    view.go_to_line()

    nameless = [
        widget
        for widget in view.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not (widget.accessibleName() or getattr(widget, "text", str)() or widget.focusProxy())
        and not isinstance(widget.parent(), QTabBar)
        and not isinstance(widget, QTabBar)
    ]
    assert nameless == []


def test_the_context_menu_offers_what_can_be_done(view: EditorView, script: Path) -> None:
    from tasktonic_studio.ui.panels.editor.text_menu import text_menu

    view.open_place(str(script))
    page_of(view).editor.select(0, 6)

    run: list[str] = []
    menu = text_menu(page_of(view).editor, view.show_find, view.go_to_line, run.append, view)
    enabled = {action.text(): action.isEnabled() for action in menu.actions() if action.text()}

    assert enabled["Copy"]
    assert not enabled["Undo"]
    for words in ("Go to definition", "Find callers", "Rename…", "Mend…"):
        next(action for action in menu.actions() if action.text() == words).trigger()
    assert run == ["editor.go_to_definition", "editor.find_callers", "editor.rename", "editor.mend"]
    next(action for action in menu.actions() if action.text() == "Comment or uncomment").trigger()
    assert page_of(view).editor.text().startswith("# import")


def test_discarding_while_the_window_then_stays_open_loses_nothing(
    view: EditorView, script: Path, asked: Asked, tmp_path: Path
) -> None:
    view.open_place(str(script))
    write(view, "a")
    asked.answer = DISCARD

    assert view.may_close()

    assert view.unsaved() == ["pump.py"]
    assert len(drafts(view, tmp_path)) == 1


def test_what_was_discarded_with_the_window_is_not_offered_again(
    make_view: MakeView, script: Path, asked: Asked
) -> None:
    first = make_view()
    first.open_place(str(script))
    write(first, "a")
    asked.answer = DISCARD
    assert first.may_close()
    first.finish()

    second = make_view()
    second.offer_left_texts()

    assert second.bar.sentence == ""


def test_what_was_typed_after_discarding_is_kept(make_view: MakeView, script: Path, asked: Asked) -> None:
    first = make_view()
    first.open_place(str(script))
    write(first, "a")
    asked.answer = DISCARD
    assert first.may_close()
    write(first, "b")
    first.finish()

    second = make_view()
    second.offer_left_texts()

    assert "pump.py" in second.bar.sentence


def test_ctrl_and_zero_bring_a_text_back_that_the_wheel_made_larger(view: EditorView, script: Path) -> None:
    run: list[str] = []
    view._run = run.append
    view.open_place(str(script))
    editor = page_of(view).editor
    key, control = Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier
    claim = QKeyEvent(QEvent.Type.ShortcutOverride, key, control)

    claim.ignore()
    QApplication.sendEvent(editor.input_widget(), claim)
    assert not claim.isAccepted()

    view.set_zoom(3)
    QApplication.sendEvent(editor.input_widget(), claim)
    assert claim.isAccepted()
    QTest.keyClick(editor.input_widget(), key, control)
    assert (view.zoom, editor.zoom_level(), run) == (0, 0, ["view.text_usual"])
