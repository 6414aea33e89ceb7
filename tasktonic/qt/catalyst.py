"""ttPyside6Ui: the main catalyst of an app with windows."""

from __future__ import annotations

from typing import Any

from ..catalyst import ttCatalyst
from ..errors import ttRunningError
from .driver import QtDriver


class ttPyside6Ui(ttCatalyst):
    """A catalyst on the Qt loop. Make it in ``creating_main_catalyst``; it creates the ``QApplication`` if there is none.

    Sparkles run in slices of a few milliseconds, so that a burst of them leaves the window responsive.

    Args:
        *args, **kwargs: as for ``ttCatalyst``.

    Raises:
        ttRunningError: there is a main catalyst already.

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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_main:
            raise ttRunningError(
                f"{self.name}: a Qt catalyst turns the loop of the thread that runs the app and has none of its own: make it the "
                "main catalyst, in creating_main_catalyst."
            )
        self.idle_via = self.via = "qt"
        self.adapts = True
        driver = self.driver
        assert isinstance(driver, QtDriver)
        driver.attach(self)
