"""Text layers read without the shapes of their characters: nothing is lost by it, and pages are drawn as ever afterwards."""

import io

import numpy as np
import pypdfium2 as pdfium
from corpus import registrations
from corpus.drawing import Paper, as_pdf
from corpus.invented import Inventor
from PIL import ImageFont

from app.documents.pdfium import reading_text, set_up
from app.documents.plain_font import plain_font
from app.documents.text_document import TextDocument, names_in, without_outlines


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
        page = document.page(0)
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
        assert document.page(0).lines
    assert drawn(data) == before


def test_font_programs_are_unnamed_and_all_else_stays_in_place() -> None:
    data = b"%PDF-1.7 1 0 obj<</FontFile2 3 0 R/FontFile 4 0 R/FontName/A>>endobj /ToUnicode /ByteRange"
    changed = without_outlines(data)
    assert len(changed) == len(data) and names_in(data)[b"/FontFile"] == 2 and names_in(changed)[b"/FontFile"] == 0
    assert changed.replace(b"/FontNone", b"/FontFile") == data
