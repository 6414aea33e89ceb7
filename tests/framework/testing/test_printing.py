"""What a printed trace looks like."""

from __future__ import annotations

import io

from tasktonic import ttLedger, ttTimerSingleShot, ttTonic
from tasktonic.testing.printing import print_trace


class Door(ttTonic):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.count = 0
        self.to_state("closed")

    def ttsc_closed__open(self, how, *, softly=False):
        self.count += 1
        self.to_state("open")
        ttTimerSingleShot(3.0, name="closer")

    def ttse_open__on_closer(self, info):
        self.to_state("closed")

    def ttse_open__on_exit(self):
        pass


def test_a_printed_trace_shows_times_calls_states_and_who_asked(build, capsys):
    distiller = build(lambda: Door(name="door"))
    distiller.sparkle()
    door = ttLedger().get_essence_by_name("door")
    door.ttsc__open("wide", softly=True)
    capsys.readouterr()

    distiller.stat_print(distiller.sparkle())

    assert capsys.readouterr().out == (
        "2 sparkles from 0.000 s to 3.000 s; running; stopped by idle\n"
        "     0.000  door                ttsc__open('wide', softly=True)     [closed → open]\n"
        "     3.000  door                ttse__on_closer({'id': 2, 'name': 'closer'})  [open → closed]  from timer closer\n"
        "     3.000  door                  ttse_open__on_exit\n"
    )


def test_a_printed_trace_shows_what_was_ignored(build, capsys):
    distiller = build(lambda: Door(name="door"))
    distiller.sparkle()
    ttLedger().get_essence_by_name("door").ttse__on_closer({})

    distiller.stat_print(distiller.sparkle())

    assert "door                ttse__on_closer({})                 [closed]  ignored\n" in capsys.readouterr().out


def test_a_printed_trace_shows_probes_and_the_contract(build):
    distiller = build(lambda: Door(name="door"))
    ttLedger().get_essence_by_name("door").ttsc__open("wide")
    text = io.StringIO()

    contract = {"tonics": {"door": {"till_state_in": ["open"], "probes": ["count"], "stop_on_probe": {"count": 1}}}}
    print_trace(distiller.sparkle(contract=contract), text)

    assert text.getvalue().splitlines()[1:] == [
        "     0.000  door                ttse__on_start()                    count=0",
        "     0.000  door                ttsc__open('wide')                  [closed → open]  count=0 → 1",
        "contract: 2 of 2 met",
        "    door: state: 'open', probe: count == 1",
    ]


def test_a_printed_trace_shows_hooks_that_no_row_caused(build, capsys):
    distiller = build(lambda: Door(name="door"))
    distiller.sparkle()

    distiller.stat_print(distiller.finish_distiller())

    assert capsys.readouterr().out == (
        "0 sparkles from 0.000 s to 0.000 s; catalyst finished; stopped by catalyst finished\n"
        "hooks that none of these caused:\n"
        "     0.000  door                  ttse__on_finished\n"
    )


def test_one_sparkle_is_not_several(build, capsys):
    distiller = build(lambda: Door(name="door"))

    distiller.stat_print(distiller.sparkle(sparkle_count=1))

    assert capsys.readouterr().out.startswith("1 sparkle from")
