"""Changes: which ids of which part a batch of events touched."""

from __future__ import annotations

from dataclasses import dataclass, field

from tasktonic.protocol import Message


@dataclass(slots=True)
class Changes:
    """What became different between two moments; handed to the visible panels once per frame.

    Filled by `Session.apply`, read by panels, kept by nobody. With `everything` set nothing else needs to be looked at: the
    panel reads all it shows anew (after it was hidden, after the time cursor moved, with a new target or a new app).
    """

    essences: set[int] = field(default_factory=set)
    """Ids that were born, changed, ran a sparkle, or ended; a superset of the next two."""

    essences_new: set[int] = field(default_factory=set)
    essences_ended: set[int] = field(default_factory=set)

    essences_forgotten: set[int] = field(default_factory=set)
    """Ids that ended long ago and were dropped to bound memory: `Essences.get` gives None for them now."""

    store: set[tuple[int, str]] = field(default_factory=set)
    """(store id, path) of values that were set or removed."""

    timers: set[int] = field(default_factory=set)
    catalysts: set[int] = field(default_factory=set)
    attributes: set[int] = field(default_factory=set)
    """Essences whose attributes arrived."""

    answers: list[Message] = field(default_factory=list)
    """What the app answered to requests, in order."""

    ended: bool = False
    """The target has ended, or was lost (`target` is set as well)."""

    log: bool = False
    runs: bool = False
    """Runs, orders or transitions were added."""

    lines: bool = False
    """It stands otherwise with the debugger of lines."""

    app: bool = False
    target: bool = False
    """How it stands with the target; but for what is counted of it."""

    figures: bool = False
    """What watching costs and what was lost is another number: in a flood with each frame."""

    names: bool = False
    everything: bool = False
    new_target: bool = False
    """Another target is watched from here on (`everything` is set as well): what was selected by id means nothing now."""

    def __bool__(self) -> bool:
        """Whether there is anything to look at."""
        return bool(
            self.everything
            or self.essences
            or self.essences_forgotten
            or self.store
            or self.timers
            or self.catalysts
            or self.attributes
            or self.answers
            or self.log
            or self.runs
            or self.lines
            or self.app
            or self.target
            or self.figures
            or self.names
        )

    def with_more(self, other: Changes) -> Changes:
        """What this one and `other` touched, apart from both."""
        both = Changes()
        both.merge(self)
        both.merge(other)
        return both

    def merge(self, other: Changes) -> None:
        """Add what `other` touched."""
        self.essences |= other.essences
        self.essences_new |= other.essences_new
        self.essences_ended |= other.essences_ended
        self.essences_forgotten |= other.essences_forgotten
        self.store |= other.store
        self.timers |= other.timers
        self.catalysts |= other.catalysts
        self.attributes |= other.attributes
        self.answers += other.answers
        self.ended |= other.ended
        self.log |= other.log
        self.runs |= other.runs
        self.lines |= other.lines
        self.app |= other.app
        self.target |= other.target
        self.figures |= other.figures
        self.names |= other.names
        self.everything |= other.everything
        self.new_target |= other.new_target
