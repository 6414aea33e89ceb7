"""What a row about a catalyst says: depth, waiting, busy, what runs now, who sends. No Qt."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.lookup import distinct
from tasktonic_studio.session.queues import CatalystFacts
from tasktonic_studio.session.record_limits import counts_now
from tasktonic_studio.session.senders import Sender
from tasktonic_studio.ui.item_models.roles import Column
from tasktonic_studio.ui.widgets import figures
from tasktonic_studio.ui.widgets.essence_words import GONE, depth_of

COLUMNS: Final = (
    Column("name", "Catalyst", "Its name.", "main_catalyst", stretch=True),
    Column("status", "Status", "What it does: runs, idle, held, ended, dead.", "running", icon=True, rank=1),
    Column("depth", "Waiting", "Orders that wait in its queue.", "9 999", right=True),
    Column("trend", "Last minute", "How many orders waited over the last minute.", "──────────", rank=4),
    Column("oldest", "Oldest", "How long the oldest order has waited.", "99.9 ms", right=True, rank=3),
    Column("busy", "Busy", "Share of the last second or so in which a sparkle ran.", "100 %", right=True, rank=2),
    Column(
        "now",
        "Runs now",
        "Which sparkle it is inside of, and for how long.",
        "pump 1 · ttse__on_stroke",
        rank=5,
        stretch=True,
    ),
    Column("rate", "Sparkles/s", "Sparkles per second.", "99 999", right=True, rank=6),
    Column("sender", "Most from", "Who sent most of the orders of the last second.", "conveyor 12", rank=7),
    Column("thread", "Thread", "The thread that runs it, and what drives that.", "main_catalyst (qt)", rank=8),
)
NOT_COUNTED: Final = "–"
"""For figures of a catalyst while its runs are left out."""
NUMBER: Final = {column.id: number for number, column in enumerate(COLUMNS)}
TREND_NS: Final = 60_000_000_000
LONG_NS: Final = 1_000_000_000
"""A sparkle that runs longer than this is worth a banner."""

Ints = npt.NDArray[np.int64]


class Trend(NamedTuple):
    """Depths over the last minute: times relative to its begin (0 to 1), and depths."""

    places: npt.NDArray[np.float64]
    depths: Ints


class CatalystRow(NamedTuple):
    """One catalyst. ``shape`` is that of its status, ``share`` how busy it is (0 to 1)."""

    id: int
    texts: tuple[str, ...]
    shape: str
    share: float
    trend: Trend
    tip: str
    aside: bool
    status_role: str


def trends(known: Knowledge) -> dict[int, Trend]:
    """The depths of the last minute of every catalyst."""
    begin = known.t_ns - TREND_NS
    beats = known.depths.since(known.app.first_n, begin)
    found = {}
    for catalyst in distinct(beats["catalyst"]).tolist():
        mine = beats["catalyst"] == catalyst
        found[catalyst] = Trend((beats["t_ns"][mine] - begin) / TREND_NS, beats["depth"][mine])
    return found


def status_of(known: Knowledge, facts: CatalystFacts) -> tuple[str, str, str]:
    """The shape, the word and the colour role for how a catalyst is."""
    if not facts.alive:
        essence = known.essences.get(facts.id)
        has_ended = essence is not None and not essence.is_alive
        if (known.target.died and not has_ended) or (known.app.problem and facts.failed_line >= 0):
            return "dead", "dead", "error"
        return "finished", "ended", "text_muted"
    if known.target.status in GONE:
        return "finished", "ended", "text_muted"
    if facts.held:
        return "paused", "held", "warning"
    if facts.inside >= 0:
        return "running", "running", "running"
    return "idle", "idle", "text_muted"


def inside_words(known: Knowledge, facts: CatalystFacts) -> str:
    """The sparkle a catalyst is inside of: ``pump 1 · ttse__on_stroke``; empty when it is idle."""
    if facts.inside < 0:
        return ""
    sparkle = known.names.sparkle(facts.inside_sparkle) if facts.inside_sparkle >= 0 else "a sparkle"
    return f"{figures.short(known.essences.name(facts.inside), 80)} · {figures.short(sparkle, 80)}"


def catalyst_row(known: Knowledge, facts: CatalystFacts, trend: Trend | None, sender: Sender | None) -> CatalystRow:
    """The row of a catalyst at a moment."""
    shape, status, role = status_of(known, facts)
    waiting, _ = known.waiting_of(facts.id)
    oldest_ns = known.t_ns - known.orders.row(int(waiting[0])).t_ns if len(waiting) else 0
    inside = inside_words(known, facts)
    long_ns = facts.inside_for_ns(known.t_ns)
    thread = facts.thread or str(facts.thread_id or "")
    is_alive, counts = facts.alive and known.target.status not in GONE, counts_now(known)
    # Who sent most before its end is over when the catalyst is.
    sender = sender if is_alive else None
    texts = (
        figures.short(facts.name or known.essences.name(facts.id)),
        status,
        figures.grouped(depth_of(known, facts)),
        "",
        figures.duration(oldest_ns) if len(waiting) and oldest_ns >= 0 else "",
        (f"{facts.busy_share:.0%}" if counts else NOT_COUNTED) if is_alive else "",
        f"{inside}  {figures.duration(long_ns)}" if inside and long_ns >= LONG_NS / 1_000 else inside,
        (figures.rate(facts.rate) if counts else NOT_COUNTED) if is_alive else "",
        figures.short(sender.name, 60) if sender is not None else "",
        f"{figures.short(thread, 60)} ({facts.driver})" if facts.driver and thread else facts.driver or thread,
    )
    return CatalystRow(
        id=facts.id,
        texts=texts,
        shape=shape,
        share=facts.busy_share if is_alive and counts else 0.0,
        trend=trend if trend is not None else NO_TREND,
        tip=_tip(texts, trend, sender),
        aside=shape == "finished",
        status_role=role,
    )


NO_TREND: Final = Trend(np.empty(0), np.empty(0, np.int64))
NO_ROW: Final = CatalystRow(-1, ("",) * len(COLUMNS), "", 0.0, NO_TREND, "", True, "text_muted")


def trend_words(trend: Trend, now: str) -> str:
    """A trend in words, for who cannot see it."""
    most = int(trend.depths.max()) if len(trend.depths) else 0
    return f"{now} waiting, most in the last minute {figures.grouped(most)}"


def _tip(texts: tuple[str, ...], trend: Trend | None, sender: Sender | None) -> str:
    lines = [f"{texts[0]}: {texts[1]}", trend_words(trend or NO_TREND, texts[NUMBER["depth"]])]
    if texts[NUMBER["now"]]:
        lines.append(f"inside {texts[NUMBER['now']]}")
    if texts[NUMBER["busy"]] == NOT_COUNTED:
        lines.append("how busy it is cannot be told: so much happens that runs are left out")
    if sender is not None:
        lines.append(f"{figures.counted(sender.orders, 'order')} of the last second from {sender.name}")
    return "\n".join(lines)
