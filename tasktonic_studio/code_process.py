"""The code process: says what somebody wants to know who writes source. What may take long, hang or crash is done here.

Started by the window as ``python -m tasktonic_studio.code_process``. How it answers and ends is in `answering`. What was
read stays known for the next question; a question brings the texts that are not on disk.

=============  ====================================================  =============================
``do``         asks                                                  answer
=============  ====================================================  =============================
``problems``   `file`, `text`                                        `problems`
=============  ====================================================  =============================

An answer has `problem`, a sentence, when it could not be done.
"""

from __future__ import annotations

import contextlib
import sys
from typing import Any, Final

from tasktonic_studio import answering
from tasktonic_studio.answering import Doing, Request

MOST_BYTES: Final = 3 << 30
"""What it may take of memory; a question that needs more fails, and the next one is answered."""


def main() -> None:
    """Answer requests until stdin ends."""
    _limit_memory()
    answering.serve(sys.stdin.buffer, sys.stdout.buffer, doing)


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, hard))


def _problems(request: Request) -> dict[str, Any]:
    from tasktonic_studio.code.problems import problems_of

    return {"problems": [it.as_json() for it in problems_of(request["text"], request["file"])]}


doing: Final[Doing] = {
    "problems": _problems,
}


if __name__ == "__main__":
    main()
