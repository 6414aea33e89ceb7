"""Choose a running app to watch; those that cannot be watched say why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from tasktonic_studio.commands.running import RunningApp
from tasktonic_studio.ui.dialogs.fitting import fit
from tasktonic_studio.ui.theme.icons import Icons
from tasktonic_studio.ui.widgets.empty_state import EmptyState

LOOK_AGAIN_MS: Final = 2_000
"""An app that is started while one looks appears by itself."""


class AttachDialog(QDialog):
    """Made by the workbench when asked for; gone when closed. The list is brought up to date while it is open."""

    chosen = Signal(object)
    """The `RunningApp` to watch."""

    def __init__(self, icons: Icons, refresh: Callable[[], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Attach to a running app")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._icons = icons
        self._apps: list[RunningApp] = []
        title = QLabel("Which app do you want to watch?")
        title.setProperty("role", "title")
        self._hint = QLabel()
        self._hint.setProperty("role", "muted")
        self._hint.setWordWrap(True)
        self.list = QListWidget()
        self.list.setAccessibleName("Running apps")
        self.list.setWordWrap(True)
        self.list.itemActivated.connect(self._on_accept)
        self.list.currentRowChanged.connect(self._on_row)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.attach_button = buttons.addButton("Attach", QDialogButtonBox.ButtonRole.AcceptRole)
        self.attach_button.setProperty("kind", "primary")
        again = QPushButton("Look again")
        buttons.addButton(again, QDialogButtonBox.ButtonRole.ActionRole)
        again.clicked.connect(refresh)
        buttons.accepted.connect(self._on_accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        self.nothing = EmptyState("No app to attach to", "This list looks for one every two seconds.")
        pages = QWidget()
        self._pages = QStackedLayout(pages)
        for page in (self.nothing, self.list):
            self._pages.addWidget(page)
        for widget in (title, self._hint, pages, buttons):
            layout.addWidget(widget)
        self.show_running(())
        fit(self, 560, 380)
        look = QTimer(self)
        look.setInterval(LOOK_AGAIN_MS)
        look.timeout.connect(refresh)
        look.start()

    def show_running(self, apps: Sequence[RunningApp]) -> None:
        """List what runs; the choice stays on the same process."""
        before, listed = self._chosen(), self._apps
        self._apps = sorted(apps, key=lambda app: (not app.can_attach, app.pid))
        if self._apps == listed and self._hint.text():
            return
        self.list.clear()
        for app in self._apps:
            words = f"{app.title}  ·  pid {app.pid}\n{app.problem or app.detail}"
            item = QListWidgetItem(self._icons.icon("attach" if app.can_attach else "error"), words)
            if not app.can_attach:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(item)
        rows = [row for row, app in enumerate(self._apps) if app.can_attach]
        same = [row for row in rows if before is not None and self._apps[row].pid == before.pid]
        if rows:
            self.list.setCurrentRow((same or rows)[0])
        self._hint.setText(
            "An app can be watched when it was started with TASKTONIC_STUDIO=1 in its environment, "
            "or when it calls tasktonic.probe.start()." + ("" if rows or not self._apps else " None of these can be.")
        )
        self._pages.setCurrentWidget(self.list if self._apps else self.nothing)
        self._on_row()

    def _chosen(self) -> RunningApp | None:
        row = self.list.currentRow()
        return self._apps[row] if 0 <= row < len(self._apps) and self._apps[row].can_attach else None

    def _on_row(self) -> None:
        self.attach_button.setEnabled(self._chosen() is not None)

    def _on_accept(self) -> None:
        app = self._chosen()
        if app is not None:
            self.chosen.emit(app)
            self.accept()
