"""The settings below ``tasktonic/log``: which targets an app has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tasktonic import Store, ttError, ttFormula, ttLedger, ttLogService, ttTonic
from tasktonic.loggers import LogRecord, make_targets
from tests.helpers.apps import run_app
from tests.helpers.logged_apps import Keeping, run_logged


class Speaker(ttTonic):
    def ttse__on_start(self) -> None:
        self.log("hello")
        self.finish()


class Mine(ttLogService):
    def write(self, record: LogRecord) -> None: ...


def settings(*pairs: tuple[str, Any]) -> Store:
    store = Store()
    store.set([(f"tasktonic/log/{path}", value) for path, value in pairs])
    return store


def names(targets: list[ttLogService]) -> list[str]:
    return [type(target).__name__ for target in targets]


@pytest.mark.parametrize("wanted", ["off", "", None, [], ["off"], " off ,"])
def test_no_target_is_made_when_none_is_wanted(wanted: Any) -> None:
    assert make_targets(settings(("to", wanted))) == []


@pytest.mark.parametrize("wanted", ["screen", " screen ", "screen, off", ["screen"], ("screen",), "screen,screen"])
def test_wanted_target_is_made_once(wanted: Any) -> None:
    assert names(make_targets(settings(("to", wanted)))) == ["ScreenLog"]


@pytest.mark.parametrize("wanted", ["screen,logging,file", ["screen", "logging", "file"]])
def test_several_targets_at_once(wanted: Any) -> None:
    assert names(make_targets(settings(("to", wanted)))) == ["ScreenLog", "StandardLog", "FileLog"]


def test_off_goes_to_no_target_that_stands_beside_it() -> None:
    assert names(make_targets(settings(("to", "off, logging")))) == ["StandardLog"]


def test_all_targets_of_an_app_get_the_same() -> None:
    first, second = Keeping(), Keeping()

    run_app(
        Speaker,
        settings={
            "tasktonic/log/service#0": lambda: first,
            "tasktonic/log/service#0/name": "first",
            "tasktonic/log/service#1": lambda: second,
            "tasktonic/log/service#1/name": "second",
            "tasktonic/log/to": "first, second",
        },
    )

    assert first.lines == second.lines != []


def test_unknown_target_says_which_there_are() -> None:
    with pytest.raises(ValueError, match="no log target") as caught:
        make_targets(settings(("service#", Mine), ("to", "sreen")))

    assert isinstance(caught.value, ttError)
    assert str(caught.value) == (
        "tasktonic/log/to = 'sreen': no log target 'sreen'; there are off, screen, logging, file, Mine. Did you mean 'screen'? "
        "One of your own is registered under tasktonic/log/service#."
    )


@pytest.mark.parametrize("wanted", [5, ["screen", 5], {"screen": 1}, object])
def test_target_that_is_no_name_is_refused(wanted: Any) -> None:
    with pytest.raises(ValueError, match=r"tasktonic/log/to = .*: give the name of a log target, or several in a list"):
        make_targets(settings(("to", wanted)))


def test_unknown_target_stops_the_formula_before_anything_runs() -> None:
    ran: list[int] = []

    with pytest.raises(ValueError, match="no log target 'nowhere'"):
        run_app(lambda: ran.append(1), settings={"tasktonic/log/to": "screen, nowhere"})

    assert ran == []


def test_target_is_the_screen_when_nothing_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    class Plain(ttFormula):
        def creating_starting_tonics(self) -> None:
            Speaker(name="speaker")

    Plain()

    assert "speaker" in capsys.readouterr().out


def test_targets_are_readable_while_the_app_runs() -> None:
    read: list[Any] = []

    class Reading(ttTonic):
        def ttse__on_start(self) -> None:
            read.append(self.ledger.formula.get("tasktonic/log/to"))
            self.finish()

    run_app(Reading, settings={"tasktonic/log/to": "off"})

    assert read == ["off"]


def test_targets_are_watchable_while_the_app_runs() -> None:
    seen: list[Any] = []

    class Watching(ttTonic):
        def ttse__on_start(self) -> None:
            self.ledger.formula.subscribe("tasktonic/log/to", self.ttse__on_change)
            self.ledger.formula.set("tasktonic/log/to", "screen")

        def ttse__on_change(self, changes: list[Any]) -> None:
            seen.extend(changes)
            self.finish()

    run_app(Watching)

    assert [change[:3] for change in seen] == [("tasktonic/log/to", "screen", "off")]


def test_own_service_is_found_by_the_name_of_its_class() -> None:
    assert names(make_targets(settings(("service#", Mine), ("to", "Mine")))) == ["Mine"]


def test_own_service_is_found_by_the_name_it_is_given() -> None:
    store = settings(("service#", Mine), ("service./name", "diary"), ("to", "diary"))

    assert names(make_targets(store)) == ["Mine"]


def test_own_service_may_be_made_by_a_function() -> None:
    def mail() -> ttLogService:
        return Mine()

    assert names(make_targets(settings(("service#", mail), ("to", "mail")))) == ["Mine"]


def test_several_own_services_are_registered_side_by_side() -> None:
    class Other(Mine): ...

    store = settings(("service#", Mine), ("service#", Other), ("to", "Other, Mine"))

    assert names(make_targets(store)) == ["Other", "Mine"]


def test_own_service_that_is_registered_but_not_wanted_is_not_made() -> None:
    assert make_targets(settings(("service#", Mine), ("to", "off"))) == []


def test_own_service_gets_the_log() -> None:
    kept = Keeping()

    run_logged(lambda: Speaker(name="speaker"), kept)

    assert "speaker hello" in kept.lines


def test_class_that_is_no_log_service_is_refused() -> None:
    with pytest.raises(
        ValueError, match=r"tasktonic/log/service#0 = <class '.*Speaker'>: a log service is a subclass of ttL"
    ):
        make_targets(settings(("service#", Speaker), ("to", "off")))


def test_service_without_write_is_refused() -> None:
    class Mute(ttLogService): ...

    with pytest.raises(
        ValueError, match=r"tasktonic/log/service#0 = .*Mute'>: it has no write\(self, record\), so nothing"
    ):
        make_targets(settings(("service#", Mute), ("to", "Mute")))


@pytest.mark.parametrize("thing", ["screen", 3, None])
def test_thing_that_cannot_make_a_service_is_refused(thing: Any) -> None:
    with pytest.raises(ValueError, match=r"service#0 = .*: register a subclass of ttLogService, or a function without"):
        make_targets(settings(("service#", thing), ("service./name", "x"), ("to", "off")))


def test_function_that_gives_no_service_is_refused() -> None:
    with pytest.raises(
        ValueError,
        match="the log target wrong was registered with a function that gave 3; it has to give an instance of a subclass of ttL",
    ):
        make_targets(settings(("service#", lambda: 3), ("service./name", "wrong"), ("to", "wrong")))


def test_service_that_does_not_call_super_is_refused() -> None:
    class Hasty(Mine):
        def __init__(self) -> None: ...

    with pytest.raises(ValueError, match=r"Hasty: __init__ did not call super\(\).__init__\(\). Call it first."):
        make_targets(settings(("service#", Hasty), ("to", "Hasty")))


def test_service_without_a_name_is_refused() -> None:
    class Factory:
        def __call__(self) -> ttLogService:
            return Mine()

    with pytest.raises(ValueError, match=r"tasktonic/log/service#0 has no name: add \('tasktonic/log/service./name', "):
        make_targets(settings(("service#", Factory()), ("to", "off")))


@pytest.mark.parametrize("name", ["screen", "off", "Mine"])
def test_name_that_is_taken_is_refused(name: str) -> None:
    store = settings(("service#", Mine), ("service#", Keeping), ("service./name", name), ("to", "off"))

    with pytest.raises(
        ValueError, match=f"tasktonic/log/service#1: there already is a log target '{name}'. Give this one an"
    ):
        make_targets(store)


def test_service_that_cannot_be_made_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    class Unreachable(Mine):
        def __init__(self) -> None:
            super().__init__()
            raise ConnectionRefusedError("nobody listens")

    formula = run_app(Speaker, settings={"tasktonic/log/service#": Unreachable, "tasktonic/log/to": "Unreachable"})

    assert capsys.readouterr().err == (
        "tasktonic: the log target Unreachable could not be made: ConnectionRefusedError: nobody listens. "
        "The app goes on without it.\n"
    )
    assert formula.ledger.essences == []


def test_errors_reach_stderr_when_no_target_could_be_made(capsys: pytest.CaptureFixture[str]) -> None:
    class Unmade(Mine):
        def __init__(self) -> None:
            raise ValueError("no address")

    class Failing(ttTonic):
        def ttse__on_start(self) -> None:
            self.finish()
            raise LookupError("lost")

    run_app(Failing, settings={"tasktonic/log/service#": Unmade, "tasktonic/log/to": "Unmade"})

    assert "LookupError: lost" in capsys.readouterr().err


def test_file_settings_are_readable_with_what_they_became(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    run_app(Speaker, settings={"tasktonic/log/to": "file", "tasktonic/project/name": "my plant/2.py"})

    formula = ttLedger().formula
    assert formula.get("tasktonic/log/file") == {"path": "2.log", "max_bytes": 10_000_000, "backups": 5}
    assert (tmp_path / "2.log").exists()


def test_name_of_the_log_file_comes_from_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    run_app(Speaker, settings={"tasktonic/log/to": "file", "tasktonic/project/name": "the plant: süd"})

    assert [path.name for path in tmp_path.iterdir()] == ["the_plant_süd.log"]


@pytest.mark.parametrize("path", ["", 5, b"x"])
def test_wrong_path_of_the_log_file_is_refused(path: Any) -> None:
    with pytest.raises(ValueError, match=r"tasktonic/log/file/path = .*: give the path of a file, as text."):
        make_targets(settings(("file/path", path), ("to", "file")))


@pytest.mark.parametrize("key", ["max_bytes", "backups"])
@pytest.mark.parametrize("number", [-1, 1.5, "10", True, None])
def test_wrong_size_of_the_log_file_is_refused(key: str, number: Any) -> None:
    with pytest.raises(ValueError, match=f"tasktonic/log/file/{key} = .*: give a whole number, 0 or more."):
        make_targets(settings(("file/path", "x.log"), (f"file/{key}", number), ("to", "file")))
