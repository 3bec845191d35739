"""What a user can do in a turn: the contract's actions, parsed."""

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from conduet.engine.values import Json


class _Action(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class TextAction(_Action):
    """The user wrote something."""

    type: Literal["text"]
    payload: str


class LaunchAction(_Action):
    """Start or resume."""

    type: Literal["launch"]
    payload: None = None


class Press(_Action):
    """The button that was pressed, as it was shown."""

    label: str
    value: JsonValue = None


class ButtonAction(_Action):
    """The user pressed a button."""

    type: Literal["button"]
    payload: Press


class Attachment(_Action):
    """A file the user sent, by its address."""

    url: str
    mime_type: Annotated[str | None, Field(alias="mimeType")] = None


class MediaAction(_Action):
    """The user sent an image, a recording or a file."""

    type: Literal["media"]
    payload: Attachment


class Happening(_Action):
    """What happened outside the conversation."""

    name: str
    payload: JsonValue = None


class EventAction(_Action):
    """Something happened outside: starts or steers a flow."""

    type: Literal["event"]
    payload: Happening


class Answered(_Action):
    """What the page answers to a `client-action`: the path that the flow takes, and what it brings along."""

    call_id: Annotated[str, Field(alias="callId")]
    path: str
    payload: JsonValue = None


class ClientAction(_Action):
    """The page has done what it was asked to do."""

    type: Literal["client"]
    payload: Answered


class Decision(_Action):
    """A yes or a no to a tool that waits for one."""

    approval_id: Annotated[str, Field(alias="approvalId")]
    approved: bool
    note: str | None = None


class ApprovalAction(_Action):
    """Somebody says whether a tool may be used."""

    type: Literal["approval"]
    payload: Decision


Action: TypeAlias = Annotated[
    TextAction | LaunchAction | ButtonAction | MediaAction | EventAction | ClientAction | ApprovalAction,
    Field(discriminator="type"),
]

Answer: TypeAlias = TextAction | ButtonAction | MediaAction | ClientAction | ApprovalAction
"""What a waiting step may be answered with."""


def words_of(action: Action) -> str | None:
    """What the user said: a text, or the label of a button."""
    match action:
        case TextAction(payload=text):
            return text
        case ButtonAction(payload=press):
            return press.label
        case _:
            return None


def action_json(action: Action) -> Json:
    """`{type, payload}` as `sys.lastAction` shows it."""
    match action:
        case ButtonAction(payload=press):
            payload: Json = {"label": press.label, "value": press.value}
        case MediaAction(payload=attachment):
            payload = {"url": attachment.url, "mimeType": attachment.mime_type}
        case EventAction(payload=happening):
            payload = {"name": happening.name, "payload": happening.payload}
        case ClientAction(payload=answered):
            payload = {"callId": answered.call_id, "path": answered.path, "payload": answered.payload}
        case ApprovalAction(payload=decision):
            payload = {
                "approvalId": decision.approval_id,
                "approved": decision.approved,
                "note": decision.note,
            }
        case TextAction(payload=text):
            payload = text
        case _:
            payload = None
    return {"type": action.type, "payload": payload}
