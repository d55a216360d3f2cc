"""Detect the media type of a file from its bytes; its name and the HTTP header are not trusted."""

import io
import re
import zipfile

PDF_TYPE = "application/pdf"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLS_TYPE = "application/vnd.ms-excel"
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
OFD_TYPE = "application/ofd"
CSV_TYPE = "text/csv"
DOC_TYPE = "application/msword"
PPT_TYPE = "application/vnd.ms-powerpoint"
PPTX_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
MSG_TYPE = "application/vnd.ms-outlook"
UNKNOWN_TYPE = "application/octet-stream"
IMAGE_TYPES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/tiff": "TIFF", "image/webp": "WEBP", "image/bmp": "BMP"}
IMAGE_TYPES |= {"image/heic": "HEIF", "image/avif": "AVIF"}
SPREADSHEET_TYPES = frozenset({XLSX_TYPE, XLS_TYPE, ODS_TYPE, CSV_TYPE})

_SIGNATURES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"BM", "image/bmp"),
    (b"\x09\x08", XLS_TYPE),
)
_ZIP_MEMBERS = (
    ("xl/workbook.xml", XLSX_TYPE),
    ("xl/workbook.bin", XLSX_TYPE),
    ("word/document.xml", DOCX_TYPE),
    ("ppt/presentation.xml", PPTX_TYPE),
    ("OFD.xml", OFD_TYPE),
)
_HEAD = 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS = (("WordDocument", DOC_TYPE), ("PowerPoint Document", PPT_TYPE), ("__properties_version1.0", MSG_TYPE))
_BRANDS = {b"avif": "image/avif", b"avis": "image/avif"} | dict.fromkeys(
    (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"), "image/heic"
)


def media_type(data: bytes, name: str = "") -> str:
    """Return the media type found in the bytes; the ending in `name` only distinguishes kinds of plain text."""
    if data.startswith(b"%PDF-") or (
        b"%PDF-" in data[:_HEAD] and b"PK\x03\x04" not in data[:4] and not data.startswith(b"\xff\xd8")
    ):
        return PDF_TYPE
    if data[:4] == b"PK\x03\x04":
        return _zip_type(data)
    if found := _container_type(data):
        return found
    for signature, found in _SIGNATURES:
        if data.startswith(signature):
            return found
    return CSV_TYPE if _is_text(data, name) else UNKNOWN_TYPE


def _container_type(data: bytes) -> str | None:
    """Detect container formats, which need more than their first bytes: RIFF, ISO base media, OLE."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp" and data[8:12] in _BRANDS:
        return _BRANDS[data[8:12]]
    if data.startswith(_OLE):
        streams = ((name.encode("utf-16-le"), found) for name, found in _OLE_STREAMS)
        return next((found for name, found in streams if name in data), XLS_TYPE)
    return None


def _zip_type(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist()[:10_000])
            if "mimetype" in names and b"opendocument.spreadsheet" in archive.read("mimetype")[:100]:
                return ODS_TYPE
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
        # the directory at the end is missing: the names of the first members still identify the format
        names = {
            m.decode("utf-8", "replace")
            for m in re.findall(
                rb"(?:xl/workbook\.(?:xml|bin)|word/document\.xml|ppt/presentation\.xml|OFD\.xml)", data[:200_000]
            )
        }
    return next((found for member, found in _ZIP_MEMBERS if member in names), "application/zip")


def _is_text(data: bytes, name: str) -> bool:
    """Whether the bytes are plain text; undecodable bytes or control characters make it no table."""
    head = data[:65536]
    if not head.strip() or (
        re.search(rb"[\x00-\x08\x0e-\x1f]", head) and not head.startswith((b"\xff\xfe", b"\xfe\xff"))
    ):
        return False
    return name.lower().endswith((".csv", ".txt", ".tsv")) or any(
        separator in head for separator in (b",", b"\t", b";")
    )
