"""Rosters on the wire: lines as in a dossier, ID numbers masked in every response."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from app.bidders.documents.schemas import DocumentOut
from app.bidders.dossier_format import RosterLinePart
from app.platform.web.schema import Input, Output

MOST_LINES = 20_000


class RosterIn(Input):
    """A whole roster 花名册."""

    lines: Annotated[list[RosterLinePart], Field(max_length=MOST_LINES)]


class RosterProblemOut(Output):
    """Something in the file to review by hand; the cell as the spreadsheet shows it, never its content."""

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
    """Where in a file a line stood."""

    sheet: str | None = None
    row: int | None = None
    hidden: bool = False


class RosterLineOut(Output):
    """A line: `line` as in a dossier with its ID number masked."""

    position: int
    line: Any
    origin: LineOrigin | None


class RosterOut(RosterHead):
    """A version with all its lines."""

    lines: list[RosterLineOut]


class RosterColumnOut(Output):
    """A column of an uploaded table: what it was taken for."""

    sheet: str
    column: str = Field(description="Its letters, as the spreadsheet shows them.")
    heading: str
    field: str | None = Field(description="The role it was read as, null where it is not used.")


class RosterUploadOut(Output):
    """What was read from an uploaded file. The file is kept in any case; `roster` is null where no lines were found."""

    document: DocumentOut
    roster: RosterHead | None
    columns: list[RosterColumnOut] = Field(description="Every column with a heading, used or not.")
    warnings: list[RosterProblemOut] = Field(
        description="Columns whose heading was not understood; they were not used."
    )
