"""A chat server: TCP, a line each, nicknames and rooms, and thousands of guests on one thread.

    python examples/chat_server.py                   the server; talk to it with: nc 127.0.0.1 8765
    python examples/chat_server.py --load 2000       the server with 2,000 guests of chat_load.py, who talk, add up and go

Each guest is a tonic with three states: he has no name yet, he stands in the lobby, he sits in a room. What a line means depends
on the state. Rooms are tonics as well, and end with their last guest. Nothing here needs a lock: it is all on one catalyst.

Some read slower than their room talks. What they have not read yet waits in the memory of the server, so somebody has to slow down:

1. The connection of the slow reader is full: ``ttse__on_send_full``.
2. His room now waits: nobody who sits in it is read from. What they go on to say waits in their sockets, and when those are
   full, they are told to stop in the same way. So the pressure goes back to those who talk, and no line is lost.
3. He has read (``ttse__on_send_ready``), and the room goes on where it was. But it has only so much patience: who has not read
   by then is shown the door, for one guest that hangs must not silence a room for ever.

The other rooms notice nothing of all this. Who vanishes without a word has left his room as soon as his connection breaks, and when
not even that is told (somebody pulled the plug), after ``idle_limit``.
"""

from __future__ import annotations

import argparse
import re
from typing import Any

from tasktonic import ttFormula, ttLog, ttTimerRepeat, ttTimerSingleShot, ttTonic
from tasktonic.net import ttAsyncioCatalyst, ttLines, ttTcpConnection, ttTcpServer

LONGEST_LINE = 8_000
"""Bytes; the connection of somebody who sends more without a line end is closed."""
HELP = "* /join ROOM, /leave, /who, /rooms, /quit; everything else is said to the room"


class Guest(ttTcpConnection):
    """Somebody who is connected; ends with the connection."""

    idle_limit = 900.0

    def __init__(self, server: ChatServer, number: int) -> None:
        super().__init__(name=f"guest {number}", context=server, log_mode=ttLog.STEALTH)
        self.server = server
        self.nickname = ""
        self.room: Room | None = None

    def creating_framing(self) -> ttLines:
        return ttLines(limit=LONGEST_LINE)

    def ttse__on_connected(self) -> None:
        self.send("* welcome! Who are you?")
        self.to_state("nameless")

    def ttse_nameless__on_received(self, line: str) -> None:
        nickname = line.strip()
        if not re.fullmatch(r"[\w-]{1,20}", nickname):
            self.send("* a nickname has 1 to 20 letters, digits, _ or -")
        elif not self.server.give_nickname(self, nickname):
            self.send(f"* {nickname} is here already; take another name")
        else:
            self.nickname = nickname
            self.send(f"* hello {nickname}. {HELP}")
            self.to_state("lobby")

    def ttse_lobby__on_received(self, line: str) -> None:
        self.obey(line)

    def ttse_room__on_received(self, line: str) -> None:
        if line.startswith("/"):
            self.obey(line)
        elif self.room is not None:
            self.room.ttsc__say(self.nickname, line)

    def obey(self, line: str) -> None:
        command, _, what = line.partition(" ")
        if command == "/join" and what.strip():
            self.leave()
            self.room = self.server.seat(self, what.strip())
            self.room.ttsc__enter(self)
            self.to_state("room")
        elif command == "/leave":
            self.leave()
            self.to_state("lobby")
        elif command == "/who" and self.room is not None:
            self.room.ttsc__who(self)
        elif command == "/rooms":
            self.send(f"* {', '.join(sorted(self.server.rooms)) or 'no room is open'}")
        elif command == "/quit":
            self.ttsc__go("* goodbye")
        else:
            self.send(HELP)

    def leave(self) -> None:
        if self.room is not None:
            self.room.guests.discard(self)
            self.room.ttsc__leave(self)
            self.room = None

    def ttsc__go(self, last_words: str) -> None:
        self.send(last_words)
        self.finish()

    # Slow readers: his room decides what to do. In the lobby nobody waits for him.

    def ttse_room__on_send_full(self) -> None:
        if self.room is not None:
            self.room.ttse__on_full(self)

    def ttse_room__on_send_ready(self) -> None:
        if self.room is not None:
            self.room.ttse__on_ready(self)

    def ttse__on_disconnected(self, reason: str) -> None:
        self.server.vanished += 1  # he did not say /quit

    def ttse__on_finished(self) -> None:
        self.leave()
        self.server.gone(self)


class Room(ttTonic):
    """Passes on what is said in it. Made by the first guest who wants to join it, ends with the last."""

    _tt_states = ("open",)

    def __init__(self, server: ChatServer, title: str, patience: float) -> None:
        super().__init__(name=f"room {title}", context=server, log_mode=ttLog.STEALTH)
        self.server = server
        self.title = title
        self.patience = patience
        self.guests: set[Guest] = set()
        self.slow: set[Guest] = set()

    def ttse__on_start(self) -> None:
        self.to_state("open")

    def ttsc__enter(self, guest: Guest) -> None:
        if self.slow:
            guest.pause_reading()
        self.tell(f"* {guest.nickname} comes in ({len(self.guests)} in {self.title})")

    def ttsc__leave(self, guest: Guest) -> None:
        guest.resume_reading()
        if guest in self.slow:
            self.ttse__on_ready(guest)
        self.tell(f"* {guest.nickname} leaves")
        if not self.guests and self.server.rooms.get(self.title) is self:
            del self.server.rooms[self.title]
            self.finish()

    def ttsc__say(self, nickname: str, text: str) -> None:
        self.server.lines += 1
        self.tell(f"<{nickname}> {text}")

    def ttsc__who(self, guest: Guest) -> None:
        guest.send(f"* {', '.join(sorted(other.nickname for other in self.guests))}")

    def tell(self, line: str) -> None:
        for guest in self.guests:
            guest.send(line)

    def ttse__on_full(self, guest: Guest) -> None:
        if guest in self.guests:
            self.slow.add(guest)
            self.to_state("waiting")

    def ttse__on_ready(self, guest: Guest) -> None:
        self.slow.discard(guest)
        if not self.slow:
            self.to_state("open")

    def ttse_waiting__on_enter(self) -> None:
        self.tell(f"* we wait for {', '.join(guest.nickname for guest in self.slow)}, who reads slowly")
        for guest in self.guests:
            guest.pause_reading()
        self.timer = self.bind(ttTimerSingleShot, seconds=self.patience, name="out_of_patience")

    def ttse_waiting__on_out_of_patience(self, info: dict[str, Any]) -> None:
        for guest in self.slow:
            self.server.log(f"{self.title} has waited {self.patience:g} s for {guest.nickname}, who is shown the door")
            guest.ttsc__go("* you read too slowly for this room")

    def ttse_waiting__on_exit(self) -> None:
        self.timer.finish()
        for guest in self.guests:
            guest.resume_reading()
        self.tell("* we go on")


class ChatServer(ttTcpServer):
    """Lets guests in, and knows who is who and which rooms there are."""

    def __init__(self, port: int, patience: float, load: int) -> None:
        super().__init__(Guest, port=port, most_connections=most_files() - 100, name="chat server")
        self.patience = patience
        self.load = load
        self.nicknames: dict[str, Guest] = {}
        self.rooms: dict[str, Room] = {}
        self.came = self.present = self.vanished = self.lines = 0
        self.reported = (0, 0)

    def ttse__on_listening(self, host: str, port: int) -> None:
        self.log(f"open on {host} port {port}, for {self.most_connections} guests at most")
        self.bind(ttTimerRepeat, seconds=10, name="report")
        if self.load:
            from chat_load import Crowd

            self.bind(Crowd, host, port, self.load, catalyst=ttAsyncioCatalyst(name="clients"))

    def ttse__on_crowd_finished(self) -> None:
        self.log(f"{self.came} guests came, {self.vanished} of them went without a word")
        self.finish()

    def ttse__on_report(self, info: dict[str, Any]) -> None:
        if self.reported != (self.came, self.lines):
            self.reported = (self.came, self.lines)
            self.log(f"{self.present} guests are here, {len(self.rooms)} rooms are open, {self.lines} lines were said")

    # The guests and rooms call these as ordinary methods, not as sparkles: they are on the same catalyst, and want an answer.

    def creating_connection(self) -> Guest:
        self.came += 1
        self.present += 1
        return Guest(self, self.came)

    def give_nickname(self, guest: Guest, nickname: str) -> bool:
        return self.nicknames.setdefault(nickname, guest) is guest

    def gone(self, guest: Guest) -> None:
        self.present -= 1
        if guest.nickname:
            del self.nicknames[guest.nickname]

    def seat(self, guest: Guest, title: str) -> Room:
        """His place in a room. It counts at once: else the room might end with its last guest while he is on his way in."""
        room = self.rooms.get(title)
        if room is None:
            room = self.rooms[title] = Room(self, title, self.patience)
        room.guests.add(guest)
        return room


def most_files() -> int:
    """How many files, and so connections, the system lets this program open, now that it has asked for all it can get."""
    try:
        import resource
    except ImportError:
        return 500  # Windows
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most == resource.RLIM_INFINITY or most > 100_000:
        most = 100_000
    if now == resource.RLIM_INFINITY or now >= most:
        return most
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    except (OSError, ValueError):  # a system that promises more than it gives
        return now
    return most


class Chat(ttFormula):
    def __init__(self, **wanted: Any) -> None:
        self.wanted = wanted
        super().__init__()

    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "screen", "tasktonic/log/default": ttLog.QUIET, "tasktonic/project/name": "chat"}

    def creating_main_catalyst(self) -> None:
        ttAsyncioCatalyst(name="main_catalyst")

    def creating_starting_tonics(self) -> None:
        ChatServer(**self.wanted)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A chat server.")
    parser.add_argument("--port", type=int, default=8765, help="0 takes any free one")
    parser.add_argument("--patience", type=float, default=5.0, help="seconds that a room waits for a slow reader")
    parser.add_argument(
        "--load", type=int, default=0, metavar="GUESTS", help="have so many come, and end when they have gone"
    )
    wanted = parser.parse_args()
    if 2 * wanted.load + 200 > most_files():
        parser.error(
            f"{wanted.load} guests need {2 * wanted.load + 200} files, and this system allows {most_files()} (ulimit -Hn)"
        )
    Chat(**vars(wanted))
