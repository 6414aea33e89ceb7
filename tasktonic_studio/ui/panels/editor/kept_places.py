"""Which files are open and where one is in them, kept between two runs of the Studio."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt

if TYPE_CHECKING:
    from tasktonic_studio.ui.panels.editor.view import EditorView

_SPLITS: Final = {Qt.Orientation.Horizontal: "beside", Qt.Orientation.Vertical: "below"}
_LEAST_ZOOM, _MOST_ZOOM = -6, 20


def kept(view: EditorView) -> dict[str, Any]:
    """What to keep, as plain JSON values."""
    files: list[dict[str, Any]] = []
    for page in view.pages():
        facts = {"path": str(page.document.path), "line": page.editor.line_of(page.editor.caret())}
        files.append(facts | ({"split": _SPLITS[page.split]} if page.split is not None else {}))
    return {
        "files": files,
        "front": view.tabs.currentIndex(),
        "zoom": view.zoom,
        "outline": view.outline_side.is_shown,
    }


def take_back(view: EditorView, state: Mapping[str, Any]) -> None:
    """Open the files that were open, as far as they are still there; what is not understood is left."""
    files = state.get("files")
    for facts in files if isinstance(files, list) else ():
        if isinstance(facts, dict):
            _open(view, facts)
    front, zoom = state.get("front"), state.get("zoom")
    if isinstance(front, int) and 0 <= front < view.tabs.count():
        view.tabs.setCurrentIndex(front)
    view.outline_side.set_shown(state.get("outline") is True)
    if isinstance(zoom, int):
        view.set_zoom(max(_LEAST_ZOOM, min(_MOST_ZOOM, zoom)))


def _open(view: EditorView, facts: Mapping[str, Any]) -> None:
    path, line = facts.get("path"), facts.get("line")
    if not (isinstance(path, str) and Path(path).is_file() and view.open_place(path)):
        return
    editor = view.editor()
    if editor is not None and isinstance(line, int):
        editor.go_to(line)
    lie = next((lie for lie, words in _SPLITS.items() if words == facts.get("split")), None)
    if lie is not None:
        view.split(lie)
