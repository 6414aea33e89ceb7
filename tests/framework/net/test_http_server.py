from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("aiohttp")

from tasktonic import ttCatalyst, ttTimerSingleShot, ttTonic
from tasktonic.errors import ttArgumentError, ttFrameError, ttRunningError
from tasktonic.stream import Level
from tests.framework.net.web import Web, ask, asked, browser, run_web, said
from tests.helpers.apps import in_thread, reading, wait_for

DATA = Path(__file__).resolve().parents[2] / "data" / "net"


@pytest.fixture
def serve(run_net_app: Any) -> Callable[..., Any]:
    """Runs a server of this class, and ``work(server)`` beside it in a foreign thread."""
    return partial(run_web, run_net_app)


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


class Asked(Web):
    """One path, ``/``, for one test: what is replied is said by ``handle``."""

    handle: Callable[[Any, Any], object]

    def ttse__on_start(self) -> None:
        self.kept: list[Any] = []
        for method in ("GET", "POST"):
            self.route(f"{method} /", self.ttse__asked)

    def ttse__asked(self, request: Any) -> None:
        type(self).handle(self, request)


def handling(handle: Callable[[Any, Any], object], **attributes: Any) -> type[Asked]:
    """A server that does this with a request: ``handle(server, request)``."""
    return type("Handling", (Asked,), {"handle": handle, **attributes})


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


def check(found: Any, expected: Any) -> None:
    assert found == expected


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


# -- replies ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content, status, kind, body",
    [
        (None, 204, None, b""),
        ("né", 200, "text/plain; charset=utf-8", "né".encode()),
        (b"\0\1", 200, "application/octet-stream", b"\0\1"),
        ({"a": [1, None]}, 200, "application/json", b'{"a":[1,null]}'),
        ([], 200, "application/json", b"[]"),
        (0, 200, "application/json", b"0"),
        (False, 200, "application/json", b"false"),
    ],
)
def test_what_is_replied_says_of_which_kind_it_is(
    serve: Any, content: Any, status: int, kind: Any, body: bytes
) -> None:
    def work(server: Any) -> None:
        answer = ask(server, "GET /")
        assert (answer.status, answer.headers.get("Content-Type"), answer.body) == (status, kind, body)

    serve(handling(lambda server, request: request.reply(content)), work)


def test_reply_may_have_a_status_headers_and_a_kind(serve: Any) -> None:
    def work(server: Any) -> None:
        answer = ask(server, "GET /")
        assert answer.status == 202
        assert answer.headers["X-Pump"] == "3"
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"

    serve(handling(lambda server, request: request.reply("<p>", 202, {"X-Pump": "3"}, "text/html")), work)


def test_refusal_says_why(serve: Any) -> None:
    def work(server: Any) -> None:
        answer = ask(server, "GET /")
        assert (answer.status, answer.error) == (404, "no such pump")

    serve(handling(lambda server, request: request.refuse(404, "no such pump")), work)


def test_file_is_replied_with_its_kind(serve: Any, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<p>hello", encoding="utf-8")

    def work(server: Any) -> None:
        answer = ask(server, "GET /")
        assert (answer.status, answer.body, answer.headers["Content-Type"]) == (200, b"<p>hello", "text/html")

    serve(handling(lambda server, request: request.reply(page)), work)


def test_file_that_is_not_there_is_not_found(serve: Any, tmp_path: Path) -> None:
    def work(server: Any) -> None:
        answer = ask(server, "GET /")
        assert (answer.status, answer.error) == (404, "There is nothing at / any more.")

    with reading() as rows:
        serve(handling(lambda server, request: request.reply(tmp_path / "gone")), work)

    assert said(rows) == [f"GET /: there is no file {tmp_path / 'gone'}: answered with 404."]


@pytest.mark.parametrize(
    "arguments, says",
    [
        ({"content": object()}, r"GET /: a object cannot be sent as JSON: .* Give plain data, text, bytes, or the Path"),
        ({"content": float("nan")}, r"GET /: a float cannot be sent as JSON"),
        ({"status": 99}, r"GET /: status 99 is none of a reply; those are 200 to 599."),
        ({"content": "x", "status": 204}, r"GET /: a reply with status 204 has no content; give another status, or no"),
        ({"headers": {"X y": "1"}}, r"GET /: 'X y' is no name of a header; it has letters, digits and hyphens."),
        ({"headers": {"X": "1\r\nSet-Cookie: a"}}, r"GET /: the header X cannot be '1.*'; it is text without line ends"),
        ({"headers": {"Content-Length": "9"}}, r"GET /: the header Content-Length is said by tasktonic itself; leave it out."),
        ({"content": "x", "content_type": "text/\r\n"}, r"GET /: the header Content-Type cannot be"),
    ],
)  # fmt: skip
def test_reply_that_cannot_be_sent_is_refused_at_the_call(serve: Any, arguments: Any, says: str) -> None:
    seen: list[Any] = []

    def reply(server: Any, request: Any) -> None:
        with pytest.raises(ttFrameError, match=says):
            request.reply(**arguments)
        seen.append(request.is_open)
        request.reply("all the same")

    serve(handling(reply), lambda server: check(ask(server, "GET /").body, b"all the same"))

    assert seen == [True]


def test_reply_may_come_from_a_later_sparkle(serve: Any) -> None:
    class Later(Asked):
        def ttse__asked(self, request: Any) -> None:
            self.kept.append(request)
            ttTimerSingleShot(0.01, name="later")

        def ttse__on_later(self, info: Any) -> None:
            self.kept.pop().reply("at last")

    serve(Later, lambda server: check(ask(server, "GET /").body, b"at last"))


def test_second_reply_is_an_error_that_names_the_first(serve: Any) -> None:
    seen: list[Any] = []

    def reply(server: Any, request: Any) -> None:
        assert request.reply("one") is True
        assert request.is_open is False
        try:
            request.reply("two")
        except ttRunningError as error:
            seen.append(str(error))

    serve(handling(reply), lambda server: check(ask(server, "GET /").body, b"one"))

    assert seen == [
        (
            "GET / has been answered already, by web.ttse__asked: a request gets one reply. Reply in one place only; "
            "request.is_open tells whether somebody waits."
        )
    ]


def test_one_of_many_threads_that_reply_at_once_is_the_first(serve: Any) -> None:
    outcomes: list[Any] = []

    def reply(server: Any, request: Any) -> None:
        start = threading.Barrier(8)

        def compete(number: int) -> None:
            start.wait()
            try:
                outcomes.append((number, request.reply(str(number))))
            except ttRunningError as error:
                outcomes.append("by thread helper" in str(error))

        threads = [in_thread(partial(compete, number)) for number in range(8)]
        for thread in threads:
            thread.join()

    def work(server: Any) -> None:
        body = ask(server, "GET /").body
        assert (int(body), True) in outcomes

    serve(handling(reply), work)

    assert len(outcomes) == 8
    assert outcomes.count(True) == 7


# -- whose sparkle ------------------------------------------------------------------------------------------------------------


class Clerk(ttTonic):
    """Takes requests on another catalyst."""

    def ttse__asked(self, request: Any) -> None:
        request.reply(f"{threading.current_thread().name} {request.path}")


class Bureau(Web):
    def ttse__on_start(self) -> None:
        self.clerk = self.bind(Clerk, name="clerk", catalyst=ttCatalyst(name="side"))
        self.route("GET /", self.clerk.ttse__asked)


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


# -- sparkles that do not reply -----------------------------------------------------------------------------------------------


def test_sparkle_without_a_handler_in_the_state_answers_409(serve: Any) -> None:
    class Door(Web):
        _tt_states = ["closed"]

        def ttse__on_start(self) -> None:
            self.route("POST /close", self.ttsc__close)
            self.to_state("closed")

        def ttsc_open__close(self, request: Any) -> None:
            raise AssertionError("it never is open")

    def work(server: Any) -> None:
        answer = ask(server, "POST /close")
        assert (answer.status, answer.error) == (409, "This is not possible now, in state closed.")

    with reading() as rows:
        serve(Door, work)

    assert said(rows) == [
        "POST /close: web.ttsc__close is not handled in state closed: answered with 409 (Conflict)."
    ]  # fmt: skip


def test_state_counts_when_the_sparkle_would_run(serve: Any) -> None:
    class Door(Web):
        def ttse__on_start(self) -> None:
            self.route("POST /open", self.ttsc__open)
            self.route("POST /close", self.ttsc__close)
            self.to_state("closed")

        def ttsc_closed__open(self, request: Any) -> None:
            request.reply("open")
            self.to_state("open")

        def ttsc_open__close(self, request: Any) -> None:
            request.reply("closed")
            self.to_state("closed")

    def work(server: Any) -> None:
        with browser(server) as connection:
            asks = ["POST /close", "POST /open", "POST /open", "POST /close"]
            assert [asked(connection, what).status for what in asks] == [409, 200, 409, 200]

    serve(Door, work)


def test_sparkle_that_raises_answers_500(serve: Any) -> None:
    def fail(server: Any, request: Any) -> None:
        raise ValueError("a secret")

    class Failing(handling(fail)):  # type: ignore[misc]
        def ttse__on_error(self, error: Any) -> None:
            self.kept.append(error)

    def work(server: Any) -> None:
        answer = ask(server, "GET /")
        assert answer.status == 500
        assert answer.error == "Something went wrong here; the log of the server says what."
        assert ask(server, "GET /").status == 500

    server = serve(Failing, work)

    assert [str(error.exception) for error in server.kept] == ["a secret", "a secret"]


def test_later_sparkle_that_raises_with_the_request_answers_500(serve: Any) -> None:
    class Failing(Asked):
        def ttse__asked(self, request: Any) -> None:
            self.tts__work(request)

        def tts__work(self, request: Any) -> None:
            raise ValueError("no luck")

        def ttse__on_error(self, error: Any) -> None:
            self.kept.append(error)

    serve(Failing, lambda server: check(ask(server, "GET /").status, 500))


def test_reply_before_an_error_stands(serve: Any) -> None:
    def fail(server: Any, request: Any) -> None:
        request.reply("well")
        raise ValueError("no luck")

    class Failing(handling(fail)):  # type: ignore[misc]
        def ttse__on_error(self, error: Any) -> None:
            self.kept.append(error)

    serve(Failing, lambda server: check(ask(server, "GET /").body, b"well"))


def test_request_that_is_let_go_of_is_answered_at_once(serve: Any) -> None:
    def work(server: Any) -> None:
        answer = ask(server, "GET /")
        assert (answer.status, answer.error) == (500, "The server has no answer to this.")

    with reading() as rows:
        serve(handling(lambda server, request: None, reply_limit=3600.0), work)

    assert said(rows) == [
        (
            "GET /: web.ttse__asked let go of the request without a reply: answered with 500. Call request.reply(...), or keep the "
            "request for a later sparkle."
        )
    ]


def test_path_cannot_make_two_lines_of_one_in_the_log(serve: Any) -> None:
    class Forgetful(Asked):
        def ttse__on_start(self) -> None:
            self.route("GET /{name}", self.ttse__asked)

        def ttse__asked(self, request: Any) -> None:
            assert str(request) == r"GET '/a\nb\xe9'"

    with reading() as rows:
        serve(Forgetful, lambda server: check(ask(server, "GET /a%0Ab%C3%A9").status, 500))

    (line,) = said(rows)
    assert line.startswith("GET /a%0Ab%C3%A9: web.ttse__asked let go of")


def test_request_in_a_circle_of_garbage_is_answered_when_that_is_collected(serve: Any) -> None:
    def turn_in_a_circle(server: Any, request: Any) -> None:
        circle = [request]
        circle.append(circle)  # type: ignore[arg-type]
        server.turned.set()

    class Turning(handling(turn_in_a_circle)):  # type: ignore[misc]
        turned = threading.Event()

    def work(server: Any) -> None:
        with browser(server) as connection:
            connection.request("GET", "/")
            wait_for(server.turned)
            gc.collect()
            assert connection.getresponse().status == 500

    serve(Turning, work)


def test_request_that_nobody_replies_to_in_time_is_answered_with_504(serve: Any) -> None:
    late: list[Any] = []

    def work(server: Any) -> None:
        answer = ask(server, "GET /")
        assert (answer.status, answer.error) == (504, "There was no reply within 0.05 s.")
        late.append((server.kept[0].is_open, server.kept[0].reply("too late")))

    with reading() as rows:
        serve(handling(lambda server, request: server.kept.append(request), reply_limit=0.05), work)

    assert late == [(False, False)]
    assert said(rows) == [
        (
            "GET /: no reply from web.ttse__asked within 0.05 s: answered with 504. Call request.reply(...) in time, or give the "
            "route another limit."
        )
    ]


def test_route_may_have_a_limit_of_its_own(serve: Any) -> None:
    class Hasty(Asked):
        def ttse__on_start(self) -> None:
            self.route("GET /hasty", self.ttse__asked, limit=0.05)

        def ttse__asked(self, request: Any) -> None:
            self.held = request

    serve(Hasty, lambda server: check(ask(server, "GET /hasty").status, 504))


def test_time_of_a_held_catalyst_stands(serve: Any) -> None:
    class Holding(Bureau):
        reply_limit = 0.05

        def ttse__on_start(self) -> None:
            super().ttse__on_start()
            self.clerk.catalyst.hold()
            self.looks = 0
            self.tts__look(None)

        def tts__look(self, info: Any) -> None:
            # Release it when its time was up, and was prolonged, three times.
            asking = next(iter(self._engine.open), None) if self._engine else None  # type: ignore[union-attr]
            timer = asking._timer if asking else None
            if timer is not None and timer is not getattr(self, "timer", None):
                self.timer = timer
                self.looks += 1
            if self.looks > 3:
                self.clerk.catalyst.release()
            else:
                ttTimerSingleShot(0.005, context=self, sparkle_back=self.tts__look)

    serve(Holding, lambda server: check(ask(server, "GET /").body, b"side /"))


def test_tonic_that_finishes_with_a_request_answers_503(serve: Any) -> None:
    class Leaving(ttTonic):
        def ttse__asked(self, request: Any) -> None:
            self.kept = request
            self.finish()

    class Owner(Web):
        def ttse__on_start(self) -> None:
            self.route("GET /", self.bind(Leaving, name="leaving").ttse__asked)

    def work(server: Any) -> None:
        answer = ask(server, "GET /")
        assert (answer.status, answer.error) == (503, "What answers this has ended.")

    with reading() as rows:
        serve(Owner, work)

    assert said(rows) == ["GET /: leaving.ttse__asked has finished without a reply: answered with 503."]


def test_request_that_comes_to_a_finishing_tonic_is_answered_with_503(serve: Any) -> None:
    handed_over = threading.Semaphore(0)
    second = threading.Event()

    class Leaving(ttTonic):
        def ttse__asked(self, request: Any) -> None:
            self.finish()
            request.reply("the last one")
            wait_for(second)

    class Owner(Web):
        def ttse__on_start(self) -> None:
            leaving = self.bind(Leaving, name="leaving", catalyst=ttCatalyst(name="side"))
            self.route("GET /", leaving.ttse__asked)

        def _hand_over(self, route: Any, request: Any) -> None:
            super()._hand_over(route, request)
            handed_over.release()

    def work(server: Any) -> None:
        with browser(server) as one, browser(server) as other:
            assert asked(one, "GET /").body == b"the last one"
            assert handed_over.acquire(timeout=20)
            other.request("GET", "/")
            assert handed_over.acquire(timeout=20)
            second.set()
            assert other.getresponse().status == 503

    with reading() as rows:
        serve(Owner, work)

    assert said(rows) == ["GET /: leaving.ttse__asked does not run any more: answered with 503."]
