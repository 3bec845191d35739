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


FOREIGN = {
    "text.pdf": "Lorem ipsum dolor sit amet",
    "blk-containing-table.docx": None,
    "shp-inline-shape-access.docx": None,
    "test_slides.pptx": "Col head 1: Cell text 1; Col head 2: Cell text 2",
}


@pytest.mark.parametrize("name", FOREIGN)
async def test_files_from_other_hands_are_read_or_told_to_have_no_text(name: str) -> None:
    expected = FOREIGN[name]
    if expected is None:
        assert await refused(FILES / name) == "There is no text in the file."
    else:
        assert expected in (await read(FILES / name))[0][2]


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


async def test_an_encrypted_and_a_scanned_pdf_say_what_to_do(tmp_path: Path) -> None:
    assert "protected by a password" in await refused(FILES / "encrypted.pdf")
    making.scan(tmp_path / "scan.pdf")
    assert "text recognition (OCR)" in await refused(tmp_path / "scan.pdf")


BOMBS: dict[str, tuple[Callable[[Path], None], str]] = {
    "bomb.pdf": (making.pdf_bomb, "needs more than 1,024 MB of memory"),
    "bomb.docx": (making.zip_bomb("word/document.xml", lying=False), "unpacks to 2,000 MB"),
    "lie.docx": (making.zip_bomb("word/document.xml", lying=True, size=300_000_000), "broken"),
    "bomb.xlsx": (making.zip_bomb("xl/workbook.xml", lying=False, size=300_000_000), "unpacks to 300 MB"),
    "lie.xlsx": (making.zip_bomb("xl/workbook.xml", lying=True, size=300_000_000), "broken"),
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
    assert sum(path.stat().st_size for path in FILES.iterdir()) < 300_000
