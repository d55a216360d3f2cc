"""PDF files page by page. Runs in a child process: PDFium may abort it on a hostile file."""

import re
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from app.documents import provenance
from app.documents.certificates import finish
from app.documents.characters import han_share
from app.documents.limits import Limits
from app.documents.page import Page
from app.documents.pdf_text import read_page
from app.documents.pdfium import set_up
from app.documents.repair import mended
from app.documents.result import REJECTED, Extraction

_FEW = 12  # characters: a page with fewer is a picture with a stray label


def read_pdf(data: bytes, out: Extraction, limits: Limits, *, pictures: bool) -> int:
    """Read all pages up to the limit; encrypted and damaged files are said to be so.

    Gives the number of pages that need recognition; without `pictures` nothing is read when there are any.
    """
    set_up()
    document = _open(data, out)
    if document is None:
        return 0
    try:
        out.pages = len(document)
        count = min(out.pages, limits.pages)
        pages = [_text_page(document, index, out) for index in range(count)]
        unsound = [
            i for i, page in enumerate(pages) if (page is None or not is_sound(page)) and _has_pictures(document, i)
        ]
        if unsound and not pictures:
            return len(unsound)
        if out.pages > limits.pages:
            out.doubt("too_many_pages", f"the file has {out.pages} pages; the first {limits.pages} were read")
        _note_origin(document, data, out)
        for index in unsound:
            pages[index] = _recognised_page(document, index, out, limits)
        read = [p for p in pages if p is not None]
        _note_codes(document, [p for p in read if p.method == "text"], out)
        finish(read, out)
    finally:
        document.close()
    return 0


def _open(data: bytes, out: Extraction) -> Any:
    """The document, mended once where it is damaged; None with the reason in the record."""
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD or "password" in str(error).lower():
            out.kind = "other"
            out.doubt("encrypted", "the PDF is protected by a password", REJECTED)
            return None
    whole = mended(data)
    try:
        document = pdfium.PdfDocument(whole) if whole else None
    except pdfium.PdfiumError:
        document = None
    if document is None:
        out.kind = "other"
        out.doubt("damaged", "the PDF is damaged and cannot be opened", REJECTED)
    else:
        out.doubt("repaired", "the PDF is damaged; what could be recovered was read, pages may be missing")
    return document


def _note_origin(document: Any, data: bytes, out: Extraction) -> None:
    said = {key: document.get_metadata_value(key) for key in ("Producer", "Author", "CreationDate")}
    provenance.note(
        out,
        producer=said["Producer"],
        author=said["Author"],
        created_at=provenance.pdf_time(said["CreationDate"] or ""),
    )
    signed = provenance.signatures(data)
    if signed:
        out.provenance["signature"] = signed
        if any(s.get("altered") or s.get("intact") is False for s in signed):
            out.doubt("signature_broken", "the file was changed after it was signed")


def _note_codes(document: Any, pages: list[Page], out: Extraction) -> None:
    """Bar codes of pages with a text layer, where something on the page may be one."""
    for page in pages:
        if not page.may_hold_code:
            continue
        handle = document[page.number - 1]
        try:
            image = handle.render(scale=150 / 72, grayscale=True).to_numpy()
            provenance.note_codes(out, page, provenance.bar_codes(image.reshape(image.shape[:2])))
        finally:
            handle.close()


def _text_page(document: Any, index: int, out: Extraction) -> Page | None:
    try:
        handle = document[index]
    except pdfium.PdfiumError:
        out.doubt("page_damaged", f"page {index + 1} is damaged")
        return None
    try:
        return read_page(handle.raw, index + 1)
    finally:
        handle.close()


def _has_pictures(document: Any, index: int) -> bool:
    """Whether anything is drawn on the page that recognition could read."""
    try:
        handle = document[index]
    except pdfium.PdfiumError:
        return False
    try:
        return bool(raw.FPDFPage_CountObjects(handle.raw) > 0)
    finally:
        handle.close()


def _recognised_page(document: Any, index: int, out: Extraction, limits: Limits) -> Page:
    from app.documents.recognition import picture_of, recognise

    handle = document[index]
    try:
        image = picture_of(handle, limits.pixels)
    finally:
        handle.close()
    page = recognise(image, index + 1)
    provenance.note_codes(out, page, provenance.bar_codes(image))
    return page


def is_sound(page: Page) -> bool:
    """Whether the text layer can be believed: enough characters, mostly known ones, Chinese among them."""
    text = page.text
    if page.unseen_text or len(text) < _FEW or re.search(r"\(cid:\d+\)", text):
        return False
    odd = sum(1 for c in text if "\ue000" <= c <= "\uf8ff" or c == "\ufffd" or ("\x00" <= c < "\x20" and c != "\n"))
    return odd < 0.05 * len(text) and han_share(text) > 0.15
