"""Forms of Qt Designer in the editor: the XML as text, a picture of the form below it, and the way to Designer."""

from __future__ import annotations

import base64
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QProcess, Qt, QTimer
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.ui.aside import Aside
from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.panels.editor.documents import DiskState
from tasktonic_studio.ui.panels.editor.page import EditorPage
from tasktonic_studio.ui.panels.editor.view import EditorView
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.widgets import accessible
from tasktonic_studio.ui.widgets.throttle import Throttle

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

FORM_COMMAND: Final = (sys.executable, "-P", "-m", "tasktonic_studio.form_process")
DESIGNER: Final = "editor.open_in_designer"
LOOK_MS: Final = 300
"""After a change a picture is made at most this often."""
_BEAT_MS: Final = 1_000
_LIMIT_MS: Final = 5_000
_LEAST_SHARE: Final = 0.5
"""Smaller than this its words could not be read."""
_NAMES: Final = ("pyside6-designer", "designer6", "designer-qt6", "designer")
NO_DESIGNER: Final = (
    "No Qt Designer was found on the search path. It comes with Qt, and with PySide6: pip install PySide6-Essentials puts "
    "pyside6-designer beside python."
)


def designer() -> str:
    """The program of an installed Qt Designer, on the search path or beside this Python; empty for none."""
    beside = str(Path(sys.executable).parent)
    places = os.pathsep.join(filter(None, (os.environ.get("PATH", ""), beside)))
    return next((found for name in _NAMES if (found := shutil.which(name, path=places))), "")


class PictureArea(QScrollArea):
    """A picture as large as it is, or as there is room for: down to half its size, and then it can be scrolled."""

    def __init__(self) -> None:
        super().__init__()
        self.picture = QLabel()
        self.picture.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._whole = QPixmap()
        self._shown = (0, 0)
        """Which picture is shown, and how high."""
        self.setWidget(self.picture)
        self.setWidgetResizable(True)

    def show_picture(self, whole: QPixmap) -> None:
        """Show another one."""
        self._whole = whole
        self._fit()

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room, whole = self.maximumViewportSize(), self._whole.size()
        if whole.isEmpty():
            return
        share = max(_LEAST_SHARE, min(1.0, room.width() / whole.width(), room.height() / whole.height()))
        height = round(share * whole.height())
        if (self._whole.cacheKey(), height) != self._shown:
            self._shown = (self._whole.cacheKey(), height)
            smooth = Qt.TransformationMode.SmoothTransformation
            self.picture.setPixmap(self._whole if share == 1.0 else self._whole.scaledToHeight(height, smooth))


class FormView(QWidget):
    """A picture of one form, and what is to be said of it. Owned by its page."""

    def __init__(self, page: EditorPage, context: PanelContext, ask: Callable[[EditorPage], None]) -> None:
        super().__init__(page)
        self._context = context
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.words.setProperty("role", "small")
        self.area = PictureArea()
        self.picture = self.area.picture
        accessible.name(self.picture, "Picture of the form")
        self.button = QPushButton("Open in Designer")
        self.button.setProperty("kind", "quiet")
        self.button.clicked.connect(partial(context.run, DESIGNER))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(tokens.SPACE_PX, tokens.SMALL_SPACE_PX, tokens.SPACE_PX, tokens.SMALL_SPACE_PX)
        layout.addWidget(self.words)
        layout.addWidget(self.area, 1)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignRight)
        self.look = Throttle(LOOK_MS, partial(ask, page), self)
        self.asked = ""
        """The text of the last picture that was asked for."""
        self.dress()

    def dress(self) -> None:
        """Say whether there is a Designer."""
        reason = self._context.why_not(DESIGNER)
        self.button.setEnabled(not reason)
        self.button.setToolTip(
            reason or "Change the form in Qt Designer; when it is saved there, it is read anew here."
        )

    def show_answer(self, answer: dict[str, Any]) -> None:
        """A picture, or why there is none; the last picture stays meanwhile."""
        problem = str(answer.get("problem", ""))
        notes = [f"✕  {problem}"] if problem else [str(it) for it in answer.get("notes", ())]
        self.words.setText("\n".join(notes))
        self.words.setVisible(bool(notes))
        data = answer.get("png")
        pixmap = QPixmap()
        if isinstance(data, str) and pixmap.loadFromData(base64.b64decode(data), "PNG"):
            self.area.show_picture(pixmap)
            self.picture.setAccessibleDescription("\n".join(notes))


class Forms(QObject):
    """Shows a picture below the text of each form. Made by the editor panel with its view, let go by `finish`."""

    def __init__(self, view: EditorView, context: PanelContext, command: Sequence[str] = FORM_COMMAND) -> None:
        super().__init__(view)
        self._view = view
        self._context = context
        self.aside = Aside(command, self)
        self._views: dict[EditorPage, FormView] = {}
        view.texts_changed.connect(self._take_in)
        view.page_renamed.connect(self._take_in)
        self._beat = QTimer(self)
        self._beat.setInterval(_BEAT_MS)
        self._beat.timeout.connect(self.look_at_disk)

    def finish(self) -> None:
        """The window closes for good."""
        self._beat.stop()
        for shown in self._views.values():
            shown.look.stop()
        self.aside.stop()

    def of(self, page: EditorPage) -> FormView | None:
        """What is shown below the text of a page; ``None`` for what is no form."""
        return self._views.get(page)

    def _take_in(self) -> None:
        """Give newly opened forms their picture; what is no form any more has none."""
        pages = list(self._view.pages())
        for page in [page for page in self._views if page not in pages or not _is_form(page)]:
            shown = self._views.pop(page)
            if page in pages:
                shown.look.stop()
                shown.hide()
                shown.deleteLater()
        for page in pages:
            layout = page.layout()
            if _is_form(page) and page not in self._views and isinstance(layout, QVBoxLayout):
                shown = self._views[page] = FormView(page, self._context, self._ask)
                layout.addWidget(shown, 1)
                shown.look.ask()
        front = self._view.page()
        if front in self._views:
            self._views[front].look.ask()
        if self._views:
            self._beat.start()
        else:
            self._beat.stop()

    def look_at_disk(self) -> None:
        """Designer has saved a form that was not changed here: take it in without a question."""
        for page in list(self._views):
            if page.document.on_disk is DiskState.CHANGED and not page.document.changed:
                page.reload()

    def _ask(self, page: EditorPage) -> None:
        shown, text = self._views.get(page), page.editor.text()
        if shown is not None and text != shown.asked:
            shown.asked = text
            request = {"do": "picture", "text": text, "folder": str(page.document.path.parent)}
            self.aside.ask(request, partial(self._answered, page), _LIMIT_MS)

    def _answered(self, page: EditorPage, answer: dict[str, Any]) -> None:
        shown = self._views.get(page)
        if shown is not None:
            shown.show_answer(answer)


def _is_form(page: EditorPage) -> bool:
    return page.document.path.suffix == ".ui"


def form_commands(get_view: Callable[[], EditorView | None]) -> Sequence[Command]:
    """The commands of forms."""

    def form() -> EditorPage | None:
        view = get_view()
        page = view.page() if view is not None else None
        return page if page is not None and _is_form(page) else None

    def why_not(context: CommandContext) -> str:
        if form() is None:
            return "No form (a .ui file) is in front in the editor."
        return "" if designer() else NO_DESIGNER

    def open_it(context: CommandContext) -> None:
        page = form()
        if page is None or (page.document.changed and not page.save()):
            return
        path = page.document.path
        started, _ = QProcess.startDetached(designer(), [str(path)], str(path.parent))
        if not started:
            context.window.problem(f"{designer()} could not be started.")

    return (
        Command(
            DESIGNER,
            "Open the form in Qt Designer",
            "Save the form in front and open it in Qt Designer; what is saved there is read anew here.",
            open_it,
            menu="File",
            section="source",
            icon="open",
            why_not=why_not,
        ),
    )
