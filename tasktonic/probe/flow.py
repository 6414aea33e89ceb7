"""What flows from the app to the studios that watch: when blocks are sent, how much of the flow is in them, what it costs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tasktonic import clock
from tasktonic.events import Gap
from tasktonic.observation import SECOND, Beats, Meter
from tasktonic.probe.governor import Throttle
from tasktonic.probe.tap import Tap
from tasktonic.probe.viewer import Viewer
from tasktonic.protocol.messages import Cost, Notice
from tasktonic.stream import Level, stream

SEND_NS: Final = SECOND // 40
"""Between two sendings while much happens."""
CALM_SEND_NS: Final = SECOND // 20
"""Between two sendings while little happens: each costs the same, however little it carries."""
BEAT_NS: Final = SECOND // 10
COST_NS: Final = SECOND
MOST_ROWS_AT_ONCE: Final = 65_536
"""Of what has come, so much is encoded before it is sent and requests are looked at: a thirtieth of a second, or of a crowded one more."""


class Flow:
    """Owns the tap on the stream, and hands out what it gives. Made by the agent; used in the probe's thread only.

    Args:
        wake: called when there are rows to take; any thread.
        ceiling_percent: share of one core that the probe may take before it leaves out flow.
        watching: who gets the blocks.
    """

    def __init__(self, wake: Callable[[], None], ceiling_percent: float, watching: Callable[[], list[Viewer]]) -> None:
        self.tap = Tap(wake)
        self._watching = watching
        self._ceiling_percent = ceiling_percent
        self._beats = Beats()
        self._throttle = Throttle()
        self._saving_since_ns = 0
        self._shed_some = False
        self._next_send_ns = self._next_beat_ns = self._next_cost_ns = 0

    def begin(self) -> None:
        """Measure from here on what the thread costs that calls this: the probe's."""
        self._meter = Meter(self._ceiling_percent)

    def attach(self) -> None:
        """The first studio comes: take all from here on, and forget how it was with those before."""
        self._throttle = Throttle()
        self._saving_since_ns = 0
        self.tap.attach()

    def count_from_here(self) -> None:
        """Somebody watches for the first time: what it cost before is not theirs."""
        self._meter.percentages()
        self._next_cost_ns = clock.system_ns() + COST_NS

    @property
    def due_ns(self) -> int:
        """When there is something to do, while the tap is attached."""
        return min(self._next_send_ns, self._next_beat_ns) if self.tap.has_rows else self._next_beat_ns

    def tend(self, now: int) -> None:
        """Do what is due: beat, send, tell the cost."""
        beat_is_due = now >= self._next_beat_ns
        if beat_is_due:
            self._next_beat_ns = now + BEAT_NS
            self._beats.tell()
        if beat_is_due or (self.tap.has_rows and now >= self._next_send_ns):
            stream.hand_over()
            if self._watching():
                self.hand_out(MOST_ROWS_AT_ONCE)
            self._next_send_ns = now + (CALM_SEND_NS if self.tap.is_calm else SEND_NS)
        if now >= self._next_cost_ns:
            self._next_cost_ns = now + COST_NS
            self._tell_cost()

    def hand_out(self, most_rows: int = 0) -> None:
        """Make blocks of what has come, and queue them for all who watch; of very much the first part, see `Tap.take_blocks`."""
        blocks, shed = self.tap.take_blocks(self._meter.may_spend, most_rows)
        self._shed_some = self._shed_some or shed != (0, 0)
        for viewer in self._watching():
            viewer.shed_orders += shed.orders
            viewer.shed_runs += shed.runs
            for block in blocks:
                viewer.put(block)

    def settle_level(self) -> None:
        """Have the stream give what is wanted, as far as the throttle lets it; a pause in the flow becomes a gap."""
        now = clock.now_ns()  # a gap lies among events, which go by the clock of the app
        wanted = self._wanted()
        level = min(wanted, self._throttle.level)
        self.tap.set_level(level)
        saving = wanted >= Level.RUNS and level < Level.RUNS
        if saving and not self._saving_since_ns:
            self._saving_since_ns = now
            for viewer in self._watching():
                viewer.tell(
                    Notice(
                        "warning", "So much happens that runs and orders are left out for a while; facts still come."
                    )
                )
        elif self._saving_since_ns and not saving:
            stream.emit(Gap(min(self._saving_since_ns, now), now, 0, 0))
            self._saving_since_ns = 0

    def _tell_cost(self) -> None:
        watching = self._watching()
        lost_more = [viewer.has_lost_more() for viewer in watching]
        pressed = self._shed_some or (bool(lost_more) and all(lost_more))
        self._shed_some = False
        if self._throttle.judge(pressed, self._wanted()):
            self.settle_level()
        percent, process_percent = self._meter.percentages()
        for viewer in watching:
            level = int(min(self.tap.level, viewer.wanted))
            fill = viewer.outbox.fill
            viewer.tell(Cost(percent, level, viewer.lost_orders, viewer.lost_runs, fill, process_percent))

    def _wanted(self) -> Level:
        return max((viewer.wanted for viewer in self._watching()), default=Level.FLOW)
