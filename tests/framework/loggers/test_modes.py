"""What of an app is logged: the modes, wherever they are set."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tasktonic import ttEssence, ttLedger, ttLog, ttTimerSingleShot, ttTonic
from tasktonic.stream import Level, stream
from tests.helpers.apps import in_thread, reading, run_app, wait_for
from tests.helpers.logged_apps import Keeping, run_logged


class Speaker(ttTonic):
    def ttse__on_start(self) -> None:
        self.log("hello")
        self.finish()


def lines_of(start: Any, **settings: Any) -> list[str]:
    """What is logged of an app, without its main catalyst."""
    kept = Keeping()
    run_logged(start, kept, settings={f"tasktonic/log/{key}": value for key, value in settings.items()})
    return [line for line in kept.lines if not line.startswith("main_catalyst")]


def test_stealth_logs_nothing() -> None:
    assert lines_of(lambda: Speaker(name="speaker"), default=ttLog.STEALTH) == []


def test_mode_off_logs_only_births_and_ends() -> None:
    assert lines_of(lambda: Speaker(name="speaker"), default=ttLog.OFF) == ["speaker created", "speaker finished"]


def test_mode_quiet_logs_what_is_said_too() -> None:
    lines = lines_of(lambda: Speaker(name="speaker"), default=ttLog.QUIET)

    assert lines == ["speaker created", "speaker hello", "speaker finished"]


def test_mode_full_logs_every_sparkle() -> None:
    assert lines_of(lambda: Speaker(name="speaker"), default=ttLog.FULL) == [
        "speaker created",
        "speaker hello",
        "speaker ttse__on_start",
        "speaker ttse__on_finished (hook)",
        "speaker finished",
    ]


def test_default_is_quiet() -> None:
    assert lines_of(lambda: Speaker(name="speaker")) == ["speaker created", "speaker hello", "speaker finished"]


@pytest.mark.parametrize("mode", [ttLog.OFF, 1, "OFF", "off", " Off ", "1"])
def test_default_may_be_given_by_member_number_or_name(mode: Any) -> None:
    assert lines_of(lambda: Speaker(name="speaker"), default=mode) == ["speaker created", "speaker finished"]


@pytest.mark.parametrize("mode", [ttLog.OFF, 1, "OFF", "off", "1"])
def test_mode_of_a_tonic_may_be_given_by_member_number_or_name(mode: Any) -> None:
    assert lines_of(lambda: Speaker(name="speaker", log_mode=mode)) == ["speaker created", "speaker finished"]


@pytest.mark.parametrize("mode", [ttLog.OFF, 1, "OFF", "off", "1"])
def test_set_log_mode_takes_member_number_or_name(mode: Any) -> None:
    essence = ttEssence()

    essence.set_log_mode(mode)

    assert essence.log_mode is ttLog.OFF


@pytest.mark.parametrize("mode", ["loud", 4, -1, "", "7", None, 1.5])
def test_wrong_mode_says_which_there_are(mode: Any) -> None:
    with pytest.raises(
        ValueError, match=r"no log mode .*; there are STEALTH \(0\), OFF \(1\), QUIET \(2\), FULL \(3\)\."
    ):
        ttLog.of(mode)


def test_wrong_default_names_the_setting() -> None:
    with pytest.raises(ValueError, match="tasktonic/log/default: no log mode 'loud'; there are"):
        run_app(Speaker, settings={"tasktonic/log/default": "loud"})


def test_mode_of_one_tonic_goes_before_the_default() -> None:
    lines = lines_of(lambda: Speaker(name="speaker", log_mode="full"), default=ttLog.STEALTH)

    assert "speaker ttse__on_start" in lines


class Parent(ttTonic):
    """Has one child with its mode, one with another, one made after it changed its own."""

    def ttse__on_start(self) -> None:
        self.bind(Speaker, name="like its parent")
        self.bind(Speaker, name="its own", log_mode="quiet")
        self.set_log_mode("full")
        self.bind(Speaker, name="later")
        self.tts__wait_for_the_children()

    def tts__wait_for_the_children(self) -> None:
        if self.bindings:
            self.tts__wait_for_the_children()
        else:
            self.finish()


def test_mode_is_inherited_from_the_context() -> None:
    lines = lines_of(lambda: Parent(name="parent", log_mode="off"))

    assert [line for line in lines if line.startswith("like its parent")] == [
        "like its parent created",
        "like its parent finished",
    ]


def test_own_mode_goes_before_that_of_the_context() -> None:
    assert "its own hello" in lines_of(lambda: Parent(name="parent", log_mode="off"))


def test_children_made_after_a_change_inherit_the_new_mode() -> None:
    assert "later ttse__on_start" in lines_of(lambda: Parent(name="parent", log_mode="off"))


def test_children_keep_their_mode_when_that_of_their_context_changes() -> None:
    assert "like its parent ttse__on_start" not in lines_of(lambda: Parent(name="parent", log_mode="off"))


def test_timer_inherits_the_mode_of_its_tonic() -> None:
    class Waiting(ttTonic):
        def ttse__on_start(self) -> None:
            self.bind(ttTimerSingleShot, 0.0, name="soon")

        def ttse__on_soon(self, info: object) -> None:
            self.finish()

    assert lines_of(lambda: Waiting(name="waiting", log_mode="stealth")) == []


class Changing(ttTonic):
    """Goes through modes, one sparkle each."""

    def __init__(self, *modes: Any) -> None:
        super().__init__(name="changing")
        self.modes = list(modes)

    def ttse__on_start(self) -> None:
        self.ttsc__next()

    def ttsc__next(self) -> None:
        if not self.modes:
            self.finish()
            return
        mode = self.modes.pop(0)
        self.set_log_mode(mode)
        self.ttsc__run()
        self.ttsc__next()

    def ttsc__run(self) -> None:
        self.log(f"in mode {self.log_mode.name}")


def test_mode_may_change_while_running() -> None:
    lines = lines_of(lambda: Changing("off", "quiet", "stealth", "full", "off"))

    said = [line for line in lines if "in mode" in line]
    assert said == ["changing in mode QUIET", "changing in mode FULL"]


def test_tonic_that_is_made_full_late_shows_its_sparkles_from_then_on() -> None:
    lines = lines_of(lambda: Changing("off", "full", "off"))

    assert lines.count("changing ttsc__run") == 1


def test_ends_of_a_tonic_are_logged_by_its_last_mode() -> None:
    assert lines_of(lambda: Changing("stealth")) == ["changing created"]


def test_runs_before_a_change_keep_the_mode_that_held_for_them() -> None:
    class Sudden(ttTonic):
        def ttse__on_start(self) -> None:
            for number in range(5):
                self.ttsc__count(number)
            self.ttsc__hush()
            self.ttsc__count(5)

        def ttsc__count(self, number: int) -> None: ...

        def ttsc__hush(self) -> None:
            self.set_log_mode("off")
            self.finish()

    lines = lines_of(lambda: Sudden(name="sudden", log_mode="full"))

    assert lines == ["sudden created", "sudden ttse__on_start", *["sudden ttsc__count"] * 5, "sudden finished"]


def test_nobody_watches_runs_until_a_tonic_is_logged_in_full() -> None:
    levels: list[Level] = []

    class Late(ttTonic):
        def ttse__on_start(self) -> None:
            levels.append(stream.level)
            self.set_log_mode("full")
            levels.append(stream.level)
            self.finish()

    lines_of(Late)

    assert levels == [Level.FACTS, Level.RUNS]


class Moody(ttTonic):
    def ttse__on_start(self) -> None:
        self.to_state("loud")
        self.ttsc__hush()
        self.ttsc__go_on()

    def ttse_loud__on_enter(self) -> None: ...

    def ttsc_quiet__hush(self) -> None: ...

    def ttsc__go_on(self) -> None:
        self.finish()
        raise LookupError("lost")


def test_full_lines_show_states_hooks_ignored_sparkles_errors() -> None:
    lines = lines_of(lambda: Moody(name="moody"), default="full")

    assert lines == [
        "moody created",
        "moody ttse__on_enter [loud] (hook)",
        "moody ttse__on_start [-- → loud]",
        "moody ttsc__hush [loud] (ignored)",
        "moody ttsc__go_on raised LookupError: lost",
        "moody ttsc__go_on [loud] (raised)",
        "moody ttse__on_finished (hook)",
        "moody finished",
    ]


@pytest.mark.parametrize("mode", list(ttLog))
def test_errors_are_logged_in_every_mode(mode: ttLog) -> None:
    assert "moody ttsc__go_on raised LookupError: lost" in lines_of(lambda: Moody(name="moody"), default=mode)


@pytest.mark.parametrize("thing", [3, None, ["a"], {"b": 1}, ""])
def test_anything_can_be_said(thing: Any) -> None:
    kept = Keeping()

    class Any_(ttTonic):
        def ttse__on_start(self) -> None:
            self.log(thing)
            self.finish()

    run_logged(Any_, kept)

    assert [record.text for record in kept.of("said")] == [str(thing)]


def test_text_is_not_made_when_nobody_logs_it() -> None:
    class Unspeakable:
        def __str__(self) -> str:
            raise AssertionError("somebody asked")

    class Silent(ttTonic):
        def ttse__on_start(self) -> None:
            self.log(Unspeakable())
            self.finish()

    lines = lines_of(lambda: Silent(name="silent", log_mode="off"))

    assert lines == ["silent created", "silent finished"]


def test_any_thread_may_log() -> None:
    class Helped(ttTonic):
        def ttse__on_start(self) -> None:
            threads = [in_thread(lambda n=n: self.log(f"from thread {n}")) for n in range(5)]
            for thread in threads:
                thread.join()
            self.finish()

    lines = lines_of(lambda: Helped(name="helped"))

    assert sorted(line for line in lines if "thread" in line) == [f"helped from thread {n}" for n in range(5)]


def test_many_threads_lose_no_line() -> None:
    class Busy(ttTonic):
        def ttse__on_start(self) -> None:
            begin = threading.Barrier(4)
            threads = [in_thread(lambda n=n: self.count(begin, n)) for n in range(4)]
            for thread in threads:
                thread.join()
            self.finish()

        def count(self, begin: threading.Barrier, thread: int) -> None:
            begin.wait()
            for number in range(500):
                self.log(f"{thread} {number}")

    said = [line.split()[1:] for line in lines_of(lambda: Busy(name="busy")) if line[-1].isdigit()]

    assert len(said) == 2000
    for thread in range(4):
        assert [number for by, number in said if by == str(thread)] == [str(number) for number in range(500)]


def test_essence_without_an_app_may_log_in_vain(capsys: pytest.CaptureFixture[str]) -> None:
    ttEssence().log("hello")

    assert capsys.readouterr() == ("", "")


def test_tonic_may_log_in_vain_after_its_app_has_ended() -> None:
    kept = Keeping()
    made: list[ttTonic] = []
    run_logged(lambda: made.append(Speaker(name="speaker")), kept)

    made[0].log("still there")

    assert [record.text for record in kept.of("said")] == ["hello"]


def test_essence_of_an_app_that_ended_is_not_taken_for_one_of_the_next() -> None:
    made: list[ttTonic] = []
    run_app(lambda: made.append(Speaker(name="old")))

    class New(ttTonic):
        def ttse__on_start(self) -> None:
            made[0].log("from the grave")
            self.log("from the living")
            self.finish()

    lines = lines_of(lambda: New(name="new"))

    assert lines == ["new created", "new from the living", "new finished"]


def test_what_a_finished_tonic_says_has_its_name() -> None:
    class Owner(ttTonic):
        def ttse__on_start(self) -> None:
            self.late = self.bind(Speaker, name="late")

        def ttse__on_late_finished(self) -> None:
            assert self.late.id == -1
            self.late.log("one more thing")
            self.finish()

    assert "late one more thing" in lines_of(Owner)


def test_target_that_comes_late_knows_the_names_of_what_lives() -> None:
    kept = Keeping()
    essence = ttEssence(name="early")

    stream.attach(kept)
    try:
        essence.log("hello")
    finally:
        stream.detach(kept)
        kept._tt_close()
        kept._tt_wait(20, 20)

    assert kept.lines == ["early hello"]


def test_what_a_snapshot_tells_is_not_logged_as_a_birth() -> None:
    kept = Keeping()
    seen = threading.Event()

    class Watched(ttTonic):
        def ttse__on_start(self) -> None:
            with reading():  # whoever comes late is told what lives
                self._tt_tell_birth(self._tt_born_ns, 0)
                self._tt_tell_birth(0, 0)
            seen.set()
            self.finish()

    run_logged(lambda: Watched(name="watched"), kept)

    wait_for(seen)
    assert kept.lines.count("watched created") == 1


def test_log_mode_is_in_the_ledger_of_the_app() -> None:
    run_app(Speaker, settings={"tasktonic/log/default": "full"})

    assert ttLedger().default_log_mode is ttLog.FULL
