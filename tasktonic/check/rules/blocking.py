"""Calls that wait, inside sparkles: nothing else on the catalyst runs meanwhile."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from ..outline import Binding, ClassFacts, Func, Import, Scope
from ..rule import Found, Look
from ..tonics import Tonic

_TIMER: Final = "Make a timer, and go on in its sparkle: self.bind(ttTimerSingleShot, {0}, name=…)."
_OFFLOAD: Final = "Hand it to the pool, and go on in a sparkle: self.offload({0}, …, on_result=self.tts__…)."
_NET: Final = "Use tasktonic.net, or hand it to the pool: self.offload(…, on_result=self.tts__…)."

_VERBS: Final = ("get", "post", "put", "patch", "delete", "head", "options", "request")

_WAITS: Final[dict[str, str]] = {
    **dict.fromkeys(
        ("os.system", "os.wait", "os.waitpid", "os.wait3", "os.wait4", "signal.pause", "signal.sigwait"), _OFFLOAD
    ),
    **{
        f"subprocess.{it}": _OFFLOAD
        for it in ("run", "call", "check_call", "check_output", "getoutput", "getstatusoutput")
    },
    **{f"requests.{it}": _NET for it in _VERBS},
    **{f"httpx.{it}": _NET for it in _VERBS},
    **dict.fromkeys(("urllib.request.urlopen", "urllib.request.urlretrieve", "socket.create_connection"), _NET),
    **{
        f"socket.{it}": _NET
        for it in ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr", "getnameinfo")
    },
    **dict.fromkeys(
        ("asyncio.run",), "Run the coroutine on the catalyst of tasktonic.net: it calls a sparkle with the result."
    ),
    "builtins.input": "Read in a thread: self.offload(input, …, on_result=self.tts__…).",
    "getpass.getpass": "Read in a thread: self.offload(getpass.getpass, …, on_result=self.tts__…).",
}
"""What always waits, with what to do instead."""

_HTTP: Final = ("requests.Session", "requests.session", "httpx.Client")
"""Things that ask a server: their methods wait however short the time-out is, as seconds are long for a sparkle."""
_OWN_WAY: Final[dict[str, tuple[tuple[str, ...], int]]] = {
    "threading.Lock": (("acquire",), 1),
    "threading.RLock": (("acquire",), 1),
    "threading.Semaphore": (("acquire",), 1),
    "threading.BoundedSemaphore": (("acquire",), 1),
    "threading.Event": (("wait",), 0),
    "threading.Condition": (("wait", "wait_for", "acquire"), 1),
    "threading.Barrier": (("wait",), 0),
    "threading.Thread": (("join",), 0),
    "multiprocessing.Process": (("join",), 0),
    "queue.Queue": (("get", "join"), 1),
    "queue.LifoQueue": (("get", "join"), 1),
    "queue.PriorityQueue": (("get", "join"), 1),
    "queue.SimpleQueue": (("get",), 1),
    "multiprocessing.Queue": (("get",), 1),
    "subprocess.Popen": (("wait", "communicate"), 0),
    "socket.socket": (("accept", "connect", "recv", "recvfrom", "recv_into", "recvmsg", "sendall"), 99),
}
"""Things that are made, with the methods that wait when they get at most so many plain arguments and no time-out."""
_NO_WAIT: Final = frozenset({"timeout", "blocking", "block"})
_NOT_BLOCKING: Final = frozenset({"setblocking", "settimeout"})
_LOOKS: Final = frozenset({"empty", "qsize", "is_set", "is_alive", "poll", "locked", "kill", "terminate"})
_LONG_LOOP: Final = 10_000_000


def blocking_call(look: Look) -> Iterator[Found]:
    """What waits, or never ends, in a handler or in a method that one calls."""
    for tonic in look.classes():
        if not tonic.looks_like_one or tonic.is_ours:
            continue
        for func, is_guarded in _run_by_sparkles(tonic).items():
            if func.module is look.module and func.owner is tonic.cls:
                yield from _waits(look, tonic, func)
                yield from _endless(func, is_guarded)


def _run_by_sparkles(tonic: Tonic) -> dict[Func, bool]:
    """The handlers of a class, and the methods of it that they call on themselves.

    With each whether who calls it may catch what it raises: that ends a loop as well.
    """
    found = {func: False for by in tonic.handlers.values() for funcs in by.values() for func in funcs}
    waiting = list(found)
    while waiting:
        func = waiting.pop()
        for call in func.calls:
            target = call.func
            if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == func.own:
                is_guarded = found[func] or id(call) in func.module.guarded
                for inner in tonic.methods.get(target.attr, ()) if func.own else ():
                    if isinstance(inner.node, ast.AsyncFunctionDef):
                        continue
                    if inner not in found or (is_guarded and not found[inner]):
                        found[inner] = is_guarded
                        waiting.append(inner)
    return found


def _waits(look: Look, tonic: Tonic, func: Func) -> Iterator[Found]:
    for call in func.calls:
        name = dotted(call.func, func)
        if name == "time.sleep":
            if not _is_nothing(call):
                seconds = ast.unparse(call.args[0]) if call.args else "…"
                yield _found(call, name, func, _TIMER.format(seconds))
        elif name in _WAITS:
            if not (name == "os.waitpid" and len(call.args) > 1):
                yield _found(
                    call, name.removeprefix("builtins."), func, _WAITS[name].format(name.removeprefix("builtins."))
                )
        elif isinstance(call.func, ast.Attribute):
            made = _made_as(look, tonic, call.func.value, func)
            methods, most = _OWN_WAY.get(made, ((), 0))
            if made in _HTTP and call.func.attr in _VERBS:
                yield _found(call, f"{call.func.attr}() of a {made}", func, _NET)
            elif (
                call.func.attr in methods
                and len(call.args) <= _plain(made, call.func.attr, most)
                and not _may_give_up(call)
                and not _has_looked(call.func.value, func)
            ):
                advice = (
                    _NET
                    if made == "socket.socket"
                    else (
                        "Do without waiting: hand the work to the pool with self.offload, or let the other side call a sparkle when it is "
                        "done. Or give it a short timeout."
                    )
                )
                yield _found(call, f"{call.func.attr}() of a {made}", func, advice)


def _plain(made: str, method: str, most: int) -> int:
    """How many plain arguments a method may have and still wait for ever."""
    if made == "threading.Condition":
        return 1 if method == "wait_for" else 0
    if method in ("acquire", "get"):
        return 0
    return most


def _found(call: ast.Call, what: str, func: Func, advice: str) -> Found:
    return Found(call, f"{what} waits inside {func.name}.", advice)


def _is_nothing(call: ast.Call) -> bool:
    return bool(call.args) and isinstance(call.args[0], ast.Constant) and call.args[0].value == 0


def _may_give_up(call: ast.Call) -> bool:
    """Whether it has a time-out, or does not wait at all."""
    for keyword in call.keywords:
        if keyword.arg is None:
            return True
        if keyword.arg in _NO_WAIT and not (
            isinstance(keyword.value, ast.Constant) and keyword.value.value in (None, True)
        ):
            return True
    return any(isinstance(it, ast.Starred) for it in call.args)


def _has_looked(thing: ast.expr, func: Func) -> bool:
    """Whether the function asks the same thing first, or makes it ready: ``while not self.queue.empty(): self.queue.get()``."""
    written = ast.unparse(thing)
    return any(load.attr in _LOOKS and ast.unparse(load.value) == written for load in func.loads)


def dotted(node: ast.expr, scope: Scope) -> str:
    """The dotted name of a function of a library, as imports tell: ``time.sleep``. Empty for anything else."""
    if isinstance(node, ast.Attribute):
        whole = dotted(node.value, scope)
        return f"{whole}.{node.attr}" if whole else ""
    if not isinstance(node, ast.Name):
        return ""
    at: Scope | None = scope
    while at is not None:
        bindings = at.names.get(node.id)
        if bindings is not None and (at is scope or not isinstance(at, ClassFacts)):
            what = bindings[0].what
            if len(bindings) > 1 or not isinstance(what, Import) or what.level:
                return ""
            return f"{what.module}.{what.name}" if what.name else what.module
        at = at.parent
    return f"builtins.{node.id}" if node.id == "input" and not scope.module.stars else ""


def _made_as(look: Look, tonic: Tonic, node: ast.expr, func: Func) -> str:
    """By which function of a library a thing was made; empty when it cannot be told, or when it does not wait."""
    if isinstance(node, ast.Call):
        return dotted(node.func, func)
    if isinstance(node, ast.Name):
        bindings = func.names.get(node.id) or func.module.names.get(node.id) or []
        scope: Scope = func if node.id in func.names else func.module
        if len(bindings) != 1 or _is_told_not_to_wait(func, node.id):
            return ""
        return _maker(bindings[0], scope)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == func.own and func.own:
        return _attribute(tonic, node.attr)
    return ""


def _maker(binding: Binding, scope: Scope) -> str:
    return dotted(binding.what.func, scope) if isinstance(binding.what, ast.Call) else ""


def _attribute(tonic: Tonic, name: str) -> str:
    found: set[str] = set()
    for cls in tonic.order.classes:
        for funcs in cls.methods.values():
            for func in funcs:
                for target, value, annotation in func.stores:
                    if target.attr == name:
                        found.add(_maker(Binding(0, value, annotation), func))
                for load in func.loads:
                    if load.attr in _NOT_BLOCKING and isinstance(load.value, ast.Attribute) and load.value.attr == name:
                        return ""
    return found.pop() if len(found) == 1 else ""


def _is_told_not_to_wait(func: Func, name: str) -> bool:
    return any(
        load.attr in _NOT_BLOCKING and isinstance(load.value, ast.Name) and load.value.id == name for load in func.loads
    )


def _endless(func: Func, is_caught: bool) -> Iterator[Found]:
    """Loops that never end, and loops of ten million turns. `is_caught`: what they raise is caught by who calls the function."""
    for loop, is_guarded in func.loops:
        if isinstance(loop, ast.While):
            if _is_true(loop.test) and not is_guarded and not is_caught and not _is_left(loop) and not func.gives_back:
                yield Found(
                    _head(loop),
                    f"This loop never ends, so {func.name} never does, and nothing else on its catalyst runs again.",
                    "Do one turn per sparkle, and let it call itself: self.tts__step(). Or let a timer call it.",
                )
        else:
            turns = _turns(loop.iter)
            if turns >= _LONG_LOOP and not _is_left(loop) and not func.gives_back:
                yield Found(
                    _head(loop),
                    f"This loop has {turns:,} turns inside {func.name}.",
                    "Hand it to the pool with self.offload(…, where='process'), or do a part of it per sparkle.",
                )


def _head(loop: ast.While | ast.For) -> ast.expr:
    return loop.test if isinstance(loop, ast.While) else loop.iter


def _is_true(test: ast.expr) -> bool:
    return isinstance(test, ast.Constant) and bool(test.value)


def _turns(node: ast.expr) -> int:
    """How often a loop over ``range(…)`` turns, as far as it is written in figures; 0 otherwise."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range"):
        return 0
    numbers = [_number(it) for it in node.args]
    if not numbers or any(it is None for it in numbers) or len(numbers) > 3:
        return 0
    try:
        return len(range(*[it for it in numbers if it is not None]))
    except (ValueError, OverflowError):
        return 0


def _number(node: ast.expr) -> int | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return node.value
    if isinstance(node, ast.BinOp) and isinstance(node.left, ast.Constant) and isinstance(node.right, ast.Constant):
        left, right = node.left.value, node.right.value
        if isinstance(left, int) and isinstance(right, int) and 0 <= left <= 10**9 and 0 <= right <= 10**9:
            if isinstance(node.op, ast.Pow) and right <= 12 and left <= 1000:
                return int(left**right)
            if isinstance(node.op, ast.Mult):
                return left * right
    return None


def _is_left(loop: ast.While | ast.For) -> bool:
    """Whether something inside may leave the loop: a break of its own, return, raise, yield, or what ends the process."""
    waiting: list[tuple[ast.AST, bool]] = [(it, False) for it in loop.body]
    while waiting:
        node, is_deeper = waiting.pop()
        if isinstance(node, ast.Return | ast.Raise | ast.Yield | ast.YieldFrom | ast.Await | ast.Assert):
            return True
        if isinstance(node, ast.Break) and not is_deeper:
            return True
        if isinstance(node, ast.Attribute) and node.attr in ("exit", "_exit", "abort"):
            return True
        if isinstance(node, ast.Name) and node.id in ("exit", "quit", "next"):
            return True
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            continue
        # A break in the body of a loop leaves that one; one behind its ``else`` leaves the loop around.
        inside = set(map(id, node.body)) if isinstance(node, ast.While | ast.For | ast.AsyncFor) else set()
        waiting += [(it, is_deeper or id(it) in inside) for it in ast.iter_child_nodes(node)]
    return False
