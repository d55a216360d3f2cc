"""PDF files page by page. Runs in a child process: PDFium may abort it on a hostile file."""

import re
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from app.documents.certificates import read_certificates
from app.documents.characters import han_share
from app.documents.limits import Limits
from app.documents.page import Page
from app.documents.pdf_text import read_page
from app.documents.result import REJECTED, Extraction

_FEW = 12  # characters: a page with fewer is a picture with a stray label


class NeedsPictures(Exception):
    """Pages without a sound text layer must be read as pictures, by a child that may use more memory and time."""


def read_pdf(data: bytes, out: Extraction, limits: Limits) -> None:
    """Read all pages up to the limit; encrypted and damaged files are said to be so."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        _refuse(error, out)
        return
    try:
        out.pages = len(document)
        if out.pages > limits.pages:
            out.doubt("too_many_pages", f"the file has {out.pages} pages; the first {limits.pages} were read")
        pages = [_read(document, index, out) for index in range(min(out.pages, limits.pages))]
        read_certificates([p for p in pages if p is not None], out)
    finally:
        document.close()


def _refuse(error: pdfium.PdfiumError, out: Extraction) -> None:
    out.kind = "other"
    if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD or "password" in str(error).lower():
        out.doubt("encrypted", "the PDF is protected by a password", REJECTED)
    else:
        out.doubt("damaged", "the PDF is damaged and cannot be opened", REJECTED)


def _read(document: Any, index: int, out: Extraction) -> Page | None:
    try:
        handle = document[index]
    except pdfium.PdfiumError:
        out.doubt("page_damaged", f"page {index + 1} is damaged")
        return None
    try:
        page = read_page(handle.raw, index + 1)
    finally:
        handle.close()
    if is_sound(page):
        return page
    out.doubt("no_text_layer", f"page {index + 1} has no sound text layer")
    return page


def is_sound(page: Page) -> bool:
    """Whether the text layer can be believed: enough characters, mostly known ones, Chinese among them."""
    text = page.text
    if len(text) < _FEW or re.search(r"\(cid:\d+\)", text):
        return False
    odd = sum(1 for c in text if "\ue000" <= c <= "\uf8ff" or c == "\ufffd" or "\x00" <= c < "\x20" and c != "\n")
    return odd < 0.05 * len(text) and han_share(text) > 0.15
