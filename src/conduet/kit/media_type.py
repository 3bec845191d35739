"""What a file is, told by its first bytes: what its name or its sender says is anybody's guess."""

from collections.abc import Mapping, Sequence
from typing import Final

IMAGES: Final = frozenset(("image/png", "image/jpeg", "image/gif", "image/webp"))
PDF: Final = "application/pdf"
UNKNOWN: Final = "application/octet-stream"

ENDINGS: Final[Mapping[str, Sequence[str]]] = {
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    PDF: ("pdf",),
    "audio/mpeg": ("mp3",),
    "audio/ogg": ("ogg", "oga", "opus"),
    "audio/amr": ("amr",),
    "audio/wav": ("wav",),
    "audio/mp4": ("m4a",),
    "video/mp4": ("mp4", "m4v"),
    "video/quicktime": ("mov",),
    "video/3gpp": ("3gp",),
    "video/webm": ("webm",),
    UNKNOWN: ("bin",),
}
"""The endings of each type's names, the usual one first."""

_STARTS: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", PDF),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"#!AMR", "audio/amr"),
    (b"\x1aE\xdf\xa3", "video/webm"),
)
_RIFF: Final = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
_BRANDS: Final = {b"M4A": "audio/mp4", b"qt ": "video/quicktime", b"3gp": "video/3gpp"}
_LONGEST: Final = 200


def told_by(content: bytes) -> str:
    """The media type of a picture, a PDF, a recording or a film; of anything else `application/octet-stream`."""
    if content[:4] == b"RIFF":
        return _RIFF.get(content[8:12], UNKNOWN)
    if content[4:8] == b"ftyp":
        return _BRANDS.get(content[8:11], "video/mp4")
    return next((kind for start, kind in _STARTS if content.startswith(start)), UNKNOWN)


def shown_name(name: str) -> str:
    """The last part of a file's name, without what has it read otherwise than it is; `file` where nothing is left."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable()).strip(" .")[:_LONGEST] or "file"


def fitting_name(name: str, kind: str) -> str:
    """The same, with an ending of its type: what is kept as `x.html` would be opened as that."""
    plain = shown_name(name)
    endings = ENDINGS[kind]
    return plain if plain.rpartition(".")[2].lower() in endings and "." in plain else f"{plain}.{endings[0]}"
