"""What is found in timers, services and stores, and who waits for whom: each in a real app that is recorded and read again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tasktonic import events as ev
from tasktonic import ttStore, ttTimerRepeat, ttTimerSingleShot, ttTonic
from tasktonic.trace import TraceReader
from tasktonic_studio.session.finding_words import place_of_finding, ranked, severity_of, thing_of, where
from tasktonic_studio.session.findings import PILE, STORM, Finding
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tests.helpers.builders import MS, SECOND, EventWriter
from tests.helpers.found import Recorded, words
from tests.helpers.movable_clock import movable_clock


def of_kind(known: Knowledge, kind: str) -> list[Finding]:
    return [finding for finding in ranked(known) if finding.kind == kind]


def line_of(text: str) -> int:
    """The line of this file that ends with a text."""
    lines = Path(__file__).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.endswith(text))


# ---- late timers ------------------------------------------------------------------------------------------------------


class Heart(ttTonic):
    def __init__(self, clock: Any, took_ns: int) -> None:
        super().__init__(name="heart")
        self.clock, self.took_ns = clock, took_ns

    def ttse__on_start(self) -> None:
        self.bind(ttTimerRepeat, 0.1, name="beat")
        self.ttsc__read()

    def ttsc__read(self) -> None:  # the slow one
        self.clock.move(self.took_ns)

    def ttse__on_beat(self, info: Any) -> None:
        self.finish()


def test_a_timer_that_fires_late_is_found_with_what_was_in_its_way(recorded: Recorded) -> None:
    with movable_clock() as clock:
        known = recorded(lambda: Heart(clock, 450 * MS)).live

    (found,) = of_kind(known, "late")

    assert severity_of(found) == "warning"
    assert where(known, found) == "heart · Heart.ttse__on_beat"
    assert words(known, found).startswith("fired up to 35")
    assert words(known, found).endswith(" ms late: last time Heart.ttsc__read ran for 450 ms")
    assert place_of_finding(known, found) == (__file__, line_of("# the slow one"))
    thing = thing_of(known, found)
    assert thing is not None
    assert thing.kind == "run"


def timer_events(*, held: bool, period_ns: int) -> Session:
    """A timer that was due after 100 ms and fires after 300, while its catalyst is held for the 200 in between or is not."""
    write = EventWriter()
    write.cls("ttCatalyst")
    catalyst = write.catalyst("main")
    heart = write.born("Heart", "heart")
    timer = write.born("ttTimer", "beat", context=heart)
    write.add(ev.TimerSet(write.t_ns, timer, write.t_ns + 100 * MS, period_ns, ev.Name("ttse__on_beat"), 0))
    write.wait(50 * MS)
    if held:
        write.add(ev.CatalystHeld(write.t_ns, catalyst, True))
    write.wait(200 * MS)
    if held:
        write.add(ev.CatalystHeld(write.t_ns, catalyst, False))
    write.wait(50 * MS)
    write.add(ev.TimerFired(write.t_ns, timer, 0))
    session = Session()
    session.apply_events(0, write.take())
    return session


@pytest.mark.parametrize("period_ns", [0, 400 * MS])
@pytest.mark.parametrize("held", [False, True])
def test_held_time_does_not_make_a_timer_late(held: bool, period_ns: int) -> None:
    found = of_kind(timer_events(held=held, period_ns=period_ns).live, "late")

    assert len(found) == (not held)


# ---- timers that pile up ----------------------------------------------------------------------------------------------


class Document(ttTonic):
    def __init__(self, letters: int) -> None:
        super().__init__(name="document")
        self.letters = letters

    def ttse__on_start(self) -> None:
        for _ in range(self.letters):
            self.bind(ttTimerSingleShot, 0.01, name="quiet")  # one more

    def ttse__on_quiet(self, info: Any) -> None:
        self.finish()


def test_timers_that_pile_up_are_found(recorded: Recorded) -> None:
    known = recorded(lambda: Document(PILE + 5)).live

    (found,) = of_kind(known, "pile")

    assert (severity_of(found), found.times) == ("hint", 1)
    assert where(known, found) == "document · Document.ttse__on_quiet"
    assert words(known, found) == f"{PILE + 5} timers waited at once to call it"
    place = place_of_finding(known, found)
    assert place is not None
    assert place.line == line_of("# one more") - 2


def test_a_few_timers_are_no_pile(recorded: Recorded) -> None:
    assert of_kind(recorded(lambda: Document(PILE - 1)).live, "pile") == []


class Restless(ttTonic):
    """Makes one timer after the other: many, but never two at once."""

    def __init__(self) -> None:
        super().__init__(name="restless")
        self.left = 3 * PILE

    def ttse__on_start(self) -> None:
        self.bind(ttTimerSingleShot, 0.0)

    def ttse__on_timer(self, info: Any) -> None:
        self.left -= 1
        if self.left:
            self.bind(ttTimerSingleShot, 0.0)
        else:
            self.finish()


def test_timers_one_after_the_other_are_no_pile(recorded: Recorded) -> None:
    assert of_kind(recorded(Restless).live, "pile") == []


# ---- services ---------------------------------------------------------------------------------------------------------


class Library(ttTonic):
    _tt_is_service = "library"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(name="library", **kwargs)


class Reader(ttTonic):
    def __init__(self, name: str, tidies_up: bool) -> None:
        super().__init__(name=name)
        self.tidies_up = tidies_up
        self.library = self.bind(Library)

    def ttse__on_start(self) -> None:
        if self.tidies_up:
            self.ttsc__leave()
        else:
            self.finish()

    def ttsc__leave(self) -> None:  # and lock up
        self.library.finish()
        self.finish()


def test_a_service_that_one_user_finishes_under_another_is_found(recorded: Recorded) -> None:
    def start() -> None:
        Reader("Ada", tidies_up=True)
        Reader("Eve", tidies_up=True)

    known = recorded(start).live

    (found,) = of_kind(known, "service")

    assert severity_of(found) == "warning"
    assert words(known, found) == "was asked to finish by Ada while it has these users: Ada, Eve"
    assert place_of_finding(known, found) == (__file__, line_of("# and lock up"))


@pytest.mark.parametrize("tidies_up", [False, True])
def test_a_service_that_ends_with_the_app_or_by_its_only_user_is_no_finding(
    recorded: Recorded, tidies_up: bool
) -> None:
    assert of_kind(recorded(lambda: Reader("Ada", tidies_up)).live, "service") == []


# ---- echoes -----------------------------------------------------------------------------------------------------------


class Mirror(ttTonic):
    """Writes a path when another one changes: one higher, so that it goes on."""

    def __init__(self, name: str, source: str, target: str, most: int) -> None:
        super().__init__(name=name)
        self.target, self.most = target, most
        self.store = self.bind(ttStore)
        self.store.subscribe(source, self.ttse__on_change, ignore_source=self.id)

    def ttse__on_change(self, changes: list[Any]) -> None:
        value = changes[-1][1]
        if value < self.most:
            self.store.set(self.target, value + 1)
        else:
            self.finish()


def echoing(*paths: str) -> Callable[[], None]:
    """Tonics of which each hears one path and writes the next, in a circle."""

    def start() -> None:
        for number, path in enumerate(paths):
            Mirror(f"mirror {number}", path, paths[(number + 1) % len(paths)], 3 * STORM * len(set(paths)))
        ttStore().set(paths[0], 0)
        Ender(name="ender")

    return start


class Ender(ttTonic):
    """Ends the app when the mirrors have come to rest."""

    def ttse__on_start(self) -> None:
        self.bind(ttTimerRepeat, 0.05)

    def ttse__on_timer(self, info: Any) -> None:
        if self.ledger.get_essence_by_name("mirror 0") is None or self.ledger.get_essence_by_name("mirror 1") is None:
            self.catalyst.finish()


def test_two_values_that_write_each_other_are_an_echo(recorded: Recorded) -> None:
    known = recorded(echoing("a", "b")).live

    found = of_kind(known, "echo")

    assert [finding.text for finding in found] == ["a", "b"]
    assert severity_of(found[0]) == "warning"
    assert words(known, found[0]).endswith("times or more, each time in consequence of the write before")
    thing = thing_of(known, found[0])
    assert thing is not None
    assert thing.kind == "run"


def test_two_tonics_that_answer_each_other_on_one_path_are_an_echo(recorded: Recorded) -> None:
    (found,) = of_kind(recorded(echoing("a", "a")).live, "echo")

    assert (found.text, found.tonics) == ("a", 2)
    assert found.times >= STORM


class Worker(ttTonic):
    """Notes its progress and calls itself."""

    def __init__(self) -> None:
        super().__init__(name="worker")
        self.store = self.bind(ttStore)
        self.done = 0

    def ttse__on_start(self) -> None:
        self.tts__step()

    def tts__step(self) -> None:
        self.done += 1
        self.store.set("done", self.done)
        if self.done < 3 * STORM:
            self.tts__between()
        else:
            self.finish()

    def tts__between(self) -> None:
        self.tts__step()


def test_progress_that_is_noted_again_and_again_is_no_echo(recorded: Recorded) -> None:
    assert of_kind(recorded(Worker).live, "echo") == []


# ---- who waits for whom -----------------------------------------------------------------------------------------------


class Clerk(ttTonic):
    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self.colleague: Any = None

    def ttse__on_start(self) -> None:
        self.to_state("free")

    def ttsc_free__begin(self, colleague: Any) -> None:
        self.colleague = colleague
        self.to_state("waiting")

    def ttse_waiting__on_enter(self) -> None:
        self.colleague.ttsc__sign(self)

    def ttsc_free__sign(self, asker: Any) -> None:
        asker.ttse__on_signed()

    def ttse_waiting__on_signed(self) -> None:
        self.to_state("free")

    def ttsc_waiting__give_up(self) -> None:
        self.to_state("free")


class Office(ttTonic):
    def __init__(self, clock: Any, clerks: int, gives_up: bool = False) -> None:
        super().__init__(name="office")
        self.clock, self.gives_up = clock, gives_up
        self.clerks: list[Any] = [Clerk(f"clerk {number}") for number in range(clerks)]

    def ttse__on_start(self) -> None:
        for number, clerk in enumerate(self.clerks):
            clerk.ttsc__begin(self.clerks[(number + 1) % len(self.clerks)])
        self.tts__let_them_ask()

    def tts__let_them_ask(self) -> None:
        self.tts__evening()

    def tts__evening(self) -> None:
        self.clock.move(SECOND)
        if self.gives_up:
            self.clerks[0].ttsc__give_up()
        self.ttsc__close()

    def ttsc__close(self) -> None:
        for clerk in self.clerks:
            clerk.finish()
        self.finish()


@pytest.mark.parametrize("clerks", [2, 3])
def test_tonics_that_wait_for_each_other_in_a_circle_are_found(recorded: Recorded, clerks: int) -> None:
    with movable_clock() as clock:
        known = recorded(lambda: Office(clock, clerks)).live

    (found,) = of_kind(known, "waits")

    assert (severity_of(found), found.tonics) == ("warning", clerks)
    assert f"clerk 0 is waiting and ignored ttsc__sign of clerk {clerks - 1}" in words(known, found)
    assert "clerk 1 is waiting and ignored ttsc__sign of clerk 0" in words(known, found)
    assert thing_of(known, found) == Thing("run", found.run)


def test_a_wait_is_listed_at_the_moment_to_which_it_is_shown_happening(recorded: Recorded) -> None:
    with movable_clock() as clock:
        session = recorded(lambda: Office(clock, 2))
    (found,) = of_kind(session.live, "waits")

    (then,) = of_kind(session.at(found.last_n + 1), "waits")

    assert then.key == found.key
    assert of_kind(session.at(found.first_n + 1), "waits") == [], "it might have gone on"


def test_one_who_goes_on_was_not_waiting_for_ever(recorded: Recorded) -> None:
    with movable_clock() as clock:
        assert of_kind(recorded(lambda: Office(clock, 2, gives_up=True)).live, "waits") == []


def test_one_clerk_alone_waits_for_nobody_in_a_circle(recorded: Recorded) -> None:
    with movable_clock() as clock:
        assert of_kind(recorded(lambda: Office(clock, 1)).live, "waits") == []


# ---- all together -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["echo", "pile", "service", "waits"])
def test_what_was_found_is_the_same_however_the_stream_was_cut(recorded: Recorded, tmp_path: Path, kind: str) -> None:
    def readers() -> None:
        Reader("Ada", tidies_up=True)
        Reader("Eve", tidies_up=True)

    start: dict[str, Callable[[], object]] = {
        "echo": echoing("a", "b"),
        "pile": lambda: Document(PILE),
        "service": readers,
    }
    if kind in start:
        whole = recorded(start[kind]).live
    else:
        with movable_clock() as clock:
            whole = recorded(lambda: Office(clock, 2)).live
    with TraceReader(str(tmp_path / "run.ttt")) as reader:
        rows = [row for _, row in reader.happened()]
    one_by_one = Session()
    for row in rows:
        one_by_one.apply_events(one_by_one.live.n, [row])

    assert of_kind(whole, kind)
    assert ranked(one_by_one.live) == ranked(whole)
