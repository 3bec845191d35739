"""What the engine itself takes for a step, in this process and without a server: CPU time, the median of runs."""

import asyncio
import time
from collections.abc import Iterator, Mapping
from statistics import median
from typing import Any, Final

from conduet.engine.action import LaunchAction
from conduet.engine.document import Document, compile_document
from conduet.engine.journal import ReplayContext
from conduet.engine.plugins import Plugins
from conduet.engine.run import fresh_state, run
from conduet.kit.clock import now

STEPS: Final = 200
TURNS: Final = 40
RUNS: Final = 5

_RULES: Final = {"rules": [{"id": "yes", "conditions": [{"variable": "n", "operator": "greaterThan", "value": -1}]}]}
_FLOWS: Final[Mapping[str, tuple[Mapping[str, Any], ...]]] = {
    "set and condition": (
        {"type": "set", "config": {"assignments": [{"variable": "n", "expression": "n + 1"}]}, "port": "next"},
        {"type": "condition", "config": _RULES, "port": "yes"},
    ),
    "message": ({"type": "message", "config": {"text": "{{name}}, that is {{n}}."}, "port": "next"},),
}


def engine() -> Iterator[str]:
    """A line for each flow: what a turn of 200 steps takes, and a step."""
    plugins = Plugins.installed()
    for name, kinds in _FLOWS.items():
        document = compile_document(_document(kinds), plugins)
        took = {watches: median(_turn_ms(document, watches=watches) for _ in range(RUNS)) for watches in (False, True)}
        yield (
            f"{STEPS} steps ({name}): {took[False]:.1f} ms a turn, {took[False] / STEPS * 1000:.0f} µs a step; "
            f"while somebody looks on {took[True] / STEPS * 1000:.0f} µs"
        )


def _turn_ms(document: Document, *, watches: bool) -> float:
    """The CPU that a turn takes, in milliseconds."""
    begun = time.process_time()
    for _ in range(TURNS):
        asyncio.run(_turn(document, watches=watches))
    return (time.process_time() - begun) / TURNS * 1000


async def _turn(document: Document, *, watches: bool) -> None:
    context = _Clock({}, user_id="user", platform="api", version_id="development")
    async for trace in run(document, fresh_state(document), LaunchAction(type="launch"), context, watches=watches):
        if trace.type == "error":
            raise RuntimeError(str(trace))


class _Clock(ReplayContext):
    """A world that knows the time and nothing else."""

    def now(self, place: str) -> Any:
        return now()


def _document(kinds: tuple[Mapping[str, Any], ...]) -> dict[str, Any]:
    steps: list[dict[str, Any]] = [{"id": "start", "type": "start"}]
    connections: list[dict[str, Any]] = []
    port = "next"
    for number in range(STEPS):
        kind = kinds[number % len(kinds)]
        steps.append({"id": f"s{number}", "type": kind["type"], "config": kind["config"]})
        source = steps[-2]["id"]
        connections.append({"id": f"c{number}", "source": source, "sourcePort": port, "target": f"s{number}"})
        port = kind["port"]
    return {
        "workflows": [{"id": "main", "steps": steps, "connections": connections}],
        "variables": [{"name": "n", "type": "number", "default": 0}, {"name": "name", "default": "Ann"}],
    }


if __name__ == "__main__":
    for told in engine():
        print(told)
