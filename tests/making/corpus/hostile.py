"""Files that attack the service that reads them: bombs, truncated, encrypted, cyclic and endless files, wrong types,
polyglots.
"""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import lru_cache

import pikepdf
import xlsxwriter

from tests.making.corpus.drawing import as_pdf, as_picture
from tests.making.corpus.invented import Inventor
from tests.making.corpus.registrations import colon_lines

MIB = 1 << 20


@lru_cache(maxsize=1)
def certificate() -> bytes:
    return as_pdf([colon_lines(Inventor(3))])


@lru_cache(maxsize=4)
def picture(kind: str) -> bytes:
    buffer = io.BytesIO()
    as_picture(colon_lines(Inventor(3)), dpi=60).crop((0, 40, 496, 130)).save(buffer, kind)
    return buffer.getvalue()


def archive(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return buffer.getvalue()


def roster() -> bytes:
    return "姓名,身份证号,用工形式\n张三,320508198501010017,全职\n".encode()


def workbook(sheet: bytes) -> bytes:
    """Return a valid workbook except for its one sheet."""
    plain, made = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(plain) as book:
        book.add_worksheet("a")
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else source.read(name))
    return made.getvalue()


def _locked() -> bytes:
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(certificate())) as document:
        document.save(buffer, encryption=pikepdf.Encryption(owner="o", user="u"))
    return buffer.getvalue()


def _pages(count: int) -> bytes:
    kids = " ".join(f"{n} 0 R" for n in range(4, 4 + count))
    objects = ["1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj", f"2 0 obj<</Type/Pages/Count {count}/Kids[{kids}]>>endobj"]
    objects += [f"{n} 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj" for n in range(4, 4 + count)]
    return ("%PDF-1.4\n" + "\n".join(objects) + "\ntrailer<</Root 1 0 R>>\n%%EOF").encode()


def _objects(*bodies: str, stream: bytes | None = None) -> bytes:
    """Return a PDF of these objects, without a cross-reference table; the last may be a compressed stream."""
    parts = [f"{n} 0 obj{body}endobj\n".encode() for n, body in enumerate(bodies, 1)]
    if stream is not None:
        head = f"{len(bodies) + 1} 0 obj<</Length {len(stream)}/Filter/FlateDecode>>stream\n".encode()
        parts.append(head + stream + b"\nendstream endobj\n")
    return b"%PDF-1.7\n" + b"".join(parts) + b"trailer<</Root 1 0 R>>\n%%EOF"


def _content_bomb() -> bytes:
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 500 500]/Contents 4 0 R>>"
    pages = "<</Type/Pages/Count 1/Kids[3 0 R]>>"
    return _objects(
        "<</Type/Catalog/Pages 2 0 R>>", pages, page, stream=zlib.compress(b"0 0 m 9 9 l S\n" * 4_000_000, 9)
    )


def _own_parent() -> bytes:
    return _objects("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 5/Kids[2 0 R 2 0 R]/Parent 2 0 R>>")


def _deep() -> bytes:
    return _objects(
        "<</Type/Catalog/Pages 2 0 R/X " + "[" * 60_000 + "]" * 60_000 + ">>", "<</Type/Pages/Count 0/Kids[]>>"
    )


def _form_in_itself() -> bytes:
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 5 0 R/Resources<</XObject<</F 4 0 R>>>>>>"
    form = "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 4 0 R>>>>/Length 5>>stream\n/F Do\nendstream "
    pages = "<</Type/Pages/Count 1/Kids[3 0 R]>>"
    return _objects("<</Type/Catalog/Pages 2 0 R>>", pages, page, form, stream=zlib.compress(b"/F Do " * 50_000))


def _png(wide: int, high: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


def _endless_tiff() -> bytes:
    """Return a directory of pictures whose next entry is itself."""
    tags = [
        (256, 4, 1, 8),
        (257, 4, 1, 8),
        (258, 3, 1, 8),
        (259, 3, 1, 1),
        (262, 3, 1, 1),
        (273, 4, 1, 8),
        (278, 4, 1, 8),
        (279, 4, 1, 64),
    ]
    entries = b"".join(struct.pack("<HHII", *tag) for tag in tags)
    return (
        b"II*\0" + struct.pack("<I", 72) + b"\x99" * 64 + struct.pack("<H", len(tags)) + entries + struct.pack("<I", 72)
    )


_LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]>"
)
_CELL = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="%s" t="inlineStr"><is><t>%s</t></is></c></row></sheetData></worksheet>'  # noqa: E501

FILES: dict[str, Callable[[], bytes]] = {
    "nothing.pdf": lambda: b"",
    "noise.bin": lambda: random.Random(5).randbytes(50_000),
    "page.html": lambda: b"<!DOCTYPE html><html><body>not a certificate</body></html>",
    "program.pdf": lambda: b"\x7fELF" + bytes(4000),
    "only-a-header.pdf": lambda: b"%PDF-1.7\n%%EOF",
    "locked.pdf": _locked,
    "locked.xlsx": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") * 99,
    "ten-thousand-pages.pdf": lambda: _pages(10_000),
    "content-bomb.pdf": _content_bomb,
    "own-parent.pdf": _own_parent,
    "deep.pdf": _deep,
    "form-in-itself.pdf": _form_in_itself,
    "nine-hundred-megapixels.png": lambda: _png(30_000, 30_000),
    "longest-side.png": lambda: _png(2**31 - 1, 1),
    "endless.tif": _endless_tiff,
    "bomb.xlsx": lambda: workbook(b"0" * (40 * MIB)),
    "bomb.docx": lambda: archive({"word/document.xml": b"<w/>" * (12 * MIB)}),
    "many-members.xlsx": lambda: archive({"xl/workbook.xml": b"<x/>"} | {f"xl/{n}": b"" for n in range(20_000)}),
    "entities.xlsx": lambda: workbook(_LAUGHS + _CELL % (b"A1", b"&j;")),
    "entities.docx": lambda: archive({"word/document.xml": _LAUGHS + b"<w:document>&j;</w:document>"}),
    "outside-file.xlsx": lambda: workbook(b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + _CELL % (b"A1", b"&a;")),
    "last-cell.xlsx": lambda: workbook(_CELL % (b"XFD1048576", b"x")),
    "climbing-out.xlsx": lambda: archive({"../../../tmp/out": b"x", "xl/workbook.xml": b"<x/>"}),
    "one-line.csv": lambda: roster() + b"a," * (8 * MIB),
    "zeros.csv": lambda: roster() + bytes(MIB),
    "formulas.csv": lambda: roster() + "=cmd|'/c calc'!A1,@SUM(1),全职\n".encode(),
    "picture-then-pdf.pdf": lambda: picture("JPEG") + certificate(),
    "zip-then-pdf.pdf": lambda: archive({"a.txt": b"x"}) + certificate(),
    "pdf-then-zip.xlsx": lambda: certificate() + workbook(_CELL % (b"A1", b"x")),
    "picture-named.pdf": lambda: picture("PNG"),
    "sheet-named.jpg": roster,
}  # fmt: skip


def cut() -> Iterator[tuple[str, bytes]]:
    """Return complete files truncated at several positions."""
    whole = {
        "x.pdf": certificate(),
        "x.png": picture("PNG"),
        "x.jpg": picture("JPEG"),
        "x.xlsx": workbook(_CELL % (b"A1", b"x")),
    }
    for name, data in whole.items():
        for share in (0.1, 0.6, 0.97):
            yield f"cut-at-{share}-{name}", data[: int(len(data) * share)]


def flipped(count: int) -> Iterator[tuple[str, bytes]]:
    """Return complete files with a few bytes changed, from one seed."""
    dice = random.Random(11)
    whole = [("x.pdf", certificate()), ("x.png", picture("PNG")), ("x.xlsx", workbook(_CELL % (b"A1", b"x")))]
    for number in range(count):
        name, data = whole[number % len(whole)]
        changed = bytearray(data)
        for _ in range(dice.randint(1, 40)):
            changed[dice.randrange(len(changed))] = dice.randrange(256)
        yield f"flipped-{number}-{name}", bytes(changed)
