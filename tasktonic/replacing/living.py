"""What of a source file runs in this process: its modules, its classes and their functions."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, Final

from tasktonic.essence import ttEssence
from tasktonic.ledger import ttLedger
from tasktonic.states import ClassTable, tables

from .source import ClassText, SourceText

_OWN_FOLDER: Final = str(Path(__file__).parents[1])
_WRAPPED: Final = (staticmethod, classmethod)


def is_of_framework(file: str) -> bool:
    """Whether a file belongs to the framework itself: what does the replacing is not replaced."""
    return os.path.realpath(file).startswith(_OWN_FOLDER + os.sep)


def modules_of(file: str) -> list[ModuleType]:
    """The modules that were loaded from a file: two, when a script is also imported. Any thread."""
    wanted = os.path.realpath(file)
    found = []
    for module in list(sys.modules.values()):
        path = getattr(module, "__file__", None)
        if type(path) is str and path.endswith((".py", ".pyw")) and os.path.realpath(path) == wanted:
            found.append(module)
    return found


def classes_of(module: ModuleType, texts: SourceText) -> dict[str, list[type]]:
    """The classes that a module has, by qualified name; of a class inside a function each that essences were made of."""
    found: dict[str, list[type]] = {}
    tonics = [table.cls for table in tables() if table.cls.__module__ == module.__name__]
    for name in texts.classes:
        if "<locals>" in name:
            classes = [cls for cls in tonics if cls.__qualname__ == name]
        else:
            one = _by_path(module, name)
            classes = [one] if one is not None else []
        if classes:
            found[name] = classes
    return found


def _by_path(module: ModuleType, name: str) -> type | None:
    inside: Any = module
    for step in name.split("."):
        inside = vars(inside).get(step)
        if not isinstance(inside, type):
            return None
    return inside if inside.__module__ == module.__name__ and inside.__qualname__ == name else None


def own_name(cls: str, name: str) -> str:
    """The name under which a class of this name keeps a method: private ones are mangled."""
    private = name.startswith("__") and not name.endswith("__")
    return f"_{cls.lstrip('_')}{name}" if private and cls.strip("_") else name


def function_in(value: Any, role: str = "") -> FunctionType | None:
    """The function inside an attribute of a class: itself, that of a static or class method, or that of a property."""
    if isinstance(value, _WRAPPED):
        value = value.__func__
    elif isinstance(value, property):
        value = {"setter": value.fset, "deleter": value.fdel}.get(role, value.fget)
    return value if isinstance(value, FunctionType) else None


def functions_of(module: ModuleType, texts: SourceText) -> list[FunctionType]:
    """All functions of a file that run: of its module and its classes. For finding out whether a text is what runs."""
    found = [value for value in vars(module).values() if isinstance(value, FunctionType)]
    for classes in classes_of(module, texts).values():
        for cls in classes:
            for value in vars(cls).values():
                roles = ("", "setter", "deleter") if isinstance(value, property) else ("",)
                found += [one for role in roles if (one := function_in(value, role)) is not None]
    return [one for one in found if is_from(one, module)]


def is_from(function: FunctionType, module: ModuleType) -> bool:
    """Whether a function was written in the file of a module, and in no other function of it."""
    path = getattr(module, "__file__", None) or ""
    return os.path.realpath(function.__code__.co_filename) == os.path.realpath(path)


def is_made_by(function: FunctionType, cls: type | None, name: str) -> bool:
    """Whether a function is the ``def`` of this name in a class or module, and not what a decorator made of it."""
    return function.__code__.co_qualname == (f"{cls.__qualname__}.{name}" if cls is not None else name)


def tables_below(classes: set[type]) -> list[ClassTable]:
    """The tables of some classes and of all that inherit from them."""
    return [table for table in tables() if any(issubclass(table.cls, cls) for cls in classes)]


def living_of(classes: set[type]) -> list[ttEssence]:
    """The living essences of some classes, and of those that inherit from them. Any thread."""
    if not classes:
        return []
    wanted = tuple(classes)
    return [essence for essence in list(ttLedger().essences) if isinstance(essence, wanted) and essence._tt_id >= 0]


def known_names(module: ModuleType) -> set[str]:
    """The names that code of a module finds without importing anything."""
    builtins = vars(module).get("__builtins__", {})
    return set(vars(module)) | set(builtins if isinstance(builtins, dict) else dir(builtins))


def roles_of(text: ClassText, name: str) -> list[str]:
    """For each ``def`` of this name in a class which function of a property it is: ``''`` for the plain or first one."""
    roles = []
    for method in text.methods[name]:
        last = [of for one in method.node.decorator_list if (of := _accessor(one, name))]
        roles.append(last[0] if last and last[0] in ("setter", "deleter") else "")
    return roles


def _accessor(decorator: Any, name: str) -> str:
    """What a decorator such as ``@speed.setter`` adds to the property of that name."""
    of = getattr(getattr(decorator, "value", None), "id", None)
    return str(getattr(decorator, "attr", "")) if of == name else ""
