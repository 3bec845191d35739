"""Something to look at, to hear or to keep."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, JsonValue

from conduet.engine.fields import Scripted, control
from conduet.engine.signal import Leave
from conduet.engine.step import Family, Happenings, Overlays, Step
from conduet.engine.trace import MEDIA
from conduet.engine.visit import Visit


class MediaStep(Step):
    """Show an image, a video, a recording or a file."""

    type: ClassVar[str] = "media"
    family: ClassVar[Family] = "talk"
    example: ClassVar[dict[str, JsonValue]] = {
        "kind": "image",
        "url": "https://bikes.example/{{model}}.jpg",
        "alt": "The {{model}}",
    }

    kind: Annotated[
        Literal["image", "video", "audio", "file"],
        Field(description="What it is.", json_schema_extra=control("select")),
    ] = "image"
    url: Annotated[Scripted, Field(description="Where it lies.", json_schema_extra=control("text", needed=True))] = (
        Scripted("")
    )
    alt: Annotated[
        Scripted, Field(description="What it shows, for who cannot see it.", json_schema_extra=control("text"))
    ] = Scripted("")
    mime_type: Annotated[
        str | None, Field(description="Its MIME type, such as `image/png`.", json_schema_extra=control("text"))
    ] = None
    channels: Overlays

    async def run(self, visit: Visit) -> Happenings:
        alt = visit.text(self.alt) if self.alt else None
        yield MEDIA[self.kind](visit.text(self.url), alt, self.mime_type)
        yield Leave()
