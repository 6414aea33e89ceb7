"""The probe: a thread of its own that moves blocks to studios and requests to the app.

The catalysts only leave rows in the tap; everything else happens in the probe's thread, which the ledger does not know. With
nobody connected the probe is not attached to the stream, and its thread sleeps until somebody calls.

A fault in here disables the probe with one line on stderr; the app does not notice.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import threading
from collections.abc import Callable
from typing import Final

from tasktonic import clock
from tasktonic.observation import CEILING_PERCENT, SECOND, hide_secrets
from tasktonic.probe import breakpoint_requests, lines
from tasktonic.probe.calls import Calls
from tasktonic.probe.distiller_requests import DistillerRequests
from tasktonic.probe.flow import Flow
from tasktonic.probe.greeting import hello, why_not_let_in
from tasktonic.probe.grip import Grip
from tasktonic.probe.link import Link
from tasktonic.probe.listener import Listener
from tasktonic.probe.outbox import Outbox
from tasktonic.probe.output import OutputGuard
from tasktonic.probe.requests import Requests
from tasktonic.probe.saying import say, say_failed
from tasktonic.probe.viewer import CLOSING_NS, Stage, Viewer
from tasktonic.protocol import (
    MAX_CONTROL_BYTES,
    REQUESTS,
    Direction,
    Framer,
    Message,
    decode_message,
    ttFrameError,
    ttMessageError,
)
from tasktonic.protocol.address import Address
from tasktonic.protocol.messages import Credit, Detach, Goodbye, Granted, Notice, Open, Refused, WatchLevel
from tasktonic.snapshot import take_snapshot
from tasktonic.stream import Level, stream

LAST_WORDS_NS: Final = SECOND // 2
"""How long the end of the app may be held up to get the last events out."""
GREETING_WORDS_NS: Final = 2 * SECOND
"""The same while the studio that launched this app has not answered yet: it knows of the app's start and will."""
_GREETING_BYTES: Final = 16 * 1024
_MOST_CONNECTIONS: Final = 32
_MOST_CREDIT: Final = 1 << 40


class Agent:
    """Owns the thread and the connections; has the flow to the studios, and the grip on the app.

    Made by ``start`` or ``start_from_environment``; ends with ``stop``, with the process, or by a fault of its own.

    Args:
        listener: where studios may call, if they may.
        calling: the address and token of the studio that launched this app, if one did.
        ceiling_percent: share of one core that the probe may take before it leaves out flow.
        make_outbox: makes the buffer of one connection.
    """

    def __init__(
        self,
        listener: Listener | None = None,
        calling: tuple[Address, str] | None = None,
        *,
        ceiling_percent: float = CEILING_PERCENT,
        make_outbox: Callable[[], Outbox] = Outbox,
    ) -> None:
        self.on = True
        self.pid = os.getpid()
        self.listener = listener
        self._calling = calling
        self._output: OutputGuard | None = None
        self._was_left = False
        """The studio said goodbye: it is there and may read what the app prints."""
        self._make_outbox = make_outbox
        self._calls = Calls()
        self._flow = Flow(self._calls.wake, ceiling_percent, self._watching)
        self._tap = self._flow.tap
        self.distiller = DistillerRequests(self)
        self._grip = Grip(self.distiller, self._is_controlled, self.call_soon, self.call_at)
        self._requests = Requests(self)
        self._viewers: list[Viewer] = []
        self._stopping = ""
        self._selector = selectors.DefaultSelector()
        self._thread = threading.Thread(target=self._run, name="tasktonic-probe", daemon=True)

    @property
    def held(self) -> bool:
        """A controller held something and has not let go of everything."""
        return self._grip.held

    @held.setter
    def held(self, held: bool) -> None:
        self._grip.held = held

    def start(self) -> None:
        """Start the thread. A launched app is tapped from here on: nothing is missing once it is connected."""
        self._grip.begin()
        if self._calling is not None:
            self._tap.attach()
        self.distiller.begin()
        self._thread.start()

    # ---- from any thread

    def call_soon(self, function: Callable[[], None]) -> None:
        """Have something done in the probe's thread."""
        self._calls.soon(function)

    def stop(self, reason: str) -> None:
        """Send what there is, for half a second at most, say goodbye and end. Harmless when it has ended."""
        if self.pid != os.getpid() or not self.on:
            return
        self._stopping = reason
        self._calls.wake_surely()
        if threading.current_thread() is not self._thread:
            longest_ns = LAST_WORDS_NS + (LAST_WORDS_NS if self._calling is None else GREETING_WORDS_NS)
            self._thread.join(longest_ns / SECOND)

    def forget_in_child(self) -> None:
        """In a forked child: connections and files are the parent's. Only copies are closed, nothing is sent."""
        self.on = False
        self._tap.detach()
        for viewer in self._viewers:
            viewer.link.close()
        if self.listener is not None:
            self.listener.socket.close()
        if self._output is not None:
            self._output.let_go(studio_is_gone=False)
        self._calls.close()
        self._selector.close()

    # ---- the thread

    def _run(self) -> None:
        try:
            self._selector.register(self._calls.bell, selectors.EVENT_READ)
            if self.listener is not None:
                self._selector.register(self.listener.socket, selectors.EVENT_READ)
            self._flow.begin()
            if self._calling is not None:
                self._output = OutputGuard()
                self._call(*self._calling)
            while not self._stopping and (self.listener is not None or self._viewers or self.held):
                self._turn()
            self._say_goodbye()
        except Exception as error:  # the one place where everything is caught: the app must not notice
            say_failed(error)
        finally:
            self._end()

    def _turn(self) -> None:
        for key, _ in self._selector.select(self._seconds_to_wait()):
            if key.data is not None:
                self._read(key.data)
            elif key.fileobj is self._calls.bell:
                self._calls.hush()
            else:
                self._accept()
        self._calls.begin_turn()
        now = clock.system_ns()
        self._calls.do_due(now)
        if self._tap.attached:
            self._flow.tend(now)
        for viewer in list(self._viewers):
            self._look_after(viewer, now)
        if self._tap.attached and not any(viewer.is_awaited() for viewer in self._viewers):
            self._tap.detach()

    def call_at(self, when_ns: int, function: Callable[[], None]) -> None:
        """Have something done later; in this thread only."""
        self._calls.at(when_ns, function)

    def send_now(self) -> None:
        """Send what has happened at once, and not with the next sending; in this thread only."""
        stream.hand_over()
        if self._tap.attached and self._watching():
            self._flow.hand_out()
            for viewer in self._watching():
                viewer.pump()

    def _seconds_to_wait(self) -> float | None:
        """Until something is due; ``None`` when only a call can change anything."""
        if self._calls.are_waiting or self._stopping:
            return 0
        due = [viewer.deadline_ns for viewer in self._viewers if viewer.stage is not Stage.WATCHING]
        if self._calls.later:
            due.append(self._calls.later[0][0])
        if self._tap.attached:
            due.append(self._flow.due_ns)
        return max(0.0, (min(due) - clock.system_ns()) / SECOND) if due else None

    def _end(self) -> None:
        self.on = False
        self.distiller.end()
        with contextlib.suppress(Exception):
            self._tap.detach()
        with contextlib.suppress(Exception):
            self._grip.end()
        with contextlib.suppress(Exception):
            lines.let_go()
        for viewer in self._viewers:
            with contextlib.suppress(Exception):
                self._requests.gone(viewer)
            viewer.link.close()
        if self._output is not None:
            # The app lives on without the studio that launched it, or it ends.
            with contextlib.suppress(OSError):
                self._output.let_go(studio_is_gone=not self._stopping and not self._was_left)
        if self.listener is not None:
            self.listener.close()
        self._selector.close()
        self._calls.close()

    # ---- the stream

    def _watching(self) -> list[Viewer]:
        return [viewer for viewer in self._viewers if viewer.stage is Stage.WATCHING]

    def tell_all(self, message: Message) -> None:
        """Tell all who watch. In this thread."""
        for viewer in self._watching():
            viewer.tell(message)

    def send_what_happened(self) -> None:
        """Have what is told next come after the events that were before it, as far as they can be sent. In this thread."""
        if not self._watching():
            return
        stream.hand_over()
        self._flow.hand_out()
        for viewer in self._watching():
            viewer.pump()

    # ---- connections

    def _accept(self) -> None:
        sock = self.listener.accept() if self.listener is not None else None
        if sock is None or self.listener is None:
            return
        if len(self._viewers) >= _MOST_CONNECTIONS:
            sock.close()
            return
        self._take_in(sock, self.listener.token)

    def _call(self, address: Address, token: str) -> None:
        """Connect to the studio that launched this app."""
        sock = address.new_socket()
        try:
            sock.settimeout(5)
            sock.connect(address.for_socket)
        except OSError as error:
            sock.close()
            say(f"the studio that launched this app cannot be reached ({error}); the app runs on without it.")
            return
        self._take_in(sock, "").tell(hello(token))

    def _take_in(self, sock: socket.socket, token: str) -> Viewer:
        framer = Framer(max_data=0, max_control=_GREETING_BYTES)
        viewer = Viewer(Link(sock, framer), clock.system_ns(), token, self._make_outbox())
        self._viewers.append(viewer)
        self._selector.register(sock, selectors.EVENT_READ, viewer)
        return viewer

    def _read(self, viewer: Viewer) -> None:
        if viewer.is_over():
            viewer.link.discard()
            return
        try:
            frames = viewer.link.read()
        except ttFrameError as error:
            self._refuse(viewer, str(error))
            return
        for one in frames:
            if viewer.is_over():
                return
            try:
                message = decode_message(one.payload, Direction.STUDIO)
            except ttMessageError as error:
                if viewer.stage is Stage.GREETING:
                    self._refuse(viewer, str(error))
                else:
                    viewer.tell(Notice("error", str(error)))
            else:
                self._heed(viewer, message)

    def _heed(self, viewer: Viewer, message: Message) -> None:
        if viewer.stage is Stage.GREETING:
            self._greet(viewer, message)
        elif isinstance(message, REQUESTS):
            self._requests.handle(viewer, message)
        elif isinstance(message, Credit):
            viewer.credit = min(viewer.credit + max(message.bytes, 0), _MOST_CREDIT)
        elif isinstance(message, WatchLevel):
            viewer.wanted = _level(message.level)
            self._flow.settle_level()
        elif isinstance(message, Detach):
            self._was_left = True
            self._drop(viewer, at_once=True)
        else:
            viewer.tell(Notice("error", f"A message of kind {message.kind!r} is not expected now."))

    def _greet(self, viewer: Viewer, message: Message) -> None:
        if isinstance(message, Refused) and not viewer.token:
            say(f"the studio does not take this app: {message.reason} The app runs on without it.")
            self._drop(viewer)
        elif problem := why_not_let_in(message, viewer.token):
            self._refuse(viewer, problem)
        elif isinstance(message, Open):
            self._join(viewer, message)

    def _join(self, viewer: Viewer, opening: Open) -> None:
        """Let a studio in: everything that lives is told, then what happens."""
        if viewer.token:
            viewer.tell(hello(""))
        viewer.link.framer.max_control = MAX_CONTROL_BYTES
        viewer.name = opening.name[:200]
        viewer.wanted = _level(opening.level)
        viewer.credit = min(max(opening.credit, 0), _MOST_CREDIT)
        viewer.wants_control = opening.role == "control"
        viewer.tell(self._grant(viewer))
        self.distiller.greet(viewer.tell)
        hide_secrets()
        others = self._watching()
        if others:
            self._flow.hand_out()
        if self._tap.attached:
            viewer.outbox.put(self._tap.table())
        else:
            self._flow.attach()
        if not others:
            self._flow.count_from_here()
        viewer.stage = Stage.WATCHING
        self._flow.settle_level()
        try:
            take_snapshot()
        except Exception as error:  # the app's own state was in the way: what happens from now on is still seen
            viewer.tell(Notice("error", f"What already lived could not be told: {type(error).__name__}: {error}"))

    def _grant(self, viewer: Viewer) -> Granted:
        controller = next((other for other in self._watching() if other.role == "control"), None)
        if viewer.wants_control and controller is not None:
            return Granted(
                "view", f"Another studio controls this app{f' ({controller.name})' if controller.name else ''}."
            )
        viewer.role = "control" if viewer.wants_control else "view"
        return Granted(viewer.role)

    def _look_after(self, viewer: Viewer, now: int) -> None:
        """Send what can be sent; part with a connection that is over."""
        link = viewer.link
        if viewer.stage is Stage.WATCHING:
            viewer.pump()
            if viewer.is_too_slow and not link.ended:
                self._refuse(
                    viewer, "The studio took nothing for so long that the events could not be held. Attach again."
                )
        else:
            link.flush()
            if viewer.stage is Stage.CLOSING and not link.waiting:
                link.no_more()
            if now >= viewer.deadline_ns:
                if viewer.stage is Stage.GREETING:
                    self._refuse(
                        viewer, "Nothing was said for five seconds; the first message is 'open', with the token."
                    )
                else:
                    link.ended = True
        if link.ended:
            self._drop(viewer)
        elif viewer in self._viewers:
            events = selectors.EVENT_READ | (selectors.EVENT_WRITE if link.waiting else 0)
            if self._selector.get_key(link.socket).events != events:
                self._selector.modify(link.socket, events, viewer)

    def _refuse(self, viewer: Viewer, reason: str) -> None:
        """Say why and close, with a little time to read it."""
        was_controller = viewer.role == "control" and viewer.stage is Stage.WATCHING
        viewer.tell(Refused(reason))
        viewer.stage = Stage.CLOSING
        self._requests.gone(viewer)
        viewer.deadline_ns = clock.system_ns() + CLOSING_NS
        if was_controller:
            self._controller_left(viewer, at_once=False)

    def _drop(self, viewer: Viewer, at_once: bool = False) -> None:
        """The connection is over; ``at_once``: the studio said so, what it held is let go now."""
        if viewer.stage is Stage.CLOSED:
            return
        was_controller = viewer.role == "control" and viewer.stage is Stage.WATCHING
        viewer.stage = Stage.CLOSED
        self._requests.gone(viewer)
        self._viewers.remove(viewer)
        self._selector.unregister(viewer.link.socket)
        viewer.link.close()
        if was_controller:
            self._controller_left(viewer, at_once)
        if self._watching():
            self._flow.settle_level()

    def _controller_left(self, viewer: Viewer, at_once: bool) -> None:
        viewer.role = "view"
        lines.let_go()
        heir = next((other for other in self._watching() if other.wants_control), None)
        if heir is not None:
            breakpoint_requests.clear()  # the heir has its own
            heir.role = "control"
            heir.tell(Granted("control", "The studio that controlled this app has gone."))
        else:
            self._grip.controller_left(at_once)

    def _is_controlled(self) -> bool:
        return any(viewer.role == "control" for viewer in self._watching())

    # ---- the end

    def _say_goodbye(self) -> None:
        """Send all there is, whatever the credit, for half a second at most; longer to be greeted for the first time."""
        if not self._stopping:
            return
        is_unanswered = self._is_unanswered()
        deadline = clock.system_ns() + (GREETING_WORDS_NS if is_unanswered else LAST_WORDS_NS)
        stream.hand_over()
        self._calls.do_soon()
        told: set[Viewer] = set()
        while clock.system_ns() < deadline:
            if is_unanswered and not self._is_unanswered():
                is_unanswered, deadline = False, clock.system_ns() + LAST_WORDS_NS
            if self._watching():
                self._flow.hand_out()
            for viewer in self._viewers:
                viewer.link.flush()  # the greeting too, when the app ended before it was sent
            for viewer in self._watching():
                viewer.pump(whatever_credit=True)
                if viewer not in told and not len(viewer.outbox):
                    viewer.tell(Goodbye(self._stopping))
                    told.add(viewer)
                    viewer.link.flush()
            if not any(self._still_to_be_served(viewer, told) for viewer in self._viewers):
                break
            for viewer in self._viewers:
                events = selectors.EVENT_READ | (selectors.EVENT_WRITE if viewer.link.waiting else 0)
                self._selector.modify(viewer.link.socket, events, viewer)
            for key, _ in self._selector.select(max(0, deadline - clock.system_ns()) / SECOND):
                if key.data is not None:
                    self._read(key.data)
                elif key.fileobj is self._calls.bell:
                    self._calls.hush()
                else:
                    self._selector.unregister(key.fileobj)

    def _is_unanswered(self) -> bool:
        """Whether the studio that launched this app has not opened yet."""
        return any(viewer.stage is Stage.GREETING and not viewer.token for viewer in self._viewers)

    def _still_to_be_served(self, viewer: Viewer, told: set[Viewer]) -> bool:
        if viewer.link.ended or viewer.is_over():
            return False
        if viewer.stage is Stage.GREETING:
            # The studio that launched this app has not answered yet; nobody else is waited for.
            return not viewer.token
        return viewer.link.waiting > 0 or viewer not in told


def _level(number: int) -> Level:
    return Level(min(max(number, Level.FACTS), Level.PREVIEWS))
