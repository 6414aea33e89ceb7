"""Scripts that are started: what is seen of them, and how each kind of end is told. Real processes, the real probe."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tasktonic.events import HOOK
from tasktonic.protocol import messages
from tasktonic.protocol.address import Address
from tasktonic_studio.services.feed import Feed
from tasktonic_studio.services.launcher import Launch, environment_for, why_not_start
from tasktonic_studio.services.script_process import ScriptProcess
from tests.helpers.patience import PATIENCE_S
from tests.helpers.services_app import ServicesStand, a_pump, script, services
from tests.helpers.studio_end import wait_for

pytestmark = pytest.mark.end_to_end


@pytest.fixture
def stand() -> Iterator[ServicesStand]:
    """An app that is asked to end has all the time that it needs on a busy machine."""
    with services(grace_s=2 * PATIENCE_S) as stand:
        yield stand


def test_a_launched_app_is_watched_from_its_first_sparkle(stand: ServicesStand, tmp_path: Path) -> None:
    stand.requests.launch(a_pump(tmp_path), ["--fast"])
    stand.until_status("ended")

    known = stand.known
    target = known.target
    assert (target.how, target.status, target.exit_code, target.sentence) == (
        "launched",
        "ended",
        0,
        "ended: exit code 0",
    )
    assert (target.script, target.arguments, target.role) == (str(tmp_path / "app.py"), ("--fast",), "control")
    assert target.python == ".".join(map(str, sys.version_info[:3]))
    assert target.lost == 0
    pump = next(it for it in known.essences if known.essences.name(it) == "pump")
    facts = known.essences.get(pump)
    assert facts is not None
    assert facts.life == "finished"
    assert "the pump starts" in stand.lines("log")
    rows = [row for row in known.runs.rows(0, len(known.runs)) if row.essence == pump and not row.flags & HOOK]
    names = [known.names.sparkle(row.sparkle) for row in rows]
    assert names[0] == "ttse__on_start"
    assert names.count("ttse__on_stroke") == 5
    assert known.app.has_ended


def test_its_state_and_source_are_known(stand: ServicesStand, tmp_path: Path) -> None:
    stand.requests.launch(a_pump(tmp_path, strokes=10_000))
    stand.until(lambda: any(stand.known.state_name(it) == "open" for it in stand.known.essences))

    known = stand.known
    pump = next(it for it in known.essences if known.essences.name(it) == "pump")
    facts = known.essences.get(pump)
    assert facts is not None
    place = known.names.place(facts.cls)
    assert place is not None
    assert place.file == str(tmp_path / "app.py")
    assert known.names.cls(facts.cls) == "Pump"
    assert len(known.timers_of(pump)) == 1


def test_attributes_are_answered(stand: ServicesStand, tmp_path: Path) -> None:
    stand.requests.launch(a_pump(tmp_path, strokes=10_000))
    stand.until(lambda: any(stand.known.essences.name(it) == "pump" for it in stand.known.essences))
    pump = next(it for it in stand.known.essences if stand.known.essences.name(it) == "pump")

    stand.requests.send(messages.Inspect(1, pump))
    stand.until(lambda: pump in stand.known.attributes)

    assert "strokes" in [row.name for row in stand.known.attributes[pump].rows]


def test_what_it_prints_is_in_the_log(stand: ServicesStand, tmp_path: Path) -> None:
    text = "import sys; print('to out'); print('to err', file=sys.stderr); print('no end of line', end='')"
    stand.requests.launch(script(tmp_path, text))
    stand.until_status("ended")

    assert stand.lines("stdout") == ["to out", "no end of line"]
    assert stand.lines("stderr") == ["to err"]


def test_a_question_without_an_end_of_line_is_shown_while_it_runs(stand: ServicesStand, tmp_path: Path) -> None:
    stand.requests.launch(script(tmp_path, "import time; print('your name? ', end='', flush=True); time.sleep(60)"))
    stand.until_line("your name?")

    assert stand.known.target.is_alive


def test_it_runs_in_its_own_folder_with_its_arguments(stand: ServicesStand, tmp_path: Path) -> None:
    stand.requests.launch(script(tmp_path, "import os, sys; print(os.getcwd()); print(sys.argv[1:])"), ["a b", "-c"])
    stand.until_status("ended")

    assert stand.lines("stdout") == [os.path.realpath(tmp_path), "['a b', '-c']"]


def test_a_child_of_the_script_does_not_connect_to_the_studio(stand: ServicesStand, tmp_path: Path) -> None:
    after = "import os; print(sorted(n for n in os.environ if n.startswith('TASKTONIC_STUDIO')))"
    stand.requests.launch(a_pump(tmp_path, after=after))
    stand.until_status("ended")

    assert stand.lines("stdout") == ["[]"]


# ---- bad days


def test_a_script_that_is_not_there(stand: ServicesStand, tmp_path: Path) -> None:
    stand.requests.launch(str(tmp_path / "nothing.py"))
    stand.until_status("ended")

    assert stand.known.target.sentence == f"not started: There is no file {tmp_path}/nothing.py."


def test_a_folder_is_no_script(stand: ServicesStand, tmp_path: Path) -> None:
    stand.requests.launch(str(tmp_path))
    stand.until_status("ended", f"{tmp_path} is a folder. Choose a Python file in it.")


def test_a_script_with_a_syntax_error(stand: ServicesStand, tmp_path: Path) -> None:
    stand.requests.launch(script(tmp_path, "x = 1\ndef broken(:\n    pass\n"))
    stand.until_status("ended")

    sentence = stand.known.target.sentence
    assert sentence.startswith("ended: exit code 1, SyntaxError: ")
    assert "(app.py, line 2)" in sentence


def test_a_script_that_raises_at_import(stand: ServicesStand, tmp_path: Path) -> None:
    stand.requests.launch(script(tmp_path, "import no_such_module_anywhere\n"))
    stand.until_status("ended")

    assert stand.known.target.sentence == (
        "ended: exit code 1, ModuleNotFoundError: No module named 'no_such_module_anywhere' (app.py, line 1), "
        "the script started no formula"
    )


def test_a_script_that_starts_no_formula(stand: ServicesStand, tmp_path: Path) -> None:
    stand.requests.launch(script(tmp_path, "print('only this')"))
    stand.until_status("ended")

    assert stand.known.target.sentence == "ended: exit code 0, the script started no formula"


def test_a_script_that_starts_no_formula_for_long(
    stand: ServicesStand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasktonic_studio.services.launcher.NO_FORMULA_YET_S", 0.01)
    stand.requests.launch(script(tmp_path, "import time; time.sleep(60)"))

    stand.until_status("running", "running, but the script has started no formula yet")


def test_an_exit_code_is_told(stand: ServicesStand, tmp_path: Path) -> None:
    stand.requests.launch(a_pump(tmp_path, after="sys.exit(3)"))
    stand.until_status("ended")

    assert stand.known.target.exit_code == 3
    assert stand.known.target.sentence.startswith("ended: exit code 3")


def test_an_app_that_calls_os_exit_names_its_last_sparkle(stand: ServicesStand, tmp_path: Path) -> None:
    stand.requests.launch(a_pump(tmp_path, end="import os; os._exit(7)", strokes=40))
    stand.until_status("ended")

    assert stand.known.target.sentence == "ended: exit code 7, last sparkle Pump.ttse__on_stroke"
    assert stand.known.essences.alive_count > 0, "what was known stays on screen"


def test_an_app_killed_by_a_signal(stand: ServicesStand, tmp_path: Path) -> None:
    stand.requests.launch(a_pump(tmp_path, strokes=10_000))
    stand.until_line("the pump starts")

    os.kill(stand.known.target.pid, signal.SIGKILL)
    stand.until_status("ended")

    sentence = stand.known.target.sentence
    assert sentence.startswith("ended: killed by signal 9 (SIGKILL)")
    assert (stand.known.target.exit_code, stand.known.target.died) == (-9, True)
    assert "not watched any more" not in "".join(map(str, stand.items))


def test_an_app_that_is_killed_right_after_it_said_something_is_heard_to_the_end(
    stand: ServicesStand, tmp_path: Path
) -> None:
    end = "print('last words'); import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    stand.requests.launch(a_pump(tmp_path, end=end))
    stand.until_status("ended")

    assert stand.lines("stdout")[-1] == "last words"


def test_an_app_that_dies_while_the_window_is_behind_is_heard_to_the_end(
    stand: ServicesStand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Feed, "is_full", True)
    stand.requests.launch(a_pump(tmp_path, end="import os; os._exit(7)", strokes=40))
    stand.until_status("ended")

    assert stand.known.target.sentence == "ended: exit code 7, last sparkle Pump.ttse__on_stroke"


def test_an_app_whose_end_is_told_late_is_not_said_to_run(
    stand: ServicesStand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasktonic_studio.services.launcher.UNWATCHED_S", 3_600)
    is_over, go_on, read = threading.Event(), threading.Event(), ScriptProcess._read_until_the_end

    def late(process: ScriptProcess, *args: Any) -> int:
        code = read(process, *args)
        is_over.set()
        go_on.wait(PATIENCE_S)
        return code

    monkeypatch.setattr(ScriptProcess, "_read_until_the_end", late)
    stand.requests.launch(a_pump(tmp_path, end="import os; os._exit(7)"))
    stand.until(lambda: is_over.is_set() and bool(stand.launcher._unwatched), "the app and its link have ended")
    stand.launcher.ttse__on_patience({})  # as a moment later
    stand.until(lambda: stand.launcher._patience is None, "it was looked at")
    go_on.set()
    stand.until_status("ended", "ended: exit code 7")

    assert "not watched any more" not in "".join(map(str, stand.items))


def test_an_app_that_prints_without_end_is_thinned_and_the_window_stays_alive(
    stand: ServicesStand, tmp_path: Path
) -> None:
    stand.requests.launch(script(tmp_path, "while True:\n    print('x' * 100)\n"))
    stand.until(lambda: any("The script prints too fast" in line for line in stand.lines("notice")))

    assert stand.inbox.waiting_items < 20_000
    stand.requests.stop()
    stand.until_status("ended")


def test_a_line_without_end_does_not_grow_without_end(stand: ServicesStand, tmp_path: Path) -> None:
    stand.requests.launch(script(tmp_path, "import sys\nfor _ in range(100):\n    sys.stdout.write('y' * 100_000)\n"))
    stand.until_status("ended")

    assert max(map(len, stand.lines("stdout"))) < 5_000


def test_stop_ends_it(stand: ServicesStand, tmp_path: Path) -> None:
    stand.requests.launch(a_pump(tmp_path, strokes=10_000))
    stand.until_line("the pump starts")

    stand.requests.stop()
    stand.until_status("ended")

    target = stand.known.target
    assert (target.sentence, target.exit_code, target.died) == ("ended: stopped", None, False)


def test_stopping_an_app_lets_it_finish_its_tonics_in_order(stand: ServicesStand, tmp_path: Path) -> None:
    text = Path(a_pump(tmp_path, strokes=10_000)).read_text()
    tidy = "    def ttse__on_finished(self):\n        print('tidied up')\n\n    def ttse__on_stroke"
    stand.requests.launch(script(tmp_path, text.replace("    def ttse__on_stroke", tidy)))
    stand.until_line("the pump starts")

    stand.requests.stop()
    stand.until_status("ended")

    assert stand.known.target.sentence == "ended: stopped"
    assert stand.lines("stdout") == ["tidied up"]
    assert stand.known.app.has_ended


def test_an_app_that_hangs_in_a_sparkle_can_be_stopped(tmp_path: Path) -> None:
    with services(grace_s=0.4) as stand:
        stand.requests.launch(a_pump(tmp_path, end="import time; [time.sleep(0.01) for _ in iter(int, 1)]"))
        stand.until(lambda: any(it.inside >= 0 for it in stand.known.catalysts.values()), "it is inside a sparkle")

        stand.requests.stop()

        stand.until_status("ended", "ended: ")


def test_a_script_that_does_not_stop_is_killed(tmp_path: Path) -> None:
    with services(grace_s=0.2) as stand:
        text = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('deaf')\ntime.sleep(60)\n"
        stand.requests.launch(script(tmp_path, text))
        stand.until_line("deaf")

        stand.requests.stop()
        stand.until_status("ended")

        assert stand.known.target.sentence.startswith("ended: it did not stop when asked, and was killed")


def test_stop_ends_what_the_script_started_as_well(stand: ServicesStand, tmp_path: Path) -> None:
    text = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print('child', child.pid)\n"
        "time.sleep(60)\n"
    )
    stand.requests.launch(script(tmp_path, text))
    stand.until_line("child ")
    pid = int(stand.lines("stdout")[0].split()[1])

    stand.requests.stop()
    stand.until_status("ended")

    stand.until(lambda: _is_gone(pid), "the child is gone")


def test_a_script_that_leaves_a_child_behind_has_ended_all_the_same(stand: ServicesStand, tmp_path: Path) -> None:
    text = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print('child', child.pid)\n"
    )
    stand.requests.launch(script(tmp_path, text))
    stand.until_status("ended", "ended: exit code 0")
    stand.until_line("Processes that the script started still run. Stop ends them, too.")
    pid = int(stand.lines("stdout")[0].split()[1])
    assert not _is_gone(pid)

    stand.requests.stop()

    stand.until(lambda: _is_gone(pid), "the child is gone")


def test_an_app_that_forks_is_watched_and_its_child_is_not(stand: ServicesStand, tmp_path: Path) -> None:
    end = (
        "import os, time\n"
        "            pid = os.fork()\n"
        "            if pid == 0:\n"
        "                time.sleep(0.05)\n"
        "                os._exit(0)\n"
        "            os.waitpid(pid, 0)\n"
        "            self.log('forked')\n"
        "            self.finish()"
    )
    stand.requests.launch(a_pump(tmp_path, end=end))
    stand.until_status("ended")

    assert stand.known.target.sentence == "ended: exit code 0"
    assert stand.lines("log") == ["the pump starts", "forked"]


def test_two_apps_one_after_the_other_in_one_script(stand: ServicesStand, tmp_path: Path) -> None:
    stand.requests.launch(a_pump(tmp_path, after="App()"))
    stand.until_status("ended")

    known = stand.known
    assert [app.has_ended for app in (*known.apps, known.app)] == [True, True]
    assert [(line.app, line.text) for line in known.log if line.level == "log"] == [
        (known.apps[0].number, "the pump starts"),
        (known.app.number, "the pump starts"),
    ]


def test_restart_waits_for_the_end_and_begins_anew(stand: ServicesStand, tmp_path: Path) -> None:
    stand.requests.launch(a_pump(tmp_path, strokes=10_000), ["--fast"])
    stand.until_line("the pump starts")
    first = stand.known.target.pid

    stand.requests.restart()
    stand.until(lambda: stand.known.target.pid not in (0, first) and bool(stand.lines("log")))

    assert _is_gone(first)
    assert stand.known.target.arguments == ("--fast",)
    assert stand.known.target.status == "running"


def test_launching_another_script_stops_the_first(stand: ServicesStand, tmp_path: Path) -> None:
    stand.requests.launch(a_pump(tmp_path, strokes=10_000))
    stand.until_line("the pump starts")
    first = stand.known.target.pid

    stand.requests.launch(script(tmp_path, "print('the other')", "other.py"))
    stand.until_status("ended", "ended: exit code 0")

    assert _is_gone(first)
    assert stand.lines("stdout") == ["the other"]


def test_an_app_that_hangs_in_a_sparkle_is_seen_to_be_inside_of_it(stand: ServicesStand, tmp_path: Path) -> None:
    stand.requests.launch(a_pump(tmp_path, end="import time; time.sleep(60)"))

    def where() -> list[tuple[str, str]]:
        known = stand.known
        return [
            (known.essences.name(it.inside), known.names.sparkle(it.inside_sparkle))
            for it in known.catalysts.values()
            if it.inside_for_ns(known.t_ns) > 300_000_000
        ]

    stand.until(lambda: where() == [("pump", "ttse__on_stroke")], "the catalyst is inside of the stroke for long")


def test_the_end_of_the_studio_ends_the_script(tmp_path: Path) -> None:
    with services() as stand:
        stand.requests.launch(a_pump(tmp_path, strokes=10_000))
        stand.until_line("the pump starts")
        pid = stand.known.target.pid

    wait_for(lambda: _is_gone(pid), "the app to be gone")


def test_no_socket_is_left_behind(stand: ServicesStand, tmp_path: Path, user_folders: Path) -> None:
    stand.requests.launch(a_pump(tmp_path))
    stand.until_status("ended")

    assert list((user_folders / "run" / "tasktonic").iterdir()) == []


# ---- plain parts


def test_the_environment_tells_the_way_back_and_keeps_the_rest() -> None:
    own = {"HOME": "/home/x", "TASKTONIC_STUDIO": "1", "PYTHONPATH": "/mine"}

    made = environment_for(own, Address(path="/run/x.sock"), "secret")

    assert made["HOME"] == "/home/x"
    assert (made["TASKTONIC_STUDIO"], made["TASKTONIC_STUDIO_ADDRESS"]) == ("connect", "unix:/run/x.sock")
    assert made["TASKTONIC_STUDIO_TOKEN"] == "secret"
    assert made["PYTHONUNBUFFERED"] == "1"
    assert made["PYTHONPATH"].split(os.pathsep)[0] == "/mine"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    launch = Launch(script(tmp_path, ""), (), str(tmp_path / "none"))

    assert why_not_start(launch) == f"There is no folder {tmp_path}/none to run the script in."


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "loop.py"
    path.symlink_to(path)

    assert why_not_start(Launch(str(path), (), str(tmp_path))).startswith(f"{path} cannot be read: ")


def _is_gone(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state in "ZX"
