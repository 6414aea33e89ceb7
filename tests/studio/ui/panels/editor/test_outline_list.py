"""The outline beside the text: it shows what is there, follows the caret, filters, and goes where one says."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTreeWidgetItem
from pytestqt.qtbot import QtBot

from tasktonic_studio.analysis.outline import outline
from tasktonic_studio.ui.panels.editor import outline_list
from tasktonic_studio.ui.panels.editor.outline_list import LOOKING, NOTHING, OutlineList
from tasktonic_studio.ui.panels.editor.panel import EditorPanel
from tasktonic_studio.ui.panels.editor.view import EditorView
from tests.helpers.panel_stand import PanelStand

SOURCE = """\
class Door(ttTonic):
    def ttse__on_start(self):
        self.ttsc__open()

    def ttsc_shut__open(self):
        pass

    def ttsc_shut__knock(self):
        pass

    def plain(self):
        pass


def main():
    pass
"""


class Stand(PanelStand):
    """The editor with one file and its outline."""

    def __init__(self, file: Path, recovery: Path, *, plain: bool) -> None:
        super().__init__(EditorPanel(recovery))
        self.settings.set("editor.plain", plain)
        self.panel.open_source(str(file))  # type: ignore[attr-defined]

    @property
    def editor_view(self) -> EditorView:
        assert isinstance(self.widget, EditorView)
        return self.widget

    @property
    def outline(self) -> OutlineList:
        return self.editor_view.outline_side.list

    def rows(self) -> list[tuple[int, str]]:
        """How deep, and the words, of each row that is shown."""
        return [(depth_of(row), row.text(0)) for row in self.outline.rows() if not row.isHidden()]

    def write(self, text: str) -> None:
        """Put in another text, and let the outline look at it."""
        editor = self.editor_view.editor()
        assert editor is not None
        editor.replace(0, len(editor.text()), text)
        outlines = self.editor_view.outline_side._outlines
        assert outlines is not None
        outlines.look()


def depth_of(row: QTreeWidgetItem) -> int:
    parent = row.parent()
    return 0 if parent is None else 1 + depth_of(parent)


@pytest.fixture(params=[False, True], ids=["scintilla", "plain"])
def stand(request: pytest.FixtureRequest, qtbot: QtBot, tmp_path: Path) -> Iterator[Stand]:
    file = tmp_path / "door.py"
    file.write_text(SOURCE)
    made = Stand(file, tmp_path / "drafts", plain=request.param)
    made.show(800, 500)
    made.run("editor.outline")
    yield made
    made.close()


def test_tonics_states_and_sparkles_are_shown(stand: Stand) -> None:
    assert stand.rows() == [
        (0, "class Door"),
        (1, "ttse__on_start"),
        (1, "plain"),
        (1, "state shut"),
        (2, "ttsc__open"),
        (2, "ttsc__knock"),
        (0, "main"),
    ]


def test_it_follows_the_caret(stand: Stand, qtbot: QtBot) -> None:
    editor = stand.editor_view.editor()
    assert editor is not None
    editor.setFocus()

    editor.go_to(9)

    def chosen() -> str:
        row = stand.outline.tree.currentItem()
        return row.text(0) if row is not None else ""

    qtbot.waitUntil(lambda: chosen() == "ttsc__knock")


def test_enter_goes_to_the_first_that_the_filter_leaves_and_escape_back_to_the_text(stand: Stand) -> None:
    editor = stand.editor_view.editor()
    assert editor is not None

    QTest.keyClicks(stand.outline.filter, "KNOCK")
    assert stand.rows() == [(0, "class Door"), (1, "state shut"), (2, "ttsc__knock")]
    QTest.keyClick(stand.outline.filter, Qt.Key.Key_Return)
    assert editor.line_of(editor.caret()) == 8

    stand.outline.filter.clear()
    QTest.keyClick(stand.outline.filter, Qt.Key.Key_Down)
    QTest.keyClick(stand.outline.tree, Qt.Key.Key_Escape)
    assert len(stand.rows()) == 7


def test_what_is_half_typed_takes_nothing_away(stand: Stand) -> None:
    stand.write(SOURCE.replace("        pass\n\n    def plain", '        """half\n\n    def plain', 1))
    assert (1, "plain") in stand.rows()

    stand.write(SOURCE.replace("plain", "plainer"))
    assert (1, "plainer") in stand.rows()


def test_what_was_folded_stays_folded_when_something_else_is_typed(stand: Stand) -> None:
    group = next(row for row in stand.outline.rows() if row.text(0) == "state shut")
    group.setExpanded(False)

    stand.write(SOURCE + "\n\ndef more(): pass\n")

    group = next(row for row in stand.outline.rows() if row.text(0) == "state shut")
    assert not group.isExpanded()
    assert (0, "more") in stand.rows()


def test_a_change_of_several_steps_is_looked_at_when_it_is_whole(stand: Stand, qtbot: QtBot) -> None:
    group = next(row for row in stand.outline.rows() if row.text(0) == "state shut")
    group.setExpanded(False)
    editor = stand.editor_view.editor()
    outlines = stand.editor_view.outline_side._outlines
    assert editor is not None
    assert outlines is not None
    outlines._look.stop()  # it has rested: the next change is looked at without delay

    editor.replace(0, len(editor.text()), SOURCE + "\n\ndef more(): pass\n")

    qtbot.waitUntil(lambda: (0, "more") in stand.rows())
    group = next(row for row in stand.outline.rows() if row.text(0) == "state shut")
    assert not group.isExpanded()


def test_a_text_without_anything_says_so_and_the_outline_goes_with_its_key(stand: Stand) -> None:
    stand.write("x = 1\n")
    assert stand.rows() == [(0, NOTHING)]

    stand.run("editor.outline")
    assert stand.outline.isHidden()
    stand.run("editor.outline")
    assert not stand.outline.isHidden()
    assert stand.editor_view.save_state()["outline"] is True


def test_only_what_was_changed_is_made_anew_and_all_lines_are_those_of_now(stand: Stand) -> None:
    many = "".join(f"class Door{number}(ttTonic):\n    def ttsc__go(self): ...\n\n\n" for number in range(5))
    stand.write(many)
    before = list(stand.outline.rows())

    stand.write("import os\n" + many.replace("class Door2", "class Gate", 1))

    after = list(stand.outline.rows())
    assert [one is other for one, other in zip(before, after, strict=True)] == [True] * 4 + [False] * 2 + [True] * 4
    assert [row.text(0) for row in after[4:6]] == ["class Gate", "ttsc__go"]
    assert [int(row.text(1)) for row in after] == [line for at in range(5) for line in (4 * at + 2, 4 * at + 3)]
    assert all(row.isExpanded() for row in after[::2])
    tree = stand.outline.tree
    assert [tree.topLevelItem(at) for at in range(tree.topLevelItemCount())] == after[::2]


def test_a_class_that_comes_or_goes_at_any_place_is_there_or_not(stand: Stand) -> None:
    classes = [f"class A{number}: ...\n" for number in range(4)]

    for shown in ([0, 1, 2, 3], [1, 2, 3], [1, 3], [1, 3, 2], [0], [], [0, 1], [0, 0, 1], [0, 1]):
        stand.write("".join(classes[number] for number in shown) or "x = 1\n")
        expected = [(0, f"class A{number}") for number in shown] or [(0, NOTHING)]
        assert stand.rows() == expected
        assert stand.outline.tree.topLevelItemCount() == len(expected)


# ---- a long one


LONG = "".join(f"class Door{number}:\n    def open(self): ...\n    def shut(self): ...\n" for number in range(1_200))


@pytest.fixture
def long_list(qtbot: QtBot) -> OutlineList:
    made = OutlineList()
    qtbot.addWidget(made)
    made.show_items(outline(LONG))
    return made


def words(rows: OutlineList) -> list[str]:
    return [row.text(0) for row in rows.rows()]


def test_a_long_outline_comes_in_portions_and_is_whole_in_the_end(long_list: OutlineList, qtbot: QtBot) -> None:
    assert len(words(long_list)) < 3_600

    qtbot.waitUntil(lambda: not long_list._work.is_busy)

    assert words(long_list)[-3:] == ["class Door1199", "open", "shut"]
    assert len(words(long_list)) == 3_600
    assert all(row.isExpanded() for row in long_list.rows() if row.childCount())


def test_another_outline_may_come_while_a_long_one_is_being_shown(long_list: OutlineList) -> None:
    while len(words(long_list)) < 2_000:
        long_list._work._step()
    assert long_list._work.is_busy

    long_list.show_items(outline("import os\n" + LONG.replace("class Door7:", "class Gate:", 1)))
    long_list._work.finish()

    assert words(long_list)[21:24] == ["class Gate", "open", "shut"]
    lines = [int(row.text(1)) for row in long_list.rows()]
    assert lines == list(range(2, 3_602))


def test_a_class_with_thousands_of_methods_comes_in_portions_too(qtbot: QtBot) -> None:
    made = OutlineList()
    qtbot.addWidget(made)
    methods = "".join(f"    def m{number}(self): ...\n" for number in range(2_500))

    made.show_items(outline(f"class Large:\n{methods}class Small: ...\n"))
    while not words(made):
        made._work._step()
    part = len(words(made))
    made.show_items(outline(f"class Large:\n{methods}class Smaller: ...\n"))
    made._work.finish()

    assert part == 1_000
    assert words(made) == ["class Large", *(f"m{number}" for number in range(2_500)), "class Smaller"]
    assert made.tree.topLevelItemCount() == 2


def test_the_filter_holds_for_rows_that_come_later(long_list: OutlineList) -> None:
    long_list.filter.setText("Door11")

    long_list._work.finish()

    assert [row.text(0) for row in long_list.rows() if not row.isHidden()] == [
        f"class Door{number}" for number in (11, *range(110, 120), *range(1_100, 1_200))
    ]


def test_the_chosen_row_stays_chosen_when_its_class_is_made_anew(qtbot: QtBot) -> None:
    made = OutlineList()
    qtbot.addWidget(made)
    made.show_items(outline(SOURCE))
    made.show()
    qtbot.waitExposed(made)
    made.tree.setFocus()
    qtbot.waitUntil(made.tree.hasFocus)
    made.tree.setCurrentItem(next(row for row in made.rows() if row.text(0) == "plain"))

    made.show_items(outline(SOURCE.replace("    def plain", "    def more(self): ...\n\n    def plain")))

    chosen = made.tree.currentItem()
    assert chosen is not None
    assert chosen.text(0) == "plain"


def test_half_typed_code_that_stands_a_thousand_deep_is_shown(qtbot: QtBot) -> None:
    made = OutlineList()
    qtbot.addWidget(made)

    made.show_items(outline("".join(f"{' ' * depth}def f{depth}():\n" for depth in range(600))))
    made._work.finish()

    assert len(words(made)) == 600


def test_a_text_that_is_still_looked_through_is_said_to_be(stand: Stand, qtbot: QtBot) -> None:
    editor = stand.editor_view.editor()
    assert editor is not None
    outlines = stand.editor_view.outline_side._outlines
    assert outlines is not None

    editor.set_text(LONG)
    file = stand.editor_view.page()
    assert file is not None
    outlines._known.clear()
    outlines.changed.emit()
    assert stand.rows() == [(0, LOOKING)]

    qtbot.waitUntil(lambda: len(stand.rows()) == 3_600)


def test_keys_within_a_line_ask_for_no_other_outline(stand: Stand) -> None:
    outlines = stand.editor_view.outline_side._outlines
    page = stand.editor_view.page()
    assert outlines is not None
    assert page is not None
    before = outlines.of(page)

    stand.write(SOURCE.replace("self.ttsc__open()", "self.ttsc__open(1)"))
    assert outlines.of(page) is before

    stand.write(SOURCE.replace("self.ttsc__open()", "def inner(): ..."))
    assert (2, "inner") in stand.rows()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_wherever_one_outline_is_interrupted_by_the_next_the_last_one_is_shown(
    seed: int, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outline_list, "_PORTION", 3)
    made = OutlineList()
    qtbot.addWidget(made)
    chance = random.Random(seed)
    text = ""
    for _ in range(40):
        methods = "".join(
            f"    def ttsc_{chance.choice('xy')}__m{at}(self): ...\n" for at in range(chance.randrange(6))
        )
        blocks = text.split("# end\n")
        at = chance.randrange(len(blocks))
        blocks[at : at + chance.randrange(2)] = [f"class C{chance.randrange(9)}:\n    x = 1\n{methods}"]
        text = "# end\n".join(blocks)
        made.show_items(outline(text))
        for _ in range(chance.randrange(6)):
            made._work._step()

    made._work.finish()

    whole = OutlineList()
    qtbot.addWidget(whole)
    whole.show_items(outline(text))
    whole._work.finish()
    assert [(row.text(0), row.text(1), depth_of(row)) for row in made.rows()] == [
        (row.text(0), row.text(1), depth_of(row)) for row in whole.rows()
    ]
    assert [made.tree.topLevelItem(at) for at in range(made.tree.topLevelItemCount())] == [
        block[0] for block in made._blocks
    ]


def test_a_text_that_was_read_while_the_machine_was_busy_is_soon_read_again(
    stand: Stand, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = stand.editor_view.editor()
    assert editor is not None
    outlines = stand.editor_view.outline_side._outlines
    assert outlines is not None
    outlines._look.stop()
    seconds = itertools.count(0, 1_000)

    with monkeypatch.context() as busy:
        busy.setattr("tasktonic_studio.ui.widgets.in_portions.time.perf_counter", lambda: next(seconds))
        editor.replace(0, 0, LONG)
        outlines._work.finish()
    editor.replace(0, 0, "class Second:\n    pass\n\n\n")

    def names() -> list[str]:
        return [row.text(0) for row in stand.outline.rows()]

    qtbot.waitUntil(lambda: "class Second" in names())


KEPT = "class Kept:\n    def on_{0}(self): ...\n    def off(self): ...\n"


@pytest.mark.parametrize("steps", range(8))
def test_folds_and_the_chosen_row_outlive_an_outline_that_was_interrupted(
    steps: int, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outline_list, "_PORTION", 2)
    texts = [
        "".join(f"class A{at}{turn}:\n    def on(self): ...\n" for at in range(3)) + KEPT.format(turn)
        for turn in range(3)
    ]
    made = OutlineList()
    qtbot.addWidget(made)
    made.show()
    made.tree.setFocus()
    qtbot.waitUntil(made.tree.hasFocus)
    made.show_items(outline(texts[0]))
    made._work.finish()
    kept = next(row for row in made.rows() if row.text(0) == "class Kept")
    kept.setExpanded(False)
    made.tree.setCurrentItem(kept)

    made.show_items(outline(texts[1]))
    for _ in range(steps):
        made._work._step()
    made.show_items(outline(texts[2]))
    made._work.finish()

    assert [row.text(0) for row in made.rows() if row.childCount() and not row.isExpanded()] == ["class Kept"]
    chosen = made.tree.currentItem()
    assert chosen is not None
    assert chosen.text(0) == "class Kept"


def test_a_row_that_the_user_chooses_between_two_portions_stays_chosen(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outline_list, "_PORTION", 2)
    made = OutlineList()
    qtbot.addWidget(made)
    made.show()
    made.tree.setFocus()
    qtbot.waitUntil(made.tree.hasFocus)
    text = "class First: ...\n" + "".join(f"class A{at}:\n    def on(self): ...\n" for at in range(5))
    made.show_items(outline(text))
    made._work.finish()
    made.tree.setCurrentItem(next(row for row in made.rows() if row.text(0) == "class A3"))

    made.show_items(outline(text.replace("on(", "off(")))
    while len(words(made)) == 11:
        made._work._step()
    assert made._work.is_busy
    made.tree.setCurrentItem(next(made.rows()))
    made._work.finish()

    chosen = made.tree.currentItem()
    assert chosen is not None
    assert chosen.text(0) == "class First"
