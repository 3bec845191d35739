"""Nobody gets out of the sandbox or holds it up: all attacks at once, while it goes on serving another project."""

import asyncio
import time
from dataclasses import dataclass, field

import pytest

from conduet.kit.json import Json
from conduet.kit.sandbox.outcome import Failure, Outcome, Result
from conduet.kit.sandbox.pool import WORKERS, Sandbox
from tests.kit.sandbox.attack import ATTACKS, FOLDER
from tests.kit.sandbox.running import processes, resident

pytestmark = pytest.mark.slow

# What somebody else's code sees: the surroundings as they are made, and nothing that others left there.
PROBE = """
const found = [];
for (const key in {}) found.push(key);
for (const key in []) found.push(key);
const fresh = [typeof leak, typeof outside, ({}).polluted, [1, 2].map((n) => n * variables.n), String({})];
globalThis.leak = globalThis.outside = 'from another run';
return { found, fresh, now: Date.now(), random: Math.random(), extensible: Object.isExtensible(Object.prototype) };
"""
SEEN: Json = {
    "found": [],
    "fresh": ["undefined", "undefined", None, [21, 42], "[object Object]"],
    "now": 7,
    "random": 0.5466770436614752,
    "extensible": True,
}


@dataclass
class Bystander:
    """Somebody else, whose code runs again and again."""

    sandbox: Sandbox
    seconds: list[float] = field(default_factory=list[float])
    wrong: list[Outcome] = field(default_factory=list[Outcome])

    async def go_on(self) -> None:
        while True:
            started = time.perf_counter()
            outcome = await self.sandbox.run(
                PROBE, project="bystander", inputs={"variables": {"n": 21}}, timeout_seconds=5, now_ms=7, seed=7
            )
            self.seconds.append(time.perf_counter() - started)
            if not isinstance(outcome, Result) or outcome.value != SEEN:
                self.wrong.append(outcome)
            await asyncio.sleep(0.01)


@dataclass
class Siege:
    """What came of it all."""

    outcomes: list[Outcome]
    bystander: Bystander
    longest_silence_seconds: float
    most_processes: int
    most_memory: int


async def watch(siege: "asyncio.Future[list[Outcome]]") -> tuple[float, int, int]:
    """The longest time in which the loop did nothing, the most processes there were, and the most memory one had."""
    silence, most, memory = 0.0, 0, 0
    while not siege.done():
        before = time.perf_counter()
        await asyncio.sleep(0.005)
        silence = max(silence, time.perf_counter() - before - 0.005)
        children = processes()
        most = max(most, len(children))
        memory = max([memory, *map(resident, children)])
    return silence, most, memory


@pytest.fixture(scope="module")
async def siege() -> Siege:
    sandbox = Sandbox(wait_seconds=600)
    bystander = Bystander(sandbox)
    # Processes of its own are ready before: what is measured is the wait for others.
    await asyncio.gather(
        *(sandbox.run("", project=str(n), inputs={}, timeout_seconds=5, now_ms=0, seed=0) for n in range(WORKERS))
    )
    going_on = asyncio.create_task(bystander.go_on())
    attacking = asyncio.gather(
        *(
            sandbox.run(
                attack.code,
                project="attacker",
                inputs={"variables": {"n": 1}},
                timeout_seconds=attack.seconds,
                now_ms=0,
                seed=number,
            )
            for number, attack in enumerate(ATTACKS)
        )
    )
    silence, most, memory = await watch(attacking)
    await asyncio.sleep(0.1)
    assert not going_on.done(), going_on
    going_on.cancel()
    await sandbox.close()
    assert processes() == []
    return Siege(await attacking, bystander, silence, most, memory)


def test_there_are_attacks_enough_and_each_says_where_it_is_described():
    assert len({attack.name for attack in ATTACKS}) == len({attack.code for attack in ATTACKS}) == len(ATTACKS) >= 40
    assert len(ATTACKS) == sum(path.read_text().count("\n// source: ") for path in FOLDER.iterdir())


@pytest.mark.parametrize("number", range(len(ATTACKS)), ids=[attack.name for attack in ATTACKS])
def test_an_attack_comes_to_nothing(siege: Siege, number: int):
    assert ATTACKS[number].came_to(siege.outcomes[number]), siege.outcomes[number]


def test_another_project_is_served_all_the_while_and_finds_nothing_of_it(siege: Siege):
    assert siege.bystander.wrong == []
    assert len(siege.bystander.seconds) > len(ATTACKS)
    assert max(siege.bystander.seconds) < 1


def test_the_event_loop_goes_on_all_the_while(siege: Siege):
    assert siege.longest_silence_seconds < 0.5


def test_there_are_never_more_processes_or_more_memory_than_was_said(siege: Siege):
    # One more, as a process that was killed may not be gone when another is in its place.
    assert 2 <= siege.most_processes <= 2 * WORKERS
    assert 10e6 < siege.most_memory < 200e6


def test_tampering_with_helpers_leaves_messages_and_lines_as_they_are(siege: Siege):
    names = [attack.name for attack in ATTACKS]
    outcome = siege.outcomes[names.index("other helpers for the surroundings")]
    assert isinstance(outcome, Failure)
    assert (outcome.message, outcome.line) == ("TypeError: mine", 6)
    assert [(line.text, line.line) for line in outcome.console] == [("x", 5)]
