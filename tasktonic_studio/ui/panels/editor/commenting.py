"""Lines as comments, and as code again, in each language that has comments. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tasktonic_studio.ui.panels.editor.indentation import indent_of, toggled_comment
from tasktonic_studio.ui.panels.editor.languages import Language

NO_COMMENTS: Final = {
    Language.JSON: "JSON has no comments: whatever reads this file would stumble over one.",
    Language.TEXT: "A text without a language has no comments.",
}
INSIDE: Final = "These lines cannot become a comment: they have {sign} in them, which ends one or may not stand in one. Choose fewer lines."


class NoCommentProblem(Exception):
    """The lines cannot be comments; the message is a sentence for the screen."""


def toggled(language: Language, lines: Sequence[str]) -> list[str]:
    """The lines as a comment, or, when they are comments, as they were before. Blank lines around stay as they are.

    Raises:
        NoCommentProblem: the language has no comments, or the lines have something in them that none may have.
    """
    if language.comment:
        return toggled_comment(lines)
    before, behind = language.comment_around
    if not before:
        raise NoCommentProblem(NO_COMMENTS[language])
    full = [at for at, line in enumerate(lines) if line.strip()]
    if not full:
        return list(lines)
    first, last = full[0], full[-1]
    whole = "\n".join(lines[first : last + 1]).strip()
    if _is_comment(whole, before, behind):
        return [*lines[:first], *_without(lines[first : last + 1], before, behind), *lines[last + 1 :]]
    if all(_is_comment(lines[at].strip(), before, behind) for at in full):
        return [_without([line], before, behind)[0] if line.strip() else line for line in lines]
    # In XML two dashes alone make a comment invalid; in Markdown, which is HTML there, they do not.
    sign = next((it for it in _not_inside(language, before, behind) if it in whole), "")
    if sign:
        raise NoCommentProblem(INSIDE.format(sign=sign))
    return [*lines[:first], *_around(lines[first : last + 1], before, behind), *lines[last + 1 :]]


def _not_inside(language: Language, before: str, behind: str) -> tuple[str, ...]:
    return (before, behind, "--") if language is Language.XML else (before, behind)


def _is_comment(text: str, before: str, behind: str) -> bool:
    """Whether a text is one comment, and nothing besides."""
    long_enough = len(text) >= len(before) + len(behind)
    is_around = long_enough and text.startswith(before) and text.endswith(behind)
    return is_around and text.index(behind, len(before)) == len(text) - len(behind)


def _around(lines: Sequence[str], before: str, behind: str) -> list[str]:
    indent = indent_of(lines[0])
    made = [f"{indent}{before} {lines[0][len(indent) :]}", *lines[1:]]
    made[-1] = f"{made[-1].rstrip()} {behind}"
    return made


def _without(lines: Sequence[str], before: str, behind: str) -> list[str]:
    indent = indent_of(lines[0])
    made = [indent + lines[0][len(indent) + len(before) :].removeprefix(" "), *lines[1:]]
    made[-1] = made[-1].rstrip()[: -len(behind)].removesuffix(" ")
    return made
