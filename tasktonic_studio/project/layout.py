"""How a project is laid out: where its packages lie when that is not the folder itself."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tasktonic_studio.project.needs import PYPROJECT

SOURCES: Final = "src"
_PACKAGED: Final = (PYPROJECT, "setup.py", "setup.cfg")


def source_folders(project: Path) -> tuple[str, ...]:
    """Where Python is to look besides: ``src`` of a project that keeps its packages there; nothing for others.

    Such a project counts on being installed. The Studio does not do that: it would take what builds the project, which has to come
    from a package index, and every environment without it would be wrong.
    """
    folder = project / SOURCES
    try:
        is_one = folder.is_dir() and not (folder / "__init__.py").exists()
        return (str(folder),) if is_one and any((project / name).is_file() for name in _PACKAGED) else ()
    except OSError:
        return ()
