"""Read PDF files page by page. Runs in a child process: PDFium may abort it on a hostile file."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium

from app.evidence.reading import provenance
from app.evidence.reading.certificates.grouping import finish
from app.evidence.reading.layout.page import Page
from app.evidence.reading.limits import MIB, Budget, Limits
from app.evidence.reading.pdf.pdf_names import Names
from app.evidence.reading.pdf.pdfium import reading_text
from app.evidence.reading.pdf.repair import mended
from app.evidence.reading.pdf.soundness import in_another_script, is_sound, same_text
from app.evidence.reading.pdf.text_document import CannotOpen, PageDamaged, TextDocument
from app.evidence.reading.record import REJECTED, Extraction

_LARGE = 16 * MIB  # smaller files are not stripped, to save time


def read_pdf(data: bytes, out: Extraction, limits: Limits, *, pictures: bool) -> int:
    """Read all pages up to the limit; encrypted and damaged files are reported.

    Returns the number of pages that need recognition; without `pictures` nothing is read when there are any.
    """
    names = Names(data)
    whole = names.need_outlines or len(data) > _LARGE
    layers = _text_layers(data, out, limits, names, None if whole else names.without_outlines(data))
    if layers is None:
        return 0
    if layers.unsound and not pictures:
        return len(layers.unsound)
    if out.pages > limits.pages:
        out.doubt("too_many_pages", f"the file has {out.pages} pages; the first {limits.pages} were read")
    _note_origin(layers.said, data if names.signed else b"", out)
    _recognise_unsound(layers, out, limits)
    read = [p for p in layers.pages if p is not None]
    for page in read:
        if page.method == "text":
            provenance.note_codes(out, page, layers.codes.get(page.number - 1, []))
    finish(read, out)
    return 0


def _recognise_unsound(layers: "_Layers", out: Extraction, limits: Limits) -> None:
    """Recognise the pages whose text layer is not trusted, within the time limit. Where the layer is only in another
    script, one page shows whether the others need it.
    """
    budget = Budget(limits, len(layers.unsound))
    left = list(layers.unsound)
    while left:
        index = left.pop(0)
        if budget.spent():
            out.doubt(
                "time_limit", f"{len(left) + 1} pages were not recognised: reading them would take longer than allowed"
            )
            return
        before = layers.pages[index]
        page = layers.pages[index] = _recognised_page(layers.data, index, out, limits)
        if before and in_another_script(before) and same_text(before, page):
            layers.pages[index] = before
            left = [i for i in left if not ((other := layers.pages[i]) and in_another_script(other))]


@dataclass(slots=True)
class _Layers:
    """The pages of a file by their text layers, None for damaged ones; the bytes that could be opened; its metadata."""

    data: bytes
    said: dict[str, str]
    pages: list[Page | None]
    codes: dict[int, list[provenance.Code]]  # by index of the page
    unsound: list[int]  # pages that must be recognised: their drawings are not in their text layer


def _text_layers(data: bytes, out: Extraction, limits: Limits, names: Names, shapeless: bytes | None) -> _Layers | None:
    """Read the text layers, without outlines where possible, else (or if that makes no sense) with them. None, and the
    reason in the record, when the file cannot be opened.
    """
    with reading_text():
        opened = _open(data, out, shapeless, mapped=shapeless is not None or names.told_by_encoding)
        if opened is None:
            return None
        document, whole = opened
        with document:
            out.pages = len(document)
            said = {key: document.said(key) for key in ("Producer", "Author", "CreationDate")}
            read = [_text_page(document, index, out) for index in range(min(out.pages, limits.pages))]
    pages, codes = [page for page, _ in read], {index: found for index, (_, found) in enumerate(read) if found}
    unsound = [i for i, page in enumerate(pages) if page and page.drawn and not is_sound(page)]
    if unsound and shapeless:
        return _text_layers(data, out, limits, names, None)
    return _Layers(whole, said, pages, codes, unsound)


def _open(data: bytes, out: Extraction, shapeless: bytes | None, *, mapped: bool) -> tuple[TextDocument, bytes] | None:
    """Return the document and its bytes, repaired once where it is damaged; None with the reason in the record."""
    try:
        return TextDocument(shapeless or data, mapped=mapped), data
    except CannotOpen as error:
        if error.locked:
            out.kind = "other"
            out.doubt("encrypted", "the PDF is protected by a password", REJECTED)
            return None
    whole = mended(data)
    try:
        document = TextDocument(whole) if whole else None
    except CannotOpen:
        document = None
    if document is None or whole is None:
        out.kind = "other"
        out.doubt("damaged", "the PDF is damaged and cannot be opened", REJECTED)
        return None
    out.doubt("repaired", "the PDF is damaged; what could be recovered was read, pages may be missing")
    return document, whole


def _note_origin(said: dict[str, str], signed_data: bytes, out: Extraction) -> None:
    provenance.note(
        out,
        producer=said["Producer"],
        author=said["Author"],
        created_at=provenance.pdf_time(said["CreationDate"]),
    )
    signed = provenance.signatures(signed_data)
    if signed:
        out.provenance["signature"] = signed
        if any(s.get("altered") or s.get("intact") is False for s in signed):
            out.doubt("signature_broken", "the file was changed after it was signed")


def _text_page(document: TextDocument, index: int, out: Extraction) -> tuple[Page | None, list[provenance.Code]]:
    try:
        return document.page(index)
    except PageDamaged:
        out.doubt("page_damaged", f"page {index + 1} is damaged")
        return None, []


@contextmanager
def _drawable(data: bytes, index: int) -> Iterator[Any]:
    """Open the document again with fonts for rendering, and return the page."""
    document = pdfium.PdfDocument(data)
    try:
        handle = document[index]
        yield handle
        handle.close()
    finally:
        document.close()


def _recognised_page(data: bytes, index: int, out: Extraction, limits: Limits) -> Page:
    from app.evidence.reading.recognition.recognise import picture_of, recognise

    with _drawable(data, index) as handle:
        image = picture_of(handle, limits.pixels)
    page = recognise(image, index + 1)
    provenance.note_codes(out, page, provenance.bar_codes(image))
    return page
