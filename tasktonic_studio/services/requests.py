"""StudioRequests: what the window asks of the services, as calls that return at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tasktonic.protocol import Message
from tasktonic.protocol.address import Found
from tasktonic.rules import Breakpoint
from tasktonic.trace import Mark
from tasktonic_studio.project.run_file import StartOrder
from tasktonic_studio.project.tests import TestOrder
from tasktonic_studio.services.connection import Connection
from tasktonic_studio.services.discovery import Discovery
from tasktonic_studio.services.launcher import Launcher
from tasktonic_studio.services.line_debugger import LineDebugger
from tasktonic_studio.services.playback import Playback
from tasktonic_studio.services.project_python import ProjectPython
from tasktonic_studio.services.recording import Recording
from tasktonic_studio.services.run_summaries import RunSummaries
from tasktonic_studio.services.test_runner import TestRunner


class StudioRequests:
    """Joins the services to `commands.context.Requests`: each call queues a sparkle. Made by `app.py`; any thread."""

    def __init__(
        self,
        launcher: Launcher,
        connection: Connection,
        discovery: Discovery,
        playback: Playback,
        recording: Recording,
        summaries: RunSummaries,
        lines: LineDebugger,
        pythons: ProjectPython,
        tests: TestRunner,
    ) -> None:
        self._launcher = launcher
        self._connection = connection
        self._discovery = discovery
        self._playback = playback
        self._recording = recording
        self._summaries = summaries
        self._lines = lines
        self._pythons = pythons
        self._tests = tests

    def launch(self, script: str, arguments: Sequence[str] = (), folder: str = "") -> None:
        """Start a script and watch it; without a folder it runs in the script's own."""
        self._launcher.ttsc__launch(script, tuple(arguments), folder)

    def distil(self, script: str, arguments: Sequence[str] = (), seed: int = 0, folder: str = "") -> None:
        """Start a script under a distiller: nothing of it runs until it is asked to."""
        self._launcher.ttsc__launch(script, tuple(arguments), folder, seed)

    def start(self, order: StartOrder) -> None:
        """Start a script as a run configuration says."""
        self._launcher.ttsc__start(order)

    def look_at_python(self, project: str) -> None:
        """Find out which Python runs a project."""
        self._pythons.ttsc__look_at(project)

    def make_environment(self, project: str) -> None:
        """Make an environment for a project, and install what it needs."""
        self._pythons.ttsc__make(project)

    def stop_making(self) -> None:
        """Do no more for the environment that is being made."""
        self._pythons.ttsc__stop_making()

    def run_tests(self, order: TestOrder) -> None:
        """Run tests of a project, or find out which there are."""
        self._tests.ttsc__run(order)

    def stop_tests(self) -> None:
        self._tests.ttsc__stop()

    def stop(self) -> None:
        self._launcher.ttsc__stop()

    def restart(self) -> None:
        self._launcher.ttsc__restart()

    def attach(self, address: Found | int) -> None:
        """Watch an app that runs: one that discovery found, or the one with this process id."""
        self._connection.ttsc__attach(address)

    def open_run(self, file: str) -> None:
        """Show the run in a trace file."""
        self._playback.ttsc__open(file)

    def detach(self) -> None:
        self._connection.ttsc__detach()

    def refresh_running(self) -> None:
        self._discovery.ttsc__refresh()

    def send(self, message: Message) -> None:
        self._connection.ttsc__send(message)

    def record(self, folder: str, name: str) -> None:
        """Record what is watched into a new file there."""
        self._recording.ttsc__record(folder, name)

    def stop_recording(self) -> None:
        self._recording.ttsc__stop_recording()

    def save_run(self, file: str, previous: bool = False) -> None:
        """Write what was seen of the present target into a file, or of the one before."""
        self._recording.ttsc__save(file, previous)

    def look_at_runs(self, files: Sequence[str]) -> None:
        """Say of each of these trace files what it is, at a glance."""
        self._summaries.ttsc__look_at(tuple(files))

    def keep_marks(self, marks: Iterable[Mark]) -> None:
        """Keep marks that are new, have changed or are gone."""
        self._recording.ttsc__keep_marks(tuple(marks))

    def set_breakpoints(self, project: str, points: Iterable[Breakpoint]) -> None:
        """Keep the breakpoints of a project, and set them in the watched app."""
        self._connection.ttsc__set_breakpoints(project, tuple(points))

    def toggle_line_break(self, file: str, line: int) -> None:
        """Stop in a line from now on, or no more."""
        self._lines.ttsc__toggle_break(file, line)

    def break_in_handler(self, file: str, line: int) -> None:
        """Stop in the first line of the handler that begins at this line of what the app runs, or no more."""
        self._lines.ttsc__break_in_handler(file, line)

    def condition_line_break(self, file: str, line: int, condition: str) -> None:
        """Stop in a line only when a condition is true there."""
        self._lines.ttsc__condition_break(file, line, condition)

    def lines_moved(self, file: str, to: str, moves: Mapping[int, int], ran: str | None) -> None:
        """The lines to stop at of a file are elsewhere now; it was saved, or renamed."""
        self._lines.ttsc__lines_moved(file, to, tuple(moves.items()), ran)

    def stop_on_raised(self, on: bool) -> None:
        """Stop where an exception is raised inside a sparkle, or no more."""
        self._lines.ttsc__stop_on_raised(on)

    def go_on_in_lines(self, how: str) -> None:
        """Go on from a line: `next`, `stepIn`, `stepOut` or `continue`."""
        self._lines.ttsc__go_on(how)

    def look_at_line_frame(self, frame: int) -> None:
        """Show the values of another call of the stack."""
        self._lines.ttsc__look_at(frame)

    def unfold_local(self, reference: int) -> None:
        """Show what is inside a value."""
        self._lines.ttsc__unfold(reference)
