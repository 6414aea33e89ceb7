"""What comes back from a step: the sparkle that ran is selected, and what could not be done is said."""

from __future__ import annotations

from collections.abc import Callable

from tasktonic.protocol import messages
from tasktonic_studio.commands.step_commands import FIRST_REQUEST, LAST_REQUEST
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.selection import Selection, Thing
from tasktonic_studio.session.session import Session


class Stepping:
    """Watches for answers to the commands that hold, step and change the queue. Owned by the workbench; Qt thread.

    Args:
        session: what is known.
        selection: what ran is selected in it, unless somebody looks at the past by then.
        tell: says a sentence to the person.
        withdraw: takes such a sentence off the screen: it is so no longer.
    """

    def __init__(
        self,
        session: Session,
        selection: Selection,
        tell: Callable[[str], None],
        withdraw: Callable[[str], None],
    ) -> None:
        self._session = session
        self._selection = selection
        self._tell = tell
        self._withdraw = withdraw
        self._said: set[str] = set()
        """What was said while the app was held, and is about that."""
        self._awaited = 0
        """The number of a run of which the app has told that it ran; its event is on its way."""

    def on_changes(self, changes: Changes) -> None:
        """Take what the app answered, and what has happened."""
        if changes.new_target or changes.everything:
            self._awaited = 0
        if self._session.live.target.status != "held":
            self._forget()
        for answer in changes.answers:
            if not FIRST_REQUEST <= getattr(answer, "request", 0) <= LAST_REQUEST:
                continue
            if isinstance(answer, messages.Answer) and not answer.ok:
                self._say(answer.text)
            elif isinstance(answer, messages.RanOn):
                self._take(answer)
        if self._awaited and (changes.answers or changes.runs) and self._session.live.run_of(self._awaited) is not None:
            self._select(Thing("run", self._awaited))
            self._awaited = 0

    def _take(self, answer: messages.RanOn) -> None:
        self._forget()
        if answer.text:
            self._say(answer.text)
        if answer.is_next:
            self._select(Thing("order", answer.order))
        else:
            self._awaited = answer.order

    def _say(self, sentence: str) -> None:
        self._tell(sentence)
        if self._session.live.target.status == "held":
            self._said.add(sentence)

    def _forget(self) -> None:
        """The app has gone on, or has made a step: why it could not is no longer so."""
        for sentence in self._said:
            self._withdraw(sentence)
        self._said.clear()

    def _select(self, thing: Thing) -> None:
        if self._selection.time is None:
            self._selection.select(thing)
