"""ScriptProcess: a script that was started, what it prints, and how it ends. No tonics here.

One thread reads both pipes and waits for the end. What the process prints is always taken off the pipes, but only so much
of it a second goes on to the window; the rest is counted, and the count is said.
"""

from __future__ import annotations

import codecs
import contextlib
import errno
import os
import re
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Literal, Protocol

from tasktonic_studio.session.inbox import InboxItem, Output

LINES_PER_SECOND: Final = 2_000
CHARACTERS_PER_SECOND: Final = 400_000
LONGEST_LINE: Final = 4_000
READ_BYTES: Final = 256 * 1024
READ_PER_SLICE: Final = 2 * 1024 * 1024
"""After so much in one slice the process waits for us: reading at full speed would take a whole core."""
SLICE_S: Final = 0.05
UNFINISHED_LINE_S: Final = 0.2
"""A line without an end (a question, say) is shown after so long."""
LAST_OUTPUT_S: Final = 0.3
"""After the end of the process its pipes are read until nothing came for so long; children may hold them open for ever."""
TAIL_CHARACTERS: Final = 8_000

StreamName = Literal["stdout", "stderr"]


class Feed(Protocol):
    """Where output goes: `services.feed.Feed`, or one that keeps it for itself. Called in the thread of the process."""

    def put(self, item: InboxItem) -> None: ...
    def say(self, sentence: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Ending:
    """How a process ended. `code` is negative for a signal. `sentence` begins with `ended:`.

    `left_behind`: processes that it started still run and hold its output. `was_stopped`: the Studio asked it to.
    """

    code: int
    sentence: str
    left_behind: bool
    was_stopped: bool


class ScriptProcess:
    """A started script, in a process group of its own.

    Args:
        command: the program and its arguments.
        environment: all of it.
        folder: where it runs.
        feed: where its output goes.
        on_end: called once, in this object's thread, after its output was read.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        folder: str,
        feed: Feed,
        on_end: Callable[[Ending], None],
    ) -> None:
        self._feed = feed
        self._on_end = on_end
        self._stop_asked = False
        self._killed = False
        self._steps: list[tuple[float, int]] = []
        """What is still to be done to stop it: when, and which signal."""
        self._over = threading.Event()
        self._group_lock = threading.Lock()
        self._process: subprocess.Popen[bytes] = subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=dict(environment),
            cwd=folder,
            start_new_session=True,
        )
        self.pid = self._process.pid
        self._outputs = {name: _Lines(name, feed) for name in ("stdout", "stderr")}
        self._thread = threading.Thread(target=self._run, name="studio script", daemon=True)
        try:
            self._thread.start()
        except RuntimeError as error:
            self._process.kill()
            self._process.communicate()
            raise OSError(errno.EAGAIN, f"there is no thread for it: {error}") from error

    # ---- any thread ----------------------------------------------------------------------------------------------

    def stop(self, grace_s: float, *, gently: bool = False) -> None:
        """Ask the process and those it started to end; kill them all when it has not within `grace_s`. Returns at once.

        `gently` asks first as Ctrl+C does: an app of the framework then finishes its tonics in order.
        """
        now = time.monotonic()
        self._stop_asked = True
        first = [signal.SIGINT, signal.SIGTERM] if gently else [signal.SIGTERM]
        self._steps = [(now + grace_s / 2, number) for number in first[1:]] + [(now + grace_s, _KILL)]
        self._signal_group(first[0])

    @property
    def has_ended(self) -> bool:
        """Whether the process has, also while what it said last is still being read."""
        return self._process.poll() is not None

    def join(self, timeout_s: float) -> bool:
        """Wait until it has ended and everything was said; false when that takes longer."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _signal_group(self, number: int) -> None:
        with self._group_lock:
            # Once everything is over the number may belong to others.
            if self._over.is_set():
                return
            with contextlib.suppress(ProcessLookupError, PermissionError):
                if sys.platform == "win32":
                    self._process.terminate()
                else:
                    os.killpg(self.pid, number)

    # ---- its own thread --------------------------------------------------------------------------------------------

    def _run(self) -> None:
        told = False

        def end(ending: Ending) -> None:
            nonlocal told
            told = True
            self._on_end(ending)

        try:
            self._read_all(end)
        except Exception as error:
            # What is said of it may be more than whoever takes it can bear: its end must be told all the same.
            self._signal_group(_KILL)
            code = self._process.wait()
            if not told:
                sentence = f"ended: what it said could not be read, {type(error).__name__}: {error}"
                self._on_end(Ending(code, sentence, left_behind=False, was_stopped=self._stop_asked))
            raise
        finally:
            for pipe in (self._process.stdout, self._process.stderr):
                if pipe is not None:
                    pipe.close()
            with self._group_lock:
                self._over.set()

    def _read_all(self, end: Callable[[Ending], None]) -> None:
        pipes: dict[IO[bytes], _Lines] = {}
        with selectors.DefaultSelector() as selector:
            for name, pipe in (("stdout", self._process.stdout), ("stderr", self._process.stderr)):
                assert pipe is not None
                os.set_blocking(pipe.fileno(), False)
                pipes[pipe] = self._outputs[name]
                selector.register(pipe, selectors.EVENT_READ)
            code = self._read_until_the_end(selector, pipes)
            left_behind = bool(pipes)
            for lines in self._outputs.values():
                lines.finish()
            end(Ending(code, self._sentence(code), left_behind, self._stop_asked))
            if left_behind:
                self._read_from_children(selector, pipes)

    def _read_until_the_end(self, selector: selectors.BaseSelector, pipes: dict[IO[bytes], _Lines]) -> int:
        """Read while it lives, then what is left; gives the exit code."""
        quiet_since = time.monotonic()
        while True:
            code = self._process.poll()
            came = self._read_slice(selector, pipes)
            now = time.monotonic()
            quiet_since = now if came else quiet_since
            if code is not None and self._steps:
                # The script itself has ended as it was asked to; what it started goes with it.
                self._steps = []
                self._signal_group(_KILL)
            if code is not None and (not pipes or now - quiet_since >= LAST_OUTPUT_S):
                return code
            self._killed = self._take_step(now) or self._killed

    def _take_step(self, now: float) -> bool:
        """Send the next signal when its time has come; true when that was the last means."""
        if not self._steps or now < self._steps[0][0]:
            return False
        _, number = self._steps.pop(0)
        self._signal_group(number)
        return number == _KILL

    def _read_from_children(self, selector: selectors.BaseSelector, pipes: dict[IO[bytes], _Lines]) -> None:
        """The script has ended; what it started still prints, until it ends or is stopped."""
        let_go_at = 0.0
        while pipes and not (let_go_at and time.monotonic() >= let_go_at):
            self._read_slice(selector, pipes)
            if self._take_step(time.monotonic()):
                # One that left the group holds the pipes for ever.
                let_go_at = time.monotonic() + LAST_OUTPUT_S
        for lines in self._outputs.values():
            lines.finish()

    def _read_slice(self, selector: selectors.BaseSelector, pipes: dict[IO[bytes], _Lines]) -> bool:
        """Read for one slice of time; true when anything came."""
        began = time.monotonic()
        taken = 0
        if pipes:
            ready = selector.select(SLICE_S)
        else:
            # Both pipes are closed and the process lives on: only its end is waited for.
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(SLICE_S)
            ready = []
        for key, _ in ready:
            pipe = key.fileobj
            assert not isinstance(pipe, int)
            data = _read(pipe.fileno())
            if data is None:
                continue
            if not data:
                selector.unregister(pipe)
                del pipes[pipe]  # type: ignore[arg-type]
                continue
            taken += len(data)
            pipes[pipe].take(data)  # type: ignore[index]
        for lines in self._outputs.values():
            lines.beat()
        if taken >= READ_BYTES:
            # It prints faster than anyone can read. Let it wait a little, and the window breathe.
            rest = SLICE_S * taken / READ_PER_SLICE - (time.monotonic() - began)
            if rest > 0:
                self._over.wait(rest)
        return taken > 0

    def _sentence(self, code: int) -> str:
        if self._stop_asked:
            return "ended: stopped" if not self._killed else "ended: it did not stop when asked, and was killed"
        if code < 0:
            return f"ended: killed by signal {-code}{_signal_name(-code)}"
        if code == 0:
            return "ended: exit code 0"
        why = what_python_said(self._outputs["stderr"].tail)
        return f"ended: exit code {code}{', ' + why if why else ''}"


_KILL: Final = getattr(signal, "SIGKILL", signal.SIGTERM)


def _signal_name(number: int) -> str:
    with contextlib.suppress(ValueError):
        return f" ({signal.Signals(number).name})"
    return ""


def _read(descriptor: int) -> bytes | None:
    try:
        return os.read(descriptor, READ_BYTES)
    except BlockingIOError:
        return None
    except OSError:
        return b""


_ERROR_LINE: Final = re.compile(
    r"^(?P<type>[A-Za-z_][\w.]*(?:Error|Exception|Interrupt|Warning|Exit|Group))(?::\s*(?P<text>.*))?$"
)
_PLACE_LINE: Final = re.compile(r'^\s+File "(?P<file>.+?)", line (?P<line>\d+)')


def what_python_said(stderr: str) -> str:
    """The error in the traceback at the end of what was printed: `ValueError: no such pump (app.py, line 7)`; else empty."""
    lines = stderr.rstrip().splitlines()
    for index in range(len(lines) - 1, max(len(lines) - 12, -1), -1):
        match = _ERROR_LINE.match(lines[index])
        if match is None:
            continue
        place = ""
        for earlier in reversed(lines[:index]):
            found = _PLACE_LINE.match(earlier)
            if found:
                place = f" ({Path(found['file']).name}, line {found['line']})"
                break
        text = (match["text"] or "")[:200]
        return f"{match['type']}: {text}{place}" if text else f"{match['type']}{place}"
    return ""


class _Lines:
    """Bytes of one pipe to lines in the inbox, not too many a second."""

    def __init__(self, name: str, feed: Feed) -> None:
        self._name: StreamName = "stdout" if name == "stdout" else "stderr"
        self._feed = feed
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._unfinished = ""
        self._unfinished_since = 0.0
        self._lacks_end = False
        """The last line that was shown had no end yet."""
        self._second = time.monotonic()
        self._lines_left = LINES_PER_SECOND
        self._characters_left = CHARACTERS_PER_SECOND
        self._skipped_lines = 0
        self._skipped_characters = 0
        self.tail = ""
        """The end of what was printed."""

    def take(self, data: bytes) -> None:
        new = self._decode(data)
        self.tail = (self.tail + new[-TAIL_CHARACTERS:])[-TAIL_CHARACTERS:]
        if new and self._lacks_end:
            # Python writes a line and its end one after the other: what comes late is no line of its own.
            self._lacks_end = False
            if new.startswith(("\n", "\r\n")):
                new = new[new.index("\n") + 1 :]
        text = self._unfinished + new
        lines = text.split("\n")
        self._unfinished = lines.pop()
        if self._unfinished:
            self._unfinished_since = time.monotonic()
        if len(self._unfinished) > LONGEST_LINE * 16:
            # A line without end must not grow without end.
            lines.append(self._unfinished)
            self._unfinished = ""
        self._show(lines)

    def beat(self) -> None:
        """A little time has passed: show a line that has no end, say what was skipped."""
        now = time.monotonic()
        if self._unfinished and now - self._unfinished_since >= UNFINISHED_LINE_S:
            lines, self._unfinished, self._lacks_end = [self._unfinished], "", True
            self._show(lines)
        if now - self._second >= 1.0:
            self._say_skipped()
            self._second = now
            self._lines_left, self._characters_left = LINES_PER_SECOND, CHARACTERS_PER_SECOND

    def finish(self) -> None:
        """Nothing more comes."""
        rest = self._unfinished + self._decode(b"", True)
        self._unfinished = ""
        if rest:
            self._show([rest])
        self._say_skipped()

    def _show(self, lines: list[str]) -> None:
        shown: list[str] = []
        for index, line in enumerate(lines):
            if self._lines_left <= 0 or self._characters_left <= 0:
                self._skipped_lines += len(lines) - index
                self._skipped_characters += sum(map(len, lines[index:]))
                break
            line = line.rstrip("\r")
            if len(line) > LONGEST_LINE:
                line = f"{line[:LONGEST_LINE]}… ({len(line) - LONGEST_LINE:,} more characters)"
            shown.append(line)
            self._lines_left -= 1
            self._characters_left -= len(line)
        if shown:
            self._feed.put(Output(self._name, "\n".join(shown) + "\n", time.monotonic_ns()))

    def _say_skipped(self) -> None:
        if self._skipped_lines:
            self._feed.say(
                f"The script prints too fast: {self._skipped_lines:,} lines ({self._skipped_characters:,} characters) of "
                f"{self._name} are not shown."
            )
            self._skipped_lines = self._skipped_characters = 0
