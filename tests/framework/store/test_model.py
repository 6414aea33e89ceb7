"""The store against a model so plain that it must be right: a dict of values and a dict of links."""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tasktonic.store import Store
from tasktonic.store.links import Link, ttCircularLinkError

KEYS = st.sampled_from(["a", "b", "#0", "#1", "x#0"])
PATHS = st.lists(KEYS, min_size=1, max_size=3).map("/".join)
VALUES = st.integers(0, 3)


def at_or_below(path: str, branch: str) -> bool:
    return path == branch or path.startswith(branch + "/")


class Model:
    """What a store should hold, found by looking at everything each time."""

    def __init__(self) -> None:
        self.values: dict[str, int] = {}
        self.links: dict[str, str] = {}
        self.next: dict[str, int] = {}

    def hop(self, path: str) -> str | None:
        for alias, target in self.links.items():
            if at_or_below(path, alias):
                return target + path[len(alias) :]
        return None

    def resolve(self, path: str) -> str:
        while (hop := self.hop(path)) is not None:
            path = hop
        return path

    def resolve_parent(self, path: str) -> str:
        parent, slash, key = path.rpartition("/")
        return (self.resolve(parent) if parent else parent) + slash + key

    def nodes(self) -> set[str]:
        ends = [*self.values, *self.links]
        return {"/".join(end.split("/")[:length]) for end in ends for length in range(1, end.count("/") + 2)}

    def note_numbers(self, path: str) -> None:
        segments = path.split("/")
        for depth, segment in enumerate(segments):
            prefix, mark, number = segment.partition("#")
            if mark:
                counter = "/".join([*segments[:depth], prefix + "#"])
                self.next[counter] = max(self.next.get(counter, 0), int(number) + 1)

    def set(self, path: str, value: int) -> None:
        place = self.resolve(path)
        self.values[place] = value
        self.note_numbers(place)

    def append(self, path: str, value: int) -> str:
        place = self.resolve(path)
        entry = f"{place}/#{self.next.get(place + '/#', 0)}"
        self.next[place + "/#"] = self.next.get(place + "/#", 0) + 1
        self.set(entry, value)
        return entry

    def remove(self, path: str) -> None:
        place = self.resolve_parent(path)
        gone = {node for node in self.nodes() if at_or_below(node, place)}
        grown = True
        while grown:
            grown = False
            for alias in self.links:
                step: str | None = self.links[alias]
                while alias not in gone and step is not None:
                    if step in gone:
                        gone.add(alias)
                        grown = True
                    step = self.hop(step)
        self.values = {path: value for path, value in self.values.items() if path not in gone}
        self.links = {alias: target for alias, target in self.links.items() if alias not in gone}

    def link(self, path: str, target: str) -> None:
        place = self.resolve_parent(path)
        self.values = {path: value for path, value in self.values.items() if not at_or_below(path, place)}
        self.links = {alias: to for alias, to in self.links.items() if not at_or_below(alias, place)}
        self.links[place] = target
        self.note_numbers(place)

    def entries(self) -> dict[str, Any]:
        return {**self.values, **{alias: Link(target) for alias, target in self.links.items()}}


class StrictStore(Store):
    """What a callback raises is the test's failure."""

    errors: list[BaseException]

    def _report(self, exc: BaseException, callback: object) -> None:
        self.errors.append(exc)


class StoreMachine(RuleBasedStateMachine):
    """Does the same to a store and to the model, and keeps a mirror of what a subscriber hears."""

    def __init__(self) -> None:
        super().__init__()
        self.store = StrictStore()
        self.store.errors = []
        self.model = Model()
        self.mirror: dict[str, int] = {}
        self.groups: list[Any] = []
        self.deliveries = 0
        self.store.subscribe("", self.hear)
        self.committed: dict[str, Any] = {}

    def hear(self, changes: list[tuple[str, Any, Any, Any]]) -> None:
        self.deliveries += 1
        assert len({path for path, *_ in changes}) == len(changes)
        for path, new, old, _ in changes:
            # An old value that the mirror does not have was seen through a link that has gone.
            assert self.mirror.get(path) == old or (path not in self.mirror and new is None)
            assert new != old
            if new is None:
                self.mirror.pop(path, None)
            else:
                self.mirror[path] = new

    @rule(path=PATHS, value=VALUES)
    def set(self, path: str, value: int) -> None:
        self.store.set(path, value)
        self.model.set(path, value)

    @rule(pairs=st.lists(st.tuples(PATHS, VALUES), max_size=4))
    def set_many(self, pairs: list[tuple[str, int]]) -> None:
        before = self.deliveries
        self.store.set(pairs)
        for path, value in pairs:
            self.model.set(path, value)
        assert self.deliveries <= before + 1

    @rule(path=PATHS, value=VALUES)
    def append(self, path: str, value: int) -> None:
        assert self.store.append(path, value).path == self.model.append(path, value)

    @rule(path=PATHS)
    def remove(self, path: str) -> None:
        self.store.remove(path)
        self.model.remove(path)

    @rule(path=PATHS)
    def pop(self, path: str) -> None:
        place = self.model.resolve(path)
        entries = sorted(
            node for node in self.model.nodes() if node.rpartition("/")[0] == place and "/#" in node[len(place) :]
        )
        if entries:
            last = max(entries, key=lambda node: int(node.rpartition("#")[2]))
            expected = self.store.get(last)
            popped = self.store.pop(path)
            assert (popped.get(".") if isinstance(popped, dict) and "." in popped else popped) == expected
            self.model.remove(last)

    @rule(path=PATHS, leads_to=PATHS)
    def link(self, path: str, leads_to: str) -> None:
        before = self.store.dump()
        try:
            self.store[path].link_to(leads_to)
        except ttCircularLinkError:
            assert self.store.dump() == before
        else:
            self.model.link(path, leads_to)

    @rule()
    def open_group(self) -> None:
        self.groups.append(self.store.group())
        self.groups[-1].__enter__()

    @precondition(lambda self: self.groups)
    @rule()
    def close_group(self) -> None:
        before = self.deliveries
        self.groups.pop().__exit__(None, None, None)
        assert self.deliveries <= before + 1

    @invariant()
    def holds_what_the_model_holds(self) -> None:
        assert dict(self.store.dump()) == self.model.entries()
        for path in ("a", "b/#0", "x#0/a/b", "a/a/a"):
            own = self.model.values.get(self.model.resolve(path))
            assert self.store[path].v == own
            assert own is None or self.store.get(path) == own

    @invariant()
    def told_what_is_committed(self) -> None:
        if self.groups:
            assert dict(self.store._tree.walk("")) == self.committed
        else:
            self.committed = self.model.entries()
            assert self.mirror == self.model.values

    @invariant()
    def tells_without_a_contradiction(self) -> None:
        if self.store.errors:
            raise self.store.errors[0]

    @invariant()
    def keeps_no_empty_nodes(self) -> None:
        tree = self.store._view()
        for node in self.model.nodes():
            assert tree.exists(node)
        found = {path for path, _ in self.store.dump()}
        to_do = list(self.store.children())
        while to_do:
            item = to_do.pop()
            assert any(at_or_below(path, item.path) for path in found)
            if item.path not in self.model.links:
                to_do.extend(item.children())

    @invariant()
    def can_be_dumped_into_another(self) -> None:
        twin = Store()
        twin.set(self.store.dump())
        assert twin.dump() == self.store.dump()
        assert twin.get() == self.store.get()

    def teardown(self) -> None:
        while self.groups:
            self.close_group()
        self.told_what_is_committed()


TestStoreMachine = StoreMachine.TestCase
TestStoreMachine.settings = settings(max_examples=60, stateful_step_count=25, deadline=None, derandomize=True)
