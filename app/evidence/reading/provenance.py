"""A file's own statements about its origin: producer, author, time, signatures, bar codes. Evidence for officers, and
for integrity leads.
"""

import io
import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from app.evidence.reading.layout.page import Page
from app.evidence.reading.record import Extraction

Code = tuple[str, tuple[float, float, float, float]]  # its text, and its box in 0..1

_LONGEST = 300
_PDF_TIME = re.compile(r"D?:?(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?")


def note(out: Extraction, *, producer: str | None, author: str | None, created_at: str | None) -> None:
    """Record creation metadata; missing values are omitted."""
    said = {"producer": producer, "author": author, "createdAt": created_at}
    out.provenance |= {k: v.strip()[:_LONGEST] for k, v in said.items() if v and v.strip()}


def pdf_time(text: str) -> str | None:
    """Convert a PDF date (`D:20170512093000+08'00'`) to ISO without zone, or None."""
    found = _PDF_TIME.match(text.strip())
    if not found:
        return None
    year, month, day, hour, minute, second = found.groups(default="00")
    return f"{year}-{month}-{day}T{hour}:{minute}:{second}"


def office_properties(data: bytes) -> dict[str, str | None]:
    """Return author, program and creation time from the properties of an Office file."""
    import zipfile

    def tag(name: str, xml: str) -> str | None:
        found = re.search(rf"<(?:\w+:)?{name}\b[^>]*>([^<]{{1,{_LONGEST}}})<", xml)
        return found.group(1) if found else None

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            core, app = (
                archive.read(n)[:100_000].decode("utf-8", "replace") if n in archive.namelist() else ""
                for n in ("docProps/core.xml", "docProps/app.xml")
            )
    except (zipfile.BadZipFile, OSError, RuntimeError, ValueError, NotImplementedError, EOFError):
        return {}
    return {"producer": tag("Application", app), "author": tag("creator", core), "created_at": tag("created", core)}


def bar_codes(image: npt.NDArray[np.uint8]) -> list[Code]:
    """Return texts of QR and other matrix codes in a picture with their boxes in 0..1."""
    import zxingcpp

    kinds = zxingcpp.barcode_formats_from_str("QRCode|DataMatrix|PDF417")
    height, width = image.shape[:2]
    found = []
    for code in zxingcpp.read_barcodes(np.ascontiguousarray(image), formats=kinds, try_invert=False):
        corners = [
            code.position.top_left,
            code.position.top_right,
            code.position.bottom_right,
            code.position.bottom_left,
        ]
        xs, ys = [c.x for c in corners], [c.y for c in corners]
        found.append((code.text[:_LONGEST], (min(xs) / width, min(ys) / height, max(xs) / width, max(ys) / height)))
    return found


def note_codes(out: Extraction, page: Page, codes: Iterable[Code]) -> None:
    """Record the codes of a page; a credit code in one is compared with the printed one later."""
    for text, box in codes:
        out.provenance.setdefault("qr", []).append(
            {"text": text, "page": page.number, "box": [round(min(1.0, max(0.0, v)), 4) for v in box]}
        )


def signatures(data: bytes) -> list[dict[str, Any]]:
    """Return each signature of a PDF, judged by pyHanko's bottom line (intact, unaltered, chain trusted); an appended
    change appears as not covered.
    """
    if b"/ByteRange" not in data:
        return []
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    found = []
    try:
        for signature in PdfFileReader(io.BytesIO(data), strict=False).embedded_signatures:
            found.append(_judged(signature, validate_pdf_signature, ValidationContext))
    except Exception as error:  # noqa: BLE001 - many kinds on malformed files; that it cannot be judged is the finding
        found.append({"valid": False, "bottomLine": False, "problem": type(error).__name__})
    return found


def _judged(signature: Any, validate: Any, context: Any) -> dict[str, Any]:
    status = validate(signature, context(allow_fetching=False))
    signer = getattr(signature.signer_cert, "subject", None)
    signed_at = getattr(status, "signer_reported_dt", None)
    return {
        "signer": str(signer.human_friendly)[:_LONGEST] if signer is not None else None,
        "signedAt": signed_at.isoformat() if signed_at else None,
        "intact": bool(status.intact), "valid": bool(status.valid), "trusted": bool(status.trusted),
        "coverage": status.coverage.name if status.coverage else None,
        "altered": bool(status.modification_level and status.modification_level.name not in ("NONE", "LTA_UPDATES")),
        "bottomLine": bool(status.bottom_line),
    }  # fmt: skip
