"""An HTTP API: the valves of a garden, each a tonic with states; and a page that shows them as they are, at any moment.

Start it and open http://127.0.0.1:8080 in a browser, twice: what one window does the other shows. Or ask it by hand:

    curl -X POST http://127.0.0.1:8080/valves/roses/open
    curl http://127.0.0.1:8080/valves

A valve takes a moment to open, so the reply to that request comes from a later sparkle. While it turns it cannot be opened or
closed: it has no handler for that in this state, and so the server says 409 by itself. The state of all valves is in the store, and
whoever looks at the page hears of each change there.

    python examples/http_api.py           serves until it is stopped with Ctrl+C
    python examples/http_api.py tour      asks itself a few things, shows the answers, and ends
"""

from __future__ import annotations

import re
import sys
from typing import Any

from tasktonic import ttFormula, ttStore, ttTimerSingleShot, ttTonic
from tasktonic.net import ttAsyncioCatalyst, ttHttpClient, ttHttpEvents, ttHttpRequest, ttHttpResponse, ttHttpServer

PORT = 8080
TURNING_S = 0.5


class Valve(ttTonic):
    """One valve. Its routes come with it, and go with it."""

    def __init__(self, name: str, garden: Garden) -> None:
        super().__init__(name=name, context=garden)
        self.path = f"valves/{name}"
        self.store = self.bind(ttStore)
        self.turned_for: ttHttpRequest | None = None
        garden.route(f"POST /{self.path}/open", self.ttsc__open)
        garden.route(f"POST /{self.path}/close", self.ttsc__close)
        garden.route(f"DELETE /{self.path}", self.ttsc__remove)

    def ttse__on_start(self) -> None:
        self.store.set(f"{self.path}/litres", 5)
        self.to_state("closed")

    def ttsc_closed__open(self, request: ttHttpRequest) -> None:
        self.turned_for = request
        self.to_state("turning")

    def ttse_turning__on_enter(self) -> None:
        self.tell()
        self.bind(ttTimerSingleShot, seconds=TURNING_S, name="turned")

    def ttse_turning__on_turned(self, info: dict[str, Any]) -> None:
        self.to_state("open")

    def ttse_open__on_enter(self) -> None:
        self.tell()
        if self.turned_for is not None:
            self.turned_for.reply(self.store.get(self.path))
            self.turned_for = None

    def ttsc_open__close(self, request: ttHttpRequest) -> None:
        self.to_state("closed")
        request.reply()

    def ttse__on_enter(self) -> None:
        self.tell()

    def ttsc__remove(self, request: ttHttpRequest) -> None:
        request.reply()
        self.finish()

    def tell(self) -> None:
        self.store.set(f"{self.path}/state", self.get_current_state_name())

    def ttse__on_finished(self) -> None:
        self.store.remove(self.path)


class Garden(ttHttpServer):
    """The server: what there is for all valves together."""

    def __init__(self, port: int) -> None:
        super().__init__(port=port, name="garden")
        self.store = self.bind(ttStore)
        self.watchers: list[ttHttpEvents] = []

    def ttse__on_start(self) -> None:
        self.route("GET /", self.ttse__page_asked)
        self.route("GET /valves", self.ttse__all_asked)
        self.route("POST /valves", self.ttse__wanted)
        self.route("GET /valves/{name}", self.ttse__asked)
        self.route("PUT /valves/{name}", self.ttse__changed)
        self.route("GET /events", self.ttse__watched)
        self.store.subscribe("valves", self.ttse__on_change)
        Valve("roses", self)

    def ttse__on_listening(self, host: str, port: int) -> None:
        self.log(f"look at http://{host}:{port}")

    def ttse__on_error(self, error: Any) -> None:
        if error.sparkle == "_ttss__listen":  # the log has said why
            self.finish()

    def ttse__page_asked(self, request: ttHttpRequest) -> None:
        request.reply(PAGE, content_type="text/html")

    def ttse__all_asked(self, request: ttHttpRequest) -> None:
        request.reply(self.store.get("valves", {}))

    def ttse__wanted(self, request: ttHttpRequest) -> None:
        wanted = request.json()
        name = wanted.get("name") if isinstance(wanted, dict) else None
        if not isinstance(name, str) or not re.fullmatch("[a-z]{1,20}", name):
            request.refuse(400, 'say which, in small letters, as JSON: {"name": "tomatoes"}')
        elif self.store.get(f"valves/{name}") is not None:
            request.refuse(409, f"there is a valve {name} already")
        else:
            Valve(name, self)
            request.reply({"name": name}, 201, {"Location": f"/valves/{name}"})

    def ttse__asked(self, request: ttHttpRequest) -> None:
        valve = self.store.get(f"valves/{request.parameters['name']}")
        if valve is None:
            request.refuse(404, f"there is no valve {request.parameters['name']}")
        else:
            request.reply(valve)

    def ttse__changed(self, request: ttHttpRequest) -> None:
        path, wanted = f"valves/{request.parameters['name']}", request.json()
        litres = wanted.get("litres") if isinstance(wanted, dict) else None
        if self.store.get(path) is None:
            request.refuse(404, f"there is no valve {request.parameters['name']}")
        elif not isinstance(litres, int) or not 1 <= litres <= 50:
            request.refuse(400, 'say how much a minute, 1 to 50, as JSON: {"litres": 12}')
        else:
            self.store.set(f"{path}/litres", litres)
            request.reply(self.store.get(path))

    def ttse__watched(self, request: ttHttpRequest) -> None:
        events = request.reply_events(on_closed=self.ttse__unwatched)
        events.send(self.store.get("valves", {}))
        self.watchers.append(events)

    def ttse__unwatched(self, events: ttHttpEvents) -> None:
        self.watchers.remove(events)

    def ttse__on_change(self, changes: list[Any]) -> None:
        for events in self.watchers:
            events.send(self.store.get("valves", {}))


class Tour(ttHttpClient):
    """Asks one thing after the other, and ends the app after the last."""

    steps = [
        ("GET", "/valves", None),
        ("POST", "/valves", {"name": "tomatoes"}),
        ("POST", "/valves", {"name": "Tomatoes!"}),
        ("PUT", "/valves/tomatoes", {"litres": 12}),
        ("POST", "/valves/tomatoes/open", None),
        ("POST", "/valves/tomatoes/open", None),
        ("POST", "/valves/tomatoes/close", None),
        ("DELETE", "/valves/tomatoes", None),
        ("GET", "/valves/tomatoes", None),
        ("PATCH", "/valves/roses", None),
    ]

    def ttse__on_start(self) -> None:
        self.left = list(self.steps)
        self.tts__ask()

    def tts__ask(self) -> None:
        if self.left:
            self.asked = self.left.pop(0)
            self.request(*self.asked, on_result=self.ttse__answered)
        else:
            self.finish()

    def ttse__answered(self, response: ttHttpResponse) -> None:
        method, path, _content = self.asked
        self.log(f"{method} {path}: {response.status} {response.text}")
        self.tts__ask()


class TouredGarden(Garden):
    def ttse__on_listening(self, host: str, port: int) -> None:
        self.bind(Tour, f"http://{host}:{port}", name="tour")

    def ttse__on_tour_finished(self) -> None:
        self.finish()


class HttpApi(ttFormula):
    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "screen", "tasktonic/log/default": "quiet"}

    def creating_main_catalyst(self) -> None:
        ttAsyncioCatalyst(name="main_catalyst")

    def creating_starting_tonics(self) -> None:
        if "tour" in sys.argv[1:]:
            TouredGarden(port=0)
        else:
            Garden(PORT)


PAGE = """<!doctype html>
<html lang="en">
<title>Valves</title>
<style>
  body { font: 1.1em sans-serif; margin: 3em auto; max-width: 30em }
  td { padding: .3em 1em .3em 0 }
</style>
<h1>Valves</h1>
<table><tbody id="valves"></tbody></table>
<form id="new"><input name="name" pattern="[a-z]{1,20}" required aria-label="name"> <button>Add</button></form>
<p id="said" role="status"></p>
<script>
  const body = document.getElementById("valves"), said = document.getElementById("said")
  async function ask(method, path, content) {
    const headers = content ? {"Content-Type": "application/json"} : {}
    const answer = await fetch(path, {method, headers, body: content && JSON.stringify(content)})
    const text = await answer.text()
    said.textContent = answer.ok ? "" : JSON.parse(text).error
  }
  function show(valves) {
    body.replaceChildren(...Object.entries(valves).map(([name, valve]) => {
      const row = document.createElement("tr")
      for (const text of [name, valve.state, `${valve.litres} l/min`]) row.insertCell().textContent = text
      for (const [word, method, path] of [["Open", "POST", "/open"], ["Close", "POST", "/close"], ["Remove", "DELETE", ""]]) {
        const button = document.createElement("button")
        button.textContent = word
        button.onclick = () => ask(method, `/valves/${name}${path}`)
        row.insertCell().append(button)
      }
      return row
    }))
  }
  new EventSource("/events").onmessage = event => show(JSON.parse(event.data))
  document.getElementById("new").onsubmit = event => {
    event.preventDefault()
    ask("POST", "/valves", {name: event.target.name.value})
    event.target.reset()
  }
</script>
"""


if __name__ == "__main__":
    HttpApi()
