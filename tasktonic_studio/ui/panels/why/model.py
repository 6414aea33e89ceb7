"""The sentences of an answer as a Qt list model."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from tasktonic_studio.session.answers import Answer, Reason, Role, Sentence, seconds_since
from tasktonic_studio.ui.guard import guarded

Index = QModelIndex | QPersistentModelIndex

SENTENCE: Final = Qt.ItemDataRole.UserRole
"""The `Sentence` of a row."""

WORDS: Final = {
    Role.ASKED: "asked about",
    Role.CAUSE: "because",
    Role.OUTSIDE: "from outside",
    Role.REASON: "reason",
    Role.DETAIL: "more",
    Role.UNKNOWN: "not in the record",
}
"""What a sentence is for, in a word or two."""

_ROLE_SHAPES: Final = {
    Role.ASKED: "notice",
    Role.CAUSE: "running",
    Role.OUTSIDE: "ok",
    Role.REASON: "idle",
    Role.DETAIL: "line",
    Role.UNKNOWN: "warning",
}
_REASON_SHAPES: Final = {
    Reason.IGNORED: "ignored",
    Reason.WAITING: "waiting",
    Reason.DROPPED: "dropped",
    Reason.NO_SUCH_STATE: "error",
    Reason.NO_SUCH_THING: "error",
    Reason.ALREADY: "same",
    Reason.EQUAL_VALUE: "same",
    Reason.TIMER_STOPPED: "paused",
    Reason.HELD: "paused",
    Reason.DEAD: "dead",
    Reason.FINISHED: "finished",
    Reason.IT_DID: "ok",
    Reason.TIMER_FIRED: "ok",
    Reason.RUNNING: "running",
    Reason.NOT_DUE: "waiting",
}


_NO_REASONS: Final = (Reason.IT_DID, Reason.RUNNING, Reason.TIMER_FIRED)
"""It happens, or did: that is not why it did not."""


def shape_of(sentence: Sentence) -> str:
    """The shape that goes with a sentence."""
    if sentence.role is Role.REASON and sentence.reason is not None:
        return _REASON_SHAPES.get(sentence.reason, "idle")
    return _ROLE_SHAPES[sentence.role]


def heading_of(answer: Answer, sentence: Sentence) -> str:
    """The line above a sentence: what it is for, and when that was."""
    word = WORDS[sentence.role]
    if sentence.role is Role.REASON and sentence.reason is not None:
        word = sentence.reason.value if sentence.reason in _NO_REASONS else f"{word}: {sentence.reason.value}"
    when = "" if sentence.t_ns is None else seconds_since(answer.began_ns, sentence.t_ns)
    return f"{when}  ·  {word}" if when else word


class AnswerModel(QAbstractListModel):
    """The sentences of one answer. Replaced as a whole."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.answer: Answer | None = None

    def show(self, answer: Answer | None) -> None:
        """Show another answer."""
        self.beginResetModel()
        self.answer = answer
        self.endResetModel()

    def sentence(self, row: int) -> Sentence | None:
        """The sentence of a row."""
        sentences = self.answer.sentences if self.answer is not None else ()
        return sentences[row] if 0 <= row < len(sentences) else None

    def rowCount(self, parent: Index | None = None) -> int:
        if self.answer is None or (parent is not None and parent.isValid()):
            return 0
        return len(self.answer.sentences)

    def columnCount(self, parent: Index | None = None) -> int:
        return 1

    @guarded(None)
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        sentence = self.sentence(index.row()) if index.isValid() else None
        if sentence is None or self.answer is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return sentence.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{heading_of(self.answer, sentence)}: {sentence.text}"
        if role == Qt.ItemDataRole.ToolTipRole:
            names = ", ".join(dict.fromkeys(link.text for link in sentence.links))
            return f"Click to go there. Names lead to what they name: {names}" if names else None
        return sentence if role == SENTENCE else None
