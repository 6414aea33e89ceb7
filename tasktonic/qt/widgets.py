"""Windows and widgets that are tonics."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QMainWindow, QWidget

from ..essence import ttEssence
from ..log_levels import ttLog
from ..tonic import ttTonic, ttTonicMeta
from . import bindings


class ttQtMeta(ttTonicMeta, type(QObject)):  # type: ignore[misc]
    """Both metaclasses in one: that of tonics and that of Qt's classes."""

    _tt_leaf_forwards = False


class ttPysideMixin(ttTonic, metaclass=ttQtMeta):
    """Makes any Qt class a tonic: ``class MyDialog(ttPysideMixin, QDialog)``.

    Override ``setup_ui`` to fill it; signals reach the sparkles named ``ttqt__<widget>__<signal>``. Closing it asks the tonic to
    finish, and when the tonic has finished the Qt object goes.

    Args:
        name, context, log_mode, catalyst: as for ``ttTonic``.
        parent: the Qt parent; left out, the context if that is a widget and this is neither a main window nor a dialog.

    Make it, and touch it, in the thread of the Qt loop; its sparkles may be called from any thread.

    >>> from PySide6.QtWidgets import QDialog, QPushButton
    >>> from tasktonic.qt import ttPyside6Ui, ttPysideMixin
    >>> class Question(ttPysideMixin, QDialog):
    ...     def setup_ui(self):
    ...         self.ok = QPushButton("OK", self)
    ...
    ...     def ttsc__press(self):
    ...         self.ok.click()
    ...
    ...     def ttqt__ok__clicked(self, checked):
    ...         print("clicked")
    ...         self.finish()
    >>> class QtApp(ttFormula):
    ...     def creating_formula(self):
    ...         return {"tasktonic/log/to": "off"}
    ...
    ...     def creating_main_catalyst(self):
    ...         ttPyside6Ui()
    ...
    ...     def creating_starting_tonics(self):
    ...         Question().ttsc__press()
    >>> app = QtApp()
    clicked
    """

    def __init__(
        self,
        name: str | None = None,
        context: ttEssence | int | None = None,
        log_mode: ttLog | int | str | None = None,
        catalyst: Any = None,
        parent: Any = None,
        **kwargs: Any,
    ) -> None:
        qt_class: Any = next(
            base for base in type(self).__mro__ if issubclass(base, QObject) and not issubclass(base, ttTonic)
        )
        qt_class.__init__(self)
        super().__init__(name, context, log_mode, catalyst, **kwargs)
        qt: Any = self
        if isinstance(self, QMainWindow | QDialog):
            if parent is not None:
                qt.setParent(parent, qt.windowFlags())  # stays a window, in front of its parent
        elif isinstance(self, QWidget):
            qt_parent = parent if parent is not None else self.context
            if isinstance(qt_parent, QWidget):
                qt.setParent(qt_parent)
        qt.setObjectName(self.name)

    def _init_post_action(self) -> None:
        super()._init_post_action()
        self.setup_ui()

    def setup_ui(self) -> None:
        """Make the widgets. Runs once, in the thread of the loop, when ``__init__`` is through and before any sparkle."""

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing asks the tonic to finish. Override to ask first: ``event.ignore()`` keeps it open. In Qt's thread."""
        self.finish()
        event.accept()

    def _tt_let_go(self) -> None:
        super()._tt_let_go()
        if shiboken6.isValid(self):
            qt: Any = self
            if isinstance(self, QWidget):
                qt.hide()
            qt.deleteLater()

    @classmethod
    def _get_custom_prefixes(cls) -> Mapping[str, Callable[..., Any]]:
        """Adds ``ttqt__<widget>__<signal>``, connected when the tonic starts."""
        return {bindings.PREFIX: bindings.connect}


class ttPysideWindow(ttPysideMixin, QMainWindow):
    """A main window that is a tonic; see ``ttPysideMixin`` for what it takes.

    >>> from PySide6.QtWidgets import QPushButton
    >>> from tasktonic.qt import ttPyside6Ui, ttPysideWindow
    >>> class Window(ttPysideWindow):
    ...     def setup_ui(self):
    ...         self.ok = QPushButton("OK", self)
    ...
    ...     def ttsc__press(self):
    ...         self.ok.click()
    ...
    ...     def ttqt__ok__clicked(self, checked):
    ...         print("clicked")
    ...         self.finish()
    >>> class QtApp(ttFormula):
    ...     def creating_formula(self):
    ...         return {"tasktonic/log/to": "off"}
    ...
    ...     def creating_main_catalyst(self):
    ...         ttPyside6Ui()
    ...
    ...     def creating_starting_tonics(self):
    ...         Window().ttsc__press()
    >>> app = QtApp()
    clicked
    """


class ttPysideWidget(ttPysideMixin, QWidget):
    """A widget that is a tonic; a child of its context when that is a widget. See ``ttPysideMixin`` for what it takes.

    >>> from PySide6.QtWidgets import QPushButton
    >>> from tasktonic.qt import ttPyside6Ui, ttPysideWidget
    >>> class Bar(ttPysideWidget):
    ...     def setup_ui(self):
    ...         self.ok = QPushButton("OK", self)
    ...
    ...     def ttsc__press(self):
    ...         self.ok.click()
    ...
    ...     def ttqt__ok__clicked(self, checked):
    ...         print("clicked")
    ...         self.finish()
    >>> class QtApp(ttFormula):
    ...     def creating_formula(self):
    ...         return {"tasktonic/log/to": "off"}
    ...
    ...     def creating_main_catalyst(self):
    ...         ttPyside6Ui()
    ...
    ...     def creating_starting_tonics(self):
    ...         Bar().ttsc__press()
    >>> app = QtApp()
    clicked
    """
