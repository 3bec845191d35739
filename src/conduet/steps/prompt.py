"""One question to a language model."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field, JsonValue

from conduet.engine.facts import Facts
from conduet.engine.fields import Line, control
from conduet.engine.flaw import Flaw
from conduet.engine.shape import JsonObject
from conduet.engine.signal import Fail
from conduet.engine.step import Family, Happenings, Step
from conduet.engine.visit import Visit


class Prompt(Step):
    """Call a language model once and keep what it answers."""

    type: ClassVar[str] = "prompt"
    family: ClassVar[Family] = "ai"
    fixed_ports: ClassVar[tuple[str, ...]] = ("next", "error")
    example: ClassVar[dict[str, JsonValue]] = {
        "system": "You sort letters.",
        "prompt": "Is this a complaint? {{letter}}",
        "output": "json",
        "schema": {"type": "object", "properties": {"complaint": {"type": "boolean"}}, "required": ["complaint"]},
        "saveTo": "sorted",
    }

    system: Annotated[Line, Field(description="What the model is.", json_schema_extra=control("textarea"))] = Line("")
    prompt: Annotated[
        Line, Field(description="What the model is asked.", json_schema_extra=control("textarea", needed=True))
    ] = Line("")
    model: Annotated[
        str | None, Field(description="The model, when not the project's.", json_schema_extra=control("model"))
    ] = None
    temperature: Annotated[
        float | None,
        Field(ge=0, le=2, description="How freely the model writes.", json_schema_extra=control("number")),
    ] = None
    max_tokens: Annotated[
        int | None,
        Field(ge=1, description="How long the answer may be, in tokens.", json_schema_extra=control("number")),
    ] = None
    output: Annotated[
        Literal["text", "json"], Field(description="What the model writes.", json_schema_extra=control("select"))
    ] = "text"
    schema_: Annotated[
        JsonObject | None,
        Field(
            alias="schema",
            description="For `json`: the JSON Schema that the answer fits.",
            json_schema_extra=control("json"),
        ),
    ] = None
    save_to: Annotated[
        str, Field(description="The variable that keeps the answer.", json_schema_extra=control("variable"))
    ] = ""
    say: Annotated[
        bool, Field(description="Whether the answer is said to the user.", json_schema_extra=control("switch"))
    ] = False

    def problems(self, facts: Facts) -> Iterator[Flaw]:
        told = "This step needs a language model, and this server has none yet: it leaves by `error`."
        yield Flaw("MODEL_NEEDED", told, "", "Connect `error`.", "warning")

    async def run(self, visit: Visit) -> Happenings:
        yield Fail("MODEL_NEEDED", "This step needs a language model, and none is configured.")
