"""What becomes of files: good ones, strange ones, broken ones, and those made to break a server."""
# ruff: noqa: E501  # the texts of the files, as they are

import csv
import json
import resource
import zipfile
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path
from time import monotonic

import pytest

from conduet.knowledge.parsing.reader import Reader, Unreadable
from tests.loaders import making

FILES = Path("tests/loaders/files")
Told = list[tuple[tuple[str, ...], int | None, str]]


async def read(path: Path, name: str | None = None, **more: str) -> Told:
    async with aclosing(Reader().chunks(path, name=name or path.name, **more)) as reading:
        return [(one.chunk.headings, one.chunk.page, one.chunk.content) async for one in reading]


async def refused(path: Path, name: str | None = None) -> str:
    with pytest.raises(Unreadable) as refusal:
        await read(path, name)
    return refusal.value.message


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


TEXTS: dict[str, tuple[bytes, Told]] = {
    "windows.txt": ("Größe: 30 €, “fast” geschenkt – naïve Bücher".encode("cp1252"), [((), None, "Größe: 30 €, “fast” geschenkt – naïve Bücher")]),
    "utf16.txt": ("Räder\r\n\r\nПривет".encode("utf-16"), [((), None, "Räder\n\nПривет")]),
    "bare16.txt": ("Bicycles for all".encode("utf-16-le"), [((), None, "Bicycles for all")]),
    "mark.csv": ("\ufeffModel;Price\nCity;12\nRoad;19,5\n".encode(), [((), None, "Model: City; Price: 12\nModel: Road; Price: 19,5")]),
    "cyrillic.txt": (("Возврат товара возможен в течение тридцати дней. " * 3).encode("cp1251"), [((), None, ("Возврат товара возможен в течение тридцати дней. " * 3).strip())]),
    "page.html": (
        '<html dir=rtl><title>متجر</title><body><nav>قائمة</nav><main><h1>سياسة الإرجاع</h1><p>خلال <b>ثلاثين</b> يوما.</p>'
        "<table><tr><th>Model<th>Price<tr><td>City<td>12</table></main><footer>x</footer>".encode(),
        [(("سياسة الإرجاع",), None, "خلال ثلاثين يوما.\n\nModel: City; Price: 12")],
    ),
    "latin.html": ('<meta charset="iso-8859-1"><h2>Café</h2><p>Où ça ?'.encode("latin-1"), [(("Café",), None, "Où ça ?")]),
    "page.md": (
        b"---\ntitle: x\n---\n# Shop\n\nA *kind* [shop](http://x).\n\n- one\n- two\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\n## Empty\n",
        [(("Shop",), None, "A kind shop.\n\n- one\n- two\n\nA: 1; B: 2\n\nEmpty")],
    ),
    "data.json": (
        json.dumps({"shop": {"open": True}, "bikes": [{"model": "City", "tags": ["a", "b"]}, {"model": "Road"}]}).encode(),
        [(("shop",), None, "open: yes"), (("bikes",), None, "model: City; tags: a, b\nmodel: Road")],
    ),
    "lines.jsonl": (b'{"q": "Who?"}\n\n{"q": "Where?"}\n', [((), None, "q: Who?\nq: Where?")]),
    "no-name": (b"Just text", [((), None, "Just text")]),
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
async def test_texts_are_read_in_their_encodings_with_their_structure(name: str, tmp_path: Path) -> None:
    content, told = TEXTS[name]
    assert await read(written(tmp_path / "upload", content), name) == told


async def test_a_word_file_keeps_headings_lists_and_tables(tmp_path: Path) -> None:
    making.word(tmp_path / "upload")
    assert await read(tmp_path / "upload", "handbook.docx") == [
        (("Handbook", "Returns"), None, "Thirty days, with the receipt.\n\n- by post"),
        (("Handbook", "Returns", "Prices"), None, "Model: City; Price: 12\nModel: Road; Price: 19"),
        (("Handbook",), None, "Nothing below"),
    ]


async def test_a_workbook_keeps_its_headers_with_each_row(tmp_path: Path) -> None:
    making.workbook(tmp_path / "upload")
    assert await read(tmp_path / "upload", "wrong-name.pdf") == [
        (
            ("Prices",),
            None,
            "Our prices\n\nModel: City; Price: 12.5; In stock: yes\nModel: Road; Price: 19; In stock: no",
        ),
        (("Hours",), None, "Monday; 9 to 5"),
    ]


async def test_a_pdf_keeps_headings_tables_and_pages(tmp_path: Path) -> None:
    making.price_list(tmp_path / "upload")
    ((headings, page, content),) = await read(tmp_path / "upload", "prices.pdf")
    assert (headings, page) == (("Price list",), 1)
    assert "Model: City; Price: 12; Weight: 14 kg\nModel: Road; Price: 19; Weight: 9 kg" in content
    assert "second page" in content


async def test_columns_of_text_are_read_one_after_the_other(tmp_path: Path) -> None:
    making.columns(tmp_path / "upload")
    ((headings, _, content),) = await read(tmp_path / "upload", "care.pdf")
    assert headings == ("Care",)
    assert " ".join(content.split()) == (
        "The chain is cleaned every month, and oiled afterwards with a drop on each link. What is too much is wiped off"
        " again with a dry cloth. The brakes are looked at each week. Pads without grooves are worn, and have to be"
        " replaced at once. Discs have to stay free of any oil."
    )


# What becomes of each: a part of a piece with its headings and page, one a line; or why it is refused.
FOREIGN: dict[str, str | Told] = {
    "text.pdf": [((), 1, "Lorem ipsum dolor sit amet")],
    "test_slides.pptx": [((), 1, "Col head 1: Cell text 1; Col head 2: Cell text 2")],
    # Two columns, read one after the other, and a table.
    "chromium.pdf": [
        (("Bicycle handbook",), 1, "This handbook tells how to look after a bicycle."),
        (("Bicycle handbook", "Left column: the chain"), 1, "Use a dry cloth first, then a drop\nof oil on each link."),
        (("Bicycle handbook", "Right column: the brakes"), 1, "Disc brakes must stay free of oil. Clean the\ndisc with alcohol"),
        (("Bicycle handbook", "Prices of parts"), 1, "Part: Brake pads; Price: 12.50 EUR; Lasts for: 2,000 km"),
        (("Bicycle handbook", "The second page"), 2, "at the shop by the river"),
    ],
    # Arabic, whose words the writer lays from the left.
    "chromium-rtl.pdf": [
        (("ساعات العمل",), 1, "المتجر مفتوح من الاثنين إلى الجمعة من الساعة التاسعة صباحا حتى السادسة مساء."),
        (("ساعات العمل", "الإيجار"), 1, "سعر استئجار الدراجة 15 يورو في اليوم،"),
    ],
    # With a picture, of which nothing is read.
    "writer.docx": [
        (("Service report",), None, "The bicycle of Mrs Kim was serviced on 3 May."),
        (("Service report", "What was done"), None, "- Both wheels were trued\n- First the chain"),
        (("Service report", "What was done"), None, "Part: Chain; Price: 19.90\nPart: Brake pads; Price: 12.50"),
        (("Service report", "Next time"), None, "Please come back in March."),
    ],
    "writer.pdf": [
        (("Service report", "What was done"), 1, "- The gears were set\n- Both wheels were trued"),
        (("Service report", "What was done"), 1, "1. First the chain\n2. Then the brakes"),
    ],
    "calc.xlsx": [(("calc",), None, 'Nr: 3; Größe: 29 "Plus"; Preis: 31,00')],
    "blk-containing-table.docx": "There is no text in the file.",
    "shp-inline-shape-access.docx": "There is no text in the file.",
    "encrypted.pdf": "The PDF is protected by a password: save it without one.",
}  # fmt: skip


@pytest.mark.parametrize("name", FOREIGN)
async def test_files_from_other_hands_are_read_or_told_to_have_no_text(name: str) -> None:
    expected = FOREIGN[name]
    if isinstance(expected, str):
        assert await refused(FILES / name) == expected
        return
    told = await read(FILES / name)
    for headings, page, part in expected:
        assert [one for one in told if one[:2] == (headings, page) and part in one[2]], told


REFUSED: dict[str, tuple[bytes, str]] = {
    "empty.txt": (b"", "The file is empty."),
    "blank.txt": (b" \n\n", "There is no text in the file."),
    "junk.pdf": (b"\0\1\2\3" * 99, "no PDF file"),
    "cut.pdf": (b"%PDF-1.7\n1 0 obj", "The PDF is broken"),
    "cut.docx": (b"PK\3\4" + bytes(99), "no DOCX file"),
    "old.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "protected by a password"),
    "photo.bin": (bytes(range(256)) * 9, "no format that can be read"),
    "bad.json": (b'{"a": 1,\n oops}', "line 2"),
    "deep.json": (b"[" * 100_000, "nested deeper"),
    "quote.csv": (b'a,b\n"' + b"x" * 2_000_000, "a quotation mark is missing"),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_what_cannot_be_read_is_told_in_a_sentence(name: str, tmp_path: Path) -> None:
    content, sentence = REFUSED[name]
    assert sentence in await refused(written(tmp_path / "upload", content), name)


async def test_a_scanned_pdf_says_what_to_do(tmp_path: Path) -> None:
    making.scan(tmp_path / "scan.pdf")
    assert "text recognition (OCR)" in await refused(tmp_path / "scan.pdf")


BOMBS: dict[str, tuple[Callable[[Path], None], str]] = {
    "bomb.pdf": (making.pdf_bomb, "needs more than 1,024 MB of memory"),
    "bomb.docx": (making.zip_bomb("word/document.xml", lying=False), "unpacks to 300 MB"),
    "lie.docx": (making.zip_bomb("word/document.xml", lying=True), "broken"),
    "bomb.xlsx": (making.zip_bomb("xl/workbook.xml", lying=False), "unpacks to 300 MB"),
    "lie.xlsx": (making.zip_bomb("xl/workbook.xml", lying=True), "broken"),
    "entities.docx": (making.xml_bomb, "broken"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", BOMBS)
async def test_a_bomb_harms_only_the_process_that_reads_it(name: str, tmp_path: Path) -> None:
    make, sentence = BOMBS[name]
    make(tmp_path / name)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert sentence in await refused(tmp_path / name)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


@pytest.mark.slow
async def test_a_messy_table_of_20000_rows_keeps_every_row(tmp_path: Path) -> None:
    with (tmp_path / "rows.csv").open("w", encoding="cp1252", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["Nr", "Größe", "Note"])
        for number in range(20_000):
            writer.writerow([f"B{number}", f'{number} "cm"', "two\nlines" if number % 7 == 0 else ""][: 2 + number % 2])
            if number % 100 == 0:
                file.write("\r\n")
    told = await read(tmp_path / "rows.csv")
    rows = [row for _, _, content in told for row in content.split("\n")]
    assert len(rows) == 20_000
    assert rows[7] == 'Nr: B7; Größe: 7 "cm"; Note: two lines'


@pytest.mark.slow
async def test_a_pdf_of_300_pages_is_read_in_seconds(tmp_path: Path) -> None:
    making.book(tmp_path / "book.pdf", pages=300)
    started = monotonic()
    told = await read(tmp_path / "book.pdf")
    assert monotonic() - started < 20
    assert told[-1][1] == 300
    assert "word299x39" in told[-1][2]


@pytest.mark.slow
async def test_too_much_time_or_text_is_refused_and_a_reader_may_leave(tmp_path: Path) -> None:
    making.book(tmp_path / "book.pdf", pages=200)
    with pytest.raises(Unreadable, match="takes too long"):
        async with aclosing(Reader(cpu_seconds=1).chunks(tmp_path / "book.pdf", name="book.pdf")) as reading:
            assert [one async for one in reading]
    async with aclosing(Reader().chunks(tmp_path / "book.pdf", name="book.pdf")) as reading:
        first = await anext(reading)
    assert first.chunk.page == 1
    text = written(tmp_path / "long.txt", b"many words in a line\n\n" * 1_100_000)
    assert "million characters" in await refused(text)


def test_the_fixtures_are_small() -> None:
    assert all(zipfile.is_zipfile(path) for path in FILES.glob("*x"))
    assert sum(path.stat().st_size for path in FILES.iterdir()) < 400_000
