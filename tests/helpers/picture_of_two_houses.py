"""Pictures of the Studio with recordings of a house: python tests/helpers/picture_of_two_houses.py compare|distilled FILE.png."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from PySide6.QtWidgets import QApplication  # noqa: E402 - found in this checkout from here on

from tasktonic.testing import distill  # noqa: E402
from tasktonic_studio.ui.panel_list import all_panels  # noqa: E402
from tests.helpers.recorded_houses import opens, recorded, tested_door  # noqa: E402
from tests.helpers.settled import settled  # noqa: E402
from tests.helpers.window_stand import WindowStand  # noqa: E402

SIZE = (1180, 760)


def main(what: str, picture: str) -> None:
    """Take one of the pictures."""
    application = QApplication(["studio"])
    application.setCursorFlashTime(0)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stand = WindowStand(folder, panels=all_panels(), theme="light", settings={"arrangement": "analyse"})
        stand.window.resize(*SIZE)
        stand.window.show()
        if what == "compare":
            compare(stand, folder)
        else:
            look_at_a_test(stand, folder)
        settled(stand.window).save(picture)
        stand.close()
    application.quit()


def compare(stand: WindowStand, folder: Path) -> None:
    """A house beside one whose door has another code."""
    other = recorded(folder / "yesterday.ttt", code="4712")
    opens(stand, recorded(folder / "today.ttt"), "")
    stand.bench.show_panel("compare")
    view = view_of(stand, "compare")
    view.compare(str(other))
    while view.is_busy:
        QApplication.processEvents()


def look_at_a_test(stand: WindowStand, folder: Path) -> None:
    """The trace of a test with a contract."""
    distiller = distill(settings={"tasktonic/log/to": "off"})
    door = tested_door.make_door(distiller)
    for _ in range(3):
        door.ttsc__enter("0000")
    probes = {"till_state_in": ["alarm"], "probes": ["wrong_codes"]}
    distiller.sparkle(contract={"timeout": 59, "tonics": {"door": probes}})
    distiller.sparkle(till_state_in=["locked"])
    opens(stand, distiller.finish_distiller().save(folder / "test_alarm.ttt"), "")
    stand.bench.show_panel("trace")
    settled(stand.window)
    head = view_of(stand, "trace").head
    head.previous.click()
    head.previous.click()
    head.fold.setChecked(True)


def view_of(stand: WindowStand, panel: str) -> Any:
    """The widget of a panel."""
    return next(it for it in stand.panels if it.id == panel).view  # type: ignore[attr-defined]


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
