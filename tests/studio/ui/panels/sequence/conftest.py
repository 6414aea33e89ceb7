"""A sequence panel on screen, on a plant or on what a test writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from tasktonic import events as ev
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.panels.sequence.panel import SequencePanel
from tests.helpers.builders import MS, EventWriter, a_session_with_plant
from tests.helpers.panel_stand import PanelStand, stands_that_close
from tests.studio.ui.panels.sequence.acting import (
    settle,
)

MakeStand = Callable[..., PanelStand]


class Hall(EventWriter):
    """A hall with a boss, a door and alarms below the boss; ``call`` makes a call and runs it."""

    def __init__(self, alarms: int = 4) -> None:
        super().__init__()
        self.session = Session()
        self.cls("Door", ("closed", "locked", "open"), ("ttsc__open", "ttsc__check"))
        self.catalyst("main")
        self.hall = self.born("Hall", "hall", catalyst=0)
        self.boss = self.born("Boss", "boss", self.hall)
        self.door = self.born("Door", "front door", self.hall, state="closed")
        self.alarms = [self.born("Alarm", f"alarm {number}", self.boss) for number in range(alarms)]

    def call(
        self,
        to_whom: int,
        sparkle: str,
        by: int = 0,
        source: int = -1,
        cause: str = "",
        state: str = "",
        flags: int = 0,
    ) -> int:
        order = self.order(to_whom, sparkle, source, by, cause)
        self.wait(MS)
        return self.run(to_whom, sparkle, order, took_ns=MS, to=state, flags=flags)

    def tell(self) -> Session:
        self.session.apply_events(self.session.live.n, self.take())
        return self.session

    def story(self) -> tuple[int, int, int]:
        """A button starts the boss, who opens the door, which rings and asks; the numbers of the first three calls."""
        start = self.call(self.boss, "ttse__on_start", cause="qt")
        opened = self.call(self.door, "ttsc__open", start, self.boss, state="open")
        check = self.call(self.door, "ttsc__check", opened, self.door)
        self.call(self.door, "ttsc__lock", opened, self.door, state="locked")
        for _ in range(7):
            self.call(self.alarms[0], "ttsc__ring", opened, self.door)
        for _ in range(5):
            asked = self.call(self.alarms[1], "ttsc__ask", opened, self.door)
            self.call(self.door, "ttse__on_answer", asked, self.alarms[1])
        self.add(ev.Gap(self.t_ns, self.t_ns + 10, 15, 17))
        self.call(self.alarms[2], "ttsc__ring", opened, self.door, flags=ev.ERROR)
        self.order(self.boss, "ttsc__report", self.door, opened)
        return start, opened, check


@pytest.fixture
def make_stand(qtbot: QtBot) -> Iterator[MakeStand]:
    """Make a sequence panel on screen, on a session or on an empty one."""

    def make(session: Session | None = None, width: int = 900, height: int = 700, theme: str = "dark") -> PanelStand:
        return shown(PanelStand(SequencePanel(), session, theme), width, height)

    with stands_that_close() as shown:
        yield make


@pytest.fixture
def hall() -> Hall:
    """A hall in which nothing has happened yet."""
    return Hall()


@pytest.fixture
def plant(make_stand: MakeStand) -> PanelStand:
    """The sequence of a lively plant."""
    return make_stand(a_session_with_plant())


@pytest.fixture
def story(make_stand: MakeStand, hall: Hall, qtbot: QtBot) -> tuple[PanelStand, int, int]:
    """The chain of a call that opens a door, with the numbers of its first two calls."""
    start, opened, _ = hall.story()
    stand = make_stand(hall.tell())
    stand.selection.select(Thing("run", start))
    settle(stand, qtbot)
    return stand, start, opened
