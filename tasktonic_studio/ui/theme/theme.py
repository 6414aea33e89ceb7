"""The theme in use: what a role looks like now, and a signal when that changes."""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication

from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.theme.tokens import ICON_PX, THEMES, Tokens

SYSTEM: Final = "system"
"""The choice that follows the system's light or dark."""

CHOICES: Final = (SYSTEM, "light", "dark", "contrast")

_BASE_POINTS: Final = 10.0


class Theme(QObject):
    """The looks that all parts of the window share.

    Made once by `app.py` (or by a test) and handed to whoever paints. ``changed`` is emitted after every switch; a
    widget that keeps colours asks for them again then.
    """

    changed = Signal()

    def __init__(self, choice: str = SYSTEM, parent: QObject | None = None, text_scale: float = 1.0) -> None:
        super().__init__(parent)
        self._choice = choice if choice in CHOICES else SYSTEM
        self._text_scale = text_scale
        self._name = self._resolve()
        self._colours: dict[str, QColor] = {}
        self._families: dict[str, str] = {}
        self._follow_the_system()

    @property
    def name(self) -> str:
        """``light``, ``dark`` or ``contrast``: what is shown now."""
        return self._name

    @property
    def choice(self) -> str:
        """What the user chose: a name, or ``system``."""
        return self._choice

    @property
    def tokens(self) -> Tokens:
        """All colours of the theme shown now."""
        return THEMES[self._name]

    @property
    def is_dark(self) -> bool:
        """Whether light text stands on dark ground."""
        return self._name != "light"

    @property
    def text_scale(self) -> float:
        """The user's factor on all text, 1.0 being the usual size."""
        return self._text_scale

    def icon_px(self, usual_px: int = ICON_PX) -> int:
        """How large a picture beside text is: it grows with the text, and does not shrink with it."""
        return round(usual_px * max(1.0, self._text_scale))

    def choose(self, choice: str) -> None:
        """Switch to a theme.

        Raises:
            ValueError: there is no theme of that name.
        """
        if choice not in CHOICES:
            raise ValueError(f"No theme '{choice}'. There are: {', '.join(CHOICES)}.")
        self._choice = choice
        self._show(self._resolve())

    def set_text_scale(self, factor: float) -> None:
        """Make all text larger or smaller; kept between 0.8 and 2."""
        factor = min(2.0, max(0.8, factor))
        if factor != self._text_scale:
            self._text_scale = factor
            self.changed.emit()

    def color(self, role: str) -> QColor:
        """The colour of a role. See `tokens.Tokens` for the roles; an unknown one raises AttributeError."""
        found = self._colours.get(role)
        if found is None:
            found = self._colours[role] = QColor(self.hex(role))
        return found

    def hex(self, role: str) -> str:
        """The colour of a role as ``#rrggbb``."""
        value: str = getattr(self.tokens, role)
        return value

    def font(self, kind: Literal["ui", "mono"] = "ui", factor: float = 1.0, *, bold: bool = False) -> QFont:
        """A font for text that is not styled by the style sheet: painted views, editors, delegates.

        Args:
            kind: ``ui`` for words, ``mono`` for code, values and figures that line up.
            factor: on the usual size.
            bold: for headings.
        """
        family = self._family(kind)
        points = _BASE_POINTS * factor * self._text_scale * (0.9 if family in tokens.WIDE_FAMILIES else 1.0)
        font = QFont(family)
        font.setPointSizeF(points)
        font.setBold(bold)
        if kind == "mono":
            font.setStyleHint(QFont.StyleHint.Monospace)
        return font

    def _family(self, kind: str) -> str:
        """The first family of a kind that this machine has."""
        if kind not in self._families:
            wanted = tokens.MONO_FAMILIES if kind == "mono" else tokens.UI_FAMILIES
            there = set(QFontDatabase.families())
            fallback = QFontDatabase.systemFont(
                QFontDatabase.SystemFont.FixedFont if kind == "mono" else QFontDatabase.SystemFont.GeneralFont
            ).family()
            self._families[kind] = next((family for family in wanted if family in there), fallback)
        return self._families[kind]

    def _resolve(self) -> str:
        if self._choice != SYSTEM:
            return self._choice
        hints = QGuiApplication.styleHints() if QGuiApplication.instance() is not None else None
        return "light" if hints is not None and hints.colorScheme() == Qt.ColorScheme.Light else "dark"

    def _show(self, name: str) -> None:
        if name != self._name:
            self._name = name
            self._colours.clear()
            self.changed.emit()

    def _follow_the_system(self) -> None:
        if QGuiApplication.instance() is not None:
            QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_scheme)

    def _on_system_scheme(self) -> None:
        if self._choice == SYSTEM:
            self._show(self._resolve())
