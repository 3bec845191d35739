"""A look into the knowledge base."""

from typing import Annotated, ClassVar

from pydantic import Field, JsonValue

from conduet.agents.knowledge import cited, kept, mocked, shown
from conduet.engine.fields import Line, Value, control
from conduet.engine.outside import Unreachable
from conduet.engine.seeking import sought
from conduet.engine.signal import Leave
from conduet.engine.step import Family, Happenings, Step
from conduet.engine.trace import Debug, Error
from conduet.engine.values import MISSING
from conduet.engine.visit import Visit


class KbSearch(Step):
    """Search the knowledge base; what is found grounds the next answer of a model."""

    type: ClassVar[str] = "kb-search"
    display_name: ClassVar[str] = "Search knowledge"
    reads_knowledge: ClassVar[bool] = True
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
    filter: Annotated[
        dict[str, Value],
        Field(
            default_factory=dict,
            description="Which metadata a document must have to be found; of a list, one of it.",
            json_schema_extra=control("json"),
        ),
    ]
    save_to: Annotated[
        str, Field(description="The variable that keeps the passages.", json_schema_extra=control("variable"))
    ] = ""

    async def run(self, visit: Visit) -> Happenings:
        query = (visit.text(self.query) if self.query else str(visit.turn.system["lastUserMessage"])).strip()
        visit.took = query
        context, mock = visit.turn.context, visit.mocked()
        if mock is MISSING and not context.has_knowledge:
            yield Debug("warning", "There is nothing in the knowledge base to be searched.")
            yield Leave("noResults")
            return
        try:
            if mock is MISSING:
                wanted = {name: visit.value(value) for name, value in self.filter.items()}
                place, best = visit.place(), self.min_score
                found = await sought(
                    context, visit.turn, place, query, top_k=self.top_k, min_score=best, metadata=wanted
                )
            else:
                found = mocked(mock)
        except Unreachable as failure:
            yield Error(failure.code, failure.message, handled=True)
            found = ()
        passages = kept(found)
        visit.gave = passages
        if self.save_to:
            visit.assign(self.save_to, passages)
        if not found:
            yield Leave("noResults")
            return
        visit.turn.passages[:], visit.turn.sought = shown(found), query
        yield cited(query, found)
