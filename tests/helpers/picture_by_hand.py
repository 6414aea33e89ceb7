"""A picture of an app that is run by hand: python tests/helpers/picture_by_hand.py FILE.png [THEME [PERCENT [WIDTH HEIGHT [DIALOG]]]].

DIALOG is ``run_until``, ``contract``, ``call`` or ``start``, and is taken instead of the window.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QWidget  # noqa: E402 - found in this checkout from here on

from tests.helpers.real_studio import Person, run_studio  # noqa: E402

Steps = Generator[Callable[[], Any], None, None]


def main(picture: str, theme: str, percent: int, size: tuple[int, int], dialog: str) -> None:
    """Step through the house of the tested door, and take the picture."""

    def steps(person: Person) -> Steps:
        bench = person.bench
        bench.settings.set("ui.scale_percent", percent)
        person.window.resize(*size)
        yield lambda: person.live.distiller.is_ready
        bench.set_arrangement("analyse")
        trace = person.panel("trace")
        bench.run("distiller.step")
        yield lambda: len(person.live.distiller.steps) == 2 and person.live.distiller.is_ready
        for number in range(2):
            bench.run("distiller.step")
            yield (
                lambda number=number: len(person.live.distiller.steps) == 3 + number and person.live.distiller.is_ready
            )
        trace.controls.fold.setChecked(True)
        taken: QWidget = person.window
        if dialog:
            bench.run(f"distiller.{dialog}")
            yield lambda: bench.distilling.dialog is not None
            assert bench.distilling.dialog is not None
            taken = bench.distilling.dialog
            if dialog == "contract":
                row = taken.rows[0]  # type: ignore[attr-defined]
                row.tonic.setEditText("door")
                row.what.setEditText("open")
        settled = iter(range(120))
        yield lambda: next(settled, 199) >= 119
        taken.grab().save(picture)
        if dialog:
            taken.close()

    with tempfile.TemporaryDirectory() as folder:
        os.environ["TASKTONIC_STUDIO_FOLDER"] = folder
        script = str(ROOT / "examples" / "tested_door.py")
        run_studio(["--theme", theme, "--distil", script], steps, Path(folder, "failed.png"))


if __name__ == "__main__":
    file, theme, percent, width, height, dialog = (
        *sys.argv[1:],
        *("", "light", "100", "1180", "760", "")[len(sys.argv) - 1 :],
    )
    main(file, theme, int(percent), (int(width), int(height)), dialog)
