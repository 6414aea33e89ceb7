"""Values as a person types them."""

from __future__ import annotations

import pytest

from tasktonic.literals import parse_arguments, parse_literal, ttLiteralError


@pytest.mark.parametrize(
    "text, value",
    [
        ("7", 7),
        ("-0.5", -0.5),
        ("1+2j", 1 + 2j),
        (" 'red' ", "red"),
        ("True", True),
        ("None", None),
        ("(1, [2, {'a': {3}}])", (1, [2, {"a": {3}}])),
        ("b'x'", b"x"),
    ],
)
def test_a_literal_is_the_value_it_stands_for(text: str, value: object) -> None:
    assert parse_literal(text) == value


def test_a_bare_word_is_refused_with_the_quotes_it_lacks() -> None:
    with pytest.raises(ttLiteralError, match=r"'red' is no Python literal\. Did you mean 'red' in quotes\?"):
        parse_literal("red")


def test_what_cannot_be_read_says_why() -> None:
    with pytest.raises(ttLiteralError, match=r"'\[1,' cannot be read: '\[' was never closed\. A literal is a number"):
        parse_literal("[1,")


def test_a_call_is_no_literal() -> None:
    with pytest.raises(ttLiteralError, match="no Python literal"):
        parse_literal("__import__('os').getpid()")


@pytest.mark.parametrize("text", ["", "   "])
def test_nothing_is_no_literal(text: str) -> None:
    with pytest.raises(ttLiteralError, match="Nothing was typed"):
        parse_literal(text)


@pytest.mark.parametrize("text", ["(" * 5000 + ")" * 5000, "-" * 100_000 + "1", "9" * 300_000, "\0"])
def test_what_is_too_much_for_the_reader_is_refused(text: str) -> None:
    with pytest.raises(ttLiteralError):
        parse_literal(text)


def test_arguments_are_read_as_in_a_call() -> None:
    assert parse_arguments("1, 'red', speed=0.5, parts=[1]") == ((1, "red"), {"speed": 0.5, "parts": [1]})
    assert parse_arguments("-3, 'a, b', # a remark") == ((-3, "a, b"), {})


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_no_arguments_are_none(text: str) -> None:
    assert parse_arguments(text) == ((), {})


@pytest.mark.parametrize(
    "text, sentence",
    [
        ("*[1]", "has \\* or \\*\\* in it"),
        ("**{'a': 1}", "has \\* or \\*\\* in it"),
        ("1) + (2", "is no list of arguments"),
        ("a=1, a=2", "gives 'a' twice"),
        ("red", "Did you mean 'red' in quotes"),
        ("1, x", "no Python literal"),
    ],
)
def test_arguments_that_are_none_are_refused(text: str, sentence: str) -> None:
    with pytest.raises(ttLiteralError, match=sentence):
        parse_arguments(text)


@pytest.mark.parametrize("text", ["9" * 4_301, "[1, 0x" + "f" * 5_000 + "]"])
def test_an_integer_that_python_does_not_write_out_is_refused_with_a_sentence(text: str) -> None:
    sentence = r" has an integer of more than 4,300 digits, which .* in the app's own code\.$"
    with pytest.raises(ttLiteralError, match=sentence):
        parse_literal(text)
    with pytest.raises(ttLiteralError, match="more than 4,300 digits"):
        parse_arguments(f"1, by={text}")


def test_a_long_integer_that_python_writes_out_is_read() -> None:
    assert parse_literal("9" * 4_300) == 10**4_300 - 1


def test_an_integer_too_large_for_a_complex_number_is_no_literal() -> None:
    with pytest.raises(ttLiteralError, match="no Python literal"):
        parse_literal("0x" + "f" * 3_000 + "+1j")
