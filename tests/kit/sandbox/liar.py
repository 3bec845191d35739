"""A worker that answers what is no answer."""

import json
import os
import struct
import time

from conduet.kit.sandbox.child.worker import receive, send


def serve(*_: str) -> None:
    """Answers each request, the name of a lie, with it."""
    send({"walls": []})
    for request in iter(receive, None):
        match json.loads(request):
            case "claims to be huge":
                os.write(1, struct.pack("!I", 2**32 - 1) + b"x")
            case "stops in the middle":
                os.write(1, struct.pack("!I", 100) + b"x")
                os._exit(0)
            case "stops":
                os._exit(0)
            case "is longer than it says":
                os.write(1, struct.pack("!I", 2) + b"{}" + b"x" * 100_000)
            case "never comes":
                time.sleep(60)
            case _:
                send("an answer")
    os._exit(0)
