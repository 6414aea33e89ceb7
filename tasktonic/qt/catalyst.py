"""ttPyside6Ui: the catalyst of an app with windows."""

from __future__ import annotations

import threading
from typing import Any

from PySide6.QtCore import QCoreApplication, QThread

from .. import shutdown
from ..catalyst import ttCatalyst
from ..errors import ttRunningError
from ..ledger import ttLedger
from .driver import QtDriver


class ttPyside6Ui(ttCatalyst):
    """A catalyst on the Qt loop. Make it in ``creating_main_catalyst``; it creates the ``QApplication`` if there is none.

    Sparkles run in slices of a few milliseconds, so that a burst of them leaves the window responsive.

    In a program that has a ``QApplication`` and turns its loop itself, there are two ways more. A formula that a slot constructs
    in that thread runs in a loop inside the one that turns. A formula in another thread, with a plain main catalyst, may have
    one Qt catalyst beside it: ``ttPyside6Ui()`` in ``creating_starting_tonics``. It turns on the program's loop, in the thread of
    the ``QApplication``; windows are made by tonics that run on it. When the program quits, the app ends in order first.

    Args:
        *args, **kwargs: as for ``ttCatalyst``.

    Raises:
        ttRunningError: no Qt loop can turn it: the main catalyst occupies the thread of the ``QApplication``, there is none, or
            this is not its thread; or there is a Qt catalyst already.

    >>> from tasktonic.qt import ttPyside6Ui
    >>> class Hello(ttTonic):
    ...     def ttse__on_start(self):
    ...         print("in the loop of", self.catalyst.driver.name)
    ...         self.finish()
    >>> class QtApp(ttFormula):
    ...     def creating_formula(self):
    ...         return {"tasktonic/log/to": "off"}
    ...
    ...     def creating_main_catalyst(self):
    ...         ttPyside6Ui()
    ...
    ...     def creating_starting_tonics(self):
    ...         Hello()
    >>> app = QtApp()
    in the loop of qt
    """

    _tt_driver_class = QtDriver
    keeps_frames = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        _see_that_a_loop_turns_it(type(self).__name__, ttLedger())
        super().__init__(*args, **kwargs)
        self.idle_via = self.via = "qt"
        self.adapts = True
        driver = self.driver
        assert isinstance(driver, QtDriver)
        driver.attach(self)


def _see_that_a_loop_turns_it(name: str, ledger: ttLedger) -> None:
    """Refuse what would hang or abort. In the thread that makes the catalyst.

    Raises:
        ttRunningError: see ``ttPyside6Ui``.
    """
    app, main = QCoreApplication.instance(), ledger.main_catalyst
    if main is None:
        if app is None and threading.current_thread() is not threading.main_thread():
            raise ttRunningError(
                f"{name}: Qt wants its QApplication in the main thread of the process. Construct the formula there."
            )
        if app is not None and app.thread() is not QThread.currentThread():
            raise ttRunningError(
                f"{name}: the QApplication lives in another thread than this formula. Construct the formula there; or let it have "
                f"a plain main catalyst, and make {name} beside it in creating_starting_tonics: it runs on the QApplication's loop."
            )
        return
    if app is None or main.ident == threading.main_thread().ident:
        blocks = f"the main catalyst {main.name} turns that one" if app is not None else "there is no QApplication"
        raise ttRunningError(
            f"{name}: a Qt catalyst turns the loop of the thread of the QApplication, but {blocks}: make it the main catalyst, "
            "in creating_main_catalyst, or construct the formula in another thread."
        )
    if not threading.main_thread().is_alive():
        shutdown.end_app(ledger)
        raise ttRunningError(
            f"{name}: the program has quit, so its Qt loop turns no more, and the app ends too. Make {name} while the loop turns."
        )
    for other in ledger.catalysts:
        if isinstance(other.driver, QtDriver):
            raise ttRunningError(f"{name}: {other.name} turns on the Qt loop already. Make your tonics on that one.")
