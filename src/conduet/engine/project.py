"""The shape of a whole project document."""

from typing import Annotated, Literal

from pydantic import Field

from conduet.engine.conversation_test import Test
from conduet.engine.shape import (
    ID_LENGTH,
    Behaviour,
    Entity,
    Event,
    Intent,
    JsonObject,
    Many,
    Pipeline,
    Playbook,
    Secret,
    Shape,
    ToolShape,
    Variable,
    Webhook,
    WorkflowShape,
)


class ProjectShape(Shape):
    """The whole document, as much of it as the runtime and its checks read."""

    framework: Literal["agentic", "conversation-flow", "outbound"] = "conversation-flow"
    language: Annotated[str, Field(min_length=1, max_length=35)] = "en"
    name: Annotated[str, Field(min_length=1, max_length=ID_LENGTH)] = ""
    description: Annotated[str, Field(max_length=2_000)] | None = None
    slug: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)] | None = None
    workflows: Many[WorkflowShape] = ()
    playbooks: Many[Playbook] = ()
    tools: Many[ToolShape] = ()
    variables: Many[Variable] = ()
    secrets: Many[Secret] = ()
    prompts: Annotated[dict[str, str], Field(default_factory=dict)]
    behaviour_config: Behaviour = Behaviour()
    widget: Annotated[JsonObject, Field(default_factory=dict)]
    intents: Many[Intent] = ()
    events: Many[Event] = ()
    entities: Many[Entity] = ()
    pipelines: Many[Pipeline] = ()
    tests: Many[Test] = ()
    webhooks: Many[Webhook] = ()
