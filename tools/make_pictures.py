"""Make the pictures of the documentation: python tools/make_pictures.py [NAME ...].

Each is the real window on the real plant demo, taken by the Studio itself, or that of an example, without a display. Without names all of them are
made, one after the other; a machine that does nothing else gives figures that are worth showing.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
FOLDER: Final = ROOT / "docs" / "pictures"
MOST_BYTES: Final = 300_000
"""A clone carries every picture for ever."""
LONGEST_S: Final = 120

PICTURES: Final[dict[str, tuple[str, ...]]] = {
    "start": ("--theme", "light", "--show", "start"),
    "studio": ("--theme", "light", "--select", "robot A0"),
    "studio-dark": ("--theme", "dark", "--select", "robot A0"),
    "debug": ("--theme", "light", "--arrangement", "debug", "--select", "furnace B"),
    "analyse": ("--theme", "dark", "--arrangement", "analyse", "--select", "line A"),
    "store": ("--theme", "light", "--panel", "store", "--select", "lines/A/furnace"),
    "catalysts": ("--theme", "dark", "--arrangement", "analyse", "--panel", "catalysts", "--select", "hall 1"),
    "learn": ("--theme", "light", "--arrangement", "learn", "--select", "robot A0"),
    "contrast": ("--theme", "contrast", "--arrangement", "learn", "--select", "warehouse"),
}
"""What the Studio is asked for, by the name of the picture."""

EXAMPLES: Final[dict[str, tuple[str, ...]]] = {
    "qt-thermostat": ("tests/examples/use_thermostat.py",),
    "qt-images": ("tests/examples/wait_for_images.py",),
    "compare": ("tests/helpers/picture_of_two_houses.py", "compare"),
    "by-hand": ("tests/helpers/picture_by_hand.py",),
    "marks": ("tests/helpers/picture_of_a_kept_run.py", "marks"),
    "recording": ("tests/helpers/picture_of_a_kept_run.py", "recording"),
    "lines": ("tests/helpers/picture_of_lines.py",),
    "distilled": ("tests/helpers/picture_of_two_houses.py", "distilled"),
    "lesson": ("tests/helpers/picture_of_a_lesson.py", "lesson"),
    "help": ("tests/helpers/picture_of_a_lesson.py", "help"),
    "mend": ("tests/helpers/picture_of_a_slip.py",),
    "project": ("tests/helpers/picture_of_a_project.py",),
    "completion": ("tests/helpers/picture_of_making.py", "completion"),
    "rename": ("tests/helpers/picture_of_making.py", "rename"),
    "run-notes": ("tests/helpers/picture_of_making.py", "run-notes"),
    "find": ("tests/helpers/picture_of_making.py", "find"),
    "in-app": ("tests/helpers/picture_of_making.py", "in-app"),
    "form": ("tests/helpers/picture_of_making.py", "form"),
    "replaced": ("tests/helpers/picture_of_making.py", "replaced"),
    "failed": ("tests/helpers/picture_of_making.py", "failed"),
}
"""The windows of examples: a script that uses one, and takes a picture when it is told where to."""


def main(names: list[str]) -> int:
    """Make the pictures of these names, or all."""
    there_are = [*PICTURES, *EXAMPLES]
    unknown = [name for name in names if name not in there_are]
    if unknown:
        sys.stderr.write(f"There is no picture {', '.join(unknown)}; there are {', '.join(there_are)}.\n")
        return 2
    FOLDER.mkdir(exist_ok=True)
    for name in names or there_are:
        problem = make(name)
        if problem:
            sys.stderr.write(f"{name}: {problem}\n")
            return 1
        sys.stdout.write(f"docs/pictures/{name}.png\n")
    return 0


def make(name: str) -> str:
    """Make one picture. Returns what is wrong, else nothing; then the old picture is still there."""
    with tempfile.TemporaryDirectory(prefix="tt-") as folder:
        # Folders of its own: no other program that happens to run here may get into the picture.
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_RUNTIME_DIR": folder, "TMPDIR": folder}
        environment["QT_QPA_PLATFORM"] = "offscreen"
        taken = Path(folder, "taken.png")
        if name in EXAMPLES:
            command = [sys.executable, *EXAMPLES[name], str(taken)]
        else:
            command = [sys.executable, "-m", "tasktonic_studio", "--snapshot", str(taken), *PICTURES[name]]
        ended = subprocess.run(
            command, env=environment, cwd=ROOT, timeout=LONGEST_S, capture_output=True, text=True, check=False
        )
        if ended.returncode:
            return f"what should take it ended with {ended.returncode}: {ended.stderr.strip()}"
        return shrink(taken, FOLDER / f"{name}.png")


def shrink(taken: Path, wanted: Path) -> str:
    """Write a picture without transparency, packed as tightly as it goes, with fewer colours where that is too much.

    Returns what is wrong, else nothing.
    """
    from PySide6.QtGui import QImage

    sys.path.insert(0, str(ROOT))
    from tools.pictures import with_few_colours

    packed = taken.with_name("packed.png")
    image = QImage(str(taken)).convertToFormat(QImage.Format.Format_RGB888)
    if not image.save(str(packed), quality=0):
        return "the picture could not be packed"
    if packed.stat().st_size > MOST_BYTES and not with_few_colours(image).save(str(packed), quality=0):
        return "the picture could not be packed with fewer colours"
    size = packed.stat().st_size
    if size > MOST_BYTES:
        return f"it has {size:,} bytes; at most {MOST_BYTES:,} are wanted"
    wanted.write_bytes(packed.read_bytes())
    return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
