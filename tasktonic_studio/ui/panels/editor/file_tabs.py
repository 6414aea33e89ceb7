"""The tabs of the open files."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTabBar, QTabWidget, QToolButton, QWidget

from tasktonic_studio.ui.panels.editor.page import EditorPage
from tasktonic_studio.ui.tips import plain_tip
from tasktonic_studio.ui.widgets.more_tabs import MoreTabs


class FileTabs(QTabWidget):
    """One tab for each page. Made and owned by the editor's view."""

    close_wanted = Signal(int)
    """Somebody pressed the cross of this tab."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDocumentMode(True)
        self.setMovable(True)
        self.setElideMode(Qt.TextElideMode.ElideMiddle)
        MoreTabs(self.tabBar(), "file")
        self.setAccessibleName("Open files")

    def pages(self) -> Iterator[EditorPage]:
        """From left to right."""
        for index in range(self.count()):
            page = self.widget(index)
            if isinstance(page, EditorPage):
                yield page

    def page(self) -> EditorPage | None:
        """The file in front."""
        page = self.currentWidget()
        return page if isinstance(page, EditorPage) else None

    def add_page(self, page: EditorPage) -> None:
        """A tab for another file, with a button to close it; the style's own cross follows no theme."""
        name = page.document.name
        index = self.addTab(page, name)
        cross = QToolButton(self)
        cross.setObjectName("tab_cross")
        cross.setText("✕")
        cross.setToolTip(plain_tip(f"Close {name}"))
        cross.setAccessibleName(f"Close {name}")
        cross.setFixedSize(22, 20)
        cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        cross.clicked.connect(self._on_cross)
        self.tabBar().setTabButton(index, QTabBar.ButtonPosition.RightSide, cross)

    def _on_cross(self) -> None:
        bar = self.tabBar()
        for index in range(self.count()):
            if bar.tabButton(index, QTabBar.ButtonPosition.RightSide) is self.sender():
                self.close_wanted.emit(index)
                return

    def show_states(self) -> None:
        """Show which files have unsaved changes, and tell those of one name apart."""
        pages = list(self.pages())
        names = [page.document.name for page in pages]
        for index, page in enumerate(pages):
            name = page.document.name
            if names.count(name) > 1:
                name = f"{name} — {page.document.path.parent.name}"
            page.name_views(name)
            dirty = page.document.changed
            self.setTabText(index, ("● " if dirty else "") + name.replace("&", "&&"))
            self.setTabToolTip(index, plain_tip(f"{page.document.path}{', not saved' if dirty else ''}"))
            self.tabBar().setAccessibleTabName(index, f"{name}{', not saved' if dirty else ''}")
