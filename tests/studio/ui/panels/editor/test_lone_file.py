"""That only a part was looked through is said where the changes, and where the callers, are shown."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.panels.editor.callers_list import CallersList
from tasktonic_studio.ui.panels.editor.rename_dialog import RenameDialog

SCOPE = "Only door.py was looked through: what else lies in this folder is no project."
PLACE = ["/home/x/door.py", 5, 8, 18, "Door", "def ttsc__open(self):", True]


def test_the_preview_of_a_rename_says_how_far_was_looked(qtbot: QtBot) -> None:
    asked: list[str] = []
    dialog = RenameDialog("ttsc__open of Door", "open", asked.append)
    qtbot.addWidget(dialog)
    dialog.name.setText("swing")
    dialog.wait.stop()
    dialog._on_rest()

    dialog.show_answer(
        {"changes": [[PLACE, "ttsc__open", "ttsc__swing", True]], "left": [], "refused": "", "scope": SCOPE}
    )

    assert asked == ["swing"]
    words = "1 place in 1 file will change; “Undo the rename” takes all back."
    assert dialog.sentence.text() == f"{words} {SCOPE}"


def test_the_list_of_callers_says_how_far_was_looked(qtbot: QtBot) -> None:
    callers = CallersList()
    qtbot.addWidget(callers)

    callers.show_found("ttsc__open of Door", [PLACE], "", "", scope=SCOPE)
    assert callers.accessibleName() == f"1 call of ttsc__open of Door. {SCOPE}"

    callers.show_found("ttsc__open of Door", [], "", "", scope=SCOPE)
    assert callers.accessibleName() == f"Nothing there calls ttsc__open of Door. {SCOPE}"
