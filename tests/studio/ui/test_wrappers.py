"""What PySide takes for a widget's parent is what Qt does: else a widget that goes takes the wrappers of others with it."""

from __future__ import annotations

import gc
import re

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSpacerItem, QTableView, QVBoxLayout, QWidget, QWidgetItem

from tasktonic_studio.ui.panel_list import all_panels
from tests.helpers.builders import a_session_with_plant
from tests.helpers.window_stand import WindowStand

from .conftest import MakeStand

PARENT = re.compile(r"^parent\.+ <.* at (0x[0-9a-f]+)>$", re.MULTILINE)
"""In what `shiboken6.dump` says of an object; the number is that of `id`."""


def show_every_panel(stand: WindowStand) -> None:
    for panel in all_panels():
        stand.bench.show_panel(panel.id)


def strangers(window: QWidget) -> list[str]:
    """Widgets of a window whose parent, for PySide, is none that Qt would delete them with."""
    # Not `findChildren`: that would put the books right.
    known = {id(each): each for each in gc.get_objects() if isinstance(each, QWidget) and shiboken6.isValid(each)}
    found = []
    for widget in known.values():
        parent = PARENT.search(shiboken6.dump(widget))
        owner = known.get(int(parent[1], 16)) if parent else None
        if owner is None or widget.window() is not window:
            continue
        above = widget.parentWidget()
        while above is not None and above is not owner:
            above = above.parentWidget()
        if above is None:
            found.append(f"{widget} is a child of {owner}")
    return found


def test_a_widget_that_is_deleted_leaves_the_headers_of_tables_in_use(make_stand: MakeStand) -> None:
    stand = make_stand(a_session_with_plant(), panels=all_panels())
    passing = QPushButton("passing", stand.window)
    headers = {table: table.horizontalHeader() for table in stand.window.findChildren(QTableView)}
    show_every_panel(stand)

    passing.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    assert not shiboken6.isValid(passing)
    assert len(headers) > 3
    assert [table for table, header in headers.items() if not shiboken6.isValid(header)] == []
    assert not stand.window.grab().isNull()


def test_no_widget_is_taken_for_the_child_of_one_that_it_does_not_stand_in(make_stand: MakeStand) -> None:
    stand = make_stand(a_session_with_plant(), panels=all_panels())
    show_every_panel(stand)

    assert strangers(stand.window) == []


def test_a_widget_that_is_taken_for_the_child_of_another_is_found(make_stand: MakeStand) -> None:
    stand = make_stand()
    one, other = QPushButton("one", stand.window), QPushButton("other", stand.window)
    assert strangers(stand.window) == []

    assert one.nextInFocusChain() is other

    assert strangers(stand.window) == [f"{other} is a child of {one}"]


# ---- items of layouts: Qt deletes them without a word to PySide


def kept_items() -> set[str]:
    """What PySide keeps of layouts' items, each as long as the layout lives, whether there still is such an item or not."""
    items = [each for each in shiboken6.getAllValidWrappers() if isinstance(each, QWidgetItem | QSpacerItem)]
    # A layout of our own keeps its items itself, and lets go of each when it is taken away.
    return {dump for dump in map(shiboken6.dump, items) if PARENT.search(dump)}


def test_of_no_panel_the_items_of_layouts_are_kept(make_stand: MakeStand) -> None:
    of_others = kept_items()
    stand = make_stand(a_session_with_plant(), panels=all_panels())
    show_every_panel(stand)

    assert kept_items() - of_others == set()


def test_items_of_a_layout_that_is_nested_when_it_is_filled_are_found(make_stand: MakeStand) -> None:
    stand = make_stand()
    page = QWidget(stand.window)
    outer, inner = QVBoxLayout(page), QHBoxLayout()
    inner.addWidget(QPushButton("one"))
    before = kept_items()

    outer.addLayout(inner)

    assert len(kept_items() - before) == 1
