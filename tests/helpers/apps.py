"""Real apps for tests of the framework: run one, and keep what the stream said of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from tasktonic import ttCatalyst, ttEssence, ttFormula
from tasktonic.events import HandlerDefined, SparkleDefined
from tasktonic.stream import Level, Row, stream
from tests.helpers.patience import PATIENCE_S

WAIT_S: Final = PATIENCE_S
"""How long a test waits for something that happens at once where all is well, a script of its own included."""

F = TypeVar("F")


def run_app(
    start: Callable[[], object],
    *,
    settings: Mapping[str, Any] | None = None,
    make_main: Callable[[], object] = lambda: ttCatalyst(name="main_catalyst"),
) -> ttFormula:
    """Run an app that starts with what ``start`` makes; returns when it has ended. Nothing is logged."""
    wanted = {"tasktonic/log/to": "off", **(settings or {})}

    class App(ttFormula):
        def creating_formula(self) -> Iterable[tuple[str, Any]]:
            return list(wanted.items())

        def creating_main_catalyst(self) -> None:
            make_main()

        def creating_starting_tonics(self) -> None:
            start()

    return App()


def wait_for(event: threading.Event) -> None:
    """Wait for something that another thread does."""
    assert event.wait(WAIT_S), "what was waited for did not happen"


def in_thread(work: Callable[[], object], name: str = "helper") -> threading.Thread:
    """Have something done by a foreign thread."""
    thread = threading.Thread(target=work, name=name)
    thread.start()
    return thread


class Rows:
    """A reader of the stream that keeps everything."""

    def __init__(self, level: Level = Level.FACTS) -> None:
        self.level = level
        self.first: int | None = None
        self.all: list[Row] = []

    def on_rows(self, first: int, rows: list[Row]) -> None:
        if self.first is None:
            self.first = first
        assert first == self.first + len(self.all)
        self.all.extend(rows)

    def of(self, kind: type[F]) -> list[F]:
        """The facts of one kind."""
        return [row for row in self.all if type(row) is kind]

    def orders(self) -> list[Any]:
        return [row for row in self.all if type(row) is tuple and type(row[0]) is not tuple]

    def runs(self) -> list[Any]:
        return [row for row in self.all if type(row) is tuple and type(row[0]) is tuple]

    def ran(self, tonic_name: str) -> list[str]:
        """The names of the sparkles and hooks of a tonic that ran, in order, without the framework's own."""
        names = []
        for run in self.runs():
            tonic, sparkle = run[0][0], run[0][0]._tt_class.sparkles[run[0][1]]
            if tonic.name == tonic_name and not sparkle.is_system:
                names.append(sparkle.called)
        return names

    def index(self, wanted: Callable[[Row], bool]) -> int:
        """Where the first row is for which ``wanted`` holds."""
        return next(n for n, row in enumerate(self.all) if wanted(row))


@contextmanager
def reading(level: Level = Level.FACTS) -> Iterator[Rows]:
    """Read the stream while the block runs."""
    rows = Rows(level)
    stream.attach(rows)
    try:
        yield rows
    finally:
        stream.detach(rows)


def left_alive(formula: ttFormula) -> list[ttEssence]:
    """What the ledger of an app still knows."""
    return formula.ledger.essences


def handler_rows(rows: Rows, cls_id: int) -> list[tuple[str, str]]:
    """Sparkle and state of every handler that the stream told of a class."""
    names = {row.sparkle: row.name for row in rows.of(SparkleDefined)}
    return [(names[row.sparkle], row.state) for row in rows.of(HandlerDefined) if row.cls == cls_id]
