from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tasktonic_studio.ui.panels.editor.recovery import Recovery

KEEP_AND_DIE = """
import os, sys
from pathlib import Path
from tasktonic_studio.ui.panels.editor.recovery import Recovery
recovery = Recovery(Path(sys.argv[1]))
recovery.keep(Path("/x/a.py"), "é\\ud800😀\\r\\n")
recovery.wait()
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
    running.wait()

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


@pytest.mark.parametrize(
    "junk",
    [
        *(b"", b"{", b"[]", b'{"path": 1, "text": "x"}', b'{"text": "x"}', b"\xff"),
        pytest.param(b"[" * 200_000, id="nested too deeply"),
    ],
)
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
    recovery.wait()

    (own,) = (tmp_path / "drafts").iterdir()
    assert own.stat().st_mode & 0o077 == 0
    recovery.close()


def test_without_a_folder_nothing_was_left(tmp_path: Path) -> None:
    assert Recovery(tmp_path / "none").left_texts() == []


def test_a_text_is_on_the_disk_before_it_takes_the_place_of_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    sync, replace = os.fsync, Path.replace

    def synced(descriptor: int) -> None:
        sync(descriptor)
        done.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "text")

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", lambda one, other: (done.append("name"), replace(one, other)))
    recovery = Recovery(tmp_path)

    recovery.keep(Path("a"), "one")
    recovery.close()

    assert done == ["text", "name", "folder"]


def test_nobody_waits_for_the_disk_and_only_the_last_text_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go_on, synced = threading.Event(), []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(descriptor) if may_go_on.wait(40) else None)
    recovery = Recovery(tmp_path)

    for number in range(100):
        recovery.keep(Path("a"), f"text {number}")
    assert synced == []
    may_go_on.set()
    recovery.close()

    again = Recovery(tmp_path)
    assert [left.text for left in again.left_texts()] == ["text 99"]
    assert len(synced) <= 4
    again.close()


def test_what_is_forgotten_while_it_is_written_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    may_go_on = threading.Event()
    monkeypatch.setattr(os, "fsync", lambda _: may_go_on.wait(40))
    recovery = Recovery(tmp_path)
    recovery.keep(Path("a"), "text")

    recovery.forget(Path("a"))
    may_go_on.set()
    recovery.close()

    assert list(tmp_path.iterdir()) == []


def test_a_text_under_its_new_name_is_written_before_the_old_one_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go_on = threading.Event()
    monkeypatch.setattr(os, "fsync", lambda _: may_go_on.wait(40))
    recovery = Recovery(tmp_path)
    do = recovery._do
    done: list[tuple[str, str | None]] = []

    def noted(path: Path, kept: tuple[str, bytes] | None) -> OSError | None:
        done.append((path.name, kept[0] if kept is not None else None))
        return do(path, kept)

    recovery._do = noted  # type: ignore[method-assign]
    recovery.keep(Path("busy"), "text")
    recovery.keep(Path("old"), "text")

    recovery.keep(Path("new"), "text")
    recovery.forget(Path("old"))
    may_go_on.set()
    recovery.close()

    assert done == [("busy", "text"), ("new", "text"), ("old", None)]


def test_a_text_that_could_not_be_kept_is_told_until_one_could(tmp_path: Path) -> None:
    (tmp_path / "drafts").write_text("a file, where a folder should be")
    recovery = Recovery(tmp_path / "drafts")
    recovery.keep(Path("a"), "text")
    recovery.wait()
    assert list(recovery.problems()) == [Path("a")]

    (tmp_path / "drafts").unlink()
    recovery.keep(Path("a"), "text")
    recovery.wait()

    assert recovery.problems() == {}
    recovery.close()


def test_a_text_that_cannot_be_removed_troubles_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "no")

    recovery = Recovery(tmp_path)
    recovery.keep(Path("a"), "text")
    recovery.wait()
    with monkeypatch.context() as here:
        here.setattr(Path, "unlink", refuse)
        recovery.forget(Path("a"))
        recovery.wait()
    recovery.close()

    again = Recovery(tmp_path)
    (left,) = again.left_texts()
    with monkeypatch.context() as here:
        here.setattr(Path, "unlink", refuse)
        again.throw_away(left)
    again.close()
    assert left.kept_in.exists()


def test_a_folder_that_another_studio_takes_for_a_left_one_is_not_used(tmp_path: Path) -> None:
    recovery, other = Recovery(tmp_path), Recovery(tmp_path)
    made = recovery._new_folder
    taken: list[Path] = []

    def make() -> Path:
        folder = made()
        if not taken:
            taken.append(folder)
            other._take(folder)
        return folder

    recovery._new_folder = make  # type: ignore[method-assign]
    recovery.keep(Path("a"), "text")
    recovery.wait()

    assert recovery._own != taken[0]
    recovery.close()
    assert [left.text for left in other.left_texts()] == ["text"]
    other.close()


@pytest.mark.parametrize(
    "told, of",
    [
        ({"of": "0aff"}, b"\x0a\xff"),
        ({}, b""),
        ({"of": 7}, b""),
        ({"of": "no digest"}, b""),
    ],
    ids=["now", "of an earlier version", "a number", "letters"],
)
def test_a_text_is_offered_whatever_is_known_of_the_file_that_it_was_begun_from(
    tmp_path: Path, told: dict[str, object], of: bytes
) -> None:
    ended = Recovery(tmp_path)
    ended.keep(Path("a"), "text", b"\x0a\xff")
    ended.close()
    (kept,) = tmp_path.rglob("*.json")
    facts = json.loads(kept.read_text(encoding="ascii"))
    assert facts.pop("of") == "0aff"
    kept.write_text(json.dumps({**facts, **told}), encoding="ascii")

    recovery = Recovery(tmp_path)
    assert [(left.text, left.of) for left in recovery.left_texts()] == [("text", of)]
    recovery.close()
