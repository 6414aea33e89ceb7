"""Commands that stop an app in the lines of its source, and let it go on line by line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from tasktonic_studio.analysis.body_lines import first_line_inside
from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.commands.things import place_of
from tasktonic_studio.session.line_facts import LineFacts

LINES_MENU: Final = "Run/Line by line"

SELECT: tuple[str, ...] = ("run", "order", "log", "place")
"""Kinds of things that have one handler."""


def line_facts(context: CommandContext) -> LineFacts:
    """How it stands with the debugger of lines."""
    return context.session.lines if context.session is not None else LineFacts()


def why_not_lines(context: CommandContext) -> str:
    """Why the watched app cannot be stopped in a line; empty when it can, or when there is none and the next one will be."""
    target = context.session.live.target if context.session is not None else None
    if target is not None and target.is_alive and target.how != "file" and target.role == "view":
        return "Another studio controls this app; this one views, and stops nothing."
    return ""


def break_in_line(context: CommandContext, file: str, line: int) -> None:
    """Stop at a line from now on, or no more; at a `def` the first line inside is meant."""
    path = str(Path(file).resolve())
    try:
        text = Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        context.window.problem(f"{path} cannot be read: {error.strerror or error}.")
        return
    context.requests.toggle_line_break(path, first_line_inside(text, line))


def _place(context: CommandContext) -> tuple[str, int] | None:
    thing = context.selection.thing
    if context.session is None or thing is None or thing.kind not in SELECT:
        return None
    place = place_of(context.session.live, thing)
    return (place.file, place.line) if place is not None and place.line > 0 else None


def _why_no_place(context: CommandContext) -> str:
    if _place(context) is None:
        return "Select a run, an order, a line of the log or a sparkle first: it has the lines to stop in."
    return why_not_lines(context)


def _break_in_its_lines(context: CommandContext) -> None:
    place = _place(context)
    if place is not None:
        file, line = place
        context.requests.break_in_handler(str(Path(file).resolve()), line)
        context.window.show_panel("lines")


def _going(how: str) -> Callable[[CommandContext], None]:
    return lambda context: context.requests.go_on_in_lines(how)


def _why_not_going(context: CommandContext) -> str:
    return "" if line_facts(context).stop is not None else "The app does not stand in a line."


def _stop_on_raised(context: CommandContext) -> None:
    context.requests.stop_on_raised(not line_facts(context).on_raised)


def _take_all_away(context: CommandContext) -> None:
    facts = line_facts(context)
    for each in facts.breaks:
        context.requests.toggle_line_break(each.file, each.line)
    if facts.on_raised:
        context.requests.stop_on_raised(False)


def _why_none(context: CommandContext) -> str:
    facts = line_facts(context)
    return "" if facts.breaks or facts.on_raised else "There is no line to stop at."


def line_commands() -> Sequence[Command]:
    """The commands of the menu “Line by line”."""
    return (
        Command(
            "lines.break_in_sparkle",
            "Break in its lines",
            "Stop the app at the first line of the selected sparkle's handler, to go on line by line; again for no more.",
            _break_in_its_lines,
            icon="lines",
            menu=LINES_MENU,
            section="lines",
            why_not=_why_no_place,
        ),
        Command(
            "lines.stop_on_raised",
            "Break where an exception is raised",
            "Stop the app in the line that raises inside a sparkle, also when the exception is caught.",
            _stop_on_raised,
            menu=LINES_MENU,
            section="lines",
            checked_when=lambda context: line_facts(context).on_raised,
            why_not=why_not_lines,
        ),
        Command(
            "lines.next",
            "Next line",
            "While the app stands in a line: run that one, calls in it as a whole.",
            _going("next"),
            keys=("Ctrl+Shift+F10",),
            menu=LINES_MENU,
            section="lines",
            why_not=_why_not_going,
        ),
        Command(
            "lines.into",
            "Into the call",
            "While the app stands in a line: go into the function that it calls.",
            _going("stepIn"),
            keys=("Ctrl+Shift+F11",),
            menu=LINES_MENU,
            section="lines",
            why_not=_why_not_going,
        ),
        Command(
            "lines.out",
            "Out of the call",
            "While the app stands in a line: run until the function has returned.",
            _going("stepOut"),
            keys=("Ctrl+Shift+F12",),
            menu=LINES_MENU,
            section="lines",
            why_not=_why_not_going,
        ),
        Command(
            "lines.go_on",
            "Go on from the line",
            "While the app stands in a line: let it run until the next line to stop at.",
            _going("continue"),
            keys=("Ctrl+Shift+F7",),
            menu=LINES_MENU,
            section="lines",
            why_not=_why_not_going,
        ),
        Command(
            "lines.remove_all",
            "Break in no line any more",
            "Take all lines to stop at away; the app runs as fast as before.",
            _take_all_away,
            menu=LINES_MENU,
            section="lines",
            why_not=_why_none,
        ),
    )
