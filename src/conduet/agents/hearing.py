"""What the user did, as a model is told of it."""

from conduet.agents.fence import fenced
from conduet.engine.action import Action, ButtonAction, LaunchAction, MediaAction, TextAction, action_json
from conduet.llm.message import Image, Text, User


def heard(action: Action) -> User:
    """The user's message; what is no words of the user's stands in a fence."""
    match action:
        case TextAction(payload=text):
            return User(text)
        case ButtonAction(payload=press):
            if press.value is None or press.value == press.label:
                return User(press.label)
            return User(f"{press.label}\n{fenced('button', press.value)}")
        case MediaAction(payload=sent) if (sent.mime_type or "").startswith("image/"):
            return User((Text("(The user sends a picture.)"), Image(sent.url, sent.mime_type or "")))
        case LaunchAction():
            return User(fenced("event", "The user has opened the conversation and has said nothing yet."))
        case _:
            return User(fenced("event", action_json(action)))
