"""The command that takes a picture of every panel, and the pictures that the documentation keeps."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.layouts import arrangements
from tasktonic_studio.ui.panel_list import all_panels
from tools import pictures

MOST_BYTES, MOST_BYTES_IN_ALL = 300_000, 6_000_000
PANELS = [panel.id for panel in all_panels()]
ARRANGED = [arrangement.name for arrangement in arrangements(PANELS)]


@pytest.mark.parametrize("panel", PANELS)
def test_every_panel_is_pictured_in_every_state_theme_and_width(panel: str) -> None:
    shots = [shot for shot in pictures.kept_shots(PANELS, ARRANGED) if shot.panel == panel]

    assert {shot.state for shot in shots} == {"empty", "live", "recorded"}
    assert {shot.theme for shot in shots} == {"dark", "light", "contrast"}
    assert {shot.width for shot in shots} == {760, 300}


@pytest.mark.parametrize("name", ARRANGED)
def test_every_arrangement_is_pictured_large_small_and_with_large_text(name: str) -> None:
    shots = [shot for shot in pictures.kept_shots(PANELS, ARRANGED) if shot.arrangement == name]

    sizes = [(shot.width, shot.height, shot.text) for shot in shots]
    assert sizes == [(1440, 900, 100), (800, 600, 100), (1440, 900, 200)]


@pytest.mark.parametrize("shots", [pictures.kept_shots, pictures.all_shots])
def test_no_two_pictures_have_the_same_name(shots: object) -> None:
    names = [shot.name for shot in shots(PANELS, ARRANGED)]  # type: ignore[operator]

    assert len(names) == len(set(names)) > len(PANELS) * 5


def test_all_pictures_have_what_is_kept_among_them() -> None:
    all_names = {shot.name for shot in pictures.all_shots(PANELS, ARRANGED)}

    assert {shot.name for shot in pictures.kept_shots(PANELS, ARRANGED)} <= all_names


def test_an_unknown_panel_is_refused_with_those_there_are() -> None:
    with pytest.raises(SystemExit, match=r"There is no panel loggy; there are ledger, inspector, log, trace, "):
        pictures.main(["--panel", "loggy"])


def test_the_index_shows_every_kept_picture_and_no_other() -> None:
    index = pictures.INDEX.read_text(encoding="utf-8")

    shown = re.findall(r"!\[[^\]]+\]\(panels/([^)]+)\)", index)

    assert sorted(shown) == sorted(file.name for file in pictures.KEPT.glob("*.png"))
    assert len(shown) > 60


def test_the_kept_pictures_are_small() -> None:
    sizes = {file.name: file.stat().st_size for file in pictures.KEPT.glob("*.png")}

    assert [name for name, size in sizes.items() if size > MOST_BYTES] == []
    assert sum(sizes.values()) < MOST_BYTES_IN_ALL


def test_a_picture_with_few_colours_stays_as_it_is(qtbot: QtBot, tmp_path: Path) -> None:
    image = QImage(300, 200, QImage.Format.Format_ARGB32)
    image.fill(QColor("#1b1e23"))
    painter = QPainter(image)
    painter.fillRect(20, 30, 100, 50, QColor("#62bbee"))
    painter.end()

    pictures.with_few_colours(image).save(str(tmp_path / "few.png"))

    assert QImage(str(tmp_path / "few.png")).convertToFormat(image.format()) == image


def test_a_picture_with_many_colours_comes_out_near_to_it(qtbot: QtBot) -> None:
    image = QImage(600, 40, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    gradient = QLinearGradient(0, 0, 600, 0)
    gradient.setColorAt(0, Qt.GlobalColor.black)
    gradient.setColorAt(1, QColor("#ff8040"))
    painter.fillRect(image.rect(), gradient)
    painter.end()

    packed = pictures.with_few_colours(image)

    assert packed.colorCount() <= 256
    for x in range(0, 600, 37):
        before, after = image.pixelColor(x, 20), packed.pixelColor(x, 20)
        assert abs(before.red() - after.red()) + abs(before.green() - after.green()) < 16
