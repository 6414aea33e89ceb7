"""A contract of the distiller built clause by clause, and what of a running app can stand in one."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from tasktonic_studio.session.knowledge import Knowledge

STATE: Final = "is in state"
SPARKLE: Final = "has run"
VALUE: Final = "has the value"
PROBE: Final = "show the attribute"
KINDS: Final = (STATE, SPARKLE, VALUE, PROBE)

_KEYS: Final = {STATE: "till_state_in", SPARKLE: "till_sparkle_in", PROBE: "probes"}


@dataclass(frozen=True, slots=True)
class Clause:
    """What is wanted of one tonic: its name, the kind, and a state, a sparkle, an attribute, or ``attribute == value``."""

    tonic: str
    kind: str
    what: str


@dataclass(frozen=True, slots=True)
class Built:
    """A contract as the distiller takes it, or a sentence what is still wrong; ``conditions`` is how many it has."""

    contract: dict[str, Any] | None
    problem: str = ""
    conditions: int = 0


def build(clauses: Sequence[Clause], least: int = 0, timeout: float = 0.0, probes: Sequence[str] = ()) -> Built:
    """Put clauses together.

    Args:
        clauses: those that are empty are left out.
        least: how many conditions have to be met; 0 for all of them.
        timeout: seconds of the distiller's clock, 0 for no limit.
        probes: attributes to show of every tonic.
    """
    tonics: dict[str, dict[str, Any]] = {}
    for clause in clauses:
        if not clause.tonic and not clause.what:
            continue
        if not clause.tonic or not clause.what:
            said = clause.what or clause.tonic
            lacks = "a tonic" if not clause.tonic else _lacking(clause.kind)
            return Built(None, f"The condition with “{said}” lacks {lacks}.")
        terms = tonics.setdefault(clause.tonic, {})
        if clause.kind == VALUE:
            name, value, problem = _value_of(clause.what)
            if problem:
                return Built(None, problem)
            terms.setdefault("stop_on_probe", {})[name] = value
        else:
            known = terms.setdefault(_KEYS[clause.kind], [])
            known += [name for name in names_in(clause.what) if name not in known]
    conditions = sum(_conditions(terms) for terms in tonics.values())
    if not conditions:
        return Built(None, "Add a condition: a state, a sparkle or a value that a tonic shall have.")
    if least > conditions:
        are = "there is one condition" if conditions == 1 else f"there are {conditions} conditions"
        return Built(None, f"It stops when {least} are met, but {are}.", conditions)
    contract: dict[str, Any] = {"tonics": tonics}
    if least:
        contract["stop_match_count"] = least
    if timeout:
        contract["timeout"] = timeout
    if probes:
        contract["probes"] = list(probes)
    return Built(contract, "", conditions)


def names_in(text: str) -> list[str]:
    """Names as they are typed: separated by commas or spaces."""
    return [name for name in text.replace(",", " ").split() if name]


def tonic_names(known: Knowledge) -> list[str]:
    """The tonics that live, by name, in the order in which they were born; without catalysts and timers."""
    found: dict[str, None] = {}
    for essence in known.essences:
        facts = known.essences.get(essence)
        if facts is not None and facts.is_alive and facts.catalyst != essence and essence not in known.timers:
            found[facts.name] = None
    return list(found)


def essence_named(known: Knowledge, name: str) -> int:
    """The oldest living essence with a name; -1 for none."""
    for essence in known.essences:
        facts = known.essences.get(essence)
        if facts is not None and facts.is_alive and facts.name == name:
            return essence
    return -1


def states_of(known: Knowledge, tonic: str = "") -> list[str]:
    """The states of a tonic, or of all classes."""
    classes = [_class_of(known, tonic)] if tonic else list(known.names.classes)
    return list(dict.fromkeys(state for cls in classes for state in known.names.states(cls)))


def sparkles_of(known: Knowledge, tonic: str = "") -> list[str]:
    """The sparkles of a tonic that can be called, or of all classes; the framework's own are left out."""
    classes = [_class_of(known, tonic)] if tonic else list(known.names.classes)
    names = (sparkle.name for cls in classes for sparkle in known.names.sparkles_of(cls))
    return list(dict.fromkeys(name for name in names if not name.startswith("_")))


def attributes_of(known: Knowledge, tonic: str) -> list[str]:
    """The attributes of a tonic, as far as somebody has looked at it."""
    facts = known.attributes.get(essence_named(known, tonic))
    return [row.name for row in facts.rows] if facts is not None else []


def _class_of(known: Knowledge, tonic: str) -> int:
    facts = known.essences.get(essence_named(known, tonic))
    return facts.cls if facts is not None else -1


def _conditions(terms: dict[str, Any]) -> int:
    one_each = bool(terms.get("till_state_in")) + bool(terms.get("till_sparkle_in"))
    return one_each + len(terms.get("stop_on_probe", {}))


def _lacking(kind: str) -> str:
    return {STATE: "a state", SPARKLE: "a sparkle", VALUE: "an attribute and its value", PROBE: "an attribute"}[kind]


def _value_of(text: str) -> tuple[str, Any, str]:
    """Attribute and value of ``level == 50``; a sentence when it is something else."""
    name, equals, value = text.partition("==" if "==" in text else "=")
    name = name.strip()
    try:
        read = ast.literal_eval(value.strip()) if equals else None
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        read, equals = None, ""
    if not equals or not name.isidentifier() or not _is_plain(read):
        return (
            "",
            None,
            f"“{text}” is no attribute with a value: write it as level == 50, name == 'red' or done == True.",
        )
    return name, read, ""


def _is_plain(value: Any) -> bool:
    """Whether it comes over to the app as what it is."""
    if isinstance(value, list):
        return all(map(_is_plain, value))
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_plain(each) for key, each in value.items())
    return value is None or isinstance(value, (bool, int, float, str))
