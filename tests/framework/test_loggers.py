from __future__ import annotations

import io
import re
import sys
import threading
from typing import Any

import pytest

from tasktonic import ttEssence, ttLog, ttLogService, ttTonic
from tasktonic.events import LogLine, Raised
from tasktonic.loggers import make_targets
from tasktonic.loggers.service import MOST_ROWS
from tasktonic.stream import stream
from tests.helpers.apps import run_app


class Speaker(ttTonic):
    def ttse__on_start(self) -> None:
        self.log("hello")
        self.finish()


class Moody(Speaker):
    def ttse__on_start(self) -> None:
        self.to_state("loud")
        super().ttse__on_start()

    def ttse_loud__on_enter(self) -> None: ...

    def ttsc_quiet__hush(self) -> None: ...


def said(capsys: pytest.CaptureFixture[str], start: Any, **settings: Any) -> list[str]:
    """The lines on the screen without the time: ``name  text``."""
    run_app(start, settings={"tasktonic/log/to": "screen", **{f"tasktonic/log/{k}": v for k, v in settings.items()}})
    lines = capsys.readouterr().out.splitlines()
    assert all(re.match(r"\d\d:\d\d:\d\d\.\d\d\d  ", line) for line in lines)
    return [" ".join(line[14:].split()) for line in lines]


def test_off_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    run_app(Speaker)

    assert capsys.readouterr().out == ""


def test_stealth_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, lambda: Speaker(name="speaker"), default=ttLog.STEALTH) == []


def test_mode_off_says_only_births_and_ends(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, lambda: Speaker(name="speaker"), default=ttLog.OFF) == [
        "main_catalyst + created",
        "speaker + created",
        "speaker - finished",
        "main_catalyst - finished",
    ]


def test_mode_quiet_says_what_is_logged_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert "speaker hello" in said(capsys, lambda: Speaker(name="speaker"), default=ttLog.QUIET)


def test_mode_full_says_every_sparkle(capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, lambda: Speaker(name="speaker"), default=ttLog.FULL)

    assert lines[2:] == [
        "main_catalyst ▸ ttse__on_start",
        "speaker hello",
        "speaker ▸ ttse__on_start",
        "speaker ▸ ttse__on_finished (hook)",
        "speaker - finished",
        "main_catalyst ▸ ttse__on_finished (hook)",
        "main_catalyst - finished",
    ]


def test_mode_of_one_tonic_goes_before_the_default(capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, lambda: Speaker(name="speaker", log_mode="full"), default=ttLog.STEALTH)

    assert "speaker ▸ ttse__on_start" in lines
    assert not any("main_catalyst" in line for line in lines)


def test_mode_may_change_while_running(capsys: pytest.CaptureFixture[str]) -> None:
    class Changing(ttTonic):
        def ttse__on_start(self) -> None:
            self.set_log_mode(ttLog.OFF)
            self.log("not this")
            self.set_log_mode("quiet")
            self.log("but this")
            self.finish()

    lines = said(capsys, lambda: Changing(name="changing"))

    assert [line for line in lines if "this" in line] == ["changing but this"]


def test_state_changes_show_in_full_lines(capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, lambda: Moody(name="moody"), default="full")

    assert "moody ▸ ttse__on_start [-- → loud]" in lines
    assert "moody ▸ ttse__on_enter [loud] (hook)" in lines


def test_ignored_sparkle_shows_in_full_lines(capsys: pytest.CaptureFixture[str]) -> None:
    class Ignoring(Moody):
        def ttse__on_start(self) -> None:
            self.ttsc__hush()
            self.finish()

    assert "ignoring ▸ ttsc__hush (ignored)" in said(capsys, lambda: Ignoring(name="ignoring"), default="full")


def test_error_shows_with_its_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    class Failing(ttTonic):
        def ttse__on_start(self) -> None:
            self.finish()
            raise LookupError("lost")

    run_app(lambda: Failing(name="failing"), settings={"tasktonic/log/to": "screen"})

    out = capsys.readouterr().out
    assert re.search(r"failing +✕ ttse__on_start raised LookupError: lost\n", out)
    assert 'raise LookupError("lost")' in out


def test_text_of_several_lines_is_indented(capsys: pytest.CaptureFixture[str]) -> None:
    class Poet(ttTonic):
        def ttse__on_start(self) -> None:
            self.log("one\ntwo\n")
            self.finish()

    run_app(lambda: Poet(name="poet"), settings={"tasktonic/log/to": "screen"})

    lines = capsys.readouterr().out.splitlines()
    where = next(n for n, line in enumerate(lines) if line.endswith("one"))
    assert lines[where + 1] == " " * lines[where].index("one") + "two"


@pytest.mark.parametrize("thing", [3, None, ["a"], {"b": 1}])
def test_anything_can_be_logged(thing: Any, capsys: pytest.CaptureFixture[str]) -> None:
    class Any_(ttTonic):
        def ttse__on_start(self) -> None:
            self.log(thing)
            self.finish()

    assert f"any {thing}" in said(capsys, lambda: Any_(name="any"))


def test_lines_that_came_last_are_written_before_the_formula_returns(capsys: pytest.CaptureFixture[str]) -> None:
    class Many(ttTonic):
        def ttse__on_start(self) -> None:
            for number in range(5000):
                self.log(f"line {number}")
            self.finish()

    lines = said(capsys, lambda: Many(name="many"))

    assert [line for line in lines if " line " in line] == [f"many line {number}" for number in range(5000)]


def test_terminal_without_unicode_gets_plain_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", screen)

    run_app(lambda: Moody(name="moody"), settings={"tasktonic/log/to": "screen", "tasktonic/log/default": "full"})

    screen.seek(0)
    assert "> ttse__on_start [-- -> loud]" in screen.read()


def test_unicode_in_a_text_does_not_break_a_plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", screen)

    class Greek(ttTonic):
        def ttse__on_start(self) -> None:
            self.log("π = 3")
            self.log("after")
            self.finish()

    run_app(Greek, settings={"tasktonic/log/to": "screen"})

    screen.seek(0)
    out = screen.read()
    assert "= 3" in out
    assert "after" in out


def test_screen_that_is_gone_does_not_stop_the_app(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stdout", Gone())

    formula = run_app(Speaker, settings={"tasktonic/log/to": "screen"})

    assert formula.ledger.essences == []


def test_log_leaves_no_thread() -> None:
    before = set(threading.enumerate())

    run_app(Speaker, settings={"tasktonic/log/to": "screen", "tasktonic/log/default": "stealth"})

    assert set(threading.enumerate()) == before


@pytest.mark.parametrize("wanted", ["off", "", None, [], ["off"]])
def test_no_target_is_made_when_none_is_wanted(wanted: Any) -> None:
    assert make_targets(wanted) == []


@pytest.mark.parametrize("wanted", ["screen", "screen, off", ["screen"]])
def test_wanted_target_is_made(wanted: Any) -> None:
    targets = make_targets(wanted)

    for target in targets:
        target.close()
    assert len(targets) == 1


class Noting(ttLogService):
    """Keeps what it is told, and may be held up."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.errors: list[Raised] = []
        self.may_go_on = threading.Event()
        super().__init__()

    def said(self, t_ns: int, name: str, text: str) -> None:
        self.may_go_on.wait(20)
        self.texts.append(text)

    def raised(self, error: Raised, name: str) -> None:
        self.errors.append(error)


def test_what_is_dropped_under_flood_is_counted_and_said() -> None:
    noting = Noting()
    line = LogLine(0, 1, "x", 0)  # type: ignore[arg-type]

    noting.on_rows(0, [line] * (MOST_ROWS + 1))
    noting.on_rows(0, [line] * 7)
    noting.may_go_on.set()
    noting.close()

    assert noting.texts[-1] == "7 events came faster than they could be logged and are not shown."


def test_errors_are_not_dropped_under_flood() -> None:
    noting = Noting()
    error = Raised(0, 1, "ttsc__x", "ValueError", "boom", "", -1, 0)  # type: ignore[arg-type]

    noting.on_rows(0, [LogLine(0, 1, "x", 0)] * (MOST_ROWS + 1))  # type: ignore[arg-type]
    noting.on_rows(0, [error, error])
    noting.may_go_on.set()
    noting.close()

    assert noting.errors == [error, error]


def test_slow_log_does_not_hold_up_a_sparkle() -> None:
    noting = Noting()
    stream.attach(noting)
    try:
        formula = run_app(Speaker)  # returns though the log still waits
    finally:
        stream.detach(noting)
        noting.may_go_on.set()
        noting.close()

    assert formula.ledger.essences == []
    assert noting.texts == ["hello"]


def test_log_target_that_raises_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    class Failing(ttLogService):
        def said(self, t_ns: int, name: str, text: str) -> None:
            raise LookupError("cannot write")

    failing = Failing()
    stream.attach(failing)
    try:
        ttEssence().log("hello")
        stream.hand_over()
    finally:
        stream.detach(failing)
        failing.close()

    assert "LookupError: cannot write" in capsys.readouterr().err
