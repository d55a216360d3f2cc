"""A bidder's documents as facts: extraction records joined with fingerprints."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any

from app.core.integrity.facts import Address, BidderDocument, Certified, FileOrigin, PageImage, Spot
from app.examination.integrity.mentions import Names, mentions_of, spot_of
from app.examination.integrity.text import TextSample, sample_of

_CHINA = timezone(timedelta(hours=8))  # PDF times without a zone are in the author's local time
_FORMS = frozenset({"declaration", "roster"})


def document_facts(record: Mapping[str, Any], fingerprint: Mapping[str, Any], names: Names) -> BidderDocument:
    """Build the facts of one document of a bidder."""
    sha256 = str(record["sha256"])
    images = (
        PageImage(image, Spot(sha256, page, tuple(box) if box else None))
        for image, page, box in fingerprint.get("images", ())
    )
    return BidderDocument(
        sha256,
        record.get("kind"),
        origin_of({**record.get("provenance", {}), **fingerprint.get("origin", {})}),
        tuple(images),
        mentions_of(record, fingerprint, names),
        len(record.get("rows") or ()),
    )


def origin_of(said: Mapping[str, Any]) -> FileOrigin:
    """Return a file's own metadata about its creation."""
    return FileOrigin(
        said.get("producer"),
        said.get("author"),
        _instant(said.get("createdAt")),
        said.get("documentId"),
        tuple(said.get("fonts", ())),
    )


def _instant(text: object) -> datetime | None:
    try:
        instant = datetime.fromisoformat(str(text)) if text else None
    except ValueError:
        return None
    return instant.replace(tzinfo=_CHINA) if instant is not None and instant.tzinfo is None else instant


def samples_of(
    bidder: str,
    records: Iterable[Mapping[str, Any]],
    fingerprints: Mapping[str, Mapping[str, Any]],
    issued: frozenset[str],
) -> list[TextSample]:
    """Return the text samples of the documents that a bidder wrote itself."""
    return [
        sample_of(bidder, record["sha256"], fingerprints[record["sha256"]], is_form=record.get("kind") in _FORMS)
        for record in records
        if record.get("kind") not in issued and record["sha256"] in fingerprints
    ]


def certified_in(record: Mapping[str, Any]) -> list[Certified]:
    """Return the persons that social worker certificates in a file name."""
    groups: dict[int, dict[str, Mapping[str, Any]]] = {}
    for field in record.get("fields", ()) if record.get("kind") == "social_worker_certificate" else ():
        groups.setdefault(int(field.get("group") or 0), {})[field["field"]] = field
    return [_certified(str(record["sha256"]), fields) for _, fields in sorted(groups.items())]


def _certified(document: str, fields: Mapping[str, Mapping[str, Any]]) -> Certified:
    def text(name: str) -> str | None:
        value = fields.get(name, {}).get("value")
        return value if isinstance(value, str) else None

    first = next(iter(fields.values()))
    return Certified(
        text("name"), text("residentId"), _birth(text("birthDate")), text("number"), spot_of(document, first)
    )


def _birth(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None  # month without a day


def addresses_in(record: Mapping[str, Any]) -> list[Address]:
    """Return the addresses printed on registration certificates in a file."""
    if record.get("kind") != "registration_certificate":
        return []
    fields = (field for field in record.get("fields", ()) if field.get("field") == "address")
    return [
        Address(field["value"], spot_of(record["sha256"], field))
        for field in fields
        if isinstance(field.get("value"), str)
    ]
