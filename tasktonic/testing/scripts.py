"""Running a script up to its formula, which is built under a distiller: for tests of apps that are scripts."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

from .. import formula as formulas
from ..errors import ttDistillerError
from ..ledger import ttLedger
from .building import end_what_is_left
from .distiller import in_place_of, ttDistiller


class _Built(BaseException):
    """Leaves the script: its formula is through. Not an error, so that nobody takes it for one."""


class ScriptRun:
    """A script that is left at its formula. ``end`` ends its app, and ``sys`` is as it was before.

    Args:
        script: its path.
        arguments: as on its command line.
    """

    def __init__(self, script: str | Path, arguments: tuple[str, ...]) -> None:
        self.path = Path(script).absolute()
        self._arguments = arguments
        self._before: tuple[list[str], list[str], ModuleType] | None = None

    def build(self, **asked: Any) -> ttDistiller:
        """Run it as Python would, until its first formula is through; gives the distiller.

        Raises:
            ttDistillerError: there is no such file, or it has made no formula that lets a distiller in.
            Exception: what the script raised.
        """
        if not self.path.is_file():
            raise ttDistillerError(
                f"distill_script: there is no file {self.path}. Name the script whose app is tested."
            )
        end_what_is_left()
        main = ModuleType("__main__")
        main.__file__ = str(self.path)
        self._before = sys.argv, sys.path, sys.modules["__main__"]
        sys.argv = [str(self.path), *self._arguments]
        sys.path = [str(self.path.parent), *sys.path]
        sys.modules["__main__"] = main
        try:
            with _distilled_from_here(asked):
                exec(compile(self.path.read_bytes(), str(self.path), "exec"), main.__dict__)  # noqa: S102 - the user's own
        except _Built:
            distiller = ttLedger().main_catalyst
            assert isinstance(distiller, ttDistiller), "in_place_of gives no other"
            return distiller
        except BaseException:
            self.end()
            raise
        self.end()
        raise ttDistillerError(
            f"distill_script: {self.path.name} has come to its end without a formula. Call the formula's class in it, such as "
            "App(), also where the script is run and not imported."
        )

    def end(self) -> None:
        """End the app, if it still runs. Harmless when that has been done.

        Raises:
            Exception: as ``ttDistiller.finish_distiller``.
        """
        before, self._before = self._before, None
        if before is None:
            return
        try:
            end_what_is_left()
        finally:
            sys.argv, sys.path, sys.modules["__main__"] = before


@contextmanager
def _distilled_from_here(asked: dict[str, Any]) -> Iterator[None]:
    """The next formula gets a distiller, and is left as soon as it is through."""

    def take_over() -> None:
        ledger = ttLedger()
        for name, value in asked.items():
            if ledger.formula.get(f"tasktonic/testing/distiller/{name}") is None:
                ledger.formula.set(f"tasktonic/testing/distiller/{name}", value)
        ledger.in_place_of_main = in_place_of
        ledger.steer = _leave

    def _leave() -> NoReturn:
        ttLedger().steer = None  # from here on the test says what runs
        raise _Built

    formulas.before_app.append(take_over)
    try:
        yield
    finally:
        formulas.before_app.remove(take_over)
