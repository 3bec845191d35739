"""Log lines as they come out of a process."""

import json
import subprocess
import sys

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
