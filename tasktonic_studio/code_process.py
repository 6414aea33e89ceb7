"""The code process: says what somebody wants to know who writes source. What may take long, hang or crash is done here.

Started by the window as ``python -m tasktonic_studio.code_process CACHE_FOLDER``. How it answers and ends is in `answering`. What was
read stays known for the next question; a question brings the texts that are not on disk.

===================  ==============================================  =============================
``do``               asks                                            answer
===================  ==============================================  =============================
``problems``         `file`, `text`, `texts`                         `problems`
``folder_problems``  `file`, `texts`                                 `folder`, `files`, `left`, `problems` by file, `remark`
``complete``         a place                                         `typed`, `items`: text, kind, detail
``hover``            a place                                         `text`, `begin`, `end`
``signature``        a place                                         `text`, `begin`, `end`
``definition``       a place                                         `targets`: file, line, column, label
``callers``          a place                                         `subject`, `found`, `is_all`, `scope`
``rename``           a place, `new`                                  `subject`, `old`, `refused`, `changes`, `left`, `scope`
===================  ==============================================  =============================

A place is `file`, `line` (from 1) and `column` (from 0, in characters), with `texts`, those of open tabs by file as far as they
are not on disk, and `root`, the open folder, if there is one. What `found` and the rest are made of is in `code`.

An answer has `problem`, a sentence, when it could not be done.
"""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Any, Final

from tasktonic_studio import answering
from tasktonic_studio.answering import Doing, Request

if TYPE_CHECKING:
    from tasktonic_studio.code.question import Question

MOST_BYTES: Final = 3 << 30
"""What it may take of memory; a question that needs more fails, and the next one is answered."""

LONGEST_S: Final = 120.0
"""A large project that is looked through for the first time, on a busy machine."""
HURRY_S: Final = 1.0
"""So long a project is looked through for somebody who types; what was read by then is known the next time."""

_cache: Final[list[str]] = []
"""The folder in which jedi keeps what it has read of libraries, for the next process; empty for its usual one."""


def main() -> None:
    """Answer requests until stdin ends."""
    _limit_memory()
    _cache[:] = sys.argv[1:2]
    answering.serve(sys.stdin.buffer, sys.stdout.buffer, doing, LONGEST_S)


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, hard))


def _question(request: Request, hurry_s: float | None = HURRY_S) -> Question:
    """A question about a place. Jedi is loaded for the first one only: a process that looks for problems needs none of it."""
    import jedi

    from tasktonic_studio.code.question import Question

    if _cache:
        jedi.settings.cache_directory = _cache[0]
    return Question(request, hurry_s)


def _problems(request: Request) -> dict[str, Any]:
    from tasktonic_studio.code.problems import problems_of

    found = problems_of(request["text"], request["file"], request.get("texts"))
    return {"problems": [it.as_json() for it in found]}


def _folder_problems(request: Request) -> dict[str, Any]:
    from tasktonic_studio.code.problems import problems_of_folder, problems_of_project

    root, texts = request.get("root"), request.get("texts")
    found = problems_of_folder(root, texts) if root else problems_of_project(request["file"], texts)
    problems = {file: [it.as_json() for it in each] for file, each in found.problems.items()}
    return {**found._asdict(), "problems": problems}


def _complete(request: Request) -> dict[str, Any]:
    from tasktonic_studio.code.completing import complete

    return complete(_question(request))._asdict()


def _hover(request: Request) -> dict[str, Any]:
    from tasktonic_studio.code.meaning import meaning_of

    return meaning_of(_question(request))._asdict()


def _signature(request: Request) -> dict[str, Any]:
    from tasktonic_studio.code.meaning import signature_of

    return signature_of(_question(request))._asdict()


def _definition(request: Request) -> dict[str, Any]:
    from tasktonic_studio.code.meaning import definitions_of

    return {"targets": definitions_of(_question(request))}


def _callers(request: Request) -> dict[str, Any]:
    from tasktonic_studio.code.calling import callers_of

    return callers_of(_question(request, None))._asdict()


def _rename(request: Request) -> dict[str, Any]:
    from tasktonic_studio.code.renaming import rename

    done = rename(_question(request, None), request["new"])
    return {
        "subject": done.subject,
        "old": done.old,
        "refused": done.problem,
        "changes": done.changes,
        "left": done.left,
        "scope": done.scope,
    }


doing: Final[Doing] = {
    "problems": _problems,
    "folder_problems": _folder_problems,
    "complete": _complete,
    "hover": _hover,
    "signature": _signature,
    "definition": _definition,
    "callers": _callers,
    "rename": _rename,
}


if __name__ == "__main__":
    main()
