"""What goes wrong in a watched app: the window lives on, says so in one sentence, and keeps what it knew."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

Steps = Generator[Callable[[], Any], None, None]

TICKER = """
    import os, sys, time
    from tasktonic import *

    class Ticker(ttTonic):
        def ttse__on_start(self):
            self.to_state("ticking")
            self.count = 0
            self.bind(ttTimerRepeat, seconds=0.02)

        def ttse_ticking__on_timer(self, info):
            self.count += 1
            self.log(f"tick {self.count}")
            if self.count == 10:
                self.tts__crash()

        def tts__crash(self):
            CRASH

    class App(ttFormula):
        def creating_starting_tonics(self):
            Ticker(name="ticker")

    App()
    """


def crashing_by(crash: str) -> str:
    return TICKER.replace("CRASH", crash)


def still_usable(person: Any) -> None:
    """The window answers: the palette opens and closes by keys, the theme changes."""
    person.press(Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert person.bench.palette_box.isVisible()
    person.press(Qt.Key.Key_Escape)
    assert not person.bench.palette_box.isVisible()
    theme = person.bench.theme()
    person.bench.set_theme("light" if theme != "light" else "dark")
    person.bench.set_theme(theme)


def test_a_script_with_a_syntax_error(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        yield lambda: person.live.target.status == "ended"
        assert "1" in person.live.target.sentence
        yield lambda: any("SyntaxError" in text for text in person.log_texts())
        yield lambda: person.sentence != ""
        still_usable(person)

    run_studio(steps, script("from tasktonic import *\nclass Broken(ttTonic:\n    pass\n"))


def test_a_script_that_vanished_before_a_restart(run_studio: Any, script: Any) -> None:
    path = script(crashing_by("self.finish()"))

    def steps(person: Any) -> Steps:
        yield lambda: person.live.target.status == "ended"
        Path(path).unlink()
        person.bench.run("run.restart")
        yield lambda: "app.py" in person.sentence and ("no" in person.sentence.lower())
        still_usable(person)

    run_studio(steps, path)


def test_a_script_that_exits_at_once(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        yield lambda: person.live.target.status == "ended"
        assert person.live.target.exit_code == 7
        assert "7" in person.live.target.sentence
        still_usable(person)

    run_studio(steps, script("import sys\nsys.exit(7)\n"))


def test_a_script_that_raises_at_import(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        yield lambda: person.live.target.status == "ended"
        yield lambda: any("ZeroDivisionError" in text for text in person.log_texts())
        yield lambda: person.sentence != ""
        still_usable(person)

    run_studio(steps, script("from tasktonic import *\n1 / 0\n"))


def test_a_script_that_starts_no_app(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        yield lambda: person.live.target.status == "ended"
        assert "no formula" in person.live.target.sentence
        still_usable(person)

    run_studio(steps, script("print('only this')\n"))


def test_an_app_that_calls_os_exit(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        yield lambda: person.live.target.status == "ended"
        assert person.live.target.exit_code == 3
        assert person.live.essences.alive_count + person.live.essences.ended_count >= 1
        assert any("tick" in text for text in person.log_texts())
        still_usable(person)

    run_studio(steps, script(crashing_by("os._exit(3)")))


def test_an_app_that_is_killed(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        yield lambda: any("tick 3" in text for text in person.log_texts())
        os.kill(person.live.target.pid, signal.SIGKILL)
        yield lambda: person.live.target.status == "ended"
        assert "9" in person.live.target.sentence
        assert person.live.names.classes
        still_usable(person)

    run_studio(steps, script(crashing_by("pass")))


def test_an_app_that_hangs_in_a_sparkle(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        yield lambda: any(facts.inside >= 0 for facts in person.live.catalysts.values())
        inside = [facts for facts in person.live.catalysts.values() if facts.inside >= 0]
        assert [person.live.essences.get(facts.inside).name for facts in inside] == ["ticker"]
        still_usable(person)
        person.bench.run("run.stop")
        yield lambda: person.live.target.status == "ended"

    run_studio(steps, script(crashing_by("time.sleep(3600)")))


def test_an_app_that_prints_a_megabyte_a_second(run_studio: Any, script: Any) -> None:
    # Short lines, many at once: however seldom it comes to reading, a pipe full of them is more than is shown in a second.
    flood = "for n in range(60):\n                print('x\\n' * 50_000, end='')\n            self.finish()"

    def steps(person: Any) -> Steps:
        yield lambda: person.live.target.status == "ended"
        assert person.live.target.exit_code == 0
        assert any("prints too fast" in text for text in person.log_texts())
        still_usable(person)

    run_studio(steps, script(crashing_by(flood)))


def test_an_app_that_forks(run_studio: Any, script: Any) -> None:
    fork = "child = os.fork()\n            if child == 0: os._exit(0)\n            os.waitpid(child, 0); self.log('forked')"

    def steps(person: Any) -> Steps:
        yield lambda: any("forked" in text for text in person.log_texts())
        yield lambda: any("tick 20" in text for text in person.log_texts())
        assert person.live.target.status == "running"
        still_usable(person)

    run_studio(steps, script(crashing_by(fork)))


def test_a_script_that_starts_two_apps_one_after_the_other(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        yield lambda: person.live.app.number == 2
        yield lambda: person.live.target.status == "ended"
        assert person.live.target.exit_code == 0
        assert sum("tick 10" in text for text in person.log_texts()) == 2
        still_usable(person)

    run_studio(steps, script(crashing_by("self.finish()") + "App()\n"))


def test_an_app_that_raises_in_every_sparkle(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        yield lambda: person.live.target.status == "ended"
        assert any("on purpose" in text for text in person.log_texts())
        still_usable(person)

    raising = TICKER.replace("self.count += 1", "self.count += 1\n            if self.count > 50: self.finish()\n"
                             "            raise ValueError('on purpose')")  # fmt: skip
    run_studio(steps, script(raising.replace("CRASH", "pass")))


@pytest.mark.parametrize("arguments", [("missing.py",), ("--attach", "999999999")])
def test_what_is_not_there_is_said_before_a_window_opens(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tasktonic_studio import cli

    monkeypatch.chdir(tmp_path)

    code = cli.main(list(arguments))

    assert code in (1, 2)
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
