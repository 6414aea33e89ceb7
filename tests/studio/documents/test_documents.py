"""The documentation inside the Studio: where words stand, what a search finds, and that a page can do no harm."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import tasktonic.net
import tasktonic.qt
from tasktonic_studio.documents import pages
from tasktonic_studio.documents.markdown import Looks, inline_html, plain_text, slug, to_html
from tasktonic_studio.documents.search import SearchIndex
from tasktonic_studio.documents.topics import PREFIXES, Target, target_of, word_at
from tasktonic_studio.ui.panel_list import all_panels

ROOT = Path(__file__).resolve().parents[3]
LOOKS = Looks()


def stands(target: Target | None) -> bool:
    """Whether there is such a place."""
    page = pages.pages().get(target.page) if target is not None else None
    if target is None or page is None:
        return False
    anchors = {section.anchor for section in page.sections}
    return (not target.anchor or target.anchor in anchors) and target.find in page.text


@pytest.mark.parametrize("name", tasktonic.__all__)
def test_every_public_name_has_its_place_in_the_reference(name: str) -> None:
    target = target_of(f"word:{name}")

    assert stands(target)
    assert target is not None
    assert target.page.startswith("reference/")


@pytest.mark.parametrize("prefix", PREFIXES)
def test_every_prefix_has_its_place_alone_and_in_a_name(prefix: str) -> None:
    assert stands(target_of(f"word:{prefix}"))
    assert target_of(f"word:{prefix}__open") == target_of(f"word:{prefix}") == target_of(f"word:{prefix}_red__open")


def test_every_setting_of_an_app_has_its_place() -> None:
    keys = re.findall(
        r"^\| `(tasktonic/[^`]+)` \|", (ROOT / "docs/settings.md").read_text(encoding="utf-8"), re.MULTILINE
    )

    assert len(keys) > 15
    assert [key for key in keys if not stands(target_of(f"word:{key}"))] == []
    assert target_of("word:tasktonic/log/service") == Target("settings.md", "", "tasktonic/log/service#")
    assert target_of("word:nobody/knows") is None


@pytest.mark.parametrize("panel", all_panels(), ids=lambda panel: panel.id)
def test_every_panel_has_its_section_in_the_tour(panel: object) -> None:
    assert stands(target_of(f"panel:{panel.title}"))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "word, page",
    [
        ("ttse_red__on_enter", "guide/04-states.md"),
        ("ttse__on_start", "reference/tonic.md"),
        ("ttqt__plus__clicked", "guide/17-qt.md"),
        ("to_state", "reference/tonic.md"),
        ("bind", "reference/essence.md"),
        ("self.bind", "reference/essence.md"),
        ("ttTonic.to_state", "reference/tonic.md"),
        ("subscribe", "reference/store.md"),
        ("crossing", "glossary.md"),
    ],
)
def test_a_word_of_a_program_leads_to_its_page(word: str, page: str) -> None:
    target = target_of(f"word:{word}")

    assert stands(target)
    assert target is not None
    assert target.page == page


@pytest.mark.parametrize("topic", ["", "word:", "word:my_own_name", "panel:Nothing", "odd:thing", "word:tt"])
def test_what_has_no_place_leads_nowhere(topic: str) -> None:
    assert target_of(topic) is None


@pytest.mark.parametrize(
    "column, word",
    [(0, "self"), (6, "bind"), (14, "ttTimer"), (25, "tasktonic/log/to"), (17, "ttTimer"), (45, ""), (99, "")],
)
def test_the_word_at_the_caret_is_a_name_or_a_whole_setting(column: int, word: str) -> None:
    assert word_at('self.bind(ttTimer, "tasktonic/log/to", 12, )    # ', column) == word


# ---- searching


@pytest.fixture(scope="module")
def index() -> SearchIndex:
    return SearchIndex()


@pytest.mark.parametrize(
    "query, page",
    [
        ("ttTimerRepeat", "reference/timers.md"),
        ("to_state", "guide/04-states.md"),
        ("services", "guide/07-services.md"),
        ("long work", "guide/14-patterns.md"),
        ("write a lesson", "guide/18-lessons.md"),
    ],
)
def test_the_best_section_comes_first(index: SearchIndex, query: str, page: str) -> None:
    assert index.search(query)[0].section.page == page


MANUAL = [
    "ttEssence",
    "ttLedger",
    "ttTonic",
    "ttCatalyst",
    "ttFormula",
    "ttLog",
    "ttLogger",
    "ttStore",
    "ttTimer",
    "ttTimerSingleShot",
    "ttTimerRepeat",
    "ttDistiller",
    "HelloWorld",
    "creating_formula",
    "creating_main_catalyst",
    "creating_starting_tonics",
    "ttsc",
    "ttse",
    "tts",
    "_tts",
    "_ttss",
    "ttqt",
    "ttsc__process",
    "ttse__on_timer",
    "ttse__on_start",
    "ttse__on_enter",
    "ttse__on_exit",
    "_ttss__finish",
    "_noop",
    "to_state",
    "_tt_is_service",
    "_init_service",
    "bind",
    "subscribe",
    "sparkle_back",
    "log_mode",
    "STEALTH",
    "OFF",
    "QUIET",
    "FULL",
    "tasktonic/log/to",
    "tasktonic/log/default",
    "ds.set",
    "self.finish",
]
"""What the developer manual names."""


@pytest.mark.parametrize("name", [*MANUAL, *tasktonic.__all__, *tasktonic.qt.__all__, *tasktonic.net.__all__])
def test_a_search_finds_every_name_of_the_manual_and_every_public_one(index: SearchIndex, name: str) -> None:
    parts = [part for part in re.split(r"[._]+", name.lower()) if len(part) > 2]

    found = index.search(name)

    assert found
    said = f"{found[0].section.heading} {found[0].section.text}".lower()
    assert all(part in said for part in parts)


def test_a_search_for_a_setting_begins_where_it_stands_whole(index: SearchIndex) -> None:
    settings = re.findall(r"^\| `(tasktonic/[^`]+)` \|", pages.pages()["settings.md"].text, re.MULTILINE)

    firsts = {key: index.search(key)[0].section for key in settings}

    assert [key for key, first in firsts.items() if key not in f"{first.heading} {first.text}"] == []


def test_the_beginning_of_a_word_finds_it_and_is_marked(index: SearchIndex) -> None:
    hit = index.search("cataly")[0]

    assert hit.marks
    assert all(hit.snippet[begin:end].lower().startswith("cataly") for begin, end in hit.marks)


def test_a_plain_word_leads_to_the_guide_first_and_a_name_to_the_reference(index: SearchIndex) -> None:
    assert index.search("timers")[0].section.page == "guide/09-timers.md"
    assert index.search("ttTimer")[0].section.page == "reference/timers.md"


def test_the_pages_are_read_in_steps_until_all_are() -> None:
    searched = [it for it in pages.sections() if it.page == "guide/09-timers.md"][:3]
    by_steps = SearchIndex(searched)

    assert [by_steps.read_some(0.0) for _ in range(4)] == [False, False, False, True]
    assert by_steps.is_whole
    assert [hit.section for hit in by_steps.search("timer")] == [
        hit.section for hit in SearchIndex(searched).search("timer")
    ]


def test_every_word_has_to_be_there(index: SearchIndex) -> None:
    assert index.search("timer")
    assert index.search("timer xylophone") == []
    assert index.search("") == []
    assert index.search("*(?[") == []


# ---- pages


def leads_somewhere(page: pages.Page, link: str) -> bool:
    """Whether a link leads to a place on a page, to an example, or out into the web."""
    found = pages.resolved(page.path, link)
    if found is None:
        return link.startswith("https://") or pages.example(page.path, link) is not None
    anchors = {section.anchor for section in pages.pages()[found[0]].sections}
    return not found[1] or found[1] in anchors


@pytest.mark.parametrize("page", [page for page in pages.pages().values() if page.group], ids=lambda page: page.path)
def test_every_link_of_a_page_leads_somewhere(page: pages.Page) -> None:
    prose = re.sub(r"^(```+|~~~+).*?^\1$|`[^`\n]*`", "", page.text, flags=re.MULTILINE | re.DOTALL)
    links = re.findall(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)", prose, re.MULTILINE)

    assert [link for pair in links for link in pair if link and not leads_somewhere(page, link)] == []


def test_every_picture_of_a_page_is_there() -> None:
    shown = [
        (page.path, source)
        for page in pages.pages().values()
        for source in re.findall(r"!\[[^\]]*\]\(([^)\s]+)\)", page.text)
    ]

    assert len(shown) > 30
    assert [it for it in shown if pages.picture(*it) is None] == []


def test_a_link_is_followed_from_where_it_stands() -> None:
    assert pages.resolved("guide/04-states.md", "../reference/tonic.md#tttonic") == ("reference/tonic.md", "tttonic")
    assert pages.resolved("", "guide/04-states.md") == ("guide/04-states.md", "")


@pytest.mark.parametrize(
    "here, link, name",
    [
        ("guide/17-qt.md", "../../examples/qt_thermostat.py", "qt_thermostat.py"),
        ("bugs/two_clerks.md", "../../examples/bugs/two_clerks.py", "two_clerks.py"),
        ("studio.md", "../examples/watch_me.py", "watch_me.py"),
    ],
)
def test_a_link_to_an_example_leads_to_its_file(here: str, link: str, name: str) -> None:
    file = pages.example(here, link)

    assert file is not None
    assert file.name == name


@pytest.mark.parametrize(
    "link",
    [
        "../examples/plant.py",
        "../../examples/../tool.py",
        "../../examples",
        "../../examples/none.py",
        "/examples/plant.py",
    ],
)
def test_what_only_looks_like_an_example_is_none(link: str) -> None:
    assert pages.example("guide/17-qt.md", link) is None


def test_pages_that_are_only_linked_to_are_not_searched() -> None:
    assert pages.pages()["decisions/README.md"].group == ""
    assert not any(section.page.startswith("decisions/") for section in pages.sections())


@pytest.mark.parametrize(
    "link", ["https://example.org", "/etc/passwd", "../../../etc/passwd", "file:guide", "no.md", ""]
)
def test_a_link_out_of_the_help_is_none(link: str) -> None:
    assert pages.resolved("guide/04-states.md", link) is None


@pytest.mark.parametrize("source", ["/etc/passwd", "../../README.md", "http://x/y.png", "../guide/04-states.md"])
def test_no_picture_but_ours_is_loaded(source: str) -> None:
    assert pages.picture("guide/17-qt.md", source) is None
    assert pages.picture("guide/17-qt.md", "../pictures/qt-thermostat.png") is not None


# ---- Markdown


@pytest.mark.parametrize(
    "text, shown",
    [
        ("<script>alert(1)</script>", "&lt;script&gt;"),
        ('<img src="x">', "&lt;img"),
        ("`<b>`", "&lt;b&gt;"),
        ('[a](x"onclick=1)', "&quot;"),
        ("# <i>", "&lt;i&gt;"),
        ("| a |\n|---|\n| <u> |", "&lt;u&gt;"),
        ("```python\n'<p>'\n```", "&lt;p&gt;"),
    ],
)
def test_what_is_no_markdown_comes_out_as_text(text: str, shown: str) -> None:
    assert shown in to_html(text, LOOKS)


def test_markdown_comes_out_as_what_it_means() -> None:
    text = "# A *b*\n\n- one\n- **two**\n  more\n\n1. x\n\n| h |\n|---|\n| `c` |\n\n[l](p.md#q) ![alt](a.png)\n"

    made = to_html(text, LOOKS, pictures=True)

    for part in ('name="a-b"', "<ul", "<b>two</b> more", "<ol", "<th", ">c</span>", 'href="p.md#q"', 'src="a.png"'):
        assert part in made


@pytest.mark.parametrize("source", ["/etc/passwd", "file:///dev/zero", "a.png"])
def test_a_picture_is_its_words_where_nobody_chooses_what_is_loaded(source: str) -> None:
    made = to_html(f"- see ![the <door>]({source})", LOOKS) + inline_html(f"**![b]({source})**", LOOKS)

    assert "see the &lt;door&gt;" in made
    assert "<img" not in made
    assert source not in made


def test_code_has_colours_by_kind_of_sparkle() -> None:
    made = to_html("```python\ndef ttsc__go(self):  # go\n    return 'x'\n```", LOOKS)

    for colour, word in ((LOOKS.command, "ttsc__go"), (LOOKS.keyword, "return"), (LOOKS.comment, "# go")):
        assert f'<span style="color:{colour}">{word}</span>' in made


def test_half_written_markdown_is_shown_somehow() -> None:
    whole = pages.pages()["guide/04-states.md"].text[:1500]

    for end in range(0, len(whole), 7):
        assert isinstance(to_html(whole[:end], LOOKS), str)


def test_anchors_are_those_of_web_pages() -> None:
    assert slug("When it goes wrong") == "when-it-goes-wrong"
    assert slug("`ttTonic.to_state`") == "tttonicto_state"
    assert plain_text("a [b](c) `d`").split() == ["a", "b", "d"]
    assert inline_html("a **b**", LOOKS) == "a <b>b</b>"
