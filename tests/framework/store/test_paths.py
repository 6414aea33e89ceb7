import pytest

from tasktonic.store import Store
from tasktonic.store.paths import contains, entry_of, parse, parse_pattern, pattern_covers, ttStorePathError


@pytest.mark.parametrize(
    "written,segments",
    [
        ("", ()),
        ("app", ("app",)),
        ("/app/config/", ("app", "config")),
        ("users/list[]", ("users", "list", "#")),
        ("[]", ("#",)),
        ("lamp#[]/x", ("lamp#", "#", "x")),
        ("lamp./x", ("lamp.", "x")),
        ("a.b/c[0]", ("a.b", "c[0]")),
    ],
)
def test_a_path_is_taken_apart_at_slashes(written, segments):
    assert parse(written).segments == segments


@pytest.mark.parametrize("path", ["a//b", "/a//b/"])
def test_an_empty_segment_is_refused(path):
    with pytest.raises(ttStorePathError, match="empty segment"):
        parse(path)


def test_a_path_that_is_no_text_is_refused():
    with pytest.raises(TypeError, match="A store path is text"):
        Store().get(3)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "key,entry",
    [("#0", ("", 0)), ("lamp#12", ("lamp", 12)), ("lamp", None), ("#", None), ("#ff00", None), ("#01", None)],
)
def test_a_list_entry_is_known_by_its_number(key, entry):
    assert entry_of(key) == entry


@pytest.mark.parametrize(
    "pattern,path,covers",
    [
        ("a", "a/b", True),
        ("a/*", "a", False),
        ("a/*", "a/b/c", True),
        ("**/c", "a/b/c/d", True),
        ("**/c", "a/b", False),
        ("**", "", True),
    ],
)
def test_a_pattern_covers_what_is_at_or_below_a_match(pattern, path, covers):
    assert pattern_covers(parse_pattern(pattern), parse(path).segments) is covers


def test_a_branch_does_not_contain_a_longer_name():
    assert contains("a", "a/b")
    assert contains("", "a")
    assert not contains("a", "ab")


@pytest.mark.parametrize("path", ["a/*", "**"])
@pytest.mark.parametrize("act", [lambda s, p: s.set(p, 1), lambda s, p: s.get(p), lambda s, p: s.remove(p)])
def test_wildcards_are_for_subscribing_only(path, act):
    with pytest.raises(ttStorePathError, match="'\\*' and '\\*\\*' are for subscribe"):
        act(Store(), path)


@pytest.mark.parametrize("act", [lambda s: s.get("list[]"), lambda s: s.remove("list/#"), lambda s: s.pop("lamp#")])
def test_a_mark_is_refused_where_nothing_is_made(act):
    with pytest.raises(ttStorePathError, match="makes a new entry"):
        act(Store())


def test_marks_cannot_be_subscribed_to():
    with pytest.raises(ttStorePathError, match="cannot be subscribed to"):
        Store().subscribe("list[]", print)
