from __future__ import annotations

import pytest

from tasktonic_studio.ui.panels.editor.marks import SparkleKind, place_mark, sparkle_names


@pytest.mark.parametrize(
    "text, kind, state, name",
    [
        ("ttsc__open", SparkleKind.COMMAND, "", "open"),
        ("ttsc_closed__open", SparkleKind.COMMAND, "closed", "open"),
        ("ttse_half_open__on_timer", SparkleKind.EVENT, "half_open", "on_timer"),
        ("ttse__on__timer", SparkleKind.EVENT, "", "on__timer"),
        ("tts__note", SparkleKind.INTERNAL, "", "note"),
        ("_tts__note", SparkleKind.INTERNAL, "", "note"),
        ("_ttss__finish", SparkleKind.SYSTEM, "", "finish"),
        ("ttqt__button__clicked", SparkleKind.EVENT, "", "button__clicked"),
        ("ttqt_busy__button__clicked", SparkleKind.EVENT, "busy", "button__clicked"),
        ("ttsc_größe__öffne", SparkleKind.COMMAND, "größe", "öffne"),
    ],
)
def test_a_name_says_kind_and_state(text: str, kind: SparkleKind, state: str, name: str) -> None:
    (found,) = sparkle_names(f"self.{text}(1)")

    assert (found.kind, found.state, found.name) == (kind, state, name)
    assert (found.start, found.end) == (5, 5 + len(text))


@pytest.mark.parametrize(
    "text", ["ttsc", "ttsc_open", "xttsc__open", "__tts__x", "ttss__x", "ttsx__y", "ttsc__", "ttTonic", "_ttsc__x"]
)
def test_other_names_are_left_alone(text: str) -> None:
    assert list(sparkle_names(text)) == []


def test_all_names_of_a_text_are_found_in_order() -> None:
    text = "é = self.ttsc__a(); 😀 self._tts__b; # ttse_x__c"

    assert [text[found.start : found.end] for found in sparkle_names(text)] == ["ttsc__a", "_tts__b", "ttse_x__c"]


def test_a_mark_says_why_it_stands_there() -> None:
    assert place_mark(7).why == "Line 7 is the place that was asked for."
