"""The local socket at which a studio may call, and the files by which it is found."""

from __future__ import annotations

import contextlib
import os
import platform
import socket
import sys
from pathlib import Path

from tasktonic.protocol import PROTOCOL
from tasktonic.protocol.address import (
    Address,
    Rendezvous,
    folder_of_user,
    listening_address,
    new_token,
    process_started,
    publish,
    withdraw,
    write_private,
)


class Listener:
    """A listening socket with its token. Made by the agent and closed by it.

    Raises:
        ttAddressError: the folder of this user cannot be trusted.
        OSError: there is no place for the socket or the files.
    """

    def __init__(self) -> None:
        self.token = new_token()
        self._pid = os.getpid()
        folder = folder_of_user(create=True)
        address = listening_address(folder, self._pid)
        self.socket = address.new_socket()
        try:
            self.address = self._bind(address)
            self.socket.listen(8)
            self.socket.setblocking(False)
            token_file = folder / f"{self._pid}.token"
            write_private(token_file, self.token)
            publish(folder, self._who(token_file))
        except OSError:
            self.close()
            raise

    def _bind(self, address: Address) -> Address:
        if address.path:
            # Left behind by an earlier process with this pid; nobody else can write here.
            Path(address.path).unlink(missing_ok=True)
        self.socket.bind(address.for_socket)
        if not address.path:
            return Address(port=self.socket.getsockname()[1])
        Path(address.path).chmod(0o600)
        return address

    def _who(self, token_file: Path) -> Rendezvous:
        from tasktonic import __version__

        return Rendezvous(
            pid=self._pid,
            started=process_started(self._pid),
            address=str(self.address),
            token_file=str(token_file),
            script=script_path(),
            cwd=working_directory(),
            python=platform.python_version(),
            framework=__version__,
            protocol=PROTOCOL,
        )

    def accept(self) -> socket.socket | None:
        """The next connection, if there is one."""
        try:
            return self.socket.accept()[0]
        except OSError:
            return None

    def close(self) -> None:
        """Close the socket and remove the files."""
        self.socket.close()
        with contextlib.suppress(OSError):
            withdraw(self._pid)


def script_path() -> str:
    """The script that runs, as an absolute path; what was typed when it is none."""
    main = getattr(sys.modules.get("__main__"), "__file__", None)
    if isinstance(main, str):
        return os.path.abspath(main)  # noqa: PTH100 - Path.absolute keeps dots
    return sys.argv[0] if sys.argv else ""


def working_directory() -> str:
    """The working directory; empty when it was removed."""
    try:
        return str(Path.cwd())
    except OSError:
        return ""
