"""Commands that need a window: arrangements, panels, theme, text size, palette, help."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.ui.layouts import Arrangement
from tasktonic_studio.ui.panel import Panel

_THEMES: Final = (
    ("system", "Like the system", "Light or dark, as the system is."),
    ("light", "Light", "Dark text on light ground."),
    ("dark", "Dark", "Light text on dark ground."),
    ("contrast", "High contrast", "White on black with strong edges."),
)


def arrangement_commands(arrangements: Sequence[Arrangement]) -> list[Command]:
    """One command per arrangement, on Alt and its number, and the way back to how it was."""
    commands = [
        Command(
            f"view.arrange_{arrangement.name}",
            f"Arrange for {arrangement.title}",
            arrangement.help,
            _arrange(arrangement.name),
            keys=(f"Alt+{number}",),
            icon=arrangement.icon,
            menu="View",
            checked_when=_is_arranged(arrangement.name),
            section="arrangements",
        )
        for number, arrangement in enumerate(arrangements, start=1)
    ]
    return [
        *commands,
        Command(
            "view.reset_arrangement",
            "Reset this arrangement",
            "Put the panels of this arrangement back where they were out of the box.",
            lambda context: context.window.reset_arrangement(),
            icon="layout",
            menu="View",
            section="arrangements",
        ),
    ]


def panel_commands(panels: Sequence[Panel]) -> list[Command]:
    """One command per panel: bring it to the front, or take it away while it is there and has the focus."""
    return [
        Command(
            f"panel.{panel.id}",
            panel.title,
            panel.help or f"Show {panel.title}.",
            _toggle(panel.id),
            keys=(panel.key,) if panel.key else (),
            icon=panel.icon,
            menu="View/Panels",
            checked_when=_is_shown(panel.id),
        )
        for panel in panels
    ]


def window_commands() -> list[Command]:
    """The commands of the menus Edit, Go, View and Help that concern the window itself."""
    find = partial(Command, menu="Go", section="find")
    focus = partial(Command, menu="View", section="focus")
    text = partial(Command, menu="View", section="text")
    about = partial(Command, menu="Help")
    return [
        find(
            "go.anything",
            "Go to anything…",
            "Find a tonic, a sparkle, a store path or a file by typing.",
            lambda context: context.window.show_go_to(),
            keys=("Ctrl+P",),
            icon="find",
        ),
        find(
            "go.commands",
            "All commands…",
            "Find and run any command by typing.",
            lambda context: context.window.show_palette(),
            keys=("Ctrl+Shift+P",),
            icon="palette",
        ),
        Command(
            "edit.find",
            "Find in this panel",
            "Put the cursor in the search line of the panel that has the focus.",
            lambda context: context.window.find(),
            keys=("Ctrl+F",),
            icon="find",
            menu="Edit",
            section="find",
        ),
        focus(
            "view.next_panel",
            "Next panel",
            "Give the focus to the next panel on screen.",
            lambda context: context.window.next_panel(1),
            keys=("Ctrl+F6",),
        ),
        focus(
            "view.previous_panel",
            "Previous panel",
            "Give the focus to the previous panel on screen.",
            lambda context: context.window.next_panel(-1),
            keys=("Ctrl+Shift+F6",),
        ),
        *(
            Command(
                f"view.theme_{name}",
                title,
                help_text,
                _set_theme(name),
                icon="theme",
                menu="View/Theme",
                checked_when=_is_theme(name),
            )
            for name, title, help_text in _THEMES
        ),
        text(
            "view.text_larger",
            "Larger text",
            "Make all text larger.",
            lambda context: context.window.zoom_text(1),
            keys=("Ctrl++", "Ctrl+="),
        ),
        text(
            "view.text_smaller",
            "Smaller text",
            "Make all text smaller.",
            lambda context: context.window.zoom_text(-1),
            keys=("Ctrl+-",),
        ),
        text(
            "view.text_usual",
            "Usual text size",
            "Make all text as large as usual.",
            lambda context: context.window.zoom_text(0),
            keys=("Ctrl+0",),
        ),
        Command(
            "view.full_screen",
            "Full screen",
            "Fill the screen with the window, or stop doing so.",
            lambda context: context.window.toggle_full_screen(),
            keys=("Ctrl+Alt+F",),
            menu="View",
            checked_when=lambda context: context.window.is_full_screen(),
            section="screen",
        ),
        Command(
            "edit.settings",
            "Settings…",
            "Change what the Studio remembers about you.",
            lambda context: context.window.show_settings(),
            keys=("Ctrl+,",),
            icon="settings",
            menu="Edit",
            section="settings",
        ),
        about(
            "help.here",
            "Help on this",
            "The page on the name at the caret, or on the panel, dialog or line of a menu where the keyboard is.",
            lambda context: context.window.show_help(context.window.help_topic()),
            keys=("F1",),
            icon="help",
        ),
        about(
            "help.keys",
            "Keys",
            "All keys on one sheet.",
            lambda context: context.window.show_keys(),
            keys=("Ctrl+F1", "?"),
            icon="keys",
            single_key=True,
        ),
        about(
            "help.about",
            "About TaskTonic Studio",
            "Versions, licences, and where your files are.",
            lambda context: context.window.show_about(),
            icon="info",
        ),
    ]


def _arrange(name: str) -> Callable[[CommandContext], None]:
    return lambda context: context.window.set_arrangement(name)


def _is_arranged(name: str) -> Callable[[CommandContext], bool]:
    return lambda context: context.window.arrangement() == name


def _toggle(panel_id: str) -> Callable[[CommandContext], None]:
    return lambda context: context.window.toggle_panel(panel_id)


def _is_shown(panel_id: str) -> Callable[[CommandContext], bool]:
    return lambda context: context.window.is_panel_shown(panel_id)


def _set_theme(name: str) -> Callable[[CommandContext], None]:
    return lambda context: context.window.set_theme(name)


def _is_theme(name: str) -> Callable[[CommandContext], bool]:
    return lambda context: context.window.theme() == name
