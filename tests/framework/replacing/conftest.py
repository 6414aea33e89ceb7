"""Loads texts as modules."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.framework.replacing.house import HOUSE, Load


@pytest.fixture
def load(tmp_path: Path) -> Iterator[Load]:
    """Loads a text as a module: ``load(text)`` gives the module and its path."""
    names: list[str] = []

    def make(text: str = HOUSE) -> tuple[Any, str]:
        name = f"house_{tmp_path.name.replace('-', '_')}_{len(names)}"
        path = tmp_path / f"{name}.py"
        path.write_text(text, encoding="utf-8")
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module = sys.modules[name] = importlib.util.module_from_spec(spec)
        names.append(name)
        spec.loader.exec_module(module)
        return module, str(path)

    yield make
    for name in names:
        sys.modules.pop(name, None)
