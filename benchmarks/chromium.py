"""The browser of the system, in which journeys go and the canvas is measured."""

import shutil
from typing import Final

# The shell loads the dashboard for somebody new in half the time that the browser takes.
NAMES: Final = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def find_chromium() -> str | None:
    """Debian's Chromium, without its windows where that is installed."""
    return next(filter(None, map(shutil.which, NAMES)), None)
