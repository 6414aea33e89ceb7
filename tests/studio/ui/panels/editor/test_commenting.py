"""Comments in every language: around the lines, before each of them, or a sentence why there can be none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor
from tasktonic_studio.ui.panels.editor.commenting import NoCommentProblem, toggled
from tasktonic_studio.ui.panels.editor.languages import Language
from tasktonic_studio.ui.panels.editor.panel import EditorPanel
from tests.helpers.window_stand import WindowStand

FORM = " <widget>\n  <x/>\n </widget>"


@pytest.mark.parametrize(
    "language, code, comment",
    [
        (Language.PYTHON, "  a\n    b", "  # a\n  #   b"),
        (Language.TOML, "a = 1", "# a = 1"),
        (Language.XML, FORM, " <!-- <widget>\n  <x/>\n </widget> -->"),
        (Language.XML, "\n <x/>\n", "\n <!-- <x/> -->\n"),
        (Language.MARKDOWN, "prose -- and more", "<!-- prose -- and more -->"),
    ],
)
def test_lines_become_a_comment_and_what_they_were_again(language: Language, code: str, comment: str) -> None:
    lines = code.split("\n")

    assert "\n".join(toggled(language, lines)) == comment
    assert toggled(language, comment.split("\n")) == lines


def test_comments_below_each_other_become_code_together() -> None:
    assert toggled(Language.XML, ["<!-- <a/> -->", "", " <!--<b/>-->"]) == ["<a/>", "", " <b/>"]


@pytest.mark.parametrize(
    "language, line, says",
    [
        (Language.JSON, '{"a": 1}', "JSON has no comments: whatever reads this file would stumble over one."),
        (Language.TEXT, "a", "A text without a language has no comments."),
        (
            Language.XML,
            "<a/> <!-- b -->",
            "they have <!-- in them, which ends one or may not stand in one. Choose fewer",
        ),
        (Language.XML, "<a b='--'/>", "they have -- in them"),
        (Language.MARKDOWN, "a <!-- b --> c", "they have <!-- in them"),
    ],
)
def test_lines_that_cannot_be_a_comment_say_why(language: Language, line: str, says: str) -> None:
    with pytest.raises(NoCommentProblem) as raised:
        toggled(language, [line])

    assert says in str(raised.value)


def test_a_comment_is_one_step_to_undo_in_both_editors(editor: CodeEditor) -> None:
    editor.set_language(Language.XML)
    editor.set_text(FORM)
    editor.select_all()

    editor.toggle_comment()
    made = editor.text()
    editor.undo()

    assert made == " <!-- <widget>\n  <x/>\n </widget> -->"
    assert editor.text() == FORM


def test_the_key_says_in_the_window_that_a_language_has_no_comments(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps({"a": 1}))
    stand = WindowStand(tmp_path, panels=[EditorPanel(tmp_path / "drafts")])
    stand.window.show()
    stand.bench.open_source(str(file), 1)

    stand.bench.run("editor.toggle_comment")

    problem = stand.bench.banner.problem
    stand.close()
    assert problem is not None
    assert problem.sentence == "JSON has no comments: whatever reads this file would stumble over one."
