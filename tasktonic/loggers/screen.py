"""Readable lines on a terminal.

    12:58:03.120  light                 ▸ ttsc__push [red → green]
    └ clock ────  └ who, 20 columns ──  └ what

A sign says which kind of line it is, so that no colour is needed. Where there is a terminal, lines fit into its width:
texts are wrapped under their own beginning, names longer than their column are cut in the middle, and signs and clock are
coloured unless ``NO_COLOR`` is set. Into a pipe or a file goes every line whole and without colours. Tracebacks are never
wrapped: an editor finds the file by them. Control characters are spelled out, and so is what an encoding lacks.
"""

from __future__ import annotations

import codecs
import io
import os
import select
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from .columns import TAB, fitted, visible, width_of, wrapped
from .record import CREATED, DROPPED, FINISHED, RAISED, RAN, LogRecord
from .service import ttLogService

NAME_WIDTH: Final = 20
HEAD_WIDTH: Final = 12 + 2 + NAME_WIDTH + 2
USUAL_COLUMNS: Final = 80
"""Of a terminal that does not say how wide it is."""
NARROWEST: Final = HEAD_WIDTH + 20
"""A narrower terminal wraps for itself."""

_SIGNS: Final = {CREATED: "+ ", FINISHED: "- ", RAN: "▸ ", RAISED: "✕ ", DROPPED: "✕ "}
_PLAIN_SIGNS: Final = {**_SIGNS, RAN: "> ", RAISED: "! ", DROPPED: "! "}
_COLOURS: Final = {CREATED: "2", FINISHED: "2", RAN: "36", RAISED: "31", DROPPED: "33"}
_DIM: Final = "2"


@dataclass(frozen=True, slots=True)
class Look:
    """What the screen can show. ``columns`` is 0 where lines are not wrapped."""

    columns: int = 0
    has_colours: bool = False
    encoding: str = "utf-8"

    @property
    def has_signs(self) -> bool:
        """Whether the encoding has the signs that lines begin with."""
        return self.spelled("▸✕→…") == "▸✕→…"

    def spelled(self, text: str) -> str:
        """A text with what the screen cannot or must not get spelled out."""
        text = visible(text)
        if text.isascii():
            return text
        return text.encode(self.encoding, "backslashreplace").decode(self.encoding)


class ScreenLog(ttLogService):
    """The target ``screen``: standard output."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[str] = []
        self._look = Look()

    def write(self, record: LogRecord) -> None:
        if not self._lines:
            self._look = look_of(sys.stdout)
        self._lines += lay_out(record, self._look)

    def flush(self) -> None:
        lines, self._lines = self._lines, []
        if lines:
            _put(sys.stdout, "\n".join(lines) + "\n")


def look_of(screen: Any) -> Look:
    """What a standard output can show at this moment: somebody may have put another in its place, or changed its width.

    Raises:
        OSError: there is none.
    """
    if screen is None:
        raise OSError("there is no standard output")
    columns = 0
    if screen.isatty():
        columns = USUAL_COLUMNS
        try:
            columns = os.get_terminal_size(screen.fileno()).columns or columns
        except (OSError, ValueError):
            pass  # it says that it is a terminal, and no more
    knows_colours = os.name != "nt" or bool(os.environ.get("WT_SESSION"))
    wanted = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Look(columns if columns >= NARROWEST else 0, columns > 0 and knows_colours and wanted, _encoding_of(screen))


def _encoding_of(screen: Any) -> str:
    encoding = getattr(screen, "encoding", None) or "utf-8"  # a StringIO takes all
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        return "ascii"


def lay_out(record: LogRecord, look: Look) -> Iterator[str]:
    """The lines of a record."""
    clock = time.strftime("%H:%M:%S", time.localtime(record.time)) + f".{int(record.time * 1000) % 1000:03d}"
    ellipsis, arrow, signs = ("…", "→", _SIGNS) if look.has_signs else ("~", "->", _PLAIN_SIGNS)
    name = look.spelled(record.name)
    if look.columns:
        name = fitted(name, NAME_WIDTH, ellipsis)
    else:
        name += " " * (NAME_WIDTH - width_of(name))
    colour = _COLOURS.get(record.event, "")
    head = f"{_coloured(clock, _DIM, look)}  {name}  "
    for text in _text_lines(signs.get(record.event, "") + record.described(arrow), look):
        yield head + _coloured(text, colour, look)
        head = " " * HEAD_WIDTH
    if record.traceback:
        for line in record.traceback.rstrip().split("\n"):
            yield "    " + look.spelled(line)


def _text_lines(text: str, look: Look) -> Iterator[str]:
    for line in text.rstrip("\r\n").split("\n"):
        line = line.removesuffix("\r")
        if not look.columns:
            yield "\t".join(map(look.spelled, line.split("\t")))
        else:
            yield from wrapped(look.spelled(line.expandtabs(TAB)), look.columns - HEAD_WIDTH)


def _coloured(text: str, colour: str, look: Look) -> str:
    return f"\x1b[{colour}m{text}\x1b[0m" if colour and text and look.has_colours else text


def _put(screen: Any, text: str) -> None:
    """Write text to a standard output.

    To a real file not through Python's buffer: a terminal that stalls would leave its lock taken, then the app's own
    ``print`` would wait as well, and at the end the interpreter would abort. And what cannot be written must not be left in
    the buffer, or the interpreter fails at the end when it tries again.
    """
    number = _real_file(screen)
    if number is None:
        screen.write(text)
        screen.flush()
        return
    data = text.replace("\n", os.linesep).encode(_encoding_of(screen), "backslashreplace")
    _wait_until_it_takes(number)
    screen.flush()  # what the app has printed before
    while data:
        try:
            data = data[os.write(number, data) :]
        except BlockingIOError:
            _wait_until_it_takes(number)


def _real_file(screen: Any) -> int | None:
    """The number of the open file behind a standard output; none when it writes elsewhere, as in a notebook."""
    if type(screen) is not io.TextIOWrapper:
        return None
    raw = getattr(screen.buffer, "raw", screen.buffer)
    return raw.fileno() if isinstance(raw, io.FileIO) else None


def _wait_until_it_takes(number: int) -> None:
    if hasattr(select, "poll"):
        poll = select.poll()
        poll.register(number, select.POLLOUT)
        poll.poll()
