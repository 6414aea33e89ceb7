"""These tests need Qt. Where it is not installed they are left out, as `tasktonic.qt` itself is."""

from __future__ import annotations

from typing import Any

import pytest

try:
    import PySide6
except ModuleNotFoundError:
    collect_ignore_glob = ["test_*.py"]
else:
    assert PySide6.__version__


@pytest.fixture
def notes() -> list[Any]:
    """What a tonic of a test notes of what happens to it."""
    return []
