"""The watched process and its present app: what they are and how they are, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tasktonic.clock import ORIGIN_NS

Status = Literal["none", "starting", "running", "held", "ended", "lost"]


@dataclass(frozen=True, slots=True)
class TargetFacts:
    """The watched process. Replaced, never changed.

    `status` is one word, `sentence` says the same in full for people. `exit_code` is negative for a signal, None while it
    runs, when nobody could know (an attached app), and when the Studio itself ended it. `died`: it ended without having been
    asked to, and not well. `lost_orders` and `lost_runs` count flow that never came;
    `cost_percent` is what watching costs the app. `how` is `launched`, `attached` or `file`; of the last,
    `file` is the path and `damage` a sentence when not all of it can be read. `capabilities` is what the probe does on request.
    """

    status: Status = "none"
    sentence: str = ""
    how: str = ""
    script: str = ""
    arguments: tuple[str, ...] = ()
    pid: int = 0
    python: str = ""
    framework: str = ""
    qt: str = ""
    executable: str = ""
    cwd: str = ""
    capabilities: tuple[str, ...] = ()
    role: str = ""
    exit_code: int | None = None
    died: bool = False
    cost_percent: float = 0.0
    level: int = 0
    ring_fill: float = 0.0
    lost_orders: int = 0
    lost_runs: int = 0
    file: str = ""
    damage: str = ""
    seed: int | None = None
    """Of the distiller that a script was launched under; None for one that runs by itself."""

    @property
    def lost(self) -> int:
        """Flow events that were lost, of both kinds."""
        return self.lost_orders + self.lost_runs

    @property
    def is_alive(self) -> bool:
        return self.status in ("starting", "running", "held")


@dataclass(frozen=True, slots=True)
class AppFacts:
    """One app run in the watched process. Replaced, never changed.

    `number` is 0 while no app has begun. `first_n` is the number of its first event, `first_run` and `first_order` the
    index of its first rows: numbers and ids of earlier apps mean other things.
    """

    number: int = 0
    name: str = ""
    began_ns: int = 0
    wall_ns: int = 0
    pid: int = 0
    ended_ns: int | None = None
    problem: str = ""
    first_n: int = 0

    @property
    def has_begun(self) -> bool:
        return self.number > 0

    @property
    def has_ended(self) -> bool:
        return self.ended_ns is not None

    @property
    def has_own_clock(self) -> bool:
        """Whether it goes by a clock of its own, as under a distiller; the machine's is long past where such a clock begins."""
        return ORIGIN_NS <= self.began_ns < ORIGIN_NS + 1_000_000_000

    def time_of(self, t_ns: int) -> int:
        """The time of an event. What comes after the end of an app with a clock of its own has been stamped by the machine's."""
        return min(t_ns, self.ended_ns) if self.ended_ns is not None and self.has_own_clock else t_ns
