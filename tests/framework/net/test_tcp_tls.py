"""A TCP server and its connections by TLS."""

from __future__ import annotations

import ssl
from typing import Any

from tasktonic.net import ttTcpServer
from tests.framework.net.peers import Echo, all_of, caller, connected, line_of


def test_tls_both_ways(run_net_app: Any, server_tls: ssl.SSLContext, client_tls: ssl.SSLContext) -> None:
    cls = caller()

    run_net_app(tls_pair(cls, server_tls, client_tls))

    assert cls.heard == ["hello"]


def tls_pair(client: Any, server_tls: Any, client_tls: Any, **kwargs: Any) -> Any:
    class Server(ttTcpServer):
        def ttse__on_listening(self, host: str, port: int) -> None:
            self.bind(client, host, port, tls=client_tls, **kwargs)

    return lambda: Server(Echo, tls=server_tls)


def test_certificate_of_somebody_unknown_is_refused(run_net_app: Any, server_tls: ssl.SSLContext) -> None:
    cls = caller()

    run_net_app(tls_pair(cls, server_tls, True))

    assert "the certificate is not accepted: self-signed certificate. Is server_hostname right" in cls.heard[0]


def test_certificate_for_another_name_is_refused(
    run_net_app: Any, server_tls: ssl.SSLContext, client_tls: ssl.SSLContext
) -> None:
    cls = caller()

    run_net_app(tls_pair(cls, server_tls, client_tls, server_hostname="example.org"))

    assert "the certificate is not accepted: Hostname mismatch" in cls.heard[0]


def test_tls_to_a_server_without_it_is_said(run_net_app: Any, client_tls: ssl.SSLContext) -> None:
    cls = caller()

    run_net_app(tls_pair(cls, None, client_tls))

    assert "no TLS connection came about" in cls.heard[0]


def test_peer_without_tls_does_not_hurt_a_server_with_it(
    serve: Any, server_tls: ssl.SSLContext, client_tls: Any
) -> None:
    def work(server: Any) -> None:
        with connected(server) as garbage:
            garbage.sendall(b"GET / HTTP/1.0\r\n\r\n")
            try:
                all_of(garbage)
            except ConnectionResetError:
                pass
        with connected(server) as plain, client_tls.wrap_socket(plain, server_hostname="localhost") as peer:
            peer.sendall(b"hello\n")
            assert line_of(peer) == b"hello\n"

    serve(Echo, work, tls=server_tls)


def test_last_word_over_tls_goes_out(serve: Any, server_tls: ssl.SSLContext, client_tls: ssl.SSLContext) -> None:
    class Leaving(Echo):
        def ttse__on_received(self, message: str) -> None:
            self.send("x" * 300_000)
            self.finish()

    def work(server: Any) -> None:
        with connected(server) as plain, client_tls.wrap_socket(plain, server_hostname="localhost") as peer:
            peer.sendall(b"hello\n")
            assert len(all_of(peer)) == 300_001

    serve(Leaving, work, tls=server_tls)
