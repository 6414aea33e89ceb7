"""What the documents say is so: their code runs, their links lead somewhere, their keys and words are the ones in use."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    path
    for path in (
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("examples/*.md"),
        *ROOT.glob("changelog.d/*.md"),
    )
    if path.is_file()
)
README = ROOT / "README.md"
MOST_BYTES_OF_A_PICTURE = 300_000
REMARK_OF_OFFSCREEN = "This plugin does not support propagateSizeHints()\n"
LONGEST_S = 60.0

WORDS_TO_EXPLAIN = [
    *(
        "essence",
        "tonic",
        "sparkle",
        "catalyst",
        "ledger",
        "formula",
        "service",
        "store",
        "timer",
        "order",
        "run",
        "state",
    ),
    *("stream", "fact", "flow", "gap", "probe", "reader", "snapshot", "brake", "recorder", "trace"),
    *("distiller", "contract"),
    *("session", "selection", "panel", "arrangement"),
]


class Code(NamedTuple):
    """A block of Python in a page. ``mark`` is the word after ``python``: ``run`` or ``compile``.

    ``printed`` is the block ``text output`` that follows it, before any other block of Python; ``None`` without one.
    """

    page: str
    line: int
    mark: str
    text: str
    printed: str | None = None


class Link(NamedTuple):
    page: Path
    target: str


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def code_in(page: Path) -> list[Code]:
    """Every block that begins with three backticks and ``python``."""
    found: list[Code] = []
    opened: tuple[int, str] | None = None
    inside: list[str] = []
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        if not line.startswith("```"):
            inside.append(line)
        elif opened is None:
            opened, inside = (number, line[3:].strip()), []
        else:
            language, _, mark = opened[1].partition(" ")
            if language == "python":
                found.append(Code(name_of(page), opened[0], mark, "\n".join(inside) + "\n"))
            elif (language, mark) == ("text", "output"):
                assert found, f"{name_of(page)}:{opened[0]}: the output of which program?"
                assert found[-1].printed is None, f"{name_of(page)}:{opened[0]}: that program has told its output"
                found[-1] = found[-1]._replace(printed="\n".join(inside))
            opened = None
    assert opened is None, f"{name_of(page)}: the block that begins in line {opened} has no end"
    return found


def links_in(page: Path) -> list[Link]:
    """Every link and picture that leads to a file of the repository."""
    without_code = re.sub(r"```.*?```|`[^`]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)\s]+)\)", without_code)
    return [Link(page, target) for target in targets if not re.match(r"[a-z]+:", target)]


def anchors_of(page: Path) -> set[str]:
    """The names that headings of a page can be linked by."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


ALL_CODE = [code for page in PAGES for code in code_in(page)]
ALL_LINKS = [link for page in PAGES for link in links_in(page)]


@pytest.mark.parametrize("code", ALL_CODE, ids=lambda code: f"{code.page}:{code.line}")
def test_code_in_a_page_is_what_it_is_marked_as(code: Code, tmp_path: Path) -> None:
    assert code.mark in ("run", "compile"), "say in the first line of the block: python run, or python compile"
    compile(code.text, f"{code.page}:{code.line}", "exec")
    if code.mark == "run":
        printed = run(code.text, tmp_path)
        assert printed
        if code.printed is not None:
            assert is_told(printed, code.printed), f"it printed\n{printed}"


def is_told(printed: str, told: str) -> bool:
    """Whether a page tells what was printed, word by word: long lines are wrapped there, times of day are left out.

    A line that consists of ``…`` stands for anything.
    """
    without_clock = re.sub(r"^\d\d:\d\d:\d\d\.\d{3}  ", "", printed, flags=re.MULTILINE)
    parts = [" ".join(part.split()) for part in re.split(r"^\s*…$", told, flags=re.MULTILINE)]
    pattern = ".*".join(rf"\s*{re.escape(part)}\s*" if part else "" for part in parts)
    return re.fullmatch(pattern, " ".join(without_clock.split()), flags=re.DOTALL) is not None


@pytest.mark.parametrize(
    "told, is_so",
    [
        ("door  opens\nand it closes", True),
        ("door opens and\n    it closes", True),
        ("door opens\n…", True),
        ("…\nit closes", True),
        ("door\n…\nand it closes", True),
        ("door opens", False),
        ("door opens … closes", False),
        ("door\n…\nand it shuts", False),
        ("", False),
    ],
)
def test_output_in_a_page_is_compared_word_by_word(told: str, is_so: bool) -> None:
    assert is_told("12:34:56.789  door      opens\n12:34:56.790  and it closes\n", told) is is_so


def test_every_program_of_the_guide_shows_what_it_prints() -> None:
    silent = [
        f"{code.page}:{code.line}" for code in ALL_CODE if code.page.startswith("docs/guide/") and not code.printed
    ]

    assert len(ALL_CODE) > 20
    assert silent == []


def run(text: str, folder: Path) -> str:
    """Run a program in a process of its own, and give what it printed."""
    script = folder / "from_the_page.py"
    script.write_text(text, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    ended = subprocess.run(
        [sys.executable, str(script)],
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=LONGEST_S,
        check=False,
    )
    assert (ended.returncode, ended.stderr.replace(REMARK_OF_OFFSCREEN, "")) == (0, "")
    return ended.stdout


def test_first_app_of_the_readme_says_what_the_readme_says(tmp_path: Path) -> None:
    app = next(code for code in code_in(README) if code.mark == "run")
    told = re.findall(r"^```text\n(.*?)^```", README.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)

    printed = run(app.text, tmp_path)

    without_clock = [line[14:].rstrip() for line in printed.splitlines()]
    assert [line for line in told[0].splitlines() if line not in without_clock] == []


def test_first_app_of_the_readme_stays_short() -> None:
    app = next(code for code in code_in(README) if code.mark == "run")

    assert len([line for line in app.text.splitlines() if line.strip()]) <= 22


@pytest.mark.parametrize("link", ALL_LINKS, ids=lambda link: f"{name_of(link.page)}-{link.target}")
def test_link_leads_somewhere(link: Link) -> None:
    path, _, anchor = link.target.partition("#")
    target = (link.page.parent / path).resolve() if path else link.page

    assert target.exists(), f"{name_of(link.page)} links to {link.target}, which is not there"
    assert target.is_relative_to(ROOT)
    if anchor:
        assert anchor in anchors_of(target)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_page_names_no_path_that_is_not_there(page: Path) -> None:
    named = re.findall(
        r"`((?:tasktonic|tasktonic_studio|docs|examples|benchmarks|tools)/[\w./-]*)`", page.read_text(encoding="utf-8")
    )

    # Without an ending it may be a setting of the formula, which looks like a path; `service./name` is one.
    files = [path for path in named if ("." in path or path.endswith("/")) and "./" not in path]
    missing = [path for path in files if not (ROOT / path).exists()]

    assert missing == []


def test_nobody_is_told_to_install_from_the_index_what_is_not_there() -> None:
    """The name of the framework is that of a foreign package there, and ours has not been published."""
    sources = [
        path for folder in ("tasktonic", "tasktonic_studio", "examples") for path in (ROOT / folder).rglob("*.py")
    ]
    pattern = re.compile(r"(\w+ )?`*pip install\s+['\"]?tasktonic", re.IGNORECASE)

    telling = [
        f"{name_of(file)}: {found[0]}"
        for file in (*PAGES, *sources)
        for found in pattern.finditer(file.read_text(encoding="utf-8"))
        if "never" not in found[0].lower()
    ]

    assert telling == []


def test_readme_shows_the_window() -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+\.png)\)", README.read_text(encoding="utf-8"))

    assert "docs/pictures/studio.png" in pictures


def test_every_picture_is_small_and_shown_or_made() -> None:
    made = (ROOT / "tools" / "make_pictures.py").read_text(encoding="utf-8")
    pictures = sorted((ROOT / "docs" / "pictures").glob("*.png"))

    assert [picture.name for picture in pictures if picture.stat().st_size > MOST_BYTES_OF_A_PICTURE] == []
    assert [picture.name for picture in pictures if f'"{picture.stem}": (' not in made] == []


def test_keys_of_the_tour_are_those_of_the_commands() -> None:
    rows = re.findall(
        r"^\| `([^`]+)` \| (.+?) \|$", (ROOT / "docs/studio.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    told = {(key, title) for key, title in rows if re.match(r"F\d|(?:Ctrl|Alt|Shift)\+", key)}
    listed = re.findall(
        r"^\| (.+?) \| (`.+?`) \|", (ROOT / "docs/commands.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    real = {(key, title) for title, keys in listed for key in re.findall(r"`([^`]+)`", keys)}

    assert len(told) > 20
    assert told - real == set()


def test_every_example_has_its_line() -> None:
    named = set(re.findall(r"\]\(([\w]+\.py)\)", (ROOT / "examples/README.md").read_text(encoding="utf-8")))

    assert named == {path.name for path in (ROOT / "examples").glob("*.py")}


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = {link.target for link in links_in(folder / "README.md")}

    assert listed == {path.name for path in folder.glob("[0-9]*.md")}


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md")), ids=lambda page: page.stem)
def test_decision_says_situation_choice_cost_and_what_would_reverse_it(page: Path) -> None:
    text = page.read_text(encoding="utf-8").lower()

    assert [word for word in ("situation", "choice", "cost", "reverse") if word not in text] == []


def terms() -> list[str]:
    """The words that the glossary explains, in the order of the page."""
    return re.findall(r"^\*\*(.+?)\*\*:", (ROOT / "docs/glossary.md").read_text(encoding="utf-8"), re.MULTILINE)


def test_glossary_explains_a_word_once() -> None:
    assert len(terms()) == len(set(terms()))


@pytest.mark.parametrize("word", WORDS_TO_EXPLAIN)
def test_glossary_explains(word: str) -> None:
    assert word in terms()


def test_words_of_the_glossary_are_used_in_the_code() -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8").lower()
        for package in ("tasktonic", "tasktonic_studio")
        for path in (ROOT / package).rglob("*.py")
    )
    plain = {re.sub(r" \(.*\)", "", term).lower() for term in terms()}

    assert sorted(word for word in plain if word not in code) == []


def test_every_panel_and_arrangement_is_in_the_glossary() -> None:
    text = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    titles = {
        title
        for path in (ROOT / "tasktonic_studio/ui/panels").glob("*/panel.py")
        for title in re.findall(r'^    title = "(.+)"$', path.read_text(encoding="utf-8"), re.MULTILINE)
    }

    assert len(titles) >= 5
    assert sorted(title for title in titles if title not in text) == []
