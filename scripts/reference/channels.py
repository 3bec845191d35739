"""The page of channels."""

import json
from typing import cast

from conduet.engine.channel.channel import Channel
from conduet.engine.describe import describe_channels
from conduet.kit.plugin import discover
from scripts.reference.fields import Object, fields_table

HEAD = """# Channels

A deployment puts a project on a channel; its `config` has these fields. A *(secret)* is stored encrypted and never
told. What a channel's vendor calls is the deployment's `webhookUrl`. A running server tells the same as JSON Schema at
`/api/v1/schema`; [a guide](../guides/channels.md) says how each is set up.
"""


def page() -> str:
    """Every channel with the fields of its configuration."""
    return HEAD + "".join(
        _channel(cast(Object, told)) for told in describe_channels(discover("conduet.channels", Channel))
    )


def _channel(told: Object) -> str:
    fields = fields_table(cast(Object, told["configSchema"])).rstrip()
    example = json.dumps({"channel": told["type"], "config": told["example"]}, ensure_ascii=False)
    parts = (
        f"## `{told['type']}`",
        str(told["description"]),
        fields or "It has no configuration.",
        f"```json\n{example}\n```",
    )
    return "\n" + "\n\n".join(parts) + "\n"
