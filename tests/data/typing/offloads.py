"""What ``offload`` says of functions, arguments and the sparkles that take what comes."""

from functools import partial
from typing import assert_type

from tasktonic import ttTonic
from tasktonic.failures import Failure
from tasktonic.pool import Report, Work


def half(number: int) -> float:
    return number / 2


def copy(source: str, target: str, report: Report) -> int:
    report(source, 1)
    return len(target)


class Asker(ttTonic):
    def ttse__on_start(self) -> None:
        assert_type(self.offload(half, 3, on_result=self.ttse__half, on_error=self.ttse__failed), Work)
        self.offload(half, 3, on_result=partial(self.ttse__named, "three"), where="process")
        self.offload(half, 3).cancel()
        self.offload(copy, "a", "b", on_result=self.ttse__copied, on_progress=self.ttse__progress)
        self.offload(half, "3")  # ! arg-type
        self.offload(half)  # ! call-arg # ! arg-type
        self.offload(half, 3, on_result=self.ttse__text)  # ! misc
        self.offload(half, 3, on_error=self.ttse__half)  # ! arg-type
        self.offload(half, 3, where="moon")  # ! call-overload

    def ttse__half(self, result: float) -> None: ...

    def ttse__named(self, name: str, result: float) -> None: ...

    def ttse__text(self, result: str) -> None: ...

    def ttse__copied(self, size: int) -> None: ...

    def ttse__progress(self, source: str, count: int) -> None: ...

    def ttse__failed(self, error: Failure) -> None:
        self.log(error.traceback)
