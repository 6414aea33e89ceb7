"""The side process: does what may take long, hang or crash, so that it cannot hold up the window.

Started by the window as ``python -m tasktonic_studio.side_process``. How it answers and ends is in `answering`.

=============  ====================================================  =============================
``do``         asks                                                  answer
=============  ====================================================  =============================
``arrange``    `graph`, `with_labels`                                `placed`
``route``      `graph`, `at`: boxes stay there                       `placed`
``source``     `file`, `name`, `line`, `module`, `states`,           `exits`, `problems`, `files`
               `handlers`, `more_files`, `texts`
``search``     `folder`, `texts`, `query`                            `hits`, `left`, `files`, `is_all`
``find``       `text`, `query`, `most`, `within`, `by`               `spans`, `by`, `by_problem`
``replace``    `places`, `query`, `by`                               `by`, `by_problem`
=============  ====================================================  =============================

An answer has `problem`, a sentence, when it could not be done.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from tasktonic_studio import answering

if TYPE_CHECKING:
    from tasktonic_studio.analysis.text_search import Query


def main() -> None:
    """Answer requests until stdin ends."""
    serve(sys.stdin.buffer, sys.stdout.buffer)


def serve(asked: BinaryIO, answers: BinaryIO) -> None:
    """Answer the requests of one stream on another."""
    answering.serve(asked, answers, _doing)


def answer_to(line: bytes) -> dict[str, Any]:
    """The answer to one request. Never raises."""
    return answering.answer_to(line, _doing)


def _arrange(request: Mapping[str, Any]) -> dict[str, Any]:
    from tasktonic_studio.diagrams import dot
    from tasktonic_studio.diagrams.graph import Graph

    placed = dot.arrange(Graph.from_json(request["graph"]), with_labels=bool(request["with_labels"]))
    return {"placed": placed.as_json()}


def _route(request: Mapping[str, Any]) -> dict[str, Any]:
    from tasktonic_studio.diagrams import dot
    from tasktonic_studio.diagrams.graph import Graph

    at = {name: (float(x), float(y)) for name, (x, y) in request["at"].items()}
    return {"placed": dot.route(Graph.from_json(request["graph"]), at).as_json()}


def _source(request: Mapping[str, Any]) -> dict[str, Any]:
    from tasktonic_studio.analysis.files import Files
    from tasktonic_studio.analysis.machine_source import Handler, read_machine

    machine = read_machine(
        Files(request["texts"]),
        request["file"],
        request["name"],
        line=request["line"],
        module=request["module"],
        states=request["states"],
        handlers=[Handler(*it) for it in request["handlers"]],
        more_files=request["more_files"],
    )
    return {"exits": [list(it) for it in machine.exits], "problems": machine.problems, "files": machine.files}


def _search(request: Mapping[str, Any]) -> dict[str, Any]:
    from tasktonic_studio.analysis.project_search import search
    from tasktonic_studio.analysis.text_search import Query

    return search(request["folder"], Query.from_json(request["query"]), request["texts"]).as_json()


def _find(request: Mapping[str, Any]) -> dict[str, Any]:
    from tasktonic_studio.analysis.text_search import Query, find_all

    text, query, within = request["text"], Query.from_json(request["query"]), request["within"]
    spans = find_all(text, query, request["most"], tuple(within) if within is not None else None)
    places = [(text, *span) for span in spans] if request["by"] is not None else []
    answer = _replacements(places, query, request["by"] or "")
    # What is a hit only because of where the part ends that was looked in, stays.
    by = [text[start:end] if it is None else it for it, (start, end) in zip(answer["by"], spans, strict=False)]
    return {"spans": spans, "by": by, "by_problem": answer["by_problem"]}


def _replace(request: Mapping[str, Any]) -> dict[str, Any]:
    from tasktonic_studio.analysis.text_search import Query

    return _replacements(request["places"], Query.from_json(request["query"]), request["by"])


def _replacements(places: Iterable[tuple[str, int, int]], query: Query, by: str) -> dict[str, Any]:
    from tasktonic_studio.analysis.text_search import QueryProblem, replacements

    try:
        return {"by": replacements(places, query, by), "by_problem": ""}
    except QueryProblem as problem:
        return {"by": [], "by_problem": str(problem)}


_doing: Final[dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]]] = {
    "arrange": _arrange,
    "route": _route,
    "source": _source,
    "search": _search,
    "find": _find,
    "replace": _replace,
}


if __name__ == "__main__":
    main()
