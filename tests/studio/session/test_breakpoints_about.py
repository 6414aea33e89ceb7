"""Which breakpoints are about a thing."""

from __future__ import annotations

import pytest

from tasktonic.rules import Breakpoint, Term
from tasktonic_studio.session.breakpoints_about import points_about
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tests.helpers.builders import EventWriter


class Works:
    """A pump that is derived from a machine and stands in a house, a valve, a store; the pump has run and failed."""

    def __init__(self) -> None:
        write = EventWriter()
        write.cls("ttCatalyst")
        self.pump_cls = write.cls("Pump", ("idle", "full"), ("ttsc__open", "ttsc__shut"))
        write.cls("Valve", ("still",), ("ttsc__turn",))
        self.main = write.catalyst("main")
        self.pump = write.born("Pump", "pump", catalyst=self.main)
        self.valve = write.born("Valve", "valve", catalyst=self.main)
        self.store = write.born("ttStore", "store", catalyst=self.main, service="store")
        run = write.order(self.pump, "ttsc__open")
        write.store(self.store, "pump/level", "1", "", "int", run, "pump")
        write.run(self.pump, "ttsc__open", run)
        self.run = run
        self.order = write.order(self.pump, "ttsc__shut")
        write.raised(self.pump, "ttsc__open", "LookupError", "no water", run)
        self.session = Session()
        self.session.apply_events(0, write.take())

    def about(self, thing: Thing, *terms: Term) -> bool:
        """Whether one breakpoint of these terms is about a thing."""
        return bool(points_about(self.session.live, thing, [Breakpoint(1, terms)]))


@pytest.fixture(scope="module")
def works() -> Works:
    return Works()


@pytest.mark.parametrize(
    "term, pump, valve",
    [
        (Term("sparkle", "*", "Pump"), True, False),
        (Term("sparkle", "*", tonic="pump"), True, False),
        (Term("sparkle", "ttsc__open"), True, False),
        (Term("sparkle", "ttsc__*"), True, True),
        (Term("sparkle"), False, False),
        (Term("sender", "ttsc__turn", "Valve"), False, True),
        (Term("state", "full", way="entered"), True, False),
        (Term("condition", "self.level > 8", "Pump"), True, False),
        (Term("exception", "LookupError"), False, False),
        (Term("sparkle", "*", "Pump", negated=True), False, False),
    ],
)
def test_a_term_is_about_the_tonic_it_names_or_that_has_what_it_names(
    works: Works, term: Term, pump: bool, valve: bool
) -> None:
    assert works.about(Thing("essence", works.pump), term) is pump
    assert works.about(Thing("essence", works.valve), term) is valve


def test_one_of_several_terms_is_enough(works: Works) -> None:
    terms = (Term("sparkle", "ttsc__open", "Pump"), Term("sender", "ttsc__turn", "Valve"))

    assert works.about(Thing("essence", works.valve), *terms)
    assert works.about(Thing("essence", works.pump), *terms)
    assert not works.about(Thing("essence", works.store), *terms)


def test_a_class_has_those_that_name_it_and_those_of_its_tonics(works: Works) -> None:
    pump = Thing("class", works.pump_cls)

    assert works.about(pump, Term("sparkle", "*", "Pump", tonic="pump"))
    assert not works.about(pump, Term("sparkle", "*", tonic="pump"))
    assert not works.about(pump, Term("sparkle", "*", "Valve"))


@pytest.mark.parametrize("kind", ["run", "order"])
def test_a_run_and_an_order_have_those_about_their_sparkle(works: Works, kind: str) -> None:
    thing = Thing(kind, works.run if kind == "run" else works.order)  # type: ignore[arg-type]
    mine, other = ("ttsc__open", "ttsc__shut") if kind == "run" else ("ttsc__shut", "ttsc__open")

    assert works.about(thing, Term("sparkle", mine, "Pump"))
    assert works.about(thing, Term("sender", mine))
    assert not works.about(thing, Term("sparkle", other, "Pump"))
    assert not works.about(thing, Term("sparkle", mine, "Valve"))


def test_a_state_has_those_about_it(works: Works) -> None:
    full = Thing("state", (works.pump_cls, 0))  # states are numbered by name

    assert works.about(full, Term("state", "full", "Pump", way="left"))
    assert works.about(full, Term("state", "f*", way="entered"))
    assert not works.about(full, Term("state", "idle", "Pump", way="entered"))
    assert not works.about(full, Term("state", "full", "Valve", way="entered"))


def test_a_path_has_those_whose_pattern_covers_it(works: Works) -> None:
    level = Thing("store", (works.store, "pump/level"))

    assert works.about(level, Term("path", "*/level"))
    assert works.about(level, Term("path", "pump"))
    assert not works.about(level, Term("path", "pump/limit"))
    assert not works.about(level, Term("path", "pump/level", tonic="other store"))


def test_an_error_has_those_that_mean_its_exception(works: Works) -> None:
    log = works.session.live.log
    line = next(index for index in range(len(log)) if log[index].level == "error")

    assert works.about(Thing("log", line), Term("exception", "LookupError", "Pump", way="not taken"))
    assert works.about(Thing("log", line), Term("exception", "Exception"))
    assert not works.about(Thing("log", line), Term("exception", "OSError"))
    assert not works.about(Thing("log", line), Term("exception", "LookupError", "Valve"))


def test_what_is_not_known_has_none(works: Works) -> None:
    everything = Term("sparkle", "*", "*")

    for thing in (Thing("essence", 999), Thing("run", 10_000), Thing("log", 999), Thing("place", ("/none.py", 3))):
        assert not works.about(thing, everything)
