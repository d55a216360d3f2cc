"""Text layers are read without glyph outlines: nothing is lost, and pages render as before afterwards."""

import io

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageFont
from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from app.evidence.reading.extraction import extract
from app.evidence.reading.pdf.pdf_names import Names
from app.evidence.reading.pdf.pdfium import reading_text, set_up
from app.evidence.reading.pdf.plain_font import plain_font
from app.evidence.reading.pdf.text_document import TextDocument
from tests.making.corpus import registrations
from tests.making.corpus.drawing import Paper, as_pdf
from tests.making.corpus.invented import Inventor


def drawn(data: bytes) -> bytes:
    document = pdfium.PdfDocument(data)
    try:
        return np.asarray(document[0].render(scale=1).to_numpy()).tobytes()
    finally:
        document.close()


def test_the_plain_font_has_every_character() -> None:
    font = ImageFont.truetype(io.BytesIO(plain_font()), 1000)
    letter, ideograph = font.getbbox("A", anchor="ls"), font.getbbox("证", anchor="ls")
    assert letter == (0, -700, 200, 0) and ideograph == (0, -850, 200, 90) == font.getbbox("𠮷", anchor="ls")


def test_characters_that_stand_alone_are_read() -> None:
    paper = Paper()
    for index, char in enumerate("名称：吴江区𠮷水社工站7"):
        paper.put(60 + 40 * index, 90, 14, char)
    with reading_text(), TextDocument(as_pdf([paper])) as document:
        page, _ = document.page(0)
    assert page.lines[0].chars == "名称:吴江区𠮷水社工站7"
    assert all(
        abs((b[2] - b[0]) - (14 if ord(c) > 0xFF else 7)) < 1
        for c, b in zip(page.lines[0].chars, page.lines[0].boxes, strict=True)
        if c != ":"
    )


def test_pages_are_drawn_with_real_fonts_after_reading() -> None:
    set_up()
    data = as_pdf([registrations.colon_lines(Inventor(7))])
    before = drawn(data)
    with reading_text(), TextDocument(data) as document:
        assert document.page(0)[0].lines
    assert drawn(data) == before


def test_font_programs_are_unnamed_and_all_else_stays_in_place() -> None:
    data = b"%PDF-1.7 1 0 obj<</FontFile2 3 0 R/FontFile 4 0 R/FontName/A>>endobj /ToUnicode /ByteRange"
    changed = Names(data).without_outlines(data)
    assert len(changed) == len(data) and Names(data).count(b"FontFile") == 2 and Names(changed).count(b"FontFile") == 0
    assert changed.replace(b"/FontNone", b"/FontFile") == data


def with_code(*, vector: bool) -> tuple[bytes, tuple[float, float, float, float]]:
    """Return a certificate with a code beside its title, and the code's box as shown."""
    paper = registrations.colon_lines(Inventor(3))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, (paper.width, paper.height))
    code = QrCodeWidget("https://example.org/?uscc=52320500MJ00000000", barWidth=60, barHeight=60)
    drawing = Drawing(60, 60)
    drawing.add(code)
    if vector:
        renderPDF.draw(drawing, canvas, 470, 730)
    else:
        code.qr.make()
        side = code.qr.getModuleCount()
        cells = [[not code.qr.isDark(r, c) for c in range(side)] for r in range(side)]
        picture = Image.fromarray(np.kron(np.array(cells, np.uint8) * 255, np.ones((6, 6), np.uint8)))
        canvas.drawImage(ImageReader(picture), 474, 734, 52, 52)
    canvas.save()
    with pikepdf.open(io.BytesIO(as_pdf([paper]))) as document, pikepdf.open(buffer) as stamp:
        document.pages[0].add_overlay(stamp.pages[0])
        out = io.BytesIO()
        document.save(out)
    return out.getvalue(), (470 / 595, 1 - 790 / 842, 530 / 595, 1 - 730 / 842)


@pytest.mark.parametrize("vector", [True, False])
def test_codes_are_found_where_they_stand(vector: bool) -> None:
    data, place = with_code(vector=vector)
    record = extract(data, "x.pdf").as_json()
    (code,) = record["provenance"]["qr"]
    assert code["text"] == "https://example.org/?uscc=52320500MJ00000000" and code["page"] == 1
    assert all(place[i] - 0.02 <= code["box"][i] <= place[i + 2 - i // 2 * 2] + 0.02 for i in range(4))
    assert record["kind"] == "registration_certificate"


def of_drawings(text: str, matrix: str = ".001 0 0 -.001 0 0") -> bytes:
    """Return a page whose font is one drawing per character (Type3), as browsers print."""
    document = pikepdf.new()
    glyph = document.make_stream(b"1000 0 80 -850 960 90 d1 80 -850 880 940 re f")
    lines = "".join(f"<{i:02X}><{ord(char):04X}>" for i, char in enumerate(text, 1))
    unicode_map = (
        "/CIDInit/ProcSet findresource begin begincmap 1 begincodespacerange<00><FF>endcodespacerange "
        f"{len(text)} beginbfchar{lines}endbfchar endcmap end"
    )
    names = " ".join(f"/g{i}" for i in range(1, len(text) + 1))
    font = pikepdf.Object.parse(
        f"<</Type/Font/Subtype/Type3/FontMatrix[{matrix}]/FontBBox[0 -880 1000 120]/FirstChar 1/LastChar {len(text)}"
        f"/Widths[{'1000 ' * len(text)}]/Encoding<</Type/Encoding/Differences[1 {names}]>>>>".encode()
    )
    font.CharProcs = pikepdf.Dictionary({f"/g{i}": glyph for i in range(1, len(text) + 1)})
    font.ToUnicode = document.make_stream(unicode_map.encode())
    page = document.add_blank_page(page_size=(595, 842))
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=document.make_indirect(font)))
    shown = "".join(f"{i:02X}" for i in range(1, len(text) + 1))
    page.Contents = document.make_stream(f"BT /F 20 Tf 1 0 0 1 100 700 Tm <{shown}> Tj ET".encode())
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_fonts_of_drawings_are_read_without_them() -> None:
    data = of_drawings("苏州社工")
    names = Names(data)
    shapeless = names.without_outlines(data)
    assert not names.need_outlines and len(shapeless) == len(data)
    with reading_text(), TextDocument(shapeless, mapped=True) as document:
        (line,) = document.page(0)[0].lines
    assert line.chars == "苏州社工" and [round(box[0]) for box in line.boxes] == [100, 120, 140, 160]
    assert all(120 < box[1] < 142 < box[3] + 1 < 147 for box in line.boxes)


def test_fonts_of_drawings_in_another_scale_are_read_with_them() -> None:
    assert Names(of_drawings("苏州社工", matrix=".0005 0 0 -.0005 0 0")).need_outlines
