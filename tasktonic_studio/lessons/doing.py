"""Whether something a lesson asks for has been done, by its button or by any other way: seen in what is known of the app."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tasktonic_studio.lessons.actions import Action
from tasktonic_studio.lessons.looking import has_been_called, ordinary_runs
from tasktonic_studio.session.knowledge import Knowledge


@dataclass(frozen=True, slots=True)
class Since:
    """How it stood when something was to be done: what has come since then counts."""

    known: Knowledge
    runs: int
    orders: int
    steps: int

    @classmethod
    def now(cls, known: Knowledge, file: Path) -> Since:
        """From here on. Runs of another program are not counted: there may be millions, and none of them matters."""
        runs = len(ordinary_runs(known)) if is_ours(known, file) else 0
        return cls(known, runs, len(known.orders), len(known.distiller.steps))


def is_ours(known: Knowledge, file: Path) -> bool:
    """Whether what is watched is the lesson's program, running or ended."""
    target = known.target
    return target.how == "launched" and bool(target.script) and Path(target.script) == file


def is_our_app(known: Knowledge, file: Path) -> bool:
    """Whether the lesson's program is what runs."""
    return known.target.is_alive and is_ours(known, file)


def is_done(action: Action, since: Since, known: Knowledge, file: Path) -> bool:
    """Whether the app has done what was asked for since then."""
    target, is_new = known.target, known is not since.known
    verb = action.verb
    if verb in ("distil", "start", "restart"):
        by_hand = target.seed is not None
        # What lives is told a moment after the distiller has said that it is ready, and is what comes next is about.
        is_ready = known.distiller.is_ready if by_hand else target.status in ("running", "held", "ended")
        is_there = is_ready and is_begun(known)
        wanted = verb == "restart" or by_hand == (verb == "distil")
        return is_new and is_ours(known, file) and wanted and is_there
    if verb == "stop":
        return target.status in ("ended", "lost", "none")
    if verb == "hold":
        return target.status == "held"
    if verb == "continue":
        return target.status == "running"
    if is_new:
        return False
    if not known.distiller.is_there:
        return _is_done_live(action, since, known)
    return not known.distiller.runs and _is_done_by_hand(action, since, known)


def is_begun(known: Knowledge) -> bool:
    """Whether an app of the framework has begun in the program, and it is known what lives in it."""
    return known.app.has_begun and len(known.essences) > 0


def _is_done_live(action: Action, since: Since, known: Knowledge) -> bool:
    if action.verb == "call":
        return has_been_called(known, action.sparkle, since.orders)
    wanted = action.number if action.verb == "step" else 1
    return len(ordinary_runs(known)) - since.runs >= wanted or known.app.has_ended


def _is_done_by_hand(action: Action, since: Since, known: Knowledge) -> bool:
    done = known.distiller.steps[since.steps :]
    if action.verb == "end":
        return any(step.get("do") == "finish" for step in done)
    if action.verb == "call":
        return any(step.get("do") == "call" and step.get("sparkle") == action.sparkle for step in done)
    ran = [step for step in done if step.get("do") == "sparkle"]
    if action.verb == "step":
        return sum(step.get("count", 0) for step in ran) >= action.number or any(_came_to_rest(step) for step in ran)
    return any(_is_such_a_run(action, step) for step in ran)


def _is_such_a_run(action: Action, step: dict[str, object]) -> bool:
    """Whether a run went as far as this one would have: single steps are no run to a state."""
    asked = step.get("asked")
    asked = asked if isinstance(asked, dict) else {}
    if action.state:
        return action.state in asked.get("till_state_in", ())
    if action.till:
        return action.till in asked.get("till_sparkle_in", ())
    if action.seconds >= 0:
        return "timeout" in asked
    return _came_to_rest(step)


def _came_to_rest(step: dict[str, object]) -> bool:
    stopped = step.get("stopped_by")
    words = stopped if isinstance(stopped, list) else []
    return any(word in ("idle", "catalyst finished", "error") for word in words)
