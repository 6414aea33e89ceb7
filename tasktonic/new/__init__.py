"""New projects and new tonics from templates that run at once: ``tasktonic new``, and the same in the Studio.

Standard library only, and nothing of the framework but its errors. ``plan`` says what would be written, without writing;
``write`` writes it, and never over a file that is there.
"""

from .kinds import KINDS, Kind
from .planning import NewFile, Plan, plan, write
from .words import Words, why_not_name, words_of

__all__ = ["KINDS", "Kind", "NewFile", "Plan", "Words", "plan", "why_not_name", "words_of", "write"]
