"""How a run of tests is asked for."""

from typing import Annotated

from pydantic import Field

from conduet.conversations.wire import VersionId
from conduet.engine.shape import ID_LENGTH
from conduet.kit.schema import Wire
from conduet.projects.store import DEVELOPMENT


class FromTranscript(Wire):
    """A test to be made of what was said."""

    from_transcript: Annotated[str, Field(description="The transcript's id.")]
    id: Annotated[str | None, Field(min_length=1, max_length=ID_LENGTH, description="Left out: it gets one.")] = None
    name: Annotated[str | None, Field(min_length=1, max_length=ID_LENGTH)] = None


class Run(Wire):
    """Which of the draft's tests to run, and on which version."""

    ids: Annotated[
        list[str] | None, Field(description="These tests, in the order of the document; all if left out.")
    ] = None
    version_id: VersionId = DEVELOPMENT
