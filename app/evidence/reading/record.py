"""The record of an extraction (DESIGN 5.8): the kind of a file, its fields and rows with page and box, and reasons for
manual review.
"""

from dataclasses import dataclass, field
from typing import Any

EXTRACTED, NEEDS_REVIEW, REJECTED = "extracted", "needs_review", "rejected"

_UNSAID: dict[str, Any] = dict.fromkeys(("producer", "author", "createdAt", "signature"))


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a file needs more than extraction: a stable code and a message without any of the content."""

    code: str
    message: str

    def as_json(self) -> dict[str, str]:
        """As on the wire."""
        return {"code": self.code, "message": self.message}


@dataclass(slots=True)
class Extraction:
    """The record of one file; `as_json` gives it as on the wire."""

    file: str
    sha256: str
    media_type: str
    pages: int = 0
    kind: str | None = None
    status: str = EXTRACTED
    reasons: list[Reason] = field(default_factory=list)
    fields: list[dict[str, Any]] = field(default_factory=list)
    groups: list[dict[str, Any]] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    provenance: dict[str, Any] = field(default_factory=dict)
    sheets: list[dict[str, Any]] = field(
        default_factory=list
    )  # of a table file: each sheet, its lines, the roles assigned to its columns

    def doubt(self, code: str, message: str, status: str = NEEDS_REVIEW) -> None:
        """Add a reason once, and set the status to manual review."""
        reason = Reason(code, message)
        if reason not in self.reasons:
            self.reasons.append(reason)
        if self.status != REJECTED:
            self.status = status

    def as_json(self) -> dict[str, Any]:
        """Return the record with plain values only."""
        return {
            "file": self.file, "sha256": self.sha256, "mediaType": self.media_type, "pages": self.pages, "kind":
            self.kind, "status": self.status,
            "reasons": [r.as_json() for r in self.reasons],
            "fields": self.fields, "groups": self.groups, "rows": self.rows, "provenance": _UNSAID | {"qr": []} | self.provenance,
        } | ({"sheets": self.sheets} if self.sheets else {})  # fmt: skip
