"""Windows and widgets that are tonics."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, QThread
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QMainWindow, QWidget

from ..errors import ttRunningError
from ..essence import ttEssence
from ..log_levels import ttLog
from ..store import Item
from ..store_service import ttStore
from ..tonic import ttTonic, ttTonicMeta
from . import bindings
from .driver import QtDriver
from .errors import ttWidgetBindingError
from .guard import guard_events
from .loop_calls import loop_calls
from .widget_bindings import AS_IT_IS, WidgetBinding


class ttQtMeta(ttTonicMeta, type(QObject)):  # type: ignore[misc]
    """Both metaclasses in one: that of tonics and that of Qt's classes."""

    _tt_leaf_forwards = False


class ttPysideMixin(ttTonic, metaclass=ttQtMeta):
    """Makes any Qt class a tonic: ``class MyDialog(ttPysideMixin, QDialog)``.

    Override ``setup_ui`` to fill it, or name a file of Qt Designer in ``ui_file``, or both; signals reach the sparkles named
    ``ttqt__<widget>__<signal>``. Closing it asks the tonic to finish, and when the tonic has finished the Qt object goes; when Qt
    deletes the object, with its parent, the tonic finishes. What its event handlers raise (``paintEvent``) is told as what a sparkle
    raises, once until they work again.

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

    ui_file: ClassVar[str | Path | None] = None
    """A file of Qt Designer to load, relative to the file of the class. What is named in it becomes an attribute."""

    _tt_connected: set[str]
    """The names of signals that have been connected to their sparkles."""

    def __init__(
        self,
        name: str | None = None,
        context: ttEssence | int | None = None,
        log_mode: ttLog | int | str | None = None,
        catalyst: Any = None,
        parent: Any = None,
        **kwargs: Any,
    ) -> None:
        app = QCoreApplication.instance()
        if app is not None and app.thread() is not QThread.currentThread():
            raise ttRunningError(
                f"{type(self).__name__}: Qt's objects are made in the thread of the QApplication, this is another. Make it in a "
                "sparkle of a tonic that runs on the Qt catalyst."
            )
        if app is None and issubclass(type(self), QWidget):
            raise ttRunningError(
                f"{type(self).__name__}: there is no QApplication. Make a ttPyside6Ui in creating_main_catalyst; it makes one."
            )
        qt_class: Any = next(
            base for base in type(self).__mro__ if issubclass(base, QObject) and not issubclass(base, ttTonic)
        )
        qt_class.__init__(self)
        self._tt_told_events: dict[str, str] = {}
        self._tt_widget_bindings: set[WidgetBinding] = set()
        super().__init__(name, context, log_mode, catalyst, **kwargs)
        if self.catalyst.driver.name != QtDriver.name and self.ledger.hand is None:
            raise ttRunningError(
                f"{self.name}: its catalyst {self.catalyst.name} does not turn the Qt loop, so nothing would be painted. "
                "Make a ttPyside6Ui in creating_main_catalyst."
            )
        qt: Any = self
        if isinstance(self, QMainWindow | QDialog):
            if parent is not None:
                qt.setParent(parent, qt.windowFlags())  # stays a window, in front of its parent
        elif isinstance(self, QWidget):
            qt_parent = parent if parent is not None else self.context
            if isinstance(qt_parent, QWidget):
                qt.setParent(qt_parent)
        qt.setObjectName(self.name)
        # A plain function: one bound to this object is forgotten by Qt before the object's last signal.
        itself = weakref.ref(self)
        qt.destroyed.connect(lambda: _has_been_deleted(itself()))

    def _init_post_action(self) -> None:
        super()._init_post_action()
        if self.ui_file is not None:
            from . import ui_files  # here: Qt's part for it takes a while to load, and few need it

            ui_files.load(self)
        self.setup_ui()
        bindings.connect_early(self)

    def setup_ui(self) -> None:
        """Make the widgets. Runs once, in the thread of the loop, when ``__init__`` is through and before any sparkle.

        What ``ui_file`` holds is there by then. Signals are connected afterwards: what is set here is not heard of, what
        ``ttse__on_start`` sets is.
        """

    def bind_widget(self, widget: Any, where: str | Item, shown_as: str = AS_IT_IS) -> Callable[[], None]:
        """Have a widget show what is at a place in a store, and an edit go there. In Qt's thread.

        The store may be written in any thread. The widget's own edit does not come back to it, many changes while the loop is
        busy are shown once, and where there is no value yet the widget's goes there. It ends with this tonic, or with the widget.

        Args:
            widget: a line edit, plain text edit, spin box, slider, dial, combo box, or whatever is checkable (check box, radio
                button, group box, action); a label and a progress bar show and write nothing. A combo box is to be filled first;
                its value is the data of the choice, without any its text.
            where: a path in the app's ``ttStore``, or an item of any store: ``store["heating/limit"]``.
            shown_as: for a label, a format: ``"{:.1f} °C"``.

        Returns:
            A function that undoes it; in Qt's thread.

        Raises:
            ttWidgetBindingError: the widget has no value, or the one in the store is none that it can show. One that comes
                later is reported, once, as what a sparkle raises; the widget keeps what it shows.
        """
        if not isinstance(where, str | Item):
            raise ttWidgetBindingError(
                f"{self.name}: bind_widget(…, {where!r:.60}): give a path such as 'heating/limit', or an item: store['limit']."
            )
        item = where if isinstance(where, Item) else self.bind(ttStore).at(where)
        binding = WidgetBinding(self, widget, item, shown_as, loop_calls().soon)
        self._tt_widget_bindings.add(binding)
        try:
            binding.open()
        except ttWidgetBindingError:
            binding.close()
            raise
        return binding.close

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing asks the tonic to finish. Override to ask first: ``event.ignore()`` keeps it open. In Qt's thread."""
        self.finish()
        event.accept()

    def _tt_let_go(self) -> None:
        super()._tt_let_go()
        for binding in list(self._tt_widget_bindings):
            binding.close()
        if shiboken6.isValid(self):
            qt: Any = self
            if isinstance(self, QWidget):
                qt.hide()
            qt.deleteLater()

    @classmethod
    def _tt_fill_leaf(cls, leaf: type, table: Any) -> None:
        super()._tt_fill_leaf(leaf, table)
        guard_events(cls, leaf)

    @classmethod
    def _tt_can_renew(cls, name: str) -> bool:
        return name.endswith("Event")  # those have a guard that stays

    @classmethod
    def _tt_functions_changed(cls, leaf: type) -> None:
        super()._tt_functions_changed(leaf)
        guard_events(cls, leaf)

    @classmethod
    def _get_custom_prefixes(cls) -> Mapping[str, Callable[..., Any]]:
        """Adds ``ttqt__<widget>__<signal>``. Connected after ``setup_ui``; a widget that ``ttse__on_start`` makes, after that."""
        return {bindings.PREFIX: bindings.connect}


def _has_been_deleted(tonic: ttPysideMixin | None) -> None:
    """Qt has deleted its object: by its parent, or by hand. What is left of the tonic can only end."""
    if tonic is not None:
        tonic.finish()


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
