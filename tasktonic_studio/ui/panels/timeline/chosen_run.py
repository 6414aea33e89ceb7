"""The run that the timeline shows as chosen: its causes and effects over the lanes, and the way to its neighbours."""

from __future__ import annotations

from tasktonic_studio.commands.things import essence_of
from tasktonic_studio.session.timeline import RunRow
from tasktonic_studio.ui.panels.timeline.lanes_view import LanesView
from tasktonic_studio.ui.panels.timeline.model import TimelineModel
from tasktonic_studio.ui.panels.timeline.viewport import Viewport
from tasktonic_studio.ui.widgets.pin import Pin


class ChosenRun:
    """Owned by the timeline's view, which says when something else is selected (`show`) and when more has come (`update`).

    Args:
        model: what the timeline knows.
        time: the stretch of time on screen; a chosen run is brought into it.
        pin: of the panel: says what is selected for it, and keeps it where it is.
        lanes: where causes and effects are laid over.
    """

    def __init__(self, model: TimelineModel, time: Viewport, pin: Pin, lanes: LanesView) -> None:
        self._model = model
        self._time = time
        self._pin = pin
        self._lanes = lanes

    def show(self, *, scroll: bool) -> None:
        """Take on what is selected now: a run with its causes and effects, or else a tonic. With `scroll` it is in view."""
        run, over = self._selected(), self._lanes.over
        over.selected_essence = -1
        if run is None:
            over.chain = None
            over.selected_essence = essence_of(self._model.known, self._pin.thing)
        else:
            over.chain = self._model.chain(run)
            if scroll and not self._pin.isChecked():
                self._bring_into_view(run)

    def update(self) -> None:
        """Effects of the selected run may have come meanwhile."""
        chain = self._lanes.over.chain
        run = self._selected() if chain is None or any(it.run is None for it in chain.effects) else None
        if run is not None:
            self._lanes.over.chain = self._model.chain(run)

    def neighbour(self, steps: int) -> int:
        """The row of the next (1) or previous (-1) run on the lane of the selected one, or of the current lane; -1 for none."""
        lanes = self._lanes.lanes
        if not len(lanes):
            return -1
        chain = self._lanes.over.chain
        row = lanes[self._lanes.current]
        if chain is not None and (row.catalyst != chain.run.catalyst or row.tonic not in (-1, chain.run.essence)):
            row = lanes[max(lanes.number_of(chain.run.catalyst), 0)]
        lane = self._model.lane(row)
        if lane is None or not lane.parts:
            return -1
        if chain is None:
            return lane.row_at_end(self._time.from_ns, self._time.until_ns, first=steps > 0)
        return lane.neighbour(chain.run.begin_ns, chain.run.row, steps)

    def fit(self) -> None:
        """Bring the selected run into the middle; when it is there, show it as large as one can still see around it."""
        chain = self._lanes.over.chain
        if chain is None:
            return
        run = chain.run
        middle = self._time.scale.x_of((run.begin_ns + run.end_ns) / 2)
        is_centred = abs(middle - self._time.width / 2) < 2
        if is_centred:
            around = max((run.end_ns - run.begin_ns) // 2, 100)
            self._time.fit(run.begin_ns - around, run.end_ns + around)
        else:
            self._time.centre(run.begin_ns, run.end_ns)

    def _selected(self) -> RunRow | None:
        """The run that is selected, or that a selected line or order belongs to."""
        thing, known = self._pin.thing, self._model.known
        if thing is None or not isinstance(thing.key, int):
            return None
        if thing.kind in ("run", "order"):
            return self._model.run_of(thing.key)
        if thing.kind == "log" and known.log.first <= thing.key < len(known.log):
            line = known.log[thing.key]
            return self._model.run_of(line.run) if line.run and line.app == self._model.app.number else None
        return None

    def _bring_into_view(self, run: RunRow) -> None:
        if not self._time.is_on_screen(run.begin_ns, run.end_ns):
            self._time.centre(run.begin_ns, run.end_ns)
        row = self._lanes.lanes[self._lanes.current] if len(self._lanes.lanes) else None
        if row is None or row.catalyst != run.catalyst or row.tonic not in (-1, run.essence):
            self._lanes.show_lane(self._lanes.lanes.number_of(run.catalyst))
