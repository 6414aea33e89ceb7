"""Forms of Qt Designer in the editor: a picture made beside the window, in which no code of the user runs."""

from __future__ import annotations

import base64
import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tasktonic_studio import form_process
from tasktonic_studio.form_process import _StandIns
from tasktonic_studio.ui.panels.editor import forms
from tasktonic_studio.ui.panels.editor.panel import EditorPanel
from tests.helpers.panel_stand import PanelStand
from tests.helpers.patience import PATIENCE_S

FORM = """<ui version="4.0"><class>House</class><widget class="QWidget" name="House">
<layout class="QVBoxLayout" name="page"><item><widget class="QLabel" name="title"/></item>
<item><widget class="Gauge" name="gauge"/></item></layout></widget>
<customwidgets><customwidget><class>Gauge</class><extends>QWidget</extends><header>gauges</header></customwidget></customwidgets>
</ui>
"""
BOMB = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "x" * 10}">' for n in range(9))


@pytest.mark.parametrize(
    "text, problem, line",
    [
        ("<ui>\n<widget", "This is no XML: line 2, column 1: unclosed token.", 2),
        ("<ui/>", "This holds no form: Qt Designer writes <ui> with a <widget> in it.", 1),
        ("<ui>" + "<widget>" * 300, "The form has more than 200 things inside each other.", 0),
        ("x" * 1_000_001, "The form has 1,000,001 characters; up to 1,000,000 are shown.", 0),
        (f"<ui><widget>{'<widget/>' * 6_000}</widget></ui>", "The form has 6,001 widgets; up to 5,000 are shown.", 0),
    ],
)
def test_what_is_no_form_or_too_much_is_said_before_qt_sees_it(text: str, problem: str, line: int) -> None:
    assert form_process.picture({"text": text, "folder": ""}) == {"problem": problem, "line": line}


def test_entities_that_explode_are_no_form() -> None:
    text = f"<!DOCTYPE ui [{BOMB}]><ui><widget><string>{'&a8;' * 10}</string></widget></ui>"

    assert "problem" in form_process.picture({"text": text, "folder": ""})


def of_ours(cls: str, base: str, inside: str = "", name: str = "own") -> str:
    """A form with a widget of a class of the user's."""
    made_from = f"<extends>{base}</extends>" if base else ""
    return (
        f'<ui><widget class="QWidget" name="Form"><layout class="QVBoxLayout" name="v"><item><widget class="{cls}" name="{name}">'
        f"{inside}</widget></item></layout></widget><customwidgets><customwidget><class>{cls}</class>{made_from}</customwidget>"
        "</customwidgets></ui>"
    )


LAID_OUT = '<layout class="QVBoxLayout" name="in"><item><widget class="QLabel" name="text"/></item></layout>'
BOX = "Shown as a box with its name, for code of yours does not run here: {}."
BASE = "Shown as what it is made from, for code of yours does not run here: {}."


@pytest.mark.parametrize(
    "form, note",
    [
        (of_ours("Gauge", "QWidget"), BOX.format("Gauge")),
        (of_ours("Gauge", ""), BOX.format("Gauge")),
        (of_ours("Gauge", "Gauge"), BOX.format("Gauge")),
        (of_ours("Big", "QPushButton"), BASE.format("Big (QPushButton)")),
        (of_ours("Room", "QWidget", LAID_OUT), BASE.format("Room (QWidget)")),
        (of_ours("Room", "Nothing", LAID_OUT), BASE.format("Room (QFrame)")),
    ],
)
def test_what_only_code_of_the_user_could_make_has_a_stand_in(qapp: QApplication, form: str, note: str) -> None:
    in_process = _StandIns(form, {"QWidget", "QFrame", "QPushButton", "QLabel"})
    cls = note.partition("here: ")[2].partition(" (")[0].rstrip(".")

    base = in_process.base_of(cls, "own")

    assert in_process.notes == [note]
    assert base == (note.partition("(")[2].partition(")")[0])


def with_property(name: str, value: str, more: str = "") -> str:
    """A form that is one widget with a property."""
    inside = f'<property name="{name}">{value}</property>'
    return f'<ui><widget class="QWidget" name="F">{inside}{more}</widget></ui>'


HOSTILE = {
    "insists on its size": with_property("minimumSize", "<size><width>90000</width><height>90000</height></size>"),
    "is huge": with_property("geometry", "<rect><x>0</x><y>0</y><width>60000</width><height>60000</height></rect>"),
    "has no resources": with_property(
        "windowIcon", '<iconset resource="no.qrc"><normaloff>:/no.png</normaloff></iconset>'
    ),
    "has a script": with_property("styleSheet", "<string>* { color: nonsense</string>", "<script>import os</script>"),
    "is of nobody": '<ui><widget class="Nobody" name="F"/></ui>',
}


@pytest.mark.parametrize("form", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_picture_of_a_hostile_form_is_one_of_bearable_size(
    form: str, aside: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    answer = aside({"do": "picture", "text": form, "folder": ""})

    image = QImage.fromData(base64.b64decode(answer["png"]))
    assert 0 < image.width() <= form_process.MOST_PX
    assert 0 < image.height() <= form_process.MOST_PX


@pytest.fixture(scope="module")
def aside() -> Iterator[Callable[[dict[str, Any]], dict[str, Any]]]:
    """Asks the form process, as the editor does, one for all forms."""
    environment = {**os.environ, "PYTHONPATH": str(Path(form_process.__file__).parents[1])}
    process = subprocess.Popen(forms.FORM_COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
    assert process.stdin is not None
    assert process.stdout is not None

    def ask(request: dict[str, Any]) -> dict[str, Any]:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps({"id": 1, **request}).encode() + b"\n")
        process.stdin.flush()
        answer: dict[str, Any] = json.loads(process.stdout.readline())
        return answer

    yield ask
    process.stdin.close()
    process.wait()
    process.stdout.close()


def test_a_form_is_shown_below_its_text_follows_typing_and_disk_and_never_runs_what_it_names(
    qtbot: QtBot, tmp_path: Path
) -> None:
    ran = tmp_path / "ran"
    (tmp_path / "gauges.py").write_text(f"open({str(ran)!r}, 'w')", encoding="utf-8")
    file = tmp_path / "house.ui"
    file.write_text(FORM, encoding="utf-8")
    stand = PanelStand(EditorPanel(tmp_path / "drafts"))
    qtbot.addWidget(stand.view)
    stand.show(900, 700)
    stand.panel.open_source(str(file))  # type: ignore[attr-defined]
    made = stand.panel.forms  # type: ignore[attr-defined]
    page = stand.view.page()
    shown = made.of(page)

    def says(words: str) -> None:
        qtbot.waitUntil(lambda: words in shown.words.text(), timeout=int(PATIENCE_S * 1_000))

    says("Shown as a box with its name, for code of yours does not run here: Gauge.")
    assert not shown.picture.pixmap().isNull()
    assert not ran.exists()

    # Typing that breaks it: said, and the last picture stays.
    page.editor.replace(0, 4, "<oi ")
    says("✕  This is no XML: line ")
    assert not shown.picture.pixmap().isNull()
    page.editor.undo()
    says("Gauge")

    # What Designer saves is taken in without a question, as nothing was changed here.
    assert not page.document.changed
    file.write_text(FORM.replace("Gauge", "Meter"), encoding="utf-8")
    qtbot.waitUntil(lambda: (stand.view.beat(), made.look_at_disk(), "Meter" in page.editor.text())[-1])
    says("does not run here: Meter.")
    stand.panel.finish()
    assert made.aside.process_id == 0


def test_a_picture_is_as_large_as_there_is_room_for_down_to_half_its_size(qtbot: QtBot) -> None:
    area = forms.PictureArea()
    qtbot.addWidget(area)
    area.resize(500, 400)
    area.show()
    whole, other = QPixmap(400, 300), QPixmap(400, 300)
    whole.fill(Qt.GlobalColor.white)
    other.fill(Qt.GlobalColor.red)

    area.show_picture(whole)
    assert area.picture.pixmap().size() == whole.size()
    area.resize(500, 200)
    assert area.picture.pixmap().height() == area.maximumViewportSize().height()
    area.resize(500, 60)
    assert area.picture.pixmap().height() == 150

    area.show_picture(other)
    assert (
        area.picture.pixmap().toImage().pixelColor(5, 5).red() > area.picture.pixmap().toImage().pixelColor(5, 5).blue()
    )


@pytest.mark.skipif(sys.platform == "win32", reason="a program is made of a script")
def test_designer_opens_the_form_and_without_one_the_reason_says_how_to_get_it(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin" / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert forms.designer() == ""
    assert "pip install PySide6-Essentials" in forms.NO_DESIGNER

    (tmp_path / "bin").mkdir()
    for place in (tmp_path / "bin" / "designer", tmp_path / "designer6"):
        place.write_text("#!/bin/sh\n")
        place.chmod(place.stat().st_mode | stat.S_IXUSR)
    assert forms.designer() == os.fspath(tmp_path / "designer6")
