from __future__ import annotations

from tasktonic_studio.session.timeline import Texts


def test_text_comes_back_by_its_number() -> None:
    texts = Texts()

    assert texts.text(texts.number("angle=15")) == "angle=15"
    assert texts.number("angle=15") == texts.number("angle=15")
    assert texts.text(texts.number("")) == ""


def test_newest_texts_are_kept_when_there_are_too_many() -> None:
    texts = Texts(limit=4_000)

    numbers = [texts.number(f"level={level}") for level in range(50_000)]

    assert [texts.text(number) for number in numbers[-2_000:]] == [f"level={level}" for level in range(48_000, 50_000)]
    assert texts.text(numbers[5_000]) == "…"


def test_first_texts_are_kept_for_ever() -> None:
    texts = Texts(limit=4_000)

    timer = texts.number("timer")
    for level in range(50_000):
        texts.number(f"level={level}")

    assert texts.text(timer) == "timer"
    assert texts.number("timer") == timer
