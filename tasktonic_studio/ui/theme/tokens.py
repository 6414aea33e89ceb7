"""Colour roles, spacing and fonts; light, dark and high contrast. Pure data: no Qt.

Every colour of the Studio stands here and nowhere else. The hues are those of Okabe and Ito, which people with the common
deficiencies of colour vision can tell apart, made darker for the light theme and lighter for the dark ones until text in
them reads: a test holds every role of ``TEXT_ROLES`` at 4.5 : 1 on every role of ``BACKGROUND_ROLES``. Colour comes second
everywhere: whatever has a colour also has a word and a shape.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final


@dataclass(frozen=True, slots=True)
class Tokens:
    """One theme: a colour ``#rrggbb`` per role."""

    window: str
    """Behind and between the panels."""
    panel: str
    """What lists, trees and forms lie on."""
    raised: str
    """Bars, headers, buttons, menus: one step nearer than a panel."""
    input: str
    """Where one types."""
    hover: str
    """Under the pointer."""
    selection_back: str
    """A selected row or selected text; text on it keeps its colour."""
    text: str
    text_muted: str
    """What is said aside: units, hints, things that have ended."""
    text_faint: str
    """What is only there to be felt: disabled commands, guides. Not for anything one must read."""
    accent: str
    """What can be done next, links, focus."""
    on_accent: str
    """Text on a fill of ``accent``."""
    ok: str
    waiting: str
    running: str
    state_change: str
    warning: str
    error: str
    selection: str
    """The outline of the one selected thing in painted views."""
    hit: str
    """The fill behind a search hit."""
    on_hit: str
    """Text on ``hit``."""
    live: str
    """The fill of the pill while live."""
    on_live: str
    past: str
    """The fill of pill and strip while the past is shown."""
    on_past: str
    past_strip: str
    """The status strip while the past is shown: amber, but quiet enough for the text on it."""
    error_strip: str
    """Behind a problem in a sentence."""
    border: str
    """Between things that are apart anyway."""
    border_strong: str
    """Around things one can act on; 3 : 1 on a panel."""
    scroll: str
    """The thumb of a scroll bar."""
    shadow: str
    """Under the palette and dialogs."""
    editor_back: str
    editor_text: str
    editor_keyword: str
    editor_string: str
    editor_comment: str
    editor_number: str
    editor_class: str
    editor_def: str
    editor_decorator: str
    editor_sparkle_command: str
    editor_sparkle_event: str
    editor_sparkle_internal: str
    editor_sparkle_system: str
    editor_state: str
    editor_line_number: str
    editor_caret_line: str
    editor_selection_back: str
    editor_brace: str


LIGHT: Final = Tokens(
    window="#eef0f3",
    panel="#ffffff",
    raised="#f6f7f9",
    input="#ffffff",
    hover="#eceff3",
    selection_back="#d9e8f5",
    text="#1b1f26",
    text_muted="#535c69",
    text_faint="#98a1ad",
    accent="#0063a0",
    on_accent="#ffffff",
    ok="#006b4f",
    waiting="#256a94",
    running="#0061a0",
    state_change="#006b4f",
    warning="#7d5000",
    error="#a83c00",
    selection="#a23d79",
    hit="#f0e442",
    on_hit="#1b1f26",
    live="#006b4f",
    on_live="#ffffff",
    past="#e69f00",
    on_past="#1b1f26",
    past_strip="#fdf0d2",
    error_strip="#fcebe3",
    border="#dadee4",
    border_strong="#808995",
    scroll="#c3c9d1",
    shadow="#8b93a0",
    editor_back="#ffffff",
    editor_text="#1b1f26",
    editor_keyword="#7a3b8f",
    editor_string="#006b4f",
    editor_comment="#59626e",
    editor_number="#0061a0",
    editor_class="#7d5000",
    editor_def="#0061a0",
    editor_decorator="#7d5000",
    editor_sparkle_command="#0055b3",
    editor_sparkle_event="#a83c00",
    editor_sparkle_internal="#00656b",
    editor_sparkle_system="#8f3670",
    editor_state="#566000",
    editor_line_number="#59626e",
    editor_caret_line="#f3f6f9",
    editor_selection_back="#cfe3f5",
    editor_brace="#9a3671",
)

DARK: Final = Tokens(
    window="#14161a",
    panel="#1b1e23",
    raised="#22262d",
    input="#15171b",
    hover="#272c34",
    selection_back="#263c52",
    text="#e3e7ed",
    text_muted="#a2abb8",
    text_faint="#69727f",
    accent="#62bbee",
    on_accent="#10151a",
    ok="#3cc49a",
    waiting="#79c3ec",
    running="#5fb2ea",
    state_change="#3cc49a",
    warning="#eab04a",
    error="#fb9166",
    selection="#dd96bf",
    hit="#f0e442",
    on_hit="#14161a",
    live="#3cc49a",
    on_live="#0c1512",
    past="#e9a820",
    on_past="#14161a",
    past_strip="#3a2f17",
    error_strip="#3b241b",
    border="#2d323a",
    border_strong="#6c7683",
    scroll="#434a55",
    shadow="#000000",
    editor_back="#191c21",
    editor_text="#e3e7ed",
    editor_keyword="#cfa6ec",
    editor_string="#8fd0a8",
    editor_comment="#a0abb8",
    editor_number="#79c3ec",
    editor_class="#eab04a",
    editor_def="#8ec7f5",
    editor_decorator="#eab04a",
    editor_sparkle_command="#62bbee",
    editor_sparkle_event="#fb9a72",
    editor_sparkle_internal="#52cfc6",
    editor_sparkle_system="#e39cc6",
    editor_state="#c3d36b",
    editor_line_number="#a0abb8",
    editor_caret_line="#20242a",
    editor_selection_back="#263c55",
    editor_brace="#f0e442",
)

CONTRAST: Final = Tokens(
    window="#000000",
    panel="#000000",
    raised="#0d0d0d",
    input="#000000",
    hover="#262626",
    selection_back="#003f66",
    text="#ffffff",
    text_muted="#dcdcdc",
    text_faint="#a8a8a8",
    accent="#7fd0ff",
    on_accent="#000000",
    ok="#4fe3b5",
    waiting="#9bdcff",
    running="#7fd0ff",
    state_change="#4fe3b5",
    warning="#ffc64d",
    error="#ffa37a",
    selection="#ffa6d6",
    hit="#f0e442",
    on_hit="#000000",
    live="#4fe3b5",
    on_live="#000000",
    past="#ffc64d",
    on_past="#000000",
    past_strip="#332400",
    error_strip="#3d1600",
    border="#9a9a9a",
    border_strong="#ffffff",
    scroll="#cfcfcf",
    shadow="#000000",
    editor_back="#000000",
    editor_text="#ffffff",
    editor_keyword="#e5c2ff",
    editor_string="#9ff0bd",
    editor_comment="#c9c9c9",
    editor_number="#9bdcff",
    editor_class="#ffc64d",
    editor_def="#a8daff",
    editor_decorator="#ffc64d",
    editor_sparkle_command="#7fd0ff",
    editor_sparkle_event="#ffb08c",
    editor_sparkle_internal="#66ece2",
    editor_sparkle_system="#ffb3dc",
    editor_state="#d9ee7a",
    editor_line_number="#cfcfcf",
    editor_caret_line="#1a1a1a",
    editor_selection_back="#004a78",
    editor_brace="#f0e442",
)

THEMES: Final[dict[str, Tokens]] = {"light": LIGHT, "dark": DARK, "contrast": CONTRAST}

ROLES: Final = tuple(f.name for f in fields(Tokens))

TEXT_ROLES: Final = (
    "text",
    "text_muted",
    "accent",
    "ok",
    "waiting",
    "running",
    "state_change",
    "warning",
    "error",
    "selection",
)
"""Roles in which words may be written, on any of ``BACKGROUND_ROLES``."""

BACKGROUND_ROLES: Final = (
    "window", "panel", "raised", "input", "hover", "selection_back", "past_strip", "error_strip",
)  # fmt: skip

EDITOR_TEXT_ROLES: Final = tuple(
    role
    for role in ROLES
    if role.startswith("editor_") and role not in ("editor_back", "editor_caret_line", "editor_selection_back")
)
EDITOR_BACKGROUND_ROLES: Final = ("editor_back", "editor_caret_line", "editor_selection_back")

PAIRS: Final = (("on_accent", "accent"), ("on_hit", "hit"), ("on_live", "live"), ("on_past", "past"))
"""Text roles that are only for one fill."""

UI_FAMILIES: Final = ("Inter", "Segoe UI", "SF Pro Text", "Cantarell", "Noto Sans", "DejaVu Sans")
MONO_FAMILIES: Final = ("JetBrains Mono", "Cascadia Mono", "SF Mono", "Noto Sans Mono", "DejaVu Sans Mono")

WIDE_FAMILIES: Final = ("DejaVu Sans", "DejaVu Sans Mono")
"""Families that run large: they are set a tenth smaller, so that a bare machine looks like the others."""

SPACE_PX: Final = 8
"""The unit of distance; use it whole, halved or doubled."""
SMALL_SPACE_PX: Final = 4
ROW_HEIGHT_PX: Final = 24
"""Of rows in lists and trees, and the least height of anything one clicks."""
ICON_PX: Final = 16
BAR_ICON_PX: Final = 18
TITLE_ICON_PX: Final = 14
TAB_ICON_PX: Final = 12
TAB_PADDING_PX: Final = 12
"""Before and behind the words of a tab, where there is room for all of them."""
STEP_PX: Final = 20
"""By which a row of a tree stands further in than what it belongs to."""
RADIUS_PX: Final = 5


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb``, 0 to 1. Source: WCAG 2.2, definition of relative luminance."""

    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)

    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)
