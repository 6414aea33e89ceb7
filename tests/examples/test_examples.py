"""Every example runs to its end, as a user would start it: a process of its own, from the folder of the checkout."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
LONGEST_S = 90.0
"""An example that hangs fails its test instead of keeping everybody waiting; none needs a tenth of it."""
REMARK_OF_OFFSCREEN = "This plugin does not support propagateSizeHints()\n"

Run = Callable[..., "list[tuple[str, str]]"]


@pytest.fixture
def run_example(user_folders: Path) -> Run:
    """Run a script and give what it logged as pairs of who and what, in order; it must end well and say nothing else."""

    def run(script: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
        return log_lines(output_of(script, *arguments, folder=user_folders, environment=environment))

    return run


def output_of(script: Path, *arguments: str, folder: Path, environment: Mapping[str, str] | None = None) -> str:
    """Run a script and give what it printed; it must end well and say nothing on stderr."""
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **(environment or {})}
    variables.pop("TASKTONIC_STUDIO", None)
    ended = subprocess.run(
        [sys.executable, str(script), *arguments],
        env=variables,
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        timeout=LONGEST_S,
        check=False,
    )
    assert ended.returncode == 0, f"{script.name} ended with {ended.returncode}:\n{ended.stdout}\n{ended.stderr}"
    assert ended.stderr.replace(REMARK_OF_OFFSCREEN, "") == ""
    return ended.stdout


def log_lines(text: str) -> list[tuple[str, str]]:
    """Take the lines of the screen log apart: a clock, who (20 wide), what."""
    found = []
    for line in text.splitlines():
        match = re.fullmatch(r"\d\d:\d\d:\d\d\.\d{3}  (.{20})  (.*)", line)
        assert match is not None, f"no line of the screen log: {line!r}"
        found.append((match[1].rstrip(), match[2].rstrip()))
    return found


def said_by(who: str, lines: list[tuple[str, str]]) -> list[str]:
    """What one tonic said, without its birth and its end."""
    return [what for name, what in lines if name == who and what not in ("+ created", "- finished")]


def assert_all_finished(lines: list[tuple[str, str]]) -> None:
    """Hold that whatever was created has finished, the main catalyst last."""
    born = sorted(who for who, what in lines if what == "+ created")
    ended = sorted(who for who, what in lines if what == "- finished")
    assert born == ended
    assert lines[-1][1] == "- finished"


def test_every_example_has_a_test_here() -> None:
    tested = {line for line in Path(__file__).read_text(encoding="utf-8").split('"') if line.endswith(".py")}

    assert {path.name for path in EXAMPLES.glob("*.py")} <= tested


def test_hello_tonic_says_hello_one_sparkle_after_the_other(run_example: Run) -> None:
    lines = run_example(EXAMPLES / "hello_tonic.py")

    said = said_by("01.HelloWorld", lines)
    assert [word for word in said if not word.startswith("▸")] == ["Hello", "world,", "welcome", "to", "TaskTonic!"]
    assert said[:3] == ["▸ ttse__on_start", "Hello", "▸ tts__hello"]
    assert_all_finished(lines)


def test_traffic_light_answers_the_button_by_its_state(run_example: Run) -> None:
    lines = run_example(EXAMPLES / "traffic_light.py")

    said = said_by("light", lines)
    one_round = [
        "green: cars drive",
        "someone waits, so it will not be green for long",
        "amber: cars stop",
        "red: people walk",
    ]
    assert said == [*one_round * 3, "the light is switched off"]
    assert_all_finished(lines)


def test_calendar_alarm_rings_and_knows_the_appointments(run_example: Run) -> None:
    lines = run_example(EXAMPLES / "calendar_alarm.py")

    said = said_by("alarm clock", lines)
    appointments = {text.partition(": ")[2]: text.partition(": ")[0] for text in said[:4]}
    assert appointments.keys() == {"choir", "write the invoices", "brunch", "moon landing"}
    assert appointments["choir"].startswith("Tue ")
    assert appointments["moon landing"][4:].startswith("20 Jul ")
    assert said[4:] == ["rrring! five more minutes, please", "rrring! good morning"]
    assert_all_finished(lines)


def test_heavy_work_finds_a_wide_gap_and_spares_the_rest(run_example: Run) -> None:
    lines = run_example(EXAMPLES / "heavy_work.py")

    said = said_by("surveyor", lines)
    assert said[0] == "100 stretches handed out"
    gaps = [re.fullmatch(r"after (\d+) comes no prime for (\d+) numbers", text) for text in said[1:-1]]
    widest = [int(gap[2]) for gap in gaps if gap is not None]
    assert len(widest) == len(said) - 2
    assert widest == sorted(widest)
    assert widest[-1] >= 100
    spared = re.fullmatch(r"(\d+) stretches spared; (\d+) reports, (\d+) ticks meanwhile", said[-1])
    assert spared is not None
    assert int(spared[1]) > 50
    assert_all_finished(lines)


def test_two_catalysts_find_the_primes_while_the_asker_stays_awake(run_example: Run) -> None:
    lines = run_example(EXAMPLES / "two_catalysts.py")

    found = [re.sub(r"\d+ ticks", "n ticks", text) for text in said_by("asker", lines)]
    assert found == ["17984 primes, the last is 199999; n ticks meanwhile, in MainThread"]
    assert said_by("worker", lines)[0] == "4203 primes from 0 to 40000, found in workshop"
    assert len(said_by("worker", lines)) == 5
    assert_all_finished(lines)


def test_shared_service_is_made_once_for_both_guests(run_example: Run) -> None:
    lines = run_example(EXAMPLES / "shared_service.py")

    said = said_by("coffee machine", lines)
    assert said[:3] == [
        "the machine warms up (this runs once)",
        "Ada uses the machine (this runs at each bind)",
        "Grace uses the machine (this runs at each bind)",
    ]
    assert said[-1] == "the machine goes off after 6 cups"
    assert len(said_by("Ada", lines)) == 2
    assert len(said_by("Grace", lines)) == 4
    assert_all_finished(lines)


def test_store_bindings_tell_display_and_alarm(run_example: Run) -> None:
    lines = run_example(EXAMPLES / "store_bindings.py")

    shown = said_by("display", lines)
    assert shown[:2] == ["kitchen: 20.0 °C", "cellar: 20.0 °C"]
    assert len(shown) == 2 * 26
    assert "ALARM alarms/#0: cellar has 25.7" in said_by("alarm", lines)
    assert_all_finished(lines)


def test_chunked_work_answers_while_it_works(run_example: Run) -> None:
    lines = run_example(EXAMPLES / "chunked_work.py")

    (answer,) = said_by("counter", lines)
    found = re.fullmatch(r"small_search: 17647 takes 278 steps; (\d+) ticks meanwhile", answer)
    assert found is not None
    assert int(found[1]) > 0
    (stopped,) = said_by("large_search", lines)
    assert re.fullmatch(r"stopped at \d+ of 50000000", stopped)
    assert_all_finished(lines)


def test_pipeline_counts_every_line_with_few_under_way(run_example: Run) -> None:
    lines = run_example(EXAMPLES / "pipeline.py")

    assert said_by("source", lines) == ["all read; never more than 4 batches were under way"]
    numbers = [
        int(n) for who in ("cleaner", "report") for text in said_by(who, lines) for n in re.findall(r"\d+", text)
    ]
    assert sum(numbers) == 50_000
    assert_all_finished(lines)


@pytest.mark.parametrize("batch", ["100", "50000"])
def test_pipeline_tells_how_long_an_onlooker_waited_for_its_turn(run_example: Run, batch: str) -> None:
    lines = run_example(EXAMPLES / "pipeline.py", "--batch", batch)

    (told,) = said_by("onlooker", lines)
    found = re.fullmatch(r"had (\d+) turns meanwhile, and waited ([\d.]+) ms for one at most", told)
    assert found is not None
    assert int(found[1]) > 0
    assert float(found[2]) > 0


def test_chat_server_delivers_every_line_to_a_crowd_with_sleepers_among_it(run_example: Run) -> None:
    # The guests are those of "chat_load.py"; alone it runs in test_chat_server.py.
    lines = run_example(EXAMPLES / "chat_server.py", "--port", "0", "--patience", "3", "--load", "300")

    said = said_by("crowd", lines)
    assert re.fullmatch(r"300 guests sit at 15 tables after [\d.]+ s", said[0])
    assert said[1] == "900 lines said, 18000 delivered, 0 lost, 0 out of order"
    assert re.fullmatch(r"half within [\d.]+ ms, 99 of 100 within [\d.]+ ms, the slowest took [\d.]+ ms", said[2])
    lectures = [re.fullmatch(r"lecture-for-a-(\w+): \d+ long lines, (\d+) lost, .*", text) for text in said[3:5]]
    assert [(found[1], found[2]) for found in lectures if found is not None] == [("dozer", "0"), ("corpse", "0")]
    assert said[5:] == ["4 ghosts vanished"]
    assert "lecture-for-a-corpse has waited 3 s for corpse, who is shown the door" in said_by("chat server", lines)
    assert said_by("chat server", lines)[-1] == "308 guests came, 4 of them went without a word"
    assert_all_finished(lines)


def test_device_hub_keeps_a_twin_of_each_device_until_all_is_dark(run_example: Run) -> None:
    lines = run_example(EXAMPLES / "device_hub.py", "--port", "0")

    for device in ("kitchen", "bedroom", "attic", "cellar", "lamp", "plug"):
        assert said_by(f"twin of {device}", lines)[0] == "it is there"
    assert "nothing is heard of it any more" in said_by("twin of cellar", lines)
    assert said_by("visitor", lines) == [
        'the hub answers 202: {"device":"lamp","wanted":{"on":true}}',
        "there is light",
    ]
    said = said_by("night", lines)
    assert re.fullmatch(r"falls at \d\d:\d\d:\d\d", said[0])
    assert [text.split(" had ")[0] for text in said[1:5]] == [
        f"report: {room}" for room in ("attic", "bedroom", "cellar", "kitchen")
    ]
    assert "report: cellar is silent, somebody should look after it" in said
    assert said[-1] == "all lights are off"
    assert_all_finished(lines)


def test_swarm_leaves_some_who_never_hear_of_it(run_example: Run) -> None:
    lines = run_example(EXAMPLES / "swarm.py")

    assert said_by("town", lines)[:-1] == [
        "5000 people, and one of them has heard something",
        "1000 have heard it, 878 talk about it",
        "2000 have heard it, 1472 talk about it",
        "3000 have heard it, 1419 talk about it",
        "nobody talks any more; 1014 have never heard it, 20 %",
    ]
    assert lines[-1] == ("town", "- finished")


def day_of_the_swarm(output: str) -> list[str]:
    """What happened when, without how long it took to compute."""
    return [line for line in output.splitlines() if "it took" not in line]


def test_swarm_has_the_same_day_for_the_same_seed(user_folders: Path) -> None:
    first, second, other = (
        output_of(EXAMPLES / "swarm.py", "--people", "400", "--seed", seed, folder=user_folders) for seed in "778"
    )

    assert day_of_the_swarm(first) == day_of_the_swarm(second)
    assert day_of_the_swarm(first) != day_of_the_swarm(other)


def test_swarm_goes_through_its_day_in_real_time(run_example: Run) -> None:
    lines = run_example(EXAMPLES / "swarm.py", "--people", "400", "--real", "0.05")

    said = said_by("town", lines)
    assert said[0] == "400 people, and one of them has heard something"
    never = re.fullmatch(r"nobody talks any more; (\d+) have never heard it, \d+ %", said[-2])
    assert never is not None
    assert 0 < int(never[1]) < 399
    assert_all_finished(lines)


def test_http_api_answers_a_tour_of_itself(run_example: Run) -> None:
    lines = run_example(EXAMPLES / "http_api.py", "tour")

    answers = [re.sub(r" (\{.*\})?$", "", text) for text in said_by("tour", lines)]
    assert answers == [
        "GET /valves: 200",
        "POST /valves: 201",
        "POST /valves: 400",
        "PUT /valves/tomatoes: 200",
        "POST /valves/tomatoes/open: 200",
        "POST /valves/tomatoes/open: 409",
        "POST /valves/tomatoes/close: 204",
        "DELETE /valves/tomatoes: 204",
        "GET /valves/tomatoes: 404",
        "PATCH /valves/roses: 405",
    ]
    assert 'POST /valves/tomatoes/open: 200 {"litres":12,"state":"open"}' in said_by("tour", lines)
    assert_all_finished(lines)


def test_own_log_service_reports_what_it_was_given(user_folders: Path) -> None:
    output = output_of(EXAMPLES / "own_log_service.py", folder=user_folders)

    report = output[output.index("who ") :].splitlines()
    assert report == [
        "who      what                 how often",
        "baker    ttsc__go_home                1",
        "baker    ttse__on_finished            1",
        "baker    ttse__on_kneaded             4",
        "baker    ttse__on_start               1",
        "oven     ttsc__bake                   4",
        "oven     ttse__on_finished            1",
        "oven     ttse__on_start               1",
        "oven     (said something)             3",
        "baker    (said something)             1",
        "oven: ttsc__bake raised OverflowError: the oven is full",
    ]
    assert "loaf 3 is in" in output


def test_tested_door_opens_at_the_second_code(run_example: Run) -> None:
    lines = run_example(EXAMPLES / "tested_door.py")

    assert said_by("door", lines) == ["locked", "wrong code, number 1", "open", "locked"]
    assert_all_finished(lines)


def test_the_tests_of_tested_door_pass_where_nothing_is_configured(user_folders: Path) -> None:
    # Of the file as a user copies it: "tested_door.py" in a folder of its own.
    copy = user_folders / "tested_door.py"
    copy.write_text((EXAMPLES / "tested_door.py").read_text(encoding="utf-8"), encoding="utf-8")
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}

    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", str(copy)],
        env=variables,
        cwd=user_folders,
        capture_output=True,
        encoding="utf-8",
        timeout=LONGEST_S,
        check=False,
    )

    assert ended.returncode == 0, ended.stdout
    assert "9 passed" in ended.stdout


def test_watch_me_closes_in_order_when_its_time_is_up(run_example: Run) -> None:
    lines = run_example(EXAMPLES / "watch_me.py", "2")

    assert said_by("plant", lines)[-1] == "closing time"
    created = [who for who, what in lines if what == "+ created"]
    assert {"main_catalyst", "logistics", "hall 1", "hall 2"} <= set(created)
    assert len([who for who in created if who.startswith("sensor ")]) == 64
    assert_all_finished(lines)


def test_qt_thermostat_shows_and_writes_what_the_store_holds(run_example: Run) -> None:
    # The example "qt_thermostat.py" is run by a script that uses its widgets and says what they and the store hold.
    script = Path(__file__).with_name("use_thermostat.py")

    lines = run_example(script, environment={"QT_QPA_PLATFORM": "offscreen"})

    assert said_by("user", lines) == [
        "it is off, wanted are 20.0 °C",
        "switched on: it heats with 6",
        "more power: it heats with 10",
        "wanted less: it rests",
        "the store wants more: the box shows it, it heats",
        "the room has another name, the title is Thermostat – Study",
        "a window was opened: it is colder",
    ]
    assert_all_finished(lines)


def test_image_batch_shows_every_picture(run_example: Run) -> None:
    # The example "image_batch.py" is run by a script that waits for its pictures.
    script = Path(__file__).with_name("wait_for_images.py")

    lines = run_example(script, environment={"QT_QPA_PLATFORM": "offscreen"})

    assert said_by("waiter", lines) == ["8 pictures, 0 alike; looked meanwhile: True"]
    assert "all pictures are there" in said_by("batch", lines)
    assert_all_finished(lines)


def test_qt_counter_answers_clicks_by_its_state(run_example: Run) -> None:
    # The example "qt_counter.py" is run by a script that clicks on its buttons and says what the label shows.
    script = Path(__file__).with_name("click_through_counter.py")

    lines = run_example(script, environment={"QT_QPA_PLATFORM": "offscreen"})

    assert said_by("clicker", lines) == [
        "clicked plus: the number is 1",
        "clicked plus: the number is 2",
        "clicked watch: its text is &Stop, and the number grows",
        "clicked reset: the number is not 0",
        "clicked watch: its text is &Start",
        "clicked reset: the number is 0",
        "closed the window",
    ]
    assert_all_finished(lines)
