"""Read rosters from the tables of a DOCX file, treated like sheets. Runs in a child process."""

import io
import zipfile

from app.evidence.reading.archives import ArchiveRefused, check_archive
from app.evidence.reading.limits import Limits
from app.evidence.reading.rosters.spreadsheet import Sheet, SheetRefused


def read_tables(data: bytes, limits: Limits) -> list[Sheet]:
    """Return every table with two rows or more; a merged cell appears once, in its first position."""
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            check_archive(archive, limits)
        document = docx.Document(io.BytesIO(data))
    except ArchiveRefused as error:
        raise SheetRefused(error.code, str(error)) from error
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError, OSError) as error:
        raise SheetRefused("damaged", "the document cannot be read") from error
    sheets = [_sheet(table, number, limits) for number, table in enumerate(document.tables, 1)]
    return [s for s in sheets if len(s.rows) > 1]


def _sheet(table: object, number: int, limits: Limits) -> Sheet:
    rows: list[tuple[str, ...]] = []
    for row in table.rows:  # type: ignore[attr-defined]
        seen: set[int] = set()
        cells = []
        for cell in row.cells:
            cells.append("" if id(cell._tc) in seen else cell.text.strip())
            seen.add(id(cell._tc))
        rows.append(tuple(cells))
        if sum(map(len, rows)) > limits.cells:
            raise SheetRefused("too_many_cells", f"a table holds more than {limits.cells} cells")
    return Sheet(f"table {number}", tuple(rows))
