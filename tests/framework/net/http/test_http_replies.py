"""Replies of an HTTP server, and sparkles that give none."""

from __future__ import annotations

import gc
import threading
from functools import partial
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("aiohttp")
from tasktonic import ttCatalyst, ttTimerSingleShot, ttTonic
from tasktonic.errors import ttFrameError, ttRunningError
from tests.framework.net.http.web import Web, ask, asked, browser, said
from tests.framework.net.http.webs import Asked, Bureau, check, handling
from tests.helpers.apps import in_thread, reading, wait_for

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
