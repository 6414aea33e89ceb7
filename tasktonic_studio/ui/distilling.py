"""What the window does for an app that is run by hand: the questions before a run, and the file of a test."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from tasktonic.protocol import messages
from tasktonic_studio.commands.context import Requests
from tasktonic_studio.commands.recent import recent_scripts
from tasktonic_studio.commands.things import essence_of
from tasktonic_studio.project.opened import Project
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.made_test import make_test, proposed_place, why_no_test
from tasktonic_studio.session.selection import Selection
from tasktonic_studio.session.session import Session
from tasktonic_studio.settings import Settings
from tasktonic_studio.ui.dialogs import ask
from tasktonic_studio.ui.dialogs.call_sparkle import CallDialog
from tasktonic_studio.ui.dialogs.contract import ContractDialog
from tasktonic_studio.ui.dialogs.run_until import RunUntilDialog, Until
from tasktonic_studio.ui.dialogs.start_distilled import StartDistilledDialog
from tasktonic_studio.ui.problem_banner import Step
from tasktonic_studio.ui.trial import Trial

Tell = Callable[..., None]
SHOW_TESTS: Final = Step("Show Tests", "panel.tests")


class Distilling(QObject):
    """Owned by the workbench, made with it.

    Args:
        session: what is known of the app.
        selection: proposes the tonic to call.
        settings: has the scripts that were started before.
        requests: starts scripts and asks the app.
        say: tells a sentence over the panels; ``kind`` as for a problem.
        open_source: shows a file in the editor.
        project: what is open; a test of a script of it goes into its tests.
        test_made: told the file of a test that was written.
        window: where the dialogs belong to.
    """

    def __init__(
        self,
        session: Session,
        selection: Selection,
        settings: Settings,
        requests: Requests,
        say: Tell,
        open_source: Callable[[str, int], None],
        project: Project,
        test_made: Callable[[str], None],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session = session
        self._selection = selection
        self._settings = settings
        self._requests = requests
        self._say = say
        self._open_source = open_source
        self._project = project
        self._test_made = test_made
        self._window = window
        self._probes: tuple[str, ...] = ()
        """Attributes that are shown of every tonic, until others are asked for."""
        self.dialog: QDialog | None = None
        self.trial = Trial(self._on_tried, self)

    def shut(self) -> None:
        """The window closes: end what is being tried."""
        self.trial.shut()

    # ---- starting

    def ask_distil(self, script: str = "") -> None:
        """Ask which script to start, and how; the one that runs or ran last is proposed, unless one is named."""
        target = self._session.live.target
        recent = recent_scripts(self._settings)
        script = script or target.script or (recent[0].script if recent else "")
        known = {each.script: each.arguments for each in recent}
        arguments = target.arguments if target.script == script else known.get(script, ())
        dialog = StartDistilledDialog(script, shlex.join(arguments), target.seed or 0, self._window)
        dialog.wanted.connect(self._on_start)
        self._open(dialog)

    def _on_start(self, script: str, arguments: str, seed: int) -> None:
        self._requests.distil(script, shlex.split(arguments), seed)

    # ---- running

    def standing_contract(self) -> dict[str, Any] | None:
        """The attributes that were asked for last, as a contract without conditions; None for none."""
        return {"probes": list(self._probes)} if self._probes else None

    def ask_run_until(self) -> None:
        """Ask for how long it is to run."""
        dialog = RunUntilDialog(self._session.live, self._probes, self._window)
        dialog.wanted.connect(self._on_until)
        self._open(dialog)

    def _on_until(self, until: Until) -> None:
        self._probes = until.probes
        wanted = messages.DistillerRun(
            0,
            until.sparkles or -1,
            until.seconds or -1.0,
            until.states,
            until.names,
            self.standing_contract(),
        )
        self._requests.send(wanted)

    def ask_contract(self) -> None:
        """Have a contract built."""
        dialog = ContractDialog(self._session.live, self._probes, self._window)
        dialog.wanted.connect(self._on_contract)
        self._open(dialog)

    def _on_contract(self, contract: Any) -> None:
        self._probes = tuple(contract.get("probes", ()))
        self._requests.send(messages.DistillerRun(0, contract=contract))

    def ask_call(self) -> None:
        """Ask what to call."""
        live = self._session.live
        chosen = essence_of(live, self._selection.thing)
        dialog = CallDialog(live, live.essences.name(chosen) if chosen >= 0 else "", self._window)
        dialog.wanted.connect(self._on_call)
        self._open(dialog)

    def on_changes(self, changes: Changes) -> None:
        """What can be called is offered as soon as it is known, also while one looks."""
        dialog = self.dialog
        if isinstance(dialog, CallDialog) and (
            changes.essences_new or changes.essences_ended or changes.names or changes.everything
        ):
            dialog.show_known(self._session.live)

    def _on_call(self, essence: int, sparkle: str, arguments: str) -> None:
        self._requests.send(messages.DistillerCall(0, essence, sparkle, arguments))

    # ---- a test

    def ask_make_test(self) -> None:
        """Ask for a place, and write a test of what was done there; say why there can be none."""
        live = self._session.live
        problem = why_no_test(live)
        if problem:
            self._say(problem, kind="warning")
            return
        place = proposed_place(live.target.script)
        project = self._project.folder
        if project is not None and Path(live.target.script).is_relative_to(project):
            place = project / "tests" / place.name
        folder, is_new = place.parent, False
        with suppress(OSError):  # then the dialog begins elsewhere
            if not folder.exists() and folder.parent.is_dir():
                folder.mkdir()
                is_new = True
        file = ask.file_to_save(self._window, "Make a test of this", str(place), "Python (*.py)")
        if file:
            self._write_test(file if file.endswith(".py") else f"{file}.py")
        if is_new:
            with suppress(OSError):
                folder.rmdir()  # it was only there to be offered; with a file in it it stays

    def _write_test(self, file: str) -> None:
        made = make_test(self._session.live, file)
        problem = made.problem
        if not problem:
            try:
                Path(file).write_text(made.text, encoding="utf-8")
            except OSError as error:
                problem = f"{file} cannot be written: {error.strerror or error}."
        if problem:
            self._say(problem)
            return
        self._open_source(file, 1)
        self._test_made(file)
        by_hand = "Run it in Tests." if self._is_in_project(file) else f"Run it with pytest in {Path(file).parent}."
        self.trial.try_out(file, self._session.live.target.executable, by_hand)

    def _is_in_project(self, file: str) -> bool:
        return self._project.folder is not None and Path(file).is_relative_to(self._project.folder)

    def _on_tried(self, sentence: str, details: str, kind: str) -> None:
        steps = (SHOW_TESTS,) if self._is_in_project(self.trial.file) else ()
        self._say(sentence, details, steps, kind=kind)

    # ---- dialogs

    def _open(self, dialog: QDialog) -> None:
        self.dialog = dialog
        dialog.finished.connect(self._on_closed)
        dialog.open()

    def _on_closed(self) -> None:
        self.dialog = None
