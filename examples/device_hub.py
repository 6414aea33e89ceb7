"""A hub for devices: what they report over UDP and HTTP stands in a store, their digital twin, and what is wanted goes back to them.

    python examples/device_hub.py                        night falls in a few seconds, and when all is dark it ends
    python examples/device_hub.py --night 23:00:00       as it would be used: look at http://127.0.0.1:8080 until Ctrl+C

The store has a branch for each device. ``reported`` is what it said last, ``wanted`` is what it should be, and ``online`` is whether it
has been heard of lately:

    devices/lamp/kind            lamp
    devices/lamp/online          True
    devices/lamp/reported/on     False
    devices/lamp/wanted/on       True        # it has not followed yet

Who wants to know something reads the store or subscribes to it, and who wants something writes ``wanted``: the page in the browser
does, and so does the night. None of them knows how a device is reached. That is the business of the twins, one tonic for each
device: a twin tells its device what it should be, again and again until it reports that it is. Datagrams get lost; it does not
matter here.

The devices are made up, but talk over real sockets, and live on a catalyst of their own, as far away as they can be in one program.
The bad battery and the bad radio are on purpose. HTTP needs aiohttp: pip install aiohttp
"""

from __future__ import annotations

import argparse
import datetime
import html
import json
import math
from typing import Any

from tasktonic import ttCatalyst, ttFormula, ttLog, ttStore, ttTimerEveryDay, ttTimerRepeat, ttTimerSingleShot, ttTonic
from tasktonic.net import ttAsyncioCatalyst, ttHttpClient, ttHttpRequest, ttHttpResponse, ttHttpServer, ttUdp

SILENCE_S = 1.5
"""Who says nothing for so long is taken for gone."""
AGAIN_S = 0.3
"""After so long a device is told again what is wanted."""


# -- the hub --------------------------------------------------------------------------------------------------------------


class Twin(ttTonic):
    """One device, as the hub knows it. Made when the device is heard of first; it is in the state online or offline."""

    def __init__(self, hub: Hub, device: str, kind: str, link: Mailbox | PlugLink) -> None:
        super().__init__(name=f"twin of {device}", context=hub)
        self.device = device
        self.link = link
        self.node = self.bind(ttStore)[f"devices/{device}"]
        self.node.set("kind", kind)
        self.node.subscribe("wanted", self.ttse__on_wanted)
        self.bind(ttTimerRepeat, seconds=AGAIN_S, name="again")

    def ttse__on_reported(self, fields: dict[str, Any]) -> None:
        self.node.set({f"reported/{field}": value for field, value in fields.items()})
        self.to_state("online")

    def ttse_online__on_reported(self, fields: dict[str, Any]) -> None:
        self.node.set({f"reported/{field}": value for field, value in fields.items()})
        self.silence.restart()

    def ttse_online__on_enter(self) -> None:
        self.node.set("online", True)
        self.silence = self.bind(ttTimerSingleShot, seconds=SILENCE_S, name="silence")
        self.log("it is there")

    def ttse_online__on_silence(self, info: dict[str, Any]) -> None:
        self.to_state("offline")

    def ttse_offline__on_enter(self) -> None:
        self.node.set("online", False)
        self.log("nothing is heard of it any more")

    def ttse_online__on_wanted(self, changes: list[Any]) -> None:
        self.convey()

    def ttse_online__on_again(self, info: dict[str, Any]) -> None:
        self.convey()

    def convey(self) -> None:
        """Tell the device what it should be and is not."""
        wanted, reported = self.node.get("wanted", {}), self.node.get("reported", {})
        if missing := {field: value for field, value in wanted.items() if reported.get(field) != value}:
            self.link.ttsc__tell(self.device, missing)


class Mailbox(ttUdp):
    """The way to all devices that speak UDP: a datagram of JSON each, with who sends it and what kind it is."""

    def __init__(self, hub: Hub) -> None:
        super().__init__(name="mailbox", log_mode=ttLog.QUIET)
        self.hub = hub
        self.addresses: dict[str, tuple[str, int]] = {}

    def ttse__on_ready(self, host: str, port: int) -> None:
        self.hub.ttse__on_mailbox_ready((host, port))

    def ttse__on_datagram(self, data: bytes, sender: tuple[str, int]) -> None:
        try:
            fields = json.loads(data)
            device, kind = fields.pop("device"), fields.pop("kind")
        except (ValueError, KeyError, TypeError, AttributeError):
            self.log(f"{sender[0]}:{sender[1]} sends what no device of ours would: {data[:40]!r}")
            return
        self.addresses[device] = sender  # it may have moved
        self.hub.twin(device, kind, self).ttse__on_reported(fields)

    def ttsc__tell(self, device: str, wanted: dict[str, Any]) -> None:
        self.send(json.dumps(wanted).encode(), self.addresses[device])


class PlugLink(ttHttpClient):
    """The way to a device that has to be asked, over HTTP."""

    def __init__(self, hub: Hub, device: str, address: str) -> None:
        super().__init__(address, name=f"link to {device}")
        self.hub = hub
        self.device = device
        self.bind(ttTimerRepeat, seconds=0.4, name="ask")

    def ttse__on_ask(self, info: dict[str, Any]) -> None:
        self.get("/status", on_result=self.ttse__on_answer, on_error=self.ttse__on_no_answer, time_limit=SILENCE_S)

    def ttse__on_answer(self, response: ttHttpResponse) -> None:
        if response.is_ok:
            self.hub.twin(self.device, "plug", self).ttse__on_reported(response.json())

    def ttse__on_no_answer(self, error: BaseException) -> None:
        """That it is silent its twin notices by itself."""

    def ttsc__tell(self, device: str, wanted: dict[str, Any]) -> None:
        self.post("/status", wanted, on_result=self.ttse__on_answer, on_error=self.ttse__on_no_answer)


class Night(ttTonic):
    """A calendar alarm: when night falls it has all lights off, and reports on the day."""

    _tt_states = ("day",)

    def __init__(self) -> None:
        super().__init__(name="night")
        self.store = self.bind(ttStore)
        self.degrees: dict[str, list[float]] = {}
        self.store.subscribe("devices/*/reported/degrees", self.ttse__on_degrees)
        self.store.subscribe("devices/*/reported/on", self.ttse__on_switched)

    def ttse__on_start(self) -> None:
        self.to_state("day")

    def ttsc__fall_at(self, time_of_day: str) -> None:
        alarm = self.bind(ttTimerEveryDay, time_str=time_of_day, name="nightfall")
        self.log(f"falls at {alarm.next_time:%H:%M:%S}")

    def ttse__on_degrees(self, changes: list[Any]) -> None:
        for path, degrees, _, _ in changes:
            self.degrees.setdefault(path.split("/")[1], []).append(degrees)

    def ttse__on_nightfall(self, info: dict[str, Any]) -> None:
        for device, values in sorted(self.degrees.items()):
            self.log(f"report: {device} had {min(values):.1f} to {max(values):.1f} °C, {len(values)} values")
        self.degrees.clear()
        devices = self.store.get("devices", {})
        for device in sorted(device for device, twin in devices.items() if not twin.get("online")):
            self.log(f"report: {device} is silent, somebody should look after it")
        self.store.set(
            {f"devices/{name}/wanted/on": False for name, twin in devices.items() if "on" in twin.get("reported", {})}
        )
        self.to_state("night")

    def ttse_night__on_enter(self) -> None:
        self.ttse__on_switched([])

    def ttse_night__on_switched(self, changes: list[Any]) -> None:
        if not any(twin.get("reported", {}).get("on") for twin in self.store.get("devices", {}).values()):
            self.log("all lights are off")
            self.to_state("day")
            self.context.ttse__on_all_dark()


class Page(ttHttpServer):
    """The twin in a browser, for programs as JSON, and a way to want something: POST /devices/lamp/wanted with {"on": true}."""

    def __init__(self, port: int) -> None:
        super().__init__(name="page", port=port)
        self.store = self.bind(ttStore)
        self.route("GET /", self.ttse__page_asked)
        self.route("GET /twin", self.ttse__twin_asked)
        self.route("POST /devices/{device}/wanted", self.ttse__wanted)

    def ttse__on_listening(self, host: str, port: int) -> None:
        self.log(f"look at http://{host}:{port}")
        self.context.ttse__on_page_ready(host, port)

    def ttse__twin_asked(self, request: ttHttpRequest) -> None:
        request.reply(self.store.get("devices", {}))

    def ttse__page_asked(self, request: ttHttpRequest) -> None:
        rows = []
        for device, twin in sorted(self.store.get("devices", {}).items()):
            cells = [device, twin["kind"], "online" if twin.get("online") else "silent"]
            cells += [", ".join(f"{k}: {v}" for k, v in twin.get(part, {}).items()) for part in ("reported", "wanted")]
            rows.append("".join(f"<td>{html.escape(cell)}" for cell in cells))
        head = "<tr><th>device<th>kind<th><th>reported<th>wanted"
        page = f"<!doctype html><title>Devices</title><meta http-equiv=refresh content=1><table>{head}<tr>{'<tr>'.join(rows)}</table>"
        request.reply(page, content_type="text/html")

    def ttse__wanted(self, request: ttHttpRequest) -> None:
        device, wanted = request.parameters["device"], request.json()
        if f"devices/{device}" not in self.store:
            request.refuse(404, f"There is no device {device}.")
        elif not isinstance(wanted, dict):
            request.refuse(400, 'Send what is wanted as JSON, such as {"on": true}.')
        else:
            self.store.set({f"devices/{device}/wanted/{field}": value for field, value in wanted.items()})
            request.reply({"device": device, "wanted": self.store.get(f"devices/{device}/wanted")}, status=202)


class Hub(ttTonic):
    """The root of it all."""

    def __init__(self, nightfall: str | None, port: int) -> None:
        super().__init__(name="hub")
        self.is_demo = nightfall is None
        self.twins: dict[str, Twin] = {}
        self.bind(Mailbox, self)
        self.bind(Page, port)
        self.night = self.bind(Night)
        if nightfall is not None:
            self.night.ttsc__fall_at(nightfall)

    def twin(self, device: str, kind: str, link: Mailbox | PlugLink) -> Twin:
        if device not in self.twins:
            self.twins[device] = Twin(self, device, kind, link)
        return self.twins[device]

    def ttse__on_mailbox_ready(self, address: tuple[str, int]) -> None:
        self.bind(House, self, address, catalyst=ttAsyncioCatalyst(name="devices"))

    def ttse__on_plug_found(self, device: str, address: str) -> None:
        self.bind(PlugLink, self, device, address)

    def ttse__on_page_ready(self, host: str, port: int) -> None:
        if self.is_demo:
            self.bind(Visitor, f"http://{host}:{port}")

    def ttse__on_visitor_finished(self) -> None:
        soon = datetime.datetime.now().astimezone() + datetime.timedelta(seconds=2)
        self.night.ttsc__fall_at(soon.strftime("%H:%M:%S"))

    def ttse__on_all_dark(self) -> None:
        if self.is_demo:
            self.finish()


# -- what it is all about: devices, made up ---------------------------------------------------------------------------------


class Thermometer(ttUdp):
    """Tells how warm it is, five times a second, as long as its battery lasts."""

    def __init__(self, room: str, hub: tuple[str, int], phase: float, values: int = -1) -> None:
        super().__init__(name=f"{room} thermometer", peer=hub, log_mode=ttLog.STEALTH)
        self.room, self.phase, self.left = room, phase, values

    def ttse__on_ready(self, host: str, port: int) -> None:
        self.bind(ttTimerRepeat, seconds=0.2, name="measure")

    def ttse__on_measure(self, info: dict[str, Any]) -> None:
        if self.left != 0:
            self.left -= 1
            degrees = round(20 + 2 * math.sin(self.phase - self.left / 5), 1)
            self.send(json.dumps({"device": self.room, "kind": "thermometer", "degrees": degrees}).encode())


class Lamp(ttUdp):
    """On or off. Its radio is bad: it hears every third datagram."""

    def __init__(self, hub: tuple[str, int]) -> None:
        super().__init__(name="lamp", peer=hub, log_mode=ttLog.STEALTH)
        self.is_on = False
        self.sent = 0

    def ttse__on_ready(self, host: str, port: int) -> None:
        self.bind(ttTimerRepeat, seconds=0.3, name="report")

    def ttse__on_report(self, info: dict[str, Any]) -> None:
        self.send(json.dumps({"device": "lamp", "kind": "lamp", "on": self.is_on}).encode())

    def ttse__on_datagram(self, data: bytes, sender: tuple[str, int]) -> None:
        self.sent += 1
        if self.sent % 3 == 0:
            self.is_on = json.loads(data)["on"]


class Plug(ttHttpServer):
    """A plug that has to be asked, and that somebody has left on."""

    def __init__(self, hub: Hub) -> None:
        super().__init__(name="plug", log_mode=ttLog.STEALTH)
        self.hub = hub
        self.is_on = True
        self.route("GET /status", self.ttse__status_asked)
        self.route("POST /status", self.ttse__switched)

    def ttse__on_listening(self, host: str, port: int) -> None:
        self.hub.ttse__on_plug_found("plug", f"http://{host}:{port}")

    def ttse__switched(self, request: ttHttpRequest) -> None:
        self.is_on = request.json()["on"]
        self.ttse__status_asked(request)

    def ttse__status_asked(self, request: ttHttpRequest) -> None:
        request.reply({"on": self.is_on, "watts": 40 if self.is_on else 0})


class House(ttTonic):
    """All devices."""

    def __init__(self, hub: Hub, mailbox: tuple[str, int], catalyst: ttCatalyst) -> None:
        super().__init__(name="house", catalyst=catalyst)
        for number, room in enumerate(("kitchen", "bedroom", "attic")):
            self.bind(Thermometer, room, mailbox, phase=float(number))
        self.bind(Thermometer, "cellar", mailbox, phase=3.0, values=3)
        self.bind(Lamp, mailbox)
        self.bind(Plug, hub)


class Visitor(ttHttpClient):
    """Somebody with a browser, who switches on the lamp and stays until something breaks. Only there when nobody else is."""

    def __init__(self, address: str) -> None:
        super().__init__(address, name="visitor")

    def ttse__on_start(self) -> None:
        self.bind(ttTimerRepeat, seconds=0.2, name="look")
        self.to_state("looking")

    def ttse__on_look(self, info: dict[str, Any]) -> None:
        self.get("/twin", on_result=self.ttse__on_twin)

    def ttse_looking__on_twin(self, response: ttHttpResponse) -> None:
        if "lamp" in response.json():
            self.post("/devices/lamp/wanted", {"on": True}, on_result=self.ttse__on_agreed)
            self.to_state("waiting")

    def ttse__on_agreed(self, response: ttHttpResponse) -> None:
        self.log(f"the hub answers {response.status}: {response.text}")

    def ttse_waiting__on_twin(self, response: ttHttpResponse) -> None:
        if response.json()["lamp"]["reported"]["on"]:
            self.log("there is light")
            self.to_state("sitting")

    def ttse_sitting__on_twin(self, response: ttHttpResponse) -> None:
        if any(twin.get("online") is False for twin in response.json().values()):
            self.finish()


class DeviceHub(ttFormula):
    def __init__(self, night: str | None, port: int) -> None:
        self.night, self.port = night, port
        super().__init__()

    def creating_formula(self) -> dict[str, Any]:
        return {
            "tasktonic/log/to": "screen",
            "tasktonic/log/default": ttLog.QUIET,
            "tasktonic/project/name": "device hub",
        }

    def creating_main_catalyst(self) -> None:
        ttAsyncioCatalyst(name="main_catalyst")

    def creating_starting_tonics(self) -> None:
        Hub(self.night, self.port)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A hub for devices.")
    parser.add_argument(
        "--night", metavar="HH:MM:SS", help="when night falls; without it in a few seconds, and that is the end"
    )
    parser.add_argument("--port", type=int, default=8080, help="of the page; 0 takes any free one")
    DeviceHub(**vars(parser.parse_args()))
