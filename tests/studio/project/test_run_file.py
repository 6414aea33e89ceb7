"""How a project is run: written and read back, damaged files, and what is never lost."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tasktonic_studio.project.run_file import (
    PLACE,
    RunConfiguration,
    RunFile,
    configuration_for,
    is_secret,
    order_of,
)


def file_with(project: Path, content: Any) -> Path:
    path = project / PLACE
    path.parent.mkdir(exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_project_without_a_file_has_no_configurations(tmp_path: Path) -> None:
    runs = RunFile(tmp_path)

    assert (runs.all, runs.problem) == ((), "")


def test_what_is_kept_is_read_back(tmp_path: Path) -> None:
    everything = RunConfiguration(
        "fast", "app.py", ("--fast", "a b"), (("SPEED", "9"),), "data", "python3.12", "distiller", 7, True
    )
    plain = RunConfiguration("app", "app.py")

    assert RunFile(tmp_path).keep([everything, plain])

    assert RunFile(tmp_path).all == (everything, plain)


def test_file_says_only_what_is_not_as_usual(tmp_path: Path) -> None:
    RunFile(tmp_path).keep([RunConfiguration("app", "app.py")])

    written = json.loads((tmp_path / PLACE).read_text(encoding="utf-8"))

    assert written == {"format": 1, "configurations": [{"name": "app", "script": "app.py"}]}


def test_what_a_newer_version_wrote_beside_it_is_kept(tmp_path: Path) -> None:
    file = file_with(
        tmp_path, {"format": 1, "more": [1], "configurations": [{"name": "app", "script": "app.py", "colour": "red"}]}
    )
    runs = RunFile(tmp_path)

    runs.keep([*runs.all, RunConfiguration("other", "other.py")])

    written = json.loads(file.read_text(encoding="utf-8"))
    assert written["more"] == [1]
    assert written["configurations"][0]["colour"] == "red"


def test_configuration_that_is_not_understood_is_said_and_written_back(tmp_path: Path) -> None:
    bad = {"name": "bad", "script": "x.py", "how": "sideways"}
    file = file_with(tmp_path, {"configurations": [{"name": "app", "script": "app.py"}, bad]})
    runs = RunFile(tmp_path)

    assert [each.name for each in runs.all] == ["app"]
    assert "number 2: 'how' is 'normal' or 'distiller'" in runs.problem
    runs.keep(runs.all)
    assert json.loads(file.read_text(encoding="utf-8"))["configurations"][1] == bad


def test_half_a_character_that_is_not_understood_is_written_back(tmp_path: Path) -> None:
    bad = {"name": "\ud800", "script": "x.py"}
    file = file_with(tmp_path, {"configurations": [bad]})
    runs = RunFile(tmp_path)

    assert runs.keep([RunConfiguration("app", "app.py")])
    assert json.loads(file.read_text(encoding="utf-8"))["configurations"][1] == bad


def test_the_home_of_nobody_is_taken_as_it_is_written(tmp_path: Path) -> None:
    order = order_of(RunConfiguration("app", "~nobody-of-this-name/app.py"), tmp_path, "")

    assert order.script == str(tmp_path / "~nobody-of-this-name" / "app.py")


@pytest.mark.parametrize(
    "each,says",
    [
        (3, "it is no table"),
        ({"script": "x"}, "it has no 'name'"),
        ({"name": "x", "script": " "}, "it has no 'script'"),
        ({"name": "x", "script": "x", "arguments": "a b"}, "'arguments' is no list of texts"),
        ({"name": "x", "script": "x", "environment": {"A": 1}}, "'environment' is no table of texts"),
        ({"name": "x", "script": "x", "seed": True}, "'seed' is no whole number"),
        ({"name": "x", "script": "x", "record": 1}, "'record' is true or false"),
        ({"name": "x", "script": "x", "folder": None}, "'folder' is no text"),
        ({"name": "x", "script": "x\0"}, "it has a character that stands for none"),
        ({"name": "x\ud800", "script": "x"}, "it has a character that stands for none"),
        ({"name": "x", "script": "x", "arguments": ["\0"]}, "it has a character that stands for none"),
        (
            {"name": "x", "script": "x", "environment": {"A=B": ""}},
            "a variable of 'environment' has no name, or one with",
        ),
        ({"name": "first", "script": "x"}, "there are two of the name 'first'"),
    ],
)
def test_what_is_wrong_with_a_configuration_is_said(tmp_path: Path, each: Any, says: str) -> None:
    file_with(tmp_path, {"configurations": [{"name": "first", "script": "x"}, each]})

    assert f"number 2: {says}" in RunFile(tmp_path).problem


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with a name are of other systems")
def test_a_pipe_in_its_place_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / ".tasktonic").mkdir()
    os.mkfifo(tmp_path / ".tasktonic" / "run.json")

    assert "cannot be read: it is no file with text" in RunFile(tmp_path).problem


def test_a_file_that_nobody_has_written_is_not_read_to_its_end(tmp_path: Path) -> None:
    file_with(tmp_path, " " * 2_000_001)

    assert "cannot be read: it is longer than 2,000,000 bytes" in RunFile(tmp_path).problem


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"configurations": 3}', "nul", "[" * 100_000])
def test_damaged_file_is_said_and_kept_aside_when_another_is_written(tmp_path: Path, text: str) -> None:
    file = file_with(tmp_path, text)
    runs = RunFile(tmp_path)

    assert "is damaged" in runs.problem
    assert file.read_text(encoding="utf-8") == text
    assert runs.keep([RunConfiguration("app", "app.py")])
    assert file.with_name("run.json.broken").read_text(encoding="utf-8") == text
    assert (len(RunFile(tmp_path).all), runs.problem) == (1, "")


def test_file_of_a_newer_format_is_left_alone(tmp_path: Path) -> None:
    file = file_with(tmp_path, {"format": 2, "configurations": []})
    before = file.read_text(encoding="utf-8")
    runs = RunFile(tmp_path)

    assert "written by a newer version of the Studio (format 2)" in runs.problem
    assert not runs.keep([RunConfiguration("app", "app.py")])
    assert file.read_text(encoding="utf-8") == before


def test_file_that_is_no_text_is_said(tmp_path: Path) -> None:
    (tmp_path / PLACE).parent.mkdir()
    (tmp_path / PLACE).write_bytes(b"\xff\xfe\x00")

    assert "cannot be read: it is no text" in RunFile(tmp_path).problem


def test_a_file_that_cannot_be_read_for_a_while_is_said_once_and_taken_again(tmp_path: Path) -> None:
    runs = RunFile(tmp_path)
    assert runs.keep([RunConfiguration("app", "app.py")])
    text = runs.file.read_text(encoding="utf-8")
    runs.file.unlink()
    runs.file.mkdir()

    assert [runs.read(), runs.read()] == [True, False]
    assert (runs.all, runs.problem) == (
        (),
        f"{runs.file} cannot be read: it is no file with text. It is left as it is.",
    )

    runs.file.rmdir()
    runs.file.write_text(text, encoding="utf-8")

    assert [runs.read(), runs.read()] == [True, False]
    assert ([each.name for each in runs.all], runs.problem) == (["app"], "")


def test_a_list_in_the_place_of_a_table_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / PLACE).parent.mkdir()
    (tmp_path / PLACE).write_text("[1]", encoding="utf-8")

    assert "is damaged (it is no table with 'configurations')" in RunFile(tmp_path).problem


def test_scripts_follow_a_file_or_folder_that_is_renamed(tmp_path: Path) -> None:
    runs = RunFile(tmp_path)
    outside = str(tmp_path.parent / "other.py")
    assert runs.keep(
        [RunConfiguration("a", "src/app.py"), RunConfiguration("b", "b.py"), RunConfiguration("c", outside)]
    )

    assert runs.follow(tmp_path / "src", tmp_path / "lib")
    assert not runs.follow(tmp_path / "gone.py", tmp_path / "there.py")

    assert [each.script for each in RunFile(tmp_path).all] == ["lib/app.py", "b.py", outside]


def test_change_by_somebody_else_is_noticed(tmp_path: Path) -> None:
    runs = RunFile(tmp_path)
    assert not runs.read()

    file_with(tmp_path, {"configurations": [{"name": "app", "script": "app.py"}]})

    assert runs.read()
    assert [each.name for each in runs.all] == ["app"]
    assert not runs.read()


def test_order_has_nothing_left_to_look_up(tmp_path: Path) -> None:
    own = RunConfiguration("a", "src/app.py", ("x",), (("A", "1"),), "data", "tools/python", "distiller", 3)

    order = order_of(own, tmp_path, "/usr/bin/python3")

    assert (order.script, order.folder) == (str(tmp_path / "src/app.py"), str(tmp_path / "data"))
    assert (order.python, order.seed) == (str(tmp_path / "tools/python"), 3)
    plain = order_of(RunConfiguration("b", "app.py"), tmp_path, "/usr/bin/python3")
    assert (plain.folder, plain.python, plain.seed) == (str(tmp_path), "/usr/bin/python3", None)


def test_values_of_the_environment_are_in_no_printed_form(tmp_path: Path) -> None:
    secret = RunConfiguration("a", "app.py", environment=(("API_TOKEN", "s3cret"),))

    assert "s3cret" not in repr(secret)
    assert "s3cret" not in repr(order_of(secret, tmp_path, ""))
    assert is_secret("API_TOKEN")
    assert not is_secret("SPEED")


def test_file_of_the_project_gets_one_configuration(tmp_path: Path) -> None:
    runs = RunFile(tmp_path)
    runs.keep([RunConfiguration("app", "app.py"), RunConfiguration("other", "x.py", how="distiller")])

    assert configuration_for(tmp_path / "app.py", tmp_path, runs).name == "app"
    new = configuration_for(tmp_path / "src" / "other.py", tmp_path, runs)
    assert (new.name, new.script) == ("other 2", "src/other.py")


def test_a_byte_order_mark_before_the_list_does_no_harm(tmp_path: Path) -> None:
    file = tmp_path / PLACE
    file.parent.mkdir()
    file.write_bytes(b'\xef\xbb\xbf{"format": 1, "configurations": [{"name": "a", "script": "app.py"}]}\r\n')

    runs = RunFile(tmp_path)
    runs.read()

    assert [it.name for it in runs.all] == ["a"]
    assert runs.problem == ""
