"""The outline of a source, also of one that is being typed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tasktonic_studio.analysis.outline import Outline, count_alike, item_at, outline, outlining

SOURCE = '''\
"""class Prose: def no(self)"""
import x

# class Comment:
class Door(ttTonic):
    """
    class Inside:
    """
    def ttse__on_start(self): pass

    @decorated
    def ttsc_closed__open(self,
            times):
        def inner():
            s = "def no(self):"

    async def plain(self):
        pass

    def tts_(self): pass

def function():
    pass
'''


def test_classes_sparkles_methods_and_functions_are_found_in_order() -> None:
    found = [(it.kind, it.name, it.cls, it.state, it.called, it.depth) for it in outline(SOURCE)]

    assert found == [
        ("class", "Door", "", "", "", 0),
        ("sparkle", "ttse__on_start", "Door", "", "ttse__on_start", 1),
        ("sparkle", "ttsc_closed__open", "Door", "closed", "ttsc__open", 1),
        ("function", "inner", "", "", "", 2),
        ("method", "plain", "Door", "", "", 1),
        ("method", "tts_", "Door", "", "", 1),
        ("function", "function", "", "", "", 0),
    ]


def test_lines_say_where_things_begin_and_end() -> None:
    places = {it.name: (it.line, it.last) for it in outline(SOURCE)}

    assert places["Door"] == (5, 21)
    assert places["ttsc_closed__open"] == (12, 16)
    assert places["function"] == (22, 24)
    at = item_at(outline(SOURCE), 15)
    assert at is not None
    assert at.name == "inner"
    assert item_at(outline(SOURCE), 2) is None


def test_what_is_half_typed_hides_nothing_else() -> None:
    lines = SOURCE.splitlines(keepends=True)
    for broken in ("x = (\n", "'\n", "class\n", "def f(\n", "    self.\n"):
        text = "".join([*lines[:3], broken, *lines[3:]])

        assert {"Door", "plain", "function"} <= {it.name for it in outline(text)}


def looked_through(text: str) -> tuple[Outline, int]:
    """What a text has, and in how many portions it was found."""
    found: list[Outline] = []

    def looking() -> Iterator[None]:
        found.append((yield from outlining(text)))

    portions = 1 + sum(1 for _ in looking())
    return found[0], portions


def test_a_string_without_an_end_is_told() -> None:
    for text, is_open in (
        ("", False),
        ("x = 1", False),
        (SOURCE, False),
        ('# """\nx = \'"""\'\n', False),
        ('x = """\n' + SOURCE, True),
        (SOURCE + "x = '''", True),
        ('x = """\n', True),
    ):
        assert looked_through(text)[0].has_open_string is is_open, text


def test_a_long_text_is_looked_through_in_portions_and_has_the_same_items() -> None:
    source = SOURCE.replace('"""class Prose: def no(self)"""\n', "")
    lines = source.count("\n")

    found, portions = looked_through(source * 1_000)

    assert portions > 10
    each = outline(source)
    assert len(found.items) == 1_000 * len(each)
    assert found.items[-1].line == each[-1].line + 999 * lines
    assert [it._replace(line=it.line % lines, last=0) for it in found.items[-len(each) :]] == [
        it._replace(line=it.line % lines, last=0) for it in each
    ]


@pytest.mark.parametrize(
    "before, after, alike",
    [
        ("    x = 1\n", "    x = 12\n", True),
        ("    x = 1\n", "    x = 1\n\n", False),
        ("    de f\n", "    def f\n", False),
        ("class A:", "class AB:", False),
        ("x = ''", "x = ", False),
        ('"', "", False),
        ("undefined = classes", "undefined = 1", True),
    ],
)
def test_lines_without_quotes_and_definitions_count_for_nothing(before: str, after: str, alike: bool) -> None:
    assert count_alike(before, after) is alike


@pytest.mark.parametrize("name", ["swarm.py", "watch_me.py", "qt_thermostat.py"])
def test_it_finds_what_a_syntax_tree_has(name: str) -> None:
    path = Path(__file__).resolve().parents[3] / "examples" / name
    text = path.read_text(encoding="utf-8")
    defined = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = sorted((it.lineno, it.name) for it in ast.walk(ast.parse(text)) if isinstance(it, defined))

    assert [(it.line, it.name) for it in outline(text)] == nodes


def test_every_beginning_of_a_real_text_has_an_outline() -> None:
    for end in range(len(SOURCE)):
        last_line = SOURCE.count("\n", 0, end) + 1
        for item in outline(SOURCE[:end]):
            assert 1 <= item.line <= item.last <= last_line
