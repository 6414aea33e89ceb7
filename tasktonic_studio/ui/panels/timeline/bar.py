"""The line of controls above the timeline: filter, table, totals, fit, live edge, pin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tasktonic_studio.ui.widgets.command_bar import CommandBar, CommandButton
from tasktonic_studio.ui.widgets.filter_bar import FilterWords

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

_WORDS: Final = FilterWords(
    "the timeline",
    ("words", "tonic:pump", "error:", "longer:5ms", "-hook:"),
    "Only runs that fit are in the lanes. Words are looked for in tonic, class and sparkle. tonic:, type:, sparkle:, "
    "cat:, state:, error:, ignored:, hook:, system:, longer:5ms; -word leaves out.",
)


class TimelineBar(CommandBar):
    """Owned by the timeline's view."""

    def __init__(self, context: PanelContext) -> None:
        self.table = CommandButton(
            "table", "Table", "Show the runs on screen as a table", "timeline.toggle_table", checkable=True
        )
        self.sum = CommandButton(
            "sum", "Add up", "Add up what is on screen: counts, totals, longest", "timeline.add_up"
        )
        self.fit = CommandButton("fit", "All", "Show the whole run", "timeline.fit_all")
        self.live = CommandButton("live", "Live edge", "Stay at the newest runs", "timeline.follow", checkable=True)
        self.live.setChecked(True)
        super().__init__(_WORDS, (self.table, self.sum, self.fit, self.live), context, context.run)
