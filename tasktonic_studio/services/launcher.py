"""The launcher service: starts a script with the probe switched on, passes on what it prints, says how it ended."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import socket
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tasktonic import ttTimerSingleShot, ttTonic
from tasktonic.errors import ttError
from tasktonic.protocol.address import Address, folder_of_user, listening_address, new_token
from tasktonic_studio.project.pythons import why_broken
from tasktonic_studio.project.run_file import StartOrder
from tasktonic_studio.services.connection import Connection
from tasktonic_studio.services.feed import Feed
from tasktonic_studio.services.link import Link, LinkEnd
from tasktonic_studio.services.script_process import Ending, ScriptProcess
from tasktonic_studio.services.surroundings import with_framework
from tasktonic_studio.session.inbox import TargetBegan, TargetStatus

GRACE_S: Final = 3.0
NO_FORMULA_YET_S: Final = 3.0
UNWATCHED_S: Final = 0.5
CLOSE_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Launch:
    """What to start: a script as an absolute path, its arguments, the folder it runs in, and whether under a distiller.

    `seed` is that of the distiller, None for a script that runs by itself. `environment` comes beside that of the Studio;
    `python` is the program that runs it, empty for the launcher's; in `sources` it looks besides for what is imported.
    """

    script: str
    arguments: tuple[str, ...]
    folder: str
    seed: int | None = None
    environment: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    python: str = ""
    sources: tuple[str, ...] = ()


class Launcher(ttTonic):
    """Owns the started script. One at a time: starting another stops the first and waits for its end.

    Made by `app.py` on the catalyst of the services. `python` is the program that runs scripts, `grace_s` how long one may
    take to end when asked.
    """

    _tt_is_service = "launcher"
    _tt_states = ("idle", "running", "stopping")

    def __init__(self, python: str = sys.executable, grace_s: float = GRACE_S, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.python = python
        self.grace_s = grace_s
        self._launch: Launch | None = None
        self._next: Launch | None = None
        self._feed: Feed | None = None
        self._process: ScriptProcess | None = None
        self._link: Link | None = None
        self._ending: Ending | None = None
        self._number = 0
        self._unwatched = ""
        self._patience: ttTimerSingleShot | None = None
        self._sockets = itertools.count(1)
        self._connection = self.bind(Connection)
        self._connection.before_begin = self._make_way

    def _init_service(self, *_args: Any, **_kwargs: Any) -> None:
        """Nobody has anything to say at an access."""

    def ttse__on_start(self) -> None:
        self.to_state("idle")

    # ---- what the user asks for --------------------------------------------------------------------------------------

    def ttsc__launch(
        self, script: str, arguments: tuple[str, ...] = (), folder: str = "", seed: int | None = None
    ) -> None:
        """Start a script; one that runs is stopped first. Without a folder it runs in the script's own.

        With a seed it runs under a distiller, by hand.
        """
        path = Path(script).expanduser().absolute()
        self._begin(Launch(str(path), tuple(arguments), folder or str(path.parent), seed))

    def ttsc__start(self, order: StartOrder) -> None:
        """Start a script as a run configuration says."""
        self._begin(
            Launch(
                order.script,
                order.arguments,
                order.folder,
                order.seed,
                order.environment,
                order.python,
                order.sources,
            )
        )

    def _begin(self, launch: Launch) -> None:
        """Start this; what runs is stopped first."""
        self._next = launch
        if self._process is None or self._ending is not None:
            self._leave_behind()
            self._start_next()
        else:
            self._ask_to_stop()

    def ttsc__stop(self) -> None:
        """Ask the script to end, and kill it with all it started when it does not."""
        self._next = None
        self._ask_to_stop()

    def ttsc__restart(self) -> None:
        """Start the script anew as it was started last; nothing when none was."""
        if self._launch is not None:
            self._begin(self._launch)

    def _ask_to_stop(self) -> None:
        if self._process is None:
            return
        if self._ending is None and self._feed is not None:
            self._feed.put(TargetStatus("running", "stopping"))
            self.to_state("stopping")
        self._stop_process(self.grace_s)

    def _stop_process(self, grace_s: float) -> None:
        if self._process is not None:
            self._process.stop(grace_s, gently=self._has_app())

    def _has_app(self) -> bool:
        """Whether an app of the framework runs in the script, which can end in order when it is asked as by Ctrl+C."""
        return self._link is not None and self._link.is_open

    def _make_way(self) -> None:
        """An app is attached instead: the script is stopped, and nobody hears of it any more."""
        self._stop_process(self.grace_s)
        self._next = self._link = None

    # ---- starting --------------------------------------------------------------------------------------------------

    def _start_next(self) -> None:
        launch, self._next = self._next, None
        if launch is None:
            return
        self._number += 1
        self._launch, self._ending, self._link, self._unwatched = launch, None, None, ""
        feed = self._feed = self._connection.begin(
            TargetBegan("launched", launch.script, launch.arguments, seed=launch.seed)
        )
        problem = why_not_start(launch)
        if not problem:
            try:
                self._start(launch, feed)
            except (OSError, ValueError, ttError) as error:
                problem = f"The script could not be started: {getattr(error, 'strerror', None) or error}."
        if problem:
            feed.put(TargetStatus("ended", f"not started: {problem}"))
            feed.say(problem)
            self.to_state("idle")

    def _start(self, launch: Launch, feed: Feed) -> None:
        number = self._number
        breakpoints, problem = self._connection.breakpoints.environment()
        if problem:
            feed.say(problem)
        listening, address = self._listen()
        token = new_token()
        try:
            self._process = ScriptProcess(
                [launch.python or self.python, launch.script, *launch.arguments],
                environment_for({**os.environ, **dict(launch.environment)}, address, token, launch.seed, launch.sources)
                | breakpoints,
                launch.folder,
                feed,
                lambda ending: self.ttse__on_process_ended(number, ending),
            )
        except BaseException:
            listening.close()
            _remove_socket(address)
            raise
        feed.put(TargetStatus("starting", "starting", pid=self._process.pid))
        self._link = self._connection.expect(feed, listening, token, lambda end: self._link_ended(number, address, end))
        self._wait(NO_FORMULA_YET_S)
        self.to_state("running")

    def _wait(self, seconds: float) -> None:
        if self._patience is not None:
            self._patience.finish()
        self._patience = self.bind(ttTimerSingleShot, seconds, sparkle_back=self.ttse__on_patience)

    def _listen(self) -> tuple[socket.socket, Address]:
        """A socket that only this user can reach."""
        folder = folder_of_user(create=True)
        address = listening_address(folder, os.getpid())
        if address.path:
            path = Path(address.path)
            address = Address(path=str(path.with_name(f"studio-{os.getpid()}-{next(self._sockets)}.sock")))
            if len(os.fsencode(address.path)) > 100:
                address = Address(port=0)
        if not address.path:
            listening = socket.create_server(("127.0.0.1", 0), backlog=8)
            return listening, Address(port=listening.getsockname()[1])
        listening = address.new_socket()
        try:
            _remove_socket(address)
            # The folder is closed to others, so nobody gets in between these two lines.
            listening.bind(address.path)
            Path(address.path).chmod(0o600)
            listening.listen(8)
        except BaseException:
            listening.close()
            raise
        return listening, address

    # ---- what happens ----------------------------------------------------------------------------------------------

    def ttse__on_patience(self, info: Mapping[str, Any]) -> None:
        """Some seconds after a start, or a moment after the link has ended: how is the script?"""
        self._patience = None
        if self._feed is None or self._process is None or self._ending is not None:
            return
        if self._unwatched and self._process.has_ended:
            return  # its end is about to be told
        if self._unwatched:
            self._feed.put(TargetStatus("running", f"running, but not watched any more: {self._unwatched}"))
        elif self._link is not None and not self._link.is_open:
            self._feed.put(TargetStatus("running", "running, but the script has started no formula yet"))

    def ttse__on_process_ended(self, number: int, ending: Ending) -> None:
        """The script has ended; its link may still have something to say."""
        if number != self._number:
            return
        self._ending = ending
        if self._link is not None:
            self._link.process_has_died()
        else:
            self._all_is_over()

    def _link_ended(self, number: int, address: Address, end: LinkEnd) -> None:
        _remove_socket(address)
        if number != self._number:
            return
        self._link = None
        if self._ending is not None:
            self._all_is_over()
        elif end.why != "goodbye":
            # Most often the process is about to end, and that says more.
            self._unwatched = end.sentence
            self._wait(UNWATCHED_S)

    def _all_is_over(self) -> None:
        """Script and link have both ended: say so, and start what waits."""
        ending, feed, process = self._ending, self._feed, self._process
        assert ending is not None, "the script has ended"
        if feed is not None:
            # The code of a script that was stopped is that of our signal, and says nothing about the script.
            code = None if ending.was_stopped else ending.code
            feed.put(TargetStatus("ended", ending.sentence, code, died=code not in (None, 0)))
            if ending.left_behind:
                feed.say("Processes that the script started still run. Stop ends them, too.")
        if process is not None and not ending.left_behind:
            self._process = None
        self.to_state("idle")
        if self._next is not None:
            self._leave_behind()
            self._start_next()

    def _leave_behind(self) -> None:
        """End what the last script left running, as another one begins."""
        if self._process is not None:
            self._process.stop(0.0)
            self._process = None

    def ttse__on_finished(self) -> None:
        """The Studio ends, and with it the script that it started."""
        self._number += 1
        if self._process is not None:
            self._stop_process(CLOSE_S)
            self._process.join(CLOSE_S + 1.0)


def why_not_start(launch: Launch) -> str:
    """Why a script cannot be started, in a sentence; empty when it can."""
    path = Path(launch.script)
    try:
        if path.is_dir():
            return f"{path} is a folder. Choose a Python file in it."
        with path.open("rb") as file:
            file.read(1)
    except FileNotFoundError:
        return f"There is no file {path}."
    except OSError as error:
        return f"{path} cannot be read: {error.strerror}."
    if not Path(launch.folder).is_dir():
        return f"There is no folder {launch.folder} to run the script in."
    if launch.python and shutil.which(launch.python) is None:
        return why_broken(Path(launch.python), None)
    return ""


def environment_for(
    own: Mapping[str, str], address: Address, token: str, seed: int | None = None, sources: Sequence[str] = ()
) -> dict[str, str]:
    """The environment of a launched script: ours, the way back to us, and the framework where it would not be found.

    With a `seed` its apps are run by hand: see `tasktonic.testing.steering`. In `sources` it looks for what it imports.
    """
    environment = with_framework(own, *sources)
    environment["TASKTONIC_STUDIO"] = "connect"
    environment["TASKTONIC_STUDIO_ADDRESS"] = str(address)
    environment["TASKTONIC_STUDIO_TOKEN"] = token
    if seed is not None:
        environment["TASKTONIC_STUDIO_DISTIL"] = f"seed={seed} clock=auto"
    environment["PYTHONUNBUFFERED"] = "1"
    return environment


def _remove_socket(address: Address) -> None:
    if address.path:
        with contextlib.suppress(OSError):
            Path(address.path).unlink()


__all__ = ["Launch", "Launcher", "environment_for", "why_not_start"]
