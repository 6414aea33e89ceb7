"""Pictures of the Studio that keeps a run: python tests/helpers/picture_of_a_kept_run.py marks|recording FILE.png."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from PySide6.QtWidgets import QApplication  # noqa: E402 - found in this checkout from here on

from tasktonic_studio.session.recording import RecordingState  # noqa: E402
from tasktonic_studio.session.selection import Thing  # noqa: E402
from tasktonic_studio.ui.panel_list import all_panels  # noqa: E402
from tests.helpers.builders import a_session_with_plant  # noqa: E402
from tests.helpers.settled import settled  # noqa: E402
from tests.helpers.window_stand import WindowStand  # noqa: E402

NOTES = ("the valve sticks", "after the restart", "pump 2 is late")
SIZES = {"marks": (1180, 620), "recording": (1180, 460)}


def main(what: str, picture: str) -> None:
    """Take one of the pictures."""
    application = QApplication(["studio"])
    application.setCursorFlashTime(0)
    with tempfile.TemporaryDirectory() as name:
        settings = {"arrangement": "analyse" if what == "marks" else "run"}
        session = a_session_with_plant(rounds=60)
        stand = WindowStand(Path(name), session, panels=all_panels(), theme="light", settings=settings)
        stand.window.resize(*SIZES[what])
        stand.window.show()
        stand.catch_up()
        if what == "marks":
            mark(stand)
        else:
            stand.bench.show_recording(
                RecordingState(file="/runs/plant.ttt", began_s=time.monotonic() - 83, size=3_440_000, can_save=True)
            )
        settled(stand.window).save(picture)
        stand.close()
    application.quit()


def mark(stand: WindowStand) -> None:
    """Three marks, and the note of the last being typed."""
    runs = stand.session.live.runs
    stand.session.marks.numbering.note(0, 0, stand.session.live.n)  # as blocks that come from an app do
    for share, note in zip((0.2, 0.55, 0.8), NOTES, strict=True):
        n = runs.row(int(len(runs) * share)).n
        stand.session.marks.add(n, stand.session.at(n).t_ns, note)
    last = stand.session.marks.all[-1]
    stand.bench.selection.select(Thing("essence", runs.row(int(len(runs) * 0.8)).essence))
    stand.bench.selection.look_at(stand.session.marks.moment(last))
    stand.bench.marking.bar.edit(last.id)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
