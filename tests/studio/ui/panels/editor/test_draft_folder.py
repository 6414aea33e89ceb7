"""Drafts on file systems that lock nothing: offered when their Studio runs no more, and not before."""

from __future__ import annotations

import errno
import os
import platform
import sys
from pathlib import Path

import pytest

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
