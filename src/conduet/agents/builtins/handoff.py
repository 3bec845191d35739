"""The conversation is handed to a playbook."""

from collections.abc import Mapping
from typing import ClassVar

from conduet.agents.builtin import Builtin, Done, parameters, text
from conduet.agents.memory import Visiting
from conduet.agents.stage import Stage
from conduet.engine.shape import Input, Playbook
from conduet.engine.trace import Handoff as HandoffTrace
from conduet.engine.values import Json
from conduet.llm.message import ToolSpec


class Handoff(Builtin):
    """Hands over to one of the allowed playbooks, a bounded number of times a turn; offered while that lasts."""

    name: ClassVar[str] = "handoff"

    def spec(self, stage: Stage) -> ToolSpec | None:
        playbooks = stage.acting.playbooks
        if not playbooks or stage.handoffs >= stage.agent.max_handoffs:
            return None
        lines = "\n".join(f"- {playbook_id}: {_about(playbook)}" for playbook_id, playbook in playbooks.items())
        told = f"Let a specialist go on with the user; you get back what it finds out.\n{lines}"
        properties: dict[str, Json] = {
            "playbookId": {"type": "string", "enum": [*playbooks]},
            "reason": text("Why, in a sentence."),
            "inputs": {"type": "object", "description": "What it has to know, by the names of its inputs."},
        }
        return ToolSpec(self.name, told, parameters(properties, "playbookId", "reason"))

    async def use(self, stage: Stage, args: Mapping[str, Json], *, place: str) -> Done:
        playbook = stage.agent.playbooks[str(args["playbookId"])]
        inputs = args.get("inputs")
        stage.memory.visiting = Visiting(playbook.id, inputs if isinstance(inputs, dict) else {})
        stage.handoffs += 1
        stage.rounds = 0
        trace = HandoffTrace(playbook.name or playbook.id, str(args["reason"]))
        return Done(f"{playbook.name or playbook.id} goes on from here.", traces=(trace,))


def _about(playbook: Playbook) -> str:
    inputs = [each.name if isinstance(each, Input) else each for each in playbook.inputs]
    told = playbook.description or playbook.name or playbook.id
    return f"{told} Inputs: {', '.join(inputs)}." if inputs else told
