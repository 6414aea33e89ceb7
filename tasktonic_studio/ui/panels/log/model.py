"""Log lines as a Qt table model."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from typing import Any, Final, NamedTuple

from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.ui.item_models.app_times import began_ns
from tasktonic_studio.ui.item_models.roles import DECORATION, DISPLAY, FONT, FOREGROUND, TOOL_TIP, Column
from tasktonic_studio.ui.item_models.table import TableModel
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets import figures
from tasktonic_studio.ui.widgets.columns import tabular
from tasktonic_studio.ui.widgets.shapes import Shapes

COLUMNS: Final = (
    Column("time", "Time", "How long after the app began.", "23:59:59.999", right=True, rank=2),
    Column(
        "level",
        "Level",
        "Who speaks: a tonic, an error, the Studio, what the process printed, or what somebody did by hand.",
        "stdout",
        icon=True,
    ),
    Column("tonic", "Tonic", "The tonic that said it.", "temperature 12", rank=3),
    Column(
        "text",
        "Text",
        "What was said.",
        "a line that can be read",
        stretch=True,
        roomy="a somewhat longer line of text",
    ),
)

SHAPES: Final = {
    "log": "line",
    "error": "error",
    "notice": "notice",
    "hand": "hand",
    "stdout": "output",
    "stderr": "output",
}
_LONGEST: Final = 400
_LONGEST_TIP: Final = 3_000


class LogRow(NamedTuple):
    """What one line shows."""

    item: int
    texts: tuple[str, ...]
    level: str
    tip: str
    essence: int


class LogModel(TableModel[LogRow]):
    """The lines of one `Knowledge`; items are indices of its log."""

    def __init__(self, theme: Theme, shapes: Shapes) -> None:
        super().__init__(COLUMNS)
        self._theme = theme
        self._shapes = shapes
        self._known: Knowledge | None = None
        self.retheme()

    def look_at(self, known: Knowledge) -> None:
        """Read lines from here on."""
        self._known = known

    def retheme(self) -> None:
        """Take fonts from the theme."""
        self._plain = tabular(self._theme.font("ui"))
        self._mono = self._theme.font("mono")

    def read(self, item: int) -> LogRow:
        known = self._known
        if known is None or not known.log.first <= item < len(known.log):
            return LogRow(item, ("", "", "", "this line was forgotten"), "notice", "", -1)
        line = known.log[item]
        texts = (figures.moment(line.t_ns, began_ns(known, line.app)), line.level, line.name, one_line(line.text))
        tip = line.text if not line.detail else f"{line.text}\n\n{line.detail}"
        essence = line.essence if line.app == known.app.number else -1
        return LogRow(item, texts, line.level, tip[:_LONGEST_TIP], essence)

    def key(self, row: LogRow) -> Hashable:
        return row.item

    def cell(self, row: LogRow, column: Column, role: int) -> Any:
        if role == DISPLAY:
            return row.texts[_NUMBER[column.id]]
        if role == FOREGROUND:
            if row.level == "error" and column.id in ("level", "text"):
                return self._theme.color("error")
            is_aside = column.id != "text" or row.level in ("notice", "hand", "stdout")
            return self._theme.color("text_muted") if is_aside else None
        if role == FONT:
            return self._mono if column.id == "text" and row.level in ("stdout", "stderr") else self._plain
        if role == DECORATION:
            return self._shapes.icon(SHAPES[row.level]) if column.id == "level" else None
        return row.tip if role == TOOL_TIP else None


def texts_of(known: Knowledge, items: Iterable[int]) -> Iterator[str]:
    """These lines whole, with tracebacks, as they are copied. Those that were forgotten are left out. Any thread."""
    for item in items:
        for line in known.log.slice(item, item + 1):
            parts = (figures.moment(line.t_ns, began_ns(known, line.app)), line.level, line.name, line.text)
            yield figures.tabbed(parts)
            if line.detail:
                yield line.detail.rstrip()


_NUMBER: Final = {column.id: number for number, column in enumerate(COLUMNS)}


def one_line(text: str) -> str:
    """A text as one line of bounded length; the tool tip and the inspector have all of it."""
    shown = text if len(text) <= _LONGEST else text[:_LONGEST] + " …"
    return " ↵ ".join(shown.splitlines()) if "\n" in shown else shown
