"""Files that are written whole, at once or in a thread: on good days and bad ones; and where they go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QSize, QTimer
from PySide6.QtGui import QColor, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.widgets.picture_file import save_picture, save_text
from tasktonic_studio.ui.widgets.save_file import Saving, file_to_save, name_of, write_whole

DRAWINGS = "Drawing (*.svg);;Picture (*.png)"


@pytest.fixture
def saving() -> Iterator[Saving]:
    owner = QObject()
    saving = Saving(owner)
    yield saving
    saving.finish()


def test_half_a_character_does_not_keep_a_file_from_being_written(saving: Saving, qtbot: QtBot, tmp_path: Path) -> None:
    with qtbot.waitSignal(saving.ended) as ended:
        saving.start(str(tmp_path / "rows.csv"), lambda: ["pump\ud800\r\n", "valve\r\n"])

    assert ended.args == [""]
    assert (tmp_path / "rows.csv").read_bytes() == b"pump?\r\nvalve\r\n"


def test_a_fault_while_a_file_is_made_is_told_and_leaves_nothing(saving: Saving, qtbot: QtBot, tmp_path: Path) -> None:
    def lines() -> Iterator[str]:
        yield "pump\r\n"
        raise KeyError("valve")

    with qtbot.waitSignal(saving.ended) as ended:
        saving.start(str(tmp_path / "rows.csv"), lines)

    assert ended.args == ["rows.csv was not written: it failed inside the Studio, KeyError: 'valve'."]
    assert list(tmp_path.iterdir()) == []


def test_a_place_where_nothing_can_be_is_told(saving: Saving, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    place = tmp_path / "plain" / "rows.csv"

    with qtbot.waitSignal(saving.ended) as ended:
        saving.start(str(place), lambda: ["pump\r\n"])

    assert ended.args == [f"{place} could not be written: Not a directory. Choose another place."]


# ---- no room left ------------------------------------------------------------------------------------------------


@contextmanager
def room_for(most_bytes: int) -> Iterator[None]:
    """No file of this process may become larger: what is written then fails as on a full disk."""
    resource = pytest.importorskip("resource", reason="files have no limit of size here")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def paint(painter: QPainter) -> None:
    for x in range(0, 300, 7):
        painter.fillRect(x, x // 2, 5, 9, QColor.fromHsv(x, 200, 200))
        painter.drawText(x, x, "robot")


@pytest.mark.parametrize(
    "name, save",
    [
        ("diagram.svg", lambda file: save_picture(file, QSize(400, 300), "Diagram", paint)),
        ("diagram.png", lambda file: save_picture(file, QSize(400, 300), "Diagram", paint)),
        ("rows.txt", lambda file: save_text(file, "a row\n" * 1_000)),
    ],
)
def test_where_there_is_no_room_the_file_of_before_stays(
    tmp_path: Path, qapp: QApplication, name: str, save: Callable[[str], str]
) -> None:
    file = tmp_path / name
    file.write_text("what was there before")

    with room_for(1_000):
        problem = save(str(file))

    assert problem == f"{file} could not be written: File too large. Choose another place."
    assert file.read_text() == "what was there before"
    assert list(tmp_path.iterdir()) == [file]


def test_a_name_that_no_file_can_have_is_told(tmp_path: Path) -> None:
    assert write_whole(str(tmp_path / ("x" * 300)), b"") == (
        f"{tmp_path / ('x' * 300)} could not be written: File name too long. Choose another place."
    )
    assert "could not be written" in write_whole(str(tmp_path / "half\0name"), b"")


# ---- where to ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target, what, name",
    [
        ("watch_me.py", "trace.csv", "watch_me-trace.csv"),
        ("", "trace.csv", "trace.csv"),
        ("process 4711", "robot A0.txt", "process-4711-robot-A0.txt"),
        ("café.ttt", "../../etc/passwd.txt", "café-etc-passwd.txt"),
        ("app.py", "<b>:*?.svg", "app-b.svg"),
        ("app.py", "x" * 300 + ".svg", "app-" + "x" * 96 + ".svg"),
    ],
)
def test_a_proposed_name_says_of_what_it_is(target: str, what: str, name: str) -> None:
    assert name_of(target, what) == name


def answered(parent: QWidget, name: str, kind: str = "", proposal: str = "lanes.svg") -> tuple[str, str]:
    """Ask; choose this kind and this name, and save. What came of it, and the name that was proposed."""
    proposed: list[str] = []

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QFileDialog)
        (line,) = dialog.findChildren(QLineEdit, "fileNameEdit")
        proposed.append(line.text())
        (kinds,) = dialog.findChildren(QComboBox, "fileTypeCombo")
        QTest.keyClicks(kinds, kind)
        if Path(name).is_absolute():
            dialog.setDirectory(str(Path(name).parent))
        dialog.selectFile(Path(name).name)
        dialog.accept()

    QTimer.singleShot(0, parent, answer)
    file = file_to_save(parent, "Save the lanes", proposal, DRAWINGS)
    return file, proposed[0]


def test_a_name_without_an_ending_gets_that_of_the_chosen_kind(qtbot: QtBot, tmp_path: Path) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)

    first = answered(parent, str(tmp_path / "mine"))
    second = answered(parent, str(tmp_path / "mine"), "Picture")
    third = answered(parent, str(tmp_path / "mine.png"))

    assert first == (str(tmp_path / "mine.svg"), "lanes.svg")
    assert second[0] == third[0] == str(tmp_path / "mine.png")


def test_the_next_file_is_proposed_beside_the_last_one(qtbot: QtBot, tmp_path: Path) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    answered(parent, str(tmp_path / "mine"))

    assert answered(parent, "other")[0] == str(tmp_path / "other.svg")


def test_a_proposal_may_have_its_folder(qtbot: QtBot, tmp_path: Path) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    (tmp_path / "runs").mkdir()

    file, proposed = answered(parent, "other", proposal=str(tmp_path / "runs" / "plant.svg"))

    assert (file, proposed) == (str(tmp_path / "runs" / "other.svg"), "plant.svg")
