"""The line of controls above the diagram: filter, chain or window, scale of time, table, more, pin; what it is about below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QButtonGroup, QVBoxLayout

from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.widgets.command_bar import CommandBar, CommandButton
from tasktonic_studio.ui.widgets.command_menu import CommandMenu
from tasktonic_studio.ui.widgets.elided_label import ElidedLabel
from tasktonic_studio.ui.widgets.filter_bar import FilterWords

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

_WORDS: Final = FilterWords(
    "the sequence",
    ("words", "from:pump", "to:valve", "error:", "longer:5ms"),
    "Only calls that fit are in the diagram. Words are looked for in tonic, class and sparkle. tonic:, from:, to:, type:, "
    "sparkle:, cat:, state:, error:, ignored:, waiting:, longer:5ms, waited:5ms; -word leaves out.",
)

MORE: Final = (
    "sequence.more_lifelines",
    "sequence.fewer_lifelines",
    "sequence.fold_again",
    "sequence.fold_selves",
    "sequence.fold_repeats",
    "",
    "sequence.to_scale",
    "sequence.zoom_in",
    "sequence.zoom_out",
    "sequence.fit",
    "",
    "sequence.copy_text",
    "sequence.copy_mermaid",
    "sequence.save_svg",
    "sequence.save_png",
    "sequence.save_mermaid",
    "sequence.save_text",
)


class SequenceBar(CommandBar):
    """Owned by the panel's view."""

    def __init__(self, context: PanelContext) -> None:
        self._context = context
        self.chain = CommandButton(
            "ways", "Chain", "What caused the selected run, and what it caused", "sequence.show_chain", checkable=True
        )
        self.span = CommandButton(
            "timeline",
            "Window",
            "The calls of the time that the timeline shows, or the last ones",
            "sequence.show_window",
            checkable=True,
        )
        self.scale = CommandButton(
            "timer", "Time", "Let the distance down be time", "sequence.to_scale", checkable=True
        )
        self.table = CommandButton(
            "table", "Table", "Show the rows as a table", "sequence.toggle_table", checkable=True
        )
        self.more = CommandButton("menu", "More", "Lifelines, folding, copy and save")
        self.chain.setChecked(True)
        buttons = (self.chain, self.span, self.scale, self.table, self.more)
        super().__init__(_WORDS, buttons, context, context.run, important=2)
        self.scopes = QButtonGroup(self)
        for button in (self.chain, self.span):
            self.scopes.addButton(button)
        self.more.clicked.connect(self._on_more)
        self.heading = ElidedLabel()
        self.heading.setContentsMargins(tokens.SPACE_PX, 0, tokens.SPACE_PX, tokens.SMALL_SPACE_PX)
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout), "a filter bar has its line above its sentence"
        layout.insertWidget(1, self.heading)

    def _on_more(self) -> None:
        menu = CommandMenu(self, self._context, MORE)
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))
