"""Readers of files behind one protocol: each states its claim on a sample, the highest claim reads. They run in a child
process.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from app.evidence.reading import media, provenance
from app.evidence.reading.limits import Limits
from app.evidence.reading.record import NEEDS_REVIEW, REJECTED, Extraction

if TYPE_CHECKING:
    from app.evidence.reading.rosters.importer import RosterImport


@dataclass(frozen=True, slots=True)
class Sample:
    """The data on which a reader bases its claim."""

    media_type: str
    name: str
    size: int


class NeedsPictures(Exception):
    """The file has `pages` pages that must be recognised from pictures, by a child that may use more memory and time."""

    def __init__(self, pages: int) -> None:
        super().__init__(f"{pages} pages need recognition")
        self.pages = pages


class Reader(Protocol):
    """Reads one family of files into the record."""

    def claims(self, sample: Sample) -> float:
        """Return how certainly this reader can read the sample, 0..1."""
        ...

    def read(self, data: bytes, out: Extraction, limits: Limits, *, pictures: bool) -> None:
        """Read the file into the record; problems are recorded there, not raised. Without `pictures` NeedsPictures may
        be raised.
        """
        ...


class SpreadsheetReader:
    """Rosters from XLSX, XLS, ODS and CSV."""

    def claims(self, sample: Sample) -> float:
        """Claim all spreadsheets."""
        return 1.0 if sample.media_type in media.SPREADSHEET_TYPES else 0.0

    def read(self, data: bytes, out: Extraction, limits: Limits, *, pictures: bool) -> None:
        """Read rows as roster lines; cells that need manual review become reasons."""
        from app.evidence.reading.rosters.importer import read_roster

        _note_roster(read_roster(data, out.file, limits), out)
        if data[:2] == b"PK":
            provenance.note(
                out, **{"producer": None, "author": None, "created_at": None} | provenance.office_properties(data)
            )


class WordReader:
    """Rosters from the tables of DOCX files."""

    def claims(self, sample: Sample) -> float:
        """Claim DOCX alone."""
        return 1.0 if sample.media_type == media.DOCX_TYPE else 0.0

    def read(self, data: bytes, out: Extraction, limits: Limits, *, pictures: bool) -> None:
        """Read rows as roster lines, as from a spreadsheet."""
        from app.evidence.reading.readers.word import read_tables
        from app.evidence.reading.rosters.importer import RosterImport, read_sheets
        from app.evidence.reading.rosters.line import RosterProblem
        from app.evidence.reading.rosters.spreadsheet import SheetRefused

        try:
            roster = read_sheets(read_tables(data, limits), out.media_type, limits)
        except SheetRefused as error:
            roster = RosterImport(problems=(RosterProblem(error.code, error.message),))
        _note_roster(roster, out)
        provenance.note(
            out, **{"producer": None, "author": None, "created_at": None} | provenance.office_properties(data)
        )


def _note_roster(roster: "RosterImport", out: Extraction) -> None:
    out.kind, out.pages = "roster", 1
    out.rows = [{**row, "page": 1, "confidence": 1.0} for row in roster.rows]
    out.sheets = list(roster.sheets)
    for problem in roster.problems:
        place = f" ({problem.sheet} {problem.cell})" if problem.cell else f" ({problem.sheet})" if problem.sheet else ""
        out.doubt(
            problem.code,
            problem.message + place,
            REJECTED if problem.code in ("encrypted", "damaged") else NEEDS_REVIEW,
        )
    if roster.rows:
        out.groups = [{"group": 0, "kind": out.kind, "page": 1}]
    else:
        out.kind = "other"  # an unread roster states nothing about the staff


_ADVICE = {
    media.DOC_TYPE: "Word files of before 2007 (DOC) are kept but not read; save it as DOCX or PDF",
    media.PPT_TYPE: "PowerPoint files are kept but not read; save it as PDF",
    media.PPTX_TYPE: "PowerPoint files are kept but not read; save it as PDF",
    media.MSG_TYPE: "Outlook messages are kept but not read; upload the files attached to it",
    "application/zip": "archives are kept but not read; upload the files in it",
}


class KeptOnly:
    """Files that are stored but not read: other office formats, archives, unknown types."""

    def claims(self, sample: Sample) -> float:
        """Claim everything, with the lowest claim."""
        return 0.01

    def read(self, data: bytes, out: Extraction, limits: Limits, *, pictures: bool) -> None:
        """Name the format and what to submit instead."""
        out.kind = "other"
        advice = _ADVICE.get(
            out.media_type, "the file is of no type that can be read; submit a PDF, a picture or a table"
        )
        out.doubt("type_not_supported", advice, REJECTED)


class OfdReader:
    """OFD files (GB/T 33190): their text, or pictures of their pages."""

    def claims(self, sample: Sample) -> float:
        """Claim OFD alone."""
        return 1.0 if sample.media_type == media.OFD_TYPE else 0.0

    def read(self, data: bytes, out: Extraction, limits: Limits, *, pictures: bool) -> None:
        """Read every page, then the certificates on them."""
        from app.evidence.reading.readers.ofd import read_ofd

        unsound = read_ofd(data, out, limits, pictures=pictures)
        if unsound and not pictures:
            raise NeedsPictures(unsound)


class PdfReader:
    """PDF files: the text layer where it is sound, pictures of the pages elsewhere."""

    def claims(self, sample: Sample) -> float:
        """Claim PDF alone."""
        return 1.0 if sample.media_type == media.PDF_TYPE else 0.0

    def read(self, data: bytes, out: Extraction, limits: Limits, *, pictures: bool) -> None:
        """Read every page, then the certificates on them."""
        from app.evidence.reading.readers.pdf import read_pdf

        unsound = read_pdf(data, out, limits, pictures=pictures)
        if unsound and not pictures:
            raise NeedsPictures(unsound)


class ImageReader:
    """Scans and photos: JPEG, PNG, TIFF (several pages), WEBP, BMP, HEIC, AVIF."""

    def claims(self, sample: Sample) -> float:
        """Claim all picture types."""
        return 1.0 if sample.media_type in media.IMAGE_TYPES else 0.0

    def read(self, data: bytes, out: Extraction, limits: Limits, *, pictures: bool) -> None:
        """Read every picture as a page."""
        if not pictures:
            raise NeedsPictures(1)
        from app.evidence.reading.readers.pictures import read_pictures

        read_pictures(data, out, limits)


READERS: Sequence[Reader] = (PdfReader(), ImageReader(), SpreadsheetReader(), WordReader(), OfdReader(), KeptOnly())
