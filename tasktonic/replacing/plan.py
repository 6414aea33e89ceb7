"""What would be replaced of a running file by another text of it, and what cannot be, with the reason for each. Nothing is run."""

from __future__ import annotations

import ast
import dis
import inspect
from collections.abc import Callable, Iterator
from functools import partial
from types import CellType, CodeType, FunctionType, ModuleType
from typing import Any, Final

from tasktonic import names
from tasktonic.errors import ttSparkleNameError
from tasktonic.essence import ttEssence
from tasktonic.states import fault_of
from tasktonic.tonic import ttTonic

from .changes import NEW, Plan, Put, Swap
from .leaning import withdraw_what_leans
from .living import (
    classes_of,
    function_in,
    is_from,
    is_made_by,
    known_names,
    living_of,
    own_name,
    roles_of,
    tables_below,
)
from .outside import compare_outside, new_imports
from .source import ClassText, Method, SourceText, is_in_place, is_same, nearest

_ABSENT: Final = object()
_ONCE: Final = frozenset({"__init__", "setup_ui", "ttse__on_start", "_init_post_action"})
"""What has run already in everything that lives."""


def compare(module: ModuleType, new: SourceText, old: SourceText | None, plan: Plan) -> None:
    """Add to a plan what another text of a module's file changes; ``old`` is what runs, if that is known."""
    _Comparison(module, new, old, plan).make()


class _Refused(Exception):
    """Carries the reason."""


class _Comparison:
    def __init__(self, module: ModuleType, new: SourceText, old: SourceText | None, plan: Plan) -> None:
        self._module = module
        self._new = new
        self._old = old
        self._plan = plan
        self._imports = new_imports(module, new, plan.keep) if old is not None else {}
        self._added = {name for name in new.functions if name not in vars(module)} | set(self._imports)
        self._known = known_names(module)

    def make(self) -> None:
        self._plan.new, self._plan.old = self._new, self._old
        running = classes_of(self._module, self._new)
        for name, text in self._new.classes.items():
            if name not in running and "<locals>" not in name:
                self._plan.keep(name, "a new class begins with a restart", text.node.lineno)
            for cls in running.get(name, ()):
                self._class(cls, text, self._old.classes.get(name) if self._old is not None else None)
        self._functions()
        withdraw_what_leans(self._plan)
        for name, value in self._imports.items():
            self._plan.puts.append(Put(self._module, name, value, f"import of {name}", is_new=True))
        if self._old is not None:
            compare_outside(self._old, self._new, self._plan.keep, set(running))
        else:
            self._plan.notes.append(
                "What stands outside of methods was not compared: the text that the app was started from is not known."
            )

    def _class(self, cls: type, text: ClassText, old: ClassText | None) -> None:
        for name, methods in text.methods.items():
            key = own_name(cls.__name__, name)
            value = vars(cls).get(key, _ABSENT)
            if value is _ABSENT:
                self._try(cls, methods[-1], None, partial(self._new_method, cls, methods[-1], key))
                continue
            before = old.methods.get(name, []) if old is not None else []
            roles = roles_of(text, name)
            for number, (method, role) in enumerate(zip(methods, roles, strict=True)):
                if roles.count(role) > 1 and role == "" and number != len(methods) - 1:
                    continue  # defined again below, which is what holds
                was = before[number] if number < len(before) else None
                self._method(cls, key, value, role, method, was)
        self._removed(cls, text)

    def _functions(self) -> None:
        for name, methods in self._new.functions.items():
            method = methods[-1]
            value = vars(self._module).get(name, _ABSENT)
            if value is _ABSENT:
                self._try(None, method, None, partial(self._new_function, method))
                continue
            before = self._old.functions.get(name) if self._old is not None else None
            self._method(None, name, value, "", method, before[-1] if before else None)

    def _removed(self, cls: type, text: ClassText) -> None:
        for value in vars(cls).values():
            function = function_in(value)
            if function is None or not is_from(function, self._module):
                continue
            name = function.__code__.co_name
            if is_made_by(function, cls, name) and name not in text.methods:
                self._plan.keep(
                    _label(cls, name), "is gone from the source; it stays until a restart", text.node.lineno
                )

    # -- one function -----------------------------------------------------------------------------------------------

    def _method(self, cls: type | None, key: str, value: Any, role: str, method: Method, was: Method | None) -> None:
        function = function_in(value, role)
        if function is None or not is_from(function, self._module) or not is_made_by(function, cls, method.name):
            if was is not None and (
                not is_same(was.code, method.code) or _default_texts(method) != _default_texts(was)
            ):
                self._stay(cls, method, function, "a decorator has made something else of it: restart to use it")
            return
        running = function.__code__
        if is_same(running, method.code) and not _has_other_defaults(method, function, was):
            if not is_in_place(running, method.code):
                self._swap(cls, function, method, (function.__defaults__, function.__kwdefaults__), is_moved=True)
            return
        self._try(cls, method, function, partial(self._replace, cls, key, value, role, function, method, was))

    def _try(self, cls: type | None, method: Method, function: FunctionType | None, change: Callable[[], None]) -> None:
        """Enter a change of a function into the plan, or why it stays; ``function`` is what runs now, none for a new one."""
        try:
            change()
        except _Refused as error:
            self._stay(cls, method, function, str(error), is_new=function is None)

    def _stay(
        self, cls: type | None, method: Method, function: FunctionType | None, why: str, *, is_new: bool = False
    ) -> None:
        label = _label(cls, method.name)
        self._plan.stay(cls, method.name, label, function, is_new=is_new)
        self._plan.keep(label, why, method.line)

    def _replace(
        self, cls: Any, key: str, value: Any, role: str, function: FunctionType, method: Method, was: Method | None
    ) -> None:
        self._check_kind(cls, method)
        self._check_names(method.code, function.__code__)
        if method.name == "__init__" and cls is not None and issubclass(cls, ttEssence) and (alive := living_of({cls})):
            of = f"{len(alive)} that live were" if len(alive) > 1 else f"{alive[0].name} was"
            raise _Refused(f"{of} made with the old one: restart to use it")
        defaults = self._defaults(method, function, was)
        if function.__code__.co_freevars == method.code.co_freevars:
            self._swap(cls, function, method, defaults)
        else:
            self._check_toolkit(cls, method, is_new=False)
            other = self._made(cls, method, defaults, function)
            wrapped = _wrapped(value, role, other)
            self._plan.puts.append(
                Put(cls, key, wrapped, _label(cls, method.name), is_new=False, code=method.code, was=function)
            )
        if method.name in _ONCE or method.name.startswith("creating_"):
            self._plan.notes.append(
                f"{_label(cls, method.name)} has run already for what lives; what is made anew uses it."
            )

    def _swap(
        self, cls: type | None, function: FunctionType, method: Method, defaults: Any, *, is_moved: bool = False
    ) -> None:
        doc = ast.get_docstring(method.node)
        self._plan.swaps.append(
            Swap(cls, _label(cls, method.name), function, method.code, defaults[0], defaults[1], doc, is_moved)
        )

    def _new_method(self, cls: Any, method: Method, key: str) -> None:
        if method.node.decorator_list:
            raise _Refused("it is new and has a decorator, which only a restart runs")
        self._check_kind(cls, method)
        self._check_names(method.code, None)
        self._check_toolkit(cls, method, is_new=True)
        if issubclass(cls, ttTonic):
            parsed = names.parse(method.name, tuple(cls._get_custom_prefixes()))
            for table in tables_below({cls}):
                if parsed is not None and parsed.state and parsed.state not in table.state_index:
                    near = nearest(parsed.state, table.states)
                    raise _Refused(
                        f"{table.name} has no state {parsed.state!r}; a new one begins with a restart.{near}"
                    )
        function = self._made(cls, method, self._defaults(method, None, None), None)
        self._plan.puts.append(Put(cls, key, function, _label(cls, method.name) + NEW, is_new=True, code=method.code))

    def _new_function(self, method: Method) -> None:
        if method.node.decorator_list:
            raise _Refused("it is new and has a decorator, which only a restart runs")
        self._check_names(method.code, None)
        function = self._made(None, method, self._defaults(method, None, None), None)
        self._plan.puts.append(
            Put(self._module, method.name, function, method.name + NEW, is_new=True, code=method.code)
        )

    def _made(self, cls: type | None, method: Method, defaults: Any, before: FunctionType | None) -> FunctionType:
        """A function of new code, in the module of the old one and over the same cells."""
        cells = (
            dict(zip(before.__code__.co_freevars, before.__closure__ or (), strict=True)) if before is not None else {}
        )
        if cls is not None:
            cells.setdefault("__class__", CellType(cls))
        unknown = [name for name in method.code.co_freevars if name not in cells]
        if unknown:
            raise _Refused(f"it uses {unknown[0]!r} of the function around it, which has run: restart to use it")
        closure = tuple(cells[name] for name in method.code.co_freevars)
        made = FunctionType(method.code, vars(self._module), method.name, defaults[0], closure)
        made.__kwdefaults__ = defaults[1]
        made.__qualname__ = method.code.co_qualname
        if before is not None:
            made.__annotations__ = before.__annotations__
        return made

    # -- what may stand in the way ----------------------------------------------------------------------------------

    def _check_kind(self, cls: Any, method: Method) -> None:
        if cls is None or not issubclass(cls, ttTonic):
            return
        try:
            parsed = names.parse(method.name, tuple(cls._get_custom_prefixes()))
        except ttSparkleNameError as error:
            raise _Refused(str(error)) from None
        probe = FunctionType(method.code, {}, method.name, None, tuple(CellType() for _ in method.code.co_freevars))
        if parsed is not None and (fault := fault_of(probe)):
            raise _Refused(f"it is {fault}; a sparkle is a plain method that runs to its end")

    def _check_names(self, code: CodeType, before: CodeType | None) -> None:
        used = set(_globals_of(code)) - self._known - self._added
        if before is not None:
            used -= set(_globals_of(before))
        if used:
            name = min(used)
            near = nearest(name, sorted(self._known))
            raise _Refused(f"it uses {name!r}, which the running module does not have: restart to use it.{near}")

    def _check_toolkit(self, cls: Any, method: Method, *, is_new: bool) -> None:
        """Refuse what a toolkit made in C has looked up for good: it may keep a function that nobody holds any more."""
        natives = [vars(base).get(method.name) for base in cls.__mro__[1:]] if cls is not None else []
        if method.name.startswith("__") or not any(inspect.isbuiltin(it) or _is_native(it) for it in natives):
            return
        if issubclass(cls, ttEssence) and (not living_of({cls}) or (cls._tt_can_renew(method.name) and not is_new)):
            return
        raise _Refused("what lives has been asked for it by its toolkit already: restart to use it")

    def _defaults(self, method: Method, function: FunctionType | None, was: Method | None) -> Any:
        given = method.node.args
        if function is not None and not _has_other_defaults(method, function, was):
            present = function.__defaults__ or (), function.__kwdefaults__ or {}
            wanted = [
                arg.arg for arg, value in zip(given.kwonlyargs, given.kw_defaults, strict=True) if value is not None
            ]
            if len(given.defaults) == len(present[0]) and wanted == list(present[1]):
                return function.__defaults__, function.__kwdefaults__
        found = _literals(method)
        if found is None:
            raise _Refused("a default value of it is no plain literal, and only a restart computes it")
        return found


def _has_other_defaults(method: Method, function: FunctionType, was: Method | None) -> bool:
    if was is not None:
        return _default_texts(method) != _default_texts(was)
    found = _literals(method)
    present = function.__defaults__, function.__kwdefaults__
    # A list may have been filled since: whether the text gives another one cannot be told from what it is now.
    return found is not None and found != present and _is_for_good(present)


def _literals(method: Method) -> tuple[tuple[Any, ...] | None, dict[str, Any] | None] | None:
    """The default values of a function, by place and by name; None when they are no plain literals."""
    given = method.node.args
    try:
        values = tuple(ast.literal_eval(value) for value in given.defaults)
        named = {
            arg.arg: ast.literal_eval(value)
            for arg, value in zip(given.kwonlyargs, given.kw_defaults, strict=True)
            if value is not None
        }
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
    return values or None, named or None


def _is_for_good(defaults: tuple[tuple[Any, ...] | None, dict[str, Any] | None]) -> bool:
    """Whether default values are such that nobody can have changed them."""
    kinds = (bool, int, float, complex, str, bytes, type(None), type(...))
    return all(type(it) in kinds for it in (*(defaults[0] or ()), *(defaults[1] or {}).values()))


def _is_native(value: Any) -> bool:
    return inspect.ismethoddescriptor(value) and not isinstance(value, staticmethod | classmethod)


def _label(cls: type | None, name: str) -> str:
    return f"{cls.__qualname__.rpartition('<locals>.')[2]}.{name}" if cls is not None else name


def _wrapped(value: Any, role: str, function: FunctionType) -> Any:
    """A function in the same wrapping as before."""
    if isinstance(value, property):
        accessors: dict[str, Any] = {"setter": value.setter, "deleter": value.deleter}
        return accessors.get(role, value.getter)(function)
    return type(value)(function) if isinstance(value, staticmethod | classmethod) else function


def _default_texts(method: Method) -> list[str]:
    given = method.node.args
    return [ast.dump(value) if value is not None else "" for value in (*given.defaults, *given.kw_defaults)]


def _globals_of(code: CodeType) -> Iterator[str]:
    for step in dis.get_instructions(code):
        if step.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            yield step.argval
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield from _globals_of(const)
