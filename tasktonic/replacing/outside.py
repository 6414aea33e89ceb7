"""What of a file stands outside of its functions: compared as text, for it has run and is not run again."""

from __future__ import annotations

import ast
import importlib
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from types import ModuleType
from typing import Any, Final

from .source import ClassText, FunctionNode, SourceText

Keep = Callable[[str, str, int], None]
_SHOWN: Final = 60
_MOST: Final = 8


def compare_outside(old: SourceText, new: SourceText, keep: Keep, running: Iterable[str]) -> None:
    """Say of all that has changed outside of functions that it takes a restart."""
    _statements("", old.tree.body, new.tree.body, keep)
    for name, text in new.classes.items():
        before = old.classes.get(name)
        if before is not None and name in running:
            _headers(name, before, text, keep)
            _statements(name, before.node.body, text.node.body, keep)
    for name in old.classes:
        if name not in new.classes and "<locals>" not in name:
            keep(name, "is gone from the source; what was made of it lives on until a restart", 0)


def _headers(name: str, before: ClassText, text: ClassText, keep: Keep) -> None:
    line = text.node.lineno
    if _dumps([*before.node.bases, *before.node.keywords]) != _dumps([*text.node.bases, *text.node.keywords]):
        keep(f"bases of {name}", "a class keeps its bases until a restart", line)
    if _dumps(before.node.decorator_list) != _dumps(text.node.decorator_list):
        keep(f"decorators of {name}", "they run when the class is made: restart to use them", line)
    for method, nodes in text.methods.items():
        was = before.methods.get(method)
        if was and _dumps(was[-1].node.decorator_list) != _dumps(nodes[-1].node.decorator_list):
            keep(
                f"decorators of {name}.{method}", "they run when the class is made: restart to use them", nodes[-1].line
            )


def _statements(cls: str, before: list[ast.stmt], now: list[ast.stmt], keep: Keep) -> None:
    """Say which plain statements of a module or a class are new or have changed."""
    counted = Counter(ast.dump(one) for one in _plain(before))
    told = 0
    for one in _plain(now):
        dump = ast.dump(one)
        if counted[dump] > 0:
            counted[dump] -= 1
        elif told < _MOST:
            told += 1
            keep(_what(cls, one), _why(cls), one.lineno)
    left = [one for one in _plain(before) if counted[ast.dump(one)] > 0]
    targets = {_what(cls, one) for one in _plain(now)}
    for one in left[:_MOST]:
        if _what(cls, one) not in targets and not isinstance(one, ast.Import | ast.ImportFrom):
            keep(_what(cls, one), "is gone from the source; what it did holds until a restart", 0)


def _why(cls: str) -> str:
    where = "class" if cls else "module"
    return f"code of a {where} runs once, when it is made: restart to use it"


def _what(cls: str, one: ast.stmt) -> str:
    targets: list[Any] = []
    if isinstance(one, ast.Assign):
        targets = one.targets
    elif isinstance(one, ast.AnnAssign | ast.AugAssign):
        targets = [one.target]
    if targets and all(isinstance(target, ast.Name) for target in targets):
        name = ", ".join(target.id for target in targets)
        return f"{cls}.{name}" if cls else name
    text = " ".join(ast.unparse(one).split())
    return f"{cls + ': ' if cls else ''}{text[:_SHOWN]}{'…' if len(text) > _SHOWN else ''}"


def _plain(statements: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Those that do something when they are run, without what is compared elsewhere."""
    for one in statements:
        if isinstance(one, ast.ClassDef | ast.Pass | FunctionNode | ast.Import | ast.ImportFrom):
            continue
        if isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant):
            continue  # a docstring
        if isinstance(one, ast.AnnAssign) and one.value is None:
            continue  # says what there will be, and makes nothing
        if any(isinstance(inner, ast.ClassDef | FunctionNode) for inner in ast.walk(one)):
            continue  # an `if` around definitions: those are compared one by one
        yield one


def _dumps(nodes: Iterable[ast.AST]) -> list[str]:
    return [ast.dump(node) for node in nodes]


def new_imports(module: ModuleType, new: SourceText, keep: Keep) -> dict[str, Any]:
    """What imports of a text bring that a module does not have yet.

    Only of what has been imported already, or comes with Python: importing anything else runs code that nobody has looked at.
    """
    found: dict[str, Any] = {}
    for one in new.tree.body:
        if not isinstance(one, ast.Import | ast.ImportFrom) or getattr(one, "module", "") == "__future__":
            continue
        for alias in one.names:
            name = alias.asname or alias.name.partition(".")[0]
            if name in vars(module) or name == "*":
                continue
            try:
                found[name] = _imported(module, one, alias)
            except (ImportError, AttributeError):
                keep(f"import of {name}", "what it names is not loaded: restart to use it", one.lineno)
    return found


def _imported(module: ModuleType, one: ast.Import | ast.ImportFrom, alias: ast.alias) -> Any:
    if isinstance(one, ast.Import):
        whole = _loaded(alias.name)
        return whole if alias.asname else sys.modules[alias.name.partition(".")[0]]
    name = one.module or ""
    if one.level:
        package = (module.__package__ or "").split(".")
        name = ".".join([*package[: len(package) - one.level + 1], *filter(None, [name])])
    inside = _loaded(name)
    return vars(inside)[alias.name] if alias.name in vars(inside) else _loaded(f"{name}.{alias.name}")


def _loaded(name: str) -> ModuleType:
    found = sys.modules.get(name)
    if found is None and name.partition(".")[0] in sys.stdlib_module_names:
        found = importlib.import_module(name)
    if found is None:
        raise ImportError(name)
    return found
