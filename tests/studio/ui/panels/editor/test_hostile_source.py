"""Whatever stands in a text, and however half it is typed: no crash, and no character lost. In both widgets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tasktonic_studio.analysis.handlers import handlers_of
from tasktonic_studio.analysis.outline import outline
from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor
from tasktonic_studio.ui.panels.editor.hints import LineNote, Underline
from tasktonic_studio.ui.panels.editor.recovery import Recovery
from tasktonic_studio.ui.panels.editor.view import EditorView

REAL = Path(__file__).resolve().parents[5] / "examples" / "hello_tonic.py"

HOSTILE = {
    "syntax errors": "def (:\n  class\nif else x === \\\n)]}",
    "tabs and spaces mixed": "if a:\n\tb\n        c\n \t d\n\t\tend",
    "quotes without end": "x = '''\n\"\"\" ' \" '''' \"\"\"\"\n# '''",
    "deep": "(" * 3000 + "\n" + "    " * 400 + "pass",
    "far beyond letters": "\u202edef x\u202c\u200b\u0301\u0301 = '👩‍👩‍👧‍👦'\u2028\u0085\x0b\x0c\n\x01\x02\x7f",
    "names that are long": "self." + "ttsc__" * 400 + "\nclass " + "é" * 500 + ": pass",
    "states by the thousand": "to_state('a')" * 500,
    "empty lines": "\n" * 3000,
}


def look_closely(editor: CodeEditor) -> None:
    """Do what the window does with any text: colours, folds, hints, pictures."""
    length = len(editor.text())
    for position in range(0, length, max(1, length // 20)):
        editor.color_at(position)
    editor.set_underlines([Underline(0, 5, "error", "here"), Underline(length, length, "hint", "there")])
    editor.set_line_notes({1: LineNote("1×"), editor.line_count(): LineNote("2×")})
    editor.go_to(editor.line_count())
    editor.fold_all(True)
    editor.grab()
    editor.fold_all(False)
    editor.toggle_fold(editor.line_count())


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_shown_changed_and_given_back(editor: CodeEditor, name: str) -> None:
    text = HOSTILE[name]
    editor.set_text(text)
    look_closely(editor)
    outline(text)
    handlers_of(text)

    assert editor.text() == text
    editor.replace(0, 0, "x")
    editor.toggle_comment()
    editor.duplicate_lines()
    while editor.can_undo():
        editor.undo()
    assert editor.text() == text
    assert not editor.is_dirty()


def test_a_real_file_typed_character_by_character_is_what_was_typed(editor: CodeEditor) -> None:
    text = REAL.read_text(encoding="utf-8")
    for end, sign in enumerate(text):
        editor.replace(end, end, sign)
        outline(text[:end])
        if end % 200 == 0:
            editor.color_at(end)
            editor.grab()

    assert editor.text() == text
    look_closely(editor)
    assert editor.text() == text


def test_a_line_of_five_megabytes_can_be_put_in_and_taken_back(editor: CodeEditor) -> None:
    editor.set_text("first\n")

    # The caret stays where it is: where it stands in such a line takes a second to find out.
    editor.replace_many([(6, 6, "x" * 5_000_000)])
    editor.color_at(100)

    assert len(editor.text()) == 5_000_006
    assert editor.line_count() == 2
    editor.undo()
    assert editor.text() == "first\n"


def test_half_a_character_does_not_end_the_editor_and_is_kept_for_a_crash(
    make_view: Callable[[], EditorView], tmp_path: Path
) -> None:
    file = tmp_path / "a.py"
    file.write_text("x = 1\n")
    view = make_view()
    view.open_place(str(file))
    page = view.page()
    assert page is not None

    page.editor.replace(0, 0, "\ud800é")
    view.keep_unsaved()

    assert page.editor.text().endswith("éx = 1\n")
    kept = Recovery(tmp_path / "elsewhere")
    kept.keep(file, page.editor.text())
    page.save()
    assert page.editor.text().endswith("éx = 1\n")
    assert "x = 1\n" in file.read_text()
