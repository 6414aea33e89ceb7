"""The line debugger: breaks inside sparkles, through debugpy in the watched app."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from tasktonic import ttTonic
from tasktonic.protocol import messages
from tasktonic_studio.analysis.body_lines import first_line_inside
from tasktonic_studio.services.connection import Connection
from tasktonic_studio.services.dap import DapLink, Message
from tasktonic_studio.services.run_texts import Place, RunTexts, text_of
from tasktonic_studio.session.inbox import Inbox, LinesTold
from tasktonic_studio.session.line_facts import LineBreak, LineFacts, LineFrame, LineStop, LocalRow

MOST_FRAMES: Final = 100
MOST_VALUES: Final = 1_000
_MOST_TEXT: Final = 300
STEPS: Final = frozenset({"next", "stepIn", "stepOut", "continue"})

Then = Callable[[Message], None]


class LineDebugger(ttTonic):
    """Knows at which lines the app is to stop, and talks with the debugger in it. One app at a time.

    Made by `app.py` on the catalyst of the services. It asks the app for a debugger when there is a first line to stop at, and leaves
    it when there is none any more, so that the app is as fast as before. The lines are kept when the app ends: the next one is asked
    as soon as it is there. What is known goes into the inbox, whole each time.

    States: `off`; `asked` until the debugger is there and knows all lines; `ready` while the app runs; `stopped` in a line.
    """

    _tt_is_service = "line_debugger"
    _tt_states = ("off", "asked", "ready", "stopped")

    def __init__(self, inbox: Inbox, connection: Connection, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._inbox = inbox
        self._connection = connection
        self._facts = LineFacts()
        self._link: DapLink | None = None
        self._number = 0
        self._token = self._folder = ""
        self._waiting: dict[int, Then] = {}
        self._threads: dict[int, str] = {}
        self._can_ask = self._knows_lines = self._is_there = False
        self._texts = RunTexts()
        connection.hear = self._on_told
        connection.has_begun = self._take_lines

    def _init_service(self, *_args: Any, **_kwargs: Any) -> None:
        """Nobody has anything to say at an access."""

    def ttse__on_start(self) -> None:
        self.to_state("off")

    # ---- what the user asks for --------------------------------------------------------------------------------------

    def ttsc__toggle_break(self, file: str, line: int) -> None:
        """Stop at a line from now on, or no more."""
        others = [it for it in self._facts.breaks if (it.file, it.line) != (file, line)]
        if len(others) == len(self._facts.breaks):
            others.append(LineBreak(file, line))
        self._keep(file, others)

    def ttsc__break_in_handler(self, file: str, line: int) -> None:
        """Stop in the first line of the handler that begins at a line of what the app runs, or no more."""
        place = self._texts.in_file(file, line) if self._is_there else Place(line)
        text = text_of(file)
        if text is None:
            self._tell(problem=f"{file} cannot be read.")
        elif place.problem:
            self._tell(
                problem=f"{file} was changed after the app was started: choose the line to stop at in the editor."
            )
        else:
            self.ttsc__toggle_break(file, first_line_inside(text, place.line))

    def ttsc__condition_break(self, file: str, line: int, condition: str) -> None:
        """Stop at a line only when a condition is true there; with an empty one each time."""
        breaks = [
            it._replace(condition=condition.strip()) if (it.file, it.line) == (file, line) else it
            for it in self._facts.breaks
        ]
        self._keep(file, breaks)

    def ttsc__stop_on_raised(self, on: bool) -> None:
        """Stop where an exception is raised inside a sparkle, also one that is caught, or no more."""
        self._tell(on_raised=on)
        self._wants_changed("")

    def ttsc__go_on(self, how: str) -> None:
        """Go on: to the `next` line, with `stepIn` into a call, with `stepOut` out of it, or with `continue` to the next stop."""
        stop = self._facts.stop
        if stop is not None and how in STEPS:
            self._request(how, _nothing, threadId=stop.thread)
            self._runs_on()

    def ttsc__look_at(self, frame: int) -> None:
        """Show the values of another call of the stack."""
        stop = self._facts.stop
        if stop is not None and 0 <= frame < len(stop.frames):
            self._tell(stop=replace(stop, looked_at=frame, locals=(), inside={}))
            self._ask_locals()

    def ttsc__unfold(self, reference: int) -> None:
        """Show what is inside a value."""
        stop = self._facts.stop
        if stop is not None and reference not in stop.inside:
            self._request(
                "variables", partial(self._on_inside, reference), variablesReference=reference, count=MOST_VALUES
            )

    def ttsc__lines_moved(self, file: str, to: str, moves: tuple[tuple[int, int], ...], ran: str | None) -> None:
        """A file was saved, or has another name (`to`): its lines to stop at are where their text is now, 0 for one that is gone.

        `ran` is what the file was when the app was started, where that is known.
        """
        if ran is not None and self._is_there:
            self._texts.ran(file, ran)
        where = dict(moves)
        own = [it._replace(file=to, line=where.get(it.line, it.line)) for it in self._facts.breaks_in(file)]
        others = [it for it in self._facts.breaks if it.file != file]
        # Two that have come into one line are one.
        breaks = list({(it.file, it.line): it for it in (*others, *own) if it.line}.values())
        if set(breaks) != set(self._facts.breaks):
            self._keep(file, breaks)
            if to != file:
                self._wants_changed(to)
        elif self._facts.status in ("ready", "stopped"):
            self._say_breaks(file)
        self._show_frames()

    # ---- the watched app ---------------------------------------------------------------------------------------------

    def _on_told(self, message: Any) -> None:
        """Something came from the probe, or the link with it has ended (None). In the link's thread."""
        if message is None:
            self.ttse__on_app_left()
        elif isinstance(message, messages.Hello):
            self.ttse__on_hello("lines" in message.capabilities, message.pid)
        elif isinstance(message, messages.Granted):
            self.ttse__on_granted(message.role)
        elif isinstance(message, messages.LinesAt):
            self.ttse__on_lines_at(message)
        elif isinstance(message, messages.CodeReplaced):
            self.ttse__on_code_replaced(message)

    def ttse__on_hello(self, knows_lines: bool, pid: int) -> None:
        """An app has said who it is, and whether it can be asked for a debugger."""
        self._knows_lines, self._is_there = knows_lines, True
        self._texts.begin(pid)

    def ttse__on_granted(self, role: str) -> None:
        """The app is there, and may be asked when this studio controls it."""
        self._can_ask = role == "control"
        self._wants_changed("")

    def ttse__on_app_left(self) -> None:
        """The app has ended, or was left: what it said means nothing any more. The lines are kept for the next one."""
        self._can_ask = self._is_there = False
        self._leave()

    def ttse__on_code_replaced(self, told: messages.CodeReplaced) -> None:
        """The app runs another text of a file from now on, or has not loaded the file at all."""
        if told.problem and told.loaded:
            return
        file = str(Path(told.file).resolve())
        self._texts.put_back(file) if told.undone else self._texts.replaced(file)
        if self._facts.status in ("ready", "stopped") and self._facts.breaks_in(file):
            self._say_breaks(file)

    def ttse__on_lines_at(self, message: messages.LinesAt) -> None:
        """The app lets the debugger listen, or says why it cannot."""
        if self._facts.status != "asked" or self._link is not None:
            return
        if message.problem:
            self._become("off", problem=message.problem)
            return
        self._token, self._folder = message.token, message.folder
        self._number += 1
        number = self._number
        self._link = DapLink(
            message.host,
            message.port,
            lambda told: self.ttse__on_message(number, told),
            lambda sentence: self.ttse__on_link_ended(number, sentence),
        )
        self._link.connect(lambda: self.ttse__on_connected(number))

    def ttse__on_connected(self, number: int) -> None:
        """The debugger is there: say who we are, then what is wanted."""
        if number == self._number:
            self._request("pydevdAuthorize", self._on_authorized, debugServerAccessToken=self._token)

    def ttse__on_link_ended(self, number: int, sentence: str) -> None:
        """The connection with the debugger is gone."""
        if number == self._number and self._link is not None:
            self._link = None
            self._leave()
            self._tell(problem=sentence)

    # ---- the talk with the debugger ------------------------------------------------------------------------------------

    def ttse__on_message(self, number: int, message: Message) -> None:
        """An answer, or an event."""
        if number != self._number or self._link is None:
            return
        if message.get("type") == "response":
            then = self._waiting.pop(_number(message.get("request_seq")), _nothing)
            if message.get("success"):
                then(message)
            elif message.get("command") in ("pydevdAuthorize", "initialize", "attach"):
                self._leave()
                self._tell(problem=f"The debugger of lines refused: {_text(message.get('message'))}.")
            return
        body = _dict(message.get("body"))
        if message.get("event") == "initialized":
            self._say_wishes()
        elif message.get("event") == "thread":
            self._request("threads", self._on_threads)
        elif message.get("event") == "stopped":
            self._stopped(body)
        elif message.get("event") == "continued":
            self._runs_on()

    def _on_authorized(self, _message: Message) -> None:
        self._request("initialize", self._on_initialized, adapterID="tasktonic", pathFormat="path", linesStartAt1=True)

    def _on_initialized(self, _message: Message) -> None:
        # The framework's own lines are nobody's; neither are those of the language and of installed packages.
        rules = [{"path": f"{self._folder}/**", "include": False}]
        shown = {"all": "hide", "protected": "inline"}
        self._request(
            "attach",
            _nothing,
            justMyCode=True,
            subProcess=False,
            redirectOutput=False,
            rules=rules,
            variablePresentation=shown,
        )

    def _say_wishes(self) -> None:
        for file in sorted({it.file for it in self._facts.breaks}):
            self._say_breaks(file)
        self._say_raised()
        self._request("configurationDone", self._on_configured)

    def _on_configured(self, _message: Message) -> None:
        if self._facts.stop is None:
            self._become("ready")

    def _say_breaks(self, file: str) -> None:
        places = {it: self._texts.in_app(file, it.line) for it in self._facts.breaks_in(file)}
        told = [(it, place.line) for it, place in places.items() if place.line]
        self._request(
            "setBreakpoints",
            partial(self._on_breaks, file, {it.line: place.problem for it, place in places.items()}, told),
            source={"path": file},
            breakpoints=[
                {"line": line, "condition": it.condition} if it.condition else {"line": line} for it, line in told
            ],
        )

    def _say_raised(self) -> None:
        filters = ["raised"] if self._facts.on_raised else []
        self._request("setExceptionBreakpoints", _nothing, filters=filters)

    def _on_breaks(
        self, file: str, known: dict[int, str], asked: list[tuple[LineBreak, int]], message: Message
    ) -> None:
        answers = zip(asked, _list(_dict(message.get("body")).get("breakpoints")), strict=False)
        refused = {
            it.line: _text(_dict(told).get("message")) or "No line of code."
            for (it, _line), told in answers
            if not _dict(told).get("verified")
        }
        problems = known | refused
        breaks = (
            it._replace(problem=problems.get(it.line, "")) if it.file == file else it for it in self._facts.breaks
        )
        self._tell(breaks=tuple(breaks))

    def _on_threads(self, message: Message) -> None:
        told = [_dict(it) for it in _list(_dict(message.get("body")).get("threads"))]
        self._threads = {_number(it.get("id")): _text(it.get("name")) for it in told}

    # ---- in a line -----------------------------------------------------------------------------------------------------

    def _stopped(self, body: Message) -> None:
        if self._facts.stop is not None:
            return  # another thread came to a line of its own; it stands there until all go on
        thread = _number(body.get("threadId"))
        text = _text(body.get("text")) if body.get("reason") == "exception" else ""
        stop = LineStop(thread, self._threads.get(thread, ""), _text(body.get("reason")), text=text)
        self._become("stopped", stop=stop)
        self._request("stackTrace", partial(self._on_stack, thread), threadId=thread, levels=MOST_FRAMES)

    def _on_stack(self, thread: int, message: Message) -> None:
        stop = self._facts.stop
        if stop is None or stop.thread != thread:
            return
        frames = [_dict(it) for it in _list(_dict(message.get("body")).get("stackFrames"))]
        rows = tuple(
            LineFrame(
                _number(it.get("id")),
                _text(it.get("name")),
                _text(_dict(it.get("source")).get("path")),
                _number(it.get("line")),
                _number(it.get("line")),
            )
            for it in frames[:MOST_FRAMES]
        )
        self._facts = replace(self._facts, stop=replace(stop, frames=rows))
        self._show_frames()
        self._ask_locals()

    def _show_frames(self) -> None:
        """Tell where the calls stand in the files as they are on disk."""
        stop = self._facts.stop
        if stop is not None:
            places = [self._texts.in_file(it.file, it.run_line) for it in stop.frames]
            frames = (
                it._replace(line=place.line, problem=place.problem)
                for it, place in zip(stop.frames, places, strict=True)
            )
            self._tell(stop=replace(stop, frames=tuple(frames)))

    def _ask_locals(self) -> None:
        frame = self._facts.stop.frame if self._facts.stop is not None else None
        if frame is not None:
            self._request("scopes", partial(self._on_scopes, frame.number), frameId=frame.number)

    def _on_scopes(self, frame: int, message: Message) -> None:
        scopes = [_dict(it) for it in _list(_dict(message.get("body")).get("scopes"))]
        reference = next((_number(it.get("variablesReference")) for it in scopes), 0)
        if reference:
            self._request("variables", partial(self._on_locals, frame), variablesReference=reference, count=MOST_VALUES)

    def _on_locals(self, frame: int, message: Message) -> None:
        stop = self._facts.stop
        if stop is not None and stop.frame is not None and stop.frame.number == frame:
            self._tell(stop=replace(stop, locals=_rows(message)))

    def _on_inside(self, reference: int, message: Message) -> None:
        stop = self._facts.stop
        if stop is not None:
            self._tell(stop=replace(stop, inside={**stop.inside, reference: _rows(message)}))

    def _runs_on(self) -> None:
        if self._facts.stop is not None:
            self._become("ready", stop=None)
            self._wants_changed("")

    # ---- kept with the project -----------------------------------------------------------------------------------------

    def _take_lines(self) -> None:
        """Another target is watched: its project has lines of its own."""
        self._tell(breaks=tuple(sorted(self._connection.breakpoints.lines)))

    def _keep(self, file: str, breaks: list[LineBreak]) -> None:
        self._tell(breaks=tuple(sorted(breaks)))
        problem = self._connection.breakpoints.keep_lines(self._facts.breaks)
        if problem:
            self._tell(problem=problem)
        self._wants_changed(file)

    # ---- inside --------------------------------------------------------------------------------------------------------

    def _wants_changed(self, file: str) -> None:
        """There is another line to stop at, or one less: begin, tell the debugger, or leave it."""
        wants_something = bool(self._facts.breaks) or self._facts.on_raised
        if self._link is not None and not wants_something and self._facts.stop is None:
            self._leave()
        elif self._facts.status in ("ready", "stopped"):
            self._say_breaks(file) if file else self._say_raised()
        elif self._facts.status == "off" and wants_something and self._can_ask:
            if not self._knows_lines:
                self._tell(
                    problem="The tasktonic in this app is older than this Studio, and stops in no lines. Update it there."
                )
                return
            self._become("asked", problem="")
            self._connection.ttsc__send(messages.AskLines(0))

    def _leave(self) -> None:
        """Let the app run on, and leave the debugger."""
        link, self._link = self._link, None
        self._number += 1
        self._waiting = {}
        self._threads = {}
        if link is not None:
            link.send("disconnect", terminateDebuggee=False)
            link.close()
        breaks = tuple(it._replace(problem="") for it in self._facts.breaks)
        self._become("off", stop=None, breaks=breaks, problem="")

    def _request(self, command: str, then: Then, **arguments: Any) -> None:
        number = self._link.send(command, **arguments) if self._link is not None else 0
        if number:
            self._waiting[number] = then

    def _become(self, status: str, **changes: Any) -> None:
        self.to_state(status)
        self._tell(status=status, **changes)

    def _tell(self, **changes: Any) -> None:
        self._facts = replace(self._facts, **changes)
        self._inbox.put(LinesTold(self._facts))

    def ttse__on_finished(self) -> None:
        """The Studio ends: the app runs on."""
        self._leave()


def _nothing(_message: Message) -> None:
    """An answer that nobody waits for."""


def _rows(message: Message) -> tuple[LocalRow, ...]:
    told = [_dict(it) for it in _list(_dict(message.get("body")).get("variables"))]
    return tuple(
        LocalRow(
            _text(it.get("name")), _text(it.get("value")), _text(it.get("type")), _number(it.get("variablesReference"))
        )
        for it in told[:MOST_VALUES]
    )


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _text(value: Any) -> str:
    return value[:_MOST_TEXT] if isinstance(value, str) else ""
