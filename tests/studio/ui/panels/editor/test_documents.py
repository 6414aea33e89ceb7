from __future__ import annotations

import json
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tasktonic_studio.ui.panels.editor import documents as documents_module
from tasktonic_studio.ui.panels.editor.documents import ChangedOnDisk, DiskState, Document, DocumentProblem, Documents
from tasktonic_studio.ui.panels.editor.recovery import Recovery


@pytest.fixture
def recovery(tmp_path: Path) -> Iterator[Recovery]:
    made = Recovery(tmp_path / "drafts")
    yield made
    made.close()


@pytest.fixture
def documents(recovery: Recovery) -> Documents:
    return Documents(recovery)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "a.py"
    made.write_bytes(b"one\r\n")
    return made


def all_kept(documents: Documents, tmp_path: Path) -> list[Path]:
    documents._recovery.wait()
    return list((tmp_path / "drafts").rglob("*.json"))


def kept(documents: Documents, tmp_path: Path) -> int:
    return len(all_kept(documents, tmp_path))


def change(documents: Documents, document: Document, text: str, now_s: float = 0.0) -> None:
    document.read_text = lambda: text
    documents.edited(document, True, now_s)


def test_an_unchanged_text_is_written_back_the_same(documents: Documents, file: Path) -> None:
    documents.save(documents.open(file))

    assert file.read_bytes() == b"one\r\n"


def test_an_open_text_follows_its_file_when_that_is_renamed(
    documents: Documents, recovery: Recovery, tmp_path: Path
) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "a.py").write_bytes(b"one\n")
    document = documents.open(tmp_path / "old" / "a.py")
    change(documents, document, "two\n")
    documents.keep()
    (tmp_path / "old").rename(tmp_path / "new")

    assert documents.follow(tmp_path / "old", tmp_path / "new") == [document]
    assert [json.loads(it.read_text())["path"] for it in all_kept(documents, tmp_path)] == [str(document.path)]

    assert (document.path, document.name) == (tmp_path / "new" / "a.py", "a.py")
    assert documents.look_at_disk(document) is DiskState.SAME
    assert kept(documents, tmp_path) == 1
    documents.save(document)
    assert (tmp_path / "new" / "a.py").read_bytes() == b"two\n"


def test_a_file_is_replaced_and_not_written_over(documents: Documents, file: Path) -> None:
    document = documents.open(file)
    reader = file.open("rb")

    change(documents, document, "two\n")
    documents.save(document)

    assert reader.read() == b"one\r\n"
    assert file.read_bytes() == b"two\r\n"
    reader.close()


def test_saving_leaves_nothing_else_behind(documents: Documents, file: Path, tmp_path: Path) -> None:
    document = documents.open(file)
    change(documents, document, "two\n")
    documents.keep()
    assert kept(documents, tmp_path) == 1

    documents.save(document)

    assert kept(documents, tmp_path) == 0
    assert [entry.name for entry in tmp_path.iterdir() if entry.is_file()] == ["a.py"]
    assert not document.changed


def test_a_link_stays_a_link(documents: Documents, file: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.py"
    link.symlink_to(file)
    document = documents.open(link)

    change(documents, document, "two\n")
    documents.save(document)

    assert link.is_symlink()
    assert file.read_bytes() == b"two\r\n"


def test_all_names_of_a_file_get_the_text(documents: Documents, file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.py"
    os.link(file, other)
    document = documents.open(file)

    change(documents, document, "2\n")
    documents.save(document)

    assert other.read_bytes() == b"2\r\n"


NOT_SAVED = r"a\.py was not saved: .*\. Your text is still here\."


@contextmanager
def full_disk(documents: Documents) -> Iterator[None]:
    """No file can be written that is longer than 10,000 bytes, as if the disk were full. Also what is kept aside is."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
    try:
        yield
    finally:
        documents._recovery.wait()
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_write_that_fails_in_the_middle_leaves_the_file_alone(
    documents: Documents, file: Path, tmp_path: Path
) -> None:
    document = documents.open(file)
    change(documents, document, "x" * 100_000)
    with full_disk(documents), pytest.raises(DocumentProblem, match=NOT_SAVED):
        documents.save(document)

    assert file.read_bytes() == b"one\r\n"
    assert [entry.name for entry in tmp_path.iterdir() if entry.is_file()] == ["a.py"]
    assert document.changed


def test_a_recovery_folder_that_is_full_is_told_and_tried_again(
    documents: Documents, file: Path, tmp_path: Path
) -> None:
    document = documents.open(file)
    change(documents, document, "x" * 100_000)
    kept_not = r"Unsaved changes of a\.py cannot be kept .* Save them soon\."
    with full_disk(documents), pytest.raises(DocumentProblem, match=kept_not):
        documents.keep_now()

    documents.keep_now()
    assert kept(documents, tmp_path) == 1
    assert document.changed


def test_what_others_wrote_is_not_overwritten_by_accident(documents: Documents, file: Path) -> None:
    document = documents.open(file)
    change(documents, document, "mine")
    file.write_bytes(b"theirs")

    with pytest.raises(ChangedOnDisk, match=r"a\.py was changed on disk by another program\."):
        documents.save(document)
    assert file.read_bytes() == b"theirs"

    documents.save(document, overwrite=True)
    assert file.read_bytes() == b"mine"


def test_the_disk_is_compared_by_content(documents: Documents, file: Path) -> None:
    document = documents.open(file)

    os.utime(file, (1, 1))
    assert documents.look_at_disk(document) is DiskState.SAME

    file.write_bytes(b"else")
    assert documents.look_at_disk(document) is DiskState.CHANGED

    file.write_bytes(b"one\r\n")
    assert documents.look_at_disk(document) is DiskState.SAME


def test_a_file_that_comes_back_the_same_is_no_news(documents: Documents, file: Path) -> None:
    document = documents.open(file)
    file.unlink()
    assert documents.look_at_disk(document) is DiskState.GONE
    assert document.changed

    file.write_bytes(b"one\r\n")

    assert documents.look_at_disk(document) is DiskState.SAME
    documents.edited(document, False, 0.0)
    assert not document.changed


def test_texts_are_kept_when_typing_rests(documents: Documents, file: Path, tmp_path: Path) -> None:
    document = documents.open(file)
    change(documents, document, "t", now_s=100.0)

    documents.keep(100.5)
    assert kept(documents, tmp_path) == 0

    documents.keep(101.0)
    assert kept(documents, tmp_path) == 1


def test_texts_are_kept_when_typing_never_rests(documents: Documents, file: Path, tmp_path: Path) -> None:
    document = documents.open(file)
    for tenth in range(101):
        change(documents, document, "t", now_s=100.0 + tenth / 10)

    documents.keep(110.0)

    assert kept(documents, tmp_path) == 1


def test_a_text_that_is_the_saved_one_again_needs_no_keeping(documents: Documents, file: Path, tmp_path: Path) -> None:
    document = documents.open(file)
    change(documents, document, "t")
    documents.keep()

    documents.edited(document, False, 5.0)

    assert kept(documents, tmp_path) == 0


@pytest.mark.parametrize(
    "kind, sentence",
    [
        ("folder", "cannot be opened: it is a folder."),
        ("pipe", "cannot be opened: it is not a file with text."),
        ("missing", "cannot be opened: there is no such file or folder."),
        ("loop", "cannot be opened: "),
    ],
)
def test_what_is_no_file_is_refused_without_waiting(
    documents: Documents, tmp_path: Path, kind: str, sentence: str
) -> None:
    path = tmp_path / "odd"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "loop":
        path.symlink_to(path)

    with pytest.raises(DocumentProblem) as told:
        documents.open(path)

    assert sentence in str(told.value)


def test_a_huge_file_is_refused_with_its_size(documents: Documents, tmp_path: Path) -> None:
    path = tmp_path / "big.py"
    with path.open("wb") as file:
        file.truncate(120_000_000)

    with pytest.raises(DocumentProblem, match="it has 120 MB, and files of up to 8 MB can be opened"):
        documents.open(path)


def test_a_line_that_no_editor_could_lay_out_is_refused(documents: Documents, tmp_path: Path) -> None:
    path = tmp_path / "packed.py"
    path.write_text("short\n" + "x" * 100_001)

    with pytest.raises(
        DocumentProblem, match="it has a line of 100,001 bytes, and lines of up to 100,000 can be shown"
    ):
        documents.open(path)


def test_a_new_name_that_is_open_elsewhere_is_refused(documents: Documents, file: Path, tmp_path: Path) -> None:
    other = tmp_path / "b.py"
    other.write_text("b")
    documents.open(other)

    with pytest.raises(DocumentProblem, match=r"b\.py is open in another tab\."):
        documents.save_as(documents.open(file), other)


def test_saving_under_a_new_name_moves_the_document(documents: Documents, file: Path, tmp_path: Path) -> None:
    document = documents.open(file)
    change(documents, document, "two\n")
    documents.keep()

    documents.save_as(document, tmp_path / "b.py")

    assert document.path == tmp_path / "b.py"
    assert (tmp_path / "b.py").read_bytes() == b"two\r\n"
    assert file.read_bytes() == b"one\r\n"
    assert kept(documents, tmp_path) == 0


def test_a_file_with_a_name_as_long_as_may_be_is_saved(tmp_path: Path) -> None:
    path = tmp_path / f"{'門' * 84}.py"
    path.write_bytes(b"old")

    documents_module.write_in_one_step(path, b"new")

    assert [(it.name, it.read_bytes()) for it in tmp_path.iterdir()] == [(path.name, b"new")]


def test_a_new_file_gets_the_usual_mode(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()

    documents_module.write_in_one_step(tmp_path / "new", b"x")

    assert (tmp_path / "new").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_file_that_only_another_user_may_write_is_read_only(documents: Documents, file: Path) -> None:
    file.chmod(0o444)

    document = documents.open(file)

    assert document.read_only == "The file is write-protected."
    with pytest.raises(DocumentProblem, match=r"a\.py cannot be saved\. The file is write-protected\."):
        documents.save(document)


def test_a_file_that_was_write_protected_meanwhile_is_not_replaced(documents: Documents, file: Path) -> None:
    document = documents.open(file)
    change(documents, document, "mine")
    file.chmod(0o444)

    with pytest.raises(DocumentProblem, match=r"a\.py cannot be saved\. The file is write-protected\."):
        documents.save(document, overwrite=True)

    assert file.read_bytes() == b"one\r\n"
    assert document.changed


def test_an_old_file_with_carriage_returns_alone_is_one_of_many_lines(documents: Documents, tmp_path: Path) -> None:
    path = tmp_path / "old.py"
    path.write_bytes(b"x = 1\r" * 20_000)

    document = documents.open(path)

    assert document.read_text().count("\n") == 20_000
    documents.save(document)
    assert path.read_bytes() == b"x = 1\r" * 20_000


def test_a_file_of_several_names_has_what_it_had_when_the_disk_is_full(
    documents: Documents, file: Path, tmp_path: Path
) -> None:
    os.link(file, tmp_path / "other.py")
    document = documents.open(file)
    change(documents, document, "x" * 100_000)
    with full_disk(documents), pytest.raises(DocumentProblem, match=NOT_SAVED):
        documents.save(document)

    assert file.read_bytes() == b"one\r\n"


def test_a_text_is_safe_before_a_file_is_written_in_place(
    documents: Documents, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.link(file, tmp_path / "other.py")
    document = documents.open(file)
    change(documents, document, "two")
    there: list[int] = []
    write = documents_module._write_in_place
    monkeypatch.setattr(
        documents_module,
        "_write_in_place",
        lambda path, data: (there.append(len(list((tmp_path / "drafts").rglob("*.json")))), write(path, data)),
    )

    documents.save(document)

    assert there == [1]
    assert kept(documents, tmp_path) == 0


def test_a_file_in_the_place_of_the_folder_is_said_when_saving_and_the_text_stays(
    documents: Documents, tmp_path: Path
) -> None:
    folder = tmp_path / "sub"
    folder.mkdir()
    (folder / "x.py").write_text("old")
    document = documents.open(folder / "x.py")
    change(documents, document, "mine")
    (folder / "x.py").unlink()
    folder.rmdir()
    folder.write_text("a file now")

    with pytest.raises(
        DocumentProblem, match=r"x\.py was not saved: there is no such folder\. Your text is still here\."
    ):
        documents.save(document)

    assert document.changed


@pytest.mark.parametrize("name", ["a\0b.py", "\ud800.py"], ids=["zero", "half a letter"])
def test_a_name_that_no_file_can_have_is_said(documents: Documents, tmp_path: Path, name: str) -> None:
    with pytest.raises(DocumentProblem, match=r"cannot be opened: no file can have this name\."):
        documents.open(tmp_path / name)


def test_a_path_that_leads_nowhere_is_taken_as_it_is_written(tmp_path: Path) -> None:
    circle = tmp_path / "circle.py"
    circle.symlink_to(circle)
    (tmp_path / "link.py").symlink_to(tmp_path / "door.py")

    assert documents_module.real_path(circle) == circle
    assert documents_module.real_path(tmp_path / "a\0b.py") == tmp_path / "a\0b.py"
    assert documents_module.real_path(tmp_path / "link.py") == (tmp_path / "door.py").resolve()
