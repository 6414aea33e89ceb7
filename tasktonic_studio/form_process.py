"""The form process: makes a picture of a form of Qt Designer, where a form that hangs or crashes Qt cannot hold up the window.

Started by the editor as ``python -m tasktonic_studio.form_process``, on no screen. Nothing of the user's program is imported: a widget of
a class that Qt itself does not have is a placeholder with its name. How it answers and ends is in `answering`.

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


def _painted(text: str, folder: str) -> dict[str, Any]:
    from PySide6.QtCore import QBuffer, QByteArray, QDir, QIODevice, Qt, qInstallMessageHandler
    from PySide6.QtUiTools import QUiLoader
    from PySide6.QtWidgets import QApplication, QLabel, QWidget

    app = QApplication.instance() or QApplication(["form"])
    assert isinstance(app, QApplication)
    app.setStyle("Fusion")
    notes: list[str] = []
    qInstallMessageHandler(partial(_note, notes))
    foreign: set[str] = set()

    class Loader(QUiLoader):
        def createWidget(self, class_name: str, parent: QWidget | None = None, name: str = "") -> QWidget:
            if class_name == "Line" or class_name in known:
                return super().createWidget(class_name, parent, name)
            foreign.add(class_name[:_SHOWN])
            placeholder = QLabel(class_name[:_SHOWN], parent)
            placeholder.setTextFormat(Qt.TextFormat.PlainText)
            placeholder.setAlignment(Qt.AlignmentFlag.AlignCenter)
            placeholder.setObjectName(name)
            placeholder.setMinimumSize(60, 24)
            placeholder.setStyleSheet("border: 1px dashed #888; color: #555; background: #f4f4f4;")
            return placeholder

    loader = Loader()
    loader.clearPluginPaths()  # nothing but Qt's own
    known = set(loader.availableWidgets())
    loader.setWorkingDirectory(QDir(folder))
    buffer = QBuffer()
    buffer.setData(QByteArray(text.encode("utf-8", "replace")))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    form: QWidget | None = loader.load(buffer)
    if form is None:
        why = loader.errorString().strip() or next(iter(notes), "") or "it does not say why"
        return {"problem": f"Qt cannot show it: {why[:_SHOWN]}"}
    form.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    form.show()
    if form.width() > MOST_PX or form.height() > MOST_PX:
        notes.append(f"Shown are the first {MOST_PX:,} pixels of {form.width():,} × {form.height():,}.")
        form.resize(min(form.width(), MOST_PX), min(form.height(), MOST_PX))
    app.processEvents()
    data = QByteArray()
    target = QBuffer(data)
    target.open(QIODevice.OpenModeFlag.WriteOnly)
    form.grab().save(target, "PNG")
    form.deleteLater()
    if foreign:
        names = ", ".join(sorted(foreign)[:_MOST_NOTES])
        notes.insert(0, f"Shown as a box with its name, for code of yours does not run here: {names}.")
    return {"png": base64.b64encode(bytes(data.data())).decode(), "notes": notes[:_MOST_NOTES]}


DOING: Final[dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]]] = {"picture": picture}


if __name__ == "__main__":
    main()
