"""Where docks stand: put there as an arrangement says or as the user left it, and what joins them later.

Splits are made before tabs: Qt adds a tab where one splits a tabbed dock.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow

from tasktonic_studio.ui.layouts import Split, Tabs, first_panel, mates, without_low_parts, without_narrow_parts
from tasktonic_studio.ui.widgets.on_screen import is_on_screen

STATE_VERSION: Final = 1
LEAST_LINES: Final = 8
"""A panel out of the box has room for so many lines of text, its tab and its filter among them; see `without_low_parts`."""
LEAST_LETTERS: Final = 19
"""The same across: it has room for so many letters of usual width; see `without_narrow_parts`."""


class DockPlaces:
    """Places the docks of one window. Made and owned by the dock area, before it has docks.

    Args:
        area: the window that the docks are in.
        docks: all docks of the area by the ids of their panels; the area adds to them.
    """

    def __init__(self, area: QMainWindow, docks: Mapping[str, QDockWidget]) -> None:
        self._area = area
        self._docks = docks
        self._placed: set[str] = set()
        self._made: Tabs | Split | None = None
        """What `place` was given; None from when the docks stand as the user wants them."""
        self._tree: Tabs | Split | None = None
        """That as it fits."""
        self._nowhere = area.saveState(STATE_VERSION)
        """The state without any docks."""

    def clear(self) -> None:
        """Take all docks out of the window: none has a place."""
        for dock in self._docks.values():
            if dock.isFloating():
                dock.setFloating(False)
            self._area.removeDockWidget(dock)
        # Qt takes back the tab bars of groups that are gone when it lays out what is left, not when another state is restored.
        if (layout := self._area.layout()) is not None:
            layout.activate()
        # Qt keeps the places of docks that were removed, as those of docks on screen, and would save and restore them.
        self._area.restoreState(self._nowhere, STATE_VERSION)
        self._placed.clear()
        self._made = self._tree = None

    def state(self) -> bytes:
        """Where everything is, for `restore`."""
        return bytes(self._area.saveState(STATE_VERSION).data())

    def restore(self, saved: bytes) -> bool:
        """Place docks as they were. Call `clear` before: Qt leaves one that is not in the saved state where it is.

        Returns whether Qt could make anything of it.
        """
        is_restored = self._area.restoreState(saved, STATE_VERSION)
        if is_restored:
            self._placed = {it for it, dock in self._docks.items() if self._is_laid_out(dock)}
        return is_restored

    def place(self, tree: Tabs | Split) -> None:
        """Place docks as they are out of the box, and as they fit. Call `clear` before."""
        self._made, self._tree = tree, self._fitting(tree)
        first = self._docks[first_panel(self._tree)]
        self._area.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, first)
        self._split(self._tree)
        self._tabify(self._tree)

    def give_sizes(self) -> None:
        """Share out the room of the window as it is now. For docks that are as they were placed."""
        if self._tree is not None:
            self._share(self._tree, self._area.width(), self._area.height())

    def leave(self) -> None:
        """The user has changed something: the docks stay as they are, whatever the room."""
        self._made = None

    def refit(self, in_front: Sequence[str]) -> None:
        """Place docks anew where the room, or the size of text, is such that others should be above one another.

        Args:
            in_front: panels that stay in front, where no other of these is in front of them; the last wins.
        """
        if self._made is None or self._fitting(self._made) == self._tree:
            return
        made = self._made
        self.clear()
        self.place(made)
        self.give_sizes()
        for panel_id in in_front:
            if panel_id in self._placed:
                self._docks[panel_id].raise_()

    def _fitting(self, tree: Tabs | Split) -> Tabs | Split:
        # The height of what was never on screen is a guess.
        if not self._area.isVisible():
            return tree
        letters = self._area.fontMetrics()
        tree = without_narrow_parts(tree, self._area.width(), LEAST_LETTERS * letters.averageCharWidth())
        return without_low_parts(tree, self._area.height(), LEAST_LINES * letters.height())

    def join_new(self, tree: Tabs | Split) -> None:
        """Put panels that a saved arrangement has no place for behind those they stand beside out of the box.

        They did not exist when it was saved.
        """
        for panel_id in [it for it in self._docks if it not in self._placed]:
            there = [it for it in mates(tree, panel_id) if it in self._placed and not self._docks[it].isHidden()]
            if there:
                beside = there[0]
                front = self._front_of(beside)
                self._area.tabifyDockWidget(self._docks[beside], self._docks[panel_id])
                self._docks[panel_id].show()
                self._placed.add(panel_id)
                front.raise_()

    def give_one(self, panel_id: str) -> None:
        """Put a panel that is not in this arrangement behind the largest one on screen."""
        if panel_id in self._placed:
            return
        dock = self._docks[panel_id]
        others = [self._docks[other] for other in self._placed if not self._docks[other].isHidden()]
        if others:
            self._area.tabifyDockWidget(max(others, key=lambda other: other.width() * other.height()), dock)
        else:
            self._area.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
        self._placed.add(panel_id)

    def _is_laid_out(self, dock: QDockWidget) -> bool:
        """Whether a dock has a place in the window, be it on screen or closed."""
        return self._area.dockWidgetArea(dock) != Qt.DockWidgetArea.NoDockWidgetArea

    def _front_of(self, panel_id: str) -> QDockWidget:
        """Of the docks behind one another the one that can be seen."""
        dock = self._docks[panel_id]
        together = [dock, *self._area.tabifiedDockWidgets(dock)]
        return next((it for it in together if is_on_screen(it)), dock)

    def _split(self, tree: Tabs | Split) -> None:
        if isinstance(tree, Tabs):
            return
        along = Qt.Orientation.Horizontal if tree.across else Qt.Orientation.Vertical
        corners = [self._docks[first_panel(part)] for part in tree.parts]
        for before, after in itertools.pairwise(corners):
            self._area.splitDockWidget(before, after, along)
        for part in tree.parts:
            self._split(part)

    def _tabify(self, tree: Tabs | Split) -> None:
        if isinstance(tree, Split):
            for part in tree.parts:
                self._tabify(part)
            return
        docks = [self._docks[panel_id] for panel_id in tree.panels]
        for before, after in itertools.pairwise(docks):
            self._area.tabifyDockWidget(before, after)
        for dock in docks:
            dock.show()
        docks[0].raise_()
        self._placed.update(tree.panels)

    def _share(self, tree: Tabs | Split, width_px: int, height_px: int) -> None:
        if isinstance(tree, Tabs):
            return
        whole = sum(part.size for part in tree.parts)
        along = Qt.Orientation.Horizontal if tree.across else Qt.Orientation.Vertical
        room = width_px if tree.across else height_px
        sizes = [max(1, room * part.size // whole) for part in tree.parts]
        self._area.resizeDocks([self._docks[first_panel(part)] for part in tree.parts], sizes, along)
        for part, size in zip(tree.parts, sizes, strict=True):
            self._share(part, size if tree.across else width_px, height_px if tree.across else size)
