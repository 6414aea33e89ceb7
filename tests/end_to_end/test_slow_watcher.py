"""Why not? by somebody who is too slow to see all that a live app does: what was lost is said, and nothing is guessed."""

from __future__ import annotations

import runpy
from typing import Any

from tasktonic import events as ev
from tasktonic import ttLedger
from tasktonic.probe.agent import Agent
from tasktonic.probe.listener import Listener
from tasktonic.probe.outbox import Outbox
from tasktonic.protocol.messages import Credit, Granted
from tasktonic_studio.session.answers import Reason, Role
from tasktonic_studio.session.session import Session
from tasktonic_studio.session.why_not import why_not
from tests.helpers.apps import WAIT_S, in_thread
from tests.helpers.studio_end import StudioEnd
from tests.helpers.why_apps import CASES

SMALL_BYTES = 20_000


def test_what_a_slow_watcher_missed_is_said() -> None:
    case = next(case for case in CASES if case.app == "gap")
    agent = Agent(Listener(), make_outbox=lambda: Outbox(ring_bytes=SMALL_BYTES))
    agent.start()
    try:
        session = watched_slowly(agent, runpy.run_path(str(case.file)))
    finally:
        agent.stop("The test is over.")

    answer = why_not(session.live, case.question(session.live))

    assert session.live.gaps
    assert Reason.LOST in answer.reasons, answer.text
    assert not answer.is_exact
    unknown = [sentence.text for sentence in answer.sentences if sentence.role is Role.UNKNOWN]
    assert any(case.says in text for text in unknown), answer.text


def watched_slowly(agent: Agent, app: dict[str, Any]) -> Session:
    """The session of somebody who takes nothing until the work is done."""
    listener = agent.listener
    assert listener is not None
    with StudioEnd.watching(str(listener.address), listener.token, credit=0) as end:
        end.message(Granted)
        app["App"].creating_formula = lambda formula: {"tasktonic/log/to": "off"}
        thread = in_thread(app["App"], "app")
        app["at_home"].wait(WAIT_S)
        end.say(Credit(1 << 30))
        end.event(ev.LogLine, lambda line: line.text == "all are served")
        main = ttLedger().main_catalyst
        assert main is not None
        main.finish()
        thread.join(WAIT_S)
    session = Session()
    session.apply_events(0, [event for _, event in end.events])
    return session
