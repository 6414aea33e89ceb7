"""What every test needs: no display, and user folders of its own."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

# Before anything imports Qt. A test that wants a real X server starts one and sets this for its own child process.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

_USER_FOLDER_VARIABLES = {
    "XDG_CONFIG_HOME": "config",
    "XDG_DATA_HOME": "data",
    "XDG_STATE_HOME": "state",
    "XDG_CACHE_HOME": "cache",
    "XDG_RUNTIME_DIR": "run",
    "APPDATA": "config",
    "LOCALAPPDATA": "data",
}


@pytest.fixture(autouse=True)
def user_folders(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Settings, caches and sockets of this test; gone afterwards.

    Not below `tmp_path`: that path is long, and a Unix socket's address may have 107 bytes at most.
    """
    base = Path(tempfile.mkdtemp(prefix="tt-"))
    for variable, name in _USER_FOLDER_VARIABLES.items():
        (base / name).mkdir(mode=0o700, exist_ok=True)
        monkeypatch.setenv(variable, str(base / name))
    yield base
    shutil.rmtree(base, ignore_errors=True)
