"""A client of HTTP that gets no answer, or not the one it can use: each is an error in a sentence."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

pytest.importorskip("aiohttp")
from tasktonic.errors import ttArgumentError, ttFrameError, ttNetworkError
from tasktonic.net import ttHttpFields, ttHttpResponse
from tests.framework.net.http.shop import Shop, asking
from tests.helpers.apps import WAIT_S, in_thread


def test_server_that_is_not_there_is_an_error(shop: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    (error,) = shop(asking("get", f"http://127.0.0.1:{port}/"))

    assert isinstance(error, ttNetworkError)
    assert str(error) == f"http: GET http://127.0.0.1:{port}/: nothing listens there: the connection was refused."


def test_answer_that_does_not_come_in_time_is_an_error(shop: Any) -> None:
    (error,) = shop(asking("get", "/never", time_limit=0.05))

    assert str(error).endswith("/never: no answer came within 0.05 s (time_limit).")


def test_answer_that_is_too_large_is_an_error(shop: Any) -> None:
    (error,) = shop(asking("get", "/large", size_limit=99_999))

    assert str(error).endswith("/large: the answer has more than 99999 bytes (size_limit); it is not read on.")


def test_packed_answer_may_not_be_larger_than_it_looks(shop: Any) -> None:
    (error,) = shop(asking("get", "/packed", size_limit=999_999))

    assert "more than 999999 bytes" in str(error)


def test_packed_answer_is_unpacked(shop: Any) -> None:
    (response,) = shop(asking("get", "/packed"))

    assert len(response.body) == 1_000_000


def test_server_that_leads_in_a_circle_is_an_error(shop: Any) -> None:
    (error,) = shop(asking("get", "/round"))

    assert str(error).endswith("/round: the server led on more than 10 times.")


def test_error_that_nobody_asked_for_goes_the_way_of_every_error(shop: Any) -> None:
    class Hearing(Shop):
        def ttse__on_error(self, error: Any) -> None:
            self.ttse__failed(error.exception)

    (error,) = shop(lambda shop: shop.http.get("/never", time_limit=0.01), base=Hearing)

    assert isinstance(error, ttNetworkError)


@contextmanager
def peer_that(does: Callable[[socket.socket], object]) -> Iterator[int]:
    """A server that does something else than HTTP, however often it is asked; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(WAIT_S)
        is_over = threading.Event()

        def serve() -> None:
            while True:
                peer, _ = listener.accept()
                with peer:
                    if is_over.is_set():
                        return
                    peer.recv(65536)
                    does(peer)

        helper = in_thread(serve)
        try:
            yield listener.getsockname()[1]
        finally:
            is_over.set()
            socket.create_connection(listener.getsockname()).close()
            helper.join()


@pytest.mark.parametrize(
    "answer, says",
    [
        (b"", "the server closed the connection without an answer."),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "what came is no HTTP: "),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", "the answer broke off."),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nhalf", "the answer broke off."),
    ],
    ids=["silent", "ssh", "half", "packing"],
)
def test_server_that_does_something_else_is_an_error(shop: Any, answer: bytes, says: str) -> None:
    with peer_that(lambda peer: peer.sendall(answer)) as port:
        (error,) = shop(asking("get", f"http://127.0.0.1:{port}/"))

    assert isinstance(error, ttNetworkError)
    assert str(error).startswith(f"http: GET http://127.0.0.1:{port}/: {says}")


def test_host_that_does_not_exist_is_an_error(shop: Any) -> None:
    (error,) = shop(asking("get", "http://nowhere.invalid/"))

    assert str(error).startswith("http: GET http://nowhere.invalid/: no such host: ")


@pytest.mark.parametrize(
    "url, says",
    [
        ("nowhere", "http: GET nowhere: 'nowhere' is no URL; write it whole, 'http://127.0.0.1:8080/things', or give the"),
        ("ftp://here/", "http: GET ftp://here/: 'ftp://here/' is no URL"),
        ("http://[/", "is no URL"),
        (7, "http: GET 7: 7 is no URL"),
    ],
)  # fmt: skip
def test_url_that_is_none_is_refused_at_the_call(shop: Any, url: Any, says: str) -> None:
    def use(shop: Any) -> None:
        with refused(shop, ttArgumentError):
            shop.http.get(url, on_result=shop.ttse__told)

    (error,) = shop(use)

    assert says in error


@contextmanager
def refused(shop: Any, kind: type[Exception]) -> Iterator[None]:
    """Notes the error of this kind that the block raises, and ends."""
    try:
        yield
    except kind as error:
        shop.heard.append(str(error))
    shop.finish()


@pytest.mark.parametrize(
    "kind, options, says",
    [
        (ttFrameError, {"content": object()}, "http: POST /echo: a object cannot be sent as JSON: "),
        (ttFrameError, {"headers": {"a b": "c"}}, "http: POST /echo: 'a b' is no name of a header; "),
        (ttArgumentError, {"on_result": print}, "http: POST /echo: on_result is "),
    ],
)
def test_what_cannot_be_sent_is_refused_at_the_call(shop: Any, kind: Any, options: Any, says: str) -> None:
    def use(shop: Any) -> None:
        with refused(shop, kind):
            shop.http.post("/echo", **options)

    (error,) = shop(use)

    assert error.startswith(says)


def test_answer_that_is_no_json_says_so() -> None:
    response = ttHttpResponse(200, "OK", "http://here/", ttHttpFields(), b"<p>")

    with pytest.raises(
        ttFrameError, match=r"http://here/: the answer \(status 200\) is no JSON: Expecting value: line 1"
    ):
        response.json()  # fmt: skip


def test_answer_in_an_encoding_nobody_knows_is_text_all_the_same() -> None:
    fields = ttHttpFields([("Content-Type", "text/plain; charset=klingon")])

    assert ttHttpResponse(200, "OK", "http://here/", fields, "né".encode()).text == "né"
