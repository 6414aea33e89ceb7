"""Style templates filled from tokens: the style sheet, the palette and the fonts of the whole application."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtGui import QFontMetrics, QPalette
from PySide6.QtWidgets import QApplication

from tasktonic_studio import resources
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.theme.theme import Theme

_LEAST_LINE_PX: Final = 22
_ARROW_PX: Final = 13
_MARK_PX: Final = 14
"""Of what one ticks: Qt does not have it grow with the text."""
_MORE_PX: Final = 24
"""Of the button behind a row of tabs that has no room for all."""
_LARGE: Final = 1.25
_PICTURES: Final = {"down_arrow": "down", "folded": "folded", "unfolded": "unfolded", "checked": "checked"}
"""The pictures of the style sheet by their names there; there is a file of each for every theme."""
_ROUND_TEXT_PX: Final = 7
"""Lines of trees and lists leave this much room above and below their text together, however large it is."""


def fill(template: str, theme: Theme) -> str:
    """Put the theme's colours and measures in the place of ``@role`` and ``@name``.

    Args:
        template: a style sheet with ``@panel``, ``@space`` and the like.
        theme: where colours and font sizes come from.

    Raises:
        KeyError: the template names a role that does not exist.
    """
    values = {role: theme.hex(role) for role in tokens.ROLES}
    values |= {
        "space": f"{tokens.SPACE_PX}px",
        "small": f"{tokens.SMALL_SPACE_PX}px",
        "row": f"{tokens.ROW_HEIGHT_PX}px",
        "line": f"{max(_LEAST_LINE_PX, QFontMetrics(theme.font('ui')).height() + _ROUND_TEXT_PX)}px",
        "tab_padding": f"{tokens.TAB_PADDING_PX}px",
        "radius": f"{tokens.RADIUS_PX}px",
        "mono": theme.font("mono").family(),
        "text_size": f"{theme.font('ui').pointSizeF():.2f}pt",
        "text_small": f"{theme.font('ui', 0.9).pointSizeF():.2f}pt",
        "text_large": f"{theme.font('ui', 1.25).pointSizeF():.2f}pt",
        "text_huge": f"{theme.font('ui', 2.2).pointSizeF():.2f}pt",
        "icon": f"{theme.icon_px()}px",
        "icon_of_bar": f"{theme.icon_px(tokens.BAR_ICON_PX)}px",
        "icon_of_title": f"{theme.icon_px(tokens.TITLE_ICON_PX)}px",
        "icon_of_tab": f"{theme.icon_px(tokens.TAB_ICON_PX)}px",
        "arrow": f"{theme.icon_px(_ARROW_PX)}px",
        "more": f"{theme.icon_px(_MORE_PX)}px",
        "mark": f"{theme.icon_px(_MARK_PX)}px",
        # A style sheet takes pictures from files alone, and these have no colour but their own.
        **{name: resources.path("styles", f"{file}_{theme.name}.svg").as_posix() for name, file in _PICTURES.items()},
        # Long menus stand in columns, which are wider than a small screen with large text.
        "menus_scroll": "1" if theme.text_scale > _LARGE else "0",
        "outline": "2px" if theme.name == "contrast" else "1px",
        # Together with the outline the same: a bar that just fits a small window does so in every theme.
        "tool_padding": "3px 6px" if theme.name == "contrast" else "4px 7px",
    }
    without_remarks = re.sub(r"/\*.*?\*/", "", template, flags=re.DOTALL)
    return re.sub(r"@([a-z_]+)", lambda match: values[match[1]], without_remarks)


def palette(theme: Theme) -> QPalette:
    """The palette for what a style sheet does not reach: native lists, completion, selections, tool tips."""
    role = QPalette.ColorRole
    by_role = {
        role.Window: "window",
        role.WindowText: "text",
        role.Base: "panel",
        role.AlternateBase: "raised",
        role.Text: "text",
        role.Button: "raised",
        role.ButtonText: "text",
        role.BrightText: "error",
        role.Highlight: "selection_back",
        role.HighlightedText: "text",
        role.ToolTipBase: "raised",
        role.ToolTipText: "text",
        role.PlaceholderText: "text_muted",
        role.Link: "accent",
        role.LinkVisited: "accent",
        role.Accent: "accent",
        role.Light: "raised",
        role.Midlight: "raised",
        role.Mid: "border",
        role.Dark: "border_strong",
        role.Shadow: "shadow",
    }
    result = QPalette()
    for colour_role, name in by_role.items():
        result.setColor(colour_role, theme.color(name))
    for colour_role in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, colour_role, theme.color("text_faint"))
    return result


_OUTLINED: Final = ("QCheckBox", "QRadioButton", "QSpinBox", "QDoubleSpinBox")
"""What Fusion draws with an outline of its own making."""

_FUSION_DARKENS_PERCENT: Final = 140


def _outlined(theme: Theme) -> QPalette:
    """A palette with which Fusion's outlines come out in ``border_strong``.

    Fusion makes them from the window's colour, darkened: on dark ground nobody would see them.
    """
    result = palette(theme)
    result.setColor(QPalette.ColorRole.Window, theme.color("border_strong").lighter(_FUSION_DARKENS_PERCENT))
    # And those of what has the focus from the ground of selected text, which is as dark as the field.
    result.setColor(QPalette.ColorRole.Highlight, theme.color("accent"))
    result.setColor(QPalette.ColorRole.HighlightedText, theme.color("on_accent"))
    return result


def dress(application: QApplication, theme: Theme) -> None:
    """Give the application the looks of a theme, now. Call it again when the theme changes.

    The sheet before is taken off first. Put in its place, the new one is put on everything that was ever asked for its size,
    hidden panels included, which takes a second; put on where there is none, it waits for what was not on screen yet. Nor does
    Qt look then at its list of what wore the one before: what was never on screen and is gone may still be on that.
    """
    sheet = fill(resources.text("styles", "studio.qss"), theme)
    if application.styleSheet() != sheet:
        application.setStyleSheet("")
    dress_plainly(application, theme)
    if application.styleSheet() != sheet:
        application.setStyleSheet(sheet)


def dress_plainly(application: QApplication, theme: Theme) -> None:
    """Palette and fonts of a theme, without its style sheet: for while a window is made.

    Under a style sheet Qt dresses a widget and all within it anew each time it is put into another one. That was half of the
    time in which a window is made; `dress` at its end does it once.
    """
    # Each of these walks through all widgets there are: only what differs is set.
    if application.property("dressed") is None:
        application.setStyle("Fusion")
        application.setProperty("dressed", True)
    new_palette, font = palette(theme), theme.font("ui")
    if application.palette() != new_palette:
        application.setPalette(new_palette)
    for widget_class in _OUTLINED:
        # PySide's stub asks for bytes; at run time only a str is taken.
        application.setPalette(_outlined(theme), widget_class)  # type: ignore[arg-type]
    if application.font() != font:
        application.setFont(font)
