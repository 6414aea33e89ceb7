"""The errors that tasktonic raises on purpose.

Each is a ``ttError`` and also the built-in kind it is, so that ``except ValueError`` written by someone who never heard
of this framework still does what it says. Messages name the object, what was found, what was expected and what to do.
"""

from __future__ import annotations

__all__ = [
    "ttArgumentError",
    "ttContextError",
    "ttContractError",
    "ttDistillerError",
    "ttError",
    "ttFrameError",
    "ttInternalError",
    "ttNetworkError",
    "ttNewError",
    "ttPoolFullError",
    "ttRunningError",
    "ttSettingError",
    "ttShutdownError",
    "ttSparkleKindError",
    "ttSparkleNameError",
    "ttTimerError",
    "ttUnknownState",
    "ttWorkCancelledError",
    "ttWorkerError",
]


class ttError(Exception):
    """Everything that tasktonic raises on purpose. Each one is also the built-in kind of error that it is.

    >>> try:
    ...     Store().get("a//b")
    ... except ttError as error:
    ...     print(isinstance(error, ValueError), error)
    True Store path 'a//b' has an empty segment; write one '/' between two names.
    """


class ttInternalError(ttError, AssertionError):
    """An invariant of the framework itself is broken: please report it."""


class ttUnknownState(ttError, ValueError):
    """``to_state`` was asked for a state that the tonic does not have. Raised at the call, in the caller's thread.

    >>> class Door(ttTonic):
    ...     _tt_states = ["closed", "open"]
    ...
    ...     def ttse__on_start(self):
    ...         try:
    ...             self.to_state("opne")
    ...         except ttUnknownState as error:
    ...             print(str(error).split(" States")[0])
    ...         self.finish()
    >>> class App(ttFormula):
    ...     def creating_formula(self):
    ...         return {"tasktonic/log/to": "off"}
    ...
    ...     def creating_starting_tonics(self):
    ...         Door(name="door")
    >>> app = App()
    door: no state 'opne'; this tonic has 'closed' and 'open'. Did you mean 'open'?
    """


class ttSparkleNameError(ttError, TypeError):
    """A method looks like a sparkle, but its name does not follow the grammar."""


class ttSparkleKindError(ttError, TypeError):
    """A method is named like a sparkle, but is none that could be queued and run: a coroutine, a generator, a property."""


class ttArgumentError(ttError, TypeError):
    """The arguments of a call fit no handler, or cannot be handed to another thread."""


class ttContextError(ttError, ValueError):
    """The context given is an id that nothing living has."""


class ttRunningError(ttError, RuntimeError):
    """Something is not possible while (or unless) an app runs."""


class ttSettingError(ttError, ValueError):
    """A setting of the formula, or a log mode, has a value that means nothing."""


class ttTimerError(ttError, ValueError):
    """A timer was given a wrong duration, or there is nothing it could call."""


class ttDistillerError(ttError, RuntimeError):
    """A distiller was asked for something that it cannot do, or it stopped a run that would never have ended."""


class ttContractError(ttError, ValueError):
    """A contract or a condition given to a distiller cannot be understood, or can never be met."""


class ttShutdownError(ttError, RuntimeError):
    """A thread of the app did not end in time; the message has its stack."""


class ttNetworkError(ttError, OSError):
    """A port cannot be opened, or a peer cannot be reached."""


class ttFrameError(ttError, ValueError):
    """What came over a connection, or is to go over one, is no frame: too long, or not in the form agreed upon."""


class ttPoolFullError(ttError, RuntimeError):
    """``offload`` was given work while as much as may wait waits already. Raised at the call, in the caller's thread."""


class ttWorkCancelledError(ttError, RuntimeError):
    """Raised by ``report`` in offloaded work that nobody waits for any more. Let it through: that ends the work."""


class ttWorkerError(ttError, RuntimeError):
    """Offloaded work was lost: its process died, or what it gave or raised could not be brought back. For ``on_error``."""


class ttNewError(ttError, ValueError):
    """Something new cannot be made from a template: its name, its kind or its place; the message says what can be done."""
