"""A test made of what was done by hand with an app under a distiller: the same steps, and what came of them."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tasktonic_studio.session.knowledge import Knowledge

WIDTH: Final = 100
_NO_MATTER: Final = frozenset({"log mode"})
"""What was done by hand and changes nothing of what an app does."""
_STOPPED: Final = frozenset({"by hand", "breakpoint"})
"""Where somebody has stopped a run depends on more than the app: there so many sparkles run as ran then."""

Done = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MadeTest:
    """The text of a test file, or a sentence why there can be none."""

    text: str = ""
    problem: str = ""


def file_name_of(script: str) -> str:
    """What the file of a test is called: ``test_doors_from_studio.py``."""
    return f"test_{_identifier(Path(script).stem)}_from_studio.py"


def proposed_place(script: str) -> Path:
    """Where a test would be looked for: in the folder ``tests`` beside the script, or that it is in."""
    folder = Path(script).parent
    return (folder if folder.name == "tests" else folder / "tests") / file_name_of(script)


def why_no_test(known: Knowledge) -> str:
    """Why no test can be made of this run, in a sentence that says what it would take; empty when one can be."""
    target, distiller = known.target, known.distiller
    if target.status == "none":
        return (
            "There is no run to make a test of. Start a script under a distiller and step through what is to be tested."
        )
    state = distiller.state
    if state is not None and state.status == "refused":
        return f"No test can be made of this run, for it could not be run by hand: {state.problem}"
    if not distiller.steps:
        if target.how == "file" and known.distillation:
            return (
                "This trace was written by a test that says itself what runs: that test is there already. A test can be made of a "
                "run that was stepped through in the Studio."
            )
        return (
            "This run cannot be made into a test: its catalysts ran by themselves, each in its own time, and nobody can have them "
            "do the same again. Start the script under a distiller and do there what is to be tested."
        )
    return _why_not_these(distiller.steps, target.script)


def _why_not_these(steps: Sequence[Done], script: str) -> str:
    first = steps[0]
    if first.get("do") != "start":
        return "The begin of this run is no longer known, so that a test could not begin as it did. Start the script again."
    if first.get("app", 1) != 1:
        return (
            f"This is app number {first['app']} of its script, and a test begins with the first. Make a script, or a branch by an "
            "argument, that begins with this one."
        )
    if not script:
        return "It is not known which script made this run, so that a test could not start it."
    for number, step in enumerate(steps):
        if step.get("varies"):
            return (
                f"Step {number} would not always go the same way: {step['varies']}. A test of it would fail by itself now and "
                "then. Make one of a run without that."
            )
        if step.get("do") == "deed" and not step.get("code") and step.get("what") not in _NO_MATTER:
            return (
                f"Step {number} was done from another panel ({step.get('what')}: {step.get('text')}), which a test cannot repeat. "
                "Start again, and call a sparkle by hand instead."
            )
    if not any(step.get("do") in ("sparkle", "finish") for step in steps):
        return "Nothing has run yet, so that there is nothing to test. Run a step first."
    return ""


def make_test(known: Knowledge, file: str) -> MadeTest:
    """The text of a test that does what was done, for a file in a certain place."""
    problem = why_no_test(known)
    if problem:
        return MadeTest(problem=problem)
    target = known.target
    try:
        text = "\n".join(_Writer(target.script, target.arguments, known.distiller.steps, file).lines()) + "\n"
        ast.parse(text)
    except (SyntaxError, ValueError) as error:  # such as a value that no literal can say
        return MadeTest(problem=f"The test could not be written: a value in it cannot be said in Python ({error}).")
    return MadeTest(text)


class _Writer:
    """Puts steps into lines of Python, as a formatter would leave them."""

    def __init__(self, script: str, arguments: Sequence[str], steps: Sequence[Done], file: str) -> None:
        self._script = Path(script)
        self._arguments = arguments
        self._steps = steps
        self._file = Path(file)
        self._all = [line for number, step in enumerate(steps) for line in self._step(number, step)]

    def lines(self) -> Iterator[str]:
        name = _identifier(self._script.stem)
        yield from _docstring(
            f"{self._script.name} as it was stepped through in the Studio: the same steps, and what came of them.",
            "Made with “Make a test of this”. It is yours now: change it, give it a name that says what it shows, and leave out "
            "what does not matter. Each step runs by virtual time, so that it always goes the same way. Where pytest does not "
            "find the fixture by itself, run it with -p tasktonic.testing.plugin.",
        )
        yield ""
        yield "from pathlib import Path"
        yield ""
        yield f"SCRIPT = {_path_from(self._file.parent, self._script)}"
        yield ""
        yield ""
        if any("ran(trace)" in line for line in self._all):
            yield "def ran(trace):"
            yield '    """What ran, in order; what no handler took is marked."""'
            yield '    mark = {True: "", False: " (ignored)"}'
            yield (
                "    return [f\"{row['tonic']}.{row['sparkle']}{mark[bool(row['handler'])]}\" for row in trace.rows()]"
            )
            yield ""
            yield ""
        if any("state_of(distiller" in line for line in self._all):
            yield "def state_of(distiller, name):"
            yield '    """The state of a tonic; None when it does not live."""'
            yield "    tonic = distiller.ledger.get_essence_by_name(name)"
            yield "    return None if tonic is None else tonic.get_current_state_name()"
            yield ""
            yield ""
        if any("stored(distiller" in line for line in self._all):
            yield "def stored(distiller, store, path):"
            yield '    """A value in a store."""'
            yield "    return distiller.ledger.get_service_essence(store).get(path)"
            yield ""
            yield ""
        yield f"def test_{name}_as_stepped_through(distill_script):"
        yield from self._all

    def _step(self, number: int, step: Done) -> Iterator[str]:
        do = step.get("do")
        if do == "start":
            yield from self._start(step)
            return
        if do == "deed" and not step.get("code"):
            return
        yield ""
        if do == "deed":
            yield f"    # {number}. by hand: {step.get('what')}"
            yield f"    {_found(step)}{_code(step['code'])}"
        elif do == "call":
            yield f"    # {number}. called by hand"
            yield from self._call(step)
        else:
            yield f"    # {number}. {_purpose(step)}"
            yield from self._run(step)

    def _start(self, step: Done) -> Iterator[str]:
        given = ["SCRIPT", *map(_text, self._arguments)]
        if step.get("seed"):
            given.append(f"seed={step['seed']}")
        if any(it.get("error") for it in self._steps):
            given.append("raise_errors=False")
        yield from _laid_out("    distiller = distill_script(", given, ")")
        yield from _states(step)
        yield from _stored(step)

    def _call(self, step: Done) -> Iterator[str]:
        yield from _laid_out(f"    {_found(step)}.{step['sparkle']}(", _arguments_of(step.get("arguments", "")), ")")

    def _run(self, step: Done) -> Iterator[str]:
        asked = dict(step.get("asked", {}))
        stopped_by = list(step.get("stopped_by", []))
        if not _STOPPED.isdisjoint(stopped_by):
            asked, stopped_by = {"sparkle_count": step.get("count", 0)}, []
        call = "finish_distiller" if step["do"] == "finish" else "sparkle"
        given = [f"{name}={_value(value)}" for name, value in asked.items()]
        line = f"    trace = distiller.{call}({', '.join(given)})"
        if len(line) <= WIDTH:
            yield line
        else:
            yield f"    trace = distiller.{call}("
            for name, value in asked.items():
                yield from _spread(f"{name}=", value, ",", " " * 8)
            yield "    )"
        if stopped_by:
            yield from _compared('trace["stop_condition"]', stopped_by)
        if step.get("status") == "catalyst finished":
            yield '    assert trace["status"] == "catalyst finished"'
        if _STOPPED.isdisjoint(step.get("stopped_by", [])):
            yield f'    assert trace["end@"] == {step.get("ended_s", 0.0)!r}'
        if step.get("ran") or not step.get("count"):
            yield from _compared("ran(trace)", list(step.get("ran", [])))
        for name, count in step.get("counts", {}).items():
            yield f"    assert ran(trace).count({_text(name)}) == {count}"
        for tonic, attribute, value in step.get("probes", []):
            where = f'trace.rows({_text(tonic)})[-1]["at_exit"]["probes"][{_text(attribute)}]'
            yield from _compared_text(where, value)
        if step.get("status") != "catalyst finished":
            yield from _states(step)
            yield from _stored(step)


def _found(step: Done) -> str:
    """How a test finds whom something is done to."""
    if step.get("service"):
        return f"distiller.ledger.get_service_essence({_text(step['service'])})"
    if step.get("by_name", True):
        return f"distiller.ledger.get_essence_by_name({_text(step['tonic'])})"
    return f"distiller.ledger.get_essence_by_id({step['essence']})"


def _code(code: str) -> str:
    """What is done to it, with texts as a formatter writes them."""
    call = ast.parse(f"it{code}").body[0]
    if isinstance(call, ast.Expr) and isinstance(call.value, ast.Call):
        name = code[: code.index("(")]
        return f"{name}({', '.join(_value(ast.literal_eval(argument)) for argument in call.value.args)})"
    assert isinstance(call, ast.Assign), "a deed is a call or sets an attribute"
    return f"{code[: code.index(' = ')]} = {_value(ast.literal_eval(call.value))}"


def _purpose(step: Done) -> str:
    """What a run was for, in words."""
    asked = step.get("asked", {})
    if step["do"] == "finish":
        return "the app is ended"
    words = []
    if not _STOPPED.isdisjoint(step.get("stopped_by", [])):
        return "until it was stopped by hand, or at a breakpoint"
    if "sparkle_count" in asked:
        words.append(f"{asked['sparkle_count']} sparkle{'' if asked['sparkle_count'] == 1 else 's'}")
    if "timeout" in asked:
        words.append(f"{asked['timeout']:g} s")
    for name, what in (("till_state_in", "state"), ("till_sparkle_in", "sparkle")):
        if asked.get(name):
            words.append(f"until {what} {' or '.join(asked[name])}")
    if asked.get("contract", {}).get("tonics"):
        words.append("until the contract is met")
    return ", ".join(words) or "until nothing is left to do"


def _states(step: Done) -> Iterator[str]:
    for name, state in step.get("states", []):
        if state == "--":
            continue
        if state is None:
            yield f"    assert state_of(distiller, {_text(name)}) is None"
        else:
            yield f"    assert state_of(distiller, {_text(name)}) == {_text(state)}"


def _stored(step: Done) -> Iterator[str]:
    for store, path, value in step.get("stored", []):
        yield from _compared_text(f"stored(distiller, {_text(store)}, {_text(path)})", value or "None")
    if step.get("more"):
        yield f"    # {step['more']} more changes are not compared here"


# -- Python, laid out ---------------------------------------------------------------------------------------------------


def _compared(what: str, wanted: list[str]) -> Iterator[str]:
    yield from _laid_out(f"    assert {what} == [", [_text(each) for each in wanted], "]")


def _compared_text(what: str, literal: str) -> Iterator[str]:
    value = _value(ast.literal_eval(literal))
    operator = "is" if value in ("None", "True", "False") else "=="
    line = f"    assert {what} {operator} {value}"
    if len(line) <= WIDTH or value[0] not in "[{(":
        yield line
    else:
        yield from _spread("wanted = ", ast.literal_eval(literal), "", " " * 4)
        yield f"    assert {what} == wanted"


def _laid_out(begin: str, parts: Sequence[str], end: str) -> Iterator[str]:
    """A call or a list in one line, or with a line for each of its parts."""
    line = f"{begin}{', '.join(parts)}{end}"
    if len(line) <= WIDTH or not parts:
        yield line
        return
    yield begin
    for part in parts:
        yield f"        {part},"
    yield f"    {end}"


def _spread(begin: str, value: Any, end: str, indent: str) -> Iterator[str]:
    """A value in one line, or where it is too long with a line for each of its parts."""
    line = f"{indent}{begin}{_value(value)}{end}"
    if len(line) <= WIDTH or not value or not isinstance(value, (dict, list)):
        yield line
        return
    brackets = "{}" if isinstance(value, dict) else "[]"
    parts = value.items() if isinstance(value, dict) else ((None, each) for each in value)
    yield f"{indent}{begin}{brackets[0]}"
    for key, each in parts:
        yield from _spread("" if key is None else f"{_value(key)}: ", each, ",", indent + " " * 4)
    yield f"{indent}{brackets[1]}{end}"


def _text(value: str) -> str:
    """A text as a formatter writes it: in double quotes, unless that needs more of them to be escaped."""
    written = repr(value)
    if written.startswith("'") and '"' not in value:
        return '"' + written[1:-1].replace("\\'", "'") + '"'
    return written


def _value(value: Any) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_value(key)}: {_value(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, tuple):
        return f"({', '.join(map(_value, value))}{',' if len(value) == 1 else ''})"
    return repr(value)


def _arguments_of(text: str) -> list[str]:
    """Arguments of a call as they were typed, each by itself."""
    call = ast.parse(f"call({text})", mode="eval").body
    assert isinstance(call, ast.Call), "what the app took is a call"
    given = [_value(ast.literal_eval(argument)) for argument in call.args]
    return given + [f"{keyword.arg}={_value(ast.literal_eval(keyword.value))}" for keyword in call.keywords]


def _path_from(folder: Path, script: Path) -> str:
    """The way from the test's own folder to the script, as an expression."""
    try:
        way = Path(os.path.relpath(script, folder)).parts
    except ValueError:  # on another drive there is none
        return f"Path({_text(str(script))})"
    ups = next((index for index, part in enumerate(way) if part != ".."), len(way))
    if ups > 6:
        return f"Path({_text(str(script))})"
    base = "Path(__file__).resolve().parent" if ups == 0 else f"Path(__file__).resolve().parents[{ups}]"
    return " / ".join([base, *(_text(part) for part in way[ups:])])


def _docstring(first: str, rest: str) -> Iterator[str]:
    yield f'"""{first}'
    yield ""
    line = ""
    for word in rest.split():
        if len(line) + len(word) + 1 > WIDTH:
            yield line
            line = word
        else:
            line = f"{line} {word}".strip()
    yield line
    yield '"""'


def _identifier(name: str) -> str:
    """A name that may be part of a function's."""
    return re.sub(r"\W+", "_", name).strip("_").lower() or "app"
