"""Uses: which mentions of a project are of one sparkle, or of one state, of a family of tonics, and which may be."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Final, NamedTuple

from tasktonic_studio.analysis.classes import ClassSource
from tasktonic_studio.code.columns import in_characters
from tasktonic_studio.code.glance import Wanted
from tasktonic_studio.code.mentions import Mention
from tasktonic_studio.code.question import Question
from tasktonic_studio.code.sparkle_names import sparkle_name
from tasktonic_studio.code.tonics import Tonics, listed_states

WITH_NAMES: Final = ("method", "attribute", "awaited", "text")
"""Kinds of mentions that may be names of sparkles, with a state in them or not."""
_BUILT: Final = re.compile(r"to_state|attr.*tts|tts.*attr")
"""In a line; of names that are put together only those count in whose line something of a sparkle stands."""
MOST_INFERRED: Final = 200
"""Jedi is asked what stands before a dot so many times for one question; what is beyond that counts as not known."""


class Subject(NamedTuple):
    """What is looked for: a sparkle by its name without a state (`called`), or a `state`; and whose it is."""

    called: str
    state: str
    family: tuple[ClassSource, ...]
    """Empty when nothing of the project is known to have it."""

    @property
    def words(self) -> str:
        owners = ", ".join(dict.fromkeys(it.name for it in self.family)) or "no known class"
        return f"{'state ' + self.state if self.state else self.called} of {owners}"


class Use(NamedTuple):
    """A mention in a file. `is_sure` tells whether it is known to be of the family."""

    file: str
    mention: Mention
    is_sure: bool


def subject_at(question: Question) -> Subject | None:
    """The sparkle or the state at the place; None for anything else.

    In the name of a method such as ``ttsc_open__close`` the state is meant where the caret stands in the state.
    """
    place = question.place
    if place.in_state and place.word:
        return _state_subject(question, place.word, question.targets())
    if place.quote >= 0:
        listed = _listed_at(question)
        return _state_subject(question, listed[1], [listed[0]]) if listed is not None else None
    parsed = sparkle_name(place.word) if place.word else None
    if parsed is None or place.is_comment:
        return None
    state_begin = place.begin + len(parsed.prefix) + 1
    if parsed.state and state_begin <= place.column <= state_begin + len(parsed.state):
        return _state_subject(question, parsed.state, question.targets())
    return _sparkle_subject(question, parsed.called)


def _listed_at(question: Question) -> tuple[ClassSource, str] | None:
    """The class and the state whose text in ``_tt_states`` is at the place."""
    place, own = question.place, question.own_class
    for node in listed_states(own) if own is not None else ():
        if node.lineno == place.line and node.value == place.word and own is not None:
            return own, place.word
    return None


def _state_subject(question: Question, state: str, targets: list[ClassSource]) -> Subject:
    tonics = question.tonics
    roots = [it for it in targets if state in tonics.states(it)]
    if not roots and not targets:
        roots = [it for it in tonics.everything() if _has_state(it, state)][:1]
        if len({it.name for it in tonics.everything() if _has_state(it, state)}) > 1:
            roots = []
    owners = [it for it in tonics.everything() if _has_state(it, state)] if roots else []
    return Subject("", state, _families(tonics, roots, owners))


def _sparkle_subject(question: Question, called: str) -> Subject:
    tonics = question.tonics
    owners = [it for it in tonics.everything() if _has_sparkle(it, called)]
    roots = [it for it in question.targets() if tonics.handlers_of(it, called)]
    if not roots and not question.targets():
        families = _families(tonics, owners[:1], owners)
        inside = {id(it.node) for it in families}
        roots = owners[:1] if all(id(it.node) in inside for it in owners) else []
    return Subject(called, "", _families(tonics, roots, owners))


def _families(tonics: Tonics, roots: list[ClassSource], owners: list[ClassSource]) -> tuple[ClassSource, ...]:
    found: dict[int, ClassSource] = {}
    for root in roots:
        if id(root.node) not in found:
            found.update({id(it.node): it for it in tonics.family(root, owners)})
    return tuple(found.values())


def _has_state(cls: ClassSource, state: str) -> bool:
    names = (sparkle_name(it) for it in cls.methods)
    return any(it is not None and it.state == state for it in names) or any(
        node.value == state for node in listed_states(cls)
    )


def _has_sparkle(cls: ClassSource, called: str) -> bool:
    return any((it := sparkle_name(name)) is not None and it.called == called for name in cls.methods)


class Uses:
    """Looks for the mentions of a subject in the whole project. Made for one question."""

    def __init__(self, question: Question, subject: Subject) -> None:
        self.question = question
        self.subject = subject
        self._inside = {id(it.node) for it in subject.family}
        self._inferred = 0

    @cached_property
    def is_only_one(self) -> bool:
        """Whether no other class of the project has a sparkle, or a state, of this name."""
        has = _has_state if self.subject.state else _has_sparkle
        name = self.subject.state or self.subject.called
        everything = self.question.tonics.everything()
        return all(id(it.node) in self._inside for it in everything if has(it, name))

    def all(self) -> list[Use]:
        """Every mention that is, or may be, of the subject; those of other classes are left out."""
        sources, subject = self.question.sources, self.subject
        wanted = Wanted(subject.state or subject.called.rpartition("__")[2], is_state=bool(subject.state))
        found: list[Use] = []
        for file in sources.files():
            if wanted.is_in(sources.text(file), is_marked=sources.glance(file).is_marked):
                found += self._in_file(file, sources.mentions(file))
        return found

    def built(self) -> list[Use]:
        """Names and states that are put together while the program runs: states by the family, names by anybody."""
        sources, found = self.question.sources, list[Use]()
        for file in sources.files():
            text = sources.text(file)
            for mention in sources.mentions(file) if _BUILT.search(text) is not None else ():
                if mention.kind == "built" and self._may_be_built(file, mention, text):
                    found.append(Use(file, mention, False))
        return found

    def _may_be_built(self, file: str, mention: Mention, text: str) -> bool:
        if mention.name == "to_state":
            return bool(self.subject.state) and self._is_inside(self._around(file, mention))
        return "tts" in text.split("\n")[mention.line - 1]

    def _in_file(self, file: str, mentions: list[Mention]) -> Iterator[Use]:
        for mention in mentions:
            if self._fits(mention):
                sure = self._is_of_family(file, mention)
                if sure is not None:
                    yield Use(file, mention, sure)

    def _fits(self, mention: Mention) -> bool:
        if mention.kind == "built":
            return False
        parsed = sparkle_name(mention.name) if mention.kind in WITH_NAMES else None
        if parsed is not None:
            return parsed.state == self.subject.state if self.subject.state else parsed.called == self.subject.called
        if self.subject.state:
            return mention.name == self.subject.state
        named = self.subject.called.partition("__")[2].removeprefix("on_")
        return mention.kind == "text" and mention.name == named

    def _is_of_family(self, file: str, mention: Mention) -> bool | None:
        """True when it is, False when that is not known, None when it is of somebody else."""
        if mention.kind in ("text", "awaited"):
            # A text says nothing of whose it is; what it says must be a name, and nobody else's.
            return self.is_only_one and (mention.kind == "awaited" or sparkle_name(mention.name) is not None)
        if mention.kind in ("method", "listed"):
            return True if self._is_inside(self._around(file, mention)) else None
        owners = self._owners(file, mention)
        if any(self._is_inside(it) for it in owners):
            return True
        if owners:
            # Somebody else's, or a class that counts on being mixed into one that has it.
            return None if any(self._has(it) for it in owners) else False
        return self.is_only_one and bool(self._inside) and mention.kind == "attribute"

    def _has(self, cls: ClassSource) -> bool:
        tonics, subject = self.question.tonics, self.subject
        return subject.state in tonics.states(cls) if subject.state else bool(tonics.handlers_of(cls, subject.called))

    def _around(self, file: str, mention: Mention) -> ClassSource | None:
        return self.question.tonics.class_at(file, mention.cls, mention.cls_line) if mention.cls else None

    def _is_inside(self, cls: ClassSource | None) -> bool:
        return cls is not None and id(cls.node) in self._inside

    def _owners(self, file: str, mention: Mention) -> list[ClassSource]:
        """The classes of what stands before the dot."""
        owner = mention.owner
        around = self._around(file, mention)
        if owner is None:
            return []
        if isinstance(owner, ast.Name):
            if owner.id in ("self", "cls"):
                return [around] if around is not None else []
            named = self.question.sources.parse(file)
            known = self.question.tonics.classes.named(named, owner) if named is not None else None
            if known is not None:
                return [known]
        if isinstance(owner, ast.Call) and isinstance(owner.func, ast.Name) and owner.func.id == "super":
            return [around] if around is not None else []
        if self._inferred >= MOST_INFERRED:
            return []
        self._inferred += 1
        line = owner.end_lineno or mention.line
        own = self.question.sources.text(file).split("\n")[line - 1]
        end = in_characters(own, owner.end_col_offset or 0)
        return self.question.elsewhere(file, line, end).classes_of(ast.unparse(owner), line, end)
