"""Made-up runs with the same causes and another course: who runs next, ids and times are left to chance."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

from tasktonic import events as ev
from tasktonic_studio.session.comparing.comparison import Comparison, compare
from tasktonic_studio.session.comparing.side import Side, lay_out, take
from tasktonic_studio.session.session import Session
from tests.helpers.builders import MS, EventWriter

GUEST = -1
"""As the tonic of a call: the nameless one that its cause has made."""

TONICS = ("pump", "valve", "door")


@dataclass
class Call:
    """One sparkle that is called, and what it calls in its turn, in order. Its tonic is a number into `TONICS`, or `GUEST`."""

    tonic: int
    sparkle: int
    argument: int
    calls: list[Call] = field(default_factory=list)

    def all_below(self) -> list[tuple[Call, Call]]:
        """Every call below this one, each with its cause."""
        found = []
        for call in self.calls:
            found += [(self, call), *call.all_below()]
        return found


def happened(roots: list[Call], chance: Random, *, ends: bool = True) -> Session:
    """A session that has seen these calls; which of those that wait runs next is left to chance."""
    write = EventWriter()
    catalysts = [write.catalyst(f"catalyst {number}") for number in range(2)]
    for cls in ("Machine", "Guest"):
        write.cls(cls, sparkles=("ttsc__turn", "ttsc__stop", "ttse__on_news"))
    born = list(TONICS)
    chance.shuffle(born)
    tonics = {name: write.born("Machine", name, -1, chance.choice(catalysts)) for name in born}
    waiting: list[tuple[Call, int, int]] = []
    arriving = list(roots)
    while waiting or arriving:
        write.wait(chance.randrange(MS))
        if arriving and (not waiting or chance.random() < 0.4):
            # What comes from outside comes in any order, but for what is the same.
            call = arriving.pop(chance.randrange(len(arriving)))
            essence = tonics[TONICS[max(call.tonic, 0)]]
            waiting.append((call, essence, _order(write, call, essence, -1, 0)))
            continue
        call, essence, number = waiting.pop(chance.randrange(len(waiting)))
        guest = -1
        for effect in call.calls:
            if effect.tonic == GUEST and guest < 0:
                guest = _guest(write, essence, chance.choice(catalysts), number)
            target = guest if effect.tonic == GUEST else tonics[TONICS[effect.tonic]]
            waiting.append((effect, target, _order(write, effect, target, essence, number)))
        write.run(essence, SPARKLES[call.sparkle], number, chance.randrange(1, MS))
    if ends:
        write.add(ev.AppEnded(write.t_ns, 1, ev.Text("")))
    session = Session()
    session.apply_events(0, write.take())
    return session


SPARKLES = ("ttsc__turn", "ttsc__stop", "ttse__on_news")


def _order(write: EventWriter, call: Call, essence: int, source: int, run: int) -> int:
    return write.order(essence, SPARKLES[call.sparkle], source, run, arguments=f"count={call.argument}")


def _guest(write: EventWriter, maker: int, catalyst: int, run: int) -> int:
    id_ = write.born("Guest", "", maker, catalyst)
    told: Any = write.written[-1]
    write.written[-1] = told._replace(run=run)
    return id_


def side_of(session: Session, title: str = "a run") -> Side:
    """The present run of a session, laid out."""
    return lay_out(take(session.live, title))


def compared(here: Session, there: Session) -> Comparison:
    """Two sessions side by side."""
    return compare(side_of(here, "here"), side_of(there, "there"))
