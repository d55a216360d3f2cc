"""The matrix of a tender, read with a fixed number of statements regardless of the number of bidders."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from app.bidders.organizations.registry import names_of
from app.core.facts.policy import Policy
from app.core.procedure.qualification import BidState
from app.examination.integrity.effects import OpenLeads, open_leads
from app.examination.matrix.schemas import BidInLot, Cell, Column, Label, MatrixOut, Row
from app.examination.participants.service import participants
from app.examination.screening.proposals import Newest, newest_results
from app.platform.access.masking import masked_text
from app.platform.unit_of_work import UnitOfWork
from app.tendering.bids.service import listing as bids_of
from app.tendering.tenders.service import terms_of

_OPEN_CANDIDATE = "candidate_"


def matrix_of(work: UnitOfWork, tender_id: str) -> MatrixOut:
    """Return every organization screened in a tender or bidding in it, against the requirements of its policy."""
    policy = terms_of(work, tender_id).policy
    screened = newest_results(work, tender_id)
    leads = open_leads(work, tender_id)
    bids: dict[str, list[BidInLot]] = {}
    for bid in work.session.scalars(bids_of(work, tender_id, None)):
        bids.setdefault(bid.organization_id, []).append(
            BidInLot(lot_id=bid.lot_id, bid=bid.id, state=BidState(bid.state))
        )
    bidders = sorted({*participants(work, tender_id), *screened, *bids})
    names = names_of(work, bidders)
    results = {organization: orjson.loads(newest.result) for organization, newest in screened.items()}
    rows = [
        _row(one, names.get(one, one), screened.get(one), results.get(one, {}), leads.get(one, OpenLeads()), bids)
        for one in bidders
    ]
    return MatrixOut(tender_id=tender_id, policy=policy.id, columns=_columns(policy, results.values()), rows=rows)


def _columns(policy: Policy, results: Iterable[Mapping[str, Any]]) -> list[Column]:
    """Return the policy's requirements, then those that only an earlier policy of the draft had, by id."""
    columns = [
        Column(requirement=one.id, title=Label(zh=one.title.zh, en=one.title.en), minimum=one.minimum)
        for one in policy.requirements
    ]
    known = {column.requirement for column in columns}
    answered = dict.fromkeys(one["id"] for result in results for one in result.get("requirements", ()))
    former = [one for one in answered if one not in known]
    return [*columns, *(Column(requirement=one, title=Label(zh=one, en=one), minimum=None) for one in former)]


def _row(
    organization: str,
    name: str,
    newest: Newest | None,
    result: Mapping[str, Any],
    leads: OpenLeads,
    bids: Mapping[str, Sequence[BidInLot]],
) -> Row:
    cells = [_cell(one) for one in result.get("requirements", ())]
    return Row(
        organization_id=organization,
        name=masked_text(name),
        screening=newest.screening_id if newest else None,
        verdict=newest.verdict if newest else None,
        score=result.get("score"),
        as_of=newest.as_of if newest else None,
        screened_at=newest.created_at if newest else None,
        cells=cells,
        open_leads=leads.count,
        blocking_leads=leads.blocking,
        open_candidates=_open_candidates(result),
        bids=list(bids.get(organization, ())),
    )


def _cell(answer: Mapping[str, Any]) -> Cell:
    return Cell(
        requirement=answer["id"],
        outcome=answer["outcome"],
        observed=answer["observed"],
        required=answer["required"],
        doubtful=answer["doubtful"],
        evidence=len(answer["evidence"]),
        reasons=list(dict.fromkeys(reason["code"] for reason in answer["reasons"])),
    )


def _open_candidates(result: Mapping[str, Any]) -> int:
    codes = (reason["code"] for answer in result.get("requirements", ()) for reason in answer["reasons"])
    return sum(code.startswith(_OPEN_CANDIDATE) for code in codes)
