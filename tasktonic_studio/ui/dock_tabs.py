"""The row of tabs of panels that stand behind one another: Qt makes it, here it is made fit for its place."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabBar

from tasktonic_studio.ui.widgets.more_tabs import MoreTabs, stand_closer


def dress(bar: QTabBar, helps: Mapping[str, str]) -> None:
    """Give a row of tabs its name, its tips and the room that it has.

    Args:
        bar: as Qt has laid it out.
        helps: what is said of a panel, by the words on its tab.
    """
    bar.setDrawBase(False)
    bar.setAccessibleName("Panels behind one another")
    # Those that Qt keeps for later lie outside of the window: Tab would seem to go nowhere.
    bar.setFocusPolicy(Qt.FocusPolicy.TabFocus if bar.count() else Qt.FocusPolicy.NoFocus)
    for index in range(bar.count()):
        words = bar.tabText(index)
        if words in helps:
            bar.setTabToolTip(index, f"{words}\n{helps[words]}")
    stand_closer(bar, bar.width())
    if bar.findChild(MoreTabs) is None:
        MoreTabs(bar, "panel")
