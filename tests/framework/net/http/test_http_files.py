from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("aiohttp")

from tasktonic.errors import ttArgumentError
from tests.framework.net.http.web import Answer, Web, ask, asked, browser


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder with a few files, and something beside it that is nobody's business."""
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    folder = tmp_path / "site"
    (folder / "pictures" / "old").mkdir(parents=True)
    (folder / "index.html").write_text("<p>home", encoding="utf-8")
    (folder / "pictures" / "index.html").write_text("<p>pictures", encoding="utf-8")
    (folder / "pictures" / "a b.svg").write_text("<svg/>", encoding="utf-8")
    return folder


class Site(Web):
    folder: Path
    path = "/"

    def ttse__on_start(self) -> None:
        self.undo = self.static(self.path, self.folder)
        self.route("GET /hello", self.ttse__hello)

    def ttse__hello(self, request: Any) -> None:
        request.reply("hello")


def serving(site: Path, path: str = "/") -> type[Site]:
    return type("Serving", (Site,), {"folder": site, "path": path})


def answers(serve: Any, site: Path, *wishes: str, path: str = "/") -> list[Answer]:
    """What comes back for these."""
    found: list[Answer] = []
    serve(serving(site, path), lambda server: found.extend(ask(server, wish) for wish in wishes))
    return found


def test_file_is_answered_with_its_kind(serve: Any, site: Path) -> None:
    (answer,) = answers(serve, site, "GET /pictures/a%20b.svg")

    assert (answer.status, answer.body, answer.headers["Content-Type"]) == (200, b"<svg/>", "image/svg+xml")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_folder_is_answered_with_its_index(serve: Any, site: Path) -> None:
    found = answers(serve, site, "GET /", "GET /pictures/", "GET /pictures/index.html", "HEAD /")

    assert [answer.body for answer in found] == [b"<p>home", b"<p>pictures", b"<p>pictures", b""]


def test_folder_without_a_slash_is_led_to_the_one_with_it(serve: Any, site: Path) -> None:
    found = answers(serve, site, "GET /web/pictures", "GET /web", path="/web")

    assert [(answer.status, answer.headers["Location"]) for answer in found] == [(308, "pictures/"), (308, "web/")]


def test_folder_without_an_index_is_not_found(serve: Any, site: Path) -> None:
    (answer,) = answers(serve, site, "GET /pictures/old/")

    assert (answer.status, answer.error) == (404, "There is nothing at /pictures/old/.")


@pytest.mark.parametrize(
    "path",
    [
        *("/../secret.txt", "/%2e%2e/secret.txt", "/pictures/../../secret.txt", "/..%2fsecret.txt", "/%2e%2e%2fsecret.txt"),
        *("/..%5csecret.txt", "//etc/passwd", "/%2fetc/passwd", "/a%00b", "/pictures/%00", "/link.txt", "/way/secret.txt"),
    ],
)  # fmt: skip
def test_nothing_outside_of_the_folder_can_be_reached(serve: Any, site: Path, path: str) -> None:
    (site / "link.txt").symlink_to(site.parent / "secret.txt")
    (site / "way").symlink_to(site.parent)

    (answer,) = answers(serve, site, f"GET {path}")

    assert answer.status == 404


def test_what_another_route_takes_goes_before_a_file(serve: Any, site: Path) -> None:
    (site / "hello").write_text("a file", encoding="utf-8")

    (answer,) = answers(serve, site, "GET /hello")

    assert answer.body == b"hello"


def test_file_cannot_be_written(serve: Any, site: Path) -> None:
    (answer,) = answers(serve, site, "PUT /index.html")

    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


def test_file_that_the_client_has_is_not_sent_again(serve: Any, site: Path) -> None:
    def work(server: Any) -> None:
        with browser(server) as connection:
            first = asked(connection, "GET /")
            second = asked(connection, "GET /", if_none_match=first.headers["Etag"])
        assert (second.status, second.body) == (304, b"")

    serve(serving(site), work)


def test_part_of_a_file_can_be_asked_for(serve: Any, site: Path) -> None:
    def work(server: Any) -> None:
        answer = ask(server, "GET /", range="bytes=3-5")
        assert (answer.status, answer.body) == (206, b"hom")

    serve(serving(site), work)


def test_files_can_be_withdrawn(serve: Any, site: Path) -> None:
    def work(server: Any) -> None:
        server.undo()
        assert ask(server, "GET /").status == 404
        assert ask(server, "GET /hello").status == 200

    serve(serving(site), work)


def test_folder_that_is_not_there_is_refused(serve: Any, site: Path) -> None:
    def work(server: Any) -> None:
        with pytest.raises(ttArgumentError, match=r"web.static: there is no folder 'nowhere', seen from '.*'."):
            server.static("/x", "nowhere")

    serve(serving(site), work)
