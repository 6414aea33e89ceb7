"""What ``bind`` and construction give."""

from typing import Any, assert_type

from tasktonic import *


class DatabaseService(ttTonic):
    _tt_is_service = "db_service"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rows = 0

    def _init_service(self, *args: Any, context: ttEssence | None = None, **kwargs: Any) -> None:
        self.rows += 1


class Worker(ttTonic):
    def __init__(self, speed: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.speed = speed
        self.db = self.bind(DatabaseService)
        self.settings = self.bind(ttStore)
        self.helper = self.bind(Worker, speed=2.5, name="helper")
        assert_type(self.db, DatabaseService)
        assert_type(self.settings, ttStore)
        assert_type(self.helper, Worker)
        assert_type(self.bind(self.helper), Worker)
        assert_type(Worker(5), Worker)
        assert_type(DatabaseService(), DatabaseService)
        assert_type(self.helper.context, ttEssence | None)
        assert_type(self.catalyst, ttCatalyst)
        assert_type(self.ledger.get_essence_by_name("x"), ttEssence | None)
        self.bind(int)  # ! type-var
        self.bind("Worker")  # ! call-overload
        Worker("fast")  # ! arg-type
        Worker()  # ! call-arg
        self.db.rows.append(5)  # ! attr-defined
        self.ttsc__take(ttShared([1, 2]))
        assert_type(ttShared([1, 2]), ttShared[list[int]])
        assert_type(ttShared([1, 2]).value, list[int])

    def ttsc__take(self, numbers: list[int] | ttShared[list[int]]) -> None: ...
