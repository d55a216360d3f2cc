"""Whether the ID numbers on a page are located, so that a picture of it can be shown with all of them blackened.

A number that was not read is still on the picture. So a page is shown to a role that may not unmask only if it is known
what it shows.
"""

from collections.abc import Mapping
from typing import Any

PERSONAL = frozenset({"social_worker_certificate", "social_insurance", "roster"})  # each names people by number
IMPERSONAL = frozenset({"registration_certificate", "audit_report", "annual_check", "declaration"})


def numbers_located(record: Mapping[str, Any], page: int) -> bool:
    """Return whether every ID number on a page (from 1) of a document has a place that can be blackened.

    `record`: the document's extraction. A page of a personal kind must have been read completely and have a number. A page
    that begins no certificate of a known kind may show anything, an identity card too.
    """
    if record["status"] == "rejected":
        return False
    numbers = [one for one in record["fields"] if one["field"] == "residentId" and one.get("page") == page]
    rows = [one for one in record["rows"] if one.get("page") == page]
    if not all(one.get("box") for one in (*numbers, *rows)) or not all(row.get("residentId") for row in rows):
        return False
    kinds = {one["kind"] for one in record["groups"] if one.get("page") == page}
    if rows or kinds & PERSONAL:
        return record["status"] == "extracted" and bool(numbers or rows)
    return bool(kinds) and kinds <= IMPERSONAL
