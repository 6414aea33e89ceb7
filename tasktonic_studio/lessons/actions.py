"""What a step of a lesson has the learner do with the real Studio: verbs out of a fixed list, in words and with keys."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import Final

from tasktonic.literals import parse_arguments, ttLiteralError
from tasktonic_studio.lessons.problems import WrittenWrong

VERBS: Final = {
    "open": "show the lesson's program in the editor",
    "distil": "start the program by hand, under a distiller; `distil seed 7` with another order of catalysts",
    "start": "start the program so that it runs by itself",
    "step": "let one sparkle run; `step 3` lets three",
    "run": "run until nothing is left to do; `run for 10 s`, `run until state red`, `run until sparkle ttse__on_timer`",
    "call": "call a sparkle from outside: `call light.ttsc__button`, `call shop.ttsc__buy(3)`",
    "end": "end an app that is run by hand, in order",
    "hold": "hold an app that runs by itself",
    "continue": "let it go on",
    "restart": "start the program again",
    "stop": "stop the program",
    "select": "select a tonic, `select light`, or the last run of a sparkle, `select light.ttse__on_timer`",
    "show": "bring a panel to the front: `show state_machine`",
    "back": "look at the moment after a sparkle ran: `back to sparkle 3`",
    "live": "look at the present again",
    "command": "any of a few commands, by its id: `command distiller.make_test`",
}
"""Each verb with what it does; the guide page has this table."""

COMMANDS: Final = {
    "distiller.make_test": "Make a test of this…",
    "time.previous_run": "Previous run",
    "time.next_run": "Next run",
    "why.why": "Why?",
    "why.why_not": "Why not…",
    "run.step": "Run the next sparkle",
    "run.follow": "Follow the order",
    "view.arrange_learn": "Arrange for Learn",
    "selection.go_to_source": "Go to source",
}
"""What ``command`` may name, with its title: nothing that a stranger's lesson could do harm with."""

RUNNING: Final = ("distil", "start", "step", "run", "call", "end", "hold", "continue", "restart", "stop")
"""Verbs that make something run, or stop it: what comes after them waits until that has happened."""
MAKING_RUN: Final = ("distil", "start", "restart")
"""Those with which user code begins to run."""

_BY_COMMAND: Final = {
    "hold": "run.hold",
    "continue": "run.start",
    "restart": "run.restart",
    "stop": "run.stop",
    "end": "distiller.finish",
    "live": "time.go_live",
}
_LONGEST_S: Final = 1e7


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do.

    `target` is a tonic, a panel, a command's id; `sparkle` and `arguments` of a call or a selection; `number` how many
    sparkles, which sparkle, a line or a seed; `seconds` negative for no limit; `state` and `till` where a run ends.
    """

    verb: str
    target: str = ""
    sparkle: str = ""
    arguments: str = ""
    number: int = 0
    seconds: float = -1.0
    state: str = ""
    till: str = ""

    @property
    def runs(self) -> bool:
        """Whether the app does something for it."""
        return self.verb in RUNNING

    @property
    def command(self) -> str:
        """The command of the Studio that does just this, whose key can be named; empty for none."""
        if self.verb == "step":
            return "distiller.step" if self.number == 1 else ""
        if self.verb == "run":
            return "" if self.seconds >= 0 or self.state or self.till else "distiller.run"
        if self.verb == "show":
            return f"panel.{self.target}"
        return self.target if self.verb == "command" else _BY_COMMAND.get(self.verb, "")

    @property
    def words(self) -> str:
        """What the button says."""
        return _words(self)


def read_action(text: str) -> Action:
    """The action that a text asks for.

    Raises:
        WrittenWrong: there is no such verb, or it is not followed by what it needs.
    """
    text = " ".join(text.split())
    verb, _, rest = text.partition(" ")
    if verb not in VERBS:
        near = difflib.get_close_matches(verb, VERBS, n=1)
        hint = f"Did you mean '{near[0]}'?" if near else f"There are: {', '.join(VERBS)}."
        raise WrittenWrong(f"There is nothing to do that is called '{verb[:40]}'. {hint}")
    for pattern in _PATTERNS[verb]:
        found = re.fullmatch(pattern, rest)
        if found:
            return _checked(_made(verb, found.groupdict()))
    raise WrittenWrong(f"'{text[:60]}' is not complete or has too much. '{verb}': {VERBS[verb]}.")


_TONIC: Final = r"(?P<target>[^\s.()][^.()]*)"
_PATTERNS: Final = {
    "open": ("", r"line (?P<number>\d{1,6})"),
    "distil": ("", r"seed (?P<number>\d{1,9})"),
    "start": ("",),
    "step": ("", r"(?P<number>\d{1,4})"),
    "run": (
        "",
        r"for (?P<seconds>\d{1,8}(\.\d{1,3})?) ?s",
        r"until state (?P<state>\w+)(?: or (?P<seconds>\d{1,8}(\.\d{1,3})?) ?s)?",
        r"until sparkle (?P<till>\w+)(?: or (?P<seconds>\d{1,8}(\.\d{1,3})?) ?s)?",
    ),
    "call": (_TONIC + r"\.(?P<sparkle>tts\w+)(?:\((?P<arguments>.*)\))?",),
    "end": ("",),
    "hold": ("",),
    "continue": ("",),
    "restart": ("",),
    "stop": ("",),
    "select": (_TONIC + r"\.(?P<sparkle>_?tts\w+)", _TONIC),
    "show": (r"(?P<target>\w+)",),
    "back": (r"to sparkle (?P<number>\d{1,6})",),
    "live": ("",),
    "command": (r"(?P<target>[\w.]+)",),
}


def _made(verb: str, parts: dict[str, str | None]) -> Action:
    given = {name: value for name, value in parts.items() if value is not None}
    number = int(given.get("number", 1 if verb == "step" else 0))
    return Action(
        verb,
        given.get("target", "").strip(),
        given.get("sparkle", ""),
        given.get("arguments", ""),
        number,
        float(given.get("seconds", -1.0)),
        given.get("state", ""),
        given.get("till", ""),
    )


def _checked(action: Action) -> Action:
    if action.verb in ("step", "back") and action.number < 1:
        raise WrittenWrong(f"'{action.verb} 0' does nothing: sparkles are counted from 1.")
    if action.seconds > _LONGEST_S:
        raise WrittenWrong(f"{action.seconds:g} s is too long: at most {_LONGEST_S:,.0f} s.")
    if action.arguments:
        try:
            parse_arguments(action.arguments)
        except ttLiteralError as error:
            raise WrittenWrong(str(error)) from None
    if action.verb == "command" and action.target not in COMMANDS:
        raise WrittenWrong(f"A lesson cannot run '{action.target}'. It can run {', '.join(COMMANDS)}.")
    return action


def _words(action: Action) -> str:
    verb, number = action.verb, action.number
    if verb == "run":
        limit = f" for {action.seconds:g} s" if action.seconds >= 0 and not (action.state or action.till) else ""
        until = f" until the state is {action.state}" if action.state else ""
        until = f" until {action.till} has run" if action.till else until
        return f"Run{until or limit or ' until nothing is left to do'}"
    if verb == "step":
        return "Let one sparkle run" if number == 1 else f"Let {number} sparkles run"
    if verb == "call":
        return f"Call {action.target}.{action.sparkle}({action.arguments})"
    if verb == "select":
        return f"Select {action.target}{'.' if action.sparkle else ''}{action.sparkle}"
    if verb == "show":
        return f"Show the panel {action.target.replace('_', ' ').capitalize()}"
    if verb == "back":
        return f"Look back to sparkle {number}"
    if verb == "distil" and number:
        return f"Start it by hand, with seed {number}"
    if verb == "command":
        return COMMANDS[action.target]
    return {
        "open": "Open the program",
        "distil": "Start it by hand",
        "start": "Start it",
        "end": "End the app in order",
        "hold": "Hold it",
        "continue": "Let it go on",
        "restart": "Start it again",
        "stop": "Stop it",
        "live": "Back to live",
    }[verb]
