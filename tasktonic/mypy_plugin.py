"""A plugin for mypy: it knows the sparkles of a tonic that no method is named after.

Switch it on with ``plugins = ["tasktonic.mypy_plugin"]`` in the settings of mypy. Only mypy imports this module. What it adds
to checking:

- A sparkle that has handlers for states only (``ttsc_closed__open``) can be called by its plain name (``ttsc__open``), with the
  arguments of its handlers. A sparkle that has no handler at all stays an error.
- The call of a sparkle gives ``None``, whatever its handler is annotated with: what a handler returns goes nowhere.
- The return type of a handler may be left out, also where mypy wants every function annotated.

How to use it, and what other checkers need instead: docs/typing.md.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mypy.nodes import ARG_STAR, ARG_STAR2, Argument, FuncDef, TypeInfo, Var
from mypy.plugin import ClassDefContext, MethodSigContext, Plugin
from mypy.plugins.common import add_method_to_class
from mypy.types import AnyType, CallableType, FunctionLike, Instance, NoneType, Type, TypeOfAny, get_proper_type
from mypy.typevars import fill_typevars

from .errors import ttSparkleNameError
from .names import SparkleName, parse

TONIC: Final = "tasktonic.tonic.ttTonic"
TOOLKIT_PREFIXES: Final = ("ttqt",)


def plugin(version: str) -> type[Plugin]:
    """What mypy looks for in a plugin."""
    return TonicPlugin


class TonicPlugin(Plugin):
    """What mypy asks while it reads classes and calls."""

    def get_base_class_hook(self, fullname: str) -> Callable[[ClassDefContext], None] | None:
        """Called for each base that a class statement names, after its body was read."""
        found = self.lookup_fully_qualified(fullname)
        if found is not None and isinstance(found.node, TypeInfo) and found.node.has_base(TONIC):
            return _complete_tonic
        return None

    def get_method_signature_hook(self, fullname: str) -> Callable[[MethodSigContext], FunctionLike] | None:
        """Called for each call of a method on an object; ``super()`` is none, so what it gives stays as it is."""
        return _give_nothing if _taken_apart(fullname.rpartition(".")[2]) is not None else None


def _taken_apart(method: str) -> SparkleName | None:
    try:
        return parse(method, TOOLKIT_PREFIXES)
    except ttSparkleNameError:
        return None


def _give_nothing(context: MethodSigContext) -> FunctionLike:
    called_on = context.type
    if isinstance(called_on, Instance) and called_on.type.has_base(TONIC):
        return context.default_signature.copy_modified(ret_type=NoneType())
    return context.default_signature


def _complete_tonic(context: ClassDefContext) -> None:
    """Add what the class lacks. Mypy may read a class several times, as it learns more of what the class uses."""
    info = context.cls.info
    for symbol in info.names.values():
        if isinstance(symbol.node, FuncDef) and _taken_apart(symbol.node.name) is not None:
            _let_return_nothing(info, symbol.node)
    for called, handlers in _handlers_by_call(info).items():
        if not _is_written_out(info, called):
            arguments = _common_arguments([_with_known_types(context, handler) for handler in handlers])
            add_method_to_class(context.api, context.cls, called, arguments, NoneType())


def _with_known_types(context: ClassDefContext, handler: FuncDef) -> CallableType | None:
    """The signature of a handler, without its first argument; None when it has no annotations."""
    if not isinstance(handler.type, CallableType):
        return None
    types: list[Type] = []
    for written in handler.type.arg_types[1:]:
        known = context.api.anal_type(written)
        if known is None and not context.api.final_iteration:
            context.api.defer()
        types.append(known or AnyType(TypeOfAny.special_form))
    return handler.type.copy_modified(
        arg_types=types, arg_names=handler.type.arg_names[1:], arg_kinds=handler.type.arg_kinds[1:]
    )


def _let_return_nothing(info: TypeInfo, handler: FuncDef) -> None:
    """Read a handler that leaves out what it returns as one that returns nothing."""
    if handler.is_coroutine or handler.is_generator:
        return
    kind = handler.type
    if isinstance(kind, CallableType):
        returned = get_proper_type(kind.ret_type)
        if isinstance(returned, AnyType) and returned.type_of_any == TypeOfAny.unannotated:
            handler.type = kind.copy_modified(ret_type=NoneType())
    elif kind is None and len(handler.arguments) == 1:
        # One that has arguments and no annotation is one that its writer does not want to have checked.
        function = info.mro[-1].names["__init__"].type
        assert isinstance(function, CallableType)
        handler.type = CallableType(
            [fill_typevars(info)], handler.arg_kinds, handler.arg_names, NoneType(), function.fallback, handler.name
        )


def _handlers_by_call(info: TypeInfo) -> dict[str, list[FuncDef]]:
    """The handlers for states of a class and all above it, by the name that calls them in any state."""
    found: dict[str, FuncDef] = {}
    for base in info.mro:
        for name, symbol in base.names.items():
            if isinstance(symbol.node, FuncDef):
                found.setdefault(name, symbol.node)
    by_call: dict[str, list[FuncDef]] = {}
    for name, handler in found.items():
        parsed = _taken_apart(name)
        if parsed is not None and parsed.state:
            by_call.setdefault(parsed.called, []).append(handler)
    return by_call


def _is_written_out(info: TypeInfo, name: str) -> bool:
    """Whether the class or one above it has a method, or a declaration, of this very name."""
    symbols = [base.names[name] for base in info.mro if name in base.names]
    return any(not symbol.plugin_generated for symbol in symbols)


def _common_arguments(handlers: list[CallableType | None]) -> list[Argument]:
    """The arguments of all handlers if they agree, else any: which of them runs is only known when it runs."""
    unsure = AnyType(TypeOfAny.explicit)
    known = [handler for handler in handlers if handler is not None]
    shapes = {(*handler.arg_names, *handler.arg_kinds) for handler in known}
    if len(known) < len(handlers) or len(shapes) != 1:
        return [Argument(Var("args"), unsure, None, ARG_STAR), Argument(Var("kwargs"), unsure, None, ARG_STAR2)]
    arguments = []
    for number, (name, kind) in enumerate(zip(known[0].arg_names, known[0].arg_kinds, strict=True)):
        agreed = {handler.arg_types[number] for handler in known}
        wanted = agreed.pop() if len(agreed) == 1 else unsure
        arguments.append(Argument(Var(name or f"argument_{number}"), wanted, None, kind, pos_only=name is None))
    return arguments
