"""ViewPanel, SearchingPanel: panels that leave all to their widget."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtWidgets import QLineEdit

from tasktonic_studio.session.changes import Changes
from tasktonic_studio.ui.panel import Panel


class PanelView(Protocol):
    """What such a widget can do; see `Panel` for when it is called."""

    def watch(self) -> None: ...
    def unwatch(self) -> None: ...
    def on_changes(self, changes: Changes) -> None: ...
    def retheme(self) -> None: ...
    def finish(self) -> None: ...


class SearchingView(PanelView, Protocol):
    """One with a search line."""

    @property
    def search(self) -> QLineEdit: ...


class ViewPanel(Panel):
    """Hands on what the window says. A subclass sets ``view`` in its `build`, and has its own commands."""

    view: PanelView

    def on_changes(self, changes: Changes) -> None:
        self.view.on_changes(changes)

    def on_theme(self) -> None:
        self.view.retheme()

    def shown(self) -> None:
        self.view.watch()

    def hidden(self) -> None:
        self.view.unwatch()

    def finish(self) -> None:
        self.view.finish()


class SearchingPanel(ViewPanel):
    """With a search line."""

    view: SearchingView

    def find(self) -> None:
        self.view.search.setFocus()
        self.view.search.selectAll()
