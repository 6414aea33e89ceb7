"""Answering: how a process that helps the window takes requests and gives answers. See `side_process` and `code_process`.

Requests come as lines of JSON on stdin, one answer per request goes to stdout in the same order. The process ends with its
stdin, and by itself when a request takes absurdly long: the window has then given up on it long ago, or is gone. It also ends
after a request for which its memory was too small, and says so with ``ends``: what it keeps would leave too little for the next one.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO, Final

LONGEST_S: Final = 20.0

Request = Mapping[str, Any]
Doing = Mapping[str, Callable[[Request], dict[str, Any]]]
"""What can be asked for, by what a request has in its ``do``."""


def serve(asked: BinaryIO, answers: BinaryIO, doing: Doing, longest_s: float = LONGEST_S) -> None:
    """Answer the requests of one stream on another, until it ends."""
    for line in asked:
        guard = threading.Timer(longest_s, os._exit, (3,))
        guard.daemon = True
        guard.start()
        answer = answer_to(line, doing)
        guard.cancel()
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
