"""Measure the speed of extraction as ratios in one run: text pages and ruled tables against pdfplumber, scans against
rapidocr's defaults, XLSX against openpyxl.

    python benchmarks/extract.py [--pages N] [--scans N] [--require]

The documents are generated (tests/making/corpus). Both sides of each ratio read the same files and must find the same
values.

pdfplumber's side: its words with the boxes of their characters, its edges, and from them the same fields by our own
rules (`finish`), whose time therefore counts on both sides. Times are CPU time of one process, with files opened for
each run. The time PDFium needs for the same files, without our code, bounds the ratio: it is measured in the same run.
"""

import argparse
import io
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import pdfplumber
from openpyxl import Workbook, load_workbook
from PIL import Image
from pypdfium2 import raw
from rapidocr import RapidOCR

from app.evidence.reading.certificates.grouping import finish
from app.evidence.reading.extraction import extract
from app.evidence.reading.layout.page import Box, Page, Ruling, join_runs, make_line
from app.evidence.reading.limits import Limits
from app.evidence.reading.pdf.pdf_names import Names
from app.evidence.reading.pdf.pdfium import reading_text
from app.evidence.reading.recognition.ocr import recogniser
from app.evidence.reading.recognition.recognise import recognise
from app.evidence.reading.record import Extraction
from app.evidence.reading.rosters.importer import read_roster
from app.evidence.reading.rosters.spreadsheet import read_workbook
from tests.making.corpus import damage, papers, registrations
from tests.making.corpus.drawing import Paper, as_pdf, as_picture, font_files
from tests.making.corpus.invented import Inventor

TARGETS = {"text": 15.0, "text, fonts embedded": 15.0, "tables": 3.0, "scans": 1.5, "xlsx": 10.0}
TABLE_FREE = (
    registrations.colon_lines,
    registrations.two_columns,
    registrations.labels_above,
    registrations.spelled_dates,
    papers.worker_single,
    papers.declaration,
)
RULED = (papers.insurance_span, papers.insurance_months, registrations.four_column_grid)


def least(work: Callable[[], Any]) -> tuple[float, Any]:
    """Measure like `cpu`, the shortest of three times."""
    return min((cpu(work) for _ in range(3)), key=lambda timed: timed[0])


def cpu(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return CPU seconds of this process, and the result."""
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def by_pdfplumber(data: bytes) -> Extraction:
    """Extract the same fields from the characters, lines and rectangles that pdfplumber finds."""
    out = Extraction("x.pdf", "", "application/pdf")
    with pdfplumber.open(io.BytesIO(data)) as document:
        finish([_page(page, number) for number, page in enumerate(document.pages, 1)], out)
    return out


def _page(page: Any, number: int) -> Page:
    width, height = float(page.width), float(page.height)

    def view(box: Box) -> Box:
        return box[0] / width, box[1] / height, box[2] / width, box[3] / height

    words = page.extract_words(return_chars=True, use_text_flow=True)
    placed = ([(c["text"], (c["x0"], c["top"], c["x1"], c["bottom"])) for c in word["chars"]] for word in words)
    runs = [line for line in map(make_line, placed) if line]
    made = Page(number, join_runs(runs), width, height, "text", view)
    for edge in page.edges:
        ruling = Ruling(edge["x0"], edge["top"], edge["x1"], edge["bottom"])
        (made.horizontal if edge["orientation"] == "h" else made.vertical).append(ruling)
    return made


def values(record: Extraction) -> list[Any]:
    """Return what must be equal on both sides."""
    fields = sorted((f["group"], f["field"], str(f["value"])) for f in record.fields)
    return [fields, [{k: v for k, v in row.items() if k not in ("box", "confidence")} for row in record.rows]]


def by_pdfium(data: bytes) -> None:
    """Do the unavoidable work: open, load the page and its text, query each character's box, close."""
    document = raw.FPDF_LoadMemDocument64(data, len(data), None)
    page = raw.FPDF_LoadPage(document, 0)
    text = raw.FPDFText_LoadPage(page)
    rect = raw.FS_RECTF()
    for index in range(raw.FPDFText_CountChars(text)):
        raw.FPDFText_GetLooseCharBox(text, index, rect)
    raw.FPDFText_ClosePage(text)
    raw.FPDF_ClosePage(page)
    raw.FPDF_CloseDocument(document)


def bound(files: list[bytes], theirs: float) -> float:
    """Return the ratio if only PDFium took time."""
    bare = [Names(data).without_outlines(data) for data in files]
    with reading_text():
        return theirs / cpu(lambda: [by_pdfium(data) for data in bare])[0]


def against_pdfplumber(layouts: tuple[Callable[[Inventor], Paper], ...], count: int, font: str = "") -> float:
    files = [as_pdf([layouts[n % len(layouts)](Inventor(n))], font=font) for n in range(count)]
    extract(files[0], "warm.pdf")
    by_pdfplumber(files[0])
    ours, mine = cpu(lambda: [extract(data, "x.pdf") for data in files])
    theirs, other = cpu(lambda: [by_pdfplumber(data) for data in files])
    unequal = sum(values(a) != values(b) for a, b in zip(mine, other, strict=True))
    print(
        f"  {count} pages: {1000 * ours / count:.2f} ms a page against {1000 * theirs / count:.2f} ms; files with unequal values: {unequal}"
    )
    print(f"  PDFium alone: {bound(files, theirs):.1f} times")
    return theirs / ours


def against_rapidocr(count: int) -> float:
    layouts = (*registrations.LAYOUTS[:3], papers.worker_single, papers.insurance_span, papers.annual_table)
    rng = np.random.default_rng(1)
    pictures = []
    for n in range(count):
        harm = (damage.clean, damage.grey, damage.bilevel, damage.noise)[n % 4]
        picture, _ = harm(as_picture(layouts[n % len(layouts)](Inventor(n)), dpi=(150, 200)[n % 2], font=n % 2), rng)
        pictures.append(np.asarray(picture.convert("RGB")))
    one_thread = {
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        "Global.log_level": "critical",
    }
    default = RapidOCR(params=one_thread)
    recogniser().find(pictures[0])
    ours = [cpu(lambda image=image: recognise(image, 1))[0] for image in pictures]
    theirs = [cpu(lambda image=image: default(np.ascontiguousarray(image[:, :, ::-1])))[0] for image in pictures]
    print(f"  {count} pages: median {statistics.median(ours):.2f} CPU s a page against {statistics.median(theirs):.2f}")
    return statistics.median(theirs) / statistics.median(ours)


def against_openpyxl(lines: int) -> float:
    by, book = Inventor(1), Workbook()
    sheet = book.active
    sheet.append(
        [
            "序号",
            "姓名",
            "身份证号码",
            "岗位",
            "用工形式",
            "合同起始日期",
            "合同终止日期",
            "社保缴纳单位",
            "社保起始年月",
            "社保截止年月",
            "社工证级别",
            "管理号",
            "批准日期",
        ]
    )
    for n in range(lines):
        sheet.append(
            [
                n + 1,
                by.person(),
                by.resident_id(),
                "社工",
                "全职",
                "2016-01-01",
                "2019-12-31",
                "苏州市某某社会工作服务社",
                "2016-12",
                "2017-05",
                "社会工作师",
                by.number(2015),
                "2015-06-01",
            ]
        )
    buffer = io.BytesIO()
    book.save(buffer)
    data = buffer.getvalue()
    read_cells(data)
    ours, roster = least(lambda: read_cells(data))
    theirs, rows = least(lambda: list(load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True)))
    lean, _ = least(lambda: list(load_workbook(io.BytesIO(data), read_only=True).active.iter_rows(values_only=True)))
    whole, imported = least(lambda: read_roster(data, "r.xlsx"))
    print(
        f"  {lines} lines: {lines / ours:,.0f} rows/s against {lines / theirs:,.0f} ({lines / lean:,.0f} read-only); "
        f"with every value understood {lines / whole:,.0f}"
    )
    assert len(roster) == len(rows) and len(imported.rows) == lines
    return theirs / ours


def read_cells(data: bytes) -> list[tuple[Any, ...]]:
    return list(read_workbook(data, Limits())[0].rows)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--scans", type=int, default=8)
    parser.add_argument("--require", action="store_true", help="exit 1 unless every ratio reaches its target")
    args = parser.parse_args()
    Image.MAX_IMAGE_PIXELS = None
    embedded = next((path for path in font_files() if path.endswith(".ttc")), "")
    parts: dict[str, Callable[[], float]] = {
        "text": lambda: against_pdfplumber(TABLE_FREE, args.pages),
        "text, fonts embedded": lambda: against_pdfplumber(TABLE_FREE, args.pages, embedded),
        "tables": lambda: against_pdfplumber(RULED, args.pages // 2),
        "scans": lambda: against_rapidocr(args.scans),
        "xlsx": lambda: against_openpyxl(5000),
    }
    if not embedded:
        print("no TrueType font for Chinese on this machine: embedded ones are not measured")
        del parts["text, fonts embedded"]
    missed = 0
    for name, part in parts.items():
        print(name)
        ratio = part()
        missed += ratio < TARGETS[name]
        print(f"  ratio {ratio:.1f} (target {TARGETS[name]:g})")
    sys.exit(1 if args.require and missed else 0)


if __name__ == "__main__":
    main()
