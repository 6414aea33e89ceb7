"""The part of the timeline that is marked: its frame over the lanes, and the totals of it below them."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from tasktonic_studio.ui.panels.timeline.area_view import AreaView
from tasktonic_studio.ui.panels.timeline.lanes_view import LanesView
from tasktonic_studio.ui.panels.timeline.overlays import Area
from tasktonic_studio.ui.panels.timeline.viewport import Viewport
from tasktonic_studio.ui.widgets.focus import has_focus


class MarkedArea(QObject):
    """Owned by the timeline's view. An area is marked with the mouse or the keys on the lanes, or is all that is on screen.

    Args:
        time: the stretch of time on screen; it stops following while an area is marked.
        lanes: say what is being marked, and show it.
        totals: what it adds up to; on screen while an area is marked.
    """

    changed = Signal()
    """Another area is marked, or none any more."""
    focus_left = Signal()
    """The totals had the keyboard, and went away."""

    def __init__(self, time: Viewport, lanes: LanesView, totals: AreaView) -> None:
        super().__init__(lanes)
        self._time = time
        self._lanes = lanes
        self._totals = totals
        lanes.area_changed.connect(self._draw)
        lanes.area_marked.connect(self._on_marked)
        totals.closed.connect(self.clear)
        totals.zoom_wanted.connect(self._zoom)

    def add_up_view(self) -> None:
        """Mark all that is on screen."""
        lanes = tuple((row.catalyst, row.tonic) for row in self._lanes.frame().rows)
        if lanes:
            self._draw(Area(self._time.from_ns, self._time.until_ns, lanes))
            self._on_marked()

    def clear(self) -> None:
        """Nothing is marked any more."""
        self._totals.stop()
        had_focus = has_focus(self._totals)
        self._totals.hide()
        self._draw(None)
        self.changed.emit()
        if had_focus:
            self.focus_left.emit()

    def _draw(self, area: object) -> None:
        self._lanes.over.area = area if isinstance(area, Area) else None
        self._lanes.lay_over()

    def _on_marked(self) -> None:
        area = self._lanes.over.area
        if area is None:
            self.clear()
            return
        # What is looked at must not run away.
        self._time.stop_following()
        self._totals.show()
        self.changed.emit()
        self._totals.show_area(area)

    def _zoom(self) -> None:
        area = self._lanes.over.area
        if area is not None:
            self._time.fit(area.from_ns, area.until_ns)
