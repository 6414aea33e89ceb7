"""What a command may touch: session, selection, requests to services, and the few things a window can do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from tasktonic_studio.project.opened import Project

if TYPE_CHECKING:
    from tasktonic.rules import Breakpoint, Term
    from tasktonic.trace.marks import Mark
    from tasktonic_studio.commands.choice import Choice
    from tasktonic_studio.project.run_file import StartOrder
    from tasktonic_studio.project.tests import TestOrder
    from tasktonic_studio.session.recording import RecordingState
    from tasktonic_studio.session.selection import Selection
    from tasktonic_studio.session.session import Session
    from tasktonic_studio.settings import Settings


class Requests(Protocol):
    """What services do for the user. `app.py` joins it to tonics.

    Every call returns at once; success and failure come back through the inbox, as status or as a sentence.
    """

    def launch(self, script: str, arguments: Sequence[str] = ()) -> None:
        """Start a script with the probe switched on, and watch it."""

    def distil(self, script: str, arguments: Sequence[str] = (), seed: int = 0) -> None:
        """Start a script under a distiller, and watch it: nothing of it runs until it is asked to."""

    def start(self, order: StartOrder) -> None:
        """Start a script as a run configuration says, and watch it."""

    def look_at_python(self, project: str) -> None:
        """Find out which Python runs the project in this folder."""

    def make_environment(self, project: str) -> None:
        """Make an environment of its own for the project in this folder, or take the one it has, and install what it needs."""

    def stop_making(self) -> None:
        """Do no more for the environment that is being made."""

    def run_tests(self, order: TestOrder) -> None:
        """Run tests of a project, or find out which there are; what runs is stopped first."""

    def stop_tests(self) -> None:
        """Stop the tests that run."""

    def stop(self) -> None:
        """Ask the launched app to end; kill it when it does not."""

    def restart(self) -> None:
        """Stop the launched app and start it again with the same script and arguments."""

    def attach(self, address: Any) -> None:
        """Watch an app that runs already; ``address`` as found by discovery."""

    def open_run(self, file: str) -> None:
        """Show the run in a trace file, in the place of what is watched now."""

    def detach(self) -> None:
        """Stop watching; the app runs on."""

    def refresh_running(self) -> None:
        """Look again for apps that can be watched."""

    def send(self, message: Any) -> None:
        """Send a control message of `tasktonic.protocol.messages` to the watched app."""

    def record(self, folder: str, name: str) -> None:
        """Record what is watched into a new file of that name in that folder."""

    def stop_recording(self) -> None:
        """Close the file that is being recorded."""

    def save_run(self, file: str, previous: bool = False) -> None:
        """Write what was seen of the present target into a file, or of the one before."""

    def look_at_runs(self, files: Sequence[str]) -> None:
        """Say of each of these trace files what it is, at a glance."""

    def keep_marks(self, marks: Iterable[Mark]) -> None:
        """Keep marks that are new, have changed or are gone with the run that is shown."""

    def set_breakpoints(self, project: str, points: Iterable[Breakpoint]) -> None:
        """Keep the breakpoints of a project (a script), and set them in the app that is watched."""

    def toggle_line_break(self, file: str, line: int) -> None:
        """Stop in a line of the source from now on, or no more."""

    def break_in_handler(self, file: str, line: int) -> None:
        """Stop in the first line of the handler that begins at this line of what the app runs, or no more."""

    def condition_line_break(self, file: str, line: int, condition: str) -> None:
        """Stop in a line only when a condition is true there, which is Python; with an empty one each time."""

    def lines_moved(self, file: str, to: str, moves: Mapping[int, int], ran: str | None) -> None:
        """A file was saved, or renamed (`to`): where its lines to stop at are now, 0 for one that is gone.

        `ran` is what the file was when the app was started, where that is known.
        """

    def stop_on_raised(self, on: bool) -> None:
        """Stop where an exception is raised inside a sparkle, also one that is caught, or no more."""

    def go_on_in_lines(self, how: str) -> None:
        """Go on from a line: to the `next` one, `stepIn`, `stepOut`, or `continue`."""

    def look_at_line_frame(self, frame: int) -> None:
        """Show the values of another call of the stack, by its place in it."""

    def unfold_local(self, reference: int) -> None:
        """Show what is inside a value."""


class WindowActions(Protocol):
    """What commands ask of the window."""

    def show_panel(self, panel_id: str) -> None:
        """Bring a panel to the front and give it the focus."""

    def toggle_panel(self, panel_id: str) -> None:
        """Show a panel, or take it away."""

    def is_panel_shown(self, panel_id: str) -> bool:
        """Whether a panel is open (perhaps behind another tab)."""

    def set_arrangement(self, name: str) -> None:
        """Arrange the panels for a task."""

    def arrangement(self) -> str:
        """The name of the present arrangement."""

    def reset_arrangement(self) -> None:
        """Put the panels of the present arrangement back where they were out of the box."""

    def set_theme(self, name: str) -> None:
        """Switch between light, dark, contrast and system."""

    def theme(self) -> str:
        """The theme chosen."""

    def zoom_text(self, steps: int) -> None:
        """Make all text larger (1), smaller (-1) or as usual (0)."""

    def toggle_full_screen(self) -> None:
        """Fill the screen, or stop doing so."""

    def is_full_screen(self) -> bool:
        """Whether the window fills the screen."""

    def show_palette(self) -> None:
        """All commands, by typing."""

    def show_go_to(self) -> None:
        """Go to anything: tonic, sparkle, store path, file."""

    def choose(self, hint: str, choices: Sequence[Choice]) -> None:
        """Let the user choose one of these by typing; ``hint`` says what of."""

    def ask_open_project(self) -> None:
        """Let the user choose a folder, then open it as a project."""

    def close_project(self) -> None:
        """Have no project open any more."""

    def ask_new(self, kind: str) -> None:
        """Let the user name a new project, tonic, service, window or server, then make it."""

    def ask_run_configurations(self) -> None:
        """Let the user change how the project is run."""

    def choose_configuration(self, name: str) -> None:
        """F5 starts this configuration from now on, also after the next start of the Studio."""

    def will_record(self, wanted: bool) -> None:
        """The app that is started next is recorded from its begin, or not."""

    def begin_making(self) -> None:
        """Say that the environment of the project is being made, and how to stop that."""

    def source_place(self) -> tuple[str, int]:
        """The file in front in the editor and the line of its cursor; an empty name for none."""

    def open_source(self, file: str, line: int) -> None:
        """Show a place in the editor."""

    def open_saved(self, file: str, line: int) -> None:
        """The same for a line of the file as it was saved last: where that is in a text that was changed since."""

    def source_moved(self, old: str, new: str) -> None:
        """A file or a folder was renamed: what is open of it follows, with its changes."""

    def save_source(self) -> None:
        """Save the file in the editor."""

    def find(self) -> None:
        """Put the cursor in the search line of the panel that has the focus."""

    def next_panel(self, steps: int) -> None:
        """Give the focus to the next (1) or previous (-1) panel on screen."""

    def ask_open_script(self) -> None:
        """Let the user choose a script, then start it."""

    def ask_open_run(self) -> None:
        """Let the user choose a trace file, then show it."""

    def record_run(self) -> None:
        """Record what is watched into a new file among the recorded runs."""

    def ask_save_run(self, previous: bool = False) -> None:
        """Let the user choose a file, then write into it what was seen, of the present target or of the one before."""

    def recording(self) -> RecordingState:
        """How it stands with keeping the watched run."""

    def ask_distil(self, script: str = "") -> None:
        """Let the user choose a script and how it is to run by hand, then start it under a distiller."""

    def standing_contract(self) -> dict[str, Any] | None:
        """The attributes to show of every tonic in a run by hand, as a contract; None for none."""

    def ask_until(self, term: Term | None, run: Callable[[Breakpoint], None]) -> None:
        """Let the user say what the app is to run until, beginning with a term, then run."""

    def ask_run_until(self) -> None:
        """Let the user say for how long an app is to run by hand, then let it."""

    def ask_contract(self) -> None:
        """Let the user build a contract, then run until it is met."""

    def ask_call(self) -> None:
        """Let the user choose a sparkle and its arguments, then call it by hand."""

    def ask_make_test(self) -> None:
        """Let the user choose a file, and write a test of what was done by hand; say why there can be none."""

    def edit_in_panel(self, panel_id: str) -> None:
        """Begin to edit what is chosen in a panel, where it stands."""

    def ask_state(self, essence: int) -> None:
        """Let the user choose a state of a tonic, then send it there."""

    def ask_sparkle(self, essence: int) -> None:
        """Let the user choose a sparkle of a tonic and type its arguments, then call it."""

    def show_in_app(self, essence: int) -> None:
        """Keep the widget of a tonic outlined in the app's own window; the same again lets it go."""

    def shown_in_app(self) -> int:
        """The tonic whose widget is kept outlined, -1 for none."""
        return -1

    def pick_in_app(self) -> None:
        """Have the next click in the app's window choose a tonic; again ends it."""

    def is_picking_in_app(self) -> bool:
        """Whether that is so."""
        return False

    def edit_mark(self, mark_id: str) -> None:
        """Let the note of a mark be typed."""

    def show_marks(self) -> None:
        """List the marks of the run that is shown."""

    def source_has_focus(self) -> bool:
        """Whether keys go to the editor."""

    def names_at_caret(self) -> tuple[str, ...]:
        """The classes and functions around the cursor of the editor, from outside in."""

    def term_at_caret(self) -> Term | None:
        """What a breakpoint on the handler at the editor's caret says; None when it stands in none."""

    def edit_breakpoint(self, point: Breakpoint) -> None:
        """Let a breakpoint be written; one with the number 0 is set when that is done."""

    def ask_attach(self) -> None:
        """Let the user choose a running app, then watch it."""

    def show_start_page(self) -> None:
        """Show what one can begin with."""

    def show_help(self, topic: str) -> None:
        """Show the help on something: ``page:…``, ``word:…``, ``panel:TITLE``, ``tour:TITLE``; empty for its contents."""

    def help_topic(self) -> str:
        """What the keyboard is at, for the help: a word in the editor, a command in the palette, else the panel."""

    def show_keys(self) -> None:
        """Show all keys on one sheet."""

    def show_settings(self) -> None:
        """Show the form of all settings."""

    def show_about(self) -> None:
        """Show versions and licences."""

    def copy_text(self, text: str) -> None:
        """Put text on the clipboard."""

    def say(self, sentence: str) -> None:
        """Say something that is good to know, in a sentence."""

    def problem(self, sentence: str, details: str = "") -> None:
        """Say that something went wrong, in a sentence, with details behind a fold."""

    def close(self) -> None:
        """Close the window."""


@dataclass(slots=True)
class CommandContext:
    """What a command gets. Made by the window; one for its whole life, so its fields are always those of now."""

    session: Session | None
    selection: Selection
    settings: Settings
    requests: Requests
    window: WindowActions
    project: Project = field(default_factory=Project)
