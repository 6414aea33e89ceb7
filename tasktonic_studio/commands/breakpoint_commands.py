"""Commands about breakpoints: set one on the selected thing, write one, switch all off and on."""

from __future__ import annotations

from collections.abc import Sequence

from tasktonic.rules import Breakpoint, Term, ttBreakpointError
from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.commands.selection_commands import known
from tasktonic_studio.session.breakpoint_offers import term_for

NOTHING_TO_BREAK_ON = (
    "Select a tonic, a run, an order, a state, a store path, a line of the log or a handler in the source."
)

NO_HANDLER = "The caret stands in no handler of a sparkle. Breakpoints stand on handlers, such as ttse__on_start."


def wanted_term(context: CommandContext) -> Term | None:
    """What a breakpoint on the selected thing would say; while one writes, on the handler at the caret."""
    if context.window.source_has_focus():
        return context.window.term_at_caret()
    now = known(context)
    return term_for(now, context.selection.thing) if now is not None else None


def why_not_here(context: CommandContext) -> str:
    """Why the app that is watched cannot be held at breakpoints, in a sentence; empty when it can, or when none is watched."""
    target = context.session.live.target if context.session is not None else None
    if target is None or not target.is_alive or target.how == "file" or not target.role:
        return ""
    if target.role == "view":
        return "Another Studio controls this app: only that one can hold it."
    return "" if "breakpoints" in target.capabilities else "This app runs a tasktonic that knows no breakpoints."


def _why_none(context: CommandContext) -> str:
    """While one writes nothing but the app stands in the way: the caret moves, and the key says what is wrong with its line."""
    problem = why_not_here(context)
    if problem or context.window.source_has_focus() or wanted_term(context) is not None:
        return problem
    return NOTHING_TO_BREAK_ON


def _term_or_sentence(context: CommandContext) -> Term | None:
    term = wanted_term(context)
    if term is None and context.window.source_has_focus():
        context.window.problem(NO_HANDLER)
    return term


def _toggle(context: CommandContext) -> None:
    session, term = context.session, _term_or_sentence(context)
    if session is None or term is None:
        return
    try:
        session.breakpoints.toggle(term)
    except ttBreakpointError as error:
        context.window.problem(str(error))


def _has_one(context: CommandContext) -> bool:
    term = wanted_term(context)
    point = context.session.breakpoints.about(term) if context.session is not None and term is not None else None
    return point is not None and point.enabled


def _edit(context: CommandContext) -> None:
    session, term = context.session, _term_or_sentence(context)
    if session is not None and term is not None:
        context.window.edit_breakpoint(session.breakpoints.about(term) or Breakpoint(0, (term,)))


def _add(context: CommandContext) -> None:
    context.window.edit_breakpoint(Breakpoint(0, (wanted_term(context) or Term("sparkle"),)))


def _any(context: CommandContext, *, is_on: bool) -> bool:
    return context.session is not None and any(point.enabled is is_on for point in context.session.breakpoints.all)


def _enable_all(context: CommandContext, *, is_on: bool) -> None:
    if context.session is not None:
        context.session.breakpoints.enable_all(is_on)


def breakpoint_commands() -> Sequence[Command]:
    """The commands of the menu Run that concern breakpoints."""
    return (
        Command(
            "breakpoints.toggle",
            "Breakpoint on it",
            "Set a breakpoint on the selected thing, or take it away: its sparkle, state, store path, or kind of exception.",
            _toggle,
            keys=("F9",),
            icon="breakpoint",
            menu="Run",
            checked_when=_has_one,
            why_not=_why_none,
            section="breakpoints",
        ),
        Command(
            "breakpoints.edit",
            "Edit the breakpoint on it…",
            "Say more about the breakpoint on the selected thing: a condition, from whom, how often, or only tell.",
            _edit,
            keys=("Ctrl+F9",),
            menu="Run",
            why_not=_why_none,
            section="breakpoints",
        ),
        Command(
            "breakpoints.add",
            "New breakpoint…",
            "Write a breakpoint: any rule over sparkle, sender, state, store path, exception, condition and duration.",
            _add,
            keys=("Ctrl+Shift+F9",),
            menu="Run",
            why_not=why_not_here,
            section="breakpoints",
        ),
        Command(
            "breakpoints.all_off",
            "Switch all breakpoints off",
            "The app is not held at any of them until they are switched on again.",
            lambda context: _enable_all(context, is_on=False),
            menu="Run",
            enabled_when=lambda context: _any(context, is_on=True),
            section="breakpoints",
        ),
        Command(
            "breakpoints.all_on",
            "Switch all breakpoints on",
            "All of them hold or tell again.",
            lambda context: _enable_all(context, is_on=True),
            menu="Run",
            enabled_when=lambda context: _any(context, is_on=False),
            section="breakpoints",
        ),
    )
