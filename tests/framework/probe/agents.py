"""How probes are made and attached to, and watched apps run: the types of the fixtures."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

from tasktonic.probe.agent import Agent
from tests.helpers.studio_end import StudioEnd

Attach = Callable[..., StudioEnd]
MakeAgent = Callable[..., Agent]
Run = Callable[..., "subprocess.Popen[str]"]
