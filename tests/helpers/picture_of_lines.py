"""A picture of the Studio with an app that stands in a line: python tests/helpers/picture_of_lines.py FILE.png."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from PySide6.QtCore import Qt  # noqa: E402 - found in this checkout from here on

from tests.helpers.line_apps import FIRST, SECOND, line_of, write  # noqa: E402
from tests.helpers.real_studio import Person, run_studio  # noqa: E402

SETTLED_S = 0.8
"""For a picture only, which nobody tests."""
SIZE = (1280, 800)
BOTH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
FOLDERS = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR")


def main(picture: str) -> None:
    """Take it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for variable in FOLDERS:
            (folder / variable).mkdir(mode=0o700)
            os.environ[variable] = str(folder / variable)

        def steps(person: Person) -> Generator[Callable[[], Any], None, None]:
            yield from stop_in_a_line(person)
            person.window.grab().save(picture)

        run_studio([str(write(folder))], steps, folder / "failed.png")


def stop_in_a_line(person: Person) -> Generator[Callable[[], Any], None, None]:
    """The second line of a sparkle, with what its tonic has inside."""
    bench = person.bench
    bench.set_theme("light")
    person.window.resize(*SIZE)
    bench.set_arrangement("debug")
    yield lambda: len(person.live.runs) > 3
    editor = person.panel("editor")
    yield lambda: editor.editor() is not None
    editor.editor().go_to(line_of(FIRST))
    editor.focus_text()
    person.press(Qt.Key.Key_B, BOTH)
    yield lambda: bench.session.lines.stop is not None and bench.session.lines.stop.locals
    person.press(Qt.Key.Key_F10, BOTH)
    yield (
        lambda: (
            (stop := bench.session.lines.stop) is not None and stop.frames and stop.frames[0].line == line_of(SECOND)
        )
    )
    values = person.panel("lines").values
    yield lambda: values.topLevelItemCount() > 2
    own = values.findItems("self", Qt.MatchFlag.MatchExactly)[0]
    own.setExpanded(True)
    until = time.monotonic() + SETTLED_S
    yield lambda: time.monotonic() >= until


if __name__ == "__main__":
    main(sys.argv[1])
