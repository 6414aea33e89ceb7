"""Make ``docs/commands.md`` from the command registry; ``--check`` only compares.

What is in that page stands in the commands: to change it, change a command and run this again in the same commit. Apart from
``make_docs.py``, as it needs Qt.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tasktonic_studio.commands.command import Command  # noqa: E402 - found by the lines above
from tasktonic_studio.commands.registry import Registry  # noqa: E402
from tasktonic_studio.ui.actions import MENU_ORDER  # noqa: E402
from tasktonic_studio.ui.layouts import arrangements  # noqa: E402
from tasktonic_studio.ui.panel_list import all_panels  # noqa: E402
from tasktonic_studio.ui.parts import all_commands  # noqa: E402

HEAD = """\
<!-- Made from the command registry by tools/make_commands_page.py: change a command there. -->

# Commands

All that can be done in the Studio. Each of these is in the palette (Ctrl+Shift+P); most have a place in a menu, many a key.
Keys can be changed in the settings file, in the table `keys`: a command id, and its keys separated by spaces.
"""


def main(arguments: list[str]) -> int:
    """Write the page, or say that it is stale."""
    page = ROOT / "docs" / "commands.md"
    text = commands_page()
    is_fresh = page.exists() and page.read_text(encoding="utf-8") == text
    if "--check" in arguments:
        if not is_fresh:
            sys.stderr.write("docs/commands.md is stale. Run: python tools/make_commands_page.py\n")
        return 0 if is_fresh else 1
    if not is_fresh:
        page.write_text(text, encoding="utf-8")
        sys.stdout.write("docs/commands.md\n")
    return 0


def commands_page() -> str:
    """The page, from the commands of a whole window."""
    panels = all_panels()
    registry = Registry()
    registry.register_all(all_commands(panels, arrangements([panel.id for panel in panels])))
    by_menu: dict[str, list[Command]] = {}
    for command in registry.all():
        by_menu.setdefault(command.menu or "Palette only", []).append(command)
    order = [*MENU_ORDER, "Palette only"]
    menus = sorted(
        by_menu, key=lambda menu: (order.index(top) if (top := menu.split("/")[0]) in order else len(order), menu)
    )
    return HEAD + "".join(_section(menu.replace("/", " › "), by_menu[menu]) for menu in menus)


def _section(title: str, commands: Sequence[Command]) -> str:
    rows = [
        f"| {_cell(command.title)} | {_keys(command)} | {_cell(command.help)} | `{command.id}` |\n"
        for command in commands
    ]
    return f"\n## {title}\n\n| command | keys | | id |\n|---|---|---|---|\n" + "".join(rows)


def _keys(command: Command) -> str:
    return ", ".join(f"`{key}`" for key in command.keys)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
