"""What the inspector says about the work that a tonic has offloaded. No Qt."""

from __future__ import annotations

from typing import Final

from tasktonic_studio.session.essences import EssenceFacts
from tasktonic_studio.session.heavy_work import OUTCOMES, WorkFacts
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.panels.inspector.fact import Fact
from tasktonic_studio.ui.widgets import figures
from tasktonic_studio.ui.widgets.essence_words import GONE

RUNNING_SHOWN: Final = 20
WAITING_SHOWN: Final = 3


def heavy_work(known: Knowledge, facts: EssenceFacts) -> list[Fact]:
    """What runs, what waits, and the last that is over; of each the first ones, and how many more there are."""
    still = known.heavy_work.open_of(facts.id)
    running = [work for work in still if work.began_ns is not None]
    waiting = [work for work in still if work.began_ns is None]
    ended = known.heavy_work.ended_of(facts.id)
    lines = [_running(known, work) for work in running[:RUNNING_SHOWN]]
    if len(running) > RUNNING_SHOWN:
        lines.append(Fact("more that run", f"… {figures.grouped(len(running) - RUNNING_SHOWN)} more that run"))
    lines += [_waiting(known, work) for work in waiting[:WAITING_SHOWN]]
    if len(waiting) > WAITING_SHOWN:
        lines.append(Fact("more that wait", f"… {figures.grouped(len(waiting) - WAITING_SHOWN)} more that wait"))
    lines += [_ended(known, work) for work in ended.last]
    shown = [sum(work.outcome == outcome for work in ended.last) for outcome in OUTCOMES]
    more = [
        f"{figures.grouped(count - among)} {outcome}"
        for outcome, count, among in zip(OUTCOMES, ended.counts, shown, strict=True)
        if count > among
    ]
    if more:
        lines.append(Fact("more that are over", f"… and before: {', '.join(more)}"))
    return lines


def _running(known: Knowledge, work: WorkFacts) -> Fact:
    began_ns = work.began_ns or 0
    if known.target.status in GONE:
        return _line(known, work, "runs", "ended while it ran", shape="finished")
    # The short one first: in a narrow panel it is all that fits.
    words = f"runs for {figures.duration(max(0, known.t_ns - began_ns))}"
    since = f"since {figures.moment(began_ns, known.app.began_ns)}"
    return _line(known, work, "runs", words, " · ".join(filter(None, (since, work.worker))), "running")


def _waiting(known: Knowledge, work: WorkFacts) -> Fact:
    if known.target.status in GONE:
        return _line(known, work, "waits", "ended before it began", shape="finished")
    detail = f"for {figures.duration(max(0, known.t_ns - (work.offloaded_ns or 0)))}"
    return _line(known, work, "waits", f"waits for a {work.place}", detail, "waiting")


def _ended(known: Knowledge, work: WorkFacts) -> Fact:
    ended_ns = work.ended_ns or 0
    at = figures.moment(ended_ns, known.app.began_ns)
    if work.outcome == "failed":
        words = f"failed with {work.error}" if work.error else "failed"
        return _line(known, work, "over", words, at, "error", role="error")
    if work.outcome == "done":
        words = f"done in {figures.duration(max(0, ended_ns - work.began_ns))}" if work.began_ns else "done"
        return _line(known, work, "over", words, at, "finished")
    return _line(known, work, "over", work.outcome, at, "dropped")


def _line(
    known: Knowledge, work: WorkFacts, key: str, words: str, detail: str = "", shape: str = "", *, role: str = ""
) -> Fact:
    """A line about one piece; when it begins or ends it is another line, since it stands elsewhere then."""
    return Fact(
        f"{key} {work.number}",
        work.function or "a function",
        words,
        detail,
        role=role,
        shape=shape,
        link=Thing("run", work.run) if work.run else None,
        tip=_story(known, work, words),
    )


def _story(known: Knowledge, work: WorkFacts, words: str) -> str:
    """What came of a piece so far, in sentences."""
    app_ns = known.app.began_ns
    story = []
    if work.offloaded_ns is not None:
        place = f" to a {work.place}" if work.place else ""
        story.append(f"Handed off{place} of the pool at {figures.moment(work.offloaded_ns, app_ns)}.")
    if work.began_ns is not None:
        worker = f" in {work.worker}" if work.worker else ""
        story.append(f"Begun at {figures.moment(work.began_ns, app_ns)}{worker}.")
    elif work.outcome:
        story.append("Never begun.")
    if work.ended_ns is not None:
        story.append(f"Over at {figures.moment(work.ended_ns, app_ns)}: {words}.")
    if work.run:
        story.append("A click shows the run that handed it off.")
    return " ".join(story)
