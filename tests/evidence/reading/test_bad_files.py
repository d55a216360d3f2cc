"""Hostile and broken files end as a record with a reason; the pool keeps responding, and its children have no network."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

import pikepdf
import pytest
from openpyxl import Workbook
from PIL import Image

from app.evidence.reading.isolation.pool import PageUnavailable, Pool
from app.evidence.reading.limits import MIB, Limits
from tests.making.corpus.drawing import as_pdf
from tests.making.corpus.invented import Inventor
from tests.making.corpus.registrations import colon_lines


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool(1, Limits(text_seconds=8, ocr_seconds=60)) as one:
        yield one


@pytest.fixture(scope="module")
def good() -> bytes:
    return as_pdf([colon_lines(Inventor(3))])


def _codes(record: dict) -> list[str]:
    return [r["code"] for r in record["reasons"]]


def _encrypted() -> bytes:
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(as_pdf([colon_lines(Inventor(3))]))) as document:
        document.save(buffer, encryption=pikepdf.Encryption(owner="o", user="u"))
    return buffer.getvalue()


def _zip(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def _png_header(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def _sparse_sheet() -> bytes:
    book = Workbook()
    book.active["A1"] = "姓名"
    book.active["XFD1048576"] = "x"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


BOMB = _zip({"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": b"0" * (30 * MIB)})
FILES = {
    "empty": (b"", "rejected", "empty_file"),
    "unknown bytes": (bytes(range(256)) * 8, "rejected", "type_not_supported"),
    "encrypted PDF": (_encrypted(), "rejected", "encrypted"),
    "PDF of nothing": (b"%PDF-1.7\n%%EOF", "rejected", "damaged"),
    "zip that is none": (b"PK\x03\x04" + b"\0" * 400, "rejected", "type_not_supported"),
    "bomb": (BOMB, "needs_review", "unpacked_ratio"),
    "sparse sheet": (_sparse_sheet(), "needs_review", "cells_not_read"),
    "900 megapixels": (_png_header(30_000, 30_000), "needs_review", "too_many_pixels"),
    "picture cut off": (_png_header(200, 200), "rejected", "damaged"),
    "XLSX with a password": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") * 9,
        "rejected",
        "encrypted",
    ),
    "OFD of nothing": (_zip({"OFD.xml": b"<ofd/>"}), "needs_review", "nothing_readable"),
    "OFD cut off": (_zip({"OFD.xml": b"<ofd"}), "rejected", "damaged"),
    "table without people": ("物品,数量\n椅子,4\n".encode("gb18030"), "needs_review", "header_not_found"),
}


@pytest.mark.parametrize("name", FILES)
def test_each_bad_file_has_its_reason(pool: Pool, name: str) -> None:
    data, status, code = FILES[name]
    record = pool.extract(data, f"{name}.pdf")
    assert (record["status"], _codes(record)) == (status, [code])


def test_a_picture_named_pdf_is_a_picture(pool: Pool, good: bytes) -> None:
    record = pool.extract(_png_header(64, 64), "certificate.pdf")
    assert record["mediaType"] == "image/png"


def test_a_truncated_pdf_is_mended_or_refused_never_an_error(pool: Pool, good: bytes) -> None:
    for share in (0.2, 0.5, 0.8, 0.98):
        record = pool.extract(good[: int(len(good) * share)], "cut.pdf")
        assert record["status"] in ("needs_review", "rejected") and record["reasons"]


def test_a_file_past_the_size_is_not_even_sent(good: bytes) -> None:
    with Pool(1, Limits(file_bytes=1000)) as small:
        assert _codes(small.extract(good, "x.pdf")) == ["file_too_large"]


def test_pages_past_the_limit_are_named(good: bytes) -> None:
    pages = as_pdf([colon_lines(Inventor(n)) for n in range(4)])
    record = Pool(1)
    with record as pool:
        assert "too_many_pages" not in _codes(pool.extract(pages, "x.pdf"))


def test_limits_of_time_and_memory_end_the_child_not_the_pool(good: bytes) -> None:
    with Pool(1, Limits(text_memory=4 * MIB)) as narrow:
        assert _codes(narrow.extract(good, "x.pdf")) == ["memory_limit"]
    with Pool(1) as pool:
        child_task = {"task": "probe"}
        with pool._child("text") as child, pytest.raises(Exception, match="longer than allowed"):
            child.tasks = 1
            child.ask(child_task, b"", -1.0, MIB * 1000, 100)
        assert pool.extract(good, "x.pdf")["status"] == "extracted"


def test_a_crash_in_native_code_is_a_reason(good: bytes) -> None:
    with Pool(1) as pool:
        with pool._child("text") as child:
            child.process.kill()
        assert _codes(pool.extract(good, "x.pdf")) in ([], ["memory_limit"], ["reader_crashed"])
        assert pool.extract(good, "x.pdf")["status"] == "extracted"


def test_children_cannot_open_a_socket(pool: Pool) -> None:
    assert pool.probe("text")["networkClosed"] is True
    assert pool.probe("ocr")["networkClosed"] is True


def test_page_pictures_are_bounded_and_masked(pool: Pool, good: bytes) -> None:
    shown = Image.open(io.BytesIO(pool.page_png(good, 1, 600, [[0.2, 0.2, 0.4, 0.3]])))
    assert shown.size[0] == 600 and shown.convert("L").getpixel((180, 210)) == 0
    assert Image.open(io.BytesIO(pool.page_png(good, 1, 99_999))).size[0] <= 2400
    for page in (0, 2):
        with pytest.raises(PageUnavailable) as refused:
            pool.page_png(good, page)
        assert refused.value.code == "no_such_page"
