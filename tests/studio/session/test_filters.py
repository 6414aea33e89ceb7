"""What a filter text lets through."""

from __future__ import annotations

import pytest

from tasktonic import events as ev
from tasktonic_studio.session.filters import LedgerFilter, LogFilter, RunFilter, StoreFilter, nanoseconds, parse
from tasktonic_studio.session.session import Session
from tests.helpers.builders import MS, EventWriter, a_session_with_plant, plant_of


@pytest.fixture(scope="module")
def session() -> Session:
    return a_session_with_plant()


@pytest.mark.parametrize(
    "text, names",
    [
        ("type:pump", {"pump 0", "pump 1", "pump 2", "pump 3"}),
        ("type:Pump state:", {"pump 0", "pump 1", "pump 2", "pump 3"}),
        ("state:run", {"plant"}),
        ("state:running type:pump", set()),
        ("error:", {"pump 1"}),
        ("dead:", {"guest"}),
        ("-alive:", {"guest"}),
        ("service:", {"store", "historian"}),
        ("service:hist", {"historian"}),
        ("id:0", {"main_catalyst"}),
        ('name:"pump 1"', {"pump 1"}),
        ('"pump 1" -valve', {"pump 1"}),
        ("pump cat:worker", {"pump 1", "pump 3"}),
        ("HISTORIAN", {"historian"}),
        ("nothing-like-this", set()),
    ],
)
def test_a_ledger_filter_shows(session: Session, text: str, names: set[str]) -> None:
    known = session.live

    found = LedgerFilter(text).matching(known)

    assert {known.essences.name(essence) for essence in found} == names


def test_an_empty_filter_shows_everything(session: Session) -> None:
    ledger = LedgerFilter("  ")

    assert not ledger
    assert ledger.matching(session.live) == set(session.live.essences)


def test_an_unknown_key_is_named_and_the_rest_counts(session: Session) -> None:
    ledger = LedgerFilter("typ:Pump error:")

    assert ledger.problem.startswith("There is no filter 'typ:'. Did you mean 'type:'? There are alive:, busy:, cat:,")
    assert {session.live.essences.name(it) for it in ledger.matching(session.live)} == {"pump 1"}


def test_busy_shows_what_ran_in_the_last_second(session: Session) -> None:
    busy = LedgerFilter("busy:").matching(session.live)

    assert plant_of(session).pumps[0] in busy
    assert plant_of(session).store not in busy


@pytest.mark.parametrize(
    "text, texts",
    [
        ("level:error", ["ValueError: the pump is dry in ttsc__open"]),
        ("level:std", ["Plant ready.", "low pressure"]),
        ("pressure", ["low pressure"]),
        ("tonic:plant", ["the plant runs"]),
        ("round -level:log", []),
    ],
)
def test_a_log_filter_shows(session: Session, text: str, texts: list[str]) -> None:
    log = LogFilter(text)

    assert [line.text for line in session.live.log if log.accepts(line)] == texts


@pytest.mark.parametrize(
    "text, sparkles",
    [
        ("error:", {"ttsc__open"}),
        ("tonic:historian", {"ttsc__record"}),
        ("type:valve", {"ttsc__turn"}),
        ("sparkle:on_start", {"ttse__on_start"}),
        ("longer:30us", {"ttse__on_stroke"}),
        ("turn cat:worker", {"ttsc__turn"}),
        ("state:running", {"ttse__on_start"}),
        ("hook:", set()),
        ("ignored:", set()),
        ("system:", set()),
    ],
)
def test_a_run_filter_shows(session: Session, text: str, sparkles: set[str]) -> None:
    known = session.live

    rows = RunFilter(text).rows(known)

    assert {known.names.sparkle(known.runs.row(int(row)).sparkle) for row in rows} == sparkles


def test_a_run_filter_and_its_opposite_share_all_runs(session: Session) -> None:
    known = session.live

    one, other = RunFilter("type:pump").rows(known), RunFilter("-type:pump").rows(known)

    assert sorted([*one, *other]) == list(range(len(known.runs)))


def test_a_time_that_is_none_is_said(session: Session) -> None:
    runs = RunFilter("longer:soon")

    assert "'longer:' wants a time such as 'longer:5ms'" in runs.problem
    assert not runs


@pytest.mark.parametrize(
    "text, expected", [("5ms", 5_000_000), ("20us", 20_000), ("1.5s", 1_500_000_000), ("7", 7_000_000), ("x", None)]
)
def test_times_are_read_with_their_unit(text: str, expected: int | None) -> None:
    assert nanoseconds(text) == expected


def test_words_keys_quotes_and_minus_are_taken_apart() -> None:
    query = parse('pump -state:open type:"A b" dead:', ["state", "type", "dead"])

    assert [tuple(term) for term in query.terms] == [
        ("", "pump", False),
        ("state", "open", True),
        ("type", "a b", False),
        ("dead", "", False),
    ]
    assert query.problem == ""


@pytest.fixture(scope="module")
def shelf() -> Session:
    """A store with a number that changed just now, a text of long ago, a link, and a path that was removed."""
    write = EventWriter()
    store = write.born("ttStore", "store", service="store")
    write.store(store, "plant/name", "'Graz'", type_="str", source="boss")
    write.store(store, "plant/alias", "→ plant/name", type_="link")
    write.store(store, "plant/old", "1", type_="int")
    write.wait(60_000 * MS)
    gone = ev.StoreChanged(
        write.t_ns, store, ev.Name("plant/old"), ev.Text("1"), ev.Text(""), ev.Name(""), True, False, 0, ev.Name("")
    )
    write.add(gone)
    write.store(store, "plant/level", "7.5", source="pump 1")
    session = Session()
    session.apply_events(0, write.take())
    return session


@pytest.mark.parametrize(
    "text, paths",
    [
        ("plant", {"plant/name", "plant/alias", "plant/level"}),
        ("LEVEL", {"plant/level"}),
        ("type:float", {"plant/level"}),
        ("writer:boss", {"plant/name"}),
        ("writer:", {"plant/name", "plant/level"}),
        ("value:graz", {"plant/name"}),
        ("link:", {"plant/alias"}),
        ("changed:5s", {"plant/level"}),
        ("changed:5", {"plant/level"}),
        ("changed:2000s -link:", {"plant/name", "plant/level"}),
        ("removed:", {"plant/old"}),
        ("-removed: -level", {"plant/name", "plant/alias"}),
    ],
)
def test_a_store_filter_finds(shelf: Session, text: str, paths: set[str]) -> None:
    known = shelf.live
    wanted = StoreFilter(text)

    found = {
        path
        for store in known.store
        for path, entry in known.store[store].items()
        if wanted.accepts(known, path, entry)
    }

    assert found == paths


def test_a_store_filter_says_what_a_time_looks_like() -> None:
    assert StoreFilter("changed:soon").problem == "'changed:' wants a time such as 'changed:5s' or 'changed:200ms'."
