"""What holds a real app, or is held, may fail in any way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tasktonic import events as ev
from tasktonic.protocol.address import find_running
from tasktonic.protocol.messages import Granted, Hold, Release
from tests.helpers.held_apps import (
    PAINTERS,
    QT_DESK,
    ROOT,
    Key,
    Steps,
    by_name,
    held,
    is_held,
    orders,
    queue_of,
)
from tests.helpers.scripts_apart import listening
from tests.helpers.studio_end import StudioEnd, wait_for


def test_a_held_app_that_is_killed_is_said_to_be_dead_and_can_be_looked_at(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        yield from held(person)
        page = queue_of(person)
        yield lambda: len(orders(page)) > 5
        os.kill(person.live.target.pid, signal.SIGKILL)
        yield lambda: person.live.target.status == "ended"
        assert "SIGKILL" in person.sentence
        assert not person.bench.held_bar.isVisible()
        assert not person.window.windowTitle().startswith("❚❚")
        person.panel("catalysts")
        yield lambda: page.told is None and page.model.count > 5  # what waited, as far as the stream told
        for command in ("run.step", "run.follow", "run.hold", "order.drop"):
            assert person.bench.registry.why_not(command, person.bench.context) == "No app runs."

    run_studio(steps, script(PAINTERS))


def test_a_catalyst_inside_a_sparkle_is_told_until_it_holds(run_studio: Any, script: Any, tmp_path: Path) -> None:
    go = tmp_path / "go"
    busy = PAINTERS.replace(
        "time.sleep(0.02)",
        f"time.sleep(0.02)\n            while self.painted == 3 and not os.path.exists({str(go)!r}): time.sleep(0.01)",
    )
    busy = busy.replace("import time", "import os, time")

    def steps(person: Any) -> Steps:
        yield lambda: any(
            facts.inside_for_ns(person.live.t_ns) > 300_000_000 for facts in person.live.catalysts.values()
        )
        person.press(Key.Key_F6)
        yield lambda: is_held(person, "main_catalyst", "hand")
        words = person.bench.held_bar.words
        yield lambda: "side is busy inside painter · ttsc__paint for " in words.text()
        assert "it holds afterwards" in words.text()
        assert "main_catalyst, hand of 3 catalysts stand before the next sparkle" in words.text()

        go.touch()
        yield lambda: is_held(person)
        yield lambda: words.text() == "All 3 catalysts stand before the next sparkle; their timers stand still."

    run_studio(steps, script(busy))


WATCHED = PAINTERS.replace(
    "    import time\n",
    "    import time\n    from tasktonic.probe import grip\n    grip.HOLD_GRACE_NS = 300_000_000\n",
    1,
)


def test_who_only_views_is_told_why_nothing_can_be_held(run_studio: Any, script: Any) -> None:
    with listening(script(WATCHED)) as app, StudioEnd.of_running(app.pid) as controller:
        controller.message(Granted)

        def steps(person: Any) -> Steps:
            yield lambda: person.live.target.role == "view" and by_name(person, "painter") >= 0
            for command in ("run.hold", "run.step", "run.follow", "run.to_order", "run.hold_catalyst"):
                assert person.bench.registry.why_not(command, person.bench.context) == (
                    "This Studio only views; another one controls the app."
                )
            assert "only views" in person.bench.actions_of_commands.action("run.hold").toolTip()
            controller.say(Hold(1))
            yield lambda: person.live.target.status == "held"
            assert person.bench.held_bar.isVisible()
            page = queue_of(person)
            yield lambda: len(orders(page)) > 0  # a viewer may look
            assert "only views" in person.bench.registry.why_not("order.drop", person.bench.context)
            controller.say(Release(2))
            yield lambda: person.live.target.status == "running"

        run_studio(steps, "--attach", str(app.pid))


@contextmanager
def held_app(path: str) -> Iterator[tuple[int, subprocess.Popen[bytes], StudioEnd]]:
    """An app that a studio of its own process holds: the id of its process, that studio, and one that only looks on."""
    with (
        listening(path) as app,
        holding_studio(app.pid) as studio,
        StudioEnd.of_running(app.pid, role="view") as watcher,
    ):
        watcher.message(Granted)
        watcher.event(ev.CatalystHeld, lambda fact: fact.held)
        yield app.pid, studio, watcher


def test_an_app_runs_on_when_the_studio_that_holds_it_is_killed(script: Any) -> None:
    with held_app(script(WATCHED)) as (_, studio, watcher):
        studio.kill()
        studio.wait()

        watcher.event(ev.CatalystHeld, lambda fact: not fact.held)
        so_far = len(watcher.seen(ev.Ran))
        watcher.until(lambda: len(watcher.seen(ev.Ran)) > so_far, "the app to run on")


GRACE_ENDS = """
    import os, threading, time
    from tasktonic import clock, probe
    from tasktonic.probe import grip

    grip.HOLD_GRACE_NS = 3_600_000_000_000

    def grace_is_over():
        probe._agent._grip._let_go_after(0)
        with open(FOLDER + "/now", "w") as file:
            file.write(str(clock.system_ns()))
        os.replace(FOLDER + "/now", FOLDER + "/over")

    def end_grace():
        while not os.path.exists(FOLDER + "/came"):
            time.sleep(0.01)
        probe._agent.call_soon(grace_is_over)

    threading.Thread(target=end_grace, daemon=True).start()
    """
"""The grace ends when the test says so: nobody knows how soon a studio can come on a busy machine."""


def test_a_studio_that_comes_in_time_finds_the_app_still_held(script: Any, tmp_path: Path) -> None:
    with held_app(script(GRACE_ENDS.replace("FOLDER", repr(str(tmp_path))) + PAINTERS)) as (pid, studio, _watcher):
        studio.kill()
        studio.wait()
        with StudioEnd.of_running(pid) as heir:
            assert heir.message(Granted).role == "control"
            (tmp_path / "came").touch()
            wait_for((tmp_path / "over").exists, "the grace to end")
            over_ns = int((tmp_path / "over").read_text())
            heir.event(ev.Beat, lambda beat: beat.t_ns > over_ns)
            assert all(fact.held for fact in heir.seen(ev.CatalystHeld))
            heir.say(Release(1))
            heir.event(ev.CatalystHeld, lambda fact: not fact.held)


CUT = """
    import os, threading, time
    from tasktonic import probe
    from tasktonic.probe import grip

    def cut():
        for place, grace_s in ((FOLDER + "/first", 600), (FOLDER + "/second", 0)):
            while not os.path.exists(place):
                time.sleep(0.01)
            grip.HOLD_GRACE_NS = grace_s * 1_000_000_000
            for viewer in list(probe._agent._viewers):
                viewer.link.socket.shutdown(2)
        while probe._agent.held:
            time.sleep(0.01)
        open(FOLDER + "/free", "w").close()

    threading.Thread(target=cut, daemon=True).start()
    """


def test_a_qt_app_whose_link_is_cut_while_it_is_held_is_attached_again_or_runs_on(
    run_studio: Any, script: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    """Both sides live on: the one finds its app held when it comes in time, the other goes on when nobody comes."""
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    with listening(script(CUT.replace("FOLDER", repr(str(tmp_path))) + QT_DESK)) as app:

        def steps(person: Any) -> Steps:
            yield lambda: person.live.target.status == "running" and by_name(person, "desk") >= 0
            person.press(Key.Key_F6)
            yield lambda: is_held(person)

            (tmp_path / "first").touch()
            yield lambda: person.live.target.status == "lost"
            assert person.sentence == "app.py: lost: The app closed the connection."
            assert not person.bench.held_bar.isVisible()
            person.bench.context.requests.attach(app.pid)
            yield lambda: person.live.target.status == "held" and person.live.target.role == "control"
            yield lambda: person.bench.held_bar.isVisible() and is_held(person)

            (tmp_path / "second").touch()
            yield lambda: person.live.target.status == "lost"
            yield (tmp_path / "free").exists  # whoever comes before that comes in time
            person.bench.context.requests.attach(app.pid)
            yield lambda: person.live.target.status == "running" and person.live.target.role == "control"
            runs = len(person.live.runs)
            yield lambda: len(person.live.runs) > runs

        wait_for(lambda: any(it.pid == app.pid for it in find_running()), "the app to listen")
        run_studio(steps, "--attach", str(app.pid))
        assert app.poll() is None


HOLDER = """
import sys
from tests.helpers.real_studio import run_studio
from PySide6.QtCore import Qt
from pathlib import Path

def steps(person):
    yield lambda: person.live.target.status == "running" and len(person.live.runs) > 10
    person.press(Qt.Key.Key_F6)
    yield lambda: False

run_studio(["--attach", sys.argv[1]], steps, Path(sys.argv[2]))
"""


@contextmanager
def holding_studio(pid: int) -> Iterator[subprocess.Popen[bytes]]:
    """A real Studio in a process of its own, in which somebody presses F6. It may be killed before."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    studio = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(pid), os.devnull], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
    )
    try:
        yield studio
    finally:
        studio.kill()
        studio.wait()
