"""What a word means, the signature of a call, and where it stands."""

from __future__ import annotations

from tasktonic_studio.code.meaning import definitions_of, meaning_of, signature_of
from tests.studio.code.conftest import DOOR, HOUSE, Ask


def places(ask: Ask, name: str, behind: str) -> list[tuple[str, int, str]]:
    return [
        (it.file.rpartition("/")[2], it.line, it.label.partition(" — ")[0]) for it in definitions_of(ask(name, behind))
    ]


def test_a_sparkle_tells_its_arguments_its_handlers_and_what_is_written_about_it(ask: Ask) -> None:
    meaning = meaning_of(ask("house", "self.door.ttsc__op"))

    assert meaning.text.split("\n") == [
        "ttsc__open(wide: bool=False)",
        "command of Door",
        "  ttsc_closed__open in state closed, line 12",
        "  ttsc__open in any state without its own, line 16",
        "",
        "Open it.",
    ]
    assert (meaning.begin, meaning.end) == (18, 28)


def test_a_state_tells_its_handlers(ask: Ask) -> None:
    meaning = meaning_of(ask("house", 'self.door.to_state("op'))

    assert meaning.text == "state open of Door\n  ttsc_open__close()\n  ttse_open__on_enter()"


def test_a_state_that_does_not_exist_tells_those_that_do(ask: Ask) -> None:
    text = HOUSE.replace('self.door.to_state("open")', 'self.door.to_state("opne|")')

    meaning = meaning_of(ask("house", text=text))

    assert meaning.text == "Door has no state opne. Its states: closed, jammed, locked, open."


def test_hooks_and_settings_tell_what_they_are_for(ask: Ask) -> None:
    assert "first sparkle" in meaning_of(ask("house", "def ttse__on_s")).text
    assert "Where the log goes" in meaning_of(ask("house", '"tasktonic/l')).text


def test_an_ordinary_name_tells_what_is_written_about_it(ask: Ask) -> None:
    assert "A door." in meaning_of(ask("house", "self.door = Do")).text


def test_the_argument_that_is_being_written_stands_out(ask: Ask) -> None:
    text = HOUSE.replace("self.door.ttsc__open(True)", "self.door.ttsc__unlock(1, |")

    signature = signature_of(ask("house", text=text))

    assert signature.text == "ttsc__unlock(code, *, force=False)"
    assert signature.text[signature.begin : signature.end] == "force=False"


def test_the_signature_of_an_ordinary_call_comes_from_its_source(ask: Ask) -> None:
    signature = signature_of(ask("door", text="def paint(colour, times=1): ...\npaint((1, 2), |)\n"))

    assert signature.text == "paint(colour, times=1)"
    assert signature.text[signature.begin : signature.end] == "times=1"


def test_a_call_leads_to_the_handler_of_each_state(ask: Ask) -> None:
    assert places(ask, "house", "self.door.ttsc__op") == [
        ("door.py", 12, "ttsc_closed__open"),
        ("door.py", 16, "ttsc__open"),
    ]
    assert definitions_of(ask("house", "self.door.ttsc__op"))[0].label == "ttsc_closed__open — in state closed"


def test_a_call_of_one_state_leads_to_the_nearest_handler(ask: Ask) -> None:
    assert places(ask, "house", "self.gate.ttsc_cl") == [("door.py", 30, "ttsc_closed__open")]


def test_a_call_of_nobody_known_leads_to_all_that_have_it(ask: Ask) -> None:
    found = places(ask, "house", "self.mystery.ttsc__op")

    assert ("house.py", 7, "ttsc__open of Window") in found
    assert ("door.py", 12, "ttsc_closed__open of Door") in found


def test_a_state_leads_to_its_enter_hook_first(ask: Ask) -> None:
    assert places(ask, "house", 'self.door.to_state("op') == [
        ("door.py", 22, "ttse_open__on_enter"),
        ("door.py", 19, "ttsc_open__close"),
    ]


def test_a_state_without_handlers_leads_to_where_it_is_listed(ask: Ask) -> None:
    text = HOUSE.replace('self.door.to_state("open")', 'self.door.to_state("jammed|")')

    assert [(it.line, it.column) for it in definitions_of(ask("house", text=text))] == [(7, 18)]


def test_an_ordinary_name_leads_to_its_definition(ask: Ask) -> None:
    (target,) = definitions_of(ask("house", "self.door = Do"))

    assert (target.line, target.column) == (4, 6)


def test_the_text_of_an_open_tab_counts_and_not_the_file(ask: Ask) -> None:
    moved = ask("door", text="# one more line\n" + DOOR.replace("ttsc_open__close", "|ttsc_open__close"))

    assert [it.line for it in definitions_of(moved)] == [20]
