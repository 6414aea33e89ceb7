"""Paints a sentence with its links: what it is for and when above, the words below, wrapped to the width there is."""

from __future__ import annotations

from html import escape
from typing import Final

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QTextDocument
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from tasktonic_studio.session.answers import Answer, Link, Role, Sentence
from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.panels.why.model import SENTENCE, AnswerModel, heading_of, shape_of
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets.shapes import Shapes

Index = QModelIndex | QPersistentModelIndex

_INDENT: Final = 2 * tokens.SPACE_PX
"""Sentences that say more about the one before stand so far to the right."""
_NO_SIZE: Final = QSize(0, 0)


class SentenceDelegate(QStyledItemDelegate):
    """For the list of an answer; `width` is that of its viewport, set by it."""

    def __init__(self, theme: Theme, shapes: Shapes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shapes = shapes
        self._documents: dict[tuple[int, int], QTextDocument] = {}
        self.width = 300

    def forget(self) -> None:
        """Another answer, other colours or fonts: nothing that was laid out is of use."""
        self._documents.clear()

    @guarded(_NO_SIZE)
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        document = self._document(index)
        return QSize(self.width, round(document.size().height()) + tokens.SPACE_PX)

    @guarded(None)
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        sentence = index.data(SENTENCE)
        if not isinstance(sentence, Sentence):
            return
        place: QRect = option.rect
        option.widget.style().drawPrimitive(
            QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, option.widget
        )
        left = place.left() + tokens.SPACE_PX + self._indent(sentence)
        icon = self._shapes.icon(shape_of(sentence))
        icon.paint(
            painter, QRect(left, place.top() + tokens.SPACE_PX // 2, self._theme.icon_px(), self._theme.icon_px())
        )
        painter.save()
        painter.translate(self._corner(place, sentence))
        self._document(index).drawContents(painter)
        painter.restore()

    def link_at(self, index: Index, place: QRect, at: QPointF) -> Link | None:
        """The link under a point of the list, None for none."""
        sentence = index.data(SENTENCE)
        if not isinstance(sentence, Sentence):
            return None
        layout = self._document(index).documentLayout()
        number = layout.anchorAt(at - self._corner(place, sentence))
        return sentence.links[int(number)] if number.isdigit() else None

    # ---- inside

    @staticmethod
    def _indent(sentence: Sentence) -> int:
        return _INDENT if sentence.role is Role.DETAIL else 0

    @property
    def _left_px(self) -> int:
        """How far from the edge the words stand: behind the shape, which is as large as they are."""
        return self._theme.icon_px() + 2 * tokens.SPACE_PX

    def _corner(self, place: QRect, sentence: Sentence) -> QPointF:
        return QPointF(place.left() + self._left_px + self._indent(sentence), place.top() + tokens.SPACE_PX // 2)

    def _document(self, index: Index) -> QTextDocument:
        key = (index.row(), self.width)
        found = self._documents.get(key)
        if found is None:
            found = self._documents[key] = self._lay_out(index)
        return found

    def _lay_out(self, index: Index) -> QTextDocument:
        document = QTextDocument(self)
        sentence, model = index.data(SENTENCE), index.model()
        document.setDocumentMargin(0)
        document.setDefaultFont(self._theme.font("ui"))
        document.setDefaultStyleSheet(f"a {{ color: {self._theme.hex('accent')}; text-decoration: none; }}")
        if isinstance(sentence, Sentence) and isinstance(model, AnswerModel) and model.answer is not None:
            document.setHtml(self._html(model.answer, sentence))
            document.setTextWidth(max(self.width - self._left_px - self._indent(sentence) - tokens.SPACE_PX, 60))
        return document

    def _html(self, answer: Answer, sentence: Sentence) -> str:
        muted, text = self._theme.hex("text_muted"), self._theme.hex("text")
        size = self._theme.font("ui", 0.85).pointSizeF()
        number = 0
        words = ""
        for part in sentence.parts:
            if isinstance(part, Link):
                words += f'<a href="{number}">{escape(part.text)}</a>'
                number += 1
            else:
                words += escape(part)
        heading = escape(heading_of(answer, sentence)).replace("  ", "&nbsp; ")
        return (
            f'<div style="color:{muted}; font-size:{size}pt">{heading}</div>'
            f'<div style="color:{text}; white-space:pre-wrap">{words}</div>'
        )


def accent_cursor(is_over_link: bool) -> Qt.CursorShape:
    """The pointer over a link, and elsewhere."""
    return Qt.CursorShape.PointingHandCursor if is_over_link else Qt.CursorShape.ArrowCursor
