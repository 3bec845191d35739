"""PowerPoint presentations: each slide under its title, with its notes."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from conduet.kit.loading.loader import Loader
from conduet.kit.loading.section import LoadFailed, Section
from conduet.kit.loading.source import Source
from conduet.kit.loading.table import has_headers, row_text

if TYPE_CHECKING:
    from pptx.shapes.base import BaseShape
    from pptx.shapes.graphfrm import GraphicFrame
    from pptx.slide import Slide
    from pptx.text.text import TextFrame


class Pptx(Loader):
    """PPTX; the page is the slide's number."""

    type = "pptx"
    extensions = (".pptx", ".pptm")
    mimes = ("application/vnd.openxmlformats-officedocument.presentationml.presentation",)

    @classmethod
    def claims(cls, source: Source) -> bool:
        return "ppt/presentation.xml" in source.members

    def sections(self, source: Source) -> Iterator[Section]:
        from pptx import Presentation

        try:
            slides = Presentation(source.file).slides
        except (KeyError, ValueError) as error:
            raise LoadFailed("The presentation is broken: open it, save it anew, and try again.") from error
        for page, slide in enumerate(slides, 1):
            yield from _slide(slide, page)


def _slide(slide: "Slide", page: int) -> Iterator[Section]:
    title = slide.shapes.title
    heading = " ".join(title.text_frame.text.split()) if title is not None else ""
    path = (heading,) if heading else ()
    bare = True
    for shape in slide.shapes:
        if title is not None and shape.shape_id == title.shape_id:
            continue
        for section in _shape(shape, path, page):
            bare = False
            yield section
    if slide.has_notes_slide and (notes := slide.notes_slide.notes_text_frame) is not None:
        for text in _paragraphs(notes):
            bare = False
            yield Section(text, path, page)
    if bare and heading:
        yield Section(heading, (), page)


def _shape(shape: "BaseShape", path: tuple[str, ...], page: int) -> Iterator[Section]:
    from pptx.shapes.group import GroupShape

    if isinstance(shape, GroupShape):
        for inner in shape.shapes:
            yield from _shape(inner, path, page)
    elif shape.has_text_frame:
        for text in _paragraphs(cast("TextFrame", getattr(shape, "text_frame"))):  # noqa: B009  # only some shapes have it
            yield Section(text, path, page)
    elif getattr(shape, "has_table", False):
        for row in _rows(cast("GraphicFrame", shape)):
            yield Section(row, path, page, "table")


def _paragraphs(frame: "TextFrame") -> Iterator[str]:
    for paragraph in frame.paragraphs:
        if text := paragraph.text.replace("\v", "\n").strip():
            yield text


def _rows(frame: "GraphicFrame") -> Iterator[str]:
    rows = [[cell.text for cell in row.cells] for row in frame.table.rows]
    headed = has_headers(rows)
    for row in rows[1:] if headed else rows:
        if text := row_text(rows[0] if headed else (), row):
            yield text
