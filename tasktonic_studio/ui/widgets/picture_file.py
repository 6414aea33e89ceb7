"""A painted view as a file: a picture of it, as PNG or SVG; and a text as a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QRect, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from tasktonic_studio.ui.widgets.save_file import write_whole

Paint = Callable[[QPainter], None]

_FINE: int = 2
"""Pixels of a PNG per pixel on screen, so that it can be read in print."""


def save_picture(file: str, size: QSize, title: str, paint: Paint) -> str:
    """Paint into a file, as its ending says. Returns what is wrong, else nothing."""
    ending = Path(file).suffix.lower()
    if ending == ".svg":
        buffer = QBuffer()
        drawing = QSvgGenerator()
        drawing.setOutputDevice(buffer)
        drawing.setSize(size)
        drawing.setViewBox(QRect(0, 0, size.width(), size.height()))
        drawing.setTitle(title)
        _painted(drawing, paint)
        return write_whole(file, bytes(buffer.data().data()))
    if ending != ".png":
        return f"{Path(file).name}: pictures are saved as .png or .svg. Give it one of these endings."
    image = QImage(size * _FINE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(_FINE)
    _painted(image, paint)
    return write_whole(file, png_of(image))


def png_of(image: QImage) -> bytes:
    """The bytes of a PNG file with this picture."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stub knows file names only
    return bytes(buffer.data().data())


def _painted(device: QImage | QSvgGenerator, paint: Paint) -> None:
    painter = QPainter(device)
    try:
        paint(painter)
    finally:
        painter.end()


def save_text(file: str, text: str) -> str:
    """Write a text whole. Returns what is wrong, else nothing."""
    # What an app or a file tells may have halves of characters, which no file can.
    return write_whole(file, text.encode(errors="replace"))
