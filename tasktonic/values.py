"""Any Python value to a short, safe description.

A description is made by the type of the value and never asks a stranger: no ``__repr__``, ``__str__``, ``__len__`` or
``__iter__`` of a class that is not the language's own is called, unless somebody asks for ``repr``. Each looks at a few items
and a few levels only, so that a list of a million costs what a list of ten does. What is named like a secret is hidden.
"""

from __future__ import annotations

import datetime
import functools
import pathlib
import re
import sys
import types
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from fnmatch import translate
from itertools import islice
from typing import Any, Final

DEFAULT_SECRETS: Final = (
    "password*",
    "passwd",
    "passphrase",
    "pwd",
    "secret*",
    "token*",
    "key",
    "keys",
    "apikey",
    "credential*",
)
"""Patterns of names whose values are hidden, matched with each word of a name and with the whole of it."""

HIDDEN: Final = "(hidden)"
"""What is shown in the place of a secret."""

_ITEMS: Final = 8
_LEVELS: Final = 3
# Classes of modules that are not loaded just for being recognised.
_STANDARD: Final = {"decimal": "Decimal", "fractions": "Fraction", "uuid": "UUID", "zoneinfo": "ZoneInfo"}
_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")

_name_of_class: Final = type.__dict__["__qualname__"].__get__
_module_of_class: Final = type.__dict__["__module__"].__get__
_arguments_of_error: Final = BaseException.__dict__["args"].__get__


class SecretNames:
    """Decides by name which values are hidden.

    A name is taken apart into words (``api_key``, ``apiKey`` and ``users/ann/api-key`` have the word ``key``, ``keyboard``
    does not), and a pattern hides the name when it fits one of its words or the whole name, whatever the case.
    """

    def __init__(self, patterns: Iterable[str] = DEFAULT_SECRETS) -> None:
        alternatives = [translate(pattern.lower()) for pattern in patterns]
        self._fits = re.compile("|".join(alternatives) or r"(?!)").match
        self._known: dict[str, bool] = {}

    def hides(self, name: str) -> bool:
        """Whether the value of that name is not to be seen. Any thread."""
        known = self._known.get(name)
        if known is None:
            words = _WORDS.findall(name)
            known = any(self._fits(word.lower()) for word in (name, *words))
            if len(self._known) < 10_000:
                self._known[name] = known
        return known


_secrets = SecretNames()


def hide_names(patterns: Iterable[str]) -> None:
    """Hide values whose names fit these patterns, from now on, in place of the ones before."""
    global _secrets
    _secrets = SecretNames(patterns)


def is_hidden(name: str) -> bool:
    """Whether values of that name (an attribute, a parameter, a path in a store) are hidden."""
    return _secrets.hides(name)


def preview(value: object, limit: int = 80, *, use_repr: bool = False) -> str:
    """A description of at most ``limit`` characters; never raises.

    Args:
        value: anything.
        limit: longer descriptions end in an ellipsis.
        use_repr: call the ``repr`` of the value, which may be anybody's code.
    """
    try:
        text = repr(value) if use_repr else _describe(value, limit, _LEVELS)
    except Exception as error:  # a description is never worth an error: a list may change while it is looked at
        text = f"<{type_name(value)}, not describable: {type(error).__name__}>"
    return text if len(text) <= limit else text[: max(limit - 1, 0)] + "…"


def preview_named(name: str, value: object, limit: int = 80) -> str:
    """The same for a value with a name: hidden when the name says that it is a secret."""
    return HIDDEN if _secrets.hides(name) else preview(value, limit)


def message_of(error: BaseException) -> str:
    """What an exception says. One whose ``__str__`` raises must not take the report of it along."""
    try:
        return str(error)
    except Exception as problem:
        return f"<its __str__ raised {type(problem).__name__}>"


def type_name(value: object) -> str:
    """The name of a value's class, with its module unless that is a built-in one."""
    cls = type(value)
    module = _module_of_class(cls)
    name: str = _name_of_class(cls)
    return name if module in ("builtins", "__main__") or type(module) is not str else f"{module}.{name}"


def preview_arguments(order: tuple[Any, ...], limit: int = 200) -> str:
    """The arguments of a queued order (see ``work_order.py``) as ``name=value, …``; secrets are hidden; never raises."""
    try:
        names = _parameter_names(order)
        count, given = order[2], order[3]
        positional, named = given if count < 0 else (given if count > 1 else (given,) * count, {})
        room = max(limit // max(len(positional) + len(named), 1), 24)
        parts = []
        for index, value in enumerate(islice(positional, 20)):
            name = names[index] if index < len(names) else ""
            parts.append(f"{name}={preview_named(name, value, room)}" if name else preview(value, room))
        parts += [f"{name}={preview_named(name, value, room)}" for name, value in islice(named.items(), 20)]
        text = ", ".join(parts)
    except Exception as error:  # as in preview
        text = f"<not describable: {type(error).__name__}>"
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _parameter_names(order: tuple[Any, ...]) -> list[str]:
    sparkle = order[0]._tt_class.sparkles[order[1]]
    signature = getattr(sparkle, "signature", None)
    if signature is not None:
        return list(signature.parameters)
    for handler in getattr(sparkle, "handlers", {}).values():
        code = handler.__code__
        return list(code.co_varnames[1 : code.co_argcount])
    return []


# ---- by type --------------------------------------------------------------------------------------------------------


def _describe(value: object, limit: int, levels: int) -> str:
    describe = _BY_TYPE.get(type(value))
    if describe is not None:
        return describe(value, limit, levels)
    # Not isinstance: that may ask the value for its __class__, which may be anybody's code.
    cls = type(value)
    if issubclass(cls, type):
        return f"class {_name_of_class(value)}"
    essence_id = _own_attribute(value, "_tt_id")
    if type(essence_id) is int:
        return _essence(value, essence_id)
    if issubclass(cls, Enum):
        return f"{_name_of_class(cls)}.{_own_attribute(value, '_name_')}"
    if _is_standard(cls):
        return repr(value)
    array = _numpy_array(value)
    if array:
        return array
    for base in (bool, int, float, str, bytes, list, tuple, dict, set, frozenset, deque):
        if issubclass(cls, base):
            # The base's own methods read the value; what the subclass overrides is not asked.
            return f"<{type_name(value)} {_BY_TYPE[base](value, limit, levels)}>"
    if issubclass(cls, BaseException):
        return f"{type_name(value)}({_items(_arguments_of_error(value), limit, levels - 1)})"
    return f"<{type_name(value)}>"


def _own_attribute(value: object, name: str) -> object:
    """An attribute without asking the class of the value, ``None`` when there is none."""
    try:
        return object.__getattribute__(value, name)
    except Exception:  # a descriptor of a stranger may raise anything
        return None


def _essence(value: object, essence_id: int) -> str:
    name = _own_attribute(value, "_tt_name")
    cls = _name_of_class(type(value))
    return f"{name} ({cls} {essence_id})" if type(name) is str else f"{essence_id:02d}.{cls}"


def _is_standard(cls: type) -> bool:
    module = _module_of_class(cls)
    name = _STANDARD.get(module) if type(module) is str else None
    return name is not None and getattr(sys.modules.get(module), name, None) is cls


def _numpy_array(value: object) -> str:
    numpy: Any = sys.modules.get("numpy")
    if numpy is None or type(value) is not getattr(numpy, "ndarray", None):
        return ""
    array: Any = value
    return f"<ndarray {array.dtype.name} {array.shape}>"


def _plain(value: Any, limit: int, levels: int) -> str:
    return repr(value)


def _time(value: Any, limit: int, levels: int) -> str:
    # The zone may be of anybody's class: it is named, not asked.
    zone = value.tzinfo
    text = repr(value.replace(tzinfo=None))
    return (
        text
        if zone is None
        else f"{text} in {repr(zone) if type(zone) is datetime.timezone or _is_standard(type(zone)) else type_name(zone)}"
    )


def _integer(value: Any, limit: int, levels: int) -> str:
    bits = int.bit_length(value)
    # Digits of a long integer take quadratic time, and Python refuses very long ones.
    return int.__repr__(value) if bits <= 512 else f"int of {bits:,} bits"


def _float(value: Any, limit: int, levels: int) -> str:
    return float.__repr__(value)


def _string(value: Any, limit: int, levels: int) -> str:
    if str.__len__(value) <= limit:
        return str.__repr__(value)
    return str.__repr__(str.__getitem__(value, slice(limit))) + "…"


def _bytes(value: Any, limit: int, levels: int) -> str:
    view = memoryview(value)
    length = view.nbytes
    text = repr(view[: min(len(view), 24)].tobytes())
    return text if length <= 24 else f"{text}… ({length:,} bytes)"


def _items(values: Iterable[object], limit: int, levels: int) -> str:
    return ", ".join(_describe(item, limit, levels) for item in values)


def _collection(
    opening: str, closing: str, length: Callable[[Any], int], iterate: Callable[[Any], Iterable[object]]
) -> Callable[[Any, int, int], str]:
    def describe(value: Any, limit: int, levels: int) -> str:
        count = length(value)
        if count and levels <= 0:
            return f"{opening}…{count:,}{closing}"
        # At least two characters go with each item, so no more of them can ever be seen.
        shown = min(count, _ITEMS, max(limit // 2, 1))
        inside = _items(islice(iterate(value), shown), limit, levels - 1)
        if opening == "(" and count == 1:
            inside += ","
        if count > shown:
            inside += f", … {count:,} items"
        return f"{opening}{inside}{closing}"

    return describe


def _mapping(value: Any, limit: int, levels: int) -> str:
    count = dict.__len__(value)
    if count and levels <= 0:
        return f"{{…{count:,}}}"
    parts = []
    for key, item in islice(dict.items(value), _ITEMS):
        hidden = type(key) is str and _secrets.hides(key)
        parts.append(f"{_describe(key, limit, levels - 1)}: {HIDDEN if hidden else _describe(item, limit, levels - 1)}")
    if count > _ITEMS:
        parts.append(f"… {count:,} items")
    return "{" + ", ".join(parts) + "}"


def _function(value: Any, limit: int, levels: int) -> str:
    return f"function {value.__qualname__}"


def _method(value: Any, limit: int, levels: int) -> str:
    name = _own_attribute(value.__func__, "__qualname__")
    return f"method {name if type(name) is str else '?'}"


def _module(value: Any, limit: int, levels: int) -> str:
    name = types.ModuleType.__getattribute__(value, "__dict__").get("__name__")
    return f"module {name}" if type(name) is str else "module"


def _partial(value: Any, limit: int, levels: int) -> str:
    return f"partial {_describe(value.func, limit, levels - 1)}"


def _path(value: Any, limit: int, levels: int) -> str:
    return f"{_name_of_class(type(value))}({str.__repr__(pathlib.PurePath.__str__(value))})"


_set = _collection("{", "}", set.__len__, set.__iter__)


def _set_or_empty(value: Any, limit: int, levels: int) -> str:
    return _set(value, limit, levels) if set.__len__(value) else "set()"


_BY_TYPE: Final[Mapping[type, Callable[[Any, int, int], str]]] = {
    **dict.fromkeys((type(None), bool, complex, range, type(Ellipsis), type(NotImplemented)), _plain),
    **dict.fromkeys((datetime.datetime, datetime.time), _time),
    **dict.fromkeys(
        (
            datetime.date,
            datetime.timedelta,
            datetime.timezone,
        ),
        _plain,
    ),
    int: _integer,
    float: _float,
    str: _string,
    **dict.fromkeys((bytes, bytearray, memoryview), _bytes),
    **dict.fromkeys((pathlib.PurePosixPath, pathlib.PureWindowsPath, pathlib.PosixPath, pathlib.WindowsPath), _path),
    list: _collection("[", "]", list.__len__, list.__iter__),
    tuple: _collection("(", ")", tuple.__len__, tuple.__iter__),
    set: _set_or_empty,
    frozenset: _collection("frozenset({", "})", frozenset.__len__, frozenset.__iter__),
    deque: _collection("deque([", "])", deque.__len__, deque.__iter__),
    **dict.fromkeys((dict, OrderedDict, defaultdict), _mapping),
    **dict.fromkeys((types.FunctionType, types.BuiltinFunctionType), _function),
    types.MethodType: _method,
    types.ModuleType: _module,
    functools.partial: _partial,
}
