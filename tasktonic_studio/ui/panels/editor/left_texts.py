"""What an earlier Studio did not save: offered, brought back, or thrown away."""

from __future__ import annotations

from collections.abc import Callable

from tasktonic_studio.ui.panels.editor.documents import DiskState, Document, DocumentProblem, Documents
from tasktonic_studio.ui.panels.editor.page import EditorPage
from tasktonic_studio.ui.panels.editor.recovery import LeftText, Recovery
from tasktonic_studio.ui.panels.editor.sentence_bar import SentenceBar

ABOUT = "left texts"
_NAMED = 5
NOT_HELD = (
    "The unsaved text of {name} has invisible characters that the plain editor cannot keep. Switch the setting “Plain editor” "
    "off and start the Studio anew: it is offered again then."
)


class LeftTexts:
    """The offer of left texts. Made by the editor's view, with the bar on which it speaks.

    Args:
        recovery: where the texts are.
        documents: the open files.
        bar: where the offer is made.
        show: brings the page of a document to the front, made when there is none yet.
        may_discard: asks whether the texts may go.
    """

    def __init__(
        self,
        recovery: Recovery,
        documents: Documents,
        bar: SentenceBar,
        show: Callable[[Document], EditorPage],
        may_discard: Callable[[], bool],
    ) -> None:
        self._recovery = recovery
        self._documents = documents
        self._bar = bar
        self._show = show
        self._may_discard = may_discard
        self._left: list[LeftText] = []

    def offer(self) -> None:
        """Look for left texts and, when there are any, say so."""
        try:
            self._left = self._recovery.left_texts()
        except OSError:
            # Nothing can be read there; the first text that is to be kept will say so.
            self._left = []
        if not self._left:
            return
        names = ", ".join(left.path.name for left in self._left[:_NAMED]) + (" …" if len(self._left) > _NAMED else "")
        files = "one file" if len(self._left) == 1 else f"{len(self._left)} files"
        sentence = f"The Studio ended with unsaved changes in {files}: {names}. They were kept."
        self._bar.say(ABOUT, sentence, (("Bring them back", self.bring_back), ("Throw away…", self.discard)))

    def bring_back(self) -> None:
        """Open the files, with the left texts as unsaved changes. Each leaves its old place when it is kept anew.

        Of several texts of one file the last comes back; the others are offered once more.
        """
        self._bar.take_back(ABOUT)
        last = {left.path: left for left in self._left}
        older = [left for left in self._left if left is not last[left.path] and left.text != last[left.path].text]
        failed = [left for left in last.values() if not self._bring_back(left)]
        for left in self._left:
            if left not in older and left not in failed:
                self._recovery.throw_away(left)
        self._left = older + failed
        if older and not failed:
            names = ", ".join(dict.fromkeys(left.path.name for left in older))
            sentence = f"There is an older text of {names} too, which another Studio left unsaved."
            self._bar.say(ABOUT, sentence, (("Show it instead", self.bring_back), ("Throw away…", self.discard)))

    def _bring_back(self, left: LeftText) -> bool:
        try:
            document, text = self._documents.restore(left)
            page = self._show(document)
            if not page.editor.can_hold(text):
                raise DocumentProblem(NOT_HELD.format(name=document.name))
            page.put_unsaved(text)
            self._documents.keep_now()
        except DocumentProblem as problem:
            self._bar.say(ABOUT, str(problem), (("Try again", self.bring_back),), problem=True)
            return False
        if document.on_disk is DiskState.GONE:
            page.say_gone()
        elif document.on_disk is DiskState.CHANGED and not document.read_only:
            page.say_changed()
        return True

    def discard(self) -> None:
        """Throw the left texts away, having asked."""
        if self._may_discard():
            for left in self._left:
                self._recovery.throw_away(left)
            self._left = []
            self._bar.take_back(ABOUT)
