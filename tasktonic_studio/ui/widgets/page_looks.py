"""How a page of text looks in a theme."""

from __future__ import annotations

from tasktonic_studio.documents.markdown import Looks
from tasktonic_studio.ui.theme.theme import Theme


def looks_of(theme: Theme) -> Looks:
    """Colours and fonts of the theme, as a page needs them."""
    mono = theme.font("mono", 0.95)
    sizes = tuple(theme.font("ui", factor).pointSizeF() for factor in (1.9, 1.4, 1.15, 1.0))
    return Looks(
        text=theme.hex("text"),
        muted=theme.hex("text_muted"),
        link=theme.hex("accent"),
        code_back=theme.hex("raised") if theme.name != "contrast" else theme.hex("hover"),
        border=theme.hex("border"),
        keyword=theme.hex("editor_keyword"),
        string=theme.hex("editor_string"),
        comment=theme.hex("editor_comment"),
        command=theme.hex("editor_sparkle_command"),
        event=theme.hex("editor_sparkle_event"),
        internal=theme.hex("editor_sparkle_internal"),
        mono=mono.family(),
        mono_pt=mono.pointSizeF(),
        heading_pt=sizes,
    )
