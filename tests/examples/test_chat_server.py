"""The chat server as its guests meet it: a process of its own, spoken to over real sockets."""

from __future__ import annotations

import contextlib
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.running_example import EXAMPLES, WAIT_S, Running, example_variables, running_example

CROWD = 5_000


@pytest.fixture
def server(user_folders: Path) -> Iterator[Running]:
    wanted = ("--port", "0", "--patience", "3")
    with running_example("chat_server.py", *wanted, says_port=r"open on .* port (\d+)", folder=user_folders) as started:
        yield started


class Person:
    """Somebody with a terminal."""

    def __init__(self, server: Running, *lines: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", server.port), timeout=WAIT_S)
        self.file = self.socket.makefile("r", encoding="utf-8", newline="\n")
        self.say(*lines)

    def __enter__(self) -> Person:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()
        self.socket.close()

    def say(self, *lines: str) -> None:
        self.socket.sendall("".join(f"{line}\n" for line in lines).encode())

    def hears(self, what: str) -> None:
        """Read until this line comes."""
        heard = []
        for line in self.file:
            heard.append(line.rstrip("\n"))
            if heard[-1] == what:
                return
        pytest.fail(f"the server closed before {what!r} came, after {heard}")

    def next(self) -> str:
        return self.file.readline().rstrip("\n")


def test_who_is_in_a_room_hears_what_is_said_in_it(server: Running) -> None:
    with Person(server, "ada", "/join tea") as ada, Person(server, "grace", "/join tea") as grace:
        ada.hears("* grace comes in (2 in tea)")
        grace.hears("* grace comes in (2 in tea)")

        ada.say("hello", "/who")

        assert ada.next() == grace.next() == "<ada> hello"
        assert ada.next() == "* ada, grace"


def test_a_nickname_is_free_again_when_its_owner_has_gone(server: Running) -> None:
    with Person(server, "ada", "/join tea") as ada, Person(server, "ada") as other:
        other.hears("* ada is here already; take another name")

        ada.say("/quit")

        ada.hears("* goodbye")
        assert ada.next() == ""
        other.say("ada", "/rooms")
        other.hears("* no room is open")


def test_a_room_is_there_for_who_leaves_it_and_comes_again(server: Running) -> None:
    with Person(server, "ada", "/join tea") as ada:
        ada.say("/leave", "/join tea", "/join tea", "here I am")

        ada.hears("<ada> here I am")


def test_who_vanishes_has_left_the_room(server: Running) -> None:
    with Person(server, "ada", "/join tea") as ada:
        with Person(server, "grace", "/join tea") as grace:
            grace.hears("* grace comes in (2 in tea)")

        ada.hears("* grace leaves")


def test_who_sends_a_line_without_end_is_closed(server: Running) -> None:
    with Person(server, "ada", "/join tea") as ada, Person(server, "boa", "/join tea") as boa:
        ada.hears("* boa comes in (2 in tea)")

        with contextlib.suppress(ConnectionError):
            boa.socket.sendall(b"x" * 100_000)

        ada.hears("* boa leaves")


def test_a_stop_says_nothing_wrong_while_guests_are_there(server: Running) -> None:
    with Person(server, "ada", "/join tea") as ada:
        ada.hears("* ada comes in (1 in tea)")

        said = server.stop()

    assert said[-1].endswith("main_catalyst         - finished")


def test_five_thousand_that_come_and_drop_at_once_leave_it_as_it_was(server: Running) -> None:
    resource = pytest.importorskip("resource", reason="this system has no limit of files to raise")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < CROWD + 200:
        pytest.skip(f"this system lets a program open {hard} files at most, and {CROWD + 200} are needed (ulimit -Hn)")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    try:
        crowd = [socket.create_connection(("127.0.0.1", server.port), timeout=WAIT_S) for _ in range(CROWD)]
        for number, one in enumerate(crowd):
            if number % 10 == 0:
                one.sendall(f"guest-{number}\n/join crowd\nhello\n".encode())
        for one in crowd:
            one.close()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    with Person(server, "ada", "/join crowd") as ada:
        ada.hears("* ada comes in (1 in crowd)")


def test_the_guests_alone_find_a_server_that_runs(server: Running, user_folders: Path) -> None:
    ended = subprocess.run(
        [sys.executable, str(EXAMPLES / "chat_load.py"), "40", "--port", str(server.port)],
        env=example_variables(),
        cwd=user_folders,
        capture_output=True,
        encoding="utf-8",
        timeout=WAIT_S,
        check=False,
    )

    assert (ended.returncode, ended.stderr) == (0, "")
    assert "120 lines said, 2400 delivered, 0 lost, 0 out of order" in ended.stdout
    assert "lecture-for-a-corpse has waited 3 s for corpse, who is shown the door" in "\n".join(server.stop())


def test_guests_without_a_server_say_so(user_folders: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        free = taken.getsockname()[1]

    ended = subprocess.run(
        [sys.executable, str(EXAMPLES / "chat_load.py"), "3", "--port", str(free)],
        env=example_variables(),
        cwd=user_folders,
        capture_output=True,
        encoding="utf-8",
        timeout=WAIT_S,
        check=False,
    )

    assert f"this is no good: 127.0.0.1:{free}: nothing listens there" in ended.stdout
    assert (ended.returncode, ended.stderr) == (0, "")


def test_more_guests_than_the_system_has_files_for_are_refused(user_folders: Path) -> None:
    ended = subprocess.run(
        [sys.executable, str(EXAMPLES / "chat_server.py"), "--port", "0", "--load", "1000000"],
        env=example_variables(),
        cwd=user_folders,
        capture_output=True,
        encoding="utf-8",
        timeout=WAIT_S,
        check=False,
    )

    assert re.search(r"1000000 guests need 2000200 files, and this system allows \d+ \(ulimit -Hn\)", ended.stderr)
    assert (ended.returncode, ended.stdout) == (2, "")
