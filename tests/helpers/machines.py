"""Sessions with state machines of any size, and the source to go with them."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path

from tasktonic import events as ev
from tasktonic_studio.session.session import Session
from tests.helpers.builders import MS, EventWriter

DOOR_SOURCE = """
class Door(ttTonic):
    NEXT = {"open": "closed"}

    def ttse__on_start(self):
        self.to_state("closed")

    def ttsc_closed__open(self):
        self.to_state("open")

    def ttsc_open__close(self):
        self.to_state("closed")

    def ttsc_closed__lock(self):
        self.to_state("locked")

    def ttsc_locked__unlock(self, code):
        self.to_state(self.NEXT[code])

    def ttsc_locked__break(self):
        self.to_state("brokn")

    def ttsc_open__paint(self, where):
        self.to_state(where)

    def ttsc__alarm(self):
        self.fall_shut()

    def fall_shut(self):
        self.to_state("locked")
"""
STATES = ("closed", "locked", "open")
CLOSED, LOCKED, OPEN = range(3)
_HANDLERS = (
    ("ttse__on_start", ""),
    ("ttsc__open", "closed"),
    ("ttsc__close", "open"),
    ("ttsc__lock", "closed"),
    ("ttsc__unlock", "locked"),
    ("ttsc__break", "locked"),
    ("ttsc__paint", "open"),
    ("ttsc__alarm", ""),
)


class Machinery:
    """A session in which tonics with states live: `write` writes what they do, `take` lets the session take it."""

    def __init__(self) -> None:
        self.session = Session()
        self.write = EventWriter()
        self.write.catalyst("main_catalyst", "qt")

    def define(
        self, name: str, states: Iterable[str], handlers: Iterable[tuple[str, str]], file: str = "", line: int = 1
    ) -> int:
        """A class with these states (sorted) and handlers: (sparkle, state or empty)."""
        write, told = self.write, ev.Name(file)
        cls = write.cls(name, tuple(states))
        write.add(ev.ClassDefined(cls, ev.Name(name), ev.Name("__main__"), told, line, ev.Name(""), ev.Name("ttTonic")))
        for sparkle, state in handlers:
            head, _, rest = sparkle.partition("__")
            method = f"{head}_{state}__{rest}" if state else sparkle
            number = write.sparkle(cls, sparkle)
            write.add(ev.HandlerDefined(cls, number, ev.Name(state), ev.Name(method), told, line + 1))
        return cls

    def take(self) -> None:
        self.session.apply_events(self.session.live.n, self.write.take())


class Doors(Machinery):
    """Three doors, one of them in the middle of its life, with their source in a file."""

    def __init__(self, folder: Path | None = None, *, with_source: bool = True) -> None:
        super().__init__()
        file = str(folder / "door.py") if folder is not None else ""
        if folder is not None and with_source:
            Path(file).write_text(DOOR_SOURCE, encoding="utf-8")
        self.cls = self.define("Door", STATES, _HANDLERS, file, 2)
        self.doors = [self.write.born("Door", f"door {number}") for number in range(3)]
        for door in self.doors:
            self.do(door, "ttse__on_start", "closed")
        self.do(self.doors[0], "ttsc__open", "open")
        self.do(self.doors[0], "ttsc__close", "closed")
        self.do(self.doors[0], "ttsc__open", "open")
        self.do(self.doors[0], "ttsc__lock", flags=ev.IGNORED)
        self.take()

    def do(self, door: int, sparkle: str, to: str = "", flags: int = 0) -> int:
        """A door is told something, and runs it."""
        self.write.wait(50 * MS)
        return self.write.sparkles(door, sparkle, to=to, flags=flags)


def a_large_machine(states: int, ways: int, *, name_length: int = 0, seed: int = 3) -> tuple[Session, int]:
    """A session with one tonic that went all ways between so many states, and its class."""
    chance = random.Random(seed)
    made = Machinery()
    names = [f"state_{number:03d}".ljust(name_length, "x") for number in range(states)]
    pairs = [(number, number + 1) for number in range(states - 1)]
    while len(pairs) < ways:
        tail = chance.randrange(states)
        pair = tail, min(states - 1, max(0, tail + chance.randint(-9, 9)))
        if pair not in pairs and pair[0] != pair[1]:
            pairs.append(pair)
    sparkles = [f"ttse__on_{word}".ljust(name_length, "y") for word in ("next", "back", "timer", "fault", "done")]
    cls = made.define("Large", names, [(sparkle, "") for sparkle in sparkles])
    tonic = made.write.born("Large", "large one", state=names[0])
    for number, (tail, head) in enumerate(pairs):
        made.write.wait(MS)
        run = 1_000_000 + number
        sparkle = made.write.sparkle(cls, sparkles[chance.randrange(len(sparkles))])
        made.write.add(ev.StateChanged(made.write.t_ns, tonic, tail, head, run))
        made.write.add(ev.Ran(made.write.t_ns, made.write.t_ns, run, run, 0, tonic, sparkle, tail, head, 0))
    made.take()
    return made.session, cls
