"""Tool tips of what an app or a file tells."""

from __future__ import annotations

import html

from PySide6.QtGui import Qt


def plain_tip(text: str) -> str:
    """A text as a tool tip that shows it sign by sign.

    Qt takes a tip with a tag in its first line for HTML: then it would hide the tag, and load the pictures that a hostile file
    names.
    """
    if not Qt.mightBeRichText(text):
        return text
    return f"<p style='white-space: pre-wrap'>{html.escape(text)}</p>"
