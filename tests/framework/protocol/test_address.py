"""Where probes are found: folders that are trusted, files of apps that are gone, reasons why one cannot be attached to."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tasktonic.protocol import PROTOCOL
from tasktonic.protocol.address import (
    Address,
    Rendezvous,
    find_running,
    folder_of_user,
    is_running,
    listening_address,
    new_token,
    process_started,
    publish,
    read_token,
    ttAddressError,
    withdraw,
    write_private,
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="folders and modes are those of POSIX")


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch, user_folders: Path) -> Path:
    """The system's temporary folder, without apps of anybody."""
    folder = user_folders / "tmp"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


@pytest.fixture
def gone() -> int:
    """The pid of a process that has ended."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def _this_process(folder: Path) -> Rendezvous:
    return Rendezvous(
        pid=os.getpid(),
        started=process_started(os.getpid()),
        address=f"unix:{folder}/{os.getpid()}.sock",
        token_file=f"{folder}/{os.getpid()}.token",
        script="/somewhere/plant.py",
        cwd="/somewhere",
        python="3.11.2",
        framework="0.1.0",
        protocol=PROTOCOL,
    )


@pytest.mark.usefixtures("temporary")
def test_a_published_app_is_found() -> None:
    folder = folder_of_user(create=True)
    publish(folder, _this_process(folder))

    (found,) = find_running()

    assert (found.pid, found.script, found.problem) == (os.getpid(), "/somewhere/plant.py", "")
    assert Address.parse(found.address).path.endswith(f"{os.getpid()}.sock")


@pytest.mark.usefixtures("temporary")
def test_a_withdrawn_app_leaves_no_file() -> None:
    folder = folder_of_user(create=True)
    publish(folder, _this_process(folder))
    write_private(folder / f"{os.getpid()}.token", new_token())

    withdraw(os.getpid())

    assert list(folder.iterdir()) == []


@pytest.mark.usefixtures("temporary")
def test_files_of_a_killed_app_are_removed(gone: int) -> None:
    folder = folder_of_user(create=True)
    publish(folder, replace(_this_process(folder), pid=gone))
    write_private(folder / f"{gone}.token", "token")
    (folder / f"{gone}.sock").touch()

    assert find_running() == []
    assert list(folder.iterdir()) == []


@pytest.mark.usefixtures("temporary")
def test_a_later_process_with_the_same_pid_is_another_one() -> None:
    folder = folder_of_user(create=True)
    publish(folder, replace(_this_process(folder), started="1"))

    assert find_running() == []


@pytest.mark.usefixtures("temporary")
def test_an_app_of_a_newer_protocol_is_listed_with_the_reason() -> None:
    folder = folder_of_user(create=True)
    publish(folder, replace(_this_process(folder), protocol=PROTOCOL + 1))

    (found,) = find_running()

    assert found.problem == (
        f"The app speaks protocol {PROTOCOL + 1}, the studio speaks protocol {PROTOCOL}: the app is newer. "
        "Update the studio."
    )


@pytest.mark.usefixtures("temporary")
@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}', "[" * 10_000])
def test_a_file_that_cannot_be_read_is_listed_with_the_reason(text: str) -> None:
    folder = folder_of_user(create=True)
    write_private(folder / f"{os.getpid()}.json", text)

    (found,) = find_running()

    assert "cannot be read" in found.problem


@pytest.mark.usefixtures("temporary")
def test_a_file_that_others_can_read_is_not_trusted() -> None:
    folder = folder_of_user(create=True)
    publish(folder, _this_process(folder)).chmod(0o644)

    (found,) = find_running()

    assert "is not yours alone" in found.problem


def test_apps_of_other_users_are_mentioned(temporary: Path) -> None:
    (temporary / "tasktonic-4242").mkdir()

    (found,) = find_running()

    assert found.problem == "Apps of user 4242 may be running; only that user can attach to them."


def test_a_folder_that_others_can_enter_is_refused() -> None:
    folder_of_user(create=True).chmod(0o755)

    with pytest.raises(ttAddressError, match=r"Others can enter the folder .* chmod 700"):
        folder_of_user()
    assert "Others can enter" in find_running()[0].problem


def test_a_link_in_the_place_of_the_folder_is_refused(user_folders: Path) -> None:
    folder = folder_of_user(create=True)
    folder.rmdir()
    folder.symlink_to(user_folders)

    with pytest.raises(ttAddressError, match="is no folder"):
        folder_of_user(create=True)


def test_a_folder_of_somebody_else_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder_of_user(create=True)
    monkeypatch.setattr("os.geteuid", lambda: folder.stat().st_uid + 1)

    from tasktonic.protocol.address import verify_folder

    with pytest.raises(ttAddressError, match="belongs to user"):
        verify_folder(folder)


def test_without_a_runtime_folder_one_below_the_temporary_folder_is_made(
    monkeypatch: pytest.MonkeyPatch, temporary: Path
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/nowhere/at/all")

    folder = folder_of_user(create=True)

    assert folder == temporary / f"tasktonic-{os.geteuid()}"
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_token_is_for_the_user_alone() -> None:
    path = folder_of_user(create=True) / "1.token"
    write_private(path, "secret\n")

    assert path.stat().st_mode & 0o777 == 0o600
    assert read_token(path) == "secret"


def test_a_token_that_is_a_link_is_not_followed() -> None:
    folder = folder_of_user(create=True)
    write_private(folder / "real", "secret")
    (folder / "1.token").symlink_to(folder / "real")

    with pytest.raises(ttAddressError, match="cannot be read"):
        read_token(folder / "1.token")


def test_a_path_too_long_for_a_socket_gives_way_to_a_shorter_one(temporary: Path) -> None:
    address = listening_address(Path("/" + "x" * 150), 7)

    assert address.path == str(temporary / f"tasktonic-{os.geteuid()}" / "7.sock")


def test_without_room_for_a_socket_a_port_is_used(monkeypatch: pytest.MonkeyPatch, temporary: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(temporary / ("x" * 150)))

    assert str(listening_address(Path("/" + "x" * 150), 7)) == "tcp:127.0.0.1:0"


@pytest.mark.parametrize("text", ["unix:/run/user/1000/tasktonic/7.sock", "tcp:127.0.0.1:4711"])
def test_addresses_come_back_as_they_were(text: str) -> None:
    assert str(Address.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["", "unix:", "tcp:127.0.0.1:0", "tcp:127.0.0.1:99999", "tcp:0.0.0.0:80", "tcp:example.org:80", "http://x"]
)
def test_other_addresses_are_refused(text: str) -> None:
    with pytest.raises(ttAddressError, match="is no address of a probe"):
        Address.parse(text)


def test_a_process_that_nobody_waited_for_does_not_run() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE)
    assert child.stdout is not None
    with child.stdout as output:
        output.read()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)

    assert not is_running(child.pid, "")
    child.wait()


def test_this_process_runs() -> None:
    assert is_running(os.getpid(), process_started(os.getpid()))
    assert not is_running(os.getpid(), "another time")
    assert not is_running(-1, "")
