"""The first words between probe and studio: what the probe says of its app, and who is let in."""

from __future__ import annotations

import hmac
import os
import platform
import secrets
import sys
from typing import Final

from tasktonic import clock
from tasktonic.probe.listener import script_path, working_directory
from tasktonic.protocol import CAPABILITIES, PROTOCOL, Message, why_not_together
from tasktonic.protocol.messages import Hello, Open

_session: Final = secrets.token_hex(8)


def hello(token: str) -> Hello:
    """What the probe says of its app; ``token`` when it was launched by the studio that it speaks to."""
    from tasktonic import __version__

    pyside = sys.modules.get("PySide6")
    return Hello(
        protocol=PROTOCOL,
        pid=os.getpid(),
        session=_session,
        token=token,
        capabilities=CAPABILITIES,
        script=script_path(),
        argv=tuple(sys.argv[1:]),
        cwd=working_directory(),
        executable=sys.executable or "",
        python=platform.python_version(),
        framework=__version__,
        qt=str(getattr(pyside, "__version__", "")) if pyside is not None else "",
        monotonic_ns=clock.now_ns(),
        wall_ns=clock.wall_ns(),
    )


def why_not_let_in(message: Message, token: str) -> str:
    """Why the studio whose first message this is may not watch; empty when it may. ``token``: what it has to show, if anything."""
    if not isinstance(message, Open):
        return f"The first message must be 'open', with the token; {message.kind!r} came."
    if token and not hmac.compare_digest(message.token.encode("utf-8", "replace"), token.encode()):
        return "The token is wrong. It is in the token file that the app's entry names."
    if problem := why_not_together(message.protocol, "studio", "app"):
        return problem
    if message.role not in ("view", "control"):
        return f"There is no role {message.role[:40]!r}: 'view' and 'control' exist."
    return ""
