"""Render a page as a PNG for the officer who checks a value: bounded in size, with identity numbers blackened where the
role may not see them.
"""

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw

from app.evidence.reading import media
from app.evidence.reading.limits import Limits

_NARROWEST, _WIDEST = 64, 2400


class PageRefused(Exception):
    """No picture of this page can be given; the code is stable."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def page_png(data: bytes, page: int, width: int, masks: Sequence[Sequence[float]], limits: Limits) -> bytes:
    """Return page `page` (from 1) of a PDF or picture, `width` pixels wide (64 to 2400); `masks` are boxes in 0..1 of
    the page as shown.
    """
    wide = max(_NARROWEST, min(_WIDEST, width))
    kind = media.media_type(data)
    if kind == media.PDF_TYPE:
        picture = _pdf_page(data, page, wide, limits)
    elif kind in media.IMAGE_TYPES:
        picture = _frame(data, kind, page, wide, limits)
    else:
        raise PageRefused("no_pages", "files of this type have no pages to show")
    _blacken(picture, masks)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def _pdf_page(data: bytes, page: int, wide: int, limits: Limits) -> Pillow.Image:
    import pypdfium2 as pdfium

    from app.evidence.reading.pdf.pdfium import set_up

    set_up()
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise PageRefused("damaged", "the PDF cannot be opened") from error
    try:
        if not 1 <= page <= min(len(document), limits.pages):
            raise PageRefused("no_such_page", "the document has no such page")
        handle = document[page - 1]
        across, down = handle.get_size()
        scale = min(wide / max(1.0, across), (limits.pixels / max(1.0, across * down)) ** 0.5)
        picture: Pillow.Image = handle.render(scale=scale).to_pil().convert("RGB")
    except pdfium.PdfiumError as error:
        raise PageRefused("damaged", "the page cannot be shown") from error
    finally:
        document.close()
    return picture


def _frame(data: bytes, kind: str, page: int, wide: int, limits: Limits) -> Pillow.Image:
    from app.evidence.reading.recognition.image_files import PictureRefused, count_frames, open_frame

    try:
        if not 1 <= page <= min(count_frames(data, kind, limits), limits.pages):
            raise PageRefused("no_such_page", "the document has no such page")
        picture = Pillow.fromarray(np.ascontiguousarray(open_frame(data, kind, page - 1, limits))).convert("RGB")
    except PictureRefused as error:
        raise PageRefused(error.code, error.message) from error
    if picture.width > wide:
        picture = picture.resize(
            (wide, max(1, round(picture.height * wide / picture.width))), Pillow.Resampling.LANCZOS
        )
    return picture


def _blacken(picture: Pillow.Image, masks: Sequence[Sequence[float]]) -> None:
    draw = ImageDraw.Draw(picture)
    for x0, y0, x1, y1 in masks:
        pad = 0.25 * (y1 - y0) * picture.height
        box = (x0 * picture.width - pad, y0 * picture.height - pad, x1 * picture.width + pad, y1 * picture.height + pad)
        draw.rectangle(box, fill="black")
