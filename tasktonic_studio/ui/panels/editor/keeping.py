"""The beat of the editor: unsaved texts are kept, and files are looked at that somebody else may have written."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

from tasktonic_studio.ui.panels.editor.documents import DocumentProblem, Documents

if TYPE_CHECKING:
    from tasktonic_studio.ui.panels.editor.view import EditorView

BEAT_MS: Final = 1000
"""How often files are looked at and unsaved texts are kept. Nothing else happens by itself in the editor."""

_KEEPING: Final = "keeping"


class Keeping(QObject):
    """Made and owned by the editor's view.

    Args:
        view: whose texts they are, and where it is said that one cannot be kept.
        documents: the open files.
        clock: seconds.
    """

    def __init__(self, view: EditorView, documents: Documents, clock: Callable[[], float]) -> None:
        super().__init__(view)
        self._view = view
        self._documents = documents
        self._clock = clock
        self._beat = QTimer(self)
        self._beat.setInterval(BEAT_MS)
        self._beat.timeout.connect(self.beat)
        self._beat.start()

    def stop(self) -> None:
        """The window ends. The last text loses the focus after that, and is kept already."""
        self._beat.stop()

    def beat(self) -> None:
        """Keep unsaved texts that have come to rest, and look whether files were changed by others."""
        self.keep(self._clock())
        for page in self._view.pages():
            page.look_at_disk()

    def keep(self, now_s: float | None = None) -> None:
        """Keep those that have been at rest by now, without a time all; when that cannot be done, say so."""
        if not self._beat.isActive():
            return
        bar = self._view.bar
        try:
            self._documents.keep(now_s)
        except DocumentProblem as problem:
            if bar.about != _KEEPING:
                bar.say(_KEEPING, str(problem), (("Save all", self._save_all),), problem=True)
        else:
            bar.take_back(_KEEPING)

    def _save_all(self) -> None:
        if self._view.save_all():
            self._view.bar.take_back(_KEEPING)
