"""Link: the Studio's end of one connection with a probe, in a thread of its own. No tonics here.

The app may be broken or hostile, so everything that comes is bounded: frames by the protocol, blocks by the credit that was
granted, messages by pausing while the window has not caught up, what waits to be sent by a limit. Whatever is wrong ends
the link with a sentence, never the Studio.

It is one thing: a connection from its greeting to its end, in the order in which it goes. Who greets is in `greeter.py`.
"""

from __future__ import annotations

import os
import selectors
import socket
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from tasktonic.errors import ttError
from tasktonic.protocol import (
    CAPABILITIES,
    HEADER_BYTES,
    PROTOCOL,
    Channel,
    Direction,
    Frame,
    Framer,
    Message,
    decode_message,
    encode_message,
    frame,
    messages,
)
from tasktonic.protocol.address import Address
from tasktonic_studio import __version__
from tasktonic_studio.services.feed import Feed
from tasktonic_studio.services.greeter import GREETING_S, READ_BYTES, Greeter, LinkOver, Why, check_hello
from tasktonic_studio.session.inbox import BlockArrived, Told

CREDIT_BYTES: Final = 8 * 1024 * 1024
"""Blocks that may be on their way at most; granted anew by quarters while the window keeps up."""
GOODBYE_BYTES: Final = 96 * 1024 * 1024
"""What a probe sends whatever its credit when the app ends, at most: what its buffers hold."""
SILENCE_S: Final = 5.0
"""A probe speaks every second; after so long people are told that it does not."""
LAST_WORDS_S: Final = 0.3
"""After the process has died its last words are read until nothing came for so long."""
UNSENT_BYTES: Final = 4 * 1024 * 1024
PAUSE_S: Final = 0.02


@dataclass(frozen=True, slots=True)
class LinkEnd:
    """How a link ended: `detached` by us, `goodbye` by the probe, `closed` without a word, `refused` by one of the two,
    `failed` for what was wrong. `greeted` says whether it ever was open.
    """

    why: Why
    sentence: str
    greeted: bool


class Link:
    """One connection. Made by a service; ends by itself, by `close`, or when the peer goes.

    Args:
        feed: where blocks and messages go.
        on_end: called once, in the link's thread, as the last thing.
        role: the wanted role, `view` or `control`.
        level: how much flow is wanted.
        first_words: what an app that knows breakpoints is told as soon as it is controlled. Asked in the link's thread.
        told: called with each message, besides, in the link's thread.
    """

    def __init__(
        self,
        feed: Feed,
        on_end: Callable[[LinkEnd], None],
        role: str = "control",
        level: int = 2,
        first_words: Callable[[], Sequence[Message]] = list,
        told: Callable[[Message], None] | None = None,
    ) -> None:
        self._feed = feed
        self._on_end = on_end
        self._told = told
        self._role = role
        self._level = level
        self._first_words = first_words
        self._knows_breakpoints = self._controls = False
        self._token = ""
        self._address: Address | None = None
        self._listening: socket.socket | None = None
        self._greeted = False
        self._goodbye = ""
        self._refused = ""
        self._credit = 0
        self._owed = 0
        self._unsent = bytearray()
        self._unsent_lock = threading.Lock()
        self._closing = False
        self._last_words = False
        self._waker, self._wakes = socket.socketpair()
        self._wakes.setblocking(False)
        self._waker.setblocking(False)
        self._thread = threading.Thread(target=self._run, name="studio link", daemon=True)

    # ---- any thread ----------------------------------------------------------------------------------------------

    def connect(self, address: str, token: str) -> None:
        """Go to an app that listens."""
        self._token = token
        try:
            self._address = Address.parse(address)
        except ttError as error:
            self._refused = str(error)
        self._thread.start()

    def expect(self, listening: socket.socket, token: str) -> None:
        """Wait for an app that was launched with this token. The socket belongs to the link from now on."""
        self._token = token
        self._listening = listening
        self._thread.start()

    def send(self, message: Message) -> None:
        """Send a message; it is dropped when the link is not open (any more)."""
        with self._unsent_lock:
            self._unsent += frame(Channel.CONTROL, encode_message(message))
        self._wake()

    def in_control(self, words: Callable[[], Sequence[Message]]) -> None:
        """Send what only a controller may say, to an app that knows breakpoints; else nothing."""
        if self._controls and self._knows_breakpoints:
            for message in words():
                self.send(message)

    def close(self) -> None:
        """Say that we leave, and end. Returns at once."""
        self._closing = True
        self._wake()

    def process_has_died(self) -> None:
        """Read what was on its way, then end, also when a child of the process keeps the other end open."""
        self._last_words = True
        self._wake()

    @property
    def is_open(self) -> bool:
        """Whether the app has said who it is."""
        return self._greeted

    def join(self, timeout_s: float) -> bool:
        """Wait for the end; false when it takes longer."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _wake(self) -> None:
        with suppress(OSError):
            self._waker.send(b"w")

    # ---- the link's thread -----------------------------------------------------------------------------------------

    def _run(self) -> None:
        connected: socket.socket | None = None
        try:
            connected, framer = self._greet()
            self._talk(connected, framer)
            end = LinkEnd("closed", "The app closed the connection.", self._greeted)
        except LinkOver as ending:
            end = LinkEnd(ending.why, ending.sentence, self._greeted)
            self._leave(connected, ending)
        except Exception as error:  # a fault of ours must not leave people without a sentence
            end = LinkEnd(
                "failed", f"The connection failed inside the Studio: {type(error).__name__}: {error}", self._greeted
            )
        finally:
            for it in (connected, self._listening, self._waker, self._wakes):
                if it is not None:
                    it.close()
        self._on_end(end)

    def _leave(self, connected: socket.socket | None, ending: LinkOver) -> None:
        """A last word to the other side, when there is one and it can be had without waiting."""
        if connected is None:
            return
        last: Message = messages.Detach() if ending.why == "detached" else messages.Refused(ending.sentence)
        with suppress(OSError, ttError):
            connected.setblocking(False)
            with self._unsent_lock:
                connected.send(bytes(self._unsent) + frame(Channel.CONTROL, encode_message(last)))

    def _check_closing(self) -> None:
        with suppress(BlockingIOError):
            while self._wakes.recv(4096):
                pass
        if self._closing:
            raise LinkOver("detached", "The Studio has left the app.")

    # ---- greeting --------------------------------------------------------------------------------------------------

    def _greet(self) -> tuple[socket.socket, Framer]:
        if self._listening is not None:
            return self._greet_launched(self._listening)
        if self._address is None:
            raise LinkOver("failed", self._refused)
        return self._greet_listening(self._address)

    def _open(self) -> bytes:
        """The first thing we say."""
        self._credit = CREDIT_BYTES
        opening = messages.Open(
            PROTOCOL,
            token="" if self._listening is not None else self._token,
            role=self._role,
            capabilities=CAPABILITIES,
            level=self._level,
            credit=CREDIT_BYTES,
            name=f"studio {__version__}, pid {os.getpid()}",
        )
        return frame(Channel.CONTROL, encode_message(opening))

    def _greet_launched(self, listening: socket.socket) -> tuple[socket.socket, Framer]:
        """Let in the one who shows the token; all others are sent away."""
        listening.setblocking(False)
        greeters: dict[socket.socket, Greeter] = {}
        quiet_since = 0.0
        with selectors.DefaultSelector() as selector:
            selector.register(listening, selectors.EVENT_READ)
            selector.register(self._wakes, selectors.EVENT_READ)
            try:
                while True:
                    ready = selector.select(LAST_WORDS_S if self._last_words or greeters else None)
                    self._check_closing()
                    if self._last_words:
                        quiet_since = quiet_since or time.monotonic()
                        if not ready and time.monotonic() - quiet_since >= LAST_WORDS_S:
                            raise LinkOver("closed", "The script never connected.")
                    for key, _ in ready:
                        if key.fileobj is listening:
                            with suppress(OSError):
                                connected, _ = listening.accept()
                                connected.setblocking(False)
                                greeters[connected] = Greeter(connected)
                                selector.register(connected, selectors.EVENT_READ)
                        elif isinstance(key.fileobj, socket.socket) and key.fileobj in greeters:
                            greeter = greeters[key.fileobj]
                            is_the_one = self._hear_greeter(greeter)
                            if is_the_one is None:
                                continue
                            selector.unregister(greeter.socket)
                            del greeters[greeter.socket]
                            if is_the_one:
                                listening.close()
                                return greeter.socket, greeter.framer
                    for greeter in [it for it in greeters.values() if it.deadline < time.monotonic()]:
                        selector.unregister(greeter.socket)
                        del greeters[greeter.socket]
                        self._send_away(greeter, "You said nothing in time.")
            finally:
                for left in greeters:
                    left.close()

    def _hear_greeter(self, greeter: Greeter) -> bool | None:
        """True when it is the one; false when it was sent away; None while it has not said enough."""
        try:
            message = greeter.hear()
            if message is None:
                return None
            self._knows_breakpoints = "breakpoints" in check_hello(message, self._token)
        except BlockingIOError:
            return None
        except (OSError, EOFError):
            greeter.socket.close()
            return False
        except (ttError, LinkOver) as error:
            self._send_away(greeter, str(error))
            return False
        with self._unsent_lock:
            self._unsent[:0] = self._open()
        self._put(message)
        return True

    def _send_away(self, greeter: Greeter, sentence: str) -> None:
        with suppress(OSError, ttError):
            greeter.socket.send(frame(Channel.CONTROL, encode_message(messages.Refused(sentence))))
        greeter.socket.close()
        self._feed.say(f"Somebody else connected to the Studio and was sent away: {sentence}")

    def _greet_listening(self, address: Address) -> tuple[socket.socket, Framer]:
        connected = address.new_socket()
        try:
            connected.settimeout(GREETING_S)
            connected.connect(address.for_socket)
            connected.sendall(self._open())
            greeter = Greeter(connected)
            self._put(self._read_hello(greeter))
        except OSError as error:
            connected.close()
            if isinstance(error, TimeoutError):
                raise LinkOver("failed", f"The app at {address} does not answer; it may be stopped or stuck.") from None
            raise LinkOver("failed", f"The app at {address} cannot be reached: {error.strerror or error}.") from None
        except BaseException:
            connected.close()
            raise
        return connected, greeter.framer

    def _read_hello(self, greeter: Greeter) -> Message:
        with selectors.DefaultSelector() as selector:
            selector.register(greeter.socket, selectors.EVENT_READ)
            selector.register(self._wakes, selectors.EVENT_READ)
            while True:
                ready = {key.fileobj for key, _ in selector.select(max(greeter.deadline - time.monotonic(), 0))}
                self._check_closing()
                if greeter.socket in ready:
                    try:
                        message = greeter.hear()
                    except EOFError:
                        raise LinkOver("closed", "The app closed the connection before it said who it is.") from None
                    except ttError as error:
                        raise LinkOver("failed", f"What listens there is no app with a probe. {error}") from None
                    if message is not None:
                        self._knows_breakpoints = "breakpoints" in check_hello(message, "")
                        return message
                elif time.monotonic() >= greeter.deadline:
                    raise TimeoutError

    # ---- talking ---------------------------------------------------------------------------------------------------

    def _talk(self, connected: socket.socket, framer: Framer) -> None:
        """Read and write until the end. Returns when the other side closed."""
        self._greeted = True
        connected.setblocking(False)
        with suppress(OSError):
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        heard = time.monotonic()
        is_silent = False
        with selectors.DefaultSelector() as selector:
            selector.register(connected, selectors.EVENT_READ)
            selector.register(self._wakes, selectors.EVENT_READ)
            while True:
                pauses = self._feed.is_full and not self._last_words
                self._grant(pauses)
                wanted = (0 if pauses else selectors.EVENT_READ) | (selectors.EVENT_WRITE if self._unsent else 0)
                self._want(selector, connected, wanted)
                ready = {key.fileobj: mask for key, mask in selector.select(self._patience(pauses))}
                self._check_closing()
                mask = ready.get(connected, 0)
                if mask & selectors.EVENT_WRITE:
                    self._write(connected)
                now = time.monotonic()
                data = self._read(connected) if mask & selectors.EVENT_READ else None
                if data is not None:
                    if not data:
                        self._other_side_closed(framer)
                        return
                    try:
                        self._take_frames(framer.feed(data))
                    except ttError as error:
                        raise LinkOver("failed", f"The app sent what cannot be read, and was left. {error}") from None
                    heard = now
                    if is_silent:
                        is_silent = False
                        self._feed.say("The app speaks again.")
                elif self._last_words and not pauses and now - heard >= LAST_WORDS_S:
                    return  # after a pause it was not listened to yet
                elif not pauses and not is_silent and now - heard >= SILENCE_S:
                    is_silent = True
                    self._feed.say(
                        f"The app has said nothing for {SILENCE_S:.0f} s. It is stopped, or stuck in code that lets no other "
                        "thread run."
                    )

    @staticmethod
    def _want(selector: selectors.BaseSelector, connected: socket.socket, wanted: int) -> None:
        known = selector.get_map().get(connected)
        if wanted == 0:
            if known is not None:
                selector.unregister(connected)
        elif known is None:
            selector.register(connected, wanted)
        elif known.events != wanted:
            selector.modify(connected, wanted)

    def _patience(self, pauses: bool) -> float:
        if pauses or self._owed >= CREDIT_BYTES // 4:
            return PAUSE_S
        return LAST_WORDS_S if self._last_words else 1.0

    def _grant(self, pauses: bool) -> None:
        if self._owed >= CREDIT_BYTES // 4 and not pauses:
            self._credit += self._owed
            message = messages.Credit(self._owed)
            self._owed = 0
            with self._unsent_lock:
                self._unsent += frame(Channel.CONTROL, encode_message(message))

    def _write(self, connected: socket.socket) -> None:
        with self._unsent_lock:
            try:
                sent = connected.send(self._unsent[:READ_BYTES])
            except BlockingIOError:
                sent = 0
            except OSError:
                # It has closed; what it said before is still to be read.
                self._unsent.clear()
                return
            del self._unsent[:sent]
            if len(self._unsent) > UNSENT_BYTES:
                self._unsent.clear()
                raise LinkOver("failed", "The app does not read what the Studio sends, and was left.")

    @staticmethod
    def _read(connected: socket.socket) -> bytes | None:
        """What has come; empty when the other side has closed, None when nothing came after all."""
        try:
            return connected.recv(READ_BYTES)
        except BlockingIOError:
            return None
        except OSError:
            return b""

    def _other_side_closed(self, framer: Framer) -> None:
        if self._refused:
            raise LinkOver("refused", self._refused)
        if self._goodbye:
            raise LinkOver("goodbye", self._goodbye)
        if framer.waiting:
            raise LinkOver("closed", "The app closed the connection in the middle of a frame.")

    def _take_frames(self, frames: list[Frame]) -> None:
        for channel, payload in frames:
            if channel is Channel.DATA:
                size = len(payload) + HEADER_BYTES
                self._credit -= size
                # A sound probe stops at zero, and goes below only to say goodbye, by what it has kept until then.
                if self._credit < -GOODBYE_BYTES:
                    raise LinkOver("failed", "The app sent more events than it was asked for, and was left.")
                self._owed += size
                self._feed.put(BlockArrived(payload))
            else:
                message = decode_message(payload, Direction.PROBE)
                if isinstance(message, messages.Granted):
                    self._controls = message.role == "control"
                    self.in_control(self._first_words)
                elif isinstance(message, messages.Goodbye):
                    self._goodbye = message.reason or "The app has said goodbye."
                elif isinstance(message, messages.Refused):
                    self._refused = message.reason
                self._put(message)

    def _put(self, message: Message) -> None:
        self._feed.put(Told(message))
        if self._told is not None:
            self._told(message)
