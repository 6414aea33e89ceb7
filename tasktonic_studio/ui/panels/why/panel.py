"""The panel "Why": what was asked, and the answer."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from itertools import islice

from PySide6.QtWidgets import QWidget

from tasktonic.protocol.messages import AskListeners
from tasktonic_studio.commands.choice import Choice
from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.commands.selection_commands import known
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.why_not import (
    NotChanged,
    NotFired,
    NotInState,
    NotRun,
    Question,
    paths_set_to_what_they_were,
    questions_about,
    words_of,
)
from tasktonic_studio.ui.panel import PanelContext
from tasktonic_studio.ui.panels.why.view import WhyView
from tasktonic_studio.ui.view_panel import ViewPanel

MOST_CHOICES = 10_000
MOST_PATHS_ASKED = 20

_requests = itertools.count(6_000_000)
"""Numbers of our requests. Answers come back by store and path; the number only has to differ from others."""


class WhyPanel(ViewPanel):
    """Answers "Why?" and "Why not?"."""

    id = "why"
    title = "Why"
    icon = "why"
    key = "Ctrl+Shift+Y"
    help = "Why something is so, step by step back to where it came from; and why something did not happen."

    view: WhyView

    def build(self, context: PanelContext) -> QWidget:
        self.view = WhyView(context)
        self.view.retheme()
        return self.view

    def commands(self) -> Sequence[Command]:
        return (
            Command(
                "why.why",
                "Why?",
                "Say why the selected thing is as it is: the chain of causes back to the outside.",
                self._why,
                keys=("\\", "Alt+\\"),
                icon="why",
                menu="Go",
                enabled_when=_can_ask,
                why_not=_why_nothing_to_ask,
                single_key=True,
                section="why",
            ),
            Command(
                "why.why_not",
                "Why not…",
                "Say why a sparkle did not run, a state was not entered, a value did not change, a timer did not fire.",
                self._why_not,
                keys=("Shift+\\", "|", "Alt+|"),
                icon="why_not",
                menu="Go",
                enabled_when=_has_tonics,
                why_not=_why_no_tonics,
                single_key=True,
                section="why",
            ),
            Command(
                "why.back", "Why: the question before", "Show the question that was asked before.", self._back,
                icon="back", enabled_when=self._can_go_back,
            ),
            Command(
                "why.forward", "Why: the question after", "Show the question that was asked after this one.",
                self._forward, icon="forward", enabled_when=self._can_go_forward,
            ),
            Command(
                "why.again", "Why: ask again", "Ask the same question at the moment that is shown now.", self._again,
                icon="restart", enabled_when=self._has_answer,
            ),
            Command(
                "why.copy", "Why: copy the answer", "Put the question and its answer on the clipboard, as text.",
                self._copy, icon="copy", enabled_when=self._has_answer,
            ),
        )  # fmt: skip

    # ---- the two questions

    def _why(self, context: CommandContext) -> None:
        thing = context.selection.thing
        if thing is not None:
            context.window.show_panel(self.id)
            self.view.ask(thing)

    def _why_not(self, context: CommandContext) -> None:
        now = known(context)
        if now is None:
            return
        questions = questions_about(now, context.selection.thing) or _all_questions(now)
        if len(questions) == 1:
            self._ask(context, questions[0])
        else:
            hint = "What did not happen? Type a sparkle, a state, a timer or a path."
            context.window.choose(hint, [self._choice(context, now, it) for it in questions[:MOST_CHOICES]])

    def _choice(self, context: CommandContext, now: Knowledge, question: Question) -> Choice:
        return Choice(*_words(now, question), lambda: self._ask(context, question))

    def _ask(self, context: CommandContext, question: Question) -> None:
        context.window.show_panel(self.id)
        self.view.ask(question)
        _ask_who_listens(context, question)

    # ---- the others

    def _back(self, _context: CommandContext) -> None:
        self.view.step(-1)

    def _forward(self, _context: CommandContext) -> None:
        self.view.step(1)

    def _again(self, _context: CommandContext) -> None:
        self.view.ask_again()

    def _copy(self, context: CommandContext) -> None:
        context.window.copy_text(self.view.text)

    def _can_go_back(self, _context: CommandContext) -> bool:
        return self.view.history.can_go_back

    def _can_go_forward(self, _context: CommandContext) -> bool:
        return self.view.history.can_go_forward

    def _has_answer(self, _context: CommandContext) -> bool:
        return self.view.history.shown is not None


def _ask_who_listens(context: CommandContext, question: Question) -> None:
    """Whether a sparkle listens to a path only the app can tell: ask it about paths of which no news came."""
    session = context.session
    if session is None or not isinstance(question, NotRun) or not session.live.target.is_alive:
        return
    live = session.live
    if "listeners" in live.target.capabilities:
        for store, path in paths_set_to_what_they_were(live, MOST_PATHS_ASKED):
            context.requests.send(AskListeners(next(_requests), store, path))


def _words(now: Knowledge, question: Question) -> tuple[str, str, str]:
    """Title, detail and picture of a question in the list."""
    words = words_of(now, question)
    if isinstance(question, NotFired):
        return now.essences.name(question.timer), words, "timer"
    if isinstance(question, NotChanged):
        return question.path, words, "store"
    name = now.essences.name(question.essence)
    if isinstance(question, NotInState):
        return f"{name} in state {question.state}", words, "state"
    return f"{name}.{question.sparkle}", words, "sparkle"


def _all_questions(now: Knowledge) -> list[Question]:
    """What can be asked when nothing is selected: about all that live."""
    every = (
        question for it in now.essences if _lives(now, it) for question in questions_about(now, Thing("essence", it))
    )
    return list(islice(every, MOST_CHOICES))


def _lives(now: Knowledge, essence: int) -> bool:
    facts = now.essences.get(essence)
    return facts is not None and facts.is_alive


def _can_ask(context: CommandContext) -> bool:
    return context.session is not None and context.selection.thing is not None


def _why_nothing_to_ask(context: CommandContext) -> str:
    return "" if _can_ask(context) else "Nothing is selected. Select a tonic, a run, a value or a line of the log."


def _has_tonics(context: CommandContext) -> bool:
    now = known(context)
    return now is not None and len(now.essences) > 0


def _why_no_tonics(context: CommandContext) -> str:
    return "" if _has_tonics(context) else "Nothing is known of any app. Start one, attach to one, or open a trace."
