"""A page of the documentation on screen: links, pictures of ours, and marks where something was found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QImage, QResizeEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import QTextBrowser, QTextEdit

from tasktonic_studio.documents import pages
from tasktonic_studio.documents.markdown import to_html
from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.widgets import accessible
from tasktonic_studio.ui.widgets.page_looks import looks_of
from tasktonic_studio.ui.widgets.throttle import Throttle

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

MOST_MARKS: Final = 500
FIT_EVERY_MS: Final = 200


class PageBrowser(QTextBrowser):
    """Shows one page at a time. Owned by the Help panel's view. Loads nothing but pictures of the documentation."""

    link_clicked = Signal(str)

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self.path = ""
        self._words: Sequence[str] = ()
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setObjectName("help_page")
        # Always there: else pictures and tables are as wide as they may be without it, and do not fit when it comes.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.document().setDocumentMargin(tokens.SPACE_PX + 6)
        self._fit = Throttle(FIT_EVERY_MS, self._fit_pictures, self)
        self._fitted_px = 0
        """The width that the pictures were made for."""
        self._goal = "", ""
        """The anchor, or the text, that was gone to last, and where it was then."""
        self._came_to = 0
        self.anchorClicked.connect(self._on_link)
        accessible.name(self, "A page of the help", "Tab goes from link to link, Enter follows one")

    def show_page(self, path: str, anchor: str = "", words: Sequence[str] = (), find: str = "") -> None:
        """Show a page from an anchor on, or from where a text stands; mark the words that were looked for."""
        page = pages.pages()[path]
        self.path = path
        self._words = words
        self._make()
        accessible.name(self, page.title)
        self._goal = anchor, find
        self._go_to_goal()
        self.mark(words or ([find] if find else []))

    def retheme(self) -> None:
        """Take on colours and fonts; stay where one is."""
        bar = self.verticalScrollBar()
        share = bar.value() / max(1, bar.maximum())
        if self.path:
            self._make()
            self.mark(self._words)
            bar.setValue(round(share * bar.maximum()))

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.path:
            self._fit.ask()

    def _fit_pictures(self) -> None:
        """Make the page anew where it has pictures: they are as wide as there is room."""
        has_pictures = "![" in pages.pages()[self.path].text
        if has_pictures and self._fitted_px != self.viewport().width():
            stays = self.verticalScrollBar().value() == self._came_to
            self.retheme()
            if stays:
                self._go_to_goal()  # a share of the page is no place in it once its pictures have another size

    def _go_to_goal(self) -> None:
        anchor, find = self._goal
        if anchor:
            self.scrollToAnchor(anchor)
        elif find:
            self._scroll_to_text(find)
        self._came_to = self.verticalScrollBar().value()

    def _make(self) -> None:
        """Make the page of its text. Its pictures are loaded later, one by one, and all for the width that there is now."""
        self._fitted_px = self.viewport().width()
        self.setHtml(to_html(pages.pages()[self.path].text, looks_of(self._context.theme), pictures=True))

    def mark(self, words: Sequence[str]) -> None:
        """Mark where words, or beginnings of words, stand."""
        self._words = words
        found: list[QTextEdit.ExtraSelection] = []
        pattern = "|".join(re.escape(word) for word in words if word)
        text = self.document().toPlainText() if pattern else ""
        for match in re.finditer(rf"(?<![^\W_])(?:{pattern})\w*", text, re.IGNORECASE) if pattern else ():
            selection = QTextEdit.ExtraSelection()
            cursor = QTextCursor(self.document())
            cursor.setPosition(match.start())
            cursor.setPosition(match.end(), QTextCursor.MoveMode.KeepAnchor)
            held: Any = selection
            held.cursor = cursor
            held.format.setBackground(self._context.theme.color("hit"))
            held.format.setForeground(self._context.theme.color("on_hit"))
            found.append(selection)
            if len(found) >= MOST_MARKS:
                break
        self.setExtraSelections(found)

    @property
    def marked(self) -> list[str]:
        """The texts that are marked now."""
        selections: Any = self.extraSelections()
        return [selection.cursor.selectedText() for selection in selections]

    @guarded(None)
    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        source = name.toString() if isinstance(name, QUrl) else str(name)
        file = pages.picture(self.path, source) if kind == QTextDocument.ResourceType.ImageResource.value else None
        if file is None:
            return None
        image = QImage(str(file))
        room = self._fitted_px - 4 * tokens.SPACE_PX
        return image.scaledToWidth(room) if image.width() > room > 0 else image

    def _scroll_to_text(self, text: str) -> None:
        cursor = self.document().find(text)
        if not cursor.isNull():
            cursor.clearSelection()
            self.setTextCursor(cursor)
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + self.cursorRect().top() - self.viewport().height() // 4)

    def _on_link(self, url: QUrl) -> None:
        self.link_clicked.emit(url.toString())
