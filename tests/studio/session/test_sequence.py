"""A diagram made of calls."""

from __future__ import annotations

from tasktonic import events as ev
from tasktonic_studio.diagrams.lifelines import OTHERS, Wishes
from tasktonic_studio.session.calls import Hooks, calls_of, last_calls
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.sequence import Asked, SequenceDiagram, an_empty_sequence, sequence_of
from tests.helpers.builders import Plant, a_session_with_plant, plant_of
from tests.studio.session.test_call_chain import Talk


def diagram(known: Knowledge, asked: Asked | None = None) -> SequenceDiagram:
    hooks = Hooks()
    hooks.take(known)
    return sequence_of(known, calls_of(known, last_calls(known, 10_000), hooks), asked or Asked())


def words(made: SequenceDiagram) -> list[str]:
    """The rows as one would read them out."""
    rows = map(made.row, range(len(made)))
    return [
        "gap"
        if row.gap
        else f"{made.lines[row.sender].words} > {made.lines[row.receiver].words}: {row.name} x{row.calls}"
        for row in rows
    ]


def test_a_call_and_its_effect_are_two_rows() -> None:
    talk = Talk()
    first = talk.call(0, sparkle="ttsc__go")
    talk.call(1, by=first, source=talk.tonics[0])

    assert words(diagram(talk.tell().live)) == [
        "outside > speaker 0: ttsc__go x1",
        "speaker 0 > speaker 1: ttsc__say x1",
    ]


def test_nothing_makes_an_empty_diagram() -> None:
    made = an_empty_sequence(Talk().tell().live)

    assert (len(made), made.lines, made.row_of_order(1), made.order_at(0)) == (0, (), -1, 0)


def test_lifelines_stand_in_the_order_in_which_they_take_part() -> None:
    talk = Talk()
    first = talk.call(2)
    talk.call(0, by=first, source=talk.tonics[2])

    by_appearance = diagram(talk.tell().live)
    by_tree = diagram(talk.session.live, Asked(by_appearance=False))

    assert [line.name for line in by_appearance.lines] == ["outside", "speaker 2", "speaker 0"]
    assert [line.name for line in by_tree.lines] == ["outside", "speaker 0", "speaker 2"]


def test_a_bar_goes_down_to_the_last_call_of_its_run() -> None:
    talk = Talk()
    first = talk.call(0)
    second = talk.call(1, by=first, source=talk.tonics[0])
    talk.call(2, by=first, source=talk.tonics[0])
    talk.call(0, by=second, source=talk.tonics[1])

    assert diagram(talk.tell().live).bar_end.tolist() == [2, 3, 2, 3]


def test_a_call_to_itself_stands_on_the_bar_it_was_made_in() -> None:
    talk = Talk()
    first = talk.call(0)
    second = talk.call(0, by=first, source=talk.tonics[0])
    talk.call(0, by=second, source=talk.tonics[0], sparkle="ttsc__more")

    assert diagram(talk.tell().live, Asked(selves=False)).level.tolist() == [0, 1, 2]


def test_calls_to_itself_in_a_row_are_told_by_their_number() -> None:
    talk = Talk()
    first = talk.call(0)
    talk.call(0, by=first, source=talk.tonics[0])
    talk.call(0, by=first, source=talk.tonics[0], sparkle="ttsc__more")

    assert words(diagram(talk.tell().live))[1] == "speaker 0 > speaker 0: 2 calls x2"


def test_the_state_that_a_call_led_to_is_marked() -> None:
    talk = Talk()
    talk.cls("Door", ("closed", "open"))
    door = talk.born("Door", "door", catalyst=0, state="closed")
    talk.sparkles(door, "ttsc__open", to="open")
    talk.sparkles(door, "ttsc__look")

    made = diagram(talk.tell().live)

    assert [made.row(number).state for number in range(2)] == ["open", ""]
    assert next(line for line in made.lines if line.name == "door").state == "closed"


def test_what_went_wrong_is_counted_in_a_folded_row() -> None:
    talk = Talk()
    for flags in (0, ev.ERROR, ev.IGNORED, 0):
        talk.run(talk.tonics[0], "ttsc__say", talk.order(talk.tonics[0], "ttsc__say"), flags=flags)
    talk.order(talk.tonics[0], "ttsc__say")

    row = diagram(talk.tell().live).row(0)

    assert (row.calls, row.times, row.errors, row.ignored, row.waiting) == (5, 5, 1, 1, 1)


def test_sparkles_of_the_same_name_repeat_whosever_they_are() -> None:
    talk = Talk()
    others = [talk.born("Listener", f"listener {number}", talk.tonics[1], catalyst=0) for number in range(4)]
    for other in others:
        talk.sparkles(other, "ttsc__say")
    for tonic in talk.tonics:
        talk.sparkles(tonic, "ttsc__say")

    made = diagram(talk.tell().live, Asked(wishes=Wishes(folded=frozenset({talk.tonics[1]}))))

    assert words(made)[0] == "outside > speaker 1 +4: ttsc__say x4"
    assert made.lines[1].kind == "box"


def test_lost_flow_is_a_row() -> None:
    talk = Talk()
    talk.call(0)
    talk.add(ev.Gap(talk.t_ns, talk.t_ns + 10, 5, 7))
    talk.call(0)

    made = diagram(talk.tell().live)

    assert words(made) == ["outside > speaker 0: ttsc__say x1", "gap", "outside > speaker 0: ttsc__say x1"]
    gap = made.row(1).gap
    assert gap is not None
    assert (gap.orders, gap.runs, made.order_at(1)) == (5, 7, 0)


def test_an_order_is_found_in_the_row_it_was_folded_into() -> None:
    talk = Talk()
    numbers = [talk.call(0) for _ in range(5)]

    made = diagram(talk.tell().live)

    assert made.row_of_order(numbers[3]) == 0
    assert made.order_at(0) == numbers[0]
    assert made.calls_in(0).tolist() == [0, 1, 2, 3, 4]


def test_rows_that_were_opened_show_each_call() -> None:
    talk = Talk()
    numbers = [talk.call(0) for _ in range(5)]

    made = diagram(talk.tell().live, Asked(opened=frozenset({numbers[0]})))

    assert len(made) == 5


def test_a_lively_plant_is_one_pattern() -> None:
    session = a_session_with_plant()
    plant: Plant = plant_of(session)

    made = diagram(session.live)

    assert made.frames[0].times == 25
    assert made.frames[0].bottom - made.frames[0].top + 1 == 3 * len(plant.pumps)
    assert len(made.lines) <= 12


def test_those_that_are_too_many_go_into_their_parents_or_the_border() -> None:
    talk = Talk(30)
    for tonic in range(30):
        talk.call(tonic)

    made = diagram(talk.tell().live)

    assert len(made.lines) == 12
    assert made.lines[-1].id == OTHERS
    assert made.lines[-1].words == "20 others"
