"""The probe: lets a studio watch this app. Standard library only, quiet, and off unless asked for.

``start()`` lets studios of this user attach from now on; the environment variable ``TASKTONIC_STUDIO=1`` does the same when the
first app of the process begins. ``stop()`` ends it.
"""

from __future__ import annotations

import atexit
import os
import threading

from tasktonic import launched
from tasktonic.errors import ttError
from tasktonic.observation import CEILING_PERCENT
from tasktonic.probe.agent import Agent
from tasktonic.probe.breakpoint_requests import set_from_environment
from tasktonic.probe.listener import Listener
from tasktonic.probe.saying import say
from tasktonic.protocol.address import Address, find_running

__all__ = ["find_running", "start", "start_from_environment", "stop"]

_agent: Agent | None = None
_agent_lock = threading.Lock()
_prepared = False


def start(*, ceiling_percent: float = CEILING_PERCENT) -> str:
    """Let studios of this user find this app and attach to it. Any thread; harmless when it is on already.

    Args:
        ceiling_percent: share of one core that the probe may take while somebody watches; beyond, flow is left out.

    Returns:
        The address at which it listens; empty when the app was launched by a studio and is connected to that.

    Raises:
        ttAddressError: the folder for sockets cannot be trusted; the message says what to do.
        OSError: there is no place for the socket.
    """
    global _agent
    with _agent_lock:
        if _agent is None or not _agent.on:
            _agent = Agent(Listener(), ceiling_percent=ceiling_percent)
            _begin(_agent)
        return str(_agent.listener.address) if _agent.listener is not None else ""


def stop(reason: str = "The probe was stopped in the app.") -> None:
    """Part with all studios, after what has happened so far was sent (half a second at most). Any thread.

    Args:
        reason: what the studios are told; harmless when nobody watches, or when it is off.
    """
    global _agent
    with _agent_lock:
        agent, _agent = _agent, None
    if agent is not None:
        agent.stop(reason)


def start_from_environment() -> None:
    """Do what ``TASKTONIC_STUDIO`` says: ``1`` listen, ``connect`` call the studio that launched this app; else nothing.

    Never raises: an app does not fail because it cannot be watched.
    """
    global _agent
    launched.take()
    wish = launched.said("TASKTONIC_STUDIO") or os.environ.get("TASKTONIC_STUDIO", "").strip().lower()
    try:
        if wish == launched.LAUNCHED:
            address = Address.parse(launched.said("TASKTONIC_STUDIO_ADDRESS"))
            token = launched.said("TASKTONIC_STUDIO_TOKEN")
            _set_breakpoints()
            with _agent_lock:
                if _agent is None or not _agent.on:
                    _agent = Agent(calling=(address, token))
                    _begin(_agent)
        elif wish in ("1", "true", "yes", "on", "listen"):
            start()
        elif wish not in ("", "0", "false", "no", "off"):
            say(f"TASKTONIC_STUDIO is {wish!r}; '1' lets a studio attach. Nobody can watch this app.")
    except (ttError, OSError) as error:
        say(f"nobody can watch this app: {error}")


def _set_breakpoints() -> None:
    """Those that the studio wants set before anything runs. One that is faulty must not keep the app from being watched."""
    try:
        set_from_environment()
    except ttError as error:
        say(f"no breakpoint is set: {error}")


def _begin(agent: Agent) -> None:
    global _prepared
    if not _prepared:
        _prepared = True
        atexit.register(stop, "The app has ended.")
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=_forget_in_child)
    agent.start()


def _forget_in_child() -> None:
    """A forked child is an app of its own, and nobody watches it yet."""
    global _agent, _agent_lock
    _agent_lock = threading.Lock()
    agent, _agent = _agent, None
    if agent is not None:
        agent.forget_in_child()
