"""What a person has sent to the app is waited for until the app has said what became of it."""

from __future__ import annotations

import pytest

from tasktonic import events as ev
from tasktonic.literals import ttLiteralError
from tasktonic.protocol.messages import Answer, AttributeRow, Attributes
from tasktonic_studio.session.edits import AttributeSpot, StoreSpot, literal_from, literal_of
from tasktonic_studio.session.inbox import TargetBegan, TargetStatus, Told
from tasktonic_studio.session.session import Session

LIMIT = StoreSpot(3, "pump/limit")
SPEED = AttributeSpot(5, "speed")


def changed(path: str = "pump/limit") -> ev.StoreChanged:
    return ev.StoreChanged(1, 3, path, "5", "7", "int", False, False, 0, "")  # type: ignore[arg-type]


def test_a_sent_value_is_waited_for_until_answer_and_echo_have_come() -> None:
    session = Session()
    edits = session.edits
    edits.sent(LIMIT, 1, "7")
    session.apply([Told(Answer(1, True))])
    after_the_answer = edits.waits_for(LIMIT)

    session.apply_events(session.live.n, [changed("pump/other")])
    after_another_echo = edits.waits_for(LIMIT)
    changes = session.apply_events(session.live.n, [changed()])
    edits.take(changes)

    assert (after_the_answer, after_another_echo, edits.waits_for(LIMIT)) == ("7", "7", "")


@pytest.mark.parametrize("answer", [Answer(1, False, "It changed."), Answer(1, True, "It is 7 already.")])
def test_an_answer_that_says_something_ends_the_waiting(answer: Answer) -> None:
    session = Session()
    session.edits.sent(LIMIT, 1, "7")

    session.apply([Told(answer)])

    assert not len(session.edits)


def test_an_attribute_is_waited_for_until_it_was_looked_at_after_the_answer() -> None:
    session = Session()
    session.edits.sent(SPEED, 1, "7")
    seen = Told(Attributes(5, 2, (AttributeRow("speed", "int", "1"),)))
    session.apply([seen])
    before = session.edits.waits_for(SPEED)

    session.apply([Told(Answer(1, True)), seen])

    assert (before, session.edits.waits_for(SPEED)) == ("7", "")


def test_nothing_is_waited_for_when_the_app_has_ended() -> None:
    session = Session()
    session.edits.sent(LIMIT, 1, "7")

    session.apply([TargetStatus("ended", "ended")])

    assert not len(session.edits)


def test_another_target_is_not_edited_live_until_asked_again() -> None:
    session = Session()
    session.edits.set_live(True)
    session.edits.sent(LIMIT, 1, "7")

    session.apply([TargetBegan("launched")])

    assert (session.edits.live, len(session.edits)) == (False, 0)


@pytest.mark.parametrize(
    "shown, kind, literal",
    [
        ("5", "int", "5"),
        ("'red'", "str", "'red'"),
        ("[1, 'a']", "list", "[1, 'a']"),
        ("(hidden)", "str", ""),
        ("'long te…", "str", ""),
        ("<Pump>", "Pump", ""),
        ("5", "Limit", ""),
        ("", "", ""),
    ],
)
def test_an_editor_begins_with_the_value_when_that_can_be_typed(shown: str, kind: str, literal: str) -> None:
    assert literal_of(shown, kind) == literal


@pytest.mark.parametrize(
    "text, kind, literal",
    [("7", "str", "7"), ("blue sky", "str", "'blue sky'"), (" 'x' ", "str", "'x'"), ("None", "int", "None")],
)
def test_bare_words_are_a_text_where_a_text_was(text: str, kind: str, literal: str) -> None:
    assert literal_from(text, kind) == literal


@pytest.mark.parametrize("text, kind", [("blue", "int"), ("'blue", "str"), ("", "str")])
def test_what_is_neither_is_refused(text: str, kind: str) -> None:
    with pytest.raises(ttLiteralError):
        literal_from(text, kind)
