"""Write down which signals the classes of Qt have, from the PySide6 that is installed: ``tasktonic/check/qt_signals.py``.

    python tools/make_qt_signals.py

The checker looks up signals there: it must tell a wrong name without Qt being installed.
"""

from __future__ import annotations

import sys
from pathlib import Path

import PySide6
from PySide6 import QtCore, QtGui, QtWidgets

TARGET = Path(__file__).resolve().parents[1] / "tasktonic" / "check" / "qt_signals.py"
HEAD = '''"""The signals of Qt's classes: each line is a class, its base and its own signals. Made by ``tools/make_qt_signals.py``."""

from __future__ import annotations

from typing import Final

VERSION: Final = "{version}"

_TABLE: Final = """
{table}
"""

BASES: Final[dict[str, str]] = {{}}
SIGNALS: Final[dict[str, frozenset[str]]] = {{}}
for _line in _TABLE.strip().splitlines():
    _name, _base, *_own = _line.split()
    BASES[_name], SIGNALS[_name] = _base, frozenset(_own)


def signals_of(name: str) -> frozenset[str] | None:
    """All signals of a class of Qt, those of its bases too; None for a class that is not known."""
    found: frozenset[str] = frozenset()
    if name not in SIGNALS:
        return None
    while name in SIGNALS:
        found |= SIGNALS[name]
        name = BASES[name]
    return found
'''


def main() -> int:
    """Write the file."""
    classes = {
        name: value
        for module in (QtCore, QtGui, QtWidgets)
        for name in dir(module)
        if isinstance(value := getattr(module, name), type) and issubclass(value, QtCore.QObject)
    }
    lines = []
    for name, cls in sorted(classes.items()):
        base = next((it.__name__ for it in cls.__mro__[1:] if it.__name__ in classes), "-")
        own = sorted(key for key, value in vars(cls).items() if isinstance(value, QtCore.Signal))
        lines.append(" ".join([name, base, *own]))
    TARGET.write_text(HEAD.format(version=PySide6.__version__, table="\n".join(lines)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
