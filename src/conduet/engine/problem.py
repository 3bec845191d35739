"""Something in a document that has to be seen to."""

from dataclasses import dataclass

from conduet.engine.flaw import Flaw, Severity
from conduet.engine.graph import Node
from conduet.engine.mistakes import below
from conduet.engine.values import Json


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to be seen to; an `error` keeps the project from being published."""

    severity: Severity
    code: str
    message: str
    path: str
    workflow_id: str | None = None
    step_id: str | None = None
    fix: str | None = None

    def wire(self) -> dict[str, Json]:
        """As the API tells it; what does not apply is left out."""
        found: dict[str, Json] = {
            "severity": self.severity,
            "code": self.code,
            "message": self.message,
            "path": self.path,
            "workflowId": self.workflow_id,
            "stepId": self.step_id,
            "fix": self.fix,
        }
        return {name: value for name, value in found.items() if value is not None}


def problem_at(node: Node, flaw: Flaw, *inside: str) -> Problem:
    """A flaw where it is in the document; one without a path is the whole step's."""
    path = below(node.path, "config", *inside, flaw.path) if flaw.path else node.path
    return Problem(flaw.severity, flaw.code, flaw.message, path, node.workflow_id, node.id, flaw.fix)


def unknown_field(path: str, node: Node | None = None) -> Problem:
    """A field that nothing declares, somewhere in the document or in a step."""
    told = f"The field {path.rpartition('.')[2]!r} is not known here; it is kept."
    place = (node.workflow_id, node.id) if node else (None, None)
    return Problem("warning", "UNKNOWN_FIELD", told, path, *place, "Remove it, or check its spelling.")
