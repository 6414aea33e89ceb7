"""Which folders of a project tools have made, and not its owner: nothing of them is looked through."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

_NAMES: Final = frozenset({"__pycache__", "node_modules", "build", "dist", "site-packages"})


def is_made(folder: Path) -> bool:
    """Whether tools made a folder: hidden ones, those of usual names, environments of Python whatever they are called."""
    return folder.name.startswith(".") or folder.name in _NAMES or os.path.lexists(folder / "pyvenv.cfg")
