"""Commands can be added, found, run and taken away; clashes name both sides."""

from __future__ import annotations

import pytest

from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.commands.registry import CommandClash, Registry, UnknownCommand


def nothing(_context: CommandContext) -> None:
    pass


def make(command_id: str, *keys: str, **more: object) -> Command:
    return Command(command_id, command_id.title(), "Does something.", more.pop("run", nothing), keys=keys, **more)  # type: ignore[arg-type]


@pytest.fixture
def registry() -> Registry:
    return Registry()


@pytest.fixture
def context() -> CommandContext:
    return CommandContext(None, None, None, None, None)  # type: ignore[arg-type]


def test_a_registered_command_is_found_by_its_id(registry: Registry) -> None:
    command = make("run.start")

    registry.register(command)

    assert registry.get("run.start") is command
    assert registry.all() == [command]


def test_undo_takes_the_command_and_its_keys_away(registry: Registry) -> None:
    undo = registry.register(make("run.start", "F5"))

    undo()

    assert registry.all() == []
    registry.register(make("run.other", "F5"))


def test_two_commands_of_one_id_are_refused_with_both_titles(registry: Registry) -> None:
    registry.register(make("run.start"))

    with pytest.raises(CommandClash, match=r"Two commands have the id 'run\.start': 'Run\.Start' and 'Run\.Start'"):
        registry.register(make("run.start"))


def test_two_commands_of_one_key_are_refused_with_both_ids(registry: Registry) -> None:
    registry.register(make("run.start", "Ctrl+Shift+F5"))

    with pytest.raises(CommandClash, match=r"'run\.again' and 'run\.start' both want the key Shift\+Ctrl\+F5"):
        registry.register(make("run.again", "Shift+Ctrl+F5"))


def test_the_plus_key_is_a_key_of_its_own(registry: Registry) -> None:
    registry.register(make("text.larger", "Ctrl++"))

    assert registry.with_key("ctrl++") is registry.get("text.larger")


def test_of_several_commands_with_a_clash_none_stays(registry: Registry) -> None:
    registry.register(make("a", "F1"))

    with pytest.raises(CommandClash):
        registry.register_all([make("b"), make("c", "F1")])

    assert [command.id for command in registry.all()] == ["a"]


def test_an_unknown_id_names_the_nearest_ones(registry: Registry) -> None:
    registry.register(make("run.start"))

    with pytest.raises(UnknownCommand, match=r"No command 'run\.strat'\. Did you mean 'run\.start'\?"):
        registry.get("run.strat")


def test_a_command_that_cannot_be_done_now_does_not_run(registry: Registry, context: CommandContext) -> None:
    ran: list[str] = []
    registry.register(make("never", run=lambda _c: ran.append("never"), enabled_when=lambda _c: False))
    registry.register(make("now", run=lambda _c: ran.append("now")))

    assert registry.run("never", context) is False
    assert registry.run("now", context) is True
    assert ran == ["now"]


def test_watchers_hear_of_comings_and_goings_until_they_stop(registry: Registry) -> None:
    heard: list[int] = []
    undo_watch = registry.watch(lambda: heard.append(len(registry.all())))

    undo = registry.register(make("a"))
    undo()
    undo_watch()
    registry.register(make("b"))

    assert heard == [1, 0]


def test_a_command_that_says_why_not_does_not_run(registry: Registry, context: CommandContext) -> None:
    done: list[CommandContext] = []
    reason = ["Nothing is held."]
    registry.register(make("run.step", run=done.append, why_not=lambda _context: reason[0]))

    assert not registry.run("run.step", context)
    assert registry.why_not("run.step", context) == "Nothing is held."

    reason[0] = ""
    assert registry.run("run.step", context)
    assert done == [context]
