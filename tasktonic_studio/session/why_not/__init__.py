"""Why not?: the exact reason why a sparkle did not run, a state was not entered, a value did not change, a timer did not fire."""

from __future__ import annotations

from tasktonic_studio.session.answers import Answer
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.why_not.news import paths_set_to_what_they_were
from tasktonic_studio.session.why_not.path import not_changed
from tasktonic_studio.session.why_not.questions import (
    NotChanged,
    NotFired,
    NotInState,
    NotRun,
    Question,
    questions_about,
    words_of,
)
from tasktonic_studio.session.why_not.reasons import Reasons
from tasktonic_studio.session.why_not.sparkle import not_run
from tasktonic_studio.session.why_not.state import not_in_state
from tasktonic_studio.session.why_not.timer import not_fired


def why_not(known: Knowledge, question: Question) -> Answer:
    """Say why something did not happen up to the moment that is shown: every reason there was, with how often and when last.

    Args:
        known: what is known at that moment.
        question: what did not happen.
    """
    reasons = Reasons(known)
    if isinstance(question, NotRun):
        not_run(reasons, question.essence, question.sparkle)
    elif isinstance(question, NotInState):
        not_in_state(reasons, question.essence, question.state)
    elif isinstance(question, NotChanged):
        not_changed(reasons, question.store, question.path)
    else:
        not_fired(reasons, question.timer)
    return Answer(words_of(known, question), reasons.sentences(), reasons.asked, known.app.began_ns)


__all__ = [
    "NotChanged",
    "NotFired",
    "NotInState",
    "NotRun",
    "Question",
    "paths_set_to_what_they_were",
    "questions_about",
    "why_not",
    "words_of",
]
