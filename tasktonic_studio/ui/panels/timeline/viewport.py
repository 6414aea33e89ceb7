"""Which time is on screen, shared by ruler, lanes and map; follows the live edge until somebody moves it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, Signal

from tasktonic_studio.ui.panels.timeline.time_scale import TimeScale, fitting

MARGIN_PX: Final = 24
_FIRST_SPAN_NS: Final = 5_000_000_000
"""How much of a running app is shown before anybody has zoomed."""


class Viewport(QObject):
    """The time scale of the timeline. Owned by its view."""

    changed = Signal()
    followed = Signal(bool)
    """Following the live edge began or ended."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.scale = TimeScale()
        self.width = 1
        """Pixels between the names of the lanes and the right edge."""
        self.span = (0, 1)
        """The time in which there is something to see."""
        self.is_following = True
        self._is_touched = False
        self._is_whole = False

    @property
    def from_ns(self) -> int:
        return self.scale.t_at(0)

    @property
    def until_ns(self) -> int:
        return self.scale.until_ns(self.width)

    # ---- what happens to it

    def begin(self) -> None:
        """Another app: show it from anew."""
        self._is_touched = False
        self.follow()

    def set_whole(self, whole: bool) -> None:
        """Until somebody has chosen what to see: all of the app (it was recorded, or has ended), or its last seconds."""
        self._is_whole = whole

    def set_width(self, width: int) -> None:
        """The window was made wider or narrower: the left edge stays, or the live edge while it is followed."""
        self.width = max(width, 1)
        if self.is_following:
            self._to_the_end()

    def set_span(self, begin_ns: int, now_ns: int) -> None:
        """There is something to see from here to there."""
        self.span = (begin_ns, max(now_ns, begin_ns + 1))
        if self.is_following:
            self._to_the_end()

    def _to_the_end(self) -> None:
        begin, now = self.span
        if not self._is_touched:
            first = begin if self._is_whole else max(begin, now - _FIRST_SPAN_NS)
            self.scale = fitting(first, now, self.width, min(MARGIN_PX, self.width // 8))
        self.scale = self.scale.ending_at(now, self.width - MARGIN_PX)
        self.changed.emit()

    # ---- what the user does

    def follow(self) -> None:
        """Stay at the live edge from now on."""
        self._set_following(True)
        self._to_the_end()

    def stop_following(self) -> None:
        """Stay where it is from now on."""
        self._set_following(False)

    def show(self, scale: TimeScale) -> None:
        """Show another time, and stay there."""
        self._is_touched = True
        self._set_following(False)
        self.scale = self._kept_near(scale)
        self.changed.emit()

    def zoom(self, factor: float, at_x: float) -> None:
        """Finer or coarser around a pixel; around the live edge while that is followed."""
        self._is_touched = True
        if self.is_following:
            self.scale = self._not_too_coarse(self.scale.zoomed(factor, at_x))
            self._to_the_end()
        else:
            self.show(self._not_too_coarse(self.scale.zoomed(factor, at_x)))

    def pan(self, px: float) -> None:
        """Later or earlier."""
        self.show(self.scale.moved(px))

    def fit(self, from_ns: int, until_ns: int) -> None:
        """Show a stretch of time as large as it goes."""
        self.show(fitting(from_ns, until_ns, self.width, min(MARGIN_PX, self.width // 8)))

    def fit_all(self) -> None:
        """Show all there is."""
        self.fit(*self.span)

    def centre(self, from_ns: int, until_ns: int) -> None:
        """Bring a stretch of time into the middle, as fine as now; its begin, when it is too long for that."""
        middle = (from_ns + until_ns) / 2 if until_ns - from_ns < self.width * self.scale.ns_per_px else from_ns
        self.show(TimeScale(middle - self.width / 2 * self.scale.ns_per_px, self.scale.ns_per_px))

    def is_on_screen(self, from_ns: int, until_ns: int) -> bool:
        """Whether anything of a stretch of time can be seen, a little away from the edges."""
        edge = min(MARGIN_PX, self.width // 4) * self.scale.ns_per_px
        return until_ns >= self.scale.from_ns + edge and from_ns <= self.until_ns - edge

    def _not_too_coarse(self, scale: TimeScale) -> TimeScale:
        """Ten times all there is, is enough."""
        coarsest = (self.span[1] - self.span[0]) * 10 / self.width
        return scale if scale.ns_per_px <= max(coarsest, 1.0) else TimeScale(scale.from_ns, max(coarsest, 1.0))

    def _kept_near(self, scale: TimeScale) -> TimeScale:
        """Nobody gets lost in the time before or after."""
        begin, now = self.span
        room = self.width * scale.ns_per_px
        earliest, latest = begin - room * 0.9, now - room * 0.1
        return TimeScale(min(max(scale.from_ns, earliest), max(latest, earliest)), scale.ns_per_px)

    def _set_following(self, following: bool) -> None:
        if following != self.is_following:
            self.is_following = following
            self.followed.emit(following)
