"""Another workflow, as part of this one or in its place."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, JsonValue

from conduet.engine.fields import Value, control
from conduet.engine.signal import Call, Jump
from conduet.engine.step import Family, Happenings, Step
from conduet.engine.visit import Visit


class WorkflowStep(Step):
    """Run another workflow, with or without coming back."""

    type: ClassVar[str] = "workflow"
    family: ClassVar[Family] = "flow"
    example: ClassVar[dict[str, JsonValue]] = {
        "workflowId": "wf_address",
        "inputs": {"purpose": "the delivery of {{order.id}}"},
        "mode": "call",
    }

    workflow_id: Annotated[str, Field(description="Which one.", json_schema_extra=control("workflow", needed=True))] = (
        ""
    )
    inputs: Annotated[
        dict[str, Value],
        Field(
            default_factory=dict,
            description="Variables to set before it begins.",
            json_schema_extra=control("variables"),
        ),
    ]
    mode: Annotated[
        Literal["call", "jump"],
        Field(description="Come back when it is over (`call`), or not (`jump`).", json_schema_extra=control("select")),
    ] = "call"

    async def run(self, visit: Visit) -> Happenings:
        for name, value in self.inputs.items():
            visit.assign(name, visit.value(value))
        yield Call(self.workflow_id) if self.mode == "call" else Jump(self.workflow_id)
