"""The connection service: the one link to what is watched. Attaches to a running app, or takes in a launched one."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from tasktonic import ttTonic
from tasktonic.errors import ttError
from tasktonic.protocol import Message, messages
from tasktonic.protocol.address import Found, is_running, read_token
from tasktonic.rules import Breakpoint
from tasktonic_studio import locations
from tasktonic_studio.services.breakpoint_files import BreakpointFiles
from tasktonic_studio.services.discovery import found_with_pid
from tasktonic_studio.services.feed import Feed, Keeper
from tasktonic_studio.services.link import Link, LinkEnd
from tasktonic_studio.session.inbox import Inbox, TargetBegan, TargetStatus

CLOSE_S: Final = 2.0
GONE_WITHIN_S: Final = 0.5


class Connection(ttTonic):
    """Owns the link and the feed of the target that is watched now. One target at a time.

    Made by `app.py` on the catalyst of the services; all its sparkles and methods run there. The link's own thread reads
    the socket and puts blocks and messages straight into the inbox; only its end comes back here, as a sparkle.
    """

    _tt_is_service = "connection"
    _tt_states = ("free", "linked")

    def __init__(self, inbox: Inbox, breakpoints: Path | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.breakpoints = BreakpointFiles(breakpoints or locations.breakpoints_folder())
        self._inbox = inbox
        self._feed = Feed(inbox)
        self._link: Link | None = None
        self._number = 0
        self._found: Found | None = None
        self.before_begin: Callable[[], None] | None = None
        """Called before another target takes the place of the present one; the launcher stops its script then."""
        self.hear: Callable[[Message | None], None] = _nothing
        """Called in the link's thread with each message of the probe, and with None when the link has ended."""
        self.has_begun: Callable[[], None] = _nobody_waits
        """Called when another target has taken the place of the present one, and its breakpoints are known."""
        self.keep: Callable[[TargetBegan], Keeper | None] = _nobody
        """Says for a target that begins who keeps what it tells; the recording service takes this over."""

    def _init_service(self, *_args: Any, **_kwargs: Any) -> None:
        """Nobody has anything to say at an access."""

    def ttse__on_start(self) -> None:
        self.to_state("free")

    # ---- what the user asks for --------------------------------------------------------------------------------------

    def ttsc__attach(self, which: Found | int) -> None:
        """Watch an app: one that discovery found, or the one with this process id."""
        found = found_with_pid(which) if isinstance(which, int) else which
        if self.before_begin is not None:
            self.before_begin()
        feed = self.begin(TargetBegan("attached", found.script, pid=found.pid))
        self._found = found
        problem, token = found.problem, ""
        if not problem:
            try:
                token = read_token(found.token_file)
            except ttError as error:
                problem = str(error)
        if problem:
            feed.put(TargetStatus("lost", f"not attached: {problem}"))
            return
        self._new_link(feed, None).connect(found.address, token)

    def ttsc__send(self, message: Message) -> None:
        """Send a control message to the watched app; nothing when there is none."""
        if self._link is None:
            return
        try:
            self._link.send(message)
        except ttError as error:
            self._feed.say(str(error))

    def ttsc__set_breakpoints(self, project: str, points: tuple[Breakpoint, ...]) -> None:
        """Keep the breakpoints of a project, and set them in the watched app when it is of that project."""
        problem = self.breakpoints.keep(project, points)
        if problem:
            self._feed.say(problem)
        if project == self.breakpoints.project and self._link is not None:
            self._link.in_control(self._first_words)

    def _first_words(self) -> list[Message]:
        """What an app is told when it is controlled. Any thread."""
        return [messages.SetBreakpoints(0, self.breakpoints.points)]

    def ttsc__detach(self) -> None:
        """Leave the watched app; it runs on."""
        if self._link is not None:
            self._link.close()

    # ---- for the launcher, on the same catalyst ------------------------------------------------------------------------

    def begin(self, began: TargetBegan) -> Feed:
        """Make way for another target and give its feed: nothing of the old one comes through any more."""
        self._feed.close()
        if self._link is not None:
            self._link.close()
        self._link = self._found = None
        self._number += 1
        self.to_state("free")
        self._feed = Feed(self._inbox, self.keep(began))
        self._feed.put(began)
        self._inbox.put(self.breakpoints.begin(began.script))
        self.has_begun()
        return self._feed

    def expect(self, feed: Feed, listening: socket.socket, token: str, told_end: Callable[[LinkEnd], None]) -> Link:
        """Wait for the app that was just launched; `told_end` is called on this catalyst when its link has ended."""
        link = self._new_link(feed, told_end)
        link.expect(listening, token)
        return link

    def _new_link(self, feed: Feed, told_end: Callable[[LinkEnd], None] | None) -> Link:
        self._number += 1
        number, pid = self._number, self._found.pid if self._found is not None else 0

        def on_end(end: LinkEnd) -> None:
            # In the link's thread, which may wait a moment.
            self.hear(None)
            gone = end.why == "closed" and is_gone(pid)
            self.ttse__on_link_ended(number, end, gone, told_end)

        self._link = Link(feed, on_end, first_words=self._first_words, told=self._tell)
        self.to_state("linked")
        return self._link

    def _tell(self, message: Message) -> None:
        """A message of the probe; in the link's thread."""
        self.hear(message)

    # ---- what happens ----------------------------------------------------------------------------------------------

    def ttse__on_link_ended(
        self, number: int, end: LinkEnd, gone: bool, told_end: Callable[[LinkEnd], None] | None
    ) -> None:
        """A link has ended, perhaps that of an earlier target. `gone`: the process at its other end has, too."""
        if number == self._number:
            self._link = None
            self.to_state("free")
            if told_end is None:
                self._feed.put(_status_after(end, gone))
        if told_end is not None:
            told_end(end)

    def ttse__on_finished(self) -> None:
        """The Studio ends: leave the app, so that it lets held catalysts go."""
        link = self._link
        self._feed.close()
        if link is not None:
            link.close()
            link.join(CLOSE_S)


def _nothing(_message: Message | None) -> None:
    """Nobody hears it."""


def _nobody_waits() -> None:
    """Nobody wants to know."""


def _nobody(_began: TargetBegan) -> None:
    """Nobody keeps anything."""


def _status_after(end: LinkEnd, gone: bool) -> TargetStatus:
    """How it stands with an attached app whose link has ended."""
    if end.why == "detached":
        return TargetStatus("ended", "detached, the app runs on")
    if not end.greeted:
        return TargetStatus("lost", f"not attached: {end.sentence}")
    if end.why == "goodbye":
        return TargetStatus("ended", f"ended: {end.sentence}")
    if gone:
        return TargetStatus("ended", "ended: the process is gone, without a word", died=True)
    return TargetStatus("lost", f"lost: {end.sentence}")


def is_gone(pid: int) -> bool:
    """Whether a process has ended. Its sockets close a moment before it has: that moment is waited for."""
    deadline = time.monotonic() + GONE_WITHIN_S
    while _runs(pid):
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.01)
    return True


def _runs(pid: int) -> bool:
    if not is_running(pid, ""):
        return False
    try:
        # A process that has ended stays in the list until its parent has looked: "Z".
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return True
    return state not in "ZX"
