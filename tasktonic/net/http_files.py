"""Which file of a folder a path means. Nothing outside of the folder can be reached, whatever the path says."""

from __future__ import annotations

from pathlib import Path
from typing import Final

INDEX: Final = "index.html"


def find_file(folder: Path, rest: str) -> Path | None:
    """The file that is meant in a folder, or ``None``: nothing outside of it can be reached. In a worker's thread: it reads."""
    segments = [segment for segment in rest.split("/") if segment]
    if any(segment in (".", "..") or "\0" in segment or "\\" in segment for segment in segments):
        return None
    try:
        root = folder.resolve(strict=True)
        found = root.joinpath(*segments).resolve()
        if found.is_relative_to(root) and found.is_dir():
            found = (found / INDEX).resolve()
        return found if found.is_relative_to(root) and found.is_file() else None
    except (OSError, ValueError, RuntimeError):
        return None
