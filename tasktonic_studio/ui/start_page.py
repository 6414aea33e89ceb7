"""What one can begin with: the plant, a script, a running app, something recent, a lesson."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.running import RecentProject, RecentRun, RecentScript, RunningApp
from tasktonic_studio.session.run_summary import RunSummary
from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.theme.icons import Icons
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.tips import plain_tip
from tasktonic_studio.ui.widgets.big_row import BigRow
from tasktonic_studio.ui.widgets.run_picture import RunPicture, summary_words

RECENT_SHOWN: Final = 6
PROJECTS_SHOWN: Final = 2
RUNNING_SHOWN: Final = 8
LOOK_AGAIN_MS: Final = 2_000
"""An app that is started while the page is on screen appears by itself."""

_NARROW_PX: Final = 860


class StartPage(QScrollArea):
    """The page before anything runs. Owned by the workbench, which tells it what there is.

    Args:
        icons: pictures.
        theme: colours.
        offers: the commands of the first column, most wanted first, each with its second line.
        run: runs a command by its id.
    """

    attach_wanted = Signal(object)
    """A `RunningApp` was chosen."""
    recent_wanted = Signal(object)
    """A `RecentProject`, a `RecentScript` or a `RecentRun` was chosen."""
    refresh_wanted = Signal()

    def __init__(
        self,
        icons: Icons,
        theme: Theme,
        offers: Sequence[tuple[Command, str]],
        run: Callable[[str], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("start_page")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("Start page")
        self._icons = icons
        self._theme = theme
        self._run = run
        self._summaries: dict[str, RunSummary] = {}
        self._runs_shown: list[str] = []
        self._rows: list[BigRow] = []
        page = QWidget()
        page.setObjectName("start_page")
        self.setWidget(page)
        self._mark = QLabel()
        title = QLabel("TaskTonic Studio")
        title.setProperty("role", "huge")
        sentence = QLabel("See a running program fizz: what lives, what state it is in, what it just did and why.")
        sentence.setProperty("role", "muted")
        sentence.setWordWrap(True)
        self._holder = QWidget()
        self._holder.setMaximumWidth(980)
        middle = QVBoxLayout(self._holder)
        middle.setSpacing(28)
        middle.addStretch(1)
        head = QHBoxLayout()
        middle.addLayout(head)
        head.setSpacing(16)
        head.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        head.addLayout(words, 1)
        words.setSpacing(2)
        words.addWidget(title)
        words.addWidget(sentence)
        self._columns = QHBoxLayout()
        middle.addLayout(self._columns)
        middle.addStretch(2)
        self._columns.setSpacing(2 * tokens.SPACE_PX)
        self._left = QVBoxLayout()
        self._columns.addLayout(self._left, 5)
        self._left.setSpacing(tokens.SMALL_SPACE_PX)
        self._right = QVBoxLayout()
        self._columns.addLayout(self._right, 6)
        self._right.setSpacing(2 * tokens.SPACE_PX)
        for number, (command, line) in enumerate(offers):
            key = command.keys[0] if command.keys else ""
            row = self._row(command.icon, command.title, line, key, number == 0)
            row.value = command.id
            row.clicked.connect(self._on_offer)
            self._left.addWidget(row)
        self._left.addStretch()
        self._recent = _Card("Recent", icons)
        self._running = _Card("Running on this machine", icons)
        self._running.add_button("Look again", "Look again for apps that can be watched")
        self._running.pressed.connect(self.refresh_wanted)
        self._right.addWidget(self._running)
        self._right.addWidget(self._recent)
        self._right.addStretch()
        outer = QHBoxLayout(page)
        outer.setContentsMargins(32, 24, 32, 24)
        outer.addStretch(1)
        outer.addWidget(self._holder, 20)
        outer.addStretch(1)
        page.installEventFilter(self)
        self._look = QTimer(self)
        self._look.setInterval(LOOK_AGAIN_MS)
        self._look.timeout.connect(self.refresh_wanted)
        self._listed: list[RunningApp] | None = None
        self.show_running(())
        self.show_recent(())
        self.draw()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._look.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._look.stop()

    @property
    def rows(self) -> list[BigRow]:
        """All rows one can press, in reading order."""
        return [row for row in self.findChildren(BigRow) if not row.isHidden()]

    def row(self, title: str) -> BigRow:
        """A row by the words of its first line."""
        return next(row for row in self.rows if row.title == title)

    def show_running(self, apps: Sequence[RunningApp]) -> None:
        """List what runs: first what can be watched, then what cannot, with the reason."""
        ordered = sorted(apps, key=lambda app: (not app.can_attach, app.pid))[:RUNNING_SHOWN]
        self._running.empty_text = "No app on this machine can be watched right now. Start one with TASKTONIC_STUDIO=1 python app.py, and it is listed here."
        if ordered == self._listed:
            return
        self._listed = ordered
        rows = []
        for app in ordered:
            detail = app.problem or app.detail or f"process {app.pid}"
            row = self._row("attach" if app.can_attach else "error", f"{app.title}  ·  pid {app.pid}", detail)
            row.setEnabled(app.can_attach)
            row.draw()
            row.value = app
            row.clicked.connect(self._on_running)
            rows.append(row)
        self._running.show_rows(rows)

    def show_recent(
        self,
        scripts: Sequence[RecentScript],
        runs: Sequence[RecentRun] = (),
        projects: Sequence[RecentProject] = (),
    ) -> None:
        """List projects and traces that were opened and scripts that were started before, each the latest first."""
        self._recent.empty_text = "Projects and traces that you open and scripts that you start appear here."
        projects = projects[:PROJECTS_SHOWN]
        shown_runs = runs[: max(RECENT_SHOWN // 2, RECENT_SHOWN - len(scripts))]
        rows = []
        self._runs_shown = [run.file for run in shown_runs]
        recents: list[RecentProject | RecentScript | RecentRun] = [
            *projects,
            *scripts[: RECENT_SHOWN - len(shown_runs)],
            *shown_runs,
        ]
        for recent in recents:
            icon, name, arguments = _what(recent)
            file = Path(name)
            there = file.is_dir() if isinstance(recent, RecentProject) else file.is_file()
            detail = str(file.parent) if there else f"{file} is not there any more"
            row = self._row(icon, " ".join([file.name, *arguments]), detail)
            row.setEnabled(there)
            row.draw()
            row.value = recent
            row.clicked.connect(self._on_recent)
            rows.append(row)
            if there and isinstance(recent, RecentRun) and name in self._summaries:
                self._fill(row, self._summaries[name])
        self._recent.show_rows(rows)

    @property
    def runs_shown(self) -> list[str]:
        """The files of the recorded runs that are listed."""
        return self._runs_shown

    def show_summary(self, summary: RunSummary) -> None:
        """Say what a recorded run is; in its row, when it is listed, words and a picture appear."""
        if self._summaries.get(summary.file) == summary:
            return
        self._summaries[summary.file] = summary
        for row in self.rows:
            if isinstance(row.value, RecentRun) and row.value.file == summary.file and row.isEnabled():
                self._fill(row, summary)

    def draw(self) -> None:
        """Draw the pictures in the colours of now."""
        self._mark.setPixmap(self._icons.pixmap("app", "accent", 56, self.devicePixelRatioF()))
        for row in self.findChildren(BigRow):
            row.draw()

    def focus_first(self) -> None:
        """Give the focus to the first offer, so that Enter starts it."""
        if self.rows:
            self.rows[0].setFocus(Qt.FocusReason.OtherFocusReason)

    @guarded(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            narrow = self.viewport().width() < _NARROW_PX
            wanted = QHBoxLayout.Direction.TopToBottom if narrow else QHBoxLayout.Direction.LeftToRight
            if self._columns.direction() != wanted:
                self._columns.setDirection(wanted)
        return super().eventFilter(watched, event)

    def _row(self, icon: str, title: str, detail: str, key: str = "", primary: bool = False) -> BigRow:
        return BigRow(self._icons, icon, title, detail, key, primary=primary)

    def _fill(self, row: BigRow, summary: RunSummary) -> None:
        """Say in the row of a recorded run what it is."""
        if summary.problem:
            row.tell(summary.problem)
            return
        row.tell(f"{summary_words(summary)} — {Path(summary.file).parent}", RunPicture(summary, self._theme))
        row.setToolTip(plain_tip(summary.file))

    def _on_offer(self) -> None:
        row = self.sender()
        if isinstance(row, BigRow):
            self._run(str(row.value))

    def _on_running(self) -> None:
        row = self.sender()
        if isinstance(row, BigRow):
            self.attach_wanted.emit(row.value)

    def _on_recent(self) -> None:
        row = self.sender()
        if isinstance(row, BigRow):
            self.recent_wanted.emit(row.value)


def _what(recent: RecentProject | RecentScript | RecentRun) -> tuple[str, str, tuple[str, ...]]:
    """Picture, file and arguments."""
    if isinstance(recent, RecentProject):
        return "project", recent.folder, ()
    if isinstance(recent, RecentRun):
        return "trace", recent.file, ()
    return "file", recent.script, recent.arguments


class _Card(QFrame):
    """A frame with a heading and rows, or a sentence when there are none."""

    pressed = Signal()

    def __init__(self, title: str, icons: Icons) -> None:
        super().__init__()
        self.setObjectName("start_card")
        self.setAccessibleName(title)
        self.empty_text = ""
        self._icons = icons
        heading = QLabel(title)
        heading.setProperty("role", "strong")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 8, 6, 6)
        layout.setSpacing(4)
        self._head = QHBoxLayout()
        layout.addLayout(self._head)
        self._head.setContentsMargins(12, 0, 4, 0)
        self._head.addWidget(heading, 1)
        self._nothing = QLabel()
        self._nothing.setProperty("role", "muted")
        self._nothing.setWordWrap(True)
        self._nothing.setContentsMargins(12, 2, 12, 8)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self._list.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._nothing)
        layout.addLayout(self._list)

    def add_button(self, words: str, description: str) -> None:
        """A quiet button beside the heading."""
        button = QPushButton(words)
        button.setProperty("kind", "quiet")
        button.setAccessibleDescription(description)
        button.clicked.connect(self.pressed)
        self._head.addWidget(button)

    def show_rows(self, rows: Sequence[BigRow]) -> None:
        """Show these rows in the place of those before."""
        while self._list.count():
            old = self._list.takeAt(0)
            widget = old.widget() if old is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for row in rows:
            self._list.addWidget(row)
            row.show()
        self._nothing.setText(self.empty_text)
        self._nothing.setVisible(not rows)
