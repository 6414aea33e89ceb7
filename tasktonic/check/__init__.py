"""The checker: finds faults of tonics in source, without importing or running any of it.

On the command line: ``tasktonic check PATH``. Every rule, and what it dares to say: docs/reference/check.md.
"""

from .checking import Report, check_paths, check_sources, problems_of
from .finding import Edit, Finding, Fix, applied, line_starts, span_of
from .project import MARKS, files_of_project, is_marked, is_nobodys, python_files, root_of
from .rules import CODES, RULES
from .source import read_source, source_of

__all__ = [
    "CODES",
    "MARKS",
    "RULES",
    "Edit",
    "Finding",
    "Fix",
    "Report",
    "applied",
    "check_paths",
    "check_sources",
    "files_of_project",
    "is_marked",
    "is_nobodys",
    "line_starts",
    "problems_of",
    "python_files",
    "read_source",
    "root_of",
    "source_of",
    "span_of",
]
