"""A TCP client."""

from __future__ import annotations

import socket
from typing import Any

from tasktonic import ttTonic
from tasktonic.net import (
    ttAsyncioCatalyst,
    ttFraming,
    ttLines,
    ttTcpClient,
    ttTcpConnection,
    ttTcpServer,
)
from tests.framework.net.peers import Caller, Echo, caller
from tests.helpers.apps import run_app


def server_and(client: Any, connection: Any = Echo, **kwargs: Any) -> Any:
    """A server that starts a client of itself."""

    class Server(ttTcpServer):
        def ttse__on_listening(self, host: str, port: int) -> None:
            self.bind(client, host, port, name="caller", **kwargs)

    return lambda: Server(connection)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def test_client_is_answered(run_net_app: Any) -> None:
    cls = caller()

    run_net_app(server_and(cls))

    assert cls.heard == ["hello"]


class Pouring:
    """Sends 30 MB as soon as it is connected, whatever comes from the other side; counts what comes."""

    _tt_states = ("waiting",)
    parts = 500

    def ttse__on_connected(self: Any) -> None:
        self.sent = self.got = 0
        self.to_state("pouring")

    def ttse_pouring__on_enter(self: Any) -> None:
        self.tts_pouring__pour()

    def tts_pouring__pour(self: Any) -> None:
        if self.sent < self.parts:
            self.sent += 1
            self.send(b"x" * 60_000)
            self.tts_pouring__pour()

    def ttse__on_send_full(self: Any) -> None:
        self.to_state("waiting")

    def ttse__on_send_ready(self: Any) -> None:
        self.to_state("pouring")

    def ttse__on_received(self: Any, data: bytes) -> None:
        self.got += len(data)
        if self.got == self.parts * 60_000:
            self.poured.append(type(self).__name__)
            if len(self.poured) == 2:
                self.ledger.get_essence_by_name("server").finish()


def test_two_ends_that_send_each_other_much_at_once_both_get_it(run_net_app: Any) -> None:
    both: list[str] = []

    class AtTheServer(Pouring, ttTcpConnection):
        poured = both

    class AtTheClient(Pouring, ttTcpClient):
        poured = both

    class Server(ttTcpServer):
        def ttse__on_listening(self, host: str, port: int) -> None:
            self.bind(AtTheClient, host, port)

    run_net_app(lambda: Server(AtTheServer, name="server"))

    assert sorted(both) == ["AtTheClient", "AtTheServer"]


def test_client_says_that_nothing_listens(run_net_app: Any) -> None:
    cls = caller()
    port = free_port()

    run_net_app(lambda: cls("127.0.0.1", port))

    assert cls.heard == [f"127.0.0.1:{port}: nothing listens there: the connection was refused."]


def test_client_connects_when_the_server_comes(run_net_app: Any) -> None:
    cls = caller()
    port = free_port()

    class Patient(cls):  # type: ignore[valid-type,misc]
        def ttse__on_connect_failed(self, reason: str) -> None:
            failures.append(reason)
            if len(failures) == 2:
                ttTcpServer(Echo, port=port, context=self)

    failures: list[str] = []
    run_net_app(lambda: Patient("127.0.0.1", port, first_wait=0.01))

    assert len(failures) >= 2
    assert cls.heard == ["hello"]


def test_client_connects_again_when_the_connection_is_lost(run_net_app: Any) -> None:
    seen: list[str] = []

    class HangingUp(Echo):
        def ttse__on_received(self, message: str) -> None:
            self.finish()

    class Stubborn(ttTcpClient):
        def creating_framing(self) -> ttFraming:
            return ttLines()

        def ttse__on_connected(self) -> None:
            seen.append("connected")
            self.send("hello")

        def ttse__on_disconnected(self, reason: str) -> None:
            seen.append(reason)
            assert not self.send("nobody hears this")
            if len(seen) == 6:
                self.context.finish()  # type: ignore[union-attr]

    run_net_app(server_and(Stubborn, connection=HangingUp, first_wait=0.005))

    assert seen == ["connected", "the peer closed the connection"] * 3


def test_client_waits_longer_each_time(run_net_app: Any) -> None:
    waits: list[float] = []
    port = free_port()

    class Failing(ttTcpClient):
        def ttse__on_connect_failed(self, reason: str) -> None:
            waits.append(self._wait)
            if len(waits) == 5:
                self.finish()

    run_net_app(lambda: Failing("127.0.0.1", port, first_wait=0.001, longest_wait=0.004))

    assert waits == [0.002, 0.004, 0.004, 0.004, 0.004]


def test_client_without_reconnect_finishes(run_net_app: Any) -> None:
    cls = caller()
    cls.ends = lambda self: None
    port = free_port()

    assert run_net_app(lambda: cls("127.0.0.1", port, reconnect=False)).ledger.essences == []


def test_client_gives_up_a_connection_that_does_not_come_about(run_net_app: Any) -> None:
    cls = caller()
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes the connection and never speaks TLS
        port = silent.getsockname()[1]

        run_net_app(lambda: cls("127.0.0.1", port, tls=True, connect_limit=0.1))

    assert cls.heard == [f"127.0.0.1:{port}: no connection came about within 0.1 s (connect_limit)."]


def test_client_finishes_while_it_connects(run_net_app: Any) -> None:
    class Hasty(Caller):
        heard: list[str] = []

        def ttse__on_start(self) -> None:
            self.finish()

    run_net_app(lambda: Hasty("127.0.0.1", free_port()))

    assert Hasty.heard == []


def test_server_and_client_live_on_an_asyncio_catalyst_beside_a_plain_one(loop_name: str) -> None:
    cls = caller()

    class Boss(ttTonic):
        def ttse__on_start(self) -> None:
            net = ttAsyncioCatalyst(name="net", loop=loop_name)
            self.bind(server_and_class(cls), Echo, name="server", catalyst=net)

        def ttse__on_server_finished(self) -> None:
            self.finish()

    run_app(Boss)

    assert cls.heard == ["hello"]


def server_and_class(client: Any) -> Any:
    class Server(ttTcpServer):
        def ttse__on_listening(self, host: str, port: int) -> None:
            self.bind(client, host, port)

    return Server
