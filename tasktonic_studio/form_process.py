"""The form process: makes a picture of a form of Qt Designer, where a form that hangs or crashes Qt cannot hold up the window.

Started by the editor as ``python -m tasktonic_studio.form_process``, on no screen. Nothing of the user's program is imported: instead of a
class of theirs the class of Qt that it is made from is shown, or where that shows nothing a box with its name. How it answers and
ends is in `answering`.

=============  ====================================================  =============================
``do``         asks                                                  answer
=============  ====================================================  =============================
``picture``    `text`, `folder`: pictures in it are looked for there   `png`: base64, `notes`
=============  ====================================================  =============================

An answer has `problem`, a sentence, and perhaps `line`, when there is no picture.
"""

from __future__ import annotations

import base64
import contextlib
import os
import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final
from xml.etree import ElementTree

from tasktonic_studio import answering

MOST_CHARACTERS: Final = 1_000_000
MOST_WIDGETS: Final = 5_000
DEEPEST: Final = 200
"""Elements inside each other: Qt makes a call for each."""
MOST_PX: Final = 2_000
_PLAIN: Final = ("QWidget", "QFrame")
"""Of these nothing can be seen."""
_MOST_NOTES: Final = 8
_MOST_BYTES_OF_MEMORY: Final = 4_000_000_000
_SHOWN: Final = 300


def main() -> None:
    """Answer requests until stdin ends."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    with contextlib.suppress(ImportError, OSError, ValueError):  # where there is such a limit
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MOST_BYTES_OF_MEMORY, _MOST_BYTES_OF_MEMORY))
    answering.serve(sys.stdin.buffer, sys.stdout.buffer, DOING)


def picture(request: Mapping[str, Any]) -> dict[str, Any]:
    """A picture of a form, or a sentence."""
    text = str(request["text"])
    problem, line = _fault_of(text)
    if problem:
        return {"problem": problem, "line": line}
    return _painted(text, str(request["folder"]))


def _fault_of(text: str) -> tuple[str, int]:
    """What keeps a text from being shown as a form, and in which line."""
    if len(text) > MOST_CHARACTERS:
        return f"The form has {len(text):,} characters; up to {MOST_CHARACTERS:,} are shown.", 0
    parser: Any = ElementTree.XMLPullParser(["start", "end"])
    depth = widgets = 0
    root: Any = None
    try:
        parser.feed(text)
        for event, element in parser.read_events():
            root = element if root is None else root
            depth += 1 if event == "start" else -1
            widgets += event == "start" and element.tag == "widget"
            if depth > DEEPEST:
                return f"The form has more than {DEEPEST} things inside each other.", 0
        parser.close()
    except ElementTree.ParseError as error:
        line, column = error.position
        return f"This is no XML: line {line}, column {column + 1}: {str(error).partition(':')[0]}.", line
    if root is None or root.tag != "ui" or root.find("widget") is None:
        return "This holds no form: Qt Designer writes <ui> with a <widget> in it.", 1
    return (f"The form has {widgets:,} widgets; up to {MOST_WIDGETS:,} are shown." if widgets > MOST_WIDGETS else ""), 0


def _note(notes: list[str], kind: object, where: object, words: str) -> None:
    """What Qt says while it loads; not what it says of having no screen."""
    if not words.startswith("This plugin does not support") and len(notes) < _MOST_NOTES:
        notes.append(words[:_SHOWN])


def _bases(root: Any) -> dict[str, str]:
    """What each class of the user's is made from, as the form says: by its name the base, which may be one of theirs, too."""
    said = ((it.findtext("class", "").strip(), it.findtext("extends", "").strip()) for it in root.iter("customwidget"))
    return {name: base for name, base in said if name and base}


def _filled(root: Any) -> set[str]:
    """Names of the widgets in which others are."""
    found = (it for it in root.iter("widget") if it.find("widget") is not None or it.find("layout") is not None)
    return {it.get("name", "") for it in found}


class _StandIns:
    """Which widget is made in the place of one that only code of the user could make, and what is to be said of it."""

    def __init__(self, text: str, known: set[str]) -> None:
        root = ElementTree.fromstring(text)
        self._known = known
        self._bases = _bases(root)
        self._filled = _filled(root)
        self._boxes: set[str] = set()
        self._as_bases: set[str] = set()

    def base_of(self, class_name: str, name: str) -> str:
        """The class of Qt to make; empty for a box with the name of the class."""
        base, seen = self._bases.get(class_name, ""), {class_name}
        while base and base not in self._known and base not in seen:
            seen.add(base)
            base = self._bases.get(base, "")
        is_filled = name in self._filled
        base = base if base in self._known else "QFrame" if is_filled else ""
        if not base or (base in _PLAIN and not is_filled):
            self._boxes.add(class_name[:_SHOWN])
            return ""
        self._as_bases.add(f"{class_name[:_SHOWN]} ({base})")
        return base

    @property
    def notes(self) -> list[str]:
        """Sentences about them."""
        said = (
            ("Shown as a box with its name, for code of yours does not run here", self._boxes),
            ("Shown as what it is made from, for code of yours does not run here", self._as_bases),
        )
        return [f"{words}: {', '.join(sorted(names)[:_MOST_NOTES])}." for words, names in said if names]


def _painted(text: str, folder: str) -> dict[str, Any]:
    from PySide6.QtCore import QBuffer, QByteArray, QDir, QIODevice, QPoint, QRect, QSize, Qt, qInstallMessageHandler
    from PySide6.QtGui import QPalette
    from PySide6.QtUiTools import QUiLoader
    from PySide6.QtWidgets import QApplication, QLabel, QWidget

    app = QApplication.instance() or QApplication(["form"])
    assert isinstance(app, QApplication)
    app.setStyle("Fusion")
    notes: list[str] = []
    qInstallMessageHandler(partial(_note, notes))

    class Loader(QUiLoader):
        def createWidget(self, class_name: str, parent: QWidget | None = None, name: str = "") -> QWidget:
            if class_name == "Line" or class_name in known:
                return super().createWidget(class_name, parent, name)
            base = stand_ins.base_of(class_name, name)
            if base:
                return super().createWidget(base, parent, name)
            box = QLabel(class_name[:_SHOWN], parent)
            box.setTextFormat(Qt.TextFormat.PlainText)
            box.setAlignment(Qt.AlignmentFlag.AlignCenter)
            box.setObjectName(name)
            box.setMinimumSize(60, 24)
            box.setFrameStyle(QLabel.Shape.Box | QLabel.Shadow.Plain)
            box.setAutoFillBackground(True)
            box.setBackgroundRole(QPalette.ColorRole.Base)
            return box

    loader = Loader()
    loader.clearPluginPaths()  # nothing but Qt's own
    known = set(loader.availableWidgets())
    stand_ins = _StandIns(text, known)
    loader.setWorkingDirectory(QDir(folder))
    buffer = QBuffer()
    buffer.setData(QByteArray(text.encode("utf-8", "replace")))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    form: QWidget | None = loader.load(buffer)
    if form is None:
        why = loader.errorString().strip() or next(iter(notes), "") or "it does not say why"
        return {"problem": f"Qt cannot show it: {why[:_SHOWN]}"}
    wanted, most = form.size().expandedTo(form.minimumSize()), QSize(MOST_PX, MOST_PX)
    for widget in (form, *form.findChildren(QWidget)):
        widget.setMinimumSize(widget.minimumSize().boundedTo(most))  # what insists on more cannot be painted at all
    form.resize(wanted.boundedTo(most))
    form.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    form.show()
    app.processEvents()
    wanted = wanted.expandedTo(form.size())
    if wanted != wanted.boundedTo(most):
        notes.append(f"Shown are the first {MOST_PX:,} pixels of {wanted.width():,} × {wanted.height():,}.")
    data = QByteArray()
    target = QBuffer(data)
    target.open(QIODevice.OpenModeFlag.WriteOnly)
    form.grab(QRect(QPoint(), form.size().boundedTo(most))).save(target, "PNG")
    form.deleteLater()
    return {
        "png": base64.b64encode(bytes(data.data())).decode(),
        "notes": [*stand_ins.notes, *notes][:_MOST_NOTES],
    }


DOING: Final[dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]]] = {"picture": picture}


if __name__ == "__main__":
    main()
