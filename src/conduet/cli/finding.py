"""What `conduet doctor` finds."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: `wrong` makes the command fail."""

    name: str
    state: Literal["ok", "note", "wrong"]
    message: str
