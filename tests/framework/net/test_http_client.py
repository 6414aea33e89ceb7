from __future__ import annotations

import gzip
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("aiohttp")

from tasktonic import ttCatalyst, ttTonic
from tasktonic.errors import ttArgumentError, ttFrameError, ttNetworkError, ttRunningError
from tasktonic.net import ttAsyncioCatalyst, ttHttpClient, ttHttpFields, ttHttpResponse, ttHttpServer
from tests.helpers.apps import WAIT_S, in_thread, run_app

DATA = Path(__file__).resolve().parents[2] / "data" / "net"


class Shop(ttHttpServer):
    """A server in the same app, which replies with what it was asked; its client ``http`` is bound to it."""

    use: Callable[[Any], object]

    def ttse__on_start(self) -> None:
        self.heard: list[Any] = []
        self.kept: list[Any] = []
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            self.route(f"{method} /echo", self.ttse__echo)
        self.route("GET /never", self.ttse__never)
        self.route("GET /large", self.ttse__large)
        self.route("GET /packed", self.ttse__packed)
        self.route("GET /moved", self.ttse__moved)
        self.route("GET /round", self.ttse__round)
        self.route("GET /login", self.ttse__login)

    def ttse__on_listening(self, host: str, port: int) -> None:
        self.http = self.bind(ttHttpClient, f"http://{host}:{port}", name="http")
        type(self).use(self)

    def ttse__echo(self, request: Any) -> None:
        fields = {
            "method": request.method,
            "text": request.text,
            "type": request.content_type,
            "query": request.query.pairs(),
        }
        request.reply({**fields, "agent": request.headers["user-agent"], "cookie": request.headers.get("cookie", "")})

    def ttse__never(self, request: Any) -> None:
        self.kept.append(request)
        self.ttse__asked_in_vain()

    def ttse__asked_in_vain(self) -> None: ...

    def ttse__large(self, request: Any) -> None:
        request.reply(b"x" * 100_000)

    def ttse__packed(self, request: Any) -> None:
        request.reply(gzip.compress(b"x" * 1_000_000), headers={"Content-Encoding": "gzip"})

    def ttse__moved(self, request: Any) -> None:
        request.reply(status=302, headers={"Location": "/echo?moved=1"})

    def ttse__round(self, request: Any) -> None:
        request.reply(status=302, headers={"Location": "/round"})

    def ttse__login(self, request: Any) -> None:
        request.reply(headers={"Set-Cookie": "who=me"})

    def ttse__told(self, response: Any) -> None:
        self.heard.append(response)
        self.finish()

    def ttse__failed(self, error: Any) -> None:
        self.heard.append(error)
        self.finish()


@pytest.fixture
def shop(run_net_app: Any) -> Callable[..., list[Any]]:
    """Runs a shop, has it ``use`` its client, and gives what it heard."""

    def run(use: Callable[[Any], object], base: type[Shop] = Shop, **kwargs: Any) -> list[Any]:
        made: list[Any] = []

        class Used(base):  # type: ignore[misc, valid-type]
            pass

        Used.use = staticmethod(use)
        app = run_net_app(lambda: made.append(Used(name="shop", **kwargs)))
        assert app.ledger.essences == []
        return list(made[0].heard)

    return run


def asking(method: str, *args: Any, **kwargs: Any) -> Callable[[Any], object]:
    """Asks one thing, and takes what comes of it."""
    return lambda shop: getattr(shop.http, method)(
        *args, on_result=shop.ttse__told, on_error=shop.ttse__failed, **kwargs
    )


def test_answer_comes_as_a_sparkle(shop: Any) -> None:
    (response,) = shop(asking("get", "/echo"))

    assert (response.status, response.reason, response.is_ok) == (200, "OK", True)
    assert response.headers["CONTENT-TYPE"] == "application/json"
    assert response.url.endswith("/echo")
    assert response.json()["method"] == "GET"


@pytest.mark.parametrize("method", ["post", "put", "patch"])
def test_plain_data_goes_as_json(shop: Any, method: str) -> None:
    (response,) = shop(asking(method, "/echo", {"litres": [1]}))

    assert response.json()["method"] == method.upper()
    assert (response.json()["text"], response.json()["type"]) == ('{"litres":[1]}', "application/json")


@pytest.mark.parametrize(
    "content, kind, given, expected",
    [
        ("né", None, "né", "text/plain"),
        (b"abc", None, "abc", "application/octet-stream"),
        ("a=1", "application/x-www-form-urlencoded", "a=1", "application/x-www-form-urlencoded"),
    ],
)
def test_text_goes_as_it_is(shop: Any, content: Any, kind: Any, given: str, expected: str) -> None:
    (response,) = shop(asking("post", "/echo", content, content_type=kind))

    assert (response.json()["text"], response.json()["type"]) == (given, expected)


def test_file_goes_as_it_is(shop: Any, tmp_path: Path) -> None:
    file = tmp_path / "pump.txt"
    file.write_text("3 litres", encoding="utf-8")

    (response,) = shop(asking("put", "/echo", file))

    assert response.json()["text"] == "3 litres"


def test_query_goes_behind_what_the_url_has(shop: Any) -> None:
    (response,) = shop(asking("delete", "/echo?a=1", query={"b": "x y&z", "c": 2, "d": True}))

    assert response.json()["query"] == [["a", "1"], ["b", "x y&z"], ["c", "2"], ["d", "true"]]


def test_headers_of_the_client_go_with_each_request(shop: Any) -> None:
    def use(shop: Any) -> None:
        client = shop.bind(ttHttpClient, shop.http.base, headers={"User-Agent": "tester"})
        client.get("/echo", on_result=shop.ttse__told)

    (response,) = shop(use)

    assert response.json()["agent"] == "tester"


def test_status_that_is_no_success_is_an_answer_too(shop: Any) -> None:
    (response,) = shop(asking("get", "/nothing"))

    assert (response.status, response.is_ok) == (404, False)


def test_redirects_are_followed(shop: Any) -> None:
    (response,) = shop(asking("get", "/moved"))

    assert response.url.endswith("/echo?moved=1")


def test_cookies_are_kept_between_requests(shop: Any) -> None:
    class Remembering(Shop):
        def ttse__on_listening(self, host: str, port: int) -> None:
            super().ttse__on_listening("localhost", port)  # not of a bare address

        def ttse__in(self, response: Any) -> None:
            self.http.get("/echo", on_result=self.ttse__told)

    (response,) = shop(lambda shop: shop.http.get("/login", on_result=shop.ttse__in), base=Remembering)

    assert response.json()["cookie"] == "who=me"


def test_many_requests_share_few_connections(shop: Any) -> None:
    class Busy(Shop):
        def ttse__told(self, response: Any) -> None:
            self.heard.append((response.json()["query"], len(self._engine.peers)))  # type: ignore[union-attr]
            if len(self.heard) == 200:
                self.finish()

    def use(shop: Any) -> None:
        client = shop.bind(ttHttpClient, shop.http.base, most_connections=5)
        for number in range(200):
            client.get("/echo", query={"n": number}, on_result=shop.ttse__told)

    heard = shop(use, base=Busy)

    assert sorted(int(query[0][1]) for query, _ in heard) == list(range(200))
    assert max(peers for _, peers in heard) <= 5


def test_connection_is_used_again(shop: Any) -> None:
    class Twice(Shop):
        def ttse__told(self, response: Any) -> None:
            self.heard.append(set(self._engine.peers))  # type: ignore[union-attr]
            if len(self.heard) == 2:
                self.finish()
            else:
                self.http.get("/echo", on_result=self.ttse__told)

    first, second = shop(lambda shop: shop.http.get("/echo", on_result=shop.ttse__told), base=Twice)

    assert first == second


def test_answer_may_go_to_a_tonic_of_another_thread(run_net_app: Any) -> None:
    seen: list[Any] = []

    class Other(ttTonic):
        def ttse__on_start(self) -> None:
            self.context.ttse__on_ready(self)  # type: ignore[union-attr]

        def ttsc__ask(self, client: Any) -> None:
            client.get("/echo", on_result=self.ttse__told)

        def ttse__told(self, response: Any) -> None:
            seen.append((response.status, threading.current_thread().name))
            self.finish()

    class Owner(Shop):
        def ttse__on_listening(self, host: str, port: int) -> None:
            self.http = self.bind(ttHttpClient, f"http://{host}:{port}")
            self.bind(Other, name="other", catalyst=ttCatalyst(name="side"))

        def ttse__on_ready(self, other: Any) -> None:
            other.ttsc__ask(self.http)

        def ttse__on_other_finished(self) -> None:
            self.finish()

    run_net_app(Owner)

    assert seen == [(200, "side")]


# -- no answer ----------------------------------------------------------------------------------------------------------------


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


# -- TLS and the end ------------------------------------------------------------------------------------------------------------


class Safe(Shop):
    """Speaks TLS; its client trusts what ``trusts`` says."""

    trusts: ssl.SSLContext | None = None

    def ttse__on_listening(self, host: str, port: int) -> None:
        self.http = self.bind(ttHttpClient, f"https://localhost:{port}", tls=self.trusts, name="http")
        type(self).use(self)


@pytest.fixture
def tls() -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(DATA / "cert.pem", DATA / "key.pem")
    return context


def test_client_speaks_tls(shop: Any, tls: ssl.SSLContext) -> None:
    class Trusting(Safe):
        trusts = ssl.create_default_context(cafile=DATA / "cert.pem")

    (response,) = shop(asking("get", "/echo"), base=Trusting, tls=tls)

    assert response.status == 200


def test_certificate_that_nobody_trusts_is_an_error(shop: Any, tls: ssl.SSLContext) -> None:
    (error,) = shop(asking("get", "/echo"), base=Safe, tls=tls)

    assert str(error).endswith(
        "the certificate is not accepted: self-signed certificate. Does tls trust who signed it "
        "(ssl.create_default_context(cafile=...))?"
    )


def test_tls_to_a_server_without_it_is_an_error(shop: Any) -> None:
    (error,) = shop(asking("get", "/echo"), base=Safe)

    assert "no TLS connection came about: " in str(error)


def test_request_is_cancelled_with_its_client(shop: Any) -> None:
    class Leaving(Shop):
        def ttse__asked_in_vain(self) -> None:
            self.http.finish()

        def ttse__on_http_finished(self) -> None:
            self.tts__look()

        def tts__look(self) -> None:
            # The server hears that nobody waits any more.
            if self.kept[0].is_open:
                self.run_coroutine(a_moment(), on_result=self.ttse__look_again)
            else:
                self.heard.append(self.kept[0].reply("too late"))
                self.finish()

        def ttse__look_again(self, _: Any) -> None:
            self.tts__look()

    assert shop(asking("get", "/never"), base=Leaving) == [False]


async def a_moment() -> None:
    import asyncio

    await asyncio.sleep(0)


def test_client_on_a_plain_catalyst_is_refused() -> None:
    seen: list[str] = []

    class Starting(ttTonic):
        def ttse__on_start(self) -> None:
            try:
                ttHttpClient(name="http")
            except ttRunningError as error:
                seen.append(str(error))
            self.finish()

    run_app(Starting)

    assert seen[0].startswith("http: a ttHttpClient needs an asyncio loop, and its catalyst main_catalyst has none.")


def test_client_and_server_of_a_side_catalyst_can_be_used_from_a_plain_main_one(loop_name: str) -> None:
    seen: list[Any] = []

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            net = ttAsyncioCatalyst(name="net", loop=loop_name)
            self.http = self.bind(ttHttpClient, catalyst=net)
            self.bind(Web, {"GET /": self.ttse__asked}, catalyst=net)

        def ttse__on_listening(self, url: str) -> None:
            self.http.get(url, on_result=self.ttse__told)

        def ttse__asked(self, request: Any) -> None:
            request.reply("hello")

        def ttse__told(self, response: Any) -> None:
            seen.append((response.text, threading.current_thread() is threading.main_thread()))
            self.finish()

    class Web(ttHttpServer):
        def ttse__on_listening(self, host: str, port: int) -> None:
            self.context.ttse__on_listening(f"http://{host}:{port}")  # type: ignore[union-attr]

    run_app(Main)

    assert seen == [("hello", True)]
