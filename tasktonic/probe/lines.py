"""Line-level stepping, handed to ``debugpy``: loaded when a studio with control asks for it, and not before.

``debugpy`` listens inside the app, on an address of this machine, and lets in who shows a token that only the studio with control
was told: whoever may speak to it can run code in the app. It stops every thread that comes to a line of the app's own code. The
probe's threads are marked so that it leaves them alone, and what the app is doing can be watched while it stands in a line.

When the studio with control has gone, without a word or with one, the app runs on: ``let_go``.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import secrets
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

import tasktonic
from tasktonic.probe.deeds import Deed, record, ttRequestError
from tasktonic.protocol import Message
from tasktonic.protocol.messages import AskLines, LinesAt

HOST: Final = "127.0.0.1"
_NOT_CHECKED: Final = "PYDEVD_DISABLE_FILE_VALIDATION"
"""Without it debugpy warns on stderr about modules of Python itself, in whose lines nobody stops."""


class Endpoint(NamedTuple):
    """Where debugpy listens in this process, and what it wants to be shown."""

    port: int
    token: str


class Asker(Protocol):
    """Who asks: a connected studio."""

    role: str
    name: str

    def tell(self, message: Message) -> None:
        """Answer."""


class LineRequests:
    """Carries the request out. Made by ``Requests``; used in the probe's thread only, but for what debugpy needs half a second for."""

    def __init__(self, call_soon: Callable[[Callable[[], None]], None]) -> None:
        self._call_soon = call_soon
        self.by_type: dict[type[Message], Callable[[Any, Any], None]] = {AskLines: self._ask}

    def _ask(self, asker: Asker, message: AskLines) -> None:
        leave_alone(threading.current_thread())

        def begin() -> None:
            try:
                endpoint = listen(asker.name)
            except ttRequestError as error:
                answer = LinesAt(message.request, problem=str(error))
            else:
                folder = str(Path(tasktonic.__file__).parent)
                answer = LinesAt(message.request, HOST, endpoint.port, endpoint.token, folder)
            self._call_soon(lambda: _tell_who_controls(asker, answer))

        thread = threading.Thread(target=begin, name="tasktonic-lines", daemon=True)
        leave_alone(thread)
        thread.start()


def _tell_who_controls(asker: Asker, answer: LinesAt) -> None:
    """Tell it, unless the asker has lost control meanwhile: then the token is not for it."""
    if asker.role == "control":
        asker.tell(answer)


_listening_lock = threading.Lock()
_endpoint: Endpoint | None = None


def listen(who: str) -> Endpoint:
    """Have debugpy listen, if it does not yet. Takes a moment.

    Raises:
        ttRequestError: debugpy is not installed here, or cannot listen.
    """
    global _endpoint
    with _listening_lock:
        if _endpoint is None:
            with _unchecked():
                debugpy = _load()
                record(Deed("lines", f"a debugger of lines listens on {HOST}"), who)
                _endpoint = _listen(debugpy)
        return _endpoint


@contextlib.contextmanager
def _unchecked() -> Iterator[None]:
    """Set the variable for a while; what the app starts later has none of it."""
    was_there = _NOT_CHECKED in os.environ
    os.environ.setdefault(_NOT_CHECKED, "1")
    try:
        yield
    finally:
        if not was_there:
            os.environ.pop(_NOT_CHECKED, None)


def _load() -> Any:
    try:
        return importlib.import_module("debugpy")
    except ImportError:
        raise ttRequestError(
            f"debugpy is not installed for the Python that runs this app, {sys.executable}. Install it there, "
            "python -m pip install debugpy, and ask again. Holding and stepping by sparkles works without it."
        ) from None


def _listen(debugpy: Any) -> Endpoint:
    token = secrets.token_hex(16)
    try:
        _host, port = debugpy.listen((HOST, 0), in_process_debug_adapter=True)
        _debugger().authentication.access_token = token
    except Exception as error:  # debugpy's own kinds, also when another debugger is there already
        raise ttRequestError(
            f"debugpy cannot listen in this app: {str(error) or type(error).__name__}. Perhaps another debugger is there already."
        ) from error
    return Endpoint(int(port), token)


def let_go() -> None:
    """Let the app run on as if nobody had ever stopped it in a line: who might let it go on has gone. Any thread.

    What it was told opens nothing any more: another one controls the app from now on, or nobody.
    """
    global _endpoint
    if _endpoint is not None:
        _endpoint = _endpoint._replace(token=secrets.token_hex(16))
        _debugger().authentication.access_token = _endpoint.token
        api = importlib.import_module("_pydevd_bundle.pydevd_api")
        api.PyDevdAPI().request_disconnect(_debugger(), resume_threads=True)


def _debugger() -> Any:
    return importlib.import_module("pydevd").get_global_debugger()


def leave_alone(thread: threading.Thread) -> None:
    """Mark a thread so that debugpy neither traces nor stops it."""
    thread.pydev_do_not_trace = True  # type: ignore[attr-defined]
    thread.is_pydev_daemon_thread = True  # type: ignore[attr-defined]
