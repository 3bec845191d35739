"""When a call is tried once more, and after how long."""

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

from conduet.kit.clock import now
from conduet.kit.http.call import Call
from conduet.kit.http.errors import Interrupted, OutgoingError, Unreachable

FIRST_PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 8.0

COME_BACK = frozenset({429, 503})  # the other side did nothing and says when it will
PASSING = frozenset({429, 502, 503, 504})


@dataclass(slots=True)
class Patience:
    """The retries that a call has left, and the time on the loop's clock by which it must be over."""

    retries: int
    deadline: float
    used: int = 0

    def after_error(self, call: Call, error: OutgoingError) -> float | None:
        """Seconds to wait before trying again, if the other side has not acted or may act twice; None: give up."""
        if isinstance(error, Unreachable) or (isinstance(error, Interrupted) and call.is_idempotent):
            return self._granted(self._backoff())
        return None

    def after_answer(self, call: Call, status: int, headers: Mapping[str, str]) -> float | None:
        """Seconds to wait, as the answer asks (`Retry-After`) or as is our way; None: that is the answer."""
        asked = parse_retry_after(headers.get("Retry-After")) if status in COME_BACK else None
        if asked is not None:
            return self._granted(asked + random.uniform(0, FIRST_PAUSE_SECONDS))  # noqa: S311 - spreads load
        if status in PASSING and call.is_idempotent:
            return self._granted(self._backoff())
        return None

    def _backoff(self) -> float:
        """Twice as long each time, and by chance up to half of it shorter, so that callers do not come in step."""
        return min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2**self.used) * random.uniform(0.5, 1)  # noqa: S311  # nothing secret: it spreads calls

    def _granted(self, seconds: float) -> float | None:
        """None when no retry is left or the deadline comes first."""
        if self.used >= self.retries or asyncio.get_running_loop().time() + seconds >= self.deadline:
            return None
        self.used += 1
        return seconds


def parse_retry_after(value: str | None) -> float | None:
    """Seconds, of a number of them or a date (RFC 9110, section 10.2.3); None for anything else."""
    text = (value or "").strip()
    if text.isascii() and text.isdecimal():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now()).total_seconds())
