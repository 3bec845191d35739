"""Numbers for Prometheus: requests by route, and whatever other parts of the server have to tell."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge, Histogram, generate_latest, values
from prometheus_client.multiprocess import (
    MultiProcessCollector,
    mark_process_dead,  # pyright: ignore[reportUnknownVariableType]  # the library has no types here
)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)
METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
# With several processes the library keeps its numbers in files of this folder.
FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def share(folder: Path) -> None:
    """Lets the processes that this one starts count together, in files of `folder`, from zero."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ[FOLDER] = str(folder)
    # The library has looked for it when it was imported.
    values.ValueClass = values.get_value_class()


class Metrics:
    """All numbers of one application. Labels are routes by their template, never addresses as they came."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Histogram(
            "conduet_http_request_duration_seconds",
            "Time from the request's head to the end of its answer.",
            ("route", "method", "status"),
            buckets=SECONDS,
            registry=self._registry,
        )
        self._known: dict[tuple[str, str, int], Histogram] = {}

    def observe(self, route: str, method: str, *, status: int, seconds: float) -> None:
        """Counts one request."""
        key = (route, method, status)
        child = self._known.get(key)
        if child is None:
            child = self._requests.labels(route or "none", method if method in METHODS else "other", status)
            if method in METHODS:
                self._known[key] = child
        child.observe(seconds)

    def gauge(self, name: str, description: str) -> Callable[[float], None]:
        """A number that is what it was last set to; of several processes, the sum over those that live."""
        return Gauge(name, description, registry=self._registry, multiprocess_mode="livesum").set

    def text(self) -> bytes:
        """The exposition format, over all processes that serve."""
        if FOLDER not in os.environ:
            return generate_latest(self._registry)
        _forget_dead(Path(os.environ[FOLDER]))
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
        return generate_latest(registry)


def _forget_dead(folder: Path) -> None:
    """Removes what processes that were killed have left of numbers that only the living count for."""
    for path in folder.glob("gauge_livesum_*.db"):
        pid = int(path.stem.rpartition("_")[2])
        if not _lives(pid):
            mark_process_dead(pid, str(folder))


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        # Somebody else's by now; rare, and only a number.
        return True
    return True
