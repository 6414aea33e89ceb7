"""What of HTTP needs no network: requests made by hand, and how it is when aiohttp is not installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tasktonic import ttDistiller, ttTonic
from tasktonic.errors import ttArgumentError, ttFrameError, ttRunningError
from tasktonic.net import ttHttpFields, ttHttpRequest
from tests.helpers.apps import run_app

ROOT = Path(__file__).resolve().parents[4]

WITHOUT = """
import sys
import tests.helpers.bare
from tasktonic import ttError
from tasktonic.net import ttHttpClient, ttHttpServer
for kind in (ttHttpServer, ttHttpClient):
    try:
        kind()
    except RuntimeError as error:
        print(type(error).__name__, error)
"""


def run_python(script: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout


def test_without_aiohttp_it_says_what_to_install() -> None:
    server, client = run_python(WITHOUT).splitlines()

    why = "(this run has nothing but the standard library). Install it with: pip install aiohttp (or the extra 'net' of tasktonic-studio)."
    assert server.startswith(
        "ttRunningError ttHttpServer needs aiohttp, which cannot be loaded here: No module named 'aiohttp'"
    )
    assert client.startswith("ttRunningError ttHttpClient needs aiohttp, ")
    assert server.endswith(why)


def test_aiohttp_is_not_loaded_before_it_is_needed() -> None:
    assert run_python("import sys, tasktonic.net; print('aiohttp' in sys.modules)") == "False\n"


class Door(ttTonic):
    _tt_states = ["closed"]

    def ttsc_open__close(self, request: Any) -> None:
        request.reply({"was": "open", "loud": request.query.get("loud"), "by": request.parameters["who"]})
        self.to_state("closed")

    def ttsc__fail(self, request: Any) -> None:
        raise ValueError("no luck")


def test_sparkle_can_be_tried_with_a_request_made_by_hand() -> None:
    made: list[Any] = []
    app = run_app(lambda: made.append(Door(name="door")), make_main=ttDistiller)
    distiller: Any = app.ledger.main_catalyst
    door = made[0]
    asks = [ttHttpRequest.by_hand("POST /close?loud=yes", who="me") for _ in range(2)]
    failing = ttHttpRequest.by_hand("POST /fail")

    door.to_state("open")
    for request in asks:
        door.ttsc__close(request)
    distiller.sparkle()
    door.ttsc__fail(failing)
    with pytest.raises(ValueError, match="no luck"):
        distiller.sparkle()
    distiller.finish_distiller()

    first, second = (request.replied for request in asks)
    assert first is not None
    assert second is not None
    assert (first.status, first.reason, first.json()) == (200, "OK", {"was": "open", "loud": "yes", "by": "me"})
    assert (second.status, second.json()["error"]) == (409, "This is not possible now, in state closed.")
    assert failing.replied is not None
    assert failing.replied.status == 500


def test_request_made_by_hand_has_what_a_real_one_has() -> None:
    request = ttHttpRequest.by_hand("PUT /a%20b?c=1&c=2", {"d": None}, {"X-Pump": "3"}, e="f")

    assert (request.method, request.path, request.query.get_all("c")) == ("PUT", "/a b", ["1", "2"])
    assert (request.json(), request.content_type, request.headers["x-pump"]) == ({"d": None}, "application/json", "3")
    assert (request.parameters, request.peer, str(request)) == ({"e": "f"}, None, "PUT /a b")
    assert (request.is_open, request.replied) == (True, None)


def test_second_reply_to_a_request_made_by_hand_is_an_error() -> None:
    request = ttHttpRequest.by_hand("GET /")
    request.reply("one")

    with pytest.raises(ttRunningError, match=r"GET / has been answered already, by outside: a request gets one reply."):
        request.reply("two")  # fmt: skip


@pytest.mark.parametrize(
    "arguments, kind, says",
    [
        (("/",), ttArgumentError, r"ttHttpRequest.by_hand: '/' is no route; write the method and the path"),
        (("GET /", object()), ttFrameError, r"ttHttpRequest.by_hand: a object cannot be sent as JSON"),
        (("GET /", None, {"a b": ""}), ttFrameError, r"ttHttpRequest.by_hand: 'a b' is no name of a header"),
    ],
)
def test_request_that_cannot_be_is_refused(arguments: Any, kind: Any, says: str) -> None:
    with pytest.raises(kind, match=says):
        ttHttpRequest.by_hand(*arguments)


def test_nobody_can_change_a_request() -> None:
    request = ttHttpRequest.by_hand("GET /", a="b")

    with pytest.raises(AttributeError):
        request.path = "/else"  # type: ignore[misc]
    with pytest.raises(TypeError):
        request.parameters["a"] = "c"  # type: ignore[index]


def test_each_call_for_the_value_of_a_body_makes_it_anew() -> None:
    request = ttHttpRequest.by_hand("POST /", [1])

    request.json().append(2)

    assert request.json() == [1]


def test_fields_are_found_in_any_case_where_case_does_not_matter() -> None:
    fields = ttHttpFields([("Accept", "a"), ("ACCEPT", "b"), ("Host", "c")])

    assert (fields["accept"], fields.get_all("Accept"), list(fields), len(fields)) == (
        "a",
        ["a", "b"],
        ["Accept", "Host"],
        2,
    )
    assert "HOST" in fields
    assert 7 not in fields
    assert fields == {"Accept": "a", "Host": "c"}
