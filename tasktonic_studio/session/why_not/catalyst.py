"""How it stands with a catalyst: whether it turns, is held, has ended, and what it is inside of."""

from __future__ import annotations

from dataclasses import dataclass

from tasktonic.events import NO_ESSENCE
from tasktonic_studio.session import naming
from tasktonic_studio.session.answers import Link
from tasktonic_studio.session.happenings import Happening
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.why_not.reasons import NEVER, At


@dataclass(frozen=True, slots=True)
class Standing:
    """Of one catalyst at the shown moment. `words` go on after its name; `ends_here` says that only the record ends."""

    catalyst: int
    is_dead: bool = False
    is_held: bool = False
    has_begun: bool = True
    ends_here: bool = False
    words: str = "turns"
    at: At = NEVER

    def inside(self, known: Knowledge) -> Link | None:
        """The sparkle that it was inside of at its last beat, None when it was idle."""
        facts = known.catalysts.get(self.catalyst)
        if facts is None or facts.inside == NO_ESSENCE:
            return None
        _, order = known.waiting_of(self.catalyst)
        name = naming.sparkle_words(known, facts.inside, facts.inside_sparkle)
        if order is not None:
            return Link(name, Thing("order", order.order), order.n + 1)
        return Link(name, Thing("essence", facts.inside))


def standing_of(known: Knowledge, catalyst: int) -> Standing:
    """How it stands with a catalyst."""
    thing = Thing("catalyst", catalyst)
    rows = known.happenings.of(
        Happening.HELD, Happening.RELEASED, Happening.CATALYST_BEGAN, Happening.CATALYST_ENDED,
        essence=catalyst, first_n=known.app.first_n,
    )  # fmt: skip
    told = known.happenings.rows_at(rows)
    at = At(told[-1].t_ns, thing, told[-1].moment) if told else NEVER
    if told and told[-1].kind == Happening.CATALYST_ENDED:
        return Standing(catalyst, is_dead=True, words="turns no more", at=at)
    facts = known.catalysts.get(catalyst)
    is_over = facts is not None and not facts.alive and known.target.status in ("ended", "lost")
    if is_over and known.target.how != "file":
        words = "is gone with its process" if known.target.status == "ended" else "cannot be seen any more"
        return Standing(catalyst, is_dead=True, words=words)
    if told and told[-1].kind == Happening.HELD:
        return Standing(catalyst, is_held=True, words="is held", at=at)
    if is_over:
        return Standing(catalyst, ends_here=True, words="turned when the record ended")
    if not any(row.kind == Happening.CATALYST_BEGAN for row in told) and facts is None:
        return Standing(catalyst, has_begun=False, words="has not begun to turn")
    return Standing(catalyst)
