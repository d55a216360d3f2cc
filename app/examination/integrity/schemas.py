"""Flags on the wire."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import Field

from app.core.integrity.flag_state import State
from app.core.integrity.leads import Strength
from app.examination.integrity.tables import Disposition, Flag
from app.platform.web.schema import Input, OfTender, Output
from app.platform.web.types import Chars, Id, Sha256

Reason = Annotated[str, Chars(1, 2_000)]


class DispositionIn(Input):
    """An officer's decision on the evidence identified by `evidenceHash`; later evidence is not covered."""

    finding: Literal["confirmed", "dismissed"]
    reason: Reason
    evidence_hash: Sha256


class DispositionOut(Output):
    """A disposition; `evidenceHash` differs from the flag's where evidence came later."""

    id: str
    flag: str
    number: int
    finding: Literal["confirmed", "dismissed"]
    reason: str
    decided_by: str
    evidence_hash: str
    created_at: datetime

    @classmethod
    def of(cls, row: Disposition) -> Self:
        """Build from its row."""
        own = ("id", "number", "finding", "reason", "decided_by", "evidence_hash", "created_at")
        return cls(flag=row.flag_id, **{name: getattr(row, name) for name in own})


class Words(Output):
    """A text in Chinese and English."""

    zh: str
    en: str


class EvidenceOut(Output):
    """A piece of evidence: whose it is, its source, and the place (pointer into the dossier, lot, or document with page
    and box).
    """

    organization_id: str
    what: str
    pointer: str | None = None
    lot_id: str | None = None
    document: str | None = None
    page: int | None = None
    box: list[float] | None = None
    shown: str | None = None

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """Build from a piece of a stored finding, whose own names `organization` and `lot` are hashed."""
        renamed = {"organization": "organizationId", "lot": "lotId"}
        return cls.model_validate({renamed.get(key, key): value for key, value in stored.items()})


class Earlier(OfTender):
    """A flag about two or more of the same organizations in another tender."""

    flag: str
    tender_id: str
    code: str
    strength: Strength
    state: State
    subjects: list[str]
    created_at: datetime


class FlagOut(OfTender):
    """A flag; it rejects no bidder by itself.

    `current`: the present facts support it. `blocks`: no qualification is decided while it is open.
    """

    id: str
    tender_id: str
    lead: str
    code: str
    strength: Strength
    article: str
    state: State
    current: bool
    blocks: bool
    subjects: list[str]
    lots: list[str]
    message: Words
    innocent_explanation: Words
    evidence: list[EvidenceOut]
    evidence_hash: str
    earlier: list[Earlier]
    computed_at: datetime
    reopened_at: datetime | None
    version: int
    created_at: datetime

    @classmethod
    def of(cls, row: Flag, earlier: list[Earlier]) -> Self:
        """Build from its row, with earlier flags about the same organizations in other tenders."""
        own = (
            "id", "code", "strength", "article", "state", "current", "blocks", "subjects", "lots", "evidence_hash",
            "computed_at", "reopened_at", "version", "created_at",
        )  # fmt: skip
        return cls(
            tender_id=row.tender_id,
            lead=row.lead_id,
            message=Words(**row.finding["message"]),
            innocent_explanation=Words(**row.finding["innocent"]),
            evidence=[EvidenceOut.of(one) for one in row.finding["evidence"]],
            earlier=earlier,
            **{name: getattr(row, name) for name in own},
        )


class NodeOut(Output):
    """A bidder, a person or a document."""

    id: str
    kind: Literal["bidder", "person", "document"]
    label: str


class EdgeOut(Output):
    """A flag between two nodes."""

    source: str
    target: str
    flag: str
    code: str
    strength: Strength
    state: State


class GraphOut(Output):
    """The flags of a tender as a graph."""

    nodes: list[NodeOut]
    edges: list[EdgeOut]


class TenderDocumentsIn(Input):
    """The tender's own documents, whose content every bidder may copy."""

    documents: Annotated[list[Id], Field(max_length=200)]
    reason: Annotated[str, Chars(1, 2_000)]


class TenderDocumentsOut(Output):
    """The tender's own documents."""

    documents: list[str]


def plain(value: dict[str, Any]) -> dict[str, Any]:
    """Drop the members that are None."""
    return {key: one for key, one in value.items() if one is not None}
