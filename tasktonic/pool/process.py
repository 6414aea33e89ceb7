"""A worker process, seen from the app. One thread of the pool owns it: starts it, talks to it, ends it."""

from __future__ import annotations

import pickle
import signal
import subprocess
import sys
from collections.abc import Callable
from multiprocessing import Pipe
from pathlib import Path
from typing import Any, Final

from ..errors import ttWorkerError
from .performing import CANCEL

LOOK_S: Final = 1.0
"""While it works: how often to look whether it lives and is wanted. Its pipe tells at once, unless a child of its own keeps that open."""

_FOLDER: Final = str(Path(__file__).resolve().parents[2])
_PROGRAM: Final = (
    "import sys; sys.path.insert(0, {folder!r}); from tasktonic.pool.worker import serve; serve({descriptor})"
)


def _preparation() -> dict[str, Any]:
    """What a worker needs to import what this program imports, in the words of ``multiprocessing.spawn.prepare``.

    Not by ``get_preparation_data``: that one settles the start method of the whole program.
    """
    found: dict[str, Any] = {
        "name": "tasktonic worker",
        "sys_path": [folder or str(Path.cwd()) for folder in sys.path],
        "sys_argv": sys.argv,
        "dir": str(Path.cwd()),
    }
    main = sys.modules["__main__"]
    spec, file = getattr(main, "__spec__", None), getattr(main, "__file__", None)
    if spec is not None:
        found["init_main_from_name"] = spec.name
    elif file is not None:
        found["init_main_from_path"] = str(Path(file).resolve())
    return found


class WorkerProcess:
    """A new interpreter, started and not forked: a fork would copy locks that other threads hold.

    Raises:
        OSError: it cannot be started.
    """

    def __init__(self) -> None:
        self._pipe, other_end = Pipe()
        try:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    *subprocess._args_from_interpreter_flags(),  # type: ignore[attr-defined]
                    "-c",
                    _PROGRAM.format(folder=_FOLDER, descriptor=other_end.fileno()),
                ],
                stdin=subprocess.DEVNULL,
                pass_fds=(other_end.fileno(),),
            )
        except BaseException:
            self._pipe.close()
            raise
        finally:
            other_end.close()
        self.pid = self._process.pid
        self._greeting: bytes | None = pickle.dumps(_preparation())

    @property
    def is_alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def work(
        self,
        name: str,
        packed: bytes,
        reports: bool,
        heard: Callable[[tuple[Any, ...]], None],
        is_wanted: Callable[[], bool],
    ) -> tuple[Any, ...]:
        """Have it do something; returns its last message. ``heard`` gets each report.

        Once the work is not wanted any more the process is told, and reporting raises there.

        Raises:
            ttWorkerError: it died.
        """
        try:
            if self._greeting is not None:
                self._pipe.send_bytes(self._greeting)
                self._greeting = None
            self._pipe.send_bytes(pickle.dumps((name, reports)))
            self._pipe.send_bytes(packed)  # by itself: it may be large
            was_told = False
            while True:
                if not (was_told or is_wanted()):
                    was_told = True
                    self._pipe.send_bytes(pickle.dumps(CANCEL))
                if self._pipe.poll(LOOK_S):
                    kind, *rest = self._read(name, self._pipe.recv_bytes())
                    if kind != "report":
                        return (kind, *rest)
                    heard(rest[0])
                elif not self.is_alive and not self._pipe.poll():
                    raise EOFError
        except (EOFError, OSError):
            raise ttWorkerError(self._say_how_it_died(name)) from None

    @staticmethod
    def _read(name: str, message: bytes) -> tuple[Any, ...]:
        try:
            read: tuple[Any, ...] = pickle.loads(message)
            return read
        except Exception as error:
            problem = ttWorkerError(
                f"{name}: what came back from the worker process cannot be read: {type(error).__name__}: {error}. Return what "
                "this process can unpickle."
            )
            return "error", problem, str(problem)

    def _say_how_it_died(self, name: str) -> str:
        self._pipe.close()
        try:
            code = self._process.wait(LOOK_S)
        except subprocess.TimeoutExpired:  # it closed the pipe, but lives: nobody can talk to it any more
            self._process.kill()
            code = self._process.wait()
        if code >= 0:
            how = f"ended with exit code {code}"
        else:
            try:
                how = f"was killed by signal {-code} ({signal.Signals(-code).name})"
            except ValueError:
                how = f"was killed by signal {-code}"
        return (
            f"{name}: the worker process {self.pid} {how} while it ran this. Nothing else is lost: the pool starts another for "
            "the next work. See what the function does to its process (memory, os._exit, a crash in an extension)."
        )

    def kill(self) -> None:
        """End it at once. Any thread."""
        self._process.kill()

    def close(self) -> None:
        """End it: it sees the end of the pipe, and is killed if that does not do. In the thread that owns it."""
        self._pipe.close()
        try:
            self._process.wait(LOOK_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
