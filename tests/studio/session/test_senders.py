"""Who sends most to a catalyst."""

from __future__ import annotations

from tasktonic_studio.session.senders import Sender, top_senders
from tasktonic_studio.session.session import Session
from tests.helpers.builders import SECOND, EventWriter


def told(write: EventWriter) -> Session:
    session = Session()
    session.apply_events(0, write.take())
    return session


def test_whoever_sent_most_of_the_last_second_is_named() -> None:
    write = EventWriter()
    write.cls("ttCatalyst")
    main = write.catalyst("main")
    belt, boss, clerk = (write.born("Belt", name, catalyst=main) for name in ("belt", "boss", "clerk"))
    for source in (boss, clerk, boss):
        write.order(belt, "ttsc__move", source, 1)

    assert top_senders(told(write).live) == {main: Sender(boss, "boss", 2)}


def test_a_cause_counts_where_there_was_no_tonic() -> None:
    write = EventWriter()
    write.cls("ttCatalyst")
    main = write.catalyst("main")
    belt = write.born("Belt", "belt", catalyst=main)
    for cause in ("timer", "thread reader", "timer"):
        write.order(belt, "ttsc__move", cause=cause)

    assert top_senders(told(write).live) == {main: Sender(-1, "timer", 2)}


def test_what_was_sent_long_ago_does_not_count() -> None:
    write = EventWriter()
    write.cls("ttCatalyst")
    main = write.catalyst("main")
    belt = write.born("Belt", "belt", catalyst=main)
    write.order(belt, "ttsc__move")
    write.wait(2 * SECOND)
    write.log(belt, "later")

    assert top_senders(told(write).live) == {}
