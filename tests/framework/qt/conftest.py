"""These tests need Qt. Where it is not installed they are left out, as `tasktonic.qt` itself is."""

from __future__ import annotations

try:
    import PySide6
except ModuleNotFoundError:
    collect_ignore_glob = ["test_*.py"]
else:
    assert PySide6.__version__
