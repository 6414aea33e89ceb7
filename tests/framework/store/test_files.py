import json
import os
from typing import Any

import pytest

from tasktonic.errors import ttError
from tasktonic.store import Store

GOOD = {"format": "tasktonic store", "version": 1, "entries": [["a", "value", 1]], "counters": {}}


@pytest.fixture
def store() -> Store:
    store = Store()
    store.set([("", "root"), ("a", 1), ("a/b", [1, {"x": None}]), ("users[]", "ünïcode \ud800"), ("users[]", 2.5)])
    store["alias"].link_to("a", bubble_events=True)
    store["future"].link_to("not/yet")
    store.pop("users")
    return store


def test_what_was_saved_is_loaded_with_its_links(store, tmp_path):
    store.save(tmp_path / "store.json")
    twin = Store()
    twin.load(str(tmp_path / "store.json"))

    assert twin.dump() == store.dump()
    assert twin.get("alias/b") == [1, {"x": None}]
    assert twin.append("users", "next").path == "users/#2"


def test_saving_replaces_the_file_and_leaves_no_other(store, tmp_path):
    file = tmp_path / "store.json"
    file.write_text("old")
    file.chmod(0o640)
    store.save(file)

    assert list(tmp_path.iterdir()) == [file]
    assert file.stat().st_mode & 0o777 == 0o640


def test_saving_through_a_symbolic_link_keeps_the_link(store, tmp_path):
    (tmp_path / "there").symlink_to(tmp_path / "real.json")
    store.save(tmp_path / "there")

    assert (tmp_path / "there").is_symlink()
    assert json.loads((tmp_path / "real.json").read_text("utf-8", "surrogatepass"))["version"] == 1


def test_a_value_that_json_cannot_hold_is_named_with_the_file_untouched(store, tmp_path):
    file = tmp_path / "store.json"
    store.save(file)
    before = file.read_bytes()
    store.set("odd/one", object())

    with pytest.raises(TypeError, match=r"the value at 'odd/one' \(object\) cannot be written as JSON"):
        store.save(file)
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


def test_a_failed_write_leaves_the_old_file(store, tmp_path, monkeypatch):
    file = tmp_path / "store.json"
    file.write_text("old")

    def no_space(handle):
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(OSError, match="no space left"):
        store.save(file)

    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_loading_makes_the_store_what_was_saved_telling_only_what_differs(store, tmp_path):
    store.save(tmp_path / "f")
    saved = store.dump()
    store.set({"a": 2, "new/x": 3})
    store.remove("future")
    store.remove("users")
    store["alias"].link_to("new")
    heard: list[Any] = []
    store.subscribe("", heard.append)
    store.load(tmp_path / "f")

    assert sorted(store.dump(), key=str) == sorted(saved, key=str)
    (changes,) = heard
    told = {path: (new, old) for path, new, old, _ in changes}
    assert told["a"] == (1, 2)
    assert told["new/x"] == (None, 3)
    assert told["users/#0"][1] is None
    assert "a/b" not in told
    store.load(tmp_path / "f")
    assert len(heard) == 1


def test_a_branch_is_saved_to_be_loaded_elsewhere(tmp_path):
    store = Store()
    store.set([("from/a", 1), ("from/l[]", 2), ("other", 3), ("to/old", 4)])
    store["from"].save(tmp_path / "f")
    store["to"].load(tmp_path / "f")

    assert store.get("to") == {"a": 1, "l": [2]}
    assert store.get("other") == 3
    assert store.append("to/l", "x").key == "#1"


def test_loading_in_a_group_is_part_of_it(store, tmp_path):
    store.save(tmp_path / "f")
    other = Store()
    heard: list[Any] = []
    other.subscribe("", heard.append)
    with other.group():
        other.load(tmp_path / "f")
        assert other.get("a") == 1
        other.set("a", 9)

    assert len(heard) == 1
    assert other.get("a") == 9


def test_a_missing_file_says_so(store, tmp_path):
    with pytest.raises(FileNotFoundError):
        store.load(tmp_path / "none")


@pytest.mark.parametrize(
    "content,complaint",
    [
        (b"", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (json.dumps(GOOD).encode()[:-9], "not JSON"),
        ([], "does not say that its format"),
        ({}, "does not say that its format"),
        ({**GOOD, "version": 2}, "its version is 2, this program reads version 1"),
        ({**GOOD, "entries": None}, "no list of entries"),
        ({**GOOD, "entries": [["a"]]}, "neither a value nor a link"),
        ({**GOOD, "entries": [[1, "value", 2]]}, "neither a value nor a link"),
        ({**GOOD, "entries": [["a", "word", 2]]}, "neither a value nor a link"),
        ({**GOOD, "entries": [["l", "link", 5, False]]}, "neither a value nor a link"),
        ({**GOOD, "entries": [["l", "link", "a", 1]]}, "neither a value nor a link"),
        ({**GOOD, "entries": [["a//b", "value", 2]]}, "empty segment"),
        ({**GOOD, "entries": [["a/#", "value", 2]]}, "not the path of one place"),
        ({**GOOD, "entries": [["a/*", "value", 2]]}, "not the path of one place"),
        ({**GOOD, "entries": [["/a", "value", 2]]}, "not the path of one place"),
        ({**GOOD, "entries": [["a", "value", 1], ["a", "value", 2]]}, "'a' is there twice"),
        ({**GOOD, "entries": [["l", "link", "a", False], ["l", "value", 2]]}, "'l' is there twice"),
        ({**GOOD, "entries": [["l", "link", "a", False], ["l/x", "value", 2]]}, "'l/x' is below a link"),
        ({**GOOD, "entries": [["l/x", "value", 2], ["l", "link", "a", False]]}, "'l/x' is below a link"),
        ({**GOOD, "entries": [["l", "link", "a/*", False]]}, "wildcard"),
        ({**GOOD, "entries": [["", "link", "a", False]]}, "whole store cannot be a link"),
        ({**GOOD, "entries": [["l", "link", "m", False], ["m", "link", "l", False]]}, "Circular StoreLink"),
        ({**GOOD, "counters": []}, "'counters' are not numbers"),
        ({**GOOD, "counters": {"a/#": -1}}, "'counters' are not numbers"),
        ({**GOOD, "counters": {"a/#": True}}, "'counters' are not numbers"),
        ({**GOOD, "counters": {"a/x": 1}}, "is not of a list"),
    ],
)
def test_a_bad_file_is_refused_and_changes_nothing(store, tmp_path, content, complaint):
    file = tmp_path / "bad"
    file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    before = store.dump()

    with pytest.raises(ValueError, match="is no saved store") as caught:
        store.load(file)

    assert complaint in str(caught.value)
    assert isinstance(caught.value, ttError)
    assert store.dump() == before


def test_a_link_that_closes_a_circle_with_the_rest_of_the_store_changes_nothing(tmp_path):
    store = Store()
    store["branch/l"].link_to("elsewhere")
    store["branch"].save(tmp_path / "f")
    store.remove("branch")
    store["elsewhere"].link_to("branch")
    before = store.dump()

    with pytest.raises(ValueError, match="Circular StoreLink"):
        store["branch"].load(tmp_path / "f")
    assert store.dump() == before
