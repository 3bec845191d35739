"""The same steps for each item of a list."""

from typing import Annotated, ClassVar

from pydantic import Field, JsonValue

from conduet.engine.fields import Items, control
from conduet.engine.signal import Enter, Leave, Signal
from conduet.engine.step import Family, Happenings, Step
from conduet.engine.trace import Error
from conduet.engine.values import MISSING, kind
from conduet.engine.visit import Visit


class Loop(Step):
    """Run the body once for each item of a list."""

    type: ClassVar[str] = "loop"
    family: ClassVar[Family] = "flow"
    fixed_ports: ClassVar[tuple[str, ...]] = ("body", "next")
    bodies: ClassVar[frozenset[str]] = frozenset({"body"})
    example: ClassVar[dict[str, JsonValue]] = {"items": "order.lines", "itemVariable": "line", "maxIterations": 20}

    items: Annotated[
        Items,
        Field(
            description="The list: an expression, one `{{…}}`, or the list itself.",
            json_schema_extra=control("expression", needed=True),
        ),
    ] = Items("")
    item_variable: Annotated[
        str,
        Field(description="The variable that holds the item.", json_schema_extra=control("variable", needed=True)),
    ] = ""
    max_iterations: Annotated[
        int, Field(ge=1, description="How many items at most.", json_schema_extra=control("number"))
    ] = 100

    async def run(self, visit: Visit) -> Happenings:
        items = visit.items(self.items)
        if not isinstance(items, list):
            if items is not MISSING:
                yield Error("NOT_A_LIST", f"A loop needs a list, got {kind(items)}.", handled=True)
            yield Leave()
            return
        # The body may change the list that it came from: the loop goes over the list as it was.
        visit.memory.update(items=items[: self.max_iterations], index=0)
        yield self._next(visit)

    async def resume(self, visit: Visit) -> Happenings:
        yield self._next(visit)

    def _next(self, visit: Visit) -> Signal:
        items, index = visit.memory.get("items"), visit.memory.get("index")
        if not isinstance(items, list) or not isinstance(index, int) or not 0 <= index < len(items):
            return Leave()
        visit.memory["index"] = index + 1
        visit.assign(self.item_variable, items[index])
        return Enter("body")
