"""How a run of tests is asked for."""

from typing import Annotated

from pydantic import Field

from conduet.conversations.wire import VersionId
from conduet.kit.schema import Wire
from conduet.projects.store import DEVELOPMENT


class Run(Wire):
    """Which of the draft's tests to run, and on which version."""

    ids: Annotated[
        list[str] | None, Field(description="These tests, in the order of the document; all if left out.")
    ] = None
    version_id: VersionId = DEVELOPMENT
