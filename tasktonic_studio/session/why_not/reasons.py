"""The reasons that are found for one question, put in order: what was last comes first, what cannot be known at the end."""

from __future__ import annotations

from typing import NamedTuple

from tasktonic_studio.session import naming
from tasktonic_studio.session.answers import NOWHERE, Link, Part, Reason, Role, Sentence
from tasktonic_studio.session.happenings import Happening, HappeningRow
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.record_limits import Unseen
from tasktonic_studio.session.selection import Thing


class At(NamedTuple):
    """When something was, and where a click on it leads."""

    t_ns: int | None = None
    thing: Thing | None = None
    moment: int = NOWHERE


NEVER = At()


class Reasons:
    """Collects them. Made by `why_not` for each question; `known` is what is known at the shown moment."""

    def __init__(self, known: Knowledge) -> None:
        self.known = known
        self.asked: Thing | None = None
        self._head: list[Sentence] = []
        self._reasons: list[tuple[Sentence, list[Sentence]]] = []
        self._unknown: list[Sentence] = []

    def head(self, *parts: Part, at: At = NEVER) -> None:
        """What is asked about, summed up."""
        self._head.append(Sentence(Role.ASKED, parts, at.t_ns, at.thing, at.moment))

    def give(self, reason: Reason, count: int, *parts: Part, at: At = NEVER) -> None:
        """A reason, how often it was one, and when last."""
        sentence = Sentence(Role.REASON, parts, at.t_ns, at.thing, at.moment, reason, count)
        self._reasons.append((sentence, []))

    def more(self, *parts: Part, at: At = NEVER) -> None:
        """More about the last reason, or else about what is asked."""
        to = self._reasons[-1][1] if self._reasons else self._head
        to.append(Sentence(Role.DETAIL, parts, at.t_ns, at.thing, at.moment))

    def cannot_know(self, unseen: list[Unseen]) -> None:
        """What may have happened besides."""
        self._unknown += [each.sentence() for each in unseen]

    def unknown(self, *parts: Part, at: At = NEVER) -> None:
        """Something else that is not known."""
        self._unknown.append(Sentence(Role.UNKNOWN, parts, at.t_ns, at.thing, at.moment, Reason.UNKNOWN, 1))

    @property
    def has_any(self) -> bool:
        """Whether a reason was found."""
        return bool(self._reasons)

    def add(self, other: Reasons) -> None:
        """Take over the reasons of a question within this one."""
        self._reasons += other._reasons
        self._unknown += other._unknown

    def sentences(self) -> tuple[Sentence, ...]:
        """All of it in order."""
        ordered = sorted(self._reasons, key=_rank)
        told = [sentence for reason, details in ordered for sentence in (reason, *details)]
        return (*self._head, *told, *self._unknown)

    # ---- what several questions need

    def happened(self, *kinds: Happening, essence: int) -> list[HappeningRow]:
        """What happened to an essence in the present app, the oldest first."""
        happenings = self.known.happenings
        return happenings.rows_at(happenings.of(*kinds, essence=essence, first_n=self.known.app.first_n))

    def by_run(self, run: int) -> tuple[tuple[Part, ...], At]:
        """Who did something, as the end of a sentence, and where a click leads; both empty when that is not known."""
        row = self.known.run_of(run) if run > 0 else None
        if row is None:
            order = self.known.order_of(run) if run > 0 else None
            if order is None:
                return (), NEVER
            link: Link = naming.order_link(self.known, order)
        else:
            link = naming.run_link(self.known, row)
        return (" by ", link), At(None, link.thing, link.moment)

    def tell_life(self, essence: int) -> bool:
        """Say that it has ended, or is asked to; true when it is so."""
        facts = self.known.essences.get(essence)
        if facts is None or (facts.finishing_ns is None and facts.ended_ns is None):
            return False
        told = self.happened(Happening.FINISHING, Happening.ENDED, essence=essence)
        at = At(told[-1].t_ns, naming.tonic(self.known, essence).thing, told[-1].moment) if told else NEVER
        if facts.ended_ns is not None:
            self.more(naming.tonic(self.known, essence), " has ended: what calls it from then on is dropped.", at=at)
        else:
            self.more(naming.tonic(self.known, essence), " is finishing: what calls it from then on is dropped.", at=at)
        return True


_DID = (Reason.IT_DID, Reason.TIMER_FIRED)


def _rank(reason: tuple[Sentence, list[Sentence]]) -> tuple[bool, int]:
    """What was last comes first; that it did happen now and then is said at the end."""
    sentence = reason[0]
    return sentence.reason in _DID, -(sentence.t_ns or 0)
