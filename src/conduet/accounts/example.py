"""The first command that somebody pastes."""

import json
import shlex


def first_curl(base_url: str, key: str) -> str:
    """A `curl` that says hello to a project, by a key of it, to a server at `base_url`."""
    body = json.dumps({"action": {"type": "text", "payload": "Hello!"}})
    return " \\\n  ".join(
        (
            f"curl -s {shlex.quote(base_url + '/api/v1/conversations/user_123/interact')}",
            f"-H {shlex.quote('Authorization: Bearer ' + key)}",
            "-H 'Content-Type: application/json'",
            f"-d {shlex.quote(body)}",
        )
    )
