"""The composition root: faults are told, not swallowed, and the window lives on."""

from __future__ import annotations

import sys
import threading

import pytest
from PySide6.QtCore import QtMsgType
from pytestqt.qtbot import QtBot

from tasktonic.protocol.address import Found
from tasktonic_studio.app import Faults, _folders, _on_message, _running


def failing() -> None:
    raise ValueError("no such thing")


def told_by(faults: Faults) -> list[str]:
    told: list[str] = []
    faults.occurred.connect(told.append)
    return told


def report(faults: Faults) -> None:
    try:
        failing()
    except ValueError as problem:
        faults._on_exception(ValueError, problem, problem.__traceback__)


def test_an_exception_is_told_with_its_traceback(qtbot: QtBot, capsys: pytest.CaptureFixture[str]) -> None:
    faults = Faults()
    told = told_by(faults)

    report(faults)

    assert "ValueError: no such thing" in told[0]
    assert "ValueError: no such thing" in capsys.readouterr().err


def test_the_same_fault_again_and_again_is_told_once(qtbot: QtBot, capsys: pytest.CaptureFixture[str]) -> None:
    faults = Faults()
    told = told_by(faults)

    for _ in range(50):
        report(faults)

    assert len(told) == 1
    assert capsys.readouterr().err.count("ValueError: no such thing") == 1


def test_the_hooks_are_given_back(qtbot: QtBot) -> None:
    before = sys.excepthook, threading.excepthook
    undo = Faults().install()

    undo()

    assert (sys.excepthook, threading.excepthook) == before


def test_a_fault_in_a_thread_reaches_the_window(qtbot: QtBot, capsys: pytest.CaptureFixture[str]) -> None:
    faults = Faults()
    told = told_by(faults)
    undo = faults.install()
    thread = threading.Thread(target=failing)

    thread.start()
    thread.join()

    qtbot.waitUntil(lambda: len(told) == 1)
    undo()


def test_found_apps_are_named_after_their_script() -> None:
    assert _running(Found(12, "/home/me/plant.py", "a", "t")).title == "plant.py"
    assert _running(Found(12, "", "a", "t", "It is too old.")).title == "process 12"
    assert not _running(Found(12, "", "a", "t", "It is too old.")).can_attach


def test_it_is_known_where_the_users_files_lie() -> None:
    assert set(_folders()) == {
        "Settings",
        "Arrangements",
        "Unsaved texts",
        "Recorded runs",
        "Breakpoints",
        "Programs of lessons",
    }


def test_what_the_platform_says_of_every_window_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    _on_message(QtMsgType.QtWarningMsg, None, "This plugin does not support raise()")  # type: ignore[arg-type]
    _on_message(QtMsgType.QtWarningMsg, None, "something is wrong")  # type: ignore[arg-type]

    assert capsys.readouterr().err == "something is wrong\n"
