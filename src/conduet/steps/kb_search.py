"""A look into the knowledge base."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field, JsonValue

from conduet.engine.facts import Facts
from conduet.engine.fields import Line, control
from conduet.engine.flaw import Flaw
from conduet.engine.signal import Leave
from conduet.engine.step import Family, Happenings, Step
from conduet.engine.trace import Error
from conduet.engine.visit import Visit


class KbSearch(Step):
    """Search the knowledge base; what is found grounds the next answer of a model."""

    type: ClassVar[str] = "kb-search"
    family: ClassVar[Family] = "ai"
    fixed_ports: ClassVar[tuple[str, ...]] = ("next", "noResults")
    example: ClassVar[dict[str, JsonValue]] = {
        "query": "{{sys.lastUserMessage}}",
        "topK": 5,
        "minScore": 0.3,
        "saveTo": "passages",
    }

    query: Annotated[
        Line,
        Field(description="What is looked for; the user's last message when empty.", json_schema_extra=control("text")),
    ] = Line("")
    top_k: Annotated[
        int, Field(ge=1, le=50, description="How many passages at most.", json_schema_extra=control("number"))
    ] = 5
    min_score: Annotated[
        float | None,
        Field(ge=0, le=1, description="How well a passage must fit.", json_schema_extra=control("number")),
    ] = None
    save_to: Annotated[
        str, Field(description="The variable that keeps the passages.", json_schema_extra=control("variable"))
    ] = ""

    def problems(self, facts: Facts) -> Iterator[Flaw]:
        told = "This server has no knowledge base yet: nothing is ever found."
        yield Flaw("NOT_AVAILABLE", told, "", "Connect `noResults`.", "warning")

    async def run(self, visit: Visit) -> Happenings:
        yield Error("KNOWLEDGE_NEEDED", "There is no knowledge base to search.")
        yield Leave("noResults")
