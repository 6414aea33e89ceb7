"""A large button with an icon, a title, a line below and a key: for pages that offer what to do next."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.theme.icons import Icons

_HEIGHT_CHANGES = (QEvent.Type.Polish, QEvent.Type.StyleChange, QEvent.Type.LayoutRequest)


class BigRow(QPushButton):
    """A row one can press. ``value`` is whatever its owner wants back.

    Args:
        icons: where the picture comes from.
        icon: its name.
        title: what it does, or what it is.
        detail: a line below, cut in the middle where it is too long.
        key: shown at the right.
        primary: whether it is the one thing to do first.
        value: given back by whoever listens to ``clicked``.
    """

    def __init__(
        self,
        icons: Icons,
        icon: str,
        title: str,
        detail: str = "",
        key: str = "",
        *,
        primary: bool = False,
        value: object = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.value = value
        self._icons = icons
        self._picture_name = icon
        self._primary = primary
        self._detail_text = detail
        self._elide = Qt.TextElideMode.ElideMiddle
        self._beside: QWidget | None = None
        self.setObjectName("start_row")
        if primary:
            self.setProperty("kind", "primary")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(title)
        self.setAccessibleDescription(detail)
        self._picture = QLabel()
        self._title = QLabel(title)
        self._title.setProperty("role", "strong")
        self._detail = QLabel(detail)
        self._detail.setProperty("role", "small")
        self._detail.setMinimumWidth(20)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(10)
        layout.addWidget(self._picture)
        words = QVBoxLayout()
        layout.addLayout(words, 1)
        words.setSpacing(2)
        words.addWidget(self._title)
        if detail:
            words.addWidget(self._detail)
        if key:
            shown = QLabel(key)
            shown.setProperty("role", "key")
            layout.addWidget(shown, 0, Qt.AlignmentFlag.AlignVCenter)
        # The labels are drawn on the button; presses go to the button itself.
        for label in self.findChildren(QLabel):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.draw()

    @property
    def title(self) -> str:
        """The words of the first line."""
        return self._title.text()

    @property
    def detail(self) -> str:
        """The words of the second line, uncut."""
        return self._detail_text

    def tell(self, detail: str, beside: QWidget | None = None) -> None:
        """Say something else in the second line, cut at its end where it is too long, with a picture at the right.

        What is said there begins with what counts most; of a path both ends do.
        """
        self._detail_text = detail
        self._elide = Qt.TextElideMode.ElideRight
        self.setAccessibleDescription(detail)
        if self._beside is not None:
            self._beside.hide()
            self._beside.deleteLater()
        self._beside = beside
        layout = self.layout()
        if beside is not None and isinstance(layout, QHBoxLayout):
            layout.addWidget(beside, 0, Qt.AlignmentFlag.AlignVCenter)
        self._cut()

    def draw(self) -> None:
        """Draw the picture in the colours of now."""
        role = "text_muted" if not self.isEnabled() else "accent"
        picture = self._icons.pixmap(self._picture_name, role, 20, self.devicePixelRatioF())
        self._picture.setPixmap(picture)
        self._picture.setFixedWidth(picture.deviceIndependentSize().toSize().width() + 2)

    def sizeHint(self) -> QSize:
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    @guarded(False)
    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() in _HEIGHT_CHANGES:
            # The style sheet gives every button a least height of one line, which counts more than `minimumSizeHint`.
            self.setMinimumHeight(self.sizeHint().height())
        return handled

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._cut()

    def _cut(self) -> None:
        room = max(self._detail.width(), 40)
        self._detail.setText(self._detail.fontMetrics().elidedText(self._detail_text, self._elide, room))
