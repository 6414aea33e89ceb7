"""Requests that save changed files before a script starts, and say that an answer is waited for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from tasktonic.rules import Breakpoint
from tasktonic.trace.marks import Mark
from tasktonic_studio.commands.context import Requests
from tasktonic_studio.project.run_file import StartOrder
from tasktonic_studio.project.tests import TestOrder


class SavingRequests:
    """Passes every request on; made by the workbench.

    Args:
        requests: who carries them out.
        before_start: called before one that starts a script.
        before_send: called before a message to the app.
    """

    def __init__(self, requests: Requests, before_start: Callable[[], None], before_send: Callable[[], None]) -> None:
        self._requests = requests
        self._before_start = before_start
        self._before_send = before_send

    def launch(self, script: str, arguments: Sequence[str] = ()) -> None:
        self._before_start()
        self._requests.launch(script, arguments)

    def distil(self, script: str, arguments: Sequence[str] = (), seed: int = 0) -> None:
        self._before_start()
        self._requests.distil(script, arguments, seed)

    def start(self, order: StartOrder) -> None:
        self._before_start()
        self._requests.start(order)

    def look_at_python(self, project: str) -> None:
        self._requests.look_at_python(project)

    def make_environment(self, project: str) -> None:
        self._requests.make_environment(project)

    def stop_making(self) -> None:
        self._requests.stop_making()

    def run_tests(self, order: TestOrder) -> None:
        if not order.collect:
            self._before_start()
        self._requests.run_tests(order)

    def stop_tests(self) -> None:
        self._requests.stop_tests()

    def restart(self) -> None:
        self._before_start()
        self._requests.restart()

    def stop(self) -> None:
        self._requests.stop()

    def attach(self, address: Any) -> None:
        self._requests.attach(address)

    def open_run(self, file: str) -> None:
        self._requests.open_run(file)

    def detach(self) -> None:
        self._requests.detach()

    def refresh_running(self) -> None:
        self._requests.refresh_running()

    def send(self, message: Any) -> None:
        self._before_send()
        self._requests.send(message)

    def record(self, folder: str, name: str) -> None:
        self._requests.record(folder, name)

    def stop_recording(self) -> None:
        self._requests.stop_recording()

    def save_run(self, file: str, previous: bool = False) -> None:
        self._requests.save_run(file, previous)

    def look_at_runs(self, files: Sequence[str]) -> None:
        self._requests.look_at_runs(files)

    def keep_marks(self, marks: Iterable[Mark]) -> None:
        self._requests.keep_marks(marks)

    def set_breakpoints(self, project: str, points: Iterable[Breakpoint]) -> None:
        self._requests.set_breakpoints(project, points)

    def toggle_line_break(self, file: str, line: int) -> None:
        self._requests.toggle_line_break(file, line)

    def break_in_handler(self, file: str, line: int) -> None:
        self._requests.break_in_handler(file, line)

    def condition_line_break(self, file: str, line: int, condition: str) -> None:
        self._requests.condition_line_break(file, line, condition)

    def lines_moved(self, file: str, to: str, moves: Mapping[int, int], ran: str | None) -> None:
        self._requests.lines_moved(file, to, moves, ran)

    def stop_on_raised(self, on: bool) -> None:
        self._requests.stop_on_raised(on)

    def go_on_in_lines(self, how: str) -> None:
        self._requests.go_on_in_lines(how)

    def look_at_line_frame(self, frame: int) -> None:
        self._requests.look_at_line_frame(frame)

    def unfold_local(self, reference: int) -> None:
        self._requests.unfold_local(reference)
