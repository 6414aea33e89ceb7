"""Faults of states: asked for and not there, there and never asked for, entered and never left."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..expected import UNKNOWN_STATE, is_expected
from ..finding import Fix
from ..moves import STOPPED, Move
from ..outline import Func, Scope
from ..rule import Found, Look, closest, functions_below, listed
from ..tonics import Tonic

HOOKS_OF_STATES = ("ttse__on_enter", "ttse__on_exit")


def unknown_state(look: Look) -> Iterator[Found]:
    """A ``to_state`` to a name that is no state of the tonic."""
    for move in look.moves.of_module(look.module):
        if move.whose is None or move.argument is None:
            continue
        tonic = look.tonics.of(move.whose.cls)
        family = list(tonic.family()) if move.whose.is_self else [tonic]
        if not tonic.is_tonic or tonic.is_abstract or not all(it.is_whole and it.knows_states for it in family):
            continue
        found = list(_wrong_moves(look, move, tonic, family))
        if found and not is_expected(move.node, move.scope, UNKNOWN_STATE):
            yield from found


def _wrong_moves(look: Look, move: Move, tonic: Tonic, family: list[Tonic]) -> Iterator[Found]:
    states = {state for it in family for state in it.states}
    for text, place in zip(move.states.texts, move.states.places, strict=True):
        if text not in states:
            yield _unknown(look, move, tonic, states, text, place)
    number, alone = move.number, len(family) == 1
    if number is not None and move.argument is not None and alone and not STOPPED <= number < len(states):
        yield Found(
            move.argument,
            f"{tonic.cls.name} has no state number {number}; {_it_has(states)}.",
            "States are numbered from 0 in the order of the alphabet, and -1 stops the machine. Give the name instead.",
        )


def _it_has(states: set[str]) -> str:
    return f"it has {listed(states)}" if states else "it has none"


def _unknown(look: Look, move: Move, tonic: Tonic, states: set[str], text: str, place: ast.expr) -> Found:
    near, fixes = closest(text, states), []
    is_here = id(place) in look.module.constants
    if near and is_here:
        fixes.append(Fix(f"Change it to {near!r}", (look.replaced(place, _quoted(look, place, near)),)))
    if tonic.cls.module is look.module and text.isidentifier() and "__" not in text and not text.endswith("_"):
        method = f"ttse_{text}__on_enter"
        fixes.append(Fix(f"Add {method}", (look.new_method(tonic, method),)))
    meant = f"Did you mean {near!r}? " if near else ""
    return Found(
        place if is_here else move.argument or move.node,
        f"{tonic.cls.name} has no state {text!r}; {_it_has(states)}.",
        f"{meant}A state is there when a method is named after it, such as ttse_{text if text.isidentifier() else 'open'}__on_enter, "
        "or when _tt_states lists it.",
        tuple(fixes),
    )


def _quoted(look: Look, place: ast.expr, text: str) -> str:
    """A text in the quotes that the source has in this place."""
    line, column, _, _ = look.piece(place)
    written = look.module.source.lines[line - 1][column - 1 :]
    return f"'{text}'" if written.startswith("'") else f'"{text}"'


def unentered_state(look: Look) -> Iterator[Found]:
    """A state that has handlers, and that nothing goes to."""
    for tonic in look.own_tonics():
        if not tonic.is_whole or not tonic.knows_states or tonic.is_abstract or not tonic.states:
            continue
        named = _states_named_in(tonic)
        entered = look.moves.entered(tonic) if named else None
        if entered is None:
            look.undecided.add("unentered-state")
            continue
        for state, places in named.items():
            if state not in entered:
                yield _unentered(look, tonic, state, places, entered)


def _states_named_in(tonic: Tonic) -> dict[str, list[ast.AST]]:
    """The states that a class itself names, with the methods (or texts in `_tt_states`) that do."""
    found: dict[str, list[ast.AST]] = {}
    for name, funcs in tonic.cls.methods.items():
        parsed = tonic.taken_apart(name)
        if parsed is not None and parsed.state:
            found.setdefault(parsed.state, []).append(funcs[-1].node)
    value = tonic.cls.value("_tt_states")
    for item in value.elts if isinstance(value, ast.List | ast.Tuple | ast.Set) else ():
        if isinstance(item, ast.Constant) and isinstance(item.value, str):
            found.setdefault(item.value, []).append(item)
    return found


def _unentered(look: Look, tonic: Tonic, state: str, places: list[ast.AST], entered: set[str]) -> Found:
    near = closest(state, entered & tonic.states) or closest(state, entered)
    node, fixes = places[0], []
    edits = []
    for it in places:
        if isinstance(it, ast.FunctionDef | ast.AsyncFunctionDef):
            parsed = tonic.taken_apart(it.name)
            if parsed is not None:
                edits.append(look.replaced(it, f"{parsed.prefix}_{near}__{parsed.name}"))
        else:
            edits = []
            break
    free = [it for it in places if isinstance(it, ast.FunctionDef)]
    clashes = any(it.name.replace(f"_{state}__", f"_{near}__", 1) in tonic.methods for it in free)
    if near and edits and not clashes:
        fixes.append(Fix(f"Rename it to the state {near!r}", tuple(edits)))
    meant = f"Did you mean {near!r}? If not, go" if near else "Go"
    return Found(
        node,
        f"Nothing goes to the state {state!r} of {tonic.cls.name}.",
        f"{meant} there with self.to_state({state!r}), or take out what is for it.",
        tuple(fixes),
    )


def dead_end_state(look: Look) -> Iterator[Found]:
    """A state in which a tonic of the top level ignores everything, and that nothing leaves."""
    for tonic in look.own_tonics():
        if not tonic.is_whole or not tonic.knows_states or tonic.is_abstract or len(list(tonic.family())) > 1:
            continue
        if not tonic.states or tonic.cls not in look.tonics.at_top_level:
            continue
        moves = look.moves.of(tonic)
        entered = look.moves.entered(tonic)
        others = [it for it in look.moves.all if it.whose is None]
        if entered is None or others or any(it is None or it.cls is tonic.cls for it in look.moves.others_end):
            look.undecided.add("dead-end-state")
            continue
        if any(not _is_own(it) for it in moves):
            continue
        ways = _ways(tonic, moves)
        for state in sorted(entered & tonic.states):
            is_stuck = _ignores_everything(tonic, state) and not _is_left_at_once(tonic, state)
            # What goes straight to its last state has come to its end; what goes round and round has not.
            if is_stuck and _goes_round(ways, state):
                yield Found(
                    _place_of(tonic, state, moves),
                    f"Nothing is handled in the state {state!r} of {tonic.cls.name}, and nothing leaves it.",
                    f"Let a handler of {state!r} go to another state, or end the tonic with self.finish() when it comes there.",
                )


def _ways(tonic: Tonic, moves: list[Move]) -> dict[str, set[str]]:
    """Where each state leads: by what is handled in it, and by what is handled in any."""
    ways: dict[str, set[str]] = {state: set() for state in tonic.states}
    for move in moves:
        method: Scope | None = move.scope
        while method is not None and not (isinstance(method, Func) and method.owner is not None):
            method = method.parent
        parsed = tonic.taken_apart(method.name) if method is not None else None
        begins = [parsed.state] if parsed is not None and parsed.state in ways else list(ways)
        if parsed is not None and parsed.called == "ttse__on_start":
            continue
        for begin in begins:
            ways[begin].update(set(move.states.texts) - {begin})
    return ways


def _goes_round(ways: dict[str, set[str]], without: str) -> bool:
    """Whether some state can be come to again from itself, without one of them."""
    for begin in ways.keys() - {without}:
        reached: set[str] = set()
        waiting = [begin]
        while waiting:
            for state in ways.get(waiting.pop(), set()) - reached - {without}:
                reached.add(state)
                waiting.append(state)
        if begin in reached:
            return True
    return False


def _is_own(move: Move) -> bool:
    return isinstance(move.node.value, ast.Name) and move.whose is not None and move.whose.is_self


def _ignores_everything(tonic: Tonic, state: str) -> bool:
    for called, by_state in tonic.handlers.items():
        if called in (*HOOKS_OF_STATES, "ttse__on_start", "ttse__on_finished", "ttse__on_error") or called.startswith(
            "_ttss"
        ):
            continue
        if state in by_state or "" in by_state:
            return False
    return True


def _is_left_at_once(tonic: Tonic, state: str) -> bool:
    """Whether what is called on entering goes on, ends it, or hands the matter to somebody."""
    by_state = tonic.handlers.get("ttse__on_enter", {})
    entering = by_state.get(state) or by_state.get("") or []
    return any(_does_more_than_talk(func) for func in entering)


def _does_more_than_talk(func: Func) -> bool:
    for each in functions_below(func):
        for load in each.loads:
            if load.attr not in ("log", "append", "format", "join"):
                call = each.module.call_of.get(id(load))
                if call is not None:
                    return True
        if any(not isinstance(call.func, ast.Attribute | ast.Name) for call in each.calls):
            return True
    return False


def _place_of(tonic: Tonic, state: str, moves: list[Move]) -> ast.AST:
    """What names the state first in the file: a handler of it, else where it is gone to."""
    named = _states_named_in(tonic).get(state)
    if named:
        return named[0]
    return next(
        place for it in moves for text, place in zip(it.states.texts, it.states.places, strict=True) if text == state
    )
