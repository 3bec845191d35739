"""Log lines as they come out of a process."""

import json
import os
import pty
import subprocess
import sys
from contextlib import suppress

PROGRAM = """
import logging
import structlog
from conduet.kit.log import configure

configure()
structlog.get_logger().info("request", request_id="req_1", path="/é", status=200)
structlog.get_logger().debug("hidden")
logging.getLogger("library").warning("of %s", "a library")
logging.getLogger("library").info("hidden")
try:
    raise KeyError("on purpose")
except KeyError as error:
    structlog.get_logger().error("failed", exc_info=error)
    logging.getLogger("library").exception("failed too")
"""


def test_each_line_is_json_with_its_time_and_level_when_nobody_looks_on() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, check=True)
    assert done.stdout == b""
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [(line["event"], line["level"]) for line in lines] == [
        ("request", "info"),
        ("of a library", "warning"),
        ("failed", "error"),
        ("failed too", "error"),
    ]
    assert lines[0].items() >= {"request_id": "req_1", "path": "/é", "status": 200}.items()
    assert all(line["time"].endswith("Z") for line in lines)
    for line in lines[2:]:
        assert "Traceback" in line["exception"]
        assert "KeyError: 'on purpose'" in line["exception"]


LOCALS = """
import structlog
from conduet.kit.log import configure

def fail(token):
    raise KeyError("on purpose")

configure()
try:
    fail("s3" + "cret")
except KeyError as error:
    structlog.get_logger().error("failed", exc_info=error)
"""


def test_a_traceback_that_a_person_sees_tells_no_local_variables() -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen([sys.executable, "-c", LOCALS], stderr=theirs, stdout=theirs) as process:
        os.close(theirs)
        shown = b""
        # Reading from a terminal that nobody writes to any more is an error on Linux.
        with suppress(OSError):
            while received := os.read(ours, 65_536):
                shown += received
    os.close(ours)
    assert process.returncode == 0
    assert b"on purpose" in shown
    assert b"s3cret" not in shown
