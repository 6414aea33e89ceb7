"""The client of HTTP: what it sends and what it gets, over TLS too, and how it ends."""

from __future__ import annotations

import ssl
import threading
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("aiohttp")
from tasktonic import ttCatalyst, ttTonic
from tasktonic.errors import ttRunningError
from tasktonic.net import ttAsyncioCatalyst, ttHttpClient, ttHttpServer
from tests.framework.net.http.shop import Shop, asking
from tests.helpers.apps import run_app

DATA = Path(__file__).resolve().parents[3] / "data" / "net"


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
