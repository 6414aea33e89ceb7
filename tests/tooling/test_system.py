"""`tool.py` names what a machine lacks before anything that needs it is loaded."""

from __future__ import annotations

import ast
import errno
import os
import socket
import sys
from pathlib import Path

import pytest

import tool

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="displays and packages of Linux")
NO_LIBRARY = (("libnobody-has-this.so.9", "libnobody9"),)


@pytest.mark.parametrize(
    "arguments, kind",
    [
        ([], "window"),
        (["--demo"], "window"),
        (["script.py"], "window"),
        (["--attach", "123"], "window"),
        (["--snapshot", "out.png"], "snapshot"),
        (["--snapshot=out.png", "script.py"], "snapshot"),
        (["--help"], "help"),
        (["--version"], "help"),
        (["script.py", "--help"], "window"),
        (["script.py", "--snapshot", "its own"], "window"),
    ],
)
def test_kind_of_start_is_read_from_what_stands_before_the_script(arguments: list[str], kind: str) -> None:
    assert tool.kind_of_start(arguments) == kind


def test_start_without_any_display_ends_with_exit_code_3(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if not tool.ON_LINUX:
        pytest.skip("displays of Linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)

    code = tool.main(["run"])

    assert code == 3
    assert "neither DISPLAY nor WAYLAND_DISPLAY is set" in capsys.readouterr().err


@LINUX
@pytest.mark.parametrize("display", [":4711", "unix:4711.0", "127.0.0.1:4711", "nonsense", ":"])
def test_dead_x_display_is_named(display: str) -> None:
    with pytest.raises(tool.Trouble, match=f"nothing answers at DISPLAY={display}[.]") as caught:
        tool.usable_display({"DISPLAY": display})

    assert caught.value.code == 3


@LINUX
def test_x_server_that_answers_is_a_display() -> None:
    number = os.getpid()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"\0/tmp/.X11-unix/X{number}")
        server.listen()

        assert tool.usable_display({"DISPLAY": f":{number}.0"}) == "x11"


@LINUX
def test_wayland_compositor_that_answers_is_a_display(user_folders: Path) -> None:
    environ = {"WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": str(user_folders)}
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(user_folders / "wayland-7"))
        server.listen()

        assert tool.usable_display(environ) == "wayland"


@LINUX
def test_dead_wayland_display_is_named(user_folders: Path) -> None:
    with pytest.raises(tool.Trouble, match="nothing answers at WAYLAND_DISPLAY=wayland-8"):
        tool.usable_display({"WAYLAND_DISPLAY": "wayland-8", "XDG_RUNTIME_DIR": str(user_folders)})


def test_platform_that_needs_no_display_is_left_alone() -> None:
    assert tool.usable_display({"QT_QPA_PLATFORM": "offscreen"}) == "none"


def test_source_can_be_read_by_python_3_6() -> None:
    ast.parse(Path(tool.__file__).read_text(encoding="utf-8"), feature_version=(3, 6))


def test_python_that_is_too_old_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tool, "SUPPORTED", ((3, 99),))

    with pytest.raises(tool.Trouble, match=r"needs Python 3\.11, 3\.12 or 3\.13; this is cpython") as caught:
        tool.ensure_supported_python(["run"])

    assert caught.value.code == 1


def test_supported_python_on_path_takes_over(monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(tool, "SUPPORTED", ((3, 99),))
    monkeypatch.setattr(tool, "supported_python_on_path", lambda: "/bin/python3.99")
    monkeypatch.setattr(tool, "become", lambda command, environ: commands.append(command))

    tool.ensure_supported_python(["run", "--demo"])

    assert commands == [["/bin/python3.99", tool.__file__, "run", "--demo"]]


@LINUX
def test_name_on_path_without_a_python_behind_it_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "python3.98").write_text("#!/bin/sh\nexit 127\n")
    (tmp_path / "python3.99").write_text("#!/bin/sh\necho /a/real/one\n")
    for path in tmp_path.iterdir():
        path.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(tool, "SUPPORTED", ((3, 97), (3, 98), (3, 99)))

    assert tool.supported_python_on_path() == "/a/real/one"


@LINUX
def test_library_that_cannot_be_loaded_is_missing() -> None:
    assert tool.missing_libraries((("libc.so.6", "libc6"), *NO_LIBRARY)) == list(NO_LIBRARY)


def test_nothing_is_probed_outside_linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tool, "ON_LINUX", False)

    assert tool.missing_libraries(NO_LIBRARY) == []


def test_python_without_ensurepip_needs_the_venv_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tool, "has_module", lambda name: name == "venv")

    ((what, package), *_) = tool.missing_for_environment()

    assert what == "the venv module of Python"
    assert package in ("python3-venv", "python{}.{}-venv".format(*sys.version_info[:2]))


def test_ordinary_user_is_shown_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tool, "is_debian", lambda: True)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    with pytest.raises(tool.Trouble, match=r"sudo apt-get install -y --no-install-recommends libnobody9\n") as caught:
        tool.supply(list(NO_LIBRARY))

    assert caught.value.code == 3


def test_other_systems_are_told_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tool, "is_debian", lambda: False)

    with pytest.raises(tool.Trouble, match=r"lacks libnobody-has-this\.so\.9\. Install it with the system's") as caught:
        tool.supply(list(NO_LIBRARY))

    assert caught.value.code == 3


@pytest.fixture
def apt_calls(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The file in which an apt-get that installs nothing writes its arguments; root on Debian is assumed."""
    calls = tmp_path / "calls"
    program = tmp_path / "apt-get"
    program.write_text(f'#!/bin/sh\necho "$@" >> "{calls}"\necho "E: it said this"\nexit "${{APT_EXIT:-0}}"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setattr(tool, "is_debian", lambda: True)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return calls


@LINUX
def test_root_sees_the_line_while_it_is_carried_out(apt_calls: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tool.supply(list(NO_LIBRARY))

    assert "apt-get update && apt-get install -y --no-install-recommends libnobody9" in capsys.readouterr().err
    update, install = apt_calls.read_text().splitlines()
    assert update.endswith(" update")
    assert install.endswith(" install -y --no-install-recommends libnobody9")


@LINUX
def test_apt_that_fails_is_quoted(apt_calls: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APT_EXIT", "100")

    with pytest.raises(tool.Trouble, match=r"(?s)exit code 100.*E: it said this.*run this yourself: apt-get") as caught:
        tool.supply(list(NO_LIBRARY))

    assert caught.value.code == 3


@pytest.mark.parametrize(
    "error, sentence",
    [
        (OSError(errno.ENOSPC, "No space left on device", "/place/.venv.new"), "The disk is full (/place/.venv.new)"),
        (OSError(errno.EROFS, "Read-only file system", "/place"), "It did not work: Read-only file system (/place)."),
    ],
)
def test_trouble_with_files_is_a_sentence(
    error: OSError, sentence: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(environ: object) -> str:
        raise error

    monkeypatch.setattr(tool, "ON_LINUX", True)
    monkeypatch.setattr(tool, "usable_display", fails)

    assert tool.main(["run"]) == 1
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["fly"]])
def test_unknown_command_is_a_usage_error(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert tool.main(arguments) == 2
    assert "usage:" in capsys.readouterr().err
