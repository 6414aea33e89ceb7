"""Every setting of the Studio once: type, default, help; loaded from and saved to one JSON file.

A new setting is one line in `SETTINGS`; the dialog, the file and the documentation follow.
"""

from __future__ import annotations

import json
import os
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from tasktonic_studio.watchers import Watchers

Kind = Literal["choice", "flag", "integer", "text", "texts", "table"]


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. `choices` are for a choice; `least` and `most` bound an integer, or how many texts are kept.

    A setting that is not `shown` is kept by the Studio itself and is in no dialog.
    """

    key: str
    title: str
    help: str
    kind: Kind
    default: Any
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int = 1_000_000
    shown: bool = True

    def refusal(self, value: object) -> str:
        """Why this value cannot be, in a sentence; empty when it can."""
        if self.kind == "choice":
            if value not in self.choices:
                return f"'{self.key}' can be {', '.join(self.choices)}; it cannot be {value!r}."
        elif self.kind == "flag":
            if not isinstance(value, bool):
                return f"'{self.key}' is true or false; it cannot be {value!r}."
        elif self.kind == "integer":
            if not isinstance(value, int) or isinstance(value, bool) or not self.least <= value <= self.most:
                return f"'{self.key}' is a number from {self.least} to {self.most}; it cannot be {value!r}."
        elif self.kind == "text":
            if not isinstance(value, str):
                return f"'{self.key}' is a text; it cannot be {value!r}."
        elif self.kind == "texts":
            if not isinstance(value, list) or not all(isinstance(it, str) for it in value):
                return f"'{self.key}' is a list of texts; it cannot be {value!r}."
        elif not isinstance(value, dict) or not all(isinstance(it, str) for it in (*value, *value.values())):
            return f"'{self.key}' is a table of texts; it cannot be {value!r}."
        return ""


SETTINGS: Final[Mapping[str, Setting]] = {
    setting.key: setting
    for setting in (
        Setting(
            "theme",
            "Theme",
            "Colours of the window; 'system' follows the desktop.",
            "choice",
            "system",
            ("system", "light", "dark", "contrast"),
        ),
        Setting(
            "arrangement",
            "Arrangement",
            "Which panels are shown at the start.",
            "choice",
            "run",
            ("run", "debug", "analyse", "learn"),
        ),
        Setting(
            "ui.scale_percent", "Size of text", "Size of all text, in percent.", "integer", 100, least=80, most=200
        ),
        Setting("motion", "Motion", "Let activity fade softly instead of switching.", "flag", True),
        Setting("editor.font_size", "Font size in the editor", "In points.", "integer", 11, least=6, most=40),
        Setting(
            "editor.figures",
            "Figures beside the code",
            "While an app is watched, show behind each handler how often it ran and how long the last time.",
            "flag",
            True,
        ),
        Setting(
            "editor.plain", "Plain editor", "Use the simple editor: one caret, and slower on long files.", "flag", False
        ),
        Setting(
            "editor.save_before_run",
            "Save before a run",
            "Save all changed files when a script is started.",
            "flag",
            True,
        ),
        Setting(
            "editor.go_on",
            "Replace code on save",
            "What a saved file does to a running app: its handlers are replaced, the editor asks, or nothing.",
            "choice",
            "automatic",
            ("automatic", "ask", "off"),
        ),
        Setting(
            "confirm.stop_on_close",
            "Ask before stopping",
            "Ask before a running script is stopped with the window.",
            "flag",
            True,
        ),
        Setting(
            "log.show_output",
            "Show what the script prints",
            "Show stdout and stderr among the log lines.",
            "flag",
            True,
        ),
        Setting(
            "ledger.show_finished",
            "Show what has finished",
            "Keep finished tonics in the ledger, in grey.",
            "flag",
            True,
        ),
        Setting("ledger.show_system", "Show system parts", "Show timers and parts of the framework.", "flag", False),
        Setting(
            "launch.grace_seconds",
            "Patience when stopping",
            "How long a script may take to end before it is killed, in seconds.",
            "integer",
            3,
            least=0,
            most=60,
        ),
        Setting(
            "record.keep_megabytes",
            "Memory for what was seen",
            "How much of a run is kept for Save what was seen, in megabytes of a packed file; counts from the next start.",
            "integer",
            64,
            least=4,
            most=2_000,
        ),
        Setting(
            "tests.run_on_save",
            "Run tests on each save",
            "Run all tests of the open project whenever a file of it is saved.",
            "flag",
            False,
        ),
        Setting(
            "recent.projects",
            "Recent projects",
            "Folders that were open as projects, the latest first.",
            "texts",
            [],
            most=12,
            shown=False,
        ),
        Setting(
            "project.chosen",
            "Chosen run configurations",
            "What F5 starts, by the folder of the project.",
            "table",
            {},
            shown=False,
        ),
        Setting(
            "recent.scripts",
            "Recent scripts",
            "Scripts that were started, the latest first.",
            "texts",
            [],
            most=12,
            shown=False,
        ),
        Setting(
            "recent.traces",
            "Recent traces",
            "Traces that were opened, the latest first.",
            "texts",
            [],
            most=12,
            shown=False,
        ),
        Setting(
            "recent.arguments",
            "Arguments",
            "What each script was started with last, as JSON.",
            "table",
            {},
            shown=False,
        ),
        Setting(
            "recent.lessons",
            "Recent lessons",
            "Files of lessons that did not come with the Studio, the latest first.",
            "texts",
            [],
            most=12,
            shown=False,
        ),
        Setting("learn.lesson", "Lesson", "The lesson that is open; empty for none.", "text", "", shown=False),
        Setting(
            "learn.progress", "Progress", "How far one has come in each lesson, as JSON.", "table", {}, shown=False
        ),
        Setting("keys", "Own keys", "Command ids and the keys that stand for them instead.", "table", {}, shown=False),
    )
}
"""All settings by key, in the order of the dialog."""


class Settings:
    """The values of the settings. Made by `app.py`; UI thread.

    A file that cannot be read is kept beside the new one, and `problem` says so in a sentence. Values it has for settings that
    are not known here (of a newer version) are kept and written again.

    Args:
        file: where they are kept; None for nowhere.
        aside: the file is written by a thread of its own, soon, and who closes calls `finish`. Until something is safely on
            disk a tenth of a second may pass, and nobody at the window shall wait for it.
    """

    def __init__(self, file: Path | None = None, *, aside: bool = False) -> None:
        self.file = file
        self.problem = ""
        self._aside = _NewestAside(self._write) if aside else None
        self._values: dict[str, Any] = {}
        self._unknown: dict[str, Any] = {}
        self._watchers = Watchers[str]()
        if file is not None:
            self._load(file)

    def get(self, key: str) -> Any:
        """The value of a setting; KeyError for one that is not in `SETTINGS`."""
        default = SETTINGS[key].default
        value = self._values.get(key, default)
        return value.copy() if isinstance(value, (list, dict)) else value

    def flag(self, key: str) -> bool:
        return bool(self.get(key))

    def integer(self, key: str) -> int:
        return int(self.get(key))

    def text(self, key: str) -> str:
        return str(self.get(key))

    def texts(self, key: str) -> list[str]:
        return list(self.get(key))

    def set(self, key: str, value: Any) -> None:
        """Change a setting, save, and tell who watches.

        Raises:
            ValueError: the setting cannot have this value; the message says what it can have.
        """
        setting = SETTINGS[key]
        refusal = setting.refusal(value)
        if refusal:
            raise ValueError(refusal)
        if value == self.get(key):
            return
        self._values[key] = value.copy() if isinstance(value, (list, dict)) else value
        self.save()
        self._watchers.tell(key)

    def put_first(self, key: str, text: str) -> None:
        """Put a text at the front of a list of recent things, once; the oldest fall off."""
        setting = SETTINGS[key]
        self.set(key, [text, *(it for it in self.texts(key) if it != text)][: setting.most])

    def remove(self, key: str, text: str) -> None:
        """Take a text out of a list of recent things."""
        self.set(key, [it for it in self.texts(key) if it != text])

    def reset(self) -> None:
        """All shown settings as they were at first; recent things and own keys stay."""
        for key, setting in SETTINGS.items():
            if setting.shown and key in self._values:
                self.set(key, setting.default)

    def watch(self, told: Callable[[str], None]) -> Callable[[], None]:
        """Call `told` with the key after each change, until the returned function is called."""
        return self._watchers.add(told)

    def save(self) -> None:
        """Write the file, whole or not at all; what goes wrong is in `problem`."""
        if self.file is None:
            return
        changed = {key: value for key, value in self._values.items() if value != SETTINGS[key].default}
        text = json.dumps({**self._unknown, **changed}, indent=2, sort_keys=True) + "\n"
        if self._aside is None:
            self._write(text)
        else:
            self._aside.put(text)

    def finish(self) -> None:
        """Wait until the file is as the settings are."""
        if self._aside is not None:
            self._aside.finish()

    def _write(self, text: str) -> None:
        assert self.file is not None, "nothing is saved without a file"
        try:
            write_whole(self.file, text)
        except OSError as error:
            self.problem = f"The settings could not be saved in {self.file}: {error.strerror or error}."

    def _load(self, file: Path) -> None:
        try:
            read = json.loads(file.read_text(encoding="utf-8"))
            if not isinstance(read, dict):
                raise ValueError(f"it has {type(read).__name__}, not a table of settings")
        except FileNotFoundError:
            return
        except OSError as error:
            self.problem = (
                f"The settings in {file} could not be read: {error.strerror or error}. The defaults are used."
            )
            return
        except (ValueError, RecursionError) as error:
            self._keep_aside(file, str(error))
            return
        refusals = []
        for key, value in read.items():
            if key not in SETTINGS:
                self._unknown[key] = value
            elif refusal := SETTINGS[key].refusal(value):
                refusals.append(refusal)
            else:
                self._values[key] = value
        if refusals:
            self.problem = f"In {file}: {' '.join(refusals)} The default is used."

    def _keep_aside(self, file: Path, why: str) -> None:
        aside = file.with_name(file.name + ".broken")
        try:
            file.replace(aside)
            kept = f" It is kept as {aside}."
        except OSError:
            kept = ""
        self.problem = f"The settings in {file} are not readable ({why}); the defaults are used.{kept}"


class _NewestAside:
    """Writes what was put last, in a thread that lives while there is something to write. ``put`` and ``finish``: one thread."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._lock = threading.Lock()
        self._text: str | None = None
        self._thread: threading.Thread | None = None

    def put(self, text: str) -> None:
        """Have this written; what waits and is older is left out. Returns at once."""
        with self._lock:
            self._text = text
            if self._thread is None:
                # Not a daemon: whatever ends the Studio, the last of it is written.
                self._thread = threading.Thread(target=self._run, name="studio settings")
                self._thread.start()

    def finish(self) -> None:
        """Wait until all is written."""
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        while True:
            with self._lock:
                text, self._text = self._text, None
                if text is None:
                    self._thread = None
                    return
            self._write(text)


def shown_settings() -> Sequence[Setting]:
    """The settings of the dialog, in its order."""
    return [setting for setting in SETTINGS.values() if setting.shown]


def write_whole(file: Path, text: str) -> None:
    """Write a text file so that at any moment it is the old or the new one, also when the machine stops.

    Raises:
        OSError: it could not be written; the old one is as it was.
    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=file.name + ".", dir=file.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as new:
            new.write(text)
            new.flush()
            os.fsync(new.fileno())
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
