"""Texts that were not saved: kept while one types, and offered at the next start. In both editors."""

from __future__ import annotations

from pathlib import Path

from tasktonic_studio.ui.panels.editor.closing import DISCARD
from tasktonic_studio.ui.panels.editor.view import EditorView
from tests.studio.ui.panels.editor.acting import Asked, click, drafts, page_of, write
from tests.studio.ui.panels.editor.conftest import Clock, MakeView


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


def end_unexpectedly(make_view: MakeView, file: Path, words: str = "kept ") -> None:
    """Type at the begin of a file, and end without a question."""
    view = make_view()
    view.open_place(str(file))
    write(view, words)
    view.finish()


def test_unsaved_text_comes_back_after_an_unexpected_end(make_view: MakeView, script: Path) -> None:
    end_unexpectedly(make_view, script)

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
    end_unexpectedly(make_view, script)
    second = make_view()
    second.offer_left_texts()
    second._left_texts.bring_back()
    second.finish()

    third = make_view()
    third.offer_left_texts()
    third._left_texts.bring_back()

    assert page_of(third).editor.text().startswith("kept import")


def test_unsaved_text_of_a_file_that_is_gone_comes_back(make_view: MakeView, script: Path) -> None:
    end_unexpectedly(make_view, script)
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
        end_unexpectedly(make_view, script, words)
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


def brought_back(make_view: MakeView, script: Path, file_by_then: bytes) -> EditorView:
    """An editor that shows what an earlier one had not saved of a file, which is another one by then."""
    end_unexpectedly(make_view, script)
    script.write_bytes(file_by_then)
    view = make_view()
    view.offer_left_texts()
    click(view.bar, "Bring them back")
    return view


def test_unsaved_text_of_a_file_that_is_no_text_any_more_can_be_saved_elsewhere(
    make_view: MakeView, script: Path, asked: Asked, tmp_path: Path
) -> None:
    view = brought_back(make_view, script, file_by_then=b"\0\0")

    asked.file = str(tmp_path / "kept.py")
    click(page_of(view).bar, "Save as…")

    assert (tmp_path / "kept.py").read_text().startswith("kept import")
    assert script.read_bytes() == b"\0\0"


def test_a_file_that_is_no_text_any_more_is_not_written_over_by_what_was_unsaved(
    make_view: MakeView, script: Path
) -> None:
    view = brought_back(make_view, script, file_by_then=b"\0\0")

    view.beat()

    assert not view.save()
    assert script.read_bytes() == b"\0\0"
    assert "Save as…" in [button.text() for button in page_of(view).bar.buttons()]


def test_what_somebody_wrote_into_the_file_meanwhile_is_not_undone_by_what_was_unsaved(
    make_view: MakeView, script: Path
) -> None:
    view = brought_back(make_view, script, file_by_then=b"theirs\n")
    bar = page_of(view).bar

    assert "pump.py was changed on disk by another program. The changes you made here are not in it." in bar.sentence
    assert not view.save()
    assert script.read_bytes() == b"theirs\n"
    click(bar, "Keep mine")
    assert view.save()
    assert script.read_text().startswith("kept import")


def test_a_text_that_was_brought_back_beside_a_changed_file_says_so_after_one_more_unexpected_end(
    make_view: MakeView, script: Path
) -> None:
    brought_back(make_view, script, file_by_then=b"theirs\n").finish()

    view = make_view()
    view.offer_left_texts()
    click(view.bar, "Bring them back")

    assert "was changed on disk" in page_of(view).bar.sentence


def test_a_file_that_is_as_the_unsaved_text_was_begun_or_as_it_is_itself_was_changed_by_nobody(
    make_view: MakeView, script: Path
) -> None:
    before = script.read_bytes()
    for by_then in (before, b"kept " + before):
        view = brought_back(make_view, script, file_by_then=by_then)

        assert page_of(view).bar.sentence == ""
        assert view.save()
        script.write_bytes(before)
        view.finish()


def test_what_was_kept_can_be_thrown_away(make_view: MakeView, script: Path, asked: Asked, tmp_path: Path) -> None:
    end_unexpectedly(make_view, script)
    view = make_view()
    view.offer_left_texts()

    asked.answer = DISCARD
    click(view.bar, "Throw away…")

    assert view.bar.sentence == ""
    assert drafts(view, tmp_path) == []


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
