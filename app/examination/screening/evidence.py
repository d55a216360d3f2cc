"""Extraction records of a bidder's documents as facts for the core: every value with its document, page and box."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.core.facts.documents import (
    NO_DOCUMENTS,
    DocumentedCertificate,
    DocumentedValue,
    Documents,
    InsuredPerson,
    Place,
)
from app.core.values.canonical import canonical_json, sha256_hex
from app.core.values.months import Month

_UNPAID = re.compile(r"欠|未|暂停|停保|停缴|中断|断缴|退费|退保|冻结|注销")  # values of a row's status
_DAYS = frozenset({"signedOn", "issuedOn", "validFrom", "validTo", "approvedOn", "registeredOn"})


@dataclass(frozen=True, slots=True)
class Documented:
    """Facts read from a bidder's documents, and the hash of the extraction records."""

    documents: Documents = NO_DOCUMENTS
    hash: str | None = None


_HASHED = ("sha256", "kind", "fields", "rows", "groups", "documentId")
NOTHING_DOCUMENTED = Documented()


def documented(records: Iterable[Mapping[str, Any]]) -> Documented:
    """Convert the extraction records (5.8) of one bidder to facts, with their hash."""
    kept = sorted(records, key=lambda record: str(record["sha256"]))
    certificates = [one for record in kept for one in _certificates(record)]
    of = {kind: tuple(one for one in certificates if one.kind == kind) for kind in {one.kind for one in certificates}}
    facts = Documents(
        of.get("registration_certificate", ()),
        of.get("social_worker_certificate", ()),
        tuple(person for record in kept for person in _insured(record)),
        of.get("declaration", ()),
        of.get("audit_report", ()),
        of.get("annual_check", ()),
    )
    parts = [{key: record[key] for key in _HASHED if key in record} for record in kept]
    return Documented(facts, sha256_hex(canonical_json(parts)))


def _certificates(record: Mapping[str, Any]) -> Iterable[DocumentedCertificate]:
    groups: dict[int, dict[str, DocumentedValue]] = {}
    for field in record.get("fields") or ():
        own = groups.setdefault(int(field.get("group") or 0), {})
        own.setdefault(str(field["field"]), DocumentedValue(_value(field), _place(record, field)))
    kinds = {int(group["group"]): str(group["kind"]) for group in record.get("groups") or ()}
    for number, fields in sorted(groups.items()):
        yield DocumentedCertificate(kinds.get(number, str(record.get("kind"))), fields)


def _value(field: Mapping[str, Any]) -> str | date | bool | int | None:
    value = field.get("value")
    if isinstance(value, str) and field["field"] in _DAYS:
        return _day(value)
    return value if isinstance(value, str | bool | int) else None


def _day(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text  # month without a day


def _place(record: Mapping[str, Any], read: Mapping[str, Any]) -> Place:
    box = read.get("box")
    return Place(
        str(record["sha256"]),
        read.get("page"),
        tuple(map(float, box)) if box else None,
        read.get("text"),
        read.get("method"),
        read.get("confidence"),
        record.get("documentId"),
        record.get("kind"),
    )


def _insured(record: Mapping[str, Any]) -> Iterable[InsuredPerson]:
    if record.get("kind") != "social_insurance":
        return
    stated = {str(field["field"]): field.get("value") for field in record.get("fields") or ()}
    for row in record.get("rows") or ():
        if _UNPAID.search(str(row.get("status") or "")):
            continue  # unpaid months prove nothing
        yield InsuredPerson(
            row.get("payer") or stated.get("payer"),
            row.get("name"),
            row.get("residentId"),
            _month(row.get("from", stated.get("periodFrom"))),
            _month(row.get("to", stated.get("periodTo"))),
            _place(record, row),
            tuple(map(str, row.get("kinds") or ())),
        )


def _month(text: object) -> Month | None:
    try:
        return Month.parse(text) if isinstance(text, str) else None
    except ValueError:
        return None
