"""Asks for what the source of classes says, once per class as it was told, and remembers it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from tasktonic_studio.analysis.machine_source import Exit, SourceMachine
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.ui.aside import Answer, Aside

_KEPT: Final = 60
_MOST_CHARACTERS: Final = 2_000_000


class Sources(QObject):
    """What source says of classes. Made by the view; UI thread."""

    arrived = Signal()

    def __init__(self, aside: Aside, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._aside = aside
        self._known: dict[object, SourceMachine] = {}
        self._asked: object = None

    def of(self, known: Knowledge, cls: int) -> SourceMachine | None:
        """What the source says of a class; None while that is looked up. Then `arrived` follows.

        Of a recorded run that is the source that ran, where the file has it.
        """
        names = known.names
        defined = names.classes.get(cls)
        if defined is None:
            return SourceMachine()
        handlers = names.handlers(cls)
        key = (defined, handlers, tuple(names.states(cls)))
        if key not in self._known and key != self._asked:
            self._asked = key
            self._aside.forget()
            sparkles = {it.sparkle: it.name for it in names.sparkles_of(cls)}
            request: dict[str, Any] = {
                "do": "source",
                "file": defined.file,
                "name": defined.name,
                "line": defined.line,
                "module": defined.module,
                "states": names.states(cls),
                "handlers": [
                    [it.method, _generic(sparkles.get(it.sparkle, it.method)), it.state]
                    for it in handlers
                    if _is_first(it.state, sparkles.get(it.sparkle, ""))
                ],
                "more_files": sorted({it.file for it in handlers if it.file and not it.method.startswith("_tt")}),
            }
            wanted = [defined.file, *request["more_files"]]
            request["texts"] = _texts(known.source_texts, wanted)
            self._aside.ask(request, lambda answer: self._take(key, answer))
        return self._known.get(key)

    def forget(self) -> None:
        """Source may have changed: look again when it is asked for."""
        self._known.clear()
        self.stop()

    def stop(self) -> None:
        """Want no answers any more."""
        self._asked = None
        self._aside.forget()

    def _take(self, key: object, answer: Answer) -> None:
        self._asked = None
        if "exits" in answer:
            exits = tuple(Exit(*it) for it in answer["exits"])
            found = SourceMachine(exits, tuple(answer["problems"]), tuple(answer["files"]))
        else:
            found = SourceMachine(
                problems=(f"The source could not be looked through. {answer.get('problem', '')}".strip(),)
            )
        self._known[key] = found
        while len(self._known) > _KEPT:
            del self._known[next(iter(self._known))]
        self.arrived.emit()


def _texts(texts: Mapping[str, str], wanted: list[str]) -> dict[str, str]:
    """Those that are wanted, and as many of the others, for what they import, as fit into a question."""
    found = {file: texts[file] for file in wanted if file in texts}
    size = sum(map(len, found.values()))
    for file, text in texts.items():
        if file not in found and size + len(text) <= _MOST_CHARACTERS:
            found[file] = text
            size += len(text)
    return found


def _generic(sparkle: str) -> str:
    """``ttsc__close`` for ``ttsc_open__close`` too: by that name it is called."""
    head, mark, name = sparkle.lstrip("_").partition("__")
    prefix = sparkle[: len(sparkle) - len(sparkle.lstrip("_"))] + head.partition("_")[0]
    return f"{prefix}{mark}{name}"


def _is_first(state: str, sparkle: str) -> bool:
    """Whether this is the handler as it is usually called, and not the same method under its name with the state."""
    return not state or _generic(sparkle) == sparkle
