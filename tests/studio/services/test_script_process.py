"""What a script printed last, and the parts that need no process."""

from __future__ import annotations

import time

import pytest

from tasktonic_studio.services import script_process
from tasktonic_studio.services.feed import Feed
from tasktonic_studio.services.script_process import _Lines, what_python_said
from tasktonic_studio.session.inbox import Inbox, Notice, Output

TRACEBACK = """Traceback (most recent call last):
  File "/home/x/app.py", line 12, in <module>
    main()
  File "/home/x/app.py", line 7, in main
    raise ValueError("no such pump")
ValueError: no such pump
"""

SYNTAX = """  File "/home/x/app.py", line 2
    def broken(:
               ^
SyntaxError: invalid syntax
"""


@pytest.mark.parametrize(
    "stderr, sentence",
    [
        ("", ""),
        ("all is well\n", ""),
        (TRACEBACK, "ValueError: no such pump (app.py, line 7)"),
        (SYNTAX, "SyntaxError: invalid syntax (app.py, line 2)"),
        (TRACEBACK + "one more line after it\n", "ValueError: no such pump (app.py, line 7)"),
        (
            "tasktonic.errors.ttShutdownError: thread 3 did not end\n",
            "tasktonic.errors.ttShutdownError: thread 3 did not end",
        ),
        ("KeyboardInterrupt\n", "KeyboardInterrupt"),
    ],
)
def test_the_error_that_python_printed_last(stderr: str, sentence: str) -> None:
    assert what_python_said(stderr) == sentence


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def lines(inbox: Inbox) -> _Lines:
    return _Lines("stdout", Feed(inbox))


def shown(inbox: Inbox) -> list[str]:
    return [item.text for item in inbox.take_all() if isinstance(item, (Output, Notice))]


def test_a_character_cut_in_two_by_the_pipe_comes_out_whole(lines: _Lines, inbox: Inbox) -> None:
    data = "pumpe läuft\n".encode()
    for byte in data:
        lines.take(bytes([byte]))

    assert shown(inbox) == ["pumpe läuft\n"]


def test_bytes_that_are_no_text_are_shown_all_the_same(lines: _Lines, inbox: Inbox) -> None:
    lines.take(b"a\xffb\r\n")

    assert shown(inbox) == ["a\ufffdb\n"]


def test_lines_of_one_read_are_one_item(lines: _Lines, inbox: Inbox) -> None:
    lines.take(b"one\ntwo\n\nthr")
    lines.finish()

    assert shown(inbox) == ["one\ntwo\n\n", "thr\n"]


def test_past_the_limit_lines_are_counted_and_not_shown(lines: _Lines, inbox: Inbox) -> None:
    lines.take(b"x\n" * (script_process.LINES_PER_SECOND + 7))
    lines.finish()

    text, notice = shown(inbox)
    assert text.count("\n") == script_process.LINES_PER_SECOND
    assert notice == "The script prints too fast: 7 lines (7 characters) of stdout are not shown."


def test_the_next_second_shows_lines_again(lines: _Lines, inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    lines.take(b"x\n" * (script_process.LINES_PER_SECOND + 1))
    now = time.monotonic()
    monkeypatch.setattr("tasktonic_studio.services.script_process.time.monotonic", lambda: now + 1.5)

    lines.beat()
    lines.take(b"again\n")

    assert shown(inbox)[-1] == "again\n"


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_the_end_of_a_line_that_comes_late_is_no_line_of_its_own(
    lines: _Lines, inbox: Inbox, monkeypatch: pytest.MonkeyPatch, end: bytes
) -> None:
    lines.take(b"to out")
    now = time.monotonic()
    monkeypatch.setattr("tasktonic_studio.services.script_process.time.monotonic", lambda: now + 0.5)
    lines.beat()
    lines.take(end)
    lines.take(b"\nmore\n")
    lines.finish()

    assert "".join(shown(inbox)) == "to out\n\nmore\n"


def test_what_goes_on_after_a_while_is_shown_below(
    lines: _Lines, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines.take(b"your name? ")
    now = time.monotonic()
    monkeypatch.setattr("tasktonic_studio.services.script_process.time.monotonic", lambda: now + 0.5)
    lines.beat()
    lines.take(b"Ada\n\n")

    assert "".join(shown(inbox)) == "your name? \nAda\n\n"


def test_a_very_long_line_is_cut(lines: _Lines, inbox: Inbox) -> None:
    lines.take(b"y" * 10_000 + b"\n")

    assert shown(inbox)[0].endswith("… (6,000 more characters)\n")


def test_a_closed_feed_lets_nothing_through(inbox: Inbox) -> None:
    feed = Feed(inbox)
    feed.close()

    feed.say("too late")

    assert not inbox.take_all()
