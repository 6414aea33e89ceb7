"""The recording service: keeps what is watched, and writes it into trace files when it is asked to."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from tasktonic import ttTonic
from tasktonic.trace import Mark, keep_marks, ttTraceFileError
from tasktonic_studio.locations import private_folder
from tasktonic_studio.services.connection import Connection
from tasktonic_studio.services.kept_run import END_S, KeptRun
from tasktonic_studio.session.inbox import TargetBegan
from tasktonic_studio.session.recording import RecordingState

MEGABYTES: Final = 64
_NUMBERS: Final = 10_000


class Recording(ttTonic):
    """Owns what is kept of the present target. A run from a file is not kept: it is there already.

    Made by `app.py` on the catalyst of the services; all its sparkles run there. Each kept run has a thread of its own.

    Args:
        connection: tells of each target that begins.
        told: called with how it stands; on this catalyst.
        saved: called with the path of a run that has been written whole, and how many events from before its begin were not
            kept; on this catalyst.
        on_problem: called with a sentence when something could not be written; on this catalyst.
        megabytes: how much memory a run may take while it is not recorded.
    """

    _tt_is_service = "recording"

    def __init__(
        self,
        connection: Connection,
        told: Callable[[RecordingState], None],
        saved: Callable[[str, int], None],
        on_problem: Callable[[str], None],
        megabytes: int = MEGABYTES,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._told = told
        self._saved = saved
        self._on_problem = on_problem
        self._megabytes = megabytes
        self._kept: KeptRun | None = None
        self._previous: KeptRun | None = None
        """Of the target before: who restarts an app that has died may still want to have what it did."""
        self._ending: list[KeptRun] = []
        self._number = 0
        self._file = ""
        connection.keep = self.begin

    def _init_service(self, *_args: Any, **_kwargs: Any) -> None:
        """Nobody has anything to say at an access."""

    def begin(self, began: TargetBegan) -> KeptRun | None:
        """Another target takes the place of the present one. For the connection, on the same catalyst."""
        self._retire()
        self._number += 1
        number = self._number
        self._file = began.file
        self._told(RecordingState(has_previous=self._previous is not None))
        if began.how == "file":
            return None
        self._kept = KeptRun(
            began,
            self._megabytes * 1_000_000,
            lambda state: self.ttse__on_state(number, state),
            self.ttse__on_failed,
            self.ttse__on_saved,
        )
        return self._kept

    # ---- what the user asks for --------------------------------------------------------------------------------------

    def ttsc__record(self, folder: str, name: str) -> None:
        """Record what is watched into a new file of that name in that folder, with a number behind it when there is one."""
        if self._kept is None:
            return
        try:
            private_folder(Path(folder))
            path = _free_place(Path(folder), name)
        except OSError as error:
            self._on_problem(f"Nothing can be recorded in {folder}: {error.strerror or error}.")
            return
        self._kept.record(str(path))

    def ttsc__stop_recording(self) -> None:
        """Close the file that is being written."""
        if self._kept is not None:
            self._kept.stop_recording()

    def ttsc__save(self, file: str, previous: bool = False) -> None:
        """Write what was seen of the present target into a file, or of the one before."""
        kept = self._previous if previous else self._kept
        if kept is not None:
            kept.save(file)

    def ttsc__keep_marks(self, marks: Iterable[Mark]) -> None:
        """Keep marks that are new, have changed or are gone, in the file of the run that is shown, or with a live one."""
        if self._kept is not None:
            self._kept.keep_marks(marks)
        elif self._file:
            try:
                keep_marks(self._file, marks)
            except ttTraceFileError as error:
                self._on_problem(f"{error} They are there until another run is shown.")

    # ---- what happens ----------------------------------------------------------------------------------------------

    def ttse__on_state(self, number: int, state: RecordingState) -> None:
        """How it stands with a kept run; of an earlier one nobody wants to know."""
        if number == self._number:
            self._told(replace(state, has_previous=self._previous is not None))

    def ttse__on_saved(self, file: str, not_kept: int) -> None:
        """A file is whole."""
        self._saved(file, not_kept)

    def ttse__on_failed(self, sentence: str) -> None:
        """A file could not be written."""
        self._on_problem(sentence)

    def ttse__on_finished(self) -> None:
        """The Studio ends: what is being recorded is closed."""
        for kept in (self._kept, self._previous):
            self._end(kept)
        for kept in self._ending:
            kept.join(END_S)

    def _retire(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.retire()
            self._end(self._previous)
            self._previous = kept

    def _end(self, kept: KeptRun | None) -> None:
        self._ending = [each for each in self._ending if not each.join(0.0)]
        if kept is not None:
            kept.end()
            self._ending.append(kept)


def _free_place(folder: Path, name: str) -> Path:
    """A name that is not taken, also with a number.

    Raises:
        FileExistsError: all of them are.
    """
    places = (folder / f"{name}{f'-{number}' if number > 1 else ''}.ttt" for number in range(1, _NUMBERS))
    place = next((place for place in places if not place.exists()), None)
    if place is None:
        raise FileExistsError(errno.EEXIST, f"all names from {name}.ttt to {name}-{_NUMBERS - 1}.ttt are taken")
    return place
