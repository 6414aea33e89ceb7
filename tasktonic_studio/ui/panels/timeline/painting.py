"""How lanes are painted: as a band, as blocks, or run by run, whichever can be read at this scale.

One file, since the three levels share the same few pens; it knows nothing of widgets, so that a saved picture is painted
by the very same code.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetrics, QImage, QPainter, QPen, QPolygonF

from tasktonic.events import ERROR, HOOK, IGNORED, SYSTEM
from tasktonic_studio.session.lanes import Lane
from tasktonic_studio.session.lookup import distinct
from tasktonic_studio.ui.panels.timeline.bands import band, error_marks
from tasktonic_studio.ui.panels.timeline.inks import TOOTH_PX, Inks
from tasktonic_studio.ui.panels.timeline.merging import blocks_of, wide_ones
from tasktonic_studio.ui.panels.timeline.model import TimelineModel
from tasktonic_studio.ui.panels.timeline.rows import LaneRow
from tasktonic_studio.ui.panels.timeline.time_scale import TimeScale
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets import figures

MOST_DRAWN: Final = 2_000
"""So many runs are drawn one by one in a frame; lanes with more become bands, the fullest first."""
MOST_LABELS: Final = 300
LABEL_PX: Final = 40
MARK_PX: Final = 8
_FAR_PX: Final = 20_000
_PAD_PX: Final = 4

Places = npt.NDArray[np.float64]

_MARK: Final = QPolygonF([QPointF(-MARK_PX / 2, -1), QPointF(MARK_PX / 2, -1), QPointF(0, MARK_PX - 1)])

KINDS: Final = ("run", "hook", "aside", "ignored", "error")
_RUN, _HOOK, _ASIDE, _IGNORED, _ERROR = range(5)


class Frame(NamedTuple):
    """What is to be painted: time, pixels, lanes. Lanes lie ``offset`` higher than their tops say (scrolled)."""

    scale: TimeScale
    width: int
    height: int
    rows: Sequence[LaneRow]
    offset: int


class DrawnRuns(NamedTuple):
    """Runs that were drawn by themselves, for what is laid over them: whose, where."""

    row: LaneRow
    essence: npt.NDArray[np.int32]
    left: Places
    right: Places
    is_hook: npt.NDArray[np.bool_]


class LanePainter:
    """Paints the lanes of a model. Made by the view; ``drawn`` tells afterwards what can be laid over."""

    def __init__(self, model: TimelineModel, theme: Theme) -> None:
        self._model = model
        self._theme = theme
        self.drawn: list[DrawnRuns] = []
        self.levels: dict[tuple[int, int], str] = {}
        """How each lane was drawn: ``band``, ``runs`` or ``empty``."""
        self._labels = 0
        self._bands: list[Lane] = []
        """Those that were drawn so last."""
        self.retheme()

    def retheme(self) -> None:
        """Take colours and fonts from the theme."""
        self.inks = Inks(self._theme)
        self._font = self._theme.font("ui", 0.9)
        self._metrics = QFontMetrics(self._font)
        self._cut: dict[tuple[int, int, int], str] = {}

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """Paint all lanes of a frame, from the left edge of its time."""
        self.drawn = []
        self.levels = {}
        self._labels = 0
        if len(self._cut) > 20_000:
            self._cut.clear()
        painter.setFont(self._font)
        lanes = [(row, self._model.lane(row)) for row in frame.rows]
        as_bands = self._too_many(lanes, frame)
        edges = frame.scale.edges(frame.width)
        for row, lane in lanes:
            top = row.top - frame.offset
            painter.setPen(self._theme.color("border"))
            painter.drawLine(0, top + row.height - 1, frame.width, top + row.height - 1)
            level = "empty" if lane is None or not lane.parts else "band" if row in as_bands else "runs"
            self.levels[row.catalyst, row.tonic] = level
            if lane is not None and level == "band":
                self._paint_band(painter, frame, row, lane, edges)
            elif lane is not None and level == "runs":
                self._paint_runs(painter, frame, row, lane)
        self._keep_strips([lane for row, lane in lanes if lane is not None and row in as_bands])
        self._paint_going(painter, frame)
        self._paint_gaps(painter, frame)

    def _keep_strips(self, bands: list[Lane]) -> None:
        """Of lanes that are bands no more, or out of sight, nothing is remembered."""
        for lane in self._bands:
            if lane not in bands:
                lane.forget_strip()
        self._bands = bands

    def _too_many(self, lanes: Sequence[tuple[LaneRow, Lane | None]], frame: Frame) -> set[LaneRow]:
        """The lanes that become bands, so that the others have room in a frame."""
        from_ns, until_ns = frame.scale.t_at(0), frame.scale.until_ns(frame.width)
        counts = sorted((lane.runs_between(from_ns, until_ns), row) for row, lane in lanes if lane is not None)
        left, found = MOST_DRAWN, set()
        for count, row in counts:
            if count > left or count > 2 * frame.width:
                found.add(row)
            else:
                left -= count
        return found

    # ---- bands -------------------------------------------------------------------------------------------------

    def _paint_band(
        self, painter: QPainter, frame: Frame, row: LaneRow, lane: Lane, edges: npt.NDArray[np.int64]
    ) -> None:
        strip = lane.strip(edges)
        height = row.height - 2 * _PAD_PX
        top = row.top - frame.offset + _PAD_PX
        pixels = band(strip, frame.scale.ns_per_px, height, self.inks.shades, self.inks.error_argb)
        painter.drawImage(0, top, image_of(pixels))
        self._paint_marks(painter, error_marks(strip, 2 * MARK_PX), top)

    def _paint_marks(self, painter: QPainter, xs: Iterable[float], top: float) -> None:
        """The shape that says "error" where a colour alone would not."""
        painter.setPen(QPen(self.inks.panel, 1))
        painter.setBrush(self.inks.edges["error"])
        for x in xs:
            painter.drawPolygon(_MARK.translated(x, top))

    # ---- run by run --------------------------------------------------------------------------------------------

    def _paint_runs(self, painter: QPainter, frame: Frame, row: LaneRow, lane: Lane) -> None:
        scale = frame.scale
        found = lane.slices(scale.t_at(0) - 1, scale.until_ns(frame.width) + 1)
        if not len(found.row):
            return
        columns = self._model.columns(("essence", "sparkle", "flags", "order", "run"), found.row)
        left = np.clip(scale.xs_of(found.begin_ns), -_FAR_PX, _FAR_PX)
        right = np.clip(scale.xs_of(found.end_ns), -_FAR_PX, _FAR_PX)
        flags = columns["flags"]
        is_hook = (flags & HOOK) != 0
        top, height = row.top - frame.offset + _PAD_PX, row.height - 2 * _PAD_PX
        self._paint_waits(painter, scale, columns, found.begin_ns, left, right, top + height + 1)
        self._paint_blocks(painter, left[~is_hook], right[~is_hook], flags[~is_hook], top, height)
        wide = wide_ones(left, right)
        # Runs first, then the hooks that lie inside them.
        for chosen in (wide[~is_hook[wide]], wide[is_hook[wide]]):
            if chosen.size:
                low, high = (top + height / 2, height / 2) if is_hook[chosen[0]] else (top, height)
                self._paint_boxes(painter, left[chosen], right[chosen], flags[chosen], low, high)
                self._paint_labels(painter, frame, columns, chosen, left, right, low, high)
        self.drawn.append(DrawnRuns(row, columns["essence"], left, right, is_hook))

    def _paint_boxes(
        self, painter: QPainter, left: Places, right: Places, flags: npt.NDArray[np.uint8], top: float, height: float
    ) -> None:
        """Runs that can be told apart. All of a kind at once: setting pens for each took most of a frame."""
        kinds = kinds_of(flags)
        for kind in distinct(kinds).tolist():
            name = KINDS[kind]
            mine = kinds == kind
            starts, widths = left[mine].tolist(), (right[mine] - left[mine] - 1).tolist()
            boxes = [QRectF(x, top, width, height - 1) for x, width in zip(starts, widths, strict=True)]
            style = Qt.PenStyle.DashLine if name == "aside" else Qt.PenStyle.SolidLine
            painter.setPen(QPen(self.inks.edges[name], 1, style))
            painter.setBrush(self.inks.fills[name])
            painter.drawRects(boxes)
            if name == "ignored":
                painter.setBrush(QBrush(self.inks.edges[name], Qt.BrushStyle.BDiagPattern))
                painter.drawRects(boxes)
            elif name == "error":
                self._paint_marks(painter, [max(x, 0) + MARK_PX / 2 + 1 for x in starts], top + 1)

    def _paint_labels(
        self,
        painter: QPainter,
        frame: Frame,
        columns: dict[str, Any],
        chosen: npt.NDArray[np.int64],
        left: Places,
        right: Places,
        top: float,
        height: float,
    ) -> None:
        """The names of those that are wide enough, in the part that can be seen."""
        if height < self._metrics.height() - 2:
            return
        starts, ends = np.maximum(left[chosen], 0), np.minimum(right[chosen], frame.width)
        roomy = np.flatnonzero(ends - starts >= LABEL_PX)[: MOST_LABELS - self._labels]
        baseline = top + (height + self._metrics.ascent() - self._metrics.descent()) / 2
        painter.setPen(self._theme.color("text"))
        for number in roomy.tolist():
            x = float(starts[number]) + MARK_PX + 3
            at = int(chosen[number])
            room = int(ends[number] - x) - 3
            text = self._cut_words(int(columns["essence"][at]), int(columns["sparkle"][at]), room)
            painter.drawText(QPointF(x, baseline), text)
        self._labels += len(roomy)

    def _cut_words(self, essence: int, sparkle: int, room: int) -> str:
        key = (essence, sparkle, room)
        text = self._cut.get(key)
        if text is None:
            words = self._model.words(essence, sparkle)
            text = self._cut[key] = self._metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
        return text

    def _paint_blocks(
        self, painter: QPainter, left: Places, right: Places, flags: npt.NDArray[np.uint8], top: int, height: int
    ) -> None:
        blocks = blocks_of(left, right, (flags & ERROR) != 0)
        widths = np.maximum(blocks.right - blocks.left, 1.5)
        kinds = np.where(blocks.runs == 1, kinds_of(flags[blocks.first]), _RUN)
        kinds[blocks.failed] = _ERROR
        toothed = (blocks.runs > 1) & (widths >= 2 * TOOTH_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        for kind in distinct(kinds[~toothed]).tolist():
            mine = ~toothed & (kinds == kind)
            painter.setBrush(self.inks.edges[KINDS[kind]])
            places = zip(blocks.left[mine].tolist(), widths[mine].tolist(), strict=True)
            painter.drawRects([QRectF(x, top, width, height) for x, width in places])
        for kind in distinct(kinds[toothed]).tolist():
            mine = toothed & (kinds == kind)
            places = zip(blocks.left[mine].tolist(), widths[mine].tolist(), strict=True)
            boxes = [QRectF(x, top, width, height) for x, width in places]
            self._paint_toothed(painter, KINDS[kind], boxes, blocks.runs[mine].tolist())
        self._paint_marks(painter, (blocks.left + widths / 2)[blocks.failed].tolist(), top)

    def _paint_toothed(self, painter: QPainter, kind: str, boxes: list[QRectF], runs: list[int]) -> None:
        """Several runs in one shape, with teeth at its upper edge: here is more than one can see."""
        tooth = TOOTH_PX
        painter.setBrush(self.inks.fills[kind])
        painter.setPen(QPen(self.inks.edges[kind], 1))
        painter.drawRects([box.adjusted(0, tooth, -1, -1) for box in boxes])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(self.inks.teeth[kind]))
        painter.setBrushOrigin(QPointF(0, boxes[0].top()))
        painter.drawRects([QRectF(box.left(), box.top(), box.width(), tooth) for box in boxes])
        painter.setPen(self._theme.color("text"))
        for box, number in zip(boxes, runs, strict=True):
            words = f"×{figures.grouped(number)}"
            room = self._metrics.horizontalAdvance(words) + 6 if box.width() > MARK_PX * 2 else _FAR_PX
            if box.width() >= room and self._labels < MOST_LABELS:
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
                self._labels += 1

    def _paint_waits(
        self,
        painter: QPainter,
        scale: TimeScale,
        columns: dict[str, Any],
        begin_ns: npt.NDArray[np.int64],
        left: Places,
        right: Places,
        y: int,
    ) -> None:
        """A thin line from when the order was queued to when it ran, below those runs that can be told apart."""
        shown = np.flatnonzero((right - left >= 1.0) & (columns["order"] == columns["run"]) & (left > 0))
        if not shown.size or shown.size > MOST_LABELS:
            return
        queued = self._model.queued_ns(columns["order"][shown])
        waited = (queued >= 0) & ((begin_ns[shown] - queued) / scale.ns_per_px >= 2)
        starts = np.maximum(scale.xs_of(queued[waited]), -4.0).tolist()
        painter.setPen(QPen(self._theme.color("waiting"), 1))
        painter.drawLines([QLineF(x, y, end, y) for x, end in zip(starts, left[shown[waited]].tolist(), strict=True)])
        painter.drawLines([QLineF(x, y - 2, x, y + 2) for x in starts])

    # ---- what has not ended, what was lost ---------------------------------------------------------------------

    def _paint_going(self, painter: QPainter, frame: Frame) -> None:
        """Runs that have not ended: open to the right."""
        now = self._model.now_ns
        for going in self._model.going():
            for row in frame.rows:
                if row.catalyst != going.catalyst or (row.is_tonic and row.tonic != going.essence):
                    continue
                left = min(max(frame.scale.x_of(going.since_ns), -_FAR_PX), _FAR_PX)
                right = min(max(frame.scale.x_of(now), left + 2), _FAR_PX)
                box = QRectF(left, row.top - frame.offset + _PAD_PX, right - left, row.height - 2 * _PAD_PX)
                painter.fillRect(box, self.inks.fills["run"])
                painter.setPen(QPen(self.inks.edges["run"], 1, Qt.PenStyle.DotLine))
                painter.drawLines([QLineF(box.topLeft(), box.topRight()), QLineF(box.bottomLeft(), box.bottomRight())])
                painter.setPen(QPen(self.inks.edges["run"], 2))
                painter.drawLine(QLineF(box.topLeft(), box.bottomLeft()))
                words = (
                    f"{self._model.words(going.essence, going.sparkle)} · for {figures.duration(now - going.since_ns)}"
                )
                seen = box.intersected(QRectF(0, box.top(), frame.width, box.height())).adjusted(6, 0, -2, 0)
                text = self._metrics.elidedText(words, Qt.TextElideMode.ElideRight, int(seen.width()))
                painter.setPen(self._theme.color("text"))
                painter.drawText(seen, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)

    def _paint_gaps(self, painter: QPainter, frame: Frame) -> None:
        """Where flow was lost, hatched over all lanes, with a word where there is room."""
        bottom = min(frame.rows[-1].bottom - frame.offset if frame.rows else 0, frame.height)
        lost = self._model.lost(frame.scale, frame.width)
        for left, right, runs in zip(*(column.tolist() for column in lost), strict=True):
            area = QRect(round(left), 0, round(right - left), bottom)
            hatch(painter, area, self._theme.color("warning"))
            words = f"lost {figures.counted(runs, 'run')}"
            if area.width() > self._metrics.horizontalAdvance(words) + 12:
                box = self._metrics.boundingRect(words).adjusted(-5, -2, 5, 2)
                box.moveCenter(area.center())
                painter.fillRect(box, self.inks.panel)
                painter.setPen(self._theme.color("warning"))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)


def hatch(painter: QPainter, area: QRect, colour: QColor) -> None:
    """What is not known, in any painted view: diagonal lines between two edges."""
    painter.fillRect(area, QBrush(colour, Qt.BrushStyle.BDiagPattern))
    painter.setPen(QPen(colour, 1, Qt.PenStyle.DashLine))
    painter.drawLine(area.topLeft(), area.bottomLeft())
    painter.drawLine(area.topRight(), area.bottomRight())


def box_of(left: float, right: float, top: float, height: float, is_hook: bool) -> QRectF:
    """Where a run is drawn; a hook in the lower half of the run that it is a part of."""
    if is_hook:
        top, height = top + height / 2, height / 2
    return QRectF(left, top, max(right - left, 1.5), height)


def image_of(pixels: npt.NDArray[np.uint32]) -> QImage:
    """Rows of ARGB numbers as an image, which needs them for as long as it is used."""
    height, width = pixels.shape
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)


def kind_of(flags: int) -> int:
    """Which kind a run with these flags is drawn as, as a place in `KINDS`."""
    for flag, kind in ((ERROR, _ERROR), (IGNORED, _IGNORED), (HOOK, _HOOK), (SYSTEM, _ASIDE)):
        if flags & flag:
            return kind
    return _RUN


_KIND_BY_FLAGS: Final = np.array([kind_of(flags) for flags in range(256)], np.int64)


def kinds_of(flags: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
    """The same for many."""
    return _KIND_BY_FLAGS[flags]
