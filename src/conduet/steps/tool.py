"""A tool of the project, used by the flow."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field, JsonValue

from conduet.engine.action import Answer, ApprovalAction
from conduet.engine.facts import Facts
from conduet.engine.fields import Value, control
from conduet.engine.flaw import Flaw
from conduet.engine.pending import DAY, read_moment
from conduet.engine.signal import Begin, Fail, Leave, NoMatch, Return, Wait
from conduet.engine.step import Connected, Family, Happenings, WaitingStep
from conduet.engine.toolbox import ProjectTool
from conduet.engine.trace import Approval, Debug
from conduet.engine.use import ToolFailure
from conduet.engine.values import MISSING, Json, resolve
from conduet.engine.visit import Visit

APPROVALS: Final = 16
"""How many tools of one conversation may wait for a yes."""

_APPROVING: Final = Wait("approving")


class ToolStep(WaitingStep):
    """Use a tool of the project."""

    type: ClassVar[str] = "tool"
    family: ClassVar[Family] = "data"
    fixed_ports: ClassVar[tuple[str, ...]] = ("next", "error")
    example: ClassVar[dict[str, JsonValue]] = {
        "toolId": "tool_order",
        "inputs": {"order": "{{orderId}}"},
        "saveTo": "order",
        "outputs": {"orderState": "state"},
    }

    tool_id: Annotated[str, Field(description="Which one.", json_schema_extra=control("tool", needed=True))] = ""
    inputs: Annotated[
        dict[str, Value],
        Field(
            default_factory=dict,
            description="What it is given, by the names of its parameters.",
            json_schema_extra=control("json"),
        ),
    ]
    save_to: Annotated[
        str, Field(description="The variable that keeps the result.", json_schema_extra=control("variable"))
    ] = ""
    outputs: Annotated[
        dict[str, str],
        Field(
            default_factory=dict,
            description="Variables, each with the name that its value has in the result.",
            json_schema_extra=control("variables"),
        ),
    ]

    def problems(self, facts: Facts) -> Iterator[Flaw]:
        tool = facts.tools.get(self.tool_id)
        if tool is not None and not tool.enabled:
            told = f"The tool `{tool.name}` is switched off."
            yield Flaw("TOOL_DISABLED", told, "toolId", "Switch it on, or choose another one.")
        properties = tool.parameters.get("properties") if tool else None
        if tool and isinstance(properties, dict):
            for name in sorted(self.inputs.keys() - properties.keys()):
                told = f"The tool `{tool.name}` has no parameter {name!r}."
                yield Flaw("UNKNOWN_PARAMETER", told, f"inputs.{name}", "Remove it.", "warning")

    def waits(self, exits: Connected, facts: Facts) -> bool:
        tool = facts.tools.get(self.tool_id)
        return tool is not None and tool.approval != "none"

    def loose(self, exits: Connected, facts: Facts) -> Iterator[Flaw]:
        if self.waits(exits, facts) and "error" not in exits:
            told = "The tool waits for a yes; for a no, nothing is connected to `error`."
            yield Flaw("APPROVAL_WITHOUT_ERROR", told, "", "Connect `error`.", "warning")

    async def run(self, visit: Visit) -> Happenings:
        args: dict[str, Json] = {name: visit.value(value) for name, value in self.inputs.items()}
        visit.took = args
        tool = visit.tools[self.tool_id]
        mock = visit.mocked()
        if mock is not MISSING:
            yield self._keep(visit, mock)
        elif tool.approval == "none":
            async for happening in self._use(visit, tool, args, call_id=visit.new_id("call")):
                yield happening
        else:
            async for happening in self._ask_for(visit, tool, args, by=tool.approval):
                yield happening

    async def ask(self, visit: Visit) -> Happenings:
        if self._is_over(visit):
            yield Fail("APPROVAL_EXPIRED", "Nobody said yes within 24 hours.")
            return
        tool, memory = visit.tools.get(self.tool_id), visit.memory
        by: Literal["user", "person"] = "person" if memory.get("by") == "person" else "user"
        yield Approval(str(memory.get("callId")), tool.name if tool else self.tool_id, memory.get("args"), by)
        yield _APPROVING

    async def answer(self, visit: Visit, answer: Answer) -> Happenings:
        if not isinstance(answer, ApprovalAction):
            yield NoMatch()
            return
        tool, args = visit.tools.get(self.tool_id), visit.memory.get("args")
        if self._is_over(visit):
            yield Fail("APPROVAL_EXPIRED", "Nobody said yes within 24 hours.")
        elif not answer.payload.approved or tool is None or not isinstance(args, dict):
            yield Fail("NOT_APPROVED", "The use of the tool was not approved.")
        elif tool.id != visit.memory.get("toolId"):
            yield Fail("NOT_APPROVED", "The step uses another tool by now than the one that was approved.")
        else:
            async for happening in self._use(visit, tool, args, call_id=answer.payload.approval_id):
                yield happening

    async def missed(self, visit: Visit) -> Happenings:
        if visit.memory.get("by") == "person" and not self._is_over(visit):
            # It may take that person a day: until then the user is answered as if nothing waited.
            yield Begin("approving")
            return
        async for happening in self.ask(visit):
            yield happening

    async def _ask_for(
        self, visit: Visit, tool: ProjectTool, args: dict[str, Json], *, by: Literal["user", "person"]
    ) -> Happenings:
        """Asks whether the tool may be used, once for the same use."""
        try:
            fitted = tool.fit(args)
        except ToolFailure as failure:
            yield Fail(failure.code, failure.message)
            return
        if visit.asked_for(fitted):
            yield Return()
        elif visit.open_approvals >= APPROVALS:
            yield Fail("TOO_MANY_APPROVALS", f"More than {APPROVALS} uses of tools wait for a yes.")
        else:
            call_id = visit.new_id("appr")
            visit.memory.update(callId=call_id, toolId=tool.id, args=fitted, by=by, askedAt=visit.now)
            yield Approval(call_id, tool.name, fitted, by)
            yield _APPROVING

    async def _use(self, visit: Visit, tool: ProjectTool, args: dict[str, Json], *, call_id: str) -> Happenings:
        call = visit.use(tool, args, call_id=call_id)
        async for trace in call.traces():
            yield trace
        if call.failure is not None:
            yield Fail(call.failure.code, call.failure.message)
        else:
            yield self._keep(visit, call.result)

    def _keep(self, visit: Visit, result: Json) -> Leave:
        """Sets the variables that the result has something for."""
        visit.gave = result
        if self.save_to:
            visit.assign(self.save_to, result)
        for variable, name in self.outputs.items():
            found = resolve(name, result) if isinstance(result, dict) else MISSING
            if found is MISSING:
                visit.note(Debug("warning", f"The result has no `{name}` for `{variable}`."))
            else:
                visit.assign(variable, found)
        return Leave()

    @staticmethod
    def _is_over(visit: Visit) -> bool:
        """Whether nobody said yes in time."""
        asked_at = read_moment(str(visit.memory.get("askedAt")))
        return asked_at is None or datetime.fromisoformat(visit.now) - asked_at >= DAY
