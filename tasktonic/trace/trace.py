"""Trace: what ran in one go of a distiller, as data to look into, to compare and to keep."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from .file import ttTraceError

Row = dict[str, Any]

KEYS: Final = ("status", "start@", "end@", "stop_condition", "sparkle_trace", "hooks", "contract_details")

Keep = Callable[[Path], None]


class Trace(Mapping[str, Any]):
    """What one call of ``ttDistiller.sparkle`` ran: a mapping, with questions to ask. Made by the distiller; any thread.

    ====================  ==============================================================================================
    ``status``            ``'running'``, or ``'catalyst finished'``
    ``start@``, ``end@``  seconds of the distiller's clock, which begins at 0 with the app
    ``stop_condition``    list of what ended the call: ``'timeout'``, ``'sparkle_count'``, ``'state_trigger: [x]'``,
                          ``'sparkle_trigger: [x]'``, ``'contract_met'``, ``'catalyst finished'``, ``'idle'``, ``'error'``
    ``sparkle_trace``     list of rows, one per sparkle that ran, in order
    ``hooks``             hooks that no row of this trace caused: of a state change or an ending asked for from outside
    ``contract_details``  what of the contract is fulfilled; empty without a contract
    ====================  ==============================================================================================

    A row: ``id`` and ``tonic`` (name), ``sparkle`` (the name that was called), ``handler`` (the method that ran, ``''`` if
    none had), ``args``, ``kwargs``, ``source``, ``at_enter {@, state, probes}``, ``at_exit {@, state, probes, sparkling}`` and
    ``hooks``, a list of ``{id, tonic, sparkle, handler, state, @}``. States are names, ``'--'`` for none.

    Two traces are equal when all of this is. ``differences`` says in sentences where they are not. Any thread may read it.

    Args:
        content: the keys above, with their values.
        keep: what writes the recording that it was made from into a file; without it there is nothing to save.

    >>> class Door(ttTonic):
    ...     def ttsc__open(self):
    ...         self.to_state("open")
    ...     def ttsc_open__close(self):
    ...         self.to_state(-1)
    >>> class App(ttFormula):
    ...     def creating_formula(self):
    ...         return {"tasktonic/log/to": "off"}
    ...     def creating_main_catalyst(self):
    ...         self.distiller = ttDistiller()
    ...     def creating_starting_tonics(self):
    ...         Door(name="door").ttsc__open()
    >>> distiller = App().distiller
    >>> trace = distiller.sparkle()
    >>> trace
    <Trace of 2 sparkles, 0 s to 0 s, stopped by idle>
    >>> trace.sparkles("door"), trace.states("door")
    (['ttse__on_start', 'ttsc__open'], ['--', 'open'])
    >>> trace["sparkle_trace"][1]["at_exit"]["state"]
    'open'
    >>> _ = distiller.finish_distiller()
    """

    def __init__(self, content: Mapping[str, Any], keep: Keep | None = None) -> None:
        self._content = {key: content[key] for key in KEYS}
        self._keep = keep

    # -- a mapping ----------------------------------------------------------------------------------------------------

    def __getitem__(self, key: str) -> Any:
        try:
            return self._content[key]
        except KeyError:
            raise KeyError(f"{key!r}; a trace has {', '.join(KEYS)}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._content)

    def __len__(self) -> int:
        return len(self._content)

    def __contains__(self, key: object) -> bool:
        return key in self._content

    def __eq__(self, other: object) -> bool:
        return self._content == other._content if isinstance(other, Trace) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # its rows can be changed

    def __repr__(self) -> str:
        count = len(self.rows())
        return (
            f"<Trace of {count} sparkle{'' if count == 1 else 's'}, "
            f"{self['start@']:g} s to {self['end@']:g} s, stopped by {', '.join(self['stop_condition'])}>"
        )

    # -- questions ----------------------------------------------------------------------------------------------------

    def rows(self, tonic: str | int | None = None, sparkle: str | None = None) -> list[Row]:
        """The rows of a tonic (name or id), of a sparkle (as called, or its handler), of both, or all."""
        return [row for row in self._content["sparkle_trace"] if _is_of(row, tonic) and _is_called(row, sparkle)]

    def hooks(self, tonic: str | int | None = None, sparkle: str | None = None) -> list[Row]:
        """The hooks that ran, in order: of the rows, then those that no row caused. Chosen as in ``rows``."""
        found = [hook for row in self._content["sparkle_trace"] for hook in row["hooks"]] + self._content["hooks"]
        return [hook for hook in found if _is_of(hook, tonic) and _is_called(hook, sparkle)]

    def sparkles(self, tonic: str | int | None = None) -> list[str]:
        """The names of the sparkles that ran, in order; of one tonic or of all."""
        return [row["sparkle"] for row in self.rows(tonic)]

    def states(self, tonic: str | int) -> list[str]:
        """The states that a tonic was in after each of its sparkles, each once until it changes; ``'--'`` for none."""
        found: list[str] = []
        for row in self.rows(tonic):
            for state in (row["at_enter"]["state"], row["at_exit"]["state"]):
                if not found or found[-1] != state:
                    found.append(state)
        return found

    def differences(self, other: Trace) -> list[str]:
        """Where the ``other`` trace is not the same, a sentence each; empty for an equal one."""
        found = [
            f"{key} is {self[key]!r} here and {other[key]!r} there."
            for key in KEYS
            if key != "sparkle_trace" and self[key] != other[key]
        ]
        mine, theirs = self.rows(), other.rows()
        for number, (here, there) in enumerate(zip(mine, theirs, strict=False)):
            unlike = [key for key in here if here[key] != there.get(key)]
            if unlike:
                found.append(
                    f"row {number} ({here['tonic']}.{here['sparkle']}): "
                    + ", ".join(f"{key} is {here[key]!r} here and {there.get(key)!r} there" for key in unlike)
                    + "."
                )
        if len(mine) != len(theirs):
            longer, rows = ("here", mine) if len(mine) > len(theirs) else ("there", theirs)
            extra = rows[min(len(mine), len(theirs))]
            found.append(
                f"{len(mine)} rows here and {len(theirs)} there; the first that only is {longer}: {extra['tonic']}.{extra['sparkle']}."
            )
        return found

    # -- to keep ------------------------------------------------------------------------------------------------------

    def save(self, path: str | Path) -> Path:
        """Write it as a trace file (``.ttt``), the same that recording a live app writes; gives the path.

        The file has all that happened from the begin of the app until now, so that it can be understood by itself.

        Raises:
            ttTraceError: it was not made by a distiller, so there is no recording to write.
            ttTraceFileError: the file cannot be written; the message is a sentence.
        """
        if self._keep is None:
            raise ttTraceError(
                "this Trace has no recording to save: only one that a distiller's sparkle() returned has."
            )
        target = Path(path)
        self._keep(target)
        return target


def _is_of(row: Row, tonic: str | int | None) -> bool:
    return tonic is None or row["tonic"] == tonic or (isinstance(tonic, int) and row["id"] == tonic)


def _is_called(row: Row, sparkle: str | None) -> bool:
    return sparkle is None or sparkle in (row["sparkle"], row["handler"])
