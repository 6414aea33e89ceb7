"""Guests for chat_server.py, thousands of them: they come, talk to each other, count what they hear, and go.

    python examples/chat_server.py --load 2000                 server and guests in one program
    python examples/chat_load.py 2000 --port 8765              the guests alone, for a server that runs already

Twenty share a table, which is a room of the server. Everybody says a few lines, each with its number and the moment it was said, so
that everybody else can tell whether one is missing and how long it took. Beside them there are guests no server wishes for:

- ghosts, who vanish in the middle of a talk;
- a dozer, who sleeps through a lecture until his room has to wait for him, and then reads all of it;
- a corpse, who never reads anything, until the room loses its patience.

At the end it says how many lines were said, how many arrived, how many did not (none), and how long the slowest took.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import time
from typing import Any

from tasktonic import ttCatalyst, ttFormula, ttLog, ttTimerRepeat, ttTimerSingleShot, ttTonic
from tasktonic.net import ttAsyncioCatalyst, ttAsyncTonic, ttLines, ttTcpClient

SEATS = 20
LINES = 3
"""How many lines each guest says."""
DELIVERIES_PER_S = 8_000
"""How much they talk together: a line to a table of twenty has to be delivered twenty times. With more than the processor can take it
would measure how long the queue is."""
TABLES_AT_A_TIME = 10
LONG_WORDS = " ".join(["blah"] * 1_500)
WAIT_S = 15
"""So many seconds without a line, and what has not come by then is lost."""


class Visitor(ttTcpClient):
    """Connects, tells its name, goes to a room. What it does there is up to the subclass."""

    def __init__(self, crowd: Crowd, nickname: str, room: str) -> None:
        super().__init__(
            crowd.host, crowd.port, reconnect=False, connect_limit=60, name=nickname, log_mode=ttLog.STEALTH
        )
        self.crowd = crowd
        self.room = room

    def creating_framing(self) -> ttLines:
        return ttLines()

    def ttse__on_connected(self) -> None:
        self.to_state("coming")
        self.send(self.name)
        self.send(f"/join {self.room}")

    def ttse__on_connect_failed(self, reason: str) -> None:
        self.crowd.ttsc__give_up(reason)

    def ttse_coming__on_received(self, line: str) -> None:
        if line.startswith(f"* {self.name} comes in"):
            self.to_state("seated")
        elif line.endswith("already; take another name"):
            self.crowd.ttsc__give_up(line)

    def ttsc__go(self) -> None:
        self.send("/quit")

    def ttse_coming__on_disconnected(self, reason: str) -> None:
        self.crowd.ttsc__give_up(reason)


class Talker(Visitor):
    """Says its lines, and listens to all that are said at its table, its own as well."""

    def __init__(self, table: Table, nickname: str) -> None:
        super().__init__(table.crowd, nickname, table.name)
        self.table = table
        self.said = self.heard = self.muddled = 0
        self.next_of: dict[str, int] = {}

    def ttse_seated__on_enter(self) -> None:
        self.table.ttse__on_seated()

    def ttsc_seated__talk(self) -> None:
        self.bind(ttTimerSingleShot, seconds=self.crowd.thinking_s(), name="thought")

    def ttse_seated__on_thought(self, info: dict[str, Any]) -> None:
        self.send(f"{self.said} {time.monotonic_ns()} is my line")
        self.said += 1
        if self.said < LINES:
            self.ttsc_seated__talk()

    def ttse_seated__on_received(self, line: str) -> None:
        who, _, text = line.partition("> ")
        number, _, rest = text.partition(" ")
        if not number.isdecimal():
            return  # somebody comes or goes, or a ghost says boo
        self.crowd.delays_ns.append(time.monotonic_ns() - int(rest.partition(" ")[0]))
        self.muddled += int(number) != self.next_of.get(who, 0)
        self.next_of[who] = int(number) + 1
        self.heard += 1
        if self.heard == self.table.expected:
            self.table.ttse__on_heard_all()

    def ttse__on_finished(self) -> None:
        self.table.ttse__on_left()


class Table(ttTonic):
    """Those who talk to each other: a room of the server."""

    def __init__(self, crowd: Crowd, number: int, seats: int) -> None:
        super().__init__(name=f"table-{number}", log_mode=ttLog.STEALTH)
        self.crowd = crowd
        self.talkers = [self.bind(Talker, self, f"talker-{number}-{seat}") for seat in range(seats)]
        self.expected = seats * LINES
        self.seated = self.content = 0

    def ttse__on_seated(self) -> None:
        self.seated += 1
        if self.seated == len(self.talkers):
            self.crowd.ttse__on_table_seated()

    def ttsc__talk(self) -> None:
        for talker in self.talkers:
            talker.ttsc_seated__talk()

    def ttse__on_heard_all(self) -> None:
        self.content += 1
        if self.content == len(self.talkers):
            self.crowd.ttse__on_satisfied()

    def ttsc__go(self) -> None:
        for talker in self.talkers:
            talker.ttsc__go()

    def ttse__on_left(self) -> None:
        self.seated -= 1
        if self.seated == 0:
            self.crowd.ttse_leaving__on_table_left()
            self.finish()


class Ghost(ttAsyncTonic):
    """Vanishes in the middle of a talk. A plain stream of asyncio, to show that any library of it will do."""

    def __init__(self, crowd: Crowd, number: int) -> None:
        super().__init__(name=f"ghost-{number}", log_mode=ttLog.STEALTH)
        self.run_coroutine(self.haunt(crowd.host, crowd.port, f"table-{number}"), on_result=self.ttse__vanished)

    async def haunt(self, host: str, port: int, room: str) -> None:
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(f"{self.name}\n/join {room}\nboo\n".encode())
        await reader.readuntil(b"boo")
        writer.transport.abort()

    def ttse__vanished(self, result: None) -> None:
        self.finish()


class Lecture(ttTonic):
    """A lecturer with many words, and a listener who falls asleep at once."""

    def __init__(self, crowd: Crowd, listener: str, wakes: bool) -> None:
        super().__init__(name=f"lecture-for-a-{listener}", log_mode=ttLog.STEALTH)
        self.crowd = crowd
        self.wakes = wakes
        self.lecturer: Lecturer | None = None
        self.listener = self.bind(Sleeper, self, listener)
        self.open_ears = 2 if wakes else 1

    def ttse__on_asleep(self) -> None:
        self.lecturer = self.bind(Lecturer, self)

    def ttse__on_waiting(self) -> None:
        if self.wakes:
            self.listener.ttsc__wake()

    def ttse__on_heard_all(self) -> None:
        self.open_ears -= 1
        if self.open_ears == 0:
            self.crowd.ttse__on_satisfied()

    def ttsc__go(self) -> None:
        if self.lecturer is not None:
            self.lecturer.ttsc__go()
        self.listener.ttsc__go()

    def summary(self) -> str:
        if (lecturer := self.lecturer) is None:
            return f"{self.name}: has not begun"
        ears = (lecturer, self.listener) if self.wakes else (lecturer,)
        lost = sum(lecturer.said - ear.heard for ear in ears)
        return f"{self.name}: {lecturer.said} long lines, {lost} lost, the lecturer was hushed {lecturer.hushed} times"


class Sleeper(Visitor):
    """Sits down and reads nothing any more, unless it is woken."""

    def __init__(self, lecture: Lecture, nickname: str) -> None:
        super().__init__(lecture.crowd, nickname, lecture.name)
        self.lecture = lecture
        self.heard = 0

    def ttse_seated__on_enter(self) -> None:
        self.pause_reading()
        self.lecture.ttse__on_asleep()

    def ttsc__wake(self) -> None:
        self.resume_reading()

    def ttse_seated__on_received(self, line: str) -> None:
        self.heard += line.endswith("blah")
        if line.endswith("that was all"):
            self.lecture.ttse__on_heard_all()


class Lecturer(Visitor):
    """Talks and talks, until the room has waited for the sleeper and goes on; then a hundred lines more. Stops while it has to."""

    _tt_states = ("done",)

    def __init__(self, lecture: Lecture) -> None:
        super().__init__(lecture.crowd, f"lecturer-{lecture.listener.name}", lecture.name)
        self.lecture = lecture
        self.said = self.heard = self.hushed = 0
        self.last: int | None = None

    def ttse_seated__on_enter(self) -> None:
        self.to_state("talking")
        self.bind(ttTimerRepeat, seconds=0.01, name="breath")

    def ttse_talking__on_breath(self, info: dict[str, Any]) -> None:
        for _ in range(10):
            if self.said == self.last:
                self.send("that was all")
                self.to_state("done")
                return
            self.send(f"line {self.said}: {LONG_WORDS}")
            self.said += 1

    def ttse_talking__on_send_full(self) -> None:
        self.hushed += 1
        self.to_state("hushed")

    def ttse_hushed__on_send_ready(self) -> None:
        self.to_state("talking")

    def ttse__on_received(self, line: str) -> None:
        if line.startswith("* we wait"):
            self.lecture.ttse__on_waiting()
        elif line.startswith("* we go on") and self.last is None:
            self.last = self.said + 100
        elif line.endswith("that was all"):
            self.lecture.ttse__on_heard_all()
        else:
            self.heard += line.endswith("blah")


class Crowd(ttAsyncTonic):
    """Has them come, talk and go, and adds up."""

    def __init__(self, host: str, port: int, guests: int, catalyst: ttCatalyst | None = None) -> None:
        super().__init__(name="crowd", catalyst=catalyst)
        self.host, self.port, self.guests = host, port, guests
        self.dice = random.Random(8765)
        self.tables: list[Table] = []
        self.lectures: list[Lecture] = []
        self.delays_ns: list[int] = []
        self.seated = self.satisfied = self.ghosts = 0
        self.silent_s = self.heard_before = 0

    def ttse__on_start(self) -> None:
        self.began_s = time.monotonic()
        self.bind(ttTimerRepeat, seconds=1, name="look")
        self.to_state("arriving")

    def thinking_s(self) -> float:
        """How long a talker thinks before its next line."""
        return self.dice.uniform(0, 2 * self.guests * SEATS / DELIVERIES_PER_S)

    # -- arriving: a few tables at a time, as guests do ----------------------------------------------------------------

    def ttse_arriving__on_enter(self) -> None:
        for _ in range(TABLES_AT_A_TIME):
            self.tts_arriving__open_table()

    def tts_arriving__open_table(self) -> None:
        seats = min(SEATS, self.guests - SEATS * len(self.tables))
        if seats > 0:
            self.tables.append(self.bind(Table, self, len(self.tables), seats))

    def ttse_arriving__on_table_seated(self) -> None:
        self.seated += 1
        self.tts_arriving__open_table()
        if self.seated * SEATS >= self.guests:
            self.to_state("talking")

    # -- talking -------------------------------------------------------------------------------------------------------

    def ttse_talking__on_enter(self) -> None:
        self.log(f"{self.guests} guests sit at {len(self.tables)} tables after {time.monotonic() - self.began_s:.1f} s")
        self.lectures = [
            self.bind(Lecture, self, listener, wakes) for listener, wakes in (("dozer", True), ("corpse", False))
        ]
        for number, table in enumerate(self.tables):
            table.ttsc__talk()
            if number % 4 == 0:
                self.bind(Ghost, self, number)
                self.ghosts += 1

    def ttse_talking__on_satisfied(self) -> None:
        self.satisfied += 1
        if self.satisfied == len(self.tables) + len(self.lectures):
            self.to_state("leaving")

    def ttse__on_look(self, info: dict[str, Any]) -> None:
        heard = self.seated + len(self.delays_ns) + sum(lecture.listener.heard for lecture in self.lectures)
        self.silent_s = self.silent_s + 1 if heard == self.heard_before else 0
        self.heard_before = heard
        if self.silent_s >= WAIT_S:
            self.ttsc__give_up(f"nothing was heard for {WAIT_S} s")

    def ttsc__give_up(self, reason: str) -> None:
        self.log(f"this is no good: {reason}")
        self.finish()

    def ttsc_talking__give_up(self, reason: str) -> None:
        self.report()
        self.log(f"this is no good: {reason}")
        self.finish()

    # -- leaving -------------------------------------------------------------------------------------------------------

    def ttse_leaving__on_enter(self) -> None:
        self.report()
        for lecture in self.lectures:
            lecture.ttsc__go()
        for table in self.tables:
            table.ttsc__go()

    def ttse_leaving__on_table_left(self) -> None:
        self.seated -= 1
        if self.seated == 0:
            self.finish()

    def report(self) -> None:
        talkers = [talker for table in self.tables for talker in table.talkers]
        said, heard = sum(talker.said for talker in talkers), sum(talker.heard for talker in talkers)
        due = sum(talker.said * len(table.talkers) for table in self.tables for talker in table.talkers)
        muddled = sum(talker.muddled for talker in talkers)
        self.log(f"{said} lines said, {heard} delivered, {due - heard} lost, {muddled} out of order")
        if delays_ns := sorted(self.delays_ns):
            half, most = delays_ns[len(delays_ns) // 2], delays_ns[len(delays_ns) * 99 // 100]
            self.log(
                f"half within {half / 1e6:.1f} ms, 99 of 100 within {most / 1e6:.1f} ms, the slowest took {delays_ns[-1] / 1e6:.1f} ms"
            )
        for lecture in self.lectures:
            self.log(lecture.summary())
        self.log(f"{self.ghosts} ghosts vanished")


class Load(ttFormula):
    def __init__(self, **wanted: Any) -> None:
        self.wanted = wanted
        super().__init__()

    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "screen", "tasktonic/log/default": ttLog.QUIET}

    def creating_main_catalyst(self) -> None:
        ttAsyncioCatalyst(name="main_catalyst")

    def creating_starting_tonics(self) -> None:
        Crowd(**self.wanted)


if __name__ == "__main__":
    from chat_server import most_files

    parser = argparse.ArgumentParser(description="Guests for the chat server.")
    parser.add_argument("guests", type=int, help="how many")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8765)
    wanted = parser.parse_args()
    if wanted.guests + 100 > most_files():
        parser.error(
            f"{wanted.guests} guests need {wanted.guests + 100} files, and this system allows {most_files()} (ulimit -Hn)"
        )
    Load(**vars(wanted))
