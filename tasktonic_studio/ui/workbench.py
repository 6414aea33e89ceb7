"""The inside of the window: start page and panels, bars, palette; and what commands may ask of a window.

Apart from the window itself, which is a tonic, so that it can be built and tested in any `QMainWindow`. It is long because
it is the one place where the parts of the window meet. Each part has a module of its own, named after what it does: what is
asked of the window is handed to the part whose work it is, and what happens is told to the parts in a fixed order.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from tasktonic.rules import Breakpoint, Term
from tasktonic_studio.commands.choice import Choice
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.commands.running import RunningApp
from tasktonic_studio.commands.saving import SavingRequests
from tasktonic_studio.project.opened import Project, What
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.recording import RecordingState
from tasktonic_studio.session.run_summary import RunSummary
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.actions import Actions
from tasktonic_studio.ui.alt_click import AltClick
from tasktonic_studio.ui.arranging import Arranging
from tasktonic_studio.ui.arriving import Arriving
from tasktonic_studio.ui.bars import fill_bars
from tasktonic_studio.ui.breaking import Breaking
from tasktonic_studio.ui.changing import Changing
from tasktonic_studio.ui.command_palette import CommandPalette, Entry
from tasktonic_studio.ui.dialogs import ask
from tasktonic_studio.ui.dialogs.about import AboutDialog
from tasktonic_studio.ui.dialogs.crash_report import CrashReport
from tasktonic_studio.ui.dialogs.keys import KeySheet
from tasktonic_studio.ui.dialogs.settings import SettingsDialog
from tasktonic_studio.ui.distilling import Distilling
from tasktonic_studio.ui.docks import DockArea
from tasktonic_studio.ui.frame_clock import FrameClock
from tasktonic_studio.ui.guard import report_once
from tasktonic_studio.ui.held_bar import HeldBar
from tasktonic_studio.ui.helping import Helping
from tasktonic_studio.ui.keeping_runs import KeepingRuns
from tasktonic_studio.ui.layouts import arrangements
from tasktonic_studio.ui.marking import Marking
from tasktonic_studio.ui.opening import Opening
from tasktonic_studio.ui.palette_entries import COMMANDS, GO_TO, PaletteEntries
from tasktonic_studio.ui.panel import Panel, PanelContext
from tasktonic_studio.ui.parts import Parts, all_commands, own_keys
from tasktonic_studio.ui.problem_banner import ProblemBanner, Step
from tasktonic_studio.ui.projecting import Projecting
from tasktonic_studio.ui.showing_in_app import ShowingInApp
from tasktonic_studio.ui.sources import Sources
from tasktonic_studio.ui.standing import Standing
from tasktonic_studio.ui.start_page import StartPage
from tasktonic_studio.ui.starting import Starting, offers
from tasktonic_studio.ui.status_bar import StatusStrip
from tasktonic_studio.ui.status_words import target_name
from tasktonic_studio.ui.stepping import Stepping
from tasktonic_studio.ui.theme.icons import Icons
from tasktonic_studio.ui.theme.stylesheet import dress, dress_plainly

TEXT_STEP_PERCENT: Final = 10


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
        self._crash: CrashReport | None = None
        self._last_thing: Thing | None = None
        self._last_time: int | None = None
        self._last_held: set[int] = set()
        self._is_shut = False
        session = parts.session
        self.clock = FrameClock(
            parts.take_all,
            session.apply,
            session.opened,
            lambda: session.is_long_run_coming,
            lambda: self.area.is_telling,
            parent=self,
        )
        self.sources = Sources(parts.panels, parts.settings, self.show_panel, self._has_focus, self.problem)
        self.requests = SavingRequests(parts.requests, self.sources.save_before_start, self.clock.hurry)
        self.project = Project()
        self.context = CommandContext(parts.session, parts.selection, parts.settings, self.requests, self, self.project)
        self.opening = Opening(parts.session, parts.panels, self.context, window)
        application = QApplication.instance()
        self._application = application if isinstance(application, QApplication) else None
        if self._application is not None:
            dress_plainly(self._application, parts.theme)
        self._arrangements = arrangements([panel.id for panel in parts.panels])
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
        self.strip = StatusStrip()
        self.keeping = KeepingRuns(
            self.session,
            self.context,
            parts.folders.get("Recorded runs", Path.home()),
            self.strip.recording,
            self._refresh_commands,
            window,
        )
        self.arranging = Arranging(
            self.area, self._arrangements, parts.panels, parts.layouts, parts.settings, self._show_area
        )
        self.actions_of_commands = Actions(
            self.registry, self.context, parts.theme, self.icons, own_keys(parts.settings), window
        )
        self.arranging.restore_panels()
        self.banner = ProblemBanner(self.icons, self.run)
        self.marking = Marking(self.session, self.selection, self.requests.keep_marks, self.icons, window)
        self._alt_click = AltClick(window, self._why_of_clicked)
        self.projecting = Projecting(
            self.project,
            self.settings,
            self.requests,
            self._say,
            self._unsay,
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
        self.start_page = StartPage(self.icons, parts.theme, offers(self.registry, self.context), self.run)
        self.starting = Starting(self.start_page, self.context, self.open_project, self.icons, window)
        self.standing = Standing(
            self.strip,
            self.held_bar,
            self.session,
            self.panel_context,
            self.marking,
            self.requests.stop_recording,
            self._show_details,
            window,
        )
        self.arriving = Arriving(
            self.session,
            self.context,
            self.area,
            self.arranging,
            self.banner,
            self.keeping,
            self.projecting,
            self._leave_start_page,
            window,
        )
        self.palette_box = CommandPalette(parts.theme, self.icons, window)
        self._stack = QStackedWidget()
        self.helping = Helping(
            parts.panels,
            self.area,
            lambda: self._stack.currentWidget() is self.area,
            self.sources.focused_word,
            self.palette_box,
            lambda: self.actions_of_commands.keys_of(self.registry.get("help.here")),
            self.show_panel,
            self.problem,
            window,
        )
        self._lay_out()
        self._connect()
        self._dress()
        self.set_arrangement(self.settings.text("arrangement"))
        self.show_start_page()
        self.standing.draw()
        if parts.settings.problem:
            self.problem(parts.settings.problem)

    # ---- for commands: WindowActions ---------------------------------------------------------------------------

    def show_panel(self, panel_id: str) -> None:
        self._show_area()
        self.area.show_panel(panel_id)
        # At once: the key for what can be done in the panel is pressed as fast as one can.
        self.actions_of_commands.refresh()

    def toggle_panel(self, panel_id: str) -> None:
        """Bring a panel to the front; take it away when it is there already and has the focus."""
        if self._has_focus(panel_id) and self._stack.currentWidget() is self.area:
            self.area.close_panel(panel_id)
            self.actions_of_commands.refresh()
        else:
            self.show_panel(panel_id)

    def is_panel_shown(self, panel_id: str) -> bool:
        return self.area.is_open(panel_id)

    def set_arrangement(self, name: str) -> None:
        if self.arranging.choose(name):
            self.actions_of_commands.refresh()

    def arrangement(self) -> str:
        return self.arranging.current.name

    def reset_arrangement(self) -> None:
        self.arranging.reset()

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

    def choose(self, hint: str, choices: Sequence[Choice]) -> None:
        entries = [Entry(each.title, each.run, each.detail, "", each.icon) for each in choices]
        self.palette_box.offer(hint, entries)

    def open_source(self, file: str, line: int) -> None:
        self.sources.open(file, line)

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
        return self.sources.place()

    def begin_making(self) -> None:
        self.projecting.begin_making()

    def open_saved(self, file: str, line: int) -> None:
        self.sources.open_saved(file, line)

    def source_moved(self, old: str, new: str) -> None:
        self.sources.moved(old, new)

    def save_source(self) -> None:
        self.sources.save()

    def find(self) -> None:
        self._show_area()
        self.area.find_in_panel()

    def next_panel(self, steps: int) -> None:
        self._show_area()
        self.area.next_panel(steps)

    def ask_open_script(self) -> None:
        self.opening.ask_script()

    def ask_open_run(self) -> None:
        self.opening.ask_run()

    def record_run(self) -> None:
        self.keeping.record()

    def ask_save_run(self, previous: bool = False) -> None:
        self.keeping.ask_save(previous)

    def recording(self) -> RecordingState:
        return self.keeping.state

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
        return self.sources.has_focus()

    def names_at_caret(self) -> tuple[str, ...]:
        return self.sources.names_at_caret()

    def term_at_caret(self) -> Term | None:
        return self.sources.term_at_caret()

    def edit_breakpoint(self, point: Breakpoint) -> None:
        self.breaking.edit(point)

    def show_marks(self) -> None:
        self.marking.show_list()

    def ask_attach(self) -> None:
        self.starting.ask_attach()

    def show_start_page(self) -> None:
        self._stack.setCurrentWidget(self.start_page)
        self.starting.begin()

    def show_help(self, topic: str) -> None:
        self.helping.show(topic)

    def help_topic(self) -> str:
        return self.helping.topic()

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
        self.starting.show_running(apps)

    def open_dropped(self, files: Sequence[str]) -> bool:
        """Files were dropped on the window. Returns whether one was taken."""
        return self.opening.dropped(files)

    def open_lesson(self, file: str) -> None:
        """Play a lesson that a teacher wrote."""
        self.opening.lesson(file)

    def show_recording(self, state: RecordingState) -> None:
        """It stands otherwise with keeping the watched run."""
        self.keeping.show(state)

    def show_summary(self, summary: RunSummary) -> None:
        """It is known what a recorded run is, at a glance."""
        self.start_page.show_summary(summary)

    def run_was_saved(self, file: str, not_kept: int = 0) -> None:
        """A run has been written into a file: it is one of the recent ones now. `not_kept`: events missing at its begin."""
        self.keeping.was_saved(file, not_kept)

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
        if not all(_lets_close(panel) for panel in self._parts.panels):
            return False
        target = self.session.live.target
        if target.is_alive and target.how == "launched" and self.settings.flag("confirm.stop_on_close"):
            question = f"{target_name(target)} is still running. It is stopped when the Studio closes."
            if self.keeping.state.is_on:
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
        self.keeping.shut()
        self.arranging.shut(self._window)
        self.area.shown_changed.disconnect(self.actions_of_commands.refresh_soon)
        self.showing.finish()
        self.helping.shut()
        self.actions_of_commands.close()
        while self._undos:
            self._undos.pop()()

    # ---- building ----------------------------------------------------------------------------------------------

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
        self._undos.append(self.session.breakpoints.watch(self.actions_of_commands.refresh_soon))
        self._undos.append(self.session.edits.watch(self.actions_of_commands.refresh_soon))
        self.clock.settled.connect(self._on_settled)
        self.theme_in_use.changed.connect(self._on_theme)
        self.area.shown_changed.connect(self.actions_of_commands.refresh_soon)
        entries = PaletteEntries(
            self.registry,
            self.actions_of_commands,
            self.context,
            self.panel_context.known,
            self.projecting.file_list,
            self.opening.file_of_project,
            lambda panel_id: self.area.panel(panel_id) is not None,
        )
        entries.fill(self.palette_box)

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
            self.arriving.look()
            self.actions_of_commands.refresh()
        if changes.target:
            self.breaking.look()
        self.stepping.on_changes(changes)
        if self.selection.time is None:
            # Another run begins for all panels in one turn: nowhere stands something of the one before, and there is nothing in it yet.
            self.area.on_changes(changes, at_once=changes.new_target or not self.session.is_long_run)
        elif changes.target or changes.attributes or changes.answers or changes.lines:
            # Nothing moves while a person looks at the past, but an answer to a question of theirs is shown.
            told = Changes(target=changes.target, attributes=changes.attributes, answers=changes.answers)
            told.lines = changes.lines
            self.area.on_changes(told)
        if changes.lines:
            self.sources.follow(self.session.lines.stop)
            # At once: the key for the next line is pressed as fast as one can.
            self.actions_of_commands.refresh()
        if changes.target:
            self.standing.draw()
        else:
            self.standing.draw_now_and_then()

    def _on_settled(self) -> None:
        """The slow beat after the last arrival: rates that have fallen are shown by strip and panels."""
        self.standing.draw()
        if self.selection.time is None:
            self.area.on_changes(Changes(catalysts=set(self.session.live.catalysts)))

    def _on_selection(self) -> None:
        thing, moment = self.selection.thing, self.selection.time
        if moment != self._last_time:
            self._last_time = moment
            self.area.on_changes(Changes(everything=True))
            self.standing.draw()
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
        self.actions_of_commands.refresh_soon()
        self.standing.draw()

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
            self.starting.show_recent()  # else when it is shown

    def _on_theme(self) -> None:
        self._dress()
        self.area.on_theme()
        self.banner.on_theme()
        self.marking.bar.on_theme()
        self.start_page.draw()
        self.standing.draw()

    def _why_of_clicked(self) -> None:
        if any(command.id == "why.why" for command in self.registry.all()):
            self.run("why.why")

    def _on_answer(self, sentence: str, kind: str) -> None:
        self.banner.tell(sentence, kind=kind)

    def _say(self, sentence: str, details: str = "", steps: Sequence[Step] = (), kind: str = "error") -> None:
        self.banner.tell(sentence, details, steps, kind)

    def _unsay(self, sentence: str) -> None:
        self.banner.withdraw(sentence)

    def _refresh_commands(self) -> None:
        self.actions_of_commands.refresh()

    def _on_crash_closed(self) -> None:
        self._crash = None

    # ---- small parts -------------------------------------------------------------------------------------------

    def _show_area(self) -> None:
        self._stack.setCurrentWidget(self.area)

    def _leave_start_page(self) -> bool:
        was_at_start = self._stack.currentWidget() is self.start_page
        self._show_area()
        return was_at_start

    def _show_details(self) -> None:
        self.show_panel("inspector" if self.area.panel("inspector") else self._parts.panels[0].id)

    def _has_focus(self, panel_id: str) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and self.area.dock(panel_id).isAncestorOf(focus)


def _lets_close(panel: Panel) -> bool:
    """Whether a panel lets the window close; one that fails at saying so does not keep it open."""
    try:
        return panel.may_close()
    except Exception as problem:
        report_once(f"panel {panel.id}", problem)
        return True
