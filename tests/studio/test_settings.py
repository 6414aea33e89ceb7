"""Settings are saved whole or not at all, and a broken file costs nothing but a sentence."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from tasktonic_studio import locations
from tasktonic_studio.settings import SETTINGS, Settings, shown_settings, write_whole
from tests.helpers.patience import PATIENCE_S


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.json"


def test_a_setting_has_its_default_until_it_is_set(file: Path) -> None:
    assert Settings(file).get("theme") == "system"
    assert not file.exists(), "nothing is written before something is set"


def test_what_was_set_is_there_again(file: Path) -> None:
    settings = Settings(file)
    settings.set("theme", "dark")
    settings.set("editor.font_size", 14)

    again = Settings(file)

    assert (again.text("theme"), again.integer("editor.font_size")) == ("dark", 14)
    assert json.loads(file.read_text()) == {"theme": "dark", "editor.font_size": 14}


@pytest.mark.parametrize(
    "key, value, sentence",
    [
        ("theme", "pink", "'theme' can be system, light, dark, contrast; it cannot be 'pink'."),
        ("editor.font_size", 400, "'editor.font_size' is a number from 6 to 40; it cannot be 400."),
        ("editor.font_size", True, "'editor.font_size' is a number from 6 to 40; it cannot be True."),
        ("motion", 1, "'motion' is true or false; it cannot be 1."),
        ("recent.scripts", ["a", 1], "'recent.scripts' is a list of texts; it cannot be ['a', 1]."),
        ("keys", {"a": 1}, "'keys' is a table of texts; it cannot be {'a': 1}."),
    ],
)
def test_a_value_that_cannot_be_is_refused_in_a_sentence(file: Path, key: str, value: object, sentence: str) -> None:
    settings = Settings(file)

    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the whole sentence is compared
        settings.set(key, value)

    assert str(refused.value) == sentence


@pytest.mark.parametrize("text", ["{", "[]", "\x00\x01", "[" * 5000])
def test_a_broken_file_is_kept_aside(file: Path, text: str) -> None:
    file.parent.mkdir()
    file.write_text(text)

    settings = Settings(file)

    assert settings.get("theme") == "system"
    assert "are not readable" in settings.problem
    assert file.with_name("settings.json.broken").read_text() == text
    settings.set("theme", "light")
    assert Settings(file).problem == ""


def test_a_file_that_is_no_text_is_kept_aside(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"\xff\xfe\x80")

    assert "are not readable" in Settings(file).problem


def test_one_bad_value_costs_only_itself(file: Path) -> None:
    file.parent.mkdir()
    file.write_text(json.dumps({"theme": "pink", "editor.font_size": 15}))

    settings = Settings(file)

    assert (settings.get("theme"), settings.get("editor.font_size")) == ("system", 15)
    assert "'theme' can be system, light, dark, contrast" in settings.problem


def test_settings_of_a_newer_version_are_kept(file: Path) -> None:
    file.parent.mkdir()
    file.write_text(json.dumps({"of.tomorrow": [1, 2]}))

    Settings(file).set("theme", "dark")

    assert json.loads(file.read_text()) == {"of.tomorrow": [1, 2], "theme": "dark"}


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("in the way")
    settings = Settings(tmp_path / "config" / "settings.json")

    settings.set("theme", "dark")

    assert settings.get("theme") == "dark"
    assert "could not be saved" in settings.problem


def test_written_aside_nobody_waits_for_the_disk_and_the_last_word_counts(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk_is_slow, writes = threading.Event(), []

    def write_slowly(to: Path, text: str) -> None:
        assert disk_is_slow.wait(PATIENCE_S)
        writes.append(json.loads(text))
        write_whole(to, text)

    monkeypatch.setattr("tasktonic_studio.settings.write_whole", write_slowly)
    settings = Settings(file, aside=True)
    for size in range(10, 30):
        settings.set("editor.font_size", size)
    assert not writes, "all was set while nothing could be written"
    disk_is_slow.set()
    settings.finish()

    assert json.loads(file.read_text()) == {"editor.font_size": 29}
    assert len(writes) <= 2, "what is older than what waits is left out"


def test_what_goes_wrong_aside_is_a_sentence_too(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("in the way")
    settings = Settings(tmp_path / "config" / "settings.json", aside=True)
    settings.set("theme", "dark")
    settings.finish()

    assert "could not be saved" in settings.problem


def test_a_failed_write_leaves_the_old_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_whole(file, "old")

    def refuse(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", refuse)
    with pytest.raises(OSError, match="No space left"):
        write_whole(file, "new")

    assert file.read_text() == "old"
    assert [it.name for it in file.parent.iterdir()] == ["settings.json"]


def test_recent_things_are_kept_once_with_the_latest_first(file: Path) -> None:
    settings = Settings(file)
    for script in ("a.py", "b.py", "a.py"):
        settings.put_first("recent.scripts", script)

    assert settings.texts("recent.scripts") == ["a.py", "b.py"]
    settings.remove("recent.scripts", "a.py")
    assert settings.texts("recent.scripts") == ["b.py"]


def test_only_so_many_recent_things_are_kept(file: Path) -> None:
    settings = Settings(file)
    for number in range(30):
        settings.put_first("recent.scripts", f"{number}.py")

    assert len(settings.texts("recent.scripts")) == SETTINGS["recent.scripts"].most
    assert settings.texts("recent.scripts")[0] == "29.py"


def test_a_list_that_was_given_out_cannot_change_the_setting(file: Path) -> None:
    settings = Settings(file)
    settings.get("recent.scripts").append("x")

    assert settings.get("recent.scripts") == []


def test_watchers_hear_which_setting_changed(file: Path) -> None:
    heard: list[str] = []
    settings = Settings(file)
    leave = settings.watch(heard.append)

    settings.set("theme", "dark")
    settings.set("theme", "dark")
    leave()
    settings.set("theme", "light")

    assert heard == ["theme"]


def test_reset_keeps_recent_things(file: Path) -> None:
    settings = Settings(file)
    settings.set("theme", "dark")
    settings.put_first("recent.scripts", "a.py")

    settings.reset()

    assert settings.get("theme") == "system"
    assert settings.get("recent.scripts") == ["a.py"]


def test_every_setting_accepts_its_own_default() -> None:
    assert [setting.refusal(setting.default) for setting in SETTINGS.values()] == [""] * len(SETTINGS)
    assert all(setting.title and setting.help for setting in shown_settings())


def test_folders_follow_the_desktop_standard(user_folders: Path) -> None:
    assert locations.settings_file() == user_folders / "config" / "tasktonic-studio" / "settings.json"
    assert locations.layouts_folder().is_relative_to(locations.config_folder())
    assert locations.data_folder() == user_folders / "data" / "tasktonic-studio"
    assert locations.drafts_folder().is_relative_to(user_folders / "state")
    assert locations.cache_folder() == user_folders / "cache" / "tasktonic-studio"


def test_a_relative_path_in_the_environment_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "somewhere")

    assert locations.config_folder().is_absolute()
    assert "somewhere" not in locations.config_folder().parts


def test_one_folder_can_hold_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(locations.OWN_FOLDER, str(tmp_path))

    folders = [locations.config_folder(), locations.data_folder(), locations.state_folder(), locations.cache_folder()]

    assert all(folder.parent == tmp_path for folder in folders)
    assert len(set(folders)) == 4


def test_a_private_folder_is_closed_to_others(tmp_path: Path) -> None:
    folder = locations.private_folder(tmp_path / "a")

    assert folder.stat().st_mode & 0o077 == 0
