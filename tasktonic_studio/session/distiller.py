"""An app that is run by hand: how it stands with it, and what was done with it so far."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from tasktonic.protocol.distiller_messages import DistillerState, DistillerStep
from tasktonic_studio.session.target import TargetFacts

ORIGIN_NS = 1_000_000_000
"""Where the clock of a distiller begins."""


@dataclass(frozen=True, slots=True)
class DistillerFacts:
    """Replaced, never changed. `state` is None for an app that runs by itself.

    `steps` are those of the present app, the first of them its begin.
    """

    state: DistillerState | None = None
    steps: tuple[dict[str, Any], ...] = ()

    @property
    def is_there(self) -> bool:
        """Whether a distiller is the main catalyst."""
        return self.state is not None and self.state.status != "refused"

    @property
    def is_ready(self) -> bool:
        return self.state is not None and self.state.status == "ready"

    @property
    def runs(self) -> bool:
        return self.state is not None and self.state.status == "running"

    @property
    def is_over(self) -> bool:
        return self.state is not None and self.state.status == "over"

    @property
    def seconds(self) -> float:
        """The distiller's clock, from the begin of the app."""
        return max(self.state.now_ns - ORIGIN_NS, 0) / 1e9 if self.state is not None else 0.0

    def with_state(self, state: DistillerState) -> DistillerFacts:
        """The same, and it stands like this."""
        return replace(self, state=state)

    def with_step(self, step: DistillerStep) -> DistillerFacts:
        """The same after one more step; number 0 begins anew."""
        if not isinstance(step.done, dict):
            return self
        kept = () if step.number == 0 else self.steps
        return replace(self, steps=(*kept, step.done))

    def words(self, target: TargetFacts) -> str:
        """How it stands, in a few words; empty for an app that runs by itself."""
        state = self.state
        if state is None or state.status == "refused" or not target.is_alive:
            return ""
        if state.status == "over":
            return "under a distiller: its app has ended"
        doing = f"runs {state.doing}" if state.status == "running" else "waits for you"
        return f"under a distiller: {doing}"
