"""How a project is run: a list of configurations, kept in the project as ``.tasktonic/run.json``.

What cannot be read is never thrown away: a single configuration that is not understood is written back as it was, a file that
is none at all is kept aside before another one takes its place.
"""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from tasktonic_studio.project.layout import source_folders
from tasktonic_studio.settings import write_whole

FORMAT: Final = 1
PLACE: Final = Path(".tasktonic") / "run.json"
MOST_BYTES: Final = 2_000_000
NORMAL: Final = "normal"
DISTILLER: Final = "distiller"
_SECRET: Final = re.compile(r"passw|secret|token|api_?key|private_?key|credential", re.IGNORECASE)
_KNOWN: Final = ("name", "script", "arguments", "environment", "folder", "python", "how", "seed", "record")


@dataclass(frozen=True, slots=True)
class RunConfiguration:
    """One way to run a script of the project.

    Attributes:
        name: how it is called; no two have the same.
        script: relative to the project, or absolute.
        arguments: of the script.
        environment: variables beside those of the Studio.
        folder: where it runs, relative to the project; empty for the project itself.
        python: the program that runs it; empty for the project's own.
        how: ``normal``, or ``distiller`` to run it by hand.
        seed: of the distiller.
        record: whether each run is recorded into a file.
        more: what a newer version has written here, kept as it is.
    """

    name: str
    script: str
    arguments: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()
    folder: str = ""
    python: str = ""
    how: str = NORMAL
    seed: int = 0
    record: bool = False
    more: tuple[tuple[str, Any], ...] = ()

    def __repr__(self) -> str:
        """Without the values of its environment, for they may be secrets."""
        return f"RunConfiguration({self.name!r}, {self.script!r})"


@dataclass(frozen=True, slots=True)
class StartOrder:
    """A script and all that starting it takes, with nothing left to look up. Paths are absolute; ``seed`` None: normally.

    In ``sources`` Python looks besides for what is imported.
    """

    script: str
    arguments: tuple[str, ...]
    folder: str
    environment: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    python: str = ""
    seed: int | None = None
    sources: tuple[str, ...] = ()


def order_of(configuration: RunConfiguration, project: Path, python: str) -> StartOrder:
    """What a configuration means in its project; ``python`` is the project's own, empty for that of the Studio."""
    own = configuration.python
    if own and ("/" in own or "\\" in own):
        own = str(project / _path(own))
    return StartOrder(
        str(project / _path(configuration.script)),
        configuration.arguments,
        str(project / _path(configuration.folder)),
        configuration.environment,
        own or python,
        configuration.seed if configuration.how == DISTILLER else None,
        source_folders(project),
    )


def _path(text: str) -> Path:
    """A path with ``~`` for somebody's home; as it is written for somebody who is not there."""
    try:
        return Path(text).expanduser()
    except RuntimeError:
        return Path(text)


def is_secret(name: str) -> bool:
    """Whether a variable of this name is likely to hold a secret: its value is not shown."""
    return _SECRET.search(name) is not None


class RunFile:
    """The configurations of one project. Made anew for each project; UI thread.

    ``problem`` says in a sentence what could not be read or written; empty when all is well.
    """

    def __init__(self, project: Path) -> None:
        self.project = project
        self.file = project / PLACE
        self.problem = ""
        self.all: tuple[RunConfiguration, ...] = ()
        self._unread: list[Any] = []
        """Configurations that were not understood; they are written back."""
        self._more: dict[str, Any] = {}
        self._is_damaged = False
        self._is_newer = False
        self._text: str | None = None
        self.read()

    def find(self, name: str) -> RunConfiguration | None:
        """The configuration of this name."""
        return next((each for each in self.all if each.name == name), None)

    def read(self) -> bool:
        """Read the file again; tells whether something else stands in it than before, or it can be read no more, or again."""
        try:
            # Asked before it is opened: a pipe or a device would make the window wait for ever.
            if not stat.S_ISREG(self.file.stat().st_mode):
                raise OSError(0, "it is no file with text")
            with self.file.open("rb") as file:
                data = file.read(MOST_BYTES + 1)
            if len(data) > MOST_BYTES:
                raise OSError(0, f"it is longer than {MOST_BYTES:,} bytes")
            # Some editors of Windows put a byte order mark before it.
            text = data.decode("utf-8-sig").replace("\r\n", "\n")
        except FileNotFoundError:
            text = ""
        except (OSError, UnicodeDecodeError) as error:
            why = "it is no text" if isinstance(error, UnicodeDecodeError) else error.strerror or str(error)
            before, self._text = self.problem, None
            self._take_nothing(f"{self.file} cannot be read: {why}. It is left as it is.", is_damaged=True)
            return self.problem != before
        if text == self._text:
            return False
        self._text = text
        self._take(text)
        return True

    def free_name(self, wanted: str) -> str:
        """This name, or where there is one of it with a number."""
        taken = {each.name for each in self.all}
        names = [wanted, *(f"{wanted} {number}" for number in range(2, len(taken) + 3))]
        return next(name for name in names if name not in taken)

    def keep(self, configurations: Sequence[RunConfiguration]) -> bool:
        """Write these in the place of those before; False when that cannot be, and ``problem`` says why.

        A file that could not be read is kept aside as ``run.json.broken``.
        """
        if self._is_newer:
            return False
        content = {
            **self._more,
            "format": FORMAT,
            "configurations": [*map(_written, configurations), *self._unread],
        }
        text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
        text = text.encode("utf-8", "backslashreplace").decode("utf-8")  # half a character in what was not understood
        try:
            if self._is_damaged and self.file.exists():
                self.file.replace(self.file.with_name(self.file.name + ".broken"))
            write_whole(self.file, text)
            self.file.chmod(0o644)
        except OSError as error:
            self.problem = f"{self.file} could not be written: {error.strerror or error}."
            return False
        self._take(text)
        self._text = text
        return True

    def follow(self, old: Path, new: Path) -> bool:
        """A file or a folder of the project was renamed: the scripts in it are named anew. True when that changed anything."""
        followed = [_followed(each, self.project, old, new) for each in self.all]
        return tuple(followed) != self.all and self.keep(followed)

    def _take(self, text: str) -> None:
        if not text.strip():
            self._take_nothing("", is_damaged=False)
            return
        try:
            content = json.loads(text)
            if not isinstance(content, dict):
                raise TypeError("it is no table with 'configurations'")
            listed = content["configurations"]
            if not isinstance(listed, list):
                raise TypeError("'configurations' is no list")
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            self._take_nothing(
                f"{self.file} is damaged ({_words(error)}). It is left as it is; when you change how the project is run, it is kept "
                "aside as run.json.broken.",
                is_damaged=True,
            )
            return
        if content.get("format", FORMAT) != FORMAT:
            self._take_nothing(
                f"{self.file} was written by a newer version of the Studio (format {content['format']}); it is left as it is.",
                is_damaged=False,
            )
            self._is_newer = True
            return
        self._more = {name: value for name, value in content.items() if name not in ("format", "configurations")}
        self._is_damaged = self._is_newer = False
        self._take_all(listed)

    def _take_all(self, listed: Iterable[Any]) -> None:
        found: dict[str, RunConfiguration] = {}
        self._unread, refusals = [], []
        for number, each in enumerate(listed, 1):
            refusal = _refusal(each)
            if not refusal and each["name"] in found:
                refusal = f"there are two of the name {each['name']!r}"
            if refusal:
                refusals.append(f"number {number}: {refusal}")
                self._unread.append(each)
            else:
                found[each["name"]] = _read(each)
        self.all = tuple(found.values())
        self.problem = ""
        if refusals:
            self.problem = f"In {self.file} some configurations are not understood and are left as they are: {'; '.join(refusals)}."

    def _take_nothing(self, problem: str, *, is_damaged: bool) -> None:
        self.all, self._unread, self._more = (), [], {}
        self.problem = problem
        self._is_damaged, self._is_newer = is_damaged, False


def _followed(each: RunConfiguration, project: Path, old: Path, new: Path) -> RunConfiguration:
    script = project / _path(each.script)
    if script != old and old not in script.parents:
        return each
    named = new / script.relative_to(old)
    inside = not Path(each.script).is_absolute() and named.is_relative_to(project)
    return replace(each, script=named.relative_to(project).as_posix() if inside else str(named))


def _words(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"it has no {error.args[0]!r}"
    return str(error) or type(error).__name__


def _refusal(each: Any) -> str:
    """Why this is no configuration; empty when it is one."""
    if not isinstance(each, dict):
        return "it is no table"
    for key in ("name", "script"):
        if not isinstance(each.get(key), str) or not each[key].strip():
            return f"it has no {key!r}"
    for key in ("folder", "python"):
        if not isinstance(each.get(key, ""), str):
            return f"{key!r} is no text"
    arguments = each.get("arguments", [])
    if not isinstance(arguments, list) or not all(isinstance(it, str) for it in arguments):
        return "'arguments' is no list of texts"
    environment = each.get("environment", {})
    if not isinstance(environment, dict) or not all(isinstance(it, str) for it in environment.values()):
        return "'environment' is no table of texts"
    if not all(environment) or any("=" in name for name in environment):
        return "a variable of 'environment' has no name, or one with a = in it"
    texts = [each.get(key, "") for key in ("name", "script", "folder", "python")]
    if any(_is_unusable(text) for text in (*texts, *arguments, *environment, *environment.values())):
        return "it has a character that stands for none"
    if each.get("how", NORMAL) not in (NORMAL, DISTILLER):
        return f"'how' is {NORMAL!r} or {DISTILLER!r}"
    if type(each.get("seed", 0)) is not int:
        return "'seed' is no whole number"
    if not isinstance(each.get("record", False), bool):
        return "'record' is true or false"
    return ""


def _is_unusable(text: str) -> bool:
    """Whether a text cannot be given to a program: with a zero, or half a character."""
    return "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text)


def _read(each: Mapping[str, Any]) -> RunConfiguration:
    return RunConfiguration(
        name=each["name"],
        script=each["script"],
        arguments=tuple(each.get("arguments", ())),
        environment=tuple(each.get("environment", {}).items()),
        folder=each.get("folder", ""),
        python=each.get("python", ""),
        how=each.get("how", NORMAL),
        seed=each.get("seed", 0),
        record=each.get("record", False),
        more=tuple((key, value) for key, value in each.items() if key not in _KNOWN),
    )


def _written(each: RunConfiguration) -> dict[str, Any]:
    """As a table for people: what is as usual is left out."""
    usual = RunConfiguration(each.name, each.script)
    table: dict[str, Any] = {"name": each.name, "script": each.script}
    if each.arguments:
        table["arguments"] = list(each.arguments)
    if each.environment:
        table["environment"] = dict(each.environment)
    for key in ("folder", "python", "how", "seed", "record"):
        if getattr(each, key) != getattr(usual, key):
            table[key] = getattr(each, key)
    return {**table, **dict(each.more)}


def configuration_for(script: Path, project: Path, runs: RunFile) -> RunConfiguration:
    """A configuration that runs this script: the one there is, or a new one."""
    try:
        relative = script.relative_to(project).as_posix()
    except ValueError:
        relative = str(script)
    for each in runs.all:
        if each.script == relative and each.how == NORMAL:
            return each
    return replace(RunConfiguration("", relative), name=runs.free_name(script.stem))


__all__ = ["PLACE", "RunConfiguration", "RunFile", "StartOrder", "configuration_for", "is_secret", "order_of"]
