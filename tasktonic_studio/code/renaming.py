"""Renaming a sparkle or a state in a whole project: every change there would be, and what is left as it is."""

from __future__ import annotations

from typing import Final, NamedTuple

from tasktonic_studio.code.calling import Caller, caller
from tasktonic_studio.code.question import Question
from tasktonic_studio.code.sparkle_names import sparkle_name
from tasktonic_studio.code.uses import WITH_NAMES, Subject, Use, Uses, subject_at
from tasktonic_studio.code.words import HOOKS


class Change(NamedTuple):
    """One place and what is put there. `is_sure`: it is known to be of what is renamed; else somebody should look at it."""

    place: Caller
    old: str
    new: str
    is_sure: bool


class Renaming(NamedTuple):
    """`problem` is a sentence why it cannot be done. `left`: places that may be meant and stay, each with a reason.
    `scope` is a sentence of what was looked through, where that is less than one would think.
    """

    subject: str
    old: str
    problem: str
    changes: list[Change]
    left: list[tuple[Caller, str]]
    scope: str = ""


_REASONS: Final = {
    "built": "a name that is put together while the program runs",
    "text": "a text that may mean it",
}


def rename(question: Question, new: str) -> Renaming:
    """What renaming what stands at the place would change. `new` is the name without prefix and state, or the state.

    With an empty `new` it says only what would be renamed, in `subject` and `old`, or why that cannot be.
    """
    subject = subject_at(question)
    if subject is None:
        return _refused("", "", "Put the caret on the name of a sparkle or of a state: those are renamed here.")
    old = subject.state or subject.called.partition("__")[2]
    problem = _why_not_at_all(subject) or (_why_not(question, subject, old, new) if new else "")
    if problem or not new:
        return _refused(subject.words, old, problem)
    uses = Uses(question, subject)
    changes: list[Change] = []
    left: list[tuple[Caller, str]] = []
    for use in uses.all():
        place = caller(question, use)
        if use.mention.kind == "text" and sparkle_name(use.mention.name) is None:
            left.append((place, _REASONS["text"]))
        elif not use.mention.is_plain:
            left.append((place, "a text that is not written plainly"))
        else:
            changes.append(Change(place, use.mention.name, _renamed(use, subject, new), use.is_sure))
    left += [(caller(question, it), _REASONS["built"]) for it in uses.built()]
    if not question.sources.is_whole:
        left.append(
            (
                Caller(question.file, 1, 0, 0, "", "", False),
                "the project is too large; not every file was looked through",
            )
        )
    return Renaming(subject.words, old, "", changes, left, question.sources.scope)


def _refused(subject: str, old: str, problem: str) -> Renaming:
    return Renaming(subject, old, problem, [], [])


def _renamed(use: Use, subject: Subject, new: str) -> str:
    parsed = sparkle_name(use.mention.name) if use.mention.kind in WITH_NAMES else None
    if parsed is None:
        return new
    state = new if subject.state else parsed.state
    name = parsed.name if subject.state else new
    return f"{parsed.prefix}_{state}__{name}" if state else f"{parsed.prefix}__{name}"


def _why_not_at_all(subject: Subject) -> str:
    if subject.called in HOOKS:
        return f"{subject.called} is called by the framework, under this name only."
    if subject.called.startswith("_ttss__"):
        return f"{subject.called} belongs to the framework."
    if not subject.family:
        what = f"the state {subject.state}" if subject.state else subject.called
        return f"It cannot be told which class has {what}: put the caret where it is defined, and rename it there."
    return ""


def _why_not(question: Question, subject: Subject, old: str, new: str) -> str:
    if new == old:
        return f"It is named {old} already."
    if not new.isidentifier():  # a word of Python may be one: it is only a part of what is written
        return f"{new!r} cannot be a name: letters, digits and underscores, and no digit first."
    if subject.state:
        if "__" in new or new.startswith("_") or new.endswith("_"):
            return "A state has no double underscore in its name, and none at its ends: two underscores end it in a method name."
    elif new.startswith("_"):
        return "The name of a sparkle does not begin with an underscore."
    return _clash(question, subject, new)


def _clash(question: Question, subject: Subject, new: str) -> str:
    tonics = question.tonics
    prefix = subject.called.partition("__")[0]
    for cls in subject.family:
        if subject.state and new in tonics.states(cls):
            return f"{cls.name} has a state {new} already."
        if not subject.state:
            called = f"{prefix}__{new}"
            if called in HOOKS:
                return f"{called} would be called by the framework: choose another name."
            if tonics.handlers_of(cls, called):
                return f"{cls.name} has a sparkle {called} already."
    return ""
