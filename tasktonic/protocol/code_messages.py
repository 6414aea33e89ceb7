"""Messages that replace code of the running app: change a handler and go on."""

from __future__ import annotations

from dataclasses import dataclass

from tasktonic.protocol.message import Direction, Message


@dataclass(frozen=True, slots=True)
class ReplaceCode(Message):
    """Replaces the methods of a source file by those of another text of it, between two sparkles. Needs control.

    Nothing but functions is replaced; ``CodeReplaced`` says what was and what was not. With ``undo`` what was replaced last of
    the file is put back, and the texts do not count.
    """

    kind = "replace code"
    direction = Direction.STUDIO

    request: int
    """Number of the request."""
    file: str
    """Path of the file, as the app has it."""
    text: str = ""
    """What the file is now."""
    before: str = ""
    """What it was when the app was started, as far as the studio knows: to find out what has changed outside of methods."""
    undo: bool = False
    """Whether to put back what ran before the last replacement."""


@dataclass(frozen=True, slots=True)
class KeptRow:
    """Something that was not replaced."""

    what: str
    """Its name: ``Door.__init__``."""
    why: str
    """The reason."""
    line: int = 0
    """Where it stands in the new text, 0 when it is not there."""


@dataclass(frozen=True, slots=True)
class CodeReplaced(Message):
    """What became of a replacement."""

    kind = "code replaced"
    direction = Direction.PROBE

    request: int
    """Number of the request."""
    file: str
    """Path of the file, as it was asked."""
    replaced: tuple[str, ...] = ()
    """What does something else from now on: ``Door.ttsc__open``. At most 200."""
    kept: tuple[KeptRow, ...] = ()
    """What stays as it was. At most 200."""
    notes: tuple[str, ...] = ()
    """Sentences that one should know."""
    problem: str = ""
    """A sentence when nothing was replaced."""
    line: int = 0
    """The line that the problem is about, 0 for none."""
    loaded: bool = True
    """Whether the app has loaded anything from the file at all; without that nothing is wrong."""
    undone: bool = False
    """Whether this was put back."""
    more: int = 0
    """How many can be put back now."""


CODE_MESSAGES: tuple[type[Message], ...] = (ReplaceCode, CodeReplaced)
"""In the order of the documentation."""

CODE_REQUESTS = (ReplaceCode,)
"""What the studio asks for."""
