"""An app whose last tonics end, but for a sparkle on another thread that does not return."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from tasktonic import shutdown, ttCatalyst, ttTonic
from tasktonic.errors import ttShutdownError
from tests.helpers.apps import WAIT_S, in_thread, run_app, wait_for

TIMEOUT_S = 0.05
SETTINGS = {"tasktonic/shutdown/timeout": TIMEOUT_S}


class Looks:
    """Counts how often the app was looked at while something ended on another thread."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._looked = threading.Semaphore(0)
        fire = shutdown._Watch.fire

        def fire_and_tell(watch: shutdown._Watch, now: int) -> None:
            fire(watch, now)
            self._looked.release()

        monkeypatch.setattr(shutdown._Watch, "fire", fire_and_tell)

    def wait_for_one(self) -> None:
        assert self._looked.acquire(timeout=WAIT_S)

    def wait_for_rest(self, tonic: ttTonic) -> None:
        """Wait until somebody has looked, and found no reason to look again as time goes by."""
        self.wait_for_one()
        ledger = tonic.ledger
        while (ledger.is_watched or not ledger.waits_elsewhere) and not ledger.shutdown_problem:
            pass

    def wait_for_more_than_the_timeout(self) -> None:
        for _ in range(3 * shutdown.LOOKS_IN_TIME):
            self.wait_for_one()


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Looks:
    return Looks(monkeypatch)


@pytest.fixture
def may_go_on() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


class Hanging(ttTonic):
    def __init__(self, hangs: threading.Event, until: threading.Event, catalyst: ttCatalyst) -> None:
        super().__init__(catalyst=catalyst)
        self.hangs, self.until = hangs, until

    def ttse__on_start(self) -> None:
        self.hang_in_here()

    def hang_in_here(self) -> None:
        self.hangs.set()
        self.until.wait(WAIT_S)


class Boss(ttTonic):
    """Ends while its child on another thread does not return from a sparkle."""

    def __init__(self, until: threading.Event) -> None:
        super().__init__()
        self.until = until
        self.hangs = threading.Event()

    def ttse__on_start(self) -> None:
        self.engine = ttCatalyst(name="engine", context=-1)
        self.bind(Hanging, self.hangs, self.until, catalyst=self.engine)
        wait_for(self.hangs)
        self.finish()


def test_child_that_hangs_below_the_last_tonic_is_named_with_its_stack(may_go_on: threading.Event) -> None:
    with pytest.raises(ttShutdownError, match=r"engine did not end within 0\.05 seconds") as caught:
        run_app(lambda: Boss(may_go_on), settings=SETTINGS)

    assert "in hang_in_here" in str(caught.value)


def test_catalyst_that_only_waits_for_its_turn_is_not_named(may_go_on: threading.Event) -> None:
    def start() -> None:
        ttCatalyst(name="idle one")
        Boss(may_go_on)

    with pytest.raises(ttShutdownError, match=r"^engine did not end") as caught:
        run_app(start, settings=SETTINGS)

    assert "idle one" not in str(caught.value)


def test_tonic_that_was_told_to_finish_but_waits_behind_the_one_that_hangs_does_not_keep_the_app(
    looks: Looks, may_go_on: threading.Event
) -> None:
    class Two(Boss):
        def ttse__on_start(self) -> None:
            super().ttse__on_start()
            self.behind = ttTonic(name="behind", context=-1, catalyst=self.engine)
            in_thread(self.finish_later)

        def finish_later(self) -> None:
            looks.wait_for_rest(self)
            self.behind.finish()

    with pytest.raises(ttShutdownError, match="engine did not end"):
        run_app(lambda: Two(may_go_on), settings=SETTINGS)


def test_time_begins_when_the_last_of_the_others_has_finished(looks: Looks, may_go_on: threading.Event) -> None:
    finished: list[str] = []

    class Living(ttTonic):
        def ttse__on_start(self) -> None:
            in_thread(self.finish_later)

        def finish_later(self) -> None:
            looks.wait_for_rest(self)
            self.finish()

        def ttse__on_finished(self) -> None:
            finished.append(self.name)

    def start() -> None:
        Living(name="living")
        Boss(may_go_on)

    with pytest.raises(ttShutdownError, match="engine did not end"):
        run_app(start, settings=SETTINGS)

    assert finished == ["living"]


def test_tonic_that_was_told_to_finish_runs_what_was_queued_however_long_it_takes(
    looks: Looks, may_go_on: threading.Event
) -> None:
    ran: list[str] = []

    class Working(ttTonic):
        def ttsc__work(self) -> None:
            looks.wait_for_rest(self)
            ran.append("work")

        def ttsc__more(self) -> None:
            ran.append("more")

        def ttse__on_finished(self) -> None:
            may_go_on.set()

    def start() -> None:
        working = Working(catalyst=ttCatalyst(name="side"))
        working.ttsc__work()
        working.ttsc__more()
        working.finish()
        Boss(may_go_on)

    run_app(start, settings=SETTINGS)

    assert ran == ["work", "more"]


def test_brake_gives_an_ending_all_the_time(looks: Looks) -> None:
    ended: list[str] = []

    class Child(ttTonic):
        def ttse__on_finished(self) -> None:
            ended.append("child")

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            self.engine = ttCatalyst(name="engine", context=-1)
            self.bind(Child, catalyst=self.engine)
            self.engine.hold()
            self.finish()
            in_thread(self.release_later)

        def release_later(self) -> None:
            looks.wait_for_more_than_the_timeout()
            self.engine.release()

    run_app(Main, settings=SETTINGS)

    assert ended == ["child"]


def test_nobody_looks_any_more_when_the_ending_has_come_to_its_end(looks: Looks) -> None:
    watched: list[bool] = []

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            self.bind(Parent)

        def binding_finished(self, essence_id: int) -> None:
            in_thread(self.wait)

        def wait(self) -> None:
            looks.wait_for_one()  # it may be about to look once more
            while self.ledger.is_watched or self.catalyst.timers.pending:
                pass
            watched.append(self.ledger.is_watched)
            self.finish()

    class Parent(ttTonic):
        def ttse__on_start(self) -> None:
            self.bind(ttTonic, catalyst=ttCatalyst(name="far", context=-1))
            self.finish()

    run_app(Main, settings=SETTINGS)

    assert watched == [False]


def test_catalyst_that_waits_to_be_started_is_not_started_by_an_ending_elsewhere(
    looks: Looks, may_go_on: threading.Event
) -> None:
    turning: list[bool] = []

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            self.later = ttCatalyst(name="later", dont_start_yet=True)
            in_thread(self.look)

        def look(self) -> None:
            looks.wait_for_rest(self)
            ttTonic(context=self, catalyst=self.later).finish()
            turning.append(self.later.is_turning())
            may_go_on.set()
            self.finish()

    def start() -> None:
        Main()
        Boss(may_go_on)

    run_app(start, settings=SETTINGS)

    assert turning == [False]
