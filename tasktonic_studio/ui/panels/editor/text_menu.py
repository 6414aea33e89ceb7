"""The context menu of a text."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor

_Key = QKeySequence.StandardKey


def text_menu(
    editor: CodeEditor,
    find: Callable[[], object],
    go_to_line: Callable[[], object],
    run: Callable[[str], object],
    parent: QWidget,
) -> QMenu:
    """A menu of what can be done with the text now. It deletes itself when it was shown and closes.

    Args:
        editor: whose text.
        find: opens the line to find in.
        go_to_line: asks for a line.
        run: runs a command by its id.
        parent: as in Qt.
    """
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    start, end = editor.selection()
    writable, selected = not editor.is_read_only(), start != end

    def add(words: str, key: QKeySequence, act: Callable[[], object], enabled: bool) -> None:
        action = QAction(words, menu)
        action.setShortcut(key)
        # The key is only shown here: the editor and the window hear it.
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.setEnabled(enabled)
        action.triggered.connect(partial(_do, act))
        menu.addAction(action)

    add("Go to definition", QKeySequence("F12"), partial(run, "editor.go_to_definition"), True)
    add("Find callers", QKeySequence("Shift+F12"), partial(run, "editor.find_callers"), True)
    add("Rename…", QKeySequence("F2"), partial(run, "editor.rename"), True)
    add("Mend…", QKeySequence("Ctrl+."), partial(run, "editor.mend"), writable)
    menu.addSeparator()
    add("Undo", QKeySequence(_Key.Undo), editor.undo, writable and editor.can_undo())
    add("Redo", QKeySequence(_Key.Redo), editor.redo, writable and editor.can_redo())
    menu.addSeparator()
    add("Cut", QKeySequence(_Key.Cut), editor.cut, writable and selected)
    add("Copy", QKeySequence(_Key.Copy), editor.copy, selected)
    add("Paste", QKeySequence(_Key.Paste), editor.paste, writable)
    add("Select all", QKeySequence(_Key.SelectAll), editor.select_all, True)
    menu.addSeparator()
    add("Comment or uncomment", QKeySequence("Ctrl+/"), editor.toggle_comment, writable)
    add("Find…", QKeySequence(_Key.Find), find, True)
    add("Go to line…", QKeySequence("Ctrl+G"), go_to_line, True)
    menu.addSeparator()
    add("Start this file under a distiller…", QKeySequence(), partial(run, "editor.start_distilled"), True)
    return menu


def _do(act: Callable[[], object], _checked: bool = False) -> None:
    act()


def put_caret_under(editor: CodeEditor, at: QPoint) -> None:
    """Who asks for a menu at a word means that word, unless something is selected."""
    position = editor.position_at(editor.input_widget().viewport().mapFromGlobal(at))
    start, end = editor.selection()
    if position is not None and start == end:
        editor.select(position, position)
