"""The connection with the debugger of lines: what is sent, what comes, and to whom it never connects."""

from __future__ import annotations

import queue
import socket
import threading

import pytest

from tasktonic_studio.services.dap import MOST_BODY, DapFramer, DapLink, DapProblem, frame
from tests.helpers.apps import WAIT_S


@pytest.mark.parametrize(
    "host, port, says",
    [
        ("127.0.0.1", 1 << 40, "cannot be reached: connect(): port must be 0-65535."),
        ("a\0b", 80, r"was left: it is said to be at 'a\x00b', which is not this machine."),
        ("192.0.2.7", 80, "was left: it is said to be at '192.0.2.7', which is not this machine."),
        ("example.org", 80, "was left: it is said to be at 'example.org', which is not this machine."),
    ],
    ids=["port", "null", "far", "name"],
)
def test_an_address_that_cannot_be_is_said(host: str, port: int, says: str) -> None:
    ended: queue.Queue[str] = queue.Queue()

    DapLink(host, port, lambda _message: None, ended.put).connect(lambda: None)

    assert ended.get(timeout=WAIT_S) == f"The debugger of lines {says}"


def test_a_debugger_that_takes_nothing_keeps_nobody_waiting() -> None:
    """Each of these would fill what the other side has room for."""
    opened = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        link = DapLink("127.0.0.1", listening.getsockname()[1], lambda _message: None, lambda _sentence: None)
        link.connect(opened.set)
        with listening.accept()[0]:
            assert opened.wait(WAIT_S)
            numbers = [link.send("evaluate", expression="x" * 8_000_000) for _ in range(3)]
            link.close()
            assert link._sender.is_alive(), "it waits for the other side, and nobody for it"

    assert numbers == [1, 2, 3]
    link._thread.join(WAIT_S)
    link._sender.join(WAIT_S)
    assert not link._thread.is_alive()
    assert not link._sender.is_alive()


# ---- the frames -------------------------------------------------------------------------------------------------------


def test_messages_are_whole_however_they_are_cut() -> None:
    data = frame({"type": "event", "event": "a"}) + frame({"type": "event", "event": "ü"})
    framer = DapFramer()

    told = [message for at in range(len(data)) for message in framer.feed(data[at : at + 1])]

    assert [message["event"] for message in told] == ["a", "ü"]


@pytest.mark.parametrize(
    "data, says",
    [
        (b"x" * 5_000, "something that is no message"),
        (b"Hello: 1\r\n\r\n", "without a length"),
        (b"Content-Length: %d\r\n\r\n" % (MOST_BODY + 1), "a message of 16,777,217 bytes"),
        (b"Content-Length: 3\r\n\r\nabc", "cannot be read"),
        (b"Content-Length: 2\r\n\r\n[]", "no object"),
        (b"Content-Length: 100000\r\n\r\n" + b"[" * 100_000, "cannot be read"),
    ],
)
def test_what_is_no_message_is_refused_with_a_sentence(data: bytes, says: str) -> None:
    with pytest.raises(DapProblem, match=says):
        DapFramer().feed(data)
