"""Contracts built clause by clause."""

from __future__ import annotations

from typing import Any

import pytest

from tasktonic_studio.session.contract_clauses import (
    PROBE,
    SPARKLE,
    STATE,
    VALUE,
    Clause,
    build,
    essence_named,
    sparkles_of,
    states_of,
    tonic_names,
)
from tests.helpers.builders import a_session_with_plant


def test_clauses_of_one_tonic_become_its_terms() -> None:
    built = build(
        [
            Clause("tank", STATE, "full, empty"),
            Clause("tank", VALUE, "level == 50"),
            Clause("tank", VALUE, "name = 'red'"),
            Clause("pump", SPARKLE, "ttsc__stop"),
            Clause("tank", PROBE, "level"),
            Clause("", STATE, ""),
        ],
        least=2,
        timeout=3600.0,
        probes=["opened"],
    )

    assert built.problem == ""
    assert built.conditions == 4
    assert built.contract == {
        "tonics": {
            "tank": {
                "till_state_in": ["full", "empty"],
                "stop_on_probe": {"level": 50, "name": "red"},
                "probes": ["level"],
            },
            "pump": {"till_sparkle_in": ["ttsc__stop"]},
        },
        "stop_match_count": 2,
        "timeout": 3600.0,
        "probes": ["opened"],
    }


@pytest.mark.parametrize(
    "clauses, least, sentence",
    [
        ([], 0, "Add a condition: a state, a sparkle or a value that a tonic shall have."),
        (
            [Clause("tank", PROBE, "level")],
            0,
            "Add a condition: a state, a sparkle or a value that a tonic shall have.",
        ),
        ([Clause("tank", STATE, "")], 0, "The condition with “tank” lacks a state."),
        ([Clause("", SPARKLE, "ttsc__stop")], 0, "The condition with “ttsc__stop” lacks a tonic."),
        ([Clause("tank", STATE, "full")], 2, "It stops when 2 are met, but there is one condition."),
        (
            [Clause("tank", VALUE, "level")],
            0,
            "“level” is no attribute with a value: write it as level == 50, name == 'red' or done == True.",
        ),
        ([Clause("tank", VALUE, "level == self.most")], 0, "“level == self.most” is no attribute with a value"),
        ([Clause("tank", VALUE, "level == (1, 2)")], 0, "“level == (1, 2)” is no attribute with a value"),
    ],
)
def test_what_is_wrong_is_said(clauses: list[Clause], least: int, sentence: str) -> None:
    built = build(clauses, least)

    assert built.contract is None
    assert built.problem.startswith(sentence)


@pytest.mark.parametrize("text, value", [("a == None", None), ("a == [1, {'b': 2.5}]", [1, {"b": 2.5}]), ("a=-1", -1)])
def test_values_are_plain_literals(text: str, value: Any) -> None:
    contract = build([Clause("tank", VALUE, text)]).contract

    assert contract == {"tonics": {"tank": {"stop_on_probe": {"a": value}}}}


def test_what_lives_is_offered() -> None:
    live = a_session_with_plant().live

    names = tonic_names(live)
    assert names
    assert not [name for name in names if essence_named(live, name) in live.catalysts]
    pump = next(name for name in names if states_of(live, name))
    assert set(states_of(live, pump)) <= set(states_of(live))
    assert sparkles_of(live, pump)
    assert not [name for name in sparkles_of(live) if name.startswith("_")]
    assert essence_named(live, "nobody") == -1
    assert states_of(live, "nobody") == sparkles_of(live, "nobody") == []
