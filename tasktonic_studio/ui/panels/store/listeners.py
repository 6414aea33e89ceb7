"""Who listens to the chosen path of a store, as the app told it when it was asked."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtGui import QGuiApplication

from tasktonic.protocol.messages import ListenerRow, Listeners
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.item_models.roles import ACCESSIBLE_TEXT, DISPLAY, FONT, FOREGROUND, TOOL_TIP, Column
from tasktonic_studio.ui.item_models.table import TableModel
from tasktonic_studio.ui.panels.store.arrangement import StoreKey
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets import accessible, figures
from tasktonic_studio.ui.widgets.spoken_page import SpokenPage
from tasktonic_studio.ui.widgets.tail_table import TailTable

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

CAPABILITY: Final = "listeners"

COLUMNS: Final = (
    Column("name", "Listener", "Who listens: a click selects it.", "conveyor 12", stretch=True),
    Column("callback", "Is called", "The sparkle or function.", "ttse__on_limit", stretch=True, mono=True, rank=1),
    Column("path", "Subscribed to", "The path of the subscription.", "house/*/watt", stretch=True, mono=True, rank=2),
    Column("options", "Hears", "What the subscription says besides.", "not its own changes", stretch=True, rank=3),
)


class ListenerWords(NamedTuple):
    """What one row shows; ``essence`` is -1 when a click leads nowhere."""

    essence: int
    texts: tuple[str, str, str, str]


def why_not_ask(known: Knowledge, *, is_live: bool) -> str:
    """Why the app cannot be asked who listens, in a sentence; empty when it can."""
    target = known.target
    if target.how == "file":
        return "This is a recorded run: subscriptions are not in the record, only a living app can tell who listens."
    if not target.is_alive:
        return "The app has ended: subscriptions are not in the record, so who listened cannot be told."
    if not is_live:
        return "This is a moment of the past, and subscriptions are not in the record. Go live to ask who listens."
    if CAPABILITY not in target.capabilities:
        return "The probe of this app cannot tell who listens: it is older than this Studio."
    return ""


def words_of(row: ListenerRow) -> ListenerWords:
    """A subscription in words."""
    options = (
        "" if row.is_recursive else "this place only",
        row.ignores and f"not {row.ignores + ' changes' if row.ignores == 'its own' else row.ignores}",
        row.excludes and f"not of {row.excludes}",
        row.extracts and f"is given {row.extracts}",
        row.heard_on and f"by the link {row.heard_on}",
        "told at once what was there" if row.is_triggered else "",
    )
    hears = ", ".join(filter(None, options)) or "all changes"
    paths = ", ".join(pattern or "(the whole store)" for pattern in row.patterns)
    texts = (row.name, row.callback, paths, hears)
    return ListenerWords(row.essence, tuple(figures.short(text, 200) for text in texts))  # type: ignore[arg-type]


def summary_of(told: Listeners, began_ns: int) -> str:
    """How many listen, and when that was so."""
    when = f"at {figures.moment(told.t_ns, began_ns)}"
    if told.problem:
        return told.problem
    if not told.total:
        return f"Nobody listened to this path {when}."
    if len(told.rows) < told.total:
        return f"The first {figures.grouped(len(told.rows))} of {figures.grouped(told.total)} that listened {when}."
    return f"{figures.counted(told.total, 'subscription')} {when}, in the order in which they are told."


class ListenersModel(TableModel[ListenerWords]):
    """The rows of the last answer. An item is the number of a row."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(COLUMNS)
        self._theme = theme
        self._rows: tuple[ListenerRow, ...] = ()
        self._number = {column.id: number for number, column in enumerate(COLUMNS)}

    def show(self, rows: tuple[ListenerRow, ...]) -> bool:
        """Show these; true when they are others than before."""
        if rows == self._rows:
            return False
        self._rows = rows
        self.replace(np.arange(len(rows), dtype=np.int64))
        return True

    def essence_at(self, row: int) -> int:
        """Who listens, -1 when it is no essence."""
        return self._rows[row].essence if 0 <= row < len(self._rows) else -1

    def text_of(self, rows: list[int]) -> str:
        """These rows as text with tabs, as they are copied."""
        return "\n".join("\t".join(words_of(self._rows[row]).texts) for row in rows if row < len(self._rows))

    def read(self, item: int) -> ListenerWords:
        return words_of(self._rows[item])

    def key(self, row: ListenerWords) -> Hashable:
        return row

    def cell(self, row: ListenerWords, column: Column, role: int) -> Any:
        if role in (DISPLAY, ACCESSIBLE_TEXT):
            return row.texts[self._number[column.id]]
        if role == TOOL_TIP:
            return "\n".join(row.texts)  # in a narrow place not all columns are there
        if role == FOREGROUND:
            return self._theme.color("text_muted" if column.id == "options" else "text")
        return self._theme.font("mono") if role == FONT and column.mono else None


class ListenersPage(SpokenPage):
    """Who listens to one path, and a button that asks anew. Made by `StoreDetail`."""

    wanted = Signal()
    """The app is to be asked."""

    def __init__(self, context: PanelContext) -> None:
        self._context = context
        self.model = ListenersModel(context.theme)
        self.table = TailTable(COLUMNS, "listener", "listeners")
        self.table.stop_following()
        self.table.setModel(self.model)
        accessible.name(
            self.table, "Listeners", "Who hears of a change of the path, in the order in which they are told"
        )
        super().__init__(
            self.table, "Ask anew", "Ask the app who listens to this path at this moment", "Ask who listens"
        )
        self.model.setParent(self)
        self.ask = self.button
        self.ask.clicked.connect(self.wanted)
        self.table.chosen.connect(self._on_chosen)
        self.table.copied.connect(self._on_copied)

    def show_path(self, known: Knowledge, key: StoreKey, *, is_live: bool) -> None:
        """Show what was answered last about a path, or why there is no answer."""
        reason = why_not_ask(known, is_live=is_live)
        told = None if reason else known.listeners.get((key.store, key.path))
        self.ask.setVisible(not reason)
        if self.model.show(told.rows if told is not None else ()):
            self.table.rows_replaced(0)
        self.table.setVisible(bool(told and told.rows))
        self.words.setText(reason or (summary_of(told, known.app.began_ns) if told else "The app is being asked."))

    def retheme(self) -> None:
        """Take on the theme's fonts and colours."""
        self.table.set_fonts(self._context.theme.font("ui"), self._context.theme.font("mono"))

    def _on_chosen(self, index: QModelIndex) -> None:
        essence = self.model.essence_at(index.row())
        if essence >= 0:
            self._context.selection.select(Thing("essence", essence))

    def _on_copied(self) -> None:
        QGuiApplication.clipboard().setText(self.model.text_of(self.table.selected_rows()))
