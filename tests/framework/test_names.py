from __future__ import annotations

import pytest

from tasktonic import ttError, ttTonic
from tasktonic.errors import ttSparkleNameError
from tasktonic.names import SparkleName, parse, qualified


@pytest.mark.parametrize(
    "method, prefix, state, name",
    [
        ("ttsc__open", "ttsc", "", "open"),
        ("ttse__on_timer", "ttse", "", "on_timer"),
        ("tts__step", "tts", "", "step"),
        ("_tts__step", "_tts", "", "step"),
        ("_ttss__finish", "_ttss", "", "finish"),
        ("ttsc_open__close", "ttsc", "open", "close"),
        ("ttse_half_open__on_enter", "ttse", "half_open", "on_enter"),
        ("_tts_open__step", "_tts", "open", "step"),
        ("ttsc__panel__button", "ttsc", "", "panel__button"),
        ("ttsc_open__panel__button", "ttsc", "open", "panel__button"),
    ],
)
def test_sparkle_name_is_taken_apart(method: str, prefix: str, state: str, name: str) -> None:
    assert parse(method) == SparkleName(prefix, state, name)


@pytest.mark.parametrize("method", ["ttsc__open", "ttsc_open__close", "_tts_a_b__c__d"])
def test_qualified_is_the_reverse_of_parse(method: str) -> None:
    parsed = parse(method)

    assert parsed is not None
    assert qualified(*parsed) == method


@pytest.mark.parametrize("method", ["open", "__init__", "_init_service", "ttse_on_start", "setup_ui", "_Door__ttsc"])
def test_other_methods_are_no_sparkles(method: str) -> None:
    assert parse(method) is None


@pytest.mark.parametrize("method", ["ttsx__open", "ttsevent__open", "_ttsc__open", "_ttse_open__close", "ttss__x"])
def test_unknown_prefix_is_refused(method: str) -> None:
    with pytest.raises(ttSparkleNameError, match=rf"{method}: looks like a sparkle, but .* is no known prefix"):
        parse(method)


@pytest.mark.parametrize("method", ["ttsc__", "ttsc_open__", "ttsc___x"])
def test_missing_name_is_refused(method: str) -> None:
    with pytest.raises(ttSparkleNameError, match="the name is missing here"):
        parse(method)


def test_missing_state_is_refused() -> None:
    with pytest.raises(ttSparkleNameError, match="missing here"):
        parse("ttsc___")


def test_custom_prefix_is_known() -> None:
    assert parse("ttqt_open__button__clicked", ["ttqt"]) == SparkleName("ttqt", "open", "button__clicked")


def test_custom_prefix_is_unknown_elsewhere() -> None:
    assert parse("ttqt__button__clicked") is None


def test_wrong_name_raises_when_the_class_is_defined() -> None:
    with pytest.raises(ttSparkleNameError, match=r"class Door: ttsx__open: looks like a sparkle") as caught:

        class Door(ttTonic):
            def ttsx__open(self) -> None: ...

    assert isinstance(caught.value, ttError)
    assert isinstance(caught.value, TypeError)


def test_message_for_a_wrong_name_says_how_to_mend_it() -> None:
    with pytest.raises(ttSparkleNameError, match=r"Known are ttsc__, .*Rename the method"):

        class Door(ttTonic):
            def ttscc__open(self) -> None: ...


def test_wrong_name_in_a_plain_mixin_raises_when_it_is_mixed_in() -> None:
    class Mixin:
        def ttsx__open(self) -> None: ...

    with pytest.raises(ttSparkleNameError, match="class Mixin: ttsx__open"):

        class Door(Mixin, ttTonic):
            pass


def test_data_that_is_named_like_a_sparkle_is_left_alone() -> None:
    class Door(ttTonic):
        ttsx__table = 3

    assert Door.ttsx__table == 3


def test_prefix_of_a_toolkit_is_accepted_in_its_classes() -> None:
    class Widget(ttTonic):
        @classmethod
        def _get_custom_prefixes(cls):
            return {"ttsx": lambda tonic, name, sparkle: None}

    class Door(Widget):
        def ttsx__open(self) -> None: ...

        def ttsx_closed__open(self) -> None: ...

    assert issubclass(Door, Widget)
