"""A reusable agent within a flow."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field, JsonValue

from conduet.engine.facts import Facts
from conduet.engine.fields import Value, control
from conduet.engine.flaw import Flaw
from conduet.engine.signal import Leave
from conduet.engine.step import Connected, Family, Happenings, Step, dead_port
from conduet.engine.trace import Error
from conduet.engine.visit import Visit


class PlaybookStep(Step):
    """Hand the conversation to a playbook and go on with what it has collected."""

    type: ClassVar[str] = "playbook"
    family: ClassVar[Family] = "ai"
    open_ports: ClassVar[bool] = True
    """The exits of the playbook, which is elsewhere in the document and may be unfinished."""
    example: ClassVar[dict[str, JsonValue]] = {
        "playbookId": "pb_booking",
        "inputs": {"model": "{{model}}"},
        "outputs": {"day": "day"},
    }

    playbook_id: Annotated[str, Field(description="Which one.", json_schema_extra=control("playbook", needed=True))] = (
        ""
    )
    inputs: Annotated[
        dict[str, Value],
        Field(default_factory=dict, description="What it is given, by name.", json_schema_extra=control("json")),
    ]
    outputs: Annotated[
        dict[str, str],
        Field(
            default_factory=dict,
            description="Variables, each with the name that its value has in what was collected.",
            json_schema_extra=control("variables"),
        ),
    ]

    def problems(self, facts: Facts) -> Iterator[Flaw]:
        told = "This step needs a language model, and this server has none yet: it leaves by `next`."
        yield Flaw("MODEL_NEEDED", told, "", "Connect `next`.", "warning")

    def loose(self, exits: Connected, facts: Facts) -> Iterator[Flaw]:
        playbook = facts.playbooks.get(self.playbook_id)
        if playbook is None:
            return
        ports = {*self.fixed_ports, *(way_out.id for way_out in playbook.exits)}
        for port in exits:
            if port not in ports:
                told = f"The playbook has no exit {port!r}: its connection is never taken."
                yield Flaw("DEAD_PORT", told, "", "Remove the connection.", "warning")
        for way_out in playbook.exits:
            if way_out.id not in exits:
                yield dead_port(way_out.id)

    async def run(self, visit: Visit) -> Happenings:
        yield Error("MODEL_NEEDED", "This step needs a language model, and none is configured.")
        yield Leave()
