"""Room for a part of a splitter."""

from __future__ import annotations

from PySide6.QtWidgets import QSplitter


def give_room(split: QSplitter, index: int, wanted_px: int) -> None:
    """Let one of two parts have ``wanted_px`` when it has less and the other keeps something; what it asks for stays whole."""
    sizes, other = split.sizes(), split.widget(1 - index)
    whole = sum(sizes)
    if whole and other is not None and sizes[index] < wanted_px:
        sizes[index] = max(sizes[index], min(wanted_px, whole - other.minimumSizeHint().height()))
        sizes[1 - index] = whole - sizes[index]
        split.setSizes(sizes)
