"""One finding, and how one is made of what is known of where it was."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tasktonic.events import NO_ESSENCE, NO_STATE

if TYPE_CHECKING:
    from tasktonic_studio.session.knowledge import Knowledge

HANGS_NS: Final = 1_000_000_000
"""A run that takes longer is a giant, whether somebody waits or not; a catalyst that is inside one so long hangs."""


class Finding(NamedTuple):
    """One finding at one moment. `first` and `last` are about its first and last occurrence: number of the event, and time.

    `cls`, `essence`, `sparkle`, `state` and `catalyst` are -1 where they do not apply; `essence` is that of the last occurrence and
    `tonics` how many there are. `run`, `order` and `line` (of the log) are what to point at for the last occurrence. `text` is
    what was said, `called` the sparkle by name where there is no id, `worst` the longest duration in nanoseconds or the
    longest queue, `detail` a traceback. `key` is the same as long as it is the same finding.
    """

    kind: str
    app: int
    times: int
    first_n: int
    first_ns: int
    last_n: int
    last_ns: int
    cls: int = -1
    essence: int = NO_ESSENCE
    name: str = ""
    tonics: int = 1
    sparkle: int = -1
    called: str = ""
    state: int = NO_STATE
    catalyst: int = NO_ESSENCE
    run: int = 0
    order: int = 0
    line: int = -1
    text: str = ""
    detail: str = ""
    worst: int = 0
    taken: bool = False
    key: Hashable = ()


def found_now(know: Knowledge, kind: str, n: int, t_ns: int, **more: Any) -> Finding:
    """Found in the present app at an event: once, and for the first time, unless more is said."""
    said = {"times": 1, "first_n": n, "first_ns": t_ns, **more}
    return Finding(kind, know.app.number, last_n=n, last_ns=t_ns, **said)


def about(know: Knowledge, essence: int) -> dict[str, Any]:
    """The fields of a finding about an essence, as far as it is known."""
    facts = know.essences.get(essence)
    return {
        "cls": facts.cls if facts is not None else -1,
        "essence": essence,
        "name": know.essences.name(essence),
        "catalyst": facts.catalyst if facts is not None else NO_ESSENCE,
    }


def about_run(run: Mapping[str, int], cls: int) -> dict[str, Any]:
    """The fields of a finding about a run, a row of the table."""
    fields = {"essence": "essence", "sparkle": "sparkle", "state": "before", "catalyst": "catalyst", "run": "run"}
    return {"cls": cls, **{field: run[column] for field, column in fields.items()}}


def kind_of_error(error: str, first_line: str) -> str:
    """Which kind of finding an exception is: some of the framework's own have a better advice than the traceback."""
    if error == "ttUnknownState":
        return "unknown state"
    if error == "ttArgumentError" and "cannot be copied" in first_line:
        return "argument"
    if error == "ttTimerError" and "to call" in first_line:
        return "timer"
    return "error"


def hanging(know: Knowledge) -> list[Finding]:
    """Catalysts that are inside one sparkle for long, at this moment, or were when the process ended."""
    found = []
    for facts in know.catalysts.values():
        for_ns = facts.inside_for_ns(know.t_ns)
        if for_ns < HANGS_NS or facts.held:
            continue
        inside = know.essences.get(facts.inside)
        found.append(
            found_now(
                know,
                "hangs",
                know.n - 1,
                know.t_ns,
                first_ns=facts.since_ns,
                cls=inside.cls if inside is not None else -1,
                essence=facts.inside,
                name=know.essences.name(facts.inside),
                sparkle=facts.inside_sparkle,
                state=inside.state if inside is not None else NO_STATE,
                catalyst=facts.id,
                worst=for_ns,
                key=("hangs", know.app.number, facts.id, facts.since_ns),
            )
        )
    return found
