"""Rosters on the wire: lines as in a dossier, ID numbers masked in every response."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from app.bidders.documents.schemas import DocumentOut
from app.bidders.dossier_format import RosterLinePart
from app.platform.web.schema import Input, Output, Shaped

MOST_LINES = 20_000


class RosterIn(Input):
    """A whole roster 花名册."""

    lines: Annotated[list[RosterLinePart], Field(max_length=MOST_LINES)]


class RosterProblemOut(Output):
    """A problem in the file for manual review: the cell's address as shown in the spreadsheet, never its content."""

    code: str
    message: str
    sheet: str | None = None
    cell: str | None = None


class RosterHead(Output):
    """One version of a roster, without its lines."""

    id: str
    number: int
    source: Literal["json", "file"]
    document_id: str | None
    line_count: int
    problems: list[RosterProblemOut]
    recorded_by: str
    created_at: datetime


class LineOrigin(Output):
    """The position of a line in its file."""

    sheet: str | None = None
    row: int | None = None
    hidden: bool = False


class RosterLineOut(Output):
    """A line: `line` as in a dossier with its ID number masked."""

    position: int
    line: Annotated[Any, Shaped(RosterLinePart)]
    origin: LineOrigin | None


class RosterOut(RosterHead):
    """A version with all its lines."""

    lines: list[RosterLineOut]


class RosterColumnOut(Output):
    """A column of an uploaded table, and the roster field that it was mapped to."""

    sheet: str
    column: str = Field(description="Its letters, as shown in the spreadsheet.")
    heading: str
    field: str | None = Field(description="The roster field that it was mapped to, null if it is not used.")


class RosterUploadOut(Output):
    """The result of an upload. The file is kept in any case; `roster` is null if no lines were found."""

    document: DocumentOut
    roster: RosterHead | None
    columns: list[RosterColumnOut] = Field(description="Every column with a heading, used or not.")
    warnings: list[RosterProblemOut] = Field(
        description="Columns whose heading was not understood; they were not used."
    )
