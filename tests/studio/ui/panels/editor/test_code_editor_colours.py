"""What both editors colour and mark: sparkles, states, Python, marked lines, hits."""

from __future__ import annotations

import pytest

from tasktonic_studio.analysis.text_search import Query, find_all
from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor
from tasktonic_studio.ui.panels.editor.marks import place_mark, stands_mark
from tasktonic_studio.ui.panels.editor.text_widget import Look
from tasktonic_studio.ui.theme.theme import Theme
from tests.studio.ui.panels.editor.keys import write

TONIC = """\
import tasktonic

# ttsc__comment is prose
class Door(tasktonic.ttTonic):
    def ttse__on_start(self):
        self.ttsc__open(1)

    def ttsc_closed__open(self, times):
        'ttsc__in_a_string'
        self._tts__note("é😀"); self.ttsc__open(times)
        return self._ttss__finish()

    def plain(self):
        return None
"""


def role_at(editor: CodeEditor, theme: Theme, word: str, count: int = 0) -> set[str]:
    """The roles that have the colour in which the nth occurrence of a word is drawn."""
    start = find_all(editor.text(), Query(word, match_case=True))[count][0]
    colours = {editor.color_at(position).name() for position in range(start, start + len(word))}
    assert len(colours) == 1
    drawn = colours.pop()
    roles = [role for role in dir(theme.tokens) if role.startswith("editor_")]
    return {role for role in roles if theme.hex(role) == drawn}


def colours_of_lines(editor: CodeEditor) -> set[str]:
    """The colours right of the text of the first lines."""
    picture = editor.grab().toImage()
    return {picture.pixelColor(400, y).name() for y in range(60)}


def test_every_kind_of_sparkle_has_its_colour_where_it_is_defined(editor: CodeEditor, theme: Theme) -> None:
    editor.set_text(TONIC)

    assert "editor_sparkle_event" in role_at(editor, theme, "ttse__on_start")
    assert "editor_sparkle_command" in role_at(editor, theme, "ttsc_", 2)


def test_every_kind_of_sparkle_has_its_colour_where_it_is_used(editor: CodeEditor, theme: Theme) -> None:
    editor.set_text(TONIC)

    assert "editor_sparkle_command" in role_at(editor, theme, "ttsc__open", 0)
    assert "editor_sparkle_command" in role_at(editor, theme, "ttsc__open", 1)
    assert "editor_sparkle_internal" in role_at(editor, theme, "_tts__note")
    assert "editor_sparkle_system" in role_at(editor, theme, "_ttss__finish")


def test_a_sparkle_in_prose_keeps_the_colour_of_the_prose(editor: CodeEditor, theme: Theme) -> None:
    editor.set_text(TONIC)

    assert "editor_comment" in role_at(editor, theme, "ttsc__comment")
    assert "editor_string" in role_at(editor, theme, "ttsc__in_a_string")


@pytest.mark.parametrize("name", ["dark", "light", "contrast"])
def test_a_state_has_its_colour_where_it_is_defined_and_used(editor: CodeEditor, theme: Theme, name: str) -> None:
    theme.choose(name)
    editor.apply_look(Look(theme.color, theme.font("mono")))
    editor.set_text(
        "é = 1\nclass Door(ttTonic):\n    def ttsc_closed__open(self):\n        self.to_state('opened')  # to_state('prose')\n"
        '        if self.get_current_state_name() == "closed": pass\n'
    )

    assert role_at(editor, theme, "closed", 0) == {"editor_state"}
    assert role_at(editor, theme, "opened") == {"editor_state"}
    assert role_at(editor, theme, "closed", 1) == {"editor_state"}
    assert "editor_sparkle_command" in role_at(editor, theme, "ttsc_")
    assert "editor_sparkle_command" in role_at(editor, theme, "__open")
    assert "editor_comment" in role_at(editor, theme, "prose")


def test_python_has_its_colours(editor: CodeEditor, theme: Theme) -> None:
    editor.set_text(TONIC)

    assert "editor_keyword" in role_at(editor, theme, "class")
    assert "editor_class" in role_at(editor, theme, "Door")
    assert "editor_def" in role_at(editor, theme, "plain")
    assert "editor_text" in role_at(editor, theme, "times")


def test_a_sparkle_gets_its_colour_while_it_is_typed(editor: CodeEditor, theme: Theme) -> None:
    write(editor, "self.ttsc")
    assert "editor_text" in role_at(editor, theme, "ttsc")

    write(editor, "__go()")

    assert "editor_sparkle_command" in role_at(editor, theme, "ttsc__go")


def test_an_opened_string_takes_the_colours_below_it(editor: CodeEditor, theme: Theme) -> None:
    editor.set_text("\nself.ttsc__go()\n")
    editor.select(0, 0)

    write(editor, '"""')

    assert "editor_string" in role_at(editor, theme, "ttsc__go")


def test_colours_follow_the_theme(editor: CodeEditor, theme: Theme) -> None:
    editor.set_text(TONIC)
    for name in ("light", "contrast"):
        theme.choose(name)
        editor.apply_look(Look(theme.color, theme.font("mono")))

        assert "editor_sparkle_event" in role_at(editor, theme, "ttse__on_start")
        assert "editor_keyword" in role_at(editor, theme, "class")


def test_marks_leave_the_text_alone(editor: CodeEditor) -> None:
    editor.set_text("a\nb\nc")

    editor.set_marks([place_mark(2)])
    editor.set_hits([(0, 1), (4, 5)])
    editor.grab()
    editor.set_marks([])
    editor.set_hits([])

    assert editor.text() == "a\nb\nc"
    assert not editor.is_dirty()


def test_a_marked_line_shows_also_where_the_caret_is(editor: CodeEditor, theme: Theme) -> None:
    editor.set_text("a\n" * 50)
    editor.go_to(2)
    editor.set_marks([place_mark(2)])

    assert theme.hex("editor_selection_back") in colours_of_lines(editor)


def test_a_place_gone_to_has_no_arrow_as_the_line_has_where_the_app_stands(editor: CodeEditor, theme: Theme) -> None:
    editor.set_text("a\n" * 50)
    editor.set_marks([stands_mark(2)])
    arrows = signs_in_the_margin(editor, theme)
    editor.set_marks([place_mark(2)])

    assert arrows > 0
    assert signs_in_the_margin(editor, theme) == 0


def signs_in_the_margin(editor: CodeEditor, theme: Theme) -> int:
    """How many points left of the numbers are of the colour of an arrow."""
    picture = editor.grab().toImage()
    colours = {theme.color("accent").rgb(), theme.color("warning").rgb()}
    return sum(picture.pixel(x, y) in colours for x in range(16) for y in range(80))


def test_the_line_of_the_caret_has_its_colour_again_after_a_mark(editor: CodeEditor, theme: Theme) -> None:
    editor.set_text("a\n" * 50)
    editor.go_to(2)
    editor.set_marks([place_mark(2)])
    editor.set_marks([])

    assert colours_of_lines(editor) == {theme.hex("editor_back"), theme.hex("editor_caret_line")}


def bare_ground(editor: CodeEditor, theme: Theme) -> int:
    """How many of some points of the picture have the colour behind a text."""
    picture = editor.grab().toImage()
    back = theme.color("editor_back").rgb()
    return sum(picture.pixel(x, y) == back for x in range(120, 600, 7) for y in range(40, 380, 3))


def test_hits_are_marked_where_one_scrolls_to(editor: CodeEditor, theme: Theme) -> None:
    text = "".join(f"é {number} {'needle ' * 12}\n" for number in range(500))
    editor.set_text(text)
    bare = bare_ground(editor, theme)

    editor.set_hits(find_all(text, Query("needle")))
    assert bare_ground(editor, theme) < bare * 0.8

    editor.go_to(400)
    assert bare_ground(editor, theme) < bare * 0.8

    editor.set_hits(())
    assert bare_ground(editor, theme) > bare * 0.9
