"""Finding in a text without making the window wait: words at once, a pattern in the side process and with a limit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, NamedTuple

from PySide6.QtCore import QObject

from tasktonic_studio.analysis.text_search import Query, QueryProblem, compiled, find_all
from tasktonic_studio.ui.aside import Answer, Aside
from tasktonic_studio.ui.panels.editor.searching import Span

LIMIT_MS: Final = 2_000
"""What looking for a pattern in one text may take."""


class Found(NamedTuple):
    """What there is of a query in a text."""

    spans: Sequence[Span] = ()
    by: Sequence[str] = ()
    """What comes in the place of each, where that was asked for."""
    problem: str = ""
    """Why it could not be looked for, as a sentence."""
    by_problem: str = ""
    """Why nothing can come in the places."""


class Wanted(NamedTuple):
    """What is asked."""

    query: Query
    most: int
    within: Span | None = None
    """The part of the text to look in."""
    by: str | None = None
    """What is to come in the place of each hit."""


class Finder(QObject):
    """Made, and stopped, by the line to find in. The last question counts: an answer to one before it is not heard."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._aside = Aside(parent=self)

    @property
    def is_busy(self) -> bool:
        """Whether an answer is to come."""
        return self._aside.is_busy

    def find(self, text: str, wanted: Wanted, found: Callable[[Found], None]) -> None:
        """Look; `found` hears of it before this returns, for a pattern some time later."""
        self._aside.forget()
        query = wanted.query
        try:
            compiled(query)
        except QueryProblem as problem:
            found(Found(problem=str(problem)))
            return
        if not query.is_pattern:
            spans = find_all(text, query, wanted.most, wanted.within)
            found(Found(spans, [wanted.by] * len(spans) if wanted.by is not None else ()))
            return
        request = {
            "do": "find", "text": text, "query": query.as_json(),
            "most": wanted.most, "within": wanted.within, "by": wanted.by,
        }  # fmt: skip
        self._aside.ask(request, partial(_tell, found), LIMIT_MS)

    def forget(self) -> None:
        """Nobody wants an answer any more."""
        self._aside.forget()

    def stop(self) -> None:
        """The window closes for good."""
        self._aside.stop()


def _tell(found: Callable[[Found], None], answer: Answer) -> None:
    if "problem" in answer:
        found(Found(problem=why_given_up(answer)))
    else:
        spans = [(start, end) for start, end in answer["spans"]]
        found(Found(spans, answer["by"], by_problem=answer["by_problem"]))


def why_given_up(answer: Answer) -> str:
    """Why the side process has not found what a pattern asks for, and what helps."""
    if answer.get("gave_up"):
        return (
            f"Looking for this pattern was given up. {answer['problem']} Fewer repeats (*, +) make it quicker, or signs in the "
            "place of dots, such as [^,]* for .*"
        )
    return f"This pattern could not be looked for. {answer['problem']}"
