"""Make ``docs/events.md`` from the records of events and ``docs/protocol.md`` from the messages; ``--check`` only compares.

What is in those pages stands in docstrings; to change a page, change ``tasktonic/events.py``, ``tasktonic/blocks/layout.py``, or a
file in ``tasktonic/protocol`` and run this again in the same commit.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from dataclasses import MISSING, fields
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tasktonic import events  # noqa: E402 - found by the line above
from tasktonic.blocks import COLUMNS, layout  # noqa: E402
from tasktonic.protocol import CAPABILITIES, MESSAGES, PROTOCOL, address, framing, message, messages, version  # noqa: E402
from tasktonic.protocol.change_messages import SparkleRow  # noqa: E402
from tasktonic.protocol.distiller_messages import WaitingOrder  # noqa: E402
from tasktonic.protocol.listener_messages import ListenerRow  # noqa: E402
from tasktonic.protocol.queue_messages import NextOrder  # noqa: E402
from tasktonic.rules import Breakpoint, Term  # noqa: E402

_TYPES = {"q": "int", "b": "bool", "N": "Name", "T": "Text"}
_MADE = "<!-- Made from {source} by tools/make_docs.py: change it there. -->\n\n"


def main(arguments: list[str]) -> int:
    """Write the pages, or say which are stale."""
    pages = {"events.md": events_page(), "protocol.md": protocol_page()}
    stale = [name for name, text in pages.items() if _read(ROOT / "docs" / name) != text]
    if "--check" in arguments:
        for name in stale:
            sys.stderr.write(f"docs/{name} is stale. Run: python tools/make_docs.py\n")
        return 1 if stale else 0
    for name in stale:
        (ROOT / "docs" / name).write_text(pages[name], encoding="utf-8")
        sys.stdout.write(f"docs/{name}\n")
    return 0


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


# ---- pages


def events_page() -> str:
    """All kinds of events with their fields."""
    parts = [_MADE.format(source="tasktonic/events.py"), "# Events\n\n", _prose(events), "\n\n## Kinds\n\n"]
    parts.append("| code | kind | |\n|---|---|---|\n")
    for code, kind in events.type_by_code.items():
        flow = "flow" if kind in events.FLOW else ""
        parts.append(f"| {code} | [{kind.__name__}](#{kind.__name__.lower()}) | {flow} |\n")
    for kind in events.type_by_code.values():
        names = ", ".join(f"`{field}` {_TYPES[column]}" for field, column in COLUMNS[kind])
        parts.append(f"\n### {kind.__name__}\n\n{_prose(kind)}\n\n{names}\n")
    constants = _notes_of_constants(events)
    parts.append("\n## Constants and types\n\n| name | value | meaning |\n|---|---|---|\n")
    for name, note in constants.items():
        value = getattr(events, name)
        if isinstance(value, (int, str)):
            parts.append(f"| `{name}` | {value} | {note} |\n")
        elif name in _TYPES.values():
            parts.append(f"| `{name}` | text | {note} |\n")
    return "".join(parts)


def protocol_page() -> str:
    """How a probe and a studio talk."""
    parts = [
        _MADE.format(source="tasktonic/protocol and tasktonic/blocks/layout.py"),
        f"# Protocol {PROTOCOL}\n\n{_prose(messages)}\n",
        f"\n## Finding each other\n\n{_prose(address)}\n",
        f"\n## Frames\n\n{_prose(framing)}\n\nControl frames have at most {framing.MAX_CONTROL_BYTES:,} bytes, ",
        f"data frames at most {framing.MAX_DATA_BYTES:,}.\n",
        f"\n## Versions\n\n{_prose(version)}\n\n{_notes_of_constants(version)['PROTOCOL']}\n",
        f"\nCapabilities of this version: {', '.join(f'`{name}`' for name in CAPABILITIES)}.\n",
        "\n## Messages\n\n| kind | from | |\n|---|---|---|\n",
    ]
    for kind in MESSAGES:
        first = _prose(kind).split(". ")[0].split("\n")[0].rstrip(".")
        anchor = kind.kind.replace(" ", "-")
        parts.append(f"| [{kind.kind}](#{anchor}) | {kind.direction.value} | {first} |\n")
    parts += (
        f"\n### {kind.kind}\n\n*{kind.direction.value}.* {_prose(kind)}\n\n{_fields_of(kind)}" for kind in MESSAGES
    )
    parts.append(f"\n### Attribute rows\n\n{_prose(message.AttributeRow)}\n\n{_fields_of(message.AttributeRow)}")
    parts.append(f"\n### Sparkle rows\n\n{_prose(SparkleRow)}\n\n{_fields_of(SparkleRow)}")
    parts.append(f"\n### Waiting orders\n\n{_prose(WaitingOrder)}\n\n{_fields_of(WaitingOrder)}")
    parts.append(f"\n### Stack lines\n\n{_prose(messages.StackLine)}\n\n{_fields_of(messages.StackLine)}")
    parts.append(f"\n### One of the next orders\n\n{_prose(NextOrder)}\n\n{_fields_of(NextOrder)}")
    parts.append(f"\n### Listener rows\n\n{_prose(ListenerRow)}\n\n{_fields_of(ListenerRow)}")
    parts.append(f"\n### Kept rows\n\n{_prose(messages.KeptRow)}\n\n{_fields_of(messages.KeptRow)}")
    parts.append(f"\n### Signal rows\n\n{_prose(messages.SignalRow)}\n\n{_fields_of(messages.SignalRow)}")
    for row in (Breakpoint, Term):
        parts.append(f"\n### {row.__name__}s\n\n{_prose(row)}\n\n{_fields_of(row)}")
    parts.append(f"\n## Blocks\n\n{_prose(layout)}\n\nThe kinds of events are in [events.md](events.md).\n")
    return "".join(parts)


def _fields_of(cls: type[Any]) -> str:
    rows = fields(cls)
    if not rows:
        return "It has no fields.\n"
    notes = _notes_of_fields(cls)
    lines = ["| field | type | default | |\n|---|---|---|---|\n"]
    for row in rows:
        default = "" if row.default is MISSING else f"`{_json(row.default)}`"
        lines.append(f"| `{row.name}` | {_type_name(str(row.type))} | {default} | {notes[row.name]} |\n")
    return "".join(lines)


def _json(value: object) -> str:
    return {"()": "[]", "''": '""', "False": "false", "True": "true"}.get(repr(value), str(value).strip("'") or '""')


def _type_name(annotation: str) -> str:
    listed = re.fullmatch(r"tuple\[(\w+), \.\.\.\]", annotation)
    names = {
        "int": "integer",
        "str": "text",
        "bool": "boolean",
        "float": "number",
        "Json": "any",
        "AttributeRow": "attribute row",
        "StackLine": "stack line",
        "KeptRow": "kept row",
        "SignalRow": "signal row",
        "ListenerRow": "listener row",
        "NextOrder": "next order",
        "SparkleRow": "sparkle row",
        "Breakpoint": "breakpoint",
        "Term": "term",
        "WaitingOrder": "waiting order",
    }
    return f"list of {names[listed[1]]}s" if listed else names[annotation]


# ---- docstrings


def _prose(thing: Any) -> str:
    """A docstring as Markdown: double backquotes become single ones, literal blocks become fenced ones."""
    text = (inspect.getdoc(thing) or "").replace("``", "`")
    parts = re.split(r"::\n\n((?:    .*\n?|\n)+)", text)
    for index in range(1, len(parts), 2):
        parts[index] = ":\n\n```text\n" + inspect.cleandoc(parts[index]) + "\n```\n\n"
    return "".join(parts).strip()


def _notes_of_fields(cls: type[Any]) -> dict[str, str]:
    """The strings below the fields of a dataclass."""
    tree = ast.parse(inspect.getsource(inspect.getmodule(cls)))  # type: ignore[arg-type]
    body = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == cls.__name__).body
    return _notes(body)


def _notes_of_constants(module: Any) -> dict[str, str]:
    return _notes(ast.parse(inspect.getsource(module)).body)


def _notes(body: list[ast.stmt]) -> dict[str, str]:
    notes = {}
    for node, below in pairwise(body):
        target = (
            node.target
            if isinstance(node, ast.AnnAssign)
            else node.targets[0]
            if isinstance(node, ast.Assign)
            else None
        )
        if isinstance(target, ast.Name) and isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
            notes[target.id] = " ".join(inspect.cleandoc(str(below.value.value)).replace("``", "`").split())
    return notes


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
