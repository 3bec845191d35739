"""An agent within a flow."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field, JsonValue

from conduet.engine.facts import Facts
from conduet.engine.fields import Line, control
from conduet.engine.flaw import Flaw
from conduet.engine.shape import Id, Many, Shape
from conduet.engine.signal import Leave
from conduet.engine.step import Family, Happenings, Step
from conduet.engine.trace import Error
from conduet.engine.visit import Visit


class WayOut(Shape):
    """When the agent is done, and what it must know by then."""

    id: Annotated[Id, Field(description="The port that the flow leaves by.", json_schema_extra=control("text"))]
    description: Annotated[
        str, Field(description="When it is taken, for the model.", json_schema_extra=control("textarea"))
    ] = ""
    collects: Annotated[
        Many[str], Field(description="Variables that must be known by then.", json_schema_extra=control("variable"))
    ] = ()


class Agent(Step):
    """Let a language model talk with the user until it takes one of its exits."""

    type: ClassVar[str] = "agent"
    family: ClassVar[Family] = "ai"
    ports_from: ClassVar[tuple[str, ...]] = ("exits",)
    example: ClassVar[dict[str, JsonValue]] = {
        "instructions": "Help the user choose a bike, and ask for how many days.",
        "toolIds": ["tool_bikes"],
        "knowledgeBase": True,
        "exits": [{"id": "chosen", "description": "The user has chosen.", "collects": ["model", "days"]}],
        "maxRounds": 8,
    }

    instructions: Annotated[
        Line, Field(description="What the agent does.", json_schema_extra=control("textarea", needed=True))
    ] = Line("")
    model: Annotated[
        str | Many[str] | None,
        Field(description="The model, when not the project's.", json_schema_extra=control("model")),
    ] = None
    tool_ids: Annotated[
        Many[str], Field(description="The tools that it may use.", json_schema_extra=control("tools"))
    ] = ()
    knowledge_base: Annotated[
        bool, Field(description="Whether it may search the knowledge base.", json_schema_extra=control("switch"))
    ] = False
    playbook_ids: Annotated[
        Many[str], Field(description="The playbooks it may hand over to.", json_schema_extra=control("playbooks"))
    ] = ()
    exits: Annotated[
        Many[WayOut],
        Field(
            description="When it is done; without any, it answers once and goes on.",
            json_schema_extra=control("list"),
        ),
    ] = ()
    max_rounds: Annotated[
        int,
        Field(
            ge=1,
            le=50,
            description="How often the model may be called in one turn.",
            json_schema_extra=control("number"),
        ),
    ] = 8

    def problems(self, facts: Facts) -> Iterator[Flaw]:
        told = "This step needs a language model, and this server has none yet: it leaves by `next`."
        yield Flaw("MODEL_NEEDED", told, "", "Connect `next`.", "warning")

    async def run(self, visit: Visit) -> Happenings:
        yield Error("MODEL_NEEDED", "This step needs a language model, and none is configured.")
        yield Leave()
