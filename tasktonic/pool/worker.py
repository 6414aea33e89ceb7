"""The other side: what runs in a worker process, from its start to the end of the pipe."""

from __future__ import annotations

import io
import os
import pickle
import queue
import signal
import threading
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

from ..errors import ttRunningError, ttWorkCancelledError
from ..formula import ttFormula
from .performing import CANCEL, perform


def serve(descriptor: int) -> None:
    """Do work that comes through a pipe until it is closed; then the app that wanted it has ended, however it did."""
    os.set_inheritable(descriptor, False)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C goes to all at once; the app decides what ends and when
    pipe = Connection(descriptor)
    program = _Program(pickle.loads(pipe.recv_bytes()))
    inbox = _Inbox(pipe)
    inbox.start()
    while (message := inbox.messages.get()) is not None:
        name, reports, packed = message
        inbox.answer(perform(name, packed, reports, partial(inbox.report, name), program.read))


class _Inbox(threading.Thread):
    """Listens to the app also while the work runs: it may be cancelled, and it must not outlive the app."""

    def __init__(self, pipe: Any) -> None:
        super().__init__(name="inbox", daemon=True)
        self.messages: queue.SimpleQueue[tuple[str, bool, bytes] | None] = queue.SimpleQueue()
        """What is to be done next: name, whether it reports, the work; ``None`` when there will be nothing more."""
        self._pipe = pipe
        self._is_wanted = False
        """Whether somebody waits for the work that runs."""
        self._is_busy = False
        self._lock = threading.Lock()
        """Keeps reports of several threads apart."""

    def run(self) -> None:
        try:
            while True:
                head = pickle.loads(self._pipe.recv_bytes())
                self._is_wanted = head is not CANCEL
                if self._is_wanted:
                    self._is_busy = True
                    self.messages.put((*head, self._pipe.recv_bytes()))
        except (EOFError, OSError):
            self.messages.put(None)
            if self._is_busy:
                os._exit(1)  # nobody is left who could want it, and it might never end

    def report(self, name: str, message: bytes) -> None:
        """Send a report.

        Raises:
            ttWorkCancelledError: nobody waits for it.
        """
        with self._lock:
            if not self._is_wanted:
                raise ttWorkCancelledError(
                    f"{name}: nobody waits for this work any more. Let this error through, so that it ends."
                )
            self._pipe.send_bytes(message)

    def answer(self, message: bytes) -> None:
        """Send how the work went. A thread that it has left behind has nobody to report to any more."""
        with self._lock:
            self._is_wanted = self._is_busy = False
            try:
                self._pipe.send_bytes(message)
            except OSError:
                return  # the app has gone just now; the inbox sees that too


class _Program:
    """The program that this process works for, as far as it has to be here too."""

    def __init__(self, preparation: dict[str, Any]) -> None:
        """Have the folders of the program; its script is loaded when something of it is needed."""
        from multiprocessing import spawn

        self._preparation = preparation
        scripts = ("init_main_from_name", "init_main_from_path")
        spawn.prepare({key: value for key, value in preparation.items() if key not in scripts})

    def read(self, packed: bytes) -> Any:
        """Unpickle what the app sent, and load its script first if something in there is of the script."""
        return _Unpickler(packed, self.load_script).load()

    def load_script(self) -> None:
        """Have what is ``__main__`` in the app as ``__main__`` here too. Once.

        Raises:
            ttRunningError: the script runs an app when it is loaded.
            BaseException: whatever else it raises.
        """
        preparation, self._preparation = self._preparation, {}
        if not preparation:
            return
        from multiprocessing import spawn

        ttFormula.before_app.insert(0, _refuse)
        try:
            spawn.prepare(preparation)
        except BaseException:
            self._preparation = preparation  # the next work needs it as much
            raise
        finally:
            ttFormula.before_app.remove(_refuse)


class _Unpickler(pickle.Unpickler):
    """Tells before it looks for something in the script of the app."""

    def __init__(self, packed: bytes, load_script: Callable[[], None]) -> None:
        super().__init__(io.BytesIO(packed))
        self._load_script = load_script

    def find_class(self, module_name: str, global_name: str) -> Any:
        if module_name == "__main__":
            self._load_script()
        return super().find_class(module_name, global_name)


def _refuse() -> None:
    raise ttRunningError(
        "a worker process loads the script for the function that was offloaded, and the script runs its app again. Put the "
        "line that constructs the formula under  if __name__ == '__main__':  or the function into a module of its own."
    )
