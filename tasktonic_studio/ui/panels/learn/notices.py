"""What is said above a step: what keeps one from going on, and what can be done about it."""

from __future__ import annotations

from typing import NamedTuple

from tasktonic_studio.lessons.play import Play
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.ui.panels.learn.bookcase import Bookcase


class Notice(NamedTuple):
    """Words, and perhaps a button with the id of its command."""

    words: str
    button: str = ""
    command: str = ""


def notice_of(play: Play, lessons: Bookcase, live: Knowledge) -> Notice | None:
    """What is to be said of a step as it stands; None for nothing."""
    if lessons.needs_trust(play.lesson):
        return Notice(
            f"This lesson comes from {lessons.file_of(play.lesson)}, not with the Studio. Its program can do whatever a program of "
            "yours can: open it and read it before you let it run.",
            "It may run",
            "learn.trust",
        )
    if play.is_chasing:
        return Notice("The program is being brought to this step…")
    if play.needs_app(live):
        return Notice("This step goes on with a program that does not run now.", "Bring the app here", "learn.catch_up")
    if play.has_gone_wrong(live):
        return Notice(
            "Not yet: what has no tick below is not so in this run. Change the program once more, save it, and start it again. "
            "A hint is at the end of the step."
        )
    return None
