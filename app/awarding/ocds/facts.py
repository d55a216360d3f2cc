"""What is published about a tender, loaded in a fixed number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson

from app.awarding.awards.service import listing as awards_of
from app.awarding.contracts.service import listing as contracts_of
from app.awarding.contracts.service import milestones_of
from app.awarding.results.service import announced_awards
from app.bidders.organizations.registry import Identified, identifiers_of
from app.core.facts.policy import Requirement
from app.core.procedure.tender_state import TenderState
from app.examination.consortia.service import agreed
from app.examination.consortia.service import listing as consortia_of
from app.examination.qualifications.service import listing as qualifications_of
from app.examination.screening.proposals import results_by_id
from app.platform.problems import Conflict
from app.platform.unit_of_work import UnitOfWork
from app.tendering.bids.service import BidInPlay, bids_in_play
from app.tendering.notices.service import amendments, notices
from app.tendering.remedies.service import listing as challenges_of
from app.tendering.tenders.procedure import Procedure, procedure_of
from app.tendering.tenders.service import terms_of, visible


class NotPublished(Conflict):
    """A draft or a tender that was cancelled as a draft has no public data."""

    code, title = "not_published", "The tender has not been published"
    article = "政府采购法 第十一条"


@dataclass(frozen=True, slots=True)
class Facts:
    """Public rows and values of one tender: no sealed data, no personal data.

    `bids` are empty before the opening. `answers` maps bid → requirement → the answer of the screening that its
    qualification cites. `identifiers` are names and codes by organization.
    """

    tender: Any
    procedure: Procedure
    requirements: Sequence[Requirement]
    notices: Sequence[Any]
    amendments: Sequence[Any]
    challenges: Sequence[Any]
    bids: Sequence[BidInPlay]
    consortia: Mapping[tuple[str, str], Sequence[str]]
    answers: Mapping[str, Mapping[str, Mapping[str, Any]]]
    awards: Sequence[Any]
    contracts: Sequence[tuple[Any, Sequence[Any]]]
    identifiers: Mapping[str, Identified]

    def before_opening(self) -> "Facts":
        """Return the same tender without anything that the opening made public."""
        return replace(self, bids=(), consortia={}, answers={}, awards=(), contracts=(), identifiers={})

    @property
    def announced_at(self) -> datetime | None:
        """When the first result was announced; until then bids have no published status."""
        return next((notice.created_at for notice in self.notices if notice.kind == "award_result"), None)


def facts_of(work: UnitOfWork, tender_id: str) -> Facts:
    """Load what is public about a tender. Errors: NotFound, NotPublished."""
    tender = visible(work, tender_id)
    if tender.published_at is None:
        raise NotPublished
    procedure, all_of = procedure_of(work, tender_id), work.session.scalars
    bids = _bids(work, tender, procedure)
    announced = announced_awards(work, tender_id)
    consortia = (
        {(one.lot_id, one.lead_id): one.members for one in agreed(work, consortia_of(work, tender_id))} if bids else {}
    )
    return Facts(
        tender=tender,
        procedure=procedure,
        requirements=terms_of(work, tender_id).policy.requirements,
        notices=[one for one in all_of(notices(work, tender_id)) if one.organization_id is None],
        amendments=all_of(amendments(work, tender_id)).all(),
        challenges=all_of(challenges_of(work, tender_id)).all(),
        bids=bids,
        consortia=consortia,
        answers=_answers(work, tender_id) if announced else {},
        awards=[row for row in all_of(awards_of(work, tender_id)) if row.id in announced],
        contracts=_contracts(work, tender_id) if announced else [],
        identifiers=identifiers_of(work, {bid.organization_id for bid in bids}.union(*consortia.values())),
    )


def _bids(work: UnitOfWork, tender: Any, procedure: Procedure) -> list[BidInPlay]:
    """Return the opened bids; none before the opening, nor where the tender ended without one."""
    if procedure.state is TenderState.TENDERING or (procedure.sealed and tender.opened_at is None):
        return []
    return [bid for lot in procedure.lots for bid in bids_in_play(work, lot.id)]


def _contracts(work: UnitOfWork, tender_id: str) -> list[tuple[Any, Sequence[Any]]]:
    rows = work.session.scalars(contracts_of(work).filter_by(tender_id=tender_id)).all()
    return [(row, work.session.scalars(milestones_of(row)).all()) for row in rows]


def _answers(work: UnitOfWork, tender_id: str) -> dict[str, dict[str, Mapping[str, Any]]]:
    rows = work.session.scalars(qualifications_of(work, tender_id, None)).all()
    cited = {row.bid_id: row.screening_id for row in rows if row.state in ("active", "unsuccessful")}
    results = results_by_id(work, set(cited.values()))
    return {bid: _by_requirement(results[screening]) for bid, screening in cited.items() if screening in results}


def _by_requirement(result: str) -> dict[str, Mapping[str, Any]]:
    return {answer["id"]: answer for answer in orjson.loads(result).get("requirements", ())}
