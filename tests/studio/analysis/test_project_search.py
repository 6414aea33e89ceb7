"""What is found in the files of a folder, and what was not looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from tasktonic_studio import side_process
from tasktonic_studio.analysis import project_search
from tasktonic_studio.analysis.project_search import NO_TEXT, NOT_READ, TOO_LARGE, search
from tasktonic_studio.analysis.text_search import Query


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {
        "a.py": b"door = 1\n  x = door\n",
        "sub/b.txt": "é door\r\ndoor".encode(),
        "sub/latin.py": "# coding: latin-1\n# é door\n".encode("latin-1"),
        "binary.dat": b"door\0door",
        "not_utf8.txt": b"\xff\xfe\xfddoor",
        ".git/config": b"door",
        "__pycache__/a.py": b"door",
        "env/pyvenv.cfg": b"",
        "env/door.py": b"door",
    }
    for name, data in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return tmp_path


def test_every_text_of_the_folder_is_looked_through(folder: Path) -> None:
    found = search(str(folder), Query("door", whole_word=True), {})

    places = [(str(Path(hit.file).relative_to(folder)), hit.line, hit.column, hit.end, hit.text) for hit in found.hits]
    assert places == [
        ("a.py", 1, 0, 4, "door = 1"),
        ("a.py", 2, 6, 10, "x = door"),
        ("sub/b.txt", 1, 2, 6, "é door"),
        ("sub/b.txt", 2, 0, 4, "door"),
        ("sub/latin.py", 2, 4, 8, "# é door"),
    ]
    assert found.is_all


def test_what_was_left_out_is_said_with_why(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project_search, "MOST_BYTES", 30)
    (folder / "large.txt").write_text("door " * 10)
    (folder / "nowhere").symlink_to(folder / "gone")

    found = search(str(folder), Query("door"), {})

    assert {(Path(file).name, why) for file, why in found.left} == {
        ("binary.dat", NO_TEXT),
        ("not_utf8.txt", NO_TEXT),
        ("large.txt", TOO_LARGE),
        ("nowhere", NOT_READ),
    }


def test_the_text_of_an_open_file_counts_and_not_the_one_on_disk(folder: Path) -> None:
    open_one = str(folder / "a.py")

    found = search(str(folder), Query("door"), {open_one: "a gate\na door\n", "/elsewhere/c.py": "door"})

    assert [(hit.file, hit.line) for hit in found.hits][:2] == [(open_one, 2), ("/elsewhere/c.py", 1)]
    assert sum(hit.file == open_one for hit in found.hits) == 1


def test_there_is_an_end_to_the_places_and_it_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project_search, "MOST_HITS", 3)

    found = search(str(folder), Query("door"), {})

    assert len(found.hits) == 3
    assert not found.is_all


def test_a_long_line_is_shown_around_its_hit(folder: Path) -> None:
    (folder / "a.py").write_text("x" * 1000 + "door" + "y" * 1000)

    hit = search(str(folder), Query("door"), {}).hits[0]

    assert len(hit.text) < 250
    assert "xdoory" in hit.text
    assert hit.column == 1000


def test_the_side_process_gives_the_same_and_explains_a_pattern(folder: Path) -> None:
    query = Query("d..r", match_case=True, is_pattern=True)

    answer = side_process._doing["search"]({"folder": str(folder), "texts": {}, "query": query.as_json()})

    assert answer == search(str(folder), query, {}).as_json()
    assert len(answer["hits"]) > 4
