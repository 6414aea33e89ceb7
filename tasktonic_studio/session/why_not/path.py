"""Why a value of a store did not change, and who was not told of it."""

from __future__ import annotations

from collections import defaultdict

from tasktonic_studio.session import naming
from tasktonic_studio.session.answers import Link, Part, Reason, times
from tasktonic_studio.session.happenings import Happening, HappeningRow
from tasktonic_studio.session.record_limits import unseen_facts
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.why_not.reasons import NEVER, At, Reasons


def not_changed(reasons: Reasons, store: int, path: str) -> None:
    """Collect why a path of a store is as it is still, and who did not hear of a change."""
    known = reasons.known
    reasons.asked = Thing("store", (store, path))
    if store not in known.store and known.essences.get(store) is None:
        reasons.give(Reason.NO_SUCH_THING, 1, "There is no such store.")
        return
    entry = known.store.get(store, path)
    link = naming.path_link(store, path)
    told = [change for change in entry.history if not change.present] if entry is not None else []
    if entry is None:
        reasons.head(link, " has no value, and never had one.")
        reasons.give(Reason.NEVER_CALLED, 0, "Nobody ever wrote there.")
    else:
        words = " is gone" if entry.removed else f" is {entry.new}"
        reasons.head(link, f"{words}; it changed {times(len(told))}." if told else f"{words}, and never changed.")
    if told:
        by, at = reasons.by_run(told[-1].run)
        at = At(told[-1].t_ns, link.thing, told[-1].n + 1)
        reasons.give(Reason.IT_DID, len(told), f"It did change {times(len(told))}, the last time", *by, ".", at=at)
    _tell_equal(reasons, store, path)
    _tell_silenced(reasons, store, path)
    reasons.cannot_know(unseen_facts(known, store))


def happened_to_path(reasons: Reasons, kind: Happening, store: int, path: str) -> list[HappeningRow]:
    """What happened of one kind to a path of a store, the oldest first."""
    happenings = reasons.known.happenings
    word = happenings.word_number(path)
    if word < 0:
        return []
    rows = happenings.of(kind, essence=store, first_n=reasons.known.app.first_n)
    if not len(rows):
        return []
    return happenings.rows_at(rows[happenings.take(["word"], rows)["word"] == word])


def _tell_equal(reasons: Reasons, store: int, path: str) -> None:
    rows = happened_to_path(reasons, Happening.UNCHANGED, store, path)
    if not rows:
        return
    by, at = reasons.by_run(rows[-1].run)
    at = at._replace(t_ns=rows[-1].t_ns) if at is not NEVER else At(rows[-1].t_ns, None, rows[-1].moment)
    words = f"It was set to the value that it had {times(len(rows))}, the last time"
    reasons.give(
        Reason.EQUAL_VALUE, len(rows), words, *(by or (" outside of any run",)), ": no change, no news.", at=at
    )


def _tell_silenced(reasons: Reasons, store: int, path: str) -> None:
    known = reasons.known
    by_listener: dict[tuple[int, int], list[HappeningRow]] = defaultdict(list)
    for row in happened_to_path(reasons, Happening.SILENCED, store, path):
        by_listener[row.value, row.more].append(row)
    for (listener, callback), rows in by_listener.items():
        name = known.happenings.words.text(callback)
        who: Part = (
            Link(f"{known.essences.name(listener)}.{name}", Thing("essence", listener)) if listener >= 0 else name
        )
        words = f" was not told {times(len(rows))}: the change was its own, and it ignores those."
        at = reasons.by_run(rows[-1].run)[1]._replace(t_ns=rows[-1].t_ns)
        reasons.give(Reason.OWN_SOURCE, len(rows), who, words, at=at)
    quiet = happened_to_path(reasons, Happening.QUIET, store, path)
    if quiet:
        by, at = reasons.by_run(quiet[-1].run)
        words = f"It was written so that nobody is told (notify=False) {times(len(quiet))}, the last time"
        reasons.give(Reason.QUIET, len(quiet), words, *by, ".", at=at._replace(t_ns=quiet[-1].t_ns))
