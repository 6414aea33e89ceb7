"""Files that are no Python: their own colours, in both editors, and none of Python's helpers."""

from __future__ import annotations

from pathlib import Path, PurePath

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tasktonic_studio.analysis.text_search import Query, find_all
from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor
from tasktonic_studio.ui.panels.editor.languages import Language, language_of
from tasktonic_studio.ui.panels.editor.text_widget import Look
from tasktonic_studio.ui.theme.theme import Theme
from tests.studio.ui.panels.editor.conftest import MakeView

FORM = (
    '<?xml version="1.0"?>\n<ui>\n <!-- a\n note -->\n <widget class="QWidget" name="Door">text class</widget>\n</ui>\n'
)
JSON = '{"name": "door", "open": true, "count": 12}\n'
TOML = '# note\n[project]\nname = "door"\ncount = 12\nlong = """a\nclass\n"""\nis_open = true\n'
INI = "# note\n[part]\nname = door\n"
MARKDOWN = "# Title\n\nProse with `code` and class.\n\n- item\n\n```\nclass Door:\n```\nprose\n"


@pytest.mark.parametrize(
    "name, text, language",
    [
        ("a.py", "", Language.PYTHON),
        ("A.PYW", "", Language.PYTHON),
        ("door.ui", "", Language.XML),
        ("pyproject.toml", "", Language.TOML),
        ("a.json", "", Language.JSON),
        ("README.md", "", Language.MARKDOWN),
        ("setup.cfg", "", Language.INI),
        ("a.txt", "#!/usr/bin/python", Language.TEXT),
        ("Makefile", "all:\n", Language.TEXT),
        ("run", "#!/usr/bin/env python3\nx\n", Language.PYTHON),
    ],
)
def test_a_file_is_in_the_language_that_its_name_says(name: str, text: str, language: Language) -> None:
    assert language_of(PurePath(name), text) is language


@pytest.mark.parametrize(
    "language, text, word, count, role",
    [
        (Language.XML, FORM, "ui", 0, "editor_keyword"),
        (Language.XML, FORM, "note", 0, "editor_comment"),
        (Language.XML, FORM, "class", 0, "editor_def"),
        (Language.XML, FORM, '"Door"', 0, "editor_string"),
        (Language.XML, FORM, "class", 1, "editor_text"),
        (Language.JSON, JSON, '"name"', 0, "editor_def"),
        (Language.JSON, JSON, '"door"', 0, "editor_string"),
        (Language.JSON, JSON, "true", 0, "editor_keyword"),
        (Language.JSON, JSON, "12", 0, "editor_number"),
        (Language.TOML, TOML, "# note", 0, "editor_comment"),
        (Language.TOML, TOML, "project", 0, "editor_class"),
        (Language.TOML, TOML, "name", 0, "editor_def"),
        (Language.TOML, TOML, "12", 0, "editor_number"),
        (Language.TOML, TOML, "class", 0, "editor_string"),
        (Language.TOML, TOML, "true", 0, "editor_keyword"),
        (Language.INI, INI, "# note", 0, "editor_comment"),
        (Language.INI, INI, "part", 0, "editor_class"),
        (Language.INI, INI, "name", 0, "editor_def"),
        (Language.MARKDOWN, MARKDOWN, "Title", 0, "editor_class"),
        (Language.MARKDOWN, MARKDOWN, "code", 0, "editor_string"),
        (Language.MARKDOWN, MARKDOWN, "class", 0, "editor_text"),
        (Language.MARKDOWN, MARKDOWN, "class Door", 0, "editor_string"),
        (Language.MARKDOWN, MARKDOWN, "prose", 0, "editor_text"),
        (Language.TEXT, "class Door: # 12", "class", 0, "editor_text"),
        (Language.TEXT, "self.ttsc__open()", "ttsc__open", 0, "editor_text"),
    ],
)
def test_each_language_has_its_colours(
    editor: CodeEditor, theme: Theme, language: Language, text: str, word: str, count: int, role: str
) -> None:
    editor.set_language(language)
    editor.set_text(text)

    start, end = find_all(text, Query(word, match_case=True))[count]
    drawn = {editor.color_at(at).name() for at in range(start, end) if not text[at].isspace()}
    assert drawn == {theme.hex(role)}


def test_colours_change_with_the_language_and_the_theme(editor: CodeEditor, theme: Theme) -> None:
    editor.set_text("class Door: ttsc__open")
    assert editor.color_at(0) == theme.color("editor_keyword")
    assert editor.color_at(15) == theme.color("editor_sparkle_command")

    editor.set_language(Language.TEXT)
    assert editor.color_at(0) == theme.color("editor_text")
    assert editor.color_at(15) == theme.color("editor_text")
    theme.choose("light")
    editor.apply_look(Look(theme.color, theme.font("mono")))
    assert editor.color_at(0) == theme.color("editor_text")

    editor.set_language(Language.PYTHON)
    assert editor.color_at(0) == theme.color("editor_keyword")


def test_prose_that_ends_with_a_colon_goes_no_further_in(editor: CodeEditor) -> None:
    editor.set_language(Language.MARKDOWN)
    editor.set_text("  - such as:")
    editor.select(12, 12)

    QTest.keyClick(editor.input_widget(), Qt.Key.Key_Return)

    assert editor.text() == "  - such as:\n  "


def test_no_words_of_python_are_offered_elsewhere(editor: CodeEditor) -> None:
    asked: list[int] = []
    editor.completion_wanted.connect(lambda: asked.append(1))
    editor.set_language(Language.XML)

    QTest.keyClicks(editor.input_widget(), "a.b")
    QTest.keyClick(editor.input_widget(), Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)

    assert asked == []
    assert editor.text() == "a.b"


def test_a_second_view_has_the_colours_of_the_first_and_another_name_brings_others(
    make_view: MakeView, tmp_path: Path, theme: Theme
) -> None:
    file = tmp_path / "a.md"
    file.write_text("# class\n")
    view = make_view()
    view.open_place(str(file))
    view.split_beside()
    page = view.page()
    assert page is not None
    assert {one.color_at(2).name() for one in page.editors} == {theme.hex("editor_class")}

    file.rename(tmp_path / "a.txt")
    view.follow(file, tmp_path / "a.txt")
    assert {one.color_at(2).name() for one in page.editors} == {theme.hex("editor_text")}

    assert page.save_as(str(tmp_path / "a.py"))

    assert {one.color_at(2).name() for one in page.editors} == {theme.hex("editor_comment")}
