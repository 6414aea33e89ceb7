"""Changes in several files: all or none, with encoding and line ends kept, and taken back again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tasktonic_studio.ui.panels.editor import changing_files, documents
from tasktonic_studio.ui.panels.editor.changing_files import CannotChange, Edit, OpenText, apply, changed, take_back
from tasktonic_studio.ui.panels.editor.rename_dialog import TextChange

LATIN = b"# -*- coding: latin-1 -*-\r\ngr\xf6\xdfe = old\r\n"


class Opened:
    """A text in an editor."""

    def __init__(self, text: str, read_only: str = "") -> None:
        self.text = text
        self.read_only = read_only

    def change(self, edits: Sequence[Edit]) -> None:
        self.text = changed(self.text, edits)

    def told(self) -> OpenText:
        return OpenText(self.text, self.change, self.read_only)


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    file = tmp_path / "closed.py"
    file.write_bytes(LATIN)
    return file


def change(file: Path | str, line: int, column: int, old: str = "old") -> TextChange:
    return TextChange(str(file), line, column, old, "newer")


def test_a_closed_file_keeps_its_encoding_and_line_ends(closed: Path) -> None:
    apply([change(closed, 2, 8)], {})

    assert closed.read_bytes() == LATIN.replace(b"old", b"newer")


def test_an_open_text_changes_in_its_editor_and_everything_is_taken_back(closed: Path) -> None:
    opened = Opened("old(old)\n")

    steps = apply([change("a.py", 1, 4), change("a.py", 1, 0), change(closed, 2, 8)], {"a.py": opened.told()})
    text = opened.text
    take_back(steps, {"a.py": opened.told()})

    assert text == "newer(newer)\n"
    assert opened.text == "old(old)\n"
    assert closed.read_bytes() == LATIN


def test_a_file_that_was_opened_since_is_taken_back_in_its_editor(closed: Path) -> None:
    steps = apply([change(closed, 2, 8)], {})
    opened = Opened(steps[0].after)

    take_back(steps, {str(closed): opened.told()})

    assert opened.text == steps[0].before
    assert b"newer" in closed.read_bytes()


def test_nothing_is_changed_when_one_place_has_something_else_by_now(closed: Path) -> None:
    opened = Opened("else\n")

    with pytest.raises(
        CannotChange, match=r"Nothing was changed: line 1 of a\.py was changed meanwhile\. Try it again\."
    ):
        apply([change(closed, 2, 8), change("a.py", 1, 0)], {"a.py": opened.told()})

    assert closed.read_bytes() == LATIN


def test_a_file_that_must_not_be_changed_is_told(closed: Path) -> None:
    opened = Opened("old\n", "The file is write-protected.")

    with pytest.raises(CannotChange, match=r"a\.py cannot be changed\. The file is write-protected\."):
        apply([change(closed, 2, 8), change("a.py", 1, 0)], {"a.py": opened.told()})

    assert closed.read_bytes() == LATIN


def test_what_was_written_is_put_back_when_a_later_file_cannot_be(
    closed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.py"
    other.write_text("old\n")
    write = documents.write_in_one_step

    def refuse(path: Path, data: bytes) -> None:
        if path == other:
            raise PermissionError(13, "no")
        write(path, data)

    monkeypatch.setattr(changing_files, "write_in_one_step", refuse)

    with pytest.raises(
        CannotChange, match=r"Nothing was changed: other\.py cannot be written, you are not allowed to\."
    ):
        apply([change(closed, 2, 8), change(other, 1, 0)], {})

    assert closed.read_bytes() == LATIN
    assert other.read_text() == "old\n"


def test_what_could_not_be_put_back_is_named_and_the_rest_is_put_back(
    closed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second, third = tmp_path / "second.py", tmp_path / "third.py"
    for file in (second, third):
        file.write_text("old\n")
    write, refused = documents.write_in_one_step, {third}

    def refuse(path: Path, data: bytes) -> None:
        if path in refused:
            refused.add(closed)
            raise OSError(28, "full")
        write(path, data)

    monkeypatch.setattr(changing_files, "write_in_one_step", refuse)

    with pytest.raises(CannotChange, match=r"third\.py cannot be written.* could not be put back in closed\.py\."):
        apply([change(closed, 2, 8), change(second, 1, 0), change(third, 1, 0)], {})

    assert second.read_text() == "old\n"


def test_a_link_stays_a_link_and_what_it_leads_to_is_changed_once(closed: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.py"
    link.symlink_to(closed)

    steps = apply([change(link, 2, 8), change(closed, 2, 8)], {})
    data = closed.read_bytes()
    take_back(steps, {})

    assert link.is_symlink()
    assert data == LATIN.replace(b"old", b"newer")
    assert closed.read_bytes() == LATIN


def test_a_link_to_an_open_file_changes_in_its_editor(closed: Path, tmp_path: Path) -> None:
    link, opened = tmp_path / "link.py", Opened("old\n")
    link.symlink_to(closed)

    apply([change(link, 1, 0)], {str(closed): opened.told()})

    assert opened.text == "newer\n"
    assert closed.read_bytes() == LATIN


def test_a_closed_file_that_is_write_protected_is_left_as_it_is(closed: Path) -> None:
    closed.chmod(0o444)

    with pytest.raises(CannotChange, match=r"closed\.py cannot be changed\. The file is write-protected\."):
        apply([change(closed, 2, 8)], {})

    assert closed.read_bytes() == LATIN


@pytest.mark.parametrize("data, why", [(None, "cannot be read"), (b"\xff\xfe old", "cannot be written again")])
def test_a_file_that_is_gone_or_no_text_is_told(tmp_path: Path, data: bytes | None, why: str) -> None:
    file = tmp_path / "odd.py"
    if data is not None:
        file.write_bytes(data)

    with pytest.raises(CannotChange, match=f"Nothing was changed: odd.py {why}"):
        apply([change(file, 1, 0)], {})


def test_what_was_changed_since_is_not_taken_back(closed: Path) -> None:
    steps = apply([change(closed, 2, 8)], {})
    closed.write_bytes(LATIN + b"#")

    with pytest.raises(CannotChange, match=r"Nothing was taken back: closed\.py was changed since\."):
        take_back(steps, {})


def test_a_file_in_which_it_was_undone_already_does_not_keep_the_others_from_being_taken_back(closed: Path) -> None:
    opened = Opened("old\n")
    steps = apply([change(closed, 2, 8), change("a.py", 1, 0)], {"a.py": opened.told()})
    opened.text = "old\n"  # by Undo in its editor

    take_back(steps, {"a.py": opened.told()})

    assert opened.text == "old\n"
    assert closed.read_bytes() == LATIN


def test_new_lines_in_what_was_put_in_are_taken_back_too(closed: Path) -> None:
    opened = Opened("old(old)\n")
    many = change("a.py", 1, 4)._replace(new="two\nlines")

    steps = apply([many], {"a.py": opened.told()})
    assert opened.text == "old(two\nlines)\n"
    take_back(steps, {"a.py": opened.told()})

    assert opened.text == "old(old)\n"
