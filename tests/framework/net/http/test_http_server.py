"""An HTTP server: which sparkle a request goes to, and whose it is."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any

import pytest

pytest.importorskip("aiohttp")
from tasktonic import ttTonic
from tasktonic.errors import ttArgumentError
from tasktonic.stream import Level
from tests.framework.net.http.web import Web, ask, asked, browser
from tests.framework.net.http.webs import Bureau, check, handling
from tests.helpers.apps import reading, wait_for


class Things(Web):
    """Replies with what it was asked."""

    def ttse__on_start(self) -> None:
        self.route("GET /things/{name}", self.ttse__asked)
        self.route("POST /things", self.ttse__given)
        self.route("GET /things/all", self.ttse__all_asked)
        self.route("GET /files/{path...}", self.ttse__asked)

    def ttse__asked(self, request: Any) -> None:
        request.reply(dict(request.parameters))

    def ttse__given(self, request: Any) -> None:
        request.reply({"json": request.json(), "text": request.text}, status=201)

    def ttse__all_asked(self, request: Any) -> None:
        request.reply("all")


# -- routes -----------------------------------------------------------------------------------------------------------------


def test_request_is_answered_by_the_sparkle_of_its_route(serve: Any) -> None:
    def work(server: Any) -> None:
        answer = ask(server, "GET /things/pump")
        assert (answer.status, answer.json) == (200, {"name": "pump"})

    serve(Things, work)


def test_what_is_written_out_goes_before_a_name(serve: Any) -> None:
    serve(Things, lambda server: check(ask(server, "GET /things/all").body, b"all"))


def test_name_at_the_end_takes_all_that_is_left(serve: Any) -> None:
    serve(Things, lambda server: check(ask(server, "GET /files/a/b/c").json, {"path": "a/b/c"}))


def test_values_of_names_are_decoded_after_the_path_was_split(serve: Any) -> None:
    serve(Things, lambda server: check(ask(server, "GET /things/a%2Fb%20%C3%A9").json, {"name": "a/b é"}))


def test_body_of_json_comes_as_a_value(serve: Any) -> None:
    def work(server: Any) -> None:
        answer = ask(server, "POST /things", {"litres": [1, 2.5, None]})
        assert (answer.status, answer.json["json"]) == (201, {"litres": [1, 2.5, None]})

    serve(Things, work)


def test_body_that_is_not_said_to_be_json_is_text(serve: Any) -> None:
    def work(server: Any) -> None:
        answer = ask(server, "POST /things", "né".encode("latin-1"), content_type="text/plain; charset=latin-1")
        assert answer.json == {"json": None, "text": "né"}

    serve(Things, work)


def test_body_that_is_said_to_be_json_and_is_not_is_refused(serve: Any) -> None:
    def work(server: Any) -> None:
        answer = ask(server, "POST /things", b'{"a":', content_type="application/json")
        assert answer.status == 400
        assert answer.error.startswith("The body is no JSON: Expecting value: line 1 column 6")

    serve(Things, work)


def test_body_nested_without_end_is_refused(serve: Any) -> None:
    serve(
        Things,
        lambda server: check(ask(server, "POST /things", b"[" * 100_000, content_type="application/json").status, 400),
    )


def test_query_and_headers_are_in_the_request(serve: Any) -> None:
    def reply(server: Any, request: Any) -> None:
        request.reply(
            {
                "color": request.query["color"],
                "colors": request.query.get_all("color"),
                "empty": request.query["empty"],
                "case": "Color" in request.query,
                "agent": request.headers["USER-AGENT"],
                "peer": request.peer[0],
                "method": request.method,
                "path": request.path,
            }
        )

    def work(server: Any) -> None:
        with browser(server) as connection:
            answer = asked(connection, "GET /?color=light+blue&color=%23fff&empty=", user_agent="tester")
        assert answer.json == {
            "color": "light blue",
            "colors": ["light blue", "#fff"],
            "empty": "",
            "case": False,
            "agent": "tester",
            "peer": "127.0.0.1",
            "method": "GET",
            "path": "/",
        }

    serve(handling(reply), work)


def test_path_without_a_route_is_not_found(serve: Any) -> None:
    def work(server: Any) -> None:
        answer = ask(server, "GET /nothing")
        assert (answer.status, answer.error) == (404, "There is nothing at /nothing.")

    serve(Things, work)


def test_method_without_a_route_is_told_which_there_are(serve: Any) -> None:
    def work(server: Any) -> None:
        answer = ask(server, "DELETE /things/pump")
        assert answer.status == 405
        assert answer.error == "DELETE is not possible at /things/pump; there are GET, HEAD."
        assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"

    serve(Things, work)


def test_options_are_told_without_a_route(serve: Any) -> None:
    def work(server: Any) -> None:
        answer = ask(server, "OPTIONS /things")
        assert (answer.status, answer.headers["Allow"]) == (204, "OPTIONS, POST")

    serve(Things, work)


def test_head_is_answered_like_get_without_a_body(serve: Any) -> None:
    def work(server: Any) -> None:
        answer = ask(server, "HEAD /things/pump")
        assert (answer.status, answer.body, answer.headers["Content-Length"]) == (200, b"", "15")

    serve(Things, work)


def test_route_can_be_undone(serve: Any) -> None:
    class Undoing(Things):
        def ttse__on_start(self) -> None:
            self.undo = self.route("GET /a/{b}", self.ttse__asked)
            self.route("GET /a/c", self.ttse__asked)

    def work(server: Any) -> None:
        assert ask(server, "GET /a/b").status == 200
        server.undo()
        assert ask(server, "GET /a/b").status == 404
        assert ask(server, "GET /a/c").status == 200

    serve(Undoing, work)


def test_routes_that_come_and_go_leave_nothing_behind(serve: Any) -> None:
    class Changing(Things):
        def ttse__on_start(self) -> None:
            self.route("GET /stays", self.ttse__asked)
            self.before = len(self._tt_undos or ())
            for number in range(100):
                self.route(f"GET /{number}/{{a}}/{{b...}}", partial(self.ttse__asked))()
                self.route(f"GET /{{a}}/{number}", partial(self.ttse__asked))()
            self.after = len(self._tt_undos or ())
            self.route("GET /{name}", self.ttse__asked)

    def work(server: Any) -> None:
        assert server.after == server.before
        assert ask(server, "GET /1/2/3").status == 404
        assert ask(server, "GET /7").json == {"name": "7"}
        root = server._routes._root
        assert (list(root.literal), root.parameter.is_bare(), root.parameter.literal) == (["stays"], False, {})

    serve(Changing, work)


def test_route_goes_with_the_tonic_of_its_sparkle(serve: Any) -> None:
    gone = threading.Event()

    class Thing(ttTonic):
        def ttse__asked(self, request: Any) -> None:
            request.reply(self.name)
            self.finish()

    class Owner(Web):
        def ttse__on_start(self) -> None:
            self.make()

        def make(self) -> None:
            self.thing = self.bind(Thing, name="thing")
            self.route("GET /thing", self.thing.ttse__asked)

        def ttse__on_thing_finished(self) -> None:
            gone.set()

    def work(server: Any) -> None:
        assert ask(server, "GET /thing").body == b"thing"
        wait_for(gone)
        assert ask(server, "GET /thing").status == 404

    serve(Owner, work)


def test_routes_may_be_given_when_the_server_is_made(run_net_app: Any) -> None:
    seen: list[Any] = []

    class Api(ttTonic):
        def ttse__on_start(self) -> None:
            class Server(Web):
                failures = seen
                work = staticmethod(lambda server: seen.append(ask(server, "GET /").body))

            self.bind(Server, {"GET /": self.ttse__asked}, name="web")

        def ttse__asked(self, request: Any) -> None:
            request.reply("hello")

        def ttse__on_web_finished(self) -> None:
            self.finish()

    run_net_app(Api)

    assert seen == [b"hello"]


@pytest.mark.parametrize(
    "asked, says",
    [
        ("/things", r"web.route: '/things' is no route; write the method and the path: 'GET /things/\{name\}'."),
        ("get /things", r"web.route: 'get' is no method; write it in capitals: 'GET /things'."),
        ("GET things", r"web.route: the path 'things' has to begin with '/', as in 'GET /things/\{name\}'."),
        ("GET /{a}/{a}", r"web.route: a name stands twice in '/\{a\}/\{a\}'; give each segment a name of its own."),
        ("GET /x{a}", r"web.route: 'x\{a\}' in '/x\{a\}' is no name; a segment is a text, one \{name\} alone, or as the last"),
        ("GET /{a...}/b", r"web.route: '\{a...\}' in '/\{a...\}/b' takes all that is left, so it has to stand last."),
        ("GET /there/{b}", r"web.route: GET /there/\{b\} would never be asked: GET /there/\{a\} is there already. Undo that"),
    ],
)  # fmt: skip
def test_route_that_means_nothing_is_refused(serve: Any, asked: str, says: str) -> None:
    def work(server: Any) -> None:
        server.route("GET /there/{a}", server.ttse__asked)
        with pytest.raises(ttArgumentError, match=says):
            server.route(asked, server.ttse__asked)

    serve(Things, work)


def test_function_in_the_place_of_a_sparkle_is_refused(serve: Any) -> None:
    def work(server: Any) -> None:
        with pytest.raises(
            ttArgumentError, match=r"web.route: function check is no sparkle of a tonic. Pass one that takes"
        ):
            server.route("GET /x", check)  # fmt: skip

    serve(Things, work)


def test_sparkle_that_takes_no_request_is_refused(serve: Any) -> None:
    def work(server: Any) -> None:
        with pytest.raises(
            ttArgumentError, match=r"web.route: ttse__on_start does not take a request alone: too many pos"
        ):
            server.route("GET /x", server.ttse__on_start)  # fmt: skip

    serve(Things, work)


# -- whose sparkle ------------------------------------------------------------------------------------------------------------


def test_sparkle_may_be_of_a_tonic_on_another_catalyst(serve: Any) -> None:
    serve(Bureau, lambda server: check(ask(server, "GET /").body, b"side /"))


def test_sparkle_may_stand_in_a_partial(serve: Any) -> None:
    class Partly(Web):
        def ttse__on_start(self) -> None:
            self.route("GET /a", partial(self.ttse__asked, "first"))

        def ttse__asked(self, which: str, request: Any) -> None:
            request.reply(which)

    serve(Partly, lambda server: check(ask(server, "GET /a").body, b"first"))


@pytest.mark.parametrize("server_class", [Things, Bureau])
def test_order_of_a_request_is_said_to_come_from_http(serve: Any, server_class: Any) -> None:
    path = "/" if server_class is Bureau else "/things/a"

    with reading(Level.FLOW) as rows:
        serve(server_class, lambda server: ask(server, f"GET {path}"))

    orders = [o for o in rows.orders() if o[0]._tt_class.sparkles[o[1]].called == "ttse__asked"]
    assert [o[5] for o in orders] == ["http"]
