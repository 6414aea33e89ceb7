"""Take a picture of every panel, and of the arrangements: python tools/pictures.py [--panel ID] [--all] [--to FOLDER].

The real window without a display: empty, then watching the plant demo, then showing a recorded run of it. Whatever is in the list of panels
is taken; nothing has to be said about a new one. Without ``--all`` the pictures that the documentation keeps are made, with
their index ``docs/pictures/README.md`` (with ``--panel`` only those of some panels, and the whole index); with it every panel in every state, theme and width, into a folder to look through,
``pictures`` unless told otherwise.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
# Before anything imports Qt.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from tasktonic_studio.session.selection import Thing
    from tests.helpers.real_studio import Person

INDEX: Final = ROOT / "docs" / "pictures" / "README.md"
KEPT: Final = ROOT / "docs" / "pictures" / "panels"
PLANT: Final = ROOT / "examples" / "watch_me.py"
TONIC: Final = "robot A0"
"""One of the plant's tonics that has states, timers and effects to show."""
RECORDED_S: Final = 5
MOST_COLOURS: Final = 256

STATES: Final = ("empty", "live", "recorded")
THEMES: Final = ("dark", "light", "contrast")
PANEL_SIZE: Final = (760, 480)
NARROW_PX: Final = 300
WINDOW_SIZES: Final = ((1440, 900, 100), (800, 600, 100), (1440, 900, 200))
"""Width, height, percent of the usual text."""

SETTLED_S: Final = 1.0
"""A panel that was just shown has read, arranged and drawn by then; a change of looks takes less."""
RESTYLED_S: Final = 0.25
LIVELY_RUNS: Final = 3_000

WANTS_A_RUN: Final = ("timeline", "trace", "sequence")
"""Panels that show most when a run is selected; the others get a tonic."""

WANTS_A_PROJECT: Final = ("project", "tests")
"""Panels that have nothing to show without a folder."""

Step = Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: a panel, or an arrangement when ``panel`` is empty."""

    state: str
    theme: str
    panel: str = ""
    arrangement: str = ""
    width: int = PANEL_SIZE[0]
    height: int = PANEL_SIZE[1]
    text: int = 100

    @property
    def name(self) -> str:
        """The name of its file, without ending."""
        what = self.panel or f"arrangement-{self.arrangement}"
        parts = [what, self.state, self.theme]
        if not self.panel:
            parts.append(f"{self.width}x{self.height}")
        elif self.width == NARROW_PX:
            parts.append("narrow")
        if self.text != 100:
            parts.append(f"text{self.text}")
        return "-".join(parts)


def kept_shots(panels: Sequence[str], arranged: Sequence[str]) -> Iterator[Shot]:
    """The pictures that the documentation keeps: each panel once in each state, theme and width, not in all of them together."""
    for panel in panels:
        yield Shot("empty", "dark", panel)
        yield from (Shot("live", theme, panel) for theme in THEMES)
        yield Shot("live", "dark", panel, width=NARROW_PX)
        yield Shot("recorded", "light", panel)
    for arrangement, (width, height, text) in product(arranged, WINDOW_SIZES):
        yield Shot("live", "dark", "", arrangement, width, height, text)


def all_shots(panels: Sequence[str], arranged: Sequence[str]) -> Iterator[Shot]:
    """Every panel in every state, theme, width and size of text; every arrangement likewise."""
    for panel, state, theme, width, text in product(panels, STATES, THEMES, (PANEL_SIZE[0], NARROW_PX), (100, 200)):
        yield Shot(state, theme, panel, width=width, text=text)
    for arrangement, state, theme, size in product(arranged, STATES, THEMES, WINDOW_SIZES):
        yield Shot(state, theme, "", arrangement, *size)


# ---- taking them -----------------------------------------------------------------------------------------------


class Photographer:
    """Goes through the states of the window and takes what is wanted in each.

    Args:
        person: who sits before the window.
        shots: what to take.
        folder: where to put it.
        run: a recorded run of the plant.
    """

    def __init__(self, person: Person, shots: Sequence[Shot], folder: Path, run: Path) -> None:
        self._person = person
        self._bench = person.bench
        self._shots = shots
        self._folder = folder
        self._run = run
        self._project = run.with_name("garden")

    def take_all(self) -> Generator[Step, None, None]:
        """The steps of `run_studio`."""
        for state in STATES:
            shots = sorted(
                (it for it in self._shots if it.state == state), key=lambda it: (it.panel, it.theme, it.text)
            )
            if shots:
                yield from self._begin(state)
                for shot in shots:
                    yield from self._take(shot)
        self._bench.requests.stop()
        yield lambda: not self._person.live.target.is_alive

    def _begin(self, state: str) -> Generator[Step, None, None]:
        requests, person = self._bench.requests, self._person
        if state == "live":
            if any(shot.panel in WANTS_A_PROJECT for shot in self._shots):
                yield from self._open_project()
            requests.launch(str(PLANT))
            yield lambda: person.live.target.status == "running" and len(person.live.runs) > LIVELY_RUNS
            if any(shot.panel == "breakpoints" for shot in self._shots):
                self._set_breakpoints()
        elif state == "recorded":
            if person.live.target.is_alive:
                requests.stop()
                yield lambda: not person.live.target.is_alive
            requests.open_run(str(self._run))
            yield lambda: person.live.target.how == "file" and person.live.target.status == "ended"
        self._bench.banner.clear()

    def _set_breakpoints(self) -> None:
        """Have some to look at; none of them holds the plant."""
        from tasktonic.rules import Breakpoint, Term

        points = self._bench.session.breakpoints
        points.add(Breakpoint(0, (Term("exception", "RuntimeError"),), every=5, log=True))
        points.add(Breakpoint(0, (Term("state", "repair", "Robot", way="entered"),), every=5, log=True))
        points.add(Breakpoint(0, (Term("sparkle", "ttsc__open", "Warehouse"),), enabled=False))

    def _open_project(self) -> Generator[Step, None, None]:
        """Have a project from the template, with its tests run."""
        from tasktonic.new import plan, write

        write(plan("project", self._project.name, self._project.parent))
        self._bench.open_project(str(self._project))
        project = self._bench.project
        yield lambda: project.python.version
        self._bench.run("tests.run_all")
        yield lambda: project.tests.all and not project.tests.is_running
        self._person.panel("project").tree.expandAll()

    def _take(self, shot: Shot) -> Generator[Step, None, None]:
        bench, window = self._bench, self._person.window
        bench.set_theme(shot.theme)
        bench.settings.set("ui.scale_percent", shot.text)
        if shot.panel:
            yield from self._place(shot)
        else:
            window.resize(shot.width, shot.height)
            # The panels share what room there is by then.
            yield lambda: bench.area.width() == shot.width
            yield _after(RESTYLED_S)
            bench.set_arrangement(shot.arrangement)
            # As it comes out of the box, not as it was left by taking pictures of single panels.
            bench.reset_arrangement()
        thing = _telling_thing(self._person, shot.panel)
        bench.selection.select(thing)
        if shot.state != "empty" and (shot.panel == "editor" or shot.arrangement in ("debug", "learn")):
            bench.run("selection.go_to_source")
        yield _after(SETTLED_S)
        bench.clock.tick()
        taken = (bench.area.dock(shot.panel) if shot.panel else window).grab().toImage()
        file = self._folder / f"{shot.name}.png"
        if not with_few_colours(taken).save(str(file), quality=0):
            raise OSError(f"{file} cannot be written.")
        sys.stdout.write(f"{file.name}\n")

    def _place(self, shot: Shot) -> Generator[Step, None, None]:
        """The panel alone, or, where it has to be narrow, beside another."""
        from PySide6.QtCore import Qt

        from tasktonic_studio.ui.layouts import Arrangement, Split, Tabs

        area, window = self._bench.area, self._person.window
        alone = Tabs((shot.panel,), 100)
        other = "ledger" if shot.panel != "ledger" else "log"
        is_narrow = shot.width == NARROW_PX
        tree = Split(True, (alone, Tabs((other,), 100)), 100) if is_narrow else alone
        self._bench.show_panel(shot.panel)
        window.resize(max(shot.width, 900) if is_narrow else shot.width, shot.height + 130)
        area.arrange(Arrangement("pictures", "Pictures", "", "", 99, tree))
        yield _after(RESTYLED_S)
        if is_narrow:
            docks = [area.dock(shot.panel), area.dock(other)]
            area.resizeDocks(docks, [NARROW_PX, area.width() - NARROW_PX], Qt.Orientation.Horizontal)
            yield _after(RESTYLED_S)
            if docks[0].width() > NARROW_PX + 2:
                sys.stdout.write(f"  {shot.name}: will not be narrower than {docks[0].width()} px\n")


def _after(seconds: float) -> Step:
    """A condition that comes true after a while."""
    until = time.monotonic() + seconds
    return lambda: time.monotonic() >= until


def _telling_thing(person: Person, panel: str) -> Thing | None:
    """What shows most in a panel: a path of the store, a run, or a tonic."""
    from tasktonic_studio.session.selection import Thing
    from tasktonic_studio.snapshot import most_telling

    live = person.live
    if panel == "store":
        paths = [(store, path) for store in live.store for path in live.store.paths(store)]
        return Thing("store", max(paths, key=lambda it: len(live.store[it[0]][it[1]].history))) if paths else None
    essence = most_telling(live, TONIC)
    if essence is None:
        return None
    if panel in WANTS_A_RUN:
        own = live.runs.find("essence", essence)
        if len(own):
            return Thing("run", live.runs.row(int(own[-len(own) // 4])).run)
    return Thing("essence", essence)


def with_few_colours(image: QImage) -> QImage:
    """The same picture with at most as many colours as a palette has: a third of the bytes.

    Half of them are the most frequent ones. The others are those that lie farthest from what was taken before them, so that the
    few green words among a thousand white ones stay green.
    """
    import numpy as np
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QImage

    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(plain.constBits(), np.uint32).reshape(plain.height(), plain.bytesPerLine() // 4)
    colours, counts = np.unique(pixels[:, : plain.width()] | 0xFF000000, return_counts=True)
    parts = np.stack([(colours >> shift) & 255 for shift in (16, 8, 0)], axis=1).astype(np.int64)
    taken = np.argsort(-counts)[: MOST_COLOURS // 2].tolist()
    away = np.min([((parts - parts[each]) ** 2).sum(axis=1) for each in taken], axis=0)
    while len(taken) < min(MOST_COLOURS, len(colours)):
        farthest = int(np.argmax(away * counts**0.25))
        taken.append(farthest)
        away = np.minimum(away, ((parts - parts[farthest]) ** 2).sum(axis=1))
    flags = Qt.ImageConversionFlag.AvoidDither | Qt.ImageConversionFlag.ThresholdDither
    return plain.convertToFormat(QImage.Format.Format_Indexed8, colours[taken].tolist(), flags)


# ---- the command -----------------------------------------------------------------------------------------------


def record(run: Path) -> None:
    """Record a run of the plant, for some seconds."""
    command = [sys.executable, "-m", "tasktonic", "record", str(PLANT), "-o", str(run)]
    going = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        going.wait(RECORDED_S)
    except subprocess.TimeoutExpired:
        going.terminate()
        going.wait(30)


def index_page(panels: Sequence[tuple[str, str, str]], shots: Sequence[Shot]) -> str:
    """The page that shows the kept pictures. ``panels`` are id, title and help."""
    lines = [
        "<!-- Made by tools/pictures.py: run it again to make pictures and page anew. -->\n",
        "# Every panel in pictures\n",
        "The real window on the plant demo, `examples/watch_me.py`: with nothing to show yet, live in three themes, 300 pixels",
        "narrow, and showing a recorded run. `python tools/pictures.py` makes all of this; with `--all --to FOLDER` it makes each panel",
        "in every state, theme, width and size of text.\n",
    ]
    for panel, title, help_text in panels:
        lines += [f"## {title}\n", f"{help_text}\n"]
        lines += [_picture(title, shot) for shot in shots if shot.panel == panel]
        lines.append("")
    lines += ["## Arrangements\n"]
    lines += [_picture(f"The arrangement {shot.arrangement.capitalize()}", shot) for shot in shots if not shot.panel]
    return "\n".join(lines) + "\n"


def _picture(title: str, shot: Shot) -> str:
    words = [title, {"empty": "with nothing to show", "live": "live", "recorded": "of a recorded run"}[shot.state]]
    words.append(f"theme {shot.theme}")
    if shot.panel:
        words += ["300 pixels wide"] if shot.width == NARROW_PX else []
    else:
        words.append(f"{shot.width} × {shot.height}")
    words += [f"text at {shot.text} %"] if shot.text != 100 else []
    return f"![{', '.join(words)}](panels/{shot.name}.png)"


def wanted(arguments: argparse.Namespace) -> list[Shot]:
    """The pictures asked for."""
    from tasktonic_studio.ui.layouts import arrangements
    from tasktonic_studio.ui.panel_list import all_panels

    panels = [panel.id for panel in all_panels()]
    unknown = [each for each in arguments.panel if each not in panels]
    if unknown:
        raise SystemExit(f"There is no panel {', '.join(unknown)}; there are {', '.join(panels)}.")
    names = [each.name for each in arrangements(panels)] if not arguments.panel else []
    chosen = arguments.panel or panels
    return list(all_shots(chosen, names) if arguments.all else kept_shots(chosen, names))


def main(texts: list[str]) -> int:
    """Take the pictures that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--panel", action="append", default=[], metavar="ID", help="only this panel; may be repeated")
    parser.add_argument("--all", action="store_true", help="every panel in every state, theme, width and size of text")
    parser.add_argument(
        "--to", type=Path, metavar="FOLDER", help="where to put them, in the place of the documentation"
    )
    parser.add_argument("--state", choices=STATES, action="append", default=[], help="only this state; may be repeated")
    arguments = parser.parse_args(texts)
    shots = wanted(arguments)
    taken = [shot for shot in shots if not arguments.state or shot.state in arguments.state]
    folder = arguments.to or (Path("pictures") if arguments.all else KEPT)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="tt-") as own:
        take(taken, folder, Path(own))
    if folder == KEPT:
        arguments.all, arguments.panel = False, []
        tidy(wanted(arguments))
    return 0


def take(shots: Sequence[Shot], folder: Path, own: Path) -> None:
    """Open the Studio, take the pictures, close it. Folders of its own: no other program may get into a picture."""
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"):
        (own / variable).mkdir()
        (own / variable).chmod(0o700)
        os.environ[variable] = str(own / variable)
    # The plant is to run with this tasktonic, whatever is installed.
    os.environ["PYTHONPATH"] = str(ROOT)
    run = own / "plant.ttt"
    if any(shot.state == "recorded" for shot in shots):
        record(run)
    from tests.helpers.real_studio import run_studio

    def steps(person: Person) -> Generator[Step, None, None]:
        yield from Photographer(person, shots, folder, run).take_all()

    run_studio([], steps, own / "failed.png")


def tidy(shots: Sequence[Shot]) -> None:
    """Write the index anew, and take away pictures of panels that are no more."""
    from tasktonic_studio.ui.panel_list import all_panels

    names = {f"{shot.name}.png" for shot in shots}
    for file in KEPT.glob("*.png"):
        if file.name not in names:
            file.unlink()
    INDEX.write_text(index_page([(it.id, it.title, it.help) for it in all_panels()], shots), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
