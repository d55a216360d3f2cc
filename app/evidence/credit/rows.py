"""Lost rows of a snapshot, and their acceptance by an officer."""

from app.evidence.credit.tables import CreditSnapshot


def lost_rows(row: CreditSnapshot) -> int:
    """Return the rows with neither a readable name nor a readable code that no officer has accepted."""
    return (row.bad_rows or 0) - len(row.accepted_lines or ())
