"""Files that the tests write: with the writers of Excel and Word files, by hand, and bombs."""
# the texts of the files, as they are

import io
import zipfile
import zlib
from collections.abc import Callable, Sequence
from functools import reduce
from importlib import import_module
from pathlib import Path
from typing import Any, cast

NAMESPACE = "http://schemas.openxmlformats.org"
BOMB_BYTES = 1_200_000_000
ZIP_BOMB_BYTES = 300_000_000


def word(path: Path) -> None:
    """A Word document with headings, a list and a table."""
    from docx import Document

    document = Document()
    document.add_heading("Handbook", 0)
    document.add_heading("Returns", 1)
    document.add_paragraph("Thirty days, with the receipt.")
    document.add_paragraph("by post", style="List Bullet")
    document.add_heading("Prices", 2)
    table = document.add_table(3, 2)
    for row, cells in zip(table.rows, [("Model", "Price"), ("City", "12"), ("Road", "19")], strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    document.add_heading("Nothing below", 1)
    document.save(str(path))


def workbook(path: Path) -> None:
    """A workbook with a title above its headers, and a second sheet."""
    # It has no types.
    with cast(Any, import_module("xlsxwriter")).Workbook(str(path)) as book:
        sheet = book.add_worksheet("Prices")
        sheet.write_row(0, 0, ["Our prices"])
        for index, row in enumerate([["Model", "Price", "In stock"], ["City", 12.5, True], ["Road", 19, False]], 2):
            sheet.write_row(index, 0, row)
        book.add_worksheet("Hours").write_row(0, 0, ["Monday", "9 to 5"])


def pdf(path: Path, pages: Sequence[Sequence[tuple[float, float, float, str]]]) -> None:
    """A PDF whose pages have texts at places: x, y, size, text."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"", b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]
    kids: list[str] = []
    for texts in pages:
        drawn = "".join(f"BT /F {size} Tf {x} {y} Td ({text}) Tj ET\n" for x, y, size, text in texts)
        packed = zlib.compress(drawn.encode("latin-1"))
        objects.append(f"<</Length {len(packed)}/Filter/FlateDecode>>stream\n".encode() + packed + b"\nendstream")
        content = len(objects)
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents {content} 0 R"
            "/Resources<</Font<</F 3 0 R>>>>>>".encode()
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(kids)}]>>".encode()
    _save_pdf(path, objects)


def price_list(path: Path) -> None:
    """A page with a heading, a paragraph and a table."""
    rows = [("Model", "Price", "Weight"), ("City", "12", "14 kg"), ("Road", "19", "9 kg")]
    cells = [
        (50 + 150 * column, 600 - 20 * row, 11, text)
        for row, line in enumerate(rows)
        for column, text in enumerate(line)
    ]
    first = [
        (50, 740, 22, "Price list"),
        (50, 700, 11, "These are the prices of our bicycles,"),
        (50, 687, 11, "by the day."),
    ]
    pdf(path, [[*first, *cells], [(50, 740, 11, "Children ride for free on the second page.")]])


def columns(path: Path) -> None:
    """Two columns of text, written line by line over both."""
    left = (
        "The chain is cleaned every month,",
        "and oiled afterwards with a drop on",
        "each link. What is too much is wiped",
        "off again with a dry cloth.",
    )
    right = (
        "The brakes are looked at each week.",
        "Pads without grooves are worn, and",
        "have to be replaced at once. Discs",
        "have to stay free of any oil.",
    )
    lines = [(x, 700 - 14 * row, 11, column[row]) for row in range(4) for x, column in ((50, left), (320, right))]
    pdf(path, [[(50, 740, 22, "Care"), *lines]])


def book(path: Path, *, pages: int) -> None:
    """A long PDF: 40 lines of 12 words a page."""

    def line(page: int, number: int) -> tuple[float, float, float, str]:
        return (
            40,
            780 - 18 * number,
            10,
            f"Line {number} of page {page} tells of bicycles, wheels, brakes and word{page}x{number}.",
        )

    pdf(path, [[line(page, number) for number in range(40)] for page in range(pages)])


def scan(path: Path) -> None:
    """Pages without any text."""
    pdf(path, [[], []])


def pdf_bomb(path: Path) -> None:
    """A page whose drawing, packed twice, unpacks to 1.2 GB."""
    block = b" " * 10_000_000
    times = BOMB_BYTES // len(block)
    packer = zlib.compressobj(9)
    first, same = (packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    # Packed once: after a full flush the same bytes unpack to the same, and what differs is the sum at the end.
    checksum = reduce(lambda sum_, _: zlib.adler32(block, sum_), range(times), 1)
    packed = zlib.compress(first + same * (times - 1) + packer.flush()[:-4] + checksum.to_bytes(4, "big"), 9)
    _save_pdf(
        path,
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Count 1/Kids[4 0 R]>>",
            f"<</Length {len(packed)}/Filter[/FlateDecode/FlateDecode]>>stream\n".encode() + packed + b"\nendstream",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 3 0 R>>",
        ],
    )


def zip_bomb(member: str, *, lying: bool) -> Callable[[Path], None]:
    """An Office file with a `member` that unpacks to 300 MB, and says so, or says that it is small."""

    def make(path: Path) -> None:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
            packed.writestr("[Content_Types].xml", f'<Types xmlns="{NAMESPACE}/package/2006/content-types"/>')
            with packed.open(member, "w") as entry:
                for _ in range(ZIP_BOMB_BYTES // 10_000_000):
                    entry.write(b" " * 10_000_000)
        if lying:
            content = path.read_bytes()
            path.write_bytes(content.replace(ZIP_BOMB_BYTES.to_bytes(4, "little"), (9000).to_bytes(4, "little")))

    return make


def xml_bomb(path: Path) -> None:
    """A Word file whose text is an entity of entities of entities."""
    inner = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    document = (
        f'<!DOCTYPE d [<!ENTITY e0 "bomb">{inner}]><w:document xmlns:w="{NAMESPACE}/wordprocessingml/2006/main">'
        "<w:body><w:p><w:r><w:t>&e9;</w:t></w:r></w:p></w:body></w:document>"
    )
    source = io.BytesIO()
    from docx import Document

    Document().save(source)
    with zipfile.ZipFile(source) as plain, zipfile.ZipFile(path, "w") as packed:
        for name in plain.namelist():
            packed.writestr(name, document if name == "word/document.xml" else plain.read(name))


def _save_pdf(path: Path, objects: Sequence[bytes]) -> None:
    with path.open("wb") as file:
        file.write(b"%PDF-1.4\n")
        places: list[int] = []
        for number, content in enumerate(objects, 1):
            places.append(file.tell())
            file.write(b"%d 0 obj\n" % number + content + b"\nendobj\n")
        start = file.tell()
        file.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
        file.writelines(b"%010d 00000 n \n" % place for place in places)
        file.write(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
