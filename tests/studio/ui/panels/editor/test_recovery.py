from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tasktonic_studio.ui.panels.editor.recovery import Recovery

KEEP_AND_DIE = """
import os, sys
from pathlib import Path
from tasktonic_studio.ui.panels.editor.recovery import Recovery
recovery = Recovery(Path(sys.argv[1]))
recovery.keep(Path("/x/a.py"), "é\\ud800😀\\r\\n")
os._exit(9)
"""


def test_a_text_outlives_a_process_that_dies(tmp_path: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", KEEP_AND_DIE, str(tmp_path)], check=False)
    assert ended.returncode == 9

    recovery = Recovery(tmp_path)
    (left,) = recovery.left_texts()

    assert (left.path, left.text) == (Path("/x/a.py"), "é\ud800😀\r\n")
    recovery.close()


def test_texts_of_a_studio_that_runs_are_not_offered(tmp_path: Path) -> None:
    running, other = Recovery(tmp_path), Recovery(tmp_path)
    running.keep(Path("a"), "text")

    assert other.left_texts() == []
    assert running.left_texts() == []

    running.close()
    assert [left.text for left in other.left_texts()] == ["text"]
    other.close()


def test_what_one_took_is_not_offered_to_another(tmp_path: Path) -> None:
    ended = Recovery(tmp_path)
    ended.keep(Path("a"), "text")
    ended.close()
    one, other = Recovery(tmp_path), Recovery(tmp_path)

    assert len(one.left_texts()) == 1
    assert other.left_texts() == []
    one.close()
    other.close()


def test_a_kept_text_is_replaced_by_the_next(tmp_path: Path) -> None:
    ended = Recovery(tmp_path)
    ended.keep(Path("a"), "one")
    ended.keep(Path("a"), "two")
    ended.close()

    recovery = Recovery(tmp_path)
    assert [left.text for left in recovery.left_texts()] == ["two"]
    recovery.close()


def test_nothing_remains_of_what_was_forgotten(tmp_path: Path) -> None:
    recovery = Recovery(tmp_path)
    recovery.keep(Path("a"), "one")

    recovery.forget(Path("a"))
    recovery.close()

    assert list(tmp_path.iterdir()) == []


def test_nothing_remains_of_what_was_thrown_away(tmp_path: Path) -> None:
    ended = Recovery(tmp_path)
    ended.keep(Path("a"), "one")
    ended.close()
    recovery = Recovery(tmp_path)

    for left in recovery.left_texts():
        recovery.throw_away(left)
    recovery.close()

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("junk", [b"", b"{", b"[]", b'{"path": 1, "text": "x"}', b'{"text": "x"}', b"\xff"])
def test_what_cannot_be_read_stays_where_it_is(tmp_path: Path, junk: bytes) -> None:
    folder = tmp_path / "1-dead"
    folder.mkdir()
    (folder / "x.json").write_bytes(junk)

    recovery = Recovery(tmp_path)
    assert recovery.left_texts() == []
    recovery.close()

    assert (folder / "x.json").read_bytes() == junk


def test_the_folder_is_for_this_user_only(tmp_path: Path) -> None:
    recovery = Recovery(tmp_path / "drafts")
    recovery.keep(Path("a"), "secret")

    (own,) = (tmp_path / "drafts").iterdir()
    assert own.stat().st_mode & 0o077 == 0
    recovery.close()


def test_without_a_folder_nothing_was_left(tmp_path: Path) -> None:
    assert Recovery(tmp_path / "none").left_texts() == []
