"""A saved trace holds what the distiller was asked for: conditions, contract, probes, and what came of them."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

from tasktonic import ttTimerSingleShot, ttTonic
from tasktonic.cli import main
from tasktonic.testing import calls as calls_module
from tasktonic.testing.calls import Calls
from tasktonic.trace import Distilled, Probes, TraceReader
from tasktonic.trace import distilled as distilled_module
from tasktonic.trace.distilled import pack_distilled, unpack_distilled
from tasktonic.trace.file import FRAME, Kind, read_head


class Lock(ttTonic):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.tries = 0
        self.password = "swordfish"

    def ttse__on_start(self):
        self.to_state("closed")

    def ttsc_closed__try_code(self, code):
        self.tries += 1
        if code == 7:
            self.to_state("open")

    def ttse_open__on_enter(self):
        ttTimerSingleShot(3, name="shut")

    def ttse_open__on_shut(self, info):
        self.to_state("closed")


CONTRACT = {
    "timeout": 60,
    "stop_match_count": 1,
    "tonics": {
        "lock": {
            "till_state_in": ["open"],
            "till_sparkle_in": "ttse__on_shut",
            "probes": ["tries", "password"],
            "stop_on_probe": {"tries": 9},
        }
    },
}


@pytest.fixture
def saved(build, tmp_path) -> Path:
    """The trace of a lock that was opened at the second try under a contract, and then ran for two seconds."""
    distiller = build(lambda: Lock(name="lock"))
    distiller.sparkle(till_state_in="closed")
    lock = distiller.ledger.get_essence_by_name("lock")
    lock.ttsc__try_code(3)
    lock.ttsc__try_code(7)
    distiller.sparkle(contract=CONTRACT)
    trace = distiller.sparkle(5, timeout=2)
    path = Path(trace.save(tmp_path / "lock.ttt"))
    distiller.finish_distiller()
    return path


def calls_of(path: Path) -> list[Distilled]:
    with TraceReader(path) as reader:
        return reader.distilled()


def test_each_call_is_there_as_it_was_asked(saved):
    assert [call.asked for call in calls_of(saved)] == [
        "sparkle(till_state_in='closed')",
        "sparkle(contract)",
        "sparkle(sparkle_count=5, timeout=2)",
    ]


def test_what_stopped_each_call_is_there(saved):
    assert [call.stopped_by for call in calls_of(saved)] == [
        ("state_trigger: [closed]",),
        ("contract_met",),
        ("timeout",),
    ]


def test_the_contract_is_there_in_words_with_what_was_met(saved):
    call = calls_of(saved)[1]

    assert call.contract == (
        "timeout after 60 s",
        "lock: till state open",
        "lock: till sparkle ttse__on_shut",
        "lock: till tries == 9",
        "lock: probes tries, password",
        "stops when 1 of 3 are met",
    )
    assert call.met == ("lock: state: 'open'",)
    assert call.outcome == "stopped by contract_met; 1 of 1 conditions met"


def test_probes_are_there_run_by_run(saved):
    first, second = calls_of(saved)[1].probes

    assert (first.before["tries"], first.after["tries"]) == ("0", "1")
    assert (second.before["tries"], second.after["tries"]) == ("1", "2")
    with TraceReader(saved) as reader:
        ran = [event.run for _, event in reader.happened() if type(event).__name__ == "Ran"]
    assert {first.run, second.run} <= set(ran)


def test_probes_named_like_a_secret_are_hidden(saved):
    assert calls_of(saved)[1].probes[0].after["password"] == "(hidden)"
    assert b"swordfish" not in saved.read_bytes()


def test_each_call_says_where_in_the_stream_it_was(saved):
    calls = calls_of(saved)

    assert [call.call for call in calls] == [1, 2, 3]
    for call, following in pairwise(calls):
        assert call.first < call.until <= following.first
    assert [(call.end_ns - call.begin_ns) / 1e9 for call in calls] == [0, 0, 2]


def test_a_trace_that_is_saved_twice_has_the_calls_up_to_then(build, tmp_path):
    distiller = build(lambda: Lock(name="lock"))
    first = distiller.sparkle().save(tmp_path / "1.ttt")
    second = distiller.finish_distiller().save(tmp_path / "2.ttt")

    assert len(calls_of(first)) == 1
    assert [call.asked for call in calls_of(second)] == ["sparkle()", "finish_distiller(timeout=0.5)"]
    assert calls_of(second)[1].status == "catalyst finished"


def test_of_very_many_calls_the_last_are_kept(build, tmp_path, monkeypatch):
    monkeypatch.setattr(calls_module, "MOST_CALLS", 3)
    distiller = build(lambda: Lock(name="lock"))
    assert isinstance(distiller._hand.calls, Calls)

    traces = [distiller.sparkle(0) for _ in range(5)]

    assert [call.call for call in calls_of(traces[-1].save(tmp_path / "many.ttt"))] == [3, 4, 5]


def test_a_file_that_was_not_closed_has_them_as_far_as_it_goes(saved):
    data = saved.read_bytes()
    places, at = [], 16
    while at < len(data):
        head = read_head(data[at : at + FRAME.size])
        places.append((head.kind, at))
        at += FRAME.size + head.stored
    asides = [place for kind, place in places if kind == Kind.ASIDE]

    saved.write_bytes(data[: asides[2]])

    assert [call.call for call in calls_of(saved)] == [1, 2]


def test_a_long_call_goes_on_in_further_frames(monkeypatch):
    monkeypatch.setattr(distilled_module, "PROBES_PER_FRAME", 2)
    call = Distilled(
        1, 5, 9, 10, 20, "sparkle()", "running", probes=tuple(Probes(n, {"a": "1"}, {}) for n in range(1, 6))
    )

    frames = [json.dumps(aside).encode() for aside in pack_distilled(call)]

    assert len(frames) == 4
    assert unpack_distilled(frames) == [call]


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"no json",
        b'{"distilled": 5}',
        b'{"distilled": {"call": -1}}',
        b'{"distilled": {"call": "1"}}',
        b'{"distilled": {"call": 1, "first": -3}}',
        b'{"distilled": {"call": 1, "asked": 7}}',
        b'{"distilled": ' + b"[" * 5_000,
        b'{"output": "stdout", "text": "distilled"}',
    ],
)
def test_what_is_no_call_is_passed_over(said):
    assert unpack_distilled([said]) == []


def test_what_is_wrong_inside_of_a_call_is_left_out():
    said = {"call": 1, "asked": "sparkle()", "contract": ["good", 5], "stopped_by": "idle"}
    rows = [[4, {"a": "1"}, {"a": 2}], [0, {"a": "1"}, {}], "row", [5, {}, {}]]

    (call,) = unpack_distilled(json.dumps({"distilled": each}).encode() for each in (said, {"call": 1, "probes": rows}))

    assert (call.contract, call.stopped_by) == (("good",), ())
    assert call.probes == (Probes(4, {"a": "1"}, {}),)


def test_info_tells_the_calls(saved, capsys):
    assert main(["trace", "info", str(saved)]) == 0

    said = capsys.readouterr().out
    assert "distilled     2. sparkle(contract)\n" in said
    assert "  contract: lock: till state open\n" in said
    assert "  met: lock: state: 'open'\n" in said
    assert "  stopped by contract_met; 1 of 1 conditions met\n" in said


def test_info_as_json_has_the_calls(saved, capsys):
    main(["trace", "info", "--json", str(saved)])

    told = json.loads(capsys.readouterr().out)["distilled"]
    assert [call["stopped_by"] for call in told] == [["state_trigger: [closed]"], ["contract_met"], ["timeout"]]
    assert told[1]["probes"][0]["after"]["tries"] == "1"


def test_show_puts_the_calls_around_what_ran_in_them(saved, capsys):
    main(["trace", "show", str(saved)])

    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    begin, end = lines.index("┌ 2. sparkle(contract)"), lines.index("└ stopped by contract_met; 1 of 1 conditions met")
    tries = [number for number, line in enumerate(lines) if "▸ ttsc__try_code" in line]
    assert len(tries) == 2
    assert begin < tries[0] < tries[1] < end
    assert lines[tries[0]].endswith("{tries = 0 → 1, password = (hidden)}")


def test_show_as_json_has_the_probes(saved, capsys):
    main(["trace", "show", "--json", str(saved)])

    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    probes = [it["probes"] for it in told if it.get("called") == "ttsc__try_code" and "probes" in it]
    assert [it["after"]["tries"] for it in probes] == ["1", "2"]


def test_a_selection_shows_no_calls(saved, capsys):
    main(["trace", "show", "--tonic", "lock", str(saved)])

    assert "┌" not in capsys.readouterr().out
