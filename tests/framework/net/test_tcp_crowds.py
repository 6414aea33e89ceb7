"""Thousands of peers at one TCP server, and more than it wants."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.framework.net.peers import Echo, connected, line_of
from tests.helpers.apps import WAIT_S, wait_for


def test_more_peers_than_wanted_are_turned_away(serve: Any) -> None:
    def work(server: Any) -> None:
        with connected(server) as first:
            first.sendall(b"hello\n")
            line_of(first)
            with connected(server) as second:
                try:
                    assert second.recv(1) == b""
                except ConnectionResetError:
                    pass
        closed = threading.Event()
        server.catalyst.at_boundary(closed.set)
        wait_for(closed)

    server = serve(Echo, work, most_connections=1)

    assert server.turned_away == 1


def test_five_thousand_connections_at_once(serve: Any) -> None:
    gone: list[int] = []
    all_gone = threading.Event()

    class Counted(Echo):
        def ttse__on_finished(self) -> None:
            gone.append(1)
            if len(gone) == count:
                all_gone.set()

    def work(server: Any) -> None:
        peers: list[socket.socket] = []
        try:
            for _ in range(count):
                peers.append(socket.create_connection((server.host, server.port), timeout=WAIT_S))  # noqa: PERF401 - closed below
            for peer in peers:
                peer.sendall(b"hello\n")
            assert {line_of(peer) for peer in peers} == {b"hello\n"}
        finally:
            for peer in peers:  # and drop them at once
                peer.close()
        wait_for(all_gone)

    count = 5_000
    with many_files(2 * count + 200):
        serve(Counted, work)

    assert len(gone) == count


def test_five_thousand_peers_that_open_and_drop_without_a_word_are_let_go(serve: Any) -> None:
    count = 5_000
    came: list[int] = []
    gone: list[int] = []
    answered, all_gone = threading.Event(), threading.Event()

    class Counted(Echo):
        def ttse__on_connected(self) -> None:
            came.append(1)

        def ttse__on_finished(self) -> None:
            gone.append(1)
            if answered.is_set() and len(gone) == len(came):
                all_gone.set()

    def work(server: Any) -> None:
        peers = [socket.socket() for _ in range(count)]
        for peer in peers:  # all at once: nobody waits to be let in
            peer.setblocking(False)
            peer.connect_ex((server.host, server.port))
        for number, peer in enumerate(peers):
            if number % 2:  # every other one with a reset, as when a program is killed
                peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            peer.close()
        with connected(server) as peer:
            peer.sendall(b"hello\n")
            assert line_of(peer) == b"hello\n"
            answered.set()
        wait_for(all_gone)

    with many_files(2 * count + 200):
        serve(Counted, work)

    assert len(came) > 1


@contextmanager
def many_files(wanted: int) -> Iterator[None]:
    """Have this process open as many files as wanted; where the system forbids that, skip the test."""
    resource = pytest.importorskip("resource", reason="this system has no such limit to raise")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < wanted:
        pytest.skip(f"this system lets a program open {hard} files at most, and {wanted} are needed (ulimit -Hn)")
    if soft != resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
