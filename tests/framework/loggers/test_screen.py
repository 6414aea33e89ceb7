"""What the log looks like on a screen; on real terminals where it matters."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from tasktonic import ttTonic
from tasktonic.loggers import LogRecord
from tasktonic.loggers.columns import width_of
from tasktonic.loggers.screen import HEAD_WIDTH, Look, ScreenLog, lay_out
from tests.helpers.apps import run_app
from tests.helpers.logged_apps import Terminal, environment_with, run_program

PLAIN = Look()
NARROW = Look(80)
HEAD = " " * HEAD_WIDTH


def shown(record: LogRecord, look: Look = PLAIN) -> list[str]:
    """Its lines without the clock of the first."""
    first, *others = lay_out(record, look)
    return [first[14:], *others]


def said(text: str, name: str = "light") -> LogRecord:
    return LogRecord(0.0, "said", 1, name, text)


@pytest.mark.parametrize(
    "record, line",
    [
        (LogRecord(0.0, "created", 1, "light"), "light                 + created"),
        (LogRecord(0.0, "finished", 1, "light"), "light                 - finished"),
        (said("green"), "light                 green"),
        (said(""), "light                 "),
        (LogRecord(0.0, "ran", 1, "light", "", "ttsc__go", "--", "--"), "light                 ▸ ttsc__go"),
        (LogRecord(0.0, "ran", 1, "light", "", "ttsc__go", "red", "red"), "light                 ▸ ttsc__go [red]"),
        (
            LogRecord(0.0, "ran", 1, "light", "", "ttsc__go", "red", "green"),
            "light                 ▸ ttsc__go [red → green]",
        ),
        (
            LogRecord(0.0, "ran", 1, "light", "", "ttse__on_exit", "red", "red", True, False, True),
            "light                 ▸ ttse__on_exit [red] (hook) (raised)",
        ),
        (
            LogRecord(0.0, "ran", 1, "light", "", "ttsc__go", "--", "--", False, True),
            "light                 ▸ ttsc__go (ignored)",
        ),
        (
            LogRecord(0.0, "raised", 1, "light", "lost", "ttsc__go", error="LookupError"),
            "light                 ✕ ttsc__go raised LookupError: lost",
        ),
        (LogRecord(0.0, "dropped", -1, "tasktonic", "7 events"), "tasktonic             ✕ 7 events"),
    ],
)
def test_line_has_a_sign_for_its_kind(record: LogRecord, line: str) -> None:
    assert shown(record) == [line]


def test_line_begins_with_the_time_of_the_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    record = LogRecord(1_700_000_000.25, "said", 1, "light", "green")

    line = next(lay_out(record, PLAIN))

    assert re.match(r"\d\d:\d\d:20\.250  light", line)


def test_without_unicode_signs_are_plain() -> None:
    plain = Look(80, encoding="ascii")

    assert shown(LogRecord(0.0, "ran", 1, "light", "", "ttsc__go", "red", "green"), plain) == [
        "light                 > ttsc__go [red -> green]"
    ]
    assert shown(LogRecord(0.0, "raised", 1, "a" * 30, "x", "ttsc__go", error="E"), plain) == [
        "aaaaaaaaaaa~aaaaaaaa  ! ttsc__go raised E: x"
    ]


def test_long_text_is_wrapped_under_its_beginning() -> None:
    lines = shown(said("the quick brown fox jumps over the lazy dog and the dog does not mind at all"), NARROW)

    assert lines == [
        "light                 the quick brown fox jumps over the lazy dog",
        HEAD + "and the dog does not mind at all",
    ]


def test_line_may_fill_the_terminal() -> None:
    assert list(map(len, lay_out(said("x" * 44), NARROW))) == [80]
    assert len(list(lay_out(said("x" * 45), NARROW))) == 2


def test_text_of_several_lines_is_indented() -> None:
    assert shown(said("one\ntwo\r\n\n  three\n\n")) == [
        "light                 one",
        HEAD + "two",
        HEAD,
        HEAD + "  three",
    ]


def test_long_name_is_cut_in_the_middle_on_a_terminal() -> None:
    assert shown(said("x", "temperature sensor of hall 7"), NARROW) == ["temperature…f hall 7  x"]


def test_long_name_is_whole_elsewhere() -> None:
    assert shown(said("x", "temperature sensor of hall 7")) == ["temperature sensor of hall 7  x"]


def test_long_text_is_whole_elsewhere() -> None:
    assert shown(said("x " * 100 + "end")) == ["light                 " + "x " * 100 + "end"]


def test_wide_signs_take_two_columns() -> None:
    lines = list(lay_out(said("漢字" * 20, "信号機"), NARROW))

    assert [width_of(line) for line in lines] == [80, HEAD_WIDTH + 36]
    assert lines[0][14:].startswith("信号機" + " " * 14 + "  漢字")


def test_terminal_too_narrow_for_columns_wraps_for_itself() -> None:
    with_columns = Terminal(LONG_TALK, columns=56, environment={"NO_COLOR": "1"}).read()
    without = Terminal(LONG_TALK, columns=55, environment={"NO_COLOR": "1"}).read()

    assert max(map(len, with_columns.splitlines())) <= 56
    assert "word " * 30 in without


def test_control_characters_do_not_reach_the_terminal() -> None:
    assert shown(said("\x1b[2Jgone\ra\tb", "na\nme\x07")) == ["na\\nme\\x07            \\x1b[2Jgone\\ra\tb"]


def test_tabs_become_spaces_on_a_terminal() -> None:
    assert shown(said("a\tb"), NARROW) == ["light                 a   b"]


def test_traceback_is_indented_whole() -> None:
    path = "/a/long/path" * 9
    record = LogRecord(
        0.0, "raised", 1, "light", "lost", "ttsc__go", error="LookupError", traceback=f'T\n  File "{path}"\n'
    )

    assert shown(record, NARROW)[1:] == ["    T", f'      File "{path}"']


def test_what_is_spelled_out_fits_as_well() -> None:
    lines = [line[HEAD_WIDTH:] for line in lay_out(said("漢字" * 8), Look(80, encoding="latin-1"))]

    assert "".join(lines) == "\\u6f22\\u5b57" * 8
    assert [len(line) for line in lines] == [44, 44, 8]


def test_colours_are_around_clock_then_text() -> None:
    coloured = Look(80, has_colours=True)

    line = next(lay_out(LogRecord(0.0, "created", 1, "light"), coloured))

    assert re.fullmatch(r"\x1b\[2m[\d:.]{12}\x1b\[0m  light {15}  \x1b\[2m\+ created\x1b\[0m", line)


def test_colours_say_nothing_that_the_text_does_not() -> None:
    coloured = Look(80, has_colours=True)
    record = LogRecord(0.0, "raised", 1, "light", "x " * 60, "ttsc__go", error="E", traceback="T\n")

    lines = [re.sub(r"\x1b\[\d*m", "", line) for line in lay_out(record, coloured)]

    assert lines == list(lay_out(record, NARROW))


# -- on real terminals --------------------------------------------------------------------------------------------------


def program(body: str, **settings: Any) -> str:
    """An app with one tonic; ``body`` is what its ``ttse__on_start`` does before it finishes."""
    return (
        "from tasktonic import *\n"
        "class Light(ttTonic):\n"
        "    def ttse__on_start(self):\n"
        f"        {body}\n"
        "        self.ttsc__end()\n"
        "    def ttsc__end(self):\n"
        "        self.finish()\n"
        "class App(ttFormula):\n"
        f"    def creating_formula(self): return {settings!r}\n"
        "    def creating_starting_tonics(self): Light(name='light')\n"
        "App()\n"
    )


LONG_TALK = program("self.log('word ' * 30 + 'end')")


def test_terminal_of_80_columns_gets_lines_that_fit() -> None:
    out = Terminal(LONG_TALK, environment={"NO_COLOR": "1"}).read()

    lines = [line for line in out.splitlines() if "word" in line or "end" in line]
    assert [line[HEAD_WIDTH:] for line in lines] == [
        *["word word word word word word word word word"] * 3,
        "word word word end",
    ]


def test_terminal_of_120_columns_gets_longer_lines() -> None:
    out = Terminal(LONG_TALK, columns=120, environment={"NO_COLOR": "1"}).read()

    assert max(map(len, out.splitlines())) == HEAD_WIDTH + len("word " * 17) - 1


def test_terminal_that_does_not_know_its_width_is_taken_for_80() -> None:
    out = Terminal(LONG_TALK, columns=0, environment={"NO_COLOR": "1"}).read()

    assert max(map(len, out.splitlines())) == HEAD_WIDTH + len("word " * 9) - 1


def test_terminal_gets_colours() -> None:
    assert "\x1b[2m+ created\x1b[0m" in Terminal(LONG_TALK).read()


@pytest.mark.parametrize("variable, value", [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_terminal_gets_no_colours_when_they_are_not_wanted(variable: str, value: str) -> None:
    assert "\x1b" not in Terminal(LONG_TALK, environment={variable: value}).read()


def test_empty_no_color_means_nothing() -> None:
    assert "\x1b" in Terminal(LONG_TALK, environment={"NO_COLOR": ""}).read()


def test_pipe_gets_no_colours() -> None:
    out, _ = run_program(LONG_TALK, TERM="xterm")

    assert "\x1b" not in out
    assert "word " * 30 + "end\n" in out


def test_terminal_without_unicode_gets_plain_signs() -> None:
    talk = program(r"self.log('\u03c0 = 3')", **{"tasktonic/log/default": "full"})

    out = Terminal(talk, environment={"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii", "NO_COLOR": "1"}).read()

    assert "> ttse__on_start" in out
    assert "\\u03c0 = 3" in out
    assert out.isascii()


def test_half_of_a_surrogate_pair_is_spelled_out() -> None:
    out = Terminal(program(r"self.log('\ud800 half'); self.log('after')"), environment={"NO_COLOR": "1"}).read()

    assert "\\ud800 half" in out
    assert "after" in out


def test_what_the_app_prints_comes_before_what_it_logs_later() -> None:
    out, _ = run_program(program("print('printed'); self.log('logged')"))

    words = [line.split()[-1] for line in out.splitlines()]
    assert words.index("printed") < words.index("logged")


# -- bad days -----------------------------------------------------------------------------------------------------------

FLOOD = program("[self.ttsc__go(number) for number in range(60_000)]", **{"tasktonic/log/default": "full"}).replace(
    "    def ttsc__end(self):\n", "    def ttsc__go(self, number): pass\n    def ttsc__end(self):\n"
)


def test_terminal_that_stalls_does_not_stop_the_app() -> None:
    terminal = Terminal(FLOOD)

    errors = terminal.wait()  # nobody reads

    terminal.hang_up()
    assert terminal.process.returncode == 0
    assert re.fullmatch(
        r"tasktonic: the log target screen did not take its last \d+ lines in time after the end of the app; they are "
        r"lost\.\n",
        errors,
    )


def test_terminal_that_stalls_for_errors_as_well_does_not_stop_the_app() -> None:
    terminal = Terminal(FLOOD, stderr_too=True)

    terminal.wait()

    terminal.hang_up()
    assert terminal.process.returncode == 0


def test_window_that_is_closed_does_not_stop_the_app() -> None:
    talk = program("self.log('hello'); self.ttsc__end(); raise LookupError('lost')")
    terminal = Terminal("try: input()\nexcept (EOFError, OSError): pass\n" + talk)
    terminal.hang_up()

    errors = terminal.wait()

    assert (
        "the log target screen failed: OSError: [Errno 5] Input/output error. It writes no more; the app goes on.\n"
        in errors
    )
    assert "light.ttse__on_start raised:\n" in errors
    assert errors.endswith("LookupError: lost\n")
    assert terminal.process.returncode == 0


def run_into_a_closed_pipe(talk: str) -> subprocess.CompletedProcess[str]:
    ours, theirs = os.pipe()
    os.close(ours)
    try:
        return subprocess.run(
            [sys.executable, "-c", talk],
            stdout=theirs,
            stderr=subprocess.PIPE,
            env=environment_with(),
            text=True,
            timeout=60,
            check=False,
        )
    finally:
        os.close(theirs)


def test_reader_that_has_left_is_told_once() -> None:
    ended = run_into_a_closed_pipe(program("self.log('hello'); self.log('again')"))

    assert ended.stderr == (
        "tasktonic: the log target screen failed: BrokenPipeError: [Errno 32] Broken pipe. It writes no more; the app goes on.\n"
    )
    assert ended.returncode == 0


def test_standard_output_that_was_never_open_is_told_once() -> None:
    ended = subprocess.run(
        ["sh", "-c", '"$0" -c "$1" >&-', sys.executable, LONG_TALK],
        stderr=subprocess.PIPE,
        env=environment_with(),
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.stderr == (
        "tasktonic: the log target screen failed: OSError: there is no standard output. It writes no more; the app goes on.\n"
    )
    assert ended.returncode == 0


def test_pipe_that_does_not_wait_gets_all() -> None:
    talk = "import os\nos.set_blocking(1, False)\n" + program("[self.log('x' * 1000) for _ in range(500)]")

    out, err = run_program(talk)

    assert out.count("x" * 1000) == 500
    assert err == ""


def test_ctrl_c_before_a_terminal_that_stalls_ends_the_app() -> None:
    forever = (
        FLOOD.replace("range(60_000)]", "range(10)]; print('begun', file=__import__('sys').stderr, flush=True)")
        .replace("def ttsc__go(self, number): pass", "def ttsc__go(self, number): self.ttsc__go(number)")
        .replace("        self.finish()\n", "        pass\n")
    )
    terminal = Terminal(forever)
    assert terminal.process.stderr is not None
    assert terminal.process.stderr.readline() == b"begun\n"

    terminal.process.send_signal(signal.SIGINT)
    terminal.wait()

    terminal.hang_up()
    assert terminal.process.returncode == 0


class Speaker(ttTonic):
    def ttse__on_start(self) -> None:
        self.log("hello π")
        self.finish()


def test_screen_that_is_no_file_gets_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    monkeypatch.setattr(sys, "stdout", screen)

    run_app(Speaker, settings={"tasktonic/log/to": "screen"})

    assert "hello π\n" in screen.getvalue()


def test_screen_that_is_no_file_with_a_small_alphabet_gets_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", screen)

    run_app(Speaker, settings={"tasktonic/log/to": "screen"})

    screen.seek(0)
    assert "hello \\u03c0\n" in screen.read()


def test_screen_that_raises_does_not_stop_the_app(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr(sys, "stdout", Gone())

    formula = run_app(Speaker, settings={"tasktonic/log/to": "screen"})

    assert formula.ledger.essences == []
    assert "the log target screen failed: BrokenPipeError: [Errno 32] Broken pipe." in capsys.readouterr().err


def test_screen_is_looked_at_anew_for_each_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = io.StringIO(), io.StringIO()
    log = ScreenLog()
    put: Callable[[io.StringIO], None] = lambda screen: monkeypatch.setattr(sys, "stdout", screen)  # noqa: E731

    for screen, text in ((first, "one"), (second, "two")):
        put(screen)
        log.write(said(text))
        log.flush()

    assert first.getvalue().endswith("one\n")
    assert second.getvalue().endswith("two\n")
