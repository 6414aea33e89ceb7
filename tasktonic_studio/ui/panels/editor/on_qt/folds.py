"""Folding on Qt's text widget: the lines of a block that go further in than its first one are not shown.

A folded block is one whose next line is hidden; nothing else is kept, so that undo and typing cannot get out of step with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from PySide6.QtGui import QTextBlock, QTextCursor

from tasktonic_studio.ui.panels.editor.on_qt.text_edit import TextEdit

_PORTION: Final = 1_000
"""Lines that are looked at at a time; some milliseconds."""


def can_fold(block: QTextBlock) -> bool:
    """Whether a line begins a block that can be folded."""
    text = block.text()
    if not text.strip():
        return False
    following = block.next()
    while following.isValid() and not following.text().strip():
        following = following.next()
    return following.isValid() and _depth(following.text()) > _depth(text)


def is_folded(block: QTextBlock) -> bool:
    """Whether the block that begins with this line is folded."""
    following = block.next()
    return block.isVisible() and following.isValid() and not following.isVisible()


class Folds:
    """Made by the plain editor with its widget."""

    def __init__(self, edit: TextEdit) -> None:
        self._edit = edit
        self._any = False
        """Whether something may be folded; typing in a long text asks for nothing else."""
        self._folded_meanwhile = False
        """Whether the user has folded a block between two portions of `folding_all`."""

    def toggle(self, line: int) -> None:
        """The block that a line begins, or is in."""
        block = self._header(self._edit.document().findBlockByNumber(line - 1))
        if block.isValid():
            self._set(block, is_folded(block))

    def folding_all(self, folded: bool) -> Iterator[None]:
        """Fold every outermost block, or none, in portions."""
        self._any, self._folded_meanwhile = True, False
        until = _PORTION
        block = self._edit.document().begin()
        while block.isValid():
            if folded and can_fold(block):
                inside = list(_inside(block))
                _show(inside, False)
                block = inside[-1]
            elif not folded:
                block.setVisible(True)
            if block.blockNumber() >= until:
                number, until = block.blockNumber(), block.blockNumber() + _PORTION
                yield
                block = self._edit.document().findBlockByNumber(number)  # lines may have come or gone
            block = block.next()
        self._any = folded or self._folded_meanwhile
        self._lead_caret_out()
        self._lay_out()

    def reveal(self, block: QTextBlock) -> None:
        """Unfold what hides a line."""
        while self._any and block.isValid() and not block.isVisible():
            header = block
            while header.isValid() and not header.isVisible():
                header = header.previous()
            self._set(header, True)

    def follow_edit(self) -> None:
        """The text was changed: what is hidden below a line that begins no block any more could not be unfolded there."""
        if not self._any:
            return
        block = self._edit.textCursor().block()
        for line in (block.previous(), block):
            if line.isValid() and is_folded(line) and not can_fold(line):
                _show(list(_hidden_below(line)), True)
                self._lay_out()

    def _header(self, block: QTextBlock) -> QTextBlock:
        if can_fold(block):
            return block
        depth = _depth(block.text()) if block.text().strip() else 10**6
        header = block.previous()
        while header.isValid():
            if header.text().strip() and _depth(header.text()) < depth:
                return header
            header = header.previous()
        return header

    def _set(self, header: QTextBlock, visible: bool) -> None:
        inside = list(_inside(header))
        if not inside:
            # What was folded lost its depth by an edit: all that is hidden right below comes back.
            inside = list(_hidden_below(header))
        _show(inside, visible)
        if not visible:
            self._any = self._folded_meanwhile = True
        self._lead_caret_out()
        self._lay_out()

    def _lead_caret_out(self) -> None:
        """To the end of the line that is shown of a folded block."""
        block = self._edit.textCursor().block()
        if not block.isVisible():
            while block.previous().isValid() and not block.isVisible():
                block = block.previous()
            end = QTextCursor(block)
            end.movePosition(QTextCursor.MoveOperation.EndOfBlock)
            self._edit.setTextCursor(end)

    def _lay_out(self) -> None:
        document = self._edit.document()
        document.markContentsDirty(0, document.characterCount())
        # Scroll bar and viewport ask the layout only after such a word.
        document.documentLayout().documentSizeChanged.emit(document.documentLayout().documentSize())
        self._edit.viewport().update()


def _inside(header: QTextBlock) -> Iterator[QTextBlock]:
    """The lines that go further in than a line, without the blank ones behind the last of them."""
    depth = _depth(header.text())
    waiting: list[QTextBlock] = []
    block = header.next()
    while block.isValid():
        if not block.text().strip():
            waiting.append(block)
        elif _depth(block.text()) > depth:
            yield from waiting
            waiting.clear()
            yield block
        else:
            return
        block = block.next()


def _hidden_below(line: QTextBlock) -> Iterator[QTextBlock]:
    block = line.next()
    while block.isValid() and not block.isVisible():
        yield block
        block = block.next()


def _show(blocks: list[QTextBlock], visible: bool) -> None:
    for block in blocks:
        block.setVisible(visible)


def _depth(text: str) -> int:
    return len(text.expandtabs(4)) - len(text.expandtabs(4).lstrip())
