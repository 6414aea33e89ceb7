"""What a foreign thread does beside a server or port, for one test."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.helpers.apps import in_thread


class Beside:
    """A base of servers and ports: ``work(it)`` is done by a foreign thread once they call `begin_work`, then the app ends."""

    work: Callable[[Any], object]
    failures: list[BaseException]
    finish: Callable[[], None]

    def begin_work(self) -> None:
        self.helper = in_thread(self._do_work)

    def _do_work(self) -> None:
        try:
            type(self).work(self)
        except BaseException as error:
            self.failures.append(error)
        finally:
            self.finish()


def run_beside(run_net_app: Any, cls: type[Any], work: Callable[[Any], object], *arguments: Any, **kwargs: Any) -> Any:
    """Run a tonic of this class, and ``work(it)`` beside it; gives the tonic, which has ended. What the work raised is raised."""
    made: list[Any] = []

    class Working(cls):
        failures: list[BaseException] = []

    Working.work = staticmethod(work)
    app = run_net_app(lambda: made.append(Working(*arguments, **kwargs)))
    made[0].helper.join()
    if Working.failures:
        raise Working.failures[0]
    assert app.ledger.essences == []
    return made[0]
