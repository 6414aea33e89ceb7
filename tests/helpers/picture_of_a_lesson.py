"""Pictures of a lesson and of the help in the real window: python tests/helpers/picture_of_a_lesson.py lesson|help FILE.png [THEME]."""

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

from tasktonic_studio.lessons.lesson import Do, Predict  # noqa: E402 - found in this checkout from here on
from tests.helpers.real_studio import Person, run_studio  # noqa: E402

Steps = Generator[Callable[[], Any], None, None]
LESSON = "03_states"
STEPS = 2
"""So many steps are played; the picture shows the one after them, answered and done."""


def main(what: str, picture: str, theme: str) -> None:
    """Play a lesson, or look something up, and take the picture."""

    def steps(person: Person) -> Steps:
        bench = person.bench
        bench.run("help.learn")
        view: Any = bench.area.dock("learn").widget()
        yield view.isVisible
        view.open_lesson(LESSON)
        for _ in range(STEPS):
            yield from through(bench, view)
            view.go(1)
        yield from through(bench, view)
        bench.show_panel("state_machine")
        if what == "help":
            bench.show_help("page:guide/04-states.md")
            shown: Any = bench.area.dock("help").widget()
            shown.search.setText("states")
            shown.browser.mark(["states"])
        settled = iter(range(60))
        yield lambda: next(settled, 99) >= 59
        person.window.grab().save(picture)

    with tempfile.TemporaryDirectory() as folder:
        os.environ["TASKTONIC_STUDIO_FOLDER"] = folder
        run_studio(["--theme", theme], steps, Path(folder, "failed.png"))


def through(bench: Any, view: Any) -> Steps:
    """Predict and do all of a step."""
    for place, item in enumerate(view.play.step.items):
        if isinstance(item, Predict):
            view.play.predict(place, item.choices[0].value if item.choices else "nobody is there")
        elif isinstance(item, Do):
            key = view.play.key(place)
            view._do(item.action)
            yield lambda key=key: view.look() or key in view.play.progress.done
    yield view.play.is_complete


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else "light")
