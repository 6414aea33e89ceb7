"""Answering: how a process that helps the window takes requests and gives answers. See `side_process` and `code_process`.

Requests come as lines of JSON on stdin, one answer per request goes to stdout in the same order. The process ends with its
stdin, and by itself when a request takes absurdly long: the window has then given up on it long ago, or is gone. Python's own
threads could not see to that: while a pattern is looked for, none of them gets its turn. It also ends after a request for which
its memory was too small, and says so with ``ends``: what it keeps would leave too little for the next one.
"""

from __future__ import annotations

import faulthandler
import json
import sys
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO, Final

LONGEST_S: Final = 20.0

Request = Mapping[str, Any]
Doing = Mapping[str, Callable[[Request], dict[str, Any]]]
"""What can be asked for, by what a request has in its ``do``."""


def serve(asked: BinaryIO, answers: BinaryIO, doing: Doing, longest_s: float = LONGEST_S) -> None:
    """Answer the requests of one stream on another, until it ends."""
    for line in asked:
        faulthandler.dump_traceback_later(longest_s, exit=True, file=sys.__stderr__ or sys.stderr)
        answer = answer_to(line, doing)
        faulthandler.cancel_dump_traceback_later()
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()
        if answer.get("ends"):
            return


def answer_to(line: bytes, doing: Doing) -> dict[str, Any]:
    """The answer to one request. Never raises."""
    try:
        request = json.loads(line)
        return doing[request["do"]](request)
    except MemoryError:
        return {"problem": "It needs more memory than there is for it.", "ends": True}
    except Exception as error:
        return {"problem": f"{type(error).__name__}: {error}"}
