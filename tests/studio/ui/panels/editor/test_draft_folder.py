"""Drafts on file systems that lock nothing: offered when their Studio runs no more, and not before."""

from __future__ import annotations

import errno
import os
import platform
import sys
from pathlib import Path

import pytest

from tasktonic.protocol.address import process_started
from tasktonic_studio.ui.panels.editor import draft_folder
from tasktonic_studio.ui.panels.editor.recovery import Recovery

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows locks files everywhere")


@pytest.fixture(params=[errno.ENOLCK, errno.ENOTSUP], ids=["ENOLCK", "ENOTSUP"])
def left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Path:
    """The lock of a folder with a draft, signed by this process, where nothing can be locked."""

    def flock(_descriptor: int, _how: int) -> None:
        raise OSError(request.param, "no locks here")

    monkeypatch.setattr("fcntl.flock", flock)
    recovery = Recovery(tmp_path)
    recovery.keep(Path("a.py"), "text")
    recovery.wait()
    assert not recovery.problems()
    (lock,) = tmp_path.glob(f"*/{draft_folder.LOCK}")
    return lock


def offered(folder: Path) -> list[str]:
    other = Recovery(folder)
    texts = [it.text for it in other.left_texts()]
    other.close()
    return texts


def test_texts_of_a_studio_that_runs_are_not_offered(left: Path, tmp_path: Path) -> None:
    assert offered(tmp_path) == []


@pytest.mark.parametrize(
    "signed",
    ["", f"{os.getpid()}\n1\n{platform.node()}\n", f"4194304000\n\n{platform.node()}\n", "half"],
    ids=["let go", "another process with its number", "no such process", "not signed to the end"],
)
def test_texts_of_a_studio_that_runs_no_more_are_offered_once(left: Path, tmp_path: Path, signed: str) -> None:
    left.write_text(signed)
    one, other = Recovery(tmp_path), Recovery(tmp_path)

    assert [it.text for it in one.left_texts()] == ["text"]
    assert other.left_texts() == []
    one.close()
    other.close()
    assert offered(tmp_path) == ["text"], "one did not take them over"


def test_texts_of_another_machine_are_left_to_it(left: Path, tmp_path: Path) -> None:
    left.write_text(f"{os.getpid()}\n1\nelsewhere\n")

    assert offered(tmp_path) == []


@pytest.mark.parametrize(
    "name", ["4194304000-12345678", "4194304000-77-12345678-87654321"], ids=["of before", "of now"]
)
def test_of_two_studios_that_start_in_one_instant_one_is_offered_a_text(
    left: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    left.write_text("4194304000\n77\nnobody's\n".replace("nobody's", platform.node()))
    left.parent.rename(tmp_path / name.replace("12345678-", f"{draft_folder._hashed(platform.node())}-"))
    one, other = Recovery(tmp_path), Recovery(tmp_path)
    seen: list[list[str]] = []
    look = draft_folder._has_owner

    def slowly(held: int) -> bool:
        """Look, and before anything follows from it somebody else starts."""
        found = look(held)
        monkeypatch.setattr(draft_folder, "_has_owner", look)
        seen.append([it.text for it in other.left_texts()])
        return found

    monkeypatch.setattr(draft_folder, "_has_owner", slowly)

    seen.append([it.text for it in one.left_texts()])

    assert seen == [["text"], []]
    one.close()
    other.close()


def test_a_folder_that_was_just_taken_is_left_to_who_has_taken_it_before_the_lock_says_so(
    left: Path, tmp_path: Path
) -> None:
    begin = f"{os.getppid()}-{draft_folder._hashed(process_started(os.getppid()))}-"
    left.write_text("4194304000\n77\nhere\n".replace("here", platform.node()))
    here = left.parent.rename(tmp_path / f"{begin}{draft_folder._hashed(platform.node())}-00000000")
    assert offered(tmp_path) == []

    here = here.rename(tmp_path / f"{begin}ffffffff-00000000")
    assert offered(tmp_path) == [], "only the other machine can tell"

    here.rename(tmp_path / f"4194304000-77-{draft_folder._hashed(platform.node())}-00000000")
    assert offered(tmp_path) == ["text"]
