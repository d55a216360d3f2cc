"""Scans and photos: a sample of layouts with each kind of damage, read without a text layer."""

import io

import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageFilter

from app.evidence.reading.extraction import extract
from tests.making.corpus import damage, papers, registrations
from tests.making.corpus.accuracy import Tally, judge
from tests.making.corpus.drawing import Paper, as_picture
from tests.making.corpus.invented import Inventor

CASES = (
    (registrations.colon_lines, damage.tilted, 99.0),
    (registrations.four_column_grid, damage.bilevel, 90.0),
    (registrations.spelled_dates, damage.grey, 80.0),
    (papers.worker_pair, damage.quarter, 90.0),
    (papers.insurance_span, damage.clean, 97.0),
    (papers.declaration, damage.photo, 75.0),
    (papers.annual_table, damage.upside_down, 75.0),
    (papers.worker_single, damage.watermark, 85.0),
)


def _png(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize(("layout", "harm", "least"), CASES, ids=lambda c: getattr(c, "__name__", str(c)))
def test_damaged_pictures_are_read_or_reviewed(layout, harm, least: float) -> None:
    paper: Paper = layout(Inventor(21))
    picture, matrix = harm(as_picture(paper, dpi=150), np.random.default_rng(3))
    record = extract(_png(picture), "scan.png").as_json()
    tally = Tally()
    judge(paper, record, tally, layout.__name__, matrix=matrix)
    assert tally.rate >= least, tally.log
    assert tally.counts["confident"] == 0, tally.log
    for truth in paper.truth:
        found = [f for f in record["fields"] if f["field"] == truth.field and f["value"] is not None]
        assert not found or any(_hits(f["box"], truth.box, matrix, paper, picture) for f in found), truth.field


def _hits(box: list[float], true: tuple[float, ...], matrix: np.ndarray, paper: Paper, picture: Image.Image) -> bool:
    """Check that the middle of the found box, mapped back to the clean page, is close to the true one."""
    middle = np.array([(box[0] + box[2]) / 2 * picture.width, (box[1] + box[3]) / 2 * picture.height, 1.0])
    x, y, w = np.linalg.inv(matrix) @ middle
    scale = 150 / 72
    x, y = x / w / (paper.width * scale), y / w / (paper.height * scale)
    return true[0] - 0.03 <= x <= true[2] + 0.03 and true[1] - 0.03 <= y <= true[3] + 0.03


def test_a_page_blurred_beyond_reading_says_so() -> None:
    picture = as_picture(registrations.colon_lines(Inventor(2)), dpi=110).filter(ImageFilter.GaussianBlur(7))
    record = extract(_png(picture), "blur.png").as_json()
    assert record["status"] != "extracted"
    assert all(f["value"] is None or f["confidence"] < 0.9 for f in record["fields"])


def test_exif_turns_the_picture_as_a_viewer_does() -> None:
    paper = papers.declaration(Inventor(11))
    picture = as_picture(paper, dpi=120)
    exif = Image.Exif()
    exif[274] = 6  # displayed clockwise, so stored turned the other way
    buffer = io.BytesIO()
    picture.transpose(Image.Transpose.ROTATE_90).save(buffer, "JPEG", quality=90, exif=exif)
    record = extract(buffer.getvalue(), "photo.jpg").as_json()
    tally = Tally()
    judge(paper, record, tally, "exif")
    assert tally.rate == 100.0, tally.log


def test_a_bar_code_is_kept_as_evidence() -> None:
    picture = as_picture(papers.declaration(Inventor(12)), dpi=120)
    code = np.array(
        zxingcpp.write_barcode_to_image(
            zxingcpp.create_barcode("https://verify.example/c/1", zxingcpp.BarcodeFormat.QRCode), scale=4
        )
    )
    picture.paste(Image.fromarray(code), (60, 900))
    found = extract(_png(picture), "qr.png").as_json()["provenance"]["qr"]
    assert [(q["text"], q["page"]) for q in found] == [("https://verify.example/c/1", 1)]
