"""Attaching to apps that run, leaving them, and peers that are broken or hostile."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import struct
import subprocess
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tasktonic import events as ev
from tasktonic.blocks import StringTable, encode_block
from tasktonic.protocol import PROTOCOL, Channel, Message, encode_message, frame, messages
from tasktonic.protocol.address import Found, find_running
from tasktonic_studio.services import link as link_module
from tests.helpers.patience import PATIENCE_S
from tests.helpers.scripts_apart import listening
from tests.helpers.services_app import ServicesStand, a_pump, services

pytestmark = pytest.mark.end_to_end


@pytest.fixture
def stand() -> Iterator[ServicesStand]:
    with services() as stand:
        yield stand


# ---- real apps


listening_app = partial(listening, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
"""An app that lets studios attach, started by hand."""


def found(stand: ServicesStand, pid: int) -> Found:
    """The entry of an app, as discovery tells it."""
    entries: list[Found] = []

    def is_there() -> bool:
        stand.requests.refresh_running()
        entries[:] = [it for it in find_running() if it.pid == pid and not it.problem]
        return bool(entries)

    stand.until(is_there, "the app is found")
    return entries[0]


@pytest.fixture
def app(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    with listening_app(a_pump(tmp_path, strokes=100_000)) as process:
        yield process


def test_an_app_that_opted_in_is_found_and_attached_to(stand: ServicesStand, app: subprocess.Popen[bytes]) -> None:
    stand.requests.attach(found(stand, app.pid))
    stand.until(lambda: len(stand.known.runs) > 3 and any(stand.known.rate(it) for it in stand.known.essences))

    known = stand.known
    assert (known.target.how, known.target.status, known.target.role) == ("attached", "running", "control")
    assert known.target.pid == app.pid
    names = {known.essences.name(it): it for it in known.essences}
    assert known.state_name(names["pump"]) == "open", "the present state came with the snapshot"
    assert known.catalysts[0].alive
    assert len(known.timers) == 1


def test_discovery_tells_what_it_found(stand: ServicesStand, app: subprocess.Popen[bytes]) -> None:
    found(stand, app.pid)
    stand.until(lambda: bool(stand.found) and app.pid in [it.pid for it in stand.found[-1]])

    entry = next(it for it in stand.found[-1] if it.pid == app.pid)
    assert (entry.problem, entry.script.endswith("app.py")) == ("", True)


def test_detaching_leaves_the_app_running(stand: ServicesStand, app: subprocess.Popen[bytes]) -> None:
    stand.requests.attach(found(stand, app.pid))
    stand.until(lambda: len(stand.known.runs) > 3)

    stand.requests.detach()
    stand.until_status("ended", "detached, the app runs on")

    assert app.poll() is None
    assert stand.known.essences.alive_count > 0, "what was known stays on screen"


def test_attaching_again_and_again_leaves_nothing_behind(stand: ServicesStand, app: subprocess.Popen[bytes]) -> None:
    entry = found(stand, app.pid)
    # Twice, as the run before is kept until another one begins, with a thread that can still save it.
    for _ in range(2):
        stand.requests.attach(entry)
        stand.until(lambda: stand.known.target.status == "running" and len(stand.known.runs) > 0)
        stand.requests.detach()
        stand.until_status("ended", "detached")
    stand.requests.attach(entry)
    stand.until(lambda: stand.known.target.status == "running" and len(stand.known.runs) > 0)
    threads, descriptors = threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))

    for _ in range(20):
        stand.requests.detach()
        stand.until_status("ended", "detached")
        stand.requests.attach(entry)
        stand.until(lambda: stand.known.target.status == "running" and len(stand.known.runs) > 0)

    stand.until(lambda: threading.active_count() <= threads, "no thread is left")
    stand.until(lambda: len(list(Path("/proc/self/fd").iterdir())) <= descriptors, "no descriptor is left")


def test_an_attached_app_that_is_killed_is_told_by_its_last_sparkle(
    stand: ServicesStand, app: subprocess.Popen[bytes]
) -> None:
    stand.requests.attach(found(stand, app.pid))
    stand.until(lambda: stand.known.last_sparkle() == "Pump.ttse__on_stroke")

    app.send_signal(signal.SIGKILL)
    stand.until_status("ended")

    assert stand.known.target.sentence == (
        "ended: the process is gone, without a word, last sparkle Pump.ttse__on_stroke"
    )


def test_an_attached_app_that_ends_says_goodbye(stand: ServicesStand, tmp_path: Path) -> None:
    with listening_app(a_pump(tmp_path, strokes=100_000)) as app:
        stand.requests.attach(found(stand, app.pid))
        stand.until(lambda: len(stand.known.runs) > 3)
        app.send_signal(signal.SIGINT)
        stand.until_status("ended")

    assert stand.known.target.sentence == "ended: The app has ended."
    assert stand.known.app.has_ended


def test_a_stopped_app_is_said_to_be_silent(
    stand: ServicesStand, app: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_module, "SILENCE_S", 1.5)
    stand.requests.attach(found(stand, app.pid))
    stand.until(lambda: len(stand.known.runs) > 0)

    app.send_signal(signal.SIGSTOP)
    stand.until_line("The app has said nothing for")
    app.send_signal(signal.SIGCONT)

    stand.until_line("The app speaks again.")
    assert stand.known.target.status == "running"


def test_attaching_stops_a_launched_script(stand: ServicesStand, app: subprocess.Popen[bytes], tmp_path: Path) -> None:
    folder = tmp_path / "launched"
    folder.mkdir()
    stand.requests.launch(a_pump(folder, strokes=100_000))
    stand.until_line("the pump starts")
    launched = stand.known.target.pid

    stand.requests.attach(found(stand, app.pid))
    stand.until(lambda: stand.known.target.pid == app.pid and len(stand.known.runs) > 0)

    stand.until(lambda: not Path(f"/proc/{launched}").exists(), "the launched script is gone")
    assert stand.known.target.status == "running", "nothing of the other one came in between"


def test_launching_after_attaching_leaves_the_attached_app(
    stand: ServicesStand, app: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    stand.requests.attach(found(stand, app.pid))
    stand.until(lambda: len(stand.known.runs) > 0)
    folder = tmp_path / "launched"
    folder.mkdir()

    stand.requests.launch(a_pump(folder))
    stand.until_status("ended", "ended: exit code 0")

    assert stand.known.target.how == "launched"
    assert app.poll() is None


def test_a_process_that_does_not_listen_is_told_how_it_could(stand: ServicesStand) -> None:
    stand.requests.attach(os.getpid())
    stand.until_status("lost")

    assert f"not attached: Process {os.getpid()} does not listen for a studio." in stand.known.target.sentence
    assert "TASKTONIC_STUDIO=1" in stand.known.target.sentence


# ---- peers that are no apps


class Peer:
    """Something that listens where an app should, and does what a test wants with who connects."""

    def __init__(self, folder: Path, behave: Callable[[socket.socket], None]) -> None:
        self._listening = socket.socket(socket.AF_UNIX)
        path = folder / "peer.sock"
        self._listening.bind(str(path))
        self._listening.listen(4)
        token = folder / "peer.token"
        token.write_text("token")
        token.chmod(0o600)
        self.found = Found(os.getpid(), "peer.py", f"unix:{path}", str(token))
        self._behave = behave
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        connected, _ = self._listening.accept()
        connected.settimeout(PATIENCE_S)
        with connected, contextlib.suppress(OSError):
            connected.recv(65_536)
            self._behave(connected)

    def close(self) -> None:
        self._listening.close()
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive()


@pytest.fixture
def attach_to(stand: ServicesStand, user_folders: Path) -> Iterator[Callable[[Callable[[socket.socket], None]], None]]:
    """Attach the services to a peer that behaves as told."""
    peers: list[Peer] = []

    def attach(behave: Callable[[socket.socket], None]) -> None:
        peers.append(Peer(user_folders, behave))
        stand.requests.attach(peers[-1].found)

    yield attach
    stand.requests.detach()
    for peer in peers:
        peer.close()


def said(message: Message) -> bytes:
    return frame(Channel.CONTROL, encode_message(message))


HELLO = said(messages.Hello(PROTOCOL, 4711, "s")) + said(messages.Granted("control"))
ATTACH = Callable[[Callable[[socket.socket], None]], None]


def until_it_closes(connected: socket.socket) -> None:
    while connected.recv(65_536):
        pass


@pytest.mark.parametrize(
    "bytes_, sentence",
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", "This is HTTP."),
        (b"\xff\xff\xff\xff\x02\x00", "A data frame came from a side that has none to send."),
        (struct.pack("<IBB", 0xFFFFFFFF, 1, 0), "A control frame of 4,294,967,295 bytes"),
        (b"\xc9", "not attached"),
        (said(messages.Goodbye("bye")), "began with a message of kind 'goodbye'"),
        (said(messages.Hello(PROTOCOL + 1, 1, "s")), f"The app speaks protocol {PROTOCOL + 1}, the studio speaks"),
        (said(messages.Refused("The token is wrong.")), "not attached: The token is wrong."),
        (frame(Channel.CONTROL, b"{]"), "A control message is no JSON"),
        (frame(Channel.CONTROL, b'{"kind":"evil"}'), "unknown kind"),
    ],
)
def test_a_peer_that_is_no_app_is_left_with_a_sentence(
    stand: ServicesStand, attach_to: ATTACH, bytes_: bytes, sentence: str
) -> None:
    attach_to(lambda connected: connected.sendall(bytes_))
    stand.until_status("lost")

    assert sentence in stand.known.target.sentence


def test_a_peer_that_says_nothing_is_left_after_a_while(
    stand: ServicesStand, attach_to: ATTACH, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasktonic_studio.services.greeter.GREETING_S", 0.2)
    monkeypatch.setattr(link_module, "GREETING_S", 0.2)
    attach_to(until_it_closes)
    stand.until_status("lost", "does not answer; it may be stopped or stuck")


def test_nobody_there_is_a_sentence(stand: ServicesStand, user_folders: Path) -> None:
    token = user_folders / "token"
    token.write_text("x")
    token.chmod(0o600)
    stand.requests.attach(Found(1, "x.py", f"unix:{user_folders}/none.sock", str(token)))
    stand.until_status("lost", "cannot be reached: No such file or directory")


def test_a_token_file_that_others_can_read_is_not_used(stand: ServicesStand, user_folders: Path) -> None:
    token = user_folders / "token"
    token.write_text("x")
    token.chmod(0o644)
    stand.requests.attach(Found(1, "x.py", f"unix:{user_folders}/none.sock", str(token)))
    stand.until_status("lost", "is not yours alone; it is not trusted")


@pytest.mark.parametrize(
    "bytes_, sentence",
    [
        (struct.pack("<IBB", 0xFFFFFFFF, 2, 0), "A data frame of 4,294,967,295 bytes; at most"),
        (struct.pack("<IBB", 3, 7, 0) + b"abc", "These are no frames of tasktonic (channel 7, flags 0)."),
        (frame(Channel.CONTROL, b'{"kind":"cost"}'), "The message 'cost' has no 'percent'"),
        (said(messages.Detach()), "goes from studio to probe, not the other way"),
        (frame(Channel.CONTROL, b"\xff"), "A control message is no JSON"),
    ],
)
def test_garbage_after_the_greeting_ends_the_link_and_keeps_what_was_known(
    stand: ServicesStand, attach_to: ATTACH, bytes_: bytes, sentence: str
) -> None:
    block = frame(Channel.DATA, encode_block(0, [ev.LogLine(5, -1, ev.Text("known"), 0)], StringTable()))

    is_known = threading.Event()

    def behave(connected: socket.socket) -> None:
        connected.sendall(HELLO + block)
        is_known.wait(PATIENCE_S)
        connected.sendall(bytes_)
        until_it_closes(connected)

    attach_to(behave)
    stand.until_line("known")
    is_known.set()
    stand.until_status("lost", "lost: The app sent what cannot be read, and was left.")

    assert sentence in stand.known.target.sentence
    assert "known" in stand.lines("log")


def test_half_a_frame_at_the_end_is_said(stand: ServicesStand, attach_to: ATTACH) -> None:
    attach_to(lambda connected: connected.sendall(HELLO + struct.pack("<IBB", 100, 1, 0) + b"half"))

    stand.until_status("lost", "lost: The app closed the connection in the middle of a frame.")


def test_a_block_of_garbage_leaves_the_window_with_what_was_known(stand: ServicesStand, attach_to: ATTACH) -> None:
    def behave(connected: socket.socket) -> None:
        connected.sendall(HELLO + frame(Channel.DATA, os.urandom(5_000)))
        until_it_closes(connected)

    attach_to(behave)

    stand.until_line("The events of the app cannot be read any more")


def test_more_events_than_were_asked_for_end_the_link(
    stand: ServicesStand, attach_to: ATTACH, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_module, "GOODBYE_BYTES", 0)
    monkeypatch.setattr(link_module, "CREDIT_BYTES", 1000)
    block = frame(Channel.DATA, bytes(900))

    def behave(connected: socket.socket) -> None:
        connected.sendall(HELLO + block * 3)
        until_it_closes(connected)

    attach_to(behave)

    stand.until_status("lost", "The app sent more events than it was asked for, and was left.")


def test_a_flood_of_messages_waits_until_the_window_has_caught_up(stand: ServicesStand, attach_to: ATTACH) -> None:
    flood = said(messages.Notice("info", "!")) * 1_000
    stalled = threading.Event()

    def behave(connected: socket.socket) -> None:
        connected.sendall(HELLO)
        connected.settimeout(0.5)
        # The window takes nothing meanwhile, so at some point the flood no longer gets through.
        sent, is_stalled = 0, False
        while sent < 1_000 * len(flood) and not is_stalled:
            try:
                sent += connected.send(flood[sent % len(flood) :])
            except TimeoutError:
                is_stalled = stand.inbox.waiting_items > 20_000  # else the reader is only slow to have its turn
        stalled.set()

    attach_to(behave)
    assert stalled.wait(PATIENCE_S)

    assert 20_000 < stand.inbox.waiting_items < 60_000
    stand.until_status("lost", "The app closed the connection")


def test_credit_is_granted_again_as_the_window_takes_blocks(
    stand: ServicesStand, attach_to: ATTACH, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_module, "CREDIT_BYTES", 4_000)
    strings = StringTable()
    granted: list[Message] = []

    def behave(connected: socket.socket) -> None:
        connected.sendall(HELLO)
        for number in range(3):
            line = ev.LogLine(5, -1, ev.Text("x" * 1_200), 0)
            connected.sendall(frame(Channel.DATA, encode_block(number, [line], strings)))
            answer = connected.recv(65_536)
            granted.append(messages.Credit(0) if b'"credit"' in answer else messages.Detach())
        until_it_closes(connected)

    attach_to(behave)
    stand.until(lambda: len(granted) == 3)

    assert all(isinstance(it, messages.Credit) for it in granted)


# ---- who else may come to a launch


def test_only_the_launched_app_gets_in(stand: ServicesStand, tmp_path: Path) -> None:
    before = (
        "import os, socket\n"
        "path = os.environ['TASKTONIC_STUDIO_ADDRESS'].removeprefix('unix:')\n"
        "from tasktonic.protocol import Channel, encode_message, frame, messages\n"
        "for first in (b'GET / HTTP/1.1\\r\\n\\r\\n',\n"
        "              frame(Channel.CONTROL, encode_message(messages.Hello(1, 1, 's', 'wrong')))):\n"
        "    other = socket.socket(socket.AF_UNIX)\n"
        "    other.connect(path)\n"
        "    other.sendall(first)\n"
        "    print('answer', other.recv(1000)[6:])\n"
        "idle = socket.socket(socket.AF_UNIX)\n"
        "idle.connect(path)\n"
    )
    stand.requests.launch(a_pump(tmp_path, before=before))
    stand.until_status("ended", "ended: exit code 0")

    answers = stand.lines("stdout")
    assert "This is HTTP." in answers[0]
    assert "It did not show the token that this launch was given." in answers[1]
    assert "the pump starts" in stand.lines("log"), "the app itself got in all the same"


def test_an_app_that_sends_garbage_is_still_run_and_can_be_stopped(stand: ServicesStand, tmp_path: Path) -> None:
    text = (
        "import os, socket, time\n"
        "address, token = (os.environ['TASKTONIC_STUDIO_' + name] for name in ('ADDRESS', 'TOKEN'))\n"
        "from tasktonic.protocol import PROTOCOL, Channel, encode_message, frame, messages\n"
        "link = socket.socket(socket.AF_UNIX)\n"
        "link.connect(address.removeprefix('unix:'))\n"
        "hello = messages.Hello(PROTOCOL, os.getpid(), 's', token)\n"
        "link.sendall(frame(Channel.CONTROL, encode_message(hello)) + b'garbage garbage')\n"
        "time.sleep(60)\n"
    )
    path = tmp_path / "evil.py"
    path.write_text(text)
    stand.requests.launch(str(path))
    stand.until_status("running", "running, but not watched any more: The app sent what cannot be read, and was left.")

    stand.requests.stop()

    stand.until_status("ended", "ended: stopped")
