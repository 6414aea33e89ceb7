"""Contracts: what they may say, when they are met, and what they tell."""

from __future__ import annotations

import threading

import pytest

from tasktonic import ttLedger, ttTimerRepeat, ttTonic
from tasktonic.errors import ttContractError


class Lamp(ttTonic):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.level = 0
        self.colours = []
        self.to_state("off")

    def ttsc_off__switch(self):
        self.to_state("on")

    def ttsc_on__switch(self):
        self.to_state("off")

    def ttsc__dim(self, level):
        self.level = level
        self.colours.append(level)

    def ttse__on_enter(self):
        pass

    @property
    def broken(self):
        raise OSError("no lamp")


def lamp(name="lamp"):
    return ttLedger().get_essence_by_name(name)


@pytest.fixture
def lamps(build):
    """Two lamps that have started."""
    distiller = build(lambda: [Lamp(name="lamp"), Lamp(name="other")])
    distiller.sparkle()
    return distiller


def test_without_a_contract_there_are_no_details(lamps):
    assert lamps.sparkle()["contract_details"] == {}


def test_a_contract_stops_when_all_of_it_is_met(lamps):
    lamp().ttsc__switch()
    lamp("other").ttsc__switch()
    lamp("other").ttsc__dim(5)
    contract = {"tonics": {"lamp": {"till_state_in": ["on"]}, "other": {"till_sparkle_in": ["ttsc__switch"]}}}

    trace = lamps.sparkle(contract=contract)

    assert trace["stop_condition"] == ["contract_met"]
    assert trace.sparkles() == ["ttsc__switch", "ttsc__switch"]


def test_a_contract_stops_when_as_much_is_met_as_it_asks_for(lamps):
    lamp().ttsc__switch()
    lamp("other").ttsc__switch()
    terms = {"till_state_in": ["on"]}

    trace = lamps.sparkle(contract={"stop_match_count": 1, "tonics": {"lamp": terms, "other": terms}})

    assert trace["contract_details"] == {
        "match_count": 1,
        "target_count": 1,
        "matched_tonics": {"lamp": ["state: 'on'"]},
    }


def test_the_details_say_what_is_met_of_each_tonic(lamps):
    lamp().ttsc__switch()
    lamp().ttsc__dim(1)
    contract = {
        "tonics": {"lamp": {"till_state_in": ["on"], "till_sparkle_in": ["ttsc__dim"], "stop_on_probe": {"level": 1}}}
    }

    details = lamps.sparkle(contract=contract)["contract_details"]

    assert details == {
        "match_count": 3,
        "target_count": 3,
        "matched_tonics": {"lamp": ["state: 'on'", "sparkle: 'ttsc__dim'", "probe: level == 1"]},
    }


def test_the_details_say_what_is_met_also_when_the_contract_is_not(lamps):
    lamp().ttsc__dim(1)
    contract = {"tonics": {"lamp": {"till_state_in": ["on"], "stop_on_probe": {"level": 1}}}}

    trace = lamps.sparkle(contract=contract)

    assert trace["stop_condition"] == ["idle"]
    assert trace["contract_details"] == {
        "match_count": 1,
        "target_count": 2,
        "matched_tonics": {"lamp": ["probe: level == 1"]},
    }


def test_a_sparkle_counts_until_the_call_returns(lamps):
    lamp().ttsc__dim(1)
    lamp().ttsc__switch()
    contract = {"tonics": {"lamp": {"till_sparkle_in": ["ttsc__dim"], "till_state_in": ["on"]}}}

    assert lamps.sparkle(contract=contract)["stop_condition"] == ["contract_met"]


def test_a_sparkle_of_the_call_before_does_not_count(lamps):
    contract = {"tonics": {"lamp": {"till_sparkle_in": ["ttsc__dim"]}}}
    lamp().ttsc__dim(1)
    lamps.sparkle(contract=contract)
    lamp().ttsc__switch()

    assert lamps.sparkle(contract=contract)["contract_details"]["match_count"] == 0


def test_a_state_has_to_hold_at_the_moment(lamps):
    lamp().ttsc__switch()
    lamp().ttsc__switch()
    lamp().ttsc__dim(1)
    contract = {"tonics": {"lamp": {"till_state_in": ["on"], "till_sparkle_in": ["ttsc__dim"]}}}

    assert lamps.sparkle(contract=contract)["stop_condition"] == ["idle"]


def test_a_probe_has_to_hold_at_the_moment(lamps):
    lamp().ttsc__dim(1)
    lamp().ttsc__dim(2)
    lamp().ttsc__switch()
    contract = {"tonics": {"lamp": {"till_state_in": ["on"], "stop_on_probe": {"level": 1}}}}

    assert lamps.sparkle(contract=contract)["stop_condition"] == ["idle"]


def test_a_hook_counts_as_a_sparkle_of_a_contract(lamps):
    lamp().ttsc__switch()

    trace = lamps.sparkle(contract={"tonics": {"lamp": {"till_sparkle_in": ["ttse__on_enter"]}}})

    assert trace["contract_details"]["matched_tonics"] == {"lamp": ["sparkle: 'ttse__on_enter'"]}


def test_a_contract_may_have_nothing_but_a_timeout(build):
    def make():
        ttTimerRepeat(1.0, sparkle_back=lambda info: None)

    trace = build(make).sparkle(contract={"timeout": 3})

    assert (trace["stop_condition"], trace["end@"]) == (["timeout"], 3.0)


def test_a_tonic_may_come_into_being_later(build):
    class Maker(ttTonic):
        def ttse__on_start(self):
            self.bind(Lamp, name="late")

    trace = build(lambda: Maker(name="maker")).sparkle(contract={"tonics": {"late": {"till_state_in": ["off"]}}})

    assert trace["stop_condition"] == ["contract_met"]


# -- probes ---------------------------------------------------------------------------------------------------------------------


def test_probes_of_a_tonic_are_shown_before_and_after(lamps):
    lamp().ttsc__dim(7)

    (row,) = lamps.sparkle(contract={"tonics": {"lamp": {"probes": ["level"]}}})["sparkle_trace"]

    assert (row["at_enter"]["probes"], row["at_exit"]["probes"]) == ({"level": 0}, {"level": 7})


def test_probes_of_the_contract_are_shown_of_every_tonic_that_has_them(build):
    class Plain(ttTonic):
        pass

    trace = build(lambda: [Lamp(name="lamp"), Plain(name="plain")]).sparkle(contract={"probes": ["level"]})

    assert [(row["tonic"], row["at_exit"]["probes"]) for row in trace["sparkle_trace"]] == [
        ("lamp", {"level": 0}),
        ("plain", {}),
    ]


def test_probes_are_frozen_copies(lamps):
    lamp().ttsc__dim(1)
    lamp().ttsc__dim(2)

    trace = lamps.sparkle(contract={"tonics": {"lamp": {"probes": ["colours"]}}})

    assert [row["at_exit"]["probes"]["colours"] for row in trace["sparkle_trace"]] == [[1], [1, 2]]


def test_a_probe_that_cannot_be_copied_is_described(lamps):
    lamp().level = threading.Lock()
    lamp().ttsc__switch()

    (row,) = lamps.sparkle(contract={"probes": ["level"]})["sparkle_trace"]

    assert row["at_enter"]["probes"] == {"level": "<_thread.lock>"}


def test_a_probe_that_raises_says_so(lamps):
    lamp().ttsc__switch()

    (row,) = lamps.sparkle(contract={"probes": ["broken"]})["sparkle_trace"]

    assert row["at_enter"]["probes"] == {"broken": "<broken raised OSError: no lamp>"}


def test_a_probe_that_raises_equals_nothing(lamps):
    lamp().ttsc__switch()

    trace = lamps.sparkle(contract={"tonics": {"lamp": {"stop_on_probe": {"broken": 1}}}})

    assert trace["stop_condition"] == ["idle"]


def test_probes_end_with_the_call(lamps):
    lamps.sparkle(contract={"probes": ["level"]})
    lamp().ttsc__switch()

    assert lamps.sparkle()["sparkle_trace"][0]["at_exit"]["probes"] == {}


# -- what is refused --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "contract, text",
    [
        ([1], r"a contract must be a dict with 'timeout', 'stop_match_count', 'probes' and 'tonics'; this is \[1\]\."),
        ({"tonic": {}}, "a contract has no 'tonic'; it can have 'timeout', 'stop_match_count', 'probes' and 'tonics'"),
        ({"tonics": ["lamp"]}, r"contract\['tonics'\] = \['lamp'\]: it must be a dict of tonic names"),
        (
            {"tonics": {"lamp": "on"}},
            r"contract\['tonics'\]\['lamp'\] = 'on': it must be the name of a tonic and a dict",
        ),
        (
            {"tonics": {"lamp": {"till_state": ["on"]}}},
            r"contract\['tonics'\]\['lamp'\] has no 'till_state'; it can have 'till_state_in', 'till_sparkle_in', 'probes' and",
        ),
        (
            {"tonics": {"lamp": {"stop_on_probe": ["level"]}}},
            "stop_on_probe of 'lamp' = .*: it must be a dict of attributes",
        ),
        (
            {"tonics": {"lamp": {"till_state_in": [1]}}},
            r"till_state_in of 'lamp' = \[1\]: it must be a list of names\.",
        ),
        ({"probes": 3}, "probes of the contract = 3: it must be a list of names"),
        ({"stop_match_count": "some"}, r"contract\['stop_match_count'\] = 'some': it must be 'all' or a number"),
        (
            {"stop_match_count": 2, "tonics": {"lamp": {"till_state_in": ["on"]}}},
            r"contract\['stop_match_count'\] = 2: it must be 'all' or a number from 1 to the conditions of its tonics, which are 1",
        ),
        ({"timeout": -3}, "timeout=-3: it must be a number of seconds, 0 or more"),
    ],
)
def test_a_contract_that_makes_no_sense_is_refused(lamps, contract, text):
    with pytest.raises(ttContractError, match=text):
        lamps.sparkle(contract=contract)
