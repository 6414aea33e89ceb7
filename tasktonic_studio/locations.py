"""The folders of this user: settings, layouts, drafts, recorded runs. Nothing is made until something is written."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

OWN_FOLDER: Final = "TASKTONIC_STUDIO_FOLDER"
"""When this is set all files of the Studio lie below it; for tests and for a Studio on a stick."""

_NAME: Final = "tasktonic-studio"


def config_folder() -> Path:
    """Where settings and layouts are."""
    return _folder("XDG_CONFIG_HOME", "config", Path(".config"), Path("Library/Preferences"))


def data_folder() -> Path:
    """Where recorded runs are."""
    return _folder("XDG_DATA_HOME", "data", Path(".local/share"), Path("Library/Application Support"))


def state_folder() -> Path:
    """Where that lies which is nice to have again: unsaved texts, the last arrangement."""
    return _folder("XDG_STATE_HOME", "state", Path(".local/state"), Path("Library/Application Support"))


def cache_folder() -> Path:
    """Where that lies which can be made again."""
    return _folder("XDG_CACHE_HOME", "cache", Path(".cache"), Path("Library/Caches"))


def settings_file() -> Path:
    """The one file with all settings."""
    return config_folder() / "settings.json"


def layouts_folder() -> Path:
    """Where the arrangements are that the user changed."""
    return config_folder() / "layouts"


def breakpoints_folder() -> Path:
    """Where the breakpoints of each script are."""
    return data_folder() / "breakpoints"


def lessons_folder() -> Path:
    """Where the learner's own copies of the programs of lessons are."""
    return data_folder() / "lessons"


def drafts_folder() -> Path:
    """Where unsaved texts survive a crash."""
    return state_folder() / "drafts"


def private_folder(folder: Path) -> Path:
    """Make a folder that only this user can look into, and give it back."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _folder(variable: str, own: str, linux: Path, mac: Path) -> Path:
    below = os.environ.get(OWN_FOLDER)
    if below:
        return Path(below) / own
    base = os.environ.get(variable, "")
    # The XDG rule: a relative path in such a variable is not valid and does not count.
    if base and Path(base).is_absolute():
        return Path(base) / _NAME
    if sys.platform == "win32":
        windows = os.environ.get("APPDATA" if own == "config" else "LOCALAPPDATA")
        return Path(windows) / _NAME / own if windows else Path.home() / _NAME / own
    return Path.home() / (mac if sys.platform == "darwin" else linux) / _NAME
