"""`tool.py` makes the environment, keeps it right, and gives it up in good order."""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import tool
from tests.tooling.conftest import Checkout

fcntl = pytest.importorskip("fcntl", reason="locks and process groups of POSIX")

SNAPSHOT = ("run", "--snapshot", "out.png")


def started(done: subprocess.CompletedProcess[str]) -> dict[str, object]:
    """What the stand-in for the studio tells about its start."""
    assert done.stdout, done.stderr
    told = json.loads(done.stdout)
    assert isinstance(told, dict)
    return told


@pytest.mark.end_to_end
def test_first_start_makes_the_environment_before_it_starts_the_studio(checkout: Checkout) -> None:
    done = checkout.tool(*SNAPSHOT)

    assert started(done)["arguments"] == ["--snapshot", "out.png"]
    assert "Making the environment" in done.stderr
    assert (checkout.environment / "tasktonic-studio.stamp").exists()
    assert not (checkout.root / ".venv.new").exists()


def test_later_start_says_nothing_and_asks_no_index(prepared: Checkout) -> None:
    done = prepared.tool(*SNAPSHOT, PIP_FIND_LINKS="/nowhere")

    assert started(done)["arguments"] == ["--snapshot", "out.png"]
    assert done.stderr == ""


def test_exit_code_of_the_studio_is_passed_on(prepared: Checkout) -> None:
    assert prepared.tool("run", "--help").returncode == 7


def test_snapshot_draws_without_a_display(prepared: Checkout) -> None:
    assert started(prepared.tool(*SNAPSHOT))["platform"] == "offscreen"


def test_platform_that_was_chosen_is_kept_for_a_snapshot(prepared: Checkout) -> None:
    assert started(prepared.tool(*SNAPSHOT, QT_QPA_PLATFORM="minimal"))["platform"] == "minimal"


def test_file_in_the_current_folder_is_not_taken_for_a_module(prepared: Checkout, tmp_path: Path) -> None:
    for name in ("json.py", "tasktonic_studio.py"):
        (tmp_path / name).write_text("raise SystemExit('the wrong file')\n")

    assert started(prepared.tool(*SNAPSHOT, cwd=tmp_path))["arguments"] == ["--snapshot", "out.png"]


def test_one_line_command_can_be_a_link_elsewhere(prepared: Checkout, tmp_path: Path) -> None:
    (tmp_path / "tts").symlink_to(prepared.root / "studio")

    done = subprocess.run(
        [tmp_path / "tts", "--snapshot", "o.png"], env=prepared.environ(), capture_output=True, text=True, check=False
    )

    assert started(done)["arguments"] == ["--snapshot", "o.png"]


@pytest.mark.end_to_end
def test_changed_lock_renews_the_environment(prepared_copy: Checkout) -> None:
    prepared_copy.lock("requirements.lock", "small", "checkers")

    done = prepared_copy.tool(*SNAPSHOT)

    assert "was made before requirements.lock changed" in done.stderr
    assert prepared_copy.why_not() is None
    assert [path.name for path in prepared_copy.root.glob(".venv*") if path.is_dir()] == [".venv"]


def test_studio_is_content_with_the_environment_of_the_checks(prepared: Checkout) -> None:
    assert "Making" not in prepared.tool(*SNAPSHOT).stderr


@pytest.mark.end_to_end
def test_first_start_that_was_broken_off_is_mended(checkout: Checkout) -> None:
    for name in (".venv.new/bin", ".venv/bin"):
        (checkout.root / name).mkdir(parents=True)
        (checkout.root / name / "python").write_text("half a file")

    done = checkout.tool(*SNAPSHOT)

    assert "it is not finished" in done.stderr
    assert started(done)["arguments"] == ["--snapshot", "out.png"]


def test_moved_folder_is_mended_without_an_index(prepared: Checkout, prepared_copy: Checkout) -> None:
    done = prepared_copy.tool(*SNAPSHOT, PIP_FIND_LINKS="/nowhere")

    assert "The folder was moved" in done.stderr
    assert started(done)["file"] == str(prepared_copy.root / "tasktonic_studio" / "__main__.py")
    pip = (prepared_copy.environment / "bin" / "pip").read_text()
    assert str(prepared_copy.root) in pip
    assert str(prepared.root) not in pip


def test_link_to_the_environment_of_another_checkout_is_refused(
    prepared: Checkout, prepared_copy: Checkout, tmp_path: Path
) -> None:
    shutil.rmtree(prepared_copy.environment)
    prepared_copy.environment.symlink_to(prepared.environment)
    before = (prepared.environment / "bin" / "pip").read_text()

    done = prepared_copy.tool(*SNAPSHOT)

    assert done.returncode == 1
    assert f"is a link to the environment of another checkout, {prepared.root}." in done.stderr
    assert "Remove the link and run this again" in done.stderr
    assert (prepared.environment / "bin" / "pip").read_text() == before
    assert prepared.why_not() is None


def test_environment_that_lost_a_package_is_made_again(prepared_copy: Checkout) -> None:
    (installed,) = prepared_copy.environment.glob("lib/*/site-packages/small.py")
    installed.unlink()

    assert prepared_copy.why_not() == "is damaged"


def test_environment_whose_python_was_upgraded_is_made_again(prepared_copy: Checkout) -> None:
    stamp = prepared_copy.environment / "tasktonic-studio.stamp"
    content = json.loads(stamp.read_text())
    content["base"]["changed"] -= 1
    stamp.write_text(json.dumps(content))

    assert prepared_copy.why_not() == "was made with a Python that has changed"


def test_environment_that_had_the_tests_gets_them_again(prepared: Checkout) -> None:
    environment = tool.Environment(str(prepared.root), str(prepared.root))

    assert environment.locks_to_install(["requirements.lock"]) == ["requirements.lock", "requirements-test.lock"]


@pytest.mark.end_to_end
def test_second_process_waits_until_the_first_has_made_the_environment(checkout: Checkout) -> None:
    with (checkout.root / ".venv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        second = checkout.start(*SNAPSHOT)
        assert second.stderr is not None
        told = second.stderr.readline()
        fcntl.flock(lock, fcntl.LOCK_UN)
    out, _ = second.communicate()

    assert told == "Another ./studio or ./check is making the environment; waiting for it.\n"
    assert json.loads(out)["arguments"] == ["--snapshot", "out.png"]


@pytest.mark.end_to_end
def test_interrupt_while_installing_ends_in_a_sentence(checkout: Checkout) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent_index:
        index = f"http://127.0.0.1:{silent_index.getsockname()[1]}/"
        process = checkout.start(*SNAPSHOT, PIP_NO_INDEX="0", PIP_FIND_LINKS="", PIP_INDEX_URL=index)
        connection, _ = silent_index.accept()
        with connection:
            os.killpg(process.pid, signal.SIGINT)
            _, told = process.communicate()

    assert process.returncode == 1
    assert "Interrupted. Nothing is half done" in told
    assert "Traceback" not in told
    assert not checkout.environment.exists()
    assert not (checkout.root / ".venv.new").exists()


@pytest.mark.end_to_end
def test_unreachable_index_is_told_in_a_sentence(checkout: Checkout) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nobody = f"http://127.0.0.1:{closed.getsockname()[1]}/"

    done = checkout.tool(*SNAPSHOT, PIP_NO_INDEX="0", PIP_FIND_LINKS="", PIP_INDEX_URL=nobody, PIP_RETRIES="1")

    assert done.returncode == 1
    assert "The packages could not be downloaded: the package index does not answer." in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.end_to_end
def test_package_that_is_not_the_locked_one_is_refused(checkout: Checkout) -> None:
    text = (checkout.root / "requirements.lock").read_text()
    digest = text.strip()[-64:]
    (checkout.root / "requirements.lock").write_text(text.replace(digest, "0" * 64))

    done = checkout.tool(*SNAPSHOT)

    assert done.returncode == 1
    assert "A package that was downloaded is not the one in the lock file" in done.stderr
    assert not checkout.environment.exists()


def test_read_only_checkout_gets_its_environment_in_the_cache_folder(
    prepared: Checkout, user_folders: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    root = tmp_path / "read only"
    shutil.copytree(prepared.root, root, ignore=shutil.ignore_patterns(".venv*"))
    may = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: path != str(root) and may(path, mode))

    environment = tool.environment_of(str(root), ["requirements.lock"])

    assert Path(environment.folder).is_relative_to(user_folders / "cache" / "tasktonic-studio")
    assert Path(environment.home).is_dir()


def test_environment_in_a_read_only_checkout_is_used_when_it_is_good(
    prepared: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)

    environment = tool.environment_of(str(prepared.root), ["requirements.lock"])

    assert environment.folder == str(prepared.environment)


def test_no_place_at_all_for_the_environment_is_told(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(os, "access", lambda path, mode: False)

    with pytest.raises(tool.Trouble, match="set XDG_CACHE_HOME to a folder"):
        tool.environment_of(str(checkout.root), ["requirements.lock"])


def test_project_table_counts_and_settings_of_checks_do_not(checkout: Checkout) -> None:
    project = checkout.root / "pyproject.toml"
    before = tool.project_digest(str(checkout.root))

    project.write_text(project.read_text().replace("100", "120"))
    after_setting = tool.project_digest(str(checkout.root))
    project.write_text(project.read_text().replace("small", "large"))
    after_name = tool.project_digest(str(checkout.root))

    assert after_setting == before
    assert after_name != before


def test_stamp_that_is_not_whole_counts_as_none(checkout: Checkout) -> None:
    checkout.environment.mkdir()
    (checkout.environment / "tasktonic-studio.stamp").write_text('{"format": 1}')

    assert checkout.why_not() == "is not finished"


def test_console_command_of_the_environment_starts_the_studio(prepared: Checkout) -> None:
    (prepared.root / "tasktonic_studio" / "cli.py").write_text(
        "def console():\n    print('the window')\n    return 5\n"
    )

    done = subprocess.run(
        [prepared.environment / "bin" / "tasktonic-studio"], capture_output=True, text=True, check=False
    )

    assert (done.stdout, done.returncode) == ("the window\n", 5)


@pytest.mark.parametrize(
    "said, sentence",
    [
        ("Error: FileNotFoundError: No usable temporary directory found", "for temporary files while it is made"),
        ("ERROR: Could not install packages: [Errno 28] No space left on device", "The disk is full"),
        ("WARNING: Retrying ... ProxyError('Cannot connect to proxy.')", "Behind a proxy set HTTPS_PROXY"),
        ("ERROR: No matching distribution found for lexilla==5.5.0.1", "no ready-made build for this machine"),
        ("something new\n", "The environment could not be made: something new."),
    ],
)
def test_what_pip_says_becomes_a_sentence(said: str, sentence: str) -> None:
    told = tool.reason_of_failure(said, "/place/.venv.log")

    assert sentence in told
    assert told.endswith("The whole story is in /place/.venv.log.")


def test_checks_are_summed_up_when_all_pass(prepared: Checkout) -> None:
    done = prepared.tool("test", "-k", "one test")

    assert done.returncode == 0
    assert done.stdout.count("CALLED") == 5
    assert "'--dist', 'loadfile', '--max-worker-restart', '0', '-k', 'one test']" in done.stdout
    assert done.stdout.endswith("All checks passed.\n")


def has_ended(pid: int) -> bool:
    """Whether this process, which is nobody's child here, ends."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], 30)[0])
    finally:
        os.close(handle)


HANGING = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
open(sys.argv[1], "w").write(str(child.pid))
time.sleep(600)
"""


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="asks Linux whether a process has ended")
def test_check_that_does_not_end_is_ended_with_all_it_has_started(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = tmp_path / "child"

    for seconds in (2, 4, 8, 16, 32):
        code = tool.call_within(seconds, [sys.executable, "-c", HANGING, str(told)], dict(os.environ))
        assert code == 1
        if told.exists() and told.read_text():
            break  # else the machine is too slow to start two interpreters in that time

    assert "did not end within" in capsys.readouterr().err
    assert has_ended(int(told.read_text()))


def test_check_that_ends_by_itself_gives_its_exit_code() -> None:
    assert tool.call_within(60, [sys.executable, "-c", "raise SystemExit(7)"], dict(os.environ)) == 7


def test_failed_check_is_named_after_all_others_have_run(prepared: Checkout) -> None:
    done = prepared.tool("test", FAIL="mypy.py")

    assert done.returncode == 1
    assert done.stdout.count("CALLED") == 5
    assert done.stdout.endswith("Failed: types.\n")


def test_fast_check_says_what_it_leaves_out(prepared: Checkout) -> None:
    done = prepared.tool("test", "--fast")

    assert "not end_to_end and not xvfb" in done.stdout
    assert "Left out by --fast" in done.stdout


def test_running_python_is_not_asked_for_when_the_environment_is_good(
    prepared: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tool, "SUPPORTED", ((3, 99),))
    monkeypatch.setattr(tool, "ROOT", str(prepared.root))

    environment = tool.ready(["run"], ["requirements.lock"], [])

    assert environment.python == str(prepared.environment / "bin" / "python")
    assert sys.version_info[:2] not in tool.SUPPORTED
