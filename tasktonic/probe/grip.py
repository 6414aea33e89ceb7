"""What a controller holds of the app, and when it is let go: at once, or after a while without a controller."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tasktonic import brake, clock
from tasktonic.observation import SECOND
from tasktonic.probe import breakpoint_requests
from tasktonic.probe.distiller_requests import DistillerRequests

HOLD_GRACE_NS: Final = 10 * SECOND
"""What a controller held is let go when there has been no controller for so long."""


class Grip:
    """Knows whether the app is held. Made by the agent; used in the probe's thread only, but for what says otherwise.

    Args:
        distiller: is left too when nobody controls any more.
        is_controlled: whether there is a controller.
        call_soon: has something done in the probe's thread.
        call_at: has something done there later.
    """

    def __init__(
        self,
        distiller: DistillerRequests,
        is_controlled: Callable[[], bool],
        call_soon: Callable[[Callable[[], None]], None],
        call_at: Callable[[int, Callable[[], None]], None],
    ) -> None:
        self.held = False
        """A controller held something and has not let go of everything."""
        self._is_hit = False
        """A breakpoint has just held the app, and the probe's thread has not come to it yet."""
        self._distiller = distiller
        self._is_controlled = is_controlled
        self._call_soon = call_soon
        self._call_at = call_at
        self._let_go_ns = 0
        self._undo_on_held: Callable[[], None] = lambda: None

    def begin(self) -> None:
        """Hear of breakpoints that hold the app. Any thread."""
        self._undo_on_held = breakpoint_requests.on_held(self._was_hit)

    def controller_left(self, at_once: bool) -> None:
        """There is no controller any more; ``at_once``: it said that it goes, nobody is waited for."""
        if self.held or breakpoint_requests.are_set() or self._distiller.is_steered:
            self._let_go_after(0 if at_once else HOLD_GRACE_NS)

    def end(self) -> None:
        """The probe ends: nothing is held any more, and no breakpoint holds again."""
        self._undo_on_held()
        breakpoint_requests.clear()
        if self.held or self._is_hit:
            brake.release()

    def _was_hit(self) -> None:
        """A breakpoint holds the app: noted at once, as the probe may be about to end and let go what is held. Any thread."""
        self._is_hit = True
        self._call_soon(self._is_held_at_breakpoint)

    def _is_held_at_breakpoint(self) -> None:
        self.held, self._is_hit = True, False
        if not self._is_controlled():
            self._let_go_after(HOLD_GRACE_NS)

    def _let_go_after(self, grace_ns: int) -> None:
        """Let go when nobody has come by then; what was noted for an earlier time, when another had gone, counts no more."""
        self._let_go_ns = clock.system_ns() + grace_ns
        self._call_at(self._let_go_ns, self._let_go)

    def _let_go(self) -> None:
        if self._is_controlled() or clock.system_ns() < self._let_go_ns:
            return
        breakpoint_requests.clear()
        if self.held:
            self.held = False
            brake.release()
        self._distiller.leave()
