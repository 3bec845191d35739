"""Subtitles: what was said in a film, a minute a heading."""

import re
from collections.abc import Iterator

from conduet.kit.loading.loader import Loader
from conduet.kit.loading.section import LoadFailed, Section
from conduet.kit.loading.source import Source

TIME = re.compile(r"([0-9]+):([0-9]{2}):[0-9]{2}[,.][0-9]{3} --> ")


class Subtitles(Loader):
    """SRT files."""

    type = "srt"
    extensions = (".srt",)
    mimes = ("application/x-subrip",)

    def sections(self, source: Source) -> Iterator[Section]:
        minute = ""
        for line in source.lines():
            if time := TIME.match(line):
                minute = f"{int(time[1])}:{time[2]}"
            elif line.strip() and not line.strip().isdigit():
                if not minute:
                    raise LoadFailed("The subtitles do not begin with a time: save them anew as SRT.")
                yield Section(line.strip(), (f"Minute {minute}",))
