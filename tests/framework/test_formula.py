"""How an app goes from its formula to its end; hooks that raise, and processes."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading
from pathlib import Path
from typing import Any

import pytest

from tasktonic import ttCatalyst, ttEssence, ttFormula, ttLedger, ttLog, ttTonic
from tasktonic.errors import ttRunningError
from tasktonic.events import AppBegan, AppEnded
from tests.helpers.apps import WAIT_S, in_thread, reading, run_app
from tests.helpers.scripts_apart import ENVIRONMENT, run_script
from tests.helpers.small_tonics import Ender, Stayer

QUICK_START = '''\
from TaskTonic import *

# 1. Define the Logic (The Tonic)
class HelloWorld(ttTonic):
    def __init__(self, name=None, context=None, log_mode=None, catalyst=None):
        super().__init__(name, context, log_mode, catalyst)

    def ttse__on_start(self):
        """Called automatically by the framework on start."""
        self.tts__hello()

    def tts__hello(self):
        self.log('Hello ')
        self.tts__world()

    def tts__world(self):
        self.log('world, ')
        self.tts__welcome()

    def tts__welcome(self):
        self.log('welcome ')
        self.tts__to()

    def tts__to(self):
        self.log('to ')
        self.tts__tasktonic()

    def tts__tasktonic(self):
        self.log('TaskTonic!')
        self.finish()


# 2. Define the Application Structure (The Formula)
class MyApp(ttFormula):
    def creating_formula(self):
        """Configuration settings."""
        return (
            ('tasktonic/log/to', 'screen'),
            ('tasktonic/log/default', ttLog.FULL),
        )

    def creating_main_catalyst(self):
        super().creating_main_catalyst()

    def creating_starting_tonics(self):
        """Define which Tonics start immediately."""
        HelloWorld()

# 3. Run
if __name__ == '__main__':
    MyApp()
'''


# -- the quick start of the manual ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("spelling", ["TaskTonic", "tasktonic"])
def test_quick_start_runs_verbatim(spelling: str, tmp_path: Path) -> None:
    script = tmp_path / "quick_start.py"
    script.write_text(QUICK_START.replace("from TaskTonic", f"from {spelling}"), encoding="utf-8")

    done = run_script(script)

    assert (done.returncode, done.stderr) == (0, "")
    said = [line.split("  ", 2)[-1].strip() for line in done.stdout.splitlines() if "01.HelloWorld" in line]
    words = [text for text in said if text.split()[-1] in ("Hello", "world,", "welcome", "to", "TaskTonic!")]
    assert [text.split()[-1] for text in words] == ["Hello", "world,", "welcome", "to", "TaskTonic!"]


def test_both_spellings_give_the_same_objects() -> None:
    import TaskTonic
    import tasktonic

    assert all(getattr(TaskTonic, name) is getattr(tasktonic, name) for name in tasktonic.__all__)
    assert TaskTonic.__all__ == tasktonic.__all__


def test_importing_it_imports_nothing_outside_the_standard_library(tmp_path: Path) -> None:
    script = tmp_path / "imports.py"
    script.write_text(
        "import sys\n"
        "before = set(sys.modules)\n"
        "import tasktonic\n"
        "new = {name.partition('.')[0] for name in set(sys.modules) - before} - {'tasktonic', 'TaskTonic'}\n"
        "print(sorted(new - set(sys.stdlib_module_names)))\n",
        encoding="utf-8",
    )

    assert run_script(script).stdout == "[]\n"


# -- how an app goes ------------------------------------------------------------------------------------------------------


def test_constructing_it_returns_when_the_app_has_ended() -> None:
    formula = run_app(Ender)

    assert formula.ledger.essences == []
    assert not formula.ledger.running


def test_no_thread_is_left_when_it_returns() -> None:
    before = set(threading.enumerate())

    def start() -> None:
        for _ in range(3):
            Ender(catalyst=ttCatalyst())

    run_app(start, settings={"tasktonic/log/to": "screen"})

    assert set(threading.enumerate()) == before


def test_two_apps_run_one_after_the_other() -> None:
    first = run_app(Ender)

    second = run_app(Ender)

    assert second.ledger is not first.ledger


def test_app_runs_in_a_thread_that_is_not_the_main_one() -> None:
    names: list[str] = []

    class Noting(Ender):
        def ttse__on_start(self) -> None:
            names.append(threading.current_thread().name)
            self.finish()

    in_thread(lambda: run_app(Noting), "apps").join()

    assert names == ["apps"]


def test_main_catalyst_runs_in_the_thread_that_started_the_formula() -> None:
    threads: list[threading.Thread] = []

    class Noting(Ender):
        def ttse__on_start(self) -> None:
            threads.append(threading.current_thread())
            self.finish()

    run_app(Noting)

    assert threads == [threading.current_thread()]


@pytest.mark.parametrize("settings", [{"my/colour": "red"}, [("my/colour", "red")], (("my/colour", "red"),)])
def test_settings_may_be_pairs_or_a_dict(settings: Any) -> None:
    class App(ttFormula):
        def creating_formula(self) -> Any:
            return settings

        def creating_starting_tonics(self) -> None:
            Ender(log_mode="stealth")

    assert App().ledger.formula.get("my/colour") == "red"


def test_settings_may_be_left_out() -> None:
    class App(ttFormula):
        def creating_formula(self) -> None:
            return None

        def creating_starting_tonics(self) -> None:
            Ender(log_mode="stealth")

    assert App().ledger.formula.get("tasktonic/log/to") == "screen"


def test_settings_can_be_read_while_running() -> None:
    found: list[Any] = []

    class Reading(Ender):
        def ttse__on_start(self) -> None:
            found.append(self.ledger.formula.get("my/colour"))
            self.finish()

    run_app(Reading, settings={"my/colour": "red"})

    assert found == ["red"]


def test_settings_can_be_watched_while_running() -> None:
    found: list[Any] = []

    class Watching(ttTonic):
        def ttse__on_start(self) -> None:
            self.ledger.formula.subscribe("my", self.ttse__on_setting)
            self.ledger.update_formula("my/colour", "blue")

        def ttse__on_setting(self, changes: Any) -> None:
            found.append([(path, new) for path, new, *_ in changes])
            self.finish()

    run_app(Watching)

    assert found == [[("my/colour", "blue")]]


def test_status_says_how_far_the_app_is() -> None:
    found: list[Any] = []

    class Noting(Ender):
        def __init__(self) -> None:
            super().__init__()
            found.append(self.ledger.formula.get("tasktonic/project/status"))

        def ttse__on_start(self) -> None:
            found.append(self.ledger.formula.get("tasktonic/project/status"))
            self.finish()

    class Last(ttEssence):
        _tt_is_service = "last"

        def _tt_let_go(self) -> None:
            found.append(self.ledger.formula.get("tasktonic/project/status"))
            super()._tt_let_go()

    def start() -> None:
        Noting()
        Last()

    formula = run_app(start)

    found.append(formula.ledger.formula.get("tasktonic/project/status"))
    assert found == ["starting", "running", "finishing", "finished"]


def test_project_name_is_that_of_the_script(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["/some/where/plant.py", "x"])

    assert run_app(Ender).ledger.formula.get("tasktonic/project/name") == "plant.py"


def test_project_name_can_be_set() -> None:
    assert (
        run_app(Ender, settings={"tasktonic/project/name": "plant"}).ledger.formula.get("tasktonic/project/name")
        == "plant"
    )


def test_default_log_mode_holds_for_what_has_no_context() -> None:
    found: list[Any] = []

    class Noting(Ender):
        def ttse__on_start(self) -> None:
            found.append(self.log_mode)
            self.finish()

    run_app(Noting, settings={"tasktonic/log/default": "stealth"})

    assert found == [ttLog.STEALTH]


def test_begin_and_end_are_told() -> None:
    with reading() as rows:
        formula = run_app(Ender)

    assert type(rows.all[0]) is AppBegan
    assert type(rows.all[-1]) is AppEnded
    assert rows.of(AppBegan)[0].app == rows.of(AppEnded)[0].app == formula.ledger.app_number


def test_app_that_ends_well_has_no_problem() -> None:
    with reading() as rows:
        run_app(Ender)

    assert [row.problem for row in rows.of(AppEnded)] == [""]


def test_formula_can_be_finished_from_another_thread() -> None:
    class App(ttFormula):
        def creating_formula(self) -> Any:
            return {"tasktonic/log/to": "off"}

        def creating_starting_tonics(self) -> None:
            Stayer()
            self.helper = in_thread(self.finish)

    app = App()
    app.helper.join()

    assert app.ledger.essences == []


def test_app_without_a_tonic_waits_until_somebody_makes_one() -> None:
    statuses: list[str] = []
    names: list[str] = []

    class Late(ttTonic):
        def ttse__on_start(self) -> None:
            names.append(threading.current_thread().name)
            self.finish()

    class Empty(ttFormula):
        def creating_formula(self) -> dict[str, Any]:
            return {"tasktonic/log/to": "off"}

        def creating_starting_tonics(self) -> None:
            self.ledger.formula.subscribe("tasktonic/project/status", self.hear)

        def hear(self, changes: list[Any]) -> None:
            statuses.extend(new for _, new, _, _ in changes)
            if statuses == ["running"]:
                in_thread(lambda: Late(context=-1))

    Empty()

    assert statuses == ["running", "finishing", "finished"]
    assert names == [threading.current_thread().name]


def test_building_without_running() -> None:
    class App(ttFormula):
        def creating_formula(self) -> Any:
            return {"tasktonic/log/to": "off", "tasktonic/testing/dont_start_catalysts": True}

        def creating_starting_tonics(self) -> None:
            Stayer(name="stayer", catalyst=ttCatalyst(name="side"))

    app = App()

    assert [essence.name for essence in app.ledger.essences] == ["main_catalyst", "side", "stayer"]


def test_app_that_was_only_built_does_not_keep_the_next_from_running() -> None:
    test_building_without_running()

    assert run_app(Ender).ledger.essences == []


# -- hooks that raise -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hook", ["creating_formula", "creating_main_catalyst", "creating_starting_tonics"])
def test_error_in_a_hook_comes_out_of_the_formula(hook: str) -> None:
    def fail(self: Any) -> None:
        raise LookupError(hook)

    app: Any = type("App", (ttFormula,), {hook: fail})

    with pytest.raises(LookupError, match=hook):
        app()


@pytest.mark.parametrize("hook", ["creating_formula", "creating_main_catalyst", "creating_starting_tonics"])
def test_after_an_error_in_a_hook_another_app_can_run(hook: str) -> None:
    test_error_in_a_hook_comes_out_of_the_formula(hook)

    assert run_app(Ender).ledger.essences == []


def test_error_while_starting_leaves_nothing_behind() -> None:
    ledgers: list[ttLedger] = []

    def start() -> None:
        ledgers.append(ttLedger())
        top = Stayer(catalyst=ttCatalyst(name="side"))
        Stayer(context=top)
        ttCatalyst(context=top)
        raise LookupError("start")

    with pytest.raises(LookupError):
        run_app(start)

    assert ledgers[0].essences == []


def test_error_while_starting_is_told_as_the_problem() -> None:
    def start() -> None:
        raise LookupError("start")

    with reading() as rows, pytest.raises(LookupError):
        run_app(start)

    assert [row.problem for row in rows.of(AppEnded)] == ["LookupError: start"]


def test_no_main_catalyst_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(ttRunningError, match=r"creating_main_catalyst made no catalyst\. Make one there"):
        run_app(Ender, make_main=lambda: None)


def test_unknown_log_target_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match=r"no log target 'paper'; there are off, screen"):
        run_app(Ender, settings={"tasktonic/log/to": "paper"})


# -- processes ----------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a forked child is a thing of POSIX")
def test_forked_child_of_a_running_app_may_run_an_app_of_its_own(tmp_path: Path) -> None:
    script = tmp_path / "app.py"
    script.write_text(
        textwrap.dedent("""
            import os, warnings
            from tasktonic import *
            from tasktonic.stream import stream

            class Sayer(ttTonic):
                def ttse__on_start(self):
                    self.log(f"child, in {self.context}")
                    self.finish()

            class App(ttFormula):
                def __init__(self, what):
                    self.what = what
                    super().__init__()

                def creating_starting_tonics(self):
                    self.what()

            class Forker(ttTonic):
                def ttse__on_start(self):
                    warnings.simplefilter("ignore", DeprecationWarning)
                    with stream._hand_over_lock:  # as if another thread handed over
                        stream._is_delivering = True
                        child = os.fork()
                        stream._is_delivering = False
                        if not child:
                            App(Sayer)
                            os._exit(7)
                    self.log(f"the child ended with {os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}")
                    self.finish()

            App(Forker)
        """),
        encoding="utf-8",
    )

    run = subprocess.run(
        [sys.executable, str(script)],
        check=False,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=WAIT_S,
    )

    said = [line.split("  ")[-1].strip() for line in run.stdout.splitlines()]
    assert "child, in None" in said, run.stdout + run.stderr
    assert "the child ended with 7" in said
