"""The form of all settings, made from `settings.py`: a new setting there appears here by itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from tasktonic_studio.settings import Setting, Settings, shown_settings
from tasktonic_studio.ui.dialogs.fitting import fit
from tasktonic_studio.ui.theme.tokens import ROW_HEIGHT_PX


class SettingsDialog(QDialog):
    """Made by the workbench when asked for; gone when closed. A change holds at once: there is nothing to confirm."""

    def __init__(self, settings: Settings, folders: Mapping[str, Path], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Settings")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._settings = settings
        self.fields: dict[str, QWidget] = {}
        page = QWidget()
        # Not a QFormLayout: that gives a label with several lines only as much height as it asks for at its own width.
        form = QGridLayout(page)
        form.setContentsMargins(2, 2, 12, 2)
        form.setHorizontalSpacing(24)
        form.setVerticalSpacing(12)
        form.setColumnStretch(0, 4)
        form.setColumnStretch(1, 3)
        for row, setting in enumerate(shown_settings()):
            label = QVBoxLayout()
            form.addLayout(label, row, 0)
            self._describe(setting, label)
            form.addWidget(self._field(setting), row, 1, Qt.AlignmentFlag.AlignTop)
        form.setRowStretch(form.rowCount(), 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(page)
        where = QLabel("\n".join(f"{what}: {path}" for what, path in folders.items()))
        where.setProperty("role", "small")
        where.setWordWrap(True)
        where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self._reset = QPushButton("Reset all")
        self._reset.setAccessibleDescription("All settings as they were at first")
        buttons.addButton(self._reset, QDialogButtonBox.ButtonRole.ResetRole)
        self._reset.clicked.connect(settings.reset)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(14)
        layout.addWidget(area, 1)
        layout.addWidget(where)
        layout.addWidget(buttons)
        fit(self, 600, 620)
        undo = settings.watch(self._on_changed)
        self.destroyed.connect(undo)

    def _describe(self, setting: Setting, layout: QVBoxLayout) -> None:
        title = QLabel(setting.title)
        title.setProperty("role", "strong")
        title.setWordWrap(True)
        help_text = QLabel(setting.help)
        help_text.setProperty("role", "small")
        help_text.setWordWrap(True)
        layout.setSpacing(1)
        layout.addWidget(title)
        layout.addWidget(help_text)
        layout.addStretch(1)

    def _field(self, setting: Setting) -> QWidget:
        field: QWidget
        if setting.kind == "choice":
            field = QComboBox()
            field.addItems(list(setting.choices))
            field.currentTextChanged.connect(self._on_text)
        elif setting.kind == "flag":
            field = QCheckBox("Off")
            field.toggled.connect(self._on_flag)
        elif setting.kind == "integer":
            field = QSpinBox()
            field.setRange(setting.least, setting.most)
            field.setKeyboardTracking(False)
            field.valueChanged.connect(self._on_number)
        else:
            field = QLineEdit()
            field.editingFinished.connect(self._on_edited)
        field.setMinimumHeight(ROW_HEIGHT_PX + 2)
        field.setProperty("setting", setting.key)
        field.setAccessibleName(setting.title)
        field.setAccessibleDescription(setting.help)
        self.fields[setting.key] = field
        self._show(setting.key)
        return field

    def _show(self, key: str) -> None:
        """Bring a field to the value of its setting, without telling the setting again."""
        field = self.fields.get(key)
        if field is None:
            return
        value = self._settings.get(key)
        field.blockSignals(True)
        if isinstance(field, QComboBox):
            field.setCurrentText(value)
        elif isinstance(field, QCheckBox):
            field.setChecked(value)
            field.setText("On" if value else "Off")
        elif isinstance(field, QSpinBox):
            field.setValue(value)
        elif isinstance(field, QLineEdit):
            field.setText(str(value))
        field.blockSignals(False)

    def _on_changed(self, key: str) -> None:
        self._show(key)

    def _on_text(self, text: str) -> None:
        self._settings.set(self.sender().property("setting"), text)

    def _on_flag(self, on: bool) -> None:
        self._settings.set(self.sender().property("setting"), on)

    def _on_number(self, number: int) -> None:
        self._settings.set(self.sender().property("setting"), number)

    def _on_edited(self) -> None:
        field = self.sender()
        if isinstance(field, QLineEdit):
            self._settings.set(field.property("setting"), field.text())
