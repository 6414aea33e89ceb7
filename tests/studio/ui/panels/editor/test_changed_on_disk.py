"""Files that somebody else writes or removes while they are open: said, compared, read anew or kept. In both editors."""

from __future__ import annotations

from pathlib import Path

from tasktonic_studio.ui.panels.editor.compare_dialog import SAME, CompareDialog, differences
from tasktonic_studio.ui.panels.editor.marks import breakpoint_mark
from tasktonic_studio.ui.panels.editor.view import EditorView
from tests.studio.ui.panels.editor.acting import click, page_of, write


def test_a_file_that_someone_else_changed_is_not_overwritten(view: EditorView, script: Path) -> None:
    view.open_place(str(script))
    write(view, "mine ")
    script.write_text("theirs\n")

    assert not view.save()

    assert script.read_text() == "theirs\n"
    assert "pump.py was changed on disk by another program." in page_of(view).bar.sentence


def test_who_saves_although_the_change_on_disk_was_said_is_told_that_nothing_was_saved(
    view: EditorView, script: Path
) -> None:
    view.open_place(str(script))
    write(view, "mine ")
    script.write_text("theirs\n")
    view.beat()
    said = page_of(view).bar.sentence

    assert not view.save()

    assert "Not saved" not in said
    assert "✕  Not saved: pump.py was changed on disk by another program." in page_of(view).bar.sentence
    click(page_of(view).bar, "Keep mine")
    assert view.save()
    assert page_of(view).bar.sentence == ""


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
