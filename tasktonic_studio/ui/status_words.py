"""What the status strip says, as words and shapes. No widgets."""

from __future__ import annotations

from pathlib import PurePath
from typing import Final

from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.queues import CatalystFacts
from tasktonic_studio.session.target import TargetFacts

DEEP: Final = 100
"""So many waiting orders are worth a warning colour and a shape."""

HANGS_NS: Final = 1_000_000_000
"""A sparkle that runs so long holds up all others of its catalyst: the strip names it."""

PAUSED: Final = "❚❚"
"""Two bars: the sign for it is missing in many fonts, and in others it is a coloured picture."""

_SHAPES: Final = {
    "none": ("○", "text_muted"),
    "starting": ("◷", "waiting"),
    "running": ("▶", "running"),
    "held": (PAUSED, "warning"),
    "ended": ("○", "text_muted"),
    "lost": ("⤫", "error"),
}


def target_name(target: TargetFacts) -> str:
    """What is watched, short: the file's name, or the process."""
    if target.file:
        return PurePath(target.file.replace("\\", "/")).name
    if target.script:
        return PurePath(target.script.replace("\\", "/")).name
    return f"process {target.pid}" if target.pid else "no app"


def state_words(target: TargetFacts) -> str:
    """The state of the target in words."""
    if target.status == "none":
        return "nothing is watched"
    if target.status == "ended" and target.exit_code is not None and "exit" not in target.sentence:
        code = target.exit_code
        return f"ended, exit code {code}" if code >= 0 else f"ended by signal {-code}"
    return target.sentence or target.status


def hang_words(known: Knowledge) -> str:
    """Which sparkle has been running for long, and how long; empty while all of them end in time."""
    inside = [(each.inside_for_ns(known.t_ns), each) for each in known.catalysts.values() if each.alive]
    longest_ns, catalyst = max(inside, key=lambda pair: pair[0], default=(0, None))
    if catalyst is None or longest_ns < HANGS_NS:
        return ""
    sparkle = f" · {known.names.sparkle(catalyst.inside_sparkle)}" if catalyst.inside_sparkle >= 0 else ""
    return f"inside {known.essences.name(catalyst.inside)}{sparkle} for {ago_words(longest_ns)}"


def state_shape(target: TargetFacts) -> tuple[str, str]:
    """A shape for the state, and the role of its colour."""
    if target.status == "ended" and target.exit_code not in (None, 0):
        return "✕", "error"
    return _SHAPES[target.status]


def rate_words(per_second: float) -> str:
    """Events per second, short: ``0 ev/s``, ``950 ev/s``, ``12.4k ev/s``."""
    if per_second < 1000:
        return f"{per_second:.0f} ev/s"
    if per_second < 1_000_000:
        return f"{per_second / 1000:.1f}k ev/s"
    return f"{per_second / 1_000_000:.2f}M ev/s"


def cost_words(target: TargetFacts) -> str:
    """What watching costs the app."""
    return f"cost {target.cost_percent:.1f} %"


def loss_words(target: TargetFacts) -> str:
    """How much of the flow was lost; nothing said is nothing lost."""
    return f"⤫ {target.lost:,} lost" if target.lost else "nothing lost"


def ago_words(nanoseconds: int) -> str:
    """A time span for people: ``40 ms``, ``3.2 s``, ``4 min 10 s``, ``2 h 5 min``."""
    seconds = nanoseconds / 1e9
    if seconds < 1:
        return f"{max(0, round(seconds * 1000))} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min"


def catalyst_state(catalyst: CatalystFacts, target: TargetFacts) -> str:
    """``dead`` with its app, ``finished`` in order, ``held``, ``deep``, or empty when it turns."""
    if not catalyst.alive:
        ended_badly = target.status == "lost" or (target.status == "ended" and target.exit_code not in (None, 0))
        return "dead" if ended_badly else "finished"
    if catalyst.held:
        return "held"
    return "deep" if catalyst.depth >= DEEP else ""


def catalyst_words(catalyst: CatalystFacts, target: TargetFacts) -> str:
    """A catalyst on its pill: shape, name, depth of its queue."""
    state = catalyst_state(catalyst, target)
    shape = {"dead": "✕ ", "finished": "○ ", "held": f"{PAUSED} ", "deep": "◷ "}.get(state, "")
    depth = "" if state == "finished" else f"  {catalyst.depth}"
    return f"{shape}{catalyst.name or f'catalyst {catalyst.id}'}{depth}"
