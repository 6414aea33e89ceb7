"""The tree of a project's files by itself: what is read when, in which order and in what portions, and what follows the disk."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QIcon
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.panels.project import files_model
from tasktonic_studio.ui.panels.project.files_tree import FilesTree

MakeTree = Callable[[], FilesTree]


class NoIcons:
    def icon(self, *_what: object) -> QIcon:
        return QIcon()


@pytest.fixture
def make_tree(tmp_path: Path, qtbot: QtBot) -> Iterator[MakeTree]:
    made: list[FilesTree] = []

    def make() -> FilesTree:
        tree = FilesTree(NoIcons())  # type: ignore[arg-type]
        made.append(tree)
        tree.show_folder(tmp_path)
        return tree

    yield make
    for tree in made:
        tree.finish()
        tree.deleteLater()


def below(tree: FilesTree, *names: str) -> list[str]:
    """The names that are shown below a row, or at the top."""
    model, at = tree.model(), QModelIndex()
    for name in names:
        row = [str(model.index(it, 0, at).data()) for it in range(model.rowCount(at))].index(name)
        at = model.index(row, 0, at)
    return [str(model.index(it, 0, at).data()) for it in range(model.rowCount(at))]


def unfold(tree: FilesTree, path: Path, qtbot: QtBot) -> None:
    tree.choose(path)
    qtbot.waitUntil(lambda: tree.chosen == path)
    tree.expand(tree.currentIndex())


def test_very_many_files_come_in_portions_and_in_their_order(
    tmp_path: Path, make_tree: MakeTree, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files_model, "ROWS_PER_TURN", 10)
    for number in range(34):
        (tmp_path / f"Pump{number}.py").touch()
    (tmp_path / "parts").mkdir()
    (tmp_path / "zone").mkdir()
    tree = make_tree()
    portions: list[int] = []
    tree.model().rowsInserted.connect(
        lambda at, first, last: None if at.isValid() else portions.append(last - first + 1)
    )

    qtbot.waitUntil(lambda: len(tree.names()) == 36)

    assert portions == [10, 10, 10, 6]
    assert tree.names() == ["parts", "zone", *(f"Pump{number}.py" for number in range(34))]


def test_opened_folders_follow_the_disk(tmp_path: Path, make_tree: MakeTree, qtbot: QtBot) -> None:
    (tmp_path / "parts" / "inner").mkdir(parents=True)
    (tmp_path / "parts" / "b.py").touch()
    tree = make_tree()
    unfold(tree, tmp_path / "parts", qtbot)
    qtbot.waitUntil(lambda: below(tree, "parts") == ["inner", "b.py"])
    unfold(tree, tmp_path / "parts" / "inner", qtbot)
    qtbot.waitUntil(lambda: below(tree, "parts", "inner") == [])

    (tmp_path / "parts" / "inner" / "c.py").touch()
    (tmp_path / "parts" / "a.py").touch()
    qtbot.waitUntil(lambda: below(tree, "parts") == ["inner", "a.py", "b.py"])
    qtbot.waitUntil(lambda: below(tree, "parts", "inner") == ["c.py"])

    (tmp_path / "parts" / "a.py").unlink()
    (tmp_path / "parts" / "a.py").mkdir()
    shutil.rmtree(tmp_path / "parts" / "inner")
    qtbot.waitUntil(lambda: below(tree, "parts") == ["a.py", "b.py"])

    assert below(tree, "parts", "a.py") == [files_model.COMES]
    (tmp_path / "parts" / "inner").mkdir()
    qtbot.waitUntil(lambda: below(tree, "parts") == ["a.py", "inner", "b.py"])
    unfold(tree, tmp_path / "parts" / "inner", qtbot)
    qtbot.waitUntil(lambda: below(tree, "parts", "inner") == [])


def test_file_far_below_is_gone_to_and_what_comes_before_it_leaves_it_chosen(
    tmp_path: Path, make_tree: MakeTree, qtbot: QtBot
) -> None:
    deep = tmp_path / "a" / "b" / "c" / "d.py"
    deep.parent.mkdir(parents=True)
    deep.touch()
    tree = make_tree()
    tree.choose(deep)
    qtbot.waitUntil(lambda: tree.chosen == deep)
    assert tree.isExpanded(tree.currentIndex().parent())

    (deep.parent / "a.py").touch()
    qtbot.waitUntil(lambda: below(tree, "a", "b", "c") == ["a.py", "d.py"])

    assert (tree.chosen, tree.currentIndex().row()) == (deep, 1)


def test_folder_that_was_removed_and_made_anew_is_looked_through_again(
    tmp_path: Path, make_tree: MakeTree, qtbot: QtBot
) -> None:
    (tmp_path / "old.py").touch()
    tree = make_tree()
    qtbot.waitUntil(lambda: tree.names() == ["old.py"])
    shutil.rmtree(tmp_path)
    qtbot.waitUntil(lambda: tree.names() == [])

    tmp_path.mkdir()
    (tmp_path / "new.py").touch()
    tree.look_again()

    qtbot.waitUntil(lambda: tree.names() == ["new.py"])
    (tmp_path / "more.py").touch()
    qtbot.waitUntil(lambda: tree.names() == ["more.py", "new.py"])


def test_names_that_no_text_has_and_links_that_lead_nowhere_are_shown(
    tmp_path: Path, make_tree: MakeTree, qtbot: QtBot
) -> None:
    (tmp_path / "b\udcff.py").touch()
    (tmp_path / "a.py").symlink_to(tmp_path / "gone")
    (tmp_path / "link").symlink_to(tmp_path)
    tree = make_tree()

    qtbot.waitUntil(lambda: tree.names() == ["link", "a.py", "b?.py"])

    unfold(tree, tmp_path / "link", qtbot)
    qtbot.waitUntil(lambda: below(tree, "link") == ["link", "a.py", "b?.py"])
    assert below(tree, "link", "link") == [files_model.COMES]
