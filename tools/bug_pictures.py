"""Take the pictures of the bug gallery: python tools/bug_pictures.py [NAME ...].

Each app runs in the real window without a display, the clicks of its page are carried out, and what one sees then is the picture.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
# Before anything imports Qt.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.helpers.bug_pages import NAMES, PICTURES, BugPage  # noqa: E402  # needs the path from above

if TYPE_CHECKING:
    from tests.helpers.real_studio import Person

SIZE: Final = (1280, 800)
SETTLED_S: Final = 1.0
LONGEST_S: Final = 120
ALONE: Final = "--alone"

Step = Callable[[], Any]


def main(names: list[str]) -> int:
    """Take the pictures of these pages, or of all: each in a process of its own, since an application begins once."""
    if names[:1] == [ALONE]:
        take(BugPage(names[1]))
        return 0
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        sys.stderr.write(f"There is no bug {', '.join(unknown)}; there are {', '.join(NAMES)}.\n")
        return 2
    for name in names or NAMES:
        with tempfile.TemporaryDirectory(prefix="tt-") as own:
            # Folders of its own: no other program that happens to run here may get into the picture.
            environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": own}
            for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"):
                Path(own, variable).mkdir(mode=0o700)
                environment[variable] = str(Path(own, variable))
            command = [sys.executable, __file__, ALONE, name]
            ended = subprocess.run(command, env=environment, cwd=ROOT, timeout=LONGEST_S, check=False)
            if ended.returncode:
                return 1
        sys.stdout.write(f"docs/pictures/bugs/{name}.png\n")
    return 0


def take(page: BugPage) -> None:
    """Carry out the clicks of a page and take the picture."""
    from tests.helpers.clicks import Clicks
    from tests.helpers.real_studio import run_studio
    from tools.pictures import with_few_colours

    def steps(person: Person) -> Generator[Step, None, None]:
        person.bench.set_theme("light")
        person.window.resize(*SIZE)
        yield lambda: person.live.target.status == "ended"
        yield from Clicks(person, page).carry_out()
        until = time.monotonic() + SETTLED_S
        yield lambda: time.monotonic() >= until
        person.bench.clock.tick()
        PICTURES.mkdir(exist_ok=True)
        picture = with_few_colours(person.window.grab().toImage())
        if not picture.save(str(PICTURES / f"{page.name}.png"), quality=0):
            raise OSError(f"{PICTURES} cannot be written.")

    run_studio([str(page.app)], steps, Path(tempfile.gettempdir(), "failed.png"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
