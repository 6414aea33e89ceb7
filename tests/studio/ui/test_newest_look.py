"""Looking something up in a thread: the newest question counts, and closing waits for no disk."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import shiboken6
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui import file_list
from tasktonic_studio.ui.file_list import FileList
from tasktonic_studio.ui.newest_look import NewestLook
from tasktonic_studio.ui.panels.project import folder_reader, search
from tasktonic_studio.ui.panels.project.folder_reader import FolderReader
from tasktonic_studio.ui.panels.project.search import Search
from tests.helpers.patience import PATIENCE_MS, PATIENCE_S


class Disk(NamedTuple):
    asked: threading.Event
    answers: threading.Event


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    """A disk that answers to nobody until that is set."""
    asked, answers = threading.Event(), threading.Event()

    def hangs(*_: object, **__: object) -> Iterator[Path]:
        asked.set()
        answers.wait(PATIENCE_S)
        return iter(())

    monkeypatch.setattr(file_list, "walk", hangs)
    monkeypatch.setattr(search, "matching", hangs)
    monkeypatch.setattr(folder_reader, "rows_in", hangs)
    yield Disk(asked, answers)
    answers.set()


@pytest.mark.parametrize("kind", [FileList, Search, FolderReader])
def test_closing_does_not_wait_for_a_disk_that_hangs(
    disk: Disk, tmp_path: Path, qapp: object, kind: type[FileList | Search | FolderReader]
) -> None:
    owner = QObject()
    looks = kind(owner)
    if isinstance(looks, FileList):
        looks.look(tmp_path)
    elif isinstance(looks, Search):
        looks.look_for(tmp_path, "a")
    else:
        looks.begin(str(tmp_path))
    (thread,) = [it for it in threading.enumerate() if it.name.startswith(("studio file", "studio folder"))]
    assert disk.asked.wait(PATIENCE_S)

    looks.stop()
    shiboken6.delete(owner)

    assert thread.is_alive()
    assert thread.daemon
    # A thread that would tell something now fails the test: who should tell it is gone.
    disk.answers.set()
    thread.join(PATIENCE_S)


def test_only_the_newest_question_is_answered(qtbot: QtBot) -> None:
    owner = QObject()
    look = NewestLook("test look", owner)
    found: list[object] = []
    look.found.connect(lambda number, what: found.append((number, what)))
    first = threading.Event()

    def slow(is_wanted: object) -> str:
        first.wait(PATIENCE_S)
        return "late"

    look.begin(slow)
    second = look.begin(lambda is_wanted: "new")
    qtbot.waitUntil(lambda: bool(found), timeout=PATIENCE_MS)
    first.set()
    for thread in [it for it in threading.enumerate() if it.name == "test look"]:
        thread.join(PATIENCE_S)
    third = look.begin(lambda is_wanted: "last")
    qtbot.waitUntil(lambda: len(found) > 1, timeout=PATIENCE_MS)

    assert found == [(second, "new"), (third, "last")]
