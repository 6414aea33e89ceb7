"""The project panel's widget: what is open and how it is run, and below that its files."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QListWidget, QListWidgetItem, QStackedWidget, QVBoxLayout

from tasktonic_studio.commands.project_commands import words_of
from tasktonic_studio.project.files import Matches
from tasktonic_studio.project.opened import What
from tasktonic_studio.ui.panels.project.files_tree import FilesTree
from tasktonic_studio.ui.panels.project.search import Search
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.tips import plain_tip
from tasktonic_studio.ui.widgets import accessible, figures
from tasktonic_studio.ui.widgets.command_menu import CommandMenu, Submenu
from tasktonic_studio.ui.widgets.elided_label import ElidedLabel
from tasktonic_studio.ui.widgets.empty_state import EmptyState
from tasktonic_studio.ui.widgets.filter_bar import FilterBar, FilterWords, Switch
from tasktonic_studio.ui.widgets.focus import FocusLeader

if TYPE_CHECKING:
    from tasktonic_studio.session.changes import Changes
    from tasktonic_studio.ui.panel import PanelContext

WORDS: Final = FilterWords(
    "the files",
    ("pump", "tests pump", ".ui"),
    "Words that stand in the path of a file, in any order; all files of the project are looked through.",
)
MENU: Final = (
    "project.open_chosen",
    "project.run_chosen",
    "",
    Submenu("New", ("project.new_tonic", "project.new_service", "project.new_window", "project.new_server")),
    "project.new_file",
    "project.new_folder",
    "",
    "project.rename",
    "project.delete",
    "project.copy_path",
    "",
    "run.configurations",
    "project.make_environment",
    "project.install_needs",
    "project.stop_making",
    "project.close",
)
_NOTHING, _FILES, _FOUND, _NONE_FOUND = range(4)


class ProjectView(FocusLeader):
    """All that the panel shows. Made by the panel; the dock owns it."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self.hidden = Switch(
            "hidden",
            "Hidden files",
            "Show also files that are usually left out: hidden ones, .venv, __pycache__",
            usual=False,
            text="Hidden",
        )
        self.bar = FilterBar(WORDS, [self.hidden])
        self.title = ElidedLabel()
        self.title.setProperty("role", "strong")
        self.facts = QLabel()
        self.facts.setProperty("role", "muted")
        self.facts.setWordWrap(True)
        self.facts.setTextFormat(Qt.TextFormat.PlainText)
        self.facts.setMinimumWidth(1)
        self.tree = FilesTree(context.icons)
        self.found = QListWidget()
        self.found.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        accessible.name(self.found, "Files that match", "Enter opens the chosen one")
        self.nothing = EmptyState(
            "No folder is open",
            "Open the folder of your work, or make a new one from a template that runs at once. Its files appear here, F5 starts it, "
            "and its tests run beside it.",
            "Open a folder…",
            "project.open",
            context.run,
            other=("New project…", "project.new_project"),
        )
        self.none_found = EmptyState("No file matches", "No file of the project has these words in its path.")
        self.search_job = Search(self)
        self.pages = QStackedWidget()
        for page in (self.nothing, self.tree, self.found, self.none_found):
            self.pages.addWidget(page)
        self._lay_out()
        self.bar.changed.connect(self._on_filter)
        self.bar.left.connect(self._on_bar_left)
        self.search_job.found.connect(self._on_found)
        self.tree.opened.connect(self._on_opened)
        self.tree.delete_wanted.connect(self._on_delete)
        self.tree.rename_wanted.connect(self._on_rename)
        self.tree.customContextMenuRequested.connect(self._on_menu)
        self.tree.picked.connect(self._on_picked)
        self.found.itemActivated.connect(self._on_found_opened)
        self.found.customContextMenuRequested.connect(self._on_menu)
        self._undo = context.project.watch(self._on_project)
        self._undo_faults = context.written_faults.watch(self._on_faults)
        self.lead_focus_to(self.tree)
        self.retheme()
        self._on_project("folder")

    def _lay_out(self) -> None:
        space = tokens.SPACE_PX
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.head = QVBoxLayout()
        layout.addLayout(self.head)
        self.head.setContentsMargins(space, space // 2, space, space // 2)
        self.head.setSpacing(2)
        self.head.addWidget(self.title)
        self.head.addWidget(self.facts)
        layout.addWidget(self.bar)
        layout.addWidget(self.pages, 1)

    # ---- for the panel

    @property
    def search(self) -> QLineEdit:
        """The line one searches in."""
        return self.bar.search

    def watch(self) -> None:
        """On screen."""

    def unwatch(self) -> None:
        """Not on screen."""

    def on_changes(self, changes: Changes) -> None:
        """What runs says nothing about files."""

    def retheme(self) -> None:
        """Take on colours, and steps of the size of the text."""
        self.hidden.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.tree.setIndentation(self._context.theme.icon_px(tokens.STEP_PX))

    def finish(self) -> None:
        """The window closes."""
        self._undo()
        self._undo_faults()
        self.search_job.stop()
        self.tree.finish()

    @property
    def chosen(self) -> Path | None:
        """The file or folder that is chosen."""
        if self.pages.currentIndex() == _FOUND:
            row = self.found.currentRow()
            return Path(self.found.item(row).data(Qt.ItemDataRole.UserRole)) if row >= 0 else None
        return self.tree.chosen if self.pages.currentIndex() == _FILES else None

    def show_path(self, path: Path) -> None:
        """Go to a file that was just made."""
        self.bar.show_all()
        self.tree.choose(path)

    # ---- what happens

    def _on_project(self, what: What) -> None:
        project = self._context.project
        if what == "folder":
            is_open = project.folder is not None
            self.tree.show_folder(project.folder)
            for widget in (self.title, self.facts, self.bar):
                widget.setVisible(is_open)
            self.lead_focus_to(self.tree if is_open else self.nothing.first_button() or self.nothing)
            self._on_filter()
        elif what == "back":
            self.tree.look_again()
        elif what == "marks":
            self.tree.show_marks(project.marks)
        if project.folder is not None:
            self.title.show_text(f"{project.name} — {place_words(project.folder)}")
            self.facts.setText(self._facts())
            self.facts.setToolTip(plain_tip(project.python.problem))

    def _on_faults(self) -> None:
        """Say of files what the checker has found in them."""
        counts = Counter(fault.file for fault in self._context.written_faults.all() if fault.severity != "hint")
        words = {file: figures.counted(count, "problem") for file, count in counts.items()}
        self._context.project.mark_files("check", words)

    def _facts(self) -> str:
        project = self._context.project
        chosen = project.configuration()
        starts = f"F5 starts {chosen.name}: {words_of(chosen)}" if chosen is not None else "F5 asks for a script"
        if project.making:
            return f"{starts}\n{project.making}"
        problem = " (something is wrong with it: see its tool tip)" if project.python.problem else ""
        return f"{starts}\n{project.python.words}{problem}"

    def _on_filter(self) -> None:
        folder, text = self._context.project.folder, self.bar.search.text().strip()
        self.tree.show_hidden(self.hidden.isChecked())
        if folder is None:
            self.pages.setCurrentIndex(_NOTHING)
        elif text:
            self.search_job.look_for(folder, text)
        else:
            self.search_job.forget()
            self.pages.setCurrentIndex(_FILES)
            self.bar.show_count("")
            self.lead_focus_to(self.tree)

    def _on_found(self, number: int, matches: Matches) -> None:
        folder = self._context.project.folder
        if number != self.search_job.number or folder is None:
            return
        self.found.clear()
        for file in matches.files:
            item = QListWidgetItem(file.relative_to(folder).as_posix())
            item.setData(Qt.ItemDataRole.UserRole, str(file))
            item.setToolTip(plain_tip(str(file)))
            self.found.addItem(item)
        self.found.setCurrentRow(0)
        more = "" if matches.is_all else ", not all looked at"
        tip = (
            ""
            if matches.is_all
            else "The project is too large, or too much of it matches: not every file was looked at."
        )
        self.bar.show_count(f"{len(matches.files)}{more}", tip)
        self.pages.setCurrentIndex(_FOUND if matches.files else _NONE_FOUND)
        self.lead_focus_to(self.found)

    def _on_bar_left(self) -> None:
        self.focus_target.setFocus()

    def _on_picked(self, path: str) -> None:
        self._context.project.picked = Path(path)

    def _on_opened(self, _file: str) -> None:
        self._context.run("project.open_chosen")

    def _on_found_opened(self, _item: QListWidgetItem) -> None:
        self._context.run("project.open_chosen")

    def _on_delete(self) -> None:
        self._context.run("project.delete")

    def _on_rename(self) -> None:
        self._context.run("project.rename")

    def _on_menu(self, at: QPoint) -> None:
        view = self.found if self.pages.currentIndex() == _FOUND else self.tree
        CommandMenu(self, self._context, MENU).popup(view.viewport().mapToGlobal(at))


def place_words(folder: Path) -> str:
    """A folder as one says where it is: ``~/garden`` for one in the home of this user."""
    try:
        home = Path.home()
    except RuntimeError:  # a container may know of none
        return str(folder)
    is_within = folder.is_relative_to(home) and folder != home and home != Path(home.anchor)
    return f"~/{folder.relative_to(home).as_posix()}" if is_within and os.name == "posix" else str(folder)


__all__ = ["ProjectView", "place_words"]
