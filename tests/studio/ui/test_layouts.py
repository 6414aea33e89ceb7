"""Arrangements are read from data; the user's own versions are kept in one file that never breaks the window."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tasktonic_studio.ui.layouts import (
    LayoutFile,
    Split,
    Tabs,
    arrangements,
    parse,
    without_low_parts,
    without_narrow_parts,
)

PANELS = ["ledger", "inspector", "log", "trace", "editor"]


def test_there_are_the_four_arrangements_in_order() -> None:
    assert [each.title for each in arrangements(PANELS)] == ["Run", "Debug", "Analyse", "Learn"]


@pytest.mark.parametrize("name", ["run", "debug", "analyse", "learn"])
def test_no_arrangement_has_a_panel_twice(name: str) -> None:
    (arrangement,) = (each for each in arrangements(PANELS) if each.name == name)

    assert len(arrangement.panels) == len(set(arrangement.panels))
    assert "ledger" in arrangement.panels


def test_panels_of_the_future_are_left_out_of_a_split() -> None:
    description = {
        "title": "T",
        "tree": {"across": [{"tabs": ["ledger"]}, {"down": [{"tabs": ["timeline"]}, {"tabs": ["log"]}]}]},
    }

    arrangement = parse("t", description, PANELS)

    assert arrangement.tree == Split(True, (Tabs(("ledger",), 50), Tabs(("log",), 50)), 100)


def test_an_arrangement_of_unknown_panels_is_empty() -> None:
    arrangement = parse("t", {"title": "T", "tree": {"tabs": ["timeline"]}}, PANELS)

    assert arrangement.tree is None
    assert arrangement.panels == []


UPPER, LOWER = Tabs(("inspector", "editor"), 60), Tabs(("log", "trace"), 40)


def test_parts_above_one_another_stay_so_where_each_has_room() -> None:
    tree = Split(True, (Tabs(("ledger",), 50), Split(False, (UPPER, LOWER), 50)), 100)

    assert without_low_parts(tree, 500, 200) == tree


def test_the_panels_of_a_part_that_would_be_too_low_stand_behind_those_above() -> None:
    tree = Split(True, (Tabs(("ledger",), 50), Split(False, (UPPER, LOWER), 50)), 100)

    fitting = without_low_parts(tree, 499, 200)

    assert fitting == Split(True, (Tabs(("ledger",), 50), Tabs(("inspector", "editor", "log", "trace"), 50)), 100)


def test_what_is_below_parts_side_by_side_stands_behind_the_largest_of_them() -> None:
    tree = Split(False, (Split(True, (Tabs(("ledger",), 30), Tabs(("editor",), 70)), 60), LOWER), 100)

    fitting = without_low_parts(tree, 300, 200)

    assert fitting == Split(True, (Tabs(("ledger",), 30), Tabs(("editor", "log", "trace"), 70)), 100)


LEDGER, EDITOR, INSPECTOR = Tabs(("ledger", "store"), 30), Tabs(("editor",), 44), Tabs(("inspector",), 26)


def test_parts_side_by_side_stay_so_where_each_has_room() -> None:
    tree = Split(True, (LEDGER, EDITOR, INSPECTOR), 100)

    assert without_narrow_parts(tree, 1000, 260) == tree


def test_the_panels_of_a_part_that_would_be_too_narrow_stand_behind_those_of_the_next_narrow_one() -> None:
    tree = Split(False, (Split(True, (LEDGER, EDITOR, INSPECTOR), 64), LOWER), 100)

    fitting = without_narrow_parts(tree, 999, 260)

    assert fitting == Split(False, (Split(True, (Tabs(("ledger", "store", "inspector"), 56), EDITOR), 64), LOWER), 100)
    assert without_narrow_parts(tree, 300, 200) == Split(
        False, (Tabs(("ledger", "store", "inspector", "editor"), 64), LOWER), 100
    )


def test_a_part_within_a_part_has_only_its_own_room() -> None:
    inner = Split(False, (Split(True, (UPPER, LOWER), 50), EDITOR), 50)
    tree = Split(True, (Tabs(("ledger",), 50), inner), 100)

    fitting = without_narrow_parts(tree, 1000, 220)

    together = Tabs(("inspector", "editor", "log", "trace"), 50)
    assert fitting == Split(True, (Tabs(("ledger",), 50), Split(False, (together, EDITOR), 50)), 100)


def test_what_is_kept_is_there_after_writing_and_reading(tmp_path: Path) -> None:
    file = LayoutFile(tmp_path / "a" / "layouts.json")
    file.keep("run", b"\x00state")
    file.keep_panel_state("ledger", {"filter": "x"})
    file.window = b"geometry"
    file.write()

    again = LayoutFile(tmp_path / "a" / "layouts.json")

    assert again.state("run") == b"\x00state"
    assert again.panel_state("ledger") == {"filter": "x"}
    assert again.window == b"geometry"
    assert again.changed == ["run"]


def test_a_forgotten_arrangement_is_gone(tmp_path: Path) -> None:
    file = LayoutFile(tmp_path / "layouts.json")
    file.keep("run", b"state")

    file.forget("run")

    assert file.state("run") is None


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        '{"format": 99}',
        '{"format": 1, "arrangements": []}',
        '{"format": 1, "arrangements": {"run": "%%"}}',
        pytest.param("[" * 200_000, id="nested too deeply"),
    ],
)
def test_a_broken_file_counts_as_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "layouts.json").write_text(content)

    file = LayoutFile(tmp_path / "layouts.json")

    assert file.state("run") is None
    assert file.window is None
    assert file.panel_state("ledger") == {}


def test_a_broken_file_is_kept_aside_when_a_new_one_is_written(tmp_path: Path) -> None:
    (tmp_path / "layouts.json").write_text("{ my precious")
    file = LayoutFile(tmp_path / "layouts.json")

    file.write()

    assert (tmp_path / "layouts.broken").read_text() == "{ my precious"
    assert json.loads((tmp_path / "layouts.json").read_text())["format"] == 1
