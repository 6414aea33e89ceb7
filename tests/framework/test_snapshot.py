from __future__ import annotations

import itertools
import threading
from pathlib import Path
from typing import Any

import pytest

from tasktonic import ttCatalyst, ttDistiller, ttEssence, ttFormula, ttStore, ttTimerRepeat, ttTonic
from tasktonic.clock import ORIGIN_NS
from tasktonic.events import (
    AppBegan,
    Born,
    CatalystBegan,
    ClassDefined,
    HandlerDefined,
    ServiceUsed,
    SnapshotTaken,
    SparkleDefined,
    StateDefined,
    StoreChanged,
    TimerSet,
)
from tasktonic.snapshot import PORTION, take_snapshot, ttSnapshotError
from tasktonic.stream import Level, stream
from tests.helpers.apps import Rows, handler_rows, in_thread, reading, run_app, wait_for
from tests.helpers.patience import PATIENCE_S


class Desk(ttEssence):
    _tt_is_service = "desk"


class Door(ttTonic):
    def ttse__on_start(self) -> None:
        self.to_state("open")

    def ttse_open__on_enter(self) -> None:
        self.bind(Desk)
        self.bind(ttStore).set("door/angle", 90)
        ttTimerRepeat(hours=1, name="pulse", sparkle_back=lambda info: None)
        self.ttsc__ready()

    def ttsc__ready(self) -> None:
        assert isinstance(self.context, Main)
        self.context.ttsc__look()

    def ttsc_closed__open(self) -> None: ...


class Main(ttTonic):
    """Has a snapshot taken by a foreign thread that came late."""

    rows: Rows
    formula: Any = None

    def ttse__on_start(self) -> None:
        Door(name="door", catalyst=ttCatalyst(name="side", context=-1))

    def ttsc__look(self) -> None:
        self.helper = in_thread(self.look)

    def look(self) -> None:
        with reading() as rows:
            take_snapshot(patience_s=10.0)
        Main.rows = rows
        self.finish()


def late_rows() -> Rows:
    run_app(lambda: Main(name="main tonic"), settings={"tasktonic/project/name": "plant"})
    return Main.rows


def test_snapshot_tells_of_all_that_lives() -> None:
    names = [row.name for row in late_rows().of(Born)]

    assert sorted(set(names)) == sorted(
        ["main_catalyst", "main tonic", "side", "door", "pulse", "04.Desk", "05.ttStore"]
    )


def test_snapshot_begins_with_the_app() -> None:
    rows = late_rows()

    assert type(rows.all[0]) is AppBegan
    assert rows.all[0].name == "plant"


def test_snapshot_tells_of_every_catalyst_that_turns() -> None:
    began = {row.catalyst: (row.driver, row.thread) for row in late_rows().of(CatalystBegan)}

    assert began == {0: ("thread", threading.current_thread().name), 2: ("thread", "side")}


def test_snapshot_tells_the_present_state() -> None:
    rows = late_rows()

    (door,) = [row for row in rows.of(Born) if row.name == "door"]
    states = {row.index: row.name for row in rows.of(StateDefined) if row.cls == door.cls}
    assert states[door.state] == "open"


def test_snapshot_tells_who_is_whose_context_and_catalyst() -> None:
    rows = late_rows()

    (door,) = [row for row in rows.of(Born) if row.name == "door"]
    assert (door.context, door.catalyst) == (1, 2)


def test_snapshot_tells_the_classes_before_what_is_made_of_them() -> None:
    rows = late_rows()

    told: set[int] = set()
    for row in rows.all:
        if type(row) is ClassDefined:
            told.add(row.cls)
        elif type(row) is Born:
            assert row.cls in told


def test_snapshot_tells_the_handlers_of_a_class() -> None:
    rows = late_rows()

    (door,) = [row for row in rows.of(Born) if row.name == "door"]
    handlers = handler_rows(rows, door.cls)
    assert ("ttsc__open", "closed") in handlers
    assert ("ttse__on_enter", "open") in handlers


def test_place_of_a_class_and_its_handlers_is_known() -> None:
    rows = late_rows()

    (cls,) = [row for row in rows.of(ClassDefined) if row.name == "Door" and row.module == __name__]
    ready = {row.sparkle for row in rows.of(SparkleDefined) if row.name == "ttsc__ready" and row.cls == cls.cls}
    (handler,) = [row for row in rows.of(HandlerDefined) if row.sparkle in ready]
    lines = Path(__file__).read_text(encoding="utf-8").splitlines()
    assert cls.file == handler.file == __file__
    assert lines[cls.line - 1].startswith("class Door")
    assert "def ttsc__ready" in lines[handler.line - 1]


def test_snapshot_tells_of_timers_that_run() -> None:
    (timer,) = late_rows().of(TimerSet)

    assert timer.period_ns == 3_600_000_000_000


def test_snapshot_tells_who_uses_a_service() -> None:
    rows = late_rows()

    (desk,) = [row for row in rows.of(Born) if row.service == "desk"]
    assert ServiceUsed(0, desk.essence, 3, True)[1:] in [row[1:] for row in rows.of(ServiceUsed)]


def test_snapshot_tells_what_a_store_holds() -> None:
    changes = [(row.path, row.new, row.present) for row in late_rows().of(StoreChanged)]

    assert changes == [("door/angle", "90", True)]


def test_snapshot_says_when_it_is_complete() -> None:
    taken = [row.catalyst for row in late_rows().of(SnapshotTaken)]

    assert sorted(taken) == [-1, 0, 2]


def test_catalyst_inside_a_long_sparkle_is_told_of_from_outside() -> None:
    inside, may_go_on = threading.Event(), threading.Event()
    found: list[Any] = []

    class Busy(ttTonic):
        def ttse__on_start(self) -> None:
            inside.set()
            wait_for(may_go_on)

    class Looking(ttTonic):
        def ttse__on_start(self) -> None:
            Busy(name="busy", catalyst=ttCatalyst(context=-1))
            self.helper = in_thread(self.look)

        def look(self) -> None:
            wait_for(inside)
            with reading() as rows:
                take_snapshot(patience_s=0.0)
                found.extend(row.name for row in rows.of(Born))
                may_go_on.set()
            self.finish()

    run_app(Looking)

    assert "busy" in found


def test_catalyst_that_does_not_turn_yet_is_told_of_at_once() -> None:
    told: list[str] = []

    def look() -> None:
        with reading() as rows:
            take_snapshot(patience_s=100 * PATIENCE_S)
            told.extend(row.name for row in rows.of(Born))
            told.extend("turns" for _ in rows.of(CatalystBegan))

    class Built(ttFormula):
        def creating_formula(self) -> dict[str, Any]:
            return {"tasktonic/log/to": "off"}

        def creating_starting_tonics(self) -> None:
            door = Door(name="door", catalyst=ttCatalyst(name="side", context=-1))
            looking = threading.Thread(target=look, daemon=True)
            looking.start()
            looking.join(PATIENCE_S)
            for tonic in (door, door.catalyst, self.ledger.main_catalyst):
                tonic.finish()

    Built()

    assert {"main_catalyst", "side", "door"} <= set(told), (
        "who lives is known, though nobody turns who could tell of it"
    )
    assert "turns" not in told, "a catalyst that is to turn does not do so yet"


def test_snapshot_without_an_app_tells_the_classes() -> None:
    with reading() as rows:
        take_snapshot()

    assert rows.of(AppBegan) == []
    assert [row.catalyst for row in rows.of(SnapshotTaken)] == [-1]


def test_snapshot_of_an_app_that_is_being_built_leaves_the_begin_to_the_app() -> None:
    class Built(ttFormula):
        def creating_formula(self) -> dict[str, Any]:
            return {"tasktonic/log/to": "off"}

        def creating_main_catalyst(self) -> None:
            take_snapshot()
            ttDistiller()

        def creating_starting_tonics(self) -> None:
            Door(name="door")

    with reading() as rows:
        app = Built()
        take_snapshot()

    assert {row.t_ns for row in rows.of(AppBegan)} == {ORIGIN_NS}
    app.ledger.main_catalyst.finish_distiller()  # type: ignore[union-attr]


def test_snapshot_is_told_in_portions_between_which_the_catalyst_works() -> None:
    rows = Rows(Level.FLOW)

    class Idle(ttTonic):
        pass

    class Crowded(ttTonic):
        def ttse__on_start(self) -> None:
            for _ in range(6 * PORTION):
                Idle(context=self)
            self.tts__work()
            self.helper = in_thread(self.look)

        def tts__work(self) -> None:
            self.tts__work()

        def look(self) -> None:
            stream.attach(rows)
            take_snapshot(patience_s=10.0)
            stream.detach(rows)
            self.finish()

    run_app(Crowded)

    # The mark by which the reader came in may end a batch before its first order: then two portions follow each other.
    longest = max(len(list(group)) for kind, group in itertools.groupby(rows.all, type) if kind is Born)
    assert longest <= 2 * PORTION
    assert len({row.essence for row in rows.of(Born)}) == 6 * PORTION + 2


def test_essence_that_cannot_be_told_does_not_hide_the_others() -> None:
    problems: list[str] = []
    found: list[str] = []

    class Odd(ttTonic):
        @property
        def name(self) -> str:
            raise LookupError("no name today")

    class Last(ttTonic):
        pass

    class Looking(ttTonic):
        def ttse__on_start(self) -> None:
            Odd(context=self)
            Last(context=self, name="last")
            self.helper = in_thread(self.look)

        def look(self) -> None:
            with reading() as rows:
                with pytest.raises(ttSnapshotError) as caught:
                    take_snapshot(patience_s=10.0)
                problems.append(str(caught.value))
                found.extend(row.name for row in rows.of(Born))
            self.finish()

    run_app(Looking)

    assert problems == ["1 essences could not be told; the first: a Odd (LookupError: no name today)"]
    assert "last" in found


def test_attribute_look_up_of_a_tonic_is_not_called() -> None:
    asked: list[str] = []

    class Nosy(ttTonic):
        def ttse__on_start(self) -> None:
            self.helper = in_thread(self.look)

        def __getattr__(self, name: str) -> Any:
            asked.append(name)
            raise AttributeError(name)

        def look(self) -> None:
            asked.clear()
            with reading():
                take_snapshot(patience_s=10.0)
                asked_for.extend(asked)
            self.finish()

    asked_for: list[str] = []
    run_app(Nosy)

    assert asked_for == []


def test_store_that_changes_while_it_is_told_is_told_as_it_is() -> None:
    class Meddled(ttStore):
        _tt_is_service = "meddled"

        def dump(self, *args: Any, **kwargs: Any) -> Any:
            pairs = list(super().dump(*args, **kwargs))
            if self.get("a") == 1:
                self.set({"a": 2, "b": 3})  # as if another thread wrote between the look and the telling
            elif self.get("c") == 7:
                del self["c"]
            return pairs

    told: list[tuple[str, str, bool]] = []

    class Looking(ttTonic):
        def ttse__on_start(self) -> None:
            self.bind(Meddled).set({"a": 1, "c": 7})
            with reading() as rows:
                self.ledger.get_service_essence("meddled")._tt_tell_present()  # type: ignore[union-attr]
                stream.hand_over()
                told.extend((row.path, row.new, row.removed) for row in rows.of(StoreChanged) if row.present)
            self.finish()

    run_app(Looking)

    last = {path: (new, removed) for path, new, removed in told}
    assert last == {"a": ("2", False), "b": ("3", False), "c": ("", True)}


class Inside(ttTonic):
    """Has a snapshot taken in its own sparkle, while another catalyst is busy."""

    told: list[str]

    def ttse__on_start(self) -> None:
        self.gate = threading.Event()
        Waiting(self.gate, name="waiting", catalyst=ttCatalyst(name="side", context=-1))
        self.ttsc__look()

    def ttsc__look(self) -> None:
        with reading() as rows:
            take_snapshot(patience_s=10.0)
        Inside.told = [row.name for row in rows.of(Born)]
        self.gate.set()
        self.finish()


class Waiting(ttTonic):
    def __init__(self, gate: threading.Event, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.gate = gate

    def ttse__on_start(self) -> None:
        wait_for(self.gate)


def test_snapshot_inside_a_sparkle_tells_its_own_catalyst_without_waiting_for_others() -> None:
    run_app(lambda: Inside(name="inside"))

    assert {"main_catalyst", "inside"} <= set(Inside.told)
