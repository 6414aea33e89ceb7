"""What tests do with the editor: look at the page in front, type, click, answer its dialogs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tasktonic_studio.ui.panels.editor.closing import CANCEL
from tasktonic_studio.ui.panels.editor.page import EditorPage
from tasktonic_studio.ui.panels.editor.view import EditorView


class Asked:
    """Stands in for the dialogs: what was asked, and what is answered."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.questions: list[str] = []
        self.answer = CANCEL
        self.file = ""
        monkeypatch.setattr(EditorView, "ask", staticmethod(self._ask))
        monkeypatch.setattr(EditorView, "ask_file", staticmethod(lambda *_: self.file))

    def _ask(self, _parent: QWidget, question: str, _details: str, answers: Sequence[str]) -> str:
        self.questions.append(question)
        assert self.answer in answers
        return self.answer


def page_of(view: EditorView) -> EditorPage:
    page = view.page()
    assert page is not None
    return page


def write(view: EditorView, text: str) -> None:
    QTest.keyClicks(page_of(view).editor.input_widget(), text)


def drafts(view: EditorView, tmp_path: Path) -> list[Path]:
    """The texts that are kept when all that was asked for is done."""
    view._recovery.wait()
    return list((tmp_path / "drafts").rglob("*.json"))


def click(bar_of: QWidget, words: str) -> None:
    buttons = {button.text(): button for button in bar_of.buttons()}  # type: ignore[attr-defined]
    QTest.mouseClick(buttons[words], Qt.MouseButton.LeftButton)
