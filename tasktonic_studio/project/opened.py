"""Project: the folder that is open, with all that is known of it, and who wants to hear of changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

from tasktonic_studio.project.pythons import PythonFacts
from tasktonic_studio.project.run_file import RunConfiguration, RunFile
from tasktonic_studio.project.tests import Tests
from tasktonic_studio.watchers import Watchers

What = Literal["folder", "back", "runs", "python", "saved", "marks", "tests"]
"""What can change: another folder is open, the one that is open was away and is there again; how it is run, its Python; a file of it
was saved; something else is known of files; tests have begun or ended."""


class Project:
    """The open project, or none. One for the window, which makes it; panels and commands read it. UI thread.

    Attributes:
        folder: its folder; None while none is open.
        runs: how it is run.
        python: which Python runs it, as far as it is known.
        tests: its tests.
        chosen: the name of the configuration that F5 starts.
        picked: the file or folder in it that the user chose in its tree; None as long as nothing was.
        made_for: the folder whose environment is being made, this one or one that was open before; None while none is.
    """

    def __init__(self) -> None:
        self.folder: Path | None = None
        self.runs: RunFile | None = None
        self.python = PythonFacts()
        self.tests = Tests()
        self.chosen = ""
        self.picked: Path | None = None
        self.made_for: Path | None = None
        self._making = ""
        self.marks: dict[str, str] = {}
        """What is known of files, in a few words each, such as ``2 problems``: by path."""
        self._marks: dict[str, dict[str, str]] = {}
        self._watchers = Watchers[What]()

    @property
    def name(self) -> str:
        """What it is called: the name of its folder."""
        return "" if self.folder is None else self.folder.name or str(self.folder)

    def configuration(self) -> RunConfiguration | None:
        """The chosen configuration, or the first one when none is chosen."""
        if self.runs is None:
            return None
        return self.runs.find(self.chosen) or next(iter(self.runs.all), None)

    def open(self, folder: Path, chosen: str = "") -> None:
        """Another folder takes the place of the one before."""
        self.folder, self.runs, self.chosen = folder, RunFile(folder), chosen
        self.picked = None
        self.marks, self._marks = {}, {}
        self.python, self.tests = PythonFacts(), Tests()
        self.tell("folder")

    def close(self) -> None:
        """No project is open any more."""
        self.folder = self.runs = self.picked = None
        self.marks, self._marks = {}, {}
        self.python, self.tests, self.chosen = PythonFacts(), Tests(), ""
        self.tell("folder")

    def know_python(self, facts: PythonFacts) -> None:
        """It is known which Python runs it."""
        self.python = facts
        self.tell("python")

    @property
    def making(self) -> str:
        """What is being done for its environment, in words; empty while nothing is."""
        return self._making if self.made_for is not None and self.made_for == self.folder else ""

    def note_making(self, folder: Path, doing: str) -> None:
        """This is being done for the environment of a project, be it open or not; nothing for an empty text."""
        if not doing and folder != self.made_for:
            return  # one that was refused, while another is being made
        self.made_for, self._making = folder if doing else None, doing
        self.tell("python")

    def choose(self, name: str) -> None:
        """F5 starts this one from now on."""
        self.chosen = name
        self.tell("runs")

    def mark_files(self, source: str, words: Mapping[str, str]) -> None:
        """Say what is known of files by one source, as the tests; by path, in a few words each."""
        if self._marks.get(source, {}) == words:
            return
        self._marks[source] = dict(words)
        together: dict[str, list[str]] = {}
        for each in self._marks.values():
            for file, said in each.items():
                together.setdefault(file, []).append(said)
        self.marks = {file: ", ".join(said) for file, said in together.items()}
        self.tell("marks")

    def note_saved(self, file: str) -> None:
        """A file was saved in the editor."""
        if self.folder is not None and Path(file).is_relative_to(self.folder):
            self.tell("saved")

    def watch(self, told: Callable[[What], None]) -> Callable[[], None]:
        """Call ``told`` with what has changed, until the returned function is called. Of tests tell the tests."""
        return self._watchers.add(told)

    def tell(self, what: What) -> None:
        """Something has changed."""
        self._watchers.tell(what)


__all__ = ["Project", "What"]
