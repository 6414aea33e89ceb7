"""Requests that change something in the app: attributes, values, states, calls of sparkles, and evaluation.

An edit says what the studio saw; when that is no longer so it is refused, so that nothing is overwritten unseen.
"""

from __future__ import annotations

import ast
import sys
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from tasktonic.calling import send
from tasktonic.held_queue import named_arguments
from tasktonic.literals import parse_arguments, parse_literal
from tasktonic.loops import SURVIVED
from tasktonic.probe.attributes import describe_value, is_kept_by_framework, own_attributes
from tasktonic.probe.deeds import Deed, find_essence, record, ttRequestError
from tasktonic.protocol import Message
from tasktonic.protocol.messages import (
    AskSparkles,
    Call,
    ChangeState,
    Evaluate,
    Evaluated,
    SetAttribute,
    SparkleRow,
    Sparkles,
    StoreSet,
)
from tasktonic.states import check_arguments, signature_of
from tasktonic.store import Store
from tasktonic.store_service import describe_stored
from tasktonic.tonic import ttTonic
from tasktonic.values import is_hidden, message_of, preview, preview_named
from tasktonic.work_order import PACKED

if TYPE_CHECKING:
    from tasktonic.probe.requests import Asker, Requests

_ABSENT: Final = object()
_SHOWN: Final = 200
_NAMES_SHOWN: Final = 12


def set_store_value(requests: Requests, asker: Asker, message: StoreSet) -> None:
    """Set a value in a store."""
    store = find_essence(message.store)
    if not isinstance(store, Store):
        raise ttRequestError(f"{store.name} is no store.")
    value = parse_literal(message.literal) if message.literal else message.value
    path = message.path
    shown = preview_named(path.rpartition("/")[2], value, _SHOWN)

    def check() -> None:
        if message.expects:
            found = store.get(path, _ABSENT)
            now = ("", "") if found is _ABSENT else describe_stored(path, found)
            _expect(path, (message.expected, message.expected_type), now)

    def change() -> str:
        found = store.get(path, _ABSENT)
        store.set(path, value)
        same = found is not _ABSENT and type(found) is type(value) and found == value
        return f"{path} is {shown} already: nothing has changed." if same else ""

    code = "" if is_hidden(path.rpartition("/")[2]) else f".set({path!r}, {value!r})"
    deed = Deed("store set", f"{path} = {shown}", message.store, code)
    requests.act(asker, message.request, store, deed, change, check)


def set_attribute(requests: Requests, asker: Asker, message: SetAttribute) -> None:
    """Set an attribute that an essence has."""
    essence, name = find_essence(message.essence), message.name
    value = parse_literal(message.literal)

    def check() -> None:
        own = own_attributes(essence)
        if is_kept_by_framework(essence, name):
            raise ttRequestError(f"{essence.name}.{name} belongs to the framework and cannot be set.")
        if name not in own:
            raise ttRequestError(f"{essence.name} has no attribute {name!r} of its own. {_those_of(essence, own)}")
        if message.expects:
            row = describe_value(name, own[name])
            _expect(f"{essence.name}.{name}", (message.expected, message.expected_type), (row.preview, row.type))

    text = f"{essence.name}.{name} = {preview_named(name, value, _SHOWN)}"
    deed = Deed("set attribute", text, essence.id, "" if is_hidden(name) else f".{name} = {value!r}")
    requests.act(asker, message.request, essence, deed, lambda: setattr(essence, name, value), check)


def change_state(requests: Requests, asker: Asker, message: ChangeState) -> None:
    """Have a tonic asked to go to a state."""
    tonic = _tonic(message.essence)
    index = tonic._tt_index_of(message.state)

    def change() -> str:
        send(tonic, tonic._tt_class.slot_by_name["_ttss__to_state"], 1, (index,), via=asker.name)
        return _when_it_runs(tonic)

    deed = Deed("change state", f"{tonic.name} to {message.state}", tonic.id, f".to_state({message.state!r})")
    requests.act(asker, message.request, tonic, deed, change, lambda: _check_lives(tonic))


def ask_sparkles(requests: Requests, asker: Asker, message: AskSparkles) -> None:
    """Say which sparkles of a tonic can be called, and with what."""
    try:
        tonic = _tonic(message.essence)
    except ttRequestError as error:
        asker.tell(Sparkles(message.essence, message.request, problem=str(error)))
        return
    rows = tuple(sorted((_sparkle_row(sparkle) for sparkle in _callable_ones(tonic)), key=lambda row: row.name))
    asker.tell(Sparkles(message.essence, message.request, rows))


def call(requests: Requests, asker: Asker, message: Call) -> None:
    """Call a sparkle in the ordinary way: an order, whose cause is the name of the studio."""
    tonic = _tonic(message.essence)
    sparkle = next((one for one in _callable_ones(tonic) if one.called == message.sparkle), None)
    if sparkle is None:
        names = ", ".join(sorted(one.called for one in _callable_ones(tonic))) or "none"
        raise ttRequestError(f"{tonic.name} has no sparkle {message.sparkle!r} that can be called. There are: {names}.")
    args, kwargs = parse_arguments(message.arguments)
    check_arguments(sparkle, f"{tonic.name}.{sparkle.called}", args, kwargs)

    def order() -> str:
        if sparkle.signature is None:
            send(tonic, sparkle.slot, PACKED, (args, kwargs), via=asker.name)
        else:
            bound = sparkle.signature.bind(*args, **kwargs)
            bound.apply_defaults()
            values = tuple(bound.arguments.values())
            send(tonic, sparkle.slot, len(values), values, via=asker.name)
        return _when_it_runs(tonic)

    places = [name for name, _ in named_arguments(sparkle, args, {})]
    given = [preview_named(name, value, 60) for name, value in zip(places, args, strict=True)] + [
        f"{name}={preview_named(name, it, 60)}" for name, it in kwargs.items()
    ]
    deed = Deed("call", f"{tonic.name}.{sparkle.called}({', '.join(given)})"[:_SHOWN], tonic.id)
    requests.act(asker, message.request, tonic, deed, order, lambda: _check_lives(tonic))


def evaluate(requests: Requests, asker: Asker, message: Evaluate) -> None:
    """Run code in a held tonic, and describe what comes of it."""
    essence = None
    try:
        essence = find_essence(message.essence)
        run = _compiled(message.code, may_act=message.may_act)
    except (ttRequestError, SyntaxError, ValueError, RecursionError, MemoryError) as error:
        problem = str(error) if isinstance(error, ttRequestError) else f"This cannot be read: {_where(error)}."
        asker.tell(Evaluated(message.essence, message.request, problem=problem))
        return
    began = [False]

    def over(**fields: Any) -> Message:
        return Evaluated(message.essence, message.request, **fields)

    def look() -> Message:
        home = requests.home_of(essence)
        if home is None or not home.is_held:
            where = home.name if home is not None else "its catalyst"
            return over(problem=f"{where} is not held: hold it first, then evaluate.")
        began[0] = True
        record(Deed("evaluate", preview(message.code, _SHOWN), essence.id), asker.name)
        scope = {**vars(sys.modules.get(type(essence).__module__, sys)), "self": essence}
        home.via, before = asker.name, home.via
        try:
            return over(rows=(describe_value("", run(scope)),))
        except SURVIVED as error:
            lines = "".join(traceback.format_exception(error.with_traceback(_below_us(error))))
            return over(problem=f"{type(error).__name__}: {message_of(error)}".rstrip(": "), traceback=lines[-20_000:])
        finally:
            home.via = before

    def late(sentence: str) -> Message:
        if began[0]:
            sentence = f"{essence.name} is still evaluating this. What comes of it is shown when it is through."
        return over(problem=sentence, is_over=False)

    requests.in_catalyst(asker, essence, look, late, twice=True)


def _compiled(code: str, *, may_act: bool) -> Callable[[dict[str, Any]], object]:
    """What runs the code in a scope and gives its value.

    Raises:
        SyntaxError: it is no Python.
        ttRequestError: it has statements, and it may not act.
    """
    try:
        expression = compile(code.strip(), "<evaluated>", "eval", dont_inherit=True)
    except SyntaxError:
        tree = ast.parse(code, "<evaluated>")
    else:
        return lambda scope: eval(expression, scope)
    if not tree.body:
        raise ttRequestError("Nothing was typed.")
    if not may_act:
        raise ttRequestError("This is a statement and no expression. Statements are taken with 'May act' switched on.")
    last = tree.body[-1]
    ends = ast.Expression(last.value) if isinstance(last, ast.Expr) else None
    if ends is not None:
        tree.body.pop()
    statements = compile(tree, "<evaluated>", "exec", dont_inherit=True)
    value = compile(ends, "<evaluated>", "eval", dont_inherit=True) if ends is not None else None

    def run(scope: dict[str, Any]) -> object:
        exec(statements, scope)
        return eval(value, scope) if value is not None else None

    return run


def _below_us(error: BaseException) -> Any:
    """The traceback from the evaluated code on: what is above it is ours."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename != "<evaluated>":
        trace = trace.tb_next
    return trace or error.__traceback__


def _where(error: BaseException) -> str:
    message, line = getattr(error, "msg", str(error)), getattr(error, "lineno", None)
    return f"{message}, line {line}" if line else str(message)


def _expect(what: str, seen: tuple[str, str], now: tuple[str, str]) -> None:
    """Refuse when something is no longer what the studio saw, as description and type."""
    if seen == now:
        return
    before = f"it was {seen[0]} ({seen[1]})" if seen[1] else "it was not there"
    after = f"now it is {now[0]} ({now[1]})" if now[1] else "now it is gone"
    raise ttRequestError(
        f"{what} has changed meanwhile: {before}, {after}. Nothing was set; look again and decide anew."
    )


def _tonic(essence_id: int) -> Any:
    essence = find_essence(essence_id)
    if not isinstance(essence, ttTonic):
        raise ttRequestError(f"{essence.name} is no tonic: it has no states and no sparkles.")
    return essence


def _check_lives(tonic: Any) -> None:
    if tonic._tt_id < 0:
        raise ttRequestError("It has finished meanwhile.")
    if tonic._tt_handlers is tonic._tt_class.dropping:
        raise ttRequestError(f"{tonic.name} is finishing: orders for it are dropped.")


def _when_it_runs(tonic: Any) -> str:
    catalyst = tonic.catalyst
    return f"It is queued: {catalyst.name} is held, and runs it when it goes on." if catalyst.is_held else ""


def _callable_ones(tonic: Any) -> list[Any]:
    """The sparkles that can be called from outside: not the framework's, and by the name that fits every state."""
    return [one for one in tonic._tt_class.sparkles if not one.is_system]


def _sparkle_row(sparkle: Any) -> SparkleRow:
    texts = dict.fromkeys(str(signature_of(handler))[:_SHOWN] for handler in sparkle.handlers.values())
    states = () if "" in sparkle.handlers else tuple(sorted(sparkle.handlers))
    doc = next((it.__doc__ for it in sparkle.handlers.values() if it.__doc__), "")
    first = doc.strip().splitlines()[0][:_SHOWN] if doc.strip() else ""
    return SparkleRow(sparkle.called, tuple(texts), states, first)


def _those_of(essence: Any, own: dict[Any, object]) -> str:
    names = sorted(name for name in own if type(name) is str and not is_kept_by_framework(essence, name))
    if not names:
        return "It has none."
    more = f" and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""
    return f"It has {', '.join(names[:_NAMES_SHOWN])}{more}."


HANDLERS: Final[dict[type[Message], Callable[[Requests, Asker, Any], None]]] = {
    StoreSet: set_store_value,
    SetAttribute: set_attribute,
    ChangeState: change_state,
    AskSparkles: ask_sparkles,
    Call: call,
    Evaluate: evaluate,
}
"""By kind of message, for `Requests`."""
