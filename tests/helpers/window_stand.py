"""The inside of the window in a plain QMainWindow: with panels and requests that only write down what they were told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QLineEdit, QMainWindow, QVBoxLayout, QWidget

from tasktonic_studio.commands.command import Command
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.inbox import Inbox
from tasktonic_studio.session.selection import Selection
from tasktonic_studio.session.session import Session
from tasktonic_studio.settings import Settings
from tasktonic_studio.ui.layouts import LayoutFile
from tasktonic_studio.ui.panel import Panel, PanelContext, SourcePanel
from tasktonic_studio.ui.parts import Parts
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.workbench import Workbench
from tests.helpers.projects import open_a_project
from tests.helpers.undressed import undress


class KeptRequests:
    """Requests that are kept in a list: (what, *arguments)."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []

    def launch(self, script: str, arguments: Sequence[str] = ()) -> None:
        self.asked.append(("launch", script, tuple(arguments)))

    def distil(self, script: str, arguments: Sequence[str] = (), seed: int = 0) -> None:
        self.asked.append(("distil", script, tuple(arguments), seed))

    def start(self, order: Any) -> None:
        self.asked.append(("start", order))

    def look_at_python(self, project: str) -> None:
        self.asked.append(("look_at_python", project))

    def make_environment(self, project: str) -> None:
        self.asked.append(("make_environment", project))

    def stop_making(self) -> None:
        self.asked.append(("stop_making",))

    def run_tests(self, order: Any) -> None:
        self.asked.append(("run_tests", order))

    def stop_tests(self) -> None:
        self.asked.append(("stop_tests",))

    def stop(self) -> None:
        self.asked.append(("stop",))

    def restart(self) -> None:
        self.asked.append(("restart",))

    def attach(self, address: Any) -> None:
        self.asked.append(("attach", address))

    def open_run(self, file: str) -> None:
        self.asked.append(("open_run", file))

    def detach(self) -> None:
        self.asked.append(("detach",))

    def refresh_running(self) -> None:
        self.asked.append(("refresh_running",))

    def send(self, message: Any) -> None:
        self.asked.append(("send", message))

    def record(self, folder: str, name: str) -> None:
        self.asked.append(("record", folder, name))

    def stop_recording(self) -> None:
        self.asked.append(("stop_recording",))

    def save_run(self, file: str, previous: bool = False) -> None:
        self.asked.append(("save_run", file, previous))

    def look_at_runs(self, files: Sequence[str]) -> None:
        self.asked.append(("look_at_runs", *files))

    def set_breakpoints(self, project: str, points: Iterable[Any]) -> None:
        self.asked.append(("set_breakpoints", project, tuple(points)))

    def keep_marks(self, marks: Iterable[Any]) -> None:
        self.asked.append(("keep_marks", list(marks)))

    def toggle_line_break(self, file: str, line: int) -> None:
        self.asked.append(("toggle_line_break", file, line))

    def break_in_handler(self, file: str, line: int) -> None:
        self.asked.append(("break_in_handler", file, line))

    def condition_line_break(self, file: str, line: int, condition: str) -> None:
        self.asked.append(("condition_line_break", file, line, condition))

    def lines_moved(self, file: str, to: str, moves: Mapping[int, int], ran: str | None) -> None:
        self.asked.append(("lines_moved", file, to, dict(moves), ran))

    def stop_on_raised(self, on: bool) -> None:
        self.asked.append(("stop_on_raised", on))

    def go_on_in_lines(self, how: str) -> None:
        self.asked.append(("go_on_in_lines", how))

    def look_at_line_frame(self, frame: int) -> None:
        self.asked.append(("look_at_line_frame", frame))

    def unfold_local(self, reference: int) -> None:
        self.asked.append(("unfold_local", reference))


class NotingPanel(Panel):
    """A panel with one line to type in; `noted` has the names of all calls, `changes` what it was handed."""

    def __init__(self, panel_id: str, key: str = "") -> None:
        self.id = panel_id
        self.title = panel_id.capitalize()
        self.icon = panel_id
        self.key = key
        self.help = f"Shows the {panel_id}."
        self.noted: list[str] = []
        self.changes: list[Changes] = []
        self.state: dict[str, Any] = {}
        self.fails = False
        self.willing_to_close = True

    def build(self, context: PanelContext) -> QWidget:
        self.context = context
        widget = QWidget()
        self.line = QLineEdit()
        self.line.setAccessibleName(f"Search in {self.title}")
        QVBoxLayout(widget).addWidget(self.line)
        return widget

    def on_changes(self, changes: Changes) -> None:
        self.changes.append(changes)
        if self.fails:
            raise RuntimeError(f"{self.id} cannot show this")

    def on_theme(self) -> None:
        self.noted.append("theme")

    def shown(self) -> None:
        self.noted.append("shown")

    def hidden(self) -> None:
        self.noted.append("hidden")

    def find(self) -> None:
        self.noted.append("find")
        self.line.setFocus()

    def may_close(self) -> bool:
        return self.willing_to_close

    def finish(self) -> None:
        self.noted.append("finish")

    def save_state(self) -> dict[str, Any]:
        return self.state

    def restore_state(self, state: Mapping[str, Any]) -> None:
        self.state = dict(state)


class NotingEditor(NotingPanel, SourcePanel):
    """The same as an editor: remembers what it was asked to open."""

    def __init__(self) -> None:
        super().__init__("editor", "Ctrl+5")
        self.opened: list[tuple[str, int]] = []
        self.moved: list[tuple[str, str]] = []
        self.saved = 0
        self.dirty: list[str] = []
        self.own: Sequence[Command] = ()

    def commands(self) -> Sequence[Command]:
        return self.own

    def open_source(self, file: str, line: int = 0) -> None:
        self.opened.append((file, line))

    def save_source(self) -> None:
        self.saved += 1

    def source_moved(self, old: str, new: str) -> None:
        self.moved.append((old, new))

    def unsaved(self) -> list[str]:
        return self.dirty

    def save_all(self) -> bool:
        self.saved += len(self.dirty)
        self.dirty = []
        return True


class _Window(QMainWindow):
    """Lets its inside go when it closes, and keeps Tab in sight, as the real window does."""

    bench: Workbench

    def focusNextPrevChild(self, forward: bool) -> bool:
        return self.bench.area.tab_in_sight(partial(super().focusNextPrevChild, forward))

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.bench.may_close():
            self.bench.shut()
            event.accept()
        else:
            event.ignore()


class WindowStand:
    """A whole window without services: `inbox.put`, `bench.clock.tick()`, look."""

    def __init__(
        self,
        folder: Path,
        session: Session | None = None,
        panels: Sequence[Panel] | None = None,
        theme: str = "dark",
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        self.folder = folder
        self.session = session if session is not None else Session()
        self.selection = Selection()
        self.settings = Settings(folder / "settings.json")
        for key, value in {"theme": theme, "confirm.stop_on_close": False, **(settings or {})}.items():
            self.settings.set(key, value)
        self.requests = KeptRequests()
        self.inbox = Inbox()
        if panels is None:
            self.ledger = NotingPanel("ledger", "Ctrl+1")
            self.inspector = NotingPanel("inspector", "Ctrl+2")
            self.log = NotingPanel("log", "Ctrl+3")
            self.trace = NotingPanel("trace", "Ctrl+4")
            self.editor = NotingEditor()
            panels = [self.ledger, self.inspector, self.log, self.trace, self.editor]
        self.panels = list(panels)
        self.layouts = LayoutFile(folder / "layouts.json")
        self.theme = Theme(self.settings.text("theme"), text_scale=self.settings.integer("ui.scale_percent") / 100)
        undress()
        self.window = _Window()
        self.bench = Workbench(
            self.window,
            Parts(
                session=self.session,
                selection=self.selection,
                settings=self.settings,
                requests=self.requests,
                take_all=self.inbox.take_all,
                panels=self.panels,
                layouts=self.layouts,
                theme=self.theme,
                folders={"Settings": folder},
            ),
        )
        self.window.bench = self.bench
        self.inbox.on_first = self.bench.clock.wake
        self.window.resize(1440, 900)

    def feed(self, *items: Any) -> Changes:
        """Put items into the inbox and let the window take them, in one frame if it has the time."""
        for item in items:
            self.inbox.put(item)
        return self.bench.clock.catch_up()

    def close(self) -> None:
        """Close the window and delete it now: a test leaves nothing behind for the next one to style."""
        self.window.close()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, int(QEvent.Type.DeferredDelete))

    def catch_up(self) -> None:
        """Let the window see a session that was filled before it was made; panels of a project get one, too."""
        if self.bench.project.folder is None and {panel.id for panel in self.panels} & {"project", "tests"}:
            open_a_project(self.bench, self.folder)
        self.bench._show_area()
        self.bench._on_changes(Changes(everything=True, target=True))
        self.bench.standing.draw()
