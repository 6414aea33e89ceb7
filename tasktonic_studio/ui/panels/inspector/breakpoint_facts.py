"""What the inspector says about the breakpoints that concern the selected thing. No Qt."""

from __future__ import annotations

from typing import Final

from tasktonic.rules import Breakpoint, sentence_of
from tasktonic_studio.session.breakpoints import Breakpoints
from tasktonic_studio.session.breakpoints_about import points_about
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.panels.inspector.fact import Fact
from tasktonic_studio.ui.widgets import figures

SHOWN: Final = 50


def breakpoint_lines(known: Knowledge, thing: Thing, points: Breakpoints) -> list[Fact]:
    """A line for each, and how many more there are; a click opens its form."""
    found = points_about(known, thing, points.all)
    lines = [_line(point, points) for point in found[:SHOWN]]
    if len(found) > SHOWN:
        lines.append(Fact("more", f"… {len(found) - SHOWN} more: the panel Breakpoints has them all."))
    return lines


def _line(point: Breakpoint, points: Breakpoints) -> Fact:
    hits = points.hits_of(point.id)
    words = ["on" if point.enabled else "off", figures.counted(hits.count, "hit") if hits.count else "no hits"]
    if hits.is_fault:
        words.append("fault")
    if point.log:
        words.append("only says so")
    sentence = sentence_of(point)
    tip = "\n".join(filter(None, (sentence, hits.words, "A click opens its form.")))
    return Fact(
        f"breakpoint {point.id}",
        f"Breakpoint {point.id}",
        sentence,
        ", ".join(words),
        role="error" if hits.is_fault else "",
        breakpoint=point.id,
        tip=tip,
    )
