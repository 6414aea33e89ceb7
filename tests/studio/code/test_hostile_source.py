"""Half-typed code at the characters of a real file, and texts of ill will: every question has an answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tasktonic_studio.code.place import call_around, place_at
from tasktonic_studio.code_process import doing

ROOT = Path(__file__).resolve().parents[3]
REAL = (ROOT / "examples" / "traffic_light.py").read_text(encoding="utf-8")


def request(file: Path, text: str, at: int) -> dict[str, Any]:
    line, column = text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1)
    return {"file": str(file), "line": line, "column": column, "texts": {str(file): text}, "text": text, "new": "x"}


def test_a_place_is_found_at_every_character_of_a_real_file() -> None:
    for at in range(0, len(REAL), 17):
        line, column = REAL.count("\n", 0, at) + 1, at - (REAL.rfind("\n", 0, at) + 1)
        place = place_at(REAL, line, column)
        call_around(REAL[:at], line, column)
        assert place.begin <= column <= place.end


@pytest.mark.parametrize("do", ["complete", "hover", "signature", "definition", "callers", "rename", "problems"])
def test_half_a_file_is_answered(do: str, tmp_path: Path) -> None:
    file = tmp_path / "light.py"
    for at in range(97, len(REAL), 1300):
        assert "problem" not in doing[do](request(file, REAL[:at], at))


ILL_WILL = {
    "nothing": "",
    "no text": "\0" * 9,
    "half a sign": "\ud800x",
    "brackets": "((((" * 400,
    "dots": "x." * 900,
    "no end": "class A(A):\n def ttsc__a(self): self.",
    "headers": "def f(\n" * 90,
    "tabs and blanks": "\t\n  \t x",
    "quotes": "'" * 301,
    "a ring of bases": "class A(B): ...\nclass B(A): ...\nB().",
    "a long sum": "x = " + "1+" * 300 + "1",
    "continued lines": "\\\n" * 50,
}


@pytest.mark.parametrize("text", ILL_WILL.values(), ids=ILL_WILL)
def test_source_of_ill_will_is_answered(text: str, tmp_path: Path) -> None:
    file = tmp_path / "odd.py"
    for do in doing:
        assert "problem" not in doing[do](request(file, text, len(text)))
