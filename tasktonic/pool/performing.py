"""What a worker process does with one piece of work; a distiller does the same without a process.

The app sends what ``process.py`` prepares, and then for each work ``(name, whether it reports)`` and the work itself. The
worker sends ``("report", values)``, at last ``("result", value)`` or ``("error", exception, traceback)``. All of it is pickled.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any, Final

from ..crossing import ttShared
from ..errors import ttArgumentError, ttRunningError, ttWorkerError
from ..failures import user_traceback
from ..values import message_of

PROTOCOL: Final = pickle.HIGHEST_PROTOCOL

CANCEL: Final = None
"""What a worker process gets instead of the next work when nobody waits for the one that runs."""


def pack(where: str, function: Any, arguments: tuple[Any, ...]) -> bytes:
    """Function and arguments as bytes that a worker process can read.

    Raises:
        ttArgumentError: something cannot be pickled; the message says what.
    """
    arguments = tuple(a.value if a.__class__ is ttShared else a for a in arguments)
    try:
        return pickle.dumps((function, arguments), PROTOCOL)
    except Exception as error:
        if _why_not(function):
            what, hint = "the function", "It must be a def at the top level of a module, or a partial of one."
        else:
            at = next((n for n, value in enumerate(arguments, 1) if _why_not(value)), 0)
            kind = type(arguments[at - 1]).__name__
            what, hint = f"argument {at} (a {kind})", "Pass plain data, or use where='thread'."
        raise ttArgumentError(
            f"{where}: {what} cannot be pickled for another process: {message_of(error)}. {hint}"
        ) from error


def _why_not(value: Any) -> str:
    try:
        pickle.dumps(value, PROTOCOL)
    except Exception as error:
        return message_of(error) or type(error).__name__
    return ""


def perform(
    name: str,
    packed: bytes,
    reports: bool,
    send: Callable[[bytes], None],
    read: Callable[[bytes], Any] = pickle.loads,
) -> bytes:
    """Run what was packed and give the message that tells how it went; reports are sent on the way. Never raises."""
    try:
        function, arguments = read(packed)
    except ttRunningError as error:  # it says itself what is to be done
        return error_message(error, error)
    except BaseException as error:
        return error_message(
            ttWorkerError(
                f"{name}: the worker process cannot read the work: {type(error).__name__}: {message_of(error)}. Function and "
                "arguments must come from modules that it can import, as the program itself does."
            ),
            error,
        )

    def report(*values: Any) -> None:
        """Send progress."""
        if why_not := _why_not(values):
            raise ttArgumentError(f"{name}: report{values!r:.200} cannot be pickled: {why_not}. Report plain data.")
        send(pickle.dumps(("report", values), PROTOCOL))

    try:
        result = function(*arguments, **({"report": report} if reports else {}))
    except BaseException as error:  # also SystemExit: the worker goes on
        return error_message(error, error)
    result = result.value if result.__class__ is ttShared else result
    try:
        return pickle.dumps(("result", result), PROTOCOL)
    except Exception as error:
        return error_message(
            ttWorkerError(
                f"{name}: its result (a {type(result).__name__}) cannot be pickled: {message_of(error)}. Return plain data."
            ),
            error,
        )


def error_message(error: BaseException, shown: BaseException) -> bytes:
    """The message of an error; one that cannot be pickled there and back is replaced by one that says what it was."""
    text = user_traceback(shown)
    try:
        message = pickle.dumps(("error", error, text), PROTOCOL)
        pickle.loads(message)
        return message
    except Exception:
        stands_for = ttWorkerError(f"{type(error).__name__}: {message_of(error)} (this error itself cannot be pickled)")
        return pickle.dumps(("error", stands_for, text), PROTOCOL)
