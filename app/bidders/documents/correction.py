"""Apply a manual correction to an extraction record: corrected values are marked as such, the rest is unchanged."""

from typing import Any

from app.bidders.documents.schemas import CorrectionIn, FieldCorrection, RowCorrection
from app.platform.problems import Fault, Invalid


def corrected(record: dict[str, Any], body: CorrectionIn) -> dict[str, Any]:
    """Return a corrected copy of the record. Errors: Invalid for a row that does not exist."""
    fields = list(record["fields"])
    for one in body.fields:
        fields = _with_field(fields, one)
    rows = list(record["rows"])
    for number, row in enumerate(body.rows):
        if row.row >= len(rows):
            raise Invalid(faults=[Fault("no_such_row", "The number of a row is expected", f"/rows/{number}/row")])
        rows[row.row] = _with_row(rows[row.row], row)
    kind = body.kind or record["kind"]
    groups = record["groups"]
    if body.kind and len(groups) <= 1:
        groups = [{"group": 0, "kind": kind, "page": groups[0]["page"] if groups else 1}]
    status = {"status": body.status, "reasons": [] if body.status == "extracted" else record["reasons"]}
    return {**record, **status, "kind": kind, "groups": groups, "fields": fields, "rows": rows}


def _with_field(fields: list[dict[str, Any]], one: FieldCorrection) -> list[dict[str, Any]]:
    if one.field == "residentId" and isinstance(one.value, str) and "*" in one.value:
        expected = "A complete number is expected, not a masked one"
        raise Invalid(faults=[Fault("masked", expected, "/fields")])
    place = next((index for index, old in enumerate(fields) if _is(old, one)), None)
    before, old, after = fields, {}, []
    if place is not None:
        before, old, after = fields[:place], fields[place], fields[place + 1 :]
    if one.absent:
        return [*before, *after] if place is not None else fields
    read = {"text": None, "page": None, "box": None, **old, "field": one.field, "group": one.group}
    return [*before, {**read, "value": one.value, "method": "person", "confidence": 1.0}, *after]


def _is(field: dict[str, Any], one: FieldCorrection) -> bool:
    return field["field"] == one.field and (field.get("group") or 0) == one.group


def _with_row(row: dict[str, Any], one: RowCorrection) -> dict[str, Any]:
    given = one.model_dump(by_alias=True, exclude_unset=True, exclude={"row"})
    return {**row, **given, "method": "person", "confidence": 1.0}
