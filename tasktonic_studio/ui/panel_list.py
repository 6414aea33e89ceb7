"""The list of panels; adding one is one line here."""

from __future__ import annotations

from tasktonic_studio.ui.panel import Panel
from tasktonic_studio.ui.panels.breakpoints.panel import BreakpointsPanel
from tasktonic_studio.ui.panels.catalysts.panel import CatalystsPanel
from tasktonic_studio.ui.panels.compare.panel import ComparePanel
from tasktonic_studio.ui.panels.console.panel import ConsolePanel
from tasktonic_studio.ui.panels.editor.panel import EditorPanel
from tasktonic_studio.ui.panels.help.panel import HelpPanel
from tasktonic_studio.ui.panels.inspector.panel import InspectorPanel
from tasktonic_studio.ui.panels.learn.panel import LearnPanel
from tasktonic_studio.ui.panels.ledger.panel import LedgerPanel
from tasktonic_studio.ui.panels.lines.panel import LinesPanel
from tasktonic_studio.ui.panels.log.panel import LogPanel
from tasktonic_studio.ui.panels.problems.panel import ProblemsPanel
from tasktonic_studio.ui.panels.project.panel import ProjectPanel
from tasktonic_studio.ui.panels.sequence.panel import SequencePanel
from tasktonic_studio.ui.panels.state_machine.panel import StateMachinePanel
from tasktonic_studio.ui.panels.store.panel import StorePanel
from tasktonic_studio.ui.panels.tests.panel import TestsPanel
from tasktonic_studio.ui.panels.timeline.panel import TimelinePanel
from tasktonic_studio.ui.panels.trace.panel import TracePanel
from tasktonic_studio.ui.panels.why.panel import WhyPanel


def all_panels() -> list[Panel]:
    """A new panel of each kind, in the order of the menu and of their keys."""
    return [
        LedgerPanel(),
        InspectorPanel(),
        LogPanel(),
        TracePanel(),
        ComparePanel(),
        EditorPanel(),
        TimelinePanel(),
        SequencePanel(),
        StorePanel(),
        CatalystsPanel(),
        StateMachinePanel(),
        ProblemsPanel(),
        WhyPanel(),
        BreakpointsPanel(),
        ConsolePanel(),
        LinesPanel(),
        LearnPanel(),
        HelpPanel(),
        ProjectPanel(),
        TestsPanel(),
    ]
