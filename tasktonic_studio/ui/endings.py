"""What the window says when the watched app has ended: a sentence, the last errors, and the next steps."""

from __future__ import annotations

import re
from typing import Final

from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.target import TargetFacts
from tasktonic_studio.ui.problem_banner import Problem, Step
from tasktonic_studio.ui.status_words import target_name

OUTPUT_LINES: Final = 60
"""So many of the last lines of errors go into the details of a problem."""

LINES_SEARCHED: Final = 2000

_MISSING: Final = re.compile(r"ModuleNotFoundError: No module named '(?!tasktonic')(\w+)'", re.IGNORECASE)
"""Of a framework that is not there others tell: what has its name in the package index is another one."""


def problem_of_ending(live: Knowledge, *, has_previous: bool = False) -> Problem | None:
    """The problem to show for a target that ended badly, was lost, or never became an app; None when all went well."""
    target = live.target
    if target.how == "file":
        return Problem(f"{target_name(target)}: {target.damage}", "", (), "warning") if target.damage else None
    if (state := live.distiller.state) is not None and state.status == "refused":
        sentence = f"{target_name(target)} was not started under a distiller: {state.problem}"
        return Problem(sentence, last_errors(live), (Step("Start it without a distiller", "distiller.start_plain"),))
    again = Step("Restart", "run.restart") if target.how == "launched" else Step("Attach again", "file.attach")
    # Nothing is lost: what was seen of an app can be saved after its end.
    steps = (again, Step("Save what was seen…", "file.save_run")) if live.app.has_begun else (again,)
    if has_previous and len(live.runs):
        steps = (*steps, Step("Compare with the run before", "run.compare_previous"))
    if target.status == "lost" or (target.status == "ended" and target.exit_code not in (None, 0)):
        return Problem(_as_sentence(target), last_errors(live), steps)
    if target.status == "ended" and not live.app.has_begun:
        return Problem(_as_sentence(target), last_errors(live), steps, "warning")
    return None


def last_errors(live: Knowledge) -> str:
    """The last lines of errors that the target said."""
    log = live.log
    lines: list[str] = []
    for index in range(len(log) - 1, max(log.first, len(log) - LINES_SEARCHED) - 1, -1):
        line = log[index]
        if line.level in ("stderr", "error"):
            lines.append(line.detail or line.text)
            if len(lines) >= OUTPUT_LINES:
                break
    return "\n".join(reversed(lines))


def _as_sentence(target: TargetFacts) -> str:
    words = target.sentence or target.status
    missing = _MISSING.search(words)
    way_on = (
        f" There is no {missing[1]}.py beside it, and its Python has no such package: in a project, write {missing[1]} into "
        "requirements.txt, and choose Project › Install what the project needs."
        if missing is not None
        else ""
    )
    return f"{target_name(target)}: {words}" + ("" if words.endswith((".", "!", "?")) else ".") + way_on
