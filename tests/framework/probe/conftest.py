"""Probes in this process, and watched apps in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tasktonic import probe
from tasktonic.probe.agent import Agent
from tasktonic.probe.listener import Listener
from tests.framework.probe.agents import Attach, MakeAgent, Run
from tests.helpers.studio_end import StudioEnd

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def make_agent() -> Iterator[MakeAgent]:
    """Makes probes that listen, with parts of the test's choice."""
    agents: list[Agent] = []

    def make(**parts: Any) -> Agent:
        agent = Agent(Listener(), **parts)
        agents.append(agent)
        agent.start()
        return agent

    yield make
    for agent in agents:
        agent.stop("The test is over.")


@pytest.fixture
def attach() -> Iterator[Attach]:
    """Attaches to a probe in this process: ``attach(agent, role='view')``. With nothing given, starts one."""
    ends: list[StudioEnd] = []

    def connect(agent: Agent | None = None, **wishes: Any) -> StudioEnd:
        if agent is None:
            probe.start()
            agent = probe._agent
        assert agent is not None
        assert agent.listener is not None
        end = StudioEnd.watching(str(agent.listener.address), agent.listener.token, **wishes)
        ends.append(end)
        return end

    yield connect
    for end in ends:
        end.close()
    probe.stop()


@pytest.fixture
def run_app(tmp_path: Path) -> Iterator[Run]:
    """Runs source text as an app of its own: ``run_app(text, studio='1')``; killed when the test ends."""
    processes: list[subprocess.Popen[str]] = []

    def start(text: str, **variables: str) -> subprocess.Popen[str]:
        script = tmp_path / f"app_{len(processes)}.py"
        script.write_text(text, encoding="utf-8")
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "TASKTONIC_STUDIO": "1", **variables}
        process = subprocess.Popen(
            [sys.executable, str(script)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture
def agent(make_agent: MakeAgent) -> Agent:
    """A probe that listens, with nobody connected."""
    return make_agent()


@pytest.fixture
def stranger(agent: Agent) -> Iterator[StudioEnd]:
    """A connection to it that has said nothing yet."""
    assert agent.listener is not None
    with StudioEnd.connected(str(agent.listener.address)) as end:
        yield end
