"""Replaces code of the app at a studio's request, between two sparkles of all catalysts that run it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, Protocol

from tasktonic import clock
from tasktonic.errors import ttError
from tasktonic.observation import SECOND
from tasktonic.probe.deeds import Deed, record, ttRequestError
from tasktonic.probe.distiller_requests import DistillerRequests
from tasktonic.protocol import Message
from tasktonic.protocol.code_messages import CodeReplaced, KeptRow, ReplaceCode
from tasktonic.replacing import Meeting, Replacement, Undoing, done_to, prepare, ttNotLoadedError, ttReplaceError
from tasktonic.values import message_of

_PATIENCE_NS: Final = 2 * SECOND
_MOST_ROWS: Final = 200
_SHOWN: Final = 300


class Host(Protocol):
    """The agent, as far as this needs it."""

    distiller: DistillerRequests

    def call_soon(self, function: Callable[[], None]) -> None:
        """Have something done in the probe's thread. Any thread."""

    def call_at(self, when_ns: int, function: Callable[[], None]) -> None:
        """Have something done in the probe's thread later. In that thread."""

    def send_now(self) -> None:
        """Send what has happened at once. In that thread."""


class CodeRequests:
    """Carries them out. Made by ``Requests``; used in the probe's thread only."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._is_busy = False
        self.by_type: dict[type[Message], Callable[[Any, Any], None]] = {ReplaceCode: self._replace}

    def _replace(self, asker: Any, message: ReplaceCode) -> None:
        try:
            if self._is_busy:
                raise ttRequestError("Another replacement is under way: try again.")
            wanted = Undoing(message.file) if message.undo else prepare(message.file, message.text, message.before)
        except ttError as error:
            line = error.line if isinstance(error, ttReplaceError) else 0
            is_loaded = not isinstance(error, ttNotLoadedError)
            told = CodeReplaced(message.request, message.file, problem=str(error), line=line, loaded=is_loaded)
            asker.tell(replace(told, undone=message.undo))
            return
        if not wanted.plan.swaps and not wanted.plan.puts:
            asker.tell(_answer(message, wanted, ""))
            return
        self._meet(asker, message, wanted)

    def _meet(self, asker: Any, message: ReplaceCode, wanted: Replacement | Undoing) -> None:
        self._is_busy = True
        standing = wanted.catalysts()

        def act() -> None:
            deed = _deed(message, wanted)
            record(deed, asker.name)
            try:
                wanted.carry_out()
            except BaseException as error:
                record(deed, asker.name, _why(error))
                raise
            if standing:
                self._host.distiller.note(deed)

        def over(error: BaseException | None) -> None:
            self._host.call_soon(lambda: answer(error))

        def answer(error: BaseException | None) -> None:
            self._is_busy = False
            self._host.send_now()
            asker.tell(_answer(message, wanted, _problem(error, undo=message.undo)))

        meeting = Meeting(standing, act, over)
        self._host.call_at(clock.system_ns() + _PATIENCE_NS, lambda: meeting.give_up(TimeoutError("")))
        meeting.call()


def _deed(message: ReplaceCode, wanted: Replacement | Undoing) -> Deed:
    names = ", ".join(wanted.plan.replaced())[:_SHOWN] or "only lines have moved"
    shown = os.path.basename(message.file)  # noqa: PTH119 - the path of another program, taken as it is
    if message.undo:
        return Deed("put code back", f"{shown}: {names}")
    digest = hashlib.sha256(message.text.encode("utf-8", "surrogatepass")).hexdigest()
    return Deed("replace code", f"{shown}: {names} (text {digest[:12]})")


def _problem(error: BaseException | None, *, undo: bool) -> str:
    if error is None:
        return ""
    nothing = f"nothing was {'put back' if undo else 'replaced'}"
    if isinstance(error, TimeoutError):
        late = str(error) or "A catalyst that runs this"
        return f"{late} is inside a sparkle that takes long: {nothing}. Try again when it has ended."
    return str(error) if isinstance(error, ttError) else f"{nothing.capitalize()}: {_why(error)[:_SHOWN]}."


def _why(error: BaseException) -> str:
    if isinstance(error, KeyboardInterrupt):
        return "Ctrl+C came in the terminal of the app meanwhile"
    return message_of(error) if isinstance(error, ttError) else f"{type(error).__name__}: {message_of(error)}"


def _answer(message: ReplaceCode, wanted: Replacement | Undoing, problem: str) -> CodeReplaced:
    plan = wanted.plan
    if problem:
        return CodeReplaced(message.request, message.file, problem=problem, undone=message.undo)
    kept = () if message.undo else tuple(KeptRow(row.what[:_SHOWN], row.why[:_SHOWN], row.line) for row in plan.kept)
    return CodeReplaced(
        message.request,
        message.file,
        tuple(name[:_SHOWN] for name in plan.replaced()[:_MOST_ROWS]),
        kept[:_MOST_ROWS],
        tuple(dict.fromkeys(plan.notes))[:20] if not message.undo else (),
        undone=message.undo,
        more=done_to(message.file),
    )
