"""Reading a lesson file: Markdown with marked lines. Every mistake is a sentence with its line; nothing in it is executed."""

from __future__ import annotations

import difflib
import re
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from tasktonic_studio.documents.pages import pages, resolved
from tasktonic_studio.lessons.actions import read_action
from tasktonic_studio.lessons.facts import is_same, read_condition, read_fact
from tasktonic_studio.lessons.lesson import Change, Check, Choice, Do, Hint, Item, Lesson, Predict, Step, Words
from tasktonic_studio.lessons.problems import LessonError, Problem, WrittenWrong

if TYPE_CHECKING:
    from tasktonic.check.source import Problem as SourceProblem

SUFFIX: Final = ".lesson.md"
MOST_BYTES: Final = 300_000
MOST_STEPS: Final = 60
MOST_PROBLEMS: Final = 20

HEAD_MARKS: Final = ("about", "minutes", "guide")
STEP_MARKS: Final = ("do", "predict", "answer", "answer now", "because", "check", "hint")
_MARK: Final = re.compile(r"([a-z]+(?: now)?):(?:\s+(.*))?")
_APP: Final = re.compile(r"[a-z][a-z0-9_]{0,40}\.py")
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
"""Those of editors and of Python: other characters that some take for one, such as a form feed, stay in the program."""
_FENCE: Final = re.compile(r"(`{3,}|~{3,})\s*(.*)")
_MARK_LIKE: Final = re.compile(r"\s{0,3}(?:[-*] )?([A-Za-z]+(?: [Nn]ow)?) ?:(?:\s.*)?")
"""A line that somebody may have meant as a mark."""
_BLOCKS: Final = ("app", "change")
_CHOICES: Final = ("- ", "* ")


def read_lesson(file: Path) -> Lesson:
    """The lesson in a file.

    Raises:
        LessonError: it cannot be read, or has mistakes.
    """
    try:
        with file.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise LessonError([Problem(0, f"{file} cannot be read: {error.strerror or error}.")]) from None
    if len(data) > MOST_BYTES:
        raise LessonError([Problem(0, f"{file.name} is too long for a lesson: at most {MOST_BYTES:,} bytes.")])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise LessonError([Problem(line, "this is no text in UTF-8. Save the file in that encoding.")]) from None
    return parse_lesson(text, file.name.removesuffix(SUFFIX).removesuffix(".md"))


def parse_lesson(text: str, lesson_id: str) -> Lesson:
    """The lesson in a text.

    Raises:
        LessonError: it has mistakes.
    """
    return _Reader(text, lesson_id).read()


class _Line(NamedTuple):
    """A line of the file; a fenced block is one line with its text in `block`."""

    number: int
    text: str
    info: str = ""
    block: str | None = None


class _Reader:
    """Reads one file, once."""

    def __init__(self, text: str, lesson_id: str) -> None:
        self._id = lesson_id
        self._text = text
        self._problems: list[Problem] = []
        self._lines = self._folded(_LINE_END.split(text))
        self._at = 0

    def read(self) -> Lesson:
        title, head, app, source = self._head()
        steps = []
        while self._at < len(self._lines):
            steps.append(self._step())
        if not steps:
            self._wrong(0, "There are no steps. Begin each one with a heading: ## What it is about.")
        if len(steps) > MOST_STEPS:
            self._wrong(0, f"There are {len(steps)} steps; a lesson has at most {MOST_STEPS}. Make two lessons of it.")
        changed = source
        for step in steps:
            changed = self._changed(step, changed)
        if self._problems:
            raise LessonError(sorted(self._problems)[:MOST_PROBLEMS])
        stamp = f"{zlib.crc32(self._text.encode('utf-8', 'replace')):08x}"
        minutes = int(head.get("minutes", "5"))
        return Lesson(self._id, title, head["about"], app, source, tuple(steps), minutes, head.get("guide", ""), stamp)

    # ---- lines

    def _folded(self, lines: list[str]) -> list[_Line]:
        """The lines, with each fenced block as one."""
        found: list[_Line] = []
        at = 0
        while at < len(lines):
            fence = _FENCE.fullmatch(lines[at])
            if fence is None:
                found.append(_Line(at + 1, lines[at].rstrip()))
                at += 1
                continue
            end = next((n for n in range(at + 1, len(lines)) if lines[n].rstrip() == fence[1]), None)
            if end is None:
                self._wrong(at + 1, f"this block is never closed. End it with a line {fence[1]}.")
                end = len(lines)
            block = "".join(f"{line}\n" for line in lines[at + 1 : end])
            found.append(_Line(at + 1, lines[at], " ".join(fence[2].split()), block))
            at = end + 1
        return found

    def _wrong(self, line: int, sentence: str) -> None:
        self._problems.append(Problem(line, sentence))

    def _guarded(self, line: int, read: Callable[[], Item | None]) -> Item | None:
        try:
            return read()
        except WrittenWrong as error:
            self._wrong(line, str(error))
            return None

    # ---- head

    def _head(self) -> tuple[str, dict[str, str], str, str]:
        title, app, source = "", "", ""
        head: dict[str, str] = {}
        while self._at < len(self._lines) and not self._is_step(self._lines[self._at]):
            line = self._lines[self._at]
            self._at += 1
            if line.block is not None:
                words = line.info.split(" ")
                if words[:2] == ["python", "app"] and len(words) == 3:
                    if app:
                        self._wrong(line.number, "there is a program already: a lesson has one.")
                    app, source = self._named(words[2], line.number), line.block
                    self._program(line, source)
                else:
                    self._wrong(line.number, "only the program stands before the first step: ```python app NAME.py.")
            elif line.text.startswith("# "):
                if title:
                    self._wrong(line.number, "there is a title already. A step begins with ## and its title.")
                title = title or line.text[2:].strip()
            elif line.text:
                self._head_mark(line, head)
        if not title:
            self._wrong(1, "there is no title. Begin the file with a line # Title.")
        if not head.get("about"):
            self._wrong(1, "nothing says what it is about. Write a line about: and one sentence below the title.")
        if not app:
            self._wrong(1, "there is no program. Put one before the first step, in a block ```python app NAME.py.")
        return title, head, app, source

    def _head_mark(self, line: _Line, head: dict[str, str]) -> None:
        mark = _MARK.fullmatch(line.text)
        if mark is None or mark[1] not in HEAD_MARKS:
            name = mark[1] if mark else line.text[:30]
            near = difflib.get_close_matches(name, HEAD_MARKS, n=1)
            hint = f"Did you mean {near[0]}:?" if near else "Text begins with the first step, ## Heading."
            self._wrong(line.number, f"'{name}' cannot stand before the first step. {hint}")
            return
        value = (mark[2] or "").strip()
        if mark[1] == "minutes" and not re.fullmatch(r"[1-9]\d{0,2}", value):
            self._wrong(line.number, f"minutes: is a whole number, such as 5; it cannot be '{value[:20]}'.")
            return
        if mark[1] == "guide" and pages() and resolved("", value) is None:
            near = difflib.get_close_matches(value, pages(), n=1)
            hint = f"Did you mean {near[0]}?" if near else "Name one as guide/04-states.md."
            self._wrong(line.number, f"the documentation has no page '{value[:60]}'. {hint}")
        head[mark[1]] = value

    def _named(self, name: str, line: int) -> str:
        if not _APP.fullmatch(name) or name[:-3] in ("tasktonic", "tasktonic_studio"):
            self._wrong(
                line, f"'{name[:40]}' cannot be the name of the program: small letters, digits and _, then .py."
            )
        elif name[:-3] in sys.stdlib_module_names:
            better = f"my_{name}"
            self._wrong(
                line, f"a program {name} would hide Python's own module {name[:-3]}. Name it otherwise: {better}."
            )
        return name

    def _program(self, line: _Line, source: str) -> None:
        """Tell what Python cannot read in the program: else only the learner would find out."""
        problem = _problem_in(source)
        if problem is not None:
            self._wrong(line.number + problem.line, f"the program cannot be run. {problem} Mend it in this line.")

    # ---- steps

    @staticmethod
    def _is_step(line: _Line) -> bool:
        return line.block is None and line.text.startswith("## ")

    def _step(self) -> Step:
        first = self._lines[self._at]
        self._at += 1
        items: list[Item] = []
        words: list[str] = []
        words_line = first.number + 1

        def end_words() -> None:
            text = "\n".join(words).strip("\n")
            if text:
                items.append(Words(text, words_line))
            words.clear()

        while self._at < len(self._lines) and not self._is_step(self._lines[self._at]):
            line = self._lines[self._at]
            mark = _MARK.fullmatch(line.text) if line.block is None else None
            if line.block is not None and line.info == "python change":
                end_words()
                self._at += 1
                items += [item for item in [self._guarded(line.number, lambda it=line: _change(it))] if item]  # type: ignore[misc]
            elif line.block is not None:
                self._at += 1
                self._block_in_step(line)
                fence = _FENCE.fullmatch(line.text)
                words.append(f"{line.text}\n{line.block}{fence[1] if fence else ''}")
            elif mark is not None and mark[1] in STEP_MARKS:
                end_words()
                item = self._marked(line, mark[1], mark[2] or "")
                if item is not None:
                    items.append(item)
            else:
                self._looks_like_a_mark(line)
                words_line = line.number if not words else words_line
                words.append(line.text)
                self._at += 1
        end_words()
        return Step(first.text[3:].strip(), tuple(items), first.number)

    def _block_in_step(self, line: _Line) -> None:
        """Refuse what somebody meant as more than code to be read."""
        language, _, kind = line.info.partition(" ")
        near = difflib.get_close_matches(kind.partition(" ")[0].lower(), _BLOCKS, n=1)
        if language.lower() != "python" or not near:
            return
        if near[0] == "app":
            self._wrong(line.number, "the program stands before the first step. Move it there.")
        else:
            self._wrong(line.number, f"there is no block '{line.info[:40]}'. Did you mean 'python change'?")

    def _looks_like_a_mark(self, line: _Line) -> None:
        """Refuse what somebody meant as a mark: else it would be shown as text, and not be done."""
        found = _MARK_LIKE.fullmatch(line.text)
        if found is None:
            return
        name = found[1].lower()
        near = difflib.get_close_matches(name, STEP_MARKS, n=1, cutoff=0.75)
        if name in STEP_MARKS:
            self._wrong(
                line.number, f"a mark stands at the left, in small letters, its colon right behind it: {name}:."
            )
        elif near and found[1] == name and line.text.startswith(name):
            self._wrong(line.number, f"there is no '{name}:'. Did you mean {near[0]}:?")
        elif name in HEAD_MARKS and line.text.startswith(name):
            self._wrong(line.number, f"{name}: stands before the first step. Move it there.")

    def _marked(self, line: _Line, mark: str, value: str) -> Item | None:
        """The item that begins with this line; all lines that belong to it are taken."""
        self._at += 1
        if mark == "predict":
            return self._predict(line, value)
        value = self._continued(value)
        if not value:
            self._wrong(line.number, f"nothing stands behind {mark}:.")
            return None
        if mark == "do":
            return self._guarded(line.number, lambda: Do(read_action(value), line.number))
        if mark == "check":
            return self._guarded(line.number, lambda: _check(value, line.number))
        if mark == "hint":
            return Hint(value, line.number)
        self._wrong(line.number, f"{mark}: belongs to a predict: above it, without anything between them.")
        return None

    def _continued(self, value: str) -> str:
        """A value with the lines below that are moved in."""
        parts = [value.strip()]
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if line.block is not None or not line.text.startswith("  "):
                break
            parts.append(line.text.strip())
            self._at += 1
        return " ".join(part for part in parts if part)

    def _predict(self, line: _Line, value: str) -> Item | None:
        question = self._continued(value)
        choices: list[Choice] = []
        answer = because = ""
        answer_line, is_now = line.number, False
        while self._at < len(self._lines):
            if not answer:
                self._at = self._past_blank_lines()
            below = self._lines[self._at]
            mark = _MARK.fullmatch(below.text) if below.block is None else None
            if below.block is None and below.text.startswith(_CHOICES if not answer else _CHOICES[0]):
                self._at += 1
                choices.append(_choice(self._continued(below.text[2:])))
            elif mark is not None and mark[1] in ("answer", "answer now", "because"):
                self._at += 1
                said = self._continued(mark[2] or "")
                if mark[1] == "because":
                    because = said
                else:
                    answer, answer_line, is_now = said, below.number, mark[1] == "answer now"
            else:
                break
        if not question:
            self._wrong(line.number, "nothing is asked behind predict:.")
        if not answer:
            self._wrong(line.number, "this prediction has no answer:. Say which fact of the run tells it.")
            return None
        if len(choices) == 1:
            self._wrong(line.number, "one choice is none. Give two or more, or none so that the answer is typed.")
        twice = [one.words for n, one in enumerate(choices) if any(is_same(one.value, it.value) for it in choices[:n])]
        if twice:
            self._wrong(line.number, f"the choice '{twice[0][:40]}' stands for the same as another one.")
        return self._guarded(
            answer_line, lambda: Predict(question, tuple(choices), read_fact(answer), because, line.number, is_now)
        )

    def _past_blank_lines(self) -> int:
        """Where what belongs to a question goes on behind blank lines; where one is, if nothing does."""
        at = self._at
        while at < len(self._lines) - 1 and self._lines[at].block is None and not self._lines[at].text:
            at += 1
        line = self._lines[at]
        return at if line.block is None and line.text.startswith((*_CHOICES, "answer:", "answer now:")) else self._at

    def _changed(self, step: Step, source: str) -> str:
        """The program after a step, for who makes its changes; each one begins where the one before has led."""
        for item in step.items:
            if isinstance(item, Change):
                after = item.apply(source)
                if after is None:
                    self._wrong(
                        item.line, "this change does not fit: what it takes away has to stand once in the program."
                    )
                    continue
                problem = _problem_in(after)
                if problem is not None and _problem_in(source) is None:
                    self._wrong(item.line, f"with this change the program cannot be run. {problem} Mend the change.")
                source = after
        return source


def _choice(text: str) -> Choice:
    words, arrow, value = text.rpartition(" => ")
    return Choice(words.strip(), value.strip()) if arrow else Choice(text.strip(), text.strip().strip("`"))


def _check(value: str, line: int) -> Check:
    condition, bar, words = value.partition(" | ")
    found = read_condition(condition)
    return Check(found, words.strip() if bar else found.text, line)


def _change(line: _Line) -> Change:
    """The hunks of a change: lines with - go, lines with + come, lines with a space stay; an empty line ends a hunk."""
    hunks: list[tuple[str, str]] = []
    old = new = ""
    for row in [*(line.block or "").splitlines(), ""]:
        if row and row[0] not in " +-":
            raise WrittenWrong(f"each line of a change begins with -, + or a space; this one does not: '{row[:40]}'.")
        if row:
            old += f"{row[1:]}\n" if row[0] != "+" else ""
            new += f"{row[1:]}\n" if row[0] != "-" else ""
        elif old or new:
            if not old:
                raise WrittenWrong("a change needs a line that stays or goes, so that it is known where it belongs.")
            hunks.append((old, new))
            old = new = ""
    if not hunks:
        raise WrittenWrong("this change is empty.")
    return Change(tuple(hunks), line.number)


def _problem_in(source: str) -> SourceProblem | None:
    """What Python cannot read in a source, None for nothing."""
    from tasktonic.check.source import source_of  # all rules of the checker come with it: not at every start

    return source_of("", source).problem
