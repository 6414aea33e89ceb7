"""A TCP server that sends back what it gets, at 1,000 and 5,000 connections, against asyncio ``Protocol``, streams and bare epoll.

Each server is a process of its own and tells how much processor time it has used; the load comes from here: one message of
64 bytes in flight per connection. The figure is the server's processor time per round trip, kernel included. All servers
of a comparison run at once and rest while another is measured. Memory is what a process grows by per idle connection.
"""

from __future__ import annotations

import asyncio
import os
import select
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
else:
    from side_by_side import Case, Comparison, Row, at_most, scaled

MESSAGE = b"x" * 64
ROUND_TRIPS = 20_000


# ---- the servers, each in a process of its own


def serve(kind: str) -> None:
    """Be a server; answer each line on the standard input with the processor time in ns and the memory in bytes."""
    threading.Thread(target=report, daemon=True).start()
    name, _, loop = kind.partition("-")
    if name == "tasktonic":
        serve_tasktonic(loop)
    elif name == "epoll":
        serve_epoll()
    else:
        asyncio.run(serve_streams() if name == "streams" else serve_protocol())


def report() -> None:
    for _ in sys.stdin:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        print(time.process_time_ns(), pages * os.sysconf("SC_PAGE_SIZE"), flush=True)
    os._exit(0)


def serve_tasktonic(loop: str) -> None:
    from tasktonic import ttFormula
    from tasktonic.net import ttAsyncioCatalyst, ttTcpConnection, ttTcpServer

    class Echo(ttTcpConnection):
        def ttse__on_received(self, message: bytes) -> None:
            self.send(message)

    class Server(ttTcpServer):
        def ttse__on_listening(self, host: str, port: int) -> None:
            print(port, flush=True)

    class App(ttFormula):
        def creating_formula(self) -> Any:
            return {"tasktonic/log/to": "off"}

        def creating_main_catalyst(self) -> None:
            ttAsyncioCatalyst(loop=loop)

        def creating_starting_tonics(self) -> None:
            Server(Echo)

    App()


class Echoing(asyncio.Protocol):
    """The least that asyncio can do."""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.transport.write(data)


async def serve_protocol() -> None:
    server = await asyncio.get_running_loop().create_server(Echoing, "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


async def serve_streams() -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def serve_epoll() -> None:
    listener = socket.create_server(("127.0.0.1", 0), backlog=4096)
    listener.setblocking(False)
    print(listener.getsockname()[1], flush=True)
    peers: dict[int, socket.socket] = {}
    poll = select.epoll()
    poll.register(listener, select.EPOLLIN)
    while True:
        for number, _ in poll.poll():
            if number == listener.fileno():
                peer, _ = listener.accept()
                peers[peer.fileno()] = peer
                poll.register(peer, select.EPOLLIN)
            elif data := peers[number].recv(65536):
                peers[number].send(data)
            else:
                peers.pop(number).close()


# ---- the load


class Server:
    """A server process with its idle connections."""

    def __init__(self, kind: str, connections: int) -> None:
        command = [sys.executable, *(["-S"] if sys.flags.no_site else []), str(Path(__file__)), kind]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        port = int(self._line())
        before = self.asked()[1]
        self._poll = select.epoll()
        self._peers: dict[int, socket.socket] = {}
        for _ in range(connections):
            peer = socket.create_connection(("127.0.0.1", port))
            self._peers[peer.fileno()] = peer
            self._poll.register(peer, select.EPOLLIN)
        self.trips(connections)
        self.bytes_each = (self.asked()[1] - before) / connections

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def asked(self) -> tuple[int, int]:
        """Processor time in ns and memory in bytes, as the server says."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        used, memory = self._line().split()
        return int(used), int(memory)

    def trips(self, count: int) -> None:
        """Make so many round trips, one message in flight per connection."""
        to_send = iter(range(count))
        for peer, _ in zip(self._peers.values(), to_send, strict=False):
            peer.send(MESSAGE)
        done = 0
        while done < count:
            for number, _ in self._poll.poll():
                peer = self._peers[number]
                peer.recv(4096)
                done += 1
                if next(to_send, None) is not None:
                    peer.send(MESSAGE)

    def cost(self, count: int) -> float:
        """Seconds of the server's processor that so many round trips took."""
        before = self.asked()[0]
        self.trips(count)
        return (self.asked()[0] - before) / 1e9

    def close(self) -> None:
        for peer in self._peers.values():
            peer.close()
        self._poll.close()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


def of(kind: str, connections: int, needs: str = "") -> Case:
    """The processor time of a server of this kind, for so many round trips over so many connections."""

    def run(count: int) -> float:
        server = Server(kind, connections)
        try:
            return server.cost(count)
        finally:
            server.close()

    return Case(run, max(ROUND_TRIPS, connections) if connections >= 100 else connections, needs)


def memory_of(kind: str, connections: int, needs: str = "") -> Case:
    """The memory that so many idle connections take in a server of this kind."""

    def run(count: int) -> float:
        server = Server(kind, count)
        try:
            return server.bytes_each * count
        finally:
            server.close()

    return Case(run, connections, needs)


def cases(connections: int, scale: float) -> dict[str, Case]:
    connections = scaled(connections, scale)
    return {
        "tasktonic": of("tasktonic-asyncio", connections),
        "tasktonic uvloop": of("tasktonic-uvloop", connections, "uvloop"),
        "protocol": of("protocol", connections),
        "streams": of("streams", connections),
        "epoll": of("epoll", connections),
        "memory": memory_of("tasktonic-asyncio", connections),
        "memory uvloop": memory_of("tasktonic-uvloop", connections, "uvloop"),
    }


def comparison(connections: int) -> Comparison:
    what = f"TCP echo at {connections:,} connections"
    return Comparison(
        what,
        lambda scale: cases(connections, scale),
        [
            Row(f"{what}, with uvloop", "tasktonic uvloop", "protocol", at_most(0.75), "stdlib asyncio `Protocol`"),
            Row(f"{what}, without", "tasktonic", "protocol", at_most(1.3), "stdlib asyncio `Protocol`"),
            Row(f"{what}, without, to streams", "tasktonic", "streams", at_most(1.3), "asyncio streams"),
            Row(f"{what}, with uvloop, to the floor", "tasktonic uvloop", "epoll", at_most(3), "bare epoll loop"),
            Row(f"{what}: memory of an idle one", "memory", "", at_most(5, "kB"), "–"),
            Row(f"{what}: memory of an idle one, with uvloop", "memory uvloop", "", at_most(5, "kB"), "–"),
        ],
    )


if __name__ == "__main__":
    serve(sys.argv[1])
else:
    # How a process uses processor time and memory, and epoll, are asked of Linux here.
    COMPARISONS = [comparison(1_000), comparison(5_000)] if hasattr(select, "epoll") else []
