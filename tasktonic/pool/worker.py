"""The other side: what runs in a worker process, from its start to the end of the pipe."""

from __future__ import annotations

import os
import pickle
import signal
import threading
from multiprocessing.connection import Connection
from typing import Any

from ..errors import ttRunningError, ttWorkCancelledError
from ..formula import ttFormula
from .performing import BEGIN, CANCEL, WORK, error_message, perform


def serve(descriptor: int) -> None:
    """Do work that comes through a pipe until it is closed; then the program that wanted it has ended, however it did."""
    os.set_inheritable(descriptor, False)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C goes to all at once; the app decides what ends and when
    pipe = Connection(descriptor)
    program = _Program()
    try:
        while True:
            message = pipe.recv_bytes()
            if message[:1] == BEGIN:
                program.take_place(pickle.loads(message[1:]))
            elif message[:1] == WORK:
                _do(pipe, program, *pickle.loads(message[1:]))
            # A cancel that came too late is for nobody.
    except (EOFError, OSError):
        return


def _do(pipe: Any, program: _Program, name: str, packed: bytes, reports: bool) -> None:
    lock = threading.Lock()
    over = False

    def send(message: bytes) -> None:
        """Send a report and look whether it is still wanted."""
        with lock:
            if over or (pipe.poll() and pipe.recv_bytes() == CANCEL):
                raise ttWorkCancelledError(
                    f"{name}: nobody waits for this work any more. Let this error through, so that it ends."
                )
            pipe.send_bytes(message)

    try:
        program.be_ready_for(packed)
        answer = perform(name, packed, reports, send)
    except BaseException as error:
        answer = error_message(error, error)
    with lock:
        over = True  # a thread that the function left behind has nobody to report to
    pipe.send_bytes(answer)


class _Program:
    """The program that this process works for, as far as it has to be here too."""

    def __init__(self) -> None:
        self._preparation: dict[str, Any] = {}

    def take_place(self, preparation: dict[str, Any]) -> None:
        """Have the folders of the program; its script is loaded when something of it is needed."""
        from multiprocessing import spawn

        self._preparation = preparation
        scripts = ("init_main_from_name", "init_main_from_path")
        spawn.prepare({key: value for key, value in preparation.items() if key not in scripts})

    def be_ready_for(self, packed: bytes) -> None:
        """Load the script if function or arguments come from it. Once.

        Raises:
            ttRunningError: the script runs an app when it is loaded.
            BaseException: whatever else it raises.
        """
        if b"__main__" not in packed or not self._preparation:
            return
        from multiprocessing import spawn

        ttFormula.before_app.insert(0, _refuse)
        try:
            spawn.prepare(self._preparation)
        finally:
            ttFormula.before_app.remove(_refuse)
        self._preparation = {}


def _refuse() -> None:
    raise ttRunningError(
        "a worker process loads the script for the function that was offloaded, and the script runs its app again. Put the "
        "line that constructs the formula under  if __name__ == '__main__':  or the function into a module of its own."
    )
