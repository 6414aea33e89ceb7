"""How Scintilla's widget is set up: encoding, line ends, tabs, guides, and the keys that it leaves to others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame

from tasktonic_studio.ui.panels.editor.code_editor import FOREIGN_KEYS
from tasktonic_studio.ui.panels.editor.on_scintilla import numbers

if TYPE_CHECKING:
    from tasktonic_studio.ui.panels.editor.scintilla import Edit


def set_up(edit: Edit) -> None:
    """What is the same for every text, whatever the theme and the language."""
    edit.setFrameShape(QFrame.Shape.NoFrame)
    edit.setCodePage(numbers.UTF8_PAGE)
    edit.setModEventMask(numbers.TEXT_CHANGES)
    edit.usePopUp(0)
    edit.setEOLMode(numbers.LINE_FEED)
    edit.setPasteConvertEndings(True)
    edit.setTabWidth(4)
    edit.setIndent(4)
    edit.setUseTabs(False)
    edit.setTabIndents(True)
    edit.setBackSpaceUnIndents(True)
    edit.setScrollWidth(1)
    edit.setScrollWidthTracking(True)
    edit.setExtraAscent(1)
    edit.setExtraDescent(2)
    edit.setIndentationGuides(numbers.GUIDES_BOTH)
    edit.setCaretLineVisibleAlways(True)
    for letter in FOREIGN_KEYS:
        edit.clearCmdKey(ord(letter) | numbers.CONTROL)
