"""The real Studio for end-to-end tests."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.helpers.real_studio import Steps

RunStudio = Callable[..., None]
WriteScript = Callable[..., str]


@pytest.fixture
def run_studio(tmp_path: Path) -> RunStudio:
    """Runs the Studio with command line arguments and a person's steps."""
    from tests.helpers.real_studio import run_studio as run

    def with_arguments(steps: Steps, *arguments: str) -> None:
        run(list(arguments), steps, tmp_path / "window.png")

    return with_arguments


@pytest.fixture
def script(tmp_path: Path) -> WriteScript:
    """Writes a script and gives its path."""

    def write(text: str, name: str = "app.py") -> str:
        path = tmp_path / name
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return str(path)

    return write
