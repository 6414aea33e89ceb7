"""The words of a line of XML, JSON, TOML, INI or Markdown and the colour role of each: enough for the plain editor. Pure.

As in ``python_tokens``: one line at a time, with a number that carries from line to line what is open.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from tasktonic_studio.ui.panels.editor.languages import Language
from tasktonic_studio.ui.panels.editor.python_tokens import IN_CODE, Token, tokens

Tokens = Callable[[str, int], tuple[list[Token], int]]

_STRING: Final = r'(?P<string>"(?:\\.|[^"\\])*"?)'
_NUMBER: Final = r"(?P<number>(?<![\w.])[-+]?\d[\w.:+-]*)"
_JSON: Final = re.compile(
    rf'(?P<def>"(?:\\.|[^"\\])*"(?=\s*:))|{_STRING}|{_NUMBER}|(?P<keyword>\b(?:true|false|null)\b)'
)
_TOML: Final = re.compile(
    rf"(?P<comment>\#.*)|(?P<class>^\s*\[.*\](?=\s*(?:\#.*)?$))|(?P<def>^\s*[\w.\"'-]+(?=\s*=))|{_STRING}|"
    rf"(?P<string_>'[^']*'?)|{_NUMBER}|(?P<keyword>\b(?:true|false|inf|nan)\b)"
)
_INI: Final = re.compile(r"(?P<comment>^\s*[\#;].*)|(?P<class>^\s*\[.*\])|(?P<def>^[^\s=:\[][^=:]*?(?=\s*[=:]))")
_TAG: Final = re.compile(
    r"(?P<string>\"[^\"]*\"?|'[^']*'?)|(?P<def>[\w:.-]+(?=\s*=))|(?P<keyword></?[\w:.-]+|[?/]?>)|(?P<decorator><[?!][\w-]*)"
)
_MARKDOWN: Final = re.compile(
    r"(?P<class>^\#{1,6}\s.*)|(?P<comment>^\s*>.*)|(?P<keyword>^\s*(?:[-*+]|\d+[.)])\s)|(?P<string>`[^`]*`)|(?P<def>\[[^\]]*\]\([^)]*\))"
)
_FENCE: Final = re.compile(r"\s*(?:```|~~~)")
_IN_COMMENT, _IN_TAG, _IN_FENCE = 11, 12, 13
_LONG: Final = {14: '"""', 15: "'''"}


def tokens_of(language: Language) -> Tokens:
    """What finds the words of a language; none of a text that is in no language."""
    return _OF[language]


def _by(pattern: re.Pattern[str], line: str, begin: int = 0, end: int | None = None) -> list[Token]:
    found = pattern.finditer(line, begin, len(line) if end is None else end)
    return [Token(it.start(), it.end(), f"editor_{(it.lastgroup or '').rstrip('_')}") for it in found]


def _json(line: str, _state: int) -> tuple[list[Token], int]:
    return _by(_JSON, line), IN_CODE


def _ini(line: str, _state: int) -> tuple[list[Token], int]:
    return _by(_INI, line), IN_CODE


def _toml(line: str, state: int) -> tuple[list[Token], int]:
    at, found = 0, []
    if state in _LONG:
        end = line.find(_LONG[state])
        at = end + 3 if end >= 0 else len(line)
        found.append(Token(0, at, "editor_string"))
        if end < 0:
            return found, state
    for number, quotes in _LONG.items():
        begin = line.find(quotes, at)
        if begin >= 0 and "#" not in line[at:begin]:
            end = line.find(quotes, begin + 3)
            stop = end + 3 if end >= 0 else len(line)
            found += [*_by(_TOML, line, at, begin), Token(begin, stop, "editor_string"), *_by(_TOML, line, stop)]
            return found, number if end < 0 else IN_CODE
    return found + _by(_TOML, line, at), IN_CODE


def _xml(line: str, state: int) -> tuple[list[Token], int]:
    """Tags and comments may go over several lines; what stands between tags is text."""
    found: list[Token] = []
    at = 0
    while at < len(line):
        if state == _IN_COMMENT:
            end = line.find("-->", at)
            stop = end + 3 if end >= 0 else len(line)
            found.append(Token(at, stop, "editor_comment"))
            at, state = stop, IN_CODE if end >= 0 else state
        elif state == _IN_TAG:
            end = line.find(">", at)
            stop = end + 1 if end >= 0 else len(line)
            found += _by(_TAG, line, at, stop)
            at, state = stop, IN_CODE if end >= 0 else state
        else:
            begin = line.find("<", at)
            if begin < 0:
                break
            at, state = begin, _IN_COMMENT if line.startswith("<!--", begin) else _IN_TAG
    return found, state


def _markdown(line: str, state: int) -> tuple[list[Token], int]:
    is_fence = _FENCE.match(line) is not None
    if state == _IN_FENCE or is_fence:
        return [Token(0, len(line), "editor_string")], IN_CODE if is_fence and state == _IN_FENCE else _IN_FENCE
    return _by(_MARKDOWN, line), IN_CODE


def _text(_line: str, _state: int) -> tuple[list[Token], int]:
    return [], IN_CODE


_OF: Final[Mapping[Language, Tokens]] = {
    Language.PYTHON: tokens,
    Language.XML: _xml,
    Language.JSON: _json,
    Language.TOML: _toml,
    Language.INI: _ini,
    Language.MARKDOWN: _markdown,
    Language.TEXT: _text,
}
