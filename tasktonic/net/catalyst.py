"""ttAsyncioCatalyst: a catalyst on an asyncio loop, the main one or one of its own thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from ..catalyst import ttCatalyst
from ..driver import Driver
from .driver import AsyncioDriver, loop_maker


class ttAsyncioCatalyst(ttCatalyst):
    """A catalyst on an asyncio loop: its tonics may start coroutines of any asyncio library, and use the network.

    As the main one it turns in the thread of the formula, else in a thread of its own. Sparkles run in slices of a few
    milliseconds, so that a burst of them leaves the loop to its sockets.

    Args:
        *args: as for ``ttCatalyst``.
        loop: ``"auto"``: uvloop when it is installed, else the loop of the standard library; ``"asyncio"`` or ``"uvloop"``: that
            one; or a function that makes a loop.
        **kwargs: as for ``ttCatalyst``.

    Raises:
        ttSettingError: there is no such loop.
        ttRunningError: uvloop was asked for and is not installed.

    Its methods may be called from any thread.

    >>> from tasktonic.net import ttAsyncioCatalyst
    >>> class Hello(ttTonic):
    ...     def ttse__on_start(self):
    ...         print("in the loop of", self.catalyst.driver.name)
    ...         self.finish()
    >>> class NetApp(ttFormula):
    ...     def creating_formula(self):
    ...         return {"tasktonic/log/to": "off"}
    ...
    ...     def creating_main_catalyst(self):
    ...         ttAsyncioCatalyst()
    ...
    ...     def creating_starting_tonics(self):
    ...         Hello()
    >>> app = NetApp()
    in the loop of asyncio
    """

    _tt_driver_class = AsyncioDriver

    def __init__(self, *args: Any, loop: str | Callable[[], asyncio.AbstractEventLoop] = "auto", **kwargs: Any) -> None:
        self._make_loop = loop_maker(loop)
        super().__init__(*args, **kwargs)
        self.idle_via = self.via = "asyncio"
        self.adapts = True

    def _tt_make_driver(self) -> Driver:
        return AsyncioDriver(self._make_loop)

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The asyncio loop, from its first sparkle on. Only its ``call_soon_threadsafe`` may be called from another thread."""
        driver = self.driver
        assert isinstance(driver, AsyncioDriver)
        return driver.loop
