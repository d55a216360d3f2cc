"""Credit lists, snapshots and judgements on the wire."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.core.credit.credit_record import Judgement
from app.evidence.credit.rows import lost_rows
from app.evidence.credit.tables import CreditJudgement, CreditSnapshot
from app.platform.web.schema import Input, Output
from app.platform.web.types import Chars, Id, Name, Text

ListName = Annotated[str, Chars(1, 64, r"^[a-z0-9][a-z0-9_-]*$")]
Code = Annotated[str, Chars(1, 64)]


class CreditListOut(Output):
    """A list that has been imported, with its newest snapshot."""

    name: str
    newest: "SnapshotOut | None"


class SnapshotOut(Output):
    """A list as of a day.

    `badRows` are lost: neither name nor code could be read. Until an officer has accepted all of them the snapshot is
    not `complete` and clears no bidder. `unreadRows` are kept, though something in them could not be read.
    """

    id: str
    list: str
    state: str
    retrieved_at: date
    source: str | None
    coverage: str | None
    sha256: str
    content_sha256: str | None
    bytes: int
    rows: int | None
    bad_rows: int | None
    unread_rows: int | None
    accepted_rows: int
    complete: bool
    withdrawn_reason: str | None
    withdrawn_at: datetime | None
    importer_version: str
    fault: str | None
    job_id: str | None
    created_at: datetime

    @classmethod
    def of(cls, row: CreditSnapshot) -> Self:
        """Build from its row."""
        return cls(
            id=row.id,
            list=row.list_name,
            state=row.state,
            retrieved_at=row.retrieved_on,
            source=row.source,
            coverage=row.coverage,
            sha256=row.sha256,
            content_sha256=row.content_sha256,
            bytes=row.size,
            rows=row.rows,
            bad_rows=row.bad_rows,
            unread_rows=row.unread_rows,
            accepted_rows=len(row.accepted_lines or ()),
            complete=lost_rows(row) == 0,
            withdrawn_reason=row.withdrawn_reason,
            withdrawn_at=row.withdrawn_at,
            importer_version=row.importer_version,
            fault=row.fault,
            job_id=row.job_id,
            created_at=row.created_at,
        )


class BadRowOut(Output):
    """A row not read completely; `kept`: its entry is on the list. `accepted`: an officer has checked the lost row."""

    line: int
    reason: str
    kept: bool
    accepted: bool


class AcceptRowsIn(Input):
    """Lost rows that an officer has checked against the source and that concern no bidder."""

    lines: Annotated[list[Annotated[int, Field(ge=1, le=2**31 - 1)]], Field(min_length=1, max_length=10_000)]
    reason: Annotated[str, Chars(1, 2_000)]
    person: Name


class Named(Input):
    """An organization identified by its code where that is valid, else by its name."""

    name: Name | None = None
    uscc: Code | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.name is None and self.uscc is None:
            raise PydanticCustomError("organization_unnamed", "A name or a code is expected")
        return self


class JudgementIn(Input):
    """A reviewer's judgement on an organization and an entry."""

    snapshot_id: Id
    entry_id: Annotated[str, Chars(1, 20)]
    organization: Named
    judgement: Judgement
    reason: Annotated[str, Chars(1, 2_000)]
    person: Name


class JudgedEntry(Output):
    """The entry as it was judged, with the names of the list's columns."""

    name: str
    uscc: str | None
    former_names: list[str]
    kind: str | None
    from_: Annotated[date | None, Field(alias="from")]
    to: date | None
    reason: str | None
    document: str | None
    unread: list[str]

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """Build from the stored entry, whose names are those of the core."""
        same = {name: stored[name] for name in ("name", "former_names", "kind", "reason", "document", "unread")}
        return cls.model_validate({**same, "uscc": stored["code"], "from": stored["first"], "to": stored["last"]})


class JudgementOut(Output):
    """A judgement on record; the newest of a pair is in force."""

    id: str
    list: str
    snapshot_id: str
    entry_id: str
    entry: JudgedEntry
    organization_name: Text | None
    organization_uscc: str | None
    judgement: Judgement
    reason: str
    person: str
    supersedes: str | None
    created_at: datetime

    @classmethod
    def of(cls, row: CreditJudgement) -> Self:
        """Build from its row."""
        return cls(
            id=row.id,
            list=row.list_name,
            snapshot_id=row.snapshot_id,
            entry_id=row.entry_id,
            entry=JudgedEntry.of(row.entry),
            organization_name=row.organization_name,
            organization_uscc=row.organization_code,
            judgement=Judgement(row.judgement),
            reason=row.reason,
            person=row.person,
            supersedes=row.supersedes_id,
            created_at=row.created_at,
        )
