"""python receive_webhooks.py PORT: takes deliveries of Conduet, checks who sent them, and prints each once.

The webhook's secret is in WEBHOOK_SECRET. Nothing but Python's own library is needed.
"""

import hashlib
import hmac
import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = os.environ["WEBHOOK_SECRET"].encode()
OLD_SECONDS = 300
seen: set[str] = set()


def is_genuine(timestamp: str, signature: str, body: bytes) -> bool:
    """Whether who knows the secret signed exactly these bytes, not long ago."""
    if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > OLD_SECONDS:
        return False
    expected = "sha256=" + hmac.new(SECRET, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.encode())


class Receiver(BaseHTTPRequestHandler):
    """Answers within the ten seconds that there are; what takes longer belongs into a queue of your own."""

    def do_POST(self) -> None:
        """Takes one delivery."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        timestamp = self.headers.get("X-Conduet-Timestamp", "")
        if not is_genuine(timestamp, self.headers.get("X-Conduet-Signature", ""), body):
            self.send_response(401)
        else:
            event = json.loads(body)
            # The same event may come twice: after a crash on either side, or when an answer was lost.
            if event["id"] not in seen:
                seen.add(event["id"])
                print(event["type"], json.dumps(event["data"]), flush=True)
            self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing of its own."""


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
