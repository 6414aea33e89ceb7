"""The list of sentences: a click on a name goes to what it names, a click beside it to what the sentence is about."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView

from tasktonic_studio.session.answers import Link, Sentence
from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.panels.why.delegate import SentenceDelegate, accent_cursor
from tasktonic_studio.ui.panels.why.model import SENTENCE, AnswerModel
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets import accessible
from tasktonic_studio.ui.widgets.shapes import Shapes


class AnswerList(QListView):
    """Owned by the view of the panel."""

    followed = Signal(object)
    """A `Link` to go to."""
    hovered = Signal(object)
    """What the pointer is over: a `Thing`, or None."""

    def __init__(self, model: AnswerModel, theme: Theme, shapes: Shapes) -> None:
        super().__init__()
        self._delegate = SentenceDelegate(theme, shapes, self)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setMouseTracking(True)
        accessible.name(self, "Answer", "Sentences; Enter goes to what the chosen one is about")
        model.modelReset.connect(self._forget)

    def link_at(self, at: QPoint) -> Link | None:
        """The link at a point of the viewport."""
        index = self.indexAt(at)
        return self._delegate.link_at(index, self.visualRect(index), QPointF(at)) if index.isValid() else None

    def retheme(self) -> None:
        """Take on colours and fonts."""
        self._forget()
        self.scheduleDelayedItemsLayout()
        self.viewport().update()

    def follow(self, index: QModelIndex) -> None:
        """Go to what a sentence is about."""
        sentence = index.data(SENTENCE)
        if isinstance(sentence, Sentence):
            link = main_link(sentence)
            if link is not None:
                self.followed.emit(link)

    def _forget(self) -> None:
        self._delegate.forget()

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:
        if self._delegate.width != self.viewport().width():
            self._delegate.width = self.viewport().width()
            self._delegate.forget()
            self.scheduleDelayedItemsLayout()
        super().resizeEvent(event)

    @guarded(None)
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        link = self.link_at(event.position().toPoint())
        self.viewport().setCursor(accent_cursor(link is not None))
        self.hovered.emit(link.thing if link is not None else None)

    @guarded(None)
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() != Qt.MouseButton.LeftButton:
            return
        at = event.position().toPoint()
        link = self.link_at(at)
        if link is not None:
            self.followed.emit(link)
        elif (index := self.indexAt(at)).isValid():
            self.follow(index)

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.follow(self.currentIndex())
            return
        super().keyPressEvent(event)


def main_link(sentence: Sentence) -> Link | None:
    """Where a sentence leads as a whole: what it is about, or else its first name."""
    if sentence.thing is not None:
        return Link(sentence.text, sentence.thing, sentence.moment)
    return next(iter(sentence.links), None)
