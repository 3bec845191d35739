"""An agent or a playbook is done."""

from collections.abc import Mapping
from typing import ClassVar

from conduet.agents.builtin import Builtin, Done, parameters
from conduet.agents.stage import Exited, Stage
from conduet.engine.shape import Exit
from conduet.engine.trace import Debug
from conduet.engine.values import MISSING, Json, resolve
from conduet.llm.message import ToolSpec


class TakeExit(Builtin):
    """Takes an exit with what it collects; offered to who has exits."""

    name: ClassVar[str] = "take_exit"

    def spec(self, stage: Stage) -> ToolSpec | None:
        exits = stage.acting.exits
        if not exits:
            return None
        names = dict.fromkeys(name for way_out in exits for name in way_out.collects)
        collected: dict[str, Json] = {name: {} for name in names}
        chosen: dict[str, Json] = {"type": "string", "enum": [way_out.id for way_out in exits]}
        lines = "\n".join(f"- {each.id}{_needs(each)}" for each in exits)
        told = f"End your part, with what was found out.\n{lines}"
        return ToolSpec(self.name, told, parameters({"exitId": chosen, **collected}, "exitId"))

    async def use(self, stage: Stage, args: Mapping[str, Json], *, place: str) -> Done:
        if stage.memory.visiting is None and stage.memory.waiting:
            return Done("A call still waits for a yes: your part does not end before that.", is_error=True)
        way_out = next(each for each in stage.acting.exits if each.id == args["exitId"])
        collected: dict[str, Json] = {}
        for name in way_out.collects:
            value = args[name] if name in args else resolve(name, stage.turn.names)
            if value is MISSING or value is None:
                return Done(f"The exit {way_out.id!r} needs {name!r}: find it out first.", is_error=True)
            problem = stage.turn.assign(name, value)
            if problem is not None:
                return Done(problem.message, is_error=True)
            collected[name] = stage.turn.variables[name]
        return self._left(stage, way_out, collected)

    def _left(self, stage: Stage, way_out: Exit, collected: dict[str, Json]) -> Done:
        found: Json = {"exit": way_out.id, "collected": collected}
        if stage.memory.visiting is None:
            stage.outcome = Exited(way_out.id, collected)
            return Done("Done.", found)
        name = stage.acting.name
        stage.memory.visiting = None
        stage.rounds = 0
        told = Debug("info", f"The playbook `{name}` is done: it took its exit `{way_out.id}`.")
        return Done(f"{name} is done. You go on with the user, with what it has found out:", found, traces=(told,))


def _needs(way_out: Exit) -> str:
    return f", which needs {', '.join(way_out.collects)}" if way_out.collects else ""
