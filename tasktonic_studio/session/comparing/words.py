"""What a comparison says, in sentences. Pure, no Qt."""

from __future__ import annotations

from typing import Final

import numpy as np

from tasktonic_studio.session.comparing.comparison import Comparison, Facet, Mark
from tasktonic_studio.session.comparing.side import Side

MARK_WORDS: Final = {
    Mark.SAME: "same",
    Mark.DIFFERS: "differs",
    Mark.ONLY_HERE: "only here",
    Mark.ONLY_THERE: "only there",
}
FACET_WORDS: Final = (
    (Facet.RAN, "whether it ran"),
    (Facet.ARGUMENTS, "arguments"),
    (Facet.BEFORE, "state before"),
    (Facet.AFTER, "state after"),
    (Facet.HANDLING, "handled or ignored"),
    (Facet.ERROR, "exception"),
    (Facet.EFFECTS, "effects"),
)
_LONGEST: Final = 120
_MOST_EFFECTS: Final = 3
_THINGS: Final = ("qt", "socket", "asyncio", "something that was not recorded")


def mark_of(comparison: Comparison, row: int) -> Mark:
    """How a row stands."""
    return Mark(int(comparison.mark[row]))


def facet_words(comparison: Comparison, row: int) -> str:
    """In what a row differs: `arguments, state after`; empty for one that does not, or is on one side only."""
    facets = int(comparison.facets[row])
    return ", ".join(word for facet, word in FACET_WORDS if facets & facet)


def verdict(comparison: Comparison) -> str:
    """Whether the two runs are the same, in a sentence."""
    if not len(comparison):
        return "Nothing ran, neither here nor there."
    first = comparison.first
    if first >= 0:
        return f"First difference, by cause: {explain(comparison, first)}"
    beyond = int(np.count_nonzero(comparison.beyond))
    if beyond:
        longer = [
            f"{_counted(count, 'row')} more {where}"
            for mark, where in ((Mark.ONLY_HERE, "here"), (Mark.ONLY_THERE, "there"))
            if (count := comparison.count(mark))
        ]
        rest = " and ".join(longer) or f"{_counted(beyond, 'order')} that one of them did not get to"
        return f"Both are the same as far as both go. There are {rest}: the other had not gone so far."
    return f"Both are the same: {_counted(len(comparison), 'row')}, each with the same cause, and nothing differs."


def reservations(comparison: Comparison) -> list[str]:
    """What one should know before one believes the comparison."""
    here, there = comparison.side_here, comparison.side_there
    found = [*here.remarks, *there.remarks]
    if here.script and there.script and here.script != there.script:
        found.append(f"These are runs of two scripts: {here.script} here, {there.script} there.")
    for side, where in ((here, "here"), (there, "there")):
        if not side.is_whole and len(side):
            found.append(
                f"Not all is known {where}: the recording began later, or flow was lost. What is missing counts as a difference."
            )
    if not comparison.compares_arguments:
        found.append("Arguments are not compared: at least one of the two was recorded without them.")
    return found


def explain(comparison: Comparison, row: int) -> str:
    """What a row shows, in a sentence or two."""
    mark = mark_of(comparison, row)
    if mark == Mark.ONLY_HERE:
        return _explain_only(comparison, row, comparison.side_here, int(comparison.here[row]), "here", "there")
    if mark == Mark.ONLY_THERE:
        return _explain_only(comparison, row, comparison.side_there, int(comparison.there[row]), "there", "here")
    here, there = comparison.side_here, comparison.side_there
    one, other = int(comparison.here[row]), int(comparison.there[row])
    number, other_number = int(here.number[one]), int(there.number[other])
    run = f"run {number}" if number == other_number else f"run {number} (there {other_number})"
    same = f"{run}: {_called(here, one)} in both"
    if mark == Mark.SAME:
        return f"{same}, and {_outcome(here, one)} in both."
    facets = Facet(int(comparison.facets[row]))
    parts = []
    if facets & Facet.ARGUMENTS:
        parts.append(f"here with {_arguments(here, one)}, there with {_arguments(there, other)}")
    if facets & (Facet.RAN | Facet.BEFORE | Facet.AFTER | Facet.HANDLING | Facet.ERROR):
        parts.append(f"here it {_outcome(here, one)}, there it {_outcome(there, other)}")
    if facets & Facet.EFFECTS:
        parts.append(_effects(comparison, one, other))
    beyond = " (there was no time left for it)" if bool(comparison.beyond[row]) else ""
    text = f"{same}, but {'; '.join(parts)}{beyond}."
    return f"{text} {_order_of_runs(comparison, one, other)}".rstrip() if facets & Facet.BEFORE else text


def _explain_only(comparison: Comparison, row: int, side: Side, item: int, where: str, other_where: str) -> str:
    text = f"run {int(side.number[item])}: {_called(side, item)} only {where}"
    if bool(comparison.beyond[row]):
        return f"{text}; {other_where} the run had not gone so far."
    parent = int(side.parent[item])
    if parent < 0:
        return f"{text}."
    partner = partner_of(comparison, side, parent)
    if partner is None:
        return f"{text}, as its cause is there only {where} too."
    return f"{text}; {other_where} {side.title_of(parent)} (run {partner}) did not call it."


def partner_of(comparison: Comparison, side: Side, item: int) -> int | None:
    """The number, on the other side, of the run that is the same as this one; None when there is none."""
    is_here = side is comparison.side_here
    rows, others = (comparison.row_of_here, comparison.there) if is_here else (comparison.row_of_there, comparison.here)
    row = int(rows[item])
    other = int(others[row]) if row >= 0 else -1
    if other < 0:
        return None
    other_side = comparison.side_there if is_here else comparison.side_here
    return int(other_side.number[other])


def _called(side: Side, item: int) -> str:
    if side.is_hook(item):
        return f"{side.title_of(item)} belongs to {side.cause_of(item)}"
    cause = side.cause_of(item)
    came = (
        f"came from {cause}"
        if int(side.parent[item]) < 0 and cause in ("outside", *_THINGS)
        else f"was called by {cause}"
    )
    return f"{side.title_of(item)} {came}"


def outcome(side: Side, item: int) -> str:
    """What became of an item: `closed → open`, `ignored in state locked`, `raised ValueError: …`."""
    text = _outcome(side, item)
    for front in ("left state ", "stayed in state ", "was "):
        text = text.removeprefix(front)
    return text


def _outcome(side: Side, item: int) -> str:
    if not bool(side.ran[item]):
        return "was ordered and did not run"
    before, after = (side.state(item, int(index[item])) for index in (side.before, side.after))
    if side.is_ignored(item):
        return f"was ignored in state {before}"
    moved = f"left state {before} → {after}" if before != after else ""
    error = side.error_of(item)
    if error:
        return f"raised {_short(error)}" + (f" and {moved}" if moved else f" in state {before}" * (before != "--"))
    return moved or (f"stayed in state {before}" if before != "--" else "ran")


def _arguments(side: Side, item: int) -> str:
    return _short(side.arguments_of(item)) or "no arguments"


def _effects(comparison: Comparison, one: int, other: int) -> str:
    parts = []
    for side, item, mark, rows, where in (
        (comparison.side_here, one, Mark.ONLY_HERE, comparison.row_of_here, "here"),
        (comparison.side_there, other, Mark.ONLY_THERE, comparison.row_of_there, "there"),
    ):
        effects = side.effects_of(item)
        effects = effects[rows[effects] >= 0]
        mine = effects[comparison.mark[rows[effects]] == mark]
        if len(mine):
            names = [_call(side, int(effect)) for effect in mine[:_MOST_EFFECTS]]
            more = f" and {len(mine) - _MOST_EFFECTS:,} more" if len(mine) > _MOST_EFFECTS else ""
            parts.append(f"{where} it also called {', '.join(names)}{more}")
    return ", ".join(parts)


def _call(side: Side, item: int) -> str:
    return f"{side.title_of(item)}({_short(side.arguments_of(item), 60)})"


def _order_of_runs(comparison: Comparison, one: int, other: int) -> str:
    """Why the state before differs, when it is the order in which the tonic was called."""
    here, there = comparison.side_here, comparison.side_there
    before_here, before_there = _run_before(here, one), _run_before(there, other)
    if before_here < 0 or before_there < 0:
        return ""
    if partner_of(comparison, here, before_here) == int(there.number[before_there]):
        return ""
    tonic = here.tonic(one)
    return f"Before it {tonic} ran {here.sparkle_name(before_here)} here and {there.sparkle_name(before_there)} there."


def _run_before(side: Side, item: int) -> int:
    """What ran on the same tonic just before an item, -1 for nothing; hooks and what is the framework's own aside."""
    mine = np.flatnonzero((side.slot == side.slot[item]) & side.ran & ~side.quiet & (side.flags & 2 == 0))
    earlier = mine[side.begin_ns[mine] < side.begin_ns[item]]
    return int(earlier[np.argmax(side.begin_ns[earlier])]) if earlier.size else -1


def _counted(number: int, one: str) -> str:
    return f"{number:,} {one}{'' if number == 1 else 's'}"


def _short(text: str, limit: int = _LONGEST) -> str:
    text = " ".join(text.split())
    return text if len(text) <= limit else text[:limit] + "…"
