"""All rules. A code never changes its meaning: people have it in comments and in settings."""

from __future__ import annotations

from typing import Final

from ..rule import Rule
from .births import missing_super_init
from .blocking import blocking_call
from .handlers import dead_handler, overwritten_handler, wrong_kind
from .naming import misspelt_name
from .sparkles import unknown_sparkle, wrong_arguments, wrong_hook
from .states import dead_end_state, unentered_state, unknown_state
from .timers import timer_without_callback, wrong_callback
from .widgets import unknown_widget

UNREADABLE: Final = "unreadable"
UNUSED_SILENCE: Final = "unused-silence"

RULES: Final[tuple[Rule, ...]] = (
    Rule(
        "unknown-state",
        "error",
        "unknown state",
        "The call raises ttUnknownState, and the tonic stays in the state it is in.",
        unknown_state,
    ),
    Rule(
        "unentered-state",
        "warning",
        "state never entered",
        "What is there for the state never runs.",
        unentered_state,
    ),
    Rule(
        "dead-end-state",
        "hint",
        "state without a way out",
        "Once in this state the tonic ignores everything, for ever, and the app never ends by itself.",
        dead_end_state,
    ),
    Rule(
        "dead-handler",
        "warning",
        "handler that can never run",
        "It looks as if something was done that is not done.",
        dead_handler,
    ),
    Rule(
        "overwritten-handler",
        "error",
        "handler overwritten by a second one",
        "A class has one method of a name: the last one. Python says nothing about the others.",
        overwritten_handler,
    ),
    Rule(
        "wrong-kind",
        "error",
        "sparkle that is no plain method",
        "Making the class raises ttSparkleKindError.",
        wrong_kind,
    ),
    Rule(
        "misspelt-name",
        "error",
        "misspelt hook or prefix",
        "Sparkles and hooks are found by name: under another one a method is never called.",
        misspelt_name,
    ),
    Rule(
        "unknown-sparkle",
        "error",
        "sparkle that does not exist",
        "The call raises AttributeError.",
        unknown_sparkle,
    ),
    Rule(
        "wrong-arguments",
        "error",
        "wrong number of arguments",
        "The call raises TypeError, and nothing is queued.",
        wrong_arguments,
    ),
    Rule(
        "wrong-arguments",
        "error",
        "wrong number of arguments",
        "The framework's call raises TypeError, and the hook never runs.",
        wrong_hook,
    ),
    Rule(
        "blocking-call",
        "warning",
        "blocking call in a sparkle",
        "Nothing else on the catalyst runs meanwhile: no other sparkle, no timer, no window.",
        blocking_call,
    ),
    Rule(
        "unknown-widget",
        "error",
        "ttqt name without a widget or signal",
        "It is connected to nothing: an error is reported when the widget starts, and the handler never runs.",
        unknown_widget,
    ),
    Rule(
        "timer-without-callback",
        "error",
        "timer without a callback",
        "Making the timer raises ttTimerError.",
        timer_without_callback,
    ),
    Rule(
        "wrong-arguments",
        "error",
        "wrong number of arguments",
        "The timer fires, and the call raises TypeError.",
        wrong_callback,
    ),
    Rule(
        "missing-super-init",
        "error",
        "missing super().__init__()",
        "What the framework needs of an instance is made there; without it making one raises ttRunningError.",
        missing_super_init,
    ),
    Rule(
        UNUSED_SILENCE,
        "warning",
        "silence that silences nothing",
        "A comment that is not needed hides the next fault in its line.",
    ),
    Rule(UNREADABLE, "error", "file that cannot be checked", "Nothing in it was checked."),
)

CODES: Final[tuple[str, ...]] = tuple(dict.fromkeys(rule.code for rule in RULES))
