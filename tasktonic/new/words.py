"""The name of a new thing: how it is written as a module, as a class and for people, and why some names cannot be."""

from __future__ import annotations

import builtins
import keyword
import re
import sys
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 60
_TAKEN: Final = frozenset({"tasktonic", "pyside6", "pytest", "conftest", "tests", "test"})
_NO_FILES: Final = frozenset(
    {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)), *(f"lpt{n}" for n in range(1, 10))}
)
"""Names that Windows keeps for devices."""
_USED_IN_TEMPLATES: Final = frozenset(
    {"Any", "Callable", "Caller", "Counted", "Qt", "QLabel", "QPushButton", "QVBoxLayout", "QWidget"}
)
_STANDARD: Final = frozenset(name.lower() for name in sys.stdlib_module_names)


@dataclass(frozen=True, slots=True)
class Words:
    """One name in all its spellings: ``water_pump``, ``WaterPump``, and as it was given."""

    given: str
    module: str
    class_name: str

    @property
    def app_name(self) -> str:
        """What the app of a project is called: ``GardenApp``, and of ``my_app`` just ``MyApp``."""
        return self.class_name if self.class_name.endswith("App") else f"{self.class_name}App"


def words_of(name: str) -> Words:
    """The spellings of a name: ``water_pump`` and ``WaterPump`` give the same; a project's may have blanks and dashes."""
    joined = re.sub(r"[\s-]+", "_", name.strip())
    parts = [part for part in joined.split("_") if part]
    class_name = "".join(part[:1].upper() + part[1:] for part in parts)
    module = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", joined).lower()
    return Words(name.strip(), module, class_name)


def why_not_name(kind: str, name: str) -> str:
    """Why a new thing of this kind cannot have this name, in a sentence that says what can be done; empty when it can."""
    words = words_of(name)
    module = words.module
    if not words.given:
        return f"A {kind} needs a name, such as water_pump."
    if len(words.given) > LONGEST:
        return f"A name of {len(words.given)} characters is too long; take one of at most {LONGEST}."
    if not module.isidentifier() or not words.class_name.isidentifier():
        return _no_identifier(kind, words)
    if kind != "project" and not words.given.isidentifier():
        return _no_identifier(kind, words)
    if words.given.startswith("_"):
        return f"'{words.given}' begins with an underscore, which says that nobody else should use it; leave it out."
    if keyword.iskeyword(words.given) or keyword.iskeyword(module) or keyword.iskeyword(words.class_name):
        return f"'{words.given}' is a word of Python itself; add one to it, such as {module}_unit."
    if module in _NO_FILES:
        return f"Windows keeps the name '{words.given}' for a device; add a word to it, such as {module}_unit."
    if kind == "project":
        return ""
    return _clash(words)


def _no_identifier(kind: str, words: Words) -> str:
    proposal = re.sub(r"\W+", "_", words.given).strip("_")
    proposal = re.sub(r"^\d+_?", "", proposal)
    rule = "may have letters, digits and _, and begins with a letter"
    if kind == "project":
        rule = "may have letters, digits, blanks, - and _, and begins with a letter"
    such_as = f", such as {proposal}" if proposal.isidentifier() else ""
    return f"'{words.given}' cannot be the name of a {kind}: it {rule}{such_as}."


def _clash(words: Words) -> str:
    """With what the name of a module or a class would clash."""
    if words.module in _STANDARD:
        return (
            f"A file {words.module}.py would hide the module {words.module} of Python, and programs that need that one would "
            f"fail; add a word, such as {words.module}_unit."
        )
    if words.module in _TAKEN:
        return f"A file {words.module}.py would stand in the way of a package of that name; add a word, such as {words.module}_unit."
    if words.module.startswith("test_") or words.module.endswith("_test"):
        return f"pytest would take {words.module}.py for a file of tests; leave 'test' out of the name."
    if hasattr(builtins, words.class_name) or words.class_name in _USED_IN_TEMPLATES:
        return f"A class {words.class_name} would hide what has that name already; add a word, such as {words.module}_unit."
    if words.class_name.lower().startswith("tt"):
        return f"Names that begin with tt, such as {words.class_name}, are those of the framework; take another one."
    return ""


__all__ = ["Words", "why_not_name", "words_of"]
