"""A piece of code."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Final

from pydantic import JsonValue

from conduet.engine.outside import Code
from conduet.engine.script import TimedScript, why
from conduet.engine.signal import Fail, Leave
from conduet.engine.step import Family, Happenings, Step
from conduet.engine.trace import Debug, Text
from conduet.engine.values import Json, kind, to_text
from conduet.engine.visit import Visit

_RETURNS: Final = frozenset({"variables", "say", "port"})


class CodeStep(TimedScript, Step):
    """Run JavaScript in a box that nothing leads out of."""

    type: ClassVar[str] = "code"
    family: ClassVar[Family] = "data"
    fixed_ports: ClassVar[tuple[str, ...]] = ("next", "error")
    open_ports: ClassVar[bool] = True
    example: ClassVar[dict[str, JsonValue]] = {
        "language": "javascript",
        "code": "const price = variables.days * 15;\n"
        "return { variables: { price }, port: price > 100 ? 'large' : 'next' };",
        "timeoutMs": 500,
    }

    def scripts(self) -> Iterator[tuple[str, Code]]:
        yield "code", self.given(variables={})

    async def run(self, visit: Visit) -> Happenings:
        given = self.given(variables=dict(visit.variables))
        visit.took = dict(given.inputs)
        computed = await visit.compute(given)
        if computed.failure is not None:
            yield Fail("CODE_FAILED", why(computed.failure))
            return
        returned: Json = {} if computed.value is None else computed.value
        visit.gave = returned
        if not isinstance(returned, dict):
            yield Fail("CODE_FAILED", f"Code returns `{{variables?, say?, port?}}` or nothing, not {kind(returned)}.")
            return
        for trace in self._done(visit, returned):
            yield trace
        port = returned.get("port")
        yield Leave("next" if port is None else to_text(port))

    @staticmethod
    def _done(visit: Visit, returned: Mapping[str, Json]) -> list[Text]:
        """Sets what the code returns, and comes back with what it says."""
        for name in sorted(returned.keys() - _RETURNS):
            visit.note(Debug("warning", f"`{name}` is returned to nobody: there are `variables`, `say` and `port`."))
        variables, said = returned.get("variables"), returned.get("say")
        if isinstance(variables, dict):
            for name, value in variables.items():
                visit.assign(name, value)
        elif variables is not None:
            visit.note(Debug("error", f"`variables` is an object of names and values, not {kind(variables)}."))
        return [Text(to_text(said))] if said not in (None, "") else []
