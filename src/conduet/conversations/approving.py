"""Tools that wait for a person's yes: what a turn, or a change by hand, makes of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from conduet.conversations.masking import Masks
from conduet.conversations.store.approvals import Asked, Decision, Settled
from conduet.engine.action import Action, ApprovalAction
from conduet.engine.document import Document
from conduet.engine.run import Approval, approvals
from conduet.engine.state import State
from conduet.kit.clock import milliseconds, now
from conduet.kit.json import dumps

MARK: Final = b'"appr_'
"""Begins the id of an approval: it stands in every stored state in which a tool waits for a yes."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Somebody's answer to an approval, by a member's id; nobody's when its time is over."""

    approval_id: str
    by: str | None = None


class _Ask(Protocol):
    @property
    def action(self) -> Action: ...

    @property
    def verdict(self) -> Verdict | None: ...


class _World(Protocol):
    platform: str

    async def secrets(self) -> Mapping[str, str]: ...


class Waiting:
    """The approvals that a turn finds; made before it runs, because it changes `state`."""

    def __init__(self, document: Document, state: State, *, was_open: bool) -> None:
        self._document = document
        self._was_open = was_open
        self._before: Mapping[str, Approval] = by_persons(document, state) if was_open else {}

    async def settled(self, state: State, ask: _Ask, world: _World, *, is_open: bool) -> Settled | None:
        """What the turn, which leaves `state`, has made of them; `None` when there were none and are none."""
        if not (self._was_open or is_open):
            return None
        after: Mapping[str, Approval] = by_persons(self._document, state) if is_open else {}
        new = [approval for approval in after.values() if approval.id not in self._before]
        masks = Masks(await world.secrets() if new else {})
        asked = [_asked(approval, masks, platform=world.platform) for approval in new]
        return Settled(frozenset(after), asked, self._decision(ask))

    def _decision(self, ask: _Ask) -> Decision | None:
        if not isinstance(ask.action, ApprovalAction):
            return None
        said = ask.action.payload
        answered = self._before.get(said.approval_id)
        if answered is None:
            return None
        status = "expired" if answered.is_over(now()) else "approved" if said.approved else "rejected"
        return Decision(answered.id, status, by=ask.verdict.by if ask.verdict else None, note=said.note)


def settled_by_hand(document: Document, state: State, *, before: State) -> Settled:
    """What becomes of them when somebody puts `state` in the place of a stored one.

    One that is no longer what a person was asked does not wait for that person any more.
    """
    asked = {each.id: (each.tool_id, each.arguments) for each in by_persons(document, before).values()}
    kept = by_persons(document, state).values()
    return Settled(frozenset(each.id for each in kept if asked.get(each.id) == (each.tool_id, each.arguments)))


def by_persons(document: Document, state: State) -> Mapping[str, Approval]:
    """The tools that wait for a person's yes, by the id of the approval."""
    return {approval.id: approval for approval in approvals(document, state) if approval.by == "person"}


def _asked(approval: Approval, masks: Masks, *, platform: str) -> Asked:
    arguments = masks.json(dict(approval.arguments))
    return Asked(approval.id, approval.tool_name, dumps(arguments), platform, milliseconds(approval.asked_at))
