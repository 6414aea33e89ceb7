"""Contracts: what has to be so before a run stops, and how much of it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ..errors import ttContractError
from ..values import preview_named
from .frozen import frozen

_KEYS: Final = ("timeout", "stop_match_count", "probes", "tonics")
_TONIC_KEYS: Final = ("till_state_in", "till_sparkle_in", "probes", "stop_on_probe")

_NOTHING: Final = object()


@dataclass(slots=True)
class TonicTerms:
    """What a contract says of one tonic."""

    states: tuple[str, ...] = ()
    sparkles: tuple[str, ...] = ()
    probes: tuple[str, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)
    heard: str = ""
    """The sparkle of ``sparkles`` that ran; once it has, it counts until the run ends."""

    @property
    def conditions(self) -> int:
        """How many there are: one for the states, one for the sparkles, one for each value."""
        return bool(self.states) + bool(self.sparkles) + len(self.values)

    def lines(self) -> list[str]:
        """What it asks for, in words."""
        lines = [f"till state {' or '.join(self.states)}"] if self.states else []
        lines += [f"till sparkle {' or '.join(self.sparkles)}"] if self.sparkles else []
        lines += [f"till {name} == {preview_named(name, value)}" for name, value in self.values.items()]
        return [*lines, *([f"probes {', '.join(self.probes)}"] if self.probes else [])]

    def met_by(self, tonic: Any) -> list[str]:
        """What is so at the moment, a line for each condition. ``tonic`` is ``None`` when it does not live."""
        lines = []
        if tonic is not None and (state := tonic.get_current_state_name()) in self.states:
            lines.append(f"state: {state!r}")
        if self.heard:
            lines.append(f"sparkle: {self.heard!r}")
        if tonic is not None:
            lines += [f"probe: {name} == {value!r}" for name, value in self.values.items() if _has(tonic, name, value)]
        return lines


def _has(tonic: Any, name: str, value: Any) -> bool:
    try:
        return bool(getattr(tonic, name, _NOTHING) == value)
    except Exception:  # a property, or a comparison, of the user's: it is not equal then
        return False


class Contract:
    """A contract that was read and found to make sense. Made for one run, which it goes with.

    Raises:
        ttContractError: it says something that is not understood, or asks for more than there can be.
    """

    def __init__(self, given: Mapping[str, Any] | None) -> None:
        given = {} if given is None else given
        _check_keys(given, _KEYS, "a contract")
        self.is_given = bool(given)
        self.timeout: float | None = given.get("timeout")
        self.probes = names(given.get("probes"), "probes of the contract")
        tonics = given.get("tonics", {})
        if not isinstance(tonics, Mapping):
            raise ttContractError(
                f"contract['tonics'] = {tonics!r}: it must be a dict of tonic names and what is wanted of each."
            )
        self.tonics = {name: _terms(name, terms) for name, terms in tonics.items()}
        conditions = sum(terms.conditions for terms in self.tonics.values())
        self.target_count = self._target(given.get("stop_match_count", "all"), conditions)

    @staticmethod
    def _target(wanted: Any, conditions: int) -> int:
        if wanted == "all":
            return conditions
        if not isinstance(wanted, int) or isinstance(wanted, bool) or not 1 <= wanted <= conditions:
            raise ttContractError(
                f"contract['stop_match_count'] = {wanted!r}: it must be 'all' or a number from 1 to the conditions of its "
                f"tonics, which are {conditions}."
            )
        return wanted

    def probes_of(self, tonic: Any) -> tuple[str, ...]:
        """Which attributes of a tonic the rows are to show."""
        terms = self.tonics.get(tonic.name)
        return self.probes if terms is None else (*self.probes, *terms.probes)

    def lines(self) -> list[str]:
        """All that it says, in words, a line each."""
        if not self.is_given:
            return []
        lines = [] if self.timeout is None else [f"timeout after {self.timeout:g} s"]
        lines += [f"probes of all: {', '.join(self.probes)}"] if self.probes else []
        for name, terms in self.tonics.items():
            lines += [f"{name}: {line}" for line in terms.lines()]
        if self.target_count:
            conditions = sum(terms.conditions for terms in self.tonics.values())
            lines.append(f"stops when {self.target_count} of {conditions} {'is' if conditions == 1 else 'are'} met")
        return lines

    @property
    def wants_probes(self) -> bool:
        return bool(self.probes) or any(terms.probes for terms in self.tonics.values())

    def heard(self, tonic: str, sparkle: str, handler: str) -> None:
        """A sparkle or a hook has run."""
        terms = self.tonics.get(tonic)
        if terms is not None and not terms.heard:
            terms.heard = next((name for name in terms.sparkles if name in (sparkle, handler)), "")

    def is_met(self, find: Callable[[str], Any]) -> bool:
        """Whether as much is so as it takes. ``find`` gives the living tonic of a name."""
        target = self.target_count
        return target > 0 and sum(len(t.met_by(find(name))) for name, t in self.tonics.items()) >= target

    def details(self, find: Callable[[str], Any]) -> dict[str, Any]:
        """What is so at the moment, for ``contract_details``."""
        if not self.is_given:
            return {}
        met = {name: lines for name, terms in self.tonics.items() if (lines := terms.met_by(find(name)))}
        return {
            "match_count": sum(map(len, met.values())),
            "target_count": self.target_count,
            "matched_tonics": met,
        }


def names(given: Any, what: str) -> tuple[str, ...]:
    """Names as somebody gave them: a list, or one alone.

    Raises:
        ttContractError: it is something else.
    """
    if given is None:
        return ()
    if isinstance(given, str):
        return (given,)
    if isinstance(given, Sequence | set | frozenset) and all(isinstance(name, str) for name in given):
        return tuple(given)
    raise ttContractError(f"{what} = {given!r}: it must be a list of names.")


def _terms(tonic: Any, given: Any) -> TonicTerms:
    if not isinstance(tonic, str) or not isinstance(given, Mapping):
        raise ttContractError(
            f"contract['tonics'][{tonic!r}] = {given!r}: it must be the name of a tonic and a dict with {_listed(_TONIC_KEYS)}."
        )
    _check_keys(given, _TONIC_KEYS, f"contract['tonics'][{tonic!r}]")
    values = given.get("stop_on_probe") or {}
    if not isinstance(values, Mapping):
        raise ttContractError(f"stop_on_probe of {tonic!r} = {values!r}: it must be a dict of attributes and values.")
    return TonicTerms(
        names(given.get("till_state_in"), f"till_state_in of {tonic!r}"),
        names(given.get("till_sparkle_in"), f"till_sparkle_in of {tonic!r}"),
        names(given.get("probes"), f"probes of {tonic!r}"),
        {name: frozen(value) for name, value in values.items()},
    )


def _check_keys(given: Any, known: Sequence[str], what: str) -> None:
    if not isinstance(given, Mapping):
        raise ttContractError(f"{what} must be a dict with {_listed(known)}; this is {given!r}.")
    unknown = [key for key in given if key not in known]
    if unknown:
        raise ttContractError(f"{what} has no {', '.join(map(repr, unknown))}; it can have {_listed(known)}.")


def _listed(known: Sequence[str]) -> str:
    return f"{', '.join(map(repr, known[:-1]))} and {known[-1]!r}"
