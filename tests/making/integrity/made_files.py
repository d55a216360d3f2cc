"""Files as bidders submit them: PDF, DOCX, XLSX, with creation metadata; all invented."""

import io
import random
from datetime import UTC, datetime

import docx
import openpyxl
import pikepdf
from PIL import Image

from app.sample.papers.fonts import register
from app.sample.papers.press import print_pdf
from app.sample.papers.sheet import Sheet, characters

MADE = datetime(2026, 5, 1, 2, 3, 4, tzinfo=UTC)


def scan(seed=1):
    """Return a picture that is too large to count as an ornament."""
    buffer = io.BytesIO()
    noise = random.Random(seed).randbytes(300 * 400)
    Image.frombytes("L", (300, 400), noise).save(buffer, "JPEG")
    return buffer.getvalue()


def pdf(pages, author="林晚舟", made="D:20260501100304+08'00'", picture=None):
    """Return a PDF with these lines on its pages, its own time, and a picture on the last page."""
    sheets = []
    for lines in pages:
        sheet = Sheet()
        for number, text in enumerate(lines):
            sheet.text(60, 60 + 22 * number, text)
        sheets.append(sheet)
    names = register(characters(sheets))
    data = io.BytesIO(print_pdf(sheets, "方案", author, names))
    out = io.BytesIO()
    with pikepdf.open(data) as document:
        document.docinfo["/CreationDate"] = made
        if picture:
            _place(document, picture)
        document.save(out, deterministic_id=True)
    return out.getvalue()


def _place(document, picture):
    image = pikepdf.Stream(document, picture)
    image.update({"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, "/Width": 300, "/Height": 400})
    image.update({"/ColorSpace": pikepdf.Name.DeviceGray, "/BitsPerComponent": 8, "/Filter": pikepdf.Name.DCTDecode})
    page = document.pages[-1]
    name = page.add_resource(image, pikepdf.Name.XObject)
    page.contents_add(f"q 297.5 0 0 421 59.5 84.2 cm {name} Do Q".encode())


def word(paragraphs, author="林晚舟", made=MADE, picture=None):
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if picture:
        document.add_picture(io.BytesIO(picture))
    document.core_properties.author, document.core_properties.created = author, made
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def sheet(author="林晚舟"):
    book = openpyxl.Workbook()
    book.properties.creator, book.properties.created = author, MADE
    book.active["A1"] = "姓名"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def plan(seed, sentences=24):
    """Return sentences that no other bidder writes."""
    source = random.Random(seed)
    words = [a + b for a in "探访协商培训疏导" for b in "小组市集讲堂汇演"]

    def sentence(number):
        return f"第{number}周由{seed}组在{source.choice(words)}室开展{''.join(source.sample(words, 8))}活动并记录成效。"

    return [sentence(number) for number in range(sentences)]
