"""Files of every type: detected from their bytes, read, or refused with the format's name and what to submit instead."""

import io
import zipfile

import pillow_heif
import pytest

from app.evidence.reading.extraction import extract
from app.evidence.reading.limits import Limits
from app.evidence.reading.media import media_type
from app.evidence.reading.readers import pdf
from tests.making.corpus.accuracy import Tally, judge
from tests.making.corpus.drawing import Paper, as_pdf, as_picture
from tests.making.corpus.invented import Inventor
from tests.making.corpus.ofd import as_ofd
from tests.making.corpus.papers import LAYOUTS
from tests.making.corpus.registrations import colon_lines, four_column_grid

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize("layout", [colon_lines, four_column_grid, *LAYOUTS])
def test_an_ofd_file_is_read_like_a_page_of_text(layout) -> None:
    paper, tally = layout(Inventor(7)), Tally()
    judge(paper, extract(as_ofd(paper), "x.ofd").as_json(), tally, layout.__name__)
    assert tally.rate == 100.0, tally.log


def test_an_ofd_file_of_a_picture_is_recognised() -> None:
    paper, tally = colon_lines(Inventor(7)), Tally()
    judge(paper, extract(as_ofd(paper, pictured=True), "x.ofd").as_json(), tally, "picture")
    assert tally.rate > 95, tally.log


@pytest.mark.parametrize(("format", "found"), [("AVIF", "image/avif"), ("HEIF", "image/heic")])
def test_pictures_of_phones_are_read(format: str, found: str) -> None:
    if format == "HEIF":
        pillow_heif.register_heif_opener()  # writes such a picture; the product only decodes
    buffer = io.BytesIO()
    as_picture(colon_lines(Inventor(7)), dpi=150).save(buffer, format, quality=90)
    record = extract(buffer.getvalue(), "photo.jpg").as_json()
    assert (record["mediaType"], record["kind"]) == (found, "registration_certificate")


@pytest.mark.parametrize(
    ("stream", "found", "advice"),
    [
        ("WordDocument", "application/msword", "DOCX or PDF"),
        ("PowerPoint Document", "application/vnd.ms-powerpoint", "PDF"),
        ("__properties_version1.0", "application/vnd.ms-outlook", "attached"),
    ],
)
def test_office_formats_that_are_not_read_are_named(stream: str, found: str, advice: str) -> None:
    data = OLE + b"\0" * 512 + stream.encode("utf-16-le") + b"\0" * 64
    record = extract(data, "x.doc").as_json()
    assert (record["mediaType"], record["status"]) == (found, "rejected")
    assert record["reasons"][0]["code"] == "type_not_supported" and advice in record["reasons"][0]["message"]


def test_an_encrypted_ods_is_encrypted() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest:encryption-data/>")
        archive.writestr("content.xml", b"\x8f" * 200)
    assert media_type(buffer.getvalue()).endswith("opendocument.spreadsheet")
    record = extract(buffer.getvalue(), "x.ods").as_json()
    assert (record["status"], [r["code"] for r in record["reasons"]]) == ("rejected", ["encrypted"])


def _english(pages: int) -> bytes:
    """Return pages of an English text with its text layer."""
    papers = []
    for number in range(pages):
        paper = Paper()
        for n in range(20):
            paper.put(
                60, 60 + 24 * n, 12, f"Clause {number}.{n}: the supplier shall deliver the services in time and in full"
            )
        papers.append(paper)
    return as_pdf(papers)


def test_one_page_tells_whether_a_text_layer_in_another_script_is_right(monkeypatch) -> None:
    seen: list[int] = []
    recognised = pdf._recognised_page
    monkeypatch.setattr(
        pdf, "_recognised_page", lambda data, index, *rest: seen.append(index) or recognised(data, index, *rest)
    )
    record = extract(_english(5), "x.pdf").as_json()
    assert (record["pages"], seen) == (5, [0])


def test_pages_that_were_read_are_kept_when_the_time_is_over() -> None:
    limits = Limits(ocr_seconds=0.0)
    record = extract(_english(3), "x.pdf", limits).as_json()
    assert record["pages"] == 3 and "time_limit" in [r["code"] for r in record["reasons"]]
