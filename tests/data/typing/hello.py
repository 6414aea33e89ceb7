"""The first tonic of the manual, with everything annotated."""

from typing import Any

from tasktonic import *


class HelloWorld(ttTonic):
    def __init__(
        self,
        name: str | None = None,
        context: ttEssence | int | None = None,
        log_mode: ttLog | None = None,
        catalyst: ttCatalyst | None = None,
    ) -> None:
        super().__init__(name, context, log_mode, catalyst)

    def ttse__on_start(self) -> None:
        self.tts__hello()
        self.tts__helo()  # ! attr-defined
        self.tts__hello("again")  # ! call-arg

    def tts__hello(self) -> None:
        self.log("Hello")
        self.to_state(2.5)  # ! arg-type
        self.catalyst.finish()
        self.finish()


class MyApp(ttFormula):
    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "screen", "tasktonic/log/default": ttLog.FULL}

    def creating_starting_tonics(self) -> None:
        HelloWorld()


if __name__ == "__main__":
    MyApp().ledger.update_formula("tasktonic/project/name", "hello")
    ttLedger().update_formula({"tasktonic/project/name": "hello"})
    ttLedger().update_formula("tasktonic/project/name")  # ! arg-type
