"""``.ui`` files of Qt Designer, loaded into a widget that is a tonic.

``QUiLoader`` makes a new widget for the form itself. Here it is handed the tonic in its place, so that the form's properties,
layouts and children become those of the tonic. The file is looked through before: what Qt would only mutter about on stderr,
or leave out without a word, is an error that says what to do.
"""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

from PySide6 import QtWidgets
from PySide6.QtCore import QDir, QObject
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtUiTools import QUiLoader
from PySide6.QtWidgets import QDockWidget, QLayout, QMainWindow, QWidget

from ..essence import ttEssence
from .errors import ttUiFileError

_DRAWN_LINE: Final = "Line"
"""What Designer calls a QFrame that is a line."""


def load(tonic: Any) -> None:
    """Load the file that the class of ``tonic`` names. What is named in it becomes an attribute. In Qt's thread.

    Raises:
        ttUiFileError: see there.
    """
    owner = next(cls for cls in type(tonic).__mro__ if "ui_file" in vars(cls))
    form = _Form(tonic, owner, _path_of(owner, Path(tonic.ui_file)))
    loader = _Loader(form)
    name = tonic.objectName()
    made = loader.load(str(form.path))
    tonic.setObjectName(name)
    if made is not tonic:
        raise ttUiFileError(
            f"{form.shown}: Qt cannot load it: {loader.errorString().strip() or 'it does not say why'}."
        )


def _path_of(owner: type, path: Path) -> Path:
    """A path is relative to the file in which the class that names it is written."""
    source = getattr(sys.modules.get(owner.__module__), "__file__", None)
    if source is None:  # a script that something else runs: its module is not kept, its functions know the file
        methods = (value for value in vars(owner).values() if inspect.isfunction(value))
        source = next((method.__code__.co_filename for method in methods), None)
    return path if path.is_absolute() or source is None else Path(source).resolve().parent / path


class _Form:
    """A file that was looked through, with the classes of its own widgets."""

    def __init__(self, tonic: Any, owner: type, path: Path) -> None:
        self.tonic, self.owner, self.path = tonic, owner, path
        self.shown = f"{tonic.name}: ui_file {path}"
        root = self._read()
        self.custom = {name: self._own_class(name, row) for name, row in self._custom_rows(root)}
        self._check_base(root)
        self._check_classes(root)
        self.names = list(self._checked_names(root))

    def _read(self) -> ElementTree.Element:
        try:
            root = ElementTree.fromstring(self.path.read_bytes())
        except OSError as error:
            near = ", ".join(sorted(other.name for other in self.path.parent.glob("*.ui"))) or "none"
            raise ttUiFileError(
                f"{self.shown}: it cannot be read ({error.strerror}). A path is relative to the file of the class that names "
                f"it ({self.owner.__name__}); the .ui files there: {near}."
            ) from None
        except ElementTree.ParseError as error:
            raise ttUiFileError(f"{self.shown}: it is no XML ({error}). Save it anew with Qt Designer.") from None
        if root.tag != "ui" or root.find("widget") is None:
            raise ttUiFileError(f"{self.shown}: it holds no form: Qt Designer writes <ui> with a <widget> in it.")
        return root

    @staticmethod
    def _custom_rows(root: ElementTree.Element) -> Iterator[tuple[str, ElementTree.Element]]:
        for row in root.iterfind("customwidgets/customwidget"):
            yield row.findtext("class", ""), row

    def _own_class(self, name: str, row: ElementTree.Element) -> Any:
        """The class of a promoted widget: where the tonic's class is written, else in the module that the header names."""
        for cls in type(self.tonic).__mro__:
            found = getattr(sys.modules.get(cls.__module__), name, None)
            if isinstance(found, type) and issubclass(found, QWidget):
                return found
        module = row.findtext("header", "").removesuffix(".h").replace("/", ".")
        try:
            found = getattr(importlib.import_module(module), name, None) if module else None
        except ImportError:
            found = None
        if isinstance(found, type) and issubclass(found, QWidget):
            return found
        raise ttUiFileError(
            f"{self.shown}: it has a widget of the class {name}, which is not in the module {self.owner.__module__} and cannot "
            f"be imported from {module or 'anywhere (its header is empty)'}. Import {name} where {self.owner.__name__} is "
            "written, or correct the header of the promoted widget in Qt Designer: it is the name of a Python module."
        )

    def _check_base(self, root: ElementTree.Element) -> None:
        wanted = root.find("widget").get("class", "")  # type: ignore[union-attr]
        base = self.custom.get(wanted) or getattr(QtWidgets, wanted, None)
        lays_out_itself = isinstance(self.tonic, QMainWindow | QDockWidget)
        if base is None or not isinstance(self.tonic, base) or (lays_out_itself and base is QWidget):
            has = next(c for c in type(self.tonic).__mro__ if issubclass(c, QObject) and not issubclass(c, ttEssence))
            raise ttUiFileError(
                f"{self.shown}: its form is a {wanted}, {self.owner.__name__} is a {has.__name__}. "
                f"{_advice(wanted, self.owner.__name__)}"
            )

    def _check_classes(self, root: ElementTree.Element) -> None:
        known = {*QUiLoader().availableWidgets(), _DRAWN_LINE, *self.custom}
        unknown = sorted({widget.get("class", "") for widget in root.iter("widget")} - known)
        if unknown:
            raise ttUiFileError(
                f"{self.shown}: it has a widget of the class {unknown[0]}, which this Qt does not know. Is its module installed? "
                "A class of your own has to be a promoted widget in Qt Designer."
            )

    def _checked_names(self, root: ElementTree.Element) -> Iterator[str]:
        rows = [row for tag in ("widget", "layout", "action", "actiongroup") for row in root.iter(tag)]
        for row in rows:
            name = row.get("name", "")
            if row is root.find("widget") or not name:
                continue
            if hasattr(type(self.tonic), name):
                raise ttUiFileError(
                    f"{self.shown}: it names something {name!r}, which every {self.owner.__name__} has already. Give it another "
                    "name in Qt Designer."
                )
            yield name


def _advice(wanted: str, owner: str) -> str:
    ours = {"QMainWindow": "ttPysideWindow", "QWidget": "ttPysideWidget"}.get(wanted)
    return f"Write: class {owner}({ours or f'ttPysideMixin, {wanted}'})."


class _Loader(QUiLoader):
    """Gives the tonic where Qt would make a widget for the form itself, and keeps what is named as an attribute of it."""

    def __init__(self, form: _Form) -> None:
        super().__init__()
        self._form = form
        self.setWorkingDirectory(QDir(str(form.path.parent)))

    def createWidget(self, class_name: str, parent: Any = None, name: str = "") -> QWidget:
        form = self._form
        if parent is None:
            return form.tonic  # type: ignore[no-any-return]
        own = form.custom.get(class_name)
        if own is None:
            widget = super().createWidget(class_name, parent, name)
        elif issubclass(own, ttEssence):
            widget = own(name=name, context=form.tonic, parent=parent)
        else:
            widget = own(parent)
            widget.setObjectName(name)
        self._keep(name, widget)
        return widget

    def createLayout(self, class_name: str, parent: QObject | None = None, name: str = "") -> QLayout:
        return self._keep(name, super().createLayout(class_name, parent, name))  # type: ignore[no-any-return]

    def createAction(self, parent: QObject | None = None, name: str = "") -> QAction:
        return self._keep(name, super().createAction(parent, name))  # type: ignore[no-any-return]

    def createActionGroup(self, parent: QObject | None = None, name: str = "") -> QActionGroup:
        return self._keep(name, super().createActionGroup(parent, name))  # type: ignore[no-any-return]

    def _keep(self, name: str, made: Any) -> Any:
        if name in self._form.names:
            setattr(self._form.tonic, name, made)
        return made
