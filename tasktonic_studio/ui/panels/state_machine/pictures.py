"""A drawing as a picture: SVG or PNG."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QBuffer, QIODevice, QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QGraphicsScene

from tasktonic_studio.ui.widgets.picture_file import png_of

_MOST_PIXELS: Final = 8_000


def as_svg(scene: QGraphicsScene, title: str, ground: QColor) -> bytes:
    """A scene as SVG."""
    rect = scene.sceneRect()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(rect.size().toSize())
    generator.setViewBox(QRectF(QPointF(0, 0), rect.size()))
    generator.setTitle(title)
    _draw(QPainter(generator), scene, 1.0, ground)
    return bytes(buffer.data().data())


def as_png(scene: QGraphicsScene, ground: QColor) -> bytes:
    """A scene as PNG, twice as fine as on screen where that is not too large."""
    rect = scene.sceneRect()
    scale = min(2.0, _MOST_PIXELS / max(rect.width(), rect.height(), 1.0))
    size = QSize(math.ceil(rect.width() * scale), math.ceil(rect.height() * scale))
    image = QImage(size, QImage.Format.Format_RGB32)
    _draw(QPainter(image), scene, scale, ground)
    return png_of(image)


def _draw(painter: QPainter, scene: QGraphicsScene, scale: float, ground: QColor) -> None:
    try:
        rect = scene.sceneRect()
        target = QRectF(0, 0, rect.width() * scale, rect.height() * scale)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(target, ground)
        scene.render(painter, target, rect)
    finally:
        painter.end()
