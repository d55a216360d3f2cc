"""Approvals on the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self, cast

from pydantic import Field

from app.core.procedure.second_person import RULES, Act
from app.platform.approvals.tables import Approval
from app.platform.audit.chain import masked
from app.platform.web.schema import Input, OfTender, Output
from app.platform.web.types import Chars

ApprovalState = Literal["pending", "agreed", "declined", "withdrawn", "expired"]
Json = Annotated[dict[str, Any] | list[Any] | str | int | float | bool | None, Field(description="Any JSON value")]


class AgreementIn(Input):
    """The request once more, only for an act whose request is not kept (an opening: it contains the key)."""

    request: Annotated[dict[str, Any] | None, Field(max_length=100)] = None


class DeclineIn(Input):
    """Why the second person does not agree."""

    reason: Annotated[str, Chars(2, 2_000)]


class ChangeOut(Output):
    """An event that the act would record, with the values before and after; ID numbers are masked."""

    event: str
    subject: str
    before: Json
    after: Json


class ProposedRequest(Output):
    """The request as it will be carried out; ID numbers are masked."""

    method: str
    path: str
    body: Json


class ApprovalOut(OfTender):
    """A proposal: the act, its article, what it would change, who proposed it and who answered.

    `request` is null and `changes` empty for an opening, whose request contains the key.
    """

    id: str
    act: Act
    article: str
    agree_roles: list[str]
    tender_id: str | None
    subject: str
    request: ProposedRequest | None
    request_sha256: str
    changes: list[ChangeOut]
    state: ApprovalState
    proposed_by: str
    proposed_role: str
    proposed_at: datetime
    expires_at: datetime
    answered_by: str | None
    answered_at: datetime | None
    reason: str | None

    @classmethod
    def of(cls, row: Approval, now: datetime) -> Self:
        """Build from its row; a pending one past its time is `expired`."""
        rule = RULES[Act(row.act)]
        kept = row.request
        asked = ProposedRequest(method=kept["method"], path=kept["path"], body=masked(kept["body"]))
        return cls(
            id=row.id,
            act=Act(row.act),
            article=rule.article,
            agree_roles=sorted(rule.agree),
            tender_id=row.tender_id,
            subject=row.subject_id,
            request=None if rule.is_secret else asked,
            request_sha256=row.request_sha256,
            changes=[ChangeOut.model_validate(one) for one in row.changes],
            state=_state(row, now),
            proposed_by=row.proposed_by,
            proposed_role=row.proposer["role"],
            proposed_at=row.created_at,
            expires_at=row.expires_at,
            answered_by=row.answered_by,
            answered_at=row.answered_at,
            reason=row.reason,
        )


def _state(row: Approval, now: datetime) -> ApprovalState:
    return "expired" if row.state == "pending" and row.expires_at <= now else cast(ApprovalState, row.state)


class Carried(Output):
    """The response to the act, as its own route gives it; a password in it is shown only here."""

    status: int
    location: str | None
    etag: str | None
    body: Json


class AgreedOut(Output):
    """The approval after the agreement, and the response to the act that was carried out with it."""

    approval: ApprovalOut
    result: Carried
