"""From the rows of the stream to the rows of a trace."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Final

from ..events import HOOK, IGNORED
from ..failures import source_name
from ..stream import Level, Row
from ..tonic import ttTonic
from ..work_order import ARGUMENTS, NUMBER, SLOT, SOURCE_RUN, TONIC, Order, unpack
from .frozen import frozen_arguments, frozen_probes

NO_PROBES: Final[Callable[[Any], Sequence[str]]] = lambda tonic: ()  # noqa: E731 - a constant among others


class Reading:
    """The distiller as a reader of the stream: keeps the runs, until the distiller takes them.

    What no row of the stream has is looked at by whoever turns a catalyst, just before an order runs: the arguments as they
    are then, and the attributes that are asked for.
    """

    level = Level.FLOW

    def __init__(self) -> None:
        self._runs: deque[Row] = deque()
        self.probes_of = NO_PROBES
        """Which attributes of a tonic are wanted."""
        self.next_order: Order | None = None
        """The order that is about to run, or ran last."""
        self._arguments: Any = None
        self._probes: dict[str, Any] = {}

    def on_rows(self, first: int, rows: list[Row]) -> None:
        self._runs.extend(row for row in rows if type(row) is tuple and type(row[0]) is tuple)

    def take(self) -> list[Row]:
        """The runs that came since the last time."""
        runs = []
        while self._runs:
            runs.append(self._runs.popleft())
        return runs

    def hears_of(self, order: Order) -> None:
        """An order is about to run. In its catalyst's thread."""
        self.next_order = order
        tonic = order[TONIC]
        self._arguments = frozen_arguments(*unpack(order))
        names = self.probes_of(tonic)
        self._probes = frozen_probes(tonic, names) if names else {}

    def at_enter(self, order: Order) -> tuple[Any, dict[str, Any]]:
        """The arguments and probes from before an order ran; of one that another thread ran, the arguments as they are."""
        told = self.next_order
        if (
            told is not None
            and told[TONIC] is order[TONIC]
            and told[SLOT] == order[SLOT]
            and told[ARGUMENTS] is order[ARGUMENTS]
        ):
            return self._arguments, self._probes
        return frozen_arguments(*unpack(order)), {}


class RowMaker:
    """Makes the rows of one trace; one per call of ``sparkle``."""

    def __init__(
        self,
        reading: Reading,
        seconds: Callable[[int], float],
        is_sparkling: Callable[[], bool],
        note_probes: Callable[[int, dict[str, Any], dict[str, Any]], None] | None = None,
    ) -> None:
        self._reading = reading
        self._note_probes = note_probes
        self._seconds = seconds
        self._is_sparkling = is_sparkling
        self._hooks: dict[int, list[dict[str, Any]]] = {}
        """Hooks whose cause has not ended yet, by its number."""
        self._causes: dict[int, int] = {}
        """For runs that have no row, hooks and system sparkles: the number of the run that caused them."""
        self._rows: dict[int, dict[str, Any]] = {}
        self.rows: list[dict[str, Any]] = []
        self.loose_hooks: list[dict[str, Any]] = []

    def take(self, run: Row) -> dict[str, Any] | None:
        """Enter a run; gives its row, or its entry among the hooks. ``None`` for a sparkle of the framework's own."""
        order, begin_ns, end_ns, before, after, flags, number = run
        tonic = order[TONIC]
        table = tonic._tt_class
        sparkle = table.sparkles[order[SLOT]]
        handler = table.handlers[before][sparkle.slot]
        # What a catalyst does by itself is the framework's affair, as system sparkles are; what a user adds to one is not.
        is_system = sparkle.is_system or (tonic._tt_is_catalyst and handler.__module__ == ttTonic.__module__)
        entry: dict[str, Any] = {
            "id": tonic._tt_id,
            "tonic": tonic.name,
            "sparkle": sparkle.called,
            "handler": "" if flags & IGNORED else handler.__name__,
        }
        if flags & HOOK:
            entry |= {"state": table.state_name(before), "@": self._seconds(begin_ns)}
            cause = order[SOURCE_RUN]
            inside = self._hooks.pop(number, [])
            self._hooks.setdefault(cause, []).extend(inside if is_system else [*inside, entry])
            self._causes[number] = cause
            return None if is_system else entry
        hooks = self._hooks.pop(number, [])
        if is_system:
            self._causes[number] = order[SOURCE_RUN]
            self._give_to_cause(order[NUMBER], hooks)
            return None
        (args, kwargs), probes = self._reading.at_enter(order)
        names = self._reading.probes_of(tonic)
        entry |= {
            "args": args,
            "kwargs": kwargs,
            "source": source_name(order),
            "at_enter": {"@": self._seconds(begin_ns), "state": table.state_name(before), "probes": probes},
            "at_exit": {
                "@": self._seconds(end_ns),
                "state": table.state_name(after),
                "probes": frozen_probes(tonic, names) if names else {},
                "sparkling": self._is_sparkling(),
            },
            "hooks": hooks,
        }
        self._rows[number] = entry
        self.rows.append(entry)
        if self._note_probes is not None and names:
            self._note_probes(number, probes, entry["at_exit"]["probes"])
        return entry

    def _give_to_cause(self, number: int, hooks: list[dict[str, Any]]) -> None:
        """Hooks of a system sparkle belong to the row of whoever called that; to the trace when this has none."""
        if not hooks:
            return
        while number in self._causes:
            number = self._causes[number]
        row = self._rows.get(number)
        (self.loose_hooks if row is None else row["hooks"]).extend(hooks)
