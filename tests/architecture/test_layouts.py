"""Layouts are nested while they are empty: see docs/decisions/0046-layouts-are-nested-empty.md."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILLS = {"addWidget", "addLayout", "addStretch", "addSpacing", "addRow", "addStrut", "addSpacerItem"}
NESTS = {"addLayout": 0, "insertLayout": 1, "setLayout": 0, "addRow": 1}
"""Which argument is the layout that is put into another, or into a widget."""


def filled_before_nested(source: str) -> list[str]:
    """The layouts of a module that had something in them already when they were nested: line and name."""
    if not any(f".{name}(" in source for name in NESTS):
        return []
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    return [fault for function in functions for fault in _faults(function)]


def _faults(function: ast.FunctionDef) -> Iterator[str]:
    filled: set[str] = set()
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    for call in sorted(calls, key=lambda call: (call.end_lineno or 0, call.end_col_offset or 0)):
        assert isinstance(call.func, ast.Attribute)
        place = NESTS.get(call.func.attr)
        if place is not None and len(call.args) > place:
            nested = ast.unparse(call.args[place])
            if nested in filled:
                yield f"{call.lineno}: {nested}"
        if call.func.attr in FILLS:
            filled.add(ast.unparse(call.func.value))


@pytest.mark.parametrize("folder", ["tasktonic", "tasktonic_studio", "examples"])
def test_no_layout_is_filled_before_it_is_nested(folder: str) -> None:
    files = list(ROOT.joinpath(folder).rglob("*.py"))
    assert files

    found = [
        f"{file.relative_to(ROOT)}:{fault}"
        for file in files
        for fault in filled_before_nested(file.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_a_layout_that_is_filled_first_is_found() -> None:
    source = """
class Page:
    def build(self):
        row = QHBoxLayout()
        row.addWidget(self.button)
        self.layout.addLayout(row)
        other = QHBoxLayout()
        self.layout.addLayout(other)
        other.addWidget(self.other)
        form.addRow("Name", self.fields)
        self.page.setLayout(self.layout)
"""

    assert filled_before_nested(source) == ["6: row", "11: self.layout"]
