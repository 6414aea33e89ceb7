"""JSON lines in a file."""

from __future__ import annotations

import json
import os
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tasktonic import ttTonic
from tasktonic.loggers import LogRecord
from tasktonic.loggers.file import FileLog, as_json
from tests.helpers.apps import run_app
from tests.helpers.logged_apps import run_program


class Speaker(ttTonic):
    def __init__(self, *texts: str) -> None:
        super().__init__(name="speaker")
        self.texts = texts

    def ttse__on_start(self) -> None:
        for text in self.texts:
            self.log(text)
        self.ttsc__end()

    def ttsc__end(self) -> None:
        self.finish()


class Failing(ttTonic):
    def ttse__on_start(self) -> None:
        self.finish()
        raise LookupError("lost")


def run_to_file(start: Any, path: Path | str, **settings: Any) -> list[dict[str, Any]]:
    """Run an app that logs to a file; gives what stands in there."""
    more = {f"tasktonic/log/{key}": value for key, value in settings.items()}
    run_app(start, settings={"tasktonic/log/to": "file", "tasktonic/log/file/path": str(path), **more})
    return objects(Path(path)) if Path(path).is_file() else []


def objects(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_each_line_is_an_object(tmp_path: Path) -> None:
    lines = run_to_file(lambda: Speaker("hello\nthere"), tmp_path / "app.log")

    assert [(line["event"], line["name"]) for line in lines] == [
        ("created", "main_catalyst"),
        ("created", "speaker"),
        ("said", "speaker"),
        ("finished", "speaker"),
        ("finished", "main_catalyst"),
    ]
    assert lines[2]["text"] == "hello\nthere"
    assert lines[0]["id"] == 0


def test_time_is_that_of_the_wall_with_its_zone(tmp_path: Path) -> None:
    before = time.time()

    lines = run_to_file(lambda: Speaker("hello"), tmp_path / "app.log")

    at = datetime.fromisoformat(lines[2]["time"])
    assert at.tzinfo is not None
    assert before - 1 <= at.timestamp() <= time.time() + 1


def test_run_has_sparkle_with_states(tmp_path: Path) -> None:
    lines = run_to_file(Speaker, tmp_path / "app.log", default="full")

    ran = [
        {k: v for k, v in line.items() if k not in ("time", "id", "name")} for line in lines if line["event"] == "ran"
    ]
    assert {"event": "ran", "sparkle": "ttsc__end", "before": "--", "after": "--"} in ran
    assert {"event": "ran", "sparkle": "ttse__on_finished", "before": "--", "after": "--", "is_hook": True} in ran


def test_error_has_its_traceback(tmp_path: Path) -> None:
    lines = run_to_file(Failing, tmp_path / "app.log")

    error = next(line for line in lines if line["event"] == "raised")
    assert (error["sparkle"], error["error"], error["text"]) == ("ttse__on_start", "LookupError", "lost")
    assert error["traceback"].startswith("Traceback (most recent call last):")


@pytest.mark.parametrize("text", ["", "π 漢字 🎉", '"quoted" \\ back', "\x00\x1b\x85\u2028\u2029", "\ud800 half"])
def test_any_text_comes_back(text: str, tmp_path: Path) -> None:
    lines = run_to_file(lambda: Speaker(text), tmp_path / "app.log")

    assert next(line for line in lines if line["event"] == "said").get("text", "") == text


def test_next_app_appends(tmp_path: Path) -> None:
    run_to_file(lambda: Speaker("first"), tmp_path / "app.log")

    lines = run_to_file(lambda: Speaker("second"), tmp_path / "app.log")

    assert [line["text"] for line in lines if line["event"] == "said"] == ["first", "second"]


def test_line_that_was_cut_off_by_a_kill_spoils_no_other(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_text('{"event": "sa')

    run_app(lambda: Speaker("hello"), settings={"tasktonic/log/to": "file", "tasktonic/log/file/path": path})

    first, *others = path.read_text().splitlines()
    assert first == '{"event": "sa'
    assert [json.loads(line)["event"] for line in others][:2] == ["created", "created"]


def test_stealth_makes_no_file(tmp_path: Path) -> None:
    run_to_file(lambda: Speaker("hello"), tmp_path / "app.log", default="stealth")

    assert list(tmp_path.iterdir()) == []


def said(number: int) -> LogRecord:
    return LogRecord(0.0, "said", 1, "speaker", f"line {number:03d}")


def write(log: FileLog, numbers: range, flush_each: bool = False) -> None:
    for number in numbers:
        log.write(said(number))
        if flush_each:
            log.flush()
    log.flush()
    log.close()


SIZE = len(as_json(said(0)))


@pytest.mark.parametrize("flush_each", [False, True])
def test_file_is_rotated_by_size(flush_each: bool, tmp_path: Path) -> None:
    log = FileLog(tmp_path / "app.log", max_bytes=3 * SIZE, backups=2)

    write(log, range(10), flush_each)

    texts = {path.name: [line["text"][-1] for line in objects(path)] for path in tmp_path.iterdir()}
    assert texts == {"app.log": ["9"], "app.log.1": ["6", "7", "8"], "app.log.2": ["3", "4", "5"]}


def test_no_file_is_larger_than_allowed(tmp_path: Path) -> None:
    log = FileLog(tmp_path / "app.log", max_bytes=3 * SIZE + 10, backups=100)

    write(log, range(50))

    assert all(path.stat().st_size <= 3 * SIZE + 10 for path in tmp_path.iterdir())
    assert len(list(tmp_path.iterdir())) == 17


def test_line_longer_than_allowed_has_a_file_of_its_own(tmp_path: Path) -> None:
    log = FileLog(tmp_path / "app.log", max_bytes=SIZE // 2, backups=5)

    write(log, range(3))

    assert [len(objects(path)) for path in tmp_path.iterdir()] == [1, 1, 1]


def test_without_backups_the_file_begins_anew(tmp_path: Path) -> None:
    log = FileLog(tmp_path / "app.log", max_bytes=3 * SIZE, backups=0)

    write(log, range(7))

    assert [path.name for path in tmp_path.iterdir()] == ["app.log"]
    assert [line["text"] for line in objects(tmp_path / "app.log")] == ["line 006"]


def test_size_of_nought_is_any_size(tmp_path: Path) -> None:
    log = FileLog(tmp_path / "app.log", max_bytes=0)

    write(log, range(1000))

    assert len(objects(tmp_path / "app.log")) == 1000


def test_size_counts_what_an_earlier_app_has_left(tmp_path: Path) -> None:
    write(FileLog(tmp_path / "app.log", max_bytes=3 * SIZE), range(2))

    write(FileLog(tmp_path / "app.log", max_bytes=3 * SIZE), range(2, 4))

    assert len(objects(tmp_path / "app.log.1")) == 3
    assert len(objects(tmp_path / "app.log")) == 1


def test_app_rotates_its_file(tmp_path: Path) -> None:
    texts = [f"line {number}" for number in range(500)]

    run_to_file(lambda: Speaker(*texts), tmp_path / "app.log", **{"file/max_bytes": 10_000, "file/backups": 100})

    numbers = sorted((int(path.suffix[1:]) for path in tmp_path.glob("app.log.*")), reverse=True)
    files = [*(tmp_path / f"app.log.{number}" for number in numbers), tmp_path / "app.log"]
    lines = [line for path in files for line in objects(path)]
    assert len(files) > 3
    assert [line["text"] for line in lines if line["event"] == "said"] == texts


# -- bad days -----------------------------------------------------------------------------------------------------------


def one_sentence(capsys: pytest.CaptureFixture[str]) -> str:
    """What went to stderr: the one sentence, without the errors of sparkles."""
    lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("tasktonic:")]
    assert len(lines) == 1
    return lines[0]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is always full")
def test_disk_that_is_full_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    texts = ["hello"] * 2000

    run_to_file(lambda: Speaker(*texts), "/dev/full")

    assert one_sentence(capsys) == (
        "tasktonic: the log target file failed: OSError: [Errno 28] No space left on device. "
        "It writes no more; the app goes on."
    )


def test_folder_that_is_missing_is_told_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "nowhere" / "app.log"

    run_to_file(lambda: Speaker("hello"), path)

    assert one_sentence(capsys) == (
        f"tasktonic: the log target file failed: FileNotFoundError: [Errno 2] No such file or directory: '{path}'. "
        "It writes no more; the app goes on."
    )
    assert not path.parent.exists()


@pytest.mark.skipif(os.name != "posix", reason="here anybody may write in the root folder")
def test_folder_that_may_not_be_written_is_told_once() -> None:
    program = (
        "import os\n"
        "from tasktonic import *\n"
        "if os.geteuid() == 0: os.setuid(65534)\n"  # the administrator may write everywhere
        "class App(ttFormula):\n"
        "    def creating_formula(self):\n"
        "        return {'tasktonic/log/to': 'file', 'tasktonic/log/file/path': '/app.log'}\n"
        "    def creating_starting_tonics(self): ttTonic().finish()\n"
        "App()\n"
    )

    _, err = run_program(program)

    assert err == (
        "tasktonic: the log target file failed: PermissionError: [Errno 13] Permission denied: '/app.log'. "
        "It writes no more; the app goes on.\n"
    )


def test_path_that_is_a_folder_is_told_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run_to_file(lambda: Speaker("hello"), tmp_path)

    assert "the log target file failed: IsADirectoryError: [Errno 21]" in one_sentence(capsys)


def test_rotation_that_fails_is_told_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "app.log.1").mkdir()  # nothing can be renamed to this

    run_to_file(
        lambda: Speaker(*["hello"] * 500), tmp_path / "app.log", **{"file/max_bytes": 10_000, "file/backups": 1}
    )

    assert "the log target file failed: IsADirectoryError" in one_sentence(capsys)
    assert objects(tmp_path / "app.log")[-1]["text"] == "hello"


def test_error_of_a_sparkle_reaches_stderr_when_the_file_cannot_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_to_file(Failing, tmp_path / "nowhere" / "app.log")

    assert "LookupError: lost" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="this system does not tell which files are open")
def test_file_is_closed_at_the_end(tmp_path: Path) -> None:
    run_to_file(lambda: Speaker("hello"), tmp_path / "app.log")

    opened = [str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    assert not any(str(tmp_path) in path for path in opened)
