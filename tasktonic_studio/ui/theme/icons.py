"""One-colour SVG to icon in the colour of a role."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from tasktonic_studio import resources
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.theme.theme import Theme

SIZES_PX: Final = (tokens.ICON_PX, tokens.BAR_ICON_PX)
"""Menus and lists, and the tool bar, where text has its usual size."""

_MOST_DRAWINGS: Final = 2_000
"""A few kilobytes each, and a few hundred for a theme and a size of text."""


class Icons(QObject):
    """Icons by name and role. Made once beside the theme; forgets what it drew when the theme changes.

    An icon is a picture in the colours of the moment: who sets one on an action or button sets it again on
    ``theme.changed``.
    """

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._drawn: dict[tuple[str, str], QIcon] = {}
        theme.changed.connect(self._drawn.clear)

    def icon(self, name: str, role: str = "text") -> QIcon:
        """An icon in a role's colour, faint when disabled. An empty or unknown name gives an empty icon.

        An unknown name is not an error here: a missing picture must not take a command away. A test checks that every
        icon which a command or panel names is there.
        """
        if not name:
            return QIcon()
        key = (name, role)
        found = self._drawn.get(key)
        if found is None:
            found = self._drawn[key] = self._draw(name, role)
        return found

    def pixmap(self, name: str, role: str = "text", size_px: int = tokens.ICON_PX, ratio: float = 1.0) -> QPixmap:
        """One picture of an icon, for labels and painters; empty for an unknown one.

        Args:
            name: of the icon.
            role: of its colour.
            size_px: beside text of the usual size; where text is larger the picture is.
            ratio: device pixels per pixel.
        """
        try:
            return self._picture(name, self._theme.hex(role), self._theme.icon_px(size_px), ratio)
        except FileNotFoundError:
            return QPixmap()

    def _draw(self, name: str, role: str) -> QIcon:
        icon = QIcon()
        # In the pixels of the finest screen: drawing for all densities made a third of the start.
        ratio = max((screen.devicePixelRatio() for screen in QGuiApplication.screens()), default=1.0)
        try:
            for size in map(self._theme.icon_px, SIZES_PX):
                picture = self._picture(name, self._theme.hex(role), size, ratio)
                icon.addPixmap(picture, QIcon.Mode.Normal)
                # On a selected row too: without a picture for it the style would wash the icon out.
                icon.addPixmap(picture, QIcon.Mode.Selected)
                icon.addPixmap(self._picture(name, self._theme.hex("text_faint"), size, ratio), QIcon.Mode.Disabled)
        except FileNotFoundError:
            return QIcon()
        return icon

    def _picture(self, name: str, colour: str, size_px: int, ratio: float) -> QPixmap:
        pixmap = QPixmap.fromImage(_drawing(name, colour, round(size_px * ratio)))
        pixmap.setDevicePixelRatio(ratio)
        return pixmap


@lru_cache(_MOST_DRAWINGS)
def _drawing(name: str, colour: str, size_px: int) -> QImage:
    """Draw an icon, once for all that show it: a theme that comes back, a window after another one."""
    source = resources.text("icons", f"{name}.svg").replace("currentColor", colour)
    image = QImage(size_px, size_px, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    try:
        QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(0, 0, size_px, size_px))
    finally:
        painter.end()
    return image
