"""Each file in `faulty` has its faults marked: those are found, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tasktonic import cli
from tasktonic.check import CODES, Finding, applied, check_paths, problems_of

FAULTY = Path(__file__).parent / "faulty"
ROOT = FAULTY.parents[2]
FILES = sorted(path.name for path in FAULTY.glob("*.py"))
_EXPECT = re.compile(r"# expect: ([\w-]+(?:, [\w-]+)*)")


def expected(path: Path) -> list[tuple[int, str]]:
    marks = [
        (number, mark) for number, line in enumerate(path.read_text().splitlines(), 1) for mark in _EXPECT.findall(line)
    ]
    return sorted((number, code) for number, codes in marks for code in codes.split(", "))


def found_in(path: Path) -> list[Finding]:
    return check_paths([str(path)]).findings


@pytest.mark.parametrize("name", FILES)
def test_the_seeded_faults_are_found_and_nothing_else(name: str) -> None:
    path = FAULTY / name

    assert sorted((it.line, it.code) for it in found_in(path)) == expected(path)


def test_every_code_has_a_seeded_fault() -> None:
    assert {code for name in FILES for _, code in expected(FAULTY / name)} == set(CODES)


def test_all_files_together_give_the_same_as_each_alone() -> None:
    together = check_paths([str(FAULTY)]).findings

    assert sorted((Path(it.file).name, it.line, it.code) for it in together) == sorted(
        (name, line, code) for name in FILES for line, code in expected(FAULTY / name)
    )


@pytest.mark.parametrize("name", [it for it in FILES if it != "unreadable.py"])
def test_a_fix_mends_its_finding_and_leaves_valid_python(name: str) -> None:
    path = FAULTY / name
    text = path.read_text()
    before = found_in(path)

    for finding in before:
        for fix in finding.fixes:
            mended = applied(text, fix.edits)
            compile(mended, name, "exec")
            after = problems_of(mended, str(path))
            left = [(it.code, it.text) for it in after].count((finding.code, finding.text))
            assert left < [(it.code, it.text) for it in before].count((finding.code, finding.text)), fix.title


def test_what_is_said_of_a_finding_is_complete() -> None:
    for finding in check_paths([str(FAULTY)]).findings:
        assert finding.text.endswith((".", "?"))
        assert finding.reason.endswith(".")
        assert finding.advice.endswith((".", "?"))
        assert (finding.line, finding.column) < (finding.end_line, finding.end_column)


def test_our_own_code_is_clean() -> None:
    folders = ("tasktonic", "tasktonic_studio", "examples", "tests/examples", "benchmarks", "tools")

    report = check_paths([str(ROOT / folder) for folder in folders])

    assert len(report.files) > 700
    assert [(it.file, it.line, it.code) for it in report.findings] == []


def test_the_apps_of_the_lessons_are_clean(tmp_path: Path) -> None:
    pages = sorted((ROOT / "resources" / "lessons").glob("*.md"))
    apps = [
        (page, app)
        for page in pages
        for app in re.findall(
            r"^```python app [^\n]*\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
        )
    ]

    assert len(apps) >= len(pages) > 0
    assert [
        (page.name, it.line, it.text) for page, app in apps for it in problems_of(app, str(tmp_path / "app.py"))
    ] == []


# What pages show on purpose, as an example of what goes wrong.
SHOWN = {
    ("docs/guide/01-first-tonic.md", "misspelt-name"),
    ("docs/guide/02-essence-and-ledger.md", "missing-super-init"),
    ("docs/guide/03-sparkles.md", "wrong-kind"),
    ("docs/guide/04-states.md", "unentered-state"),
    ("docs/guide/05-catalysts.md", "blocking-call"),
}


def test_the_code_in_the_pages_is_clean_but_for_the_faults_that_are_shown_on_purpose(tmp_path: Path) -> None:
    found: set[tuple[str, str]] = set()
    count = 0
    for page in sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")]):
        for code in re.findall(
            r"^```python (?:run|compile)[^\n]*\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
        ):
            count += 1
            faults = problems_of(code, str(tmp_path / "app.py"))
            found.update((page.relative_to(ROOT).as_posix(), it.code) for it in faults)

    assert count > 50
    assert found == SHOWN


def test_what_is_made_from_templates_is_clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for kind in ("project", "tonic", "service", "window", "server"):
        cli.main(["new", kind, f"new_{kind}"])

    report = check_paths([str(tmp_path)])

    assert len(report.files) >= 8
    assert [(it.file, it.line, it.text) for it in report.findings] == []
