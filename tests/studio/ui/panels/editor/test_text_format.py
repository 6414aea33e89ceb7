from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktonic_studio.ui.panels.editor.text_format import CannotEncode, TextFormat, declared_encoding, decode, encode


@pytest.mark.parametrize(
    "data, text, words",
    [
        (b"", "", "UTF-8 · LF"),
        (b"a\nb\n", "a\nb\n", "UTF-8 · LF"),
        (b"a\r\nb", "a\nb", "UTF-8 · CRLF"),
        (b"a\rb\r", "a\nb\n", "UTF-8 · CR"),
        (b"a\nb\r\n", "a\nb\n", "UTF-8 · mixed line ends"),
        ("\ufeffé".encode(), "é", "UTF-8 with BOM · LF"),
        ("# -*- coding: latin-1 -*-\né".encode("latin-1"), "# -*- coding: latin-1 -*-\né", "LATIN-1 · LF"),
        ("#!/x\n# vim: set fileencoding=cp1252 :\n€".encode("cp1252"), None, "CP1252 · LF"),
        ("a\u2028b\x0cc\x85d".encode(), "a\u2028b\x0cc\x85d", "UTF-8 · LF"),
    ],
)
def test_reading_tells_text_from_format(data: bytes, text: str | None, words: str) -> None:
    decoded = decode(data)

    assert decoded.problem == ""
    assert decoded.format.words == words
    if text is not None:
        assert decoded.text == text
    assert encode(decoded.text, decoded.format) == data


@given(st.lists(st.sampled_from([b"a", "é😀".encode(), b"\n", b"\r", b"\r\n", b"\xff", b"\0", b"# coding: latin-1\n"])))
def test_what_may_be_changed_comes_back_byte_for_byte(parts: list[bytes]) -> None:
    data = b"".join(parts)
    decoded = decode(data)

    assert "\r" not in decoded.text
    assert "\0" not in decoded.text
    if not decoded.problem:
        assert encode(decoded.text, decoded.format) == data


def test_lines_that_were_not_touched_keep_their_own_ends() -> None:
    decoded = decode(b"one\r\ntwo\nthree\rfour\r\nfive\r\n")

    changed = decoded.text.replace("three", "3\n3a")

    assert encode(changed, decoded.format) == b"one\r\ntwo\n3\r\n3a\r\nfour\r\nfive\r\n"


def test_new_lines_get_the_commonest_end() -> None:
    decoded = decode(b"a\r\nb\r\n")

    assert encode("a\nnew\nb\n", decoded.format) == b"a\r\nnew\r\nb\r\n"


@pytest.mark.parametrize(
    "data, problem",
    [
        (b"a\0b", "This file holds zero bytes, so it is not a text."),
        (
            b"ok\nb\xff",
            "This file is not UTF-8 (the byte 0xff in line 2) and declares no other encoding in its first two lines.",
        ),
        (
            b"# coding: utf-8\n\xff",
            "This file declares the encoding “utf-8”, but the byte 0xff in line 2 does not fit it.",
        ),
        (b"# coding: klingon\n", "This file declares the encoding “klingon”, which is unknown here."),
        (b"# coding: zip\n", "This file declares the encoding “zip”, which is unknown here."),
        (b"# coding: utf-7\na+ADs-\n", "This file would not come back the same from its encoding “utf-7”."),
    ],
)
def test_what_would_not_come_back_the_same_has_a_problem(data: bytes, problem: str) -> None:
    assert decode(data).problem == problem


def test_a_changed_declaration_changes_the_encoding() -> None:
    decoded = decode("# coding: latin-1\né\n".encode("latin-1"))

    assert encode(decoded.text.replace("latin-1", "utf-8"), decoded.format) == "# coding: utf-8\né\n".encode()


@pytest.mark.parametrize(
    "text, sentence",
    [
        ("# coding: latin-1\nx = '€'", "“€” (U+20AC) in line 2 cannot be written as LATIN-1."),
        ("# coding: nothing\n", "The text declares the encoding “nothing”, which is unknown here."),
        ("x\ud800", "U+D800 in line 1 cannot be written as UTF-8."),
    ],
)
def test_what_cannot_be_written_is_named(text: str, sentence: str) -> None:
    with pytest.raises(CannotEncode, match=re.escape(sentence)):
        encode(text, TextFormat())


@pytest.mark.parametrize(
    "text, encoding",
    [
        ("# coding: x1", "x1"),
        ("\n# coding=y", "y"),
        ("a = 1\n# coding: z", ""),
        ("\n\n# coding: z", ""),
        ('"""doc"""\n# coding: z', ""),
    ],
)
def test_the_declaration_counts_in_the_first_two_lines(text: str, encoding: str) -> None:
    assert declared_encoding(text) == encoding
