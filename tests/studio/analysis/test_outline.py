"""The outline of a source, also of one that is being typed."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tasktonic_studio.analysis.outline import has_open_string, item_at, outline

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


def test_a_string_without_an_end_is_told() -> None:
    assert not has_open_string(SOURCE)
    assert not has_open_string('# """\nx = \'"""\'\n')
    assert has_open_string('x = """\n' + SOURCE)


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
