"""Looking something up in a thread: the newest question counts, and closing waits for no disk."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui import file_list
from tasktonic_studio.ui.file_list import FileList
from tasktonic_studio.ui.newest_look import NewestLook
from tasktonic_studio.ui.panels.project import search
from tasktonic_studio.ui.panels.project.search import Search
from tests.helpers.patience import PATIENCE_MS, PATIENCE_S


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A disk that answers to nobody until this is set, and that is being asked."""
    answers, asked = threading.Event(), threading.Event()

    def hangs(*_: object) -> Iterator[Path]:
        asked.set()
        answers.wait(PATIENCE_S)
        return iter(())

    monkeypatch.setattr(file_list, "walk", hangs)
    monkeypatch.setattr(search, "matching", hangs)
    yield answers
    assert asked.is_set()
    answers.set()


@pytest.mark.parametrize("kind", ["files", "search"])
def test_closing_does_not_wait_for_a_disk_that_hangs(
    disk: threading.Event, tmp_path: Path, qapp: object, kind: str
) -> None:
    owner = QObject()
    looks = FileList(owner) if kind == "files" else Search(owner)
    looks.look(tmp_path) if isinstance(looks, FileList) else looks.look_for(tmp_path, "a")
    (thread,) = [it for it in threading.enumerate() if it.name.startswith("studio file")]

    looks.stop()

    assert thread.is_alive()
    assert thread.daemon
    assert not disk.is_set()
    disk.set()
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
