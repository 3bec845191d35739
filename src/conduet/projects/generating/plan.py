"""The plan of a project, which a model makes before it writes the document."""

from typing import Annotated, Any, Final, get_args

from pydantic import BaseModel, ConfigDict, Field

from conduet.projects.generating.brief import Framework

_Words = Annotated[str, Field(max_length=4_000)]
_Lines = Annotated[list[_Words], Field(max_length=60)]


class PlannedWorkflow(BaseModel):
    """A part of the conversation, its steps in words."""

    model_config = ConfigDict(strict=True)

    id: Annotated[str, Field(min_length=1, max_length=100)]
    purpose: _Words
    steps: _Lines


class Plan(BaseModel):
    """What the project is for and how it goes about it."""

    model_config = ConfigDict(strict=True)

    name: Annotated[str, Field(min_length=1, max_length=200)]
    framework: Framework
    description: Annotated[str, Field(min_length=1, max_length=2_000)]
    language: Annotated[str, Field(min_length=2, max_length=35)]
    persona: Annotated[str, Field(max_length=8_000)]
    collects: _Lines
    outside: _Lines
    workflows: Annotated[list[PlannedWorkflow], Field(min_length=1, max_length=20)]


def _text(description: str) -> dict[str, Any]:
    return {"type": "string", "description": description}


def _texts(description: str) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string"}, "description": description}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}


_WORKFLOW: Final = _object(
    {
        "id": _text("Small letters and dashes."),
        "purpose": _text("What it does for the user."),
        "steps": _texts("What is said, asked, decided, called or handed over, one after the other, failures too."),
    }
)
SCHEMA: Final = _object(
    {
        "name": _text("What the agent is called: a few words."),
        "framework": {"type": "string", "enum": [*get_args(Framework)], "description": "Who leads."},
        "description": _text("What it does, in a sentence or two."),
        "language": _text("The language of its users, as a tag such as `en`: that of the brief if nothing is said."),
        "persona": _text("Who it is and how it speaks."),
        "collects": _texts("What it has to find out: each a name for a variable, and what it is."),
        "outside": _texts("Each outside system that it calls, and for what; none where the brief names none."),
        "workflows": {"type": "array", "items": _WORKFLOW, "description": "The first one greets."},
    }
)
"""What models are held to; as flat as every provider's strict mode takes it."""
