"""The moment that the timeline shows: its line on map, ruler and lanes, the way to others by scrubbing, and the marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject

from tasktonic_studio.ui.panels.timeline.lanes_view import LanesView
from tasktonic_studio.ui.panels.timeline.minimap import Minimap
from tasktonic_studio.ui.panels.timeline.model import TimelineModel
from tasktonic_studio.ui.panels.timeline.ruler import Ruler
from tasktonic_studio.ui.panels.timeline.viewport import Viewport
from tasktonic_studio.ui.widgets.pin import Pin
from tasktonic_studio.ui.widgets.throttle import Throttle

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

FRAME_MS: Final = 33


class Moments(QObject):
    """Owned by the timeline's view, which says when the selection or the moment has changed (`show`).

    Args:
        context: whose selection has the moment, and whose session the marks.
        model: what the timeline knows.
        time: the stretch of time on screen; it stops following when a moment of the past is shown.
        pin: of the panel.
        ruler: says which moments are asked for, as the map does.
        map_: of the whole run.
        lanes: where the line goes on.
    """

    def __init__(
        self,
        context: PanelContext,
        model: TimelineModel,
        time: Viewport,
        pin: Pin,
        ruler: Ruler,
        map_: Minimap,
        lanes: LanesView,
    ) -> None:
        super().__init__(lanes)
        self._context = context
        self._model = model
        self._time = time
        self._pin = pin
        self._ruler = ruler
        self._map = map_
        self._lanes = lanes
        self._undo_marks: Any = None
        self._scrub_ns = 0
        self._scrubbed: tuple[int, int] | None = None
        self.scrubs = Throttle(FRAME_MS, self._look_at_scrubbed, self)
        for strip in (ruler, map_):
            strip.scrubbed.connect(self._on_scrubbed)
        ruler.mark_wanted.connect(self._on_mark_wanted)

    def watch(self) -> None:
        """Show the marks of the session from now on."""
        self._undo_marks = self._context.session().marks.watch(self._on_marks)
        self._on_marks()

    def unwatch(self) -> None:
        """Do nothing any more until `watch`."""
        self.scrubs.stop()
        if self._undo_marks is not None:
            self._undo_marks()
            self._undo_marks = None

    def show(self, *, was_live: bool) -> None:
        """Show the moment of now."""
        is_live = self._pin.is_live
        if not is_live:
            self._time.stop_following()
        elif not was_live and not self._pin.isChecked():
            self._time.follow()
        cursor = None if is_live else self._moment_ns()
        self._lanes.over.cursor_ns = self._map.cursor_ns = cursor
        self._ruler.show_cursor(cursor)
        self._map.update()

    def _moment_ns(self) -> int:
        """The time of the moment that is shown: the one that was pressed, or that of its last event."""
        if self._scrubbed is not None and self._scrubbed[0] == self._pin.time:
            return self._scrubbed[1]
        return self._model.moment_ns(self._pin.known())

    # ---- marks

    def _on_marks(self) -> None:
        """Marks came or went: their flags stand on ruler and map."""
        self._ruler.marks = self._map.marks = self._context.session().marks.all
        self._ruler.update()
        self._map.update()

    def _on_mark_wanted(self, mark_id: str) -> None:
        marks = self._context.session().marks
        mark = marks.find(mark_id)
        if mark is not None:
            self._context.selection.look_at(marks.moment(mark))

    # ---- scrubbing

    def _on_scrubbed(self, t_ns: int) -> None:
        self._scrub_ns = t_ns
        self.scrubs.ask()

    def _look_at_scrubbed(self) -> None:
        t_ns = self._scrub_ns
        if self._model.is_present_app and t_ns >= self._model.now_ns:
            self._context.selection.look_at(None)
            return
        n = self._model.moment_at(t_ns)
        moment = max(n if n is not None else self._model.app.first_n + 1, self._context.session().first_n)
        self._scrubbed = moment, t_ns
        before = self._context.selection.time
        self._context.selection.look_at(moment)
        if before == moment:
            # No run ended in between: what was known is the same, only the line moves.
            self.show(was_live=False)
            self._lanes.lay_over()
