"""Readable lines on a terminal."""

from __future__ import annotations

import sys
import time

from ..clock import now_ns, wall_ns
from ..events import ERROR, HOOK, IGNORED, Raised
from .service import ttLogService

NAME_WIDTH = 20


class ScreenLog(ttLogService):
    """A line each: wall time, who, what. A sign says which kind of line it is, so that no colour is needed."""

    def __init__(self) -> None:
        self._wall_offset_ns = wall_ns() - now_ns()
        self._lines: list[str] = []
        encoding = (getattr(sys.stdout, "encoding", None) or "ascii").lower()
        plain = not encoding.startswith("utf")
        self._signs = ("+", "-", ">", "!", "->") if plain else ("+", "-", "▸", "✕", "→")
        super().__init__()

    def _line(self, t_ns: int, name: str, text: str) -> None:
        wall_s = ((t_ns or now_ns()) + self._wall_offset_ns) / 1e9
        clock = time.strftime("%H:%M:%S", time.localtime(wall_s))
        head = f"{clock}.{int(wall_s * 1000) % 1000:03d}  {name:<{NAME_WIDTH}}  "
        first, *more = text.split("\n")
        self._lines.append(head + first)
        self._lines.extend(" " * len(head) + line for line in more)

    def said(self, t_ns: int, name: str, text: str) -> None:
        self._line(t_ns, name, text.rstrip("\n"))

    def born(self, t_ns: int, name: str) -> None:
        self._line(t_ns, name, f"{self._signs[0]} created")

    def ended(self, t_ns: int, name: str) -> None:
        self._line(t_ns, name, f"{self._signs[1]} finished")

    def ran(self, t_ns: int, name: str, sparkle: str, before: str, after: str, flags: int) -> None:
        words = [self._signs[2], sparkle]
        if before != after:
            words.append(f"[{before} {self._signs[4]} {after}]")
        elif before != "--":
            words.append(f"[{before}]")
        words += [
            word for flag, word in ((HOOK, "(hook)"), (IGNORED, "(ignored)"), (ERROR, "(raised)")) if flags & flag
        ]
        self._line(t_ns, name, " ".join(words))

    def raised(self, error: Raised, name: str) -> None:
        self._line(error.t_ns, name, f"{self._signs[3]} {error.sparkle} raised {error.type}: {error.text}")
        self._lines.extend("    " + line for line in error.traceback.rstrip().split("\n"))

    def flush(self) -> None:
        if self._lines:
            lines, self._lines = self._lines, []
            text = "\n".join(lines) + "\n"
            try:
                sys.stdout.write(text)
            except UnicodeEncodeError:
                encoding = sys.stdout.encoding
                sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
            sys.stdout.flush()
