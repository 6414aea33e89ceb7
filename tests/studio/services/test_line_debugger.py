"""Stopping in lines of a real app, through debugpy in it: the app goes on when it is let go, whoever has gone."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tasktonic.protocol.messages import LinesAt
from tasktonic_studio import locations
from tasktonic_studio.services.dap import DapFramer, frame
from tasktonic_studio.services.run_texts import NOT_IN_APP
from tasktonic_studio.session.line_facts import LineStop
from tests.helpers.line_apps import FIRST, INSIDE, PUMP, SECOND, THIRD, line_of, write
from tests.helpers.patience import PATIENCE_S
from tests.helpers.scripts_apart import listening
from tests.helpers.services_app import ServicesStand, services

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def stand() -> Iterator[ServicesStand]:
    with services() as made:
        yield made


def launch(stand: ServicesStand, tmp_path: Path) -> str:
    """Start the pump and let it stroke."""
    script = str(write(tmp_path))
    stand.requests.launch(script)
    stand.until(lambda: strokes(stand) > 2)
    return script


def strokes(stand: ServicesStand) -> int:
    return len(stand.known.runs)


def stop_at(stand: ServicesStand, code: str) -> LineStop:
    """Wait until the app stands in this line, with all that there is to know about it."""

    def is_there() -> bool:
        stop = stand.session.lines.stop
        return stop is not None and bool(stop.locals) and stop.frames[0].line == line_of(code)

    stand.until(is_there, f"to stand in {code}")
    stop = stand.session.lines.stop
    assert stop is not None
    return stop


def until_it_strokes(stand: ServicesStand) -> None:
    before = strokes(stand)
    stand.until(lambda: strokes(stand) > before + 3, "the app to go on")


def value_of(stop: LineStop, name: str) -> str:
    return next(row.value for row in stop.locals if row.name == name)


def test_an_app_stops_inside_a_sparkle_and_goes_on_line_by_line(stand: ServicesStand, tmp_path: Path) -> None:
    script = launch(stand, tmp_path)

    stand.requests.toggle_line_break(script, line_of(FIRST))
    stop = stop_at(stand, FIRST)

    assert (stand.session.lines.status, stop.reason) == ("stopped", "breakpoint")
    assert stop.frames[0].function == "ttse__on_stroke"
    assert stop.frames[0].file == script
    stand.requests.go_on_in_lines("next")
    stop = stop_at(stand, SECOND)
    number = value_of(stop, "number")
    stand.requests.go_on_in_lines("stepIn")
    stop = stop_at(stand, INSIDE)
    assert [it.function for it in stop.frames[:2]] == ["drawn", "ttse__on_stroke"]
    assert value_of(stop, "number") == number
    stand.requests.go_on_in_lines("stepOut")
    stop_at(stand, SECOND)
    stand.requests.go_on_in_lines("next")
    stop = stop_at(stand, THIRD)
    assert value_of(stop, "left") == str(40 - int(number))
    stand.requests.go_on_in_lines("continue")
    assert int(value_of(stop_at(stand, FIRST), "self").count("Pump")) == 1


def test_values_are_unfolded_and_other_calls_looked_at(stand: ServicesStand, tmp_path: Path) -> None:
    script = launch(stand, tmp_path)
    stand.requests.toggle_line_break(script, line_of(INSIDE))
    stop = stop_at(stand, INSIDE)
    own = next(row for row in stop.locals if row.name == "self")

    stand.requests.unfold_local(own.reference)
    stand.until(lambda: stand.session.lines.stop is not None and own.reference in stand.session.lines.stop.inside)
    rows = stand.session.lines.stop.inside[own.reference]  # type: ignore[union-attr]
    assert {"strokes", "tank"} <= {row.name for row in rows}
    stand.requests.look_at_line_frame(1)
    stand.until(
        lambda: (
            (it := stand.session.lines.stop) is not None
            and it.looked_at == 1
            and "info" in [row.name for row in it.locals]
        )
    )


def test_the_probe_goes_on_while_the_app_stands_in_a_line(stand: ServicesStand, tmp_path: Path) -> None:
    script = launch(stand, tmp_path)
    stand.requests.toggle_line_break(script, line_of(FIRST))
    stop_at(stand, FIRST)
    known = stand.known
    catalyst = next(iter(known.catalysts))
    beat_ns = known.catalysts[catalyst].beat_ns

    stand.until(lambda: stand.known.catalysts[catalyst].beat_ns > beat_ns, "another beat")

    inside = stand.known.catalysts[catalyst]
    assert stand.known.names.sparkle(inside.inside_sparkle) == "ttse__on_stroke"
    assert stand.session.lines.status == "stopped"


def test_taking_the_last_line_away_lets_the_app_run_on_without_a_debugger(stand: ServicesStand, tmp_path: Path) -> None:
    script = launch(stand, tmp_path)
    stand.requests.toggle_line_break(script, line_of(FIRST))
    stop_at(stand, FIRST)

    stand.requests.toggle_line_break(script, line_of(FIRST))
    stand.requests.go_on_in_lines("continue")

    stand.until(lambda: stand.session.lines.status == "off")
    until_it_strokes(stand)
    stand.requests.toggle_line_break(script, line_of(SECOND))
    stop_at(stand, SECOND)


def test_an_exception_that_the_app_swallows_stops_it_where_it_is_raised(stand: ServicesStand, tmp_path: Path) -> None:
    swallowing = "        try:\n            int('1.50')\n        except ValueError:\n            number = 0\n"
    text = write(tmp_path).read_text(encoding="utf-8").replace("        number = self.strokes + 1\n", swallowing)
    script = write(tmp_path, text)
    stand.requests.launch(str(script))
    stand.until(lambda: strokes(stand) > 2)

    stand.requests.stop_on_raised(True)
    stand.until(lambda: (stop := stand.session.lines.stop) is not None and bool(stop.frames))

    stop = stand.session.lines.stop
    assert stop is not None
    assert stop.reason == "exception"
    assert stop.frames[0].line == line_of("int('1.50')", text)
    assert "ValueError" in stop.text


def test_lines_are_kept_for_the_app_that_is_started_next(stand: ServicesStand, tmp_path: Path) -> None:
    script = launch(stand, tmp_path)
    stand.requests.toggle_line_break(script, line_of(FIRST))
    stop_at(stand, FIRST)

    stand.requests.stop()
    stand.until_status("ended")
    assert stand.session.lines.status == "off"
    stand.requests.launch(script)

    assert stop_at(stand, FIRST).reason == "breakpoint"


def test_a_file_that_is_saved_while_the_app_runs_stops_it_at_the_same_code_and_shows_where_that_is_now(
    stand: ServicesStand, tmp_path: Path
) -> None:
    script = launch(stand, tmp_path)
    stand.requests.toggle_line_break(script, line_of(FIRST))
    stop_at(stand, FIRST)
    new = "import os\n" + PUMP.replace(SECOND, f"os.getpid()\n        {SECOND}")
    Path(script).write_text(new, encoding="utf-8")

    stand.requests.lines_moved(script, script, {line_of(FIRST): line_of(FIRST, new)}, PUMP)
    stand.until(lambda: stand.session.lines.breaks[0].line == line_of(FIRST, new))
    stand.requests.toggle_line_break(script, line_of("os.getpid()", new))
    stand.requests.go_on_in_lines("next")

    def stands_in(code: str) -> bool:
        stop = stand.session.lines.stop
        return stop is not None and bool(stop.locals) and stop.frames[0].line == line_of(code, new)

    stand.until(lambda: stands_in(SECOND), "to stand where the line is in the new text")
    stop = stand.session.lines.stop
    assert stop is not None
    assert (stop.frames[0].run_line, stop.frames[0].problem) == (line_of(SECOND), "")
    stand.requests.break_in_handler(script, line_of("def drawn"))  # as the app has it
    stand.until(lambda: line_of(INSIDE, new) in {it.line for it in stand.session.lines.breaks}, "the same method")
    stand.requests.toggle_line_break(script, line_of(INSIDE, new))
    stand.requests.go_on_in_lines("continue")
    stand.until(lambda: stands_in(FIRST), "to stop at the same code again")
    problems = {it.line: it.problem for it in stand.session.lines.breaks}
    assert problems == {line_of(FIRST, new): "", line_of("os.getpid()", new): NOT_IN_APP}


def test_a_handler_that_is_not_in_the_file_any_more_is_not_mistaken_for_another(
    stand: ServicesStand, tmp_path: Path
) -> None:
    script = launch(stand, tmp_path)
    stand.requests.toggle_line_break(script, line_of(THIRD))
    stop_at(stand, THIRD)
    Path(script).write_text(PUMP.replace("def drawn", "def taken"), encoding="utf-8")

    stand.requests.break_in_handler(script, line_of("def drawn"))

    stand.until(lambda: "was changed after the app was started" in stand.session.lines.problem)
    assert [it.line for it in stand.session.lines.breaks] == [line_of(THIRD)]


def test_an_app_that_is_killed_in_a_line_leaves_no_stop_behind(stand: ServicesStand, tmp_path: Path) -> None:
    script = launch(stand, tmp_path)
    stand.requests.toggle_line_break(script, line_of(FIRST))
    stop_at(stand, FIRST)

    os.kill(stand.known.target.pid, signal.SIGKILL)
    stand.until_status("ended")

    stand.until(lambda: stand.session.lines.status == "off")
    assert stand.session.lines.stop is None
    assert stand.session.lines.breaks


@pytest.fixture
def listening_app(tmp_path: Path, user_folders: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The pump, running on its own and open to a studio."""
    with listening(write(tmp_path), None) as process:
        yield process


def attach(stand: ServicesStand, process: subprocess.Popen[bytes]) -> None:
    """Attach as soon as the app can be found."""

    def is_watched() -> bool:
        if stand.known.target.status in ("none", "lost", "ended"):
            stand.requests.attach(process.pid)
            stand.until(lambda: stand.known.target.status not in ("none", "ended"), "the attempt to attach")
        return stand.known.target.status == "running" and strokes(stand) > 2

    stand.until(is_watched, "to watch the app")


def test_an_app_that_is_left_in_a_line_runs_on(
    stand: ServicesStand, tmp_path: Path, listening_app: subprocess.Popen[bytes]
) -> None:
    attach(stand, listening_app)
    stand.requests.toggle_line_break(str(tmp_path / "pump.py"), line_of(FIRST))
    stop_at(stand, FIRST)

    stand.requests.detach()
    stand.until_status("ended")
    stand.requests.toggle_line_break(str(tmp_path / "pump.py"), line_of(FIRST))

    attach(stand, listening_app)
    until_it_strokes(stand)


WITHOUT_A_WORD = """
import os, sys
sys.path.insert(0, {root!r})
from tests.helpers.line_apps import FIRST, line_of
from tests.helpers.services_app import services

with services() as stand:
    while stand.known.target.status != "running":
        if stand.known.target.status in ("none", "lost"):
            stand.requests.attach({pid})
        stand.until(lambda: stand.known.target.status not in ("none", "starting"))
    stand.requests.toggle_line_break({script!r}, line_of(FIRST))
    stand.until(lambda: (stop := stand.session.lines.stop) is not None and bool(stop.locals))
    print("stopped", flush=True)
    os._exit(1)
"""


def test_an_app_whose_studio_crashes_while_it_stands_in_a_line_runs_on(
    stand: ServicesStand, tmp_path: Path, listening_app: subprocess.Popen[bytes]
) -> None:
    attach(stand, listening_app)
    stand.requests.detach()
    stand.until_status("ended")
    program = WITHOUT_A_WORD.format(root=str(ROOT), pid=listening_app.pid, script=str(tmp_path / "pump.py"))

    crashed = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=4 * PATIENCE_S, check=False
    )

    assert crashed.stdout.endswith("stopped\n"), crashed.stderr
    for file in locations.breakpoints_folder().glob("*.json"):
        file.unlink()  # else it would be stopped there again
    attach(stand, listening_app)
    until_it_strokes(stand)


def test_without_debugpy_in_the_app_a_sentence_says_what_to_do(stand: ServicesStand, tmp_path: Path) -> None:
    (tmp_path / "debugpy.py").write_text("raise ImportError('not installed')\n", encoding="utf-8")
    script = launch(stand, tmp_path)

    stand.requests.toggle_line_break(script, line_of(FIRST))
    stand.until(lambda: bool(stand.session.lines.problem))

    assert stand.session.lines.status == "off"
    assert stand.session.lines.problem == (
        f"debugpy is not installed for the Python that runs this app, {sys.executable}. Install it there, "
        "python -m pip install debugpy, and ask again. Holding and stepping by sparkles works without it."
    )
    until_it_strokes(stand)


def test_who_does_not_show_the_token_is_not_let_in(stand: ServicesStand, tmp_path: Path) -> None:
    script = launch(stand, tmp_path)
    stand.requests.toggle_line_break(script, line_of("import *"))
    stand.until(lambda: stand.session.lines.status == "ready")
    port = next(it.message.port for it in stand.items if type(it).__name__ == "Told" and it.message.kind == "lines at")  # type: ignore[union-attr]

    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as stranger:
        stranger.sendall(frame({"seq": 1, "type": "request", "command": "initialize", "arguments": {}}))
        framer = DapFramer()
        answers: list[dict[str, object]] = []
        while not answers:
            data = stranger.recv(65536)
            if not data:
                return  # it is not even talked to
            answers = [it for it in framer.feed(data) if it.get("type") == "response"]

    assert answers[0]["success"] is False


def answer_to(port: int, token: str) -> bool:
    """Whether the debugger in the app takes this token."""
    wanted = {"seq": 1, "type": "request", "command": "pydevdAuthorize", "arguments": {"debugServerAccessToken": token}}
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as stranger:
        stranger.sendall(frame(wanted))
        framer = DapFramer()
        while True:
            data = stranger.recv(65536)
            if not data:
                return False
            for it in framer.feed(data):
                if it.get("type") == "response":
                    return bool(it["success"])


def lines_at(stand: ServicesStand) -> list[LinesAt]:
    told = [getattr(it, "message", None) for it in stand.items]
    return [message for message in told if isinstance(message, LinesAt)]


def test_the_token_of_a_studio_that_has_left_opens_nothing_any_more(
    stand: ServicesStand, tmp_path: Path, listening_app: subprocess.Popen[bytes]
) -> None:
    attach(stand, listening_app)
    stand.requests.toggle_line_break(str(tmp_path / "pump.py"), line_of("import *"))
    stand.until(lambda: stand.session.lines.status == "ready")
    stand.requests.detach()
    stand.until_status("ended")
    (first,) = lines_at(stand)

    attach(stand, listening_app)
    stand.until(lambda: stand.session.lines.status == "ready")
    stand.requests.toggle_line_break(str(tmp_path / "pump.py"), line_of("import *"))
    stand.until(lambda: stand.session.lines.status == "off")

    _, second = lines_at(stand)
    assert not answer_to(first.port, first.token)
    assert answer_to(second.port, second.token)


@pytest.mark.parametrize(
    "body", [{"seq": 1}, {"type": "event", "event": "stopped", "body": 7}, {"type": "response", "request_seq": "x"}]
)
def test_a_strange_message_does_no_harm(stand: ServicesStand, tmp_path: Path, body: Callable[[], object]) -> None:
    launch(stand, tmp_path)
    debugger = stand.debugger
    before = stand.session.lines

    debugger.ttse__on_message(1, json.loads(json.dumps(body)))
    debugger.ttsc__look_at(99)
    debugger.ttsc__go_on("sideways")

    until_it_strokes(stand)
    assert stand.session.lines == before
