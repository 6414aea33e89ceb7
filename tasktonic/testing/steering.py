"""An app that a studio runs by hand: a distiller in the place of its main catalyst, and the formula waits for wishes.

The environment variable ``TASKTONIC_STUDIO_DISTIL`` asks for it, with ``seed=N clock=auto``; the studio that starts a script sets it.
The formula of the script then returns when the app has ended, as it does without a distiller.
"""

from __future__ import annotations

import sys
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

from .. import clock, launched, steered
from ..errors import ttArgumentError, ttDistillerError, ttError, ttShutdownError
from ..events import ByHand
from ..failures import source_name
from ..ledger import ttLedger
from ..literals import parse_arguments
from ..loops import END_OF_BATCH
from ..states import check_arguments
from ..steered import Report, Step, Waits
from ..stream import stream
from ..tonic import ttTonic
from ..trace.trace import Trace
from ..values import message_of, preview, preview_arguments
from ..work_order import PACKED, QUEUED_NS, RECORDED, SLOT, TONIC, Order
from .distiller import in_place_of, ttDistiller
from .world import World, literal

VARIABLE: Final = "TASKTONIC_STUDIO_DISTIL"
MOST_WAITS: Final = 50
"""So many orders of each catalyst are told."""
MOST_RAN: Final = 200
"""Of a step in which more ran it is told how often each did."""
MOST_STEPS: Final = 2_000
END_S: Final = 5.0

_OWN_FOLDER: Final = str(Path(__file__).parents[1])

Answer = Callable[[bool, str], None]
_Asked = tuple[str, dict[str, Any], Answer, str]


class Steering:
    """Carries out what somebody outside wishes of the apps of this process, in the thread of the formula. Made once.

    Args:
        wishes: ``seed=N`` and ``clock=KIND``, separated by spaces; what is not there is as usual.
    """

    def __init__(self, wishes: str) -> None:
        said = dict(part.partition("=")[::2] for part in wishes.split())
        self._seed = int(said["seed"]) if said.get("seed", "").lstrip("-").isdigit() else 0
        self._clock = said.get("clock", "auto")
        self._asked: deque[_Asked] = deque()
        self._steps: deque[Step] = deque(maxlen=MOST_STEPS)
        self._report: Report | None = None
        self._is_left = threading.Event()
        self._runs = False
        self._main: Any = None
        self._formula = ""
        self._sparkles = 0
        self._number = 0
        self._world: World
        self._names: dict[int, dict[str, Any]] = {}
        """How a test finds what lives, by id; from before the present step, which may have ended some of it."""
        self._problem: BaseException | None = None

    # -- any thread ---------------------------------------------------------------------------------------------------

    @property
    def report(self) -> Report | None:
        """How it stands; ``None`` before there is an app."""
        return self._report

    @property
    def steps(self) -> list[Step]:
        """What was done so far in the present app."""
        return list(self._steps)

    def ask(self, do: str, asked: dict[str, Any], answer: Answer, who: str = "") -> None:
        """Have something done: ``call`` a sparkle, ``sparkle`` or ``finish`` as a test does. ``who`` is for the record."""
        hand = ttLedger().hand
        if hand is None or not hand.is_open:
            answer(False, "There is no app that can run: it has ended, or its formula is not through yet.")
            return
        self._asked.append((do, asked, answer, who))
        hand.wake()

    def stop(self) -> bool:
        """End what runs now after the present sparkle. Returns whether something runs."""
        hand = ttLedger().hand
        if hand is None or not self._runs:
            return False
        hand.stop_asked = True
        hand.wake()
        return True

    def leave(self) -> None:
        """Nobody is there any more: end the app in order, also what runs now."""
        self._is_left.set()
        if not self.stop():
            hand = ttLedger().hand
            if hand is not None:
                hand.wake()

    # -- the thread of the formula --------------------------------------------------------------------------------------

    def takes_over(self) -> None:
        """A formula begins: its main catalyst is to be a distiller. Before that is made."""
        ledger = ttLedger()
        formula = ledger.formula
        for name, value in (("seed", self._seed), ("clock", self._clock)):
            if formula.get(f"tasktonic/testing/distiller/{name}") is None:
                formula.set(f"tasktonic/testing/distiller/{name}", value)
        formula.set("tasktonic/testing/distiller/raise_errors", False)
        ledger.in_place_of_main = self._in_place_of
        ledger.steer = self._steer

    def _in_place_of(self, leaf: Any) -> Any:
        cls = getattr(leaf, "_tt_user_class", leaf)
        where, self._formula = _maker()
        problem = ""
        if issubclass(cls, ttDistiller):
            problem = (
                f"{where} makes a {cls.__name__} by itself, so it is a test and says itself what runs. Start it as it is, or run "
                "it with pytest."
            )
        elif cls._tt_driver_class.needs_outside_world:
            problem = (
                f"{where} makes a {cls.__name__} as the main catalyst, which waits for the outside world "
                f"({cls._tt_driver_class.name}): no distiller can turn it. Start the script as it is and hold it there, or write a "
                "formula with an ordinary main catalyst for the tonics that you want to step through."
            )
        if problem:
            self._tell(Report("refused", ttLedger().app_number, problem=problem))
            raise ttDistillerError(problem)
        return in_place_of(leaf)

    def _steer(self) -> None:
        """Carry out wishes until the app has ended. Raises as the formula's constructor would."""
        ledger = ttLedger()
        hand, self._main = ledger.hand, ledger.main_catalyst
        self._begin(ledger)
        try:
            while hand.is_open:
                hand.let_look()
                if self._is_left.is_set():
                    _say("whoever ran this app by hand has gone, so it ends.")
                    self._end()
                elif self._asked:
                    self._do(*self._asked.popleft())
                else:
                    hand.rest()
        except KeyboardInterrupt:
            self._runs = False
            self._end()
        while self._asked:
            self._asked.popleft()[2](False, "The app has ended before it came to this.")
        self._tell_how_it_stands("over")
        for problem in (ledger.stopped_by, self._problem):
            if problem is not None:
                raise problem

    def _begin(self, ledger: ttLedger) -> None:
        self._steps.clear()
        self._sparkles = self._number = 0
        self._problem = None
        self._world = World(ledger)
        self._names = _names(ledger)
        nothing = World.__new__(World)
        nothing.states, nothing.stored = {}, {}
        seed = ledger.formula.get("tasktonic/testing/distiller/seed", 0)
        self._note(
            {
                "do": "start",
                "app": ledger.app_number,
                "formula": self._formula,
                "seed": seed,
                **self._world.changes_since(nothing),
            }
        )
        self._tell_how_it_stands("ready")

    def _end(self) -> None:
        if ttLedger().hand is not None:
            self._do("finish", {"timeout": END_S}, _nobody, "nobody: whoever ran it by hand has gone")

    def _do(self, do: str, asked: dict[str, Any], answer: Answer, who: str) -> None:
        try:
            if do == "call":
                self._call(asked, who)
            else:
                self._run(do, asked, who)
        except (ttError, TypeError, ValueError) as error:
            answer(False, message_of(error))
            self._tell_how_it_stands("ready", problem=message_of(error))
        else:
            answer(True, "")

    # -- calling --------------------------------------------------------------------------------------------------------

    def note_deed(self, what: str, text: str, essence: int = -1, code: str = "") -> None:
        """Something else was done to the app by hand: one of its steps; ``code`` says how a test does it to that essence.

        In the thread of its formula.
        """
        whom = self._names.get(essence, {}) if code else {}
        self._note({"do": "deed", "what": what, "text": text, "code": code if whom else "", **whom})
        self._names = _names(ttLedger())
        if not self._runs:
            self._tell_how_it_stands("ready")

    def _call(self, asked: dict[str, Any], who: str) -> None:
        ledger = ttLedger()
        tonic = ledger.get_essence_by_id(asked["essence"])
        if not isinstance(tonic, ttTonic):
            raise ttDistillerError(f"No tonic with the id {asked['essence']} lives: it has finished, or never was one.")
        sparkle, text = asked["sparkle"], asked["arguments"]
        args, kwargs = parse_arguments(text)
        table = tonic._tt_class
        slot = table.slot_by_name.get(sparkle)
        if slot is None or table.sparkles[slot].is_system:
            names = ", ".join(name for name in tonic.sparkles if not table.sparkles[table.slot_by_name[name]].is_system)
            raise ttArgumentError(f"{tonic.name} has no sparkle {sparkle!r} that can be called; there are {names}.")
        check_arguments(table.sparkles[slot], f"{tonic.name}.{sparkle}", args, kwargs)
        given = preview_arguments((tonic, slot, PACKED, (args, kwargs)))  # secrets are hidden there
        _record("call", f"{tonic.name}.{sparkle}({given})", tonic.id, who)
        getattr(tonic, sparkle)(*args, **kwargs)
        self._note(
            {
                "do": "call",
                **self._names.setdefault(
                    tonic.id, _name(ledger, tonic)
                ),  # a thread may have made it since the last step
                "sparkle": sparkle,
                "arguments": ", ".join([*map(repr, args), *(f"{name}={value!r}" for name, value in kwargs.items())]),
            }
        )
        self._tell_how_it_stands("ready")

    # -- running --------------------------------------------------------------------------------------------------------

    def _run(self, do: str, asked: dict[str, Any], who: str) -> None:
        hand = ttLedger().hand
        hand.stop_asked = False
        words = ", ".join(f"{name}={preview(value)}" for name, value in asked.items())
        doing = f"{'finish_distiller' if do == 'finish' else do}({words})"
        problem: BaseException | None = None
        self._main._tt_problems = ()
        self._runs = True  # before it is told: who hears of it may stop it at once
        try:
            self._tell_how_it_stands("running", doing=doing)
            _record("run by hand", doing, -1, who)
            trace = self._main.finish_distiller(**asked) if do == "finish" else self._main.sparkle(**asked)
        except ttShutdownError as error:
            trace, problem = error.trace, error  # type: ignore[attr-defined]  # the distiller puts it there
            self._problem = error
        finally:
            self._runs = False
            hand.stop_asked = False
        rows = trace["sparkle_trace"]
        self._sparkles += len(rows)
        problem = problem or next(iter(self._main._tt_problems), None)
        self._note(
            self._done(do, asked, trace, problem, hand),
            tuple(aside["distilled"] for aside in hand.calls.latest_asides()),
        )
        said = "" if problem is None else message_of(problem)
        self._tell_how_it_stands("ready" if hand.is_open else "over", problem=said)

    def _done(
        self, do: str, asked: dict[str, Any], trace: Trace, problem: BaseException | None, hand: Any
    ) -> dict[str, Any]:
        rows = trace["sparkle_trace"]
        ran = [f"{row['tonic']}.{row['sparkle']}{'' if row['handler'] else ' (ignored)'}" for row in rows]
        before, self._world = self._world, World(ttLedger())
        self._names = _names(ttLedger())
        return {
            "do": do,
            "asked": asked,
            "stopped_by": trace["stop_condition"],
            "status": trace["status"],
            "ended_s": trace["end@"],
            "count": len(rows),
            "ran": ran if len(ran) <= MOST_RAN else [],
            "counts": {} if len(ran) <= MOST_RAN else dict(Counter(ran)),
            "error": "" if problem is None else type(problem).__name__,
            "varies": _why_it_varies(rows, hand),
            "probes": [list(probe) for probe in _last_probes(rows)],
            **self._world.changes_since(before),
        }

    # -- telling --------------------------------------------------------------------------------------------------------

    def _note(self, done: dict[str, Any], calls: tuple[dict[str, Any], ...] = ()) -> None:
        step = Step(self._number, done, calls)
        self._number += 1
        self._steps.append(step)
        steered.tell(step)

    def _tell_how_it_stands(self, status: str, doing: str = "", problem: str = "") -> None:
        ledger = ttLedger()
        hand = ledger.hand
        if hand is None:
            now_ns = 0 if self._report is None else self._report.now_ns
            self._tell(Report("over", ledger.app_number, now_ns=now_ns, sparkles=self._sparkles, problem=problem))
            return
        seed = int(ledger.formula.get("tasktonic/testing/distiller/seed", 0))
        orders = _orders_in_line(hand)
        waits = tuple(_waits(order, hand.now_ns()) for order in islice(orders, MOST_WAITS))
        clock = "real" if hand.goes_by_real_time() else "virtual"
        due_ns = hand.next_due_ns() or 0
        self._tell(
            Report(
                status,
                ledger.app_number,
                seed,
                clock,
                hand.now_ns(),
                self._sparkles,
                doing,
                problem,
                waits,
                len(orders),
                due_ns,
            )
        )

    def _tell(self, report: Report) -> None:
        self._report = report
        steered.tell(report)


# -- how it begins ------------------------------------------------------------------------------------------------------


def begin() -> None:
    """A formula begins: have it steered, if the studio that started this process wants that."""
    wishes = launched.said(VARIABLE)
    if wishes and steered.steering is None:
        steered.steering = Steering(wishes)
    if isinstance(steered.steering, Steering):
        steered.steering.takes_over()


# -- small questions ----------------------------------------------------------------------------------------------------


def _maker() -> tuple[str, str]:
    """Where in the user's source the main catalyst is made, in words, and the name of its formula."""
    frame: Any = sys._getframe(1)
    while frame is not None and (
        frame.f_code.co_filename.startswith(_OWN_FOLDER) and frame.f_code.co_name != "creating_main_catalyst"
    ):
        frame = frame.f_back
    outer, formula = frame, ""
    while outer is not None and not formula:
        if outer.f_code.co_name == "_build" and "self" in outer.f_locals:
            formula = type(outer.f_locals["self"]).__name__
        outer = outer.f_back
    if frame is None or frame.f_code.co_filename.startswith(_OWN_FOLDER):
        return formula or "The formula", formula
    return f"{Path(frame.f_code.co_filename).name}, line {frame.f_lineno}, {formula or 'the formula'}", formula


def _orders_in_line(hand: Any) -> list[Order]:
    """What is queued, as far as a trace would have a row of it; those of the catalyst whose turn it is first."""
    first = hand.next_in_line()
    catalysts = sorted(hand.driven, key=lambda it: it is not first)
    return [order for catalyst in catalysts for order in list(catalyst.orders) if _is_plain(order)]


def _is_plain(order: Order) -> bool:
    tonic = order[TONIC]
    if order is END_OF_BATCH or tonic._tt_class.sparkles[order[SLOT]].is_system:
        return False
    # What a catalyst does by itself has no row in a trace either.
    return not (tonic._tt_is_catalyst and tonic._tt_handlers[order[SLOT]].__module__ == ttTonic.__module__)


def _waits(order: Order, now_ns: int) -> Waits:
    tonic = order[TONIC]
    catalyst = tonic if tonic._tt_is_catalyst else tonic.catalyst
    sparkle = tonic._tt_class.sparkles[order[SLOT]].called
    age_ns = now_ns - order[QUEUED_NS] if len(order) == RECORDED else 0
    return Waits(catalyst.name, tonic.id, tonic.name, sparkle, preview_arguments(order), source_name(order), age_ns)


def _why_it_varies(rows: list[dict[str, Any]], hand: Any) -> str:
    """Why the same again need not give the same; empty when it has to."""
    if hand.goes_by_real_time() or hand.has_outside_world:
        return "a catalyst of the app waits for the outside world, so that time is real"
    if ttLedger().pool is not None:
        return "the app does heavy work beside its catalysts (offload), which ends when it ends"
    thread = next((row for row in rows if row["source"].startswith("thread ")), None)
    if thread is not None:
        return f"a thread of the app's own ({thread['source'][7:]}) called {thread['tonic']}.{thread['sparkle']}"
    return ""


def _last_probes(rows: list[dict[str, Any]]) -> Iterator[tuple[str, str, str]]:
    """Tonic, attribute and value as a literal, of what was probed, after the last run that shows it."""
    found: dict[tuple[str, str], str] = {}
    for row in rows:
        for name, value in row["at_exit"]["probes"].items():
            found[row["tonic"], name] = literal(value)
    for (tonic, name), value in found.items():
        if value:
            yield tonic, name, value


def _names(ledger: ttLedger) -> dict[int, dict[str, Any]]:
    return {essence.id: _name(ledger, essence) for essence in ledger.essences}


def _name(ledger: ttLedger, essence: Any) -> dict[str, Any]:
    by_name = ledger.get_essence_by_name(essence.name) is essence
    service = essence._tt_is_service or ""
    return {"tonic": essence.name, "essence": essence.id, "by_name": by_name, "service": service}


def _nobody(done: bool, sentence: str) -> None:
    """Nobody waits for an answer."""


def _record(what: str, text: str, essence: int, who: str) -> None:
    """Tell the stream what is about to be done by hand."""
    if stream.active:
        stream.emit(ByHand(clock.now_ns(), essence, what, text, who or "a studio without a name"))  # type: ignore[arg-type]


def _say(sentence: str) -> None:
    sys.stderr.write(f"tasktonic: {sentence}\n")
    sys.stderr.flush()
