"""Markdown as our pages and lessons use it, made into the HTML that Qt's text widgets understand. Nothing else passes.

Whatever is not known Markdown is text and comes out as text: no tag, no script gets through. A picture is its words unless it is
asked for: a text of a stranger may name any file, and a label of Qt reads it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tasktonic_studio.documents.code import coloured

MOST_DEPTH: Final = 4
"""So deep may lists and emphasis be inside each other."""


@dataclass(frozen=True, slots=True)
class Looks:
    """Colours as ``#rrggbb`` and fonts. Made from the theme by whoever shows the text."""

    text: str = "#000000"
    muted: str = "#555555"
    link: str = "#0063a0"
    code_back: str = "#f3f3f3"
    border: str = "#cccccc"
    keyword: str = "#7a3b8f"
    string: str = "#006b4f"
    comment: str = "#59626e"
    command: str = "#0055b3"
    event: str = "#a83c00"
    internal: str = "#00656b"
    mono: str = "monospace"
    mono_pt: float = 9.5
    heading_pt: tuple[float, ...] = (18.0, 14.0, 11.5, 10.5)


def slug(heading: str) -> str:
    """The anchor of a heading, as web pages make it: ``## When it goes wrong`` is ``when-it-goes-wrong``."""
    plain = re.sub(r"[`*]", "", re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading))
    return re.sub(r"[^\w\- ]", "", plain.lower()).strip().replace(" ", "-")


def to_html(text: str, looks: Looks, *, pictures: bool = False) -> str:
    """A whole text; with ``pictures`` for a widget that chooses itself which files it loads."""
    return _Maker(looks, pictures).blocks(_without_comments(text).splitlines())


def inline_html(text: str, looks: Looks) -> str:
    """One paragraph, without the paragraph around it: for a label."""
    return _Maker(looks).inline(" ".join(text.split()))


def plain_text(text: str) -> str:
    """A text without its marks: for a screen reader, for searching."""
    text = re.sub(r"^(```|~~~).*$", "", _without_comments(text), flags=re.MULTILINE)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"^\s*\|?[-:| ]+\|\s*$", "", text, flags=re.MULTILINE)
    return re.sub(r"[`*|]|^#+ ", " ", text, flags=re.MULTILINE)


def _without_comments(text: str) -> str:
    return re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)


_FENCE: Final = re.compile(r"(`{3,}|~{3,})\s*([\w-]*)(.*)")
_HEADING: Final = re.compile(r"(#{1,6})\s+(.*)")
_ITEM: Final = re.compile(r"(\s*)([-*]|\d+\.)\s+(.*)")
_RULER: Final = re.compile(r"\s*\|?[\s:|-]*-[\s:|-]*\|?\s*")


class _Maker:
    """Makes one text into HTML."""

    def __init__(self, looks: Looks, pictures: bool = False) -> None:
        self._looks = looks
        self._pictures = pictures

    # ---- blocks

    def blocks(self, lines: list[str], depth: int = 0) -> str:
        return "".join(self._blocks(lines, depth))

    def _blocks(self, lines: list[str], depth: int) -> Iterator[str]:
        at = 0
        while at < len(lines):
            line = lines[at]
            fence, heading, item = _FENCE.fullmatch(line), _HEADING.fullmatch(line), _ITEM.fullmatch(line)
            if fence:
                end = next((n for n in range(at + 1, len(lines)) if lines[n].rstrip() == fence[1]), len(lines))
                yield self._code("\n".join(lines[at + 1 : end]), fence[2])
                at = end + 1
            elif heading:
                yield self._heading(len(heading[1]), heading[2])
                at += 1
            elif line.lstrip().startswith("|") and at + 1 < len(lines) and _RULER.fullmatch(lines[at + 1]):
                end = next((n for n in range(at, len(lines)) if not lines[n].lstrip().startswith("|")), len(lines))
                yield self._table(lines[at], lines[at + 2 : end])
                at = end
            elif item and depth < MOST_DEPTH:
                end = _end_of_list(lines, at)
                yield self._list(lines[at:end], depth)
                at = end
            elif line.strip():
                end = next((n for n in range(at + 1, len(lines)) if _ends_paragraph(lines[n])), len(lines))
                yield f"<p>{self.inline(' '.join(part.strip() for part in lines[at:end]))}</p>"
                at = end
            else:
                at += 1

    def _heading(self, level: int, text: str) -> str:
        points = self._looks.heading_pt[min(level, len(self._looks.heading_pt)) - 1]
        above = (0, 18, 14, 10)[min(level, 4) - 1]
        return (
            f'<p style="margin-top:{above}px; margin-bottom:4px"><a name="{html.escape(slug(text))}"></a>'
            f'<span style="font-size:{points:.1f}pt; font-weight:600">{self.inline(text)}</span></p>'
        )

    def _code(self, text: str, language: str) -> str:
        shown = coloured(text, self._looks) if language == "python" else html.escape(text)
        looks = self._looks
        return (
            f'<table width="100%" cellpadding="8" cellspacing="0" bgcolor="{looks.code_back}" style="margin-top:6px; '
            f"margin-bottom:8px\"><tr><td><p style=\"white-space:pre-wrap; font-family:'{looks.mono}'; "
            f'font-size:{looks.mono_pt:.1f}pt">{shown.replace(chr(10), "<br>")}</p></td></tr></table>'
        )

    def _table(self, head: str, rows: list[str]) -> str:
        looks = self._looks
        cells = [_cells(head), *(_cells(row) for row in rows)]
        made = []
        for number, row in enumerate(cells):
            kind = "th" if number == 0 else "td"
            if number == 0 and not any(row):
                continue
            made.append(
                "<tr>"
                + "".join(
                    f'<{kind} align="left" valign="top" style="border:0; border-bottom:1px solid {looks.border}; padding:5px 10px '
                    f'5px 0px">{self.inline(cell)}</{kind}>'
                    for cell in row
                )
                + "</tr>"
            )
        return (
            f'<table cellspacing="0" cellpadding="0" style="margin-top:6px; margin-bottom:10px">{"".join(made)}</table>'
        )

    def _list(self, lines: list[str], depth: int) -> str:
        first = _ITEM.fullmatch(lines[0])
        assert first is not None
        indent = len(first[1])
        parts: list[list[str]] = []
        for line in lines:
            item = _ITEM.fullmatch(line)
            if item and len(item[1]) <= indent:
                parts.append([item[3]])
            else:
                parts[-1].append(line[indent + 2 :] if line[: indent + 2].strip() == "" else line.strip())
        kind = "ol" if first[2][0].isdigit() else "ul"
        items = "".join(f'<li style="margin-bottom:3px">{self._item(part, depth)}</li>' for part in parts)
        return f'<{kind} style="margin-top:2px; margin-bottom:6px; margin-left:-18px">{items}</{kind}>'

    def _item(self, lines: list[str], depth: int) -> str:
        end = next(
            (n for n in range(1, len(lines)) if _ITEM.fullmatch(lines[n]) or _FENCE.fullmatch(lines[n])), len(lines)
        )
        said = self.inline(" ".join(line.strip() for line in lines[:end]))
        return said + (self.blocks(lines[end:], depth + 1) if end < len(lines) else "")

    # ---- inside a line

    def inline(self, text: str, depth: int = 0) -> str:
        """One line: code, links, pictures, strong and soft emphasis."""
        made = []
        at = 0
        for found in _INLINE.finditer(text):
            made.append(html.escape(text[at : found.start()], quote=False))
            made.append(self._span(found, depth))
            at = found.end()
        return "".join(made) + html.escape(text[at:], quote=False)

    def _span(self, found: re.Match[str], depth: int) -> str:
        looks = self._looks
        if found["code"] is not None:
            code = html.escape(found["code"].strip() if found["ticks"] != "`" else found["code"], quote=False)
            return (
                f"<span style=\"font-family:'{looks.mono}'; font-size:{looks.mono_pt:.1f}pt; "
                f'background-color:{looks.code_back}">{code.replace(" ", "&#160;")}</span>'
            )
        if found["picture"] is not None and not self._pictures:
            return html.escape(found["picture"], quote=False)
        if found["picture"] is not None:
            return f'<img src="{html.escape(found["source"])}" alt="{html.escape(found["picture"])}">'
        inner = next(found[name] for name in ("words", "strong", "soft") if found[name] is not None)
        said = self.inline(inner, depth + 1) if depth < MOST_DEPTH else html.escape(inner, quote=False)
        if found["words"] is not None:
            return f'<a href="{html.escape(found["to"])}" style="color:{looks.link}">{said}</a>'
        return f"<b>{said}</b>" if found["strong"] is not None else f"<i>{said}</i>"


_INLINE: Final = re.compile(
    r"(?P<ticks>`{1,2})(?P<code>(?:(?!(?P=ticks)).)+)(?P=ticks)"
    r"|!\[(?P<picture>[^\]]{0,300})\]\((?P<source>[^)\s]{1,300})\)"
    r"|\[(?P<words>[^\]]{1,300})\]\((?P<to>[^)\s]{1,300})\)"
    r"|\*\*(?P<strong>[^*]{1,500})\*\*"
    r"|(?<![\w*])\*(?P<soft>[^*\s][^*]{0,500})\*(?![\w*])"
)


def _cells(row: str) -> list[str]:
    """The cells of a row of a table; a bar behind a backslash is text, also in code."""
    row = row.strip().removeprefix("|").removesuffix("|")
    kept = re.sub(r"\\\|", "\0", row)
    return [cell.strip().replace("\0", "|") for cell in kept.split("|")]


def _end_of_list(lines: list[str], at: int) -> int:
    """Where a list ends: at a line that is neither an item nor moved in."""
    end = at + 1
    is_counted = _is_counted(lines[at])
    while end < len(lines):
        line = lines[end] if lines[end].strip() else lines[end + 1] if end + 1 < len(lines) else ""
        is_item = bool(_ITEM.fullmatch(line))
        is_another = is_item and not line.startswith(" ") and _is_counted(line) != is_counted
        if is_another or not (is_item or line.startswith("  ")):
            break
        end += 1
    return end


def _is_counted(line: str) -> bool:
    """Whether an item of a list has a number."""
    return line.lstrip()[:1].isdigit()


def _ends_paragraph(line: str) -> bool:
    return not line.strip() or bool(_FENCE.fullmatch(line) or _HEADING.fullmatch(line) or _ITEM.fullmatch(line))
