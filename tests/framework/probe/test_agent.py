"""The probe in this process, with real sockets: who is let in, in which role, and what the environment says."""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path

import pytest

from tasktonic import probe
from tasktonic.probe.agent import Agent
from tasktonic.protocol import PROTOCOL, Channel, frame
from tasktonic.protocol.messages import Answer, Finish, Granted, Hello, Hold, Inspect, Notice, Open, Refused
from tests.framework.probe.agents import Attach, MakeAgent
from tests.helpers.studio_end import StudioEnd

# ---- who is let in


@pytest.mark.parametrize(
    "data, sentence",
    [
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "This is HTTP"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "This is TLS"),
        (b"\x00garbage\xff" * 10, "no frames of tasktonic"),
        (struct.pack("<IBB", 0xFFFFFFFF, 1, 0), "4,294,967,295 bytes"),
        (frame(Channel.DATA, b"ttB1"), "a side that has none to send"),
        (frame(Channel.CONTROL, b"{}"), "unknown kind"),
        (
            frame(Channel.CONTROL, b'{"kind": "detach"}'),
            "The first message must be 'open', with the token; 'detach' came.",
        ),
        (frame(Channel.CONTROL, b'{"kind": "hello", "protocol": 1, "pid": 1, "session": ""}'), "from probe to studio"),
    ],
)
def test_a_stranger_is_told_why_and_closed(stranger: StudioEnd, data: bytes, sentence: str) -> None:
    stranger.say_bytes(data)

    stranger.until_closed()

    (refused,) = stranger.messages
    assert isinstance(refused, Refused)
    assert sentence in refused.reason


@pytest.mark.parametrize("token", ["", "wrong", "\N{SNOWMAN}"])
def test_a_wrong_token_is_refused(stranger: StudioEnd, token: str) -> None:
    stranger.say(Open(PROTOCOL, token))

    stranger.until_closed()

    assert stranger.messages == [Refused("The token is wrong. It is in the token file that the app's entry names.")]


def test_a_newer_protocol_is_refused(agent: Agent, stranger: StudioEnd) -> None:
    assert agent.listener is not None
    stranger.say(Open(PROTOCOL + 1, agent.listener.token))

    stranger.until_closed()

    assert stranger.messages == [
        Refused(
            f"The studio speaks protocol {PROTOCOL + 1}, the app speaks protocol {PROTOCOL}: the studio is newer. "
            "Update the app."
        )
    ]


def test_an_unknown_role_is_refused(agent: Agent, stranger: StudioEnd) -> None:
    assert agent.listener is not None
    stranger.say(Open(PROTOCOL, agent.listener.token, role="owner"))

    stranger.until_closed()

    assert stranger.messages == [Refused("There is no role 'owner': 'view' and 'control' exist.")]


def test_who_says_nothing_is_closed(monkeypatch: pytest.MonkeyPatch, make_agent: MakeAgent) -> None:
    monkeypatch.setattr("tasktonic.probe.viewer.GREETING_NS", 0)
    agent = make_agent()
    assert agent.listener is not None

    with StudioEnd.connected(str(agent.listener.address)) as silent:
        silent.until_closed()

    assert silent.messages == [
        Refused("Nothing was said for five seconds; the first message is 'open', with the token.")
    ]


def test_the_greeting_tells_who_the_app_is(attach: Attach) -> None:
    hello = attach().message(Hello)

    assert (hello.protocol, hello.pid, hello.token) == (PROTOCOL, os.getpid(), "")
    assert hello.executable == sys.executable
    assert hello.monotonic_ns > 0


# ---- roles


def test_there_is_one_controller(attach: Attach, agent: Agent) -> None:
    first = attach(agent)
    assert first.message(Granted) == Granted("control")

    second, third = attach(agent), attach(agent, role="view")

    assert second.message(Granted) == Granted("view", "Another studio controls this app (test control).")
    assert third.message(Granted) == Granted("view")


def test_who_wanted_control_gets_it_when_the_controller_has_gone(attach: Attach, agent: Agent) -> None:
    first = attach(agent)
    first.message(Granted)
    second = attach(agent)
    assert second.message(Granted).role == "view"

    first.close()

    second.until(lambda: second.message(Granted).role == "control", "control")
    assert second.message(Granted) == Granted("control", "The studio that controlled this app has gone.")


@pytest.mark.parametrize("request_", [Finish(7, 1), Hold(7), Inspect(7, 1, use_repr=True)])
def test_a_viewer_may_not_change_anything(attach: Attach, request_: Finish | Hold | Inspect) -> None:
    end = attach(role="view")

    end.say(request_)

    assert end.answer(Answer, 7) == Answer(
        7, False, f"'{request_.kind}' needs control, and this studio views. Another one controls."
    )


def test_a_message_that_is_not_understood_is_answered_by_name(attach: Attach) -> None:
    end = attach()
    end.message(Granted)

    end.say_bytes(frame(Channel.CONTROL, b'{"kind": "teleport"}'))

    assert "unknown kind 'teleport'" in end.message(Notice).text


# ---- the environment


@pytest.mark.parametrize("wish", ["0", "", "no"])
def test_the_environment_may_say_no(monkeypatch: pytest.MonkeyPatch, wish: str) -> None:
    monkeypatch.setenv("TASKTONIC_STUDIO", wish)

    probe.start_from_environment()

    assert probe._agent is None


def test_a_wish_that_is_not_understood_is_said(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TASKTONIC_STUDIO", "perhaps")

    probe.start_from_environment()

    assert capfd.readouterr().err == (
        "tasktonic: TASKTONIC_STUDIO is 'perhaps'; '1' lets a studio attach. Nobody can watch this app.\n"
    )


def test_a_folder_that_cannot_be_trusted_does_not_stop_the_app(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], user_folders: Path
) -> None:
    folder = user_folders / "run" / "tasktonic"
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    monkeypatch.setenv("TASKTONIC_STUDIO", "1")

    probe.start_from_environment()

    assert "nobody can watch this app: Others can enter the folder" in capfd.readouterr().err
    assert probe._agent is None
