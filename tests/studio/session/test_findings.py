"""What is found in a run: each kind made to happen in a real app, which is recorded and read as the Studio reads a file."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from tasktonic import events as ev
from tasktonic import ttCatalyst, ttTimerSingleShot, ttTonic
from tasktonic.observation import Beats
from tasktonic.trace import TraceReader
from tasktonic_studio.session.finding_filter import FindingFilter
from tasktonic_studio.session.finding_words import (
    class_of,
    place_of_finding,
    ranked,
    severity_of,
    sparkle_of,
    state_of,
    thing_of,
    tonic_of,
)
from tasktonic_studio.session.findings import STORM, hanging
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tests.helpers.builders import MS, SECOND
from tests.helpers.found import Recorded, by_looks, kinds, the_only, words
from tests.helpers.movable_clock import movable_clock


def line_of(text: str) -> int:
    """The line of this file that ends with a text."""
    lines = Path(__file__).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.endswith(text))


@pytest.fixture
def recorded(recorded: Recorded) -> Recorded:
    return by_looks(recorded)


# ---- exceptions -------------------------------------------------------------------------------------------------------


class Pump(ttTonic):
    def ttse__on_start(self) -> None:
        for number in range(3):
            self.ttsc__fill(number)
        self.ttsc__stop()

    def ttsc__fill(self, number: int) -> None:
        self.text = json.loads(f"{number} litres")  # raises

    def ttsc__stop(self) -> None:
        self.finish()


class CarefulPump(Pump):
    def ttse__on_error(self, error: Any) -> None:
        self.last = error


def test_exceptions_that_differ_by_figures_are_one_finding_at_the_line_that_raised(recorded: Recorded) -> None:
    known = recorded(lambda: Pump(name="pump")).live

    found = the_only(known)

    assert (found.kind, severity_of(found), found.times) == ("error", "error", 3)
    assert (tonic_of(known, found), class_of(known, found), sparkle_of(known, found)) == ("pump", "Pump", "ttsc__fill")
    assert words(known, found) == "JSONDecodeError: Extra data: line 1 column 3 (char 2)"
    assert place_of_finding(known, found) == (__file__, line_of("# raises"))
    assert found.first_ns < found.last_ns


def test_a_click_on_an_exception_leads_to_its_line_in_the_log(recorded: Recorded) -> None:
    known = recorded(lambda: Pump(name="pump")).live

    thing = thing_of(known, the_only(known))

    assert thing is not None
    assert thing.kind == "log"
    assert isinstance(thing.key, int)
    assert "Extra data: line 1 column 3" in known.log[thing.key].text


def test_an_exception_that_a_tonic_takes_is_a_warning(recorded: Recorded) -> None:
    found = the_only(recorded(lambda: CarefulPump(name="pump")).live)

    assert (found.kind, severity_of(found)) == ("error", "warning")


def test_the_past_knows_what_had_been_found_then(recorded: Recorded) -> None:
    session = recorded(lambda: Pump(name="pump"))
    found = the_only(session.live)

    assert ranked(session.at(found.first_n)) == []
    assert the_only(session.at(found.first_n + 1)).times == 1
    assert the_only(session.at(found.last_n + 1)) == found


class Door(ttTonic):
    _tt_states = ("closed", "open")

    def ttse__on_start(self) -> None:
        self.ttsc__open()
        self.ttsc__stop()

    def ttsc__open(self) -> None:
        self.to_state("opne")

    def ttsc__stop(self) -> None:
        self.finish()


def test_an_unknown_state_that_was_asked_for_is_found(recorded: Recorded) -> None:
    known = recorded(lambda: Door(name="door")).live

    found = the_only(known)

    assert (found.kind, severity_of(found)) == ("unknown state", "error")
    assert words(known, found).startswith("door: no state 'opne'; this tonic has 'closed' and 'open'.")
    assert place_of_finding(known, found) == (__file__, line_of('self.to_state("opne")'))


class Reader(ttTonic):
    def ttsc__read(self, lock: Any) -> None:
        pass

    def ttsc__stop(self) -> None:
        self.catalyst.finish()


class Sender(ttTonic):
    def ttse__on_start(self) -> None:
        self.reader = Reader(name="reader", catalyst=ttCatalyst(name="other"))
        self.ttsc__send()
        self.ttsc__stop()

    def ttsc__send(self) -> None:
        self.reader.ttsc__read(threading.Lock())

    def ttsc__stop(self) -> None:
        self.reader.ttsc__stop()
        self.finish()


def test_an_argument_that_cannot_be_copied_is_found(recorded: Recorded) -> None:
    known = recorded(lambda: Sender(name="sender")).live

    found = the_only(known)

    assert (found.kind, severity_of(found)) == ("argument", "error")
    assert words(known, found).startswith("reader.ttsc__read: argument 'lock' (a lock) cannot be copied")
    assert sparkle_of(known, found) == "ttsc__send"


class Sleeper(ttTonic):
    def ttse__on_start(self) -> None:
        self.ttsc__stop()
        ttTimerSingleShot(seconds=60, name="alarm")

    def ttsc__stop(self) -> None:
        self.finish()


def test_a_timer_that_has_nothing_to_call_is_found(recorded: Recorded) -> None:
    known = recorded(lambda: Sleeper(name="sleeper")).live

    found = the_only(known)

    assert (found.kind, severity_of(found)) == ("timer", "error")
    assert "sleeper has no ttse__on_alarm or ttse__on_timer to call" in words(known, found)


# ---- sparkles that nobody handles, and sparkles that take long --------------------------------------------------------


class Lamp(ttTonic):
    _tt_states = ("off", "on")

    def __init__(self, presses: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.presses = presses

    def ttse__on_start(self) -> None:
        self.to_state("on")
        for _ in range(self.presses):
            self.ttsc__press()  # type: ignore[attr-defined]  # there is one in the state off only
        self.ttsc__stop()

    def ttsc_off__press(self) -> None:
        pass

    def ttsc__stop(self) -> None:
        self.finish()


def test_a_sparkle_that_is_ignored_again_and_again_in_one_state_is_found(recorded: Recorded) -> None:
    known = recorded(lambda: Lamp(STORM + 20, name="lamp")).live

    found = the_only(known)

    assert (found.kind, severity_of(found), found.times) == ("ignored", "warning", STORM + 20)
    assert (tonic_of(known, found), sparkle_of(known, found), state_of(known, found)) == ("lamp", "ttsc__press", "on")
    assert words(known, found) == "ignored 120 times: no handler in this state"
    assert thing_of(known, found) == Thing("run", found.run)


def test_a_sparkle_that_is_ignored_now_and_then_is_no_finding(recorded: Recorded) -> None:
    assert kinds(recorded(lambda: Lamp(STORM - 1, name="lamp")).live) == []


def test_a_storm_is_told_as_soon_as_it_is_one(recorded: Recorded) -> None:
    session = recorded(lambda: Lamp(STORM + 20, name="lamp"))
    rows = session.live.runs.where(lambda columns: (columns["flags"] & ev.IGNORED) != 0)
    hundredth = session.live.runs.row(int(rows[STORM - 1])).n

    assert kinds(session.at(hundredth)) == []
    assert the_only(session.at(hundredth + 1)).times == STORM


def test_storms_of_all_tonics_of_a_class_are_one_finding(recorded: Recorded) -> None:
    def start() -> None:
        for number in range(3):
            Lamp(STORM, name=f"lamp {number}")
        Lamp(1, name="calm lamp")

    known = recorded(start).live
    found = the_only(known)

    assert (found.times, found.tonics) == (3 * STORM, 3)
    assert tonic_of(known, found).endswith(" and 2 more")


class Digger(ttTonic):
    """Digs for some time while somebody waits, or nobody does."""

    def __init__(self, clock: Any, took_ns: int, waiting: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.clock, self.took_ns, self.waiting = clock, took_ns, waiting
        self.beats = Beats()

    def ttse__on_start(self) -> None:
        self.ttsc__dig()
        if self.waiting:
            self.ttsc__rest()

    def ttsc__dig(self) -> None:
        self.clock.move(self.took_ns)
        self.beats.tell()
        self.ttsc__stop()

    def ttsc__rest(self) -> None:
        pass

    def ttsc__stop(self) -> None:
        self.finish()


def dig(recorded: Recorded, took_ns: int, *, waiting: bool) -> Session:
    with movable_clock() as clock:
        return recorded(lambda: Digger(clock, took_ns, waiting, name="digger"))


def test_a_sparkle_that_lets_others_wait_for_long_is_found(recorded: Recorded) -> None:
    known = dig(recorded, 150 * MS, waiting=True).live

    found = the_only(known)

    assert (found.kind, severity_of(found), sparkle_of(known, found)) == ("giant", "warning", "ttsc__dig")
    assert words(known, found) == "took up to 150 ms"
    place = place_of_finding(known, found)
    assert place is not None
    assert place.line == line_of("def ttsc__dig(self) -> None:")


@pytest.mark.parametrize("took_ns, waiting", [(150 * MS, False), (90 * MS, True)])
def test_a_sparkle_that_is_quick_or_holds_up_nobody_is_no_finding(
    recorded: Recorded, took_ns: int, waiting: bool
) -> None:
    assert kinds(dig(recorded, took_ns, waiting=waiting).live) == []


def test_a_catalyst_that_is_inside_a_sparkle_for_long_hangs_until_it_comes_out(recorded: Recorded) -> None:
    session = dig(recorded, 1_500 * MS, waiting=False)
    then = next(known for known in map(session.at, range(session.live.n)) if hanging(known))

    found = the_only(then)

    assert (found.kind, severity_of(found)) == ("hangs", "error")
    assert (tonic_of(then, found), sparkle_of(then, found)) == ("digger", "ttsc__dig")
    assert words(then, found) == "main_catalyst has been inside one sparkle for 1500 ms"
    assert thing_of(then, found) == Thing("catalyst", found.catalyst)
    assert kinds(session.live) == ["giant"], "it came out of it"


# ---- holes -----------------------------------------------------------------------------------------------------------


def test_flow_that_was_lost_is_found_and_says_how_much(recorded: Recorded) -> None:
    known = recorded(lambda: Lamp(10, name="lamp"), without_flow=True).live

    found = the_only(known)

    assert (found.kind, severity_of(found)) == ("lost", "hint")
    assert found.worst == known.target.lost_orders + known.target.lost_runs > 20
    assert words(known, found) == f"{found.worst} orders and runs are missing"


# ---- all together -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, passes",
    [
        ("", True),
        ("extra", True),
        ("pump", True),
        ("kind:exception", True),
        ("kind:error", True),
        ("kind:giant", False),
        ("severity:error", True),
        ("severity:hint", False),
        ("tonic:pump", True),
        ("type:valve", False),
        ("sparkle:fill", True),
        ("state:open", False),
        ("-extra", False),
    ],
)
def test_findings_can_be_filtered(recorded: Recorded, text: str, passes: bool) -> None:
    known = recorded(lambda: Pump(name="pump")).live

    assert FindingFilter(text).accepts(known, the_only(known)) is passes


def test_what_was_found_is_the_same_however_the_stream_was_cut(recorded: Recorded, tmp_path: Path) -> None:
    whole = dig(recorded, SECOND // 4, waiting=True).live
    with TraceReader(str(tmp_path / "run.ttt")) as reader:
        rows = [row for _, row in reader.happened()]
    one_by_one = Session()
    for row in rows:
        one_by_one.apply_events(one_by_one.live.n, [row])

    assert ranked(one_by_one.live) == ranked(whole)
