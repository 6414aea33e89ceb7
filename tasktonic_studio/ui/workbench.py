"""The inside of the window: start page and panels, bars, palette; and what commands may ask of a window.

Apart from the window itself, which is a tonic, so that it can be built and tested in any `QMainWindow`. It is long because
it is the one place where the parts of the window meet; each part knows nothing of the others.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from tasktonic.rules import Breakpoint, Term
from tasktonic_studio.commands.choice import Choice
from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.commands.recent import recent_projects, recent_runs, recent_scripts, remember
from tasktonic_studio.commands.running import RecentProject, RecentRun, RecentScript, RunningApp
from tasktonic_studio.commands.saving import SavingRequests
from tasktonic_studio.commands.things import Destination, destinations
from tasktonic_studio.project.opened import Project, What
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.recording import RecordingState
from tasktonic_studio.session.run_summary import RunSummary
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.target import TargetFacts
from tasktonic_studio.ui.actions import Actions
from tasktonic_studio.ui.alt_click import AltClick
from tasktonic_studio.ui.bars import fill_bars
from tasktonic_studio.ui.breaking import Breaking
from tasktonic_studio.ui.changing import Changing
from tasktonic_studio.ui.command_palette import CommandPalette, Entry
from tasktonic_studio.ui.dialogs import ask
from tasktonic_studio.ui.dialogs.about import AboutDialog
from tasktonic_studio.ui.dialogs.attach import AttachDialog
from tasktonic_studio.ui.dialogs.crash_report import CrashReport
from tasktonic_studio.ui.dialogs.keys import KeySheet
from tasktonic_studio.ui.dialogs.settings import SettingsDialog
from tasktonic_studio.ui.distilling import Distilling
from tasktonic_studio.ui.docks import DockArea
from tasktonic_studio.ui.endings import problem_of_ending
from tasktonic_studio.ui.frame_clock import FrameClock
from tasktonic_studio.ui.held_bar import HeldBar
from tasktonic_studio.ui.layouts import arrangements
from tasktonic_studio.ui.marking import Marking
from tasktonic_studio.ui.panel import HelpPages, LessonPanel, PanelContext, SourcePanel
from tasktonic_studio.ui.parts import Parts, all_commands, own_keys
from tasktonic_studio.ui.problem_banner import ProblemBanner
from tasktonic_studio.ui.projecting import Projecting
from tasktonic_studio.ui.showing_in_app import ShowingInApp
from tasktonic_studio.ui.start_page import StartPage
from tasktonic_studio.ui.status_bar import StatusStrip, target_name
from tasktonic_studio.ui.stepping import Stepping
from tasktonic_studio.ui.theme.icons import Icons
from tasktonic_studio.ui.theme.stylesheet import dress, dress_plainly
from tasktonic_studio.ui.widgets.command_menu import CommandMenu

TEXT_STEP_PERCENT: Final = 10
STRIP_EVERY_S: Final = 0.2
"""The status strip is read, not watched: five times a second is enough."""

RUN_SUFFIX: Final = ".ttt"
LESSON_SUFFIX: Final = ".lesson.md"

HELD: Final = "❚❚ held"
CATALYST_MENU: Final = (
    "run.hold_catalyst",
    "run.release_catalyst",
    "run.step",
    "run.next_timer",
    "",
    "run.hold",
    "run.start",
    "",
    "selection.show_in_inspector",
    "selection.copy_name",
)
"""What can be done to a catalyst, at its pill."""

GO_TO: Final = ""
COMMANDS: Final = ">"

OFFERS: Final = {
    "run.start_example": "A lively plant, made to be looked at.",
    "project.open": "Its files, how it is run, its tests.",
    "project.new_project": "From a template that runs at once.",
    "file.start_script": "With the probe switched on, to watch it.",
    "distiller.start": "By hand: sparkle by sparkle, in virtual time.",
    "file.attach": "Started with TASKTONIC_STUDIO=1.",
    "file.open_run": "Written by tasktonic record, or kept by a test.",
    "help.learn": "Lessons, from the first sparkle on.",
    "help.keys": "On one sheet.",
}
"""What the start page offers, most wanted first, each with a short line."""


class Workbench(QObject):
    """Everything inside the window. Owned by the window; made with it and let go by ``shut``. ``widget`` is what it shows.

    It is the ``WindowActions`` of the commands.
    """

    def __init__(self, window: QMainWindow, parts: Parts) -> None:
        super().__init__(window)
        self._window = window
        self.widget = QWidget()
        self._parts = parts
        self.session = parts.session
        self.selection = parts.selection
        self.settings = parts.settings
        self.theme_in_use = parts.theme
        self.registry = parts.registry
        self.icons = Icons(parts.theme, self)
        self._undos: list[Callable[[], None]] = []
        self._running: Sequence[RunningApp] = ()
        self._attach_dialog: AttachDialog | None = None
        self._crash: CrashReport | None = None
        self._last_thing: Thing | None = None
        self._last_time: int | None = None
        self._last_held: set[int] = set()
        self._last_target = TargetFacts()
        self._recording = RecordingState()
        # A new target begins with a new object: however much arrives in one frame, this tells.
        self._last_live = parts.session.live
        self._last_line: tuple[int, str, int] | None = None
        self._strip_drawn_s = 0.0
        self._is_shut = False
        self.clock = FrameClock(parts.take_all, parts.session.apply, parts.session.opened, self)
        self.requests = SavingRequests(parts.requests, self._save_before_start, self.clock.hurry)
        self.project = Project()
        self.context = CommandContext(parts.session, parts.selection, parts.settings, self.requests, self, self.project)
        application = QApplication.instance()
        self._application = application if isinstance(application, QApplication) else None
        if self._application is not None:
            dress_plainly(self._application, parts.theme)
        self._arrangements = arrangements([panel.id for panel in parts.panels])
        self._arrangement = self._arrangements[0]
        self._undos.append(self.registry.register_all(all_commands(parts.panels, self._arrangements)))
        self.panel_context = PanelContext(
            session=lambda: self.session,
            selection=self.selection,
            registry=self.registry,
            run=self.run,
            settings=self.settings,
            theme=parts.theme,
            icons=self.icons,
            is_enabled=self.is_enabled,
            is_on=lambda command_id: self.registry.is_on(command_id, self.context),
            why_not=lambda command_id: self.registry.why_not(command_id, self.context),
            project=self.project,
        )
        self.area = DockArea(parts.panels, self.panel_context)
        self.showing = ShowingInApp(
            self.session,
            self.selection,
            self.requests.send,
            self._on_answer,
            self._unsay,
            self._refresh_commands,
            lambda: self.show_panel("ledger"),
            window,
        )
        self.actions_of_commands = Actions(
            self.registry, self.context, parts.theme, self.icons, own_keys(parts.settings), window
        )
        self._restore_panels()
        self.banner = ProblemBanner(self.icons, self.run)
        self.marking = Marking(self.session, self.selection, self.requests.keep_marks, self.icons, window)
        self._alt_click = AltClick(window, self._why_of_clicked)
        self.projecting = Projecting(
            self.project,
            self.settings,
            self.requests,
            self._say,
            self.open_source,
            self.show_panel,
            self.run,
            window,
        )
        self.distilling = Distilling(
            self.session,
            self.selection,
            self.settings,
            self.requests,
            self._say,
            self.open_source,
            self.project,
            self.projecting.look_for_tests,
            window,
        )
        self.breaking = Breaking(self.session, self.selection, self.requests.set_breakpoints, self.problem, window)
        self.changing = Changing(self.session, self.requests.send, self._on_answer, parts.theme, window)
        self.held_bar = HeldBar(self.run, self.is_enabled)
        self.stepping = Stepping(self.session, self.selection, self.say_why_not, self.banner.withdraw)
        self.start_page = StartPage(self.icons, parts.theme, self._offers(), self.run)
        self.strip = StatusStrip()
        self.palette_box = CommandPalette(parts.theme, self.icons, window)
        self._stack = QStackedWidget()
        self._lay_out()
        self._connect()
        self._dress()
        self.set_arrangement(self.settings.text("arrangement"))
        self.show_start_page()
        self._draw_strip()
        if parts.settings.problem:
            self.problem(parts.settings.problem)

    # ---- for commands: WindowActions ---------------------------------------------------------------------------

    def show_panel(self, panel_id: str) -> None:
        self._show_area()
        self.area.show_panel(panel_id)

    def toggle_panel(self, panel_id: str) -> None:
        """Bring a panel to the front; take it away when it is there already and has the focus."""
        focus = QApplication.focusWidget()
        panel_has_focus = focus is not None and self.area.dock(panel_id).isAncestorOf(focus)
        if panel_has_focus and self._stack.currentWidget() is self.area:
            self.area.close_panel(panel_id)
        else:
            self.show_panel(panel_id)
        self.actions_of_commands.refresh()

    def is_panel_shown(self, panel_id: str) -> bool:
        return self.area.is_open(panel_id)

    def set_arrangement(self, name: str) -> None:
        wanted = next((each for each in self._arrangements if each.name == name), None)
        if wanted is None:
            return
        self._keep_arrangement()
        self._arrangement = wanted
        self.area.arrange(wanted, self._parts.layouts.state(wanted.name))
        self._show_area()
        if self.settings.text("arrangement") != name:
            self.settings.set("arrangement", name)
        self.actions_of_commands.refresh()

    def arrangement(self) -> str:
        return self._arrangement.name

    def reset_arrangement(self) -> None:
        self._parts.layouts.forget(self._arrangement.name)
        self.area.arrange(self._arrangement)
        self._show_area()

    def set_theme(self, name: str) -> None:
        self.settings.set("theme", name)

    def theme(self) -> str:
        return self.theme_in_use.choice

    def zoom_text(self, steps: int) -> None:
        percent = self.settings.integer("ui.scale_percent") + steps * TEXT_STEP_PERCENT if steps else 100
        self.settings.set("ui.scale_percent", min(200, max(80, percent)))

    def toggle_full_screen(self) -> None:
        if self._window.isFullScreen():
            self._window.showNormal()
        else:
            self._window.showFullScreen()

    def is_full_screen(self) -> bool:
        return self._window.isFullScreen()

    def show_palette(self) -> None:
        self.palette_box.open(COMMANDS)

    def show_go_to(self) -> None:
        self.palette_box.open(GO_TO)

    def _why_of_clicked(self) -> None:
        if any(command.id == "why.why" for command in self.registry.all()):
            self.run("why.why")

    def choose(self, hint: str, choices: Sequence[Choice]) -> None:
        entries = [Entry(each.title, each.run, each.detail, "", each.icon) for each in choices]
        self.palette_box.offer(hint, entries)

    def open_source(self, file: str, line: int) -> None:
        editor = self._editor()
        if editor is None:
            self.problem(f"There is no editor to show {file}, line {line}.")
            return
        self.show_panel(editor.id)
        editor.open_source(file, line)

    def ask_open_project(self) -> None:
        self.projecting.ask_open()

    def open_project(self, folder: str) -> None:
        """Open a folder as a project."""
        self.projecting.open(folder)

    def close_project(self) -> None:
        self.projecting.close()

    def ask_new(self, kind: str) -> None:
        self.projecting.ask_new(kind)

    def ask_run_configurations(self) -> None:
        self.projecting.ask_run_configurations()

    def choose_configuration(self, name: str) -> None:
        self.projecting.choose(name)

    def will_record(self, wanted: bool) -> None:
        self.projecting.records_next = wanted

    def source_place(self) -> tuple[str, int]:
        editor = self._editor()
        return editor.source_place() if editor is not None else ("", 0)

    def say_busy(self, sentence: str) -> None:
        self.banner.tell(sentence, kind="info")

    def save_source(self) -> None:
        editor = self._editor()
        if editor is not None:
            editor.save_source()

    def find(self) -> None:
        self._show_area()
        self.area.find_in_panel()

    def next_panel(self, steps: int) -> None:
        self._show_area()
        self.area.next_panel(steps)

    def ask_open_script(self) -> None:
        target = self.session.live.target
        recent = self.settings.texts("recent.scripts")
        folder = str(Path(target.script or (recent[0] if recent else "")).parent)
        script = ask.script_to_open(self._window, folder)
        if script:
            self.requests.launch(script)

    def ask_open_run(self) -> None:
        recent = self.settings.texts("recent.traces")
        file = ask.run_to_open(self._window, str(Path(recent[0]).parent) if recent else "")
        if file:
            self.requests.open_run(file)

    def open_dropped(self, files: Sequence[str]) -> bool:
        """Files were dropped on the window: a trace is shown, a script opened in the editor, a lesson played. Returns whether one was taken."""
        run = next((file for file in files if file.endswith(RUN_SUFFIX)), "")
        if run:
            self.requests.open_run(run)
        scripts = [file for file in files if file.endswith(".py")]
        for script in scripts:
            self.open_source(script, 0)
        lesson = next((file for file in files if file.endswith(LESSON_SUFFIX)), "")
        if lesson:
            self.open_lesson(lesson)
        return bool(run or scripts or lesson)

    def open_lesson(self, file: str) -> None:
        """Play a lesson that a teacher wrote."""
        lessons = next((panel for panel in self._parts.panels if isinstance(panel, LessonPanel)), None)
        if lessons is not None:
            self.show_panel(lessons.id)
            lessons.open_lesson_file(file)

    def record_run(self) -> None:
        self.requests.record(str(self._runs_folder()), self._run_name())

    def ask_save_run(self, previous: bool = False) -> None:
        place = self._runs_folder()
        name = "run-before" if previous else self._run_name()
        proposal = str((place if place.is_dir() else Path.home()) / f"{name}{RUN_SUFFIX}")
        title = "Save the run before" if previous else "Save what was seen"
        file = ask.file_to_save(self._window, title, proposal, "Traces (*.ttt)")
        if file:
            self.requests.save_run(file if file.endswith(RUN_SUFFIX) else file + RUN_SUFFIX, previous)

    def recording(self) -> RecordingState:
        return self._recording

    def ask_distil(self, script: str = "") -> None:
        self.distilling.ask_distil(script)

    def standing_contract(self) -> dict[str, Any] | None:
        return self.distilling.standing_contract()

    def ask_until(self, term: Term | None, run: Callable[[Breakpoint], None]) -> None:
        self.breaking.ask_until(term, run)

    def ask_run_until(self) -> None:
        self.distilling.ask_run_until()

    def ask_contract(self) -> None:
        self.distilling.ask_contract()

    def ask_call(self) -> None:
        self.distilling.ask_call()

    def ask_make_test(self) -> None:
        self.distilling.ask_make_test()

    def edit_in_panel(self, panel_id: str) -> None:
        panel = self.area.panel(panel_id)
        if panel is not None:
            self.show_panel(panel_id)
            panel.edit()

    def ask_state(self, essence: int) -> None:
        self.changing.ask_state(essence)

    def ask_sparkle(self, essence: int) -> None:
        self.changing.ask_sparkle(essence)

    def show_in_app(self, essence: int) -> None:
        self.showing.show(essence)

    def shown_in_app(self) -> int:
        return self.showing.kept

    def pick_in_app(self) -> None:
        self.showing.pick()

    def is_picking_in_app(self) -> bool:
        return self.showing.is_picking

    def edit_mark(self, mark_id: str) -> None:
        self.marking.bar.edit(mark_id)

    def source_has_focus(self) -> bool:
        editor = self._editor()
        dock = self.area.dock(editor.id) if editor is not None and self.area.panel(editor.id) is not None else None
        focused = QApplication.focusWidget()
        return dock is not None and focused is not None and dock.isAncestorOf(focused)

    def term_at_caret(self) -> Term | None:
        editor = self._editor()
        return editor.term_at_caret() if editor is not None else None

    def edit_breakpoint(self, point: Breakpoint) -> None:
        self.breaking.edit(point)

    def show_marks(self) -> None:
        self.marking.show_list()

    def ask_attach(self) -> None:
        if self._attach_dialog is None:
            dialog = AttachDialog(self.icons, self.requests.refresh_running, self._window)
            dialog.chosen.connect(self._on_attach)
            dialog.finished.connect(self._on_attach_closed)
            self._attach_dialog = dialog
        self._attach_dialog.show_running(self._running)
        self.requests.refresh_running()
        self._attach_dialog.open()

    def show_start_page(self) -> None:
        self._show_recent()
        self._stack.setCurrentWidget(self.start_page)
        self.start_page.focus_first()
        if self.start_page.runs_shown:
            self.requests.look_at_runs(self.start_page.runs_shown)
        self.requests.refresh_running()

    def show_help(self, topic: str) -> None:
        pages = next((panel for panel in self._parts.panels if isinstance(panel, HelpPages)), None)
        if pages is None:
            self.problem("There is no panel that shows the help.")
            return
        self.show_panel(pages.id)
        pages.show_topic(topic)

    def help_topic(self) -> str:
        focused, editor = QApplication.focusWidget(), self._editor()
        if focused is None or self._stack.currentWidget() is not self.area:
            return ""
        if editor is not None and self.source_has_focus():
            word = editor.word_at_caret()
            if word:
                return f"word:{word}"
        panels = (panel.title for panel in self._parts.panels if self.area.dock(panel.id).isAncestorOf(focused))
        return next((f"panel:{title}" for title in panels), "")

    def show_keys(self) -> None:
        KeySheet(self.registry.all(), self.actions_of_commands.keys_of, self._window).open()

    def show_settings(self) -> None:
        SettingsDialog(self.settings, self._parts.folders, self._window).open()

    def show_about(self) -> None:
        AboutDialog(self.icons, self._parts.folders, self._window).open()

    def copy_text(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)

    def say(self, sentence: str) -> None:
        self.banner.tell(sentence, kind="info")

    def problem(self, sentence: str, details: str = "") -> None:
        self.banner.tell(sentence, details)

    def _say(self, sentence: str, details: str = "", kind: str = "error") -> None:
        self.banner.tell(sentence, details, kind=kind)

    def say_why_not(self, sentence: str) -> None:
        """Say why the app did not do what was asked of it."""
        self.banner.tell(sentence, kind="warning")

    def close(self) -> None:
        self._window.close()

    # ---- for the window and the composition root ---------------------------------------------------------------

    def run(self, command_id: str) -> None:
        """Run a command if it can be done now."""
        self.actions_of_commands.run(command_id)

    def is_enabled(self, command_id: str) -> bool:
        """Whether a command can be done now."""
        return self.registry.is_enabled(command_id, self.context)

    def show_running(self, apps: Sequence[RunningApp]) -> None:
        """Discovery has looked again: say what runs on this machine."""
        self._running = tuple(apps)
        self.start_page.show_running(apps)
        if self._attach_dialog is not None:
            self._attach_dialog.show_running(apps)

    def show_recording(self, state: RecordingState) -> None:
        """It stands otherwise with keeping the watched run."""
        before, self._recording = self._recording, state
        self._draw_recording()
        if replace(before, size=0, left_out=0) != replace(state, size=0, left_out=0):
            self.actions_of_commands.refresh()

    def show_summary(self, summary: RunSummary) -> None:
        """It is known what a recorded run is, at a glance."""
        self.start_page.show_summary(summary)

    def run_was_saved(self, file: str, not_kept: int = 0) -> None:
        """A run has been written into a file: it is one of the recent ones now. `not_kept`: events missing at its begin."""
        self.settings.put_first("recent.traces", file)
        self.requests.look_at_runs([file])
        missing = f" The first {not_kept:,} events are not in it: they were no longer kept." if not_kept else ""
        self.banner.tell(f"The run is in {file}.{missing}", kind="info")

    def show_crash(self, report: str) -> None:
        """The Studio itself has failed: tell it once, add what follows."""
        if self._is_shut:
            return
        if self._crash is not None:
            self._crash.add(report)
            return
        self._crash = CrashReport(report, self._window)
        self._crash.finished.connect(self._on_crash_closed)
        self._crash.show()

    def may_close(self) -> bool:
        """Ask what has to be asked before the window closes. Returns whether it may."""
        if not all(panel.may_close() for panel in self._parts.panels):
            return False
        target = self.session.live.target
        if target.is_alive and target.how == "launched" and self.settings.flag("confirm.stop_on_close"):
            question = f"{target_name(target)} is still running. It is stopped when the Studio closes."
            if self._recording.is_on:
                question += " What was recorded of it is kept."
            return ask.confirm(self._window, "Close the Studio", question, "Stop and close")
        return True

    def shut(self) -> None:
        """Keep what is to be kept and let go of everything; the window closes. More than once does nothing."""
        if self._is_shut:
            return
        self._is_shut = True
        self.clock.stop()
        self.marking.shut()
        self.breaking.shut()
        self.distilling.shut()
        self.projecting.shut()
        if self._recording.is_on:
            # The service closes the file; nobody will be here any more to hear of it.
            self.settings.put_first("recent.traces", self._recording.file)
        self._keep_arrangement()
        layouts = self._parts.layouts
        for panel in self._parts.panels:
            layouts.keep_panel_state(panel.id, panel.save_state())
            panel.finish()
        layouts.window = bytes(self._window.saveGeometry().data())
        try:
            layouts.write()
        except OSError as error:
            # The window is on its way out: the next start simply has the arrangements from before.
            self.settings.problem = f"The arrangement could not be saved: {error.strerror or error}."
        self.area.shown_changed.disconnect(self.actions_of_commands.refresh)
        self.showing.finish()
        self.actions_of_commands.close()
        while self._undos:
            self._undos.pop()()

    # ---- building ----------------------------------------------------------------------------------------------

    def _offers(self) -> list[tuple[Command, str]]:
        known = {command.id for command in self.registry.all()}  # some belong to panels
        can = [each for each in OFFERS if each in known and self.registry.is_enabled(each, self.context)]
        return [(self.registry.get(command_id), OFFERS[command_id]) for command_id in can]

    def _lay_out(self) -> None:
        self._stack.addWidget(self.start_page)
        self._stack.addWidget(self.area)
        layout = QVBoxLayout(self.widget)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.banner)
        layout.addWidget(self.held_bar)
        layout.addWidget(self.marking.bar)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.strip)
        fill_bars(self._window, self.actions_of_commands, self._arrangements)
        self._window.setCentralWidget(self.widget)

    def _connect(self) -> None:
        self._undos.append(self.clock.watch(self._on_changes))
        self._undos.append(self.selection.watch(self._on_selection))
        self._undos.append(self.settings.watch(self._on_setting))
        self._undos.append(self.project.watch(self._on_project))
        self._undos.append(self.session.marks.watch(self._on_marks))
        self._undos.append(self.session.breakpoints.watch(self.actions_of_commands.refresh))
        self._undos.append(self.session.edits.watch(self.actions_of_commands.refresh))
        self.clock.settled.connect(self._on_settled)
        self.theme_in_use.changed.connect(self._on_theme)
        self.strip.go_live.connect(self._on_go_live)
        self.strip.catalyst_chosen.connect(self._on_catalyst)
        self.strip.catalyst_menu_wanted.connect(self._on_catalyst_menu)
        self.strip.recording.stop_wanted.connect(self.requests.stop_recording)
        self.strip.recording.save_wanted.connect(self._on_save_wanted)
        self.start_page.attach_wanted.connect(self._on_attach)
        self.start_page.recent_wanted.connect(self._on_recent)
        self.start_page.refresh_wanted.connect(self.requests.refresh_running)
        self.area.shown_changed.connect(self.actions_of_commands.refresh)
        hint = "Go to a tonic, a sparkle, a store path or a file; type > for commands"
        self.palette_box.add_source(GO_TO, hint, self._things_to_go_to)
        self.palette_box.add_source(COMMANDS, "What do you want to do?", self._commands_to_run)

    def _restore_panels(self) -> None:
        for panel in self._parts.panels:
            state = self._parts.layouts.panel_state(panel.id)
            if state:
                panel.restore_state(state)

    def _dress(self) -> None:
        if self._application is not None:
            dress(self._application, self.theme_in_use)

    # ---- what happens ------------------------------------------------------------------------------------------

    def _on_changes(self, changes: Changes) -> None:
        live = self.session.live
        self.strip.note_arrival(live, time.monotonic_ns())
        self.changing.on_changes(changes)
        self.showing.on_changes(changes)
        self.distilling.on_changes(changes)
        held = {facts.id for facts in live.catalysts.values() if facts.held} if changes.catalysts else self._last_held
        if held != self._last_held:
            self._last_held = held
            self.actions_of_commands.refresh()
        if changes.target or changes.everything:
            self._on_target(new=live is not self._last_live)
            self._last_live = live
        if changes.target:
            self.breaking.look()
        self.stepping.on_changes(changes)
        if self.selection.time is None:
            self.area.on_changes(changes)
        elif changes.target or changes.attributes or changes.answers or changes.lines:
            # Nothing moves while a person looks at the past, but an answer to a question of theirs is shown.
            told = Changes(target=changes.target, attributes=changes.attributes, answers=changes.answers)
            told.lines = changes.lines
            self.area.on_changes(told)
        if changes.lines:
            self._on_lines()
        if changes.target or time.monotonic() - self._strip_drawn_s >= STRIP_EVERY_S:
            self._draw_strip()

    def _on_lines(self) -> None:
        """Where the app stands comes to the front, once for each stop and each call that is looked at."""
        stop = self.session.lines.stop
        frame = stop.frame if stop is not None else None
        place = (frame.number, frame.file, frame.line) if frame is not None else None
        if place != self._last_line and frame is not None and Path(frame.file).is_file():
            self.open_source(frame.file, frame.line)
            self.show_panel("lines")
        self._last_line = place
        # At once: the key for the next line is pressed as fast as one can.
        self.actions_of_commands.refresh()

    def _on_settled(self) -> None:
        """The slow beat after the last arrival: rates that have fallen are shown by strip and panels."""
        self._draw_strip()
        if self.selection.time is None:
            self.area.on_changes(Changes(catalysts=set(self.session.live.catalysts)))

    def _on_target(self, *, new: bool) -> None:
        target = self.session.live.target
        before, self._last_target = self._last_target, target
        if new:
            self.banner.clear()
            self.selection.forget_target()
            was_at_start = self._stack.currentWidget() is self.start_page
            self._show_area()
            if target.seed is not None and self.area.panel("trace") is not None:
                self.area.show_panel("trace")  # the distiller's controls are there
            elif was_at_start and self._arrangement.panels:
                self.area.show_panel(self._arrangement.panels[0])
            remember(self.settings, target)
            if self.projecting.records_next and target.how == "launched":
                self.record_run()
            self.projecting.records_next = False
        if target.status != before.status or new:
            self._draw_recording()
            if target.how == "file" and target.status == "ended":
                self.requests.look_at_runs([target.file])
            ending = problem_of_ending(self.session.live, has_previous=self.session.previous is not None)
            if ending is not None:
                self.banner.show_problem(ending)
        held = f"{HELD} — " if target.status == "held" else ""
        title = f"{held}{target_name(target)} — TaskTonic Studio" if target.status != "none" else "TaskTonic Studio"
        self._window.setWindowTitle(title)
        self.actions_of_commands.refresh()

    def _on_selection(self) -> None:
        thing, moment = self.selection.thing, self.selection.time
        if moment != self._last_time:
            self._last_time = moment
            self.area.on_changes(Changes(everything=True))
            self._draw_strip()
            self.actions_of_commands.refresh()
        elif thing != self._last_thing:
            self.actions_of_commands.refresh()
        self._last_thing = thing
        self.held_bar.refresh()

    def _on_project(self, what: What) -> None:
        if what != "saved":
            self.actions_of_commands.refresh()
        if what == "tests":
            self.area.show_titles()

    def _on_marks(self) -> None:
        self.actions_of_commands.refresh()
        self._draw_strip()

    def _on_setting(self, key: str) -> None:
        if key == "theme":
            self.theme_in_use.choose(self.settings.text(key))
            self.actions_of_commands.refresh()
        elif key == "ui.scale_percent":
            self.theme_in_use.set_text_scale(self.settings.integer(key) / 100)
        elif (
            key in ("recent.scripts", "recent.traces", "recent.projects")
            and self._stack.currentWidget() is self.start_page
        ):
            self._show_recent()  # else when it is shown

    def _on_theme(self) -> None:
        self._dress()
        self.area.on_theme()
        self.banner.on_theme()
        self.marking.bar.on_theme()
        self.start_page.draw()
        self._draw_strip()

    def _on_answer(self, sentence: str, kind: str) -> None:
        self.banner.tell(sentence, kind=kind)

    def _unsay(self, sentence: str) -> None:
        self.banner.withdraw(sentence)

    def _refresh_commands(self) -> None:
        self.actions_of_commands.refresh()

    def _on_save_wanted(self) -> None:
        self.run("file.save_run")

    def _on_go_live(self) -> None:
        self.run("time.go_live")

    def _on_catalyst(self, catalyst: int) -> None:
        self.selection.select(Thing("catalyst", catalyst))
        self.show_panel("inspector" if self.area.panel("inspector") else self._parts.panels[0].id)

    def _on_catalyst_menu(self, catalyst: int, at: QPoint) -> None:
        self.selection.select(Thing("catalyst", catalyst))
        CommandMenu(self._window, self.panel_context, CATALYST_MENU).popup(at)

    def _on_attach(self, app: object) -> None:
        if isinstance(app, RunningApp):
            self.requests.attach(app.address)

    def _on_attach_closed(self) -> None:
        self._attach_dialog = None

    def _on_crash_closed(self) -> None:
        self._crash = None

    def _on_recent(self, recent: object) -> None:
        if isinstance(recent, RecentScript):
            self.requests.launch(recent.script, recent.arguments)
        elif isinstance(recent, RecentRun):
            self.requests.open_run(recent.file)
        elif isinstance(recent, RecentProject):
            self.open_project(recent.folder)

    # ---- small parts -------------------------------------------------------------------------------------------

    def _show_recent(self) -> None:
        self.start_page.show_recent(
            recent_scripts(self.settings), recent_runs(self.settings), recent_projects(self.settings)
        )

    def _show_area(self) -> None:
        self._stack.setCurrentWidget(self.area)

    def _draw_strip(self) -> None:
        self._strip_drawn_s = time.monotonic()
        live = self.session.live
        self.strip.show_known(live, self.panel_context.known(), is_live=self.selection.time is None)
        self.strip.show_mark(self.marking.note_of_moment())
        self.held_bar.show_known(live)

    def _draw_recording(self) -> None:
        has_ended = self.session.live.target.status in ("ended", "lost")
        self.strip.recording.show_state(self._recording, has_ended=has_ended)

    def _runs_folder(self) -> Path:
        return self._parts.folders.get("Recorded runs", Path.home())

    def _run_name(self) -> str:
        """A name for a file: what is watched, and when."""
        name = Path(target_name(self.session.live.target)).stem.replace(" ", "-")
        return f"{name}-{datetime.now().astimezone():%Y-%m-%d-%H%M%S}"

    def _keep_arrangement(self) -> None:
        """Remember the present arrangement, if the user has changed it."""
        if self.area.has_user_changes:
            self._parts.layouts.keep(self._arrangement.name, self.area.state())
            self.area.has_user_changes = False

    def _editor(self) -> SourcePanel | None:
        return next((panel for panel in self._parts.panels if isinstance(panel, SourcePanel)), None)

    def _save_before_start(self) -> None:
        editor = self._editor()
        if (
            editor is not None
            and self.settings.flag("editor.save_before_run")
            and editor.unsaved()
            and not editor.save_all()
        ):
            self.problem("Not all changed files could be saved; the script starts as it is on disk.")

    def _commands_to_run(self) -> list[Entry]:
        entries = []
        for command in self.registry.all():
            keys = self.actions_of_commands.keys_of(command)
            key = QKeySequence(keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if keys else ""
            reason = command.reason(self.context)
            where = f"Not now: {reason}" if reason else command.menu.replace("/", " › ")
            enabled = command.can_be_done(self.context)
            run = _Call(self.run, command.id)
            entries.append(Entry(command.title, run, where, key, command.icon, enabled))
        return entries

    def _things_to_go_to(self) -> list[Entry]:
        found = destinations(self.panel_context.known())
        things = [Entry(each.title, _Call(self._go_to_thing, each), each.detail, "", each.icon) for each in found]
        folder = self.project.folder
        if folder is None:
            return things
        files = self.projecting.file_list.files
        self.projecting.file_list.look(folder)  # what is new by the next time
        return things + [
            Entry(file.name, _Call(self._go_to_file, file), str(file.relative_to(folder)), "", "file") for file in files
        ]

    def _go_to_file(self, file: Path) -> None:
        if file.suffix == RUN_SUFFIX:
            self.requests.open_run(str(file))
        else:
            self.open_source(str(file), 0)

    def _go_to_thing(self, destination: Destination) -> None:
        thing = destination.thing
        self.selection.select(thing)
        if thing.kind == "place" and isinstance(thing.key, tuple):
            self.open_source(str(thing.key[0]), int(thing.key[1]))
            return
        wanted = "ledger" if thing.kind in ("essence", "catalyst") else "inspector"
        if self.area.panel(wanted) is not None:
            self.show_panel(wanted)


class _Call:
    """A function with its one argument; a closure in a loop would see the last one."""

    __slots__ = ("_argument", "_function")

    def __init__(self, function: Callable[[Any], object], argument: Any) -> None:
        self._function = function
        self._argument = argument

    def __call__(self) -> None:
        self._function(self._argument)
