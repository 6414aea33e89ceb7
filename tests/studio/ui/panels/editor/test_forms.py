"""Forms of Qt Designer in the editor: a picture made beside the window, in which no code of the user runs."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tasktonic_studio import form_process
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
