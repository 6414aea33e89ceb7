"""F1: the help on what the keyboard is at, in the window, in its menus and in its dialogs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence, QWindow
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget

from tasktonic_studio.ui.command_palette import CommandPalette
from tasktonic_studio.ui.docks import DockArea
from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.palette_entries import COMMANDS
from tasktonic_studio.ui.panel import HelpPages, Panel

DIALOGS: Final = {
    "AboutDialog": "The window",
    "AttachDialog": "Attach to a running app",
    "BreakpointDialog": "Breakpoints",
    "CallDialog": "Run by hand, and make a test of it",
    "ChangeStateDialog": "Change things",
    "CompareDialog": "Editor",
    "ContractDialog": "Run by hand, and make a test of it",
    "CrashReport": "The window",
    "EditDialog": "Catalysts",
    "HelpBeside": "Help",
    "KeySheet": "Keys",
    "MarksDialog": "Marks",
    "NewOrderDialog": "Catalysts",
    "NewThingDialog": "Work on a project",
    "RenameDialog": "Editor",
    "RunConfigurationsDialog": "Work on a project",
    "RunUntilDialog": "Run by hand, and make a test of it",
    "RunUntilRuleDialog": "Breakpoints",
    "SettingsDialog": "The window",
    "SparklesDialog": "Change things",
    "StartDistilledDialog": "Run by hand, and make a test of it",
}
"""The section of the tour that tells of each dialog, by the name of its class."""
_ABOUT_KEYS: Final = (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)
WINDOW: Final = "tour:The window"
START: Final = "tour:Start"


class Helping(QObject):
    """Made by the workbench, ended by `shut`.

    The window's own action hears the key in the window itself. Where no shortcut of it is heard, in dialogs and menus, the key is
    taken from what comes to windows as a whole: a few events instead of those of every widget.

    Args:
        panels: all panels; one of them shows the help.
        area: where they are.
        shows_area: whether that is on screen, and not the start page.
        word: gives the word at the caret of an editor that has the focus.
        palette: the command palette.
        keys: gives the keys of the command.
        show_panel: brings a panel to the front.
        problem: tells a sentence.
        window: the window.
    """

    def __init__(
        self,
        panels: Sequence[Panel],
        area: DockArea,
        shows_area: Callable[[], bool],
        word: Callable[[], str],
        palette: CommandPalette,
        keys: Callable[[], Sequence[str]],
        show_panel: Callable[[str], None],
        problem: Callable[[str], None],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._panels = panels
        self._area = area
        self._shows_area = shows_area
        self._word = word
        self._palette = palette
        self._keys = keys
        self._show_panel = show_panel
        self._problem = problem
        application: Any = QGuiApplication.instance()
        application.focusWindowChanged.connect(self._hear)
        self._is_shut = False

    def shut(self) -> None:
        """The window closes for good."""
        if not self._is_shut:
            self._is_shut = True
            application: Any = QGuiApplication.instance()
            application.focusWindowChanged.disconnect(self._hear)

    def show(self, topic: str) -> None:
        """Show the help on something in its panel."""
        pages = self._pages()
        if pages is not None:
            self._show_panel(pages.id)
            pages.show_topic(topic)

    def topic(self) -> str:
        """What the keyboard is at: a word in the editor, a command in the palette, a panel, a part of the window."""
        focused = QApplication.focusWidget()
        if self._palette.isVisible():
            chosen = self._palette.chosen_title
            return f"command:{chosen}" if chosen and self._palette.mode == COMMANDS else WINDOW
        if not self._shows_area():
            return START
        word = self._word()
        return f"word:{word}" if word else self._panel_around(focused) or WINDOW

    # ---- inside

    def _pages(self) -> HelpPages | None:
        pages = next((panel for panel in self._panels if isinstance(panel, HelpPages)), None)
        if pages is None:
            self._problem("There is no panel that shows the help.")
        return pages

    def _panel_around(self, widget: QWidget | None) -> str:
        """The topic of the panel that a widget is in, or a dialog that was opened from it."""
        while widget is not None:
            for panel in self._panels:
                if self._area.dock(panel.id) is widget:
                    return f"panel:{panel.title}"
            widget = widget.parentWidget()
        return ""

    def _hear(self, window: QWindow | None) -> None:
        if window is not None:
            window.installEventFilter(self)  # once more does no harm

    @guarded(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._is_shut or event.type() not in _ABOUT_KEYS or not isinstance(event, QKeyEvent):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            # That goes to the window with the focus. The key itself goes to a menu, which need not be the one that has it.
            popup = QApplication.activePopupWidget()
            self._hear(popup.window().windowHandle() if popup is not None else None)
            return False
        if QKeySequence(event.keyCombination()) not in [QKeySequence(key) for key in self._keys()]:
            return False
        popup = QApplication.activePopupWidget()
        dialog = _dialog_around(popup or QApplication.activeWindow())
        if popup is None and dialog is None:
            return False  # the window hears it by itself
        line = _line_of(popup) if isinstance(popup, QMenu) else ""
        while (shown := QApplication.activePopupWidget()) is not None:
            shown.close()
        if dialog is None:
            self.show(f"command:{line}" if line else self.topic())
        else:
            self._show_beside(dialog, f"command:{line}" if line else self._topic_of(dialog))
        return True

    def _topic_of(self, dialog: QDialog) -> str:
        section = DIALOGS.get(type(dialog).__name__)
        return f"tour:{section}" if section else self._panel_around(dialog) or WINDOW

    def _show_beside(self, dialog: QDialog, topic: str) -> None:
        """The window behind a dialog cannot be used: the help opens beside it."""
        pages = self._pages()
        if pages is not None:
            pages.show_beside(dialog, topic)


def _dialog_around(widget: QWidget | None) -> QDialog | None:
    while widget is not None and not isinstance(widget, QDialog):
        widget = widget.parentWidget()
    return widget


def _line_of(menu: QMenu) -> str:
    """The words of the line that is chosen in a menu; of the menu itself while none is."""
    chosen: QAction | None = menu.activeAction()  # its stub knows no menu without a chosen line
    line = chosen if chosen is not None else menu.menuAction()
    return line.text().partition("\t")[0].replace("&&", "\0").replace("&", "").replace("\0", "&")
