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
    """

    def __init__(self, session: Session, selection: Selection, tell: Callable[[str], None]) -> None:
        self._session = session
        self._selection = selection
        self._tell = tell
        self._awaited = 0
        """The number of a run of which the app has told that it ran; its event is on its way."""

    def on_changes(self, changes: Changes) -> None:
        """Take what the app answered, and what has happened."""
        if changes.new_target or changes.everything:
            self._awaited = 0
        for answer in changes.answers:
            if not FIRST_REQUEST <= getattr(answer, "request", 0) <= LAST_REQUEST:
                continue
            if isinstance(answer, messages.Answer) and not answer.ok:
                self._tell(answer.text)
            elif isinstance(answer, messages.RanOn):
                self._take(answer)
        if self._awaited and (changes.answers or changes.runs) and self._session.live.run_of(self._awaited) is not None:
            self._select(Thing("run", self._awaited))
            self._awaited = 0

    def _take(self, answer: messages.RanOn) -> None:
        if answer.text:
            self._tell(answer.text)
        if answer.is_next:
            self._select(Thing("order", answer.order))
        else:
            self._awaited = answer.order

    def _select(self, thing: Thing) -> None:
        if self._selection.time is None:
            self._selection.select(thing)
