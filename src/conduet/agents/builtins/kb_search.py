"""A look into the knowledge base."""

from collections.abc import Mapping
from typing import ClassVar

from conduet.agents.builtin import Builtin, Done, parameters, text
from conduet.agents.knowledge import shown, told_as_sources
from conduet.agents.stage import Stage
from conduet.engine.outside import Unreachable
from conduet.engine.seeking import sought
from conduet.engine.values import Json
from conduet.llm.message import ToolSpec


class KbSearch(Builtin):
    """Searches the knowledge base; offered to who may, where the project has one."""

    name: ClassVar[str] = "kb_search"

    def spec(self, stage: Stage) -> ToolSpec | None:
        if not stage.acting.searches or not stage.world.has_knowledge:
            return None
        told = "Look something up in the knowledge base: before you answer a question of fact, and whenever unsure."
        return ToolSpec(self.name, told, parameters({"query": text("What to look for, in full words.")}, "query"))

    async def use(self, stage: Stage, args: Mapping[str, Json], *, place: str) -> Done:
        query = str(args["query"])
        try:
            found = await sought(stage.world, stage.turn, place, query)
        except Unreachable as failure:
            return Done(f"The knowledge base could not be searched: {failure.message}", is_error=True)
        if not found:
            return Done("Nothing was found. Look for it in other words, or say that you do not know.")
        sources = told_as_sources(query, found)
        told = "This was found. Say where it is from, by the name of its document."
        if not sources:
            told = "Nothing was found that has to do with it; this is what comes nearest."
        return Done(told, shown(found), traces=sources)
