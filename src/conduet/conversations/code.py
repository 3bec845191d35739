"""Code in the sandbox, in the words of the engine."""

from conduet.engine.outside import Broken, Code, Computed, ConsoleLine
from conduet.kit.sandbox.outcome import Failure
from conduet.kit.sandbox.pool import Sandbox


async def run_code(sandbox: Sandbox, code: Code, *, owner: str, now_ms: int, seed: int) -> Computed:
    """What code comes to; its clock stands at `now_ms`, its chance follows from `seed`, and `owner` waits in line."""
    outcome = await sandbox.run(
        code.source,
        project=owner,
        inputs=code.inputs,
        timeout_seconds=code.timeout_seconds,
        now_ms=now_ms,
        seed=seed,
    )
    console = tuple(ConsoleLine(line.level, line.text, line.line) for line in outcome.console)
    if isinstance(outcome, Failure):
        return Computed(failure=Broken(outcome.kind, outcome.message, outcome.line), console=console)
    return Computed(outcome.value, console=console)
