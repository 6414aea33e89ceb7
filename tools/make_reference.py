"""Make the pages of ``docs/reference/`` from the docstrings of what is public; ``--check`` only compares.

What stands in those pages is said in docstrings; to change a page, change the docstring and run this again in the same
commit. ``PAGES`` says which names are on which page; every name of ``tasktonic.__all__`` has to be on one.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import sys
import textwrap
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, NamedTuple, get_overloads

ROOT: Final = Path(__file__).resolve().parents[1]
FOLDER: Final = ROOT / "docs" / "reference"
sys.path.insert(0, str(ROOT))

MADE: Final = "<!-- Made from docstrings by tools/make_reference.py: change them there. -->\n\n"


class Page(NamedTuple):
    """A page: its title, the chapter of the guide that teaches it, and what it describes as ``module:name``."""

    title: str
    chapter: str
    names: tuple[str, ...]


PAGES: Final[dict[str, Page]] = {
    "essence.md": Page("Essence and ledger", "02-essence-and-ledger.md", ("tasktonic:ttEssence", "tasktonic:ttLedger")),
    "tonic.md": Page("Tonic", "03-sparkles.md", ("tasktonic:ttTonic", "tasktonic:ttShared")),
    "catalyst.md": Page("Catalyst", "05-catalysts.md", ("tasktonic:ttCatalyst",)),
    "formula.md": Page("Formula", "06-formula.md", ("tasktonic:ttFormula",)),
    "store.md": Page(
        "Store",
        "08-store.md",
        ("tasktonic:Store", "tasktonic:Item", "tasktonic.store.item:Branch", "tasktonic:ttStore"),
    ),
    "timers.md": Page(
        "Timers",
        "09-timers.md",
        (
            *(
                "tasktonic:ttTimer",
                "tasktonic:ttTimerSingleShot",
                "tasktonic:ttTimerRepeat",
                "tasktonic:ttTimerPausing",
            ),
            "tasktonic.calendar_timers:ttTimerCalendar",
            *("tasktonic:ttTimerEveryMinute", "tasktonic:ttTimerEveryHour", "tasktonic:ttTimerEveryDay"),
            *("tasktonic:ttTimerEveryWeek", "tasktonic:ttTimerEveryMonth", "tasktonic:ttTimerEveryYear"),
        ),
    ),
    "log.md": Page(
        "Log", "10-logging.md", ("tasktonic:ttLog", "tasktonic:ttLogService", "tasktonic.loggers:LogRecord")
    ),
    "pool.md": Page("Heavy work", "16-heavy-work.md", ("tasktonic.pool:Work", "tasktonic.pool:Report")),
    "errors.md": Page(
        "Errors",
        "11-errors.md",
        ("tasktonic:ttError", "tasktonic:ttUnknownState", "tasktonic.failures:Failure"),
    ),
    "testing.md": Page(
        "Testing",
        "13-testing.md",
        ("tasktonic:ttDistiller", "tasktonic:Trace", "tasktonic.testing:distill"),
    ),
    "recording.md": Page(
        "Recording",
        "12-observing.md",
        (
            *("tasktonic.recorder:record", "tasktonic.recorder:Recorder", "tasktonic.recorder:Recording"),
            *("tasktonic.recorder.flight:start", "tasktonic.recorder.flight:write", "tasktonic.recorder.flight:stop"),
            *("tasktonic.trace:TraceReader", "tasktonic.trace:Damage"),
            *("tasktonic.stream:Reader", "tasktonic.stream:Level"),
        ),
    ),
    "qt.md": Page(
        "Tonics in a PySide6 program",
        "17-qt.md",
        (
            "tasktonic.qt:ttPyside6Ui",
            "tasktonic.qt:ttPysideWindow",
            "tasktonic.qt:ttPysideWidget",
            "tasktonic.qt:ttPysideMixin",
            "tasktonic.qt:ttUiFileError",
            "tasktonic.qt:ttWidgetBindingError",
        ),
    ),
    "net.md": Page(
        "Network",
        "15-network.md",
        (
            *("tasktonic.net:ttAsyncioCatalyst", "tasktonic.net:ttAsyncTonic"),
            *("tasktonic.net:ttTcpConnection", "tasktonic.net:ttTcpServer", "tasktonic.net:ttTcpClient"),
            *("tasktonic.net:ttFraming", "tasktonic.net:ttRaw", "tasktonic.net:ttLines"),
            *("tasktonic.net:ttJson", "tasktonic.net:ttLengthPrefixed", "tasktonic.net:ttUdp"),
            *("tasktonic.net:ttHttpServer", "tasktonic.net:ttHttpRequest", "tasktonic.net:ttHttpEvents"),
            *("tasktonic.net:ttHttpClient", "tasktonic.net:ttHttpResponse", "tasktonic.net:ttHttpFields"),
        ),
    ),
    "probe.md": Page("Being watched", "", ("tasktonic.probe:start", "tasktonic.probe:stop")),
}

HOOKS: Final = frozenset(
    {
        *("_init_post_action", "_init_service", "_get_custom_prefixes"),
        *("_tt_is_service", "_tt_service_ends_when_unused", "_tt_states"),
    }
)
"""What users override though it begins with an underscore."""

OURS: Final[dict[str, frozenset[str]]] = {
    "ttLedger": frozenset({"app_ended", "begin_app", "enter", "enter_catalyst", "leave", "record_of"}),
    "Recorder": frozenset({"forget_in_child", "on_rows"}),
    "Recording": frozenset({"on_rows"}),
    "ttShared": frozenset({"first_use"}),
    "ttLogService": frozenset({"on_rows", "close", "follows_log_modes"}),
    "ttTimer": frozenset({"fire", "re_entered"}),
    "ttTimerCalendar": frozenset({"follows_wall"}),
    "ttFormula": frozenset({"before_app"}),
}
"""Methods that the parts of the framework call on each other: no promise to users, so not on the pages."""


ONLY: Final[dict[str, frozenset[str]]] = {
    "ttCatalyst": frozenset({"finish", "hold", "is_own_thread", "release", "start", "step"}),
}
"""Classes of which most is for the framework, and what of them is a promise to users."""

BY_HAND: Final[dict[str, str]] = {
    "new.md": "## [Something new](new.md)\n\n`tasktonic new KIND NAME` makes projects, tonics, services, windows and servers from templates.\n",
    "check.md": "## [The checker](check.md)\n\n`tasktonic check PATH` finds faults of tonics in source, without running it.\n",
}
"""Pages that are no text of docstrings, and how the list of all pages tells of them."""


def main(arguments: list[str]) -> int:
    """Write the pages, or say which are stale."""
    lacking = list(problems())
    for problem in lacking:
        sys.stderr.write(f"{problem}\n")
    if lacking:
        return 1
    pages = {name: text_of(name) for name in PAGES}
    pages["README.md"] = index()
    stale = [name for name, text in pages.items() if _read(FOLDER / name) != text]
    left = sorted(path.name for path in FOLDER.glob("*.md") if path.name not in {*pages, *BY_HAND})
    if "--check" in arguments:
        for name in (*stale, *left):
            sys.stderr.write(f"docs/reference/{name} is stale. Run: python tools/make_reference.py\n")
        return 1 if stale or left else 0
    FOLDER.mkdir(exist_ok=True)
    for name in left:
        (FOLDER / name).unlink()
    for name in stale:
        (FOLDER / name).write_text(pages[name], encoding="utf-8")
        sys.stdout.write(f"docs/reference/{name}\n")
    return 0


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def described() -> dict[str, str]:
    """Name and page of everything that is described.

    Raises:
        SystemExit: a public name has no page; the message says where to add it.
    """
    found = {_name(where): page for page, content in PAGES.items() for where in content.names}
    missing = [name for name in importlib.import_module("tasktonic").__all__ if name not in found]
    if missing:
        sys.exit(f"no page of the reference has {', '.join(missing)}: add it to PAGES in tools/make_reference.py.")
    return found


def _name(where: str) -> str:
    return where.partition(":")[2]


def thing(where: str) -> Any:
    """What ``module:name`` names."""
    module, _, name = where.partition(":")
    return getattr(importlib.import_module(module), name)


# ---- pages


def index() -> str:
    """The page that lists all others."""
    parts = [
        MADE,
        "# Reference\n\nWhat is public, made from the docstrings. To learn it, read [the guide](../guide/README.md).\n",
    ]
    for page, content in PAGES.items():
        module = content.names[0].partition(":")[0]
        parts.append(f"\n## [{content.title}]({page})\n\n`import {module}`\n\n| name | |\n|---|---|\n")
        for where in content.names:
            shown = heading(where, module)
            anchor = shown.lower().replace(".", "")
            parts.append(f"| [{shown}]({page}#{anchor}) | {_in_table(first_sentence(thing(where)))} |\n")
    parts += [f"\n{text}" for text in BY_HAND.values()]
    return "".join(parts)


def heading(where: str, module: str) -> str:
    """How a class or function is headed: by its name, with the module when that is not the page's own."""
    return _name(where) if where.startswith(f"{module}:") or inspect.isclass(thing(where)) else where.replace(":", ".")


def text_of(page: str) -> str:
    """One page."""
    content = PAGES[page]
    pages = described()
    learn = f"Learn it: [the guide](../guide/{content.chapter}). " if content.chapter else ""
    parts = [MADE, f"# {content.title}\n\n{learn}[All pages](README.md).\n"]
    for where in content.names:
        parts.append(f"\n## {heading(where, content.names[0].partition(':')[0])}\n\n")
        found = thing(where)
        if inspect.isclass(found):
            parts.extend(class_text(found, where, pages))
        else:
            parts.append(f"```text\n{where.replace(':', '.')}{signature(found)}\n```\n\n{prose(found)}\n")
    return "".join(parts)


def class_text(cls: type, where: str, pages: dict[str, str]) -> Iterator[str]:
    """A class: how it is made, what it is, its own members, and where the others come from."""
    module = where.partition(":")[0]
    made = signature(cls.__init__).removesuffix(" -> None") if inspect.isfunction(cls.__init__) else ""  # type: ignore[misc]
    yield f"```text\n{module}.{cls.__name__}{made}\n```\n\n{prose(cls)}\n"
    public_bases = [
        base for base in cls.__mro__[1:] if base.__name__ in pages and base.__module__.startswith("tasktonic")
    ]
    shown: set[str] = set()
    for base in own_bases(cls, public_bases):
        for member in members(base, cls.__name__):
            if member.name not in shown:
                shown.add(member.name)
                yield f"\n### {cls.__name__}.{member.name}\n\n```text\n{member.head}\n```\n\n{member.text}\n"
    for base in public_bases:
        names = [each.name for each in members(base, base.__name__) if each.name not in shown | HOOKS]
        shown.update(names)
        if names:
            listed = ", ".join(f"`{name}`" for name in names)
            yield f"\nFrom [{base.__name__}]({pages[base.__name__]}#{base.__name__.lower()}): {listed}.\n"


def own_bases(cls: type, public_bases: list[type]) -> list[type]:
    """The class, and the bases whose members only it can show: those that no page describes."""
    return [
        base
        for base in cls.__mro__
        if base is cls
        or (
            base.__module__.startswith("tasktonic")
            and base not in public_bases
            and not any(issubclass(public, base) for public in public_bases)
        )
    ]


class Member(NamedTuple):
    """Something public of a class: how it is called, as text, and what its docstring says, as Markdown."""

    name: str
    head: str
    text: str
    documented: Any


def members(cls: type, shown_for: str) -> Iterator[Member]:
    """The public members that the class itself defines, in the order of the source."""
    notes = notes_of(cls)
    left_out = frozenset().union(OURS.get(shown_for, ()), *(OURS.get(base.__name__, ()) for base in cls.__mro__))
    for name in dict.fromkeys((*notes, *vars(cls))):
        if name in left_out or (name.startswith("_") and name not in HOOKS):
            continue
        if name not in ONLY.get(cls.__name__, {name}):
            continue
        value = vars(cls).get(name)
        if isinstance(value, property):
            settable = "    (can be set)" if value.fset is not None else ""
            yield Member(name, f"{name}{_returns(value.fget)}{settable}", prose(value), value)
        elif isinstance(value, classmethod | staticmethod):
            function = value.__func__
            yield Member(name, f"{cls.__name__}.{name}{signature(function)}", prose(function), function)
        elif inspect.isfunction(value):
            heads = [f"{name}{signature(each)}" for each in get_overloads(value) or [value]]
            yield Member(name, "\n".join(heads), prose(value), value)
        elif name in notes:
            shown = f" = {value!r}" if isinstance(value, str | int | bool | tuple) else ""
            yield Member(name, f"{name}{shown}", notes[name], None)


def _returns(function: Callable[..., Any] | None) -> str:
    returned = inspect.signature(function).return_annotation if function is not None else inspect.Signature.empty
    return "" if returned is inspect.Signature.empty else f": {returned}"


def signature(function: Callable[..., Any]) -> str:
    """The signature without ``self``; one parameter a line when it is long."""
    full = inspect.signature(function)
    parameters = list(full.parameters.values())
    if parameters and parameters[0].name in ("self", "cls"):
        parameters = parameters[1:]
    text = _as_in_code(str(full.replace(parameters=parameters)))
    text = re.sub(r"'((?:[^'\\]|\\.)*)'(?=[,)=\]]| =|$)", _unquoted, text)
    if len(text) <= 90:
        return text
    returned = "" if full.return_annotation is inspect.Signature.empty else f" -> {full.return_annotation}"
    lines = []
    had_star = False
    for parameter in parameters:
        if parameter.kind is parameter.KEYWORD_ONLY and not had_star:
            lines.append("*")
        had_star = had_star or parameter.kind in (parameter.VAR_POSITIONAL, parameter.KEYWORD_ONLY)
        lines.append(_as_in_code(re.sub(r": '([^']*)'", r": \1", str(parameter))))
    return "(\n" + "".join(f"    {line},\n" for line in lines) + f"){returned}".replace("'", "")


def _as_in_code(text: str) -> str:
    """Members of enums, and classes, as they are written in code."""
    return re.sub(r"<class '(?:\w+\.)*(\w+)'>", r"\1", re.sub(r"<(\w+\.\w+): \d+>", r"\1", text))


def _unquoted(found: re.Match[str]) -> str:
    """Annotations are kept as text, and shown without its quotes; defaults keep theirs."""
    before = found.string[: found.start()]
    return found[1] if before.endswith((": ", "-> ")) else found[0]


# ---- what a docstring has to have


def problems() -> Iterator[str]:
    """What is public and not documented as it should be, a sentence each."""
    everything = [where for content in PAGES.values() for where in content.names]
    examples = "\n".join(
        line
        for where in everything
        for line in (thing(where).__doc__ or "").splitlines()
        if re.match(r"\s*(>>>|\.\.\.) ", line)
    )
    for where in everything:
        found = thing(where)
        if not inspect.isclass(found):
            yield from _unnamed(where, found, inspect.getdoc(found) or "")
            continue
        if ">>> " not in (found.__doc__ or "") and not re.search(rf"\b{found.__name__}\b", examples):
            yield f"{where}: no example (lines that begin with >>>) in a docstring of the reference uses it."
        above = "\n".join(base.__doc__ or "" for base in found.__mro__ if base.__module__.startswith("tasktonic"))
        yield from _unnamed(where, found.__init__, above)
        for member in members(found, found.__name__):
            if not member.text:
                yield f"{where}.{member.name}: it has no docstring."
            elif inspect.isfunction(member.documented):
                # An override need not say again what the method that it overrides says.
                said = "\n".join(
                    vars(base)[member.name].__doc__ or "" for base in found.__mro__ if member.name in vars(base)
                )
                if "thread" not in above + said:
                    yield f"{where}.{member.name}: neither it nor its class says in which thread it may be called."
                yield from _unnamed(f"{where}.{member.name}", member.documented, above + said)


def _unnamed(where: str, function: Any, text: str) -> Iterator[str]:
    """Parameters that the docstring does not name."""
    if not inspect.isfunction(function):
        return
    for name, parameter in inspect.signature(function).parameters.items():
        if name in ("self", "cls") or parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        if not re.search(rf"\b{name}\b", text):
            yield f"{where}: its docstring does not name the parameter {name}."


# ---- docstrings


def first_sentence(documented: Any) -> str:
    """The first sentence of a docstring, in one line."""
    text = (inspect.getdoc(documented) or "").replace("``", "`").split("\n\n")[0]
    return " ".join(text.split()).split(". ")[0].rstrip(".")


def _in_table(text: str) -> str:
    return text.replace("|", "\\|")


def prose(documented: Any) -> str:
    """A docstring as Markdown: sections become lists, examples become blocks."""
    text = (inspect.getdoc(documented) or "").replace("``", "`")
    parts = [_section(part) for part in re.split(r"\n\n(?=\S)", text)]
    return "\n\n".join(parts).strip()


def _section(part: str) -> str:
    head, _, body = part.partition("\n")
    if head in ("Args:", "Raises:", "Returns:", "Attributes:"):
        return f"**{head[:-1]}**\n\n{_entries(textwrap.dedent(body), listed=head != 'Returns:')}"
    if head.startswith(">>> "):
        return f"```pycon\n{part.strip()}\n```"
    if head == "Example:":
        return f"```pycon\n{textwrap.dedent(body).strip()}\n```"
    return _literal(part)


def _entries(body: str, *, listed: bool) -> str:
    if not listed:
        return _literal(body.strip())
    entries: list[str] = []
    for line in body.splitlines():
        if line.startswith(" ") and entries:
            entries[-1] += " " + line.strip()
        elif line.strip():
            entries.append(line.strip())
    return "\n".join(f"- {_named(entry)}" for entry in entries)


def _named(entry: str) -> str:
    found = re.match(r"([\w*]+(?:, [\w*]+)*): (.*)", entry)
    return f"{', '.join(f'`{name}`' for name in found[1].split(', '))}: {found[2]}" if found else entry


def _literal(part: str) -> str:
    """A block that is set in by four signs is shown as it is; a table of two columns becomes one of Markdown."""
    if part.startswith("===="):
        rows: list[str] = []
        for line in part.splitlines()[1:-1]:
            if line.startswith(" "):
                rows[-1] += " " + line.strip()
            else:
                rows.append(" | ".join(re.split(r"\s{2,}", line.strip(), maxsplit=1)))
        return "| | |\n|---|---|\n" + "\n".join(f"| {row} |" for row in rows)
    if part.startswith("    "):
        return f"```text\n{textwrap.dedent(part)}\n```"
    return part


def notes_of(cls: type) -> dict[str, str]:
    """The strings below the attributes of a class, also those that its ``__init__`` sets."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(cls)))
    except OSError:
        return {}
    body = tree.body[0].body  # type: ignore[attr-defined]
    found = _notes(body)
    for node in body:
        if isinstance(node, ast.FunctionDef) and node.name == "__init__":
            found |= _notes(node.body)
    return found


def _notes(body: list[ast.stmt]) -> dict[str, str]:
    notes = {}
    for node, below in pairwise(body):
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        name = target.id if isinstance(target, ast.Name) else target.attr if isinstance(target, ast.Attribute) else ""
        if name and isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
            notes[name] = " ".join(inspect.cleandoc(str(below.value.value)).replace("``", "`").split())
    return notes


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
