"""A painted view as a file: a picture of it, as PNG or SVG; and a text as a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QRect, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QFileDialog, QWidget

Paint = Callable[[QPainter], None]

_FINE: int = 2
"""Pixels of a PNG per pixel on screen, so that it can be read in print."""


def ask_file(parent: QWidget, title: str, name: str, kinds: str) -> str:
    """Where to save; empty when the user thought better of it. Tests answer in its place."""
    file, _ = QFileDialog.getSaveFileName(parent, title, name, kinds)
    return file


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
        return _written(file, bytes(buffer.data().data()))
    if ending != ".png":
        return f"{Path(file).name}: pictures are saved as .png or .svg. Give it one of these endings."
    image = QImage(size * _FINE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(_FINE)
    _painted(image, paint)
    return "" if image.save(file) else f"{file} cannot be written."


def _painted(device: QImage | QSvgGenerator, paint: Paint) -> None:
    painter = QPainter(device)
    try:
        paint(painter)
    finally:
        painter.end()


def save_text(file: str, text: str) -> str:
    """Write a text whole. Returns what is wrong, else nothing."""
    # What an app or a file tells may have halves of characters, which no file can.
    return _written(file, text.encode(errors="replace"))


def _written(file: str, content: bytes) -> str:
    try:
        Path(file).write_bytes(content)
    except OSError as error:
        return f"{file} cannot be written: {error.strerror or error}."
    return ""
