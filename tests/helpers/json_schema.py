"""Holds a value against a JSON schema (draft 4), as far as the schemas in `tests/data` go; a keyword that is not known here raises."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
_FORMATS: Final = {
    "uri": re.compile(r"[A-Za-z][\w+.-]*:[\w\-.~:/?#\[\]@!$&'()*+,;=%]+", re.ASCII),
    "uri-reference": re.compile(r"(?:[\w\-.~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*", re.ASCII),
    "date-time": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"),
}
_SAYING_NOTHING: Final = {"$schema", "id", "title", "description", "default", "definitions"}


def faults_of(value: Any, schema: dict[str, Any]) -> list[str]:
    """Where a value is not as its schema says, and why."""
    return list(_Schema(schema).faults(value, schema, "$"))


class _Schema:
    def __init__(self, whole: dict[str, Any]) -> None:
        self._whole = whole

    def faults(self, value: Any, schema: dict[str, Any], at: str) -> Iterator[str]:
        if "$ref" in schema:
            yield from self.faults(value, self._whole["definitions"][schema["$ref"].removeprefix("#/definitions/")], at)
            return
        for keyword, said in schema.items():
            if keyword not in _SAYING_NOTHING and keyword not in ("additionalProperties", "items", "properties"):
                if not _RULES[keyword](self, value, said, at):
                    yield f"{at}: {value!r:.60} is not as {keyword} says: {said!r:.80}"
        if isinstance(value, list) and "items" in schema:
            for number, item in enumerate(value):
                yield from self.faults(item, schema["items"], f"{at}[{number}]")
        if isinstance(value, dict):
            yield from self._properties(value, schema, at)

    def _properties(self, value: dict[str, Any], schema: dict[str, Any], at: str) -> Iterator[str]:
        known, others = schema.get("properties", {}), schema.get("additionalProperties", True)
        for name, item in value.items():
            if name in known:
                yield from self.faults(item, known[name], f"{at}.{name}")
            elif others is False:
                yield f"{at}: there is no {name}"
            elif isinstance(others, dict):
                yield from self.faults(item, others, f"{at}.{name}")

    def fitting(self, value: Any, schemas: list[dict[str, Any]], at: str) -> int:
        """How many of some schemas it fits."""
        return sum(not any(self.faults(value, it, at)) for it in schemas)


def _is_of_type(value: Any, said: str | list[str]) -> bool:
    names = [said] if isinstance(said, str) else said
    kinds = tuple(kind for name in names for kind in _TYPES[name])
    return isinstance(value, kinds) and (not isinstance(value, bool) or bool in kinds)


def _is_unique(value: Any) -> bool:
    return not isinstance(value, list) or all(it not in value[:number] for number, it in enumerate(value))


_RULES: Final[dict[str, Callable[[_Schema, Any, Any, str], bool]]] = {
    "type": lambda _, value, said, at: _is_of_type(value, said),
    "enum": lambda _, value, said, at: value in said,
    "required": lambda _, value, said, at: not isinstance(value, dict) or value.keys() >= set(said),
    "minItems": lambda _, value, said, at: not isinstance(value, list) or len(value) >= said,
    "uniqueItems": lambda _, value, said, at: not said or _is_unique(value),
    "minimum": lambda _, value, said, at: not isinstance(value, int | float) or value >= said,
    "maximum": lambda _, value, said, at: not isinstance(value, int | float) or value <= said,
    "pattern": lambda _, value, said, at: not isinstance(value, str) or re.search(said, value) is not None,
    "format": lambda _, value, said, at: not isinstance(value, str) or _FORMATS[said].fullmatch(value) is not None,
    "anyOf": lambda it, value, said, at: it.fitting(value, said, at) > 0,
    "oneOf": lambda it, value, said, at: it.fitting(value, said, at) == 1,
}
