"""What can be made new: a project, a tonic, a service, a window, a server; and from which templates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be made: its name, in which ``$module`` is filled in, and the template it is made from.

    With ``if_missing`` one that is there already is left as it is, and does.
    """

    file: str
    template: str
    if_missing: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing that can be made.

    Attributes:
        name: the word for it, as on the command line.
        help: a sentence on what it is for.
        sources: its files.
        main: the file that is run; with ``$module`` filled in.
        has_folder: it gets a folder of its own name.
    """

    name: str
    help: str
    sources: tuple[Source, ...]
    main: str = "$module.py"
    has_folder: bool = False


def _program(name: str, explained: str) -> Kind:
    return Kind(
        name,
        explained,
        (
            Source("$module.py", f"{name}.txt"),
            Source("tests/test_$module.py", f"{name}_test.txt"),
            Source("conftest.py", "conftest.txt", if_missing=True),
        ),
    )


KINDS: Final[dict[str, Kind]] = {
    kind.name: kind
    for kind in (
        Kind(
            "project",
            "A folder with an app, a first tonic, its tests, and how to run it.",
            (
                Source("app.py", "project/app.txt"),
                Source("kettle.py", "project/kettle.txt"),
                Source("tests/test_kettle.py", "project/test_kettle.txt"),
                Source("conftest.py", "conftest.txt"),
                Source("pyproject.toml", "project/pyproject.txt"),
                Source("README.md", "project/readme.txt"),
                Source(".gitignore", "project/gitignore.txt"),
                Source(".tasktonic/run.json", "project/run.txt"),
            ),
            main="app.py",
            has_folder=True,
        ),
        _program("tonic", "A tonic with states, a command and a timer."),
        _program("service", "One of something that many share, and somebody who uses it."),
        _program("window", "A window of PySide6 that is a tonic, and what it is about beside it."),
        _program("server", "A TCP server, with a tonic for each connection."),
    )
}
"""All kinds by their word, the most wanted first."""


__all__ = ["KINDS", "Kind", "Source"]
