"""A picture of a project in the Studio, with one test that fails: python tests/helpers/picture_of_a_project.py FILE.png."""

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

from tasktonic.new import plan, write  # noqa: E402 - found in this checkout from here on
from tests.helpers.real_studio import Person, run_studio  # noqa: E402

Steps = Generator[Callable[[], Any], None, None]

WRONG = """

def test_it_boils_at_once(distiller: ttDistiller) -> None:
    kettle = Kettle(name="kettle")
    kettle.ttsc__switch_on()
    distiller.sparkle(till_state_in=["boiling"])
    assert kettle.degrees == 20
"""


def main(picture: str) -> None:
    """Open a project from a template, run its tests, and take the picture."""
    place = Path(tempfile.mkdtemp())
    os.environ["HOME"] = str(place)  # what is shown of a path begins there
    write(plan("project", "garden", place))
    folder = place / "garden"
    write(plan("tonic", "water_pump", folder))
    tests = folder / "tests" / "test_kettle.py"
    tests.write_text(tests.read_text(encoding="utf-8") + WRONG, encoding="utf-8")

    def steps(person: Person) -> Steps:
        project = person.bench.project
        yield lambda: project.python.version
        person.bench.run("tests.run_all")
        yield lambda: not project.tests.is_running and project.tests.bad()
        person.bench.open_source(str(folder / "kettle.py"), 20)
        tree = person.panel("project").tree
        tree.expandAll()
        yield (
            lambda: (
                tree.model().rowCount(tree.rootIndex()) and tree.isExpanded(tree.model().index(1, 0, tree.rootIndex()))
            )
        )
        person.panel("tests")
        settled = iter(range(60))
        yield lambda: next(settled, 99) >= 59
        person.window.grab().save(picture)

    with tempfile.TemporaryDirectory() as own:
        os.environ["TASKTONIC_STUDIO_FOLDER"] = own
        run_studio(["--theme", "dark", str(folder)], steps, Path(own, "failed.png"))


if __name__ == "__main__":
    main(*sys.argv[1:])
